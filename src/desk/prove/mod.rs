//! Proving the file: SQLite's own check, the hash chain, and every row of every derived table against the rows that the
//! entries make now, by the same function that writes them. Two threads share the work.

mod chain;
mod given;
mod records;
mod tables;
mod words;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use super::Result;
use super::audit::Watch;
use crate::base::hash::Hash;
use crate::base::i18n::Msg;
use crate::base::progress::Progress;
use crate::rules::in_force::InForce;
use crate::store::{Store, Stored};
use chain::Chain;
pub(super) use given::Given;
use records::Sums;
use words::Words;

/// What the proof of a file found.
#[derive(Default)]
pub(super) struct Proved {
    /// What is wrong with the file itself and with its journal.
    pub(super) damage: Vec<Msg>,
    /// Derived tables that differ from the journal; they can be built anew from it.
    pub(super) stale: Vec<Msg>,
    /// Entries of the journal.
    pub(super) entries: i64,
    /// Hash of the last one.
    pub(super) head: Hash,
    /// Records whose rows agree.
    pub(super) records: u64,
}

/// A part of the proof; each is done by one thread.
enum Part {
    /// SQLite's own check.
    Integrity,
    /// The hash chain.
    Chain,
    /// Every word of the search index.
    Words,
    /// The records whose numbers lie in this span.
    Records(String, Option<String>),
}

/// Records that one part holds.
const PART: i64 = 1000;

/// Proves the file; with rules, its derived tables too. `None` when it was stopped. The caller holds a steady view.
///
/// # Errors
/// [`super::Error::File`] when the file cannot be read at all.
pub(super) fn file(
    store: &Store,
    rules: Option<&InForce>,
    watch: Watch<'_>,
) -> Result<Option<Proved>> {
    let entries = u64::try_from(store.chain_head()?.seq).unwrap_or(0);
    // Each entry is looked at in the chain, and again in its record.
    let passes = 1 + u64::from(rules.is_some());
    let gauge = Gauge::new(entries.saturating_mul(passes));
    let mut parts = VecDeque::from([Part::Integrity]);
    if rules.is_some() {
        parts.push_back(Part::Words);
        let spans = readable(store.spans(PART))?.unwrap_or_else(|| vec![(String::new(), None)]);
        parts.extend(spans.into_iter().map(|(from, to)| Part::Records(from, to)));
    }
    let work = Work {
        rules,
        gauge: &gauge,
        parts: &Mutex::new(parts),
    };
    let mut found = shared(store, &work, watch)?;
    if gauge.stopped() {
        return Ok(None);
    }
    let mut sums = found.sums();
    let mut proved = Proved {
        damage: found.integrity,
        ..Proved::default()
    };
    if let Some(chain) = found.chain {
        proved.damage.extend(chain.findings);
        sums.given.keyed(chain.clock);
        (proved.entries, proved.head) = (chain.entries, chain.head);
    }
    if rules.is_some() {
        proved.damage.append(&mut sums.damage);
        tables::hold(store, &mut sums)?;
        words::hold(found.words, &mut sums);
        proved.records = sums.agree;
        proved.stale = sums.findings;
    }
    Ok(Some(proved))
}

/// What is to be done, and how far it is.
#[derive(Clone, Copy)]
struct Work<'a> {
    rules: Option<&'a InForce>,
    gauge: &'a Gauge,
    parts: &'a Mutex<VecDeque<Part>>,
}

/// What one thread found.
#[derive(Default)]
struct Found {
    integrity: Vec<Msg>,
    chain: Option<Chain>,
    words: Option<Words>,
    /// By the number at which each span begins.
    sums: Vec<(String, Sums)>,
}

impl Found {
    fn add(&mut self, other: Self) {
        self.integrity.extend(other.integrity);
        self.chain = self.chain.take().or(other.chain);
        self.words = self.words.take().or(other.words);
        self.sums.extend(other.sums);
    }

    /// What all spans make together; findings stand in the order of numbers, whichever thread found them.
    fn sums(&mut self) -> Sums {
        let mut spans = std::mem::take(&mut self.sums);
        spans.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut sums = Sums::default();
        spans.into_iter().for_each(|(_, span)| sums.add(span));
        sums
    }
}

/// Both threads at once, each on a connection of its own and with a view of its own; alone when the second cannot see
/// the same entries.
fn shared(store: &Store, work: &Work<'_>, watch: Watch<'_>) -> Result<Found> {
    let head = store.chain_head()?;
    std::thread::scope(|scope| {
        let second = store.again().map(|helper| {
            scope.spawn(move || {
                helper.steady(|| match helper.chain_head()? == head {
                    true => parts(&helper, work, None, &mut |_| {
                        std::ops::ControlFlow::Continue(())
                    }),
                    false => Ok(Found::default()),
                })
            })
        });
        let mut found = parts(store, work, Some(Part::Chain), watch).inspect_err(|_| {
            work.gauge.stop();
        })?;
        match second.map(std::thread::ScopedJoinHandle::join) {
            Some(Ok(other)) => found.add(other?),
            Some(Err(_)) => return Err(super::damaged(0, Msg::new("audit.thread"))),
            None => {}
        }
        Ok(found)
    })
}

