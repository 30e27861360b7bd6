//! `dutydesk calendar`: the public holidays and make-up workdays in use.

use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Format, Ran, Session, Trouble, input, out};
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::desk::rulebook::DueChange;
use crate::registers::label;
use crate::rules::calendar::{Calendar, Exception};
use crate::store::Mode;

/// 放假安排 · public holidays and 调休 make-up workdays
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 导入放假安排 · takes a newer list and first shows which open records' due times change
    Import {
        /// CSV with the header date,kind,name; kind is off or work
        list: PathBuf,
        /// Takes it without asking
        #[arg(long)]
        yes: bool,
        /// Only shows what would change
        #[arg(long, conflicts_with = "yes")]
        dry_run: bool,
    },
    /// 查看 · the days of a year that differ from the week
    Show {
        /// The year; without it, the years that are published
        year: Option<i32>,
    },
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    match &args.command {
        Command::Import { list, yes, dry_run } => import(session, list, *yes, *dry_run),
        Command::Show { year } => show(session, *year),
    }
}

fn read(session: &Session, path: &Path) -> Result<Calendar, Trouble> {
    Calendar::parse(&input::text(path)?).map_err(|error| {
        let message = Msg::new("cli.calendar_refused")
            .with("path", path.display().to_string())
            .with("line", error.line)
            .with("why", session.voice().say(&error.reason));
        Refusal::new(RefusalCode::BadValue, message)
            .field("file")
            .into()
    })
}

fn import(session: &Session, list: &Path, yes: bool, dry_run: bool) -> Ran {
    let newer = read(session, list)?;
    let mut desk = session.desk(if dry_run { Mode::Look } else { Mode::Create })?;
    let taken = desk.newer_list(&newer);
    let changes = desk.due_changes(&taken, session.now())?;
    if session.format != Format::Json {
        tell(session, &changes);
    }
    // Nothing is asked when nobody is there to answer: without a terminal the list is taken, as a script means it.
    let take = !dry_run && (yes || !std::io::stdin().is_terminal() || asked(session));
    if take {
        let who = session.operator(&desk)?;
        let told = Msg::new("cli.calendar_log")
            .with("years", years(&newer))
            .with(
                "fingerprint",
                newer.fingerprint().get(..16).unwrap_or_default(),
            )
            .with("n", changes.len());
        desk.take_up(&taken, &told, &who, session.now())?;
    }
    let print = newer.fingerprint();
    if session.format == Format::Json {
        let changes: Vec<Value> = changes
            .iter()
            .map(|change| change_json(session, change))
            .collect();
        session.print(&json!({"taken": take, "years": years(&newer), "fingerprint": print, "changes": changes}));
    } else {
        let done = Msg::new(if take {
            "cli.calendar_taken"
        } else {
            "cli.calendar_not_taken"
        });
        out(&session
            .voice()
            .say(&done.with("years", years(&newer)).with("fingerprint", print)));
    }
    Ok(0)
}

/// The years of a list in words.
fn years(calendar: &Calendar) -> String {
    let years: Vec<i32> = calendar.years().collect();
    match (years.first(), years.last()) {
        (Some(first), Some(last)) if first != last => format!("{first}–{last}"),
        (Some(first), _) => first.to_string(),
        _ => String::new(),
    }
}

pub(super) fn change_json(session: &Session, change: &DueChange) -> Value {
    let at = |at: Option<_>| at.map(|at| session.rules.zone().rfc3339(at));
    json!({"no": change.no, "code": change.code, "old": at(change.old), "new": at(change.new)})
}

pub(super) fn tell(session: &Session, changes: &[DueChange]) {
    let voice = &session.voice();
    let key = if changes.is_empty() {
        "cli.calendar_none"
    } else {
        "cli.calendar_changes"
    };
    out(&voice.say(&Msg::new(key).with("n", changes.len())));
    let at = |at: Option<_>| at.map_or_else(|| "–".to_owned(), |at| voice.at(at));
    for change in changes {
        let line = Msg::new("cli.calendar_change")
            .with("no", change.no.as_str())
            .with("duty", label::duty(voice, change.register, &change.code))
            .with("old", at(change.old))
            .with("new", at(change.new));
        out(&voice.say(&line));
    }
}

pub(super) fn asked(session: &Session) -> bool {
    eprint!("{}", session.voice().text("cli.calendar_ask"));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "是")
}

fn show(session: &Session, year: Option<i32>) -> Ran {
    let desk = session.desk(Mode::Look)?;
    let rules = desk.rules();
    let calendar = &rules.calendar;
    let Some(year) = year else {
        let published: Vec<i32> = calendar.years().collect();
        match session.format {
            Format::Json => {
                session.print(&json!({"years": published, "fingerprint": calendar.fingerprint()}))
            }
            _ => out(&format!("{} {}", years(calendar), calendar.fingerprint())),
        }
        return Ok(0);
    };
    let code = |kind| {
        if kind == Exception::Off {
            "off"
        } else {
            "work"
        }
    };
    let days: Vec<Value> = calendar
        .exceptions(year)
        .map(|(date, kind, name)| json!({"date": date.to_string(), "kind": code(kind), "name": name}))
        .collect();
    match session.format {
        Format::Json => session
            .print(&json!({"year": year, "published": calendar.published(year), "days": days})),
        _ => {
            for (date, _, _) in calendar.exceptions(year) {
                out(&format!(
                    "{} {}",
                    session.voice().day(date),
                    session.voice().say(&calendar.kind(date).why())
                ));
            }
            if !calendar.published(year) {
                out(&session
                    .voice()
                    .say(&Msg::new("trace.unpublished").with("year", i64::from(year))));
            }
        }
    }
    Ok(0)
}
