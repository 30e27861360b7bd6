//! Outages of the past, planned and sudden, from the first word to the closed sheet.

use serde_json::{Value, json};

use super::Town;
use super::calendar::on_day;
use super::life::{Life, instant};
use super::outage::Told;
use super::people::{ADMIN, CHIEF, GM};
use super::scenes::{self, FEEDS, ROOMS};
use crate::base::time::Instant;

/// A guard, a guardian and an operator for switching.
const GUARD: &str = "护卫员阿辉";

/// One that is over.
pub(super) fn past(town: &mut Town, at: Instant) -> Life {
    match town.dice.range(1, 100) {
        1..=32 => own_plan(town, at),
        33..=50 => utility_plan(town, at),
        51..=75 => sudden(town, at, true),
        76..=94 => sudden(town, at, false),
        _ => cancelled(town, at),
    }
}

/// The night of the day `days` after `at`.
fn night(town: &mut Town, at: Instant, days: i64) -> Instant {
    let hour = town.dice.pick(&[0, 1, 6, 22, 23]);
    on_day(town.zone, at, days, hour, 30)
}

fn own_plan(town: &mut Town, at: Instant) -> Life {
    let feed = town.dice.pick(&FEEDS);
    let days = town.dice.range(4, 6);
    let start = night(town, at, days);
    let why = town.dice.pick(&scenes::WORKS);
    let mut told = Told::plan(town, at, "building", why, start, feed);
    told.step(
        town,
        10,
        60,
        "report",
        json!({"to": "gm", "via": "written", "text": "停电计划已呈总经理"}),
    );
    told.approve(town, "cut", CHIEF);
    told.approve(town, "notice", GM);
    told.notices(town, 2);
    told.all_told(town);
    told.staff(town);
    told.ticket(town);
    told.story.at_time(start);
    told.step(town, 0, 4, "cut", json!({}));
    told.switch(town);
    told.step(
        town,
        20,
        60,
        "patrol",
        json!({"result": "各层应急照明正常，无异常"}),
    );
    told.back(town, 30, 120);
    told.close(town);
    told.story.end()
}

fn utility_plan(town: &mut Town, at: Instant) -> Life {
    let feed = town.dice.pick(&FEEDS);
    let days = town.dice.range(3, 5);
    let start = night(town, at, days);
    let why = town.dice.pick(&scenes::NOTICES);
    let mut told = Told::plan(town, at, "utility", why, start, feed);
    told.step(
        town,
        2,
        9,
        "report",
        json!({"to": "gm", "text": "供电局来文，已报总经理"}),
    );
    told.approve(town, "notice", GM);
    told.notices(town, 1);
    // Now and then the last user gets it a few hours late.
    if town.dice.chance(15) {
        told.story.at_time(start.plus_hours(-20));
    }
    told.all_told(town);
    told.staff(town);
    told.story.at_time(start);
    let reason = if why.contains("停电") {
        "按供电局时间停电"
    } else {
        "按供电局调度，时间紧未填操作票"
    };
    told.step(town, 0, 6, "cut", json!({"reason": reason}));
    if why.contains("转电") {
        for room in ROOMS {
            told.step(
                town,
                1,
                3,
                "inspect",
                json!({"place": room, "normal": true}),
            );
        }
    }
    told.step(
        town,
        10,
        30,
        "generator",
        json!({"started": true, "watcher": "谢永康", "areas": ["消防", "电梯"]}),
    );
    told.step(
        town,
        20,
        60,
        "patrol",
        json!({"result": "发电机带载正常，电梯、消防设备正常"}),
    );
    told.step(town, 60, 120, "generator_stop", json!({}));
    told.back(town, 2, 10);
    told.close(town);
    told.story.end()
}

fn cancelled(town: &mut Town, at: Instant) -> Life {
    let feed = town.dice.pick(&FEEDS);
    let start = night(town, at, 5);
    let why = town.dice.pick(&scenes::WORKS);
    let mut told = Told::plan(town, at, "building", why, start, feed);
    told.step(
        town,
        10,
        60,
        "report",
        json!({"to": "gm", "via": "written", "text": "停电计划已呈总经理"}),
    );
    told.approve(town, "notice", GM);
    told.notices(town, 1);
    told.all_told(town);
    told.staff(town);
    told.ticket(town);
    told.step(
        town,
        600,
        1500,
        "cancel",
        json!({"reason": "材料未到货，改期另行通知"}),
    );
    told.step(town, 30, 90, "notify_change", json!({}));
    told.story.end()
}

