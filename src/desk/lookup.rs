//! What a record needs to know of others: answered from a transaction, from the file as it is, or as it stood.

use super::Result;
use crate::base::time::Instant;
use crate::record::head::AnyRecord;
use crate::record::timeline::{Logged, Timeline};
use crate::registers::dynamic::{Acted, AnyRegister, Begun, Evaluated, FoldError};
use crate::registers::{Lookup, Neighbours, Surroundings};
use crate::rules::in_force::InForce;
use crate::store::known::Entries;
use crate::store::sample::Finished;
use crate::store::{Store, Stored, Writer};

/// Where lookups are answered from.
pub(super) trait Source {
    /// The record of this number.
    fn record(&self, no: &str) -> Stored<Option<AnyRecord>>;
    /// Which live record of a register has this paper number.
    fn paper_no(&self, register: &str, paper: &str) -> Stored<Option<String>>;
    /// Numbers of the records of a register that touch one of these places, received within the span.
    fn same_places(
        &self,
        register: &str,
        places: &[String],
        span: (Instant, Instant),
    ) -> Stored<Vec<String>>;
    /// The records that were finished in a span, oldest first.
    fn finished(&self, asked: &Finished<'_>) -> Stored<Vec<AnyRecord>>;
    /// Which line of the log is the standing draw of a week's sample.
    fn drawn(&self, week: &str) -> Stored<Option<String>>;
    /// The records of a register whose life goes on, oldest first.
    fn going_on(&self, register: &str) -> Stored<Vec<AnyRecord>>;
    /// Whether a month is sealed.
    fn sealed(&self, month: &str) -> Stored<bool>;
    /// The entries of a record, in the order of typing.
    fn entries(&self, no: &str) -> Stored<Entries>;
}

macro_rules! source {
    ($type:ty) => {
        impl Source for $type {
            fn record(&self, no: &str) -> Stored<Option<AnyRecord>> {
                self.record(no)
            }
            fn paper_no(&self, register: &str, paper: &str) -> Stored<Option<String>> {
                self.paper_no(register, paper)
            }
            fn same_places(
                &self,
                register: &str,
                places: &[String],
                span: (Instant, Instant),
            ) -> Stored<Vec<String>> {
                self.same_places(register, places, span)
            }
            fn finished(&self, asked: &Finished<'_>) -> Stored<Vec<AnyRecord>> {
                self.finished(asked)
            }
            fn drawn(&self, week: &str) -> Stored<Option<String>> {
                self.drawn(week)
            }
            fn going_on(&self, register: &str) -> Stored<Vec<AnyRecord>> {
                self.records_going_on(register)
            }
            fn sealed(&self, month: &str) -> Stored<bool> {
                self.sealed(month)
            }
            fn entries(&self, no: &str) -> Stored<Entries> {
                self.entries_of(no)
            }
        }
    };
}
source!(Writer<'_>);
source!(Store);

/// Answers questions about other records than `own`.
pub(super) fn answer(
    lookups: Vec<Lookup>,
    register: &dyn AnyRegister,
    own: &str,
    source: &impl Source,
) -> Result<Neighbours> {
    let mut near = Neighbours::default();
    let code = register.spec().code;
    for lookup in lookups {
        match lookup {
            Lookup::PaperNo(paper) => near.paper_no = source.paper_no(code, &paper)?,
            Lookup::GoingOn(register) => near.going_on = source.going_on(register)?,
            Lookup::Drawn(week) => near.drawn = source.drawn(&week)?,
            Lookup::Record(no) => {
                if let Some(record) = source.record(&no)? {
                    near.records.insert(no, record);
                }
            }
            Lookup::SamePlaces {
                places,
                from,
                until,
            } => {
                for no in source.same_places(code, &places, (from, until))? {
                    if no != own
                        && let Some(record) = source.record(&no)?
                    {
                        near.same_places.push(record);
                    }
                }
            }
        }
    }
    Ok(near)
}

/// The entries of a record, in the order of typing.
pub(super) fn logged(no: &str, source: &impl Source) -> Result<Vec<Logged>> {
    Ok(source.entries(no)?.logged)
}

/// The record that a timeline makes, with what it needs to know of others.
pub(super) fn evaluate(
    register: &dyn AnyRegister,
    timeline: &Timeline,
    rules: &InForce,
    source: &impl Source,
) -> Result<Evaluated> {
    looking_around(register, timeline, rules, source, |around| {
        register.evaluate(timeline, around)
    })
}

/// As [`evaluate`], with what other records see of it.
pub(super) fn acted(
    register: &dyn AnyRegister,
    timeline: &Timeline,
    rules: &InForce,
    source: &impl Source,
) -> Result<Acted> {
    looking_around(register, timeline, rules, source, |around| {
        register.acted(timeline, around, &Begun::default())
    })
}

fn looking_around<T>(
    register: &dyn AnyRegister,
    timeline: &Timeline,
    rules: &InForce,
    source: &impl Source,
    make: impl FnOnce(&Surroundings<'_>) -> std::result::Result<T, FoldError>,
) -> Result<T> {
    let asked = register
        .surroundings(timeline, rules)
        .map_err(super::unfolded)?;
    let own = timeline.first().map_or("", |fact| fact.entry.no.as_str());
    let near = answer(asked, register, own, source)?;
    make(&Surroundings { rules, near: &near }).map_err(super::unfolded)
}
