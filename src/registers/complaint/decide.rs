//! Whether an act may happen to a complaint now, and what the rules find.

use serde_json::{Map, Value, json};

use super::verdict::{Chosen, Outlook};
use super::{
    Act, ComplaintAction as A, ComplaintGate, ComplaintState as S, Context, Rec, Receive, YesNo,
};
use super::{deadlines, subject};
use crate::i18n::{Arg, Msg};
use crate::journal::Breach;
use crate::registers::record::Decision;
use crate::registers::refusal::{Refusal, RefusalCode};
use crate::registers::work_order::RevisitMethod;
use crate::rules::complaint_class::{DEFERRED, FactError, Facts, MAJOR, Validity, invalid_class};
use crate::rules::deadline::{Clause, Deadline};
use crate::rules::procedure::{Procedure, Rules};

/// A fact that was not understood, as a refusal naming it.
pub(super) fn fact_refused(error: FactError) -> Refusal {
    match error {
        FactError::Unknown(key) => {
            let shown: String = key.chars().take(60).filter(|c| !c.is_control()).collect();
            Refusal::new(
                RefusalCode::UnknownField,
                Msg::new("refusal.unknown_field").with("field", shown),
            )
            .field(key)
        }
        FactError::NotYesNo(key) => bad_fact(&key, Msg::new("why.flag")),
        FactError::NotACount(key) => bad_fact(&key, Msg::new("why.count")),
    }
}

fn bad_fact(key: &str, why: Msg) -> Refusal {
    let message = Msg::new("refusal.bad_value")
        .with_key("field", format!("fact.{key}"))
        .with("why", why);
    Refusal::new(RefusalCode::BadValue, message).field(key)
}

