//! How the record runs: the plan changed, the sheet closed.

use super::{ends_after, starts_ahead};
use crate::base::i18n::{Arg, Msg};
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::registers::Register;
use crate::registers::outage::{Body, Gate, Outage, Rec, Reschedule, Source, apply, duties, gates};
use crate::rules::in_force::InForce;

/// A change changes something, and lies ahead. Approvals that were given for the plan as it was are named.
pub(super) fn reschedules(
    body: &Body,
    change: &Reschedule,
    at: Instant,
) -> Result<Option<Msg>, Refusal> {
    let times = change.plan_start.is_some() || change.plan_end.is_some();
    if !times && change.areas.is_empty() && change.users.is_empty() {
        return Err(Refusal::missing("plan_start"));
    }
    starts_ahead(change.plan_start, at)?;
    let schedule = &body.schedule;
    let start = change.plan_start.or(schedule.plan_start);
    ends_after(start, change.plan_end.or(schedule.plan_end))?;
    let decided = |gate| gates::ruling(body, gate).is_some();
    let approved = decided(Gate::Cut) || decided(Gate::Notice);
    let renewed = approved && apply::renews(body, change);
    Ok(renewed.then(|| Msg::new("warning.outage_approved_before")))
}

/// Closing waits for every duty, the source, and a reason for each breach.
pub(super) fn closes(before: &Rec, at: Instant, rules: &InForce) -> Result<(), Refusal> {
    if before.body.source() == Source::Unknown {
        let why = Msg::new("refusal.outage_source_unknown");
        return Err(Refusal::gate("S7.4.2", why).field("source"));
    }
    before.explained(Outage::SPEC.code)?;
    let mut owed = duties::of(before, rules);
    owed.retain(|duty| duty.pending() && !duty.silent);
    owed.retain(|duty| duty.opens.is_none_or(|opens| opens < at));
    match owed.first() {
        Some(first) => {
            let names = owed
                .iter()
                .map(|duty| Arg::Key(format!("duty.outage.{}", duty.code)));
            let why = Msg::new("refusal.outage_owed").with("owed", Arg::List(names.collect()));
            Err(Refusal::gate(first.clause.clone(), why))
        }
        None => Ok(()),
    }
}
