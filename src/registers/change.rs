//! Changes 变动: from what somebody asks for to an entry and the timeline it leads to. Typing, correcting, striking and
//! importing all pass here, so what is put right passes the same reading and the same checks as if it had been typed
//! right at first.

use serde_json::{Map, Value};

use super::dynamic::AnyRegister;
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::action::{ActionSet, ActionSpec};
use crate::record::common::{Amend, Correct, DeskAction, Strike};
use crate::record::entry::Entry;
use crate::record::request::{ENVELOPE, Envelope, Operator, RawAct, read};
use crate::record::timeline::{
    ABOUT_ENTRIES, ENVELOPE_KEYS, Fact, Logged, TARGETS, Timeline, target,
};
use crate::rules::ruleset::Rules;

/// Reads a request against its action's description; a correction is read as the act it makes of the entry.
///
/// # Errors
/// `unknown_field`, `missing_field`, `bad_value` or `future`, each naming the field.
pub fn read_act(
    register: &dyn AnyRegister,
    spec: &'static ActionSpec,
    given: &Map<String, Value>,
    timeline: &Timeline,
    entries: &[Logged],
    cx: &Reading<'_>,
) -> Result<RawAct, Refusal> {
    let shorthand = (spec.name == Correct::NAME).then(|| written_out(given, timeline));
    let given = shorthand.as_ref().unwrap_or(given);
    let mut act = read(spec, given, cx.rules, cx.who, cx.now)?;
    let Some(Value::Object(changes)) = act.data.get("changes").cloned() else {
        if spec.name == Strike::NAME {
            may_be_struck(&act, timeline, entries)?;
        }
        return Ok(act);
    };
    if changes.is_empty() {
        return Err(Refusal::missing("changes"));
    }
    let changes = match spec.name {
        Correct::NAME => corrected(register, &act, timeline, &changes, cx)?,
        Amend::NAME => amended(register, timeline, &changes, cx)?,
        _ => return Ok(act),
    };
    act.data
        .insert("changes".to_owned(), Value::Object(changes));
    Ok(act)
}

/// By what an act is read.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// Roles, classes, procedures, zone.
    pub rules: &'a Rules,
    /// Who acts unless the request names somebody else.
    pub who: &'a Operator,
    /// Now.
    pub now: Instant,
}

/// A correction written short: the record's own number stands for its opening entry, and keys beside `entry` and
/// `reason` are the changes.
fn written_out(given: &Map<String, Value>, timeline: &Timeline) -> Map<String, Value> {
    let mut out = given.clone();
    let first = timeline.first();
    if let (Some(first), Some(no)) = (first, given.get("entry").and_then(Value::as_str))
        && no.trim().eq_ignore_ascii_case(&first.entry.no)
    {
        out.insert("entry".to_owned(), Value::from(first.seq));
    }
    if !given.contains_key("changes") {
        let own = |key: &str| {
            key == "action"
                || Correct::FIELDS.iter().any(|field| field.key == key)
                || ENVELOPE.iter().any(|field| field.key == key)
        };
        let (rest, changes): (Map<String, Value>, Map<String, Value>) =
            out.into_iter().partition(|(key, _)| own(key));
        out = rest;
        if !changes.is_empty() {
            out.insert("changes".to_owned(), Value::Object(changes));
        }
    }
    out
}

fn unknown_entry(seq: i64) -> Refusal {
    Refusal::bad("entry", Msg::new("why.no_entry").with("seq", seq))
}

fn corrected(
    register: &dyn AnyRegister,
    act: &RawAct,
    timeline: &Timeline,
    changes: &Map<String, Value>,
    cx: &Reading<'_>,
) -> Result<Map<String, Value>, Refusal> {
    let seq = act
        .data
        .get("entry")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    let fact = timeline.fact(seq).ok_or_else(|| unknown_entry(seq))?;
    put_right(register, fact, changes, cx)
}

/// An amendment, field by field, each read as a change of the entry that carries it.
fn amended(
    register: &dyn AnyRegister,
    timeline: &Timeline,
    changes: &Map<String, Value>,
    cx: &Reading<'_>,
) -> Result<Map<String, Value>, Refusal> {
    let mut by_fact: Vec<(usize, Map<String, Value>)> = Vec::new();
    for (key, value) in changes {
        let known = register.field(key).is_some() || ENVELOPE_KEYS.contains(&key.as_str());
        let index = carrier(register, timeline, key)
            .filter(|_| known)
            .ok_or_else(|| Refusal::unknown_field(key))?;
        match by_fact.iter_mut().find(|(known, _)| *known == index) {
            Some((_, changes)) => changes.insert(key.clone(), value.clone()),
            None => {
                let changes = Map::from_iter([(key.clone(), value.clone())]);
                by_fact.push((index, changes));
                None
            }
        };
    }
    let mut all = Map::new();
    for (index, changes) in by_fact {
        all.extend(put_right(register, &timeline.facts[index], &changes, cx)?);
    }
    Ok(all)
}

/// Which fact carries a field of the record: the last to happen that says it, else the opening one. A field that an
/// action has for itself alone is not the record's.
fn carrier(register: &dyn AnyRegister, timeline: &Timeline, key: &str) -> Option<usize> {
    timeline.first()?;
    let carries = |fact: &Fact| {
        let action = register
            .actions()
            .iter()
            .find(|spec| spec.name == fact.entry.action);
        let of_record = action
            .and_then(|spec| spec.field(key))
            .is_some_and(|f| !f.aside);
        of_record && fact.entry.data.contains_key(key)
    };
    let mut facts = timeline.facts.iter();
    let last = facts.rposition(carries);
    Some(last.filter(|_| !ENVELOPE_KEYS.contains(&key)).unwrap_or(0))
}

