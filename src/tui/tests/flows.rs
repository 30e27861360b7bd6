//! A duty engineer in a blackout, a clerk with slips: by keys alone.

use serde_json::json;

use super::{Stage, record};
use crate::base::i18n::Lang;
use crate::tui::message::Message;

fn stage() -> Stage {
    Stage::new(Lang::Zh, (80, 24))
}

#[test]
fn a_blackout_from_the_first_key_to_power_back() {
    let mut s = stage();
    // From anywhere one key, then where and who said so.
    s.keys("3 F8 'B座、地下' Enter Enter '保安老李' Enter");
    s.sees("O-2026-00001 停电")
        .sees("已停 00:00:00")
        .sees("B座、地下")
        .sees("已补填 O-2026-00001");
    // A digit ticks a duty off, by the operator's own name.
    s.keys("2")
        .sees("2 ✓ 到达现场")
        .sees("已记 O-2026-00001 到达现场");
    // Each press does the next piece of a duty.
    s.keys("3")
        .sees(" 1/2 ")
        .keys("3")
        .sees("3 ✓ 知会服务中心和监控中心");
    // What needs words asks for them, and Enter on the last one saves.
    s.keys("4 '护卫小张' Enter '1# 2# 3#' C-s")
        .sees("4 ✓ 检查电梯困人");
    s.keys("r")
        .sees("恢复供电")
        .keys("Enter")
        .sees("共停")
        .sees("已恢复");
    let view = s.desk.view("O-2026-00001").unwrap().unwrap();
    let done: Vec<&str> = view
        .history
        .iter()
        .map(|item| item.entry.action.as_str())
        .collect();
    assert_eq!(
        done,
        [
            "occur",
            "correct",
            "on_site",
            "inform",
            "inform",
            "lift_check",
            "restore"
        ]
    );
    assert!(view.history.iter().all(|item| item.entry.by == "赵值班"));
}

#[test]
fn power_out_is_recorded_at_the_moment_of_the_key_and_two_enters_are_enough() {
    let mut s = stage();
    s.keys("F8");
    let pressed = s.room.now;
    s.send(Message::Tick(pressed.plus_seconds(40)));
    s.keys("Enter Enter").sees("已停 00:00:40");
    assert_eq!(
        s.desk
            .view("O-2026-00001")
            .unwrap()
            .unwrap()
            .record
            .head
            .opened,
        pressed
    );
}

#[test]
fn slip_after_slip_keeps_what_does_not_change() {
    let mut s = stage();
    s.keys("3 F2 '0001301' Enter '卫生间堵塞' Enter '6栋2301' Enter '孙女士' Enter Enter '水电班' Enter '1030'");
    s.sees("= 10:30").sees("到场").sees("还有 0:47");
    s.keys("Enter Enter 2 F12")
        .sees("已登记 W-2026-00001")
        .sees("水电班")
        .sees("前台")
        .sees_no("卫生间");
    s.keys("'0001302' Enter '门锁坏' Enter '6栋0101' C-s")
        .sees("已登记 W-2026-00002");
    s.sees("W-00002").sees("W-00001");
    let second = s.desk.view("W-2026-00002").unwrap().unwrap().record.body;
    assert_eq!(second["team"], "水电班");
    assert_eq!(second["source"], "counter");
    assert_eq!(
        second.get("promised_arrival").and_then(|v| v.as_str()),
        None
    );
}

#[test]
fn a_word_typed_before_is_completed() {
    let mut s = stage();
    s.record(
        "2026-03-02T09:00:00",
        "work-order",
        None,
        json!({"content": "灯", "place": "A座", "team": "水电班"}),
    );
    s.keys("3 F2 Down Down Down Down Down '水'").sees("水电班");
    // What is missing is asked for, one after the other.
    s.keys("Tab C-s")
        .sees("请填写")
        .keys("'漏水' C-s '1栋' C-s")
        .sees("已登记 W-2026-00002");
    assert_eq!(
        s.desk.view("W-2026-00002").unwrap().unwrap().record.body["team"],
        "水电班"
    );
}

#[test]
fn a_refusal_brings_the_cursor_to_its_field_and_loses_nothing() {
    let mut s = stage();
    s.record(
        "2026-03-02T09:00:00",
        "work-order",
        None,
        json!({"paper_no": "77", "content": "灯", "place": "A座", "team": "水电班"}),
    );
    s.keys("3 F2 '77' Enter '门锁坏' Enter '6栋' Enter Enter Enter '木工' C-s");
    s.sees("‼ 纸单号 77 已登记为 W-2026-00001")
        .sees("门锁坏")
        .sees("木工");
    // The cursor stands in the field, so typing mends it.
    s.keys("'8' C-s").sees("已登记 W-2026-00002");
    assert_eq!(
        s.desk.view("W-2026-00002").unwrap().unwrap().record.body["paper_no"],
        "778"
    );
}

