//! CSV as Excel opens it: byte order mark, CRLF, no formula, telephone numbers and leading zeros kept.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::out::beside;
use super::safe::{guarded, kept_as_text};
use super::{Cell, Column, ColumnKind, Fresh, Out, Style, Table};

struct One {
    fresh: Fresh,
    writer: csv::Writer<BufWriter<File>>,
    columns: Vec<Column>,
}

/// CSV files, one a table.
pub(super) struct Csv {
    style: Style,
    files: Vec<One>,
}

impl Csv {
    pub(super) fn begin(path: &Path, tables: Vec<Table>, style: Style) -> io::Result<Self> {
        let mut files = Vec::with_capacity(tables.len());
        for (index, table) in tables.into_iter().enumerate() {
            let (fresh, file) = Fresh::begin(&beside(path, index, &table.name))?;
            let mut file = BufWriter::new(file);
            file.write_all("\u{feff}".as_bytes())?;
            let mut writer = csv::WriterBuilder::new()
                .terminator(csv::Terminator::CRLF)
                .from_writer(file);
            writer.write_record(table.columns.iter().map(|column| guarded(&column.label)))?;
            files.push(One {
                fresh,
                writer,
                columns: table.columns,
            });
        }
        Ok(Self { style, files })
    }
}

impl Out for Csv {
    fn row(&mut self, table: usize, cells: &[Cell]) -> io::Result<()> {
        let voice = self.style.voice;
        let Some(file) = self.files.get_mut(table) else {
            return Ok(());
        };
        let fields = file.columns.iter().zip(cells).map(|(column, cell)| {
            let words = cell.words(&voice);
            match (column.kind, cell) {
                (ColumnKind::Text | ColumnKind::Json, Cell::Text(_) | Cell::Json { .. }) => {
                    kept_as_text(&words)
                }
                (_, Cell::Coded { .. } | Cell::Text(_)) => guarded(&words),
                _ => words,
            }
        });
        file.writer.write_record(fields)?;
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        for one in self.files {
            let buffer = one
                .writer
                .into_inner()
                .map_err(|e| io::Error::from(e.error().kind()))?;
            let file = buffer
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?;
            one.fresh.keep(file)?;
        }
        Ok(())
    }
}
