//! Workbooks: real dates and numbers, texts as texts, header frozen, filter set; rows go to disk as they come.

use std::fs::File;
use std::io;
use std::path::Path;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::{Cell, Column, ColumnKind, Fresh, Out, Style, Table};

/// Rows a sheet holds, the header included; what is more goes on in a further sheet.
const SHEET_ROWS: u32 = 1_048_576;
/// UTF-16 units a cell holds.
const CELL_UNITS: usize = 32_767;
/// Digits a spreadsheet keeps of a number; a longer one is written as text.
const EXACT_DIGITS: usize = 15;

/// One table: the sheet it is being written into, and how far.
struct Sheet {
    table: Table,
    index: usize,
    /// The next row to be written.
    row: u32,
    /// How many sheets it has filled before this one.
    filled: usize,
    formats: Vec<Option<Format>>,
}

/// A workbook.
pub(super) struct Xlsx {
    book: Workbook,
    fresh: Fresh,
    file: File,
    sheets: Vec<Sheet>,
    style: Style,
}

fn wrong(e: XlsxError) -> io::Error {
    match e {
        XlsxError::IoError(e) => e,
        other => io::Error::other(other.to_string()),
    }
}

impl Xlsx {
    pub(super) fn begin(path: &Path, tables: Vec<Table>, style: Style) -> io::Result<Self> {
        let (fresh, file) = Fresh::begin(path)?;
        let mut book = Workbook::new();
        // Rows wait beside the file: the same disk, the same owner.
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        book.set_tempdir(folder.unwrap_or(Path::new(".")))
            .map_err(wrong)?;
        let made = style.voice.zone.local(style.made);
        let date = ExcelDateTime::from_ymd(
            u16::try_from(made.year()).unwrap_or(1900),
            u8::try_from(made.month()).unwrap_or(1),
            u8::try_from(made.day()).unwrap_or(1),
        )
        .map_err(wrong)?;
        book.set_properties(
            &DocProperties::new()
                .set_author("DutyDesk")
                .set_creation_datetime(&date),
        );
        let mut xlsx = Self {
            book,
            fresh,
            file,
            sheets: Vec::new(),
            style,
        };
        let mut taken = Vec::new();
        for mut table in tables {
            table.name = free_name(&table.name, &taken);
            taken.push(table.name.clone());
            let sheet = xlsx.sheet(table, 0)?;
            xlsx.sheets.push(sheet);
        }
        Ok(xlsx)
    }

    /// Begins a sheet for a table.
    fn sheet(&mut self, table: Table, filled: usize) -> io::Result<Sheet> {
        let index = self.book.worksheets().len();
        let sheet = self
            .book
            .add_worksheet_with_constant_memory()
            .map_err(wrong)?;
        let name = match filled {
            0 => table.name.clone(),
            n => free_name(&format!("{} ({})", table.name, n + 1), &[]),
        };
        let formats = table.columns.iter().map(format_of).collect();
        begin(sheet, &name, &table.columns).map_err(wrong)?;
        Ok(Sheet {
            table,
            index,
            row: 1,
            filled,
            formats,
        })
    }

    /// Closes a full sheet and begins the next one of its table.
    fn turn(&mut self, table: usize) -> io::Result<()> {
        let Some(full) = self.sheets.get(table) else {
            return Ok(());
        };
        let (described, filled) = (full.table.clone(), full.filled + 1);
        end(&mut self.book, full).map_err(wrong)?;
        let next = self.sheet(described, filled)?;
        if let Some(place) = self.sheets.get_mut(table) {
            *place = next;
        }
        Ok(())
    }
}

fn begin(sheet: &mut Worksheet, name: &str, columns: &[Column]) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let header = Format::new().set_bold().set_align(FormatAlign::Center);
    for (index, column) in (0_u16..).zip(columns) {
        sheet.set_column_width(index, column.width.clamp(6, 60) + 2)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (index, column) in (0_u16..).zip(columns) {
        sheet.write_string_with_format(0, index, cut(&column.label), &header)?;
    }
    Ok(())
}

