//! Clauses that were not kept: gates that were open at the instant of the act they guard. The reason is what the person
//! acting said; a fact that is typed late and shows that the gate was not open takes the breach away with it.

use super::{Body, Outage, Rec, Source, duties};
use crate::base::clause::Clause;
use crate::base::time::Instant;
use crate::record::entry::Breach;
use crate::registers::Register;
use crate::rules::in_force::InForce;

/// Every breach of the record.
pub(super) fn of(record: &Rec, rules: &InForce) -> Vec<Breach> {
    let body = &record.body;
    let mut breaches: Vec<Breach> = Vec::new();
    breaches.extend(at_the_cut(body));
    if !breaches.iter().any(|breach| breach.code == "ticket") {
        breaches.extend(unsigned_step(body));
    }
    breaches.extend(papers(body, rules));
    breaches.extend(unpatrolled(body, rules));
    breaches
}

fn breach(code: &str, clause: impl Into<Clause>, at: Instant, reason: &str) -> Breach {
    Breach {
        code: code.to_owned(),
        clause: clause.into(),
        at,
        reason: reason.to_owned(),
    }
}

/// Approval, ticket, notices that were missing when power was cut (S1.3).
fn at_the_cut(body: &Body) -> impl Iterator<Item = Breach> {
    let power = &body.power;
    let reason = power.cut_reason.as_deref().unwrap_or_default();
    let gates = power.out_at.into_iter();
    gates.flat_map(move |at| {
        let gates = power.open_at_cut.iter();
        gates.map(move |gate| breach(&gate.code, gate.clause.clone(), at, reason))
    })
}

/// Switching on a ticket that nobody had signed, told once (S1.3.4).
fn unsigned_step(body: &Body) -> Option<Breach> {
    let step = body.power.unsigned_step.as_ref()?;
    Some(breach("ticket", "S1.3.4", step.at, &step.reason))
}

/// Notices that went out and broadcasts that were heard without a consent that stood then (S1.1.3, S1.1.4, S1.2).
fn papers(body: &Body, rules: &InForce) -> Vec<Breach> {
    let notices = body.papers.notices.iter();
    let notices = notices.filter_map(|notice| {
        let said = notice.unapproved.as_deref()?;
        Some(("approve_notice", "S1.1.3", notice.at, said))
    });
    let spoken = match (body.planned(), body.source()) {
        (true, _) => "S1.1.4",
        (false, Source::Building) => "S1.2.2",
        (false, _) => "S1.2.1",
    };
    let broadcasts = body.told.broadcasts.iter();
    let broadcasts = broadcasts.filter_map(|broadcast| {
        let said = broadcast.unapproved.as_deref()?;
        Some(("approve_broadcast", spoken, broadcast.at, said))
    });
    notices
        .chain(broadcasts)
        .filter(|(_, clause, at, _)| duties::in_force(rules.at(*at), clause))
        .map(|(code, clause, at, said)| breach(code, clause, at, said))
        .collect()
}

/// Power back without one patrol: what was not seen cannot be seen any more (S7.4.8.3).
fn unpatrolled(body: &Body, rules: &InForce) -> Option<Breach> {
    let power = &body.power;
    let (out, back) = power.out_at.zip(power.restored_at)?;
    let owed = body.planned()
        && duties::in_force(rules.at(out), "S7.4.8.3")
        && rules.deadline(Outage::SPEC.code, "patrol", out).is_some();
    let seen = body.patrolled(out, Some(back)).is_some();
    let noted = power.restored_note.as_deref().unwrap_or_default();
    (owed && !seen).then(|| breach("patrol", "S7.4.8.3", back, noted))
}
