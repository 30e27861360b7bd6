//! Whether two complaints are about the same thing: the same unit, and the same cause or words much alike.

use std::collections::BTreeSet;

use super::{Complaint, Receive};
use crate::base::time::Instant;
use crate::record::head::AnyRecord;
use crate::registers::{Lookup, Register};
use crate::rules::ruleset::Rules;

/// States in which a complaint has not been solved.
const UNSOLVED: &[&str] = &["received", "classified", "in_progress"];

/// Complaints about the same unit within the procedure's days.
pub(super) fn lookup(receive: &Receive, received: Instant, rules: &Rules) -> Option<Lookup> {
    let days = rules.procedure(&receive.procedure).int("same_subject_days");
    let place = receive.unit.clone().or_else(|| receive.place.clone())?;
    Some(Lookup::SamePlace {
        place,
        since: received.plus_hours(-24 * days),
    })
}

/// The numbers of those earlier complaints that are unsolved and about the same subject.
pub(super) fn unsolved(
    receive: &Receive,
    cause: Option<&str>,
    same_place: &[AnyRecord],
    received: Instant,
    rules: &Rules,
) -> Vec<String> {
    let procedure = rules.procedure(&receive.procedure);
    let since = received.plus_hours(-24 * procedure.int("same_subject_days"));
    let percent = procedure.int("same_subject_percent");
    let same = |record: &&AnyRecord| {
        let text = |key: &str| record.body.get(key).and_then(serde_json::Value::as_str);
        let by_cause = cause.is_some() && text("cause") == cause;
        record.head.no.starts_with(Complaint::SPEC.letter)
            && record.head.void_reason.is_none()
            && UNSOLVED.contains(&record.head.state.as_str())
            && (since..=received).contains(&record.head.received)
            && text("procedure") == Some(receive.procedure.as_str())
            && (by_cause
                || alike(
                    text("content").unwrap_or_default(),
                    &receive.content,
                    percent,
                ))
    };
    same_place
        .iter()
        .filter(same)
        .map(|record| record.head.no.clone())
        .collect()
}

/// Whether two texts share at least `percent` of their pairs of neighbouring characters (twice the shared ones over
/// all). Punctuation and blanks do not count.
pub(super) fn alike(one: &str, other: &str, percent: i64) -> bool {
    let pairs = |text: &str| -> BTreeSet<(char, char)> {
        let letters: Vec<char> = text
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        letters.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let (one, other) = (pairs(one), pairs(other));
    let all = one.len() + other.len();
    all > 0 && (200 * one.intersection(&other).count()) as i64 >= percent * all as i64
}
