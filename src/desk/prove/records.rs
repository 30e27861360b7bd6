//! Records: the rows that their entries make, held against those that stand.

use std::sync::Arc;

use super::chain::misread;
use super::given::Given;
use super::words::Expected;
use super::{Steps, readable};
use crate::base::i18n::Msg;
use crate::desk::lookup::evaluate;
use crate::desk::{Error, Result};
use crate::record::action::ActionSpec;
use crate::record::entry::Entry;
use crate::record::timeline::{Logged, Timeline};
use crate::registers::dynamic::AnyRegister;
use crate::registers::register_of;
use crate::rules::in_force::InForce;
use crate::store::Store;
use crate::store::journal::Line;
use crate::store::proof::Beside;
use crate::store::rows::Rows;

/// What the entries of some records make, as far as it is held against whole tables.
#[derive(Default)]
pub(super) struct Sums {
    /// Records whose rows agree.
    pub(super) agree: u64,
    /// Rows of the tables of records, duties, links and places.
    pub(super) rows: [i64; 4],
    /// Records by register and state.
    pub(super) counters: Vec<(&'static str, String, i64)>,
    /// Numbers, imported rows and keys that the entries tell of.
    pub(super) given: Given,
    /// Words that the search index should hold.
    pub(super) words: Expected,
    /// What is wrong with the journal.
    pub(super) damage: Vec<Msg>,
    /// What differs from it.
    pub(super) findings: Vec<Msg>,
}

/// The entries of one record, gathered.
#[derive(Default)]
struct Group {
    no: String,
    entries: Vec<Logged>,
    /// One of them cannot be read.
    damaged: bool,
}

impl Sums {
    pub(super) fn add(&mut self, other: Self) {
        self.agree += other.agree;
        for (sum, more) in self.rows.iter_mut().zip(other.rows) {
            *sum += more;
        }
        for (register, state, n) in other.counters {
            self.count(register, &state, n);
        }
        self.given.add(other.given);
        self.words.add(other.words);
        self.damage.extend(other.damage);
        self.findings.extend(other.findings);
    }

    fn count(&mut self, register: &'static str, state: &str, n: i64) {
        let mut known = self.counters.iter_mut();
        match known.find(|(of, in_state, _)| *of == register && in_state == state) {
            Some((_, _, sum)) => *sum += n,
            None => self.counters.push((register, state.to_owned(), n)),
        }
    }

    /// Proves the records of one stretch of numbers; `steps` is told of entries and says whether to go on.
    pub(super) fn span(
        &mut self,
        store: &Store,
        rules: &InForce,
        span: (&str, Option<&str>),
        steps: &mut Steps<'_>,
    ) -> Result<()> {
        let mut group = Group::default();
        let mut failed = None;
        store.each_of_records(span, |line| {
            if line.no != group.no {
                let whole = std::mem::take(&mut group);
                line.no.clone_into(&mut group.no);
                if let Err(error) = self.record(store, rules, whole) {
                    failed = Some(error);
                    return false;
                }
            }
            self.gather(&mut group, &line);
            steps.one()
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        if steps.told() {
            self.record(store, rules, group)?;
        }
        Ok(())
    }

    fn gather(&mut self, group: &mut Group, line: &Line<'_>) {
        let read = Entry::read(line.text);
        self.damage.extend(misread(line.seq, line.no, &read));
        match read {
            Ok(entry) => group.entries.push(Logged {
                seq: line.seq,
                entry: Arc::new(entry),
            }),
            Err(_) => group.damaged = true,
        }
    }

    /// Holds the rows of one record against its entries.
    fn record(&mut self, store: &Store, rules: &InForce, group: Group) -> Result<()> {
        let Group {
            no,
            entries,
            damaged,
        } = group;
        self.given.number(&no);
        if damaged || entries.is_empty() {
            return Ok(());
        }
        self.given.by(&no, &entries);
        let Some(register) = register_of(&no) else {
            return Ok(());
        };
        if opened_twice(register, &entries) {
            let twice = Msg::new("audit.opened_twice").with("no", no.as_str());
            self.findings.push(twice);
        }
        let timeline = Timeline::of(entries);
        let evaluated = match evaluate(register, &timeline, rules, store) {
            Ok(evaluated) => evaluated,
            Err(error) => {
                let found = Msg::new("audit.replay").with("no", no);
                self.findings.push(found.with("why", reason(&error)));
                return Ok(());
            }
        };
        let code = register.spec().code;
        let made = Rows::of(&evaluated, register).map_err(|e| {
            crate::desk::damaged(0, Msg::new("entry.unreadable").with("why", e.to_string()))
        })?;
        self.rows[0] += 1;
        self.rows[1] += made.duties.len() as i64;
        self.rows[2] += made.links.len() as i64;
        self.rows[3] += made.places.len() as i64;
        self.count(code, &made.record.state, 1);
        self.words.take(store, made.record.id, &made.grams)?;
        self.compare(store, &no, made)
    }

    fn compare(&mut self, store: &Store, no: &str, mut made: Rows) -> Result<()> {
        made.grams = String::new();
        let differs = |what: &str| Msg::new("audit.differs").with("no", no).with("what", what);
        let found = match readable(store.standing(no, Beside::of(&made)))? {
            Some(Some(stands)) if stands == made => {
                self.agree += 1;
                return Ok(());
            }
            Some(Some(stands)) => differs(differing(&made, &stands)),
            Some(None) => Msg::new("audit.missing").with("no", no),
            None => differs("row"),
        };
        self.findings.push(found);
        Ok(())
    }
}

/// Whether a record was opened a second time.
fn opened_twice(register: &dyn AnyRegister, entries: &[Logged]) -> bool {
    let mut later = entries.iter().skip(1);
    later.any(|logged| {
        let spec: Option<&ActionSpec> = register.action(&logged.entry.action);
        spec.is_some_and(|spec| spec.first)
    })
}

/// What is wrong with an entry, in words.
fn reason(error: &Error) -> Msg {
    match error {
        Error::Refused(refusal) => refusal.message.clone(),
        Error::File(trouble) => trouble.reason.clone(),
    }
}

/// Which part of a record's rows differs, for the person who has to look.
fn differing(expected: &Rows, stands: &Rows) -> &'static str {
    let (made, kept) = (&expected.record, &stands.record);
    let parts: [(&'static str, bool); 13] = [
        ("body", made.body != kept.body),
        ("title", made.title != kept.title),
        ("state", made.state != kept.state || made.open != kept.open),
        ("class", made.class != kept.class),
        ("received", made.received != kept.received),
        (
            "place",
            made.place != kept.place || expected.places != stands.places,
        ),
        ("paper_no", made.paper_key != kept.paper_key),
        ("void_reason", made.void_reason != kept.void_reason),
        (
            "due",
            made.due != kept.due || made.late_from != kept.late_from,
        ),
        (
            "duty",
            made.duty != kept.duty || expected.duties != stands.duties,
        ),
        ("link", expected.links != stands.links),
        ("search", made.found_by != kept.found_by),
        (
            "register",
            made.register != kept.register || made.id != kept.id,
        ),
    ];
    parts
        .into_iter()
        .find(|(_, differs)| *differs)
        .map_or("row", |(name, _)| name)
}
