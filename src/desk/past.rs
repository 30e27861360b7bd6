//! The file as it stood after an entry: what a month's archive is made of. Records are replayed from their own entries,
//! so that what came later changes nothing.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::papers::Printed;
pub use super::seal::Seal;
use super::view::{HistoryItem, RecordView};
use super::{Desk, Error, Result};
use crate::base::hash::Hash;
use crate::base::time::{Instant, Month};
use crate::documents::Documents;
use crate::documents::facts::Facts;
use crate::documents::issue::prepare;
use crate::documents::layout::Layout;
use crate::record::entry::Entry;
use crate::record::head::{AnyRecord, Link};
use crate::registers::dynamic::AnyRegister;
use crate::registers::register_of;
use crate::rules::deadline::Deadline;
use crate::rules::ruleset::Rules;
use crate::store::journal::Row;
use crate::store::past::{Place, Snapshot};

/// A record as its entries up to some moment made it.
pub struct PastRecord {
    /// Its register.
    pub register: &'static dyn AnyRegister,
    /// The record.
    pub record: AnyRecord,
    /// Its entries, oldest first.
    pub history: Vec<HistoryItem>,
    /// The same entries as they are stored.
    pub rows: Vec<Row>,
}

impl PastRecord {
    /// What a card would show of it.
    pub fn into_view(self, deadlines: Vec<Deadline>, linked_from: Vec<Link>) -> RecordView {
        RecordView {
            register: self.register,
            title: self.register.title(&self.record),
            deadlines,
            history: self.history,
            linked_from,
            offers: Vec::new(),
            record: self.record,
        }
    }

    /// As [`PastRecord::into_view`], of one that is still needed.
    pub fn view(&self, deadlines: Vec<Deadline>, linked_from: Vec<Link>) -> RecordView {
        let own = Self {
            register: self.register,
            record: self.record.clone(),
            history: self.history.clone(),
            rows: Vec::new(),
        };
        own.into_view(deadlines, linked_from)
    }
}

/// The file as it stood after entry `upto`, while others go on writing.
pub struct Past<'a> {
    pub(super) desk: &'a Desk,
    _snapshot: Snapshot<'a>,
    /// The last entry that counts.
    pub upto: i64,
}

impl Desk {
    /// The entry of this place in the chain.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn entry_at(&self, seq: i64) -> Result<Option<Row>> {
        Ok(self.store.entry_at(seq)?)
    }

    /// The file as it stood after an entry; as it stands now without one.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn past(&self, upto: Option<i64>) -> Result<Past<'_>> {
        let snapshot = self.store.snapshot()?;
        let upto = match upto {
            Some(upto) => upto,
            None => self.store.chain_head()?.seq,
        };
        Ok(Past {
            desk: self,
            _snapshot: snapshot,
            upto,
        })
    }
}

