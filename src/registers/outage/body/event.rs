//! What happened or is to happen: the event, its schedule, the power.

use serde::{Deserialize, Serialize};

use crate::base::time::Instant;
use crate::choices;
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
    /// When the cause was judged; informing of it is owed from here (S7.4.9.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judged_at: Option<Instant>,
    /// Areas without power.
    pub areas: Vec<String>,
    /// Affected users 受影响的用户.
    pub users: Vec<String>,
    /// Who told engineering (S7.4.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub informant: Option<String>,
    /// Whether our own switches are worked, when the plan says so; else it follows from source and form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub our_switches: Option<bool>,
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
    /// Changes and cancellations that users who had a notice must be told.
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

/// A change after the notice went out.
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

/// When power went and came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Power {
    /// t1: power out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_at: Option<Instant>,
    /// When part of it came back last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial_at: Option<Instant>,
    /// Areas still out after a partial restoration (S7.4.9.3).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub areas_out: Vec<String>,
    /// t2: power back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restored_at: Option<Instant>,
    /// When power is expected back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_restore: Option<Instant>,
    /// When that expectation was learned or changed (S7.4.5).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expectations: Vec<Instant>,
}
