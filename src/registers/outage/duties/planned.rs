//! Duties of a planned cut, before and while power is off.

use super::notices::{self, decide, superseded_notices};
use super::sheet::Sheet;
use super::{GM, of_parts, outcome, part, reported};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::record::field::Choice;
use crate::record::request::Via;
use crate::registers::outage::{Form, Gate, OutageState, Source, Ticket, UserPaper, gates};
use crate::rules::deadline::{Deadline, Outcome, Part, Tick};

/// What must be done before T0, and the cut itself.
pub(super) fn before(sheet: &mut Sheet<'_>) {
    let Some(t0) = sheet.body().schedule.plan_start else {
        return;
    };
    let first = sheet.out.len();
    plan_to_gm(sheet, t0);
    approvals(sheet);
    notices::written(sheet, t0);
    staffing(sheet);
    ticket(sheet);
    the_cut(sheet, t0);
    let head = &sheet.record.head;
    for duty in &mut sheet.out[first..] {
        duty.round = sheet.record.body.schedule.revision;
        if head.state == OutageState::Cancelled && duty.pending() {
            // There will be no cut to prepare; what the users were told is taken back by notify_change.
            let why = Msg::new("na.outage_cancelled").with("at", head.state_since);
            duty.outcome = Outcome::NotApplicable(why);
        }
    }
}

/// 停电计划 in writing to 总经理 (S1.1.2). Handed in once, it stays so when the plan moves.
fn plan_to_gm(sheet: &mut Sheet<'_>, t0: Instant) {
    if sheet.body().source() != Source::Building {
        return;
    }
    let written = Via::Written.code();
    let done = reported(sheet, |via| via == Some(written));
    sheet.add_before("plan_to_gm", &["S1.1.2"], t0, |duty| {
        duty.outcome = outcome(done);
        let tick = Tick::new("report").with("to", GM);
        duty.tick = Some(tick.with("via", written));
    });
}

/// Whether the company decides the cut: not the government's, not a transfer; the utility's by a setting (S1.3.1).
fn company_decides(sheet: &Sheet<'_>) -> bool {
    let body = sheet.body();
    let ours = match body.source() {
        Source::Building => true,
        Source::Utility => sheet.flag("utility_needs_approval"),
        Source::Government | Source::Unknown => false,
    };
    ours && body.event.form != Some(Form::Transfer)
}

/// The consents that stand now, or stood when power was cut.
fn approvals(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let cut = body.power.out_at;
    let from = sheet.record.head.received;
    if company_decides(sheet) {
        let done = gates::consent(body, Gate::Cut, sheet.rules(), cut);
        let tick = decide(Gate::Cut, sheet);
        sheet.add("approve_cut", &["S1.3.1"], from, |duty| {
            duty.outcome = outcome(done);
            duty.tick = Some(tick);
            stood_open(body, duty);
        });
    }
    let done = gates::consent(body, Gate::Notice, sheet.rules(), cut);
    let tick = decide(Gate::Notice, sheet);
    sheet.add("approve_notice", &["S1.1.3"], from, |duty| {
        duty.outcome = outcome(done);
        duty.tick = Some(tick);
        if let Some(cut) = cut.filter(|_| duty.pending()) {
            let why = Msg::new("na.outage_cut").with("at", cut);
            duty.outcome = Outcome::NotApplicable(why);
        }
    });
}

/// A gate that was open when power was cut has become a breach, and cannot be ticked off any more.
fn stood_open(body: &crate::registers::outage::Body, duty: &mut Deadline) {
    let power = &body.power;
    let was_open = power.open_at_cut.iter().any(|gate| gate.code == duty.code);
    if let Some(cut) = power.out_at.filter(|_| was_open || duty.pending()) {
        let why = Msg::new("na.outage_breached").with("at", cut);
        duty.outcome = Outcome::NotApplicable(why);
    }
}

fn staffing(sheet: &mut Sheet<'_>) {
    let done = sheet.body().switching.staffed_at;
    let from = sheet.record.head.received;
    sheet.add("staffing", &["S1.3.3"], from, |duty| {
        duty.outcome = outcome(done)
    });
}

/// Whether our own switches are worked: as the plan says, else unless the utility cuts with its own.
fn our_switches(sheet: &Sheet<'_>) -> bool {
    let event = &sheet.body().event;
    let by_utility = event.source == Some(Source::Utility) && event.form == Some(Form::Outage);
    let ours = !by_utility || sheet.flag("utility_needs_ticket");
    event.our_switches.unwrap_or(ours)
}

