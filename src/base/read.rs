//! Single values as people and scripts write them, wherever they are asked for: a field, a fact, a question to the rules.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::base::i18n::Msg;
use crate::base::quantity::parse_decimal;
use crate::base::time::{LocalDate, Zone};

/// Digits that a decimal has at most before the point.
const DIGITS: usize = 12;

/// Yes or no.
///
/// ```
/// use dutydesk::base::read::yes_no;
/// assert_eq!(yes_no(&" Yes".into()), Some(true));
/// assert_eq!(yes_no(&"否".into()), Some(false));
/// assert_eq!(yes_no(&1.into()), None);
/// ```
pub fn yes_no(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(yes) => Some(*yes),
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "y" | "是" | "1" => Some(true),
            "false" | "no" | "n" | "否" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// An exact decimal with at most `places` places: a text, or a number as JSON writes it.
///
/// # Errors
/// When it is neither, or not plain digits.
pub fn decimal(value: &Value, places: u32) -> Result<Decimal, Msg> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Err(Msg::new("why.decimal").with("places", i64::from(places))),
    };
    parse_decimal(&text, places, DIGITS)
}

/// A civil date, or the one of an instant at the site.
///
/// # Errors
/// When it is neither.
pub fn date(value: &Value, zone: Zone) -> Result<LocalDate, Msg> {
    let text = value.as_str().unwrap_or_default().trim();
    let day = LocalDate::parse_from_str(text, "%Y-%m-%d").ok();
    day.or_else(|| zone.parse(text).map(|at| zone.date(at)))
        .ok_or_else(|| Msg::new("why.date"))
}
