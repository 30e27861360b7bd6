//! What a complaint keeps, and what each entry makes of it.

use serde::{Deserialize, Serialize};

use super::verdict::{self, Verdict};
use super::{Close, ComplaintAction as A, ComplaintGate, ComplaintState as S, Rec, Receive, YesNo};
use crate::base::time::Instant;
use crate::record::entry::Entry;
use crate::record::field::Choice;
use crate::record::head::Link;
use crate::registers::work_order::RevisitMethod;
use crate::rules::complaint_class::{DEFERRED, Validity};

/// A complaint: as received, its class, its present handling, its rounds and every step taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// As received.
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
    /// The rounds; the last is the present one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Round>,
    /// What was done, in the order it was typed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
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

/// One round of handling, from receipt or from the revisit that found the owner unhappy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Where its terms run from; none in the first, which runs from receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Instant>,
    /// When it was resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Instant>,
    /// When it was put off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferred_at: Option<Instant>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Instant>,
    /// What it ended with, once the next round has begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<RoundEnd>,
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The action.
    pub action: String,
    /// Which of several: the role told, the kind of meeting, the gate approved.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// When.
    pub at: Instant,
    /// Who.
    pub by: String,
    /// In which round, counted from 1.
    pub round: u32,
    /// Whether the complaint was closed already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// Whether it was told otherwise than in writing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub spoken: bool,
    /// What was said or found.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
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

    /// Whether the action was ever taken, with this key.
    pub fn took_ever(&self, action: &str, key: &str) -> bool {
        self.steps
            .iter()
            .any(|step| step.action == action && step.key == key)
    }

    /// When the head approved the answer in this round, if the approval still covers the latest measure (S6.3.6.1).
    pub fn approved(&self, round: u32) -> Option<Instant> {
        let last = self.steps.iter().rfind(|step| {
            step.round == round
                && (step.action == "measure"
                    || (step.action == "approve" && step.key.starts_with("reply")))
        });
        last.filter(|step| step.key == "reply").map(|step| step.at)
    }

    /// Whether it came in writing.
    pub fn in_writing(&self) -> bool {
        self.intake.written
            || matches!(
                self.intake.channel,
                Some(super::Channel::Written | super::Channel::DealerLetter)
            )
    }

    /// What the complaint's facts and circumstances say to a duty that depends on one.
    pub fn holds(&self, name: &str) -> bool {
        match name {
            "needs_other_department" => self.intake.needs_other_department || self.hand_overs > 0,
            "written" => self.in_writing(),
            "unconfirmed" => {
                !self.verdict.confirmed
                    || self
                        .steps
                        .iter()
                        .any(|step| matches!(step.action.as_str(), "judge" | "defer"))
            }
            fact => self.intake.facts.holds(fact),
        }
    }

    fn present(&mut self) -> Option<&mut Round> {
        self.rounds.last_mut()
    }

    /// Begins the next round; the one before keeps its result.
    fn next_round(&mut self, at: Instant, class: Option<&String>) {
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
            ..Round::default()
        });
    }
}

/// What the entry makes of the complaint.
pub(super) fn apply(record: &mut Rec, entry: &Entry, action: A) {
    let at = entry.at;
    note_step(record, entry, &action);
    match action {
        A::Receive(receive) => {
            record.body.intake = receive;
            record.body.first_person.clone_from(&entry.by);
            record.body.rounds = vec![Round::default()];
            let earlier: Vec<String> = entry
                .found
                .get("earlier")
                .cloned()
                .and_then(|v| serde_json::from_value(v).ok())
                .unwrap_or_default();
            record.head.links.extend(earlier.iter().map(|no| Link {
                kind: "follows".into(),
                to: no.clone(),
            }));
            record.body.earlier = earlier;
        }
        A::LearnFacts(_) => {}
        A::Judge(judge) => judged(record, entry, judge.validity, judge.reason),
        A::Classify(classify) => {
            verdict::override_class(
                &mut record.body.verdict,
                entry,
                &classify.class,
                &classify.reason,
            );
            if record.head.state == S::Received {
                record.enter(S::Classified, at);
            }
        }
        A::HandOver(hand_over) => {
            record.body.hand_overs += 1;
            record.body.handling.department = Some(hand_over.department);
            record.body.handling.person = hand_over.person;
            begin_work(record, at);
        }
        A::Measure(measure) => {
            let body = &mut record.body;
            body.handling.measures = Some(measure.measures);
            body.handling.department = measure.department.or(body.handling.department.take());
            body.intake
                .cause
                .get_or_insert_with(|| measure.cause.clone());
            body.handling.cause_found = Some(measure.cause);
            begin_work(record, at);
        }
        A::Answer(_) | A::Apologise(_) | A::Meeting(_) | A::StopHarm(_) | A::Letter(_) => {
            begin_work(record, at)
        }
        A::Notify(_) | A::Approve(_) | A::Recheck(_) => {}
        A::Resolve(resolve) => {
            record.body.handling.result = Some(resolve.result);
            if let Some(round) = record.body.present() {
                round.resolved_at = Some(at);
            }
            record.enter(S::Resolved, at);
        }
        A::Revisit(revisit) => {
            let handling = &mut record.body.handling;
            handling.method = Some(revisit.method);
            handling.satisfied = Some(revisit.satisfied);
            handling.signed_by = Some(revisit.signed_by);
            if !revisit.satisfied {
                record.body.next_round(at, record.head.class.as_ref());
                record.enter(S::InProgress, at);
            }
        }
        A::Defer(defer) => {
            verdict::override_class(&mut record.body.verdict, entry, DEFERRED, &defer.reason);
            record.body.verdict.validity.get_or_insert(Validity::Valid);
            record.body.handling.reason = Some(defer.reason);
            record.body.handling.signed_by = Some(defer.signed_by);
            if let Some(round) = record.body.present() {
                round.deferred_at = Some(at);
            }
            record.enter(S::Deferred, at);
        }
        A::TakeUp(take_up) => {
            record.body.next_round(at, record.head.class.as_ref());
            record.body.verdict.chosen = None;
            record.body.handling.reason = Some(take_up.reason);
            record.enter(S::InProgress, at);
        }
        A::Explain(_) | A::Close(Close {}) => {}
    }
    verdict::take(record, entry);
    if entry
        .found
        .get("closes")
        .and_then(serde_json::Value::as_bool)
        == Some(true)
    {
        if let Some(round) = record.body.present() {
            round.closed_at = Some(at);
        }
        record.enter(S::Closed, at);
    }
}

