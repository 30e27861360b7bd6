//! How an outage is told, step by step.

use serde_json::{Value, json};

use super::Town;
use super::life::{Story, instant};
use super::people::{ADMIN, CHIEF, DUTY, SUPERVISOR, Staff};
use super::scenes::{self, ABNORMAL, Feed, ROOMS};
use crate::base::time::Instant;

/// An outage being told.
pub(super) struct Told {
    /// Its story.
    pub(super) story: Story,
    /// What it cuts off.
    pub(super) feed: Feed,
    /// Who is on duty.
    pub(super) duty: Staff,
}

impl Told {
    /// A plan that became known at `at`, for `start`.
    pub(super) fn plan(
        town: &mut Town,
        at: Instant,
        source: &str,
        reason: &str,
        start: Instant,
        feed: Feed,
    ) -> Self {
        let mut told = Self {
            story: Story::new("outage", at, town.now),
            feed,
            duty: town.dice.pick(&DUTY),
        };
        let form = match reason {
            _ if reason.contains("转电") => "transfer",
            _ if reason.contains("限电") => "restriction",
            _ => "outage",
        };
        let hours = town.dice.range(2, 5);
        let data = json!({
            "source": source, "form": form, "reason": reason, "areas": feed.areas, "users": feed.users,
            "plan_start": instant(start), "plan_end": instant(start.plus_hours(hours)),
            "our_switches": source == "building",
        });
        told.story.tell(&mut town.dice, told.duty, "plan", data);
        told
    }

    /// Power that went out at `at`; somebody called a little later.
    pub(super) fn occur(town: &mut Town, at: Instant, feed: Feed) -> Self {
        let mut told = Self {
            story: Story::new("outage", at, town.now),
            feed,
            duty: town.dice.pick(&DUTY),
        };
        let called = at.plus_minutes(town.dice.range(1, 3));
        let informant = town.dice.pick(&scenes::INFORMANTS);
        let data = json!({"informant": informant, "areas": feed.areas, "users": feed.users, "received": instant(called)});
        told.story.tell_after(4, told.duty, "occur", data);
        told
    }

    /// A step between `least` and `most` minutes after the one before, by the engineer on duty.
    pub(super) fn step(
        &mut self,
        town: &mut Town,
        least: i64,
        most: i64,
        action: &'static str,
        data: Value,
    ) {
        let minutes = town.dice.range(least, most);
        self.story
            .wait(minutes)
            .tell(&mut town.dice, self.duty, action, data);
    }

    /// A decision, by whom.
    pub(super) fn approve(&mut self, town: &mut Town, gate: &str, who: Staff) {
        let data = json!({"gate": gate, "decision": "yes", "name": who.name, "role": who.role, "via": town.dice.pick(&["written", "phone"])});
        self.step(town, 5, 30, "approve", data);
    }

    /// The notice issued, announced, and brought to the first users.
    pub(super) fn notices(&mut self, town: &mut Town, first: usize) {
        self.step(town, 10, 40, "issue_notice", json!({}));
        self.step(
            town,
            5,
            20,
            "announce",
            json!({"text": "停电时间、范围已知会服务中心，公告张贴"}),
        );
        let some: Vec<&str> = self.feed.users.iter().copied().take(first).collect();
        self.story.wait(30).tell(
            &mut town.dice,
            ADMIN,
            "deliver",
            json!({"paper": "notice", "users": some, "signed_by": "前台签收"}),
        );
    }

    /// The notice brought to everybody else.
    pub(super) fn all_told(&mut self, town: &mut Town) {
        self.story.wait(40).tell(
            &mut town.dice,
            ADMIN,
            "deliver",
            json!({"paper": "notice", "users": "all", "signed_by": "各用户签收"}),
        );
    }

    /// People assigned.
    pub(super) fn staff(&mut self, town: &mut Town) {
        let names = [self.duty.name, "刘电工", "谢永康"];
        self.story
            .wait(20)
            .tell(&mut town.dice, CHIEF, "staff", json!({"names": names}));
    }

    /// The operation ticket, filled in and signed.
    pub(super) fn ticket(&mut self, town: &mut Town) {
        let steps = json!([
            {"operation": "断开低压出线断路器", "device": "2AA-03断路器"},
            {"operation": "拉开隔离开关", "device": "2AA-03隔离开关"},
            {"operation": "验电并挂接地线", "device": "2段出线电缆"},
        ]);
        let task = format!("{}停电操作", self.feed.areas.join("、"));
        self.step(
            town,
            20,
            60,
            "ticket",
            json!({"task": task, "operator": "刘电工", "guardian": "谢永康", "steps": steps}),
        );
        self.story.wait(15).tell(
            &mut town.dice,
            SUPERVISOR,
            "sign_ticket",
            json!({"name": SUPERVISOR.name, "role": SUPERVISOR.role}),
        );
    }

    /// The steps of the ticket, read back and done.
    pub(super) fn switch(&mut self, town: &mut Town) {
        for n in 1..=3 {
            self.step(
                town,
                1,
                3,
                "step",
                json!({"n": n, "read_back": true, "done": true}),
            );
        }
    }

    /// Power back and the five places looked at; now and then something was put right on the spot.
    pub(super) fn back(&mut self, town: &mut Town, least: i64, most: i64) {
        self.step(town, least, most, "restore", json!({}));
        let odd = match town.dice.chance(20) {
            true => town.dice.pick(&ABNORMAL),
            false => Default::default(),
        };
        for room in ROOMS {
            let data = match odd.0 == room {
                true => json!({"place": room, "normal": true, "note": odd.1}),
                false => json!({"place": room, "normal": true}),
            };
            self.step(town, 2, 6, "inspect", data);
        }
    }

    pub(super) fn close(&mut self, town: &mut Town) {
        let name = self.duty.name;
        self.step(town, 20, 300, "close", json!({"name": name}));
    }
}
