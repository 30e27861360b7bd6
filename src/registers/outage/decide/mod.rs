//! Whether a step may happen now. Facts are recorded whatever was open before them; papers, approvals and the closing
//! of the record are refused against the clauses.
//!
//! `opening` new records · `papers` approvals, notices, letters · `switching` tickets and the cut · `scene` on the spot ·
//! `course` rescheduling, closing, amending · here what they share, and that nothing happens before what it follows.

mod course;
mod opening;
mod papers;
mod scene;
mod switching;

pub(super) use course::amended;
pub(super) use opening::first;

use serde_json::Value;

use super::{Form, LetterStep, Outage, OutageAction, Rec, Source};
use crate::base::clause::Clause;
use crate::base::i18n::Msg;
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::record::entry::Breach;
use crate::record::head::Decision;
use crate::registers::{Act, Context, Lookup, Register};
use crate::rules::ruleset::Rules;

/// An accident asks whether power failed at the same place shortly before.
pub(super) fn lookups(
    _record: Option<&Rec>,
    act: &Act<OutageAction>,
    rules: &Rules,
) -> Vec<Lookup> {
    let OutageAction::Occur(occur) = &act.action else {
        return Vec::new();
    };
    let since = act
        .envelope
        .at
        .plus_hours(-rules.procedure(Outage::SPEC.code).int("again_hours"));
    occur
        .areas
        .first()
        .map(|place| Lookup::SamePlace {
            place: place.clone(),
            since,
        })
        .into_iter()
        .collect()
}

/// A further step.
pub(super) fn step(
    record: &Rec,
    act: &Act<OutageAction>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    use OutageAction as A;
    let mut decision = Decision::default();
    let (body, at) = (&record.body, act.envelope.at);
    in_order(record, &act.action, at)?;
    match &act.action {
        A::Report(report) => decision
            .warnings
            .extend(papers::unwritten(body, report, act)),
        A::Approve(approve) => papers::approves(record, approve, cx, &mut decision)?,
        A::IssueNotice(_) => papers::issues(record, at, cx)?,
        A::Deliver(deliver) => papers::delivers(body, deliver, at, &mut decision)?,
        A::Broadcast(_) => papers::broadcasts(record, act, cx, &mut decision),
        A::UtilityLetter(letter) if letter.step == LetterStep::Forwarded => {
            papers::forwards(body, at)?
        }
        A::FillTicket(ticket) => switching::fills(ticket, cx)?,
        A::SignTicket(sign) => switching::signs(record, sign, at, cx)?,
        A::Step(step) => switching::switches(record, step, act, &mut decision)?,
        A::Cut(cut) => switching::cuts(record, cut, at, cx, &mut decision)?,
        A::Classify(judged) => {
            source_is_known(judged.source)?;
            scene::expected_ahead(judged.expected_restore, record)?;
        }
        A::ContactUtility(contact) => {
            scene::expected_ahead(Some(contact.expected_restore), record)?
        }
        A::Rescue(rescue) => scene::rescues(body, rescue)?,
        A::Restore(_) => decision
            .breaches
            .extend(scene::unpatrolled(record, act, cx)),
        A::Inspect(look) if !look.normal => decision.spawns.push(scene::repair(record, look, cx)),
        A::Reschedule(change) => course::reschedules(record, change, at, cx, &mut decision)?,
        A::ExplainBreach(explain) => course::explains(record, explain)?,
        A::Close(_) => course::closes(record, at, cx)?,
        _ => {}
    }
    Ok(decision)
}

/// What cannot have happened before what it follows.
fn in_order(record: &Rec, action: &OutageAction, at: Instant) -> Result<(), Refusal> {
    let power = &record.body.power;
    let after = match action {
        OutageAction::RestorePart(_) | OutageAction::Restore(_) => power
            .partial_at
            .or(power.out_at)
            .map(|t| ("before.outage_out", t)),
        OutageAction::OnSite(_)
        | OutageAction::Classify(_)
        | OutageAction::LiftCheck(_)
        | OutageAction::ContactUtility(_) => power.out_at.map(|t| ("before.outage_out", t)),
        OutageAction::Inspect(_) if record.body.event.form == Some(Form::Transfer) => {
            power.out_at.map(|t| ("before.outage_out", t))
        }
        OutageAction::Inspect(_) => power
            .restored_at
            .or(power.partial_at)
            .or(power.out_at)
            .map(|t| ("before.outage_back", t)),
        OutageAction::Close(_) => power.restored_at.map(|t| ("before.outage_back", t)),
        OutageAction::GeneratorStop(_) => record
            .body
            .scene
            .generator
            .last()
            .map(|g| ("before.outage_generator", g.at)),
        OutageAction::Rescue(rescue) => record
            .body
            .scene
            .cars
            .iter()
            .rfind(|car| car.car == rescue.car && car.trapped)
            .map(|car| ("before.outage_trapped", car.at)),
        OutageAction::NotifyChange(_) => record
            .body
            .schedule
            .changes
            .last()
            .map(|change| ("before.outage_change", change.at)),
        _ => None,
    };
    match after.filter(|(_, earliest)| at < *earliest) {
        Some((what, earliest)) => Err(Refusal::before("at", Msg::new(what).with("at", earliest))),
        None => Ok(()),
    }
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
        Some(start) if start < at => Err(Refusal::before(
            "plan_start",
            Msg::new("before.act").with("at", at),
        )),
        _ => Ok(()),
    }
}

/// A cut ends after it starts.
fn ends_after(start: Option<Instant>, end: Option<Instant>) -> Result<(), Refusal> {
    match (start, end) {
        (Some(start), Some(end)) if end <= start => Err(Refusal::before(
            "plan_end",
            Msg::new("before.outage_start").with("at", start),
        )),
        _ => Ok(()),
    }
}

/// A start in the site's wall clock, as the title shows it.
fn shown(start: Instant, cx: &Context<'_>) -> Value {
    Value::from(
        cx.rules
            .zone()
            .local(start)
            .format("%Y-%m-%d %H:%M")
            .to_string(),
    )
}

fn role_named(code: &str, rules: &Rules) -> Msg {
    match rules.role(code) {
        Some(role) => Msg::new("outage_role.or_above")
            .with("zh", role.name.as_str())
            .with("en", role.name_en.as_str()),
        None => Msg::new("outage_role.or_above")
            .with("zh", code)
            .with("en", code),
    }
}

fn breach(code: &str, clause: &str, at: Instant, reason: Option<&str>) -> Breach {
    Breach {
        code: code.to_owned(),
        clause: Clause::from(clause),
        at,
        reason: reason.unwrap_or_default().to_owned(),
    }
}
