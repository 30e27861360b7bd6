//! The registers of a month as files: JSON Lines for programs, CSV and a workbook for people, all from the same record.

use std::io;
use std::path::PathBuf;

use serde_json::Value;

use super::book::Scope;
use super::pack::{Pack, Part};
use super::statistics::Statistics;
use crate::base::i18n::Voice;
use crate::base::time::Month;
use crate::desk::Result;
use crate::desk::json::Json;
use crate::desk::past::{Past, PastRecord, cannot_write};
use crate::desk::view::NextDuty;
use crate::record::entry::Entry;
use crate::registers::REGISTERS;
use crate::registers::dynamic::AnyRegister;
use crate::rules::deadline::Deadline;
use crate::tables::flat::Flat;
use crate::tables::{Cell, Column, ColumnKind, Format, Out, Style, Table, create};

/// The workbook's name.
pub const WORKBOOK: &str = "registers.xlsx";

/// The name of a register's file.
pub fn name(register: &dyn AnyRegister, ending: &str) -> String {
    format!("registers/{}.{ending}", register.spec().code)
}

/// One table file at a time, with the place it goes to.
pub(super) struct Sheet {
    out: Box<dyn Out>,
    path: PathBuf,
    name: String,
}

impl Sheet {
    /// Begins a file of tables.
    pub(super) fn begin(
        pack: &Pack,
        name: &str,
        format: Format,
        tables: Vec<Table>,
        style: Style,
    ) -> Result<Self> {
        let path = pack.place(name)?;
        let out = create(format, &path, tables, style).map_err(|e| cannot_write(&path, &e))?;
        Ok(Self {
            out,
            path,
            name: name.to_owned(),
        })
    }

    /// Begins a CSV file of one table. Columns: (key, label in the catalogue, kind, width).
    pub(super) fn csv(
        pack: &Pack,
        scope: &Scope,
        name: &str,
        columns: &[(&str, &str, ColumnKind, u16)],
    ) -> Result<Self> {
        let voice = super::content::voice(scope);
        let column = |(key, label, kind, width): &(&str, &str, ColumnKind, u16)| {
            column(&voice, key, label, *kind, *width)
        };
        let table = Table {
            name: name.to_owned(),
            columns: columns.iter().map(column).collect(),
        };
        let style = Style {
            voice,
            made: scope.at,
        };
        Self::begin(pack, name, Format::Csv, vec![table], style)
    }

    /// Writes a row.
    pub(super) fn row(&mut self, table: usize, cells: &[Cell]) -> Result<()> {
        let written: io::Result<()> = self.out.row(table, cells);
        written.map_err(|e| cannot_write(&self.path, &e))
    }

    /// Completes the file and takes it into the pack.
    pub(super) fn finish(self, pack: &mut Pack) -> Result<()> {
        let path = self.path;
        self.out.finish().map_err(|e| cannot_write(&path, &e))?;
        pack.adopt(&self.name)
    }
}

/// A column.
fn column(voice: &Voice, key: &str, label: &str, kind: ColumnKind, width: u16) -> Column {
    Column {
        key: key.to_owned(),
        label: voice.text(label),
        kind,
        width,
        personal: false,
    }
}

/// A record with everything that is reckoned from it once.
pub(super) struct Line<'a> {
    pub(super) past: &'a PastRecord,
    pub(super) deadlines: Vec<Deadline>,
    pub(super) late: Option<Month>,
}

/// The workbook of all registers, open while they are written one after another.
pub(super) struct Books {
    workbook: Sheet,
    flats: Vec<Flat>,
    voice: Voice,
    style: Style,
}

/// The files of one register.
pub(super) struct Book {
    index: usize,
    csv: Sheet,
    lines: Part,
}

impl Books {
    /// Begins the workbook: a sheet a register, then counts and duties.
    pub(super) fn begin(pack: &Pack, voice: Voice, scope: &Scope) -> Result<Self> {
        let flats: Vec<Flat> = REGISTERS.iter().map(|r| Flat::of(*r, &voice)).collect();
        let style = Style {
            voice,
            made: scope.at,
        };
        let mut tables: Vec<Table> = flats.iter().map(|flat| table(&voice, flat)).collect();
        tables.push(counts_table(&voice));
        tables.push(duties_table(&voice));
        Ok(Self {
            workbook: Sheet::begin(pack, WORKBOOK, Format::Xlsx, tables, style)?,
            flats,
            voice,
            style,
        })
    }

    /// Begins the files of the register of this index.
    pub(super) fn book(
        &self,
        pack: &Pack,
        index: usize,
        register: &'static dyn AnyRegister,
    ) -> Result<Book> {
        let tables = vec![table(&self.voice, &Flat::of(register, &self.voice))];
        Ok(Book {
            index,
            csv: Sheet::begin(
                pack,
                &name(register, "csv"),
                Format::Csv,
                tables,
                self.style,
            )?,
            lines: pack.part(&name(register, "jsonl"))?,
        })
    }

