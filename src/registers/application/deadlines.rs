//! What an application owes, step by step.

use chrono::Datelike;

use super::{Application, ApplicationState as S, Basis, BillState, Rec, bills};
use crate::base::i18n::Msg;
use crate::base::time::{Instant, LocalDate};
use crate::registers::Register;
use crate::rules::billing::period_of;
use crate::rules::deadline::{Deadline, Outcome, Tick};
use crate::rules::ruleset::Rules;
use crate::rules::worktime::month_end;

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
        let first = period_of(rules.zone().date(body.asked.use_from));
        out.extend(duty("advance_bill", approved).map(|d| {
            let mut gate = stands(d, billed);
            gate.tick = gate.tick.map(|tick| tick.with("period", first));
            gate
        }));
    }
    if let Some(passed) = passed {
        out.extend(duty("energise", passed).map(|d| stands(d, body.supply.energised_at)));
    }
    readings(record, rules, &mut out);
    billing(record, rules, &mut out);
    for (index, bill) in body.bills.iter().enumerate() {
        let Some(mut payment) =
            duty("payment", bill.issued_at).filter(|_| bill.state != BillState::Void)
        else {
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
        let begin = zone
            .at(month_start(month), chrono::NaiveTime::MIN)
            .max(from);
        let Some(mut deadline) = rules.deadline(Application::SPEC.code, "meter_reading", begin)
        else {
            continue;
        };
        deadline.round = index as u32 + 1;
        on_reading_day(&mut deadline, month, rules);
        // The month's last reading in time; else the first one after it, which then closes two months.
        let mut taken = standing.iter().skip(1).map(|taken| taken.at);
        let in_time = taken
            .clone()
            .rfind(|at| *at >= begin && deadline.due.is_none_or(|due| *at <= due));
        let done = in_time.or_else(|| taken.find(|at| *at >= begin));
        deadline.outcome = done.map_or(Outcome::Pending, Outcome::Done);
        out.push(deadline);
    }
}

/// The bill of every month that a reading closes, and of every slice of an estimate after the one due in advance.
fn billing(record: &Rec, rules: &Rules, out: &mut Vec<Deadline>) {
    let body = &record.body;
    let estimated = body.asked.basis == Some(Basis::Estimated);
    if estimated && body.permit.approved_at.is_none() {
        return;
    }
    for (index, month) in bills::owed(record, rules)
        .into_iter()
        .enumerate()
        .skip(usize::from(estimated))
    {
        let Some(mut deadline) = rules.deadline(Application::SPEC.code, "bill", month.from) else {
            continue;
        };
        deadline.round = index as u32 + 1;
        if estimated {
            deadline.clause = "S1.4.5.2".into();
        }
        deadline.tick = match month.bill {
            // A bill of other readings is voided first.
            Some(bill) => Some(Tick::new("void_bill").with("bill", bill.no.as_str())),
            None => deadline
                .tick
                .map(|tick| tick.with("period", month.period.as_str())),
        };
        deadline.outcome = match month.bill.filter(|_| month.current) {
            Some(bill) => Outcome::Done(bill.issued_at),
            None => Outcome::Pending,
        };
        out.push(deadline);
    }
}

/// The reading day is a setting; a month whose reading day lies before supply began is read on its last day.
fn on_reading_day(deadline: &mut Deadline, month: LocalDate, rules: &Rules) {
    let day = bills::reading_day(month, rules);
    let due = rules.zone().end_of_day(day);
    if due > deadline.from && Some(due) != deadline.due {
        deadline.due = Some(due);
        deadline.rule_due = Some(due);
        deadline.trace = vec![
            Msg::new("trace.reading_day")
                .with("day", i64::from(day.day()))
                .with("due", due),
        ];
    }
}

/// The first day of a date's month.
fn month_start(day: LocalDate) -> LocalDate {
    day.with_day(1).unwrap_or(day)
}
