//! What each fact makes of a slip, in the order in which they happened (篇2). States that always follow stand in the
//! lifecycle table.

use super::body::copy_of;
use super::{
    Accept, Archive, Arrive, Body, Finish, HandIn, Rec, RevisitResult, SampledIn, SignFor,
    Unconsented, WorkOrderAction as A, WorkOrderState as S,
};
use crate::base::time::Instant;
use crate::record::timeline::Fact;

/// What the fact makes of the slip.
pub(super) fn apply(record: &mut Rec, fact: &Fact, action: A) {
    let at = fact.entry.at;
    let body = &mut record.body;
    match action {
        A::Issue(issue) => body.slip = issue,
        A::SignFor(sign) => signed_for(record, at, sign),
        A::Arrive(arrive) => arrived(record, at, arrive),
        A::Quote(quote) => {
            body.price.amount_fen = Some(quote.amount_fen);
            body.price.items = quote.items.unwrap_or_default();
            body.price.consent_by = None;
        }
        A::Consent(consent) => {
            body.price.consent_by = Some(consent.signed_by);
            if record.head.state == S::Quoted {
                record.enter(S::OnSite, at);
            }
        }
        A::Decline(decline) => {
            body.price.declined = Some(decline.reason.clone());
            without_repair(body, at, decline.reason, decline.signed_by);
        }
        A::OwnEquipment(own) => without_repair(body, at, own.reason, own.signed_by),
        A::WaitMaterial(wait) => {
            body.work.materials = Some(wait.materials);
            body.promise(at, Some(wait.next_visit));
        }
        A::Finish(finish) => finished(body, fact, finish),
        A::Accept(accept) => accepted(record, at, accept),
        A::TechSign(sign) => {
            body.worked(&sign.technician);
            body.trail.signed_by_technician = Some(sign.technician);
        }
        A::Review(review) => body.trail.engineer = Some(review.engineer),
        A::HandIn(hand_in) => handed_in(body, at, hand_in),
        A::Archive(Archive {}) => {}
        A::Revisit(revisit) => body.revisits.push(RevisitResult {
            at,
            satisfied: revisit.satisfied,
            method: revisit.method,
            by: revisit.by,
        }),
        A::Sampled(sampled) => body.samples.push(SampledIn {
            drawn_at: at,
            week: sampled.week,
            reviewer: sampled.reviewer,
            draw: sampled.draw,
        }),
    }
}

/// The book is signed (S2.2): the first signature counts.
fn signed_for(record: &mut Rec, at: Instant, sign: SignFor) {
    let body = &mut record.body;
    body.worked(&sign.technician);
    body.trail.technician.get_or_insert(sign.technician);
    body.trail.signed_for_at.get_or_insert(at);
    if record.head.state == S::Issued {
        record.enter(S::SignedFor, at);
    }
}

/// On site, let in or not (S2.3, S2.4).
fn arrived(record: &mut Rec, at: Instant, arrive: Arrive) {
    let body = &mut record.body;
    body.came(at);
    if let Some(technician) = arrive.technician {
        body.worked(&technician);
        body.trail.technician = Some(technician);
    }
    if arrive.admitted {
        record.enter(S::OnSite, at);
    } else {
        body.work.reason = arrive.reason;
        body.promise(at, arrive.next_visit);
        record.enter(S::Waiting, at);
    }
}

/// Repaired (S2.9, S2.10); on a price that nobody has consented to, it is a breach of S2.6.
fn finished(body: &mut Body, fact: &Fact, finish: Finish) {
    let at = fact.entry.at;
    body.came(at);
    if body.unconsented() {
        let note = fact.entry.note.clone().unwrap_or_default();
        body.price.unconsented.push(Unconsented { at, note });
    }
    let work = &mut body.work;
    work.result = Some(finish.result);
    work.measures = finish.measures;
    work.protection = finish.protection;
    work.cleaned = finish.cleaned;
    work.finished_at = Some(at);
}

/// The customer's word on it: whoever is not satisfied has it repaired once more.
fn accepted(record: &mut Rec, at: Instant, accept: Accept) {
    let work = &mut record.body.work;
    work.signed_by = Some(accept.signed_by);
    work.satisfied = Some(accept.satisfied);
    let next = match accept.satisfied {
        true => S::Accepted,
        false => {
            work.finished_at = None;
            S::OnSite
        }
    };
    record.enter(next, at);
}

/// The slip is back at the clerk's desk, its copies where they belong (S2.11).
fn handed_in(body: &mut Body, at: Instant, hand_in: HandIn) {
    body.trail.clerk = Some(hand_in.clerk);
    body.trail.handed_in_at = Some(at);
    let copies = hand_in.copies.iter().flatten();
    body.trail.copies = copies.filter_map(|copy| copy_of(copy)).collect();
}

/// The slip ends without a repair: declined, or the customer's own equipment (S2.6, S2.8).
fn without_repair(body: &mut Body, at: Instant, reason: String, signed_by: String) {
    body.work.reason = Some(reason);
    body.work.signed_by = Some(signed_by);
    body.work.finished_at = Some(at);
}
