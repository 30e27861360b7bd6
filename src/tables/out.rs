//! One face for every format: tables are named, rows are handed over one by one, the file appears when it is whole.

use std::io;
use std::path::Path;

use super::{Cell, Table};
use crate::base::i18n::Voice;
use crate::base::time::Instant;

/// The formats a table is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A workbook with real dates and numbers, frozen header and filter; all tables in one file.
    Xlsx,
    /// Comma-separated, UTF-8 with a byte order mark, CRLF: as Excel opens it.
    Csv,
    /// One JSON document: an array of objects.
    Json,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// The format that a file's name asks for.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "xlsx" => Format::Xlsx,
            "csv" => Format::Csv,
            "json" => Format::Json,
            "jsonl" | "ndjson" => Format::JsonLines,
            _ => return None,
        })
    }
}

/// How a table speaks, and what it says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Language of the words and the zone of instants.
    pub voice: Voice,
    /// The creation date a workbook bears; the same date and rows give the same bytes.
    pub made: Instant,
}

/// A file of tables being written.
pub trait Out {
    /// Writes the next row of the table of this index.
    ///
    /// # Errors
    /// When the disk does not take it.
    fn row(&mut self, table: usize, cells: &[Cell]) -> io::Result<()>;

    /// Completes the file: it now stands under its name. Dropped without this, nothing is left.
    ///
    /// # Errors
    /// When the disk does not take it.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Begins a file of these tables. A format that holds one table a file puts the first under `path` and the others
/// beside it, named `stem.table.ext`.
///
/// # Errors
/// When the folder cannot be written.
pub fn create(
    format: Format,
    path: &Path,
    tables: Vec<Table>,
    style: Style,
) -> io::Result<Box<dyn Out>> {
    Ok(match format {
        Format::Xlsx => Box::new(super::xlsx::Xlsx::begin(path, tables, style)?),
        Format::Csv => Box::new(super::csv::Csv::begin(path, tables, style)?),
        Format::Json => Box::new(super::json::Json::begin(path, tables, style, false)?),
        Format::JsonLines => Box::new(super::json::Json::begin(path, tables, style, true)?),
    })
}

/// Where the table of this index goes in a format that holds one table a file.
pub(super) fn beside(path: &Path, index: usize, name: &str) -> std::path::PathBuf {
    if index == 0 {
        return path.to_owned();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}.{name}.{ending}"))
}
