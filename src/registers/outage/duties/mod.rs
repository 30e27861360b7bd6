//! What an outage owes, line by line: the sheet that the duty engineer ticks off (table 1.1).
//!
//! `sheet` which clauses are in force here · `planned` duties before and during a planned cut · `notices` what users are
//! told before it · `accident` letters and reports of a sudden one · `scene` what is done on the spot · here what both
//! have, and the order of it all.

mod accident;
mod notices;
mod planned;
mod scene;
mod sheet;

use super::{Body, Form, GM, Informed, Outage, Rec, Room, Source};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::record::field::Choice;
use crate::registers::Register;
use crate::rules::deadline::{Deadline, Outcome, Part, Tick};
use crate::rules::in_force::InForce;
use sheet::Sheet;
pub(super) use sheet::in_force;

/// The procedure that all of this is read from.
const PROCEDURE: &str = Outage::SPEC.code;

/// Every duty of the outage; duties of superseded revisions come last.
pub(super) fn of(record: &Rec, rules: &InForce) -> Vec<Deadline> {
    let mut sheet = Sheet::new(record, rules);
    report_gm(&mut sheet);
    if record.body.planned() {
        planned::before(&mut sheet);
        planned::during(&mut sheet);
    } else {
        scene::at_once(&mut sheet);
        accident::broadcast_explain(&mut sheet);
    }
    scene::promised(&mut sheet);
    inspection(&mut sheet);
    scene::generator_stop(&mut sheet);
    if record.body.planned() {
        planned::changes(&mut sheet);
        planned::superseded(&mut sheet);
    } else {
        scene::inform_result(&mut sheet);
        accident::papers(&mut sheet);
    }
    sheet.out
}

/// 报告总经理: every plan, our own decision too, and every accident.
fn report_gm(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let (from, clause) = match (body.planned(), body.source()) {
        (true, Source::Utility) => (sheet.record.head.received, "S1.1.1"),
        (true, _) => (sheet.record.head.received, "S1.3.2"),
        (false, Source::Building) => (sheet.out_at(), "S1.2.2"),
        (false, _) => (sheet.out_at(), "S1.2.1"),
    };
    let done = reported(sheet, |_| true);
    sheet.add("report_gm", &[clause], from, |duty| {
        duty.outcome = outcome(done);
        duty.tick = Some(Tick::new("report").with("to", GM));
    });
}

/// The first report to 总经理, or whoever stands in for him, that came by a channel.
fn reported(sheet: &Sheet<'_>, came: impl Fn(Option<&str>) -> bool) -> Option<Instant> {
    let reports = sheet.body().told.reports.iter();
    reports
        .filter(|report| sheet.rules().at_least(&report.to, GM) && came(report.via.as_deref()))
        .map(|report| report.at)
        .min()
}

/// 恢复后检查: five places after restoration; after a transfer also when it has been made (S1.3.5).
fn inspection(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let (out, back) = (body.power.out_at, body.power.restored_at);
    let transferred = out.filter(|_| body.event.form == Some(Form::Transfer));
    let clauses: &[&str] = match body.planned() {
        true => &["S1.3.5", "S7.4.8.4"],
        false => &["S1.3.5", "S7.4.6"],
    };
    let last = if transferred.is_some() { 2 } else { 1 };
    for (round, from, until) in [(1, transferred, back), (last, back, None)] {
        let Some(from) = from else { continue };
        let rooms = Room::SET.codes.iter();
        let parts: Vec<Part> = rooms.map(|code| place(body, code, from, until)).collect();
        sheet.add("inspection", clauses, from, |duty| {
            duty.round = round;
            of_parts(duty, parts);
        });
    }
}

fn place(body: &Body, code: &str, from: Instant, until: Option<Instant>) -> Part {
    let inspections = body.scene.inspections.iter();
    let of_place = inspections.filter(|i| i.place.code() == code);
    let looked = of_place.filter(|i| i.at >= from && until.is_none_or(|until| i.at < until));
    let tick = Tick::new("inspect").with("place", code);
    Part {
        name: Msg::new(Room::SET.label_key(code)),
        done: looked.map(|i| i.at).min(),
        tick: Some(tick.with("normal", true)),
    }
}

/// A part that consists in telling somebody inside the house, at or after `since`.
fn told(body: &Body, to: Informed, since: Instant) -> Part {
    part(
        Msg::new(Informed::SET.label_key(to.code())),
        body.informed_since(to, since),
        Tick::new("inform").with("to", to.code()),
    )
}

/// One of the things that a duty consists of, ticked off by `tick`.
fn part(name: Msg, done: Option<Instant>, tick: Tick) -> Part {
    Part {
        name,
        done,
        tick: Some(tick).filter(|_| done.is_none()),
    }
}

/// A duty that is done when the last of its parts is; its key is that of the first part still open.
fn of_parts(duty: &mut Deadline, parts: Vec<Part>) {
    duty.outcome = all_of(&parts);
    duty.tick = next_tick(&parts);
    duty.parts = parts.into();
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
    let mut open = parts.iter().filter(|part| part.done.is_none());
    open.next().and_then(|part| part.tick.clone())
}
