//! Approvals and the papers that users and superiors get: refused against the clauses.

use super::{breach, role_named};
use crate::base::i18n::{Arg, Msg};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::field::Choice;
use crate::record::head::Decision;
use crate::record::request::Via;
use crate::registers::outage::{
    Approve, Body, Deliver, GM, Gate, OutageAction, Rec, Recipients, Report, Ruling, Source,
    UserPaper, apply, duties, gates,
};
use crate::registers::{Act, Context};

/// Who may decide (S1.1.3, S1.3.1), and that nobody undoes what a higher one refused.
pub(super) fn approves(
    record: &Rec,
    approve: &Approve,
    cx: &Context<'_>,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let needed = gates::who_decides(approve.gate, cx.rules);
    let clause = match approve.gate {
        Gate::Cut => "S1.3.1",
        Gate::Notice => "S1.1.3",
        Gate::Broadcast if record.body.planned() => "S1.1.4",
        Gate::Broadcast => "S1.2.1",
    };
    if !cx.rules.at_least(&approve.role, needed) {
        return Err(Refusal::role("role", role_named(needed, cx.rules)).clause(clause));
    }
    let highest = cx.rules.at_least(&approve.role, GM);
    let overruled = gates::ruling(&record.body, approve.gate)
        .filter(|old| old.highest && old.decision == Ruling::No && !highest);
    if let Some(old) = overruled.filter(|_| approve.decision == Ruling::Yes) {
        let why = Msg::new("refusal.outage_overruled").with("name", old.name.as_str());
        return Err(Refusal::new(RefusalCode::NotAllowed, why)
            .field("role")
            .clause(clause));
    }
    decision.found.insert("highest".into(), highest.into());
    Ok(())
}

/// A notice goes out only with 总经理's consent (S1.1.3), and once a revision.
pub(super) fn issues(record: &Rec, at: Instant, cx: &Context<'_>) -> Result<(), Refusal> {
    if duties::in_force(cx.rules, "S1.1.3")
        && gates::consent(&record.body, Gate::Notice, cx.rules).is_none_or(|yes| yes > at)
    {
        return Err(Refusal::gate(
            "S1.1.3",
            Msg::new("refusal.outage_notice_unapproved"),
        ));
    }
    let valid = record
        .head
        .papers
        .iter()
        .any(|paper| paper.name == apply::NOTICE && !paper.outdated);
    if valid {
        return Err(Refusal::new(
            RefusalCode::Duplicate,
            Msg::new("refusal.outage_notice_issued"),
        ));
    }
    Ok(())
}

pub(super) fn delivers(
    body: &Body,
    deliver: &Deliver,
    at: Instant,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let (issued, clause, why) = match deliver.paper {
        UserPaper::Notice => (
            body.notice_issued(),
            "S1.1.3",
            "refusal.outage_notice_not_issued",
        ),
        UserPaper::Letter => (
            body.papers.letter_drafted_at,
            "S1.2.3",
            "refusal.outage_letter_not_drafted",
        ),
    };
    match issued {
        None => return Err(Refusal::gate(clause, Msg::new(why)).field("paper")),
        Some(issued) if at < issued => {
            return Err(Refusal::before(
                "at",
                Msg::new("before.outage_issued").with("at", issued),
            ));
        }
        Some(_) => {}
    }
    if let Recipients::Named(names) = &deliver.users {
        let strange: Vec<_> = names
            .iter()
            .filter(|name| !body.event.users.contains(name))
            .map(|name| name.as_str().into())
            .collect();
        if !strange.is_empty() && !body.event.users.is_empty() {
            decision
                .warnings
                .push(Msg::new("warning.outage_unknown_users").with("users", Arg::List(strange)));
        }
    }
    Ok(())
}

/// A broadcast that 总经理 did not approve was heard all the same: a breach (S1.1.4, S1.2.1, S1.2.2).
pub(super) fn broadcasts(
    record: &Rec,
    act: &Act<OutageAction>,
    cx: &Context<'_>,
    decision: &mut Decision,
) {
    let clause = match (record.body.planned(), record.body.source()) {
        (true, _) => "S1.1.4",
        (false, Source::Building) => "S1.2.2",
        (false, _) => "S1.2.1",
    };
    let approved = gates::consent(&record.body, Gate::Broadcast, cx.rules)
        .is_some_and(|yes| yes <= act.envelope.at);
    if !approved && duties::in_force(cx.rules, clause) {
        decision.breaches.push(breach(
            "approve_broadcast",
            clause,
            act.envelope.at,
            act.envelope.note.as_deref(),
        ));
    }
}

pub(super) fn forwards(body: &Body, at: Instant) -> Result<(), Refusal> {
    match body.papers.utility_letter_at {
        None => Err(
            Refusal::gate("S1.2.1", Msg::new("refusal.outage_letter_not_received")).field("step"),
        ),
        Some(received) if at < received => Err(Refusal::before(
            "at",
            Msg::new("before.outage_letter").with("at", received),
        )),
        Some(_) => Ok(()),
    }
}

/// A plan of our own goes to 总经理 in writing; told otherwise it counts, with a word (S1.1.2).
pub(super) fn unwritten(body: &Body, report: &Report, act: &Act<OutageAction>) -> Option<Msg> {
    let asked = report.to == GM && body.planned() && body.source() == Source::Building;
    let written = act.envelope.via.as_deref() == Some(Via::Written.code());
    (asked && !written).then(|| Msg::new("warning.outage_plan_unwritten"))
}
