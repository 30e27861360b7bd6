//! Closed months: what belongs to a sealed month is never changed any more. A later finding goes into the month it is
//! entered in and names the one it belongs to.

use serde_json::Value;

use super::Result;
use super::lookup::Source;
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::{Instant, Month};
use crate::record::common::{Amend, Correct, Strike};
use crate::record::decision::Decision;
use crate::record::entry::Entry;
use crate::record::request::RawAct;
use crate::record::timeline::Timeline;
use crate::rules::ruleset::Rules;

/// The key of [`crate::record::entry::Entry::found`] that names the sealed month an entry belongs to.
pub const CLOSED_MONTH: &str = "closed_month";

/// Actions whose warning a person should see; the ordinary steps of a record that is still open only carry the mark.
const TOLD: &[&str] = &[
    Amend::NAME,
    Correct::NAME,
    Strike::NAME,
    "void",
    "void_bill",
];

/// The instants that an entry speaks of, as far as they may lie in a sealed month.
pub(super) struct Instants {
    /// Receipt of the record as it stood before.
    own: Option<Instant>,
    /// (field, instant) of the entry, and of every fact that it adds, changes or takes out.
    said: Vec<(&'static str, Instant)>,
}

impl Instants {
    /// Those of an entry that leads from one timeline to the other.
    pub(super) fn of(entry: &Entry, before: &Timeline, after: &Timeline) -> Self {
        let of = |entry: &Entry| [("received", entry.received), ("at", entry.at)];
        let mut said: Vec<(&'static str, Instant)> = Vec::new();
        for fact in after
            .changed_since(before)
            .chain(before.changed_since(after))
        {
            said.extend(of(&fact.entry));
        }
        said.extend(of(entry));
        Self {
            own: before.first().map(|fact| fact.entry.received),
            said,
        }
    }
}

/// Marks what belongs to a sealed month in the decision.
///
/// # Errors
/// `not_now` when the act lies in a sealed month and nobody has said why it comes so late; only for what a person does
/// (`asked`), not for what follows of itself.
pub(super) fn check(
    act: &RawAct,
    instants: &Instants,
    rules: &Rules,
    asked: bool,
    source: &impl Source,
    decision: &mut Decision,
) -> Result<()> {
    let zone = rules.zone();
    let present = zone.month(act.envelope.entered);
    // Mostly all of them lie in one month.
    let mut known: Vec<(Month, bool)> = Vec::new();
    let mut closed = |at: Instant| -> Result<Option<Month>> {
        let month = zone.month(at);
        let sealed = match known.iter().find(|(of, _)| *of == month) {
            Some((_, sealed)) => *sealed,
            None => source.sealed(&month.to_string())?,
        };
        known.push((month, sealed));
        Ok(sealed.then_some(month))
    };
    let own = instants.own.map(&mut closed).transpose()?.flatten();
    let mut lies: Option<(&str, Month)> = None;
    for (field, at) in &instants.said {
        if let Some(month) = closed(*at)?.filter(|_| lies.is_none()) {
            lies = Some((field, month));
        }
    }
    let about = [Amend::NAME, Correct::NAME, Strike::NAME].contains(&act.spec.name);
    let explained = act.envelope.note.is_some()
        || (about && act.data.get("reason").is_some_and(Value::is_string));
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
