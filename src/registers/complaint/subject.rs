//! Whether two complaints are about the same thing: the same unit, and the same cause or words much alike; and how
//! often it was complained of while unsolved.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Rec, Receive, Span};
use crate::base::time::Instant;
use crate::record::head::AnyRecord;
use crate::registers::{Lookup, Surroundings};
use crate::rules::complaint_class::Facts;
use crate::rules::in_force::InForce;
use crate::rules::procedure::Procedure;

/// The unit, else the place, that a complaint is about.
pub(super) fn place(intake: &Receive) -> Option<&str> {
    intake.unit.as_deref().or(intake.place.as_deref())
}

/// Complaints about the same place from the days before receipt on, or until the days after it.
pub(super) fn around(record: &Rec, rules: &InForce, before: bool) -> Option<Lookup> {
    let intake = &record.body.intake;
    let received = record.head.received;
    let procedure = rules.procedure(&intake.procedure, received);
    let span = hours(procedure);
    let (from, until) = match before {
        true => (received.plus_hours(-span), received),
        false => (received, received.plus_hours(span)),
    };
    Some(Lookup::SamePlaces {
        places: vec![place(intake)?.to_owned()],
        from,
        until,
    })
}

/// Hours within which the same subject counts as complained of again.
fn hours(procedure: &Procedure) -> i64 {
    24 * procedure.int("same_subject_days")
}

/// What another complaint keeps for this one.
#[derive(Deserialize)]
struct Other {
    procedure: String,
    content: String,
    #[serde(default)]
    cause: Option<String>,
    #[serde(default)]
    unsolved: Vec<Span>,
}

/// What those that come later see of a complaint.
pub(super) fn face(record: &Rec) -> Value {
    let intake = &record.body.intake;
    json!({
        "void": record.head.void_reason.is_some(),
        "received": record.head.received,
        "procedure": intake.procedure,
        "place": place(intake),
        "content": intake.content,
        "cause": intake.cause,
        "unsolved": record.body.unsolved,
    })
}

/// The numbers of the earlier complaints about the same subject that were unsolved when this one was received. Of two
/// received at one instant the one with the lower number is the earlier.
pub(super) fn unsolved(
    intake: &Receive,
    (received, no): (Instant, &str),
    around: &Surroundings<'_>,
) -> Vec<String> {
    let procedure = around.rules.procedure(&intake.procedure, received);
    let since = received.plus_hours(-hours(procedure));
    let percent = procedure.int("same_subject_percent");
    let counts = |record: &&AnyRecord| {
        let head = &record.head;
        let earlier = (head.received, head.no.as_str()) < (received, no);
        if !earlier || head.received < since || head.void_reason.is_some() {
            return false;
        }
        let Ok(other) = record.body.read::<Other>() else {
            return false;
        };
        let by_cause = intake.cause.is_some() && other.cause == intake.cause;
        other.procedure == intake.procedure
            && other.unsolved.iter().any(|span| holds(span, received))
            && (by_cause || alike(&other.content, &intake.content, percent))
    };
    let earlier = around.near.same_places.iter().filter(counts);
    earlier.map(|record| record.head.no.clone()).collect()
}

fn holds(span: &Span, at: Instant) -> bool {
    span.from <= at && span.until.is_none_or(|until| at < until)
}

/// The same complained of again while unsolved counts by itself: the earlier ones and this one. Answers how often.
pub(super) fn raise(procedure: &Procedure, facts: &mut Facts, earlier: &[String]) -> Option<i64> {
    let counted = procedure.facts.iter().find(|fact| fact.repeats)?;
    let key = counted.key.get_ref();
    let times = earlier.len() as i64 + 1;
    if earlier.is_empty() || facts.count(key) >= times {
        return None;
    }
    facts.0.insert(key.clone(), Value::from(times));
    Some(times)
}

/// The code of a cause in the catalogue, by code or name; none when it is not listed.
pub(super) fn listed(procedure: &Procedure, given: &str) -> Option<String> {
    let given = given.trim();
    let known = procedure.causes.iter().find(|cause| {
        cause.code == given || cause.name == given || cause.name_en.eq_ignore_ascii_case(given)
    });
    known.map(|cause| cause.code.clone())
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
