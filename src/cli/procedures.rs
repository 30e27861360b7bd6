//! `dutydesk procedures`: which procedure files are in use, and where a company puts its own.

use serde_json::json;

use super::{Format, Ran, Session, data_folder, out};
use crate::base::i18n::{Lang, Msg, Voice};
use crate::rules::procedure::{BUILT_IN, ProcedureError};
use crate::rules::ruleset::Rules;

/// 规程文件 · which procedure files are in use, their settings, and where to put your own
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Prints the built-in file of this name, to start your own from
    name: Option<String>,
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
    for (name, _) in BUILT_IN {
        let path = folder().join(format!("{name}.toml"));
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => {
                eprintln!("dutydesk: {}: {e}", path.display());
                continue;
            }
        };
        match rules.clone().with_file(name, &text) {
            Ok(replaced) => rules = replaced,
            Err(mut error) => {
                error.file = path.display().to_string();
                eprintln!("dutydesk: {}", told(&voice, &error));
            }
        }
    }
    Ok(rules)
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    if let Some(name) = &args.name {
        let known = BUILT_IN.iter().find(|(known, _)| known == name);
        let (_, text) = known.ok_or_else(|| {
            super::Trouble::Usage(
                session
                    .voice
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
        .voice
        .say(&Msg::new("cli.procedures").with("folder", folder().display().to_string())));
    for p in files {
        let title = if session.voice.lang == Lang::Zh {
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
