//! 停电: one outage, planned or sudden, from the plan or the first call to the closed sheet (篇1 一至三, 篇7).
//!
//! `actions` what can be done · `body` what is kept · `ticket` the operation ticket · `decide` whether it may happen
//! now · `gates` what must be done before power goes off · `apply` what an entry makes of it · `duties` what is owed ·
//! `duty_log` the sentence that each step leaves in the duty log.

mod actions;
mod apply;
mod body;
mod decide;
mod duties;
mod duty_log;
mod gates;
#[cfg(test)]
mod tests;
mod ticket;

pub use actions::*;
pub use body::*;
pub use gates::ruling;
pub use ticket::*;

use serde_json::{Map, Value};

use super::{Act, Context, Lookup, RecordOf, Register, RegisterSpec};
use crate::base::refusal::Refusal;
use crate::choices;
use crate::record::entry::Entry;
use crate::record::head::Decision;
use crate::rules::deadline::Deadline;
use crate::rules::ruleset::Rules;

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
        hidden: &["start_shown", "revision", "revised_at"],
        opens_with: "occur",
    };
    type Action = OutageAction;
    type State = OutageState;
    type Body = Body;
    const INITIAL: S = S::Draft;

    fn possible(record: &Rec, action: &str) -> bool {
        let body = &record.body;
        let stage = Stage::of(record.head.state);
        let (before, out, back) = (
            stage == Stage::Before,
            stage == Stage::Out,
            stage == Stage::Back,
        );
        let live = before || out || back;
        match action {
            "report" => live || stage == Stage::Cancelled,
            "approve" | "deliver" | "broadcast" | "announce" | "ticket" => live,
            "issue_notice" | "unreachable" | "reschedule" | "cancel" | "cut" => {
                before && body.planned()
            }
            "staff" => live && body.planned(),
            "sign_ticket" => {
                live && body
                    .switching
                    .tickets
                    .last()
                    .is_some_and(|ticket| ticket.signed_by.is_none())
            }
            "step" => {
                live && body
                    .switching
                    .tickets
                    .last()
                    .is_some_and(|ticket| ticket.turn().is_some())
            }
            "classify" | "on_site" | "contact_utility" | "lift_check" | "inspect" => out || back,
            "inform" | "generator" | "patrol" => live,
            "generator_stop" => {
                live && body
                    .scene
                    .generator
                    .last()
                    .is_some_and(|g| g.started && g.stopped_at.is_none())
            }
            "rescue" => (out || back) && body.scene.cars.iter().any(|car| car.held()),
            "restore_part" | "restore" => out,
            "utility_letter" | "draft_letter" | "written_report" => {
                (out || back) && !body.planned()
            }
            "notify_change" => body
                .schedule
                .changes
                .iter()
                .any(|change| change.notified_at.is_none()),
            "explain_breach" => {
                stage != Stage::Closed
                    && record
                        .head
                        .breaches
                        .iter()
                        .any(|breach| breach.reason.is_empty())
            }
            "close" => back,
            _ => false,
        }
    }

    fn ended(state: S) -> bool {
        matches!(state, S::Closed | S::Cancelled)
    }

    /// A cancelled outage lives on until the users who had its notice have been told.
    fn finished(record: &Rec) -> bool {
        let body = &record.body;
        Self::ended(record.head.state)
            && body
                .schedule
                .changes
                .iter()
                .all(|change| body.change_known(change).is_some())
    }

    fn likely(record: &Rec) -> Vec<&'static str> {
        duties::likely(record)
    }

    fn lookups(record: Option<&Rec>, act: &Act<OutageAction>, rules: &Rules) -> Vec<Lookup> {
        decide::lookups(record, act, rules)
    }

    fn decide(
        record: Option<&Rec>,
        act: &Act<OutageAction>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let mut decision = match record {
            None => decide::first(act, cx)?,
            Some(record) => decide::step(record, act, cx)?,
        };
        decision.spawns.push(duty_log::entry(record, act, cx.rules));
        Ok(decision)
    }

    fn amended(
        record: &Rec,
        changes: &Map<String, Value>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        decide::amended(record, changes, cx)
    }

    fn apply(record: &mut Rec, entry: &Entry, action: OutageAction) {
        apply::apply(record, entry, action);
    }

    fn apply_amended(record: &mut Rec, entry: &Entry) {
        apply::amended(record, entry);
    }

    fn deadlines(record: &Rec, rules: &Rules) -> Vec<Deadline> {
        duties::of(record, rules)
    }

    /// Areas, cause or reason, and the planned start.
    fn title(record: &Rec) -> String {
        let body = &record.body;
        let areas = body.event.areas.join("、");
        let why = body
            .event
            .cause
            .as_deref()
            .or(body.event.reason.as_deref())
            .unwrap_or_default();
        let start = body.schedule.start_shown.as_deref().unwrap_or_default();
        [areas.as_str(), why, start]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn place(record: &Rec) -> Option<&str> {
        record.body.event.areas.first().map(String::as_str)
    }
}

/// The four parts of an outage's life that decide what can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Before,
    Out,
    Back,
    Closed,
    Cancelled,
}

impl Stage {
    fn of(state: S) -> Self {
        match state {
            S::Draft | S::Reported | S::Approved | S::Noticed => Stage::Before,
            S::Out | S::Partial => Stage::Out,
            S::Restored | S::Checked => Stage::Back,
            S::Closed => Stage::Closed,
            S::Cancelled => Stage::Cancelled,
        }
    }
}
