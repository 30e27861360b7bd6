//! What users are told before a planned cut. The terms run backwards from T0, the planned start of the current revision,
//! or from the cut when it came earlier.

use super::sheet::Sheet;
use super::{next_tick, outcome, part};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::record::field::Choice;
use crate::registers::outage::{Body, Form, Gate, Ruling, Source, Superseded, UserPaper, gates};
use crate::rules::deadline::{Deadline, Outcome, Part, Tick};

/// Notices and announcement that a plan owes, with the clauses that ask for them.
fn owed(body: &Body) -> Vec<(&'static str, &'static [&'static str])> {
    let mut owed: Vec<(&'static str, &'static [&'static str])> = Vec::new();
    // A utility's plan owes its day's notice by the announcement; a transfer owes none (S1.3.2, S7.4.8.1).
    let day = body.source() != Source::Utility && body.event.form != Some(Form::Transfer);
    if day {
        owed.push(("notice_24h", &["S1.3.2"]));
    }
    owed.push(("notice_1h", &["S1.1.4"]));
    owed.push(("announce", &["S7.4.8.1"]));
    owed
}

/// The written notice by its two terms, the announcement, the urgent broadcast.
pub(super) fn written(sheet: &mut Sheet<'_>, t0: Instant) {
    let body = sheet.body();
    let revision = body.schedule.revision;
    let parts = deliveries(body, UserPaper::Notice, revision);
    let done = body.delivered_to_all(UserPaper::Notice, revision);
    let tick = match body.notice_issued() {
        Some(_) => to_all(UserPaper::Notice),
        None => Tick::new("issue_notice"),
    };
    let announcements = body.told.announcements.iter();
    let announced = announcements.filter(|a| a.revision == revision);
    let announced = announced.map(|a| a.at).min();
    for (code, clauses) in owed(body) {
        sheet.add_before(code, clauses, t0, |duty| {
            if code == "announce" {
                duty.outcome = outcome(announced);
            } else {
                duty.outcome = outcome(done);
                duty.tick = Some(tick.clone());
                duty.parts = parts.clone().into();
            }
            came_too_late(body, duty);
            after_the_cut(body, duty);
        });
    }
    broadcast_urgent(sheet, t0, done);
}

/// 紧急广播: owed once the notice has missed its hour, or was declared unreachable before (S1.1.4).
fn broadcast_urgent(sheet: &mut Sheet<'_>, t0: Instant, delivered: Option<Instant>) {
    let body = sheet.body();
    let notice = sheet.out.iter().find(|duty| duty.code == "notice_1h");
    let Some(hour) = notice.and_then(|duty| duty.rule_due) else {
        return;
    };
    let opened = opened(body).filter(|at| *at <= hour);
    if opened.is_none() && delivered.is_some_and(|at| at <= hour) {
        return;
    }
    let spoken = spoken(body);
    let parts = broadcast_parts(sheet, spoken);
    let refused = refusal(sheet);
    sheet.add_before("broadcast_urgent", &["S1.1.4"], t0, |duty| {
        duty.from = opened.unwrap_or(hour);
        duty.opens = if opened.is_some() { None } else { Some(hour) };
        duty.outcome = spoken.map(Outcome::Done).or(refused).unwrap_or_default();
        duty.tick = next_tick(&parts);
        duty.parts = parts.into();
        came_too_late(body, duty);
        after_the_cut(body, duty);
    });
}

/// The first broadcast of the present revision.
fn spoken(body: &Body) -> Option<Instant> {
    let broadcasts = body.told.broadcasts.iter();
    let of_now = broadcasts.filter(|b| b.revision == body.schedule.revision);
    of_now.map(|b| b.at).min()
}

/// When the urgent broadcast was called for before its hour: a decision on it, or the broadcast itself, says as much as
/// a declaration. After the cut nothing calls for it any more.
fn opened(body: &Body) -> Option<Instant> {
    let schedule = &body.schedule;
    let declared = body.told.unreachable.iter();
    let declared = declared.filter(|d| d.revision == schedule.revision);
    let asked = body
        .papers
        .approvals
        .iter()
        .filter(|a| a.gate == Gate::Broadcast);
    let asked = asked.filter(|a| schedule.revised_at.is_none_or(|revised| a.at >= revised));
    let called = declared
        .map(|d| d.at)
        .chain(asked.map(|a| a.at))
        .chain(spoken(body));
    let cut = body.power.out_at;
    called.filter(|at| cut.is_none_or(|cut| *at <= cut)).min()
}

/// 总经理's approval and the broadcast itself.
pub(super) fn broadcast_parts(sheet: &Sheet<'_>, spoken: Option<Instant>) -> Vec<Part> {
    let standing = gates::standing(sheet.body(), Gate::Broadcast, sheet.rules(), None);
    vec![
        part(
            Msg::new("outage_part.broadcast_approved"),
            standing.map(|approval| approval.at),
            decide(Gate::Broadcast, sheet),
        ),
        part(
            Msg::new("outage_part.broadcast_spoken"),
            spoken,
            Tick::new("broadcast"),
        ),
    ]
}

/// 总经理's refusal ends the duty to broadcast.
pub(super) fn refusal(sheet: &Sheet<'_>) -> Option<Outcome> {
    let standing = gates::standing(sheet.body(), Gate::Broadcast, sheet.rules(), None)?;
    let reason = standing.reason.clone().unwrap_or_default();
    let why = Msg::new("na.broadcast_refused").with("name", standing.name.as_str());
    let refused = standing.decision == Ruling::No;
    refused.then(|| Outcome::NotApplicable(why.with("reason", reason)))
}

/// The key that records a consent; whose it was has to be typed.
pub(super) fn decide(gate: Gate, sheet: &Sheet<'_>) -> Tick {
    Tick::new("approve")
        .with("gate", gate.code())
        .with("decision", Ruling::Yes.code())
        .with("role", gates::who_decides(gate, sheet.rules()))
}

/// The key that delivers a paper to all affected users.
pub(super) fn to_all(paper: UserPaper) -> Tick {
    let tick = Tick::new("deliver").with("paper", paper.code());
    tick.with("users", "all")
}

/// One part a user; none while nobody knows who is affected.
pub(super) fn deliveries(body: &Body, paper: UserPaper, revision: u32) -> Vec<Part> {
    let receipts = body.first_receipts(paper, revision);
    let users = body.event.users.iter();
    let one = |user: &String| {
        part(
            Msg::new("outage_part.user").with("user", user.as_str()),
            receipts.by(user).map(|delivery| delivery.at),
            Tick::new("deliver")
                .with("paper", paper.code())
                .with("users", serde_json::json!([user])),
        )
    };
    users.map(one).collect()
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
        let why = Msg::new("trace.outage_impossible").with("received", received);
        duty.trace.push(why.with("due", due));
    }
}

/// Once power is off, what has not been told is late and cannot be ticked off any more. A cut before its start brings
/// the term forward to itself.
fn after_the_cut(body: &Body, duty: &mut Deadline) {
    let Some(cut) = body.power.out_at else { return };
    if duty.done().is_some_and(|done| done <= cut) {
        return;
    }
    if duty.pending() {
        if duty.opens.take().is_some_and(|opens| opens >= cut) {
            let why = Msg::new("na.outage_cut").with("at", cut);
            duty.outcome = Outcome::NotApplicable(why);
        }
        duty.silent = true;
        duty.tick = None;
        duty.parts
            .change(|parts| parts.iter_mut().for_each(|part| part.tick = None));
    }
    if duty.due.is_some_and(|due| due > cut) {
        duty.due = Some(cut);
        let brought = Msg::new("trace.hours_before")
            .with("from", cut)
            .with("n", 0_i64);
        duty.trace.push(brought);
        duty.trace.push(Msg::new("trace.due").with("due", cut));
    }
}

/// Notices of a revision that another took the place of.
pub(super) fn superseded_notices(sheet: &mut Sheet<'_>, old: &Superseded) {
    for (code, clauses) in owed(sheet.body()) {
        sheet.add_before(code, clauses, old.plan_start, |duty| {
            duty.round = old.revision;
            duty.outcome = Outcome::Void;
            duty.tick = None;
        });
    }
}
