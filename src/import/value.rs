//! From a foreign cell to the value a field takes. What it becomes is checked once more by the register's own reading.

use chrono::{NaiveDateTime, NaiveTime};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value};

use super::raw::Raw;
use super::when::{half_width, moment, time};
use crate::base::i18n::Msg;
use crate::base::time::Zone;
use crate::record::field::{Field, Kind};
use crate::rules::ruleset::Rules;

/// What values are read with.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The site's zone.
    pub zone: Zone,
    /// Facts, roles and classes by name.
    pub rules: &'a Rules,
    /// The year of a date that is written without one.
    pub year: Option<i32>,
}

/// An instant as it was written: its wall clock, and whether a time of day was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Wall clock at the site; midnight when only the date was written.
    pub local: NaiveDateTime,
    /// Whether the time of day is known.
    pub timed: bool,
}

impl Written {
    /// With a time of day that stands in another column.
    pub fn at_time(self, time: NaiveTime) -> Self {
        Self {
            local: self.local.date().and_time(time),
            timed: true,
        }
    }
}

const YES: &[&str] = &[
    "是", "√", "✓", "✔", "对", "有", "y", "yes", "true", "1", "满意", "已",
];
const NO: &[&str] = &[
    "否",
    "×",
    "✗",
    "✘",
    "x",
    "无",
    "没有",
    "n",
    "no",
    "false",
    "0",
    "不满意",
    "未",
];

impl Reading<'_> {
    /// An instant or a date.
    ///
    /// # Errors
    /// Why it is none.
    pub fn instant(&self, raw: &Raw) -> Result<Written, Msg> {
        let wrong = || Msg::new("import.why_date").with("value", raw.words());
        match raw {
            Raw::Moment(local) => Ok(Written {
                local: *local,
                timed: local.time() != NaiveTime::MIN,
            }),
            // A serial number whose cell lost its date format; what is no plausible day is no date.
            Raw::Number(digits) if digits.len() != 8 => digits
                .parse()
                .ok()
                .filter(|value| (20_000.0..80_000.0).contains(value))
                .and_then(Raw::serial)
                .map(|local| Written {
                    local,
                    timed: digits.contains('.'),
                })
                .ok_or_else(wrong),
            Raw::Text(text) | Raw::Number(text) => {
                if let Some(at) = self.zone.parse(text) {
                    return Ok(Written {
                        local: self.zone.local(at),
                        timed: true,
                    });
                }
                let (day, time) = moment(text, self.year)
                    .or_else(|| self.serial_text(text))
                    .ok_or_else(wrong)?;
                Ok(Written {
                    local: day.and_time(time.unwrap_or(NaiveTime::MIN)),
                    timed: time.is_some(),
                })
            }
            Raw::Empty | Raw::Time(_) | Raw::Flag(_) => Err(wrong()),
        }
    }

    /// A serial number that went through text: `46083` or `46083.6042`.
    fn serial_text(&self, text: &str) -> Option<super::when::When> {
        let value: f64 = text.parse().ok()?;
        let plausible = (20_000.0..80_000.0).contains(&value) && text.len() >= 5;
        let local = plausible.then(|| Raw::serial(value)).flatten()?;
        let timed = text.contains('.').then(|| local.time());
        Some((local.date(), timed))
    }

    /// A time of day alone.
    pub fn time(&self, raw: &Raw) -> Option<NaiveTime> {
        match raw {
            Raw::Time(time) => Some(*time),
            Raw::Text(text) => time(text),
            Raw::Moment(_) | Raw::Empty | Raw::Number(_) | Raw::Flag(_) => None,
        }
    }

    /// The wall clock as the register reads it.
    pub fn stored(&self, written: Written) -> Value {
        Value::from(self.zone.rfc3339(self.zone.instant(written.local)))
    }

    /// The value of a field; `None` when the cell is empty.
    ///
    /// # Errors
    /// Why the field cannot hold it.
    pub fn value(&self, field: &Field, raw: &Raw) -> Result<Option<Value>, Msg> {
        if raw.is_empty() {
            return Ok(None);
        }
        let words = raw.words();
        Ok(Some(match field.kind {
            Kind::Instant { .. } => self.stored(self.instant(raw)?),
            Kind::Date => Value::from(self.instant(raw)?.local.date().to_string()),
            Kind::Month => Value::from(self.month(raw, &words)),
            Kind::Bool => Value::from(flag(raw).ok_or_else(|| Msg::new("why.flag"))?),
            Kind::Integer { .. } => Value::from(digits(&words, 0)?),
            Kind::Fen => fen(&words)?,
            Kind::Decimal { places } => Value::from(digits(&words, places)?),
            Kind::Long => Value::from(words),
            Kind::Text
            | Kind::RecordNo
            | Kind::Choice(_)
            | Kind::Role
            | Kind::Class
            | Kind::Procedure => Value::from(short(&words)),
            Kind::Texts | Kind::TextsOrAll => list(&words),
            Kind::Items(_) => match list(&words) {
                Value::String(text) => text
                    .split(['、', ';', '；', '\n'])
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .collect(),
                list => list,
            },
            Kind::Facts => self.facts(&words)?,
            Kind::Changes => object(&words).ok_or_else(|| Msg::new("why.object"))?,
        }))
    }

    fn month(&self, raw: &Raw, words: &str) -> String {
        match self.instant(raw) {
            Ok(written) => written.local.format("%Y-%m").to_string(),
            Err(_) => {
                let text = half_width(words)
                    .replace('年', "-")
                    .replace(['月', ' '], "");
                match text.replace(['/', '.'], "-").split_once('-') {
                    Some((year, month)) => format!("{year}-{month:0>2}"),
                    None => text,
                }
            }
        }
    }

    /// Facts as JSON, or as the names of those that hold.
    fn facts(&self, words: &str) -> Result<Value, Msg> {
        if let Some(facts) = object(words) {
            return Ok(facts);
        }
        let parts = words
            .split(['、', ',', '，', ';', '；', '\n'])
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let mut facts = Map::new();
        for part in parts {
            let key = self
                .fact(part)
                .ok_or_else(|| Msg::new("import.why_fact").with("value", part))?;
            facts.insert(key, Value::Bool(true));
        }
        Ok(Value::Object(facts))
    }

    fn fact(&self, name: &str) -> Option<String> {
        let mut facts = self
            .rules
            .procedures()
            .flat_map(|procedure| &procedure.facts);
        facts
            .find(|fact| fact.key.get_ref() == name || fact.names().means(name))
            .map(|fact| fact.key.get_ref().clone())
    }
}

