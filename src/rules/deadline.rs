//! A deadline 时限: what is owed, to whom, by when, from which instant, under which clause. Always derived, never typed.

use serde::{Deserialize, Serialize};

use crate::base::clause::Clause;
use crate::base::i18n::Msg;
use crate::base::lazy::Lazy;
use crate::base::time::Instant;

/// What sort of duty it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyKind {
    /// Has a due instant; can be late.
    Dated,
    /// 立即、马上、即时: shows the time elapsed, is never counted late.
    AtOnce,
    /// Owed, but the procedures give no time.
    FollowUp,
    /// Something a later step waits for.
    Gate,
}

impl DutyKind {
    /// The code in JSON and in the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            DutyKind::Dated => "dated",
            DutyKind::AtOnce => "at_once",
            DutyKind::FollowUp => "follow_up",
            DutyKind::Gate => "gate",
        }
    }
}

/// How a duty stands, whatever the clock says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Still owed.
    #[default]
    Pending,
    /// Done at this instant.
    Done(Instant),
    /// Does not apply any more, with the reason.
    NotApplicable(Msg),
    /// The record it belonged to was voided, or a newer revision replaced it.
    Void,
}

/// How a duty stands at a given moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineState {
    /// Owed, not late.
    Open,
    /// Done, in time if it had one.
    Met,
    /// Done after due, or still open after due.
    Late,
    /// Not applicable.
    Na,
    /// Superseded or voided.
    Void,
}

impl DeadlineState {
    /// The code in JSON and in the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            DeadlineState::Open => "open",
            DeadlineState::Met => "met",
            DeadlineState::Late => "late",
            DeadlineState::Na => "na",
            DeadlineState::Void => "void",
        }
    }
}

/// The action that ticks a duty off, and what of it is known beforehand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// Name of the action.
    pub action: String,
    /// The register of a new record that the action opens; none: it is taken on the record itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<String>,
    /// Fields that are given already (`to` = `centre`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preset: Vec<(String, serde_json::Value)>,
}

impl Tick {
    /// The action `action`, nothing known beforehand.
    pub fn new(action: &str) -> Self {
        Self {
            action: action.to_owned(),
            preset: Vec::new(),
            register: None,
        }
    }

    /// With the field `key` given.
    pub fn with(mut self, key: &str, value: impl Into<serde_json::Value>) -> Self {
        self.preset.push((key.to_owned(), value.into()));
        self
    }
}

/// One of several things a duty consists of (a lift car, a plant room, a person to be told).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it is.
    pub name: Msg,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Instant>,
    /// How it is ticked off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tick: Option<Tick>,
}

/// One duty of a record, with its term and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// `arrival`, `hand_in`, `notice_24h`…; its label is `duty.<code>` in the catalogue.
    pub code: String,
    /// Dated, at once, follow-up or gate.
    pub kind: DutyKind,
    /// The clause that asks for it.
    pub clause: Clause,
    /// Who owes it: a role code.
    #[serde(default)]
    pub who: String,
    /// The instant the term runs from.
    pub from: Instant,
    /// When it must be done: the rule's time, or the promised one where the rule gives way to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Instant>,
    /// What the rule alone says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_due: Option<Instant>,
    /// What was promised to or asked for by the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Instant>,
    /// Whether it was done.
    #[serde(default)]
    pub outcome: Outcome,
    /// 暂定: a date on the way lies in a year whose holidays nobody has published yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
    /// 1 for the first round, higher after reopening.
    pub round: u32,
    /// 来文晚于时限: it could not have been met; late, but left out of breach counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub impossible: bool,
    /// Not shown among what is owed (it is settled by the month's archive).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub silent: bool,
    /// Owed only after this instant (a duty that another one's lateness opens); not applicable until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<Instant>,
    /// What it consists of, when it is more than one thing. Stored beside it: a due list need not look at them.
    #[serde(default, skip_serializing)]
    pub parts: Lazy<Vec<Part>>,
    /// How it is ticked off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tick: Option<Tick>,
    /// How the due instant came about, line by line. Told when it is reckoned, never stored.
    #[serde(default, skip_serializing)]
    pub trace: Vec<Msg>,
}

impl Deadline {
    /// When it was done.
    pub fn done(&self) -> Option<Instant> {
        match self.outcome {
            Outcome::Done(at) => Some(at),
            _ => None,
        }
    }

    /// Why it does not apply, when it does not.
    pub const fn why(&self) -> Option<&Msg> {
        match &self.outcome {
            Outcome::NotApplicable(why) => Some(why),
            _ => None,
        }
    }

    /// Whether it is still owed.
    pub fn pending(&self) -> bool {
        self.outcome == Outcome::Pending
    }

    /// How it stands at `now`. Met iff done ≤ due; an at-once duty is never late.
    pub fn state(&self, now: Instant) -> DeadlineState {
        let dated = self.kind == DutyKind::Dated;
        match &self.outcome {
            Outcome::NotApplicable(_) => DeadlineState::Na,
            Outcome::Void => DeadlineState::Void,
            Outcome::Pending if self.opens.is_some_and(|opens| now <= opens) => DeadlineState::Na,
            Outcome::Done(at) if dated && self.due.is_some_and(|due| *at > due) => {
                DeadlineState::Late
            }
            Outcome::Done(_) => DeadlineState::Met,
            Outcome::Pending if dated && self.due.is_some_and(|due| now > due) => {
                DeadlineState::Late
            }
            Outcome::Pending => DeadlineState::Open,
        }
    }

    /// Where it stands among what is owed: late and at-once duties on top, then by due, follow-ups and gates last.
    /// At-once duties sort by the instant they run from, so an older one stands above a younger one.
    pub fn order(&self) -> (u8, Instant) {
        match (self.kind, self.due) {
            (DutyKind::AtOnce, _) => (0, self.from),
            (DutyKind::Dated, Some(due)) => (0, due),
            (_, Some(due)) => (1, due),
            (_, None) => (2, self.from),
        }
    }
}
