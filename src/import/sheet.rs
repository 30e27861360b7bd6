//! Reading a foreign file row by row, whatever its format. XLSX and text are streamed; XLS and ODS are read whole, a
//! sheet at a time, as their formats ask for.

use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::Path;

use calamine::{Data, DataRef, ExcelDateTime, Reader, Sheets, open_workbook_auto};
use chrono::{Duration, NaiveDate};

use super::raw::Raw;
use super::text::{Decoded, shape};
use crate::base::i18n::{Arg, Msg};
use crate::desk::{Error, Result};
use crate::store::FileTrouble;

/// A file that rows are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A workbook, and the sheet of it.
    Book(String),
    /// Text with separators.
    Text,
    /// One JSON document a line.
    Lines,
}

/// A row: its line, counted from 1, and its cells.
pub type Row = (u64, Vec<Raw>);

fn trouble(path: &Path, reason: Msg) -> Error {
    Error::File(FileTrouble {
        path: path.to_owned(),
        reason,
    })
}

pub(super) fn unreadable(path: &Path, why: impl std::fmt::Display) -> Error {
    trouble(
        path,
        Msg::new("import.unreadable").with("why", why.to_string()),
    )
}

fn ending(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    ending.to_ascii_lowercase()
}

fn is_book(path: &Path) -> bool {
    matches!(
        ending(path).as_str(),
        "xlsx" | "xlsm" | "xlam" | "xlsb" | "xls" | "xla" | "ods"
    )
}

fn open(path: &Path) -> Result<Sheets<BufReader<File>>> {
    // Told apart from a damaged workbook: a file that cannot be opened at all.
    File::open(path).map_err(|e| unreadable(path, e))?;
    open_workbook_auto(path).map_err(|e| unreadable(path, e))
}

/// The sheets of a workbook, in order; none for text.
///
/// # Errors
/// [`Error::File`] when it cannot be read.
pub fn sheets(path: &Path) -> Result<Vec<String>> {
    if is_book(path) {
        Ok(open(path)?.sheet_names())
    } else {
        Ok(Vec::new())
    }
}

/// What a file is; `sheet` names a sheet of a workbook, else the first that has rows is taken.
///
/// # Errors
/// [`Error::File`] when it cannot be read or has no such sheet.
pub fn kind(path: &Path, sheet: Option<&str>) -> Result<Kind> {
    if !is_book(path) {
        File::open(path).map_err(|e| unreadable(path, e))?;
        return Ok(match ending(path).as_str() {
            "jsonl" | "ndjson" | "json" => Kind::Lines,
            _ => Kind::Text,
        });
    }
    let names = sheets(path)?;
    if let Some(name) = sheet {
        if names.iter().any(|known| known == name) {
            return Ok(Kind::Book(name.to_owned()));
        }
        let known = names.into_iter().map(Arg::from).collect();
        let reason = Msg::new("import.no_sheet")
            .with("sheet", name)
            .with("known", Arg::List(known));
        return Err(trouble(path, reason));
    }
    for name in &names {
        let mut any = false;
        each(path, &Kind::Book(name.clone()), &mut |_| {
            any = true;
            ControlFlow::Break(())
        })?;
        if any {
            return Ok(Kind::Book(name.clone()));
        }
    }
    Err(trouble(path, Msg::new("import.empty")))
}

/// Hands every row that is not empty to `take`, in order, until it says stop.
///
/// # Errors
/// [`Error::File`] when the file cannot be read to its end.
pub fn each(path: &Path, kind: &Kind, take: &mut dyn FnMut(Row) -> ControlFlow<()>) -> Result<()> {
    match kind {
        Kind::Text => each_of_text(path, take),
        Kind::Lines => Ok(()),
        Kind::Book(sheet) => match open(path)? {
            Sheets::Xlsx(book) => each_of_xlsx(path, book, sheet, take),
            mut book => {
                let range = book
                    .worksheet_range(sheet)
                    .map_err(|e| unreadable(path, e))?;
                let top = u64::from(range.start().map_or(0, |(row, _)| row));
                let left = range.start().map_or(0, |(_, column)| column) as usize;
                for (line, cells) in (top + 1..).zip(range.rows()) {
                    let mut row = vec![Raw::Empty; left];
                    row.extend(cells.iter().map(raw));
                    if row.iter().any(|cell| !cell.is_empty()) && take((line, row)).is_break() {
                        break;
                    }
                }
                Ok(())
            }
        },
    }
}

