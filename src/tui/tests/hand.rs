//! A tired hand: one key too many, a key held down, a key meant for what stood there a moment ago.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use serde_json::{Value, json};

use super::{NOW, Stage};
use crate::base::i18n::Lang;
use crate::tui::keymap::Context;

const DARK: &str = "O-2026-00001";

fn stage() -> Stage {
    Stage::new(Lang::Zh, (80, 24))
}

/// Power is out in C座, and the hand rests.
fn dark() -> Stage {
    let mut s = stage();
    s.keys("F8 'C座' C-s").rest();
    s
}

fn actions(s: &Stage, no: &str) -> Vec<String> {
    let view = s.desk.view(no).unwrap().unwrap();
    let items = view.history.iter();
    items.map(|item| item.entry.action.clone()).collect()
}

fn count(s: &Stage, no: &str, action: &str) -> usize {
    actions(s, no).iter().filter(|done| *done == action).count()
}

fn last_data(s: &Stage, no: &str) -> Value {
    let view = s.desk.view(no).unwrap().unwrap();
    Value::Object(view.history.last().unwrap().entry.data.clone())
}

/// A tenant whose bill of February waits for its money.
fn billed(s: &mut Stage) -> String {
    let form = json!({
        "applicant": "宏达装饰", "place": "A座15层", "load_kw": "5", "voltage_v": 380, "phases": 3,
        "use_from": "2026-02-02T09:00", "contact": "王女士", "basis": "metered",
    });
    let no = s.record("2026-02-01T09:00:00", "application", Some("apply"), form);
    let mut then = |at: &str, action: &str, data: Value| s.record(at, &no, Some(action), data);
    let approval = json!({"name": "钱主管", "role": "chief_engineer", "price": "1"});
    then("2026-02-01T10:00:00", "approve", approval);
    then("2026-02-01T11:00:00", "wire", json!({}));
    let passed = json!({"passed": true, "name": "钱主管"});
    then("2026-02-01T12:00:00", "inspect", passed);
    let meter = json!({
        "meter_no": "D1", "digits": 6, "ratio": "1", "reading": "1000", "our_name": "赵值班", "user_name": "王女士",
    });
    then("2026-02-02T09:00:00", "energise", meter);
    let reading = json!({"reading": "1586.5", "name": "钱文员", "closes": "2026-02"});
    then("2026-02-28T17:00:00", "read", reading);
    then("2026-03-01T09:00:00", "bill", json!({"period": "2026-02"}));
    s.look();
    no
}

/// The cursor of 今日 goes to the line that says this.
#[track_caller]
fn go_to(s: &mut Stage, words: &str) {
    s.keys("Esc Esc Esc 1 Home");
    for _ in 0..40 {
        let line = s.app.today_line(&s.room);
        if line.is_some_and(|line| line.contains(words)) {
            return;
        }
        s.keys("Down");
    }
    panic!("no {words:?}:\n{}", s.screen());
}

#[test]
fn one_key_on_today_books_no_money() {
    let mut s = stage();
    let no = billed(&mut s);
    go_to(&mut s, "收");
    s.keys("x").sees("586.50").sees("宏达装饰");
    assert_eq!(s.app.context(), Context::Confirm);
    assert_eq!(count(&s, &no, "pay"), 0, "one key wrote");
    // The same key again does not stand for Enter, nor does a digit.
    s.keys("x 3").sees("先按 Enter 写入，或按 Esc 不写");
    s.keys("Esc");
    assert_eq!(
        (count(&s, &no, "pay"), s.app.context()),
        (0, Context::Today)
    );
    s.keys("F12 Enter").sees("已记");
    assert_eq!(count(&s, &no, "pay"), 1);
    assert_eq!(last_data(&s, &no)["amount_fen"], 58_650);
}

#[test]
fn what_asks_is_deaf_for_half_a_second() {
    let mut s = stage();
    let no = billed(&mut s);
    go_to(&mut s, "收");
    s.keys("x").hurried(60, "Enter");
    s.sees("画面刚变，没有执行，请再按一次");
    assert_eq!(count(&s, &no, "pay"), 0);
    s.hurried(600, "Enter");
    assert_eq!(count(&s, &no, "pay"), 1);
}

#[test]
fn an_enter_too_many_reports_nothing_to_the_general_manager() {
    let mut s = stage();
    s.keys("F8")
        .hurried(60, "Enter Enter Enter Enter Enter Enter Enter Enter");
    assert_eq!(actions(&s, DARK), ["occur"]);
    // Nor does one with time to look: it opens the form.
    s.keys("Esc Esc Esc F8 Enter");
    assert_eq!(s.app.context(), Context::Sheet);
    s.keys("Enter").sees("O-00001 · 检查电梯");
    s.keys("Esc Down Enter").sees("O-00001 · 报告");
    assert_eq!(s.app.context(), Context::Form);
    assert_eq!(actions(&s, DARK), ["occur"]);
}

