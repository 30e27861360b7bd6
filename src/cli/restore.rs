//! `dutydesk restore`: a copy takes the file's place.

use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;

use serde_json::{Value, json};

use super::backup::{proof_json, records_words, watch};
use super::stop::Stop;
use super::{Format, Ran, Session, out};
use crate::base::i18n::Msg;
use crate::desk::backup::restore::{Beyond, Present, Report, Restore, Restored};

/// 恢复 · puts a proved copy in the file's place; what stood there is kept beside it
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The copy
    copy: PathBuf,
    /// Without asking
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    let to = session.path();
    let restore = Restore {
        copy: &args.copy,
        to: &to,
        rules: &session.rules,
        now: session.now(),
    };
    let stop = Stop::listen();
    let bar = super::demo::bar(&session.voice(), "cli.checking");
    let look = restore.look(&mut watch(&bar, &stop));
    bar.finish_and_clear();
    let Some(report) = look? else {
        return Ok(stopped(session));
    };
    if session.format != Format::Json {
        tell(session, &report, args);
    }
    if !args.yes && !std::io::stdin().is_terminal() {
        let why = session.voice().text("backup.needs_yes");
        eprintln!("dutydesk: {why}");
        answer(session, &report, None);
        return Ok(1);
    }
    let taken = restore.take(&report)?;
    if !args.yes && !asked(session) {
        eprintln!("dutydesk: {}", session.voice().text("backup.not_restored"));
        answer(session, &report, None);
        return Ok(1);
    }
    let bar = super::demo::bar(&session.voice(), "backup.restoring");
    let put = restore.put(&report, taken, &mut watch(&bar, &stop));
    bar.finish_and_clear();
    let Some(restored) = put? else {
        return Ok(stopped(session));
    };
    done(session, &to, &restored);
    answer(session, &report, Some(&restored));
    Ok(0)
}

fn stopped(session: &Session) -> u8 {
    eprintln!("dutydesk: {}", session.voice().text("backup.not_restored"));
    if session.format == Format::Json {
        session.print(&json!({"restored": false, "cancelled": true}));
    }
    1
}

fn asked(session: &Session) -> bool {
    eprint!("{}", session.voice().text("backup.ask"));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "是")
}

/// What the copy holds, and what would be gone from the place.
fn tell(session: &Session, report: &Report, args: &Args) {
    let voice = &session.voice();
    let copy = &report.copy;
    let message = Msg::new("backup.copy_holds")
        .with("path", args.copy.display().to_string())
        .with("entries", copy.entries)
        .with("records", records_words(session, copy));
    out(&voice.say(&message));
    if let Some(last) = copy.last {
        out(&voice.say(&Msg::new("backup.copy_last").with("at", last)));
    }
    if !copy.stale.is_empty() {
        out(&voice.say(&Msg::new("backup.copy_stale").with("n", copy.stale.len())));
    }
    match &report.present {
        Present::Nothing => out(&voice.text("backup.present_none")),
        Present::Damaged(trouble) => {
            out(&voice.say(&Msg::new("backup.present_damaged").with("why", trouble.reason.clone())));
        }
        Present::Whole { lost, gained, .. } => {
            let key = if lost.entries == 0 {
                "backup.present_same"
            } else {
                "backup.present_lost"
            };
            out(&voice.say(&counted(key, lost)));
            if gained.entries > 0 {
                out(&voice.say(&counted("backup.present_gained", gained)));
            }
        }
    }
}

fn counted(key: &str, beyond: &Beyond) -> Msg {
    let mut numbers = beyond.numbers.join(" ");
    if usize::try_from(beyond.records).unwrap_or(0) > beyond.numbers.len() {
        numbers.push_str(" …");
    }
    Msg::new(key)
        .with("entries", beyond.entries)
        .with("records", beyond.records)
        .with("numbers", numbers)
}

fn done(session: &Session, to: &std::path::Path, restored: &Restored) {
    if session.format == Format::Json {
        return;
    }
    let message = Msg::new("backup.restored")
        .with("path", to.display().to_string())
        .with("entries", restored.proof.entries);
    out(&session.voice().say(&message));
    if let Some(former) = &restored.former {
        out(&session
            .voice()
            .say(&Msg::new("backup.former").with("path", former.display().to_string())));
    }
}

fn beyond_json(beyond: &Beyond) -> Value {
    json!({"entries": beyond.entries, "records": beyond.records, "numbers": beyond.numbers})
}

fn answer(session: &Session, report: &Report, restored: Option<&Restored>) {
    if session.format != Format::Json {
        return;
    }
    let present = match &report.present {
        Present::Nothing => json!({"state": "none"}),
        Present::Damaged(trouble) => {
            json!({"state": "damaged", "why": session.voice().say(&trouble.reason)})
        }
        Present::Whole {
            proof,
            common,
            lost,
            gained,
        } => json!({
            "state": "whole", "entries": proof.entries, "common": common,
            "lost": beyond_json(lost), "gained": beyond_json(gained),
        }),
    };
    let former = restored.and_then(|restored| restored.former.as_ref());
    session.print(&json!({
        "restored": restored.is_some(),
        "copy": proof_json(session, &report.copy),
        "present": present,
        "former": former.map(|path| path.display().to_string()),
    }));
}
