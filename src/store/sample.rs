//! The weekly sample: which slips were finished in a week, and which line of the log is its draw.

use rusqlite::{Connection, OptionalExtension, params};

use super::keys::{JITTER, clock_stretch};
use super::query::read_json;
use super::{Store, Stored, Writer, explain};
use crate::base::time::Instant;
use crate::record::entry::appended;
use crate::record::head::AnyRecord;

/// Where finished records are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'a> {
    /// The register's code.
    pub register: &'a str,
    /// The letter of its numbers.
    pub letter: char,
    /// The states of a record that is finished.
    pub states: &'a [&'a str],
    /// Finished from this instant until that one, both counted.
    pub span: (Instant, Instant),
}

/// A record that was finished then has an entry that was typed at that time or later, so only those are looked at that
/// were written to since; their numbers and places come from an index alone. The pluses keep the other indexes of the
/// record table out of it, by which every record of the register would be read.
const FINISHED: &str = "SELECT body FROM record
    WHERE no IN (SELECT no FROM journal INDEXED BY journal_by_record WHERE no >= ?1 AND no < ?2 AND seq >= ?3)
      AND +register = ?4 AND +state IN (SELECT value FROM json_each(?5))
      AND json_extract(body, '$.body.finished_at') BETWEEN ?6 AND ?7
    ORDER BY id";

fn finished(conn: &Connection, asked: &Finished<'_>) -> rusqlite::Result<Vec<AnyRecord>> {
    let Finished {
        register,
        letter,
        states,
        span: (from, until),
    } = *asked;
    let since = first_typed(conn, from)?;
    // The character after the hyphen ends the numbers of the letter.
    let numbers = (format!("{letter}-"), format!("{letter}."));
    let states = serde_json::json!(states).to_string();
    // Instants are stored as texts that sort as they do.
    let span = [from, until].map(|at| format!("{at:?}"));
    let mut statement = conn.prepare_cached(FINISHED)?;
    let values = params![
        numbers.0, numbers.1, since, register, states, span[0], span[1]
    ];
    statement
        .query_map(values, |row| read_json(row, 0))?
        .collect()
}

/// A place in the journal before which no entry was typed at this instant or later.
fn first_typed(conn: &Connection, at: Instant) -> rusqlite::Result<i64> {
    let upto = "SELECT coalesce(max(seq), 0) FROM journal";
    let upto: i64 = conn.prepare_cached(upto)?.query_row([], |row| row.get(0))?;
    // Entries of two processes may stand in turns for a moment.
    let at = at.plus_seconds(-JITTER);
    let (mut low, mut high) = clock_stretch(conn, at, (0, upto))?;
    let mut line = conn.prepare_cached("SELECT line FROM journal WHERE seq = ?")?;
    while low < high {
        let middle = low + (high - low) / 2;
        let text: Option<String> = line.query_row([middle], |row| row.get(0)).optional()?;
        // One that cannot be read is not passed over.
        match text
            .as_deref()
            .and_then(appended)
            .is_some_and(|typed| typed < at)
        {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    Ok(low)
}

/// The few draws that there are, one a week, are found by their state.
const DRAWN: &str = "SELECT no FROM record WHERE register = 'log' AND state = 'drawn'
    AND json_extract(body, '$.body.week') = ? ORDER BY id";

fn drawn(conn: &Connection, week: &str) -> rusqlite::Result<Option<String>> {
    conn.prepare_cached(DRAWN)?
        .query_row([week], |row| row.get(0))
        .optional()
}

impl Store {
    /// The records that were finished in a span, oldest first.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn finished(&self, asked: &Finished<'_>) -> Stored<Vec<AnyRecord>> {
        finished(&self.conn, asked).map_err(|e| explain(&self.path, &e))
    }

    /// Which line of the log is the standing draw of a week (`2026-W10`).
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn drawn(&self, week: &str) -> Stored<Option<String>> {
        drawn(&self.conn, week).map_err(|e| explain(&self.path, &e))
    }
}

impl Writer<'_> {
    /// The records that were finished in a span, oldest first, as this transaction sees them.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn finished(&self, asked: &Finished<'_>) -> Stored<Vec<AnyRecord>> {
        finished(self.tx, asked).map_err(|e| self.explain(&e))
    }

    /// Which line of the log is the standing draw of a week (`2026-W10`).
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn drawn(&self, week: &str) -> Stored<Option<String>> {
        drawn(self.tx, week).map_err(|e| self.explain(&e))
    }
}