#[test]
fn a_half_filled_form_survives_escape_and_a_crash() {
    let mut s = stage();
    s.keys("3 F2 Down '楼道漏水").pause();
    s.sees("草稿已存");
    // The power fails: nothing was asked to be kept.
    let mut s = s.again();
    s.sees("草稿 维修 登记派单").sees("楼道漏水");
    s.keys("Enter").sees("草稿已恢复").sees("楼道漏水");
    s.keys("Down '一层' Esc").sees("已留作草稿");
    s.keys("3 F2").sees("草稿已恢复").sees("一层");
    s.keys("C-d").sees_no("楼道漏水").sees("登记派单");
    s.keys("Esc 1").sees_no("草稿");
    assert!(s.desk.drafts().unwrap().is_empty());
}

#[test]
fn quitting_keeps_what_the_last_half_second_brought() {
    let mut s = stage();
    s.keys("3 F2 Down '刚打的字' F10");
    assert!(s.over);
    assert_eq!(s.desk.drafts().unwrap().len(), 1);
}

#[test]
fn saving_takes_the_draft_away() {
    let mut s = stage();
    s.keys("3 F2 Down '漏水'")
        .pause()
        .keys("Enter '6栋' Enter Enter Enter '水电班' C-s")
        .sees("已登记");
    assert!(s.desk.drafts().unwrap().is_empty());
}

#[test]
fn who_acts_is_asked_once_and_before_the_first_write() {
    let mut s = stage();
    s.room.operator = None;
    s.keys("F8").sees("谁在当值").keys("Enter").sees("突发停电");
    s.keys("Enter Enter").sees("O-2026-00001");
    s.keys("Esc F9")
        .sees("1 赵值班(工程部值班)")
        .keys("'孙' Enter 1 Enter")
        .sees("孙(总经理)");
    assert_eq!(s.desk.operator().unwrap().unwrap().name, "孙");
}

#[test]
fn ticking_from_today_is_one_key_or_a_form_with_what_is_missing() {
    let mut s = stage();
    s.record(
        "2026-03-02T09:00:00",
        "work-order",
        None,
        json!({"paper_no": "1", "content": "灯", "place": "A座", "team": "水电班"}),
    );
    s.look()
        .keys("x")
        .sees("W-00001 · 签收")
        .sees("还缺：技工")
        .keys("'小王' Enter")
        .sees("已记 W-2026-00001 签收");
    s.sees("没有应办事项");
}

#[test]
fn enter_on_a_card_offers_what_is_possible_and_digits_choose() {
    let mut s = stage();
    s.record(
        "2026-03-02T09:00:00",
        "work-order",
        None,
        json!({"paper_no": "1", "content": "灯", "place": "A座", "team": "水电班"}),
    );
    s.look()
        .keys("3 Enter Home Enter")
        .sees("1 签收")
        .sees("更正")
        .keys("2")
        .sees("到场")
        .keys("Esc Esc")
        .sees("编号");
}

#[test]
fn an_amendment_shows_what_was_there_and_changes_only_what_was_changed() {
    let mut s = stage();
    let no = s.record(
        "2026-03-02T09:00:00",
        "work-order",
        None,
        json!({"paper_no": "1", "content": "灯不亮", "place": "A座", "team": "水电班"}),
    );
    s.look().keys("3 Enter F5");
    let view = s.desk.view(&no).unwrap().unwrap();
    let amend = view.offers.iter().position(|a| a.name == "amend").unwrap();
    for _ in 0..amend {
        s.keys("Down");
    }
    s.keys("Enter").sees("更正").sees("灯不亮");
    s.keys("C-s")
        .sees("请填写")
        .keys("'打错字' C-s")
        .sees("什么都没有改");
    for _ in 0..20 {
        s.keys("Up");
    }
    s.keys("Down '，走廊' C-s").sees("已记");
    let view = s.desk.view(&no).unwrap().unwrap();
    assert_eq!(view.record.body["content"], "灯不亮，走廊");
    assert_eq!(
        view.history[1].entry.data["changes"],
        json!({"content": "灯不亮，走廊"})
    );
}

#[test]
fn class_and_times_are_shown_while_the_form_is_filled() {
    let mut s = Stage::new(Lang::Zh, (120, 40));
    s.keys("4 F2 '周先生' Enter '电梯夹人' Enter")
        .sees("判为 重要")
        .sees("5.4.2.1b");
    // Phone, unit, place, channel, written: the facts come after them.
    s.keys("Down Down Down Down Down").sees("人身伤害");
    s.keys("Right Right Right Space")
        .sees("判为 重大")
        .sees("5.4.2.1c");
    s.keys("C-e").sees("条文").keys("Esc").sees("电梯夹人");
}