/// Does parts of the work, `first` before any other, as long as there are any.
fn parts(store: &Store, work: &Work<'_>, first: Option<Part>, watch: Watch<'_>) -> Result<Found> {
    let mut found = Found::default();
    let next = || {
        let mut parts = work.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.pop_front()
    };
    let mut part = first.or_else(next);
    while let Some(todo) = part.filter(|_| !work.gauge.stopped()) {
        let mut steps = Steps {
            gauge: work.gauge,
            watch: &mut *watch,
            since: 0,
        };
        match (todo, work.rules) {
            (Part::Integrity, _) => {
                let told = store.integrity()?.into_iter();
                let told = told.map(|line| Msg::new("audit.sqlite").with("what", line));
                found.integrity.extend(told);
            }
            (Part::Chain, rules) => {
                found.chain = Some(chain::follow(store, rules.is_none(), &mut steps)?);
            }
            (Part::Words, _) => found.words = readable(Words::of(store))?,
            (Part::Records(from, until), Some(rules)) => {
                let span = (from.as_str(), until.as_deref());
                let mut sums = Sums::default();
                sums.span(store, rules, span, &mut steps)?;
                found.sums.push((from, sums));
            }
            (Part::Records(..), None) => {}
        }
        part = next();
    }
    Ok(found)
}

/// Entries between two looks at whether the proof is still wanted.
const STEP: u64 = 1024;

/// Counts the entries of one part.
struct Steps<'a> {
    gauge: &'a Gauge,
    watch: Watch<'a>,
    since: u64,
}

impl Steps<'_> {
    /// One more entry; answers whether to go on.
    fn one(&mut self) -> bool {
        self.since += 1;
        self.since < STEP || self.told()
    }

    /// Tells of the entries since it was last told; answers whether to go on.
    fn told(&mut self) -> bool {
        let since = std::mem::take(&mut self.since);
        self.gauge.advance(since, &mut *self.watch)
    }
}

/// How far the proof is, whether it is still wanted.
struct Gauge {
    done: AtomicU64,
    all: u64,
    stopped: AtomicBool,
}

impl Gauge {
    const fn new(all: u64) -> Self {
        Self {
            done: AtomicU64::new(0),
            all,
            stopped: AtomicBool::new(false),
        }
    }

    /// Some more is done; answers whether the rest is still wanted.
    fn advance(&self, more: u64, watch: Watch<'_>) -> bool {
        let done = self.done.fetch_add(more, Relaxed).saturating_add(more);
        let told = Progress {
            done: done.min(self.all),
            all: Some(self.all),
        };
        if watch(told).is_break() {
            self.stop();
        }
        !self.stopped()
    }

    fn stop(&self) {
        self.stopped.store(true, Relaxed);
    }

    fn stopped(&self) -> bool {
        self.stopped.load(Relaxed)
    }
}

/// What stands in a table; nothing where a damaged value is none that the table can hold. Whatever is wrong with the
/// file itself stays an error.
fn readable<T>(read: Stored<T>) -> Result<Option<T>> {
    match read {
        Ok(stands) => Ok(Some(stands)),
        Err(trouble) if trouble.reason.key == "file.other" => Ok(None),
        Err(trouble) => Err(trouble.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_stand_in_the_order_of_numbers_whichever_thread_was_first() {
        let span = |from: &str, finding: &str| {
            let sums = Sums {
                agree: 1,
                findings: vec![Msg::new(finding)],
                ..Sums::default()
            };
            (from.to_owned(), sums)
        };
        let mut first = Found::default();
        first.sums.push(span("W-2026-01001", "third"));
        let mut second = Found::default();
        second.sums.push(span("", "first"));
        second.sums.push(span("C-2026-00007", "second"));
        first.add(second);
        let sums = first.sums();
        assert_eq!(sums.agree, 3);
        let told: Vec<&str> = sums
            .findings
            .iter()
            .map(|found| found.key.as_ref())
            .collect();
        assert_eq!(told, ["first", "second", "third"]);
    }

    #[test]
    fn a_proof_that_is_no_longer_wanted_says_so_to_both_threads() {
        let gauge = Gauge::new(10);
        let mut told = Vec::new();
        let mut go = |p: Progress| {
            told.push((p.done, p.all));
            std::ops::ControlFlow::Continue(())
        };
        assert!(gauge.advance(4, &mut go));
        assert!(gauge.advance(9, &mut go));
        assert_eq!(told, [(4, Some(10)), (10, Some(10))]);
        let mut stop = |_: Progress| std::ops::ControlFlow::Break(());
        assert!(!gauge.advance(1, &mut stop));
        assert!(gauge.stopped());
    }
}
