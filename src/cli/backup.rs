//! `dutydesk backup`: a copy of the file.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::stop::Stop;
use super::{Format, Ran, Session, out};
use crate::base::i18n::{Arg, Msg};
use crate::base::progress::Progress;
use crate::desk::Desk;
use crate::desk::backup::{Copied, Made, Place, Proof, Second, State};
use crate::store::Mode;

/// 备份 · a whole copy of the file, proved before it gets its name; without FILE, the copy of the day
///
/// The copy of the day goes into the backup folder beside the file and, when it is there, to the second place (a
/// stick); older ones are dropped as the settings of the site say.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where the copy goes; it is never overwritten
    to: Option<PathBuf>,
    /// Only tells when and where copies were made
    #[arg(long, conflicts_with = "to")]
    state: bool,
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    let desk = session.desk(Mode::Existing)?;
    match &args.to {
        _ if args.state => state(session, &desk),
        Some(to) => one(session, &desk, to),
        None => rotate(session, &desk),
    }
}

/// Shows how far a copy is; Ctrl-C stops it.
pub(super) fn watch<'a>(
    bar: &'a ProgressBar,
    stop: &'a Stop,
) -> impl FnMut(Progress) -> ControlFlow<()> + 'a {
    move |Progress { done, all }| {
        bar.set_length(all.unwrap_or(done));
        bar.set_position(done);
        match stop.asked() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}

fn stopped(session: &Session) -> u8 {
    eprintln!("dutydesk: {}", session.voice().text("backup.stopped"));
    if session.format == Format::Json {
        session.print(&json!({"backup": null, "cancelled": true}));
    }
    1
}

fn one(session: &Session, desk: &Desk, to: &Path) -> Ran {
    let stop = Stop::listen();
    let bar = super::demo::bar(&session.voice(), "backup.copying");
    let made = desk.backup(to, &mut watch(&bar, &stop));
    bar.finish_and_clear();
    let Some(proof) = made? else {
        return Ok(stopped(session));
    };
    if session.format == Format::Json {
        let mut answer = proof_json(session, &proof);
        answer["backup"] = shown(to);
        session.print(&answer);
    } else {
        out(&session.voice().say(&done(session, to, &proof)));
    }
    Ok(0)
}

fn rotate(session: &Session, desk: &Desk) -> Ran {
    let stop = Stop::listen();
    let bar = super::demo::bar(&session.voice(), "backup.copying");
    let made = desk.back_up(session.now(), &mut watch(&bar, &stop));
    bar.finish_and_clear();
    let Some(made) = made? else {
        return Ok(stopped(session));
    };
    if let Second::Failed(trouble) = &made.second {
        let trouble = crate::desk::Error::File(trouble.clone());
        eprintln!("dutydesk: {}", trouble.message(&session.voice()));
    }
    match session.format {
        Format::Json => session.print(&made_json(session, &made)),
        _ => tell(session, &made),
    }
    Ok(u8::from(matches!(
        made.second,
        Second::Failed(_) | Second::Stopped
    )))
}

fn tell(session: &Session, made: &Made) {
    let voice = &session.voice();
    out(&voice.say(&done(session, &made.file, &made.proof)));
    let second = |key: &str, path: &Path| {
        out(&voice.say(&Msg::new(key).with("path", path.display().to_string())));
    };
    match &made.second {
        Second::Copied(path) => second("backup.second_copied", path),
        Second::Absent(path) => second("backup.second_absent", path),
        Second::Unset | Second::Failed(_) => {}
        Second::Stopped => out(&voice.text("backup.second_stopped")),
    }
    let list = |paths: &[PathBuf]| {
        let names = paths
            .iter()
            .map(|path| Arg::from(path.display().to_string()));
        Arg::List(names.collect())
    };
    for (key, paths) in [
        ("backup.dropped", &made.dropped),
        ("backup.spared", &made.spared),
    ] {
        if !paths.is_empty() {
            let message = Msg::new(key).with("n", paths.len());
            out(&voice.say(&message.with("paths", list(paths))));
        }
    }
}

fn done(session: &Session, to: &Path, proof: &Proof) -> Msg {
    Msg::new("backup.done")
        .with("path", to.display().to_string())
        .with("entries", proof.entries)
        .with("records", records_words(session, proof))
}

