//! A few rows for the clipboard: tabs between cells, so that a spreadsheet takes them cell by cell.

use super::{Cell, Column};
use crate::base::i18n::{Voice, clean};

/// Rows with their header, tabs between cells. A tab or a line break inside a cell becomes a blank.
pub fn tsv(voice: &Voice, columns: &[Column], rows: &[Vec<Cell>]) -> String {
    let flat = |text: &str| {
        let text: String = clean(text)
            .chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .collect();
        super::safe::guarded(&text)
    };
    let header = columns.iter().map(|column| flat(&column.label));
    let mut lines = vec![header.collect::<Vec<_>>().join("\t")];
    for row in rows {
        let cells = row.iter().map(|cell| flat(&cell.words(voice)));
        lines.push(cells.collect::<Vec<_>>().join("\t"));
    }
    lines.join("\n")
}
