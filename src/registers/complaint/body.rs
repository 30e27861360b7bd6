//! What a complaint keeps: as received, its class, its rounds, and every step taken.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::verdict::Verdict;
use super::{Channel, Receive};
use crate::base::time::Instant;
use crate::registers::work_order::RevisitMethod;
use crate::rules::complaint_class::Facts;
use crate::rules::procedure::Deed;

/// A complaint: as received, its class, its present handling, its rounds and every step taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// As received, with the facts known now.
    #[serde(flatten)]
    pub intake: Receive,
    /// The class: proposed, judged, overridden.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// How the present round is handled.
    #[serde(flatten)]
    pub handling: Handling,
    /// 首问责任: the first person who took the complaint stays named, whoever has it later (S8.1.2).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub first_person: String,
    /// How often it was handed over.
    #[serde(default)]
    pub hand_overs: u32,
    /// Earlier complaints of the same unit and subject that were unsolved when this one came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<String>,
    /// When it was unsolved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsolved: Vec<Span>,
    /// What its procedure makes possible.
    #[serde(default)]
    pub allows: Allows,
    /// The rounds; the last is the present one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Round>,
    /// What was done, in the order in which it happened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// What a complaint's procedure makes possible besides what all do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allows {
    /// It asks for approvals.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approvals: bool,
    /// It knows complaints that cannot be dealt with now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deferral: bool,
}

/// A stretch of time; open while it has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// From.
    pub from: Instant,
    /// Until, this instant no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
}

/// How one round was handled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Handling {
    /// Which department has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Who there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The cause that the department found, in its words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause_found: Option<String>,
    /// Measures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measures: Option<String>,
    /// Result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Why invalid, deferred or taken up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How the owner was asked at the revisit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<RevisitMethod>,
    /// Whether the owner was satisfied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub satisfied: Option<bool>,
    /// Who signed: the owner, or for a telephone call the caller (S5.4.3.4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
}

/// One round of handling, from receipt or from the step that opened it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Where its terms run from; none in the first, which runs from receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Instant>,
    /// The place among the steps of the one that opened it.
    #[serde(default)]
    pub opened_by: usize,
    /// Whether everything is owed anew: the first, and one that was taken up again (S5.4.4.1d.iii).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anew: bool,
    /// When it was resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Instant>,
    /// When it was put off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferred_at: Option<Instant>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Instant>,
    /// How many steps had been taken when it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_after: Option<usize>,
    /// How its class stood, from when to when; the last is how it stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stands: Vec<Stand>,
    /// What it ended with, once the next round has begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<RoundEnd>,
}

/// How the class of a complaint stood for a while.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stand {
    /// Since when this was known.
    pub since: Option<Instant>,
    /// How many steps had been taken before.
    pub steps: usize,
    /// The class that counts.
    pub class: String,
    /// The class whose terms run on while the one that counts is only proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<String>,
    /// The facts.
    #[serde(default)]
    pub facts: Facts,
}

impl Stand {
    /// The classes whose duties are owed.
    pub fn classes(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.class.as_str()).chain(self.running.as_deref())
    }
}

/// What a finished round keeps, whatever the next one brings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RoundEnd {
    /// Its class.
    pub class: String,
    /// The owner's requested time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<Instant>,
    /// Department, measures, result, revisit.
    #[serde(flatten)]
    pub handling: Handling,
}

/// One step that was taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The action.
    pub action: String,
    /// When.
    pub at: Instant,
    /// Who.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// In which round, counted from 1: the one that it ended, when it opened the next.
    pub round: u32,
    /// What it says that a duty may ask for: role, channel, choices, yes or no.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub said: BTreeMap<String, String>,
    /// What was noted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Step {
    /// What it says under a key.
    pub fn word(&self, key: &str) -> Option<&str> {
        self.said.get(key).map(String::as_str)
    }

    /// Whether it is what a procedure calls by `deed`.
    pub fn is(&self, deed: &Deed) -> bool {
        deed.done_by(&self.action, |key| self.word(key))
    }
}

impl Body {
    /// The present round, counted from 1.
    pub fn round(&self) -> u32 {
        self.rounds.len().max(1) as u32
    }

    /// Whether the action was taken in the present round.
    pub fn took(&self, action: &str) -> bool {
        let round = self.round();
        self.steps
            .iter()
            .any(|step| step.action == action && step.round == round)
    }

    /// Whether it came in writing.
    pub fn in_writing(&self) -> bool {
        self.intake.written
            || matches!(
                self.intake.channel,
                Some(Channel::Written | Channel::DealerLetter)
            )
    }

    /// Whether another department has it, or must, in a round.
    fn elsewhere(&self, round: u32) -> bool {
        let handed = |step: &Step| step.action == super::HandOver::NAME && step.round <= round;
        self.intake.needs_other_department || self.steps.iter().any(handed)
    }

    /// Whether its class waits for judgement, or was judged.
    fn judged_on(&self) -> bool {
        let judgement = |step: &Step| {
            matches!(
                step.action.as_str(),
                super::Judge::NAME | super::Defer::NAME
            )
        };
        !self.verdict.confirmed || self.steps.iter().any(judgement)
    }

    /// What the facts as they stood, and the circumstances of a round, say to a duty that depends on one.
    pub fn holds(&self, name: &str, stand: &Stand, round: u32) -> bool {
        match name {
            "needs_other_department" => self.elsewhere(round),
            "written" => self.in_writing(),
            "unconfirmed" => self.judged_on(),
            fact => stand.facts.holds(fact),
        }
    }

    pub(super) fn present(&mut self) -> Option<&mut Round> {
        self.rounds.last_mut()
    }

    /// Begins the next round with the step last taken; the one before keeps its result.
    pub(super) fn next_round(&mut self, at: Instant, class: Option<&String>, anew: bool) {
        let department = self.handling.department.clone();
        let person = self.handling.person.clone();
        let end = RoundEnd {
            class: class.cloned().unwrap_or_default(),
            requested_by: self.intake.requested_by.take(),
            handling: std::mem::take(&mut self.handling),
        };
        if let Some(round) = self.present() {
            round.ended = Some(end);
        }
        // The department that has the complaint keeps it.
        self.handling.department = department;
        self.handling.person = person;
        self.rounds.push(Round {
            from: Some(at),
            opened_by: self.steps.len().saturating_sub(1),
            anew,
            ..Round::default()
        });
    }

    /// Notes whether it is unsolved from now on.
    pub(super) fn solved(&mut self, solved: bool, at: Instant) {
        let open = self.unsolved.last_mut().filter(|span| span.until.is_none());
        match (open, solved) {
            (Some(span), true) => span.until = Some(at),
            (None, false) => self.unsolved.push(Span {
                from: at,
                until: None,
            }),
            _ => {}
        }
    }
}