/// `12 条维修、3 条投诉`; how many records each register holds.
pub(super) fn records_words(session: &Session, proof: &Proof) -> String {
    let voice = &session.voice();
    let each = proof.records.iter().map(|(code, n)| {
        let message = Msg::new("backup.records")
            .with_key("register", format!("register.{code}"))
            .with("n", i64::try_from(*n).unwrap_or(i64::MAX));
        voice.say(&message)
    });
    match proof.records.is_empty() {
        true => voice.text("backup.no_records"),
        false => each.collect::<Vec<_>>().join(&voice.text("punct.list")),
    }
}

fn shown(path: &Path) -> Value {
    path.display().to_string().into()
}

/// What a copy holds, for scripts.
pub(super) fn proof_json(session: &Session, proof: &Proof) -> Value {
    let records: serde_json::Map<String, Value> = proof
        .records
        .iter()
        .map(|(code, n)| (code.clone(), Value::from(*n)))
        .collect();
    json!({
        "entries": proof.entries, "head": proof.head.hex(), "records": records, "bytes": proof.bytes,
        "last": proof.last.map(|at| session.rules.zone().rfc3339(at)),
        "stale": proof.stale.iter().map(|finding| session.voice().say(finding)).collect::<Vec<_>>(),
    })
}

fn made_json(session: &Session, made: &Made) -> Value {
    let paths = |paths: &[PathBuf]| paths.iter().map(|path| shown(path)).collect::<Vec<_>>();
    let second = match &made.second {
        Second::Unset => Value::Null,
        Second::Absent(folder) => json!({"folder": shown(folder), "present": false}),
        Second::Copied(file) => json!({"file": shown(file), "present": true}),
        Second::Failed(trouble) => json!({
            "file": shown(&trouble.path), "present": true, "why": session.voice().say(&trouble.reason),
        }),
        Second::Stopped => json!({"present": true, "cancelled": true}),
    };
    let mut answer = proof_json(session, &made.proof);
    answer["backup"] = shown(&made.file);
    answer["dropped"] = paths(&made.dropped).into();
    answer["spared"] = paths(&made.spared).into();
    answer["second"] = second;
    answer
}

fn state(session: &Session, desk: &Desk) -> Ran {
    let state = desk.backup_state(session.now())?;
    match session.format {
        Format::Json => session.print(&state_json(session, &state)),
        _ => tell_state(session, &state),
    }
    Ok(0)
}

fn tell_state(session: &Session, state: &State) {
    let voice = &session.voice();
    out(&state.line(voice, session.now()));
    let folder = Msg::new("backup.folder")
        .with("path", state.plan.folder.display().to_string())
        .with("n", state.copies.len())
        .with("daily", state.plan.daily)
        .with("monthly", state.plan.monthly);
    out(&voice.say(&folder));
    for (name, _, bytes) in &state.copies {
        out(&format!("  {name}  {} KB", bytes.div_ceil(1024)));
    }
    let Some(second) = &state.plan.second else {
        return out(&voice.text("backup.second_unset"));
    };
    let place = |key: &str| Msg::new(key).with("path", second.display().to_string());
    match &state.place {
        Place::Unset | Place::Present(None) => out(&voice.say(&place("backup.second_there"))),
        Place::Absent => out(&voice.say(&place("backup.second_absent"))),
        Place::Present(Some(why)) => {
            out(&voice.say(&place("backup.second_failed").with("why", why.clone())));
        }
    }
    if let Some(last) = &state.second {
        let message = Msg::new("backup.second_last")
            .with("at", last.at)
            .with("path", last.file.display().to_string());
        out(&voice.say(&message));
    }
}

fn state_json(session: &Session, state: &State) -> Value {
    let copied = |copied: &Option<Copied>| {
        copied.as_ref().map(|copied| {
            json!({
                "at": session.rules.zone().rfc3339(copied.at), "file": shown(&copied.file),
                "entries": copied.entries, "bytes": copied.bytes,
            })
        })
    };
    let why = match &state.place {
        Place::Present(Some(why)) => Some(session.voice().say(why)),
        _ => None,
    };
    let second = state.plan.second.as_ref().map(|folder| {
        json!({
            "folder": shown(folder), "present": matches!(state.place, Place::Present(_)),
            "last": copied(&state.second), "why": why,
        })
    });
    let copies: Vec<Value> = state
        .copies
        .iter()
        .map(|(name, day, bytes)| json!({"file": name, "day": day.to_string(), "bytes": bytes}))
        .collect();
    json!({
        "folder": shown(&state.plan.folder), "today": state.today, "last": copied(&state.last),
        "daily": state.plan.daily, "monthly": state.plan.monthly, "copies": copies, "second": second,
    })
}
