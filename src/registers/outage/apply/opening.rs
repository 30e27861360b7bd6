//! What a first entry makes of a new record, and what changes a plan.

use super::{NOTICE, outdate, owe_news};
use crate::base::identity::same;
use crate::base::time::Instant;
use crate::record::timeline::Fact;
use crate::registers::outage::{Body, Mode, Occur, Plan, Rec, Reschedule, Source, Superseded};
use crate::rules::ruleset::Rules;

pub(super) fn planned(record: &mut Rec, fact: &Fact, plan: Plan, rules: &Rules) {
    let event = &mut record.body.event;
    event.mode = Some(Mode::Planned);
    event.source = Some(plan.source);
    event.form = Some(plan.form);
    event.reason = Some(plan.reason);
    event.first_areas.clone_from(&plan.areas);
    event.areas = plan.areas;
    event.name_users(fact, plan.users);
    event.our_switches = plan.our_switches;
    let schedule = &mut record.body.schedule;
    schedule.plan_start = Some(plan.plan_start);
    schedule.plan_end = plan.plan_end;
    schedule.revision = 1;
    schedule.revised_at = Some(fact.entry.received);
    schedule.start_shown = Some(shown(plan.plan_start, rules));
}

pub(super) fn occurred(record: &mut Rec, fact: &Fact, occur: Occur) {
    let at = fact.entry.at;
    let event = &mut record.body.event;
    event.mode = Some(Mode::Accident);
    event.form = Some(occur.form);
    event.source = Some(occur.source);
    event.informant = occur.informant;
    event.first_areas.clone_from(&occur.areas);
    event.areas = occur.areas;
    event.name_users(fact, occur.users);
    // A source that is known at once counts as judged at once.
    event.judged_at = (occur.source != Source::Unknown).then_some(at);
    event.first_judged_at = event.judged_at;
    record.body.power.out_at = Some(at);
}

/// Moving the start or widening the scope makes a new revision; users who hold the old start must be told.
pub(super) fn rescheduled(record: &mut Rec, fact: &Fact, change: Reschedule, rules: &Rules) {
    let body = &mut record.body;
    let at = fact.entry.at;
    if renews(body, &change) {
        let knew = body.users_know_the_start();
        let next = body.schedule.revision + 1;
        if knew {
            owe_news(body, at, next);
        }
        let schedule = &mut body.schedule;
        if let Some(plan_start) = schedule.plan_start {
            schedule.superseded.push(Superseded {
                revision: schedule.revision,
                plan_start,
                at,
                reason: change.reason,
            });
        }
        schedule.revision = next;
        schedule.revised_at = Some(fact.entry.received);
    }
    let schedule = &mut body.schedule;
    schedule.plan_start = change.plan_start.or(schedule.plan_start);
    schedule.plan_end = change.plan_end.or(schedule.plan_end);
    schedule.start_shown = schedule.plan_start.map(|start| shown(start, rules));
    if !change.areas.is_empty() {
        body.event.areas = change.areas;
    }
    if !change.users.is_empty() {
        body.event.name_users(fact, change.users);
    }
    outdate(record, NOTICE);
}

/// Whether a change of the plan is a new revision: another start, a later end, an area or a user more.
pub(in crate::registers::outage) fn renews(body: &Body, change: &Reschedule) -> bool {
    let (event, schedule) = (&body.event, &body.schedule);
    let new_start = change.plan_start;
    let moved = new_start.is_some_and(|new| Some(new) != schedule.plan_start);
    let new_end = change.plan_end;
    let longer = new_end.is_some_and(|new| schedule.plan_end.is_none_or(|old| new > old));
    moved || longer || adds(&change.areas, &event.areas) || adds(&change.users, &event.users)
}

/// Whether the new list names something that the old one does not.
fn adds(new: &[String], old: &[String]) -> bool {
    let known = |item: &String| old.iter().any(|before| same(before, item));
    !new.iter().all(known)
}

/// A start in the site's wall clock, as the title shows it.
fn shown(start: Instant, rules: &Rules) -> String {
    let local = rules.zone().local(start);
    local.format("%Y-%m-%d %H:%M").to_string()
}
