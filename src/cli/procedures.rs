//! `dutydesk procedures`: which procedure files are in use, and where a company puts its own.

use std::io::IsTerminal;

use serde_json::json;

use super::{Format, Ran, Session, calendar, data_folder, out};
use crate::base::i18n::{Lang, Msg, Voice};
use crate::desk::Desk;
use crate::registers::procedures;
use crate::rules::procedure::{BUILT_IN, ProcedureError};
use crate::rules::ruleset::Rules;
use crate::store::Mode;

/// 规程文件 · which procedure files are in use, their settings, and where to put your own
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Prints the built-in file of this name, to start your own from
    #[arg(conflicts_with_all = ["take_up", "dry_run"])]
    name: Option<String>,
    /// Takes up the files of the folder that are not in force yet: they hold for what begins from now on
    #[arg(long)]
    take_up: bool,
    /// With --take-up: only shows which open records' due times would change
    #[arg(long, requires = "take_up")]
    dry_run: bool,
    /// With --take-up: takes them without asking
    #[arg(long, requires = "take_up", conflicts_with = "dry_run")]
    yes: bool,
}

fn folder() -> std::path::PathBuf {
    data_folder().join("procedures")
}

fn told(voice: &Voice, error: &ProcedureError) -> String {
    voice.say(
        &Msg::new("cli.procedure_refused")
            .with("file", error.file.as_str())
            .with("line", error.line)
            .with("why", error.reason.clone()),
    )
}

/// The built-in procedures with the company's files over them. A file that is wrong is told on stderr and left out.
pub(super) fn load(lang: Lang) -> Result<Rules, String> {
    let voice = Voice {
        lang,
        ..Voice::default()
    };
    let mut rules = Rules::built_in().map_err(|error| told(&voice, &error))?;
    for (name, path) in files() {
        let name = name.as_str();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => {
                eprintln!("dutydesk: {}: {e}", path.display());
                continue;
            }
        };
        match procedures::with_file(&rules, name, &text) {
            Ok(replaced) => rules = replaced,
            Err(mut error) => {
                error.file = path.display().to_string();
                eprintln!("dutydesk: {}", told(&voice, &error));
            }
        }
    }
    Ok(rules)
}

/// The built-in names first, so that a company's procedure may speak of roles of its own site file; then what else the
/// folder holds, by name.
fn files() -> Vec<(String, std::path::PathBuf)> {
    let path = |name: &str| folder().join(format!("{name}.toml"));
    let mut files: Vec<(String, std::path::PathBuf)> = BUILT_IN
        .iter()
        .map(|(name, _)| ((*name).to_owned(), path(name)))
        .collect();
    let mut own: Vec<String> = std::fs::read_dir(folder())
        .into_iter()
        .flatten()
        .filter_map(|file| file.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".toml").map(str::to_owned))
        .filter(|name| !BUILT_IN.iter().any(|(known, _)| known == name))
        .collect();
    own.sort();
    files.extend(own.into_iter().map(|name| (name.clone(), path(&name))));
    files
}

/// Shows what the files of the folder would change, and takes them up.
fn take_up(session: &Session, args: &Args) -> Ran {
    let mode = if args.dry_run {
        Mode::Look
    } else {
        Mode::Create
    };
    let mut desk = session.quiet_desk(mode)?;
    let offered = desk.offered();
    let names: Vec<&str> = offered.procedures.keys().map(String::as_str).collect();
    let changes = desk.due_changes(&offered, session.now())?;
    if session.format != Format::Json && !offered.is_empty() {
        calendar::tell(session, &changes);
    }
    let wanted = !offered.is_empty() && !args.dry_run;
    // Where nobody can be asked, the rules stay as they are.
    let agreed = || std::io::stdin().is_terminal() && calendar::asked(session);
    let take = wanted && (args.yes || agreed());
    if take {
        let who = session.operator(&desk)?;
        let told = Msg::new("cli.procedures_log")
            .with("names", names.join("、"))
            .with("n", changes.len());
        desk.take_up(&offered, &told, &who, session.now())?;
    }
    if session.format == Format::Json {
        let changes: Vec<_> = changes
            .iter()
            .map(|c| calendar::change_json(session, c))
            .collect();
        session.print(&json!({"taken": take, "files": names, "changes": changes}));
    } else {
        let key = match (offered.is_empty(), take) {
            (true, _) => "cli.procedures_none",
            (false, true) => "cli.procedures_taken",
            (false, false) => "cli.procedures_not_taken",
        };
        out(&session
            .voice()
            .say(&Msg::new(key).with("names", names.join("、"))));
    }
    Ok(0)
}

/// Tells on stderr that files of the folder are not in force in this file yet.
pub(super) fn remind(session: &Session, desk: &Desk) {
    let offered = desk.offered();
    if !offered.is_empty() {
        let names: Vec<&str> = offered.procedures.keys().map(String::as_str).collect();
        let message = Msg::new("cli.procedures_waiting").with("names", names.join("、"));
        eprintln!("dutydesk: {}", session.voice().say(&message));
    }
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    if args.take_up {
        return take_up(session, args);
    }
    if let Some(name) = &args.name {
        let known = BUILT_IN.iter().find(|(known, _)| known == name);
        let (_, text) = known.ok_or_else(|| {
            super::Trouble::Usage(
                session
                    .voice()
                    .say(&Msg::new("procedure.unknown_file").with("name", name.as_str())),
            )
        })?;
        out(text);
        return Ok(0);
    }
    let files: Vec<_> = session.rules.procedures().collect();
    if session.format == Format::Json {
        let list: Vec<_> = files
            .iter()
            .map(|p| json!({"name": p.name, "version": p.version, "title": p.title}))
            .collect();
        session.print(&json!({"folder": folder().display().to_string(), "procedures": list}));
        return Ok(0);
    }
    out(&session
        .voice()
        .say(&Msg::new("cli.procedures").with("folder", folder().display().to_string())));
    for p in files {
        let title = if session.voice().lang == Lang::Zh {
            &p.title
        } else {
            &p.title_en
        };
        out(&format!("{:<12} {:<12} {title}", p.name, p.version));
        for (key, value) in &p.settings {
            out(&format!("    {key} = {}", value.get_ref()));
        }
    }
    Ok(0)
}
