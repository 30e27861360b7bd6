//! What must be done before power goes off on purpose, and who may decide it (S1.1.3, S1.3.1, S1.3.4).

use super::{Approval, Body, Gate, Outage, Rec, Ruling, duties};
use crate::base::time::Instant;
use crate::registers::Register;
use crate::rules::deadline::Deadline;
use crate::rules::in_force::InForce;
use crate::rules::ruleset::Rules;

/// The decision that stands on a gate: the last one that concerns it. 总经理's consent to the cut or the notice opens
/// both, and his refusal of the cut takes the notice back with it (S1.1.3, S1.3.1).
pub fn ruling(body: &Body, gate: Gate) -> Option<&Approval> {
    let approvals = &body.papers.approvals;
    approvals.iter().rfind(|approval| concerns(approval, gate))
}

fn concerns(approval: &Approval, gate: Gate) -> bool {
    let across = gate != Gate::Broadcast && approval.gate != Gate::Broadcast && approval.highest;
    approval.gate == gate || (across && (approval.decision == Ruling::Yes || gate == Gate::Notice))
}

/// The ruling on a gate, as far as it holds for the present revision: a setting may ask for a new one after a change.
/// `until`: as it stood at that instant.
pub(super) fn standing<'b>(
    body: &'b Body,
    gate: Gate,
    rules: &Rules,
    until: Option<Instant>,
) -> Option<&'b Approval> {
    let procedure = rules.procedure(Outage::SPEC.code);
    let anew = procedure.flag("revision_needs_approval") && body.planned();
    let given = |approval: &&Approval| until.is_none_or(|until| approval.at <= until);
    let mut approvals = body.papers.approvals.iter().filter(given);
    approvals
        .rfind(|approval| concerns(approval, gate))
        .filter(|approval| !anew || approval.revision == body.schedule.revision)
}

/// When a gate was opened by a consent that still stands, or stood at `until`.
pub(super) fn consent(
    body: &Body,
    gate: Gate,
    rules: &Rules,
    until: Option<Instant>,
) -> Option<Instant> {
    standing(body, gate, rules, until)
        .filter(|approval| approval.decision == Ruling::Yes)
        .map(|approval| approval.at)
}

/// Duties that a cut at `at` finds undone: gates and notices, of a record that nothing has happened to since. What
/// could not be kept from the start is left out.
pub(super) fn open_at(record: &Rec, rules: &InForce, at: Instant) -> Vec<Deadline> {
    const BEFORE_THE_CUT: &[&str] = &[
        "approve_cut",
        "ticket",
        "notice_24h",
        "notice_1h",
        "announce",
        "broadcast_urgent",
    ];
    let round = record.body.schedule.revision;
    let guards = |duty: &Deadline| {
        BEFORE_THE_CUT.contains(&duty.code.as_str()) && duty.round == round && !duty.impossible
    };
    let mut duties = duties::of(record, rules);
    duties.retain(|duty| guards(duty) && duty.pending());
    duties.retain(|duty| duty.opens.is_none_or(|opens| opens < at));
    duties
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
