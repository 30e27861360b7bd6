//! What an entry makes of an outage. Total; what the rules of that day found is in `entry.found`.

use serde_json::Value;

use super::{
    Approval, Body, CarAnswer, Change, Delivery, Done, GeneratorAnswer, Inspection, LetterStep,
    Mode, Occur, OutageAction, OutageState as S, PatrolResult, Plan, Rec, Reported, Reschedule,
    Room, Ruling, Source, Stage, Step, StepLine, Superseded, Ticket, TicketStamp, ToldOf,
};
use crate::journal::Entry;
use crate::registers::field::Choice;
use crate::registers::record::{Link, Paper};
use crate::time::Instant;

/// Names of the papers in `head.papers`.
pub(super) const NOTICE: &str = "outage_notice";
const LETTER: &str = "explanation_letter";
const REPORT: &str = "special_report";
const TICKET: &str = "operation_ticket";

pub(super) fn apply(record: &mut Rec, entry: &Entry, action: OutageAction) {
    let at = entry.at;
    let revision = record.body.schedule.revision;
    let done = Done { at, revision };
    let body = &mut record.body;
    match action {
        OutageAction::Plan(plan) => planned(record, entry, plan),
        OutageAction::Occur(occur) => occurred(record, entry, occur),
        OutageAction::Report(report) => body.told.reports.push(Reported {
            at,
            to: report.to,
            via: entry.via.clone(),
            revision,
        }),
        OutageAction::Approve(approve) => body.papers.approvals.push(Approval {
            gate: approve.gate,
            decision: approve.decision,
            name: approve.name,
            role: approve.role,
            highest: entry.found.get("highest") == Some(&Value::Bool(true)),
            at,
            via: entry.via.clone(),
            reason: approve.reason,
            recorded_by: entry.by.clone(),
            revision,
        }),
        OutageAction::IssueNotice(_) => {
            body.papers.notices.push(done);
            issue(record, NOTICE, at);
        }
        OutageAction::Deliver(deliver) => body.papers.deliveries.push(Delivery {
            paper: deliver.paper,
            at,
            users: deliver.users,
            signed_by: deliver.signed_by,
            revision: if deliver.paper == super::UserPaper::Notice {
                revision
            } else {
                0
            },
        }),
        OutageAction::Unreachable(_) => body.told.unreachable.push(done),
        OutageAction::Announce(_) => body.told.announcements.push(done),
        OutageAction::Broadcast(_) => body.told.broadcasts.push(done),
        OutageAction::Staff(staff) => {
            body.switching.names = staff.names;
            body.switching.staffed_at.get_or_insert(at);
        }
        OutageAction::FillTicket(ticket) => fill_ticket(record, at, ticket),
        OutageAction::SignTicket(sign) => {
            if let Some(ticket) = body.switching.tickets.last_mut() {
                ticket.signed_by = Some(sign.name);
                ticket.signed_at = Some(at);
            }
        }
        OutageAction::Step(step) => switch(body, at, step),
        OutageAction::Reschedule(change) => rescheduled(record, entry, change),
        OutageAction::Cancel(cancel) => {
            if let (Some(_), Some(old_start)) = (body.notice_issued(), body.schedule.plan_start) {
                body.schedule.changes.push(Change {
                    at,
                    old_start,
                    revision,
                    notified_at: None,
                });
            }
            body.schedule.cancel_reason = Some(cancel.reason);
            outdate(record, NOTICE);
            stamp_unused(record);
            record.enter(S::Cancelled, at);
        }
        OutageAction::NotifyChange(_) => {
            body.schedule
                .changes
                .iter_mut()
                .filter(|change| change.notified_at.is_none())
                .for_each(|change| change.notified_at = Some(at));
        }
        OutageAction::ExplainBreach(explain) => {
            let silent = record
                .head
                .breaches
                .iter_mut()
                .filter(|breach| breach.code == explain.code && breach.reason.is_empty());
            silent.for_each(|breach| breach.reason.clone_from(&explain.reason));
        }
        OutageAction::Close(_) => record.enter(S::Closed, at),
        other => on_the_spot(record, entry, other),
    }
    advance(record, at);
}

