//! Hiding personal data 个人信息: what a field's description calls personal is shortened, so that a table can be handed
//! on. A name keeps its first character, a telephone number its first three and last four digits.

use serde_json::{Map, Value};

use super::{Cell, Column};
use crate::record::field::{Field, Kind};
use crate::record::request::ENVELOPE;
use crate::registers::dynamic::AnyRegister;

/// A text with what identifies a person hidden: `周**`, `139****0000`.
pub fn text(text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let count = text.chars().count();
    if digits >= 7 {
        let hide = |(index, c): (usize, char)| {
            if index < 3 || index + 4 >= count {
                c
            } else {
                '*'
            }
        };
        return text.chars().enumerate().map(hide).collect();
    }
    match text.chars().next() {
        Some(first) => format!("{first}**"),
        None => String::new(),
    }
}

/// Words of a person with the mobile telephone numbers in them hidden.
pub fn phones(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    let flush = |run: &mut String, out: &mut String| {
        if run.len() == 11 && run.starts_with('1') {
            out.push_str(&self::text(run));
        } else {
            out.push_str(run);
        }
        run.clear();
    };
    for c in text.chars() {
        if c.is_ascii_digit() {
            run.push(c);
        } else {
            flush(&mut run, &mut out);
            out.push(c);
        }
    }
    flush(&mut run, &mut out);
    out
}

/// A cell as a reader without need to know sees it.
pub fn cell(column: &Column, cell: Cell) -> Cell {
    match cell {
        Cell::Text(words) if column.personal => Cell::Text(text(&words)),
        Cell::Text(words) => Cell::Text(phones(&words)),
        Cell::Json { value, words } if column.personal => Cell::Json {
            value: each(&value, &text),
            words: words.map(|words| {
                let names: Vec<String> = words.split('、').map(text).collect();
                names.join("、")
            }),
        },
        Cell::Json { value, words } => Cell::Json {
            value: each(&value, &phones),
            words: words.map(|words| phones(&words)),
        },
        other => other,
    }
}

/// A line as a reader without need to know sees it.
pub fn row(columns: &[Column], cells: Vec<Cell>) -> Vec<Cell> {
    columns
        .iter()
        .zip(cells)
        .map(|(column, value)| cell(column, value))
        .collect()
}

/// The fields of a record or of an entry, hidden by their descriptions.
pub fn fields(register: &dyn AnyRegister, map: &mut Map<String, Value>) {
    for (key, value) in map.iter_mut() {
        let field = register
            .field(key)
            .or_else(|| ENVELOPE.iter().find(|field| field.key == key.as_str()));
        hide(register, key, field, value);
    }
}

/// Keys of a record's body that hold what a personal field said, under another name.
fn named_person(register: &dyn AnyRegister, key: &str) -> bool {
    let field = |key: &str| register.field(key).is_some_and(|field| field.personal);
    field(key) || key.ends_with("_by") && key != "requested_by" || key == "technician"
}

fn hide(register: &dyn AnyRegister, key: &str, field: Option<&Field>, value: &mut Value) {
    match (field.map(|field| (field.personal, field.kind)), &mut *value) {
        (Some((true, _)), _) => *value = each(value, &text),
        (Some((_, Kind::Items(inner))), Value::Array(items)) => {
            for object in items.iter_mut().filter_map(Value::as_object_mut) {
                for (key, value) in object.iter_mut() {
                    let field = inner.iter().find(|field| field.key == key.as_str());
                    hide(register, key, field, value);
                }
            }
        }
        (Some((_, Kind::Changes)), Value::Object(map)) => fields(register, map),
        (None, Value::Object(map)) => fields(register, map),
        (None, Value::Array(list)) => {
            for object in list.iter_mut().filter_map(Value::as_object_mut) {
                fields(register, object);
            }
        }
        (None, Value::String(_)) if named_person(register, key) => *value = each(value, &text),
        _ => *value = each(value, &phones),
    }
}

fn each(value: &Value, change: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(text)),
        Value::Array(list) => list.iter().map(|item| each(item, change)).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, item)| (key.clone(), each(item, change)))
                .collect(),
        ),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registers::register;
    use serde_json::json;

    #[test]
    fn names_and_telephone_numbers_are_shortened() {
        for (whole, hidden) in [
            ("周先生", "周**"),
            ("欧阳", "欧**"),
            ("13900000000", "139****0000"),
            ("0755-26001234", "075******1234"),
            ("", ""),
        ] {
            assert_eq!(text(whole), hidden);
        }
        assert_eq!(
            phones("业主来电13912345678，表号1234567890123"),
            "业主来电139****5678，表号1234567890123"
        );
    }

    #[test]
    fn the_description_says_what_is_personal() {
        let register = register("work-order").unwrap();
        let mut data = json!({"reporter": "李女士", "phone": "13800000000", "place": "3栋1203",
            "content": "请回电13800000000", "changes": {"reporter": "王小姐"}})
        .as_object()
        .cloned()
        .unwrap();
        fields(register, &mut data);
        assert_eq!(
            Value::Object(data),
            json!({"reporter": "李**", "phone": "138****0000", "place": "3栋1203",
                "content": "请回电138****0000", "changes": {"reporter": "王**"}})
        );
    }
}
