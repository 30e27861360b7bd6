//! Duties of a planned cut. Their terms run backwards from T0, the planned start of the current revision.

use super::{all_of, next_tick, outcome};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::registers::outage::duties::sheet::Sheet;
use crate::registers::outage::{Body, Form, Gate, OutageState, Ruling, Source, UserPaper, gates};
use crate::rules::deadline::{Deadline, Outcome, Part, Tick};

/// What must be done before T0.
pub(super) fn before(sheet: &mut Sheet<'_>) {
    let Some(t0) = sheet.body().schedule.plan_start else {
        return;
    };
    let first = sheet.out.len();
    plan_to_gm(sheet, t0);
    approvals(sheet);
    notices(sheet, t0);
    staffing(sheet);
    ticket(sheet);
    for duty in &mut sheet.out[first..] {
        duty.round = sheet.record.body.schedule.revision;
        after_the_cut(sheet.record.body.power.out_at, duty);
        if sheet.record.head.state == OutageState::Cancelled && duty.pending() {
            // There will be no cut to prepare; what the users were told is taken back by notify_change.
            let why = Msg::new("na.outage_cancelled").with("at", sheet.record.head.state_since);
            duty.outcome = Outcome::NotApplicable(why);
        }
    }
}

/// 停电计划 in writing to 总经理 (S1.1.2). Reported once, it stays reported when the plan moves.
fn plan_to_gm(sheet: &mut Sheet<'_>, t0: Instant) {
    let body = sheet.body();
    if body.source() != Source::Building {
        return;
    }
    let done = body.reported_to(super::super::GM).map(|report| report.at);
    sheet.add("plan_to_gm", &["S1.1.2"], t0, |duty| {
        duty.outcome = outcome(done);
        duty.tick = Some(
            Tick::new("report")
                .with("to", super::super::GM)
                .with("via", "written"),
        );
    });
}

fn approvals(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let ours = match body.source() {
        Source::Building => true,
        Source::Utility => sheet
            .rules
            .procedure(super::PROCEDURE)
            .flag("utility_needs_approval"),
        Source::Government | Source::Unknown => false,
    };
    let from = sheet.record.head.received;
    let asked = [
        (ours, "approve_cut", "S1.3.1", Gate::Cut),
        (true, "approve_notice", "S1.1.3", Gate::Notice),
    ];
    for (_, code, clause, gate) in asked.into_iter().filter(|(owed, ..)| *owed) {
        let done = gates::consent(body, gate, sheet.rules);
        let tick = decide(gate, sheet);
        sheet.add(code, &[clause], from, |duty| {
            duty.outcome = outcome(done);
            duty.tick = Some(tick);
        });
    }
}

/// The key that records a consent; whose it was has to be typed.
fn decide(gate: Gate, sheet: &Sheet<'_>) -> Tick {
    use crate::record::field::Choice;
    let role = gates::who_decides(gate, sheet.rules);
    Tick::new("approve")
        .with("gate", gate.code())
        .with("decision", Ruling::Yes.code())
        .with("role", role)
}

fn notices(sheet: &mut Sheet<'_>, t0: Instant) {
    let body = sheet.body();
    let revision = body.schedule.revision;
    let parts = deliveries(body, UserPaper::Notice, revision);
    let done = body.delivered_to_all(UserPaper::Notice, revision);
    let tick = match body.notice_issued() {
        Some(_) => Tick::new("deliver")
            .with("paper", "notice")
            .with("users", "all"),
        None => Tick::new("issue_notice"),
    };
    let written = |duty: &mut Deadline| {
        duty.outcome = outcome(done);
        duty.tick = Some(tick.clone());
        duty.parts = parts.clone();
        came_too_late(body, duty);
    };
    let by_day: &[&str] = if body.source() == Source::Utility {
        &["S7.4.8.1"]
    } else {
        &["S1.3.2", "S7.4.8.1"]
    };
    sheet.add("notice_24h", by_day, t0, written);
    sheet.add("notice_1h", &["S1.1.4"], t0, written);
    let announced = body
        .told
        .announcements
        .iter()
        .filter(|a| a.revision == revision)
        .map(|a| a.at)
        .min();
    sheet.add("announce", &["S7.4.8.1"], t0, |duty| {
        duty.outcome = outcome(announced);
        came_too_late(body, duty);
    });
    broadcast_urgent(sheet, t0, done);
}

