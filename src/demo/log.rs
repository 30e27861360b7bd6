//! The duty log: shifts, notes, equipment, what is carried over, repairs at night.

use chrono::Timelike;
use serde_json::json;

use super::Town;
use super::calendar::on_day;
use super::life::{Life, Story, instant};
use super::people::{CLERK, DUTY, SYSTEM_ENGINEER, flat};
use crate::base::time::{Instant, Zone};

const NOTES: [&str; 16] = [
    "巡查配电房，各柜电压电流正常，1#变压器温度62度",
    "消防主机误报一次，A座12层烟感，已复位",
    "B2车库集水井水位偏高，手动排水一次",
    "电梯困人演练结束，用时6分钟",
    "台风预警，已检查天台排水口及外窗",
    "商场闭店后总闸分闸，卷帘门正常",
    "送电至3层临展，负荷正常",
    "保安交来拾获钥匙一串，已转前台",
    "供水管网压力0.42MPa，正常",
    "机房温度28度，空调运行正常",
    "夜巡发现4栋天台门未锁，已锁闭",
    "配合消防维保测试喷淋末端压力",
    "柴油发电机月度试机15分钟，正常",
    "A座大堂灯带定时由18:30改为18:00",
    "高压室除湿机已清滤网",
    "抄录总表读数，见抄表本",
];
const EQUIPMENT: [&str; 8] = [
    "2号冷水机组切换运行，出水7.1度",
    "生活水泵1号轮换至2号",
    "B座货梯年检，停梯两小时",
    "3#风机皮带更换，试机正常",
    "变频器参数恢复出厂后重设",
    "消防稳压泵启动频繁，已调压力开关",
    "弱电UPS电池测试合格",
    "冷却塔补水阀卡滞，已处理",
];
const CARRIED: [&str; 6] = [
    "2#生活水泵轴封渗水，备件周三到，注意水位",
    "A座16层走廊灯半数未亮，待高空作业车",
    "3栋电梯夜间异响，维保明早来",
    "商场东门地弹簧待更换，夜间用链锁",
    "应急发电机油量剩40%，待补油",
    "冷却塔二号风机停用，已挂牌",
];
const AT_NIGHT: [&str; 6] = [
    "厨房水管爆裂，已关阀并更换接头",
    "全屋无电，更换烧毁空开后恢复",
    "马桶满溢，疏通",
    "入户门打不开，拆锁芯",
    "楼道灯短路跳闸，隔离故障灯具后送电",
    "水表后接头漏水，已更换",
];

/// One entry or shift; a night repair comes with the slip that the day shift issued.
pub(super) fn past(town: &mut Town, at: Instant) -> Vec<Life> {
    let duty = town.dice.pick(&DUTY);
    match town.dice.range(1, 100) {
        1..=34 => vec![shift(town, at)],
        35..=62 => vec![entry(town, at, "note")],
        63..=80 => vec![entry(town, at, "equipment")],
        81..=90 => {
            let mut story = Story::new("log", at, town.now);
            let text = town.dice.pick(&CARRIED);
            story.tell(
                &mut town.dice,
                duty,
                "entry",
                json!({"text": text, "kind": "carry"}),
            );
            let minutes = town.dice.range(300, 2400);
            let who = town.dice.pick(&DUTY);
            story.wait(minutes).tell(
                &mut town.dice,
                who,
                "clear",
                json!({"reason": "已处理完毕"}),
            );
            vec![story.end()]
        }
        _ => night_repair(town, at),
    }
}

fn entry(town: &mut Town, at: Instant, kind: &'static str) -> Life {
    let mut story = Story::new("log", at, town.now);
    let duty = town.dice.pick(&DUTY);
    let text = if kind == "note" {
        town.dice.pick(&NOTES)
    } else {
        town.dice.pick(&EQUIPMENT)
    };
    story.tell(
        &mut town.dice,
        duty,
        "entry",
        json!({"text": text, "kind": kind}),
    );
    if town.dice.chance(3) {
        let correct = json!({"entry": "{no}", "text": format!("{text}（时间更正为前一小时）"), "reason": "时间记错"});
        story
            .wait(40)
            .tell(&mut town.dice, duty, "correct", correct);
    }
    story.end()
}

fn shift(town: &mut Town, at: Instant) -> Life {
    let (begin, band) = shift_at(town.zone, at);
    let mut story = Story::new("log", begin, town.now);
    let (out, next) = (town.dice.pick(&DUTY), town.dice.pick(&DUTY));
    story.tell_after(
        2,
        out,
        "shift",
        json!({"band": band, "people": [out.name, "刘电工"]}),
    );
    let read = !town.dice.chance(5);
    let mut data = json!({"out": out.name, "in": next.name, "items_read": read});
    if let (false, Some(map)) = (read, data.as_object_mut()) {
        map.insert("remarks".into(), "接班人迟到，电话交接".into());
    }
    story.wait(480).tell_after(5, out, "hand_over", data);
    story.end()
}

/// When the shift that is on at a moment began, and its name.
pub(super) fn shift_at(zone: Zone, at: Instant) -> (Instant, &'static str) {
    let (hour, band) = match zone.local(at).hour() {
        0..=7 => (0, "夜班"),
        8..=15 => (8, "早班"),
        _ => (16, "中班"),
    };
    (on_day(zone, at, 0, hour, 0), band)
}

/// A repair at night, its slip issued in the morning (S2.1).
fn night_repair(town: &mut Town, at: Instant) -> Vec<Life> {
    let name = town.name();
    let hour = town.dice.pick(&[22, 23, 1, 3]);
    let night = on_day(town.zone, at, -1, hour, town.dice.range(0, 59) as u32);
    let mut story = Story::new("log", night, town.now);
    let duty = town.dice.pick(&DUTY);
    let (text, place) = (town.dice.pick(&AT_NIGHT), flat(&mut town.dice));
    story.tell(
        &mut town.dice,
        duty,
        "entry",
        json!({"text": text, "kind": "night_repair", "unit": place}),
    );
    story.named(name.clone());
    // One in ten was forgotten for a day or two.
    let days = if town.dice.chance(10) { 3 } else { 1 };
    let issued = on_day(town.zone, night, days, 9, 15);
    let mut slip = Story::new("work-order", night, town.now);
    let paper = town.paper();
    let data = json!({"paper_no": paper, "content": text, "place": place, "team": "强电班", "source": "duty_log", "from_log": format!("{{{name}}}"), "received": instant(night)});
    let delay = issued.seconds_since(night) / 60;
    slip.tell_after(delay, CLERK, "issue", data);
    slip.wait(40)
        .tell_after(3, CLERK, "finish", json!({"result": "夜间已修复"}));
    slip.tell_after(3, CLERK, "accept", json!({"signed_by": "业主"}));
    slip.wait(20)
        .tell_after(3, CLERK, "tech_sign", json!({"technician": duty.name}));
    slip.tell_after(
        3,
        SYSTEM_ENGINEER,
        "review",
        json!({"engineer": SYSTEM_ENGINEER.name}),
    );
    slip.tell_after(3, CLERK, "hand_in", json!({"clerk": CLERK.name}));
    slip.at_time(issued.plus_hours(20))
        .tell_after(3, CLERK, "archive", json!({}));
    vec![story.end(), slip.end()]
}

/// What a present shift carries.
pub(super) fn carried(town: &mut Town) -> &'static str {
    town.dice.pick(&CARRIED)
}
