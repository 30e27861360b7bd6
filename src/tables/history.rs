//! The history 经过 of records as a table: a line an entry, with everything that was said, so that nothing is lost.

use serde_json::{Map, Value};

use super::{Cell, Column, ColumnKind};
use crate::base::i18n::Voice;
use crate::record::entry::Entry;
use crate::record::timeline::target;
use crate::registers::label;
use crate::rules::ruleset::Rules;

/// UTF-16 units of JSON that one line carries; what is longer goes on in lines that bear only the number.
const LINE_UNITS: usize = 32_000;

/// The keys of the columns, in order.
pub const KEYS: [&str; 13] = [
    "no",
    "action",
    "at",
    "received",
    "entered",
    "by",
    "role",
    "via",
    "note",
    "late_entry",
    "desk",
    "data",
    "found",
];

/// Entries that speak of others name them by their line in the record's own history, counted from 1, so that the
/// history can be read back into another file.
pub fn by_line(entries: &mut [(i64, Entry)]) {
    let places: Vec<i64> = entries.iter().map(|(seq, _)| *seq).collect();
    for (_, entry) in entries {
        let line = target(entry).and_then(|seq| places.iter().position(|place| *place == seq));
        if let Some(line) = line {
            let line = i64::try_from(line).unwrap_or(i64::MAX).saturating_add(1);
            entry.data.insert("entry".to_owned(), line.into());
        }
    }
}

/// The table's columns.
pub fn columns(voice: &Voice) -> Vec<Column> {
    use ColumnKind::{Bool, Instant, Json, Text};
    let described = |key: &str| match key {
        "at" | "received" | "entered" => (voice.text(&format!("field.{key}")), Instant, 16),
        "late_entry" => (voice.text("card.late_entry"), Bool, 6),
        "data" | "found" | "desk" => {
            let kind = if key == "desk" { Text } else { Json };
            (voice.text(&format!("table.{key}")), kind, 24)
        }
        "note" => (voice.text("field.note"), Text, 24),
        key => (voice.text(&format!("field.{key}")), Text, 12),
    };
    let columns = KEYS.iter().map(|key| {
        let (label, kind, width) = described(key);
        Column {
            key: (*key).to_owned(),
            label,
            kind,
            width,
            personal: *key == "by",
        }
    });
    columns.collect()
}

/// The lines of an entry: one, and more when its data is longer than a cell holds.
pub fn rows(voice: &Voice, rules: &Rules, entry: &Entry) -> Vec<Vec<Cell>> {
    let object = |map: &Map<String, Value>| {
        if map.is_empty() {
            String::new()
        } else {
            Value::Object(map.clone()).to_string()
        }
    };
    let long = [object(&entry.data), object(&entry.found)].map(|text| pieces(&text));
    let count = long.iter().map(Vec::len).max().unwrap_or(1).max(1);
    (0..count)
        .map(|line| {
            let mut cells = if line == 0 {
                short(voice, rules, entry)
            } else {
                let mut cells = vec![Cell::Empty; KEYS.len() - long.len()];
                if let Some(no) = cells.first_mut() {
                    *no = Cell::text(&entry.no);
                }
                cells
            };
            cells.extend(long.iter().map(|pieces| {
                pieces
                    .get(line)
                    .map_or(Cell::Empty, |piece| Cell::text(piece.as_str()))
            }));
            cells
        })
        .collect()
}

fn short(voice: &Voice, rules: &Rules, entry: &Entry) -> Vec<Cell> {
    let optional = |text: &Option<String>| text.as_ref().map_or(Cell::Empty, Cell::text);
    let coded = |code: &str, words: String| Cell::Coded {
        code: code.to_owned(),
        words,
    };
    vec![
        Cell::text(&entry.no),
        coded(
            &entry.action,
            label::action(voice, &entry.register, &entry.action),
        ),
        Cell::At(entry.at),
        Cell::At(entry.received),
        Cell::At(entry.entered),
        Cell::text(&entry.by),
        entry.role.as_ref().map_or(Cell::Empty, |role| {
            coded(role, label::role(voice, rules, role))
        }),
        entry.via.as_ref().map_or(Cell::Empty, |via| {
            coded(via, voice.text(&format!("via.{via}")))
        }),
        optional(&entry.note),
        if entry.late_entry {
            Cell::Flag(true)
        } else {
            Cell::Empty
        },
        Cell::text(&entry.desk),
    ]
}

/// The text in pieces that a cell holds.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut units = LINE_UNITS;
    for c in text.chars() {
        if units + c.len_utf16() > LINE_UNITS {
            pieces.push(String::new());
            units = 0;
        }
        units += c.len_utf16();
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    pieces
}