/// 紧急广播: owed once the notice has missed its hour, or was declared unreachable before (S1.1.4).
fn broadcast_urgent(sheet: &mut Sheet<'_>, t0: Instant, delivered: Option<Instant>) {
    let body = sheet.body();
    let revision = body.schedule.revision;
    let Some(hour) = sheet
        .out
        .iter()
        .find(|duty| duty.code == "notice_1h")
        .and_then(|duty| duty.due)
    else {
        return;
    };
    let declared = body
        .told
        .unreachable
        .iter()
        .filter(|d| d.revision == revision)
        .map(|d| d.at);
    let asked = body
        .papers
        .approvals
        .iter()
        .filter(|a| a.gate == Gate::Broadcast && a.revision == revision)
        .map(|a| a.at);
    let spoken = body
        .told
        .broadcasts
        .iter()
        .filter(|b| b.revision == revision)
        .map(|b| b.at)
        .min();
    // A decision on the broadcast, or the broadcast itself, says as much as a declaration.
    let opened = declared
        .chain(asked)
        .chain(spoken)
        .min()
        .filter(|at| *at <= hour);
    if opened.is_none() && delivered.is_some_and(|at| at <= hour) {
        return;
    }
    let parts = broadcast_parts(sheet, spoken);
    let refused = refusal(sheet);
    sheet.add("broadcast_urgent", &["S1.1.4"], t0, |duty| {
        duty.from = opened.unwrap_or(hour);
        duty.opens = if opened.is_some() { None } else { Some(hour) };
        duty.outcome = spoken.map(Outcome::Done).or(refused).unwrap_or_default();
        duty.tick = next_tick(&parts);
        duty.parts = parts;
        came_too_late(body, duty);
    });
}

/// 总经理's approval and the broadcast itself.
pub(super) fn broadcast_parts(sheet: &Sheet<'_>, spoken: Option<Instant>) -> Vec<Part> {
    let approved =
        gates::standing(sheet.body(), Gate::Broadcast, sheet.rules).map(|approval| approval.at);
    vec![
        Part {
            name: Msg::new("outage_part.broadcast_approved"),
            done: approved,
            tick: Some(decide(Gate::Broadcast, sheet)),
        },
        Part {
            name: Msg::new("outage_part.broadcast_spoken"),
            done: spoken,
            tick: Some(Tick::new("broadcast")),
        },
    ]
}

/// 总经理's refusal ends the duty to broadcast.
pub(super) fn refusal(sheet: &Sheet<'_>) -> Option<Outcome> {
    let no = gates::standing(sheet.body(), Gate::Broadcast, sheet.rules)
        .filter(|approval| approval.decision == Ruling::No)?;
    let reason = no.reason.clone().unwrap_or_default();
    Some(Outcome::NotApplicable(
        Msg::new("na.broadcast_refused")
            .with("name", no.name.as_str())
            .with("reason", reason),
    ))
}

/// One part a user; none while nobody knows who is affected.
pub(super) fn deliveries(body: &Body, paper: UserPaper, revision: u32) -> Vec<Part> {
    use crate::record::field::Choice;
    let part = |user: &String| Part {
        name: Msg::new("outage_part.user").with("user", user.as_str()),
        done: body.delivered_to(paper, revision, user),
        tick: Some(
            Tick::new("deliver")
                .with("paper", paper.code())
                .with("users", serde_json::json!([user])),
        ),
    };
    body.event.users.iter().map(part).collect()
}

fn staffing(sheet: &mut Sheet<'_>) {
    let done = sheet.body().switching.staffed_at;
    let from = sheet.record.head.received;
    sheet.add("staffing", &["S1.3.3"], from, |duty| {
        duty.outcome = outcome(done)
    });
}

