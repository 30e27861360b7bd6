//! Projections: the register's rows, what is owed, links, search index. Written in the transaction of their entry.

use rusqlite::{OptionalExtension, params};

use super::{Stored, Writer, search};
use crate::base::time::Instant;
use crate::record::field::{Field, Kind};
use crate::record::head::AnyRecord;
use crate::rules::deadline::{Deadline, DutyKind};

/// A record as the tables keep it.
#[derive(Clone, Debug)]
pub struct Projected<'a> {
    /// The record.
    pub record: &'a AnyRecord,
    /// Its register's code.
    pub register: &'a str,
    /// Whether its life goes on.
    pub open: bool,
    /// One line that names it.
    pub title: String,
    /// The place it is about.
    pub place: Option<String>,
    /// The printed number of its slip.
    pub paper_no: Option<String>,
    /// Everything it owes and has owed.
    pub deadlines: Vec<Deadline>,
    /// What can be searched.
    pub text: String,
}

/// The words of a record that a search finds: its number, its title and every text of its body.
pub fn searchable(record: &AnyRecord, title: &str) -> String {
    let mut text = format!("{}\n{title}", record.head.no);
    collect(&record.body, &mut text);
    for remark in &record.head.remarks {
        text.push('\n');
        text.push_str(&remark.text);
    }
    text
}

fn collect(value: &serde_json::Value, text: &mut String) {
    match value {
        serde_json::Value::String(word)
            // Times are found by filters, not by words.
            if Instant::stored(word).is_none() => {
                text.push('\n');
                text.push_str(word);
            }
        serde_json::Value::Array(list) => list.iter().for_each(|item| collect(item, text)),
        serde_json::Value::Object(map) => map.values().for_each(|item| collect(item, text)),
        _ => {}
    }
}

impl Projected<'_> {
    /// What is still owed and listed, in the order of a due list.
    pub fn owed(&self) -> Vec<&Deadline> {
        let mut owed: Vec<&Deadline> = self
            .deadlines
            .iter()
            .filter(|deadline| deadline.pending() && !deadline.silent)
            .collect();
        owed.sort_by_key(|deadline| deadline.order());
        owed
    }
}

fn without_trace(deadline: &Deadline) -> rusqlite::Result<String> {
    let short = Deadline {
        trace: Vec::new(),
        ..deadline.clone()
    };
    serde_json::to_string(&short).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))
}

impl Writer<'_> {
    /// Writes a record's projections, replacing what stood there.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn project(&self, projected: &Projected<'_>) -> Stored<()> {
        self.project_inner(projected).map_err(|e| self.explain(&e))
    }

    fn project_inner(&self, p: &Projected<'_>) -> rusqlite::Result<()> {
        let head = &p.record.head;
        let owed = p.owed();
        let next = owed
            .first()
            .map(|deadline| (deadline.order(), without_trace(deadline)));
        let (order, duty) = match next {
            Some((order, duty)) => (Some(order), Some(duty?)),
            None => (None, None),
        };
        let late_from = owed
            .iter()
            .filter(|d| d.kind == DutyKind::Dated)
            .filter_map(|d| d.due)
            .min();
        let body = serde_json::to_string(p.record)
            .map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
        let old: Option<(i64, String)> = self
            .tx
            .prepare_cached("SELECT id, state FROM record WHERE no = ?")?
            .query_row([&head.no], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let put = "INSERT INTO record (no, register, state, class, open, received, place, paper_no, title, void_reason,
                                       due_rank, due_at, late_from, duty, body)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT (no) DO UPDATE SET state = excluded.state, class = excluded.class, open = excluded.open,
                       received = excluded.received, place = excluded.place, paper_no = excluded.paper_no, title = excluded.title,
                       void_reason = excluded.void_reason, due_rank = excluded.due_rank, due_at = excluded.due_at,
                       late_from = excluded.late_from, duty = excluded.duty, body = excluded.body
                   RETURNING id";
        let id: i64 = self.tx.prepare_cached(put)?.query_row(
            params![
                head.no,
                p.register,
                head.state,
                head.class,
                p.open,
                head.received.unix(),
                p.place,
                p.paper_no,
                p.title,
                head.void_reason,
                order.map(|(rank, _)| rank),
                order.map(|(_, at)| at.unix()),
                late_from.map(|due| due.unix()),
                duty,
                body,
            ],
            |row| row.get(0),
        )?;
        self.count(
            p.register,
            old.as_ref().map(|(_, state)| state.as_str()),
            &head.state,
        )?;
        self.owe(id, old.is_some(), &owed)?;
        self.link(p.record, old.is_some())?;
        if old.is_some() {
            self.tx
                .prepare_cached("DELETE FROM search WHERE rowid = ?")?
                .execute([id])?;
        }
        self.tx
            .prepare_cached("INSERT INTO search (rowid, grams) VALUES (?, ?)")?
            .execute(params![id, search::grams(&p.text)])?;
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

    fn owe(&self, id: i64, known: bool, owed: &[&Deadline]) -> rusqlite::Result<()> {
        if known {
            self.tx
                .prepare_cached("DELETE FROM duty WHERE record = ?")?
                .execute([id])?;
        }
        let mut put = self.tx.prepare_cached(
            "INSERT INTO duty (record, ord, rank, at, kind, data) VALUES (?, ?, ?, ?, ?, ?)",
        )?;
        for (ord, deadline) in owed.iter().enumerate() {
            let (rank, at) = deadline.order();
            put.execute(params![
                id,
                ord as i64,
                rank,
                at.unix(),
                deadline.kind.code(),
                without_trace(deadline)?
            ])?;
        }
        Ok(())
    }

    fn link(&self, record: &AnyRecord, known: bool) -> rusqlite::Result<()> {
        if known {
            self.tx
                .prepare_cached("DELETE FROM link WHERE from_no = ?")?
                .execute([&record.head.no])?;
        }
        let mut put = self
            .tx
            .prepare_cached("INSERT OR IGNORE INTO link (from_no, to_no, kind) VALUES (?, ?, ?)")?;
        for link in &record.head.links {
            put.execute(params![record.head.no, link.to, link.kind])?;
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
        used: crate::base::time::Instant,
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

    /// Empties every projection before a rebuild. The journal, the series, drafts and memos stay.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn clear_projections(&self) -> Stored<()> {
        let clear = "DELETE FROM duty; DELETE FROM link; DELETE FROM tally; DELETE FROM record; DELETE FROM imported;
                     INSERT INTO search (search) VALUES ('delete-all');";
        self.tx.execute_batch(clear).map_err(|e| self.explain(&e))
    }
}
