//! What must be done before power goes off on purpose, and who may decide it (S1.1.3, S1.3.1, S1.3.4).

use super::{Approval, Body, Gate, Outage, Rec, Ruling};
use crate::base::time::Instant;
use crate::registers::Register;
use crate::rules::deadline::Deadline;
use crate::rules::ruleset::Rules;

/// The decision that stands on a gate: the last one on it, or 总经理's consent to the other of cut and notice, since
/// his word opens both (S1.1.3, S1.3.1).
pub fn ruling(body: &Body, gate: Gate) -> Option<&Approval> {
    body.papers
        .approvals
        .iter()
        .rfind(|approval| concerns(approval, gate))
}

fn concerns(approval: &Approval, gate: Gate) -> bool {
    let both = gate != Gate::Broadcast
        && approval.gate != Gate::Broadcast
        && approval.highest
        && approval.decision == Ruling::Yes;
    approval.gate == gate || both
}

/// The ruling on a gate, as far as it holds for the present revision: a setting may ask for a new one after a change.
pub(super) fn standing<'b>(body: &'b Body, gate: Gate, rules: &Rules) -> Option<&'b Approval> {
    let anew = rules
        .procedure(Outage::SPEC.code)
        .flag("revision_needs_approval")
        && body.planned();
    ruling(body, gate).filter(|approval| !anew || approval.revision == body.schedule.revision)
}

/// When a gate was opened by a consent that still stands.
pub(super) fn consent(body: &Body, gate: Gate, rules: &Rules) -> Option<Instant> {
    standing(body, gate, rules)
        .filter(|approval| approval.decision == Ruling::Yes)
        .map(|approval| approval.at)
}

/// Duties that a cut at `at` finds undone: gates and notices. What could not be kept from the start is left out.
pub(super) fn open_at(record: &Rec, rules: &Rules, at: Instant) -> Vec<Deadline> {
    const BEFORE_THE_CUT: &[&str] = &[
        "approve_cut",
        "ticket",
        "notice_24h",
        "notice_1h",
        "announce",
        "broadcast_urgent",
    ];
    let round = record.body.schedule.revision;
    let duties = super::duties::of(record, rules).into_iter();
    duties
        .filter(|duty| {
            BEFORE_THE_CUT.contains(&duty.code.as_str()) && duty.round == round && !duty.impossible
        })
        .filter(|duty| duty.opens.is_none_or(|opens| opens < at))
        .filter(|duty| duty.pending() || duty.done().is_some_and(|done| done > at))
        .collect()
}

/// The role that may decide on a gate: a setting.
pub(super) fn who_decides(gate: Gate, rules: &Rules) -> &str {
    let procedure = rules.procedure(Outage::SPEC.code);
    match gate {
        Gate::Cut => procedure.word("approve_cut_role"),
        Gate::Notice => procedure.word("approve_notice_role"),
        Gate::Broadcast => procedure.word("approve_broadcast_role"),
    }
}
