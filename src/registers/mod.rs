//! The registers: what each keeps, what can be done to a record of it, and what that owes.
//!
//! Pure: no database, no terminal, no clock. A register is a [`Register`]: its fields and actions (declared once),
//! `decide` (may it happen now?), `apply` (what it makes of the record; total, never consults today's rules) and
//! `deadlines`. To add one: a folder here, and a line in [`REGISTERS`].

pub mod dynamic;
pub mod label;

pub mod application;
pub mod complaint;
pub mod log;
pub mod outage;
pub mod work_order;

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::record::action::ActionSet;
use crate::record::entry::Entry;
use crate::record::field::Choice;
use crate::record::head::{AnyRecord, Decision, Record};
use crate::record::request::Envelope;
use crate::rules::deadline::Deadline;
use crate::rules::ruleset::Rules;
use dynamic::{AnyRegister, Erased};

/// The registers, in the order of their tabs.
pub static REGISTERS: &[&dyn AnyRegister] = &[
    &Erased::<outage::Outage>::NEW,
    &Erased::<work_order::WorkOrder>::NEW,
    &Erased::<complaint::Complaint>::NEW,
    &Erased::<application::Application>::NEW,
    &Erased::<log::Log>::NEW,
];

/// The register of a code (`work-order`), or of a number's letter (`W`).
pub fn register(code: &str) -> Option<&'static dyn AnyRegister> {
    REGISTERS
        .iter()
        .copied()
        .find(|register| register.spec().code == code)
}

/// The register that a number belongs to: `W-2026-00001`, `W-B-2026-00001`.
pub fn register_of(no: &str) -> Option<&'static dyn AnyRegister> {
    let (letter, _) = no.split_once('-')?;
    REGISTERS
        .iter()
        .copied()
        .find(|register| letter.len() == 1 && letter.starts_with(register.spec().letter))
}

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
}

/// An act, typed.
#[derive(Clone, Debug)]
pub struct Act<A> {
    /// Times and persons.
    pub envelope: Envelope,
    /// What is done.
    pub action: A,
}

/// What a decision may look at besides the record.
pub struct Context<'a> {
    /// Now.
    pub now: Instant,
    /// Procedures, calendar, site.
    pub rules: &'a Rules,
    /// What was found of other records, as asked for by [`Register::lookups`].
    pub near: &'a Near,
}

/// A question about other records that a decision depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// Which live record of this register has this paper number.
    PaperNo(String),
    /// Whether a record of this number exists, and how it stands.
    Record(String),
    /// Records of this register about the same place (unit), received since an instant.
    SamePlace {
        /// The place as typed.
        place: String,
        /// Received at or after.
        since: Instant,
    },
}

/// The answers.
#[derive(Clone, Debug, Default)]
pub struct Near {
    /// The record that already has the paper number.
    pub paper_no: Option<String>,
    /// Records asked for by number.
    pub records: BTreeMap<String, AnyRecord>,
    /// Records about the same place, oldest first.
    pub same_place: Vec<AnyRecord>,
}

/// A record of register `R`.
pub type RecordOf<R> = Record<<R as Register>::Body, <R as Register>::State>;

/// A register.
pub trait Register: Sync + 'static {
    /// What is fixed of it.
    const SPEC: RegisterSpec;
    /// Its actions.
    type Action: ActionSet;
    /// The states of a record's life.
    type State: Choice + PartialEq + Serialize + DeserializeOwned;
    /// What it keeps of a record; serde keys are field keys.
    type Body: Clone + Default + Serialize + DeserializeOwned;
    /// The state a record is opened in, before its first action is applied.
    const INITIAL: Self::State;

    /// Actions that nobody takes by hand: the program itself does, when something else is complete.
    const RESERVED: &'static [&'static str] = &[];

    /// Whether a record in this state is never changed again, not even amended or voided.
    fn fixed(_state: Self::State) -> bool
    where
        Self: Sized,
    {
        false
    }

    /// Whether `action` may be taken in the record's present state. The one table that refusals (`not_now`), the
    /// actions offered on the card and the form's choice all come from.
    fn possible(record: &RecordOf<Self>, action: &str) -> bool
    where
        Self: Sized;

    /// Whether a record's life has ended.
    fn ended(state: Self::State) -> bool
    where
        Self: Sized;

    /// Whether this record's life has ended; a register whose last state may still owe something says so here.
    fn finished(record: &RecordOf<Self>) -> bool
    where
        Self: Sized,
    {
        Self::ended(record.head.state)
    }

    /// The actions a person most likely takes next, most likely first. The rest of the possible ones follow by
    /// themselves in the order of declaration.
    fn likely(record: &RecordOf<Self>) -> Vec<&'static str>
    where
        Self: Sized;

    /// What a decision needs to know of other records.
    fn lookups(
        _record: Option<&RecordOf<Self>>,
        _act: &Act<Self::Action>,
        _rules: &Rules,
    ) -> Vec<Lookup>
    where
        Self: Sized,
    {
        Vec::new()
    }

    /// Whether the act may happen now; what the rules find, which clauses were not kept, what follows of itself.
    ///
    /// # Errors
    /// A refusal that names field and clause. State, times and unknown fields have been checked already.
    fn decide(
        record: Option<&RecordOf<Self>>,
        act: &Act<Self::Action>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal>
    where
        Self: Sized;

    /// What an amendment finds anew (`changes` are normalised); by default nothing.
    ///
    /// # Errors
    /// When the changed record would contradict itself.
    fn amended(
        _record: &RecordOf<Self>,
        _changes: &Map<String, Value>,
        _cx: &Context<'_>,
    ) -> Result<Decision, Refusal>
    where
        Self: Sized,
    {
        Ok(Decision::default())
    }

    /// What the entry makes of the record. Total; never consults today's rules: what they found is in `entry.found`.
    fn apply(record: &mut RecordOf<Self>, entry: &Entry, action: Self::Action)
    where
        Self: Sized;

    /// What an amendment changes besides the fields themselves.
    fn apply_amended(_record: &mut RecordOf<Self>, _entry: &Entry)
    where
        Self: Sized,
    {
    }

    /// What a new link to the record `to` changes besides the link itself.
    fn apply_linked(_record: &mut RecordOf<Self>, _entry: &Entry, _to: &str)
    where
        Self: Sized,
    {
    }

    /// What the record owes and has owed, in the order of the procedure.
    fn deadlines(record: &RecordOf<Self>, rules: &Rules) -> Vec<Deadline>
    where
        Self: Sized;

    /// One line that names the record for a person: place and content.
    fn title(record: &RecordOf<Self>) -> String
    where
        Self: Sized;

    /// The place it is about, for finding records of the same place.
    fn place(_record: &RecordOf<Self>) -> Option<&str>
    where
        Self: Sized,
    {
        None
    }

    /// The printed number of the paper slip it was typed from; one live record has it.
    fn paper_no(_record: &RecordOf<Self>) -> Option<&str>
    where
        Self: Sized,
    {
        None
    }

    /// The procedure a closed record keeps as the one it was reckoned by.
    fn procedure(_record: &RecordOf<Self>) -> &str
    where
        Self: Sized,
    {
        Self::SPEC.code
    }
}
