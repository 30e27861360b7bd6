//! What a first entry makes of a new record, and what changes a plan.

use serde_json::Value;

use super::{NOTICE, outdate};
use crate::record::entry::Entry;
use crate::record::head::Link;
use crate::registers::outage::{
    Change, Form, Mode, Occur, OutageState as S, Plan, Rec, Reschedule, Source, Superseded,
};

pub(super) fn planned(record: &mut Rec, entry: &Entry, plan: Plan) {
    let event = &mut record.body.event;
    event.mode = Some(Mode::Planned);
    event.source = Some(plan.source);
    event.form = Some(plan.form);
    event.reason = Some(plan.reason);
    event.areas = plan.areas;
    event.users = plan.users;
    event.our_switches = plan.our_switches;
    let schedule = &mut record.body.schedule;
    schedule.plan_start = Some(plan.plan_start);
    schedule.plan_end = plan.plan_end;
    schedule.revision = 1;
    schedule.revised_at = Some(entry.received);
    schedule.start_shown = start_shown(entry);
}

pub(super) fn occurred(record: &mut Rec, entry: &Entry, occur: Occur) {
    let event = &mut record.body.event;
    event.mode = Some(Mode::Accident);
    event.form = Some(Form::Outage);
    event.source = Some(occur.source);
    event.informant = occur.informant;
    event.areas = occur.areas;
    event.users = occur.users;
    // A source that is known at once counts as judged at once.
    event.judged_at = (occur.source != Source::Unknown).then_some(entry.at);
    record.body.power.out_at = Some(entry.at);
    if let Some(first) = entry.found.get("follows").and_then(Value::as_str) {
        let link = Link {
            kind: "follows".into(),
            to: first.to_owned(),
        };
        record.head.links.push(link);
    }
    record.enter(S::Out, entry.at);
}

pub(super) fn rescheduled(record: &mut Rec, entry: &Entry, change: Reschedule) {
    let body = &mut record.body;
    let issued = body.notice_issued().is_some();
    let schedule = &mut body.schedule;
    let renewed = entry.found.get("new_revision") == Some(&Value::Bool(true));
    if let (Some(old_start), true) = (schedule.plan_start, renewed) {
        let (revision, at) = (schedule.revision, entry.at);
        schedule.superseded.push(Superseded {
            revision,
            plan_start: old_start,
            at,
            reason: change.reason,
        });
        schedule.revision = revision + 1;
        schedule.revised_at = Some(entry.received);
        if issued {
            let change = Change {
                at,
                old_start,
                revision: revision + 1,
                notified_at: None,
            };
            schedule.changes.push(change);
        }
    }
    schedule.plan_start = change.plan_start.or(schedule.plan_start);
    schedule.plan_end = change.plan_end.or(schedule.plan_end);
    schedule.start_shown = start_shown(entry).or(schedule.start_shown.take());
    if !change.areas.is_empty() {
        body.event.areas = change.areas;
    }
    if !change.users.is_empty() {
        body.event.users = change.users;
    }
    outdate(record, NOTICE);
}

/// An amended time of the first action moves t1 of an accident with it; an amended plan is shown anew.
pub(in crate::registers::outage) fn amended(record: &mut Rec, entry: &Entry) {
    let body = &mut record.body;
    if !body.planned() {
        body.power.out_at = Some(record.head.opened);
    } else if body.schedule.superseded.is_empty() {
        body.schedule.revised_at = Some(record.head.received);
    }
    body.schedule.start_shown = start_shown(entry).or(body.schedule.start_shown.take());
}

fn start_shown(entry: &Entry) -> Option<String> {
    entry
        .found
        .get("start_shown")
        .and_then(Value::as_str)
        .map(str::to_owned)
}
