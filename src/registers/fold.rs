//! The fold: a record made of its facts, one after the other in the order in which they happened. One loop for every
//! register; what a fact means is told by [`Register::apply`] and the lifecycle table.

use super::owed;
use super::register::{Register, Surroundings};
use super::{Neighbours, RecordOf};
use crate::base::time::Instant;
use crate::record::action::{ActionSet, Lifecycle};
use crate::record::common::{CommonAction, DeskAction, Print};
use crate::record::entry::Breach;
use crate::record::field::Choice;
use crate::record::head::{Explanation, Link, Paper, Record, Remark};
use crate::record::timeline::{Fact, Timeline};
use crate::rules::deadline::Deadline;

/// An entry that does not fit its action: the journal is damaged, or another version wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldError {
    /// Place of the entry in the journal.
    pub seq: i64,
    /// What serde said.
    pub why: String,
}

impl std::fmt::Display for FoldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "entry {}: {}", self.seq, self.why)
    }
}

impl std::error::Error for FoldError {}

/// What a fact is: an action of the register, of all registers, or of the program itself.
pub(super) enum Deed<A> {
    Own(A),
    Common(CommonAction),
    Desk(DeskAction),
}

/// Reads what a fact is.
///
/// # Errors
/// [`FoldError`] when its data does not fit its action.
pub(super) fn decode<R: Register>(fact: &Fact) -> Result<Deed<R::Action>, FoldError> {
    let (name, data) = (fact.entry.action.as_str(), &fact.entry.data);
    let known = |actions: &[crate::record::action::ActionSpec]| {
        actions.iter().any(|spec| spec.name == name)
    };
    let deed = if known(R::Action::ALL) {
        R::Action::decode(name, data).map(Deed::Own)
    } else if known(CommonAction::ALL) {
        CommonAction::decode(name, data).map(Deed::Common)
    } else {
        DeskAction::decode(name, data).map(Deed::Desk)
    };
    deed.map_err(|why| FoldError { seq: fact.seq, why })
}

/// Shown the record before a fact, the fact and its deed; false stops the fold.
pub(super) type Onlooker<'a, R> =
    dyn FnMut(&RecordOf<R>, &Fact, &Deed<<R as Register>::Action>) -> bool + 'a;

/// Folds the facts. `each` is shown the record as it stood before every fact but the first; it may stop the fold.
///
/// # Errors
/// [`FoldError`] when there are no facts, or the data of one does not fit its action.
pub(super) fn fold<R: Register>(
    timeline: &Timeline,
    around: &Surroundings<'_>,
    each: &mut Onlooker<'_, R>,
) -> Result<RecordOf<R>, FoldError> {
    let mut course = Course::<R>::opened(timeline, around)?;
    course.take(timeline, usize::MAX, around, each)?;
    Ok(complete::<R>(course.ended(timeline), around))
}

/// A record on its way through its facts.
pub(super) struct Course<R: Register> {
    /// What the facts so far have made of it.
    pub(super) record: RecordOf<R>,
    /// How many facts have been taken.
    pub(super) taken: usize,
}

impl<R: Register> Clone for Course<R> {
    fn clone(&self) -> Self {
        Self {
            record: self.record.clone(),
            taken: self.taken,
        }
    }
}

impl<R: Register> Course<R> {
    /// The record before its first fact.
    fn empty(first: &Fact, timeline: &Timeline) -> RecordOf<R> {
        let mut record: RecordOf<R> = Record::opened_by(&first.entry, R::INITIAL);
        R::begin(&mut record, timeline);
        record
    }

    /// The record as its opening fact left it.
    ///
    /// # Errors
    /// As [`fold`].
    pub(super) fn opened(
        timeline: &Timeline,
        around: &Surroundings<'_>,
    ) -> Result<Self, FoldError> {
        let Some(first) = timeline.first() else {
            return Err(FoldError {
                seq: 0,
                why: "no entries".to_owned(),
            });
        };
        let mut record = Self::empty(first, timeline);
        take::<R>(&mut record, first, decode::<R>(first)?, around);
        Ok(Self { record, taken: 1 })
    }

    /// Takes the facts up to the one of index `until`, as long as `each` agrees.
    ///
    /// # Errors
    /// As [`fold`].
    pub(super) fn take(
        &mut self,
        timeline: &Timeline,
        until: usize,
        around: &Surroundings<'_>,
        each: &mut Onlooker<'_, R>,
    ) -> Result<(), FoldError> {
        while let Some(fact) = timeline
            .facts
            .get(self.taken)
            .filter(|_| self.taken < until)
        {
            let deed = decode::<R>(fact)?;
            if !each(&self.record, fact, &deed) {
                break;
            }
            take::<R>(&mut self.record, fact, deed, around);
            self.taken += 1;
        }
        Ok(())
    }

    /// The record at the end of its facts, before anything follows from all of them.
    pub(super) fn ended(self, timeline: &Timeline) -> RecordOf<R> {
        let mut record = self.record;
        if let Some(strike) = timeline.voided() {
            record.head.void_reason = Some(strike.reason.clone());
            record.head.state_since = strike.at;
            record.head.closed.get_or_insert(strike.at);
        }
        if record.head.closed.is_some() {
            record.head.settled = timeline
                .settled
                .as_ref()
                .and_then(|settled| serde_json::from_value(settled.clone()).ok());
        }
        record
    }