/// The filter covers what was written.
fn end(book: &mut Workbook, sheet: &Sheet) -> Result<(), XlsxError> {
    let last = u16::try_from(sheet.table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    book.worksheet_from_index(sheet.index)?
        .autofilter(0, 0, sheet.row - 1, last)?;
    Ok(())
}

/// A name that a sheet may bear: at most 31 characters, none of `[]:*?/\`, not taken.
fn free_name(name: &str, taken: &[String]) -> String {
    let clean: String = name
        .chars()
        .filter(|c| !c.is_control() && !"[]:*?/\\'".contains(*c))
        .take(31)
        .collect();
    let clean = if clean.trim().is_empty() {
        "Sheet".to_owned()
    } else {
        clean
    };
    if !taken.contains(&clean) {
        return clean;
    }
    let short: String = clean.chars().take(26).collect();
    (2_usize..)
        .map(|n| format!("{short} ({n})"))
        .find(|name| !taken.contains(name))
        .unwrap_or(clean)
}

fn format_of(column: &Column) -> Option<Format> {
    let places = |n: u32| match n {
        0 => "0".to_owned(),
        n => format!("0.{}", "0".repeat(n as usize)),
    };
    Some(match column.kind {
        ColumnKind::Fen => Format::new().set_num_format("#,##0.00"),
        ColumnKind::Decimal(n) => Format::new().set_num_format(places(n.min(4))),
        ColumnKind::Instant => Format::new().set_num_format("yyyy-mm-dd hh:mm"),
        ColumnKind::Date => Format::new().set_num_format("yyyy-mm-dd"),
        ColumnKind::Text => Format::new().set_num_format("@"),
        ColumnKind::Integer | ColumnKind::Bool | ColumnKind::Json => return None,
    })
}

/// The text as far as a cell holds it.
fn cut(text: &str) -> String {
    if text.len() <= CELL_UNITS {
        return text.to_owned();
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units < CELL_UNITS
    };
    let mut short: String = text.chars().take_while(fits).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Days since 1899-12-30 as spreadsheets count; `None` before March 1900, where they count wrongly.
fn serial(local: NaiveDateTime) -> Option<f64> {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let days = local.date().signed_duration_since(epoch).num_days();
    let seconds = local.time().num_seconds_from_midnight();
    // A spreadsheet's dates are floating point by nature; whole seconds survive the way there and back.
    i32::try_from(days)
        .ok()
        .filter(|days| *days > 60)
        .map(|days| f64::from(days) + f64::from(seconds) / 86_400.0)
}

/// A number as a spreadsheet holds it, when it holds all its digits.
fn number(digits: &str) -> Option<f64> {
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    (count <= EXACT_DIGITS)
        .then(|| digits.parse().ok())
        .flatten()
}

impl Out for Xlsx {
    fn row(&mut self, table: usize, cells: &[Cell]) -> io::Result<()> {
        if self
            .sheets
            .get(table)
            .is_some_and(|sheet| sheet.row >= SHEET_ROWS)
        {
            self.turn(table)?;
        }
        let voice = self.style.voice;
        let Some(sheet) = self.sheets.get_mut(table) else {
            return Ok(());
        };
        let page = self.book.worksheet_from_index(sheet.index).map_err(wrong)?;
        for ((column, cell), format) in (0_u16..).zip(cells).zip(&sheet.formats) {
            put(page, sheet.row, column, cell, format.as_ref(), &voice).map_err(wrong)?;
        }
        sheet.row += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        for sheet in &self.sheets {
            end(&mut self.book, sheet).map_err(wrong)?;
        }
        self.book.save_to_writer(&self.file).map_err(wrong)?;
        self.fresh.keep(self.file)
    }
}

fn put(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    format: Option<&Format>,
    voice: &crate::base::i18n::Voice,
) -> Result<(), XlsxError> {
    let found = match cell {
        Cell::Empty => return Ok(()),
        Cell::Integer(n) => number(&n.to_string()),
        Cell::Decimal(digits) => number(digits),
        Cell::Fen(fen) => number(&crate::base::quantity::Fen(*fen).yuan()),
        Cell::At(at) => serial(voice.zone.local(*at)),
        Cell::Day(day) => day.and_hms_opt(0, 0, 0).and_then(serial),
        Cell::Text(_) | Cell::Coded { .. } | Cell::Flag(_) | Cell::Json { .. } => None,
    };
    match (found, format) {
        (Some(number), Some(format)) => page.write_number_with_format(row, column, number, format),
        (Some(number), None) => page.write_number(row, column, number),
        // The text format keeps a number that is typed over it later as it is typed.
        (None, Some(format)) => {
            page.write_string_with_format(row, column, cut(&cell.words(voice)), format)
        }
        (None, None) => page.write_string(row, column, cut(&cell.words(voice))),
    }?;
    Ok(())
}
