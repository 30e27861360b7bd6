//! Power lost again: an accident shortly after another outage that shares an area with it follows that one (1.2). Which
//! one is derived from what the other records say, whichever was typed first.

use serde_json::{Value, json};

use super::{Outage, Rec};
use crate::base::identity::same;
use crate::base::time::Instant;
use crate::record::head::{AnyRecord, Link};
use crate::registers::{Lookup, Neighbours, Register};
use crate::rules::in_force::InForce;
use crate::rules::ruleset::Rules;

/// The kind of the link.
const FOLLOWS: &str = "follows";

fn hours(rules: &Rules) -> i64 {
    rules.procedure(Outage::SPEC.code).int("again_hours")
}

/// An accident asks for the outages that touched its areas before it; a plan may have been received long before power
/// went and came, and a call may have come in late.
pub(super) fn surroundings(record: &Rec, rules: &InForce) -> Vec<Lookup> {
    let areas = &record.body.event.areas;
    let Some(out) = record.body.power.out_at else {
        return Vec::new();
    };
    if record.body.planned() || areas.is_empty() {
        return Vec::new();
    }
    let rules = rules.at(out);
    let days = rules
        .procedure(Outage::SPEC.code)
        .int("again_look_back_days");
    vec![Lookup::SamePlaces {
        places: areas.clone(),
        from: out.plus_hours(-24 * days),
        until: out.plus_hours(hours(rules)),
    }]
}

/// Where the accidents are that may follow this outage, once power is back.
pub(super) fn watchers(record: &Rec, rules: &InForce) -> Option<Lookup> {
    let back = record.body.power.restored_at?;
    let places = record.body.event.areas.clone();
    let hours = hours(rules.at(back));
    // One that went out in time may have been told of late.
    (!places.is_empty()).then(|| Lookup::SamePlaces {
        places,
        from: back,
        until: back.plus_hours(2 * hours),
    })
}

/// What an accident that follows looks at.
pub(super) fn seen_by_others(record: &Rec) -> Value {
    let power = &record.body.power;
    json!({
        "areas": record.body.event.areas,
        "areas_out": power.areas_out,
        "out": power.out_at,
        "restored": power.restored_at,
        "void": record.head.void_reason.is_some(),
    })
}

/// What another outage says of its power.
struct Other<'a> {
    no: &'a str,
    out: Instant,
    back: Option<Instant>,
    areas: Vec<&'a str>,
    still_out: Vec<&'a str>,
}

impl<'a> Other<'a> {
    fn of(record: &'a AnyRecord) -> Option<Self> {
        let body = &record.body;
        let at = |key: &str| {
            body.get(key)
                .and_then(Value::as_str)
                .and_then(Instant::stored)
        };
        let list = |key: &str| -> Vec<&'a str> {
            let items = body.get(key).and_then(Value::as_array);
            items
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect()
        };
        let live = record.head.void_reason.is_none();
        let out = at("out_at").filter(|_| live)?;
        Some(Self {
            no: &record.head.no,
            out,
            back: at("restored_at"),
            areas: list("areas"),
            still_out: list("areas_out"),
        })
    }

    fn shares(areas: &[&str], mine: &[String]) -> bool {
        let named = |area: &&str| mine.iter().any(|own| same(own, area));
        areas.iter().any(named)
    }
}

/// The outage that an accident in these areas follows: the latest before it that shares one and was restored shortly
/// before.
pub(super) fn first<'a>(
    areas: &[String],
    out: Instant,
    near: &'a Neighbours,
    rules: &Rules,
) -> Option<&'a str> {
    let since = out.plus_hours(-hours(rules));
    let before = |other: &Other<'_>| {
        other.out < out
            && other.back.is_some_and(|back| back <= out && back >= since)
            && Other::shares(&other.areas, areas)
    };
    let others = near.same_places.iter().filter_map(Other::of).filter(before);
    others
        .max_by_key(|other| (other.out, other.back, other.no))
        .map(|other| other.no)
}

/// The outage that leaves one of these areas without power at this instant.
pub(super) fn running<'a>(areas: &[String], at: Instant, near: &'a Neighbours) -> Option<&'a str> {
    let dark = |other: &Other<'_>| {
        let out = match other.still_out.is_empty() {
            true => &other.areas,
            false => &other.still_out,
        };
        other.out <= at && other.back.is_none_or(|back| back > at) && Other::shares(out, areas)
    };
    let mut others = near.same_places.iter().filter_map(Other::of);
    others.rfind(dark).map(|other| other.no)
}

/// Links an accident to the outage that it follows.
pub(super) fn link(record: &mut Rec, near: &Neighbours, rules: &InForce) {
    let Some(out) = record.body.power.out_at.filter(|_| !record.body.planned()) else {
        return;
    };
    let areas = &record.body.event.areas;
    if let Some(no) = first(areas, out, near, rules.at(out)) {
        let link = Link {
            kind: FOLLOWS.to_owned(),
            to: no.to_owned(),
        };
        if !record.head.links.contains(&link) {
            record.head.links.push(link);
        }
    }
}
