//! What an application owes, step by step.

use chrono::Datelike;

use super::check::ADVANCE_BILL;
use super::{
    Application, ApplicationState as S, BillState, Body, Inspection, Rec, bills, estimate, months,
};
use crate::base::i18n::Msg;
use crate::base::time::{Instant, Month};
use crate::registers::Register;
use crate::rules::billing::period_of;
use crate::rules::deadline::{Deadline, DutyKind, Outcome, Tick};
use crate::rules::in_force::InForce;

/// Every duty of the application, in the order of the procedure.
pub(super) fn of(record: &Rec, rules: &InForce) -> Vec<Deadline> {
    let mut out = Vec::new();
    before_supply(record, rules, &mut out);
    readings(record, rules, &mut out);
    billing(record, rules, &mut out);
    out.extend(supplement(record, rules));
    payments(record, rules, &mut out);
    the_end(record, rules, &mut out);
    out
}

fn duty(rules: &InForce, code: &str, from: Instant) -> Option<Deadline> {
    rules.deadline(Application::SPEC.code, code, from)
}

/// Ended before any supply.
fn came_to_nothing(record: &Rec) -> bool {
    matches!(record.head.state, S::Rejected | S::Withdrawn)
}

/// Done, or why it is not owed any more.
fn stands(record: &Rec, mut deadline: Deadline, done: Option<Instant>) -> Deadline {
    let supplied = record.body.supply.energised_at.is_some();
    deadline.outcome = match done {
        Some(at) => Outcome::Done(at),
        None if came_to_nothing(record) => Outcome::NotApplicable(Msg::new("na.not_supplied")),
        // What was skipped is a breach of the supply; it is not owed any more.
        None if supplied => Outcome::NotApplicable(Msg::new("na.supplied")),
        None => Outcome::Pending,
    };
    deadline
}

/// When the inspection that stands was passed: the first pass after the last failure; what was looked at after supply
/// says nothing of it (S1.4.3).
fn passed_at(body: &Body) -> Option<Instant> {
    let supplied = body.supply.energised_at;
    let before = |one: &&Inspection| supplied.is_none_or(|at| one.at <= at);
    let looked = body.permit.inspections.iter().filter(before);
    looked.fold(None, |passed, one| match one.passed {
        true => passed.or(Some(one.at)),
        false => None,
    })
}

/// Approval, inspection, the bill in advance, supply (S1.4.2, S1.4.3, S1.4.5.2).
fn before_supply(record: &Rec, rules: &InForce, out: &mut Vec<Deadline>) {
    let body = &record.body;
    let permit = &body.permit;
    let approve = duty(rules, "approve", record.head.received);
    out.extend(approve.map(|gate| stands(record, gate, permit.approved_at)));
    let passed = passed_at(body);
    let inspect = permit.wired_at.and_then(|at| duty(rules, "inspect", at));
    out.extend(inspect.map(|gate| stands(record, gate, passed)));
    out.extend(advance_bill(record, rules));
    let supply = passed.and_then(|at| duty(rules, "energise", at));
    out.extend(supply.map(|duty| stands(record, duty, body.supply.energised_at)));
}

/// The bill of an estimate is agreed on before supply (S1.4.5.2). Written after supply began, or still not, it is late.
fn advance_bill(record: &Rec, rules: &InForce) -> Option<Deadline> {
    let body = &record.body;
    let supplied = body.supply.energised_at;
    let from = body
        .permit
        .approved_at
        .or(supplied)
        .filter(|_| !body.metered())?;
    let mut gate = duty(rules, ADVANCE_BILL, from)?;
    let first = period_of(rules.at(from).zone().date(body.asked.use_from));
    gate.tick = gate.tick.map(|tick| tick.with("period", first));
    let billed = body.live().find(|bill| !bill.supplement);
    let billed = billed.map(|bill| bill.issued_at);
    gate.outcome = match billed {
        Some(at) => Outcome::Done(at),
        None if came_to_nothing(record) => Outcome::NotApplicable(Msg::new("na.not_supplied")),
        None => Outcome::Pending,
    };
    if let Some(due) = supplied.filter(|supplied| billed.is_none_or(|at| at > *supplied)) {
        gate.kind = DutyKind::Dated;
        gate.due = Some(due);
        gate.rule_due = Some(due);
        gate.trace = vec![Msg::new("trace.before_supply").with("due", due)];
    }
    Some(gate)
}

/// A reading a month while supplied, due on the last day of each (the reading day is a setting); up to the month after
/// the latest that is closed, since those after it are not owed yet.
fn readings(record: &Rec, rules: &InForce, out: &mut Vec<Deadline>) {
    let body = &record.body;
    let Some(from) = body.supply.energised_at.filter(|_| body.metered()) else {
        return;
    };
    let zone = rules.at(from).zone();
    let first = zone.month(from);
    let until = match body.supply.disconnected_at {
        Some(end) => zone.month(end),
        None => months::closed_until(body).map_or(first, Month::next),
    };
    let mut month = first;
    let mut round = 0;
    while month <= until {
        round += 1;
        let begin = month.begin(zone).max(from);
        let reading = duty(rules, "meter_reading", begin);
        out.extend(reading.map(|reading| Deadline {
            round,
            ..of_month(reading, body, month, rules)
        }));
        month = month.next();
    }
}

