//! 投诉: one complaint, from the first word to the owner's signature (篇3, 5, 6, 8).
//!
//! The class and what it owes are data of the complaint's procedure, read by [`crate::rules::complaint_class`].

mod actions;
mod body;
mod check;
mod closing;
mod deadlines;
mod fold;
mod question;
mod subject;
#[cfg(test)]
mod tests;
mod verdict;

pub use actions::*;
pub use body::*;
pub use question::{Classified, rules_class};
pub use verdict::{Chosen, Verdict};

use serde_json::Value;

use super::{Act, Context, Looks, Lookup, RecordOf, Register, RegisterSpec, Surroundings};
use crate::base::i18n::Msg;
use crate::base::refusal::Refusal;
use crate::choices;
use crate::record::decision::Decision;
use crate::record::entry::Breach;
use crate::record::request::Envelope;
use crate::record::timeline::Fact;
use crate::rules::deadline::Deadline;
use crate::rules::in_force::InForce;

choices! {
    /// Where a complaint stands.
    pub enum ComplaintState in "state.complaint" {
        /// 已接待
        Received = "received",
        /// 已分类
        Classified = "classified",
        /// 处理中
        InProgress = "in_progress",
        /// 已解决
        Resolved = "resolved",
        /// 已关闭
        Closed = "closed",
        /// 暂缓
        Deferred = "deferred",
        /// 无效
        Invalid = "invalid",
    }
}

/// The register of complaints.
pub struct Complaint;

type Rec = RecordOf<Complaint>;
use ComplaintState as S;

impl Register for Complaint {
    const SPEC: RegisterSpec = RegisterSpec {
        code: "complaint",
        letter: 'C',
        columns: &[
            "no",
            "complainant",
            "unit",
            "content",
            "class",
            "state",
            "next",
            "received",
        ],
        hidden: &[
            "rounds",
            "steps",
            "confirmed",
            "hand_overs",
            "seen",
            "unsolved",
            "allows",
        ],
        opens_with: "receive",
        digits: &[],
        spoken: &[],
    };
    type Action = ComplaintAction;
    type State = ComplaintState;
    type Body = Body;
    const INITIAL: S = S::Received;
    const ENDS: &'static [S] = &[S::Closed];
    const LOOKS_AROUND: bool = true;

    fn available(record: &Rec, action: &str) -> bool {
        let body = &record.body;
        match action {
            Approve::NAME => body.allows.approvals,
            Defer::NAME => body.allows.deferral,
            Revisit::NAME => body.rounds.iter().any(|round| round.resolved_at.is_some()),
            _ => true,
        }
    }

    fn looks(_: &Rec) -> Looks {
        Looks::FromOpening
    }

    fn surroundings(record: &Rec, rules: &InForce) -> Vec<Lookup> {
        subject::around(record, rules, true).into_iter().collect()
    }

    fn watchers(record: &Rec, rules: &InForce) -> Option<Lookup> {
        subject::around(record, rules, false)
    }

    fn seen_by_others(record: &Rec) -> Value {
        subject::face(record)
    }

    fn open(act: &Act<ComplaintAction>, cx: &Context<'_>) -> Result<Decision, Refusal> {
        match &act.action {
            ComplaintAction::Receive(receive) => check::receive(receive, act, cx),
            _ => Ok(Decision::default()),
        }
    }

    fn check(
        before: &Rec,
        act: &Act<ComplaintAction>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        check::step(before, act, cx)
    }

    fn apply(record: &mut Rec, fact: &Fact, action: ComplaintAction, around: &Surroundings<'_>) {
        fold::apply(record, &Envelope::of(&fact.entry), action, around);
    }

    fn breaches(record: &Rec, rules: &InForce) -> Vec<Breach> {
        closing::breaches(record, rules)
    }

    fn breaches_and_deadlines(record: &Rec, rules: &InForce) -> (Vec<Breach>, Vec<Deadline>) {
        let owed = deadlines::reckoned(record, rules);
        let breaches = closing::breaches_among(record, &owed, rules);
        let deadlines = owed.into_iter().map(|owed| owed.deadline);
        (breaches, deadlines.collect())
    }

    fn deadlines(record: &Rec, rules: &InForce) -> Vec<Deadline> {
        deadlines::of(record, rules)
    }

    fn title(record: &Rec) -> String {
        let intake = &record.body.intake;
        let place = subject::place(intake).unwrap_or(&intake.complainant);
        format!("{place} {}", intake.content)
    }

    fn places(record: &Rec) -> Vec<&str> {
        subject::place(&record.body.intake).into_iter().collect()
    }
}

/// The actions by which the owner gets an answer or a solution.
const ANSWERS: &[&str] = &[Resolve::NAME, Answer::NAME, Letter::NAME];

/// The sentence to say to the caller: by when the complaint is answered at the latest (S5.4.1.2, S5.4.1.7).
pub fn script(deadlines: &[Deadline]) -> Msg {
    let answers = |d: &&Deadline| {
        let tick = d.tick.as_ref();
        d.pending() && tick.is_some_and(|tick| ANSWERS.contains(&tick.action.as_str()))
    };
    let due = deadlines.iter().filter(answers).filter_map(|d| d.due).min();
    crate::rules::complaint_class::script(due)
}
