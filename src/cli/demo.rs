//! `dutydesk demo`: a file like a real building's year.

use std::io::IsTerminal;
use std::path::Path;

use serde_json::json;

use super::{Format, Ran, Session, Trouble, data_folder};
use crate::base::i18n::{Msg, Voice};
use crate::demo::{Recipe, fill};
use crate::desk::{Desk, Error};
use crate::store::{FileTrouble, Mode};

/// What marks a file as a demo: records, seed and the moment it was told from.
const MEMO: &str = "demo";
/// The mark of a demo whose filling was broken off.
const UNFINISHED: &str = "unfinished";

/// 演示 · fills a fresh file with a building's year and opens it; never touches the real register
///
/// The same seed gives the same data within the same quarter of an hour, or with the same --now.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Records, nearly: the log lines that outages write by themselves are reckoned in
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    records: u32,
    /// Another seed, another building's year
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only fills
    #[arg(long)]
    no_open: bool,
}

/// A progress bar on stderr; hidden when stderr is no terminal.
pub(super) fn bar(voice: &Voice, key: &str) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {eta}");
    let bar = indicatif::ProgressBar::new(0).with_message(voice.text(key));
    match style {
        Ok(style) => bar.with_style(style.progress_chars("█▌░")),
        Err(_) => bar,
    }
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    let path = session
        .file
        .clone()
        .unwrap_or_else(|| data_folder().join("demo.db"));
    if !is_demo(session, &path)? {
        make(session, args, &path)?;
    } else {
        tell(session, "demo.again", &path);
        if session.format == Format::Json {
            report(session, &path, None)?;
        }
    }
    if args.no_open {
        return Ok(0);
    }
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        tell(session, "demo.not_opened", &path);
        return Ok(0);
    }
    super::open::desk(session, path)
}

/// Whether the file is a demo already; one with other records, or half a demo, is left alone.
fn is_demo(session: &Session, path: &Path) -> Result<bool, Trouble> {
    if !path.exists() {
        return Ok(false);
    }
    let desk = super::opened(path, Mode::Existing, session.rules.clone(), session.voice())?;
    let why = match (desk.memo(MEMO)?.as_deref(), records(&desk)?) {
        (_, 0) => return Ok(false),
        (Some(UNFINISHED), _) => "demo.unfinished",
        (Some(_), _) => return Ok(true),
        (None, _) => "demo.has_records",
    };
    Err(Trouble::Desk(Error::File(FileTrouble {
        path: path.to_owned(),
        reason: Msg::new(why),
    })))
}

fn records(desk: &Desk) -> Result<u64, Trouble> {
    Ok(desk.tally()?.into_iter().map(|(_, _, n)| n).sum())
}

fn make(session: &Session, args: &Args, path: &Path) -> Result<(), Trouble> {
    let mut desk = Desk::open(path, Mode::Create, session.rules.clone())?;
    desk.set_memo(MEMO, UNFINISHED)?;
    let recipe = Recipe {
        records: args.records,
        seed: args.seed,
        now: session.now(),
        zone: session.voice().zone,
    };
    let bar = bar(&session.voice(), "demo.filling");
    let begun = std::time::Instant::now();
    fill(&mut desk, &recipe, |told, all| {
        bar.set_length(all);
        bar.set_position(told);
    })?;
    bar.finish_and_clear();
    let anchor = session.voice().zone.rfc3339(recipe.anchor());
    desk.set_memo(MEMO, &format!("{}/{}/{anchor}", args.records, args.seed))?;
    drop(desk);
    report(session, path, Some(begun.elapsed()))
}

fn report(
    session: &Session,
    path: &Path,
    made: Option<std::time::Duration>,
) -> Result<(), Trouble> {
    let desk = Desk::open(path, Mode::Existing, session.rules.clone())?;
    let records = records(&desk)?;
    let entries = desk.entries()?;
    let mut answer =
        json!({"file": path.display().to_string(), "records": records, "entries": entries});
    if let (Some(took), Some(answer)) = (made, answer.as_object_mut()) {
        let ms = took.as_millis();
        answer.insert(
            "seconds".into(),
            format!("{}.{:03}", ms / 1000, ms % 1000).into(),
        );
    }
    match session.format {
        Format::Json => session.print(&answer),
        _ => {
            let done = Msg::new("demo.done")
                .with("path", path.display().to_string())
                .with("records", records as i64)
                .with("entries", entries);
            super::out(&session.voice().say(&done));
        }
    }
    Ok(())
}

fn tell(session: &Session, key: &str, path: &Path) {
    let words = Msg::new(key).with("path", path.display().to_string());
    eprintln!("dutydesk: {}", session.voice().say(&words));
}
