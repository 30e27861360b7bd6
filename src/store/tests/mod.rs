//! The file alone: what is written is read back as it was, in order and by every filter, and nothing else.

mod backup;
mod draft;
mod imports;
mod journal;
mod open;
mod page;
mod past;
mod proof;
mod query;
mod rows;
mod sample;
mod search;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::page::{Cut, PageQuery};
use super::proof::Beside;
use super::rows::{DutyRow, RecordRow, Rows, fingerprint};
use super::{FileTrouble, Mode, Store, Stored, Writer, search as words};
use crate::base::time::Instant;
use crate::record::entry::Entry;
use crate::record::head::{AnyRecord, Head};
use crate::rules::deadline::Deadline;

/// A minute of the clock of these tests.
fn minute(n: i64) -> Instant {
    Instant::from_unix(1_780_000_000 + n * 60)
}

/// An entry of a record, typed in minute `n`.
fn entry(no: &str, action: &str, n: i64, data: Value) -> Entry {
    Entry::plain(no, "log", action, minute(n), &data)
}

/// A duty that is due in minute `n`.
fn duty(code: &str, n: i64) -> Deadline {
    let duty = json!({"code": code, "kind": "dated", "clause": "", "from": minute(0), "due": minute(n), "round": 1});
    serde_json::from_value(duty).unwrap()
}

/// The rows of a record whose opening entry stands at `id`: received in minute `id`, with no duties.
fn rows(id: i64, no: &str, state: &str, body: Value) -> Rows {
    let at = minute(id);
    let text = body.to_string();
    let grams = words::grams([text.as_str()]);
    let record = AnyRecord {
        head: Head::begun(no, state.into(), [at; 3], "甲"),
        body: body.into(),
    };
    Rows {
        record: RecordRow {
            id,
            no: no.into(),
            register: "log".into(),
            state: state.into(),
            class: None,
            open: true,
            received: at.unix(),
            place: None,
            paper_key: None,
            title: format!("标题 {no}"),
            void_reason: (state == "void").then(|| "误".into()),
            due: None,
            late_from: None,
            duty: None,
            body: serde_json::to_string(&record).unwrap(),
            found_by: fingerprint(&grams),
        },
        duties: Vec::new(),
        links: Vec::new(),
        places: Vec::new(),
        grams,
    }
}

impl Rows {
    /// With duties due in these minutes.
    fn owing(mut self, minutes: &[i64]) -> Self {
        let duties = minutes.iter().zip(0..).map(|(n, ord)| {
            let deadline = duty("call", *n);
            let (rank, at) = deadline.order();
            DutyRow {
                ord,
                order: (rank, at.unix()),
                kind: deadline.kind.code().to_owned(),
                no: self.record.no.clone(),
                register: self.record.register.clone(),
                title: self.record.title.clone(),
                data: serde_json::to_string(&deadline).unwrap(),
                parts: None,
            }
        });
        self.duties = duties.collect();
        self.record.due = self.duties.first().map(|duty| duty.order);
        self.record.duty = self.duties.first().map(|duty| duty.data.clone());
        self.record.late_from = minutes.iter().min().map(|n| minute(*n).unix());
        self
    }

    /// With links of one kind to these records.
    fn linked(mut self, to: &[&str]) -> Self {
        let links = to.iter().map(|no| ((*no).to_owned(), "child".to_owned()));
        self.links = links.collect();
        self
    }

    /// At these places, by their keys.
    fn at(mut self, places: &[&str]) -> Self {
        self.places = places.iter().map(|place| (*place).to_owned()).collect();
        self
    }
}

/// A file in a folder of its own.
struct File {
    folder: TempDir,
    store: Store,
}

impl File {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("desk.db"), Mode::Create).unwrap();
        Self { folder, store }
    }

    fn path(&self) -> PathBuf {
        self.store.path().to_owned()
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    #[track_caller]
    fn write<T>(&mut self, work: impl FnOnce(&Writer<'_>) -> Stored<T>) -> T {
        self.store.write::<T, FileTrouble>(work).unwrap()
    }

    #[track_caller]
    fn append(&mut self, entries: &[Entry]) {
        self.write(|writer| {
            entries
                .iter()
                .try_for_each(|e| writer.append(e).map(|_| ()))
        });
    }

    #[track_caller]
    fn put(&mut self, rows: &[Rows]) {
        self.write(|writer| rows.iter().try_for_each(|rows| writer.put_rows(rows)));
    }

    /// A list's whole page, as numbers.
    fn list(&self, query: &PageQuery<'_>) -> Vec<String> {
        let page = self.store.page(query).unwrap().into_iter();
        page.map(|row| row.record.head.no).collect()
    }

    /// Runs SQL on the file as somebody else would.
    fn raw(&self, sql: &str) {
        raw(self.store.path(), sql);
    }
}

fn raw(path: &Path, sql: &str) {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.pragma_update(None, "foreign_keys", false).unwrap();
    conn.execute_batch(sql).unwrap();
}

/// Everything, newest first.
fn all<'a>() -> PageQuery<'a> {
    PageQuery {
        register: None,
        search: None,
        states: &[],
        open: None,
        class: None,
        late_at: None,
        due_by: None,
        owing: false,
        fields: &[],
        by_due: false,
        cut: Cut::First,
        limit: 100,
    }
}

/// The key of what went wrong.
#[track_caller]
fn key<T>(answer: Stored<T>) -> String {
    match answer {
        Ok(_) => panic!("nothing went wrong"),
        Err(trouble) => trouble.reason.key.to_string(),
    }
}

fn text(words: &str) -> Value {
    json!({ "text": words })
}