fn object(words: &str) -> Option<Value> {
    words
        .starts_with('{')
        .then(|| serde_json::from_str::<Value>(words).ok())
        .flatten()
        .filter(Value::is_object)
}

fn list(words: &str) -> Value {
    let parsed = words
        .starts_with('[')
        .then(|| serde_json::from_str::<Value>(words).ok())
        .flatten();
    parsed.unwrap_or_else(|| Value::from(half_width_words(words)))
}

/// Yes or no in the ways a register is ticked.
fn flag(raw: &Raw) -> Option<bool> {
    if let Raw::Flag(flag) = raw {
        return Some(*flag);
    }
    let words = half_width(&raw.words()).to_lowercase();
    let words = words.trim();
    if YES.contains(&words) {
        Some(true)
    } else if NO.contains(&words) {
        Some(false)
    } else {
        None
    }
}

/// Full-width digits, letters and blanks as half-width ones; Chinese punctuation stays.
fn half_width_words(text: &str) -> String {
    let change = |c: char| match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '\u{3000}' | '－' | '＃' => {
            half_width(&c.to_string()).chars().next().unwrap_or(c)
        }
        other => other,
    };
    text.chars()
        .map(change)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// A short text. A telephone number or a slip's number that a spreadsheet turned into a float is digits again.
fn short(words: &str) -> String {
    let text = half_width_words(words);
    let float = text.contains(['.', 'e', 'E'])
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+'));
    if float
        && let Some(number) = Decimal::from_scientific(&text)
            .or_else(|_| text.parse())
            .ok()
        && number.is_integer()
        && (text.contains(['e', 'E']) || text.ends_with(".0"))
    {
        return number.trunc().normalize().to_string();
    }
    text
}

/// A number without unit and thousands separators, with at most `places` places.
fn digits(words: &str, places: u32) -> Result<String, Msg> {
    let wrong = || Msg::new("why.decimal").with("places", i64::from(places));
    let text: String = half_width(words)
        .chars()
        .filter(|c| !matches!(c, ',' | ' ' | '¥' | '￥'))
        .collect();
    let text = text
        .trim_end_matches(|c: char| c.is_alphabetic() || c == '℃')
        .to_owned();
    let number: Decimal = text
        .parse()
        .or_else(|_| Decimal::from_scientific(&text))
        .map_err(|_| wrong())?;
    let rounded = number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    // What lies a millionth off was a float's shadow (0.30000000000000004); more was written so.
    if (number - rounded).abs() > Decimal::new(1, 6) {
        return Err(wrong());
    }
    // Trailing zeros that were written stay, those that a float never had are not invented.
    Ok(if number.scale() <= places {
        number.to_string()
    } else {
        rounded.normalize().to_string()
    })
}

