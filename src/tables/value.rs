//! From a stored value to a cell, as its field's description says.

use serde_json::Value;

use super::{Cell, Column, ColumnKind};
use crate::base::i18n::Voice;
use crate::base::time::Instant;
use crate::record::field::{Field, Kind};
use crate::registers::label;
use crate::rules::ruleset::Rules;

/// What a column of this field holds.
pub(super) fn kind(field: &Field) -> ColumnKind {
    match field.kind {
        Kind::Text
        | Kind::Long
        | Kind::Month
        | Kind::Choice(_)
        | Kind::Role
        | Kind::Class
        | Kind::Procedure
        | Kind::RecordNo => ColumnKind::Text,
        Kind::Instant { .. } => ColumnKind::Instant,
        Kind::Date => ColumnKind::Date,
        Kind::Bool => ColumnKind::Bool,
        Kind::Integer { .. } => ColumnKind::Integer,
        Kind::Fen => ColumnKind::Fen,
        Kind::Decimal { places } => ColumnKind::Decimal(places),
        Kind::Texts | Kind::TextsOrAll | Kind::Items(_) | Kind::Facts | Kind::Changes => {
            ColumnKind::Json
        }
    }
}

/// The column of a field.
pub(super) fn column(field: &Field, key: String, label: String) -> Column {
    Column {
        key,
        label,
        kind: kind(field),
        width: field.width,
        personal: field.personal,
    }
}

/// A stored value as a cell.
pub fn cell(voice: &Voice, rules: &Rules, register: &str, field: &Field, value: &Value) -> Cell {
    let printed = || label::print(voice, rules, register, field, value);
    match (field.kind, value) {
        (_, Value::Null) => Cell::Empty,
        (Kind::Instant { .. }, Value::String(text)) => {
            Instant::stored(text).map_or_else(|| Cell::text(text), Cell::At)
        }
        (Kind::Date, Value::String(text)) => {
            text.parse().map_or_else(|_| Cell::text(text), Cell::Day)
        }
        (Kind::Bool, Value::Bool(flag)) => Cell::Flag(*flag),
        (Kind::Integer { .. }, Value::Number(n)) => n
            .as_i64()
            .map_or_else(|| Cell::text(n.to_string()), Cell::Integer),
        (Kind::Fen, Value::Number(n)) => n
            .as_i64()
            .map_or_else(|| Cell::text(n.to_string()), Cell::Fen),
        (Kind::Decimal { .. }, Value::String(text)) => Cell::Decimal(text.clone()),
        (Kind::Decimal { .. }, Value::Number(n)) => Cell::Decimal(n.to_string()),
        (
            Kind::Choice(_) | Kind::Role | Kind::Class | Kind::Procedure | Kind::TextsOrAll,
            Value::String(code),
        ) => Cell::Coded {
            code: code.clone(),
            words: printed(),
        },
        (_, Value::String(text)) => Cell::text(text),
        (Kind::Texts | Kind::TextsOrAll, Value::Array(list)) => {
            let words = joined(list);
            json(value, words)
        }
        (_, Value::Array(_) | Value::Object(_)) => json(value, None),
        (_, other) => Cell::text(other.to_string()),
    }
}

fn json(value: &Value, words: Option<String>) -> Cell {
    let empty = match value {
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    if empty {
        return Cell::Empty;
    }
    Cell::Json {
        value: value.clone(),
        words,
    }
}

/// Short texts in a row, when they come apart again where they were joined.
fn joined(list: &[Value]) -> Option<String> {
    let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
    let whole = |text: &&str| {
        !text.is_empty()
            && !text.starts_with('[')
            && !text.contains(['、', ',', '，', ';', '；'])
            && !text.contains(char::is_whitespace)
    };
    texts
        .filter(|texts| texts.iter().all(whole))
        .map(|texts| texts.join("、"))
}
