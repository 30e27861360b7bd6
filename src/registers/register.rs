//! The face of a register: its fields and actions (declared once), what may happen, what the facts make of a record,
//! what it owes, which clauses were not kept.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::record::action::Lifecycle;
use crate::record::decision::Decision;
use crate::record::entry::{Breach, Entry};
use crate::record::field::Choice;
use crate::record::head::{AnyRecord, Record};
use crate::record::request::Envelope;
use crate::record::timeline::{Fact, Timeline};
use crate::rules::deadline::Deadline;
use crate::rules::in_force::InForce;
use crate::rules::ruleset::Rules;

/// What is fixed of a register.
#[derive(Debug)]
pub struct RegisterSpec {
    /// `work-order`; label `register.<code>` in the catalogue.
    pub code: &'static str,
    /// First letter of its numbers.
    pub letter: char,
    /// Keys of the columns its table shows, the most important first (fields of the body, or `no`, `state`, `class`,
    /// `received`, `next`).
    pub columns: &'static [&'static str],
    /// Keys of the body that only the program reads; a card leaves them out.
    pub hidden: &'static [&'static str],
    /// The action a new record starts with unless another is named.
    pub opens_with: &'static str,
    /// The digits of its sheet, for as long as a record lasts: what else it owes by then renumbers nothing.
    pub digits: &'static [DutyDigit],
    /// Papers whose words are said or sent while a record runs: its sheet shows them as they will be printed.
    pub spoken: &'static [DutyPaper],
}

/// A paper whose words are said or sent.
#[derive(Debug)]
pub struct DutyPaper {
    /// Its name.
    pub paper: &'static str,
    /// The codes of the duties that it is for.
    pub duties: &'static [&'static str],
}

impl DutyPaper {
    /// The paper for these duties.
    pub const fn of(paper: &'static str, duties: &'static [&'static str]) -> Self {
        Self { paper, duties }
    }
}

/// The digit of a duty on the sheet of its register.
#[derive(Debug)]
pub struct DutyDigit {
    /// The key.
    pub digit: usize,
    /// The duty's code.
    pub duty: &'static str,
    /// It is about people who may be held: each of its parts is in sight, before everything else.
    pub people: bool,
}

impl DutyDigit {
    /// A duty that its digit ticks off.
    pub const fn of(digit: usize, duty: &'static str) -> Self {
        Self {
            digit,
            duty,
            people: false,
        }
    }

    /// The same, about people.
    pub const fn people(digit: usize, duty: &'static str) -> Self {
        Self {
            digit,
            duty,
            people: true,
        }
    }
}

/// An act, typed.
#[derive(Clone, Debug)]
pub struct Act<A> {
    /// Times and persons.
    pub envelope: Envelope,
    /// What is done.
    pub action: A,
}

impl<A> Act<A> {
    /// The act that an entry is.
    pub fn of(entry: &Entry, action: A) -> Self {
        Self {
            envelope: Envelope::of(entry),
            action,
        }
    }
}

/// What a check may look at besides the record as it stood at the instant of the act.
pub struct Context<'a> {
    /// The number of the record; empty for a new one.
    pub no: &'a str,
    /// Now.
    pub now: Instant,
    /// Procedures, calendar and site in force when it happened.
    pub rules: &'a Rules,
    /// The same through time, for duties.
    pub in_force: &'a InForce,
    /// What was found of other records, as asked for by [`Register::questions`].
    pub near: &'a Neighbours,
}

/// What a fold may look at besides the facts.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The rules through time.
    pub rules: &'a InForce,
    /// What was found of other records, as asked for by [`Register::surroundings`].
    pub near: &'a Neighbours,
}

/// A question about other records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// Which live record of this register has this paper number.
    PaperNo(String),
    /// Whether a record of this number exists, and how it stands.
    Record(String),
    /// Which line of the duty log is the standing draw of the weekly sample of this week (`2026-W10`).
    Drawn(String),
    /// The records of the register of this code whose life goes on.
    GoingOn(&'static str),
    /// Records of this register that touch one of these places, received between two instants, both counted.
    SamePlaces {
        /// The places as typed.
        places: Vec<String>,
        /// Received at or after.
        from: Instant,
        /// Received at or before.
        until: Instant,
    },
}

/// From how much of a record it is seen which others its fold looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// It looks at none.
    Nowhere,
    /// From what its opening fact says.
    FromOpening,
    /// From all its facts.
    FromAll,
}

/// The answers.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    /// The record that already has the paper number.
    pub paper_no: Option<String>,
    /// The line of the duty log that is the week's draw.
    pub drawn: Option<String>,
    /// The records of another register whose life goes on, oldest first.
    pub going_on: Vec<AnyRecord>,
    /// Records asked for by number.
    pub records: BTreeMap<String, AnyRecord>,
    /// Records about the same places, oldest first; never the record itself.
    pub same_places: Vec<AnyRecord>,
}

/// A record of register `R`.
pub type RecordOf<R> = Record<<R as Register>::Body, <R as Register>::State>;

