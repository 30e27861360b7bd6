//! The entries of the records that were last read, so that who acts on one record again and again reads only what is
//! new of it. What is known holds as long as no other connection has written and the chain has the same hash at the
//! place up to which it was read; after a rollback it has not.

use std::cell::RefCell;
use std::sync::Arc;

use rusqlite::Connection;

use super::journal::{self, Head, Line};
use super::{FileTrouble, Store, Stored, Writer, explain};
use crate::base::hash::Hash;
use crate::base::i18n::Msg;
use crate::record::entry::{Entry, EntryError};
use crate::record::timeline::Logged;

/// How many records are kept: one acted on, and those that follow from it or are looked at beside it.
const KEPT: usize = 4;

/// The entries of one record in the order of typing.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    /// The entries with their places.
    pub logged: Vec<Logged>,
    /// The hash of each.
    pub hashes: Vec<Hash>,
}

/// A record's entries up to a place in the chain.
struct Known {
    no: String,
    upto: Head,
    entries: Entries,
}

/// The records that were last read, the latest last, and SQLite's number for what other connections have written.
#[derive(Default)]
pub(super) struct Recent(RefCell<(i64, Vec<Known>)>);

/// Why entries could not be read.
enum Failure {
    File(rusqlite::Error),
    Entry(i64, EntryError),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::File(error)
    }
}

impl Recent {
    fn entries_of(&self, conn: &Connection, no: &str) -> Result<Entries, Failure> {
        let head = journal::head(conn)?;
        let mut known = self.taken(conn, no, head)?.unwrap_or_else(|| Known {
            no: no.to_owned(),
            upto: Head::default(),
            entries: Entries::default(),
        });
        if known.upto != head {
            let Entries { logged, hashes } = &mut known.entries;
            let read_one = |line: Line<'_>| -> Result<(), Failure> {
                let entry = Entry::read(line.text).map_err(|why| Failure::Entry(line.seq, why))?;
                logged.push(Logged {
                    seq: line.seq,
                    entry: Arc::new(entry),
                });
                hashes.push(line.hash);
                Ok(())
            };
            journal::each_of(conn, no, known.upto.seq, read_one)?;
            known.upto = head;
        }
        let entries = known.entries.clone();
        let recent = &mut self.0.borrow_mut().1;
        if recent.len() == KEPT {
            recent.remove(0);
        }
        recent.push(known);
        Ok(entries)
    }

    /// Forgets everything.
    pub(super) fn forget(&self) {
        self.0.borrow_mut().1.clear();
    }

    /// What is known of a record, as far as it still holds.
    fn taken(&self, conn: &Connection, no: &str, head: Head) -> rusqlite::Result<Option<Known>> {
        let others = conn
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        let (seen, recent) = &mut *self.0.borrow_mut();
        if std::mem::replace(seen, others) != others {
            recent.clear();
        }
        let Some(at) = recent.iter().position(|known| known.no == no) else {
            return Ok(None);
        };
        let known = recent.remove(at);
        let holds =
            known.upto == head || journal::hash_at(conn, known.upto.seq)? == Some(known.upto.hash);
        Ok(holds.then_some(known))
    }
}

impl FileTrouble {
    /// An entry that cannot be read; it does not know its file, whoever has it open names that.
    pub(crate) fn damaged_entry(seq: i64, why: Msg) -> Self {
        Self {
            path: std::path::PathBuf::new(),
            reason: Msg::new("file.damaged_entry")
                .with("seq", seq)
                .with("why", why),
        }
    }
}

fn trouble(path: &std::path::Path, failure: Failure) -> FileTrouble {
    match failure {
        Failure::File(error) => explain(path, &error),
        Failure::Entry(seq, why) => FileTrouble::damaged_entry(seq, why.message()),
    }
}

impl Store {
    /// The entries of one record, oldest first.
    ///
    /// # Errors
    /// [`FileTrouble`] when the file cannot be read or an entry is damaged.
    pub fn entries_of(&self, no: &str) -> Stored<Entries> {
        let read = self.recent.entries_of(&self.conn, no);
        read.map_err(|failure| trouble(&self.path, failure))
    }
}

impl Writer<'_> {
    /// The entries of one record as this transaction sees them, oldest first.
    ///
    /// # Errors
    /// [`FileTrouble`] when the file cannot be read or an entry is damaged.
    pub fn entries_of(&self, no: &str) -> Stored<Entries> {
        let read = self.recent.entries_of(self.tx, no);
        read.map_err(|failure| trouble(self.path, failure))
    }
}
