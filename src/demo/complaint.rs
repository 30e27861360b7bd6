//! How a complaint is told, step by step.

use serde_json::{Map, Value, json};

use super::Town;
use super::calendar::on_day;
use super::grievances::{self, Grievance};
use super::life::{Story, instant};
use super::people::{ASSISTANT, QUALITY, RECEPTION, SERVICE_MANAGER, Staff, owner, phone, unit};
use crate::base::time::Instant;

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
        let mut told = Self { story, name, about };
        // What is not settled on the spot is told to the service manager at once (S5.4.3.1, S5.4.3.2).
        if !about.facts.contains(&"settled_on_the_spot") {
            let data = json!({"role_told": "service_manager"});
            told.step(town, 1, 3, RECEPTION, "notify", data);
        }
        told
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
            // Another round owes the handing over anew (S5.4.4.1a.iii).
            if self.other_department() {
                self.hand_over(town);
            }
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

/// When an owner asks to have it done.
pub(super) fn asked_for(data: &mut Value, at: Instant) {
    if let Some(map) = data.as_object_mut() {
        map.insert("requested_by".into(), instant(at));
    }
}
