//! What of a record can be searched for: what somebody typed, each text once. Codes are shown by their labels and found
//! by filters, times by their columns.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde_json::Value;

use super::REGISTERS;
use super::dynamic::AnyRegister;
use crate::base::time::Instant;
use crate::record::field::{Field, Kind};
use crate::record::head::AnyRecord;
use crate::record::request::ENVELOPE;

/// Keys under which a register's records keep codes, and keys under which they keep words.
#[derive(Default)]
struct Keys {
    codes: HashSet<&'static str>,
    words: HashSet<&'static str>,
}

impl Keys {
    fn of(register: &dyn AnyRegister) -> Self {
        let mut keys = Self::default();
        keys.take(ENVELOPE);
        for action in register.actions() {
            keys.take(action.fields);
        }
        keys
    }

    fn take(&mut self, fields: &[Field]) {
        for field in fields {
            match field.kind {
                Kind::Items(inner) => self.take(inner),
                Kind::Choice(_) | Kind::Role | Kind::Class | Kind::Procedure => {
                    self.codes.insert(field.key);
                }
                _ => {
                    self.words.insert(field.key);
                }
            }
        }
    }

    /// Whether a text under this key is one that somebody typed. One that a register derives and that looks like a name
    /// of the program's own is not.
    fn typed(&self, key: &str, text: &str) -> bool {
        match (self.words.contains(key), self.codes.contains(key)) {
            (true, _) => true,
            (false, true) => false,
            (false, false) => key != "clause" && !is_code(text),
        }
    }
}

/// Whether a text looks like a name of the program's own.
fn is_code(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

static KEYS: LazyLock<HashMap<&'static str, Keys>> = LazyLock::new(|| {
    let each = REGISTERS.iter();
    each.map(|register| (register.spec().code, Keys::of(*register)))
        .collect()
});

/// The texts by which a record is found: its number, its title, what was typed into it, the remarks.
pub fn searchable<'a>(
    register: &dyn AnyRegister,
    record: &'a AnyRecord,
    title: &'a str,
) -> Vec<&'a str> {
    let mut texts = Texts::default();
    texts.add(&record.head.no);
    texts.add(title);
    if let Some(keys) = KEYS.get(register.spec().code) {
        texts.gather(keys, "", &record.body);
    }
    for remark in &record.head.remarks {
        texts.add(&remark.text);
    }
    texts.all
}

/// Texts in the order in which they were found, each once.
#[derive(Default)]
struct Texts<'a> {
    all: Vec<&'a str>,
    known: HashSet<&'a str>,
}

impl<'a> Texts<'a> {
    fn gather(&mut self, keys: &Keys, key: &str, value: &'a Value) {
        match value {
            Value::String(text) if keys.typed(key, text) && Instant::stored(text).is_none() => {
                self.add(text);
            }
            Value::Array(list) => list.iter().for_each(|item| self.gather(keys, key, item)),
            Value::Object(map) => map
                .iter()
                .for_each(|(key, item)| self.gather(keys, key, item)),
            _ => {}
        }
    }

    fn add(&mut self, text: &'a str) {
        if self.known.insert(text) {
            self.all.push(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::record::head::{Head, Remark};
    use crate::registers::register;

    #[test]
    fn what_was_typed_is_found_once_and_codes_are_not() {
        let at = Instant::from_unix(0);
        let mut head = Head::begun("C-2026-00001", "closed".to_owned(), [at; 3], "何");
        let text = "已回访".to_owned();
        head.remarks.push(Remark {
            at,
            by: "何".into(),
            text,
        });
        let body = json!({
            "procedure": "property", "channel": "phone", "content": "leak", "complainant": "余先生", "method": "visit",
            "proposal": {"class": "major", "reasons": [{"clause": "S5.4.2.1c", "fact": "letter_to_company"}]},
            "rounds": [{"resolved_at": "2026-01-01T00:00:00Z"}], "first_person": "何",
            "steps": [{"action": "receive", "by": "何", "said": {"role": "reception"}, "note": "雨天"}],
            "parts": ["阀门", "余先生"],
        });
        let record = AnyRecord { head, body };
        let register = register("complaint").unwrap();
        let found = searchable(register, &record, "3栋 leak");
        let expected = [
            "C-2026-00001",
            "3栋 leak",
            "leak",
            "余先生",
            "何",
            "雨天",
            "阀门",
            "已回访",
        ];
        assert_eq!(found, expected);
    }
}
