//! Tables 表格: what a table is, what a register looks like as one, and how one is written as XLSX, CSV or JSON.
//!
//! A column is described once ([`Column`]); a value ([`Cell`]) keeps its type until a writer ([`Out`]) gives it the
//! shape its format knows. Exports, the month's archive and the clipboard are all written from here, row by row: the
//! memory needed does not grow with the number of rows.

mod clipboard;
mod csv;
pub mod flat;
mod fresh;
pub mod history;
mod json;
pub mod list;
pub mod mask;
mod out;
pub mod safe;
#[cfg(test)]
mod tests;
mod value;
mod xlsx;

use chrono::NaiveDate;
use serde_json::Value;

pub use clipboard::tsv;
pub use fresh::Fresh;
pub use out::{Format, Out, Style, create};
pub use value::cell;

use crate::base::i18n::Voice;
use crate::base::time::Instant;

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, also what only looks like a number: telephone numbers, room numbers, meter numbers.
    Text,
    /// A whole number.
    Integer,
    /// An exact decimal with at most this many places.
    Decimal(u32),
    /// Money 金额: fen inside, yuan with two places where people read it.
    Fen,
    /// An instant, told in the site's zone.
    Instant,
    /// A civil date.
    Date,
    /// Yes or no.
    Bool,
    /// JSON, as it is.
    Json,
}

/// A column 列.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The key in JSON and in mapping files: `place`, `finish.result`.
    pub key: String,
    /// What stands in the header.
    pub label: String,
    /// What its cells hold.
    pub kind: ColumnKind,
    /// Columns of a terminal it wants.
    pub width: u16,
    /// Whether it holds personal data, hidden by `--mask`.
    pub personal: bool,
}

/// One table of a file: a sheet of a workbook.
#[derive(Clone, Debug)]
pub struct Table {
    /// What the sheet is called.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// A value in a table, with its type.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A code of a closed set, and the words people read for it.
    Coded {
        /// `phone`
        code: String,
        /// 电话
        words: String,
    },
    /// A whole number.
    Integer(i64),
    /// An exact decimal, as digits.
    Decimal(String),
    /// Money in fen.
    Fen(i64),
    /// An instant.
    At(Instant),
    /// A civil date.
    Day(NaiveDate),
    /// Yes or no.
    Flag(bool),
    /// Lists and objects; `words` is what people read where JSON is not wanted.
    Json {
        /// The value.
        value: Value,
        /// Words, when they say the same.
        words: Option<String>,
    },
}

impl Cell {
    /// Text, or nothing when it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Cell::Empty
        } else {
            Cell::Text(text)
        }
    }

    /// What people read: words, yuan, the site's wall clock.
    pub fn words(&self, voice: &Voice) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Decimal(text) => text.clone(),
            Cell::Coded { words, .. } => words.clone(),
            Cell::Integer(n) => n.to_string(),
            Cell::Fen(fen) => crate::base::quantity::Fen(*fen).yuan(),
            Cell::At(at) => wall(voice, *at),
            Cell::Day(day) => day.to_string(),
            Cell::Flag(flag) => voice.text(if *flag { "word.yes" } else { "word.no" }),
            Cell::Json { value, words } => words.clone().unwrap_or_else(|| value.to_string()),
        }
    }

    /// What programs read: codes, fen, RFC 3339.
    pub fn json(&self, voice: &Voice) -> Value {
        match self {
            Cell::Empty => Value::Null,
            Cell::Text(text) | Cell::Decimal(text) => Value::from(text.as_str()),
            Cell::Coded { code, .. } => Value::from(code.as_str()),
            Cell::Integer(n) | Cell::Fen(n) => Value::from(*n),
            Cell::At(at) => Value::from(voice.zone.rfc3339(*at)),
            Cell::Day(day) => Value::from(day.to_string()),
            Cell::Flag(flag) => Value::from(*flag),
            Cell::Json { value, .. } => value.clone(),
        }
    }
}

/// The wall clock at the site, as a spreadsheet understands it; seconds only when they are not zero.
fn wall(voice: &Voice, at: Instant) -> String {
    use chrono::Timelike;
    let local = voice.zone.local(at);
    let form = if local.second() == 0 {
        "%Y-%m-%d %H:%M"
    } else {
        "%Y-%m-%d %H:%M:%S"
    };
    local.format(form).to_string()
}
