//! How the record runs: the plan changed, the sheet closed, what was typed put right.

use serde_json::{Map, Value};

use super::{ends_after, shown, starts_ahead};
use crate::base::i18n::{Arg, Msg};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::head::Decision;
use crate::registers::Context;
use crate::registers::outage::{
    ExplainBreach, Gate, Rec, Reschedule, Source, Stage, duties, gates,
};

/// Moving the start or widening the scope makes a new revision, whose notices count anew.
pub(super) fn reschedules(
    record: &Rec,
    change: &Reschedule,
    at: Instant,
    cx: &Context<'_>,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let (event, schedule) = (&record.body.event, &record.body.schedule);
    if change.plan_start.is_none()
        && change.plan_end.is_none()
        && change.areas.is_empty()
        && change.users.is_empty()
    {
        return Err(Refusal::missing("plan_start"));
    }
    starts_ahead(change.plan_start, at)?;
    let start = change.plan_start.or(schedule.plan_start);
    ends_after(start, change.plan_end.or(schedule.plan_end))?;
    let moved = change
        .plan_start
        .is_some_and(|new| Some(new) != schedule.plan_start);
    let longer = change
        .plan_end
        .is_some_and(|new| schedule.plan_end.is_none_or(|old| new > old));
    let added = |new: &[String], old: &[String]| new.iter().any(|item| !old.contains(item));
    let wider = added(&change.areas, &event.areas) || added(&change.users, &event.users);
    decision
        .found
        .insert("new_revision".into(), (moved || longer || wider).into());
    if let Some(start) = change.plan_start {
        decision
            .found
            .insert("start_shown".into(), shown(start, cx));
    }
    let approved = gates::ruling(&record.body, Gate::Cut)
        .or(gates::ruling(&record.body, Gate::Notice))
        .is_some();
    if approved && (moved || longer || wider) {
        decision
            .warnings
            .push(Msg::new("warning.outage_approved_before"));
    }
    Ok(())
}

/// Closing waits for every duty, the source, and a reason for each breach.
pub(super) fn closes(record: &Rec, at: Instant, cx: &Context<'_>) -> Result<(), Refusal> {
    if record.body.source() == Source::Unknown {
        return Err(
            Refusal::gate("S7.4.2", Msg::new("refusal.outage_source_unknown")).field("source"),
        );
    }
    if let Some(silent) = record
        .head
        .breaches
        .iter()
        .find(|breach| breach.reason.is_empty())
    {
        let why = Msg::new("refusal.outage_breach_unexplained")
            .with_key("duty", format!("duty.outage.{}", silent.code));
        return Err(Refusal::gate(silent.clause.clone(), why).field("reason"));
    }
    let owed = duties::of(record, cx.rules);
    let owed: Vec<_> = owed
        .iter()
        .filter(|duty| duty.pending() && !duty.silent && duty.opens.is_none_or(|opens| opens < at))
        .collect();
    match owed.first() {
        Some(first) => {
            let names = owed
                .iter()
                .map(|duty| Arg::Key(format!("duty.outage.{}", duty.code)))
                .collect();
            let why = Msg::new("refusal.outage_owed").with("owed", Arg::List(names));
            Err(Refusal::gate(first.clause.clone(), why))
        }
        None => Ok(()),
    }
}

/// Fields that an amendment may touch; everything else is a step of its own.
const AMENDABLE: &[&str] = &[
    "source",
    "form",
    "reason",
    "plan_start",
    "plan_end",
    "areas",
    "users",
    "informant",
    "cause",
    "expected_restore",
    "our_switches",
    "at",
    "received",
];

/// What an amendment finds. A plan whose notice is out is changed by rescheduling, so that users hear of it.
pub(in crate::registers::outage) fn amended(
    record: &Rec,
    changes: &Map<String, Value>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    if let Some(key) = changes
        .keys()
        .find(|key| !AMENDABLE.contains(&key.as_str()))
    {
        let why = Msg::new("why.outage_amend").with_key("field", format!("field.{key}"));
        return Err(Refusal::bad("changes", why));
    }
    let body = &record.body;
    let replans = ["plan_start", "plan_end", "areas"]
        .iter()
        .any(|key| changes.contains_key(*key));
    let announced = body.notice_issued().is_some() && Stage::of(record.head.state) == Stage::Before;
    if body.planned() && replans && announced {
        let why = Msg::new("refusal.outage_amend_plan");
        return Err(Refusal::new(RefusalCode::NotNow, why).field("changes"));
    }
    let time = |key: &str, old: Option<Instant>| match changes.get(key) {
        Some(new) => serde_json::from_value::<Instant>(new.clone()).ok(),
        None => old,
    };
    let (start, end) = (
        time("plan_start", body.schedule.plan_start),
        time("plan_end", body.schedule.plan_end),
    );
    ends_after(start, end)?;
    let moved = time("at", None).filter(|_| !body.planned());
    if let (Some(at), Some(back)) = (moved, body.power.restored_at)
        && at > back
    {
        let why = Msg::new("why.outage_after_back").with("at", back);
        return Err(Refusal::bad("at", why));
    }
    let mut decision = Decision::default();
    if let Some(start) = start {
        decision
            .found
            .insert("start_shown".into(), shown(start, cx));
    }
    Ok(decision)
}

/// There must be something to explain.
pub(super) fn explains(record: &Rec, explain: &ExplainBreach) -> Result<(), Refusal> {
    let mut open = record
        .head
        .breaches
        .iter()
        .filter(|breach| breach.reason.is_empty());
    if open.any(|breach| breach.code == explain.code) {
        return Ok(());
    }
    Err(Refusal::bad(
        "code",
        Msg::new("why.outage_breach").with("code", explain.code.as_str()),
    ))
}
