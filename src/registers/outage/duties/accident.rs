//! Duties of a sudden outage: what is told to whom, what is looked at, what is written afterwards.

use super::planned::{broadcast_parts, deliveries, refusal};
use super::sheet::Sheet;
use super::{all_of, next_tick, outcome, told};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::registers::outage::{Body, Informed, Source, UserPaper};
use crate::rules::deadline::{Outcome, Part, Tick};

/// Broadcast, letters and reports (S1.2, S7.7.1).
pub(super) fn papers(sheet: &mut Sheet<'_>) {
    broadcast_explain(sheet);
    utility_letter(sheet);
    reports(sheet);
    explanation_letter(sheet);
}

/// 广播解释: from 总经理's approval; his refusal ends it (S1.2.1, S1.2.2).
fn broadcast_explain(sheet: &mut Sheet<'_>) {
    let spoken = sheet.body().told.broadcasts.iter().map(|b| b.at).min();
    let parts = broadcast_parts(sheet, spoken);
    let approved = parts.first().and_then(|part| part.done);
    let refused = refusal(sheet);
    let clauses: &[&str] = if sheet.body().source() == Source::Building {
        &["S1.2.2"]
    } else {
        &["S1.2.1"]
    };
    sheet.add(
        "broadcast_explain",
        clauses,
        approved.unwrap_or(sheet.out_at()),
        |duty| {
            duty.outcome = spoken.map(Outcome::Done).or(refused).unwrap_or_default();
            duty.tick = next_tick(&parts);
            duty.parts = parts;
        },
    );
}

/// 供电局解释函: received, then forwarded to 总经理 (S1.2.1).
fn utility_letter(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    if body.source() != Source::Utility {
        return;
    }
    let step = |code: &str, done: Option<Instant>| Part {
        name: Msg::new(format!("outage_letter.{code}")),
        done,
        tick: Some(Tick::new("utility_letter").with("step", code)),
    };
    let parts = vec![
        step("received", body.papers.utility_letter_at),
        step("forwarded", body.papers.utility_letter_forwarded_at),
    ];
    sheet.add("utility_letter", &["S1.2.1"], sheet.out_at(), |duty| {
        duty.outcome = all_of(&parts);
        duty.tick = next_tick(&parts);
        duty.parts = parts;
    });
}

/// 《特别事件处理报告》: within the term for a fault of our own (S1.2.2), without one for others (S7.7.1, S7.4.7).
fn reports(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let done = body.papers.reported_at;
    let inside = body.source() == Source::Building;
    let term_here = inside && super::sheet::in_force(sheet.rules, "S1.2.2");
    let from = if sheet.setting("report_from") == "t1" {
        body.power.out_at
    } else {
        body.power.restored_at
    };
    if let (true, Some(from)) = (term_here, from) {
        sheet.add("written_report", &["S1.2.2"], from, |duty| {
            duty.outcome = outcome(done)
        });
    }
    if !term_here && body.source() != Source::Unknown {
        sheet.add("special_report", &["S7.7.1"], sheet.out_at(), |duty| {
            duty.outcome = outcome(done)
        });
    }
}

/// 解释函: drafted by the company, delivered to the last affected user (S1.2.3).
fn explanation_letter(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let from = if sheet.setting("letter_from") == "t2" {
        body.power.restored_at
    } else {
        body.power.out_at
    };
    let Some(from) = from.filter(|_| !body.event.users.is_empty()) else {
        return;
    };
    let drafted = body.papers.letter_drafted_at;
    let delivered = body.delivered_to_all(UserPaper::Letter, 0);
    let mut parts = vec![Part {
        name: Msg::new("outage_part.letter_drafted"),
        done: drafted,
        tick: Some(Tick::new("draft_letter")),
    }];
    parts.extend(deliveries(body, UserPaper::Letter, 0));
    sheet.add("explanation_letter", &["S1.2.3"], from, |duty| {
        duty.outcome = outcome(delivered);
        duty.tick = Some(match drafted {
            Some(_) => Tick::new("deliver")
                .with("paper", "letter")
                .with("users", "all"),
            None => Tick::new("draft_letter"),
        });
        duty.parts = parts;
    });
}

/// What is done on the spot and who is told (S7.4).
pub(super) fn at_once(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let out = sheet.out_at();
    // The man on duty can only come once he has been told (S7.4.1).
    let called = sheet.record.head.received;
    let came = body.scene.on_site_at;
    sheet.add("on_site", &["S7.4.2", "S7.4.9.1"], called, |duty| {
        duty.outcome = outcome(came)
    });
    let centres = vec![
        told(body, Informed::Centre, out),
        told(body, Informed::Monitoring, out),
    ];
    sheet.add("inform_centres", &["S7.4.2"], out, |duty| {
        duty.outcome = all_of(&centres);
        duty.tick = next_tick(&centres);
        duty.parts = centres;
    });
    let answered = body.scene.generator.iter().map(|answer| answer.at).min();
    sheet.add("generator", &["S7.4.3"], out, |duty| {
        duty.outcome = outcome(answered);
        duty.tick = Some(Tick::new("generator").with("started", true));
    });
    lift_check(sheet, out);
    contact_utility(sheet, out);
    inform_cause(sheet);
}

