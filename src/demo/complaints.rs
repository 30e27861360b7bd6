//! Complaints of the past: all of them over, but for what waits for the review at the end of the year.

use chrono::Datelike;
use serde_json::json;

use super::Town;
use super::complaint::Told;
use super::grievances;
use super::life::Life;
use super::people::{ASSISTANT, CENTRE_MANAGER, QUALITY, SERVICE_MANAGER};
use crate::base::time::Instant;

/// Light ones that may have come a few days ago.
pub(super) fn light(town: &mut Town, at: Instant) -> Life {
    let about = town.dice.pick(&grievances::MINOR);
    let mut told = Told::begin(town, at, about);
    if told.other_department() {
        told.hand_over(town);
    }
    let hours = if town.dice.chance(6) {
        29
    } else {
        town.dice.range(1, 20)
    };
    told.story.wait(hours * 60);
    told.resolve(town);
    told.revisit(town, "phone");
    told.afterwards(town, &["centre_manager"]);
    told.story.end()
}

/// Heavier ones, which must have come weeks ago.
pub(super) fn heavy(town: &mut Town, at: Instant) -> Life {
    match town.dice.range(1, 100) {
        1..=64 => important(town, at),
        65..=80 => major(town, at),
        81..=91 => invalid(town, at),
        _ => deferred(town, at),
    }
}

fn important(town: &mut Town, at: Instant) -> Life {
    let about = town.dice.pick(&grievances::IMPORTANT);
    let mut told = Told::begin(town, at, about);
    told.notify(town, &["centre_manager", "gm"]);
    if told.other_department() {
        told.hand_over(town);
    }
    told.step(
        town,
        60,
        300,
        SERVICE_MANAGER,
        "apologise",
        json!({"who": "客服部经理"}),
    );
    let days = if town.dice.chance(10) {
        6
    } else {
        town.dice.range(1, 2)
    };
    told.next_day(town, days);
    told.resolve(town);
    told.revisit(town, "phone");
    told.afterwards(town, &["centre_manager", "quality"]);
    told.story.end()
}

fn major(town: &mut Town, at: Instant) -> Life {
    let about = town.dice.pick(&grievances::MAJOR);
    let mut told = Told::begin(town, at, about);
    if about.facts.contains(&"harm_continues") {
        told.step(
            town,
            5,
            20,
            SERVICE_MANAGER,
            "stop_harm",
            json!({"text": "已关闭阀门并派人抽水"}),
        );
    }
    told.notify(town, &["centre_manager", "quality", "gm"]);
    if told.other_department() {
        told.hand_over(town);
    }
    told.step(
        town,
        60,
        200,
        QUALITY,
        "meeting",
        json!({"kind": "emergency", "conclusion": about.measures}),
    );
    told.next_day(town, 1);
    told.step(
        town,
        5,
        60,
        SERVICE_MANAGER,
        "answer",
        json!({"text": format!("原因：{}。措施：{}", about.cause, about.measures)}),
    );
    told.step(
        town,
        60,
        120,
        CENTRE_MANAGER,
        "apologise",
        json!({"who": "服务中心经理、客服部经理、责任部门主管"}),
    );
    told.step(
        town,
        60,
        120,
        CENTRE_MANAGER,
        "meeting",
        json!({"kind": "special", "conclusion": "责任部门限期整改，品质部复查"}),
    );
    if about.facts.contains(&"letter_to_company") {
        told.step(
            town,
            30,
            60,
            CENTRE_MANAGER,
            "letter",
            json!({"text": "来函收悉，处理意见如附件，深表歉意"}),
        );
    }
    let days = town.dice.range(3, 6);
    told.next_day(town, days);
    told.resolve(town);
    told.next_day(town, 1);
    told.step(
        town,
        10,
        60,
        QUALITY,
        "recheck",
        json!({"result": "复查合格，整改记录齐全"}),
    );
    told.revisit(town, "visit");
    told.afterwards(town, &["centre_manager"]);
    told.story.end()
}

fn invalid(town: &mut Town, at: Instant) -> Life {
    let about = town.dice.pick(&grievances::INVALID);
    let mut told = Told::begin(town, at, about);
    told.step(
        town,
        30,
        240,
        SERVICE_MANAGER,
        "judge",
        json!({"validity": "invalid", "reason": "经核实非物业管理责任", "role": "service_manager"}),
    );
    told.step(
        town,
        30,
        500,
        ASSISTANT,
        "explain",
        json!({"text": about.measures}),
    );
    told.story.end()
}

/// Put off, and taken up at the review of its year; this year's few wait for it.
fn deferred(town: &mut Town, at: Instant) -> Life {
    let about = town.dice.pick(&grievances::DEFERRED);
    let mut told = Told::begin(town, at, about);
    told.notify(town, &["centre_manager", "quality"]);
    told.next_day(town, 1);
    told.step(
        town,
        10,
        60,
        ASSISTANT,
        "explain",
        json!({"text": about.measures}),
    );
    let name = told.name.clone();
    told.step(
        town,
        20,
        60,
        SERVICE_MANAGER,
        "defer",
        json!({"reason": about.cause, "signed_by": name, "role": "service_manager"}),
    );
    told.step(
        town,
        60,
        240,
        CENTRE_MANAGER,
        "meeting",
        json!({"kind": "special", "conclusion": about.measures}),
    );
    let (year, this_year) = (
        town.zone.date(told.story.at()).year(),
        town.zone.date(town.now).year(),
    );
    if year == this_year && town.waiting < 3 {
        town.waiting += 1;
        return told.story.end();
    }
    match year == this_year {
        true => told.next_day(town, 5),
        false => {
            let review = chrono::NaiveDate::from_ymd_opt(year, 12, 28).unwrap_or_default();
            let ten = chrono::NaiveTime::from_hms_opt(10, 0, 0).unwrap_or_default();
            told.story.at_time(town.zone.at(review, ten));
        }
    }
    told.step(
        town,
        0,
        30,
        CENTRE_MANAGER,
        "take_up",
        json!({"reason": "投诉评审会：列入整改"}),
    );
    told.notify(town, &["centre_manager", "gm"]);
    told.step(
        town,
        20,
        60,
        SERVICE_MANAGER,
        "hand_over",
        json!({"department": "工程部"}),
    );
    told.step(
        town,
        20,
        60,
        SERVICE_MANAGER,
        "measure",
        json!({"cause": about.cause, "measures": about.measures, "department": "工程部"}),
    );
    told.step(
        town,
        60,
        120,
        SERVICE_MANAGER,
        "apologise",
        json!({"who": "客服部经理"}),
    );
    told.next_day(town, 2);
    told.resolve(town);
    told.revisit(town, "phone");
    told.afterwards(town, &["centre_manager", "quality"]);
    told.story.end()
}