/// Power failed: by a fault of our own, or of the utility.
fn sudden(town: &mut Town, at: Instant, inside: bool) -> Life {
    let feed = town.dice.pick(&FEEDS);
    let mut told = Told::occur(town, at, feed);
    first_minutes(town, &mut told);
    let report = if inside {
        "大厦内部故障，正在抢修"
    } else {
        "供电局故障，已联系"
    };
    told.step(
        town,
        1,
        4,
        "report",
        json!({"to": "gm", "via": "phone", "text": report}),
    );
    told.approve(town, "broadcast", GM);
    told.step(
        town,
        1,
        4,
        "broadcast",
        json!({"text": "各位用户：现因供电故障停电，正在抢修，请勿惊慌"}),
    );
    let running = generator(town, &mut told);
    let (source, cause) = if inside {
        ("building", town.dice.pick(&scenes::FAULTS))
    } else {
        ("utility", town.dice.pick(&scenes::GRID))
    };
    let expected = told.story.at().plus_minutes(90);
    told.step(
        town,
        2,
        12,
        "classify",
        json!({"source": source, "cause": cause, "expected_restore": instant(expected)}),
    );
    told.step(
        town,
        1,
        3,
        "contact_utility",
        json!({"expected_restore": instant(expected)}),
    );
    told.step(
        town,
        1,
        3,
        "inform",
        json!({"to": "centre", "text": "预计一个半小时恢复"}),
    );
    if inside {
        told.step(
            town,
            1,
            3,
            "inform",
            json!({"to": "centre_manager", "text": cause}),
        );
    }
    if inside && feed.areas.len() > 1 && town.dice.chance(60) {
        let last: Vec<&str> = feed.areas.iter().copied().skip(1).collect();
        told.step(town, 15, 40, "restore_part", json!({"areas_out": last}));
    }
    told.back(town, 15, 110);
    if running {
        told.step(town, 1, 5, "generator_stop", json!({}));
    }
    let result = if inside {
        "故障已排除"
    } else {
        "供电局已恢复供电"
    };
    told.step(
        town,
        2,
        9,
        "inform",
        json!({"to": "centre_manager", "text": result}),
    );
    // One report in eight comes after its twelve hours.
    let minutes = if town.dice.chance(12) {
        800
    } else {
        town.dice.range(90, 500)
    };
    let text = format!("{cause}。处理经过见记录，{result}");
    told.step(
        town,
        minutes,
        minutes,
        "written_report",
        json!({"text": text}),
    );
    told.step(
        town,
        10,
        60,
        "draft_letter",
        json!({"text": format!("尊敬的用户：因{cause}造成停电，深表歉意")}),
    );
    told.story.wait(60).tell(
        &mut town.dice,
        ADMIN,
        "deliver",
        json!({"paper": "letter", "users": "all", "signed_by": "各用户签收"}),
    );
    if !inside {
        let days = town.dice.range(2, 4);
        let noon = on_day(town.zone, told.story.at(), days, 11, 0);
        told.story.at_time(noon);
        told.step(town, 0, 30, "utility_letter", json!({"step": "received"}));
        told.step(town, 20, 60, "utility_letter", json!({"step": "forwarded"}));
    }
    told.close(town);
    told.story.end()
}

/// On site, the centres told, the lifts looked at; sometimes somebody is in one.
pub(super) fn first_minutes(town: &mut Town, told: &mut Told) {
    let name = told.duty.name;
    told.step(town, 4, 9, "on_site", json!({"name": name}));
    told.step(town, 1, 2, "inform", json!({"to": "centre"}));
    told.step(town, 1, 2, "inform", json!({"to": "monitoring"}));
    let trapped = town.dice.chance(30);
    let cars: Vec<Value> = told
        .feed
        .cars
        .iter()
        .enumerate()
        .map(|(index, car)| match trapped && index == 0 {
            true => json!({"car": car, "trapped": true, "persons": 2}),
            false => json!({"car": car, "trapped": false}),
        })
        .collect();
    told.step(
        town,
        2,
        5,
        "lift_check",
        json!({"guard": GUARD, "cars": cars}),
    );
    if trapped {
        let car = told.feed.cars.first().copied().unwrap_or_default();
        told.step(town, 6, 15, "rescue", json!({"car": car, "released": true}));
    }
}

/// Whether the generator was started, or why not.
fn generator(town: &mut Town, told: &mut Told) -> bool {
    let started = town.dice.chance(70);
    let data = match started {
        true => {
            json!({"started": true, "watcher": "刘电工", "areas": ["消防", "电梯", "应急照明"]})
        }
        false => json!({"started": false, "reason": "局部故障，消防及电梯电源未受影响"}),
    };
    told.step(town, 1, 4, "generator", data);
    started
}
