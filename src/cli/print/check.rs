//! `dutydesk print NO --check CODE`: is the paper in my hand ours, and still good?

use serde_json::json;

use super::super::{Format, Ran, Session, out};
use super::list::told;
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::documents::facts::Facts;
use crate::documents::issue::changed;
use crate::store::Mode;

pub(super) fn run(session: &Session, no: &str, code: &str) -> Ran {
    let desk = session.desk(Mode::Look)?;
    let view = desk.view(no)?.ok_or_else(|| {
        Refusal::new(
            RefusalCode::UnknownRecord,
            Msg::new("refusal.unknown_record").with("no", no),
        )
    })?;
    let wanted = normal(code);
    let papers = &view.record.head.papers;
    let Some(paper) = papers
        .iter()
        .find(|paper| !paper.check.is_empty() && normal(&paper.check) == wanted)
    else {
        let message = Msg::new("print.code_unknown")
            .with("no", no)
            .with("check", code);
        return Err(Refusal::new(RefusalCode::BadValue, message)
            .field("check")
            .into());
    };
    let rules = desk.rules();
    let facts = Facts::of(&view, &rules);
    let changes = changed(paper, &facts);
    // A later version takes the place of an earlier one even when no fact of it has changed.
    let last = papers
        .iter()
        .filter(|p| p.name == paper.name && p.of == paper.of)
        .all(|p| p.version <= paper.version);
    let good =
        changes.is_empty() && last && !paper.outdated && view.record.head.void_reason.is_none();
    let documents = desk.documents();
    let title = documents
        .find(&paper.name)
        .map_or(paper.name.as_str(), |layout| layout.title.as_str());
    let message = Msg::new(if good {
        "print.code_good"
    } else {
        "print.code_old"
    })
    .with("check", paper.check.as_str())
    .with("no", no)
    .with("paper", title)
    .with("version", i64::from(paper.version))
    .with("at", paper.issued);
    if session.format == Format::Json {
        let changed: Vec<_> = changes
            .iter()
            .map(|c| json!({"fact": c.label, "was": c.was, "now": c.now}))
            .collect();
        session.print(&json!({"no": no, "document": paper.name, "version": paper.version, "check": paper.check, "good": good, "said": paper.said, "changed": changed}));
    } else {
        out(&session.voice().say(&message));
        for change in &changes {
            out(&format!("  {}", session.voice().say(&told(change))));
        }
    }
    Ok(u8::from(!good))
}

/// As typed by hand: small letters, O for 0, I and L for 1, without the dash.
fn normal(code: &str) -> String {
    let letters = code.chars().filter(|c| c.is_ascii_alphanumeric());
    letters
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect()
}
