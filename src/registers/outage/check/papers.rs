//! Approvals and the papers that users and superiors get: refused against the clauses.

use crate::base::i18n::{Arg, Msg};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::record::field::Choice;
use crate::record::request::Via;
use crate::registers::Act;
use crate::registers::outage::{
    Approve, Body, Deliver, GM, Gate, OutageAction, Rec, Recipients, Report, Ruling, Source, apply,
    duties, gates,
};
use crate::rules::ruleset::Rules;

/// Who may decide (S1.1.3, S1.3.1), and that nobody undoes what a higher one refused.
pub(super) fn approves(body: &Body, approve: &Approve, rules: &Rules) -> Result<(), Refusal> {
    let needed = gates::who_decides(approve.gate, rules);
    let clause = match approve.gate {
        Gate::Cut => "S1.3.1",
        Gate::Notice => "S1.1.3",
        Gate::Broadcast if body.planned() => "S1.1.4",
        Gate::Broadcast => "S1.2.1",
    };
    if !rules.at_least(&approve.role, needed) {
        return Err(Refusal::role("role", rules.or_above(needed)).clause(clause));
    }
    let highest = rules.at_least(&approve.role, GM);
    let refused =
        gates::ruling(body, approve.gate).filter(|old| old.highest && old.decision == Ruling::No);
    match refused {
        Some(old) if !highest && approve.decision == Ruling::Yes => {
            let why = Msg::new("refusal.outage_overruled").with("name", old.name.as_str());
            let refusal = Refusal::new(RefusalCode::NotAllowed, why);
            Err(refusal.field("role").clause(clause))
        }
        _ => Ok(()),
    }
}

/// A notice goes out only with 总经理's consent (S1.1.3), and once a revision.
pub(super) fn issues(before: &Rec, rules: &Rules) -> Result<(), Refusal> {
    let unapproved = gates::consent(&before.body, Gate::Notice, rules, None).is_none();
    if unapproved && duties::in_force(rules, "S1.1.3") {
        let why = Msg::new("refusal.outage_notice_unapproved");
        return Err(Refusal::gate("S1.1.3", why));
    }
    let mut papers = before.head.papers.iter();
    match papers.any(|paper| paper.name == apply::NOTICE && !paper.outdated) {
        true => {
            let why = Msg::new("refusal.outage_notice_issued");
            Err(Refusal::new(RefusalCode::Duplicate, why))
        }
        false => Ok(()),
    }
}

/// Recipients who are not among the affected users.
pub(super) fn strangers(body: &Body, deliver: &Deliver) -> Option<Msg> {
    let Recipients::Named(names) = &deliver.users else {
        return None;
    };
    let strange: Vec<Arg> = names
        .iter()
        .filter(|name| !body.affects(name))
        .map(|name| name.as_str().into())
        .collect();
    let told = !strange.is_empty() && !body.event.users.is_empty();
    told.then(|| Msg::new("warning.outage_unknown_users").with("users", Arg::List(strange)))
}

/// A plan of our own goes to 总经理 in writing; told otherwise it is not handed in (S1.1.2).
pub(super) fn unwritten(
    body: &Body,
    report: &Report,
    act: &Act<OutageAction>,
    rules: &Rules,
) -> Option<Msg> {
    let asked =
        rules.at_least(&report.to, GM) && body.planned() && body.source() == Source::Building;
    let written = act.envelope.via.as_deref() == Some(Via::Written.code());
    (asked && !written).then(|| Msg::new("warning.outage_plan_unwritten"))
}
