//! Single values as people write them that only a field asks for: choices by code or label, whole numbers, months.

use serde_json::Value;

use crate::base::i18n::{Lang, Msg, lookup};
use crate::base::time::Month;
use crate::record::field::{ChoiceSet, Field, Kind};

pub(super) fn default_of(field: &Field) -> Option<Value> {
    let text = field.default?;
    Some(match field.kind {
        Kind::Bool => Value::Bool(text == "true"),
        Kind::Integer { .. } | Kind::Fen => text
            .parse::<i64>()
            .map_or_else(|_| Value::from(text), Value::from),
        _ => Value::from(text),
    })
}

/// A stored value as [`Required::When`] names it.
pub(super) fn printed(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

pub(super) fn is_all(value: &Value) -> bool {
    matches!(value.as_str().map(str::trim), Some("all" | "全部" | "全体"))
}

/// Whether `text` is the label of a catalogue key in either language.
fn labelled(key: &str, text: &str) -> bool {
    Lang::ALL
        .iter()
        .any(|lang| lookup(*lang, key).is_some_and(|label| label.eq_ignore_ascii_case(text)))
}

pub(super) fn choice(set: &'static ChoiceSet, value: &Value) -> Result<&'static str, Msg> {
    let text = value.as_str().map(str::trim).unwrap_or_default();
    set.codes
        .iter()
        .copied()
        .find(|code| *code == text || labelled(&set.label_key(code), text))
        .ok_or_else(|| {
            Msg::new("why.choice").with(
                "known",
                crate::base::i18n::Arg::List(set.codes.iter().map(|c| (*c).into()).collect()),
            )
        })
}

pub(super) fn integer(value: &Value, min: i64, max: i64) -> Result<Value, Msg> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse::<i64>().ok(),
        _ => None,
    };
    match number.filter(|n| (min..=max).contains(n)) {
        Some(n) => Ok(Value::from(n)),
        None => Err(Msg::new("why.integer").with("min", min).with("max", max)),
    }
}

pub(super) fn month(value: &Value) -> Result<Value, Msg> {
    let month = Month::parse(value.as_str().unwrap_or_default().trim());
    month
        .map(|month| Value::String(month.to_string()))
        .ok_or_else(|| Msg::new("why.month"))
}
