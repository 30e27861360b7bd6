//! Whether an act may happen to a complaint, and what the person is told of what it brings about.

use super::closing::{allowed, approval, holds_up, judge_clause, may_go_out};
use super::{
    Act, Classify, ComplaintAction as A, ComplaintState as S, Context, Rec, Receive, fold, subject,
};
use crate::base::i18n::{Arg, Msg};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::record::action::ActionSet;
use crate::record::decision::Decision;
use crate::registers::Surroundings;
use crate::rules::complaint_class::{FactError, Facts, Validity, propose};
use crate::rules::procedure::{ClassKind, Procedure};

/// A fact that was not understood, as a refusal naming it.
pub(super) fn fact_refused(error: FactError, procedure: &Procedure) -> Refusal {
    let bad = |key: String, why: Msg| {
        let message = Msg::new("refusal.bad_value")
            .with("field", procedure.fact_words(&key))
            .with("why", why);
        Refusal::new(RefusalCode::BadValue, message).field(&key)
    };
    match error {
        FactError::Unknown(key) => Refusal::unknown_field(&key),
        FactError::NotYesNo(key) => bad(key, Msg::new("why.flag")),
        FactError::NotACount(key) => bad(key, Msg::new("why.count")),
    }
}

/// A new complaint: its facts are known to its procedure, nothing is asked for before it was received.
pub(super) fn receive(
    receive: &Receive,
    act: &Act<A>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let received = act.envelope.received;
    let procedure = cx.in_force.procedure(&receive.procedure, received);
    let mut facts =
        Facts::read(&receive.facts.0, procedure).map_err(|error| fact_refused(error, procedure))?;
    if receive.requested_by.is_some_and(|asked| asked < received) {
        let what = Msg::new("before.received").with("at", received);
        return Err(Refusal::before("requested_by", what));
    }
    if let Some(day) = receive
        .bought_on
        .filter(|day| *day > cx.rules.zone().date(cx.now))
    {
        let message = Msg::new("refusal.future")
            .with_key("field", "field.bought_on")
            .with("at", day)
            .with("now", cx.now);
        return Err(Refusal::new(RefusalCode::Future, message).field("bought_on"));
    }
    let mut decision = Decision::default();
    let mut intake = receive.clone();
    if let Some(given) = &receive.cause {
        let listed = subject::listed(procedure, given);
        if listed.is_none() && !procedure.causes.is_empty() {
            let warning = Msg::new("warning.cause_unlisted").with("cause", given.as_str());
            decision.warnings.push(warning);
        }
        intake.cause = listed.or(intake.cause);
    }
    let around = Surroundings {
        rules: cx.in_force,
        near: cx.near,
    };
    let earlier = subject::unsolved(&intake, (received, cx.no), &around);
    if let Some(times) = subject::raise(procedure, &mut facts, &earlier) {
        let list = Arg::List(earlier.into_iter().map(Arg::from).collect());
        let note = Msg::new("note.unresolved_raised").with("times", times);
        decision.warnings.push(note.with("earlier", list));
    }
    decision
        .warnings
        .extend(propose(procedure, &facts, None).notes);
    Ok(decision)
}

/// A step on a complaint.
pub(super) fn step(before: &Rec, act: &Act<A>, cx: &Context<'_>) -> Result<Decision, Refusal> {
    let received = before.head.received;
    let procedure = cx
        .in_force
        .procedure(&before.body.intake.procedure, received);
    match &act.action {
        A::LearnFacts(learned) => {
            Facts::read(&learned.facts.0, procedure)
                .map_err(|error| fact_refused(error, procedure))?;
        }
        A::Judge(judge) => {
            let needed = procedure.word("judge_role");
            allowed(
                cx.rules,
                Some(&judge.role),
                needed,
                &judge_clause(procedure, None),
            )?;
        }
        A::Classify(classify) => classified(before, classify, procedure)?,
        A::Defer(defer) => {
            let class = procedure.class_of_kind(ClassKind::Deferred);
            let clause = judge_clause(procedure, class.map(|class| class.code.as_str()));
            allowed(
                cx.rules,
                Some(&defer.role),
                procedure.word("defer_role"),
                &clause,
            )?;
        }
        A::Approve(approve) => approval(before, approve, procedure, cx.rules)?,
        A::Answer(_) | A::Letter(_) => may_go_out(before, act.action.name(), cx.in_force)?,
        A::Close(_) => {
            let role = act.envelope.role.as_deref();
            holds_up(before, role, act.envelope.at, cx.in_force)?;
        }
        _ => {}
    }
    Ok(Decision {
        warnings: told(before, act, procedure, cx),
        ..Decision::default()
    })
}

/// A person's class is one of the procedure's; what the manager judged valid only he makes invalid.
fn classified(before: &Rec, classify: &Classify, procedure: &Procedure) -> Result<(), Refusal> {
    let Some(class) = procedure.class(&classify.class) else {
        let known = procedure
            .class_codes()
            .map(|code| procedure.class_words(code));
        let why = Msg::new("why.choice").with("known", Arg::List(known.collect()));
        return Err(Refusal::bad("class", why));
    };
    let judged = before.body.verdict.validity;
    if judged == Some(Validity::Valid) && class.kind() == ClassKind::Invalid {
        let refusal = Refusal::new(RefusalCode::NotAllowed, Msg::new("refusal.judged_valid"));
        let clause = judge_clause(procedure, None);
        return Err(refusal.field("class").clause(clause.0.as_str()));
    }
    Ok(())
}

/// What the person is told: what becomes of the class, and why a happy owner does not close the complaint yet.
fn told(before: &Rec, act: &Act<A>, procedure: &Procedure, cx: &Context<'_>) -> Vec<Msg> {
    let around = Surroundings {
        rules: cx.in_force,
        near: cx.near,
    };
    let mut after = before.clone();
    fold::apply(&mut after, &act.envelope, act.action.clone(), &around);
    match &act.action {
        A::LearnFacts(_) | A::Judge(_) | A::Classify(_) | A::Defer(_) | A::TakeUp(_) => {
            of_class(before, &after, procedure)
        }
        A::Revisit(revisit) if revisit.satisfied && after.head.state == S::Resolved => {
            let role = act.envelope.role.as_deref();
            let held = holds_up(&after, role, act.envelope.at, cx.in_force).err();
            let warning = |why: Refusal| Msg::new("warning.not_closed").with("why", why.message);
            held.map(warning).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn of_class(before: &Rec, after: &Rec, procedure: &Procedure) -> Vec<Msg> {
    let class = after.head.class.as_deref().unwrap_or_default();
    let verdict = &after.body.verdict;
    let mut warnings = Vec::new();
    let over = before.body.verdict.chosen.is_some();
    let proposed = verdict.proposal.class.as_str();
    if over && verdict.chosen.is_none() {
        let warning = Msg::new("note.override_lifted");
        warnings.push(warning.with("class", procedure.class_words(class)));
    } else if over && proposed != class {
        let warning = Msg::new("note.override_stands").with("class", procedure.class_words(class));
        warnings.push(warning.with("proposed", procedure.class_words(proposed)));
    }
    if proposed == class {
        warnings.extend(verdict.proposal.notes.iter().cloned());
    }
    warnings
}
