//! A new record: a plan, or power that is out.

use super::{ends_after, source_is_known, starts_ahead};
use crate::base::i18n::Msg;
use crate::base::refusal::Refusal;
use crate::record::decision::Decision;
use crate::record::request::Envelope;
use crate::registers::outage::{Occur, OutageAction, Plan, again, duty_log};
use crate::registers::{Act, Context};

/// A new record, or its opening put right.
pub(in crate::registers::outage) fn open(
    act: &Act<OutageAction>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let mut decision = Decision::default();
    let areas = match &act.action {
        OutageAction::Plan(plan) => {
            decision.warnings = planned(plan, &act.envelope)?;
            plan.areas.as_slice()
        }
        OutageAction::Occur(occur) => {
            decision.warnings = occurred(occur, &act.envelope, cx)?;
            occur.areas.as_slice()
        }
        _ => &[],
    };
    let line = duty_log::line(cx.no, areas, &act.action, cx.rules);
    decision.triggers.push(line);
    Ok(decision)
}

fn planned(plan: &Plan, envelope: &Envelope) -> Result<Vec<Msg>, Refusal> {
    source_is_known(plan.source)?;
    starts_ahead(Some(plan.plan_start), envelope.at)?;
    ends_after(Some(plan.plan_start), plan.plan_end)?;
    let nobody = plan.users.is_empty();
    Ok(nobody
        .then(|| Msg::new("warning.outage_no_users"))
        .into_iter()
        .collect())
}

/// Nobody hears of an accident before it happens. Told are: that it follows another, that the same place is still out,
/// that nobody is named yet.
fn occurred(occur: &Occur, envelope: &Envelope, cx: &Context<'_>) -> Result<Vec<Msg>, Refusal> {
    let at = envelope.at;
    if envelope.received < at {
        let what = Msg::new("before.outage_out").with("at", at);
        return Err(Refusal::before("received", what));
    }
    let told = |key: &str, no: &str| Msg::new(key).with("no", no);
    let running = again::running(&occur.areas, at, cx.near);
    let first = again::first(&occur.areas, at, cx.near, cx.rules);
    let mut warnings = Vec::new();
    warnings.extend(running.map(|no| told("warning.outage_still_out", no)));
    warnings.extend(first.map(|no| told("warning.outage_again", no)));
    if occur.users.is_empty() {
        warnings.push(Msg::new("warning.outage_no_letter"));
    }
    Ok(warnings)
}
