//! What is going on at 阳光广场 right now: a blackout, a cut planned for tomorrow, the day's slips, complaints with the
//! clock running. Every scene is told from the moment the demo ends at.

use serde_json::json;

use super::Town;
use super::applications::Metered;
use super::calendar::on_day;
use super::complaints::{self, Told as Complaint};
use super::grievances::{IMPORTANT, INVALID, MAJOR, MINOR};
use super::life::{Life, Story, instant};
use super::log;
use super::outages::Told as Outage;
use super::people::{
    ASSISTANT, CENTRE_MANAGER, CHIEF, CLERK, DUTY, GM, QUALITY, RECEPTION, SERVICE_MANAGER,
    SYSTEM_ENGINEER, flat, phone,
};
use super::repairs::{self, Slip};
use super::scenes::{FEEDS, WORKS};
use super::words::{DECLINED, NOT_ADMITTED};
use crate::time::Instant;

/// A scene: how many minutes ago it began, and how it is told.
pub(super) type Scene = (i64, fn(&mut Town, Instant) -> Life);

const DAY: i64 = 1440;

/// Every scene.
pub(super) const SCENES: [Scene; 25] = [
    (32, blackout),
    (2 * DAY, cut_tomorrow),
    (6, just_issued),
    (70, arrival_late),
    (25, on_the_way),
    (95, on_site),
    (130, quoted),
    (150, nobody_home),
    (DAY + 120, waiting_for_material),
    (200, accepted),
    (330, handed_in),
    (DAY + 360, not_handed_in),
    (6 * DAY, done_again),
    (100, refused),
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

fn issue(town: &mut Town, at: Instant, promised: i64) -> (Story, Slip) {
    let mut slip = repairs::slip(town, at);
    if let Some(map) = slip.data.as_object_mut() {
        map.insert(
            "promised_arrival".into(),
            instant(at.plus_minutes(promised)),
        );
    }
    let mut story = Story::new("work-order", at, town.now);
    story.tell_after(2, CLERK, "issue", slip.data.clone());
    (story, slip)
}

fn signed_for(town: &mut Town, at: Instant, promised: i64) -> (Story, Slip) {
    let (mut story, slip) = issue(town, at, promised);
    story
        .wait(9)
        .tell_after(1, CLERK, "sign_for", json!({"technician": slip.technician}));
    (story, slip)
}

fn arrived(town: &mut Town, at: Instant) -> (Story, Slip) {
    let (mut story, slip) = signed_for(town, at, 60);
    story
        .wait(30)
        .tell_after(3, CLERK, "arrive", json!({"technician": slip.technician}));
    (story, slip)
}

fn finished(town: &mut Town, at: Instant) -> (Story, Slip) {
    let (mut story, slip) = arrived(town, at);
    story.wait(50).tell_after(
        4,
        CLERK,
        "finish",
        json!({"result": slip.repair.result, "protection": "穿鞋套，铺防尘布"}),
    );
    story
        .wait(5)
        .tell_after(1, CLERK, "accept", json!({"signed_by": slip.reporter}));
    (story, slip)
}

fn back_at_the_desk(story: &mut Story, slip: &Slip) {
    story.wait(10).tell_after(
        1,
        CLERK,
        "tech_sign",
        json!({"technician": slip.technician}),
    );
    story.wait(20).tell_after(
        1,
        SYSTEM_ENGINEER,
        "review",
        json!({"engineer": SYSTEM_ENGINEER.name}),
    );
    story
        .wait(10)
        .tell_after(1, CLERK, "hand_in", json!({"clerk": CLERK.name}));
}

fn just_issued(town: &mut Town, at: Instant) -> Life {
    issue(town, at, 120).0.end()
}

fn arrival_late(town: &mut Town, at: Instant) -> Life {
    signed_for(town, at, 60).0.end()
}

fn on_the_way(town: &mut Town, at: Instant) -> Life {
    signed_for(town, at, 60).0.end()
}

fn on_site(town: &mut Town, at: Instant) -> Life {
    arrived(town, at).0.end()
}

fn quoted(town: &mut Town, at: Instant) -> Life {
    let (mut story, _) = arrived(town, at);
    story.wait(10).tell_after(1, CLERK, "quote", json!({"amount_fen": 12_000, "items": [
        {"name": "材料", "qty": 1, "price_fen": 9_000}, {"name": "人工", "qty": 1, "price_fen": 3_000},
    ]}));
    story.end()
}

fn refused(town: &mut Town, at: Instant) -> Life {
    let (mut story, slip) = arrived(town, at);
    story
        .wait(10)
        .tell_after(1, CLERK, "quote", json!({"amount_fen": 26_000}));
    story.wait(5).tell_after(
        2,
        CLERK,
        "decline",
        json!({"reason": DECLINED[0], "signed_by": slip.reporter}),
    );
    story.end()
}

fn nobody_home(town: &mut Town, at: Instant) -> Life {
    let (mut story, slip) = signed_for(town, at, 60);
    let next = town.now.plus_minutes(180);
    story.wait(40).tell_after(5, CLERK, "arrive", json!({"technician": slip.technician, "admitted": false, "reason": NOT_ADMITTED[0], "next_visit": instant(next)}));
    story.end()
}

fn waiting_for_material(town: &mut Town, at: Instant) -> Life {
    let (mut story, slip) = arrived(town, at);
    let material = if slip.repair.material.is_empty() {
        "专用配件"
    } else {
        slip.repair.material
    };
    let next = on_day(town.zone, town.now, 1, 10, 0);
    story.wait(20).tell_after(
        2,
        CLERK,
        "wait_material",
        json!({"materials": material, "next_visit": instant(next)}),
    );
    story.end()
}

fn accepted(town: &mut Town, at: Instant) -> Life {
    finished(town, at).0.end()
}

fn handed_in(town: &mut Town, at: Instant) -> Life {
    let (mut story, slip) = finished(town, at);
    back_at_the_desk(&mut story, &slip);
    story.end()
}

/// Finished yesterday, and still not with the clerk.
fn not_handed_in(town: &mut Town, at: Instant) -> Life {
    let (mut story, slip) = finished(town, at);
    story.wait(10).tell_after(
        1,
        CLERK,
        "tech_sign",
        json!({"technician": slip.technician}),
    );
    story.end()
}

/// Found badly done at the revisit: the slip for doing it again has just come out.
fn done_again(town: &mut Town, at: Instant) -> Life {
    let (mut story, slip) = finished(town, at);
    back_at_the_desk(&mut story, &slip);
    story
        .at_time(on_day(town.zone, at, 1, 10, 0))
        .tell_after(2, CLERK, "archive", json!({}));
    story.at_time(town.now.plus_minutes(-18));
    story.tell_after(3, SYSTEM_ENGINEER, "revisit", json!({"satisfied": false, "method": "phone", "by": SYSTEM_ENGINEER.name, "note": "业主反映两天后又出现"}));
    story.end()
}

/// Another department must have it within half an hour.
fn hand_over_soon(town: &mut Town, at: Instant) -> Life {
    let mut story = Story::new("complaint", at, town.now);
    let (data, _) = complaints::received(town, &IMPORTANT[0]);
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
    let (mut data, _) = complaints::received(town, &MINOR[13]);
    complaints::asked_for(&mut data, on_day(town.zone, town.now, 1, 12, 0));
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