fn each_of_text(path: &Path, take: &mut dyn FnMut(Row) -> ControlFlow<()>) -> Result<()> {
    let shape = shape(path).map_err(|e| unreadable(path, e))?;
    let file = File::open(path).map_err(|e| unreadable(path, e))?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(shape.separator)
        .from_reader(Decoded::new(file, shape.encoding));
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|e| unreadable(path, e))?
    {
        let line = record.position().map_or(0, csv::Position::line);
        let row: Vec<Raw> = record.iter().map(Raw::text).collect();
        if row.iter().any(|cell| !cell.is_empty()) && take((line, row)).is_break() {
            break;
        }
    }
    Ok(())
}

fn each_of_xlsx(
    path: &Path,
    mut book: calamine::Xlsx<BufReader<File>>,
    sheet: &str,
    take: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<()> {
    let mut cells = book
        .worksheet_cells_reader(sheet)
        .map_err(|e| unreadable(path, e))?;
    let mut line = 0_u32;
    let mut row: Vec<Raw> = Vec::new();
    let mut give = |line: u32, row: &mut Vec<Raw>| {
        let row = std::mem::take(row);
        if row.iter().any(|cell| !cell.is_empty()) {
            take((u64::from(line) + 1, row))
        } else {
            ControlFlow::Continue(())
        }
    };
    while let Some(cell) = cells.next_cell().map_err(|e| unreadable(path, e))? {
        let (at, column) = cell.get_position();
        if at != line {
            if give(line, &mut row).is_break() {
                return Ok(());
            }
            line = at;
        }
        let column = column as usize;
        if row.len() <= column {
            row.resize(column + 1, Raw::Empty);
        }
        if let Some(place) = row.get_mut(column) {
            *place = raw_ref(cell.get_value());
        }
    }
    let _ = give(line, &mut row);
    Ok(())
}

/// A date cell, in whichever epoch its workbook counts.
fn date_cell(at: &ExcelDateTime) -> Raw {
    if at.is_duration() || at.as_f64() < 1.0 {
        return Raw::time_cell(at.as_f64());
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let day = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    let local =
        day.and_then(|day| day.and_hms_opt(u32::from(hour), u32::from(minute), u32::from(second)));
    // The nearest second is what was typed.
    let rounded = local.map(|local| local + Duration::seconds(i64::from(milli >= 500)));
    rounded.map_or_else(|| Raw::number(at.as_f64()), Raw::Moment)
}

fn iso(text: &str) -> Raw {
    let moment = text.parse().ok().map(Raw::Moment);
    let day = || {
        let day: chrono::NaiveDate = text.parse().ok()?;
        day.and_hms_opt(0, 0, 0).map(Raw::Moment)
    };
    moment.or_else(day).unwrap_or_else(|| Raw::text(text))
}

fn raw(data: &Data) -> Raw {
    match data {
        Data::Empty | Data::Error(_) => Raw::Empty,
        Data::Int(n) => Raw::Number(n.to_string()),
        Data::Float(value) => Raw::number(*value),
        Data::String(text) | Data::DurationIso(text) => Raw::text(text),
        Data::DateTimeIso(text) => iso(text),
        Data::Bool(flag) => Raw::Flag(*flag),
        Data::DateTime(at) => date_cell(at),
    }
}

fn raw_ref(data: &DataRef<'_>) -> Raw {
    match data {
        DataRef::SharedString(text) => Raw::text(text),
        DataRef::Empty | DataRef::Error(_) => Raw::Empty,
        DataRef::Int(n) => Raw::Number(n.to_string()),
        DataRef::Float(value) => Raw::number(*value),
        DataRef::String(text) | DataRef::DurationIso(text) => Raw::text(text),
        DataRef::DateTimeIso(text) => iso(text),
        DataRef::Bool(flag) => Raw::Flag(*flag),
        DataRef::DateTime(at) => date_cell(at),
    }
}
