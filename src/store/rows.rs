//! Rows: everything that the file derives of a record. [`Rows::of`] is the one description of it; writing, rebuilding
//! and proving all use it.

use rusqlite::{OptionalExtension, params};

use super::proof::{duties_of, links_of, places_of};
use super::{Stored, Writer, search};
use crate::base::hash::Hash;
use crate::base::identity;
use crate::base::time::Instant;
use crate::record::field::{Field, Kind};
use crate::registers::dynamic::{AnyRegister, Evaluated};
use crate::registers::words::searchable;
use crate::rules::deadline::{Deadline, DutyKind};

/// What the tables keep of one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// Its line in the list of records.
    pub record: RecordRow,
    /// What it owes, in the order of a due list.
    pub duties: Vec<DutyRow>,
    /// Links to other records: (number, kind), in order.
    pub links: Vec<(String, String)>,
    /// Identity keys of the places it touches, in order.
    pub places: Vec<String>,
    /// The words by which it is found, as pairs of characters.
    pub grams: String,
}

/// A record's line in the list of records.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordRow {
    /// Place of its opening entry in the journal: lists run by it.
    pub id: i64,
    /// Our number.
    pub no: String,
    /// Its register's code.
    pub register: String,
    /// State.
    pub state: String,
    /// Complaint class.
    pub class: Option<String>,
    /// Whether its life goes on.
    pub open: bool,
    /// When we learned of it, seconds since 1970 UTC.
    pub received: i64,
    /// The place it is about, as typed.
    pub place: Option<String>,
    /// Identity key of the printed number of its slip.
    pub paper_key: Option<String>,
    /// One line that names it.
    pub title: String,
    /// Why it was voided.
    pub void_reason: Option<String>,
    /// Where its next duty stands in a due list: (rank, seconds since 1970 UTC).
    pub due: Option<(u8, i64)>,
    /// From when it is late, seconds since 1970 UTC.
    pub late_from: Option<i64>,
    /// The next duty, without its trace and parts, as JSON.
    pub duty: Option<String>,
    /// The record as JSON.
    pub body: String,
    /// Fingerprint of the words by which it is found.
    pub found_by: i64,
}

/// Something a record owes.
#[derive(Clone, Debug, PartialEq)]
pub struct DutyRow {
    /// Which of the record's duties it is, from 0.
    pub ord: i64,
    /// Where it stands in a due list: (rank, seconds since 1970 UTC).
    pub order: (u8, i64),
    /// Kind of duty.
    pub kind: String,
    /// Our number of the record.
    pub no: String,
    /// Its register's code.
    pub register: String,
    /// One line that names it.
    pub title: String,
    /// The duty, without its trace and parts, as JSON.
    pub data: String,
    /// Its parts as JSON, when it has any.
    pub parts: Option<String>,
}

/// What is still owed and listed, in the order of a due list.
fn owed(deadlines: &[Deadline]) -> Vec<&Deadline> {
    let mut owed: Vec<&Deadline> = deadlines
        .iter()
        .filter(|deadline| deadline.pending() && !deadline.silent)
        .collect();
    owed.sort_by_key(|deadline| deadline.order());
    owed
}

