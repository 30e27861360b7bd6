//! What a fact makes of an outage, the facts coming in the order in which they happened. Total.
//!
//! `opening` new records and changed plans · `papers` reports, decisions, papers, tickets · `scene` from the moment
//! power is out · here the record's own course, and the states that follow from what has been done.

mod opening;
mod papers;
mod scene;

pub(super) use opening::renews;

use super::{
    Body, Change, Done, GM, Gate, OutageAction, OutageState as S, Rec, Room, Ruling, gates,
};
use crate::base::time::Instant;
use crate::record::field::Choice;
use crate::record::head::Paper;
use crate::record::timeline::Fact;
use crate::registers::Surroundings;
use crate::rules::ruleset::Rules;

/// 转、停电通知书 in `head.papers`.
pub(super) const NOTICE: &str = "outage_notice";
/// 解释函
const LETTER: &str = "explanation_letter";
/// 《特别事件处理报告》
const REPORT: &str = "special_report";
/// 操作票
const TICKET: &str = "operation_ticket";

pub(super) fn apply(
    record: &mut Rec,
    fact: &Fact,
    action: OutageAction,
    around: &Surroundings<'_>,
) {
    use OutageAction as A;
    let at = fact.entry.at;
    let rules = around.rules.at(at);
    match action {
        A::Plan(plan) => opening::planned(record, fact, plan, rules),
        A::Occur(occur) => opening::occurred(record, fact, occur),
        A::Reschedule(change) => opening::rescheduled(record, fact, change, rules),
        A::Cancel(cancel) => cancelled(record, at, cancel.reason),
        A::NotifyChange(_) => told_again(&mut record.body, at),
        A::Cut(cut) => scene::cut(record, at, cut.reason, around),
        A::Close(_) => {}
        other => papers::apply(record, fact, other, rules),
    }
    advance(record, at, rules);
}

/// Users who have been told of a start must hear that nothing comes of it.
fn cancelled(record: &mut Rec, at: Instant, reason: String) {
    let body = &mut record.body;
    let revision = body.schedule.revision;
    if body.users_know_the_start() {
        owe_news(body, at, revision);
    }
    body.schedule.cancel_reason = Some(reason);
    lay_down(record);
    outdate(record, NOTICE);
}

/// Users are owed the news of a change by the start that they hold.
fn owe_news(body: &mut Body, at: Instant, revision: u32) {
    let schedule = &mut body.schedule;
    if let Some(old_start) = schedule.plan_start {
        let notified_at = None;
        schedule.changes.push(Change {
            at,
            old_start,
            revision,
            notified_at,
        });
    }
}

/// Users were told by word how it stands now.
fn told_again(body: &mut Body, at: Instant) {
    let schedule = &mut body.schedule;
    for change in &mut schedule.changes {
        change.notified_at.get_or_insert(at);
    }
    let revision = schedule.revision;
    schedule.told.push(Done { at, revision });
}

/// A ticket none of whose steps was done by now was not executed.
fn lay_down(record: &mut Rec) {
    if let Some(ticket) = record.body.switching.tickets.last_mut() {
        ticket.lay_down();
    }
}

fn issue(record: &mut Rec, name: &str, at: Instant) {
    let same = record.head.papers.iter().filter(|paper| paper.name == name);
    let version = same.map(|paper| paper.version).max().unwrap_or(0) + 1;
    outdate(record, name);
    record.head.papers.push(Paper::issued(name, version, at));
}

fn outdate(record: &mut Rec, name: &str) {
    let papers = &mut record.head.papers;
    for paper in papers.iter_mut().filter(|paper| paper.name == name) {
        paper.outdated = true;
    }
}

/// States that follow from what has been done, not from one action: how far a plan is, whether all was looked at.
fn advance(record: &mut Rec, at: Instant, rules: &Rules) {
    let next = match record.head.state {
        S::Draft | S::Reported | S::Approved | S::Noticed => how_far(&record.body, rules),
        S::Restored | S::Checked if all_inspected(record) => S::Checked,
        S::Restored | S::Checked => S::Restored,
        S::Out | S::Partial | S::Closed | S::Cancelled => return,
    };
    if next != record.head.state {
        record.enter(next, at);
    }
}

/// The furthest milestone that a plan has reached.
fn how_far(body: &Body, rules: &Rules) -> S {
    let approved = |gate| gates::ruling(body, gate).is_some_and(|a| a.decision == Ruling::Yes);
    let mut reports = body.told.reports.iter();
    if body.notice_issued().is_some() {
        S::Noticed
    } else if approved(Gate::Cut) || approved(Gate::Notice) {
        S::Approved
    } else if reports.any(|report| rules.at_least(&report.to, GM)) {
        S::Reported
    } else {
        S::Draft
    }
}

fn all_inspected(record: &Rec) -> bool {
    let since = record.body.power.restored_at.unwrap_or(record.head.opened);
    let inspections = &record.body.scene.inspections;
    let looked = |code: &str| {
        let mut of_place = inspections.iter().filter(|i| i.place.code() == code);
        of_place.any(|i| i.at >= since)
    };
    Room::SET.codes.iter().all(|code| looked(code))
}
