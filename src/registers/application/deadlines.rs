//! What an application owes, step by step.

use chrono::Datelike;

use super::{Application, ApplicationState as S, Basis, BillState, Rec, bills};
use crate::i18n::Msg;
use crate::registers::Register;
use crate::rules::billing::period_of;
use crate::rules::deadline::{Deadline, Outcome};
use crate::rules::procedure::Rules;
use crate::rules::worktime::month_end;
use crate::time::{Instant, LocalDate};

/// Every duty of the application, in the order of the procedure.
pub(super) fn of(record: &Rec, rules: &Rules) -> Vec<Deadline> {
    let duty = |code: &str, from: Instant| rules.deadline(Application::SPEC.code, code, from);
    let body = &record.body;
    let over = matches!(record.head.state, S::Rejected | S::Withdrawn);
    let stands = |mut deadline: Deadline, done: Option<Instant>| {
        deadline.outcome = match done {
            Some(at) => Outcome::Done(at),
            None if over => Outcome::NotApplicable(Msg::new("na.not_supplied")),
            // What was skipped is a breach of the supply; it is not owed any more.
            None if body.supply.energised_at.is_some() && deadline.code != "disconnect" => {
                Outcome::NotApplicable(Msg::new("na.supplied"))
            }
            None => Outcome::Pending,
        };
        deadline
    };
    let mut out = Vec::new();
    out.extend(duty("approve", record.head.received).map(|d| stands(d, body.permit.approved_at)));
    let passed = body
        .permit
        .inspections
        .iter()
        .find(|inspection| inspection.passed)
        .map(|inspection| inspection.at);
    if let Some(wired) = body.permit.wired_at {
        out.extend(duty("inspect", wired).map(|d| stands(d, passed)));
    }
    if let Some(approved) = body
        .permit
        .approved_at
        .filter(|_| body.asked.basis == Some(Basis::Estimated))
    {
        let billed = body
            .bills
            .iter()
            .find(|bill| bill.state != BillState::Void)
            .map(|bill| bill.issued_at);
        out.extend(duty("advance_bill", approved).map(|d| stands(d, billed)));
    }
    if let Some(passed) = passed {
        out.extend(duty("energise", passed).map(|d| stands(d, body.supply.energised_at)));
    }
    readings(record, rules, &mut out);
    for period in bills::unbilled(record, rules.zone()) {
        let closing = body
            .standing()
            .into_iter()
            .rev()
            .find(|taken| period_of(rules.zone().date(taken.at)) == period);
        let owed = closing.and_then(|taken| duty("bill", taken.at));
        out.extend(owed.map(|mut deadline| {
            if let Some(tick) = deadline.tick.as_mut() {
                tick.preset.push(("period".into(), period.as_str().into()));
            }
            deadline
        }));
    }
    for (index, bill) in body
        .bills
        .iter()
        .filter(|bill| bill.state != BillState::Void)
        .enumerate()
    {
        let Some(mut payment) = duty("payment", bill.issued_at) else {
            continue;
        };
        payment.round = index as u32 + 1;
        payment.outcome = bill.paid_at.map_or(Outcome::Pending, Outcome::Done);
        if let Some(tick) = payment.tick.as_mut() {
            tick.preset = vec![
                ("bill".into(), bill.no.as_str().into()),
                ("amount_fen".into(), bill.total_fen.0.into()),
            ];
        }
        out.push(payment);
    }
    if let (Some(end), Some(mut cut)) = (
        body.supply.end_at,
        body.supply.notice_at.and_then(|at| duty("disconnect", at)),
    ) {
        cut.due = Some(end);
        cut.promised = Some(end);
        cut.trace = vec![
            Msg::new("trace.promised")
                .with("from", cut.from)
                .with("due", end),
        ];
        out.push(stands(cut, body.supply.disconnected_at));
    }
    if let Some(at) = body.supply.disconnected_at {
        let settled = (record.head.state == S::Settled).then_some(record.head.state_since);
        out.extend(duty("settle", at).map(|mut deadline| {
            deadline.outcome = settled.map_or(Outcome::Pending, Outcome::Done);
            deadline
        }));
    }
    out
}

/// A reading a month while supplied, due on the last day of each (the reading day is a setting); up to the month after
/// the latest reading, since the months after it are not owed yet.
fn readings(record: &Rec, rules: &Rules, out: &mut Vec<Deadline>) {
    let body = &record.body;
    let zone = rules.zone();
    let Some(from) = body
        .supply
        .energised_at
        .filter(|_| body.asked.basis == Some(Basis::Metered))
    else {
        return;
    };
    let standing = body.standing();
    let last = standing.iter().map(|taken| taken.at).max().unwrap_or(from);
    let next = month_end(zone.date(last))
        .succ_opt()
        .unwrap_or_else(|| zone.date(last));
    let read_this_month = standing
        .iter()
        .skip(1)
        .any(|taken| period_of(zone.date(taken.at)) == period_of(zone.date(last)));
    let until = match body.supply.disconnected_at {
        Some(end) => zone.date(end),
        None if read_this_month => next,
        None => zone.date(last),
    };
    for (index, month) in bills::months(zone.date(from), until)
        .into_iter()
        .enumerate()
    {
        let period = period_of(month);
        let begin = zone
            .at(month_start(month), chrono::NaiveTime::MIN)
            .max(from);
        let Some(mut deadline) = rules.deadline(Application::SPEC.code, "meter_reading", begin)
        else {
            continue;
        };
        deadline.round = index as u32 + 1;
        let taken = standing
            .iter()
            .skip(1)
            .rev()
            .find(|taken| period_of(zone.date(taken.at)) == period);
        deadline.outcome = taken.map_or(Outcome::Pending, |taken| Outcome::Done(taken.at));
        out.push(deadline);
    }
}

/// The first day of a date's month.
fn month_start(day: LocalDate) -> LocalDate {
    day.with_day(1).unwrap_or(day)
}
