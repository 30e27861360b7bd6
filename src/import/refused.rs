//! What was not accepted, in a file beside the one it came from: the same columns, the line and the reason. Corrected
//! there, it can be imported again.

use std::io;
use std::path::{Path, PathBuf};

use super::raw::Raw;
use super::sheet::Kind;
use crate::base::i18n::{Lang, Voice, lookup};
use crate::base::time::Instant;
use crate::tables::{Cell, Column, ColumnKind, Format, Out, Style, Table, create};

/// The catalogue keys of the two columns that are added.
const ADDED: [&str; 2] = ["import.line", "import.reason"];

/// Whether a column is one of those that this file adds.
pub(super) fn added(label: &str) -> bool {
    let is = |key: &&str| {
        Lang::ALL
            .iter()
            .any(|lang| lookup(*lang, key).is_some_and(|name| name == label))
    };
    ADDED.iter().any(is)
}

/// The file of refused rows; made with the first.
pub(super) struct Refused {
    from: PathBuf,
    format: Format,
    labels: Vec<String>,
    voice: Voice,
    now: Instant,
    out: Option<(PathBuf, Box<dyn Out>)>,
}

impl Refused {
    pub(super) fn new(
        from: &Path,
        kind: &Kind,
        labels: Vec<String>,
        voice: Voice,
        now: Instant,
    ) -> Self {
        let format = match kind {
            Kind::Book(_) => Format::Xlsx,
            Kind::Text => Format::Csv,
            Kind::Lines => Format::JsonLines,
        };
        Self {
            from: from.to_owned(),
            format,
            labels,
            voice,
            now,
            out: None,
        }
    }

    /// The file repeats other columns than those of the plan.
    pub(super) fn relabel(&mut self, labels: Vec<String>) {
        self.labels = labels;
    }

    /// A name that is not taken: `FILE.refused.csv`, `FILE.refused-2.csv`.
    fn free(&self) -> PathBuf {
        let ending = match self.format {
            Format::Xlsx => "xlsx",
            Format::Csv => "csv",
            Format::Json | Format::JsonLines => "jsonl",
        };
        let stem = self.from.file_stem().unwrap_or_default().to_string_lossy();
        let stem = stem.split(".refused").next().unwrap_or_default().to_owned();
        let name = |n: u32| match n {
            1 => format!("{stem}.refused.{ending}"),
            n => format!("{stem}.refused-{n}.{ending}"),
        };
        (1..)
            .map(|n| self.from.with_file_name(name(n)))
            .find(|path| !path.exists())
            .unwrap_or_else(|| self.from.with_file_name(name(1)))
    }

    fn columns(&self) -> Vec<Column> {
        let column = |label: &str, width: u16| Column {
            key: label.to_owned(),
            label: label.to_owned(),
            kind: ColumnKind::Text,
            width,
            personal: false,
        };
        let mut columns: Vec<Column> = if self.format == Format::JsonLines {
            vec![column("line", 12)]
        } else {
            self.labels.iter().map(|label| column(label, 12)).collect()
        };
        for key in ADDED {
            columns.push(column(&self.voice.text(key), 40));
        }
        columns
    }

    /// Writes a row with its line and the reason.
    pub(super) fn add(&mut self, line: u64, cells: &[Raw], reason: &str) -> io::Result<()> {
        if self.out.is_none() {
            let path = self.free();
            let table = Table {
                name: self.voice.text("import.refused_sheet"),
                columns: self.columns(),
            };
            let style = Style {
                voice: self.voice,
                made: self.now,
            };
            let out = create(self.format, &path, vec![table], style)?;
            self.out = Some((path, out));
        }
        let width = self.labels.len();
        let mut row: Vec<Cell> = match self.format {
            Format::JsonLines => cells.iter().map(|raw| Cell::text(raw.words())).collect(),
            _ => cells
                .iter()
                .take(width)
                .map(|raw| Cell::text(raw.words()))
                .collect(),
        };
        if self.format != Format::JsonLines {
            row.resize(width, Cell::Empty);
        }
        row.push(Cell::text(line.to_string()));
        row.push(Cell::text(reason));
        match &mut self.out {
            Some((_, out)) => out.row(0, &row),
            None => Ok(()),
        }
    }

    /// Completes the file; its place, when anything was refused.
    pub(super) fn finish(self) -> io::Result<Option<PathBuf>> {
        match self.out {
            Some((path, out)) => out.finish().map(|()| Some(path)),
            None => Ok(None),
        }
    }
}