/// What an amendment keeps of which entry carries each field that it changes.
pub fn targets(
    register: &dyn AnyRegister,
    entry: &Entry,
    timeline: &Timeline,
) -> Option<(String, Value)> {
    let Some(Value::Object(changes)) = entry.data.get("changes") else {
        return None;
    };
    if entry.action != Amend::NAME {
        return None;
    }
    let named = changes.keys().filter_map(|key| {
        let index = carrier(register, timeline, key)?;
        Some((key.clone(), Value::from(timeline.facts[index].seq)))
    });
    Some((TARGETS.to_owned(), Value::Object(named.collect())))
}

/// The changes of one entry in stored form: the entry is read anew with the changes in it.
fn put_right(
    register: &dyn AnyRegister,
    fact: &Fact,
    changes: &Map<String, Value>,
    cx: &Reading<'_>,
) -> Result<Map<String, Value>, Refusal> {
    let entry = &fact.entry;
    let printed = DeskAction::ALL.iter().any(|spec| spec.name == entry.action);
    let Some(spec) = register.action(&entry.action).filter(|_| !printed) else {
        let why = Msg::new("why.not_corrected").with("seq", fact.seq);
        return Err(Refusal::bad("entry", why));
    };
    let given = overlaid(entry, spec, changes)?;
    let who = Operator {
        name: entry.by.clone(),
        role: None,
    };
    let act = read(spec, &given, cx.rules, &who, cx.now)?;
    let stored = |key: &str| -> Value {
        if let Some(field) = spec.field(key) {
            return act.data.get(field.key).cloned().unwrap_or(Value::Null);
        }
        of_envelope(&act.envelope, key)
    };
    let mut normal: Map<String, Value> = changes
        .keys()
        .map(|key| (key.clone(), stored(key)))
        .collect();
    // What was learned when it happened is learned when it really happened.
    if changes.contains_key("at") && !changes.contains_key("received") && entry.received == entry.at
    {
        normal.insert("received".to_owned(), stored("received"));
    }
    Ok(normal)
}

/// What the entry says, with the changes in place.
fn overlaid(
    entry: &Entry,
    spec: &ActionSpec,
    changes: &Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    let mut given = entry.data.clone();
    let envelope = Envelope::of(entry);
    for field in ENVELOPE.iter().filter(|f| spec.field(f.key).is_none()) {
        let follows = field.key == "received" && entry.received == entry.at;
        let value = of_envelope(&envelope, field.key);
        let left_out = value.is_null() || (follows && changes.contains_key("at"));
        if !left_out {
            given.insert(field.key.to_owned(), value);
        }
    }
    for (key, value) in changes {
        let known = spec.field(key).is_some() || ENVELOPE_KEYS.contains(&key.as_str());
        if !known {
            return Err(Refusal::unknown_field(key));
        }
        given.insert(key.clone(), value.clone());
    }
    Ok(given)
}

fn of_envelope(envelope: &Envelope, key: &str) -> Value {
    let at = |at: Instant| serde_json::to_value(at).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::String);
    match key {
        "at" => at(envelope.at),
        "received" => at(envelope.received),
        "by" => Value::String(envelope.by.clone()),
        "role" => text(&envelope.role),
        "via" => text(&envelope.via),
        "note" => text(&envelope.note),
        _ => Value::Null,
    }
}

/// An entry can be struck when it is one of this record and still stands. The opening entry goes only with nothing left
/// that rests on it: then the whole record is void.
fn may_be_struck(act: &RawAct, timeline: &Timeline, entries: &[Logged]) -> Result<(), Refusal> {
    let seq = act
        .data
        .get("entry")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    let stands = |logged: &&Logged| logged.seq == seq && !timeline.strikes.contains_key(&seq);
    let Some(logged) = entries.iter().find(stands) else {
        return Err(unknown_entry(seq));
    };
    let printed = DeskAction::ALL
        .iter()
        .any(|spec| spec.name == logged.entry.action);
    if printed {
        let why = Msg::new("why.not_corrected").with("seq", seq);
        return Err(Refusal::bad("entry", why));
    }
    let rests = timeline.facts.iter().filter(|fact| fact.seq != seq);
    if seq == timeline.opening && rests.clone().next().is_some() {
        let message = Msg::new("refusal.opening_stands").with("n", rests.count());
        return Err(Refusal::new(RefusalCode::NotNow, message).field("entry"));
    }
    Ok(())
}

/// Which facts of a record an entry about entries speaks of.
pub fn touched(entry: &Entry) -> Vec<i64> {
    match entry.action.as_str() {
        Amend::NAME => match entry.found.get(TARGETS) {
            Some(Value::Object(targets)) => {
                let mut seqs: Vec<i64> = targets.values().filter_map(Value::as_i64).collect();
                seqs.sort_unstable();
                seqs.dedup();
                seqs
            }
            _ => Vec::new(),
        },
        name if ABOUT_ENTRIES.contains(&name) => target(entry).into_iter().collect(),
        _ => Vec::new(),
    }
}
