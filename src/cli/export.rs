//! `dutydesk list … --out FILE`: the list into a file.

use std::ops::ControlFlow;
use std::path::Path;

use serde_json::json;

use super::stop::Stop;
use super::{Format, Ran, Session, Trouble, list, out};
use crate::base::i18n::{Arg, Msg};
use crate::base::progress::Progress;
use crate::desk::Desk;
use crate::desk::view::ListQuery;
use crate::export::{Columns, Exported, Wanted, write};
use crate::registers::register;
use crate::tables;

fn named(format: Format) -> String {
    format!("{format:?}").to_lowercase()
}

/// `--format xlsx` with a command that writes no file.
pub(super) fn only_list(session: &Session) -> String {
    let message = Msg::new("export.only_list").with("format", named(session.format));
    session.voice().say(&message)
}

/// `--format xlsx` without a file to write.
pub(super) fn needs_out(session: &Session) -> Trouble {
    let message = Msg::new("export.needs_out").with("format", named(session.format));
    Trouble::Usage(session.voice().say(&message))
}

/// The format asked for: by the option; where that is left open or means the answer's own shape, by the name.
fn format(session: &Session, path: &Path) -> Result<tables::Format, Trouble> {
    let by_name = tables::Format::of(path);
    match session.format {
        Format::Xlsx => Ok(tables::Format::Xlsx),
        Format::Jsonl => Ok(tables::Format::JsonLines),
        Format::Csv => Ok(tables::Format::Csv),
        // With `--format json` a workbook can be asked for by its name, and the answer is still JSON.
        Format::Json => Ok(by_name.unwrap_or(tables::Format::Json)),
        Format::Text => by_name.ok_or_else(|| {
            let why = session.voice().text("export.no_format");
            Trouble::Usage(format!("--out {}: {why}", path.display()))
        }),
    }
}

fn columns(session: &Session, args: &list::Args) -> Result<Columns, Trouble> {
    if args.full {
        return Ok(Columns::Full);
    }
    let keys: Vec<String> = args
        .columns
        .iter()
        .map(|key| key.trim().to_owned())
        .collect();
    let Some(register) = register(&args.register) else {
        return Ok(Columns::Screen(keys));
    };
    if let Some(key) = keys.iter().find(|key| !tables::list::knows(register, key)) {
        let known = register
            .fields()
            .into_iter()
            .map(|field| Arg::from(field.key));
        let message = Msg::new("export.unknown_column")
            .with("key", key.as_str())
            .with("known", Arg::List(known.collect()));
        return Err(Trouble::Usage(session.voice().say(&message)));
    }
    Ok(Columns::Screen(keys))
}

pub(super) fn run(
    session: &Session,
    desk: &Desk,
    query: &ListQuery,
    args: &list::Args,
    path: &Path,
) -> Ran {
    let wanted = Wanted {
        query,
        columns: columns(session, args)?,
        format: format(session, path)?,
        path,
        replace: args.replace,
        mask: args.mask,
        voice: session.voice(),
        now: session.now(),
    };
    let stop = Stop::listen();
    let bar = super::demo::bar(&session.voice(), "export.writing");
    let went = write(desk, &wanted, &mut |Progress { done, all }| {
        bar.set_length(all.unwrap_or(done));
        bar.set_position(done);
        if stop.asked() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    bar.finish_and_clear();
    let shown = path.display().to_string();
    match went? {
        Exported::Done(n) => {
            if session.format == Format::Json {
                session.print(&json!({"file": shown, "records": n}));
            } else {
                let message = Msg::new("export.done")
                    .with("n", i64::try_from(n).unwrap_or(i64::MAX))
                    .with("path", shown);
                out(&session.voice().say(&message));
            }
            Ok(0)
        }
        Exported::Cancelled => {
            let message = Msg::new("export.cancelled").with("path", shown.as_str());
            eprintln!("dutydesk: {}", session.voice().say(&message));
            if session.format == Format::Json {
                session.print(&json!({"file": shown, "cancelled": true}));
            }
            Ok(1)
        }
    }
}
