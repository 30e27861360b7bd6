//! The journal's rows: appended, read, verified.

use std::borrow::Cow;

use rusqlite::{OptionalExtension, params};

use super::keys::{ClockWatch, keys_of};
use super::{Store, Stored, Writer, explain};
use crate::base::hash::Hash;
use crate::record::entry::Entry;

/// A stored entry.
#[derive(Clone, Debug)]
pub struct Row {
    /// Sequence number, from 1 without gaps.
    pub seq: i64,
    /// The record's number as indexed.
    pub no: String,
    /// The stored line.
    pub line: String,
    /// The stored hash.
    pub hash: Hash,
}

/// A stored entry as it is read, while the file is walked through.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Sequence number, from 1 without gaps.
    pub seq: i64,
    /// The record's number as indexed.
    pub no: &'a str,
    /// The stored line.
    pub text: &'a str,
    /// The stored hash.
    pub hash: Hash,
}

/// A text even where a damaged byte has made half a character of it: the chain then names the entry.
fn lossy<'a>(row: &'a rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Cow<'a, str>> {
    let bytes = row.get_ref(column)?.as_bytes()?;
    Ok(match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    })
}

pub(super) fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        seq: row.get(0)?,
        no: lossy(row, 1)?.into_owned(),
        line: lossy(row, 2)?.into_owned(),
        hash: Hash(row.get(3)?),
    })
}

/// Hands each row to `each`; stops when it answers `false`.
pub(super) fn walk(
    mut rows: rusqlite::Rows<'_>,
    mut each: impl FnMut(Line<'_>) -> bool,
) -> rusqlite::Result<()> {
    while let Some(row) = rows.next()? {
        let (no, text) = (lossy(row, 1)?, lossy(row, 2)?);
        let line = Line {
            seq: row.get(0)?,
            no: &no,
            text: &text,
            hash: Hash(row.get(3)?),
        };
        if !each(line) {
            break;
        }
    }
    Ok(())
}

/// Where the chain stands: the last sequence number and hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Number of entries.
    pub seq: i64,
    /// Hash of the last one.
    pub hash: Hash,
}

pub(super) fn head(conn: &rusqlite::Connection) -> rusqlite::Result<Head> {
    let last = conn
        .prepare_cached("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| {
            Ok(Head {
                seq: row.get(0)?,
                hash: Hash(row.get(1)?),
            })
        })
        .optional()?;
    Ok(last.unwrap_or_default())
}

/// Where the chain stands, and the last line.
fn last(conn: &rusqlite::Connection) -> rusqlite::Result<(Head, String)> {
    let sql = "SELECT seq, hash, line FROM journal ORDER BY seq DESC LIMIT 1";
    let last = conn
        .prepare_cached(sql)?
        .query_row([], |row| {
            let head = Head {
                seq: row.get(0)?,
                hash: Hash(row.get(1)?),
            };
            Ok((head, lossy(row, 2)?.into_owned()))
        })
        .optional()?;
    Ok(last.unwrap_or_default())
}

/// Hands each entry of a record that stands after the place `after` to `each`, oldest first.
pub(super) fn each_of<E: From<rusqlite::Error>>(
    conn: &rusqlite::Connection,
    no: &str,
    after: i64,
    mut each: impl FnMut(Line<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let sql = "SELECT seq, no, line, hash FROM journal WHERE no = ? AND seq > ? ORDER BY seq";
    let mut statement = conn.prepare_cached(sql)?;
    let mut done = Ok(());
    walk(statement.query(params![no, after])?, |line| {
        done = each(line);
        done.is_ok()
    })?;
    done
}

/// The hash of an entry; what the first one follows for 0.
pub(super) fn hash_at(conn: &rusqlite::Connection, seq: i64) -> rusqlite::Result<Option<Hash>> {
    if seq == 0 {
        return Ok(Some(Hash::GENESIS));
    }
    conn.prepare_cached("SELECT hash FROM journal WHERE seq = ?")?
        .query_row([seq], |row| row.get(0).map(Hash))
        .optional()
}

fn rules_entries(conn: &rusqlite::Connection) -> rusqlite::Result<Vec<Row>> {
    let sql = "SELECT seq, no, line, hash FROM journal INDEXED BY journal_by_record
               WHERE no >= 'R-' AND no < 'R.' ORDER BY seq";
    let mut statement = conn.prepare_cached(sql)?;
    statement.query_map([], row)?.collect()
}

fn rules_count(conn: &rusqlite::Connection, upto: i64) -> rusqlite::Result<usize> {
    let sql = "SELECT count(*) FROM journal INDEXED BY journal_by_record
               WHERE no >= 'R-' AND no < 'R.' AND seq <= ?";
    let mut statement = conn.prepare_cached(sql)?;
    let n: i64 = statement.query_row([upto], |row| row.get(0))?;
    Ok(usize::try_from(n).unwrap_or(0))
}

impl Store {
    /// The entries of one record as they are stored, oldest first.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn rows_of(&self, no: &str) -> Stored<Vec<Row>> {
        let sql = "SELECT seq, no, line, hash FROM journal WHERE no = ? ORDER BY seq";
        let read = || {
            let mut statement = self.conn.prepare_cached(sql)?;
            let rows = statement.query_map([no], row)?;
            rows.collect::<rusqlite::Result<Vec<Row>>>()
        };
        read().map_err(|e| explain(&self.path, &e))
    }

    /// Hands every entry to `each`, in order, without holding them; stops when it answers `false`.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn each_entry(&self, each: impl FnMut(Line<'_>) -> bool) -> Stored<()> {
        let read = || -> rusqlite::Result<()> {
            let sql = "SELECT seq, no, line, hash FROM journal ORDER BY seq";
            let mut statement = self.conn.prepare(sql)?;
            walk(statement.query([])?, each)
        };
        read().map_err(|e| explain(&self.path, &e))
    }

    /// The numbers of all records in the order in which they were opened, with the number of entries.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn numbers(&self) -> Stored<Vec<String>> {
        let read = || {
            let mut statement = self
                .conn
                .prepare("SELECT no FROM journal GROUP BY no ORDER BY min(seq)")?;
            statement
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()
        };
        read().map_err(|e: rusqlite::Error| explain(&self.path, &e))
    }

    /// What comes after the entry of this number: how many entries, of how many records, and the numbers of the
    /// first `limit` records.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn after(&self, seq: i64, limit: i64) -> Stored<(i64, i64, Vec<String>)> {
        let read = || {
            let count = "SELECT count(*), count(DISTINCT no) FROM journal WHERE seq > ?";
            let (entries, records) = self
                .conn
                .query_row(count, [seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let mut statement = self.conn.prepare(
                "SELECT no FROM journal WHERE seq > ? GROUP BY no ORDER BY min(seq) LIMIT ?",
            )?;
            let numbers = statement
                .query_map([seq, limit], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()?;
            Ok((entries, records, numbers))
        };
        read().map_err(|e: rusqlite::Error| explain(&self.path, &e))
    }

    /// How many entries up to `upto` took up procedures, settings and holiday lists.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn rules_count(&self, upto: i64) -> Stored<usize> {
        rules_count(&self.conn, upto).map_err(|e| explain(&self.path, &e))
    }

    /// Entries that took up procedures, settings and holiday lists, oldest first.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn rules_entries(&self) -> Stored<Vec<Row>> {
        rules_entries(&self.conn).map_err(|e| explain(&self.path, &e))
    }

    /// The last entry's line.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn last_line(&self) -> Stored<Option<String>> {
        self.conn
            .query_row(
                "SELECT line FROM journal ORDER BY seq DESC LIMIT 1",
                [],
                |row| row.get(0),
            )
            .optional()
            .map_err(|e| explain(&self.path, &e))
    }

    /// Where the chain stands.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn chain_head(&self) -> Stored<Head> {
        head(&self.conn).map_err(|e| explain(&self.path, &e))
    }
}

