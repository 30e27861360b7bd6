//! 用电申请: temporary electricity, from application to the last bill (S1.4).

mod actions;
mod apply;
mod bills;
mod body;
mod check;
mod deadlines;
mod estimate;
mod months;
mod numbers;
mod readings;
#[cfg(test)]
mod tests;

pub use actions::*;
pub use body::*;

use super::{Act, Context, RecordOf, Register, RegisterSpec, Surroundings};
use crate::base::refusal::Refusal;
use crate::base::time::{Instant, Month};
use crate::choices;
use crate::record::decision::Decision;
use crate::record::entry::Breach;
use crate::record::head::AnyRecord;
use crate::record::timeline::{Fact, Timeline};
use crate::rules::deadline::Deadline;
use crate::rules::in_force::InForce;

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
        hidden: &["lines", "unmet"],
        opens_with: "apply",
        digits: &[],
        spoken: &[],
    };
    type Action = ApplicationAction;
    type State = ApplicationState;
    type Body = Body;
    const INITIAL: S = S::Applied;

    const ENDS: &'static [S] = &[S::Settled, S::Rejected, S::Withdrawn];

    fn available(record: &Rec, action: &str) -> bool {
        let body = &record.body;
        match action {
            Read::NAME | SwapMeter::NAME => body.metered(),
            Bill::NAME => body.supply.energised_at.is_some() || !body.metered(),
            _ => true,
        }
    }

    fn offered(record: &Rec, action: &str) -> bool {
        let body = &record.body;
        let mut bills = body.bills.iter();
        match action {
            Approve::NAME => body.permit.approved_at.is_none(),
            Wire::NAME => body.permit.wired_at.is_none(),
            Inspect::NAME => !body.passed(),
            Pay::NAME => bills.any(|bill| bill.state == BillState::Issued),
            VoidBill::NAME => bills.any(|bill| match bill.state {
                BillState::Issued => true,
                BillState::Paid => bill.flagged,
                BillState::Void => false,
            }),
            _ => true,
        }
    }

    fn presupposes(before: &Rec, act: &Act<ApplicationAction>) -> Result<(), Refusal> {
        check::presupposes(before, act)
    }

    fn open(act: &Act<ApplicationAction>, _cx: &Context<'_>) -> Result<Decision, Refusal> {
        match &act.action {
            ApplicationAction::Apply(apply) => check::open(apply, act),
            _ => Ok(Decision::default()),
        }
    }

    fn check(
        before: &Rec,
        act: &Act<ApplicationAction>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        check::step(before, act, cx)
    }

    fn begin(record: &mut Rec, timeline: &Timeline) {
        record.body.numbers = numbers::Numbers::of(timeline);
    }

    fn apply(record: &mut Rec, fact: &Fact, action: ApplicationAction, around: &Surroundings<'_>) {
        apply::apply(record, fact, action, around.rules);
    }

    /// Supply that began too early: without approval (S1.4.2), inspection (S1.4.3) or the bill in advance (S1.4.5.2).
    fn breaches(record: &Rec, rules: &InForce) -> Vec<Breach> {
        let supply = &record.body.supply;
        let Some(at) = supply.energised_at else {
            return Vec::new();
        };
        let settings = rules.at(at).procedure(Self::SPEC.code);
        let unbilled = settings.flag("advance_bill_breach");
        let counted = |code: &str| code != check::ADVANCE_BILL || unbilled;
        let unmet = supply.unmet.iter().filter(|unmet| counted(&unmet.code));
        let breach = |unmet: &Unmet| {
            Some(Breach {
                clause: check::clause_of(&unmet.code)?,
                code: unmet.code.clone(),
                at,
                reason: unmet.reason.clone(),
            })
        };
        unmet.filter_map(breach).collect()
    }

    fn deadlines(record: &Rec, rules: &InForce) -> Vec<Deadline> {
        deadlines::of(record, rules)
    }

    fn title(record: &Rec) -> String {
        format!(
            "{} {}",
            record.body.asked.applicant, record.body.asked.place
        )
    }

    fn places(record: &Rec) -> Vec<&str> {
        vec![&record.body.asked.place]
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
) -> Option<Unbilled> {
    let body: Body = record.body.read().ok()?;
    let supplied = body.supply.energised_at.is_some_and(|at| at < until)
        && body.supply.disconnected_at.is_none_or(|at| at >= from);
    if !supplied || !body.metered() {
        return None;
    }
    bills::unbilled(&body, Month::parse(period)?)
}
