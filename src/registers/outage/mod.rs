//! 停电: one outage, planned or sudden, from the plan or the first call to the closed sheet (篇1 一至三, 篇7).
//!
//! `actions` what can be done, and when · `body` what is kept · `ticket` the operation ticket · `possible` what must
//! have happened before · `check` whether it may happen · `gates` what must be done before power goes off · `apply` what
//! a fact makes of it · `dark` what is in sight while power is out · `again` power lost again · `breaches` clauses that were not kept · `duties` what is owed ·
//! `duty_log` the sentence that each step leaves in the duty log.

mod actions;
mod again;
mod apply;
mod body;
mod breaches;
mod check;
mod dark;
mod duties;
mod duty_log;
mod gates;
mod possible;
#[cfg(test)]
mod tests;
mod ticket;

pub use actions::*;
pub use body::*;
pub use dark::*;
pub use gates::ruling;
pub use ticket::*;

use super::{
    Act, Context, DutyDigit, DutyPaper, Looks, Lookup, RecordOf, Register, RegisterSpec,
    Surroundings,
};
use crate::base::refusal::Refusal;
use crate::choices;
use crate::record::decision::Decision;
use crate::record::entry::Breach;
use crate::record::timeline::Fact;
use crate::rules::deadline::Deadline;
use crate::rules::in_force::InForce;

choices! {
    /// Where an outage stands.
    pub enum OutageState in "state.outage" {
        /// 已拟计划
        Draft = "draft",
        /// 已报总经理
        Reported = "reported",
        /// 已批准
        Approved = "approved",
        /// 已发通知
        Noticed = "noticed",
        /// 停电中
        Out = "out",
        /// 部分恢复
        Partial = "partial",
        /// 已恢复
        Restored = "restored",
        /// 已检查
        Checked = "checked",
        /// 已结案
        Closed = "closed",
        /// 已取消
        Cancelled = "cancelled",
    }
}

/// The register of outages.
pub struct Outage;

type Rec = RecordOf<Outage>;
use OutageState as S;

/// Under which key an entry keeps the number that its ticket was given.
const TICKET_NO: &str = "ticket_no";

/// The role whose word opens every gate and to whom everything is reported.
const GM: &str = "gm";

impl Register for Outage {
    const SPEC: RegisterSpec = RegisterSpec {
        code: "outage",
        letter: 'O',
        columns: &[
            "no",
            "areas",
            "source",
            "state",
            "next",
            "plan_start",
            "received",
            "form",
        ],
        hidden: &[
            "start_shown",
            "revision",
            "revised_at",
            "first_areas",
            "first_judged_at",
            "named",
            "told",
            "open_at_cut",
            "restored_note",
            "unsigned_step",
        ],
        opens_with: "occur",
        // In the order of the first minutes; 0 is kept for power coming back.
        digits: &[
            DutyDigit::of(1, "report_gm"),
            DutyDigit::of(2, "on_site"),
            DutyDigit::of(3, "inform_centres"),
            DutyDigit::people(4, "lift_check"),
            DutyDigit::of(5, "generator"),
            DutyDigit::of(6, "judge_cause"),
            DutyDigit::of(7, "contact_utility"),
            DutyDigit::of(8, "broadcast_explain"),
            DutyDigit::of(9, "inspection"),
        ],
        spoken: &[
            DutyPaper::of(
                "broadcast_script",
                &["broadcast_explain", "broadcast_urgent"],
            ),
            DutyPaper::of("explanation_letter", &["explanation_letter"]),
            DutyPaper::of("special_report", &["written_report", "special_report"]),
        ],
    };
    type Action = OutageAction;
    type State = OutageState;
    type Body = Body;
    const INITIAL: S = S::Draft;
    const ENDS: &'static [S] = &[S::Closed, S::Cancelled];
    const LOOKS_AROUND: bool = true;

    fn available(record: &Rec, action: &str) -> bool {
        possible::available(record, action)
    }

    /// A cancelled outage lives on until the users who hold its start have been told.
    fn finished(record: &Rec) -> bool {
        let body = &record.body;
        let mut changes = body.schedule.changes.iter();
        match record.head.state {
            S::Closed => true,
            S::Cancelled => changes.all(|change| body.change_known(change).is_some()),
            _ => false,
        }
    }

    /// A plan follows nothing.
    fn looks(opened: &Rec) -> Looks {
        match opened.body.planned() {
            true => Looks::Nowhere,
            false => Looks::FromAll,
        }
    }

    fn surroundings(record: &Rec, rules: &InForce) -> Vec<Lookup> {
        again::surroundings(record, rules)
    }

    fn watchers(record: &Rec, rules: &InForce) -> Option<Lookup> {
        again::watchers(record, rules)
    }

    fn seen_by_others(record: &Rec) -> serde_json::Value {
        again::seen_by_others(record)
    }

    fn presupposes(before: &Rec, act: &Act<OutageAction>) -> Result<(), Refusal> {
        possible::presupposes(before, act)
    }

    fn open(act: &Act<OutageAction>, cx: &Context<'_>) -> Result<Decision, Refusal> {
        check::open(act, cx)
    }

    fn check(before: &Rec, act: &Act<OutageAction>, cx: &Context<'_>) -> Result<Decision, Refusal> {
        check::step(before, act, cx)
    }

    fn apply(record: &mut Rec, fact: &Fact, action: OutageAction, around: &Surroundings<'_>) {
        apply::apply(record, fact, action, around);
    }

    fn complete(record: &mut Rec, around: &Surroundings<'_>) {
        again::link(record, around.near, around.rules);
    }

    fn breaches(record: &Rec, rules: &InForce) -> Vec<Breach> {
        breaches::of(record, rules)
    }

    fn deadlines(record: &Rec, rules: &InForce) -> Vec<Deadline> {
        duties::of(record, rules)
    }

    /// Areas, cause or reason, and the planned start.
    fn title(record: &Rec) -> String {
        let (event, schedule) = (&record.body.event, &record.body.schedule);
        let areas = event.areas.join("、");
        let why = event.cause.as_deref().or(event.reason.as_deref());
        let start = schedule.start_shown.as_deref();
        let parts = [
            areas.as_str(),
            why.unwrap_or_default(),
            start.unwrap_or_default(),
        ];
        let told: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        told.join(" ")
    }

    fn places(record: &Rec) -> Vec<&str> {
        record.body.event.areas.iter().map(String::as_str).collect()
    }
}
