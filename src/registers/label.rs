//! Names and values in words: one place for labels of fields, actions, states, duties, and for how a value is printed.

use serde_json::Value;

use super::dynamic::AnyRegister;
use crate::record::field::{Field, Kind, Required};
use crate::record::head::AnyRecord;
use std::borrow::Cow;

use crate::base::i18n::{Lang, Voice, own_keys};
use crate::base::quantity::Fen;
use crate::base::time::Instant;
use crate::rules::ruleset::Rules;

/// The label of a field: the register's own, else the common one.
pub fn field(voice: &Voice, register: &str, key: &str) -> String {
    voice.own("field", register, key)
}

/// The label of an action.
pub fn action(voice: &Voice, register: &str, name: &str) -> String {
    voice.own("action", register, name)
}

/// The label of a duty.
pub fn duty(voice: &Voice, register: &str, code: &str) -> String {
    voice.own("duty", register, code)
}

/// The label of a state.
pub fn state(voice: &Voice, register: &str, state: &str) -> String {
    voice.text(&format!("state.{register}.{state}"))
}

/// The name of a role.
pub fn role(voice: &Voice, rules: &Rules, code: &str) -> String {
    match (rules.role(code), voice.lang) {
        (Some(role), Lang::Zh) => role.name.clone(),
        (Some(role), Lang::En) => role.name_en.clone(),
        (None, _) => code.to_owned(),
    }
}

/// Columns that a key wants in a table.
pub fn column_width(register: &dyn AnyRegister, key: &str) -> usize {
    match key {
        "no" => 14,
        "state" | "class" => 10,
        "received" => 21,
        "next" => 36,
        "title" => 30,
        key => register
            .field(key)
            .map_or(10, |field| usize::from(field.width)),
    }
}

/// A stored value as a person reads it.
pub fn print(voice: &Voice, rules: &Rules, register: &str, field: &Field, value: &Value) -> String {
    let instant = || serde_json::from_value::<Instant>(value.clone()).ok();
    let with_unit = |text: String| {
        if field.unit.is_empty() {
            text
        } else {
            format!("{text} {}", field.unit)
        }
    };
    match (field.kind, value) {
        (_, Value::Null) => String::new(),
        (Kind::Instant { .. }, _) => instant().map_or_else(|| plain(value), |at| voice.at(at)),
        (Kind::Bool, Value::Bool(flag)) => voice.text(if *flag { "word.yes" } else { "word.no" }),
        (Kind::Fen, Value::Number(n)) => n.as_i64().map_or_else(
            || plain(value),
            |fen| {
                voice.say(&crate::base::i18n::Msg::new("word.yuan").with("yuan", Fen(fen).yuan()))
            },
        ),
        (Kind::Choice(set), Value::String(code)) => voice.text(&set.label_key(code)),
        (Kind::Role, Value::String(code)) => role(voice, rules, code),
        (Kind::Class, Value::String(code)) => voice.text(&format!("class.{code}")),
        // A cause of the catalogue by its name, any other as it was typed.
        (Kind::Text, Value::String(code)) if field.key == "cause" => voice
            .find(&format!("cause.{code}"))
            .map_or_else(|| code.clone(), Cow::into_owned),
        (Kind::Procedure, Value::String(code)) => voice.text(&format!("procedure.{code}")),
        (Kind::TextsOrAll, Value::String(_)) => voice.text("word.all"),
        (Kind::Items(fields), Value::Array(items)) => {
            let lines: Vec<String> = items
                .iter()
                .map(|item| self::item(voice, rules, register, fields, item))
                .collect();
            lines.join("\n")
        }
        (Kind::Facts, Value::Object(facts)) => {
            let names: Vec<String> = facts
                .iter()
                .filter(|(_, value)| **value != Value::Bool(false))
                .map(|(key, value)| match value {
                    Value::Bool(_) => voice.text(&format!("fact.{key}")),
                    other => format!("{} {other}", voice.text(&format!("fact.{key}"))),
                })
                .collect();
            names.join(&voice.text("punct.list"))
        }
        (_, Value::Array(items)) => items
            .iter()
            .map(|item| {
                let code = item
                    .as_str()
                    .and_then(|code| code_words(voice, field.key, code));
                code.unwrap_or_else(|| plain(item))
            })
            .collect::<Vec<_>>()
            .join(&voice.text("punct.list")),
        _ => with_unit(plain(value)),
    }
}

