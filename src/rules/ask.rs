//! Questions to the rules in JSON: an object whose keys are known, read field by field.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::base::i18n::{Arg, Msg};
use crate::base::read;
use crate::base::refusal::Refusal;
use crate::base::time::{Instant, LocalDate, Zone};

/// An object whose keys are known, read field by field.
pub(super) struct Ask<'a> {
    map: &'a Map<String, Value>,
    path: String,
}

impl<'a> Ask<'a> {
    /// Of a JSON object; a key that is not known is refused by name, `path` before it.
    pub(super) fn of(value: &'a Value, path: &str, known: &[&str]) -> Result<Self, Refusal> {
        let map = value
            .as_object()
            .ok_or_else(|| Refusal::bad("json", Msg::new("why.object")))?;
        match map.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(Refusal::unknown_field(&format!("{path}{key}"))),
            None => Ok(Self {
                map,
                path: path.to_owned(),
            }),
        }
    }

    /// A value that is given: neither null nor empty.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.map
            .get(key)
            .filter(|value| !value.is_null() && value.as_str() != Some(""))
    }

    /// It must be given.
    pub(super) fn missing(&self, key: &str) -> Refusal {
        Refusal {
            field: Some(format!("{}{key}", self.path)),
            ..Refusal::missing(key)
        }
    }

    /// It cannot be this.
    pub(super) fn bad(&self, key: &str, why: Msg) -> Refusal {
        Refusal {
            field: Some(format!("{}{key}", self.path)),
            ..Refusal::bad(key, why)
        }
    }

    /// An exact decimal, when it is given.
    pub(super) fn decimal(&self, key: &str, places: u32) -> Result<Option<Decimal>, Refusal> {
        let number = self.get(key).map(|value| read::decimal(value, places));
        number.transpose().map_err(|why| self.bad(key, why))
    }

    /// An exact decimal.
    pub(super) fn needed(&self, key: &str, places: u32) -> Result<Decimal, Refusal> {
        self.decimal(key, places)?.ok_or_else(|| self.missing(key))
    }

    /// A civil date, or the one of an instant.
    pub(super) fn day(&self, key: &str, zone: Zone) -> Result<LocalDate, Refusal> {
        let day = self.get(key).ok_or_else(|| self.missing(key))?;
        read::date(day, zone).map_err(|why| self.bad(key, why))
    }

    /// An instant; without an offset it is read in the zone.
    pub(super) fn instant(&self, key: &str, zone: Zone) -> Result<Instant, Refusal> {
        let text = self.get(key).ok_or_else(|| self.missing(key))?;
        let at = text.as_str().and_then(|text| zone.parse(text));
        at.ok_or_else(|| self.bad(key, Msg::new("why.instant")))
    }

    /// A list of texts, when it is given.
    pub(super) fn texts(&self, key: &str) -> Result<Option<Vec<&'a str>>, Refusal> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let list = value.as_array().map(|list| list.iter().map(Value::as_str));
        let texts = list.and_then(Iterator::collect::<Option<Vec<&str>>>);
        texts
            .map(Some)
            .ok_or_else(|| self.bad(key, Msg::new("why.list")))
    }
}

/// One of these codes.
pub(super) fn known(codes: &[&str]) -> Msg {
    let codes = codes.iter().map(|code| (*code).into()).collect();
    Msg::new("why.choice").with("known", Arg::List(codes))
}
