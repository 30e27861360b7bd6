//! A copy for others: what the field descriptions call personal is hidden at its source, so that every file of the copy
//! is made of records that do not hold it any more. What a personal field ever said is hidden wherever else the record
//! repeats it: in a free text, in a note, in a person's name under another key.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::desk::past::PastRecord;
use crate::record::entry::Entry;
use crate::record::field::{Field, Kind};
use crate::record::request::ENVELOPE;
use crate::registers::dynamic::AnyRegister;
use crate::tables::mask::{phones, text};

/// Hides what is personal in a record and its history.
pub fn hide(past: &mut PastRecord) {
    let mut words = BTreeSet::new();
    let stands = past
        .history
        .iter()
        .filter_map(|item| item.fate.stands.as_ref());
    for entry in past.history.iter().map(|item| &item.entry).chain(stands) {
        words.insert(entry.by.clone());
        let data = entry.data.iter().chain(&entry.found);
        data.for_each(|(key, value)| personal(past.register, key, value, &mut words));
    }
    if let Value::Object(body) = &*past.record.body {
        body.iter()
            .for_each(|(key, value)| personal(past.register, key, value, &mut words));
    }
    words.insert(past.record.head.by.clone());
    // The longest first, so that no name is left behind inside a longer one.
    let mut words: Vec<String> = words
        .into_iter()
        .map(|word| word.trim().to_owned())
        .filter(|word| word.chars().count() > 1)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let hidden = |whole: &str| {
        let mut out = whole.to_owned();
        for word in words.iter().filter(|word| whole.contains(word.as_str())) {
            out = out.replace(word.as_str(), &text(word));
        }
        phones(&out)
    };
    let head = &mut past.record.head;
    head.by = hidden(&head.by);
    for remark in &mut head.remarks {
        remark.by = hidden(&remark.by);
        remark.text = hidden(&remark.text);
    }
    for breach in &mut head.breaches {
        breach.reason = hidden(&breach.reason);
    }
    head.void_reason = head.void_reason.as_deref().map(hidden);
    past.record.body.change(|body| strings(body, &hidden));
    for explanation in &mut past.record.head.explanations {
        explanation.reason = hidden(&explanation.reason);
    }
    for item in &mut past.history {
        said(Arc::make_mut(&mut item.entry), &hidden);
        if let Some(stands) = &mut item.fate.stands {
            said(Arc::make_mut(stands), &hidden);
        }
    }
}

/// Hides what an entry says.
fn said(entry: &mut Entry, hidden: &impl Fn(&str) -> String) {
    entry.by = hidden(&entry.by);
    entry.note = entry.note.as_deref().map(hidden);
    for value in entry.data.values_mut().chain(entry.found.values_mut()) {
        strings(value, hidden);
    }
}

/// Hides telephone numbers in words that belong to no record.
pub fn loose(words: &str) -> String {
    phones(words)
}

fn strings(value: &mut Value, hidden: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = hidden(text),
        Value::Array(list) => list.iter_mut().for_each(|item| strings(item, hidden)),
        Value::Object(map) => map.values_mut().for_each(|item| strings(item, hidden)),
        _ => {}
    }
}

/// Gathers what the personal fields say.
fn personal(register: &dyn AnyRegister, key: &str, value: &Value, words: &mut BTreeSet<String>) {
    let field = register
        .actions()
        .iter()
        .filter_map(|action| action.field(key))
        .chain(ENVELOPE.iter().filter(|field| field.key == key))
        // The same key may be declared by several actions; one that calls it personal is enough.
        .max_by_key(|field| field.personal);
    match (field, value) {
        (Some(field), value) if field.personal => all(value, words),
        (
            Some(Field {
                kind: Kind::Items(inner),
                ..
            }),
            Value::Array(items),
        ) => {
            for item in items.iter().filter_map(Value::as_object) {
                for (key, value) in item {
                    if inner.iter().any(|f| f.key == key.as_str() && f.personal) {
                        all(value, words);
                    }
                }
            }
        }
        (_, Value::Object(map)) => nested(register, map, words),
        (None, Value::Array(list)) => list
            .iter()
            .filter_map(Value::as_object)
            .for_each(|map| nested(register, map, words)),
        _ => {}
    }
}

fn nested(register: &dyn AnyRegister, map: &Map<String, Value>, words: &mut BTreeSet<String>) {
    map.iter()
        .for_each(|(key, value)| personal(register, key, value, words));
}

fn all(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            words.insert(text.clone());
        }
        Value::Array(list) => list.iter().for_each(|item| all(item, words)),
        Value::Object(map) => map.values().for_each(|item| all(item, words)),
        _ => {}
    }
}
