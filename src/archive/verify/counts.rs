//! What the manifest counts against what the files hold.

use std::path::Path;

use calamine::{Reader, Xlsx, open_workbook};

use super::super::manifest::Manifest;
use super::super::registers::{WORKBOOK, name};
use super::chain::lines;
use super::{Bench, Proof};
use crate::desk::Result;
use crate::registers::REGISTERS;

/// Lines of every register's files against the manifest's counts.
pub(super) fn agree(
    path: &Path,
    manifest: &Manifest,
    proof: &mut Proof,
    bench: &mut Bench<'_>,
) -> Result<()> {
    let mut all = Vec::new();
    for register in REGISTERS {
        let count = manifest
            .counts
            .get(&format!("register {}", register.spec().code))
            .copied();
        all.push(count);
        for ending in ["jsonl", "csv"] {
            let file = name(*register, ending);
            let rows = match ending {
                "csv" => csv_rows(&path.join(&file), bench)?,
                _ => lines(&path.join(&file)).count() as u64,
            };
            if Some(rows) != count {
                proof.find("count", &file, "count");
            }
        }
    }
    let rows = workbook_rows(&path.join(WORKBOOK), all.len(), bench)?;
    if rows.is_none_or(|rows| rows != all.iter().flatten().sum::<u64>()) {
        proof.find("count", WORKBOOK, "count");
    }
    Ok(())
}

/// Rows below the header.
fn csv_rows(path: &Path, bench: &mut Bench<'_>) -> Result<u64> {
    let mut rows = 0;
    let Ok(mut reader) = csv::ReaderBuilder::new().flexible(true).from_path(path) else {
        return Ok(rows);
    };
    let mut record = csv::ByteRecord::new();
    while let Ok(true) = reader.read_byte_record(&mut record) {
        bench.one()?;
        rows += 1;
    }
    Ok(rows)
}

/// Rows below the headers of the first sheets that are registers, with their further sheets; `None` when the workbook
/// cannot be read. The last two sheets are counts and duties.
fn workbook_rows(path: &Path, registers: usize, bench: &mut Bench<'_>) -> Result<Option<u64>> {
    let Ok(mut book) = open_workbook::<Xlsx<_>, _>(path) else {
        return Ok(None);
    };
    let names = book.sheet_names();
    let more = names.len().saturating_sub(2);
    let mut rows = 0;
    for name in names.iter().take(more.max(registers)) {
        let Ok(mut cells) = book.worksheet_cells_reader(name) else {
            return Ok(None);
        };
        let mut last = 0;
        while let Ok(Some(cell)) = cells.next_cell() {
            let (row, _) = cell.get_position();
            if row > last {
                last = row;
                bench.one()?;
            }
        }
        rows += u64::from(last);
    }
    Ok(Some(rows))
}
