//! The file as it stood after an entry: what a month's archive is made of. Records are replayed from their own entries,
//! so that what came later changes nothing.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::papers::Printed;
pub use super::seal::Seal;
use super::view::{Fate, HistoryItem, RecordView, tell_fates};
use super::{Desk, Error, Result, rulebook, unfolded, unreadable};
use crate::base::hash::Hash;
use crate::base::i18n::Msg;
use crate::base::identity::same;
use crate::base::time::{Instant, Month};
use crate::documents::Documents;
use crate::documents::facts::Facts;
use crate::documents::issue::prepare;
use crate::documents::layout::Layout;
use crate::record::entry::Entry;
use crate::record::head::{AnyRecord, Link};
use crate::record::timeline::{Logged, Timeline};
use crate::registers::dynamic::AnyRegister;
use crate::registers::{Lookup, Neighbours, Surroundings, register_of};
use crate::rules::deadline::Deadline;
use crate::rules::in_force::InForce;
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

/// Entries with their places, as they were typed.
fn typed(history: &[HistoryItem]) -> Vec<Logged> {
    let logged = history.iter().map(|item| Logged {
        seq: item.seq,
        entry: std::sync::Arc::clone(&item.entry),
    });
    logged.collect()
}

/// The file as it stood after entry `upto`, while others go on writing.
pub struct Past<'a> {
    pub(super) desk: &'a Desk,
    /// The rules that had been taken up by then.
    in_force: InForce,
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
        let in_force = match self.store.rules_count(upto)? == self.taken_up {
            true => self.in_force.clone(),
            false => {
                let mut taken = self.store.rules_entries()?;
                taken.retain(|row| row.seq <= upto);
                rulebook::read(&taken, &self.offered).map_err(|e| self.named(e))?
            }
        };
        Ok(Past {
            desk: self,
            in_force,
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

    /// The rules that were in force then.
    pub fn rules(&self) -> &Rules {
        self.in_force.newest()
    }

    /// The same through time.
    pub fn in_force(&self) -> &InForce {
        &self.in_force
    }

    /// The record of this number as it stood; `None` when it was not there yet.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read or an entry is damaged.
    pub fn record(&self, no: &str) -> Result<Option<PastRecord>> {
        let mut rows = self.desk.store.rows_of(no)?;
        rows.retain(|row| row.seq <= self.upto);
        let Some(register) = register_of(no).filter(|_| !rows.is_empty()) else {
            return Ok(None);
        };
        let mut history = Vec::with_capacity(rows.len());
        for row in &rows {
            let entry =
                Entry::read(&row.line).map_err(|why| self.desk.named(unreadable(row.seq, &why)))?;
            history.push(HistoryItem {
                seq: row.seq,
                entry: std::sync::Arc::new(entry),
                hash: row.hash,
                fate: Fate::default(),
            });
        }
        tell_fates(&mut history);
        let timeline = Timeline::of(typed(&history));
        let record = self.evaluate(register, &timeline)?;
        Ok(Some(PastRecord {
            register,
            record,
            history,
            rows,
        }))
    }

    /// Numbers of the other records that a record's fold looks at.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read or an entry is damaged.
    pub fn neighbours(&self, found: &PastRecord) -> Result<Vec<String>> {
        let timeline = Timeline::of(typed(&found.history));
        self.looked_at(found.register, &timeline)
    }

    /// The entries that had taken up rules by then.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn rules_rows(&self) -> Result<Vec<Row>> {
        let mut rows = self.desk.store.rules_entries()?;
        rows.retain(|row| row.seq <= self.upto);
        Ok(rows)
    }

    fn looked_at(&self, register: &dyn AnyRegister, timeline: &Timeline) -> Result<Vec<String>> {
        let asked = register
            .surroundings(timeline, &self.in_force)
            .map_err(|why| self.desk.named(unfolded(why)))?;
        let own = timeline.first().map_or("", |fact| fact.entry.no.as_str());
        let code = register.spec().code;
        let mut numbers = Vec::new();
        for lookup in asked {
            if let Lookup::SamePlaces {
                places,
                from,
                until,
            } = lookup
            {
                let found = self.desk.store.same_places(code, &places, (from, until))?;
                numbers.extend(found.into_iter().filter(|no| no != own));
            }
        }
        Ok(numbers)
    }

    /// The record that these facts made, with its neighbours as they stood.
    fn evaluate(&self, register: &dyn AnyRegister, timeline: &Timeline) -> Result<AnyRecord> {
        let damaged = |why| self.desk.named(unfolded(why));
        let mut near = Neighbours::default();
        for no in self.looked_at(register, timeline)? {
            near.same_places.extend(self.alone(register, &no)?);
        }
        let around = Surroundings {
            rules: &self.in_force,
            near: &near,
        };
        let evaluated = register.evaluate(timeline, &around).map_err(damaged)?;
        evaluated.record().map_err(damaged)
    }

    /// A neighbour as it stood, by its own entries alone; `None` when it was not there yet.
    fn alone(&self, register: &dyn AnyRegister, no: &str) -> Result<Option<AnyRecord>> {
        let mut entries =
            super::lookup::logged(no, &self.desk.store).map_err(|e| self.desk.named(e))?;
        entries.retain(|logged| logged.seq <= self.upto);
        if entries.is_empty() {
            return Ok(None);
        }
        let near = Neighbours::default();
        let around = Surroundings {
            rules: &self.in_force,
            near: &near,
        };
        let evaluated = register.evaluate(&Timeline::of(entries), &around);
        Ok(evaluated.ok().and_then(|evaluated| evaluated.record().ok()))
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
        found.ok_or_else(|| {
            self.desk
                .named(super::damaged(seq, Msg::new("entry.missing")))
        })
    }

    /// The next stretch after entry `passed` in which the clock only went on and may have shown this instant or a later
    /// one: its first and last place.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub(super) fn clock_stretch(&self, at: Instant, passed: i64) -> Result<(i64, i64)> {
        Ok(self.desk.store.clock_stretch(at, (passed, self.upto))?)
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
            let mine = past.register.spec().code == register.spec().code;
            let number = register.paper_no(&past.record).filter(|_| mine);
            if number.is_some_and(|number| same(&number, paper)) {
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
