//! Temporary electricity: for fitting-out, sales, works; by meter or by estimate.

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde_json::{Value, json};

use super::Town;
use super::calendar::on_day;
use super::life::{Life, Story, instant};
use super::people::{CLERK, DUTY, SUPERVISOR, office, person, phone, shop};
use crate::base::time::Instant;

const APPLICANTS: [&str; 14] = [
    "鸿业装饰有限公司",
    "华艺空间装饰有限公司",
    "金匠建筑装饰工程有限公司",
    "名筑装饰设计有限公司",
    "鼎立幕墙工程有限公司",
    "顺安消防工程有限公司",
    "优享会展服务有限公司",
    "星光影城",
    "百佳超市",
    "锦绣婚庆策划有限公司",
    "通达电梯维保有限公司",
    "绿洲园林工程有限公司",
    "美家软装有限公司",
    "宏远机电安装有限公司",
];
const PURPOSES: [&str; 6] = [
    "室内装修",
    "节日促销舞台",
    "外墙清洗吊篮",
    "消防改造焊接",
    "设备安装调试",
    "临时展位照明",
];
/// Yuan a kWh, and the same in fen.
const PRICE: (&str, i64) = ("0.85", 85);

/// One that is settled, or came to nothing.
pub(super) fn past(town: &mut Town, at: Instant) -> Life {
    let ending = town.dice.range(1, 100);
    if ending > 60 {
        return estimate(town, at, ending);
    }
    let mut metered = Metered::apply(town, at);
    match ending {
        1..=4 => {
            metered.step(town, 200, 900, "reject", json!({"reason": "所申请负荷超出该回路容量", "name": SUPERVISOR.name, "role": SUPERVISOR.role}));
            return metered.story.end();
        }
        5..=8 => {
            metered.step(
                town,
                600,
                2000,
                "withdraw",
                json!({"reason": "改由业主户内取电"}),
            );
            return metered.story.end();
        }
        9..=16 => metered.step(
            town,
            100,
            400,
            "return",
            json!({"reason": "负荷清单未盖章，请补正"}),
        ),
        _ => {}
    }
    metered.approve(town);
    metered.supply(town);
    let months = town.dice.range(0, 2);
    for _ in 0..months {
        metered.month(town, true);
    }
    metered.end(town);
    metered.story.end()
}

/// A metered supply being told.
pub(super) struct Metered {
    /// Its story.
    pub(super) story: Story,
    ratio: i64,
    /// What the meter shows.
    shown: i64,
    billed: i64,
    bills: u32,
}

impl Metered {
    /// Applied for at `at`.
    pub(super) fn apply(town: &mut Town, at: Instant) -> Self {
        let three = town.dice.chance(40);
        let mut story = Story::new("application", at, town.now);
        let mut data = asked(town, at, three);
        if let Some(map) = data.as_object_mut() {
            map.insert("basis".into(), "metered".into());
        }
        story.tell(&mut town.dice, CLERK, "apply", data);
        let shown = town.dice.range(3, 900);
        Self {
            story,
            ratio: if three { 20 } else { 1 },
            shown,
            billed: shown,
            bills: 0,
        }
    }

    /// A step between `least` and `most` minutes after the one before.
    pub(super) fn step(
        &mut self,
        town: &mut Town,
        least: i64,
        most: i64,
        action: &'static str,
        data: Value,
    ) {
        let minutes = town.dice.range(least, most);
        let who = if action == "inspect" {
            town.dice.pick(&DUTY)
        } else {
            CLERK
        };
        self.story
            .wait(minutes)
            .tell(&mut town.dice, who, action, data);
    }

    /// 工程部 approves, with the price.
    pub(super) fn approve(&mut self, town: &mut Town) {
        let data = json!({"name": SUPERVISOR.name, "role": SUPERVISOR.role, "price": PRICE.0});
        self.step(town, 120, 900, "approve", data);
    }

    /// Wired, inspected (not always well the first time), supplied.
    pub(super) fn supply(&mut self, town: &mut Town) {
        self.step(town, 600, 1600, "wire", json!({}));
        inspect(town, &mut self.story);
        let meter = format!("LS{:05}", town.dice.range(1, 99_999));
        let user = person(&mut town.dice);
        let data = json!({"meter_no": meter, "digits": 5, "ratio": self.ratio.to_string(), "reading": self.shown.to_string(), "our_name": "刘电工", "user_name": user});
        self.step(town, 30, 200, "energise", data);
    }

    /// Read on the last day of the month, billed the next morning, paid some days later. Whether that day has come.
    pub(super) fn month(&mut self, town: &mut Town, paid: bool) -> bool {
        let day = month_end(town.zone.date(self.story.at()));
        let four =
            NaiveTime::from_hms_opt(16, town.dice.range(0, 59) as u32, 0).unwrap_or_default();
        let read = town.zone.at(day, four).max(self.story.at());
        if read >= town.now {
            return false;
        }
        self.story.at_time(read);
        self.use_power(town);
        self.story.tell_after(
            3,
            CLERK,
            "read",
            json!({"reading": self.shown.to_string(), "name": "刘电工"}),
        );
        self.story.at_time(on_day(town.zone, read, 1, 9, 30));
        self.bill(town, day, paid);
        true
    }

    /// Month after month up to now; the last bill is still unpaid.
    pub(super) fn months_until_now(&mut self, town: &mut Town) {
        loop {
            let next = month_end(town.zone.date(self.story.at())) + chrono::Duration::days(1);
            let last = month_end(next) >= town.zone.date(town.now);
            if !self.month(town, !last) || last {
                return;
            }
        }
    }

    fn use_power(&mut self, town: &mut Town) {
        self.shown += town.dice.range(40, 380) / if self.ratio > 1 { 8 } else { 1 } + 1;
    }

