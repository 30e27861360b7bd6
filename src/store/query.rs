//! Reading: one record, what is owed, counts, completion. Nothing here reads a whole register.

use rusqlite::{OptionalExtension, params};
use serde::de::DeserializeOwned;

use super::{Store, Stored, Writer, explain};
use crate::base::identity;
use crate::base::lazy::Lazy;
use crate::base::time::Instant;
use crate::record::head::{AnyRecord, Link};
use crate::rules::deadline::Deadline;

/// What a column keeps as JSON.
pub(super) fn read_json<T: DeserializeOwned>(
    row: &rusqlite::Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|e| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(e))
    })
}

impl Store {
    pub(super) fn fail(&self) -> impl Fn(rusqlite::Error) -> super::FileTrouble + '_ {
        |e| explain(&self.path, &e)
    }

    /// The record of this number.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn record(&self, no: &str) -> Stored<Option<AnyRecord>> {
        record(&self.conn, no).map_err(self.fail())
    }

    /// The records of a register whose life goes on, oldest first.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn records_going_on(&self, register: &str) -> Stored<Vec<AnyRecord>> {
        going_on(&self.conn, register).map_err(self.fail())
    }

    /// Which live record of a register has this paper number.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn paper_no(&self, register: &str, paper: &str) -> Stored<Option<String>> {
        paper_no(&self.conn, register, paper).map_err(self.fail())
    }

    /// Numbers of the records of a register that touch one of these places, received between two instants (both
    /// counted), oldest first.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn same_places(
        &self,
        register: &str,
        places: &[String],
        span: (Instant, Instant),
    ) -> Stored<Vec<String>> {
        same_places(&self.conn, register, places, span).map_err(self.fail())
    }

    /// What is owed, in order: (record's number, register, title, duty); at most so many of those that are `wanted`.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn due(
        &self,
        register: Option<&str>,
        limit: usize,
        wanted: impl Fn(&Deadline) -> bool,
    ) -> Stored<Vec<(String, String, String, Deadline)>> {
        let sql = "SELECT no, register, title, data, parts FROM duty
                   WHERE ?1 IS NULL OR register = ?1 ORDER BY rank, at, record, ord";
        let read = || {
            let mut statement = self.conn.prepare_cached(sql)?;
            let rows = statement.query_map([register], |row| {
                let mut deadline: Deadline = read_json(row, 3)?;
                let parts: Option<String> = row.get(4)?;
                deadline.parts = parts.map(Lazy::unread).unwrap_or_default();
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, deadline))
            })?;
            // Read one by one: only as far as the list reaches.
            let listed = |row: &rusqlite::Result<(_, _, _, Deadline)>| match row {
                Ok((_, _, _, deadline)) => wanted(deadline),
                Err(_) => true,
            };
            rows.filter(listed)
                .take(limit)
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(self.fail())
    }

    /// The duties that an instant opens; until then they are not owed.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn duties_with_opening(&self) -> Stored<Vec<Deadline>> {
        let sql = "SELECT data FROM duty WHERE instr(data, '\"opens\":') > 0";
        let read = || {
            let mut statement = self.conn.prepare_cached(sql)?;
            let rows = statement.query_map([], |row| read_json(row, 0))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(self.fail())
    }

    /// How much is owed: late at `now`, at once, due by `today`, all.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn due_counts(&self, now: Instant, today: Instant) -> Stored<[u64; 4]> {
        let sql = "SELECT (SELECT count(*) FROM duty WHERE kind = 'dated' AND at < ?1), (SELECT count(*) FROM duty WHERE kind = 'at_once'),
                          (SELECT count(*) FROM duty WHERE kind = 'dated' AND at BETWEEN ?1 AND ?2), (SELECT count(*) FROM duty)";
        let read = || {
            self.conn
                .prepare_cached(sql)?
                .query_row(params![now.unix(), today.unix()], |row| {
                    Ok(
                        [row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, row.get(3)?]
                            .map(|n| u64::try_from(n).unwrap_or(0)),
                    )
                })
        };
        read().map_err(self.fail())
    }

    /// How many records of each register stand in each state.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn tally(&self) -> Stored<Vec<(String, String, u64)>> {
        let read = || {
            let mut statement = self
                .conn
                .prepare_cached("SELECT register, state, n FROM tally WHERE n > 0")?;
            let rows = statement.query_map([], |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get::<_, i64>(2)?.try_into().unwrap_or(0),
                ))
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(self.fail())
    }

    /// Links that other records have to this one, as (their number, kind).
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn linked_from(&self, no: &str) -> Stored<Vec<Link>> {
        let read = || {
            let mut statement = self.conn.prepare_cached(
                "SELECT kind, from_no FROM link WHERE to_no = ? ORDER BY from_no LIMIT 200",
            )?;
            statement
                .query_map([no], |row| {
                    Ok(Link {
                        kind: row.get(0)?,
                        to: row.get(1)?,
                    })
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(self.fail())
    }

    /// Words of a completion list that begin with what was typed, the most recent first.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn suggest(&self, list: &str, begins: &str, limit: usize) -> Stored<Vec<String>> {
        let sql = "SELECT word FROM word WHERE list = ?1 AND substr(word, 1, length(?2)) = ?2 AND word <> ?2 ORDER BY used DESC, word LIMIT ?3";
        let read = || {
            let mut statement = self.conn.prepare_cached(sql)?;
            let rows = statement.query_map(
                params![list, begins, i64::try_from(limit).unwrap_or(20)],
                |row| row.get(0),
            )?;
            rows.collect::<rusqlite::Result<Vec<String>>>()
        };
        read().map_err(self.fail())
    }

    /// Numbers of the records whose life goes on or that owe something, in the order of opening.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn open_numbers(&self) -> Stored<Vec<String>> {
        open_numbers(&self.conn).map_err(self.fail())
    }

    /// Number of records.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn records(&self) -> Stored<u64> {
        Ok(self.tally()?.iter().map(|(_, _, n)| n).sum())
    }
}

