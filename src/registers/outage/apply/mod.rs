//! What an entry makes of an outage. Total; what the rules of that day found is in `entry.found`.
//!
//! `opening` new records and changed plans · `scene` from the moment power is out · here papers, switching, the record's
//! own course, and the states that follow from what has been done.

mod opening;
mod scene;

use serde_json::Value;

use super::{
    Approval, Approve, Change, Delivery, Done, Gate, OutageAction, OutageState as S, Rec, Reported,
    Room, Ruling, Stage, Ticket, TicketStamp, UserPaper, gates,
};
use crate::base::time::Instant;
use crate::record::entry::Entry;
use crate::record::field::Choice;
use crate::record::head::Paper;

pub(super) use opening::amended;

/// 转、停电通知书 in `head.papers`.
pub(super) const NOTICE: &str = "outage_notice";
/// 解释函
const LETTER: &str = "explanation_letter";
/// 《特别事件处理报告》
const REPORT: &str = "special_report";
/// 操作票
const TICKET: &str = "operation_ticket";

pub(super) fn apply(record: &mut Rec, entry: &Entry, action: OutageAction) {
    use OutageAction as A;
    let at = entry.at;
    match action {
        A::Plan(plan) => opening::planned(record, entry, plan),
        A::Occur(occur) => opening::occurred(record, entry, occur),
        A::Reschedule(change) => opening::rescheduled(record, entry, change),
        A::Cancel(cancel) => cancelled(record, at, cancel.reason),
        A::NotifyChange(_) => {
            let changes = record.body.schedule.changes.iter_mut();
            let untold = changes.filter(|change| change.notified_at.is_none());
            untold.for_each(|change| change.notified_at = Some(at));
        }
        A::ExplainBreach(explain) => {
            let breaches = record.head.breaches.iter_mut();
            let silent =
                breaches.filter(|breach| breach.code == explain.code && breach.reason.is_empty());
            silent.for_each(|breach| breach.reason.clone_from(&explain.reason));
        }
        A::Close(_) => record.enter(S::Closed, at),
        other => on_paper(record, entry, other),
    }
    advance(record, at);
}

/// Reports, decisions, papers to users, tickets.
fn on_paper(record: &mut Rec, entry: &Entry, action: OutageAction) {
    use OutageAction as A;
    let at = entry.at;
    let body = &mut record.body;
    let revision = body.schedule.revision;
    let done = Done { at, revision };
    match action {
        A::Report(report) => {
            let via = entry.via.clone();
            body.told.reports.push(Reported {
                at,
                to: report.to,
                via,
                revision,
            });
        }
        A::Approve(approve) => body
            .papers
            .approvals
            .push(approval(entry, approve, revision)),
        A::IssueNotice(_) => {
            body.papers.notices.push(done);
            issue(record, NOTICE, at);
        }
        A::Deliver(deliver) => {
            // Letters explain the accident, not one revision of a plan.
            let revision = if deliver.paper == UserPaper::Notice {
                revision
            } else {
                0
            };
            let (paper, users, signed_by) = (deliver.paper, deliver.users, deliver.signed_by);
            body.papers.deliveries.push(Delivery {
                paper,
                at,
                users,
                signed_by,
                revision,
            });
        }
        A::Unreachable(_) => body.told.unreachable.push(done),
        A::Announce(_) => body.told.announcements.push(done),
        A::Broadcast(_) => body.told.broadcasts.push(done),
        A::Staff(staff) => {
            body.switching.names = staff.names;
            body.switching.staffed_at.get_or_insert(at);
        }
        A::FillTicket(form) => {
            let tickets = &mut body.switching.tickets;
            if let Some(old) = tickets.last_mut().filter(|old| old.stamp.is_none()) {
                old.stamp = Some(TicketStamp::Void);
            }
            let no = format!("{}-{}", record.head.no, tickets.len() + 1);
            tickets.push(Ticket::new(no, form, at));
            issue(record, TICKET, at);
        }
        A::SignTicket(sign) => {
            if let Some(ticket) = body.switching.tickets.last_mut() {
                ticket.signed_by = Some(sign.name);
                ticket.signed_at = Some(at);
            }
        }
        A::Step(step) => {
            if let Some(ticket) = body.switching.tickets.last_mut() {
                ticket.answer(step, at);
            }
        }
        other => scene::apply(record, entry, other),
    }
}

fn approval(entry: &Entry, approve: Approve, revision: u32) -> Approval {
    Approval {
        gate: approve.gate,
        decision: approve.decision,
        name: approve.name,
        role: approve.role,
        highest: entry.found.get("highest") == Some(&Value::Bool(true)),
        at: entry.at,
        via: entry.via.clone(),
        reason: approve.reason,
        recorded_by: entry.by.clone(),
        revision,
    }
}

/// Users who had the notice must hear that nothing comes of it.
fn cancelled(record: &mut Rec, at: Instant, reason: String) {
    let body = &mut record.body;
    let revision = body.schedule.revision;
    if let (Some(_), Some(old_start)) = (body.notice_issued(), body.schedule.plan_start) {
        let change = Change {
            at,
            old_start,
            revision,
            notified_at: None,
        };
        body.schedule.changes.push(change);
    }
    body.schedule.cancel_reason = Some(reason);
    lay_down(record);
    outdate(record, NOTICE);
    record.enter(S::Cancelled, at);
}

fn lay_down(record: &mut Rec) {
    if let Some(ticket) = record.body.switching.tickets.last_mut() {
        ticket.lay_down();
    }
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
    record.head.papers.push(Paper::issued(name, version, at));
}

fn outdate(record: &mut Rec, name: &str) {
    let papers = record
        .head
        .papers
        .iter_mut()
        .filter(|paper| paper.name == name);
    papers.for_each(|paper| paper.outdated = true);
}

/// States that follow from what has been done, not from one action: how far a plan is, whether all was looked at.
fn advance(record: &mut Rec, at: Instant) {
    let next = match Stage::of(record.head.state) {
        Stage::Before => how_far(record),
        Stage::Back if all_inspected(record) => S::Checked,
        Stage::Back => S::Restored,
        Stage::Out | Stage::Closed | Stage::Cancelled => return,
    };
    if next != record.head.state {
        record.enter(next, at);
    }
}

fn how_far(record: &Rec) -> S {
    let body = &record.body;
    let approved = |gate| gates::ruling(body, gate).is_some_and(|a| a.decision == Ruling::Yes);
    if body.notice_issued().is_some() {
        S::Noticed
    } else if approved(Gate::Cut) || approved(Gate::Notice) {
        S::Approved
    } else if body.reported_to(super::GM).is_some() {
        S::Reported
    } else {
        S::Draft
    }
}

fn all_inspected(record: &Rec) -> bool {
    let since = record.body.power.restored_at.unwrap_or(record.head.opened);
    let inspections = &record.body.scene.inspections;
    let looked = |code: &str| {
        inspections
            .iter()
            .any(|i| i.place.code() == code && i.at >= since)
    };
    Room::SET.codes.iter().all(|code| looked(code))
}
