//! What a cell of a foreign file holds, before anybody knows what it means.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// A cell as it was read.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Raw {
    /// Nothing, or only blanks.
    #[default]
    Empty,
    /// Text, without the blanks around it.
    Text(String),
    /// A number, as digits: exact as far as the file holds it.
    Number(String),
    /// A date and a time of day.
    Moment(NaiveDateTime),
    /// A time of day or a duration.
    Time(NaiveTime),
    /// Yes or no.
    Flag(bool),
}

impl Raw {
    /// A text; empty when there is nothing in it.
    pub fn text(text: &str) -> Self {
        let text = crate::tables::safe::unguarded(text);
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
        if text.is_empty() {
            Raw::Empty
        } else {
            Raw::Text(text.to_owned())
        }
    }

    /// A spreadsheet's number: as many digits as it takes to name it, no exponent.
    pub fn number(value: f64) -> Self {
        if value.is_finite() {
            Raw::Number(format!("{value}"))
        } else {
            Raw::Empty
        }
    }

    /// A spreadsheet's serial date (days since 1899-12-30).
    pub fn serial(value: f64) -> Option<NaiveDateTime> {
        if !(1.0..2_958_466.0).contains(&value) {
            return None;
        }
        // Dates are floating point in a spreadsheet; the nearest second is what was typed.
        let seconds = (value * 86_400.0).round() as i64;
        let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_hms_opt(0, 0, 0)?;
        epoch.checked_add_signed(chrono::Duration::try_seconds(seconds)?)
    }

    /// A spreadsheet's time of day: a part of a day.
    pub fn time_cell(value: f64) -> Self {
        let seconds = (value.fract() * 86_400.0).round() as u32;
        NaiveTime::from_num_seconds_from_midnight_opt(seconds % 86_400, 0)
            .map_or(Raw::Empty, Raw::Time)
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Raw::Empty
    }

    /// As a person would write it.
    pub fn words(&self) -> String {
        match self {
            Raw::Empty => String::new(),
            Raw::Text(text) | Raw::Number(text) => text.clone(),
            Raw::Moment(at) if at.time() == NaiveTime::MIN => at.format("%Y-%m-%d").to_string(),
            Raw::Moment(at) if at.second() == 0 => at.format("%Y-%m-%d %H:%M").to_string(),
            Raw::Moment(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
            Raw::Time(time) => time.format("%H:%M").to_string(),
            Raw::Flag(flag) => if *flag { "是" } else { "否" }.to_owned(),
        }
    }
}
