//! What of a record can be searched for: what somebody typed, each text once. Codes are shown by their labels and found
//! by filters, times by their columns.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::REGISTERS;
use super::dynamic::{AnyRegister, Evaluated};
use crate::base::time::Instant;
use crate::record::field::{Field, Kind};
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
///
/// # Errors
/// Never for a record that a register made; serde's signature asks for it.
pub fn searchable<'a>(
    register: &dyn AnyRegister,
    evaluated: &'a Evaluated,
    title: &'a str,
) -> Result<Vec<Cow<'a, str>>, serde_json::Error> {
    let mut texts = Texts::default();
    texts.add(Cow::Borrowed(evaluated.head.no.as_str()));
    texts.add(Cow::Borrowed(title));
    if let Some(keys) = KEYS.get(register.spec().code) {
        let mut json = serde_json::Deserializer::from_str(&evaluated.text);
        let whole = Gather {
            keys,
            key: WHOLE,
            texts: &mut texts,
        };
        whole.deserialize(&mut json)?;
    }
    for remark in &evaluated.head.remarks {
        texts.add(Cow::Borrowed(remark.text.as_str()));
    }
    Ok(texts.all)
}

/// Texts in the order in which they were found, each once.
#[derive(Default)]
struct Texts<'a> {
    all: Vec<Cow<'a, str>>,
    known: HashSet<Cow<'a, str>>,
}

impl<'a> Texts<'a> {
    fn add(&mut self, text: Cow<'a, str>) {
        if self.known.insert(text.clone()) {
            self.all.push(text);
        }
    }
}

/// In the place of a key: the stored record itself, of which only the body is gathered from.
const WHOLE: &str = "";

/// A key, kept where it stands.
struct Key;

impl<'a> DeserializeSeed<'a> for Key {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(self, json: D) -> Result<Cow<'a, str>, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Key {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'a str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

/// Gathers the texts of a stored record while it is read, so that nothing is made of what is not a text.
struct Gather<'g, 'a> {
    keys: &'g Keys,
    key: &'g str,
    texts: &'g mut Texts<'a>,
}

impl<'a> Gather<'_, 'a> {
    fn text(self, text: Cow<'a, str>) {
        if self.keys.typed(self.key, &text) && Instant::stored(&text).is_none() {
            self.texts.add(text);
        }
    }
}

impl<'a> DeserializeSeed<'a> for Gather<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Gather<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<(), E> {
        self.text(Cow::Borrowed(text));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.text(Cow::Owned(text.to_owned()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { keys, key, texts } = self;
        while list
            .next_element_seed(Gather { keys, key, texts })?
            .is_some()
        {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { keys, key, texts } = self;
        while let Some(inner) = map.next_key_seed(Key)? {
            if key == WHOLE && inner != "body" {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let key = inner.as_ref();
            map.next_value_seed(Gather { keys, key, texts })?;
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
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
            "parts": ["阀门", "余先生", "\"新\"\n锁"],
        });
        let text = json!({ "head": head, "body": body }).to_string();
        let evaluated = Evaluated {
            opening: 1,
            head,
            text,
            title: String::new(),
            open: false,
            places: Vec::new(),
            paper_no: None,
            deadlines: Vec::new(),
        };
        let register = register("complaint").unwrap();
        let found = searchable(register, &evaluated, "3栋 leak").unwrap();
        let expected = [
            "C-2026-00001",
            "3栋 leak",
            "leak",
            "余先生",
            "何",
            "雨天",
            "阀门",
            "\"新\"\n锁",
            "已回访",
        ];
        assert_eq!(found, expected);
    }
}
