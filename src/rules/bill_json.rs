//! `rules bill` in JSON: readings or load and hours in, bill lines out.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::base::i18n::Msg;
use crate::base::quantity::{Load, Price, Reading, parse_decimal};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::{LocalDate, Zone};
use crate::rules::billing::{Bill, Estimate, Segment, estimated, metered};

const METERED: &[&str] = &["basis", "price", "segments"];
const ESTIMATED: &[&str] = &[
    "basis",
    "price",
    "load_kw",
    "hours_per_day",
    "from",
    "to",
    "split",
];
const SEGMENT: &[&str] = &["from", "to", "ratio", "digits"];

/// An object whose keys are known, read field by field.
struct Reader<'a> {
    map: &'a Map<String, Value>,
    path: String,
}

impl<'a> Reader<'a> {
    fn of(value: &'a Value, path: &str, known: &[&str]) -> Result<Self, Refusal> {
        let map = value
            .as_object()
            .ok_or_else(|| Refusal::bad("json", Msg::new("why.object")))?;
        match map.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => {
                let name = format!("{path}{key}");
                let message = Msg::new("refusal.unknown_field").with("field", name.as_str());
                Err(Refusal::new(RefusalCode::UnknownField, message).field(name))
            }
            None => Ok(Self {
                map,
                path: path.to_owned(),
            }),
        }
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        self.map
            .get(key)
            .filter(|value| !value.is_null() && value.as_str() != Some(""))
    }

    fn missing(&self, key: &str) -> Refusal {
        Refusal {
            field: Some(format!("{}{key}", self.path)),
            ..Refusal::missing(key)
        }
    }

    fn bad(&self, key: &str, why: Msg) -> Refusal {
        Refusal {
            field: Some(format!("{}{key}", self.path)),
            ..Refusal::bad(key, why)
        }
    }

    fn decimal(&self, key: &str, places: u32) -> Result<Option<Decimal>, Refusal> {
        let text = match self.get(key) {
            None => return Ok(None),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => String::new(),
        };
        parse_decimal(&text, places, 12)
            .map(Some)
            .map_err(|why| self.bad(key, why))
    }

    fn needed(&self, key: &str, places: u32) -> Result<Decimal, Refusal> {
        self.decimal(key, places)?.ok_or_else(|| self.missing(key))
    }

    fn day(&self, key: &str, zone: Zone) -> Result<LocalDate, Refusal> {
        let text = self
            .get(key)
            .ok_or_else(|| self.missing(key))?
            .as_str()
            .unwrap_or_default()
            .trim();
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        day.or_else(|| zone.parse(text).map(|at| zone.date(at)))
            .ok_or_else(|| self.bad(key, Msg::new("why.date")))
    }
}

/// The bill of one object (S1.4.5).
///
/// # Errors
/// `missing_field`, `bad_value` or `unknown_field` naming the field; nothing is billed without a price.
pub fn bill(value: &Value, zone: Zone) -> Result<Bill, Refusal> {
    let basis = value
        .get("basis")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match basis {
        "metered" | "装表" | "电表计费" => {
            let reader = Reader::of(value, "", METERED)?;
            let price = Price(reader.needed("price", 4)?);
            metered(price, &segments(&reader)?)
        }
        "estimated" | "估算" | "无表估算" => {
            let reader = Reader::of(value, "", ESTIMATED)?;
            let price = Price(reader.needed("price", 4)?);
            let by_month = match reader.get("split").map(|split| split.as_str()) {
                None => false,
                Some(Some("month" | "按月")) => true,
                Some(_) => return Err(reader.bad("split", known(&["month"]))),
            };
            let estimate = Estimate {
                load: Load(reader.needed("load_kw", 3)?),
                hours_per_day: reader.needed("hours_per_day", 2)?,
                from: reader.day("from", zone)?,
                to: reader.day("to", zone)?,
                by_month,
            };
            estimated(price, &estimate)
        }
        "" if value.get("basis").is_none_or(Value::is_null) => match value.is_object() {
            true => Err(Refusal::missing("basis")),
            false => Err(Refusal::bad("json", Msg::new("why.object"))),
        },
        _ => Err(Refusal::bad("basis", known(&["metered", "estimated"]))),
    }
}