/// A new complaint: its class is proposed at once, earlier unsolved ones of the same subject are counted.
pub(super) fn receive(
    receive: &Receive,
    act: &Act<A>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let procedure = cx.rules.procedure(&receive.procedure);
    let received = act.envelope.received;
    let mut facts = Facts::read(&receive.facts.0, procedure).map_err(fact_refused)?;
    if receive.requested_by.is_some_and(|asked| asked < received) {
        return Err(Refusal::before(
            "requested_by",
            Msg::new("before.received").with("at", received),
        ));
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
    let mut warnings = Vec::new();
    let cause = receive
        .cause
        .as_deref()
        .map(|given| listed_cause(procedure, given));
    if let (Some(Err(given)), false) = (&cause, procedure.causes.is_empty()) {
        warnings.push(Msg::new("warning.cause_unlisted").with("cause", given.as_str()));
    }
    let cause = cause.map(|cause| cause.unwrap_or_else(|given| given));
    let earlier = subject::unsolved(
        receive,
        cause.as_deref(),
        &cx.near.same_place,
        received,
        cx.rules,
    );
    raise_unresolved(procedure, &mut facts, &earlier, &mut warnings);
    let outlook = Outlook::of(procedure, &facts, None, None);
    warnings.extend(outlook.proposal.notes.clone());
    let mut found = outlook.found();
    found.insert("facts".into(), Value::Object(facts.0));
    if let Some(cause) = cause {
        found.insert("cause".into(), Value::String(cause));
    }
    if !earlier.is_empty() {
        found.insert("earlier".into(), json!(earlier));
    }
    Ok(Decision {
        found,
        warnings,
        ..Decision::default()
    })
}

/// The same unit and subject complained of again while unsolved counts by itself: the earlier ones and this one.
fn raise_unresolved(
    procedure: &Procedure,
    facts: &mut Facts,
    earlier: &[String],
    warnings: &mut Vec<Msg>,
) {
    let counted = procedure
        .facts
        .iter()
        .any(|fact| fact.key.get_ref() == "unresolved_times");
    let times = earlier.len() as i64 + 1;
    if earlier.is_empty() || !counted || facts.count("unresolved_times") >= times {
        return;
    }
    facts
        .0
        .insert("unresolved_times".into(), Value::from(times));
    let list = Arg::List(earlier.iter().map(|no| no.as_str().into()).collect());
    warnings.push(
        Msg::new("note.unresolved_raised")
            .with("times", times)
            .with("earlier", list),
    );
}

/// The code of a cause in the catalogue, by code or name; what was typed when it is not listed.
fn listed_cause(procedure: &Procedure, given: &str) -> Result<String, String> {
    let given = given.trim();
    let known = procedure.causes.iter().find(|cause| {
        cause.code == given || cause.name == given || cause.name_en.eq_ignore_ascii_case(given)
    });
    known
        .map(|cause| cause.code.clone())
        .ok_or_else(|| given.to_owned())
}

/// A step on a complaint.
pub(super) fn step(record: &Rec, act: &Act<A>, cx: &Context<'_>) -> Result<Decision, Refusal> {
    in_order(record, act)?;
    let procedure = cx.rules.procedure(&record.body.intake.procedure);
    let verdict = &record.body.verdict;
    let outlook = |facts: &Facts, validity, chosen: Option<&Chosen>| {
        Outlook::of(procedure, facts, validity, chosen)
    };
    let facts = &record.body.intake.facts;
    match &act.action {
        A::LearnFacts(learned) => {
            let facts =
                facts.learned(&Facts::read(&learned.facts.0, procedure).map_err(fact_refused)?);
            let outlook = outlook(&facts, verdict.validity, verdict.chosen.as_ref());
            let mut decision = classed(record, &outlook);
            decision
                .found
                .insert("facts".into(), Value::Object(facts.0));
            Ok(decision)
        }
        A::Judge(judge) => {
            allowed(
                cx.rules,
                "role",
                &judge.role,
                procedure.word("judge_role"),
                judge_clause(procedure),
            )?;
            let mut decision = classed(
                record,
                &outlook(facts, Some(judge.validity), verdict.chosen.as_ref()),
            );
            // Explained before it was judged: nothing is left to do.
            if judge.validity == Validity::Invalid && record.body.took("explain") {
                decision.found.insert("closes".into(), Value::Bool(true));
            }
            Ok(decision)
        }
        A::Classify(classify) => {
            if !procedure.classes.contains(&classify.class) {
                let known = Arg::List(
                    procedure
                        .classes
                        .iter()
                        .map(|class| Arg::Key(format!("class.{class}")))
                        .collect(),
                );
                return Err(Refusal::bad(
                    "class",
                    Msg::new("why.choice").with("known", known),
                ));
            }
            // Judged valid by the manager: only he can judge otherwise.
            if verdict.validity == Some(Validity::Valid)
                && invalid_class(procedure) == Some(classify.class.as_str())
            {
                let message = Msg::new("refusal.judged_valid");
                return Err(Refusal::new(RefusalCode::NotAllowed, message)
                    .field("class")
                    .clause(judge_clause(procedure)));
            }
            Ok(classed(
                record,
                &Outlook::decided(procedure, facts, verdict.validity, &classify.class),
            ))
        }
        A::Defer(defer) => {
            allowed(
                cx.rules,
                "role",
                &defer.role,
                procedure.word("defer_role"),
                "S5.4.3.7".into(),
            )?;
            Ok(classed(
                record,
                &Outlook::decided(
                    procedure,
                    facts,
                    verdict.validity.or(Some(Validity::Valid)),
                    DEFERRED,
                ),
            ))
        }
        A::TakeUp(_) => {
            // Taken up because the company is able to do it now (S5.4.4.1d.iii).
            let mut now = Map::new();
            if procedure
                .facts
                .iter()
                .any(|fact| fact.key.get_ref() == "can_be_done_now")
            {
                now.insert("can_be_done_now".into(), Value::Bool(true));
            }
            let facts = facts.learned(&Facts(now));
            let mut decision = classed(record, &outlook(&facts, verdict.validity, None));
            decision
                .found
                .insert("facts".into(), Value::Object(facts.0));
            Ok(decision)
        }
        A::Approve(approve) => approval(record, approve, procedure, cx),
        A::Answer(_) | A::Letter(_) => reply_approved(record, cx).map(|()| Decision::default()),
        A::Explain(_) => Ok(closing(record.head.state == S::Invalid)),
        A::Revisit(revisit) => Ok(revisited(
            record,
            revisit.method,
            revisit.satisfied,
            act,
            cx,
        )),
        A::Close(_) => close(record, act, cx),
        _ => Ok(Decision::default()),
    }
}

/// What moves the complaint on may not come before what it follows.
fn in_order(record: &Rec, act: &Act<A>) -> Result<(), Refusal> {
    let at = act.envelope.at;
    let round = record.body.rounds.last();
    let since = match &act.action {
        A::Resolve(_) => round
            .and_then(|round| round.from)
            .map(|from| (from, "before.round")),
        A::Revisit(_) => round
            .and_then(|round| round.closed_at.or(round.resolved_at))
            .map(|resolved| (resolved, "before.resolved")),
        A::TakeUp(_) => round
            .and_then(|round| round.deferred_at)
            .map(|deferred| (deferred, "before.deferred")),
        A::Close(_) => round
            .and_then(|round| round.resolved_at)
            .map(|resolved| (resolved, "before.resolved")),
        _ => None,
    };
    match since {
        Some((since, key)) if at < since => {
            Err(Refusal::before("at", Msg::new(key).with("at", since)))
        }
        _ => Ok(()),
    }
}

fn classed(record: &Rec, outlook: &Outlook) -> Decision {
    let mut decision = Decision {
        found: outlook.found(),
        ..Decision::default()
    };
    if outlook.lifted {
        decision.warnings.push(
            Msg::new("note.override_lifted").with_key("class", format!("class.{}", outlook.class)),
        );
    } else if record.body.verdict.chosen.is_some() && outlook.proposal.class != outlook.class {
        let message =
            Msg::new("note.override_stands").with_key("class", format!("class.{}", outlook.class));
        decision
            .warnings
            .push(message.with_key("proposed", format!("class.{}", outlook.proposal.class)));
    }
    decision.warnings.extend(
        outlook
            .proposal
            .notes
            .iter()
            .filter(|_| outlook.proposal.class == outlook.class)
            .cloned(),
    );
    decision
}

/// Whether `role` may decide what `needed` or above decides.
fn allowed(
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
fn judge_clause(procedure: &Procedure) -> Clause {
    procedure
        .duty("judge")
        .map(|duty| duty.clause.clone())
        .unwrap_or_default()
}

/// The head approves the settlement and the answer (S6.3.6.1), 总经理 a penalty (S6.3.5); nobody his own proposal.
fn approval(
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
fn reply_approved(record: &Rec, cx: &Context<'_>) -> Result<(), Refusal> {
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

fn closing(closes: bool) -> Decision {
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
fn revisited(
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

fn close(record: &Rec, act: &Act<A>, cx: &Context<'_>) -> Result<Decision, Refusal> {
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

/// Fields that an amendment may change: what was said, not what was decided (that is done again by its own action).
const AMENDABLE: &[&str] = &[
    "at",
    "received",
    "complainant",
    "content",
    "phone",
    "unit",
    "place",
    "channel",
    "written",
    "needs_other_department",
    "requested_by",
    "cause",
    "brand",
    "model",
    "part",
    "symptom",
    "bought_on",
    "department",
    "person",
    "measures",
    "result",
    "signed_by",
];

/// What an amendment changes must be kept as it was said.
pub(super) fn amended(record: &Rec, changes: &Map<String, Value>) -> Result<Decision, Refusal> {
    let no = record.head.no.as_str();
    match changes
        .keys()
        .find(|key| !AMENDABLE.contains(&key.as_str()))
    {
        Some(key) => Err(Refusal::bad(
            key,
            Msg::new("why.not_amended").with("no", no),
        )),
        None => Ok(Decision::default()),
    }
}
