//! 维修单: one repair slip, from the book to the archive (篇2).

mod actions;
mod apply;
mod body;
mod check;
mod deadlines;
mod sample;
#[cfg(test)]
mod tests;

pub use actions::*;
pub use body::*;
pub use sample::*;

use super::{Act, Context, Lookup, RecordOf, Register, RegisterSpec, Surroundings};
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::choices;
use crate::record::decision::Decision;
use crate::record::entry::Breach;
use crate::record::field::Choice;
use crate::record::timeline::Fact;
use crate::rules::deadline::Deadline;
use crate::rules::in_force::InForce;

choices! {
    /// Where a repair slip stands.
    pub enum WorkOrderState in "state.work-order" {
        /// 已派单
        Issued = "issued",
        /// 已签收
        SignedFor = "signed_for",
        /// 现场
        OnSite = "on_site",
        /// 已报价
        Quoted = "quoted",
        /// 待料或待再次上门
        Waiting = "waiting",
        /// 已修复
        Done = "done",
        /// 用户已验收
        Accepted = "accepted",
        /// 不同意价格
        Declined = "declined",
        /// 用户自购设备
        OwnEquipment = "own_equipment",
        /// 技工已签名
        Signed = "signed",
        /// 已复核
        Reviewed = "reviewed",
        /// 已交回
        HandedIn = "handed_in",
        /// 已归档
        Archived = "archived",
    }
}

/// The register of repair slips.
pub struct WorkOrder;

type Rec = RecordOf<WorkOrder>;
use WorkOrderState as S;

impl Register for WorkOrder {
    const SPEC: RegisterSpec = RegisterSpec {
        code: "work-order",
        letter: 'W',
        columns: &[
            "no", "place", "content", "state", "next", "paper_no", "team", "received",
        ],
        hidden: &["unconsented", "hands"],
        opens_with: "issue",
        digits: &[],
        spoken: &[],
    };
    type Action = WorkOrderAction;
    type State = WorkOrderState;
    type Body = Body;
    const INITIAL: S = S::Issued;
    const ENDS: &'static [S] = &[S::Archived];
    const RESERVED: &'static [&'static str] = &[Sampled::NAME];

    fn available(record: &Rec, action: &str) -> bool {
        match action {
            Consent::NAME | Decline::NAME => record.body.price.amount_fen.is_some(),
            Revisit::NAME => record.body.work.finished_at.is_some(),
            _ => true,
        }
    }

    fn offered(record: &Rec, action: &str) -> bool {
        match action {
            Consent::NAME | Decline::NAME => record.body.unconsented(),
            SignFor::NAME => record.body.trail.signed_for_at.is_none(),
            Finish::NAME => record.body.work.finished_at.is_none(),
            _ => true,
        }
    }

    fn questions(act: &Act<WorkOrderAction>) -> Vec<Lookup> {
        let WorkOrderAction::Issue(issue) = &act.action else {
            return Vec::new();
        };
        let paper = issue.paper_no.clone().map(Lookup::PaperNo);
        paper
            .into_iter()
            .chain(issue.from_log.clone().map(Lookup::Record))
            .collect()
    }

    fn open(act: &Act<WorkOrderAction>, cx: &Context<'_>) -> Result<Decision, Refusal> {
        match &act.action {
            WorkOrderAction::Issue(issue) => check::issue(issue, act, cx),
            _ => Ok(Decision::default()),
        }
    }

    fn check(
        before: &Rec,
        act: &Act<WorkOrderAction>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        check::step(before, act, cx)
    }

    fn apply(record: &mut Rec, fact: &Fact, action: WorkOrderAction, _around: &Surroundings<'_>) {
        apply::apply(record, fact, action);
    }

    fn breaches(record: &Rec, _rules: &InForce) -> Vec<Breach> {
        let unconsented = record.body.price.unconsented.iter();
        unconsented
            .map(|finish| Breach {
                code: "consent".into(),
                clause: "S2.6".into(),
                at: finish.at,
                reason: finish.note.clone(),
            })
            .collect()
    }

    fn deadlines(record: &Rec, rules: &InForce) -> Vec<Deadline> {
        deadlines::of(record, rules)
    }

    fn title(record: &Rec) -> String {
        format!("{} {}", record.body.slip.place, record.body.slip.content)
    }

    fn places(record: &Rec) -> Vec<&str> {
        vec![&record.body.slip.place]
    }

    fn paper_no(record: &Rec) -> Option<&str> {
        record.body.slip.paper_no.as_deref()
    }
}

/// When the technician is promised: as typed, else by the category's entry in the table of promised times (S2.3).
fn promised_arrival(record: &Rec, rules: &InForce) -> Option<Instant> {
    let slip = &record.body.slip;
    let received = record.head.received;
    slip.promised_arrival.or_else(|| {
        let table = rules.at(received).procedure(WorkOrder::SPEC.code);
        let minutes = promised_minutes(table.word("promised_minutes"), slip.category.as_deref()?)?;
        Some(received.plus_minutes(minutes))
    })
}

/// The minutes of a category in a table such as `漏水=30, 停电=20`.
fn promised_minutes(table: &str, category: &str) -> Option<i64> {
    let mut rows = table.split([',', '，', '、']);
    rows.find_map(|row| {
        let (name, minutes) = row.split_once('=')?;
        let mine = crate::base::identity::same(name, category);
        minutes.trim().parse().ok().filter(|_| mine)
    })
}

/// The signature that a finished slip waits for on its way to the clerk (S2.10, S2.11), as the action that gives it.
pub fn unsigned(state: &str) -> Option<&'static str> {
    Some(match S::from_code(state)? {
        S::Done => "accept",
        S::Accepted | S::Declined | S::OwnEquipment => "tech_sign",
        S::Signed => "review",
        S::Reviewed => "hand_in",
        _ => return None,
    })
}
