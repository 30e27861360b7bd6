//! Who may decide, and what must be done before an answer goes out or a complaint is closed.

use super::deadlines::{InRound, Owed, reckoned};
use super::{Approve, Complaint, ComplaintGate, Rec, YesNo};
use crate::base::clause::Clause;
use crate::base::i18n::Msg;
use crate::base::identity::same;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::entry::Breach;
use crate::record::field::Choice;
use crate::record::head::all_explained;
use crate::registers::Register;
use crate::registers::fold::explained;
use crate::rules::in_force::InForce;
use crate::rules::procedure::{DutySpec, Procedure};
use crate::rules::ruleset::Rules;

/// Whether a person of this role may decide what `needed` or above decides. Nobody's role is never enough.
pub(super) fn allowed(
    rules: &Rules,
    role: Option<&str>,
    needed: &str,
    clause: &Clause,
) -> Result<(), Refusal> {
    if needed.is_empty() || role.is_some_and(|role| rules.at_least(role, needed)) {
        return Ok(());
    }
    let mut refusal = Refusal::role("role", rules.or_above(needed));
    refusal.clause = Some(clause.clone());
    Err(refusal)
}

/// The clause that says who judges: that of the duty which the judgement ticks off, of this class when there is one.
pub(super) fn judge_clause(procedure: &Procedure, class: Option<&str>) -> Clause {
    let judges = |duty: &&DutySpec| duty.tick.as_deref() == Some(super::Judge::NAME);
    let mut of_class = procedure.duties.iter().filter(judges);
    let own =
        of_class.find(|duty| class.is_none_or(|class| duty.classes.iter().any(|own| own == class)));
    own.map(|duty| duty.clause.clone()).unwrap_or_default()
}

/// An approval is given by the role that the gate names, and by nobody for his own proposal (S6.3.6.1, S6.3.5).
pub(super) fn approval(
    record: &Rec,
    approve: &Approve,
    procedure: &Procedure,
    rules: &Rules,
) -> Result<(), Refusal> {
    let Some(gate) = procedure.gate(approve.gate.code()) else {
        let known = procedure.gates.iter().map(|gate| {
            crate::base::i18n::Arg::Key(ComplaintGate::SET.label_key(gate.code.get_ref()))
        });
        let known = crate::base::i18n::Arg::List(known.collect());
        return Err(Refusal::bad(
            "gate",
            Msg::new("why.choice").with("known", known),
        ));
    };
    let needed = procedure.decider(&gate.role);
    allowed(rules, Some(&approve.role), needed, &gate.clause)?;
    let mut proposals = record.body.steps.iter().rev();
    let author = proposals.find(|step| gate.lapses.contains(&step.action));
    if approve.decision == YesNo::Yes && author.is_some_and(|step| same(&step.by, &approve.name)) {
        let message = Msg::new("refusal.own_proposal").with("name", approve.name.as_str());
        let refusal = Refusal::new(RefusalCode::NotAllowed, message).field("name");
        return Err(refusal.clause(gate.clause.0.as_str()));
    }
    Ok(())
}

/// No answer goes out before the gate of its procedure is passed (S6.3.6.1).
pub(super) fn may_go_out(record: &Rec, action: &str, rules: &InForce) -> Result<(), Refusal> {
    let owed = reckoned(record, rules);
    let present = record.body.rounds.len().saturating_sub(1);
    let Some(round) = InRound::new(record, rules, present) else {
        return Ok(());
    };
    let guards = |duty: &DutySpec| {
        let gate = duty
            .approves
            .as_deref()
            .and_then(|gate| round.procedure().gate(gate));
        gate.is_some_and(|gate| gate.guards.iter().any(|guarded| guarded == action))
    };
    let shut = owed
        .iter()
        .find(|owed| owed.deadline.pending() && guards(owed.duty));
    match shut {
        Some(owed) => {
            let duty = owed.duty.names().or_key(duty_key(owed.duty));
            let why = Msg::new("gate.approve_first").with("duty", duty);
            Err(Refusal::gate(owed.duty.clause.0.as_str(), why))
        }
        None => Ok(()),
    }
}

fn duty_key(duty: &DutySpec) -> String {
    format!("duty.complaint.{}", duty.code.get_ref())
}

/// What keeps a complaint from closing at an instant, by somebody of this role: the role (S5.4.4.1c.viii), something
/// owed, a breach without its reason.
///
/// # Errors
/// The first of them.
pub(super) fn holds_up(
    record: &Rec,
    role: Option<&str>,
    at: Instant,
    rules: &InForce,
) -> Result<(), Refusal> {
    let procedure = rules.procedure(&record.body.intake.procedure, record.head.received);
    let class = record
        .head
        .class
        .as_deref()
        .and_then(|class| procedure.class(class));
    if let Some(class) = class {
        let needed = procedure.decider(&class.closed_by);
        allowed(rules.at(at), role, needed, &class.closing_clause)?;
    }
    let owed = reckoned(record, rules);
    let open = owed
        .iter()
        .find(|owed| owed.deadline.pending() && !owed.duty.silent && !owed.duty.after_closing());
    if let Some(open) = open {
        let clause = open.duty.clause.0.as_str();
        let duty = open.duty.names().or_key(duty_key(open.duty));
        let why = Msg::new("gate.still_owed").with("duty", duty);
        return Err(Refusal::gate(clause, why.with("clause", clause)));
    }
    let breaches = explained(
        breaches_among(record, &owed, rules),
        &record.head.explanations,
    );
    all_explained(&breaches, Complaint::SPEC.code)
}

/// The clauses that were not kept: a duty done otherwise than it must be (S5.4.4.1c.viii: a major complaint revisited
/// by telephone), an answer that went out before its approval (S6.3.6.1).
pub(super) fn breaches(record: &Rec, rules: &InForce) -> Vec<Breach> {
    breaches_among(record, &reckoned(record, rules), rules)
}

/// As [`breaches`], of a complaint whose duties have been reckoned.
pub(super) fn breaches_among(record: &Rec, owed: &[Owed<'_>], rules: &InForce) -> Vec<Breach> {
    let steps = &record.body.steps;
    let breach = |duty: &DutySpec, place: usize| {
        steps.get(place).map(|step| Breach {
            code: duty.code.get_ref().clone(),
            clause: duty.clause.clone(),
            at: step.at,
            reason: step.note.clone(),
        })
    };
    let mut out = Vec::new();
    for owed in owed {
        let Some(place) = owed.done_by.filter(|_| !owed.duty.must.is_empty()) else {
            continue;
        };
        let kept = owed.duty.must.iter().all(|(key, value)| {
            steps.get(place).and_then(|step| step.word(key)) == Some(value.as_str())
        });
        let index = owed.deadline.round.saturating_sub(1) as usize;
        let asked = InRound::new(record, rules, index)
            .is_some_and(|round| round.owes(owed.duty, round.stand_at(place)));
        out.extend(breach(owed.duty, place).filter(|_| !kept && asked));
    }
    for (place, step) in steps.iter().enumerate() {
        let index = step.round.saturating_sub(1) as usize;
        let Some(round) = InRound::new(record, rules, index) else {
            continue;
        };
        for duty in &round.procedure().duties {
            let gate = duty
                .approves
                .as_deref()
                .and_then(|gate| round.procedure().gate(gate));
            let shut = gate.is_some_and(|gate| {
                gate.guards.contains(&step.action) && round.approved(gate, place).is_none()
            });
            if shut && round.owes(duty, round.stand_at(place)) {
                out.extend(breach(duty, place));
            }
        }
    }
    out
}
