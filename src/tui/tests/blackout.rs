//! The key for a blackout, and the red line while it is dark.

use serde_json::json;

use super::{NOW, Stage};
use crate::base::i18n::Lang;
use crate::tui::message::Message;

fn dark() -> Stage {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    s.keys("F8");
    s
}

fn later(s: &mut Stage, seconds: i64) {
    let now = s.room.now.plus_seconds(seconds);
    s.send(Message::Tick(now));
}

#[test]
fn the_key_alone_is_a_record_that_outlives_the_program() {
    let mut s = dark().again();
    let view = s.desk.view("O-2026-00001").unwrap().unwrap();
    assert_eq!(view.record.head.state, "out");
    assert_eq!(
        view.record.head.opened,
        s.room.voice.zone.parse(NOW).unwrap()
    );
    s.sees("■ 停电 范围未填 00:00:00");
}

#[test]
fn the_sheet_comes_up_and_asks_where_it_is_first() {
    let mut s = dark();
    s.sees("停电范围").keys("'C座' Enter Enter '保安李' Enter");
    s.sees("■ 停电 C座 00:00:00").sees("到达现场");
    let body = s.desk.view("O-2026-00001").unwrap().unwrap().record.body;
    assert_eq!(
        (&body["areas"], &body["informant"]),
        (&json!(["C座"]), &json!("保安李"))
    );
}

#[test]
fn several_places_are_listed_as_the_language_does() {
    for (lang, told) in [(Lang::Zh, "C座、D座"), (Lang::En, "C座, D座")] {
        let mut s = Stage::new(lang, (80, 24));
        s.keys("F8 'C座' Enter 'D座' C-s")
            .sees(&format!(" {told} 00:00:00"));
    }
}

#[test]
fn what_is_asked_for_need_not_be_known_yet() {
    let mut s = dark();
    s.keys("Enter Enter")
        .sees("到达现场")
        .sees("■ 停电 范围未填");
    let view = s.desk.view("O-2026-00001").unwrap().unwrap();
    assert_eq!(view.history.len(), 1);
}

#[test]
fn a_key_held_down_records_one_blackout() {
    let mut s = dark();
    s.hurried(30, "F8 F8 F8").sees_no("另一处");
    assert!(s.desk.view("O-2026-00002").unwrap().is_none());
}

#[test]
fn while_it_is_dark_the_key_asks_whether_it_is_this_one_or_another_place() {
    let mut s = dark();
    s.keys("'C座' Enter Enter Enter").pause().pause();
    later(&mut s, 65);
    s.keys("3 F8").sees("就是这一起：O-00001  C座  00:01:05");
    assert!(
        s.desk.view("O-2026-00002").unwrap().is_none(),
        "asked, not written"
    );
    s.keys("Enter").sees("─ O-2026-00001");
    s.pause().pause().keys("F8 2 'D座' Enter Enter Enter");
    let other = s.desk.view("O-2026-00002").unwrap().unwrap();
    assert_eq!(other.record.body["areas"], json!(["D座"]));
    s.sees("■ 停电 C座 00:01:05").sees("另有 1 起");
}

#[test]
fn a_key_pressed_by_mistake_is_taken_back_within_a_minute() {
    let mut s = dark();
    s.sees("F11 撤回").keys("F11").sees("已撤回");
    s.sees_no("■ 停电");
    let view = s.desk.view("O-2026-00001").unwrap().unwrap();
    assert_eq!(view.record.head.state, "void");
}

#[test]
fn nobody_named_is_no_reason_to_wait() {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    s.room.operator = None;
    s.keys("F8");
    let view = s.desk.view("O-2026-00001").unwrap().unwrap();
    assert_eq!(view.history[0].entry.by, "未定");
    // Who fills in the rest is asked; the record stands.
    s.sees("谁在当值")
        .keys("Esc")
        .pause()
        .keys("F11")
        .sees("已撤回");
}