fn item(voice: &Voice, rules: &Rules, register: &str, fields: &[Field], item: &Value) -> String {
    let parts = fields.iter().filter_map(|field| {
        item.get(field.key)
            .filter(|v| !v.is_null())
            .map(|v| (field, v))
    });
    let words: Vec<String> = parts
        .map(|(field, value)| print(voice, rules, register, field, value))
        .collect();
    words.join(" ")
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The label of a key, when the catalogue has one; a key without a label is for the program only.
fn known(voice: &Voice, register: &str, key: &str) -> Option<String> {
    let keys = own_keys("field", register, key);
    keys.iter()
        .find_map(|key| voice.find(key))
        .map(Cow::into_owned)
}

/// The words of a code that is no field's choice: `value.<key>.<code>` in the catalogue.
fn code_words(voice: &Voice, key: &str, code: &str) -> Option<String> {
    let group = match key {
        "fact" | "via" | "class" | "procedure" => key.to_owned(),
        key => format!("value.{key}"),
    };
    voice.find(&format!("{group}.{code}")).map(Cow::into_owned)
}

/// A value by its key alone: a field of the register, else what the value looks like.
pub fn any(
    voice: &Voice,
    rules: &Rules,
    register: &dyn AnyRegister,
    key: &str,
    value: &Value,
) -> String {
    let code = register.spec().code;
    if let Some(field) = register.field(key) {
        return print(voice, rules, code, field, value);
    }
    match value {
        Value::Bool(flag) => voice.text(if *flag { "word.yes" } else { "word.no" }),
        Value::String(text) => match Instant::stored(text) {
            Some(at) => voice.at(at),
            None => code_words(voice, key, text).unwrap_or_else(|| text.clone()),
        },
        Value::Number(n) if key == "fen" || key.ends_with("_fen") => n
            .as_i64()
            .map_or_else(|| plain(value), |fen| Fen(fen).yuan()),
        Value::Array(list) => {
            let comma = if list.iter().all(Value::is_object) {
                "\n".to_owned()
            } else {
                voice.text("punct.list")
            };
            list.iter()
                .map(|v| any(voice, rules, register, key, v))
                .collect::<Vec<_>>()
                .join(&comma)
        }
        Value::Object(map) => {
            let filled = map.iter().filter(|(k, v)| tells(register, k, v));
            let parts = filled.filter_map(|(k, v)| {
                Some(format!(
                    "{} {}",
                    known(voice, code, k)?,
                    any(voice, rules, register, k, v)
                ))
            });
            parts.collect::<Vec<_>>().join(" · ")
        }
        other => plain(other),
    }
}

/// Whether there is nothing to show.
fn empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

/// Whether a value is worth showing. A `no` is, where it is the answer to what was asked: 不合格, 未启动, 不满意.
fn tells(register: &dyn AnyRegister, key: &str, value: &Value) -> bool {
    let answers = || {
        let mut fields = register
            .actions()
            .iter()
            .filter_map(|action| action.field(key));
        fields.any(|field| {
            let asked = !matches!(field.required, Required::No) || field.default == Some("true");
            matches!(field.kind, Kind::Bool) && asked
        })
    };
    !empty(value) || (*value == Value::Bool(false) && answers())
}

/// A value of a record by the key of a column: of its head or its body.
pub fn value(
    voice: &Voice,
    rules: &Rules,
    register: &dyn AnyRegister,
    record: &AnyRecord,
    key: &str,
) -> String {
    let code = register.spec().code;
    match key {
        "no" => record.head.no.clone(),
        "state" => state(voice, code, &record.head.state),
        "class" => record
            .head
            .class
            .as_ref()
            .map_or_else(String::new, |class| voice.text(&format!("class.{class}"))),
        "received" => voice.at(record.head.received),
        "title" => register.title(record),
        "by" => record.head.by.clone(),
        key => record
            .body
            .get(key)
            .map_or_else(String::new, |value| any(voice, rules, register, key, value)),
    }
}

/// Every filled field of a record as (label, value), in the order of declaration; what has no description comes last.
pub fn body(
    voice: &Voice,
    rules: &Rules,
    register: &dyn AnyRegister,
    record: &AnyRecord,
) -> Vec<(String, String)> {
    let code = register.spec().code;
    let Some(map) = record.body.as_object() else {
        return Vec::new();
    };
    let declared = register.fields();
    let first = declared
        .iter()
        .filter_map(|field| map.get_key_value(field.key));
    let rest = map
        .iter()
        .filter(|(key, _)| !declared.iter().any(|field| field.key == key.as_str()));
    first
        .chain(rest)
        .filter(|(key, value)| {
            tells(register, key, value) && !register.spec().hidden.contains(&key.as_str())
        })
        .filter_map(|(key, value)| {
            Some((
                known(voice, code, key)?,
                any(voice, rules, register, key, value),
            ))
        })
        .collect()
}
