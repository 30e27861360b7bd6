//! The sheet of a running outage: people, now, afterwards, done; what is dark in sight always; what to say beside it.

use serde_json::json;

use super::{NOW, Stage};
use crate::base::i18n::Lang;
use crate::tui::keymap::Context;
use crate::tui::message::Message;

const NO: &str = "O-2026-00001";

fn dark(size: (u16, u16)) -> Stage {
    let mut s = Stage::new(Lang::Zh, size);
    s.keys("F8 'C座' C-s").rest();
    s
}

fn later(s: &mut Stage, seconds: i64) {
    let now = s.room.now.plus_seconds(seconds);
    s.send(Message::Tick(now));
}

/// The row of the screen that says this.
#[track_caller]
fn row(s: &Stage, words: &str) -> usize {
    let screen = s.screen();
    let mut rows = screen.lines().skip(4);
    let at = rows.position(|line| line.contains(words));
    at.unwrap_or_else(|| panic!("no {words:?}:\n{screen}"))
}

#[test]
fn people_come_first_then_what_is_to_be_done_now_then_the_rest() {
    let mut s = dark((80, 24));
    s.keys("2");
    let (people, now) = (
        row(&s, "人   4 ○ 检查电梯困人"),
        row(&s, "现在 1 ○ 报告总经理"),
    );
    let (afterwards, done) = (
        row(&s, "以后   · 解释函送达用户"),
        row(&s, "已办 1 项  2 ✓ 到达现场"),
    );
    assert!(people < now && now < afterwards && afterwards < done);
    // Two duties in a row, in the order of their digits.
    assert_eq!(now, row(&s, "3 ○ 知会服务中心"));
    assert_eq!(now + 1, row(&s, "5 ○ 备用发电机"));
    assert_eq!(now + 1, row(&s, "6 ○ 判断停电原因"));
}

#[test]
fn who_is_held_is_named_with_a_clock_that_runs() {
    let mut s = dark((80, 24));
    let cars = json!([
        {"car": "1号梯", "trapped": false}, {"car": "2号梯", "trapped": true, "persons": 3},
    ]);
    let check = json!({"guard": "保安李", "cars": cars});
    s.record(NOW, NO, Some("lift_check"), check);
    s.look();
    later(&mut s, 252);
    let people = row(&s, "人   4 ○ 检查电梯困人 1/2");
    assert_eq!(row(&s, "■ 2号梯 困 3 人解救"), people + 1);
    s.sees("00:04:12");
    // From the line itself the rescue is one key and Enter.
    s.keys("Down F12").sees("2号梯 · ").sees("Enter 写入");
    assert_eq!(s.app.context(), Context::Confirm);
}

#[test]
fn what_is_done_takes_one_line_until_it_is_asked_for() {
    let mut s = dark((80, 24));
    s.keys("2 3").rest().keys("3").sees("已办 2 项");
    assert_eq!(row(&s, "3 ✓ 知会"), row(&s, "2 ✓ 到达现场"));
    s.keys("F4");
    assert_ne!(row(&s, "3 ✓ 知会"), row(&s, "2 ✓ 到达现场"));
    s.keys("F4").sees("F4 展开");
    // The digit of what is done is no other duty's, and says that it is done.
    s.keys("2").sees("这一项已经办过了");
    let view = s.desk.view(NO).unwrap().unwrap();
    let arrivals = view
        .history
        .iter()
        .filter(|item| item.entry.action == "on_site");
    assert_eq!(arrivals.count(), 1);
}

#[test]
fn what_is_dark_stays_in_sight_wherever_one_scrolls() {
    let mut s = dark((80, 24));
    for n in 0..20 {
        let told = json!({"text": format!("第{n:02}件")});
        s.record(NOW, NO, Some("remark"), told);
    }
    let areas = json!({"changes": {"areas": ["A座", "C座"]}, "reason": "补填范围"});
    s.record(NOW, NO, Some("amend"), areas);
    let still = json!({"areas_out": ["C座"]});
    s.record(NOW, NO, Some("restore_part"), still);
    let generator = json!({"started": true, "watcher": "电工王"});
    s.record(NOW, NO, Some("generator"), generator);
    let asked = json!({"expected_restore": "2026-03-02T11:00"});
    s.record(NOW, NO, Some("contact_utility"), asked);
    s.look();
    for key in ["Home", "PgDn", "End", "PgUp"] {
        s.keys(key);
        let head: Vec<String> = s
            .screen()
            .lines()
            .skip(4)
            .take(3)
            .map(str::to_owned)
            .collect();
        let head = head.join(" ");
        for words in [
            "仍停电的范围 C座",
            "预计恢复时间 11:00",
            "发电机 运行中",
            "已停",
        ] {
            assert!(head.contains(words), "{key}: no {words:?} in {head}");
        }
    }
}

#[test]
fn what_is_owed_to_many_tells_how_many_have_it() {
    let mut s = dark((80, 24));
    let users: Vec<String> = (1..=42).map(|n| format!("用户{n:02}")).collect();
    let amend = json!({"changes": {"users": users}, "reason": "补填用户"});
    s.record(NOW, NO, Some("amend"), amend);
    s.record(NOW, NO, Some("draft_letter"), json!({"text": "因故障停电"}));
    let one = json!({"paper": "letter", "users": ["用户01"], "signed_by": "孙"});
    s.record(NOW, NO, Some("deliver"), one);
    s.look().sees("解释函送达用户 2/43");
    // However many they are, nothing that is to be done now is pushed out of sight.
    s.sees("5 ○ 备用发电机")
        .sees("7 ○ 联系供电局")
        .sees("人   4 ○");
}

#[test]
fn what_stands_beside_it_is_asked_for_wherever_it_is_drawn() {
    dark((100, 40)).sees("95598").sees("连播两遍");
    dark((99, 40)).sees_no("95598").sees_no("连播两遍");
}

#[test]
fn beside_it_stands_whom_to_call_what_to_say_and_what_happened() {
    let mut s = dark((120, 40));
    s.sees("95598").sees("广播稿").sees("连播两遍").sees("经过");
    assert_eq!(s.app.context(), Context::Sheet);
    // It has the whole width: the list comes back with the form, which leaves the sheet recognisable.
    s.sees_no("应办 ").sees("人   4 ○ 检查电梯困人");
    s.keys("6").sees("判明原因").sees("检查电梯");
    s.keys("Esc");
    // The paper for the duty under the cursor comes first.
    let heading = |s: &Stage, paper: &str| {
        let screen = s.screen();
        screen
            .lines()
            .skip(5)
            .position(|line| line.trim_end().ends_with(&format!("  {paper}")))
    };
    assert_eq!(heading(&s, "广播稿"), Some(1));
    s.keys("End");
    assert_eq!(heading(&s, "解释函"), Some(1));
    s.keys("Home");
    // What to say follows what is known.
    let cause = json!({"source": "utility", "cause": "线路跳闸"});
    s.record(NOW, NO, Some("classify"), cause);
    s.look().sees("线路跳闸");
    // No paper comes up by itself.
    assert_eq!(s.app.context(), Context::Sheet);
    s.keys("Esc Esc").sees("应办 ");
}

#[test]
fn arrows_go_through_both_columns() {
    let mut s = dark((80, 24));
    s.keys("Down Down Down Enter").sees("O-00001 · 知会");
}