fn known(codes: &[&str]) -> Msg {
    let codes = codes.iter().map(|code| (*code).into()).collect();
    Msg::new("why.choice").with("known", crate::base::i18n::Arg::List(codes))
}

fn segments(reader: &Reader<'_>) -> Result<Vec<Segment>, Refusal> {
    let list = reader
        .get("segments")
        .ok_or_else(|| reader.missing("segments"))?;
    let list = list
        .as_array()
        .ok_or_else(|| reader.bad("segments", Msg::new("why.list")))?;
    let segment = |(index, value): (usize, &Value)| {
        let reader = Reader::of(value, &format!("segments[{index}]."), SEGMENT)?;
        let digits = reader.decimal("digits", 0)?.map(u32::try_from);
        let digits = match digits.transpose() {
            Ok(digits) if digits.is_none_or(|digits| (1..=12).contains(&digits)) => digits,
            _ => {
                return Err(reader.bad(
                    "digits",
                    Msg::new("why.integer")
                        .with("min", 1_i64)
                        .with("max", 12_i64),
                ));
            }
        };
        Ok(Segment {
            from: Reading(reader.needed("from", 4)?),
            to: Reading(reader.needed("to", 4)?),
            ratio: reader.decimal("ratio", 4)?.unwrap_or(Decimal::ONE),
            digits,
        })
    };
    list.iter().enumerate().map(segment).collect()
}

/// A bill as `rules bill` answers it.
pub fn answer(bill: &Bill) -> Value {
    let lines = bill.lines.iter().map(|line| {
        json!({
            "kwh": line.kwh.to_string(), "fen": line.fen.0, "price": line.price.to_string(),
            "from": line.from, "to": line.to, "factor": line.factor.to_string(),
        })
    });
    json!({"lines": lines.collect::<Vec<_>>(), "kwh": bill.kwh.to_string(), "total_fen": bill.total_fen.0})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(value: Value) -> (&'static str, String) {
        let refusal = bill(&value, Zone::default()).unwrap_err();
        (refusal.code.code(), refusal.field.unwrap_or_default())
    }

    #[test]
    fn every_wrong_field_is_named() {
        let cases = [
            (
                json!({"basis": "metered", "segments": [{"from": "1", "to": "2"}]}),
                "missing_field",
                "price",
            ),
            (json!({"price": "1"}), "missing_field", "basis"),
            (json!({"basis": "free", "price": "1"}), "bad_value", "basis"),
            (
                json!({"basis": "metered", "price": "0.85"}),
                "missing_field",
                "segments",
            ),
            (
                json!({"basis": "metered", "price": "0.85123", "segments": []}),
                "bad_value",
                "price",
            ),
            (
                json!({"basis": "metered", "price": "0.85", "segments": [{"from": "1"}]}),
                "missing_field",
                "segments[0].to",
            ),
            (
                json!({"basis": "metered", "price": "0.85", "segments": [{"from": "1", "to": "2", "x": 1}]}),
                "unknown_field",
                "segments[0].x",
            ),
            (
                json!({"basis": "metered", "price": "0.85", "load_kw": "3", "segments": []}),
                "unknown_field",
                "load_kw",
            ),
            (
                json!({"basis": "estimated", "price": "0.85", "load_kw": "3", "hours_per_day": "8", "from": "2026-07-25", "to": "2026-07-24"}),
                "bad_value",
                "to",
            ),
            (json!([1]), "bad_value", "json"),
        ];
        for (value, code, field) in cases {
            assert_eq!(refused(value.clone()), (code, field.to_owned()), "{value}");
        }
    }

    #[test]
    fn numbers_are_taken_when_they_are_exact() {
        let value = json!({"basis": "metered", "price": 0.85, "segments": [{"from": 1234.5, "to": "1301.20", "ratio": 1, "digits": 5}]});
        assert_eq!(
            answer(&bill(&value, Zone::default()).unwrap())["total_fen"],
            5670
        );
    }
}