/// What happens from the moment power is out.
fn on_the_spot(record: &mut Rec, entry: &Entry, action: OutageAction) {
    let at = entry.at;
    let body = &mut record.body;
    match action {
        OutageAction::Cut(_) => {
            body.power.out_at = Some(at);
            record.enter(S::Out, at);
        }
        OutageAction::OnSite(on_site) => {
            body.scene.on_site_at.get_or_insert(at);
            body.scene.on_site_by = Some(on_site.name);
        }
        OutageAction::Classify(judged) => {
            body.event.source = Some(judged.source);
            body.event.cause = Some(judged.cause);
            body.event.judged_at = Some(at);
            expect(body, at, judged.expected_restore);
        }
        OutageAction::ContactUtility(contact) => {
            body.told.contacted_at.get_or_insert(at);
            expect(body, at, Some(contact.expected_restore));
        }
        OutageAction::Inform(inform) => body.told.informed.push(ToldOf { at, to: inform.to }),
        OutageAction::Generator(answer) => body.scene.generator.push(GeneratorAnswer {
            at,
            started: answer.started,
            watcher: answer.watcher,
            reason: answer.reason,
            areas: answer.areas,
            stopped_at: None,
        }),
        OutageAction::GeneratorStop(_) => {
            if let Some(running) = body
                .scene
                .generator
                .iter_mut()
                .rfind(|g| g.started && g.stopped_at.is_none())
            {
                running.stopped_at = Some(at);
            }
        }
        OutageAction::LiftCheck(check) => {
            let answers = check.cars.into_iter().map(|car| CarAnswer {
                at,
                car: car.car,
                guard: check.guard.clone(),
                trapped: car.trapped,
                persons: car.persons,
                released_at: None,
            });
            body.scene.cars.extend(answers);
        }
        OutageAction::Rescue(rescue) if rescue.released => {
            let held =
                body.scene.cars.iter_mut().filter(|car| {
                    car.car == rescue.car && car.trapped && car.released_at.is_none()
                });
            held.for_each(|car| car.released_at = Some(at));
        }
        OutageAction::Patrol(patrol) => body.scene.patrols.push(PatrolResult {
            at,
            result: patrol.result,
        }),
        OutageAction::RestorePart(part) => {
            body.power.areas_out = part.areas_out;
            body.power.partial_at = Some(at);
            record.enter(S::Partial, at);
        }
        OutageAction::Restore(_) => {
            body.power.areas_out.clear();
            body.power.restored_at = Some(at);
            stamp_unused(record);
            record.enter(S::Restored, at);
        }
        OutageAction::Inspect(look) => body.scene.inspections.push(Inspection {
            at,
            place: look.place,
            normal: look.normal,
            note: look.note,
        }),
        OutageAction::UtilityLetter(letter) => {
            let slot = match letter.step {
                LetterStep::Received => &mut body.papers.utility_letter_at,
                LetterStep::Forwarded => &mut body.papers.utility_letter_forwarded_at,
            };
            slot.get_or_insert(at);
        }
        OutageAction::DraftLetter(letter) => {
            body.papers.letter_drafted_at.get_or_insert(at);
            body.papers.letter_text = Some(letter.text);
            issue(record, LETTER, at);
        }
        OutageAction::WrittenReport(report) => {
            body.papers.reported_at.get_or_insert(at);
            body.papers.report_text = Some(report.text);
            issue(record, REPORT, at);
        }
        _ => {}
    }
}

fn planned(record: &mut Rec, entry: &Entry, plan: Plan) {
    let body = &mut record.body;
    body.event.mode = Some(Mode::Planned);
    body.event.source = Some(plan.source);
    body.event.form = Some(plan.form);
    body.event.reason = Some(plan.reason);
    body.event.areas = plan.areas;
    body.event.users = plan.users;
    body.event.our_switches = plan.our_switches;
    body.schedule.plan_start = Some(plan.plan_start);
    body.schedule.plan_end = plan.plan_end;
    body.schedule.revision = 1;
    body.schedule.revised_at = Some(entry.received);
    body.schedule.start_shown = start_shown(entry);
}

fn occurred(record: &mut Rec, entry: &Entry, occur: Occur) {
    let body = &mut record.body;
    body.event.mode = Some(Mode::Accident);
    body.event.form = Some(super::Form::Outage);
    body.event.source = Some(occur.source);
    body.event.informant = occur.informant;
    body.event.areas = occur.areas;
    body.event.users = occur.users;
    // A source that is known at once counts as judged at once.
    body.event.judged_at = (occur.source != Source::Unknown).then_some(entry.at);
    body.power.out_at = Some(entry.at);
    if let Some(first) = entry.found.get("follows").and_then(Value::as_str) {
        record.head.links.push(Link {
            kind: "follows".into(),
            to: first.to_owned(),
        });
    }
    record.enter(S::Out, entry.at);
}

fn start_shown(entry: &Entry) -> Option<String> {
    entry
        .found
        .get("start_shown")
        .and_then(Value::as_str)
        .map(str::to_owned)
}

fn expect(body: &mut Body, at: Instant, expected: Option<Instant>) {
    if expected.is_some() && expected != body.power.expected_restore {
        body.power.expected_restore = expected;
        body.power.expectations.push(at);
    }
}