/// Money written in yuan.
fn fen(words: &str) -> Result<Value, Msg> {
    let yuan = digits(words, 2).map_err(|_| Msg::new("why.fen"))?;
    let yuan: Decimal = yuan.parse().map_err(|_| Msg::new("why.fen"))?;
    let fen = (yuan * Decimal::ONE_HUNDRED).trunc();
    i64::try_from(fen)
        .map(Value::from)
        .map_err(|_| Msg::new("why.fen"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(field: Field, raw: Raw) -> Value {
        let rules = Rules::built_in().unwrap();
        let reading = Reading {
            zone: Zone::default(),
            rules: &rules,
            year: Some(2025),
        };
        match reading.value(&field, &raw) {
            Ok(value) => value.unwrap_or(Value::Null),
            Err(why) => json!({"wrong": why.key}),
        }
    }

    fn text(text: &str) -> Raw {
        Raw::text(text)
    }

    #[test]
    fn values_in_the_shapes_spreadsheets_hold_them() {
        let wrong = |key: &str| json!({"wrong": key});
        let moment = |text: &str| Raw::Moment(text.parse().unwrap());
        for (field, raw, want) in [
            (
                Field::text("phone"),
                Raw::number(1.39e10),
                json!("13900000000"),
            ),
            (
                Field::text("phone"),
                text("13900000000.0"),
                json!("13900000000"),
            ),
            (Field::text("phone"), text("1.39E+10"), json!("13900000000")),
            (
                Field::text("phone"),
                text("１３９００００００００"),
                json!("13900000000"),
            ),
            (
                Field::text("phone"),
                text("\t013900000000"),
                json!("013900000000"),
            ),
            (Field::text("paper_no"), text("0001234 "), json!("0001234")),
            (Field::text("place"), text("3.10"), json!("3.10")),
            (Field::long("content"), text("'=1+1"), json!("=1+1")),
            (
                Field::instant("at"),
                moment("2026-03-02T14:30:00"),
                json!("2026-03-02T14:30:00+08:00"),
            ),
            (
                Field::instant("at"),
                Raw::number(46083.604166666664),
                json!("2026-03-02T14:30:00+08:00"),
            ),
            (
                Field::instant("at"),
                Raw::number(46083.0),
                json!("2026-03-02T00:00:00+08:00"),
            ),
            (
                Field::instant("at"),
                text("46083"),
                json!("2026-03-02T00:00:00+08:00"),
            ),
            (
                Field::instant("at"),
                Raw::number(20260302.0),
                json!("2026-03-02T00:00:00+08:00"),
            ),
            (
                Field::instant("at"),
                text("3月2日"),
                json!("2025-03-02T00:00:00+08:00"),
            ),
            (
                Field::instant("at"),
                text("2026-03-02T06:30:00Z"),
                json!("2026-03-02T14:30:00+08:00"),
            ),
            (
                Field::instant("at"),
                Raw::number(5.0),
                wrong("import.why_date"),
            ),
            (Field::instant("at"), text("昨天"), wrong("import.why_date")),
            (
                Field::date("day"),
                text("2026年3月2日"),
                json!("2026-03-02"),
            ),
            (Field::month("period"), text("2026年3月"), json!("2026-03")),
            (
                Field::month("period"),
                moment("2026-03-01T00:00:00"),
                json!("2026-03"),
            ),
            (Field::flag("urgent"), text("√"), json!(true)),
            (Field::flag("urgent"), text("×"), json!(false)),
            (Field::flag("urgent"), text("是"), json!(true)),
            (Field::flag("urgent"), Raw::Flag(false), json!(false)),
            (Field::flag("urgent"), text("也许"), wrong("why.flag")),
            (Field::fen("amount"), text("￥1,234.50元"), json!(123_450)),
            (Field::fen("amount"), Raw::number(0.1 + 0.2), json!(30)),
            (Field::fen("amount"), text("1.234"), wrong("why.fen")),
            (Field::decimal("load", 3), Raw::number(3.5), json!("3.5")),
            (Field::decimal("load", 3), text("3.50kW"), json!("3.50")),
            (Field::integer("n", 0, 9), Raw::number(2.0), json!("2")),
            (Field::texts("areas"), text("1栋、2栋"), json!("1栋、2栋")),
            (
                Field::texts("areas"),
                text("[\"A 座\",\"B 座\"]"),
                json!(["A 座", "B 座"]),
            ),
            (Field::text("x"), text("  "), Value::Null),
        ] {
            assert_eq!(read(field, raw.clone()), want, "{} {raw:?}", field.key);
        }
    }
}
