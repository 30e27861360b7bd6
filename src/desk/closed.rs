//! Closed months: what belongs to a sealed month is never changed any more. A later finding goes into the month it is
//! entered in and names the one it belongs to.

use serde_json::Value;

use super::Result;
use super::act::Source;
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::{Instant, Month};
use crate::record::head::{AnyRecord, Decision};
use crate::record::request::RawAct;
use crate::rules::ruleset::Rules;

/// The key of [`crate::record::entry::Entry::found`] that names the sealed month an entry belongs to.
pub const CLOSED_MONTH: &str = "closed_month";

/// Actions whose warning a person should see; the ordinary steps of a record that is still open only carry the mark.
const TOLD: &[&str] = &["amend", "void", "correct", "void_bill"];

/// Marks what belongs to a sealed month in the decision.
///
/// # Errors
/// `not_now` when the act lies in a sealed month and nobody has said why it comes so late; only for what a person does
/// (`asked`), not for what follows of itself.
pub(super) fn check(
    act: &RawAct,
    record: Option<&AnyRecord>,
    rules: &Rules,
    asked: bool,
    source: &impl Source,
    decision: &mut Decision,
) -> Result<()> {
    let zone = rules.zone();
    let present = zone.month(act.envelope.entered);
    // Mostly all of them lie in one month.
    let mut known: Vec<(Month, bool)> = Vec::new();
    let mut closed = |at: Option<Instant>| -> Result<Option<Month>> {
        let Some(month) = at.map(|at| zone.month(at)) else {
            return Ok(None);
        };
        let sealed = match known.iter().find(|(of, _)| *of == month) {
            Some((_, sealed)) => *sealed,
            None => source.sealed(&month.to_string())?,
        };
        known.push((month, sealed));
        Ok(sealed.then_some(month))
    };
    let own = closed(record.map(|record| record.head.received))?;
    let envelope = &act.envelope;
    let changed = |key: &str| {
        let at = decision.found.get("changes")?.get(key)?.clone();
        serde_json::from_value(at).ok()
    };
    let mut lies: Option<(&str, Month)> = None;
    for (field, at) in [
        ("received", changed("received")),
        ("at", changed("at")),
        ("received", Some(envelope.received)),
        ("at", Some(envelope.at)),
    ] {
        if let Some(month) = closed(at)?.filter(|_| lies.is_none()) {
            lies = Some((field, month));
        }
    }
    let explained = envelope.note.is_some()
        || (act.spec.name == "amend" && act.data.get("reason").is_some_and(Value::is_string));
    if let Some((field, month)) = lies.filter(|_| asked && !explained) {
        let message = Msg::new("archive.closed").with("month", month.to_string());
        return Err(Refusal::new(RefusalCode::NotNow, message)
            .field(field)
            .into());
    }
    let Some(month) = own.or(lies.map(|(_, month)| month)) else {
        return Ok(());
    };
    decision
        .found
        .insert(CLOSED_MONTH.to_owned(), Value::String(month.to_string()));
    if asked && (lies.is_some() || TOLD.contains(&act.spec.name)) {
        decision.warnings.push(
            Msg::new("archive.goes_into")
                .with("month", month.to_string())
                .with("present", present.to_string()),
        );
    }
    Ok(())
}
