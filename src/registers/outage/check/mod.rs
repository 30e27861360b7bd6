//! Whether a step may happen. Facts are recorded whatever was open before them; papers, approvals and the closing of the
//! record are refused against the clauses. The record is the one that stood at the instant of the act.
//!
//! `opening` new records · `papers` approvals, notices, reports · `switching` tickets and the cut · `scene` on the spot ·
//! `course` rescheduling, closing · here what they share.

mod course;
mod opening;
mod papers;
mod scene;
mod switching;

pub(super) use opening::open;

use super::{OutageAction, Rec, Source, duty_log};
use crate::base::i18n::Msg;
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::record::decision::Decision;
use crate::registers::{Act, Context};

/// A further step.
pub(super) fn step(
    before: &Rec,
    act: &Act<OutageAction>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    use OutageAction as A;
    let mut decision = Decision::default();
    let (body, at) = (&before.body, act.envelope.at);
    match &act.action {
        A::Report(report) => {
            let unwritten = papers::unwritten(body, report, act, cx.rules);
            decision.warnings.extend(unwritten);
        }
        A::Approve(approve) => papers::approves(body, approve, cx.rules)?,
        A::IssueNotice(_) => papers::issues(before, cx.rules)?,
        A::Deliver(deliver) => decision.warnings.extend(papers::strangers(body, deliver)),
        A::FillTicket(ticket) => {
            switching::fills(ticket, cx.rules)?;
            decision.numbered = Some(super::TICKET_NO);
        }
        A::SignTicket(sign) => switching::signs(body, sign, cx.rules)?,
        A::Step(step) => switching::switches(body, step)?,
        A::Cut(cut) => decision
            .warnings
            .extend(switching::cuts(before, cut, at, cx)?),
        A::Classify(judged) => {
            source_is_known(judged.source)?;
            scene::expected_ahead(judged.expected_restore, body)?;
        }
        A::ContactUtility(contact) => decision.warnings.extend(scene::contacts(contact, body)?),
        A::RestorePart(part) => scene::restores_part(part, body)?,
        A::Inspect(look) if !look.normal => {
            let slip = scene::repair(&before.head.no, look, cx.rules);
            decision.triggers.push(slip);
        }
        A::Reschedule(change) => decision
            .warnings
            .extend(course::reschedules(body, change, at)?),
        A::Close(_) => course::closes(before, at, cx.in_force)?,
        _ => {}
    }
    let called = &body.event.first_areas;
    let line = duty_log::line(&before.head.no, called, &act.action, cx.rules);
    decision.triggers.push(line);
    Ok(decision)
}

fn source_is_known(source: Source) -> Result<(), Refusal> {
    match source {
        Source::Unknown => Err(Refusal::bad("source", Msg::new("why.outage_source"))),
        _ => Ok(()),
    }
}

/// A cut is planned for later than the planning.
fn starts_ahead(start: Option<Instant>, at: Instant) -> Result<(), Refusal> {
    match start {
        Some(start) if start < at => {
            let what = Msg::new("before.act").with("at", at);
            Err(Refusal::before("plan_start", what))
        }
        _ => Ok(()),
    }
}

/// A cut ends after it starts.
fn ends_after(start: Option<Instant>, end: Option<Instant>) -> Result<(), Refusal> {
    match (start, end) {
        (Some(start), Some(end)) if end <= start => {
            let what = Msg::new("before.outage_start").with("at", start);
            Err(Refusal::before("plan_end", what))
        }
        _ => Ok(()),
    }
}