    /// The bill of the month of `day`, and its payment.
    fn bill(&mut self, town: &mut Town, day: NaiveDate, paid: bool) {
        self.bills += 1;
        let fen = (self.shown - self.billed) * self.ratio * PRICE.1;
        self.billed = self.shown;
        self.step(
            town,
            0,
            60,
            "bill",
            json!({"period": day.format("%Y-%m").to_string()}),
        );
        if paid {
            self.step(
                town,
                600,
                4000,
                "pay",
                json!({"bill": format!("{{no}}-{:02}", self.bills), "amount_fen": fen}),
            );
        }
    }

    /// Notice given, cut off, the last bill paid.
    fn end(&mut self, town: &mut Town) {
        let days = town.dice.range(3, 6);
        let mut last = on_day(town.zone, self.story.at(), days, 15, 0);
        let this_month = town.zone.date(self.story.at()).month();
        if town.zone.date(last).month() != this_month {
            // The month ends before the supply does, and is read and billed on its own.
            self.month(town, true);
            last = on_day(town.zone, self.story.at(), days, 15, 0);
        }
        self.step(
            town,
            10,
            60,
            "give_notice",
            json!({"end_at": instant(last)}),
        );
        self.story.at_time(last);
        self.use_power(town);
        let data = match town.dice.chance(8) {
            true => {
                json!({"reading": self.shown.to_string(), "our_name": "刘电工", "refusal": "用户代表已撤场，拒签", "witness": "护卫员阿辉"})
            }
            false => {
                json!({"reading": self.shown.to_string(), "our_name": "刘电工", "user_name": person(&mut town.dice)})
            }
        };
        self.step(town, 0, 90, "disconnect", data);
        let day = town.zone.date(self.story.at());
        self.bill(town, day, true);
        self.step(town, 30, 300, "settle", json!({}));
    }
}

/// Without a meter: load × hours × days, billed and paid before supply.
fn estimate(town: &mut Town, at: Instant, ending: i64) -> Life {
    let mut story = Story::new("application", at, town.now);
    let days = town.dice.range(2, 12);
    let from = on_day(town.zone, at, 3, 9, 0);
    let to = on_day(town.zone, from, days - 1, 18, 0);
    let (load, hours) = (town.dice.range(2, 12), town.dice.range(4, 10));
    let mut data = asked(town, at, false);
    if let Some(map) = data.as_object_mut() {
        map.insert("basis".into(), "estimated".into());
        map.insert("load_kw".into(), load.to_string().into());
        map.insert("hours_per_day".into(), hours.to_string().into());
        map.insert("use_from".into(), instant(from));
        map.insert("use_to".into(), instant(to));
    }
    story.tell(&mut town.dice, CLERK, "apply", data);
    let period = town.zone.date(from).format("%Y-%m").to_string();
    let approve = json!({"name": SUPERVISOR.name, "role": SUPERVISOR.role, "price": PRICE.0});
    story
        .wait(150)
        .tell(&mut town.dice, CLERK, "approve", approve);
    story
        .wait(60)
        .tell(&mut town.dice, CLERK, "bill", json!({"period": period}));
    let pay = json!({"bill": "{no}-01", "amount_fen": load * hours * days * PRICE.1});
    story.wait(240).tell(&mut town.dice, CLERK, "pay", pay);
    story
        .wait(300)
        .tell(&mut town.dice, CLERK, "wire", json!({}));
    inspect(town, &mut story);
    let user = person(&mut town.dice);
    // A supply in a hurry is a breach that was explained.
    let our = json!({"our_name": "谢永康", "user_name": user});
    story
        .at_time(from)
        .tell(&mut town.dice, CLERK, "energise", our);
    if ending < 95 {
        story.at_time(to.plus_hours(-20)).tell(
            &mut town.dice,
            CLERK,
            "give_notice",
            json!({"end_at": instant(to)}),
        );
    }
    let minutes = town.dice.range(0, 90);
    let cut = json!({"our_name": "谢永康", "user_name": user});
    story
        .at_time(to.plus_minutes(minutes))
        .tell(&mut town.dice, CLERK, "disconnect", cut);
    story
        .wait(120)
        .tell(&mut town.dice, CLERK, "settle", json!({}));
    story.end()
}

fn inspect(town: &mut Town, story: &mut Story) {
    let duty = town.dice.pick(&DUTY);
    if town.dice.chance(18) {
        let defects = town
            .dice
            .pick(&["未装漏电保护器", "电缆沿地面敷设无保护管", "配电箱未接地"]);
        story.wait(200).tell(
            &mut town.dice,
            duty,
            "inspect",
            json!({"passed": false, "defects": defects, "name": duty.name}),
        );
    }
    story.wait(240).tell(
        &mut town.dice,
        duty,
        "inspect",
        json!({"passed": true, "name": duty.name}),
    );
}

fn asked(town: &mut Town, at: Instant, three: bool) -> Value {
    let (low, high) = if three { (20, 60) } else { (3, 9) };
    let place = if town.dice.chance(50) {
        shop(&mut town.dice)
    } else {
        office(&mut town.dice)
    };
    let contact = format!("{} {}", person(&mut town.dice), phone(&mut town.dice));
    let days = town.dice.range(2, 6);
    json!({
        "applicant": town.dice.pick(&APPLICANTS),
        "place": place,
        "load_kw": town.dice.range(low, high).to_string(),
        "voltage_v": if three { 380 } else { 220 },
        "phases": if three { 3 } else { 1 },
        "use_from": instant(on_day(town.zone, at, days, 9, 0)),
        "purpose": town.dice.pick(&PURPOSES),
        "contact": contact,
    })
}

fn month_end(day: NaiveDate) -> NaiveDate {
    crate::rules::worktime::month_end(day)
}
