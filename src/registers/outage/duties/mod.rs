//! What an outage owes, line by line in the order of table 1.1: the sheet that the duty engineer ticks off.
//!
//! `sheet` which clauses are in force here · `planned` duties before and during a planned cut · `accident` duties of a
//! sudden one · this file those that both have, and the order of it all.

mod accident;
mod planned;
mod sheet;

use super::{Body, Form, Informed, Outage, OutageState as S, Rec, Room, Source, Stage};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::record::field::Choice;
use crate::registers::Register;
use crate::rules::deadline::{Deadline, Outcome, Part, Tick};
use crate::rules::ruleset::Rules;
use sheet::Sheet;
pub(super) use sheet::in_force;

/// Every duty of the outage; duties of superseded revisions come last.
pub(super) fn of(record: &Rec, rules: &Rules) -> Vec<Deadline> {
    let mut sheet = Sheet::new(record, rules);
    report_gm(&mut sheet);
    if record.body.planned() {
        planned::before(&mut sheet);
    } else {
        accident::papers(&mut sheet);
        accident::at_once(&mut sheet);
    }
    inspection(&mut sheet);
    if record.body.planned() {
        planned::during(&mut sheet);
        planned::changes(&mut sheet);
        planned::superseded(&mut sheet);
    } else {
        accident::inform_result(&mut sheet);
    }
    sheet.out
}

/// 报告总经理: plans that come from outside, and every accident.
fn report_gm(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let (from, clauses): (Instant, &[&str]) = match (body.planned(), body.source()) {
        (true, Source::Utility) => (sheet.record.head.received, &["S1.1.1"]),
        (true, Source::Government) => (sheet.record.head.received, &["S1.3.2"]),
        (true, _) => return,
        (false, Source::Building) => (sheet.out_at(), &["S1.2.2"]),
        (false, _) => (sheet.out_at(), &["S1.2.1"]),
    };
    let done = body.reported_to(super::GM).map(|report| report.at);
    sheet.add("report_gm", clauses, from, |duty| {
        duty.outcome = outcome(done);
        duty.tick = Some(Tick::new("report").with("to", super::GM));
    });
}

/// 恢复后检查: five places after restoration; after a transfer also when it has been made (S1.3.5).
fn inspection(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let (out, back) = (body.power.out_at, body.power.restored_at);
    let transferred = out.filter(|_| body.event.form == Some(Form::Transfer));
    let clauses: &[&str] = if body.planned() {
        &["S1.3.5", "S7.4.8.4"]
    } else {
        &["S1.3.5", "S7.4.6"]
    };
    for (round, from, until) in [
        (1, transferred, back),
        (if transferred.is_some() { 2 } else { 1 }, back, None),
    ] {
        let Some(from) = from else { continue };
        let parts: Vec<Part> = Room::SET
            .codes
            .iter()
            .map(|code| place(body, code, from, until))
            .collect();
        sheet.add("inspection", clauses, from, |duty| {
            duty.round = round;
            duty.outcome = all_of(&parts);
            duty.tick = next_tick(&parts);
            duty.parts = parts;
        });
    }
}

fn place(body: &Body, code: &str, from: Instant, until: Option<Instant>) -> Part {
    let looked = body.scene.inspections.iter().filter(|i| {
        i.place.code() == code && i.at >= from && until.is_none_or(|until| i.at < until)
    });
    Part {
        name: Msg::new(Room::SET.label_key(code)),
        done: looked.map(|i| i.at).min(),
        tick: Some(
            Tick::new("inspect")
                .with("place", code)
                .with("normal", true),
        ),
    }
}

/// A part that consists in telling somebody inside the house, at or after `since`.
fn told(body: &Body, to: Informed, since: Instant) -> Part {
    Part {
        name: Msg::new(Informed::SET.label_key(to.code())),
        done: body.informed_since(to, since),
        tick: Some(Tick::new("inform").with("to", to.code())),
    }
}

fn outcome(done: Option<Instant>) -> Outcome {
    done.map_or(Outcome::Pending, Outcome::Done)
}

/// Done when the last part is.
fn all_of(parts: &[Part]) -> Outcome {
    let each: Option<Vec<Instant>> = parts.iter().map(|part| part.done).collect();
    outcome(each.and_then(|times| times.into_iter().max()))
}

/// The tick of the first part that is still open.
fn next_tick(parts: &[Part]) -> Option<Tick> {
    parts
        .iter()
        .find(|part| part.done.is_none())
        .and_then(|part| part.tick.clone())
}

/// The actions most likely next, in the order of the sheet. Reads the record alone, so it asks no profile: on a site
/// that does not owe a step it is merely offered early.
pub(super) fn likely(record: &Rec) -> Vec<&'static str> {
    let body = &record.body;
    let mut next = Vec::new();
    let mut offer = |open: bool, action: &'static str| {
        if open && !next.contains(&action) {
            next.push(action);
        }
    };
    let accident = !body.planned();
    let unreported = body.reported_to(super::GM).is_none();
    match Stage::of(record.head.state) {
        Stage::Before => {
            offer(unreported, "report");
            offer(record.head.state != S::Noticed, "approve");
            offer(body.notice_issued().is_none(), "issue_notice");
            offer(body.notice_issued().is_some(), "deliver");
            offer(body.told.announcements.is_empty(), "announce");
            offer(body.switching.staffed_at.is_none(), "staff");
            offer(body.switching.tickets.is_empty(), "ticket");
            offer(!body.switching.tickets.is_empty(), "sign_ticket");
            offer(true, "cut");
        }
        Stage::Out => {
            let out = body.power.out_at.unwrap_or(record.head.opened);
            let informed = |to| body.informed_since(to, out).is_some();
            offer(accident && body.scene.on_site_at.is_none(), "on_site");
            offer(accident && unreported, "report");
            offer(
                accident && !(informed(Informed::Centre) && informed(Informed::Monitoring)),
                "inform",
            );
            offer(accident && body.scene.generator.is_empty(), "generator");
            offer(accident && body.scene.cars.is_empty(), "lift_check");
            offer(true, "rescue");
            offer(accident && body.event.judged_at.is_none(), "classify");
            offer(
                accident && body.told.contacted_at.is_none(),
                "contact_utility",
            );
            offer(true, "step");
            offer(!accident && body.scene.patrols.is_empty(), "patrol");
            offer(true, "restore");
            offer(true, "restore_part");
        }
        Stage::Back => {
            offer(record.head.state == S::Restored, "inspect");
            offer(accident && body.source() == Source::Unknown, "classify");
            offer(
                accident && body.papers.reported_at.is_none(),
                "written_report",
            );
            offer(
                accident && body.papers.letter_drafted_at.is_none(),
                "draft_letter",
            );
            offer(
                accident && body.papers.letter_drafted_at.is_some(),
                "deliver",
            );
            offer(
                body.source() == Source::Utility
                    && body.papers.utility_letter_forwarded_at.is_none(),
                "utility_letter",
            );
            offer(true, "generator_stop");
            offer(true, "explain_breach");
            offer(true, "close");
        }
        Stage::Cancelled => offer(true, "notify_change"),
        Stage::Closed => {}
    }
    next
}

/// The procedure that all of this is read from.
const PROCEDURE: &str = Outage::SPEC.code;
