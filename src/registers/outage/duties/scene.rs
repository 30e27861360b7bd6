//! What is done on the spot and who is told of it (S7.4).

use super::sheet::Sheet;
use super::{of_parts, outcome, part, told};
use crate::base::i18n::Msg;
use crate::base::identity::same;
use crate::base::time::Instant;
use crate::registers::outage::{CarAnswer, GeneratorAnswer, Informed, Source};
use crate::rules::deadline::{Outcome, Part, Tick};

/// What a sudden outage owes at once.
pub(super) fn at_once(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let out = sheet.out_at();
    // The man on duty can only come once he has been told (S7.4.1).
    let called = sheet.record.head.received;
    sheet.add("on_site", &["S7.4.2", "S7.4.9.1"], called, |duty| {
        duty.outcome = outcome(body.scene.on_site_at)
    });
    sheet.add("inform_centres", &["S7.4.2"], out, |duty| {
        let centre = told(body, Informed::Centre, out);
        of_parts(duty, vec![centre, told(body, Informed::Monitoring, out)]);
    });
    lift_check(sheet, out);
    let answered = body.scene.generator.iter().map(|answer| answer.at).min();
    sheet.add("generator", &["S7.4.3"], out, |duty| {
        duty.outcome = outcome(answered);
        duty.tick = Some(Tick::new("generator").with("started", true));
    });
    sheet.add("judge_cause", &["S7.4.2", "S7.4.9.1"], out, |duty| {
        duty.outcome = outcome(body.event.first_judged_at)
    });
    contact_utility(sheet, out);
    inform_cause(sheet);
    clear_fault(sheet, out);
}

/// 检查电梯: every car answered, every trapped person out (S7.4.4).
fn lift_check(sheet: &mut Sheet<'_>, out: Instant) {
    let cars = &sheet.body().scene.cars;
    let guard = cars.last().map(|answer| answer.guard.as_str());
    let named = sheet.setting("lift_cars").split([',', '，', '、']);
    let named = named.map(str::trim).filter(|car| !car.is_empty());
    let mut parts: Vec<Part> = named.map(|car| checked(cars, car, guard)).collect();
    // A site that has not named its cars: what was answered is what there is.
    if parts.is_empty() {
        let first = cars.iter().map(|answer| answer.at).min();
        let all = Msg::new("outage_part.cars");
        parts.push(part(all, first, Tick::new("lift_check")));
    }
    parts.extend(cars.iter().filter(|answer| answer.trapped).map(rescue));
    sheet.add("lift_check", &["S7.4.4"], out, |duty| of_parts(duty, parts));
}

/// Whether one car has been looked at, under whatever form of its name.
fn checked(cars: &[CarAnswer], car: &str, guard: Option<&str>) -> Part {
    let found = serde_json::json!([{ "car": car, "trapped": false }]);
    let tick = Tick::new("lift_check").with("cars", found);
    let answers = cars.iter().filter(|answer| same(&answer.car, car));
    part(
        Msg::new("outage_part.car").with("car", car),
        answers.map(|answer| answer.at).min(),
        guard
            .iter()
            .fold(tick, |tick, guard| tick.with("guard", *guard)),
    )
}

/// 困人解救: how many are held where, from when.
fn rescue(answer: &CarAnswer) -> Part {
    let car = answer.car.as_str();
    let name = match answer.persons {
        Some(persons) => Msg::new("outage_part.rescue_of").with("n", persons),
        None => Msg::new("outage_part.rescue"),
    };
    let tick = Tick::new("rescue").with("car", car).with("released", true);
    let name = name.with("car", car).with("since", answer.at);
    part(name, answer.released_at, tick)
}

/// 联系供电部门, and 服务中心 told at once; told again each time the expected restoration changes (S7.4.5).
fn contact_utility(sheet: &mut Sheet<'_>, out: Instant) {
    let body = sheet.body();
    let contacted = body.told.contacted_at;
    let called = part(
        Msg::new("outage_part.utility_called"),
        contacted,
        Tick::new("contact_utility"),
    );
    let passed_on = |since: Instant| told(body, Informed::Centre, since);
    let first = [called].into_iter().chain(contacted.map(passed_on));
    let changes = body
        .power
        .expectations
        .iter()
        .map(|expectation| expectation.at);
    let changed = changes.filter(|at| contacted.is_none_or(|first| *at > first));
    let mut rounds = vec![(out, first.collect())];
    rounds.extend(changed.map(|at| (at, vec![passed_on(at)])));
    for (index, (from, parts)) in rounds.into_iter().enumerate() {
        sheet.add("contact_utility", &["S7.4.5"], from, |duty| {
            duty.round = index as u32 + 1;
            of_parts(duty, parts);
            // When power is back nobody asks any more when it will be.
            if let Some(back) = body.power.restored_at.filter(|_| duty.pending()) {
                let why = Msg::new("na.outage_back").with("at", back);
                duty.outcome = Outcome::NotApplicable(why);
            }
        });
    }
}

