//! Whether an act may happen to a complaint now, and what the rules find.

use serde_json::{Map, Value, json};

use super::gates::{allowed, approval, close, closing, judge_clause, reply_approved, revisited};
use super::subject;
use super::verdict::{Chosen, Outlook};
use super::{
    Act, Classify, ComplaintAction as A, ComplaintState as S, Context, Judge, Rec, Receive,
};
use crate::base::i18n::{Arg, Msg};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::record::head::Decision;
use crate::rules::complaint_class::{DEFERRED, FactError, Facts, Validity, invalid_class};
use crate::rules::procedure::Procedure;

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
    let validity = record.body.verdict.validity;
    match &act.action {
        A::LearnFacts(learned) => {
            let later = Facts::read(&learned.facts.0, procedure).map_err(fact_refused)?;
            let chosen = record.body.verdict.chosen.as_ref();
            Ok(learn(record, procedure, &later, chosen))
        }
        A::Judge(judge) => judged(record, judge, procedure, cx),
        A::Classify(classify) => classified(record, classify, procedure),
        A::Defer(defer) => {
            allowed(
                cx.rules,
                "role",
                &defer.role,
                procedure.word("defer_role"),
                "S5.4.3.7".into(),
            )?;
            let validity = validity.or(Some(Validity::Valid));
            let facts = &record.body.intake.facts;
            Ok(classed(
                record,
                &Outlook::decided(procedure, facts, validity, DEFERRED),
            ))
        }
        // Taken up because the company is able to do it now (S5.4.4.1d.iii): nobody's class stands any more.
        A::TakeUp(_) => {
            let able = Facts(
                [("can_be_done_now".to_owned(), Value::Bool(true))]
                    .into_iter()
                    .collect(),
            );
            Ok(learn(record, procedure, &able, None))
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

/// The class with what was learned later.
fn learn(record: &Rec, procedure: &Procedure, later: &Facts, chosen: Option<&Chosen>) -> Decision {
    let facts = record.body.intake.facts.learned(later);
    let validity = record.body.verdict.validity;
    let mut decision = classed(record, &Outlook::of(procedure, &facts, validity, chosen));
    decision
        .found
        .insert("facts".into(), Value::Object(facts.0));
    decision
}

/// Valid or invalid, by the role that may judge (S5.4.3.6).
fn judged(
    record: &Rec,
    judge: &Judge,
    procedure: &Procedure,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    allowed(
        cx.rules,
        "role",
        &judge.role,
        procedure.word("judge_role"),
        judge_clause(procedure),
    )?;
    let chosen = record.body.verdict.chosen.as_ref();
    let outlook = Outlook::of(
        procedure,
        &record.body.intake.facts,
        Some(judge.validity),
        chosen,
    );
    let mut decision = classed(record, &outlook);
    // Explained before it was judged: nothing is left to do.
    if judge.validity == Validity::Invalid && record.body.took("explain") {
        decision.found.insert("closes".into(), Value::Bool(true));
    }
    Ok(decision)
}

/// A person's class, one of the procedure's; what the manager judged valid only he makes invalid.
fn classified(
    record: &Rec,
    classify: &Classify,
    procedure: &Procedure,
) -> Result<Decision, Refusal> {
    if !procedure.classes.contains(&classify.class) {
        let known = procedure
            .classes
            .iter()
            .map(|class| Arg::Key(format!("class.{class}")));
        return Err(Refusal::bad(
            "class",
            Msg::new("why.choice").with("known", Arg::List(known.collect())),
        ));
    }
    let validity = record.body.verdict.validity;
    if validity == Some(Validity::Valid)
        && invalid_class(procedure) == Some(classify.class.as_str())
    {
        let refusal = Refusal::new(RefusalCode::NotAllowed, Msg::new("refusal.judged_valid"));
        return Err(refusal
            .field("class")
            .clause(judge_clause(procedure).0.as_str()));
    }
    let facts = &record.body.intake.facts;
    Ok(classed(
        record,
        &Outlook::decided(procedure, facts, validity, &classify.class),
    ))
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
