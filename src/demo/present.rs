//! What is going on at 阳光广场 right now: a blackout, a cut planned for tomorrow, the day's slips, complaints with the
//! clock running. Every scene is told from the moment the demo ends at.

use serde_json::json;

use super::Town;
use super::applications::Metered;
use super::calendar::on_day;
use super::complaint::{self, Told as Complaint};
use super::grievances::{IMPORTANT, INVALID, MAJOR, MINOR};
use super::life::{Life, Story};
use super::log;
use super::outage::Told as Outage;
use super::people::{
    ASSISTANT, CENTRE_MANAGER, CHIEF, DUTY, GM, QUALITY, RECEPTION, SERVICE_MANAGER, flat, phone,
};
use super::scenes::{FEEDS, WORKS};
use super::today;
use crate::base::time::Instant;

/// A scene: how many minutes ago it began, and how it is told.
pub(super) type Scene = (i64, fn(&mut Town, Instant) -> Life);

const DAY: i64 = 1440;

/// Every scene.
pub(super) const SCENES: [Scene; 25] = [
    (32, blackout),
    (2 * DAY, cut_tomorrow),
    (6, today::just_issued),
    (70, today::arrival_late),
    (25, today::on_the_way),
    (95, today::on_site),
    (130, today::quoted),
    (150, today::nobody_home),
    (DAY + 120, today::waiting_for_material),
    (200, today::accepted),
    (330, today::handed_in),
    (DAY + 360, today::not_handed_in),
    (6 * DAY, today::done_again),
    (100, today::refused),
    (22, hand_over_soon),
    (DAY, answer_tomorrow),
    (26 * 60, solved_late),
    (160, wanted_tomorrow),
    (5 * DAY, to_revisit),
    (90, perhaps_invalid),
    (4 * DAY, just_closed),
    (75 * DAY, supplied),
    (7 * DAY, to_inspect),
    (10 * 60, carried),
    (9 * 60, night_repair),
];

/// Half an hour ago the power went out; some of it is done.
fn blackout(town: &mut Town, at: Instant) -> Life {
    let mut told = Outage::occur(town, at, FEEDS[2]);
    told.duty = DUTY[0];
    let car = told.feed.cars.first().copied().unwrap_or_default();
    let other = told.feed.cars.last().copied().unwrap_or_default();
    let story = &mut told.story;
    story
        .wait(8)
        .tell_after(1, DUTY[0], "on_site", json!({"name": DUTY[0].name}));
    story
        .wait(2)
        .tell_after(1, DUTY[0], "inform", json!({"to": "centre"}));
    story.wait(4).tell_after(
        0,
        DUTY[0],
        "lift_check",
        json!({"guard": "护卫员阿辉", "cars": [
            {"car": car, "trapped": true, "persons": 2}, {"car": other, "trapped": false},
        ]}),
    );
    story.wait(3).tell_after(
        1,
        DUTY[0],
        "report",
        json!({"to": "gm", "via": "phone", "text": "B座全停，原因待查"}),
    );
    story
        .wait(6)
        .tell_after(0, DUTY[0], "rescue", json!({"car": car, "released": true}));
    told.story.end()
}

/// A cut of our own, a little more than a day ahead, its notice half delivered.
fn cut_tomorrow(town: &mut Town, at: Instant) -> Life {
    let start = town.now.plus_minutes(25 * 60 + 30);
    let mut told = Outage::plan(town, at, "building", WORKS[1], start, FEEDS[3]);
    told.step(
        town,
        20,
        40,
        "report",
        json!({"to": "gm", "via": "written", "text": "停电计划已呈总经理"}),
    );
    told.approve(town, "cut", CHIEF);
    told.approve(town, "notice", GM);
    told.notices(town, 3);
    told.staff(town);
    told.story.end()
}

/// Another department must have it within half an hour.
fn hand_over_soon(town: &mut Town, at: Instant) -> Life {
    let mut story = Story::new("complaint", at, town.now);
    let (data, _) = complaint::received(town, &IMPORTANT[0]);
    story.tell_after(2, RECEPTION, "receive", data);
    story.wait(9).tell_after(
        1,
        SERVICE_MANAGER,
        "notify",
        json!({"role_told": "centre_manager"}),
    );
    story.end()
}

