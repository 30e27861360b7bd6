//! Complaints of the past: all of them over, but for what waits for the review at the end of the year.

use chrono::Datelike;
use serde_json::{Map, Value, json};

use super::Town;
use super::calendar::on_day;
use super::grievances::{self, Grievance};
use super::life::{Life, Story, instant};
use super::people::{
    ASSISTANT, CENTRE_MANAGER, QUALITY, RECEPTION, SERVICE_MANAGER, Staff, owner, phone, unit,
};
use crate::time::Instant;

/// The fields of `receive`, and who complained.
pub(super) fn received(town: &mut Town, about: &Grievance) -> (Value, String) {
    let name = owner(&mut town.dice);
    let facts: Map<String, Value> = about
        .facts
        .iter()
        .map(|fact| ((*fact).to_owned(), Value::Bool(true)))
        .collect();
    let letter = about.facts.contains(&"letter_to_company");
    let channel = if letter {
        "written"
    } else {
        town.dice
            .pick(&["phone", "phone", "phone", "counter", "wechat"])
    };
    let data = json!({
        "procedure": "property",
        "complainant": name,
        "content": about.content,
        "phone": phone(&mut town.dice),
        "unit": unit(&mut town.dice),
        "channel": channel,
        "written": letter,
        "facts": facts,
        "needs_other_department": !about.department.is_empty() && about.department != "客服部",
    });
    (data, name)
}

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
    told.notify(town, &["gm"]);
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

/// A complaint being told.
pub(super) struct Told {
    /// Its story.
    pub(super) story: Story,
    /// Who complained.
    pub(super) name: String,
    about: Grievance,
}

impl Told {
    /// Received at the front desk.
    pub(super) fn begin(town: &mut Town, at: Instant, about: Grievance) -> Self {
        let mut story = Story::new("complaint", at, town.now);
        let (data, name) = received(town, &about);
        story.tell(&mut town.dice, RECEPTION, "receive", data);
        Self { story, name, about }
    }

    /// Whether somebody else must act.
    pub(super) fn other_department(&self) -> bool {
        !self.about.department.is_empty() && self.about.department != "客服部"
    }

    /// A step between `least` and `most` minutes after the one before.
    pub(super) fn step(
        &mut self,
        town: &mut Town,
        least: i64,
        most: i64,
        who: Staff,
        action: &'static str,
        data: Value,
    ) {
        let minutes = town.dice.range(least, most);
        self.story
            .wait(minutes)
            .tell(&mut town.dice, who, action, data);
    }

    /// Goes on in the morning, days later.
    pub(super) fn next_day(&mut self, town: &mut Town, days: i64) {
        let (hour, minute) = (town.dice.range(9, 16) as u32, town.dice.range(0, 59) as u32);
        self.story
            .at_time(on_day(town.zone, self.story.at(), days, hour, minute));
    }

    /// Told upwards.
    pub(super) fn notify(&mut self, town: &mut Town, roles: &[&str]) {
        for role in roles {
            self.step(
                town,
                1,
                4,
                SERVICE_MANAGER,
                "notify",
                json!({"role_told": role}),
            );
        }
    }

    /// Handed to the department, which writes cause and measures.
    pub(super) fn hand_over(&mut self, town: &mut Town) {
        let (least, most) = if town.dice.chance(8) {
            (31, 70)
        } else {
            (2, 14)
        };
        let department = self.about.department;
        self.step(
            town,
            least,
            most,
            SERVICE_MANAGER,
            "hand_over",
            json!({"department": department}),
        );
        let data = json!({"cause": self.about.cause, "measures": self.about.measures, "department": department});
        self.step(town, 10, 50, ASSISTANT, "measure", data);
    }

    /// Solved.
    pub(super) fn resolve(&mut self, town: &mut Town) {
        let result = self.about.result;
        self.step(town, 0, 20, ASSISTANT, "resolve", json!({"result": result}));
    }

    /// The owner is asked; one in twelve is not content, and it is done again.
    pub(super) fn revisit(&mut self, town: &mut Town, method: &'static str) {
        let who = if method == "visit" {
            SERVICE_MANAGER
        } else {
            ASSISTANT
        };
        let signed = if method == "visit" {
            self.name.clone()
        } else {
            ASSISTANT.name.to_owned()
        };
        let visit = |satisfied: bool| json!({"method": method, "satisfied": satisfied, "signed_by": signed});
        if town.dice.chance(8) {
            let mut unhappy = visit(false);
            let why = town.dice.pick(&grievances::UNHAPPY);
            if let Some(map) = unhappy.as_object_mut() {
                map.insert("note".into(), why.into());
            }
            self.step(town, 100, 200, who, "revisit", unhappy);
            if method == "visit" {
                self.step(
                    town,
                    200,
                    300,
                    SERVICE_MANAGER,
                    "answer",
                    json!({"text": "加派人手返工，两日内完成"}),
                );
            }
            self.step(
                town,
                400,
                900,
                ASSISTANT,
                "resolve",
                json!({"result": "返工后重新检查，确认解决"}),
            );
            if method == "visit" {
                self.step(
                    town,
                    60,
                    90,
                    QUALITY,
                    "recheck",
                    json!({"result": "复查合格"}),
                );
            }
        }
        self.step(town, 60, 300, who, "revisit", visit(true));
    }

    /// After closing: reported upwards, and looked at again when somebody comes by.
    pub(super) fn afterwards(&mut self, town: &mut Town, roles: &[&str]) {
        self.notify(town, roles);
        self.next_day(town, 1);
        let signed = self.name.clone();
        self.step(
            town,
            10,
            60,
            ASSISTANT,
            "revisit",
            json!({"method": "visit", "satisfied": true, "signed_by": signed}),
        );
    }
}

/// When an owner asks to have it done.
pub(super) fn asked_for(data: &mut Value, at: Instant) {
    if let Some(map) = data.as_object_mut() {
        map.insert("requested_by".into(), instant(at));
    }
}
