//! What each fact makes of a complaint. Facts come in the order in which they happened; nothing is asked of how they
//! were typed.

use std::collections::BTreeMap;

use super::closing;
use super::subject;
use super::verdict::{choose, note_stand, reckon};
use super::{
    Allows, Complaint, ComplaintAction as A, ComplaintState as S, Defer, Judge, Measure, Rec,
    Receive, Revisit, Round, Step, TakeUp,
};
use crate::base::time::Instant;
use crate::record::action::ActionSet;
use crate::record::field::Kind;
use crate::record::head::Link;
use crate::record::request::Envelope;
use crate::registers::Surroundings;
use crate::registers::fold::complete;
use crate::rules::complaint_class::{Facts, Validity};
use crate::rules::procedure::{ClassKind, Procedure};

/// What the fact makes of the complaint. States that always follow stand in the lifecycle table.
pub(super) fn apply(record: &mut Rec, envelope: &Envelope, action: A, around: &Surroundings<'_>) {
    note_step(record, envelope, &action);
    let name = match &action {
        A::Receive(receive) => receive.procedure.clone(),
        _ => record.body.intake.procedure.clone(),
    };
    // The class is decided by the procedure in force when the complaint was received.
    let procedure = around.rules.procedure(&name, record.head.received);
    let decides = matches!(
        action,
        A::Receive(_)
            | A::LearnFacts(_)
            | A::Judge(_)
            | A::Classify(_)
            | A::Defer(_)
            | A::TakeUp(_)
    );
    take(record, envelope, action, procedure, around);
    if decides {
        reckon(record, procedure, envelope.at);
    }
    note_stand(record, procedure, envelope.received.max(envelope.at));
}

fn take(
    record: &mut Rec,
    envelope: &Envelope,
    action: A,
    procedure: &Procedure,
    around: &Surroundings<'_>,
) {
    let at = envelope.at;
    let body = &mut record.body;
    match action {
        A::Receive(receive) => received(record, receive, envelope, procedure, around),
        A::LearnFacts(learned) => {
            let later = Facts::known(&learned.facts.0, procedure);
            body.intake.facts = body.intake.facts.learned(&later);
        }
        A::Judge(judge) => judged(record, judge, envelope, around),
        A::Classify(classify) => {
            choose(
                record,
                procedure,
                &classify.class,
                &classify.reason,
                &envelope.by,
            );
            if record.head.state == S::Received {
                record.enter(S::Classified, at);
            }
        }
        A::HandOver(hand_over) => {
            body.hand_overs += 1;
            body.handling.department = Some(hand_over.department);
            body.handling.person = hand_over.person;
            begin_work(record, at);
        }
        A::Measure(measure) => measured(record, measure, at),
        A::Answer(_) | A::Apologise(_) | A::Meeting(_) | A::StopHarm(_) | A::Letter(_) => {
            begin_work(record, at);
        }
        A::Notify(_) | A::Escalate(_) | A::Approve(_) | A::Recheck(_) => {}
        A::Resolve(resolve) => {
            body.handling.result = Some(resolve.result);
            if let Some(round) = body.present() {
                round.resolved_at.get_or_insert(at);
            }
            body.solved(true, at);
        }
        A::Revisit(revisit) => revisited(record, revisit, envelope, around),
        A::Defer(defer) => deferred(record, defer, envelope, procedure),
        A::TakeUp(take_up) => taken_up(record, take_up, at, procedure),
        A::Explain(_) => {
            if record.head.state == S::Invalid && explained(record, around) {
                close(record, at);
            }
        }
        A::Close(_) => close(record, at),
    }
}

/// As received: the cause by its code, and how often the same was complained of before and is unsolved.
fn received(
    record: &mut Rec,
    receive: Receive,
    envelope: &Envelope,
    procedure: &Procedure,
    around: &Surroundings<'_>,
) {
    let mut intake = receive;
    intake.facts = Facts::known(&intake.facts.0, procedure);
    intake.cause = intake
        .cause
        .map(|given| subject::listed(procedure, &given).unwrap_or(given));
    let received = record.head.received;
    let earlier = subject::unsolved(&intake, (received, &record.head.no), around);
    subject::raise(procedure, &mut intake.facts, &earlier);
    let links = earlier.iter().map(|no| Link {
        kind: "follows".to_owned(),
        to: no.clone(),
    });
    record.head.links.extend(links);
    let body = &mut record.body;
    body.intake = intake;
    body.first_person.clone_from(&envelope.by);
    body.earlier = earlier;
    body.allows = Allows {
        approvals: !procedure.gates.is_empty(),
        deferral: procedure.class_of_kind(ClassKind::Deferred).is_some(),
    };
    body.rounds = vec![Round {
        anew: true,
        ..Round::default()
    }];
    body.solved(false, received);
}

/// The first work on a complaint puts it in progress; later it changes nothing.
fn begin_work(record: &mut Rec, at: Instant) {
    if matches!(record.head.state, S::Received | S::Classified) {
        record.enter(S::InProgress, at);
    }
}

/// The department's cause is the cause of the complaint as long as nobody has named one of the catalogue.
fn measured(record: &mut Rec, measure: Measure, at: Instant) {
    let body = &mut record.body;
    body.handling.measures = Some(measure.measures);
    body.handling.department = measure.department.or(body.handling.department.take());
    let cause = measure.cause;
    body.intake.cause.get_or_insert_with(|| cause.clone());
    body.handling.cause_found = Some(cause);
    begin_work(record, at);
}