/// 操作票 filled in and signed, when our own switches are worked (S1.3.4).
fn ticket(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let procedure = sheet.rules.procedure(super::PROCEDURE);
    let by_utility = body.source() == Source::Utility && body.event.form == Some(Form::Outage);
    if !body
        .event
        .our_switches
        .unwrap_or(!by_utility || procedure.flag("utility_needs_ticket"))
    {
        return;
    }
    let last = body.switching.tickets.last();
    let role = procedure.word("sign_ticket_role");
    let part = |key: &str, done, tick| Part {
        name: Msg::new(key),
        done,
        tick: Some(tick),
    };
    let parts = vec![
        part(
            "outage_part.ticket_filled",
            last.map(|ticket| ticket.filled_at),
            Tick::new("ticket"),
        ),
        part(
            "outage_part.ticket_signed",
            last.and_then(|ticket| ticket.signed_at),
            Tick::new("sign_ticket").with("role", role),
        ),
    ];
    sheet.add("ticket", &["S1.3.4"], sheet.record.head.received, |duty| {
        duty.outcome = all_of(&parts);
        duty.tick = next_tick(&parts);
        duty.parts = parts;
    });
}

/// 来文晚于时限: a notice from outside that came after the term was over could not be passed on in time. Our own plan
/// made too late is our own fault and stays counted.
fn came_too_late(body: &Body, duty: &mut Deadline) {
    let received = body.schedule.revised_at;
    let from_outside = body.source() != Source::Building;
    if let (true, Some(received), Some(due)) = (from_outside, received, duty.due)
        && received > due
    {
        duty.impossible = true;
        let why = Msg::new("trace.outage_impossible");
        duty.trace
            .push(why.with("received", received).with("due", due));
    }
}

/// Once power is off, what was to be done before has become a breach of the cut: a gate is past, a notice is late,
/// and neither can be ticked off any more.
fn after_the_cut(out: Option<Instant>, duty: &mut Deadline) {
    let Some(out) = out.filter(|_| duty.pending()) else {
        return;
    };
    match duty.code.as_str() {
        "approve_cut" | "ticket" => {
            duty.outcome = Outcome::NotApplicable(Msg::new("na.outage_breached").with("at", out))
        }
        "approve_notice" => {
            duty.outcome = Outcome::NotApplicable(Msg::new("na.outage_cut").with("at", out))
        }
        "notice_24h" | "notice_1h" | "announce" | "broadcast_urgent" => {
            if duty.opens.take().is_some_and(|opens| opens >= out) {
                duty.outcome = Outcome::NotApplicable(Msg::new("na.outage_cut").with("at", out));
            }
            duty.due = duty.due.map(|due| due.min(out));
            duty.silent = true;
            duty.tick = None;
            duty.parts.iter_mut().for_each(|part| part.tick = None);
        }
        _ => {}
    }
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
    let seen = body.scene.patrols.iter().map(|patrol| patrol.at);
    let done = seen
        .filter(|at| *at >= out && back.is_none_or(|back| *at <= back))
        .min();
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

/// 告知变更: users who had a notice learn of the change before the start they were told.
pub(super) fn changes(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    for (index, change) in body.schedule.changes.iter().enumerate() {
        sheet.add("notify_change", &["practice"], change.at, |duty| {
            duty.due = Some(change.old_start);
            duty.rule_due = Some(change.old_start);
            duty.round = index as u32 + 1;
            duty.outcome = outcome(body.change_known(change));
            duty.trace = vec![
                Msg::new("trace.outage_change")
                    .with("from", change.at)
                    .with("due", change.old_start),
            ];
        });
    }
}

/// Notices of superseded revisions: void, kept for the record.
pub(super) fn superseded(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    for old in &body.schedule.superseded {
        for (code, clauses) in [
            ("notice_24h", &["S1.3.2", "S7.4.8.1"][..]),
            ("notice_1h", &["S1.1.4"]),
            ("announce", &["S7.4.8.1"]),
        ] {
            let utility_day = code == "notice_24h" && body.source() == Source::Utility;
            sheet.add(
                code,
                if utility_day { &["S7.4.8.1"] } else { clauses },
                old.plan_start,
                |duty| {
                    duty.round = old.revision;
                    duty.outcome = Outcome::Void;
                    duty.tick = None;
                },
            );
        }
    }
}