    /// Whether a course along `one` is the same along `other`, as far as both have the same facts.
    pub(super) fn begins_alike(one: &Timeline, other: &Timeline) -> bool {
        one.first().zip(other.first()).is_some_and(|firsts| {
            Self::empty(firsts.0, one).body == Self::empty(firsts.1, other).body
        })
    }
}

/// What follows from all the facts so far: derived states of the body, breaches with the reasons given for them.
pub(super) fn complete<R: Register>(
    mut record: RecordOf<R>,
    around: &Surroundings<'_>,
) -> RecordOf<R> {
    R::complete(&mut record, around);
    let rules = around.rules.as_closed(record.head.closed);
    let breaches = R::breaches(&record, &rules);
    record.head.breaches = explained(breaches, &record.head.explanations);
    record
}

/// As [`complete`], with what the record owes and has owed.
pub(super) fn complete_with_deadlines<R: Register>(
    mut record: RecordOf<R>,
    around: &Surroundings<'_>,
) -> (RecordOf<R>, Vec<Deadline>) {
    R::complete(&mut record, around);
    let rules = around.rules.as_closed(record.head.closed);
    let (breaches, mut deadlines) = R::breaches_and_deadlines(&record, &rules);
    record.head.breaches = explained(breaches, &record.head.explanations);
    owed::settle(&record.head, &mut deadlines);
    (record, deadlines)
}

/// Breaches in the order of their instants, with the reasons given for them.
pub(super) fn explained(mut breaches: Vec<Breach>, reasons: &[Explanation]) -> Vec<Breach> {
    breaches.sort_by(|one, other| (one.at, &one.code).cmp(&(other.at, &other.code)));
    explain(&mut breaches, reasons);
    breaches
}

/// A reason that names the instant of one breach explains that one, any other all of its code.
fn explain(breaches: &mut [Breach], explanations: &[Explanation]) {
    for given in explanations {
        let one = breaches
            .iter()
            .any(|breach| breach.code == given.code && breach.at == given.at);
        let meant =
            |breach: &&mut Breach| breach.code == given.code && (!one || breach.at == given.at);
        for breach in breaches.iter_mut().filter(meant) {
            breach.reason.clone_from(&given.reason);
        }
    }
}

fn take<R: Register>(
    record: &mut RecordOf<R>,
    fact: &Fact,
    deed: Deed<R::Action>,
    around: &Surroundings<'_>,
) {
    match deed {
        Deed::Own(action) => {
            let life = R::Action::life(action.name());
            let opening = record.head.closed.is_none() && life.is_some_and(|l| l.from.is_empty());
            let from_here = life.is_some_and(|l| l.from.contains(&record.head.state));
            R::apply(record, fact, action, around);
            if let Some(to) = life.and_then(|l| l.to).filter(|_| opening || from_here) {
                record.enter(to, fact.entry.at);
            }
        }
        Deed::Common(action) => take_common::<R>(record, fact, action),
        Deed::Desk(DeskAction::Print(print)) => {
            printed(&mut record.head.papers, print, fact.entry.at);
        }
    }
    let ended = record.head.void_reason.is_some() || R::finished(record);
    record.head.closed = match ended {
        true => record.head.closed.or(Some(fact.entry.at)),
        false => None,
    };
}

fn take_common<R: Register>(record: &mut RecordOf<R>, fact: &Fact, action: CommonAction) {
    let entry = &fact.entry;
    match action {
        CommonAction::Void(void) => {
            record.head.void_reason = Some(void.reason);
            record.head.state_since = entry.at;
        }
        CommonAction::Link(link) => {
            R::linked(record, fact, &link.to);
            let link = Link {
                kind: link.kind.code().to_owned(),
                to: link.to,
            };
            if !record.head.links.contains(&link) {
                record.head.links.push(link);
            }
        }
        CommonAction::Remark(remark) => record.head.remarks.push(Remark {
            at: entry.at,
            by: entry.by.clone(),
            text: remark.text,
        }),
        CommonAction::ExplainBreach(explain) => record.head.explanations.push(Explanation {
            code: explain.code,
            at: entry.at,
            reason: explain.reason,
        }),
        // Entries about entries have done their work in the timeline.
        CommonAction::Correct(_) | CommonAction::Strike(_) | CommonAction::Amend(_) => {}
    }
}

/// A print of a version that an action has issued says what that version says; any other is a version of its own.
fn printed(papers: &mut Vec<Paper>, print: Print, at: Instant) {
    let same = papers
        .iter_mut()
        .find(|p| p.name == print.document && p.version == print.version && p.of.is_none());
    match same {
        Some(paper) if print.of.is_none() || paper.said.is_empty() => {
            paper.check = print.check;
            paper.said = print.said;
            paper.of = print.of;
        }
        _ => papers.push(Paper {
            of: print.of,
            check: print.check,
            said: print.said,
            ..Paper::issued(&print.document, print.version, at)
        }),
    }
}

/// No other records.
pub(super) static ALONE: Neighbours = Neighbours {
    paper_no: None,
    drawn: None,
    going_on: Vec::new(),
    records: std::collections::BTreeMap::new(),
    same_places: Vec::new(),
};