impl Writer<'_> {
    /// How many entries up to `upto` took up procedures, settings and holiday lists.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn rules_count(&self, upto: i64) -> Stored<usize> {
        rules_count(self.tx, upto).map_err(|e| self.explain(&e))
    }

    /// Entries that took up procedures, settings and holiday lists, oldest first.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn rules_entries(&self) -> Stored<Vec<Row>> {
        rules_entries(self.tx).map_err(|e| self.explain(&e))
    }

    /// Appends an entry; answers its place in the chain.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn append(&self, entry: &Entry) -> Stored<Head> {
        let put = || -> rusqlite::Result<_> {
            let (last, before) = last(self.tx)?;
            let line = entry
                .line()
                .map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
            let next = Head {
                seq: last.seq + 1,
                hash: last.hash.next(&line),
            };
            self.tx
                .prepare_cached("INSERT INTO journal (seq, no, line, hash) VALUES (?, ?, ?, ?)")?
                .execute(params![next.seq, entry.no, line, next.hash.0])?;
            let mut clock = ClockWatch::default();
            clock.next(last.seq, &before);
            Ok((next, clock.next(next.seq, &line)))
        };
        let (next, clock) = put().map_err(|e| self.explain(&e))?;
        let mut keys = keys_of(next.seq, entry);
        keys.extend(clock);
        self.put_keys(&keys)?;
        self.note_import(entry)?;
        Ok(next)
    }

    /// Numbers of the records that have entries after this one.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn numbers_since(&self, seq: i64) -> Stored<Vec<String>> {
        let read = || {
            let mut statement = self
                .tx
                .prepare_cached("SELECT DISTINCT no FROM journal WHERE seq > ?")?;
            statement
                .query_map([seq], |row| row.get::<_, String>(0))?
                .collect::<rusqlite::Result<Vec<String>>>()
        };
        read().map_err(|e| self.explain(&e))
    }

    /// Where the chain stands.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn chain_head(&self) -> Stored<Head> {
        head(self.tx).map_err(|e| self.explain(&e))
    }

    /// The next number of a yearly series of its own: year and four digits, `20260001`.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn next_in_year(&self, series: &str, year: i32) -> Stored<String> {
        let last = self.draw(series, "", year)?;
        Ok(format!("{year}{last:04}"))
    }

    fn draw(&self, series: &str, desk: &str, year: i32) -> Stored<i64> {
        let put = "INSERT INTO series (register, desk, year, last) VALUES (?, ?, ?, 1)
                   ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last";
        self.tx
            .prepare_cached(put)
            .and_then(|mut statement| {
                statement.query_row(params![series, desk, year], |row| row.get(0))
            })
            .map_err(|e| self.explain(&e))
    }

    /// The next number of a series: `W-2026-00001`, with the desk's id `W-B-2026-00001`.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn next_number(
        &self,
        register: &str,
        letter: char,
        desk: &str,
        year: i32,
    ) -> Stored<String> {
        let last = self.draw(register, desk, year)?;
        let middle = if desk.is_empty() {
            String::new()
        } else {
            format!("{desk}-")
        };
        Ok(format!("{letter}-{middle}{year}-{last:05}"))
    }
}
