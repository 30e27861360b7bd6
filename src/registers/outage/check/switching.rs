//! Operation tickets and the cut: the ticket is held to its clause, the cut is recorded as it was (S1.3).

use crate::base::i18n::{Arg, Msg};
use crate::base::identity::same;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::registers::outage::{
    Body, Cut, FillTicket, Outage, Rec, SignTicket, Step, Ticket, TicketStep, gates,
};
use crate::registers::{Context, Register};
use crate::rules::ruleset::Rules;

/// One task, one device a step, and a guardian who is not the operator (S1.3.4).
pub(super) fn fills(ticket: &FillTicket, rules: &Rules) -> Result<(), Refusal> {
    let procedure = rules.procedure(Outage::SPEC.code);
    match &ticket.guardian {
        None if procedure.flag("guardian_required") => {
            return Err(Refusal::missing("guardian").clause("S1.3.4"));
        }
        Some(guardian) if same(guardian, &ticket.operator) => {
            let why = Msg::new("refusal.outage_guardian").with("name", ticket.operator.as_str());
            let refusal = Refusal::new(RefusalCode::NotAllowed, why);
            return Err(refusal.field("guardian").clause("S1.3.4"));
        }
        _ => {}
    }
    match ticket.steps.iter().position(names_two_devices) {
        Some(index) => {
            let why = Msg::new("why.outage_one_device").with("n", index + 1);
            Err(Refusal::bad("steps", why).clause("S1.3.4"))
        }
        None => Ok(()),
    }
}

/// Signs between two names.
const BETWEEN: &[char] = &['、', ',', '，', ';', '；', '和', '及', '与', '&', '+'];

/// Whether a step names more than one device: several under 设备, or two numbers side by side in what is to be done
/// (断开101、102).
fn names_two_devices(step: &TicketStep) -> bool {
    let several = |device: &str| {
        let listed = device.split(['、', ',', '，', ';', '；']);
        let named = |part: &&str| !part.trim().is_empty();
        let numbered = |part: &&str| part.chars().any(|c| c.is_ascii_digit());
        listed.filter(named).count() > 1
            || device.split(BETWEEN).filter(numbered).count() > 1
            || device.split_whitespace().filter(numbered).count() > 1
    };
    step.device.as_deref().is_some_and(several) || two_numbers(&step.operation)
}

/// Two device numbers with nothing but a sign between them.
fn two_numbers(operation: &str) -> bool {
    let parts: Vec<&str> = operation.split(BETWEEN).map(str::trim).collect();
    let number = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '#');
    let digits = |text: &str| text.chars().any(|c| c.is_ascii_digit());
    parts.windows(2).any(|pair| {
        let side_by_side = number(pair[0].chars().last()) && number(pair[1].chars().next());
        side_by_side && digits(pair[0]) && digits(pair[1])
    })
}

/// 主管工程师 or above signs, who neither operates nor watches (S1.3.4).
pub(super) fn signs(body: &Body, sign: &SignTicket, rules: &Rules) -> Result<(), Refusal> {
    let needed = rules.procedure(Outage::SPEC.code).word("sign_ticket_role");
    if !rules.at_least(&sign.role, needed) {
        return Err(Refusal::role("role", rules.or_above(needed)).clause("S1.3.4"));
    }
    let Some(ticket) = body.switching.tickets.last() else {
        return Ok(());
    };
    let mut switching = [Some(&ticket.operator), ticket.guardian.as_ref()].into_iter();
    match switching.any(|name| name.is_some_and(|name| same(name, &sign.name))) {
        true => {
            let why = Msg::new("refusal.outage_own_ticket").with("name", sign.name.as_str());
            let refusal = Refusal::new(RefusalCode::NotAllowed, why);
            Err(refusal.field("name").clause("S1.3.4"))
        }
        false => Ok(()),
    }
}

/// One step at a time: read back, then done; passed over only with a reason (S1.3.4).
pub(super) fn switches(body: &Body, step: &Step) -> Result<(), Refusal> {
    match body.switching.tickets.last() {
        Some(ticket) => takes_its_turn(ticket, step),
        None => Ok(()),
    }
}

fn takes_its_turn(ticket: &Ticket, step: &Step) -> Result<(), Refusal> {
    let turn = ticket.turn().unwrap_or_default();
    let gate = |key: &str, field: &str| {
        Refusal::gate("S1.3.4", Msg::new(key).with("n", turn)).field(field)
    };
    let n = step.n as usize;
    if n > ticket.steps.len() {
        let why = Msg::new("why.outage_no_step").with("n", ticket.steps.len());
        return Err(Refusal::bad("n", why));
    }
    if n != turn {
        return Err(gate("refusal.outage_step_order", "n"));
    }
    if !(step.read_back || step.done || step.skipped) {
        return Err(Refusal::missing("done"));
    }
    let line = ticket.steps.get(n - 1);
    let read = step.read_back || line.is_some_and(|line| line.read_back_at.is_some());
    if step.done && !step.skipped && !read {
        return Err(gate("refusal.outage_read_back", "read_back"));
    }
    Ok(())
}

/// The cut is a fact and never refused; each gate still open becomes a breach, for which a reason is asked (S1.3).
pub(super) fn cuts(
    before: &Rec,
    cut: &Cut,
    at: Instant,
    cx: &Context<'_>,
) -> Result<Option<Msg>, Refusal> {
    let open = gates::open_at(before, cx.in_force, at);
    if let (Some(first), None) = (open.first(), &cut.reason) {
        let names = open
            .iter()
            .map(|duty| Arg::Key(format!("duty.outage.{}", duty.code)));
        let why = Msg::new("refusal.outage_cut_reason").with("open", Arg::List(names.collect()));
        let refusal = Refusal::new(RefusalCode::MissingField, why);
        return Err(refusal.field("reason").clause(first.clause.clone()));
    }
    let early = before.body.schedule.plan_start.filter(|start| at < *start);
    Ok(early.map(|start| Msg::new("warning.outage_early").with("start", start)))
}