/// A major one: a definite answer is due on the second working day.
fn answer_tomorrow(town: &mut Town, at: Instant) -> Life {
    let mut told = Complaint::begin(town, at, MAJOR[1]);
    told.step(
        town,
        5,
        15,
        SERVICE_MANAGER,
        "stop_harm",
        json!({"text": "已关闭立管阀门，抽水机到场"}),
    );
    told.notify(town, &["centre_manager", "quality", "gm"]);
    told.hand_over(town);
    told.step(
        town,
        60,
        120,
        QUALITY,
        "meeting",
        json!({"kind": "emergency", "conclusion": "先止损除湿，工程部查明责任"}),
    );
    told.step(
        town,
        60,
        120,
        CENTRE_MANAGER,
        "apologise",
        json!({"who": "服务中心经理、客服部经理、责任部门主管"}),
    );
    told.story.end()
}

fn solved_late(town: &mut Town, at: Instant) -> Life {
    let mut told = Complaint::begin(town, at, MINOR[8]);
    told.hand_over(town);
    told.story.end()
}

/// The owner said by when.
fn wanted_tomorrow(town: &mut Town, at: Instant) -> Life {
    let mut story = Story::new("complaint", at, town.now);
    let (mut data, _) = complaint::received(town, &MINOR[13]);
    complaint::asked_for(&mut data, on_day(town.zone, town.now, 1, 12, 0));
    story.tell_after(3, RECEPTION, "receive", data);
    story.end()
}

fn to_revisit(town: &mut Town, at: Instant) -> Life {
    let mut told = Complaint::begin(town, at, IMPORTANT[2]);
    told.notify(town, &["centre_manager", "gm"]);
    told.hand_over(town);
    told.step(
        town,
        60,
        120,
        SERVICE_MANAGER,
        "apologise",
        json!({"who": "客服部经理"}),
    );
    told.next_day(town, 1);
    told.resolve(town);
    told.story.end()
}

fn perhaps_invalid(town: &mut Town, at: Instant) -> Life {
    Complaint::begin(town, at, INVALID[0]).story.end()
}

fn just_closed(town: &mut Town, at: Instant) -> Life {
    let mut told = Complaint::begin(town, at, MINOR[4]);
    told.hand_over(town);
    told.step(
        town,
        200,
        400,
        ASSISTANT,
        "resolve",
        json!({"result": MINOR[4].result}),
    );
    let signed = told.name.clone();
    told.next_day(town, 1);
    told.step(
        town,
        30,
        60,
        ASSISTANT,
        "revisit",
        json!({"method": "visit", "satisfied": true, "signed_by": signed}),
    );
    told.story.end()
}

/// Supplied for two months: last month's bill is unpaid, this month's reading lies ahead.
fn supplied(town: &mut Town, at: Instant) -> Life {
    let mut metered = Metered::apply(town, at);
    metered.approve(town);
    metered.supply(town);
    metered.months_until_now(town);
    metered.story.end()
}

fn to_inspect(town: &mut Town, at: Instant) -> Life {
    let mut metered = Metered::apply(town, at);
    metered.approve(town);
    metered.step(town, 900, 1500, "wire", json!({}));
    metered.step(town, 200, 400, "inspect", json!({"passed": false, "defects": "配电箱未接地，漏电保护器动作电流偏大", "name": DUTY[1].name}));
    metered.story.end()
}

fn carried(town: &mut Town, at: Instant) -> Life {
    let mut story = Story::new("log", at, town.now);
    let text = log::carried(town);
    story.tell_after(5, DUTY[3], "entry", json!({"text": text, "kind": "carry"}));
    story.end()
}

/// Repaired at night; its slip is not issued yet (S2.1).
fn night_repair(town: &mut Town, at: Instant) -> Life {
    let mut story = Story::new("log", at, town.now);
    let place = flat(&mut town.dice);
    let text = format!(
        "{place}总阀后接头漏水，已更换，业主电话{}",
        phone(&mut town.dice)
    );
    story.tell_after(
        35,
        DUTY[3],
        "entry",
        json!({"text": text, "kind": "night_repair", "unit": place}),
    );
    story.end()
}

/// The shift that is on.
pub(super) fn shift(town: &mut Town, begin: Instant, band: &str) -> Life {
    let mut story = Story::new("log", begin, town.now);
    story.tell_after(
        3,
        DUTY[0],
        "shift",
        json!({"band": band, "people": [DUTY[0].name, "刘电工"]}),
    );
    story.end()
}