/// The reading that closes a month: the last one in time, else the first one late, else the one that passed it over.
fn of_month(mut deadline: Deadline, body: &Body, month: Month, rules: &InForce) -> Deadline {
    let rules = rules.at(deadline.from);
    // A month whose reading day lies before supply began is read on its last day.
    let day = months::reading_day(month.first_day(), rules);
    let due = rules.zone().end_of_day(day);
    if due > deadline.from && Some(due) != deadline.due {
        deadline.due = Some(due);
        deadline.rule_due = Some(due);
        let line = Msg::new("trace.reading_day").with("day", i64::from(day.day()));
        deadline.trace = vec![line.with("due", due)];
    }
    let done = months::closed_at(body, month, deadline.due);
    deadline.outcome = done.map_or(Outcome::Pending, Outcome::Done);
    deadline
}

/// The bill of every month that a reading closes, and of every slice of an estimate after the one due in advance.
fn billing(record: &Rec, rules: &InForce, out: &mut Vec<Deadline>) {
    let body = &record.body;
    let in_advance = usize::from(!body.metered());
    if in_advance > 0 && body.permit.approved_at.is_none() {
        return;
    }
    let owed = bills::owed(record, rules);
    for (index, month) in owed.into_iter().enumerate().skip(in_advance) {
        let Some(mut deadline) = duty(rules, "bill", month.from) else {
            continue;
        };
        deadline.round = index as u32 + 1;
        if in_advance > 0 {
            deadline.clause = "S1.4.5.2".into();
        }
        deadline.outcome = match month.bill.filter(|_| month.settled()) {
            Some(bill) => Outcome::Done(bill.issued_at),
            None if came_to_nothing(record) => Outcome::NotApplicable(Msg::new("na.not_supplied")),
            None => Outcome::Pending,
        };
        deadline.tick = match month.bill {
            // A bill that says something else is made void first.
            Some(bill) => Some(Tick::new("void_bill").with("bill", bill.no.as_str())),
            None => {
                let period = month.period.as_str();
                deadline.tick.map(|tick| tick.with("period", period))
            }
        };
        out.push(deadline);
    }
}

/// Days used beyond the estimate are billed as a supplement (S1.4.5.2): owed from the end of supply, or, while it goes
/// on, when the days applied for are over.
fn supplement(record: &Rec, rules: &InForce) -> Option<Deadline> {
    let body = &record.body;
    let began = body.supply.energised_at.filter(|_| !body.metered())?;
    let zone = rules.at(began).zone();
    let issued = body
        .live()
        .filter(|bill| bill.supplement)
        .map(|bill| bill.issued_at);
    let issued = issued.max();
    let (from, opens, days) = match body.supply.disconnected_at {
        Some(end) => (end, None, estimate::unbilled_beyond(body, zone, None)),
        None => {
            let last = estimate::billed_until(body, zone);
            let over = zone.end_of_day(last);
            (
                over,
                Some(over),
                last.succ_opt().map(|day| (day, day)).into_iter().collect(),
            )
        }
    };
    if days.is_empty() && issued.is_none() {
        return None;
    }
    let mut deadline = duty(rules, "supplement", from)?;
    deadline.opens = opens;
    let period = days.last().map(|(_, to)| period_of(*to));
    deadline.tick = deadline
        .tick
        .zip(period)
        .map(|(tick, period)| tick.with("period", period).with("supplement", true));
    if let Some(at) = issued.filter(|_| days.is_empty()) {
        deadline.outcome = Outcome::Done(at);
    }
    Some(deadline)
}

fn payments(record: &Rec, rules: &InForce, out: &mut Vec<Deadline>) {
    let nothing = came_to_nothing(record);
    for (index, bill) in record.body.bills.iter().enumerate() {
        let Some(mut payment) =
            duty(rules, "payment", bill.issued_at).filter(|_| bill.state != BillState::Void)
        else {
            continue;
        };
        payment.round = index as u32 + 1;
        payment.outcome = match bill.paid_at {
            Some(at) => Outcome::Done(at),
            None if nothing => Outcome::NotApplicable(Msg::new("na.not_supplied")),
            None => Outcome::Pending,
        };
        if let Some(tick) = payment.tick.as_mut() {
            tick.preset = vec![
                ("bill".into(), bill.no.as_str().into()),
                ("amount_fen".into(), bill.total_fen.0.into()),
            ];
        }
        out.push(payment);
    }
}

/// The cut when the user wants it (S1.4.4), and the settlement.
fn the_end(record: &Rec, rules: &InForce, out: &mut Vec<Deadline>) {
    let supply = &record.body.supply;
    let notice = supply
        .notice_at
        .and_then(|at| duty(rules, "disconnect", at));
    if let (Some(end), Some(mut cut)) = (supply.end_at, notice) {
        cut.due = Some(end);
        cut.promised = Some(end);
        cut.trace = vec![
            Msg::new("trace.promised")
                .with("from", cut.from)
                .with("due", end),
        ];
        cut.outcome = supply
            .disconnected_at
            .map_or(Outcome::Pending, Outcome::Done);
        out.push(cut);
    }
    let settle = supply
        .disconnected_at
        .and_then(|at| duty(rules, "settle", at));
    out.extend(settle.map(|mut deadline| {
        if record.head.state == S::Settled {
            deadline.outcome = Outcome::Done(record.head.state_since);
        }
        deadline
    }));
}