/// A register.
pub trait Register: Sync + 'static {
    /// What is fixed of it.
    const SPEC: RegisterSpec;
    /// Its actions, each with its row of the lifecycle table.
    type Action: Lifecycle<State = Self::State> + Clone;
    /// The states of a record's life.
    type State: Choice + PartialEq + Serialize + DeserializeOwned;
    /// What it keeps of a record; serde keys are field keys.
    type Body: Clone + Default + PartialEq + Serialize + DeserializeOwned;
    /// The state a record is opened in, before its first action is applied.
    const INITIAL: Self::State;
    /// States in which a record's life has ended.
    const ENDS: &'static [Self::State];

    /// Actions that nobody takes by hand: the program itself does, when something else is complete.
    const RESERVED: &'static [&'static str] = &[];
    /// States in which a record is never changed again, not even corrected or voided.
    const FIXED: &'static [Self::State] = &[];
    /// States of a record that the program made as a whole: it is neither put right nor voided, but struck, with
    /// everything that it brought about.
    const WHOLE: &'static [Self::State] = &[];
    /// Whether its fold looks at other records.
    const LOOKS_AROUND: bool = false;

    /// What an action needs besides the state of its row in the lifecycle table: something to act upon.
    fn available(_record: &RecordOf<Self>, _action: &str) -> bool
    where
        Self: Sized,
    {
        true
    }

    /// Whether a card offers an action that is possible: one that is done already can be done again, and typed late, but
    /// nobody looks for it.
    fn offered(_record: &RecordOf<Self>, _action: &str) -> bool
    where
        Self: Sized,
    {
        true
    }

    /// Whether this record's life has ended; a register whose last state may still owe something says so here.
    fn finished(record: &RecordOf<Self>) -> bool
    where
        Self: Sized,
    {
        Self::ENDS.contains(&record.head.state)
    }

    /// What the check of an act needs to know of other records.
    fn questions(_act: &Act<Self::Action>) -> Vec<Lookup>
    where
        Self: Sized,
    {
        Vec::new()
    }

    /// How much of this record must be known to say what its fold looks at.
    fn looks(_opened: &RecordOf<Self>) -> Looks
    where
        Self: Sized,
    {
        Looks::Nowhere
    }

    /// What the fold of a record needs to know of other records, asked by instant: of the record as [`Register::looks`]
    /// wants it.
    fn surroundings(_record: &RecordOf<Self>, _rules: &InForce) -> Vec<Lookup>
    where
        Self: Sized,
    {
        Vec::new()
    }

    /// The records whose fold may look at this one, besides itself.
    fn watchers(_record: &RecordOf<Self>, _rules: &InForce) -> Option<Lookup>
    where
        Self: Sized,
    {
        None
    }

    /// What the records that look at this one see of it.
    fn seen_by_others(_record: &RecordOf<Self>) -> serde_json::Value
    where
        Self: Sized,
    {
        serde_json::Value::Null
    }

    /// What must have happened before, for the act to be possible at all. Asked of every fact again when something
    /// before it is changed.
    ///
    /// # Errors
    /// A refusal that names what is missing.
    fn presupposes(_before: &RecordOf<Self>, _act: &Act<Self::Action>) -> Result<(), Refusal>
    where
        Self: Sized,
    {
        Ok(())
    }

    /// Whether a new record may be opened by this act.
    ///
    /// # Errors
    /// A refusal that names field and clause. Times and unknown fields have been checked already.
    fn open(act: &Act<Self::Action>, cx: &Context<'_>) -> Result<Decision, Refusal>
    where
        Self: Sized;

    /// Whether the act may happen to the record as it stood at the instant of the act.
    ///
    /// # Errors
    /// A refusal that names field and clause. State, times and unknown fields have been checked already.
    fn check(
        before: &RecordOf<Self>,
        act: &Act<Self::Action>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal>
    where
        Self: Sized;

    /// What is known of all facts before the first one is applied: what was numbered in the order of typing.
    fn begin(_record: &mut RecordOf<Self>, _timeline: &Timeline)
    where
        Self: Sized,
    {
    }

    /// What the fact makes of the record. Total: it never fails and never asks what was typed first.
    fn apply(
        record: &mut RecordOf<Self>,
        fact: &Fact,
        action: Self::Action,
        around: &Surroundings<'_>,
    ) where
        Self: Sized;

    /// What a new link to the record `to` changes besides the link itself.
    fn linked(_record: &mut RecordOf<Self>, _fact: &Fact, _to: &str)
    where
        Self: Sized,
    {
    }

    /// What follows from all facts together, after the last one.
    fn complete(_record: &mut RecordOf<Self>, _around: &Surroundings<'_>)
    where
        Self: Sized,
    {
    }

    /// The clauses that were not kept: gates that were open at the instant of the act they guard. The reason is what
    /// the person acting said, or empty.
    fn breaches(_record: &RecordOf<Self>, _rules: &InForce) -> Vec<Breach>
    where
        Self: Sized,
    {
        Vec::new()
    }

    /// What the record owes and has owed, in the order of the procedure.
    fn deadlines(record: &RecordOf<Self>, rules: &InForce) -> Vec<Deadline>
    where
        Self: Sized;

    /// Breaches and duties at once, for a register that sees the ones in the others.
    fn breaches_and_deadlines(
        record: &RecordOf<Self>,
        rules: &InForce,
    ) -> (Vec<Breach>, Vec<Deadline>)
    where
        Self: Sized,
    {
        (
            Self::breaches(record, rules),
            Self::deadlines(record, rules),
        )
    }

    /// One line that names the record for a person: place and content.
    fn title(record: &RecordOf<Self>) -> String
    where
        Self: Sized;

    /// The places it touches, the most telling first.
    fn places(_record: &RecordOf<Self>) -> Vec<&str>
    where
        Self: Sized,
    {
        Vec::new()
    }

    /// The printed number of the paper slip it was typed from; one live record has it.
    fn paper_no(_record: &RecordOf<Self>) -> Option<&str>
    where
        Self: Sized,
    {
        None
    }
}
