//! The rows of a correction: the fields of the entry that is put right, holding what it says now.

use serde_json::Value;

use super::input::Input;
use super::row::{Place, Row};
use crate::base::time::Instant;
use crate::desk::told::held;
use crate::desk::view::{HistoryItem, RecordView};
use crate::record::common::{Correct, ExplainBreach, Strike};
use crate::record::entry::{Breach, Entry};
use crate::record::field::Field;
use crate::record::request::{ENVELOPE, read_value};
use crate::tui::outbox::Start;
use crate::tui::room::Room;
use crate::tui::screens::entry::{about_key, breach_name, correctable, find, name};

fn preset<'a>(start: &'a Start, key: &str) -> Option<&'a Value> {
    let known = start.preset.iter().find(|(known, _)| known == key);
    known.map(|(_, value)| value)
}

/// The place in the journal of the entry that a form is about. A draft keeps it as text.
fn place(start: &Start) -> Option<i64> {
    let value = preset(start, about_key(start.action.name)?)?;
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn about<'a>(start: &Start, view: &'a RecordView) -> Option<&'a HistoryItem> {
    find(view, place(start)?)
}

/// When the breach was that a form explains, where its code alone does not say which.
pub(super) fn breach_at(start: &Start) -> Option<Instant> {
    let explains = start.action.name == ExplainBreach::NAME;
    let at = preset(start, "at").filter(|_| explains)?;
    at.as_str().and_then(Instant::stored)
}

/// The breaches that a form explains.
fn breaches<'a>(start: &Start, view: &'a RecordView) -> impl Iterator<Item = &'a Breach> {
    let code = preset(start, "code").and_then(Value::as_str);
    let (code, at) = (code.unwrap_or_default().to_owned(), breach_at(start));
    let all = view.record.head.breaches.iter();
    all.filter(move |breach| breach.code == code && at.is_none_or(|at| breach.at == at))
}

/// What a form is about, in words: the entry that is corrected or struck, the breach that is explained.
pub(super) fn subject(start: &Start, view: &RecordView, room: &Room) -> Option<String> {
    match start.action.name {
        Correct::NAME | Strike::NAME => about(start, view).map(|item| name(view, item, room)),
        ExplainBreach::NAME => {
            let found = breaches(start, view).next()?;
            Some(breach_name(view, found, room))
        }
        _ => None,
    }
}

/// Whether what a form is about is still there to be put right.
pub fn stands(start: &Start, view: &RecordView) -> bool {
    match start.action.name {
        Correct::NAME => about(start, view).is_some_and(|item| correctable(view, item)),
        Strike::NAME => about(start, view).is_some_and(|item| item.fate.struck_by.is_none()),
        ExplainBreach::NAME => breaches(start, view).any(|breach| breach.reason.is_empty()),
        _ => true,
    }
}

/// The fields of the entry: when it happened first, its own, then who and how. What would not come back from the form as
/// it is stored is not offered.
pub(super) fn rows(
    start: &Start,
    view: Option<&RecordView>,
    room: &Room,
    procedure: Option<&str>,
) -> Vec<Row> {
    let found = view.and_then(|view| Some((view, about(start, view)?)));
    let Some((view, item)) = found else {
        return Vec::new();
    };
    let entry = item.stands();
    let Some(spec) = view.register.action(&entry.action) else {
        return Vec::new();
    };
    let own = entry.data.get("procedure").and_then(Value::as_str);
    let procedure = own.or(procedure);
    let times = ["at", "received"];
    let envelope = |wanted: bool| {
        ENVELOPE
            .iter()
            .filter(move |field| times.contains(&field.key) == wanted)
            .filter(|field| spec.field(field.key).is_none())
            .filter(|field| field.key != "received" || spec.first || entry.received != entry.at)
    };
    let fields = envelope(true).chain(spec.fields).chain(envelope(false));
    let place = |field: &&Field| start.asked.iter().position(|key| *key == field.key);
    let mut fields: Vec<&Field> = fields
        .filter(|field| start.asked.is_empty() || place(field).is_some())
        .collect();
    fields.sort_by_key(place);
    fields
        .into_iter()
        .filter_map(|field| row(field, entry, room, procedure))
        .collect()
}

fn row(field: &Field, entry: &Entry, room: &Room, procedure: Option<&str>) -> Option<Row> {
    let stored = held(entry, field.key);
    let input = Input::of(field, room, procedure);
    let row = Row::new(field, Place::Change, input).holding(&stored, room);
    comes_back(&row, &stored, room).then_some(row)
}

/// Whether the form gives back what is stored when nothing is changed.
fn comes_back(row: &Row, stored: &Value, room: &Room) -> bool {
    let nothing = |value: &Value| match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    let read = |value: &Value| read_value(&row.field, value, &room.rules).ok().flatten();
    match row.input.value(&row.field, room) {
        Ok(Some(value)) => read(&value).as_ref() == Some(stored),
        Ok(None) => nothing(stored),
        Err(_) => false,
    }
}
