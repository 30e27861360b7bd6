//! Operation tickets and the cut: the ticket is held to its clause, the cut is recorded as it was (S1.3).

use super::{breach, role_named};
use crate::base::i18n::{Arg, Msg};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::head::Decision;
use crate::registers::outage::{
    Cut, FillTicket, Outage, OutageAction, Rec, SignTicket, Step, Ticket, gates,
};
use crate::registers::{Act, Context, Register};

/// One task, one device a step, and a guardian who is not the operator (S1.3.4).
pub(super) fn fills(ticket: &FillTicket, cx: &Context<'_>) -> Result<(), Refusal> {
    if ticket.guardian.is_none()
        && cx
            .rules
            .procedure(Outage::SPEC.code)
            .flag("guardian_required")
    {
        return Err(Refusal::missing("guardian").clause("S1.3.4"));
    }
    if ticket.guardian.as_deref() == Some(ticket.operator.as_str()) {
        let why = Msg::new("refusal.outage_guardian").with("name", ticket.operator.as_str());
        return Err(Refusal::new(RefusalCode::NotAllowed, why)
            .field("guardian")
            .clause("S1.3.4"));
    }
    let several = |device: &str| device.contains(['、', ',', '，', ';', '；']);
    match ticket
        .steps
        .iter()
        .position(|step| step.device.as_deref().is_some_and(several))
    {
        Some(index) => Err(Refusal::bad(
            "steps",
            Msg::new("why.outage_one_device").with("n", index + 1),
        )
        .clause("S1.3.4")),
        None => Ok(()),
    }
}

pub(super) fn signs(
    record: &Rec,
    sign: &SignTicket,
    at: Instant,
    cx: &Context<'_>,
) -> Result<(), Refusal> {
    let needed = cx
        .rules
        .procedure(Outage::SPEC.code)
        .word("sign_ticket_role");
    if !cx.rules.at_least(&sign.role, needed) {
        return Err(Refusal::role("role", role_named(needed, cx.rules)).clause("S1.3.4"));
    }
    let Some(ticket) = record.body.switching.tickets.last() else {
        return Ok(());
    };
    if sign.name == ticket.operator || ticket.guardian.as_deref() == Some(sign.name.as_str()) {
        let why = Msg::new("refusal.outage_own_ticket").with("name", sign.name.as_str());
        return Err(Refusal::new(RefusalCode::NotAllowed, why)
            .field("name")
            .clause("S1.3.4"));
    }
    match at < ticket.filled_at {
        true => Err(Refusal::before(
            "at",
            Msg::new("before.outage_ticket").with("at", ticket.filled_at),
        )),
        false => Ok(()),
    }
}

/// One step at a time: read back, then done; passed over only with a reason (S1.3.4).
pub(super) fn switches(
    record: &Rec,
    step: &Step,
    act: &Act<OutageAction>,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let at = act.envelope.at;
    let Some(ticket) = record.body.switching.tickets.last() else {
        return Ok(());
    };
    takes_its_turn(ticket, step)?;
    let earliest = ticket.last_answer().max(Some(ticket.filled_at));
    if let Some(earliest) = earliest.filter(|earliest| at < *earliest) {
        return Err(Refusal::before(
            "at",
            Msg::new("before.outage_step").with("at", earliest),
        ));
    }
    // Switching on an unsigned ticket happened all the same; it is noted once.
    let known = record
        .head
        .breaches
        .iter()
        .any(|breach| breach.code == "ticket");
    if step.done && ticket.signed_at.is_none_or(|signed| signed > at) && !known {
        let reason = step.reason.as_deref().or(act.envelope.note.as_deref());
        decision
            .breaches
            .push(breach("ticket", "S1.3.4", at, reason));
    }
    Ok(())
}

fn takes_its_turn(ticket: &Ticket, step: &Step) -> Result<(), Refusal> {
    let turn = ticket.turn().unwrap_or_default();
    let gate = |key: &str, field: &str| {
        Refusal::gate("S1.3.4", Msg::new(key).with("n", turn)).field(field)
    };
    let n = step.n as usize;
    if n > ticket.steps.len() {
        return Err(Refusal::bad(
            "n",
            Msg::new("why.outage_no_step").with("n", ticket.steps.len()),
        ));
    }
    if n != turn {
        return Err(gate("refusal.outage_step_order", "n"));
    }
    if !(step.read_back || step.done || step.skipped) {
        return Err(Refusal::missing("done"));
    }
    let read = step.read_back
        || ticket
            .steps
            .get(n - 1)
            .is_some_and(|line| line.read_back_at.is_some());
    if step.done && !step.skipped && !read {
        return Err(gate("refusal.outage_read_back", "read_back"));
    }
    Ok(())
}

/// The cut is a fact and never refused; each gate still open becomes a breach with the reason given (S1.3).
pub(super) fn cuts(
    record: &Rec,
    cut: &Cut,
    at: Instant,
    cx: &Context<'_>,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let open = gates::open_at(record, cx.rules, at);
    if let (Some(first), None) = (open.first(), &cut.reason) {
        let names = open
            .iter()
            .map(|duty| Arg::Key(format!("duty.outage.{}", duty.code)))
            .collect();
        let why = Msg::new("refusal.outage_cut_reason").with("open", Arg::List(names));
        let refusal = Refusal::new(RefusalCode::MissingField, why);
        return Err(refusal.field("reason").clause(first.clause.clone()));
    }
    if let Some(start) = record.body.schedule.plan_start.filter(|start| at < *start) {
        decision
            .warnings
            .push(Msg::new("warning.outage_early").with("start", start));
    }
    let reason = cut.reason.as_deref();
    let breaches = open
        .iter()
        .map(|duty| breach(&duty.code, &duty.clause.0, at, reason));
    decision.breaches.extend(breaches);
    Ok(())
}