/// 通报原因: cause and repair time to 服务中心's duty and its manager, once judged (S7.4.9.1).
fn inform_cause(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let ours = body.source() == Source::Building;
    if let Some(judged) = body.event.judged_at.filter(|_| ours) {
        sheet.add("inform_cause", &["S7.4.9.1"], judged, |duty| {
            let centre = told(body, Informed::Centre, judged);
            of_parts(
                duty,
                vec![centre, told(body, Informed::CentreManager, judged)],
            );
        });
    }
}

/// 立即排除故障恢复供电: a fault of our own, until power is back (S1.2.2, S7.4.9.3).
fn clear_fault(sheet: &mut Sheet<'_>, out: Instant) {
    let body = sheet.body();
    if body.source() == Source::Building {
        sheet.add("clear_fault", &["S1.2.2", "S7.4.9.3"], out, |duty| {
            duty.outcome = outcome(body.power.restored_at)
        });
    }
}

/// 预计恢复: each time that was promised, until power is back or another was told. One that passed before stays late:
/// somebody had to call again (S7.4.5).
pub(super) fn promised(sheet: &mut Sheet<'_>) {
    let power = &sheet.body().power;
    let promises = &power.expectations;
    for (index, promise) in promises.iter().enumerate() {
        let Some(expected) = promise.expected_restore else {
            continue;
        };
        let next = promises.get(index + 1).map(|next| next.at);
        let answered = match (next, power.restored_at) {
            (Some(next), Some(back)) => Some(next.min(back)),
            (next, back) => next.or(back),
        };
        let replaced = next.filter(|next| *next <= expected && answered == Some(*next));
        let round = index as u32 + 1;
        sheet.add("restore_expected", &["S7.4.5"], promise.at, |duty| {
            duty.round = round;
            duty.promised = Some(expected);
            duty.due = Some(expected);
            duty.outcome = match replaced {
                Some(_) => Outcome::Void,
                None => outcome(answered),
            };
            let why = Msg::new("trace.promised").with("from", promise.at);
            duty.trace = vec![why.with("due", expected)];
        });
    }
}

/// 停发电机: one that runs when power is back is stopped, or runs on for a reason (S7.4.3).
pub(super) fn generator_stop(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let Some(back) = body.power.restored_at else {
        return;
    };
    let ran_on = |answer: &&GeneratorAnswer| {
        answer.started && answer.stopped_at.is_none_or(|stopped| stopped > back)
    };
    let answers: Vec<&GeneratorAnswer> = body.scene.generator.iter().filter(ran_on).collect();
    let Some(from) = answers.iter().map(|answer| answer.at.max(back)).max() else {
        return;
    };
    let each: Option<Vec<Instant>> = answers.iter().map(|a| answered_for(a, back)).collect();
    let done = each.and_then(|times| times.into_iter().max());
    let clauses: &[&str] = match body.planned() {
        true => &["S7.4.8.2"],
        false => &["S7.4.3"],
    };
    sheet.add("generator_stop", clauses, from, |duty| {
        duty.outcome = outcome(done)
    });
}

/// When it was said what becomes of a generator that runs after power is back.
fn answered_for(answer: &GeneratorAnswer, back: Instant) -> Option<Instant> {
    let stays = answer.runs_on.iter().map(|stated| stated.at);
    stays
        .filter(|at| *at >= back)
        .chain(answer.stopped_at)
        .min()
}

/// 通报结果 to 服务中心经理 (S7.4.9.4).
pub(super) fn inform_result(sheet: &mut Sheet<'_>) {
    let body = sheet.body();
    let ours = body.source() == Source::Building;
    if let Some(back) = body.power.restored_at.filter(|_| ours) {
        let done = body.informed_since(Informed::CentreManager, back);
        sheet.add("inform_result", &["S7.4.9.4"], back, |duty| {
            duty.outcome = outcome(done);
            duty.tick = Some(Tick::new("inform").with("to", "centre_manager"));
        });
    }
}
