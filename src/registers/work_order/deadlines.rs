//! What a repair slip owes.

use super::{Rec, WorkOrder, WorkOrderState as S};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::record::field::Choice;
use crate::registers::Register;
use crate::rules::deadline::{Deadline, Outcome, Tick};
use crate::rules::ruleset::Rules;

/// Every duty of the slip, in the order of the procedure.
pub(super) fn of(record: &Rec, rules: &Rules) -> Vec<Deadline> {
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
    let promised = |mut deadline: Deadline, due: Instant, done: Option<Instant>| {
        deadline.promised = Some(due);
        deadline.due = Some(due);
        deadline.outcome = done.map_or(Outcome::Pending, Outcome::Done);
        deadline.trace = vec![
            Msg::new("trace.promised")
                .with("from", deadline.from)
                .with("due", due),
        ];
        deadline
    };
    if let (Some(due), Some(arrival)) = (
        body.slip.promised_arrival,
        duty("arrival", record.head.received),
    ) {
        out.push(promised(arrival, due, body.work.arrived_at));
    }
    for (index, visit) in body.visits.iter().enumerate() {
        let Some(next) = duty("next_visit", visit.promised_at) else {
            continue;
        };
        let mut deadline = promised(next, visit.next_visit, visit.came_at);
        deadline.round = index as u32 + 1;
        if deadline.pending() && body.work.finished_at.is_some() {
            deadline.outcome = Outcome::NotApplicable(Msg::new("na.finished"));
        }
        out.push(deadline);
    }
    if let Some(mut hand_in) = body.work.finished_at.and_then(|at| duty("hand_in", at)) {
        hand_in.outcome = body
            .trail
            .handed_in_at
            .map_or(Outcome::Pending, Outcome::Done);
        hand_in.tick = next_hand(record);
        out.push(hand_in);
    }
    if let Some(mut archive) = body.trail.handed_in_at.and_then(|at| duty("archive", at)) {
        if record.head.state == S::Archived {
            archive.outcome = Outcome::Done(record.head.state_since);
        }
        out.push(archive);
    }
    out
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