fn record(conn: &rusqlite::Connection, no: &str) -> rusqlite::Result<Option<AnyRecord>> {
    conn.prepare_cached("SELECT body FROM record WHERE no = ?")?
        .query_row([no], |row| read_json(row, 0))
        .optional()
}

fn going_on(conn: &rusqlite::Connection, register: &str) -> rusqlite::Result<Vec<AnyRecord>> {
    let sql = "SELECT body FROM record WHERE register = ? AND open = 1 ORDER BY id";
    let mut statement = conn.prepare_cached(sql)?;
    statement
        .query_map([register], |row| read_json(row, 0))?
        .collect()
}

fn paper_no(
    conn: &rusqlite::Connection,
    register: &str,
    paper: &str,
) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT no FROM record WHERE register = ? AND paper_key = ? AND state <> 'void' ORDER BY id";
    conn.prepare_cached(sql)?
        .query_row(params![register, identity::key(paper)], |row| row.get(0))
        .optional()
}

/// Numbers of the records of a register that touch one of these places, received from `from` until `until`.
fn same_places(
    conn: &rusqlite::Connection,
    register: &str,
    places: &[String],
    (from, until): (Instant, Instant),
) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT received, no FROM place WHERE register = ? AND key = ? AND received BETWEEN ? AND ?";
    let mut statement = conn.prepare_cached(sql)?;
    let mut found: Vec<(i64, String)> = Vec::new();
    for place in places {
        let values = params![register, identity::key(place), from.unix(), until.unix()];
        for row in statement.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))? {
            found.push(row?);
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found.into_iter().map(|(_, no)| no).collect())
}

fn open_numbers(conn: &rusqlite::Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT no FROM record WHERE open = 1 OR due_rank IS NOT NULL ORDER BY id";
    let mut statement = conn.prepare_cached(sql)?;
    statement.query_map([], |row| row.get(0))?.collect()
}

impl Writer<'_> {
    /// Numbers of the records whose life goes on or that owe something, in the order of opening.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn open_numbers(&self) -> Stored<Vec<String>> {
        open_numbers(self.tx).map_err(|e| self.explain(&e))
    }

    /// The record of this number, as this transaction sees it.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn record(&self, no: &str) -> Stored<Option<AnyRecord>> {
        record(self.tx, no).map_err(|e| self.explain(&e))
    }

    /// The records of a register whose life goes on, oldest first, as this transaction sees them.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn records_going_on(&self, register: &str) -> Stored<Vec<AnyRecord>> {
        going_on(self.tx, register).map_err(|e| self.explain(&e))
    }

    /// Which live record of a register has this paper number.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn paper_no(&self, register: &str, paper: &str) -> Stored<Option<String>> {
        paper_no(self.tx, register, paper).map_err(|e| self.explain(&e))
    }

    /// Numbers of the records of a register that touch one of these places, received between two instants (both
    /// counted), oldest first.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn same_places(
        &self,
        register: &str,
        places: &[String],
        span: (Instant, Instant),
    ) -> Stored<Vec<String>> {
        same_places(self.tx, register, places, span).map_err(|e| self.explain(&e))
    }
}
