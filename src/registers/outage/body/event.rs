//! What happened or is to happen: the event, its schedule, the power.

use serde::{Deserialize, Serialize};

use super::Stated;
use crate::base::clause::Clause;
use crate::base::time::Instant;
use crate::choices;
use crate::record::timeline::Fact;
use crate::registers::outage::{Form, Source};

choices! {
    /// Whether it was known beforehand.
    pub enum Mode in "outage_mode" {
        /// 计划
        Planned = "planned",
        /// 事故
        Accident = "accident",
    }
}

/// What it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Event {
    /// Planned or accident; absent only before the first entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Who cut it or where it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Cut, transfer or restriction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// Why it is planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The cause as judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// When the cause was judged last; informing of it is owed from here (S7.4.9.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judged_at: Option<Instant>,
    /// When the source was known first (S7.4.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_judged_at: Option<Instant>,
    /// Areas without power.
    pub areas: Vec<String>,
    /// Affected users 受影响的用户.
    pub users: Vec<String>,
    /// Areas as the opening entry names them: what the duty log calls the outage by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub first_areas: Vec<String>,
    /// Who was named from when, where the list of users was put right later.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<Named>,
    /// Who told engineering (S7.4.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub informant: Option<String>,
    /// Whether our own switches are worked, when the plan says so; else it follows from source and form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub our_switches: Option<bool>,
}

/// A list of affected users, and from when it was known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named {
    /// When it was named.
    pub from: Instant,
    /// By which entry.
    pub seq: i64,
    /// Who.
    pub users: Vec<String>,
}

impl Event {
    /// Names the affected users, as the fact says them now and as it said them before it was put right.
    pub(in crate::registers::outage) fn name_users(&mut self, fact: &Fact, users: Vec<String>) {
        let said = |correction: &&crate::record::timeline::Correction| {
            correction.before.contains_key("users")
        };
        let corrections: Vec<_> = fact.corrections.iter().filter(said).collect();
        let list = |value: &serde_json::Value| {
            serde_json::from_value::<Vec<String>>(value.clone()).unwrap_or_default()
        };
        let mut named = Vec::new();
        for (index, correction) in corrections.iter().enumerate() {
            let (from, seq) = match index.checked_sub(1).map(|before| corrections[before]) {
                Some(before) => (before.at, before.seq),
                None => (fact.entry.at, fact.seq),
            };
            let users = correction.before.get("users").map(list).unwrap_or_default();
            named.push(Named { from, seq, users });
        }
        if let Some(last) = corrections.last() {
            named.push(Named {
                from: last.at,
                seq: last.seq,
                users: users.clone(),
            });
        }
        self.named = named;
        self.users = users;
    }

    /// The users who were named at the instant of a fact; none: all users of the areas. A list that was put right
    /// afterwards does not tell whom an older delivery reached.
    pub(in crate::registers::outage) fn named_at(&self, fact: &Fact) -> Vec<String> {
        let known = |named: &&Named| named.from <= fact.entry.at || named.seq < fact.seq;
        let list = self.named.iter().rfind(known).or(self.named.first());
        list.map_or_else(|| self.users.clone(), |named| named.users.clone())
    }
}

/// When it is to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// T0: planned start of the current revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_start: Option<Instant>,
    /// Planned end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_end: Option<Instant>,
    /// T0 in the site's wall clock, for the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_shown: Option<String>,
    /// Counts from 1; each move of the start and each widening makes the next.
    #[serde(skip_serializing_if = "no_revision")]
    pub revision: u32,
    /// When the current revision was received; a term that was over by then could not be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revised_at: Option<Instant>,
    /// Superseded revisions, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub superseded: Vec<Superseded>,
    /// When users were told of a start by word, and which revision it was of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<super::Done>,
    /// Changes and cancellations that users who had been told of a start must be told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Why it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<String>,
}

fn no_revision(revision: &u32) -> bool {
    *revision == 0
}

/// A revision that another took the place of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Superseded {
    /// Its number.
    pub revision: u32,
    /// Its planned start.
    pub plan_start: Instant,
    /// When it was superseded.
    pub at: Instant,
    /// Why.
    pub reason: String,
}

/// A change after users had been told of a start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// When it was decided.
    pub at: Instant,
    /// The start that users had been told: they must know by then.
    pub old_start: Instant,
    /// The revision that holds after it.
    pub revision: u32,
    /// When users were told again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub notified_at: Option<Instant>,
}

/// A gate that was open when power was cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenGate {
    /// The duty.
    pub code: String,
    /// The clause that asks for it.
    pub clause: Clause,
}

/// What was said of when power will be back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expectation {
    /// When it was said.
    pub at: Instant,
    /// The time; absent: nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_restore: Option<Instant>,
}

/// When power went and came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Power {
    /// t1: power out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_at: Option<Instant>,
    /// What was said at a cut that found gates open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_reason: Option<String>,
    /// Gates that were open at the cut.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open_at_cut: Vec<OpenGate>,
    /// When part of it came back last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial_at: Option<Instant>,
    /// Areas still out after a partial restoration (S7.4.9.3).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub areas_out: Vec<String>,
    /// t2: power back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restored_at: Option<Instant>,
    /// What was noted when power came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restored_note: Option<String>,
    /// When power is expected back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_restore: Option<Instant>,
    /// Each time that expectation was learned or changed (S7.4.5).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expectations: Vec<Expectation>,
    /// A step of a ticket that was done before the ticket was signed, the first of them (S1.3.4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsigned_step: Option<Stated>,
}

impl Power {
    /// What was expected last, whether a time or that nobody knows.
    pub(in crate::registers::outage) fn expect(&mut self, at: Instant, expected: Option<Instant>) {
        if expected != self.expected_restore {
            self.expected_restore = expected;
            let expected_restore = expected;
            self.expectations.push(Expectation {
                at,
                expected_restore,
            });
        }
    }
}
