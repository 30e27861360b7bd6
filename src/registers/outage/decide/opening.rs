//! A new record: a plan, or power that is out.

use super::{ends_after, shown, source_is_known, starts_ahead};
use crate::base::i18n::Msg;
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::record::head::Decision;
use crate::registers::outage::{Occur, OutageAction, Plan};
use crate::registers::{Act, Context};

/// A new record.
pub(in crate::registers::outage) fn first(
    act: &Act<OutageAction>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    match &act.action {
        OutageAction::Plan(plan) => first_plan(plan, act.envelope.at, cx),
        OutageAction::Occur(occur) => Ok(first_occur(occur, act.envelope.at, cx)),
        _ => Ok(Decision::default()),
    }
}

fn first_plan(plan: &Plan, at: Instant, cx: &Context<'_>) -> Result<Decision, Refusal> {
    source_is_known(plan.source)?;
    starts_ahead(Some(plan.plan_start), at)?;
    ends_after(Some(plan.plan_start), plan.plan_end)?;
    let mut decision = Decision::default();
    decision
        .found
        .insert("start_shown".into(), shown(plan.plan_start, cx));
    if plan.users.is_empty() {
        decision.warnings.push(Msg::new("warning.outage_no_users"));
    }
    Ok(decision)
}

/// Power lost again shortly after it came back is a new outage that follows the first.
fn first_occur(occur: &Occur, at: Instant, cx: &Context<'_>) -> Decision {
    let mut decision = Decision::default();
    let before = cx
        .near
        .same_place
        .iter()
        .rev()
        .find(|other| other.head.opened <= at && other.head.void_reason.is_none());
    if let Some(before) = before {
        let no = before.head.no.as_str();
        let back = before
            .body
            .get("restored_at")
            .cloned()
            .and_then(|v| serde_json::from_value::<Instant>(v).ok());
        match back.filter(|back| *back <= at) {
            Some(_) => {
                decision.found.insert("follows".into(), no.into());
                decision
                    .warnings
                    .push(Msg::new("warning.outage_again").with("no", no));
            }
            None if before.body.get("out_at").is_some() => decision
                .warnings
                .push(Msg::new("warning.outage_still_out").with("no", no)),
            None => {}
        }
    }
    if occur.users.is_empty() {
        decision.warnings.push(Msg::new("warning.outage_no_letter"));
    }
    decision
}
