//! 投诉: one complaint, from the first word to the owner's signature (篇3, 5, 6, 8).
//!
//! The class and what it owes are data of the complaint's procedure, read by [`crate::rules::complaint_class`].

mod actions;
mod body;
mod deadlines;
mod decide;
mod gates;
mod question;
mod subject;
#[cfg(test)]
mod tests;
mod verdict;

pub use actions::*;
pub use body::*;
pub use question::{Classified, rules_class};
pub use verdict::{Chosen, Verdict};

use serde_json::{Map, Value};

use super::{Act, Context, Lookup, RecordOf, Register, RegisterSpec};
use crate::base::i18n::Msg;
use crate::base::refusal::Refusal;
use crate::choices;
use crate::record::entry::Entry;
use crate::record::head::Decision;
use crate::rules::complaint_class::{DEFERRED, MAJOR, MINOR};
use crate::rules::deadline::Deadline;
use crate::rules::ruleset::Rules;

/// 篇5: the procedure whose complaints can be put off.
const PROPERTY: &str = "property";
/// 篇6: the procedure whose answers need approval.
const PRODUCT: &str = "product";

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
        hidden: &["rounds", "steps", "confirmed", "hand_overs", "seen"],
        opens_with: "receive",
    };
    type Action = ComplaintAction;
    type State = ComplaintState;
    type Body = Body;
    const INITIAL: S = S::Received;

    fn possible(record: &Rec, action: &str) -> bool {
        let state = record.head.state;
        let body = &record.body;
        match action {
            // The slip is reported and a penalty decided after closing too.
            "notify" => true,
            "approve" => body.intake.procedure == PRODUCT,
            // What the manager judged invalid is judged again, not classified.
            "classify" => !matches!(state, S::Closed | S::Invalid),
            "facts" | "judge" | "answer" | "apologise" | "meeting" | "stop_harm" | "letter"
            | "recheck" | "close" => state != S::Closed,
            "hand_over" | "measure" => matches!(
                state,
                S::Received | S::Classified | S::InProgress | S::Resolved
            ),
            "resolve" => matches!(state, S::Received | S::Classified | S::InProgress),
            // After closing it is the later visit (S5.4.3.5).
            "revisit" => {
                state == S::Resolved
                    || (state == S::Closed
                        && body.rounds.iter().any(|round| round.resolved_at.is_some()))
            }
            "defer" => {
                body.intake.procedure == PROPERTY
                    && matches!(state, S::Received | S::Classified | S::InProgress)
            }
            "explain" => !matches!(state, S::Resolved | S::Closed),
            "take_up" => state == S::Deferred,
            _ => false,
        }
    }

    fn ended(state: S) -> bool {
        state == S::Closed
    }

    fn likely(record: &Rec) -> Vec<&'static str> {
        likely(record)
    }

    fn lookups(record: Option<&Rec>, act: &Act<ComplaintAction>, rules: &Rules) -> Vec<Lookup> {
        match (record, &act.action) {
            (None, ComplaintAction::Receive(receive)) => {
                subject::lookup(receive, act.envelope.received, rules)
                    .into_iter()
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn decide(
        record: Option<&Rec>,
        act: &Act<ComplaintAction>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        match (record, &act.action) {
            (None, ComplaintAction::Receive(receive)) => decide::receive(receive, act, cx),
            (None, _) => Ok(Decision::default()),
            (Some(record), _) => decide::step(record, act, cx),
        }
    }

    fn amended(
        record: &Rec,
        changes: &Map<String, Value>,
        _cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        decide::amended(record, changes)
    }

    fn apply(record: &mut Rec, entry: &Entry, action: ComplaintAction) {
        body::apply(record, entry, action);
    }

    fn deadlines(record: &Rec, rules: &Rules) -> Vec<Deadline> {
        deadlines::of(record, rules)
    }

    fn title(record: &Rec) -> String {
        let intake = &record.body.intake;
        let place = intake
            .unit
            .as_deref()
            .or(intake.place.as_deref())
            .unwrap_or(&intake.complainant);
        format!("{place} {}", intake.content)
    }

    fn place(record: &Rec) -> Option<&str> {
        record
            .body
            .intake
            .unit
            .as_deref()
            .or(record.body.intake.place.as_deref())
    }

    fn procedure(record: &Rec) -> &str {
        &record.body.intake.procedure
    }
}

/// The sentence to say to the caller: by when the complaint is answered at the latest (S5.4.1.2, S5.4.1.7).
pub fn script(deadlines: &[Deadline]) -> Msg {
    let due = deadlines
        .iter()
        .filter(|d| d.pending() && matches!(d.code.as_str(), "resolve" | "answer" | "reply"))
        .filter_map(|d| d.due)
        .min();
    crate::rules::complaint_class::script(due)
}

/// The steps that are really next, in their order.
fn likely(record: &Rec) -> Vec<&'static str> {
    let body = &record.body;
    let class = record.head.class.as_deref().unwrap_or_default();
    let mut next = Vec::new();
    let mut offer = |wanted: bool, action: &'static str| {
        if wanted {
            next.push(action);
        }
    };
    match record.head.state {
        S::Invalid => offer(
            true,
            if body.took("explain") {
                "close"
            } else {
                "explain"
            },
        ),
        S::Deferred => {
            offer(!body.took("explain"), "explain");
            offer(true, "take_up");
        }
        S::Closed => {
            offer(true, "notify");
            offer(true, "revisit");
        }
        S::Resolved => {
            offer(
                body.handling.satisfied == Some(true) && class != MAJOR,
                "close",
            );
            offer(class == MAJOR && !body.took("recheck"), "recheck");
            offer(body.handling.satisfied.is_none(), "revisit");
            offer(true, "close");
        }
        S::Received | S::Classified | S::InProgress => {
            offer(
                body.holds("harm_continues") && class == MAJOR && !body.took("stop_harm"),
                "stop_harm",
            );
            offer(
                !body.verdict.confirmed || (body.verdict.validity.is_none() && class != MINOR),
                "judge",
            );
            offer(class == DEFERRED, "defer");
            let product = body.intake.procedure == PRODUCT;
            offer(
                (product || body.holds("needs_other_department")) && body.hand_overs == 0,
                "hand_over",
            );
            offer(
                body.hand_overs > 0 && body.handling.measures.is_none(),
                "measure",
            );
            offer(product && body.approved(body.round()).is_none(), "approve");
            offer(product && !body.took("letter"), "letter");
            offer(
                class == MAJOR && !body.took("answer") && !body.took("letter"),
                "answer",
            );
            offer(class == "explained" && !body.took("explain"), "explain");
            offer(class == "explained" && body.took("explain"), "close");
            offer(true, "resolve");
            offer(true, "notify");
        }
    }
    next
}
