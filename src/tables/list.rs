//! A list as it stands on the screen: the register's columns, or those that were asked for.

use super::value::{cell, column};
use super::{Cell, Column, ColumnKind};
use crate::base::i18n::{Msg, Voice};
use crate::base::time::Instant;
use crate::desk::view::ListItem;
use crate::record::field::Kind;
use crate::registers::dynamic::AnyRegister;
use crate::registers::label;
use crate::rules::deadline::DeadlineState;
use crate::rules::ruleset::Rules;

/// The keys that every register's list knows besides its fields.
const OWN: [&str; 9] = [
    "no", "state", "class", "received", "occurred", "entered", "by", "title", "next",
];

/// Whether a list of the register can show a column of this key.
pub fn knows(register: &dyn AnyRegister, key: &str) -> bool {
    OWN.contains(&key) || register.field(key).is_some()
}

/// The columns of these keys; without any, those of the screen.
pub fn columns(register: &dyn AnyRegister, keys: &[String], voice: &Voice) -> Vec<Column> {
    let spec = register.spec();
    let screen: Vec<String> = spec.columns.iter().map(|key| (*key).to_owned()).collect();
    let keys = if keys.is_empty() { &screen } else { keys };
    keys.iter()
        .map(|key| match register.field(key) {
            Some(field) if !OWN.contains(&key.as_str()) => {
                column(field, key.clone(), label::field(voice, spec.code, key))
            }
            _ => own(register, key, voice),
        })
        .collect()
}

fn own(register: &dyn AnyRegister, key: &str, voice: &Voice) -> Column {
    let (kind, called) = match key {
        "received" | "entered" => (ColumnKind::Instant, key),
        "occurred" => (ColumnKind::Instant, "at"),
        _ => (ColumnKind::Text, key),
    };
    Column {
        key: key.to_owned(),
        label: label::field(voice, register.spec().code, called),
        kind,
        width: u16::try_from(label::column_width(register, key)).unwrap_or(20),
        personal: key == "by",
    }
}

/// A line of the list.
pub fn row(
    register: &dyn AnyRegister,
    columns: &[Column],
    item: &ListItem,
    rules: &Rules,
    voice: &Voice,
    now: Instant,
) -> Vec<Cell> {
    let head = &item.record.head;
    let code = register.spec().code;
    let one = |column: &Column| match column.key.as_str() {
        "no" => Cell::text(&head.no),
        "state" => Cell::Coded {
            code: head.state.clone(),
            words: label::state(voice, code, &head.state),
        },
        "class" => head
            .class
            .as_ref()
            .map_or(Cell::Empty, |class| Cell::Coded {
                code: class.clone(),
                words: voice.text(&format!("class.{class}")),
            }),
        "received" => Cell::At(head.received),
        "occurred" => Cell::At(head.opened),
        "entered" => Cell::At(head.entered),
        "by" => Cell::text(&head.by),
        "title" => Cell::text(&item.title),
        "next" => Cell::text(next(register, item, voice, now)),
        key => body(register, key, item, rules, voice),
    };
    columns.iter().map(one).collect()
}

fn body(
    register: &dyn AnyRegister,
    key: &str,
    item: &ListItem,
    rules: &Rules,
    voice: &Voice,
) -> Cell {
    let (Some(field), Some(value)) = (register.field(key), item.record.body.get(key)) else {
        return Cell::Empty;
    };
    let cell = cell(voice, rules, register.spec().code, field, value);
    match (field.kind, cell) {
        // People read a list's facts and items in words.
        (Kind::Facts | Kind::Items(_), Cell::Json { value, .. }) => {
            let words = label::any(voice, rules, register, key, &value);
            Cell::Json {
                value,
                words: Some(words),
            }
        }
        (_, cell) => cell,
    }
}

/// The next duty in words: what, until when, and whether that is past.
fn next(register: &dyn AnyRegister, item: &ListItem, voice: &Voice, now: Instant) -> String {
    let Some(next) = &item.next else {
        return String::new();
    };
    let duty = label::duty(voice, register.spec().code, &next.code);
    let Some(due) = next.due else {
        return duty;
    };
    let late = next.deadline.state(now) == DeadlineState::Late;
    let message = Msg::new(if late {
        "table.next_late"
    } else {
        "table.next_due"
    })
    .with("duty", duty)
    .with("due", due);
    voice.say(&message)
}
