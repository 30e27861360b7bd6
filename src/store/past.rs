//! The file as it stood: stretches of the journal, sealed months, records in the order of their receipt. An archive is
//! made of these, within one snapshot, without ever holding more than a page.

use std::ops::ControlFlow;

use rusqlite::{OptionalExtension, params};

use super::journal::{Row, hash_at, row};
use super::query::read_json;
use super::{Store, Stored, Writer, explain};
use crate::base::hash::Hash;
use crate::record::head::AnyRecord;

/// A state of the file that stays while others write.
pub struct Snapshot<'a>(#[allow(dead_code)] rusqlite::Transaction<'a>);

/// Where a record stands in the order of receipt: (received, Unix seconds; number).
pub type Place = (i64, String);

const SEALED: &str = "SELECT 1 FROM record
    WHERE json_extract(body, '$.body.month') = ? AND register = 'log' AND state = 'sealed'";

fn sealed(conn: &rusqlite::Connection, month: &str) -> rusqlite::Result<bool> {
    conn.prepare_cached(SEALED)?
        .query_row([month], |_| Ok(()))
        .optional()
        .map(|found| found.is_some())
}

fn stretch<E>(
    conn: &rusqlite::Connection,
    after: i64,
    upto: i64,
    fail: impl Fn(rusqlite::Error) -> E,
    each: &mut impl FnMut(Row) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let sql = "SELECT seq, no, line, hash FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq";
    let mut statement = conn.prepare_cached(sql).map_err(&fail)?;
    let mut rows = statement.query([after, upto]).map_err(&fail)?;
    while let Some(next) = rows.next().map_err(&fail)? {
        if each(row(next).map_err(&fail)?)?.is_break() {
            break;
        }
    }
    Ok(())
}

impl Writer<'_> {
    /// Hands every entry after `after` to `each`, as this transaction sees them.
    ///
    /// # Errors
    /// What `each` gives, or [`super::FileTrouble`] when the file cannot be read.
    pub fn since<E: From<super::FileTrouble>>(
        &self,
        after: i64,
        mut each: impl FnMut(Row) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let fail = |e: rusqlite::Error| E::from(self.explain(&e));
        stretch(self.tx, after, i64::MAX, fail, &mut each)
    }

    /// Whether this month is sealed.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn sealed(&self, month: &str) -> Stored<bool> {
        sealed(self.tx, month).map_err(|e| self.explain(&e))
    }
}

impl Store {
    fn told<T>(&self, read: rusqlite::Result<T>) -> Stored<T> {
        read.map_err(|e| explain(&self.path, &e))
    }

    /// Whether this month is sealed.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn sealed(&self, month: &str) -> Stored<bool> {
        self.told(sealed(&self.conn, month))
    }

    /// Reads that follow see the file as it is now, until the snapshot is dropped.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn snapshot(&self) -> Stored<Snapshot<'_>> {
        let begun = || {
            let tx = self.conn.unchecked_transaction()?;
            // A deferred transaction takes its state with the first read.
            tx.query_row("SELECT count(*) FROM memo", [], |_| Ok(()))?;
            Ok(Snapshot(tx))
        };
        self.told(begun())
    }

    /// The records of the log that seal a month, in the order in which they were sealed.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn seals(&self) -> Stored<Vec<AnyRecord>> {
        let read = || {
            let mut statement = self.conn.prepare_cached(
                "SELECT body FROM record WHERE register = 'log' AND state = 'sealed' ORDER BY id",
            )?;
            statement.query_map([], |row| read_json(row, 0))?.collect()
        };
        self.told(read())
    }

    /// Hands every entry after `after`, up to and with `upto`, to `each`, in order, without holding them.
    ///
    /// # Errors
    /// What `each` gives, or [`super::FileTrouble`] when the file cannot be read.
    pub fn stretch<E: From<super::FileTrouble>>(
        &self,
        after: i64,
        upto: i64,
        mut each: impl FnMut(Row) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let fail = |e: rusqlite::Error| E::from(explain(&self.path, &e));
        stretch(&self.conn, after, upto, fail, &mut each)
    }

    /// The entry of this place in the chain.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn entry_at(&self, seq: i64) -> Stored<Option<Row>> {
        let read = self
            .conn
            .prepare_cached("SELECT seq, no, line, hash FROM journal WHERE seq = ?")
            .and_then(|mut s| s.query_row([seq], row).optional());
        self.told(read)
    }

    /// The hash of an entry; what the first one follows for 0.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn hash_at(&self, seq: i64) -> Stored<Option<Hash>> {
        self.told(hash_at(&self.conn, seq))
    }

    /// Up to `limit` records of a register received before `until`, after `place`, in the order of receipt.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn received(
        &self,
        register: &str,
        place: &Place,
        until: i64,
        limit: i64,
    ) -> Stored<Vec<Place>> {
        let read = || {
            let mut statement = self.conn.prepare_cached(
                "SELECT received, no FROM record INDEXED BY record_by_receipt
                 WHERE register = ?1 AND (received, no) > (?2, ?3) AND received < ?4
                 ORDER BY received, no LIMIT ?5",
            )?;
            let (from, no) = place;
            statement
                .query_map(params![register, from, no, until, limit], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?
                .collect()
        };
        self.told(read())
    }

    /// Number of records of a register received from one instant until before another.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn received_count(&self, register: &str, from: i64, until: i64) -> Stored<u64> {
        let read = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM record INDEXED BY record_by_receipt
                 WHERE register = ? AND received >= ? AND received < ?",
            )
            .and_then(|mut s| s.query_row(params![register, from, until], |row| row.get(0)));
        let n: i64 = self.told(read)?;
        Ok(u64::try_from(n).unwrap_or(0))
    }

    /// Up to `limit` numbers of records whose life goes on, after the row `after`, oldest first; with their row.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn going_on(&self, register: &str, after: i64, limit: i64) -> Stored<Vec<(i64, String)>> {
        let read = || {
            let mut statement = self.conn.prepare_cached(
                "SELECT id, no FROM record WHERE register = ? AND open = 1 AND id > ? ORDER BY id LIMIT ?",
            )?;
            statement
                .query_map(params![register, after, limit], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?
                .collect()
        };
        self.told(read())
    }

    /// Whether the record had entries up to `upto` and `seq` is the first one after it.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn first_since(&self, no: &str, upto: i64, seq: i64) -> Stored<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM journal WHERE no = ?1 AND seq <= ?2)
                      AND NOT EXISTS (SELECT 1 FROM journal WHERE no = ?1 AND seq > ?2 AND seq < ?3)";
        let read = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_row(params![no, upto, seq], |row| row.get(0)));
        self.told(read)
    }
}

impl Writer<'_> {
    /// Puts an entry in as it stands elsewhere, with its place in the chain and its hash.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn copy_in(&self, entry: &Row) -> Stored<()> {
        // It may stand before what is known of its record.
        self.recent.forget();
        let put = "INSERT INTO journal (seq, no, line, hash) VALUES (?, ?, ?, ?)";
        self.tx
            .prepare_cached(put)
            .and_then(|mut s| s.execute(params![entry.seq, entry.no, entry.line, entry.hash.0]))
            .map(|_| ())
            .map_err(|e| self.explain(&e))
    }
}