/// The ticket that counts: the last one, or the one that was there when power was cut.
fn ticket_at_hand<'a>(sheet: &Sheet<'a>) -> Option<&'a Ticket> {
    let body = sheet.body();
    let cut = body.power.out_at;
    let tickets = &body.switching.tickets;
    tickets
        .iter()
        .rfind(|ticket| cut.is_none_or(|cut| ticket.filled_at <= cut))
}

/// 操作票 filled in and signed, when our own switches are worked (S1.3.4).
fn ticket(sheet: &mut Sheet<'_>) {
    if !our_switches(sheet) {
        return;
    }
    let body = sheet.body();
    let ticket = ticket_at_hand(sheet);
    let role = sheet.setting("sign_ticket_role");
    let parts = vec![
        part(
            Msg::new("outage_part.ticket_filled"),
            ticket.map(|ticket| ticket.filled_at),
            Tick::new("ticket"),
        ),
        part(
            Msg::new("outage_part.ticket_signed"),
            ticket.and_then(|ticket| ticket.signed_at),
            Tick::new("sign_ticket").with("role", role),
        ),
    ];
    sheet.add("ticket", &["S1.3.4"], sheet.record.head.received, |duty| {
        of_parts(duty, parts);
        stood_open(body, duty);
    });
}

/// 停电 itself at T0 and its end, with the users' notices and the ticket that belong to it.
fn the_cut(sheet: &mut Sheet<'_>, t0: Instant) {
    let body = sheet.body();
    let (power, schedule) = (&body.power, &body.schedule);
    let parts = goes_with_it(sheet);
    sheet.add_before("cut_planned", &["practice"], t0, |duty| {
        duty.outcome = outcome(power.out_at);
        duty.parts = parts.into();
    });
    if let Some(end) = schedule.plan_end {
        sheet.add_before("restore_planned", &["practice"], end, |duty| {
            duty.outcome = outcome(power.restored_at)
        });
    }
}

/// What a cut rests on: the notice with its users, the ticket with its number.
fn goes_with_it(sheet: &Sheet<'_>) -> Vec<Part> {
    let body = sheet.body();
    let shown = |name: Msg, done: Option<Instant>| Part {
        name,
        done,
        tick: None,
    };
    let users = match body.event.users.as_slice() {
        [] => Msg::new("outage_part.all_users"),
        users => Msg::new("outage_part.users").with("n", users.len()),
    };
    let told = body.delivered_to_all(UserPaper::Notice, body.schedule.revision);
    let mut parts = vec![shown(users, told)];
    if our_switches(sheet) {
        let ticket = ticket_at_hand(sheet);
        let name = match ticket {
            Some(ticket) => Msg::new("outage_part.ticket").with("no", ticket.no.as_str()),
            None => Msg::new("outage_part.no_ticket"),
        };
        parts.push(shown(name, ticket.and_then(|ticket| ticket.signed_at)));
    }
    parts
}

/// What goes on while power is off on purpose: the generator when it was wanted, a patrol (S7.4.8.2, S7.4.8.3).
pub(super) fn during(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    if let Some(answer) = body.scene.generator.first() {
        sheet.add("generator", &["S7.4.8.2"], answer.at, |duty| {
            duty.outcome = Outcome::Done(answer.at)
        });
    }
    let Some(out) = body.power.out_at else { return };
    let back = body.power.restored_at;
    let done = body.patrolled(out, back);
    sheet.add("patrol", &["S7.4.8.3"], out, |duty| {
        duty.outcome = match (done, back) {
            (Some(at), _) => Outcome::Done(at),
            (None, Some(back)) => {
                Outcome::NotApplicable(Msg::new("na.outage_no_patrol").with("at", back))
            }
            (None, None) => Outcome::Pending,
        };
    });
}

/// 告知变更: users who were told of a start learn of the change before it.
pub(super) fn changes(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    for (index, change) in body.schedule.changes.iter().enumerate() {
        sheet.add("notify_change", &["practice"], change.at, |duty| {
            duty.due = Some(change.old_start);
            duty.rule_due = Some(change.old_start);
            duty.round = index as u32 + 1;
            duty.outcome = outcome(body.change_known(change));
            let why = Msg::new("trace.outage_change").with("from", change.at);
            duty.trace = vec![why.with("due", change.old_start)];
        });
    }
}

/// Notices of superseded revisions: void, kept for the record.
pub(super) fn superseded(sheet: &mut Sheet<'_>) {
    for old in &sheet.body().schedule.superseded {
        superseded_notices(sheet, old);
    }
}
