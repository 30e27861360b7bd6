//! What a proof of the derived tables reads: entries by record, and the rows that stand beside them.

use rusqlite::{Connection, OptionalExtension, params};

use super::journal::{Line, walk};
use super::rows::{DutyRow, RecordRow, Rows};
use super::{Store, Stored, explain};

/// Which tables are looked into besides the list of records.
#[derive(Clone, Copy, Debug)]
pub struct Beside {
    /// What the record owes.
    pub duties: bool,
    /// Its links.
    pub links: bool,
    /// The places it touches.
    pub places: bool,
}

impl Beside {
    /// All of them.
    pub const ALL: Self = Self {
        duties: true,
        links: true,
        places: true,
    };

    /// Those in which these rows have any. Whoever compares rows with what stands, and counts the rows of whole tables,
    /// need not look into the others.
    pub const fn of(made: &Rows) -> Self {
        Self {
            duties: !made.duties.is_empty(),
            links: !made.links.is_empty(),
            places: !made.places.is_empty(),
        }
    }
}

/// A number series as it stands: register or series name, desk, year, last number given.
pub type Series = (String, String, i32, i64);

impl Store {
    /// Hands every entry of the records whose numbers lie in `from..until` to `each`, record by record in the order of
    /// their numbers; stops when it answers `false`.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn each_of_records(
        &self,
        (from, until): (&str, Option<&str>),
        each: impl FnMut(Line<'_>) -> bool,
    ) -> Stored<()> {
        let read = || -> rusqlite::Result<()> {
            // Two statements: a bound that may be absent is none to SQLite, and it would walk on to the end of the file.
            let select = "SELECT seq, no, line, hash FROM journal INDEXED BY journal_by_record WHERE no >= ?";
            match until {
                Some(until) => {
                    let sql = format!("{select} AND no < ? ORDER BY no, seq");
                    let mut statement = self.conn.prepare_cached(&sql)?;
                    walk(statement.query(params![from, until])?, each)
                }
                None => {
                    let sql = format!("{select} ORDER BY no, seq");
                    let mut statement = self.conn.prepare_cached(&sql)?;
                    walk(statement.query(params![from])?, each)
                }
            }
        };
        read().map_err(|e| explain(&self.path, &e))
    }

    /// All numbers cut into spans of about this many records, so that several can share the work: (from, until).
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn spans(&self, records: i64) -> Stored<Vec<(String, Option<String>)>> {
        let read = || {
            let sql =
                "SELECT no FROM (SELECT no, row_number() OVER (ORDER BY no) AS place FROM record)
                       WHERE place % ? = 0 ORDER BY no";
            let mut statement = self.conn.prepare_cached(sql)?;
            statement
                .query_map([records], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()
        };
        let cuts = read().map_err(|e| explain(&self.path, &e))?;
        let begins = std::iter::once(String::new()).chain(cuts.iter().cloned());
        let ends = cuts.iter().cloned().map(Some).chain([None]);
        Ok(begins.zip(ends).collect())
    }

    /// The rows of a record as they stand, without the words of the search index; of the tables beside the list of
    /// records those that are asked for.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn standing(&self, no: &str, beside: Beside) -> Stored<Option<Rows>> {
        self.read_standing(no, beside)
            .map_err(|e| explain(&self.path, &e))
    }

