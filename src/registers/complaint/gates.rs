//! Who may decide, and what must be done before an answer goes out or a complaint is closed.

use serde_json::Value;

use super::deadlines;
use super::{Act, ComplaintAction as A, ComplaintGate, ComplaintState as S, Context, Rec, YesNo};
use crate::base::clause::Clause;
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::record::entry::Breach;
use crate::record::head::Decision;
use crate::registers::work_order::RevisitMethod;
use crate::rules::complaint_class::MAJOR;
use crate::rules::deadline::Deadline;
use crate::rules::procedure::Procedure;
use crate::rules::ruleset::Rules;

/// Whether `role` may decide what `needed` or above decides.
pub(super) fn allowed(
    rules: &Rules,
    field: &str,
    role: &str,
    needed: &str,
    clause: Clause,
) -> Result<(), Refusal> {
    if needed.is_empty() || rules.at_least(role, needed) {
        return Ok(());
    }
    let (zh, en) = rules.role(needed).map_or((needed, needed), |role| {
        (role.name.as_str(), role.name_en.as_str())
    });
    let mut refusal = Refusal::role(
        field,
        Msg::new("complaint.or_above").with("zh", zh).with("en", en),
    );
    refusal.clause = Some(clause);
    Err(refusal)
}

/// The clause that says who judges: that of the duty `judge`.
pub(super) fn judge_clause(procedure: &Procedure) -> Clause {
    procedure
        .duty("judge")
        .map(|duty| duty.clause.clone())
        .unwrap_or_default()
}

/// The head approves the settlement and the answer (S6.3.6.1), 总经理 a penalty (S6.3.5); nobody his own proposal.
pub(super) fn approval(
    record: &Rec,
    approve: &super::Approve,
    procedure: &Procedure,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let (needed, clause) = match approve.gate {
        ComplaintGate::Reply => ("approve_role", "S6.3.6.1"),
        ComplaintGate::Penalty => ("penalty_role", "S6.3.5"),
    };
    allowed(
        cx.rules,
        "role",
        &approve.role,
        procedure.word(needed),
        clause.into(),
    )?;
    let author = record
        .body
        .steps
        .iter()
        .rfind(|step| step.action == "measure")
        .map(|step| step.by.as_str());
    if approve.decision == YesNo::Yes
        && approve.gate == ComplaintGate::Reply
        && author == Some(approve.name.as_str())
    {
        let message = Msg::new("refusal.own_proposal").with("name", approve.name.as_str());
        return Err(Refusal::new(RefusalCode::NotAllowed, message)
            .field("name")
            .clause(clause));
    }
    Ok(Decision::default())
}

/// No answer goes out before the gate of its procedure is passed (S6.3.6.1).
pub(super) fn reply_approved(record: &Rec, cx: &Context<'_>) -> Result<(), Refusal> {
    let owed = deadlines::of(record, cx.rules);
    match owed
        .iter()
        .find(|d| d.code == "approve_reply" && d.pending())
    {
        Some(gate) => Err(Refusal::gate(
            gate.clause.0.as_str(),
            Msg::new("gate.approve_reply"),
        )),
        None => Ok(()),
    }
}

pub(super) fn closing(closes: bool) -> Decision {
    let mut decision = Decision::default();
    if closes {
        decision.found.insert("closes".into(), Value::Bool(true));
    }
    decision
}

/// Whether this person may close: not the assistant when it is major (S5.4.4.1c.viii).
fn may_close(record: &Rec, act: &Act<A>, cx: &Context<'_>) -> Result<(), Refusal> {
    let needed = cx
        .rules
        .procedure(&record.body.intake.procedure)
        .word("close_major_role");
    match &act.envelope.role {
        Some(role) if record.head.class.as_deref() == Some(MAJOR) => {
            allowed(cx.rules, "role", role, needed, "S5.4.4.1c.viii".into())
        }
        _ => Ok(()),
    }
}

/// A satisfied revisit closes when nothing else is owed and the person may close. What happened is recorded either way:
/// a major complaint revisited by telephone is a breach (S5.4.4.1c.viii: in person).
pub(super) fn revisited(
    record: &Rec,
    method: RevisitMethod,
    satisfied: bool,
    act: &Act<A>,
    cx: &Context<'_>,
) -> Decision {
    let mut decision = Decision::default();
    let owed = deadlines::of(record, cx.rules);
    let in_person = owed
        .iter()
        .find(|d| d.code == "revisit" && d.pending() && asks_for_visit(d));
    if let Some(duty) = in_person.filter(|_| method == RevisitMethod::Phone) {
        let reason = act.envelope.note.clone().unwrap_or_default();
        decision.breaches.push(Breach {
            code: duty.code.clone(),
            clause: duty.clause.clone(),
            at: act.envelope.at,
            reason,
        });
    }
    if !satisfied || record.head.state != S::Resolved {
        return decision;
    }
    match (
        deadlines::before_closing(record, cx.rules, &owed, "revisit"),
        may_close(record, act, cx),
    ) {
        (None, Ok(())) => {
            decision.found.insert("closes".into(), Value::Bool(true));
        }
        (Some(open), _) => decision
            .warnings
            .push(still_owed("warning.still_owed", open)),
        (None, Err(refusal)) => decision.warnings.push(refusal.message),
    }
    decision
}

fn asks_for_visit(deadline: &Deadline) -> bool {
    deadline.tick.as_ref().is_some_and(|tick| {
        tick.preset
            .iter()
            .any(|(key, value)| key == "method" && value == "visit")
    })
}

fn still_owed(key: &str, open: &Deadline) -> Msg {
    Msg::new(key)
        .with_key("duty", format!("duty.complaint.{}", open.code))
        .with("clause", open.clause.0.as_str())
}

pub(super) fn close(record: &Rec, act: &Act<A>, cx: &Context<'_>) -> Result<Decision, Refusal> {
    may_close(record, act, cx)?;
    let owed = deadlines::of(record, cx.rules);
    match deadlines::before_closing(record, cx.rules, &owed, "") {
        Some(open) => Err(Refusal::gate(
            open.clause.0.as_str(),
            still_owed("gate.still_owed", open),
        )),
        None => Ok(closing(true)),
    }
}
