//! 用电申请: temporary electricity, from application to the last bill (S1.4).

mod actions;
mod bills;
mod body;
mod deadlines;
mod decide;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

pub use actions::*;
pub use body::*;

use super::{Act, Context, RecordOf, Register, RegisterSpec};
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::choices;
use crate::record::entry::Entry;
use crate::record::head::{AnyRecord, Decision};
use crate::rules::deadline::Deadline;
use crate::rules::ruleset::Rules;

choices! {
    /// Where an application stands.
    pub enum ApplicationState in "state.application" {
        /// 已申请
        Applied = "applied",
        /// 退回补正
        Returned = "returned",
        /// 已批准
        Approved = "approved",
        /// 已敷线
        Wired = "wired",
        /// 检查合格
        Inspected = "inspected",
        /// 已送电
        Energised = "energised",
        /// 待停用
        Ending = "ending",
        /// 已拆线
        Disconnected = "disconnected",
        /// 已结清
        Settled = "settled",
        /// 不批准
        Rejected = "rejected",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

/// The register of applications for temporary electricity.
pub struct Application;

type Rec = RecordOf<Application>;
use ApplicationState as S;

impl Register for Application {
    const SPEC: RegisterSpec = RegisterSpec {
        code: "application",
        letter: 'P',
        columns: &[
            "no",
            "applicant",
            "place",
            "state",
            "next",
            "load_kw",
            "received",
        ],
        hidden: &["lines"],
        opens_with: "apply",
    };
    type Action = ApplicationAction;
    type State = ApplicationState;
    type Body = Body;
    const INITIAL: S = S::Applied;

    fn possible(record: &Rec, action: &str) -> bool {
        let state = record.head.state;
        let metered = record.body.asked.basis == Some(Basis::Metered);
        let before_supply = matches!(
            state,
            S::Applied | S::Returned | S::Approved | S::Wired | S::Inspected
        );
        let supplied = matches!(state, S::Energised | S::Ending);
        match action {
            "return" => state == S::Applied,
            "approve" | "reject" => matches!(state, S::Applied | S::Returned),
            "wire" => state == S::Approved,
            "inspect" => matches!(state, S::Approved | S::Wired),
            // Supply that began without approval or inspection began all the same.
            "energise" | "withdraw" => before_supply,
            "read" => metered && (supplied || state == S::Disconnected),
            "swap_meter" => metered && supplied,
            "bill" if metered => supplied || state == S::Disconnected,
            "bill" => !matches!(
                state,
                S::Applied | S::Returned | S::Rejected | S::Withdrawn | S::Settled
            ),
            "pay" => record
                .body
                .bills
                .iter()
                .any(|bill| bill.state == BillState::Issued),
            "void_bill" => record.body.bills.iter().any(|bill| {
                bill.state == BillState::Issued || (bill.state == BillState::Paid && bill.flagged)
            }),
            "give_notice" => state == S::Energised,
            "disconnect" => supplied,
            "settle" => state == S::Disconnected,
            _ => false,
        }
    }

    fn ended(state: S) -> bool {
        matches!(state, S::Settled | S::Rejected | S::Withdrawn)
    }

    fn likely(record: &Rec) -> Vec<&'static str> {
        let metered = record.body.asked.basis == Some(Basis::Metered);
        let unpaid = record
            .body
            .bills
            .iter()
            .any(|bill| bill.state == BillState::Issued);
        match record.head.state {
            S::Applied | S::Returned => vec!["approve", "return", "reject"],
            S::Approved if !metered && record.body.bills.is_empty() => vec!["bill", "wire"],
            S::Approved => vec!["wire", "inspect"],
            S::Wired => vec!["inspect"],
            S::Inspected => vec!["energise"],
            S::Energised | S::Disconnected if unpaid => vec!["pay", "read", "bill"],
            S::Energised if metered => vec!["read", "bill", "give_notice"],
            S::Energised => vec!["give_notice"],
            S::Ending => vec!["disconnect"],
            S::Disconnected => vec!["bill", "settle"],
            _ => Vec::new(),
        }
    }

    fn decide(
        record: Option<&Rec>,
        act: &Act<ApplicationAction>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        decide::decide(record, act, cx)
    }

    fn apply(record: &mut Rec, entry: &Entry, action: ApplicationAction) {
        body::apply(record, entry, action);
    }

    fn amended(
        record: &Rec,
        changes: &Map<String, Value>,
        _cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        decide::amended(record, changes)
    }

    fn deadlines(record: &Rec, rules: &Rules) -> Vec<Deadline> {
        deadlines::of(record, rules)
    }

    fn title(record: &Rec) -> String {
        format!(
            "{} {}",
            record.body.asked.applicant, record.body.asked.place
        )
    }

    fn place(record: &Rec) -> Option<&str> {
        Some(&record.body.asked.place)
    }
}

choices! {
    /// What is missing for the bill of a month (S1.4.5.1).
    pub enum Unbilled in "archive.unbilled" {
        /// 待抄表: no reading closes the month
        Unread = "unread",
        /// 已抄表未出账
        NoBill = "no_bill",
        /// 电费单与读数不符: the bill was made from readings that were replaced
        Outdated = "outdated",
    }
}

/// What is missing for the bill of a metered supply in a month `YYYY-MM` that lies between `from` and `until`; nothing
/// when it was not supplied then.
pub fn unbilled(
    record: &AnyRecord,
    period: &str,
    from: Instant,
    until: Instant,
    rules: &Rules,
) -> Option<Unbilled> {
    use serde::Deserialize;
    let body = Body::deserialize(&record.body).ok()?;
    let supplied = body.supply.energised_at.is_some_and(|at| at < until)
        && body.supply.disconnected_at.is_none_or(|at| at >= from);
    if !supplied || body.asked.basis != Some(Basis::Metered) {
        return None;
    }
    bills::unbilled(&body, period, rules.zone())
}