    fn read_standing(&self, no: &str, beside: Beside) -> rusqlite::Result<Option<Rows>> {
        let sql = "SELECT id, no, register, state, class, open, received, place, paper_key, title, void_reason,
                          due_rank, due_at, late_from, duty, body, found_by FROM record WHERE no = ?";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([no], |row| {
                let due: (Option<u8>, Option<i64>) = (row.get(11)?, row.get(12)?);
                Ok(RecordRow {
                    id: row.get(0)?,
                    no: row.get(1)?,
                    register: row.get(2)?,
                    state: row.get(3)?,
                    class: row.get(4)?,
                    open: row.get(5)?,
                    received: row.get(6)?,
                    place: row.get(7)?,
                    paper_key: row.get(8)?,
                    title: row.get(9)?,
                    void_reason: row.get(10)?,
                    due: due.0.zip(due.1),
                    late_from: row.get(13)?,
                    duty: row.get(14)?,
                    body: row.get(15)?,
                    found_by: row.get(16)?,
                })
            })
            .optional()?;
        let Some(record) = found else {
            return Ok(None);
        };
        let duties = match beside.duties {
            true => duties_of(&self.conn, record.id)?,
            false => Vec::new(),
        };
        let links = match beside.links {
            true => links_of(&self.conn, no)?,
            false => Vec::new(),
        };
        let places = match beside.places {
            true => places_of(&self.conn, &record)?,
            false => Vec::new(),
        };
        Ok(Some(Rows {
            record,
            duties,
            links,
            places,
            grams: String::new(),
        }))
    }

    /// How many rows the tables of records, duties, links and places hold.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn table_sizes(&self) -> Stored<[i64; 4]> {
        let sql = "SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM duty),
                          (SELECT count(*) FROM link), (SELECT count(*) FROM place)";
        let read = self.conn.query_row(sql, [], |row| {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
        });
        read.map_err(|e| explain(&self.path, &e))
    }

    /// Counters as they stand: (register, state, number), those that are zero left out.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn counters(&self) -> Stored<Vec<(String, String, i64)>> {
        let read = || {
            let sql = "SELECT register, state, n FROM tally WHERE n <> 0 ORDER BY register, state";
            let mut statement = self.conn.prepare_cached(sql)?;
            statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e| explain(&self.path, &e))
    }

    /// The number series as they stand.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn all_series(&self) -> Stored<Vec<Series>> {
        let read = || {
            let sql = "SELECT register, desk, year, last FROM series ORDER BY register, desk, year";
            let mut statement = self.conn.prepare_cached(sql)?;
            statement
                .query_map([], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e| explain(&self.path, &e))
    }

    /// Rows of imported files as they stand: (fingerprint, record), in order.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn all_imported(&self) -> Stored<Vec<(String, String)>> {
        let read = || {
            let mut statement = self
                .conn
                .prepare_cached("SELECT row, no FROM imported ORDER BY row")?;
            statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e| explain(&self.path, &e))
    }

    /// Hands the number of words that the search index holds of each record to `each`: (row id, words).
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn each_indexed(&self, mut each: impl FnMut(i64, u64)) -> Stored<()> {
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = self
                .conn
                .prepare_cached("SELECT id, sz FROM search_docsize ORDER BY id")?;
            let mut rows = statement.query([])?;
            while let Some(next) = rows.next()? {
                let size: Vec<u8> = next.get(1)?;
                each(next.get(0)?, varint(&size));
            }
            Ok(())
        };
        read().map_err(|e| explain(&self.path, &e))
    }

    /// Hands every word of the search index to `each`, with the record it is of and its place among that record's words.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn each_word(&self, mut each: impl FnMut(&str, i64, i64)) -> Stored<()> {
        let mut read = || -> rusqlite::Result<()> {
            self.conn.execute_batch(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words USING fts5vocab (main, search, instance)",
            )?;
            let mut statement = self
                .conn
                .prepare_cached("SELECT term, doc, offset FROM temp.search_words")?;
            let mut rows = statement.query([])?;
            while let Some(next) = rows.next()? {
                each(next.get_ref(0)?.as_str()?, next.get(1)?, next.get(2)?);
            }
            Ok(())
        };
        read().map_err(|e| explain(&self.path, &e))
    }

    /// Hands the words that the search index makes of a text to `each`, with their places: it folds letters of some
    /// scripts in its own way, so it is asked. Nothing of it stays in the file.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn words_as_indexed(&self, grams: &str, mut each: impl FnMut(&str, i64)) -> Stored<()> {
        let mut read = || -> rusqlite::Result<()> {
            self.conn.execute_batch(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.trial USING fts5 (grams, content = '', tokenize = 'unicode61');
                 CREATE VIRTUAL TABLE IF NOT EXISTS temp.trial_words USING fts5vocab (temp, trial, instance);
                 INSERT INTO temp.trial (trial) VALUES ('delete-all');",
            )?;
            self.conn
                .prepare_cached("INSERT INTO temp.trial (rowid, grams) VALUES (1, ?)")?
                .execute([grams])?;
            let mut statement = self
                .conn
                .prepare_cached("SELECT term, offset FROM temp.trial_words")?;
            let mut rows = statement.query([])?;
            while let Some(next) = rows.next()? {
                each(next.get_ref(0)?.as_str()?, next.get(1)?);
            }
            Ok(())
        };
        read().map_err(|e| explain(&self.path, &e))
    }
}

/// What a record owes, as it stands.
pub(super) fn duties_of(conn: &Connection, record: i64) -> rusqlite::Result<Vec<DutyRow>> {
    let sql = "SELECT ord, rank, at, kind, no, register, title, data, parts FROM duty WHERE record = ? ORDER BY ord";
    let mut statement = conn.prepare_cached(sql)?;
    let duties = statement.query_map([record], |row| {
        Ok(DutyRow {
            ord: row.get(0)?,
            order: (row.get(1)?, row.get(2)?),
            kind: row.get(3)?,
            no: row.get(4)?,
            register: row.get(5)?,
            title: row.get(6)?,
            data: row.get(7)?,
            parts: row.get(8)?,
        })
    })?;
    duties.collect()
}

/// Links of a record, as they stand.
pub(super) fn links_of(conn: &Connection, no: &str) -> rusqlite::Result<Vec<(String, String)>> {
    let sql = "SELECT to_no, kind FROM link WHERE from_no = ? ORDER BY to_no, kind";
    let mut statement = conn.prepare_cached(sql)?;
    let links = statement.query_map([no], |row| Ok((row.get(0)?, row.get(1)?)))?;
    links.collect()
}

/// Keys of the places that a record touches, as they stand.
pub(super) fn places_of(conn: &Connection, record: &RecordRow) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT key FROM place WHERE no = ? AND register = ? AND received = ? ORDER BY key";
    let mut statement = conn.prepare_cached(sql)?;
    let of = params![record.no, record.register, record.received];
    let places = statement.query_map(of, |row| row.get(0))?;
    places.collect()
}

/// A variable-length integer as SQLite's full-text tables store it: seven bits a byte, the highest first.
fn varint(bytes: &[u8]) -> u64 {
    let mut value = 0_u64;
    for byte in bytes {
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_length_integers_are_read_highest_bits_first() {
        assert_eq!(varint(&[5]), 5);
        assert_eq!(varint(&[0x81, 0x00]), 128);
        assert_eq!(varint(&[0x82, 0x2c]), 300);
        assert_eq!(varint(&[]), 0);
    }
}
