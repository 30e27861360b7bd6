//! What a repair slip owes.

use super::{Rec, Visit, WorkOrder, WorkOrderState as S};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::record::field::Choice;
use crate::registers::Register;
use crate::rules::deadline::{Deadline, Outcome, Tick};
use crate::rules::in_force::InForce;

/// Every duty of the slip, in the order of the procedure.
pub(super) fn of(record: &Rec, rules: &InForce) -> Vec<Deadline> {
    let duty = |code, from| rules.deadline(WorkOrder::SPEC.code, code, from);
    let body = &record.body;
    let mut out = Vec::new();
    if let Some(mut sign) = duty("sign_for", record.head.received) {
        sign.outcome = match (body.trail.signed_for_at, body.work.finished_at) {
            (Some(at), _) => Outcome::Done(at),
            (None, Some(_)) => Outcome::NotApplicable(Msg::new("na.finished_unsigned")),
            (None, None) => Outcome::Pending,
        };
        out.push(sign);
    }
    if let (Some(due), Some(arrival)) = (
        super::promised_arrival(record, rules),
        duty("arrival", record.head.received),
    ) {
        let came = came(body.work.arrived_at, due, body.work.finished_at);
        out.push(promised(arrival, due, came));
    }
    for (visit, round) in body.visits.iter().zip(1..) {
        let Some(next) = duty("next_visit", visit.promised_at) else {
            continue;
        };
        let outcome = visited(visit, body.work.finished_at);
        out.push(Deadline {
            round,
            ..promised(next, visit.next_visit, outcome)
        });
    }
    if let Some(mut hand_in) = body.work.finished_at.and_then(|at| duty("hand_in", at)) {
        let handed_in = body.trail.handed_in_at;
        hand_in.outcome = handed_in.map_or(Outcome::Pending, Outcome::Done);
        hand_in.tick = next_hand(record);
        out.push(hand_in);
    }
    if let Some(mut archive) = body.trail.handed_in_at.and_then(|at| duty("archive", at)) {
        if record.head.state == S::Archived {
            archive.outcome = Outcome::Done(record.head.state_since);
        }
        out.push(archive);
    }
    out.extend(super::sample::owed(record, rules));
    out
}

/// Due at the time that the customer was promised (S2.3, S2.7).
fn promised(deadline: Deadline, due: Instant, outcome: Outcome) -> Deadline {
    let line = Msg::new("trace.promised").with("from", deadline.from);
    Deadline {
        promised: Some(due),
        due: Some(due),
        outcome,
        trace: vec![line.with("due", due)],
        ..deadline
    }
}

/// Whether somebody came again. A visit that another replaced before it was due is void.
fn visited(visit: &Visit, over: Option<Instant>) -> Outcome {
    match (visit.came_at, visit.replaced_at) {
        (None, Some(_)) => Outcome::Void,
        (at, _) => came(at, visit.next_visit, over),
    }
}

/// Whether somebody came by a promised time. A missed one stays late, though the work was over before anybody came;
/// what was over in time (declined by telephone, the customer's own equipment) asks for nobody.
fn came(at: Option<Instant>, due: Instant, over: Option<Instant>) -> Outcome {
    match (at, over) {
        (Some(at), _) => Outcome::Done(at),
        (None, Some(over)) if over <= due => Outcome::NotApplicable(Msg::new("na.finished")),
        (None, over) => over.map_or(Outcome::Pending, Outcome::Done),
    }
}

/// The step that brings the slip nearer to the clerk's desk.
fn next_hand(record: &Rec) -> Option<Tick> {
    let name = super::unsigned(record.head.state.code())?;
    let person = match name {
        "accept" => record
            .body
            .slip
            .reporter
            .as_ref()
            .map(|name| ("signed_by", name)),
        "tech_sign" => record
            .body
            .trail
            .technician
            .as_ref()
            .map(|name| ("technician", name)),
        _ => None,
    };
    Some(match person {
        Some((key, person)) => Tick::new(name).with(key, person.as_str()),
        None => Tick::new(name),
    })
}