#[test]
fn a_form_that_has_just_come_up_is_not_saved_by_a_bare_enter() {
    let mut s = dark();
    s.keys("F5").hurried(60, "1 Enter").sees("画面刚变");
    assert_eq!(s.app.context(), Context::Form);
    assert_eq!(actions(&s, DARK), ["occur", "correct"]);
    s.rest().keys("Enter").sees("已记");
    assert_eq!(count(&s, DARK, "report"), 1);
}

#[test]
fn the_next_digit_is_heard_at_once_and_the_same_one_is_not() {
    let mut s = dark();
    s.hurried(50, "2 3");
    assert_eq!(actions(&s, DARK)[2..], ["on_site", "inform"]);
    // Held down it is one press, however the terminal tells of it.
    s.hurried(30, "3 3 3 3").sees("连按的键只算一次");
    assert_eq!(count(&s, DARK, "inform"), 1);
    s.rest();
    let digit = KeyCode::Char('3');
    s.press(KeyEvent::new_with_kind(
        digit,
        KeyModifiers::NONE,
        KeyEventKind::Repeat,
    ));
    assert_eq!(count(&s, DARK, "inform"), 1);
    s.rest().press(KeyEvent::from(digit));
    assert_eq!(count(&s, DARK, "inform"), 2);
}

#[test]
fn a_key_held_down_still_tells_how_its_one_writing_is_taken_back() {
    let mut s = dark();
    s.hurried(30, "2 2 2")
        .sees("连按的键只算一次")
        .sees("F11 撤回");
}

#[test]
fn a_line_that_became_another_one_by_itself_is_not_ticked_off() {
    let mut s = stage();
    let slip = |n: &str| json!({"paper_no": n, "content": "灯", "place": "A座", "team": "水电班"});
    let first = s.record("2026-03-02T09:00:00", "work-order", None, slip("1"));
    let second = s.record("2026-03-02T09:10:00", "work-order", None, slip("2"));
    s.look().keys("1 Home");
    // Somebody else does what the cursor stands on, as the key goes down.
    let signed = json!({"technician": "小王"});
    s.record("2026-03-02T09:30:00", &first, Some("sign_for"), signed);
    s.look().hurried(60, "x").sees("画面刚变");
    assert_eq!(s.app.context(), Context::Today);
    s.keys("x").sees("W-00002 · 签收");
    assert_eq!(actions(&s, &second), ["issue"]);
}

#[test]
fn typing_ahead_loses_nothing() {
    let mut s = stage();
    // The team stays from slip to slip.
    let slip = |n: &str| format!("'{n}' Enter '灯不亮' Enter '6栋' Enter Enter Enter ");
    s.hurried(5, "3 F2").hurried(5, &slip("0001"));
    s.hurried(5, "'水电班' F12").hurried(5, &slip("0002"));
    s.hurried(5, "C-s");
    for (no, paper) in [("W-2026-00001", "0001"), ("W-2026-00002", "0002")] {
        let view = s.desk.view(no).unwrap().unwrap();
        assert_eq!(view.record.body["paper_no"], paper);
        assert_eq!(view.record.body["team"], "水电班");
    }
    // Enter on the last field is meant by a hand that has typed there.
    s.hurried(5, "1 F8 'C座' Enter Enter '保安李' Enter");
    assert_eq!(s.app.context(), Context::Sheet);
    let body = s.desk.view(DARK).unwrap().unwrap().record.body;
    assert_eq!(
        (&body["areas"], &body["informant"]),
        (&json!(["C座"]), &json!("保安李"))
    );
}

#[test]
fn what_goes_to_all_says_to_how_many_and_who_signed() {
    let mut s = dark();
    let users = json!({"users": ["甲公司", "乙公司", "丙公司"]});
    s.record(
        NOW,
        DARK,
        Some("amend"),
        json!({"changes": users, "reason": "补填用户"}),
    );
    s.record(
        NOW,
        DARK,
        Some("draft_letter"),
        json!({"text": "因故障停电"}),
    );
    let one = json!({"paper": "letter", "users": ["甲公司"], "signed_by": "孙"});
    s.record(NOW, DARK, Some("deliver"), one);
    s.look();
    go_to(&mut s, "解释函");
    s.keys("x").sees("全部，尚余 2 户").sees("签名人 未填");
    assert_eq!(count(&s, DARK, "deliver"), 1);
    s.keys("Enter");
    assert_eq!(count(&s, DARK, "deliver"), 2);
}

#[test]
fn every_room_is_named_before_it_is_called_normal() {
    let mut s = dark();
    s.record(NOW, DARK, Some("restore"), json!({}));
    s.look().rest();
    for (n, room) in ["电房", "空调机房", "水泵房", "电梯机房", "消防中心"]
        .iter()
        .enumerate()
    {
        s.keys("9").sees(&format!("检查部位 {room} · 正常 是"));
        assert_eq!(count(&s, DARK, "inspect"), n);
        s.keys("Enter");
        assert_eq!(count(&s, DARK, "inspect"), n + 1);
    }
}

