//! A ticket of four steps by keys: read back, then done, none passed over without a reason; the ticket for restoration
//! is drafted from it.

use serde_json::{Value, json};

use super::Stage;
use crate::base::i18n::Lang;

const CUT: &str = "O-2026-00001";

/// Records a planned cut with a signed ticket of four steps; the number of the cut.
pub fn signed_ticket(s: &mut Stage) -> String {
    let plan = json!({
        "source": "building", "areas": ["C座"], "users": ["0901"], "reason": "检修", "form": "outage",
        "plan_start": "2026-03-20T09:00", "plan_end": "2026-03-20T12:00",
    });
    let no = s.record("2026-03-02T08:00:00", "outage", Some("plan"), plan);
    let ticket = json!({
        "task": "C座停电", "operator": "刘电工", "guardian": "王电工",
        "steps": [
            {"operation": "断开低压总开关", "device": "QF1"}, {"operation": "拉开隔离开关", "device": "QS1"},
            {"operation": "验电", "device": "QS1"}, {"operation": "挂上接地线", "device": "1号接地线"},
        ],
    });
    s.record("2026-03-02T08:10:00", &no, Some("ticket"), ticket);
    let signed = json!({"name": "孙主管", "role": "supervisor"});
    s.record("2026-03-02T08:20:00", &no, Some("sign_ticket"), signed);
    no
}

/// The ticket, opened on the screen.
fn switching(size: (u16, u16)) -> Stage {
    let mut s = Stage::new(Lang::Zh, size);
    signed_ticket(&mut s);
    s.look();
    s.keys("2 Enter F5");
    let screen = s.screen();
    let at = screen
        .find("操作一项")
        .unwrap_or_else(|| panic!("{screen}"));
    let digit = screen[..at].trim_end().chars().next_back().unwrap();
    s.keys(&digit.to_string()).sees("第 1 步，共 4 步");
    s
}

fn steps(s: &Stage) -> Vec<Value> {
    let body = s.desk.view(CUT).unwrap().unwrap().record.body;
    body["tickets"][0]["steps"].as_array().unwrap().clone()
}

fn done(s: &Stage) -> usize {
    let steps = steps(s);
    steps
        .iter()
        .filter(|step| !step["done_at"].is_null())
        .count()
}

#[test]
fn four_steps_are_worked_off_with_two_keys_each() {
    let mut s = switching((80, 24));
    s.sees("QF1")
        .sees("断开低压总开关")
        .sees("下一步：QS1 拉开隔离开关");
    for n in 1..=4 {
        s.keys("1").sees("✓ 复诵");
        s.keys("2");
        assert_eq!(done(&s), n);
    }
    s.sees("操作票完成");
    let body = s.desk.view(CUT).unwrap().unwrap().record.body;
    assert_eq!(body["tickets"][0]["stamp"], json!("executed"));
}

#[test]
fn nothing_is_done_before_it_was_read_back_and_a_key_held_down_does_one_thing() {
    let mut s = switching((80, 24));
    s.keys("2").sees("先复诵");
    assert_eq!(done(&s), 0);
    s.keys("1 1").sees("已经复诵");
    s.keys("2");
    // The next step came up under the hand that pressed for this one.
    assert_eq!(done(&s), 1);
    s.sees("第 2 步，共 4 步");
    assert!(steps(&s)[1]["read_back_at"].is_null());
}

#[test]
fn a_step_is_passed_over_only_with_its_reason() {
    let mut s = switching((80, 24));
    s.keys("3 C-s");
    assert!(steps(&s)[0]["skipped_at"].is_null());
    s.keys("'柜门锁死，已报主管' C-s").sees("第 2 步，共 4 步");
    assert!(!steps(&s)[0]["skipped_at"].is_null());
    assert_eq!(steps(&s)[0]["reason"], json!("柜门锁死，已报主管"));
}

#[test]
fn who_stops_midway_is_told_where_the_ticket_stands() {
    let mut s = switching((80, 24));
    s.keys("1 2 Esc").sees("停在第 2 步");
    assert_eq!(done(&s), 1);
}

#[test]
fn the_ticket_for_restoration_is_drafted_in_reverse_and_is_to_be_checked() {
    let mut s = switching((120, 40));
    s.keys("F2").sees("还没有执行完");
    s.keys("1 2 1 2 1 2 1 2").sees("操作票完成").keys("F2");
    s.sees("待核对：C座送电").sees("待核对：取下接地线");
    let screen = s.screen();
    let (ground, breaker) = (screen.find("取下接地线"), screen.find("合上低压总开关"));
    assert!(ground.unwrap() < breaker.unwrap(), "{screen}");
    s.keys("C-s");
    let body = s.desk.view(CUT).unwrap().unwrap().record.body;
    assert_eq!(
        body["tickets"][1]["steps"][3]["operation"],
        json!("待核对：合上低压总开关")
    );
}

#[test]
fn digits_mean_nothing_else_here() {
    let mut s = switching((80, 24));
    s.sees_no("1今日").keys("4").sees("第 1 步，共 4 步");
}