impl Past<'_> {
    /// The papers that can be printed.
    pub fn documents(&self) -> &Documents {
        &self.desk.documents
    }

    /// A paper of a record as it stood, beside `carried` ([`Past::carried`]); nothing is issued. One that was issued but
    /// never printed bears the day of issue and no check code.
    ///
    /// # Errors
    /// [`Error::Refused`] when the record has nothing for it.
    pub fn paper(
        &self,
        view: &RecordView,
        carried: &[AnyRecord],
        layout: &Layout,
        item: Option<&str>,
    ) -> Result<Printed> {
        let facts = Facts::of(view, self.rules()).around(self.around(view, carried)?);
        let prepared = prepare(layout, &facts, &view.record, item)?;
        Ok(self.desk.printed(prepared, None))
    }

    /// The rules the file is worked by.
    pub fn rules(&self) -> &Rules {
        &self.desk.rules
    }

    /// The record of this number as it stood; `None` when it was not there yet.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read or an entry is damaged.
    pub fn record(&self, no: &str) -> Result<Option<PastRecord>> {
        let mut rows = self.desk.store.entries_of(no)?;
        rows.retain(|row| row.seq <= self.upto);
        let Some(register) = register_of(no).filter(|_| !rows.is_empty()) else {
            return Ok(None);
        };
        let mut history = Vec::with_capacity(rows.len());
        let mut record = None;
        for row in &rows {
            let damaged = |why: String| self.desk.damaged(row.seq, &why);
            let entry = Entry::read(&row.line).map_err(damaged)?;
            record = Some(register.apply(record, &entry).map_err(damaged)?);
            history.push(HistoryItem {
                seq: row.seq,
                entry,
                hash: row.hash,
            });
        }
        Ok(record.map(|record| PastRecord {
            register,
            record,
            history,
            rows,
        }))
    }

    /// Links that other records had to this one.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read or an entry is damaged.
    pub fn linked_from(&self, no: &str) -> Result<Vec<Link>> {
        let mut links = self.desk.store.linked_from(no)?;
        let mut stood = Vec::with_capacity(links.len());
        for link in links.drain(..) {
            let other = self.record(&link.to)?;
            let had = other.is_some_and(|other| {
                let held = &other.record.head.links;
                held.iter().any(|l| l.to == no && l.kind == link.kind)
            });
            if had {
                stood.push(link);
            }
        }
        Ok(stood)
    }

    /// The hash of an entry.
    ///
    /// # Errors
    /// [`Error::File`] when there is no such entry or the file cannot be read.
    pub fn hash_at(&self, seq: i64) -> Result<Hash> {
        let found = self.desk.store.hash_at(seq)?;
        found.ok_or_else(|| self.desk.damaged(seq, "missing"))
    }

    /// Hands the entries after `after` to `each`, up to the last that counts.
    ///
    /// # Errors
    /// What `each` gives; [`Error::File`] when the file cannot be read.
    pub fn stretch(
        &self,
        after: i64,
        each: impl FnMut(Row) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        self.desk.store.stretch(after, self.upto, each)
    }

    /// Numbers of the records that were open, oldest first, handed to `each`.
    ///
    /// # Errors
    /// What `each` gives; [`Error::File`] when the file cannot be read.
    pub fn open_numbers(
        &self,
        register: &str,
        mut each: impl FnMut(&str) -> Result<()>,
    ) -> Result<()> {
        let store = &self.desk.store;
        let mut after = 0;
        loop {
            let page = store.going_on(register, after, 500)?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            for (_, no) in &page {
                each(no)?;
            }
        }
        // Those that were closed by what came later; a record that is open still was handed over above.
        store.stretch(self.upto, i64::MAX, |row| -> Result<ControlFlow<()>> {
            let mine = register_of(&row.no).is_some_and(|r| r.spec().code == register);
            if mine && store.first_since(&row.no, self.upto, row.seq)? {
                let open = store
                    .record(&row.no)?
                    .is_some_and(|r| r.head.closed.is_none());
                if !open {
                    each(&row.no)?;
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    /// Records of a register received before `until`, after `place`, in the order of receipt as it is now.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn received(&self, register: &str, place: &Place, until: Instant) -> Result<Vec<Place>> {
        let store = &self.desk.store;
        Ok(store.received(register, place, until.unix(), 500)?)
    }

    /// Hands the records of a register that `wanted` takes to `each`, in the order of their receipt as it stood; stops
    /// when it says so. They were received from `from` until before `until`, or are among those that entries moved or
    /// that were opened too late, whenever those were received.
    ///
    /// # Errors
    /// What `each` gives; [`Error::File`] when the file cannot be read.
    pub fn in_order(
        &self,
        register: &dyn AnyRegister,
        (from, until): (Instant, Instant),
        wanted: &dyn Fn(&PastRecord) -> bool,
        each: &mut dyn FnMut(PastRecord) -> Result<ControlFlow<()>>,
    ) -> Result<ControlFlow<()>> {
        let spec = register.spec();
        let moved: BTreeSet<String> = self
            .moved()?
            .into_iter()
            .filter(|no| no.starts_with(spec.letter))
            .collect();
        // The few whose place in the index may not be where they stood then.
        let mut strays: BTreeSet<Place> = BTreeSet::new();
        for no in &moved {
            if let Some(found) = self.record(no)?.filter(wanted) {
                strays.insert((found.record.head.received.unix(), no.clone()));
            }
        }
        let mut strays = strays.into_iter().peekable();
        let mut hand = |no: &str| match self.record(no)?.filter(wanted) {
            Some(found) => each(found),
            None => Ok(ControlFlow::Continue(())),
        };
        let mut place = (from.unix() - 1, "~".to_owned());
        loop {
            let page = self.received(spec.code, &place, until)?;
            let Some(last) = page.last() else { break };
            place = last.clone();
            for next in page {
                while let Some((_, no)) = strays.next_if(|stray| *stray < next) {
                    if hand(&no)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                if !moved.contains(&next.1) && hand(&next.1)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        for (_, no) in strays {
            if hand(&no)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// How many records of a register were received in a month, as it is now.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn received_in(&self, register: &str, month: Month) -> Result<u64> {
        let zone = self.rules().zone();
        let (from, until) = (month.begin(zone).unix(), month.end(zone).unix());
        Ok(self.desk.store.received_count(register, from, until)?)
    }

    /// Numbers of the records that entries moved to another time of receipt, or that were opened too late.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn moved(&self) -> Result<Vec<String>> {
        Ok(self.desk.store.moved()?)
    }

    /// The record that had this paper number then, if one had.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read or an entry is damaged.
    pub fn on_paper(&self, register: &dyn AnyRegister, paper: &str) -> Result<Option<String>> {
        for no in self.desk.store.ever_on_paper(paper)? {
            let Some(past) = self.record(&no)? else {
                continue;
            };
            let summary = register.summary(&past.record, self.rules());
            let mine = past.register.spec().code == register.spec().code;
            if mine && summary.paper_no.as_deref() == Some(paper) {
                return Ok(Some(no));
            }
        }
        Ok(None)
    }
}

/// A file that cannot be written beside the database, in words.
pub fn cannot_write(path: &std::path::Path, why: &std::io::Error) -> Error {
    Error::File(crate::store::io_trouble(path, why))
}