impl Rows {
    /// The rows of a record.
    ///
    /// # Errors
    /// Never for a record that a register made; serde's signature asks for it.
    pub fn of(
        evaluated: &Evaluated,
        register: &dyn AnyRegister,
    ) -> Result<Self, serde_json::Error> {
        let head = &evaluated.head;
        let owed = owed(&evaluated.deadlines);
        let visible = |c: char| if c.is_control() { ' ' } else { c };
        let title: String = evaluated.title.chars().map(visible).collect();
        let code = register.spec().code;
        let mut duties = Vec::with_capacity(owed.len());
        for (ord, deadline) in owed.iter().enumerate() {
            let (rank, at) = deadline.order();
            duties.push(DutyRow {
                ord: ord as i64,
                order: (rank, at.unix()),
                kind: deadline.kind.code().to_owned(),
                no: head.no.clone(),
                register: code.to_owned(),
                title: title.clone(),
                data: serde_json::to_string(deadline)?,
                parts: match deadline.parts.is_empty() {
                    true => None,
                    false => Some(serde_json::to_string(&deadline.parts)?),
                },
            });
        }
        let dated = owed.iter().filter(|d| d.kind == DutyKind::Dated);
        let late_from = dated.filter_map(|d| d.due).map(Instant::unix).min();
        let mut links: Vec<(String, String)> = head
            .links
            .iter()
            .map(|link| (link.to.clone(), link.kind.clone()))
            .collect();
        links.sort();
        links.dedup();
        let mut places: Vec<String> = evaluated.places.iter().map(|p| identity::key(p)).collect();
        places.retain(|key| !key.is_empty());
        places.sort();
        places.dedup();
        let found_by = searchable(register, evaluated, &title)?;
        let grams = search::grams(found_by.iter().map(AsRef::as_ref));
        Ok(Self {
            record: RecordRow {
                id: evaluated.opening,
                no: head.no.clone(),
                register: code.to_owned(),
                state: head.state.clone(),
                class: head.class.clone(),
                open: evaluated.open,
                received: head.received.unix(),
                place: evaluated.places.first().cloned(),
                paper_key: evaluated.paper_no.as_deref().map(identity::key),
                title,
                void_reason: head.void_reason.clone(),
                due: duties.first().map(|duty| duty.order),
                late_from,
                duty: duties.first().map(|duty| duty.data.clone()),
                body: evaluated.text.clone(),
                found_by: fingerprint(&grams),
            },
            duties,
            links,
            places,
            grams,
        })
    }
}

