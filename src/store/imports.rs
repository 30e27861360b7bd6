//! What was imported: rows of files by fingerprint, and the numbers that imported records keep.

use rusqlite::{OptionalExtension, params};

use super::{FileTrouble, Stored, Writer};
use crate::record::entry::Entry;

/// The parts of a number: `W-B-2026-00001` is desk `B`, year 2026, 1.
pub fn number_parts(no: &str) -> Option<(&str, i32, i64)> {
    let (_, rest) = no.split_once('-')?;
    let (rest, count) = rest.rsplit_once('-')?;
    let (desk, year) = rest.rsplit_once('-').unwrap_or(("", rest));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = digits(count) && count.len() >= 5 && digits(year) && year.len() == 4;
    let count: i64 = count.parse().ok().filter(|count| *count > 0)?;
    Some((desk, year.parse().ok()?, count)).filter(|_| fits)
}

/// The numbers of yearly series that an entry was given: (series, year, count), such as `ticket_no`, 2026, 1 of
/// `20260001`.
pub fn yearly_numbers(entry: &Entry) -> impl Iterator<Item = (&str, i32, i64)> {
    let keys = entry.found.iter().filter(|(key, _)| key.ends_with("_no"));
    keys.filter_map(|(key, value)| {
        let (year, count) = value.as_str()?.split_at_checked(4)?;
        Some((key.as_str(), year.parse().ok()?, count.parse().ok()?))
    })
}

/// Whether a text is a number as a series gives them.
pub fn is_number(no: &str) -> bool {
    number_parts(no).is_some()
}

impl Writer<'_> {
    /// Which record was made from the row of this fingerprint.
    ///
    /// # Errors
    /// [`FileTrouble`] when the file cannot be read.
    pub fn imported(&self, row: &str) -> Stored<Option<String>> {
        self.tx
            .prepare_cached("SELECT no FROM imported WHERE row = ?")
            .and_then(|mut statement| statement.query_row([row], |row| row.get(0)).optional())
            .map_err(|e| self.explain(&e))
    }

    /// Remembers the row that an entry was made from; nothing for one that was typed here.
    ///
    /// # Errors
    /// [`FileTrouble`] when the file cannot be written.
    pub fn note_import(&self, entry: &Entry) -> Stored<()> {
        let Some(source) = &entry.source else {
            return Ok(());
        };
        self.tx
            .prepare_cached("INSERT OR IGNORE INTO imported (row, no) VALUES (?, ?)")
            .and_then(|mut statement| statement.execute(params![source.row, entry.no]))
            .map(|_| ())
            .map_err(|e| self.explain(&e))
    }

    /// Takes a number that a record had before. `false` when it is no number of a series or a record has it already.
    /// The series goes on after it, so that it is never given twice.
    ///
    /// # Errors
    /// [`FileTrouble`] when the file cannot be written.
    pub fn take_number(&self, register: &str, no: &str) -> Stored<bool> {
        let Some((desk, year, count)) = number_parts(no) else {
            return Ok(false);
        };
        let take = || -> rusqlite::Result<bool> {
            let taken = self
                .tx
                .prepare_cached("SELECT 1 FROM journal WHERE no = ? LIMIT 1")?
                .exists([no])?;
            if !taken {
                self.raise(register, desk, year, count)?;
            }
            Ok(!taken)
        };
        take().map_err(|e| self.explain(&e))
    }

    /// Takes the numbers of yearly series that an entry was given before; the series go on after them.
    ///
    /// # Errors
    /// [`FileTrouble`] when the file cannot be written.
    pub fn take_yearly_numbers(&self, entry: &Entry) -> Stored<()> {
        let mut numbers = yearly_numbers(entry);
        let taken =
            numbers.try_for_each(|(series, year, count)| self.raise(series, "", year, count));
        taken.map_err(|e| self.explain(&e))
    }

    fn raise(&self, series: &str, desk: &str, year: i32, last: i64) -> rusqlite::Result<()> {
        let put = "INSERT INTO series (register, desk, year, last) VALUES (?, ?, ?, ?)
                   ON CONFLICT DO UPDATE SET last = max(last, excluded.last)";
        let mut statement = self.tx.prepare_cached(put)?;
        statement
            .execute(params![series, desk, year, last])
            .map(|_| ())
    }

    /// Runs `work` so that it leaves nothing when it fails, while what stood before in the transaction stays.
    ///
    /// # Errors
    /// What `work` gives, or [`FileTrouble`] when the file cannot be written.
    pub fn attempt<T, E: From<FileTrouble>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let run = |sql: &str| {
            self.tx
                .execute_batch(sql)
                .map_err(|e| E::from(self.explain(&e)))
        };
        run("SAVEPOINT attempt")?;
        let done = work();
        if done.is_err() {
            run("ROLLBACK TO attempt")?;
        }
        run("RELEASE attempt")?;
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_apart_into_desk_year_and_count() {
        for (no, want) in [
            ("W-2026-00001", Some(("", 2026, 1))),
            ("W-B-2026-00042", Some(("B", 2026, 42))),
            ("W-2026-123456", Some(("", 2026, 123_456))),
            ("W-2026-00000", None),
            ("W-26-00001", None),
            ("W-2026-1", None),
            ("0001234", None),
            ("W-2026-0000x", None),
        ] {
            assert_eq!(number_parts(no), want, "{no}");
        }
    }
}
