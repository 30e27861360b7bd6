//! `dutydesk show`: one record.

use super::{Format, Ran, Session, text};
use crate::base::i18n::{Lang, Msg};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::store::Mode;

/// 看一条记录 · a record, its deadlines, its history
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The record's number
    no: String,
    /// With the trace of every deadline, day by day, and the clauses' words
    #[arg(long)]
    why: bool,
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    let desk = session.desk(Mode::Look)?;
    let no = args.no.to_uppercase();
    let unknown = || {
        Refusal::new(
            RefusalCode::UnknownRecord,
            Msg::new("refusal.unknown_record").with("no", no.as_str()),
        )
    };
    let view = desk.view(&no)?.ok_or_else(unknown)?;
    match session.format {
        Format::Json => session.print(&session.json().view(&view, &[])),
        _ => {
            let documents = desk.documents();
            let paper = |name: &str| match (documents.find(name), session.voice().lang) {
                (Some(layout), Lang::Zh) => layout.title.clone(),
                (Some(layout), Lang::En) => layout.title_en.clone(),
                (None, _) => session.voice().text(&format!("paper.{name}")),
            };
            text::record(session, &view, &desk.rules(), &paper, args.why);
        }
    }
    Ok(0)
}