/// The fingerprint of a record's words.
pub(super) fn fingerprint(grams: &str) -> i64 {
    let [a, b, c, d, e, f, g, h, ..] = Hash::of(grams.as_bytes()).0;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

impl Writer<'_> {
    /// Writes a record's rows, replacing what stood there.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn put_rows(&self, rows: &Rows) -> Stored<()> {
        self.put(rows, false).map_err(|e| self.explain(&e))
    }

    /// Writes a record's rows; `unfound`: no word of it is in the search index, whatever its line in the list says.
    fn put(&self, rows: &Rows, unfound: bool) -> rusqlite::Result<()> {
        let record = &rows.record;
        let old: Option<(String, Option<i64>)> = self
            .tx
            .prepare_cached("SELECT state, found_by FROM record WHERE no = ?")?
            .query_row([&record.no], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let put = "INSERT INTO record (id, no, register, state, class, open, received, place, paper_key, title, void_reason,
                                       due_rank, due_at, late_from, duty, body, found_by)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT (no) DO UPDATE SET id = excluded.id, register = excluded.register, state = excluded.state, class = excluded.class, open = excluded.open,
                       received = excluded.received, place = excluded.place, paper_key = excluded.paper_key, title = excluded.title,
                       void_reason = excluded.void_reason, due_rank = excluded.due_rank, due_at = excluded.due_at,
                       late_from = excluded.late_from, duty = excluded.duty, body = excluded.body, found_by = excluded.found_by";
        let id = record.id;
        self.tx.prepare_cached(put)?.execute(params![
            id,
            record.no,
            record.register,
            record.state,
            record.class,
            record.open,
            record.received,
            record.place,
            record.paper_key,
            record.title,
            record.void_reason,
            record.due.map(|(rank, _)| rank),
            record.due.map(|(_, at)| at),
            record.late_from,
            record.duty,
            record.body,
            record.found_by,
        ])?;
        let known = old.is_some();
        self.count(
            &record.register,
            old.as_ref().map(|(state, _)| state.as_str()),
            &record.state,
        )?;
        self.owe(id, known, &rows.duties)?;
        self.link(&record.no, known, &rows.links)?;
        self.touch(record, known, &rows.places)?;
        let found_by = old.and_then(|(_, found_by)| found_by);
        if unfound || found_by != Some(record.found_by) {
            self.index(id, known && !unfound, &rows.grams)?;
        }
        Ok(())
    }

    /// Puts a record's words into the search index.
    fn index(&self, id: i64, known: bool, grams: &str) -> rusqlite::Result<()> {
        if known {
            self.tx
                .prepare_cached("DELETE FROM search WHERE rowid = ?")?
                .execute([id])?;
        }
        self.tx
            .prepare_cached("INSERT INTO search (rowid, grams) VALUES (?, ?)")?
            .execute(params![id, grams])?;
        Ok(())
    }

    fn count(&self, register: &str, old: Option<&str>, new: &str) -> rusqlite::Result<()> {
        if old == Some(new) {
            return Ok(());
        }
        let put = "INSERT INTO tally (register, state, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n";
        let mut statement = self.tx.prepare_cached(put)?;
        if let Some(old) = old {
            statement.execute(params![register, old, -1])?;
        }
        statement.execute(params![register, new, 1])?;
        Ok(())
    }

    /// Writes what a record owes; what stands already is left alone.
    fn owe(&self, id: i64, known: bool, duties: &[DutyRow]) -> rusqlite::Result<()> {
        let stands = match known {
            true => duties_of(self.tx, id)?,
            false => Vec::new(),
        };
        let mut put = self.tx.prepare_cached(
            "INSERT INTO duty (record, ord, rank, at, kind, no, register, title, data, parts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (record, ord) DO UPDATE SET
             rank = excluded.rank, at = excluded.at, kind = excluded.kind, no = excluded.no, register = excluded.register,
             title = excluded.title, data = excluded.data, parts = excluded.parts",
        )?;
        let standing = |duty: &DutyRow| stands.iter().any(|stands| stands == duty);
        for duty in duties.iter().filter(|duty| !standing(duty)) {
            let (rank, at) = duty.order;
            put.execute(params![
                id,
                duty.ord,
                rank,
                at,
                duty.kind,
                duty.no,
                duty.register,
                duty.title,
                duty.data,
                duty.parts
            ])?;
        }
        if stands.len() > duties.len() {
            self.tx
                .prepare_cached("DELETE FROM duty WHERE record = ? AND ord >= ?")?
                .execute(params![id, duties.len() as i64])?;
        }
        Ok(())
    }

    fn link(&self, no: &str, known: bool, links: &[(String, String)]) -> rusqlite::Result<()> {
        if known {
            if links_of(self.tx, no)? == links {
                return Ok(());
            }
            self.tx
                .prepare_cached("DELETE FROM link WHERE from_no = ?")?
                .execute([no])?;
        }
        let mut put = self
            .tx
            .prepare_cached("INSERT INTO link (from_no, to_no, kind) VALUES (?, ?, ?)")?;
        for (to, kind) in links {
            put.execute(params![no, to, kind])?;
        }
        Ok(())
    }

    /// Whether exactly these places stand of a record.
    fn touches(&self, record: &RecordRow, places: &[String]) -> rusqlite::Result<bool> {
        let sql = "SELECT count(*) FROM place WHERE no = ?";
        let mut all = self.tx.prepare_cached(sql)?;
        let all: i64 = all.query_row([&record.no], |row| row.get(0))?;
        Ok(all == places.len() as i64 && places_of(self.tx, record)? == places)
    }

    fn touch(&self, record: &RecordRow, known: bool, places: &[String]) -> rusqlite::Result<()> {
        if known {
            if self.touches(record, places)? {
                return Ok(());
            }
            self.tx
                .prepare_cached("DELETE FROM place WHERE no = ?")?
                .execute([&record.no])?;
        }
        let mut put = self.tx.prepare_cached(
            "INSERT INTO place (register, key, no, received) VALUES (?, ?, ?, ?)",
        )?;
        for key in places {
            put.execute(params![record.register, key, record.no, record.received])?;
        }
        Ok(())
    }

    /// Remembers the words of fields that forms complete from.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn learn(
        &self,
        fields: &[Field],
        data: &serde_json::Map<String, serde_json::Value>,
        used: Instant,
    ) -> Stored<()> {
        let put = "INSERT INTO word (list, word, used) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET used = excluded.used";
        let words = fields
            .iter()
            .filter(|field| !field.suggest.is_empty() && matches!(field.kind, Kind::Text));
        for (list, word) in
            words.filter_map(|field| Some((field.suggest, data.get(field.key)?.as_str()?)))
        {
            let learned = self
                .tx
                .prepare_cached(put)
                .and_then(|mut s| s.execute(params![list, word, used.unix()]));
            learned.map_err(|e| self.explain(&e))?;
        }
        Ok(())
    }

    /// Whether every record stands at the place of its opening entry; rows of an earlier version do not.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn in_place(&self) -> Stored<bool> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM record WHERE id IS NOT (SELECT min(seq) FROM journal WHERE journal.no = record.no))";
        let read = self.tx.query_row(sql, [], |row| row.get(0));
        read.map_err(|e| self.explain(&e))
    }

    /// Ends a rebuild: what belongs to no record goes, counters are counted, series, imported rows and entry keys are those told.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn sweep(
        &self,
        series: &[super::proof::Series],
        imported: &[(String, String)],
        keys: &[super::keys::EntryKey],
    ) -> Stored<()> {
        let clean = "DELETE FROM record WHERE NOT EXISTS (SELECT 1 FROM journal WHERE journal.no = record.no);
                     DELETE FROM duty WHERE record NOT IN (SELECT id FROM record);
                     DELETE FROM link WHERE NOT EXISTS (SELECT 1 FROM record WHERE record.no = from_no);
                     DELETE FROM place WHERE NOT EXISTS (SELECT 1 FROM record WHERE record.no = place.no);
                     DELETE FROM search WHERE rowid IN (SELECT id FROM search_docsize WHERE id NOT IN (SELECT id FROM record));
                     DELETE FROM tally;
                     INSERT INTO tally (register, state, n) SELECT register, state, count(*) FROM record GROUP BY register, state;
                     DELETE FROM series; DELETE FROM imported; DELETE FROM entry_key;";
        let put = || -> rusqlite::Result<()> {
            self.tx.execute_batch(clean)?;
            let mut one = self.tx.prepare_cached(
                "INSERT INTO series (register, desk, year, last) VALUES (?, ?, ?, ?)",
            )?;
            for (register, desk, year, last) in series {
                one.execute(params![register, desk, year, last])?;
            }
            let mut one = self
                .tx
                .prepare_cached("INSERT INTO imported (row, no) VALUES (?, ?)")?;
            for (row, no) in imported {
                one.execute(params![row, no])?;
            }
            Ok(())
        };
        put().map_err(|e| self.explain(&e))?;
        self.put_keys(keys)
    }

    /// Writes a record's rows whatever stands there: for a rebuild, when rows may be missing or be another's.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn renew_rows(&self, rows: &Rows) -> Stored<()> {
        let clear = || -> rusqlite::Result<()> {
            let record = &rows.record;
            let stale = "DELETE FROM record WHERE id = ? AND no <> ?";
            self.tx
                .prepare_cached(stale)?
                .execute(params![record.id, record.no])?;
            for sql in [
                "DELETE FROM duty WHERE record = ?",
                "DELETE FROM search WHERE rowid = ?",
            ] {
                self.tx.prepare_cached(sql)?.execute([record.id])?;
            }
            for sql in [
                "DELETE FROM link WHERE from_no = ?",
                "DELETE FROM place WHERE no = ?",
            ] {
                self.tx.prepare_cached(sql)?.execute([&record.no])?;
            }
            Ok(())
        };
        clear()
            .and_then(|()| self.put(rows, true))
            .map_err(|e| self.explain(&e))
    }

    /// Empties every derived table before a rebuild. The journal, drafts and memos stay.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn clear_rows(&self) -> Stored<()> {
        let clear = "DELETE FROM duty; DELETE FROM link; DELETE FROM place; DELETE FROM tally; DELETE FROM record;
                     DELETE FROM imported; INSERT INTO search (search) VALUES ('delete-all');";
        self.tx.execute_batch(clear).map_err(|e| self.explain(&e))
    }
}