/// 检查电梯: every car answered, every trapped person out (S7.4.4).
fn lift_check(sheet: &mut Sheet<'_>, out: Instant) {
    let body = sheet.body();
    let guard = body.scene.cars.last().map(|answer| answer.guard.clone());
    let check = |car: &str| {
        let tick = Tick::new("lift_check").with(
            "cars",
            serde_json::json!([{ "car": car, "trapped": false }]),
        );
        guard
            .iter()
            .fold(tick, |tick, guard| tick.with("guard", guard.as_str()))
    };
    let mut parts: Vec<Part> = sheet
        .setting("lift_cars")
        .split([',', '，', '、'])
        .map(str::trim)
        .filter(|car| !car.is_empty())
        .map(|car| Part {
            name: Msg::new("outage_part.car").with("car", car),
            done: body
                .scene
                .cars
                .iter()
                .filter(|answer| answer.car == car)
                .map(|answer| answer.at)
                .min(),
            tick: Some(check(car)),
        })
        .collect();
    // A site that has not named its cars: what was answered is what there is.
    if parts.is_empty() {
        let first = body.scene.cars.iter().map(|answer| answer.at).min();
        parts.push(Part {
            name: Msg::new("outage_part.cars"),
            done: first,
            tick: Some(Tick::new("lift_check")),
        });
    }
    parts.extend(
        body.scene
            .cars
            .iter()
            .filter(|answer| answer.trapped)
            .map(|answer| Part {
                name: Msg::new("outage_part.rescue").with("car", answer.car.as_str()),
                done: answer.released_at,
                tick: Some(
                    Tick::new("rescue")
                        .with("car", answer.car.as_str())
                        .with("released", true),
                ),
            }),
    );
    sheet.add("lift_check", &["S7.4.4"], out, |duty| {
        duty.outcome = all_of(&parts);
        duty.tick = next_tick(&parts);
        duty.parts = parts;
    });
}

/// 联系供电部门, and 服务中心 told at once; told again each time the expected restoration changes (S7.4.5).
fn contact_utility(sheet: &mut Sheet<'_>, out: Instant) {
    let body = sheet.body();
    let called = Part {
        name: Msg::new("outage_part.utility_called"),
        done: body.told.contacted_at,
        tick: Some(Tick::new("contact_utility")),
    };
    let passed_on = |since: Instant| told(body, Informed::Centre, since);
    let mut rounds = vec![(out, vec![called])];
    if let (Some(at), Some((_, first))) = (body.told.contacted_at, rounds.first_mut()) {
        first.push(passed_on(at));
    }
    let changed = body
        .power
        .expectations
        .iter()
        .filter(|at| body.told.contacted_at.is_none_or(|first| **at > first));
    rounds.extend(changed.map(|at| (*at, vec![passed_on(*at)])));
    for (index, (from, parts)) in rounds.into_iter().enumerate() {
        sheet.add("contact_utility", &["S7.4.5"], from, |duty| {
            duty.round = index as u32 + 1;
            duty.outcome = when_still_dark(body, all_of(&parts));
            duty.tick = next_tick(&parts);
            duty.parts = parts;
        });
    }
}

/// When power is back nobody asks any more when it will be.
fn when_still_dark(body: &Body, outcome: Outcome) -> Outcome {
    match (outcome, body.power.restored_at) {
        (Outcome::Pending, Some(back)) => {
            Outcome::NotApplicable(Msg::new("na.outage_back").with("at", back))
        }
        (outcome, _) => outcome,
    }
}

/// 通报原因: cause and repair time to 服务中心's duty and its manager, once judged (S7.4.9.1).
fn inform_cause(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let Some(judged) = body
        .event
        .judged_at
        .filter(|_| body.source() == Source::Building)
    else {
        return;
    };
    let parts = vec![
        told(body, Informed::Centre, judged),
        told(body, Informed::CentreManager, judged),
    ];
    sheet.add("inform_cause", &["S7.4.9.1"], judged, |duty| {
        duty.outcome = all_of(&parts);
        duty.tick = next_tick(&parts);
        duty.parts = parts;
    });
}

/// 通报结果 to 服务中心经理 (S7.4.9.4).
pub(super) fn inform_result(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let Some(back) = body
        .power
        .restored_at
        .filter(|_| body.source() == Source::Building)
    else {
        return;
    };
    let done = body.informed_since(Informed::CentreManager, back);
    sheet.add("inform_result", &["S7.4.9.4"], back, |duty| {
        duty.outcome = outcome(done);
        duty.tick = Some(Tick::new("inform").with("to", "centre_manager"));
    });
}