    /// Writes a record into all of them.
    pub(super) fn put(
        &mut self,
        book: &mut Book,
        line: &Line<'_>,
        past: &Past<'_>,
        scope: &Scope,
    ) -> Result<()> {
        let next = next(&line.deadlines);
        let entries: Vec<&Entry> = line.past.history.iter().map(|item| &*item.entry).collect();
        if let Some(flat) = self.flats.get(book.index) {
            let record = &line.past.record;
            let mut cells = flat.row(&self.voice, past.rules(), record, &entries, next.as_ref());
            cells.push(
                line.late
                    .map_or(Cell::Empty, |month| Cell::text(month.to_string())),
            );
            book.csv.row(0, &cells)?;
            self.workbook.row(book.index, &cells)?;
        }
        let document = document(line, past, scope, self.voice)?;
        book.lines.line(&document.to_string())
    }

    /// Writes the counts and completes the workbook.
    pub(super) fn finish(
        mut self,
        pack: &mut Pack,
        statistics: &Statistics,
        past: &Past<'_>,
    ) -> Result<()> {
        let (counts, duties) = statistics_rows(statistics, past, &self.voice);
        let sheets = self.flats.len();
        for row in &counts {
            self.workbook.row(sheets, row)?;
        }
        for row in &duties {
            self.workbook.row(sheets + 1, row)?;
        }
        self.workbook.finish(pack)?;
        for (name, table, rows) in [
            ("statistics.csv", counts_table(&self.voice), counts),
            ("compliance.csv", duties_table(&self.voice), duties),
        ] {
            let mut sheet = Sheet::begin(pack, name, Format::Csv, vec![table], self.style)?;
            rows.iter().try_for_each(|row| sheet.row(0, row))?;
            sheet.finish(pack)?;
        }
        Ok(())
    }
}

impl Book {
    /// Completes the register's files.
    pub(super) fn finish(self, pack: &mut Pack) -> Result<()> {
        self.csv.finish(pack)?;
        pack.finish(self.lines)
    }
}

/// What is owed next, as the lists tell it.
fn next(deadlines: &[Deadline]) -> Option<NextDuty> {
    let owed = deadlines.iter().filter(|d| d.pending() && !d.silent);
    owed.min_by_key(|d| d.order()).map(|deadline| NextDuty {
        code: deadline.code.clone(),
        due: deadline.due,
        deadline: deadline.clone(),
    })
}

fn table(voice: &Voice, flat: &Flat) -> Table {
    let mut columns = flat.columns().to_vec();
    columns.push(column(
        voice,
        "late_month",
        "archive.late_month",
        ColumnKind::Text,
        8,
    ));
    Table {
        name: voice.text(&format!("register.{}", flat.register().spec().code)),
        columns,
    }
}

fn counts_table(voice: &Voice) -> Table {
    use ColumnKind::{Integer, Text};
    Table {
        name: voice.text("archive.sheet.counts"),
        columns: vec![
            column(voice, "register", "field.register", Text, 10),
            column(voice, "what", "archive.col.what", Text, 12),
            column(voice, "value", "archive.col.value", Text, 28),
            column(voice, "n", "archive.col.n", Integer, 8),
        ],
    }
}

fn duties_table(voice: &Voice) -> Table {
    use ColumnKind::{Integer, Text};
    let mut columns = vec![
        column(voice, "register", "field.register", Text, 10),
        column(voice, "duty", "archive.col.duty", Text, 18),
        column(voice, "clause", "archive.col.clause", Text, 16),
        column(voice, "who", "archive.col.who", Text, 12),
    ];
    let numbers = [
        "owed",
        "met",
        "late_done",
        "late_open",
        "open",
        "na",
        "impossible",
        "provisional",
    ];
    columns
        .extend(numbers.map(|key| column(voice, key, &format!("archive.col.{key}"), Integer, 8)));
    Table {
        name: voice.text("archive.sheet.duties"),
        columns,
    }
}

type Rows = Vec<Vec<Cell>>;

fn statistics_rows(statistics: &Statistics, past: &Past<'_>, voice: &Voice) -> (Rows, Rows) {
    let whole = |n: u64| Cell::Integer(i64::try_from(n).unwrap_or(i64::MAX));
    let counts = statistics
        .counts(voice, past.rules())
        .into_iter()
        .map(|(words, n)| {
            let mut row: Vec<Cell> = words.into_iter().map(Cell::text).collect();
            row.push(whole(n));
            row
        });
    let duties = statistics
        .compliance(voice, past.rules())
        .into_iter()
        .map(|(words, numbers)| {
            let mut row: Vec<Cell> = words.into_iter().map(Cell::text).collect();
            row.extend(numbers.map(whole));
            row
        });
    (counts.collect(), duties.collect())
}

/// A record as `show --format json` tells it, as of the archive's instant. What could be done to it is left out: in a
/// sealed month nothing can.
fn document(line: &Line<'_>, past: &Past<'_>, scope: &Scope, voice: Voice) -> Result<Value> {
    let found = line.past;
    let linked_from = past.linked_from(&found.record.head.no)?;
    let view = found.view(line.deadlines.clone(), linked_from);
    let json = Json {
        voice,
        now: scope.at,
    };
    let mut document = json.view(&view, &[]);
    if let Value::Object(map) = &mut document {
        map.retain(|key, _| !matches!(key.as_str(), "actions" | "warnings"));
        if let Some(month) = line.late {
            map.insert("late_month".to_owned(), month.to_string().into());
        }
    }
    Ok(document)
}
