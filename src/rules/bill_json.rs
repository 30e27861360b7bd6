//! `rules bill` in JSON: readings or load and hours in, bill lines out.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::ask::{Ask, known};
use crate::base::i18n::Msg;
use crate::base::quantity::{Load, Price, Reading};
use crate::base::refusal::Refusal;
use crate::base::time::Zone;
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
            let reader = Ask::of(value, "", METERED)?;
            let price = Price(reader.needed("price", 4)?);
            metered(price, &segments(&reader)?)
        }
        "estimated" | "估算" | "无表估算" => {
            let reader = Ask::of(value, "", ESTIMATED)?;
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

fn segments(reader: &Ask<'_>) -> Result<Vec<Segment>, Refusal> {
    let list = reader
        .get("segments")
        .ok_or_else(|| reader.missing("segments"))?;
    let list = list
        .as_array()
        .ok_or_else(|| reader.bad("segments", Msg::new("why.list")))?;
    let segment = |(index, value): (usize, &Value)| {
        let reader = Ask::of(value, &format!("segments[{index}]."), SEGMENT)?;
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