/// Valid or invalid (S5.4.3.6). An invalid one that was explained before has nothing left to do.
fn judged(record: &mut Rec, judge: Judge, envelope: &Envelope, around: &Surroundings<'_>) {
    let at = envelope.at;
    record.body.verdict.validity = Some(judge.validity);
    record.body.verdict.judged_by = Some(envelope.by.clone());
    match (judge.validity, record.head.state) {
        (Validity::Invalid, _) => {
            record.body.handling.reason = judge.reason;
            record.body.solved(true, at);
            record.enter(S::Invalid, at);
            if record.body.took(super::Explain::NAME) && explained(record, around) {
                close(record, at);
            }
        }
        // Judged valid after all: handling begins where it stopped.
        (Validity::Valid, S::Invalid) => {
            record.body.solved(false, at);
            record.enter(S::Classified, at);
        }
        (Validity::Valid, S::Received) => record.enter(S::Classified, at),
        (Validity::Valid, _) => {}
    }
}

/// Put off, which is a judgement by the same role (S5.4.3.7). One that was put off already stays so for another year:
/// a round of its own (S5.4.4.1d.iii).
fn deferred(record: &mut Rec, defer: Defer, envelope: &Envelope, procedure: &Procedure) {
    let Some(class) = procedure.class_of_kind(ClassKind::Deferred) else {
        return;
    };
    if record.head.state == S::Deferred {
        let class = record.head.class.clone();
        record.body.next_round(envelope.at, class.as_ref(), false);
    }
    let body = &mut record.body;
    body.verdict.validity.get_or_insert(Validity::Valid);
    body.handling.reason = Some(defer.reason.clone());
    body.handling.signed_by = Some(defer.signed_by);
    if let Some(round) = body.present() {
        round.deferred_at = Some(envelope.at);
    }
    choose(record, procedure, &class.code, &defer.reason, &envelope.by);
}

/// Taken up because the company is able to do it now (S5.4.4.1d.iii): everything is owed anew, nobody's class stands.
fn taken_up(record: &mut Rec, take_up: TakeUp, at: Instant, procedure: &Procedure) {
    let body = &mut record.body;
    body.next_round(at, record.head.class.as_ref(), true);
    body.verdict.chosen = None;
    body.handling.reason = Some(take_up.reason);
    let deferred = procedure.class_of_kind(ClassKind::Deferred);
    if let Some(fact) = deferred.and_then(|class| class.taken_up.clone()) {
        body.intake.facts.0.insert(fact, true.into());
    }
}

/// An unhappy owner opens the next round; a happy one closes, when nothing else is owed at that instant.
fn revisited(record: &mut Rec, revisit: Revisit, envelope: &Envelope, around: &Surroundings<'_>) {
    let at = envelope.at;
    let handling = &mut record.body.handling;
    handling.method = Some(revisit.method);
    handling.satisfied = Some(revisit.satisfied);
    handling.signed_by = Some(revisit.signed_by);
    match (revisit.satisfied, record.head.state) {
        (false, S::Resolved | S::Closed) => {
            record
                .body
                .next_round(at, record.head.class.as_ref(), false);
            record.body.solved(false, at);
            record.enter(S::InProgress, at);
        }
        (true, S::Resolved)
            if closing::holds_up(record, envelope.role.as_deref(), at, around.rules).is_ok() =>
        {
            close(record, at);
        }
        _ => {}
    }
}

/// Whether every breach so far has its reason.
fn explained(record: &Rec, around: &Surroundings<'_>) -> bool {
    let stands = complete::<Complaint>(record.clone(), around);
    stands.explained("complaint").is_ok()
}

fn close(record: &mut Rec, at: Instant) {
    let body = &mut record.body;
    let steps = body.steps.len();
    if let Some(round) = body.present() {
        round.closed_at = Some(at);
        round.closed_after = Some(steps);
    }
    body.solved(true, at);
    record.enter(S::Closed, at);
}

/// Keeps what was done, with what a duty may ask of it: the values of its choices, roles and yes/no fields.
fn note_step(record: &mut Rec, envelope: &Envelope, action: &A) {
    let mut said: BTreeMap<String, String> = words_of(action);
    let of_envelope = [("role", &envelope.role), ("via", &envelope.via)];
    for (key, value) in of_envelope {
        if let Some(value) = value {
            said.entry(key.to_owned()).or_insert_with(|| value.clone());
        }
    }
    let step = Step {
        action: action.name().to_owned(),
        at: envelope.at,
        by: envelope.by.clone(),
        round: record.body.round(),
        said,
        note: envelope.note.clone().unwrap_or_default(),
    };
    record.body.steps.push(step);
}

/// The values of an action's choices, roles and yes/no fields, as printed.
fn words_of(action: &A) -> BTreeMap<String, String> {
    let fields = A::ALL
        .iter()
        .find(|spec| spec.name == action.name())
        .map_or(&[][..], |spec| spec.fields);
    let data = action.data();
    let tells = |kind: Kind| {
        matches!(
            kind,
            Kind::Choice(_) | Kind::Role | Kind::Bool | Kind::Class
        )
    };
    fields
        .iter()
        .filter(|field| tells(field.kind))
        .filter_map(|field| {
            let value = data.get(field.key).filter(|value| !value.is_null())?;
            let word = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            Some((field.key.to_owned(), word))
        })
        .collect()
}
