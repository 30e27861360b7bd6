//! What a complaint owes, round by round, in the order of its procedure.

use super::{Body, Rec, Round, Step};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::rules::complaint_class::{deadline, owed};
use crate::rules::deadline::{Deadline, DutyKind, Outcome};
use crate::rules::procedure::{After, DutySpec};
use crate::rules::ruleset::Rules;

/// Every duty of the complaint. A duty that is not owed anew in each round stands where it first arose.
pub(super) fn of(record: &Rec, rules: &Rules) -> Vec<Deadline> {
    let mut out: Vec<Deadline> = Vec::new();
    for (index, round) in record.body.rounds.iter().enumerate() {
        let number = index as u32 + 1;
        let class = class_of(record, round);
        for duty in &rules.procedure(&record.body.intake.procedure).duties {
            let code = duty.code.get_ref();
            let known = |d: &Deadline| {
                d.code == *code && d.kind == duty.kind && (d.round == number || !duty.each_round)
            };
            if !owed(duty, class, |name| record.body.holds(name)) || out.iter().any(known) {
                continue;
            }
            if let Some(from) = starts(record, duty, round, number) {
                out.push(one(record, rules, duty, round, number, from));
            }
        }
    }
    out
}

/// What must be done before the complaint may be closed, in the order of the procedure, without `done_now`.
pub(super) fn before_closing<'a>(
    record: &Rec,
    rules: &Rules,
    deadlines: &'a [Deadline],
    done_now: &str,
) -> Option<&'a Deadline> {
    let procedure = rules.procedure(&record.body.intake.procedure);
    let afterwards = |d: &Deadline| {
        procedure.duties.iter().any(|duty| {
            *duty.code.get_ref() == d.code
                && duty.clause == d.clause
                && duty.after == Some(After::Close)
        })
    };
    deadlines
        .iter()
        .find(|d| d.pending() && !d.silent && d.code != done_now && !afterwards(d))
}

/// The class of a round: kept since it ended, else the present one.
fn class_of<'a>(record: &'a Rec, round: &'a Round) -> &'a str {
    round.ended.as_ref().map_or_else(
        || record.head.class.as_deref().unwrap_or_default(),
        |end| &end.class,
    )
}

/// The instant a duty runs from; `None` while the step it waits for has not been taken.
fn starts(record: &Rec, duty: &DutySpec, round: &Round, number: u32) -> Option<Instant> {
    let begun = round.from.unwrap_or(record.head.received);
    match duty.after {
        Some(After::HandOver) => record
            .body
            .steps
            .iter()
            .find(|step| step.action == "hand_over" && step.round == number)
            .map(|step| step.at),
        Some(After::Resolve) => round.resolved_at,
        Some(After::Close) => round.closed_at,
        // The year in which it was put off, not the one in which it came.
        None if duty.tick.as_deref() == Some("take_up") => Some(round.deferred_at.unwrap_or(begun)),
        None => Some(begun),
    }
}

fn one(
    record: &Rec,
    rules: &Rules,
    duty: &DutySpec,
    round: &Round,
    number: u32,
    from: Instant,
) -> Deadline {
    let body = &record.body;
    let requested = round
        .ended
        .as_ref()
        .map_or(body.intake.requested_by, |end| end.requested_by);
    let mut deadline = deadline(rules, duty, from, requested);
    deadline.round = number;
    let over = number < body.round();
    let done = done(body, duty, duty.each_round.then_some(number));
    deadline.outcome = match done {
        Some(at) => Outcome::Done(at),
        None if over && duty.each_round => Outcome::NotApplicable(Msg::new("na.next_round")),
        None if over
            && !owed(
                duty,
                record.head.class.as_deref().unwrap_or_default(),
                |name| body.holds(name),
            ) =>
        {
            Outcome::NotApplicable(Msg::new("na.class_changed"))
        }
        // Solved within the time, so there was nothing left to hand over.
        None if duty.tick.as_deref() == Some("hand_over")
            && round
                .resolved_at
                .is_some_and(|at| deadline.due.is_some_and(|due| at <= due)) =>
        {
            Outcome::NotApplicable(Msg::new("na.solved_without"))
        }
        None => Outcome::Pending,
    };
    if let Some(tick) = &mut deadline.tick {
        let known = match tick.action.as_str() {
            "measure" | "hand_over" => body
                .handling
                .department
                .as_ref()
                .map(|department| ("department", department)),
            _ => None,
        };
        if let Some((key, value)) = known {
            *tick = tick.clone().with(key, value.as_str());
        }
    }
    deadline
}

/// When the duty was done, in one round or in any.
fn done(body: &Body, duty: &DutySpec, round: Option<u32>) -> Option<Instant> {
    if duty.kind == DutyKind::Gate {
        return body.approved(round.unwrap_or(body.round()));
    }
    body.steps
        .iter()
        .find(|step| round.is_none_or(|n| step.round == n) && ticks(duty, step))
        .map(|step| step.at)
}

/// Whether the step ticks the duty off.
fn ticks(duty: &DutySpec, step: &Step) -> bool {
    if step.closed != (duty.after == Some(After::Close)) {
        return false;
    }
    let action = step.action.as_str();
    match duty.tick.as_deref() {
        // Which of several persons or meetings it was decides.
        Some("notify") => action == "notify" && duty.preset.get("role_told") == Some(&step.key),
        Some("meeting") => action == "meeting" && duty.preset.get("kind") == Some(&step.key),
        // Putting it off is a judgement by the same role (S5.4.3.7).
        Some("judge") => action == "judge" || action == "defer",
        // A letter is a definite answer too, and an answer in writing is a letter to the customer.
        Some("answer") => action == "answer" || action == "letter",
        Some("letter") if duty.kind == DutyKind::Dated => {
            action == "letter" || (action == "answer" && !step.spoken)
        }
        Some(tick) => action == tick,
        None => false,
    }
}