fn fill_ticket(record: &mut Rec, at: Instant, form: super::FillTicket) {
    let tickets = &mut record.body.switching.tickets;
    if let Some(old) = tickets.last_mut().filter(|old| old.stamp.is_none()) {
        old.stamp = Some(TicketStamp::Void);
    }
    tickets.push(Ticket {
        no: format!("{}-{}", record.head.no, tickets.len() + 1),
        task: form.task,
        operator: form.operator,
        guardian: form.guardian,
        steps: form.steps.into_iter().map(StepLine::new).collect(),
        filled_at: at,
        signed_by: None,
        signed_at: None,
        stamp: None,
    });
    outdate(record, TICKET);
    issue(record, TICKET, at);
}

fn switch(body: &mut Body, at: Instant, step: Step) {
    let Some(ticket) = body.switching.tickets.last_mut() else {
        return;
    };
    let Some(line) = (step.n as usize)
        .checked_sub(1)
        .and_then(|index| ticket.steps.get_mut(index))
    else {
        return;
    };
    if step.read_back {
        line.read_back_at.get_or_insert(at);
    }
    if step.skipped {
        line.skipped_at = Some(at);
    } else if step.done {
        line.done_at = Some(at);
    }
    line.reason = step.reason.or(line.reason.take());
    if ticket.turn().is_none() {
        ticket.stamp = Some(TicketStamp::Executed);
    }
}

/// A ticket none of whose steps was done when the cut is over or given up was not executed.
fn stamp_unused(record: &mut Rec) {
    let untouched = |ticket: &&mut Ticket| {
        ticket.stamp.is_none() && ticket.steps.iter().all(|line| line.done_at.is_none())
    };
    if let Some(ticket) = record.body.switching.tickets.last_mut().filter(untouched) {
        ticket.stamp = Some(TicketStamp::NotExecuted);
    }
}

fn rescheduled(record: &mut Rec, entry: &Entry, change: Reschedule) {
    let body = &mut record.body;
    let revision = body.schedule.revision;
    let issued = body.notice_issued().is_some();
    if let (Some(old_start), true) = (
        body.schedule.plan_start,
        entry.found.get("new_revision") == Some(&Value::Bool(true)),
    ) {
        body.schedule.superseded.push(Superseded {
            revision,
            plan_start: old_start,
            at: entry.at,
            reason: change.reason,
        });
        body.schedule.revision = revision + 1;
        body.schedule.revised_at = Some(entry.received);
        if issued {
            body.schedule.changes.push(Change {
                at: entry.at,
                old_start,
                revision: revision + 1,
                notified_at: None,
            });
        }
    }
    body.schedule.plan_start = change.plan_start.or(body.schedule.plan_start);
    body.schedule.plan_end = change.plan_end.or(body.schedule.plan_end);
    body.schedule.start_shown = start_shown(entry).or(body.schedule.start_shown.take());
    if !change.areas.is_empty() {
        body.event.areas = change.areas;
    }
    if !change.users.is_empty() {
        body.event.users = change.users;
    }
    outdate(record, NOTICE);
}

fn issue(record: &mut Rec, name: &str, at: Instant) {
    let version = record
        .head
        .papers
        .iter()
        .filter(|paper| paper.name == name)
        .count() as u32
        + 1;
    outdate(record, name);
    record.head.papers.push(Paper {
        name: name.to_owned(),
        version,
        issued: at,
        outdated: false,
    });
}

fn outdate(record: &mut Rec, name: &str) {
    record
        .head
        .papers
        .iter_mut()
        .filter(|paper| paper.name == name)
        .for_each(|paper| paper.outdated = true);
}

/// States that follow from what has been done, not from one action: how far a plan is, whether all was looked at.
fn advance(record: &mut Rec, at: Instant) {
    let body = &record.body;
    let next = match Stage::of(record.head.state) {
        Stage::Before => {
            let approved =
                |gate| super::gates::ruling(body, gate).is_some_and(|a| a.decision == Ruling::Yes);
            if body.notice_issued().is_some() {
                S::Noticed
            } else if approved(super::Gate::Cut) || approved(super::Gate::Notice) {
                S::Approved
            } else if body.reported_to(super::GM).is_some() {
                S::Reported
            } else {
                S::Draft
            }
        }
        Stage::Back => {
            let since = body.power.restored_at.unwrap_or(at);
            let looked = |code: &str| {
                body.scene
                    .inspections
                    .iter()
                    .any(|i| i.place.code() == code && i.at >= since)
            };
            if Room::SET.codes.iter().all(|code| looked(code)) {
                S::Checked
            } else {
                S::Restored
            }
        }
        _ => return,
    };
    if next != record.head.state {
        record.enter(next, at);
    }
}

/// An amended time of the first action moves t1 of an accident with it; an amended plan is shown anew.
pub(super) fn amended(record: &mut Rec, entry: &Entry) {
    let body = &mut record.body;
    if !body.planned() {
        body.power.out_at = Some(record.head.opened);
    } else if body.schedule.superseded.is_empty() {
        body.schedule.revised_at = Some(record.head.received);
    }
    body.schedule.start_shown = start_shown(entry).or(body.schedule.start_shown.take());
}
