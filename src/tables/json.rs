//! JSON: an array of objects in one document, or one object a line. Keys are the columns' keys, values are typed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Map, Value};

use super::out::beside;
use super::{Cell, Column, Fresh, Out, Style, Table};

struct One {
    fresh: Fresh,
    writer: BufWriter<File>,
    columns: Vec<Column>,
    rows: u64,
}

/// JSON files, one a table.
pub(super) struct Json {
    style: Style,
    lines: bool,
    files: Vec<One>,
}

impl Json {
    pub(super) fn begin(
        path: &Path,
        tables: Vec<Table>,
        style: Style,
        lines: bool,
    ) -> io::Result<Self> {
        let mut files = Vec::with_capacity(tables.len());
        for (index, table) in tables.into_iter().enumerate() {
            let (fresh, file) = Fresh::begin(&beside(path, index, &table.name))?;
            files.push(One {
                fresh,
                writer: BufWriter::new(file),
                columns: table.columns,
                rows: 0,
            });
        }
        Ok(Self {
            style,
            lines,
            files,
        })
    }
}

/// A row as an object; empty cells are left out.
pub(super) fn object(columns: &[Column], cells: &[Cell], style: &Style) -> Value {
    // A table that is one column without a name is a table of whole documents.
    if let ([column], [Cell::Json { value, .. }]) = (columns, cells)
        && column.key.is_empty()
    {
        return value.clone();
    }
    let filled = columns
        .iter()
        .zip(cells)
        .filter(|(_, cell)| **cell != Cell::Empty);
    Value::Object(
        filled
            .map(|(column, cell)| (column.key.clone(), cell.json(&style.voice)))
            .collect::<Map<_, _>>(),
    )
}

impl Out for Json {
    fn row(&mut self, table: usize, cells: &[Cell]) -> io::Result<()> {
        let Some(file) = self.files.get_mut(table) else {
            return Ok(());
        };
        let before = match (self.lines, file.rows) {
            (true, _) => "",
            (false, 0) => "[\n",
            (false, _) => ",\n",
        };
        file.writer.write_all(before.as_bytes())?;
        serde_json::to_writer(&mut file.writer, &object(&file.columns, cells, &self.style))?;
        if self.lines {
            file.writer.write_all(b"\n")?;
        }
        file.rows += 1;
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        for mut one in self.files {
            if !self.lines {
                let end: &[u8] = if one.rows == 0 { b"[]\n" } else { b"\n]\n" };
                one.writer.write_all(end)?;
            }
            let file = one
                .writer
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?;
            one.fresh.keep(file)?;
        }
        Ok(())
    }
}