#[test]
fn power_back_is_asked_about_where_one_key_would_say_so() {
    let mut s = stage();
    let plan = json!({"source": "building", "reason": "检修", "plan_start": "2026-03-02T09:00", "plan_end": "2026-03-02T09:40", "areas": ["A座"]});
    let no = s.record("2026-03-01T09:00:00", "outage", Some("plan"), plan);
    s.record(
        "2026-03-02T09:00:00",
        &no,
        Some("cut"),
        json!({"reason": "业主要求"}),
    );
    s.look();
    go_to(&mut s, "恢复供电");
    s.keys("x");
    assert_eq!(
        (s.app.context(), count(&s, &no, "restore")),
        (Context::Confirm, 0)
    );
    s.keys("Enter");
    assert_eq!(count(&s, &no, "restore"), 1);
}

#[test]
fn enter_on_today_opens_the_record_at_that_duty() {
    let mut s = dark();
    s.keys("Esc Esc");
    go_to(&mut s, "到达现场");
    s.keys("Enter");
    assert_eq!(actions(&s, DARK).len(), 2, "opening writes nothing");
    assert_eq!(s.app.context(), Context::Sheet);
    s.keys("F12").sees("已记 O-2026-00001 到达现场");
}

#[test]
fn enter_in_a_list_opens_the_record_at_what_it_owes_next() {
    let mut s = stage();
    let slip = json!({"paper_no": "1", "content": "灯", "place": "A座", "team": "水电班"});
    s.record("2026-03-02T09:00:00", "work-order", None, slip);
    s.look().keys("3 Enter Enter").sees("W-00001 · 签收");
    assert_eq!(s.app.context(), Context::Form);
}

#[test]
fn blank_ticks_nothing_off() {
    let mut s = dark();
    s.keys("Space");
    s.keys("Esc Esc");
    go_to(&mut s, "到达现场");
    s.keys("Space");
    assert_eq!(actions(&s, DARK), ["occur", "correct"]);
}

#[test]
fn what_was_entered_last_is_taken_back_from_a_form_too() {
    let mut s = dark();
    s.keys("2 5 '电工王'")
        .sees("专人监护")
        .keys("F11")
        .sees("已撤回");
    s.sees("电工王");
    assert_eq!(s.app.context(), Context::Form);
    let view = s.desk.view(DARK).unwrap().unwrap();
    assert!(
        view.record
            .body
            .get("on_site_at")
            .is_none_or(Value::is_null)
    );
    // A blackout by mistake goes with the form that asks where it is.
    let mut s = stage();
    s.keys("F8 F11").sees("已撤回");
    assert_ne!(s.app.context(), Context::Form);
}

#[test]
fn a_list_takes_one_item_an_enter_and_is_saved_by_the_save_key_only() {
    let mut s = dark();
    s.keys("4 '护卫小张' Enter '1号梯' Enter '2号梯' Enter Enter");
    s.sees("清单到此为止；存盘按 Ctrl-S");
    assert_eq!(count(&s, DARK, "lift_check"), 0);
    s.keys("C-s");
    let cars = &last_data(&s, DARK)["cars"];
    let names: Vec<&str> = cars
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|car| car["car"].as_str())
        .collect();
    assert_eq!(names, ["1号梯", "2号梯"]);
    // A list of words is one too.
    let areas = json!({"areas": ["A座", "B座", "C座"]});
    let amend = json!({"changes": areas, "reason": "补填范围"});
    s.record(NOW, DARK, Some("amend"), amend);
    s.look().keys("p 'A座' Enter 'B座' Enter Enter");
    s.sees("清单到此为止");
    s.keys("C-s").sees("已记");
    let view = s.desk.view(DARK).unwrap().unwrap();
    assert_eq!(view.record.body["areas_out"], json!(["A座", "B座"]));
}

#[test]
fn the_cursor_starts_in_the_first_field_to_be_filled() {
    let mut s = stage();
    let plan = json!({"source": "building", "reason": "检修", "plan_start": "2026-03-05T09:00", "areas": ["A座"]});
    let no = s.record("2026-03-02T09:00:00", "outage", Some("plan"), plan);
    s.look().keys("2 Enter F5");
    let view = s.desk.view(&no).unwrap().unwrap();
    let at = view.offers.iter().position(|a| a.name == "reschedule");
    for _ in 0..at.unwrap() {
        s.keys("Down");
    }
    // The new start comes before the reason, though only the reason has a star.
    s.keys("Enter '3-6 9:10' Tab Tab Tab Tab '材料未到' C-s")
        .sees("已记");
    assert_eq!(last_data(&s, &no)["plan_start"], "2026-03-06T01:10:00Z");
}

#[test]
fn a_time_that_stands_there_is_replaced_when_typed_over() {
    let mut s = stage();
    let slip = json!({"paper_no": "1", "content": "灯", "place": "A座", "team": "水电班"});
    let no = s.record("2026-03-02T09:00:00", "work-order", None, slip);
    let signed = json!({"technician": "小王", "at": "2026-03-02T09:12"});
    s.record("2026-03-02T09:20:00", &no, Some("sign_for"), signed);
    s.look().keys("3 Enter End Enter 1 '0918'").sees("= 09:18");
    s.sees_no("09120918");
}