#[test]
fn why_shows_the_trace_and_the_words_of_the_clause() {
    let mut s = stage();
    let no = s.record(
        "2026-03-02T09:00:00",
        "complaint",
        None,
        json!({"procedure": "property", "complainant": "周先生", "content": "噪音"}),
    );
    s.look().keys("4 Enter");
    let view = s.desk.view(&no).unwrap().unwrap();
    let at = view
        .deadlines
        .iter()
        .position(|d| d.code == "resolve")
        .unwrap();
    s.keys("Home");
    for _ in 0..=at {
        s.keys("Down");
    }
    s.keys("w")
        .sees("第1日")
        .sees("条文 5.4.4.1")
        .sees("设在规程");
    s.keys("Esc Esc").sees("编号");
    // Nothing chosen on the card: the class.
    s.keys("Enter Home w").sees("类别").sees("5.4.2.1");
}

#[test]
fn another_programs_change_is_seen_and_the_selection_stays() {
    let mut s = stage();
    let first = s.record(
        "2026-03-02T09:00:00",
        "work-order",
        None,
        json!({"paper_no": "1", "content": "灯不亮", "place": "A座", "team": "水电班"}),
    );
    s.look().keys("3").sees("灯不亮");
    let mut other = s.other();
    record(
        &mut other,
        "2026-03-02T09:10:00",
        "work-order",
        None,
        json!({"paper_no": "2", "content": "水管爆裂", "place": "B座", "team": "水电班"}),
    );
    assert!(s.desk.changed().unwrap());
    s.look().sees("水管爆裂").keys("Enter").sees(&first);
}

#[test]
fn a_form_stays_when_something_else_is_more_urgent() {
    let mut s = stage();
    s.keys("4 F2 '周先生' F8 'A座' Enter Enter Enter")
        .sees("O-2026-00001 停电");
    // Back through the sheet to what was being typed.
    s.keys("Esc").sees("接待登记").sees("周先生");
}

#[test]
fn a_paste_keeps_its_lines_and_cannot_move_the_cursor_of_the_terminal() {
    let mut s = stage();
    s.keys("3 F2 Down");
    s.send(Message::Paste("第一行\u{1b}[2J\r\n第二行".into()));
    s.sees("第一行[2J").sees("第二行");
    s.keys("Enter");
    s.send(Message::Paste("6栋\n2301".into()));
    s.sees("6栋 2301").sees("登记派单");
}

#[test]
fn f7_offers_to_copy_the_line() {
    let mut s = stage();
    s.record(
        "2026-03-02T09:00:00",
        "work-order",
        None,
        json!({"paper_no": "1", "content": "灯不亮", "place": "A座", "team": "水电班"}),
    );
    s.look()
        .keys("3 F7")
        .sees("导出这个列表")
        .keys("1")
        .sees("已复制");
    assert!(
        s.copied[0].contains("W-00001\tA座\t灯不亮"),
        "{:?}",
        s.copied
    );
}

#[test]
fn the_duty_log_is_one_key_away_and_knows_what_it_is_about() {
    let mut s = stage();
    s.keys("F8 Enter Enter l")
        .sees("记日志")
        .sees("O-2026-00001")
        .keys("'已派人去配电房' C-s")
        .sees("已登记 L-2026-");
    s.sees("已停");
}

#[test]
fn a_gate_is_seen_before_saving_and_the_clause_with_it() {
    let mut s = stage();
    let no = s.record(
        "2026-03-02T09:00:00",
        "outage",
        Some("plan"),
        json!({"source": "building", "reason": "检修", "plan_start": "2026-03-02T09:30", "areas": ["A座"]}),
    );
    s.look().keys("2 Enter F5");
    let view = s.desk.view(&no).unwrap().unwrap();
    let cut = view.offers.iter().position(|a| a.name == "cut").unwrap();
    for _ in 0..cut {
        s.keys("Down");
    }
    s.keys("Enter").sees("执行停电").sees("停电前还有未办事项");
    s.keys("C-s")
        .sees("‼ 停电前还有未办事项")
        .keys("'业主要求提前' C-s")
        .sees("已记");
}

#[test]
fn leaving_right_after_saving_loses_nothing() {
    let mut s = stage();
    s.keys("3 F2 Down '漏水' Enter '6栋' Enter Enter Enter '水电班' C-s F10");
    assert!(s.over);
    assert!(s.desk.view("W-2026-00001").unwrap().is_some());
}