/// The first work on a complaint puts it in progress; later it changes nothing.
fn begin_work(record: &mut Rec, at: Instant) {
    if matches!(record.head.state, S::Received | S::Classified) {
        record.enter(S::InProgress, at);
    }
}

fn judged(record: &mut Rec, entry: &Entry, validity: Validity, reason: Option<String>) {
    record.body.verdict.validity = Some(validity);
    record.body.verdict.judged_by = Some(entry.by.clone());
    match validity {
        Validity::Invalid => {
            record.body.handling.reason = reason;
            record.enter(S::Invalid, entry.at);
        }
        // Judged valid after all: handling begins where it stopped.
        Validity::Valid if record.head.state == S::Invalid => record.enter(S::Classified, entry.at),
        Validity::Valid if record.head.state == S::Received => {
            record.enter(S::Classified, entry.at)
        }
        Validity::Valid => {}
    }
}

fn note_step(record: &mut Rec, entry: &Entry, action: &A) {
    let (key, text) = match action {
        A::Receive(_) | A::LearnFacts(_) | A::Classify(_) | A::Close(_) => return,
        A::Judge(a) => (
            a.validity.code().to_owned(),
            a.reason.clone().unwrap_or_default(),
        ),
        A::StopHarm(a) => (String::new(), a.text.clone()),
        A::HandOver(a) => (a.department.clone(), a.person.clone().unwrap_or_default()),
        A::Notify(a) => (a.role_told.clone(), String::new()),
        A::Measure(a) => (String::new(), a.measures.clone()),
        A::Answer(a) => (String::new(), a.text.clone()),
        A::Apologise(a) => (String::new(), a.who.clone()),
        A::Meeting(a) => (a.kind.code().to_owned(), a.conclusion.clone()),
        A::Approve(a) => (
            approval_key(a.gate, a.decision),
            format!("{} {}", a.name, a.reason.as_deref().unwrap_or_default())
                .trim()
                .to_owned(),
        ),
        A::Letter(a) => (String::new(), a.text.clone()),
        A::Resolve(a) => (String::new(), a.result.clone()),
        A::Recheck(a) => (String::new(), a.result.clone()),
        A::Revisit(a) => (a.method.code().to_owned(), a.signed_by.clone()),
        A::Defer(a) => (String::new(), a.reason.clone()),
        A::Explain(a) => (String::new(), a.text.clone()),
        A::TakeUp(a) => (String::new(), a.reason.clone()),
    };
    let step = Step {
        action: entry.action.clone(),
        key,
        at: entry.at,
        by: entry.by.clone(),
        round: record.body.round(),
        closed: record.head.state == S::Closed,
        spoken: matches!(entry.via.as_deref(), Some("phone" | "in_person")),
        text,
    };
    record.body.steps.push(step);
}

/// `reply`, `penalty`, and the same with `_refused`.
fn approval_key(gate: ComplaintGate, decision: YesNo) -> String {
    match decision {
        YesNo::Yes => gate.code().to_owned(),
        YesNo::No => format!("{}_refused", gate.code()),
    }
}