#[test]
fn the_red_line_stands_on_every_tab_and_nothing_owed_is_never_said_below_it() {
    let mut s = dark();
    s.keys("'C座' Enter Enter Enter");
    let no = "O-2026-00001";
    let cars = json!([{"car": "2号梯", "trapped": true, "persons": 3}]);
    s.record(
        "2026-03-02T09:42:10",
        no,
        Some("lift_check"),
        json!({"guard": "保安李", "cars": cars}),
    );
    s.look();
    later(&mut s, 4 * 60 + 12);
    s.keys("Esc");
    for tab in ["1", "2", "3", "4", "5", "6"] {
        s.keys(tab)
            .sees("■ 停电 C座 00:04:12")
            .sees("困人 2号梯 3人 00:04:12");
        s.sees_no("没有应办事项");
    }
    s.record(
        "2026-03-02T09:44:00",
        no,
        Some("rescue"),
        json!({"car": "2号梯", "released": true}),
    );
    s.record(
        "2026-03-02T09:44:30",
        no,
        Some("contact_utility"),
        json!({"expected_restore": "2026-03-02T09:46"}),
    );
    s.record(
        "2026-03-02T09:45:00",
        no,
        Some("generator"),
        json!({"started": true, "watcher": "电工王"}),
    );
    s.look()
        .sees_no("困人 2号梯")
        .sees("预计恢复")
        .sees("已过 00:00:22")
        .sees("发电机 运行中");
    s.record("2026-03-02T09:46:10", no, Some("restore"), json!({}));
    s.look().sees_no("■ 停电");
}

#[test]
fn the_list_keeps_its_last_line_above_the_rule_while_the_red_line_stands() {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    for n in 0..40 {
        s.record(
            NOW,
            "work-order",
            None,
            json!({"content": format!("单{n:02}"), "place": "3栋", "team": "强电班"}),
        );
    }
    s.look()
        .keys("F8 Esc Esc 3 End")
        .sees("■ 停电")
        .sees("单00");
}

#[test]
fn a_digit_belongs_to_its_duty_whatever_else_is_owed_by_then() {
    let mut s = dark();
    s.keys("'C座' Enter Enter Enter");
    let digits = |s: &Stage| -> Vec<String> {
        let lines = s.screen();
        let duties = ["到达现场", "检查电梯困人", "备用发电机", "联系供电局"];
        let before = |duty: &&str| {
            let told = format!(" ○ {duty}");
            let sheet = lines.lines().filter(|line| !line.contains("O-00001"));
            let mut found = sheet.filter_map(|line| Some(line.split_once(&told)?.0));
            let last = found.next().and_then(|before| before.chars().next_back());
            last.map_or_else(String::new, |digit| digit.to_string())
        };
        duties.iter().map(before).collect()
    };
    assert_eq!(digits(&s), ["2", "4", "5", "7"]);
    // The cause is judged, users are named: other duties come and go, the digits stay.
    let no = "O-2026-00001";
    s.record(
        "2026-03-02T09:42:10",
        no,
        Some("classify"),
        json!({"source": "utility", "cause": "线路跳闸"}),
    );
    s.look();
    assert_eq!(digits(&s), ["2", "4", "5", "7"]);
    s.keys("2").sees("2 ✓ 到达现场");
    let restore = s.room.voice.zone.parse("2026-03-02T09:42:10").unwrap();
    assert_eq!(s.room.now, restore);
    s.keys("0").sees("恢复供电");
}

#[test]
fn rooms_are_named_before_they_are_ticked_off() {
    let mut s = dark();
    s.keys("'C座' Enter Enter Enter");
    s.record(
        "2026-03-02T09:42:10",
        "O-2026-00001",
        Some("restore"),
        json!({}),
    );
    s.look();
    let inspected = |s: &Stage| {
        let view = s.desk.view("O-2026-00001").unwrap().unwrap();
        let rooms = view
            .history
            .iter()
            .filter(|item| item.entry.action == "inspect");
        rooms
            .map(|item| item.entry.data["place"].clone())
            .collect::<Vec<_>>()
    };
    // The digit five times names a room and writes nothing.
    s.keys("9 9 9 9 9");
    assert!(inspected(&s).is_empty());
    s.keys("9").sees("电房").keys("Enter");
    assert_eq!(inspected(&s).len(), 1);
    s.keys("9 9 Enter");
    assert_eq!(inspected(&s).len(), 2);
    assert_ne!(inspected(&s)[0], inspected(&s)[1]);
    // From the parts of another duty it comes back to the rooms.
    s.keys("Down Down Down Down Down Down Down 9 Enter");
    assert_eq!(inspected(&s).len(), 3);
}
