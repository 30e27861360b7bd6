//! A hand-over by keys: item by item, then who takes over; he sits at the desk from then on.

use serde_json::json;

use super::Stage;
use crate::base::i18n::Lang;

fn shift(size: (u16, u16)) -> Stage {
    let mut s = Stage::new(Lang::Zh, size);
    let night = json!({"band": "夜班", "people": ["赵值班"]});
    s.record("2026-03-02T08:00:00", "log", Some("shift"), night);
    let carry = json!({"text": "3#水泵异响", "kind": "carry"});
    s.record("2026-03-02T08:10:00", "log", Some("entry"), carry);
    let broken = json!({"text": "更换保险", "kind": "night_repair", "place": "5栋"});
    s.record("2026-03-02T08:20:00", "log", Some("entry"), broken);
    s.look();
    s
}

/// Opens the hand-over of the shift from the log's list.
fn opened(size: (u16, u16)) -> Stage {
    let mut s = shift(size);
    s.keys("6 End Enter F5");
    s.sees("交班").keys("1").sees("交接班");
    s
}

#[test]
fn the_items_are_read_one_by_one_and_the_next_one_takes_the_seat() {
    let mut s = opened((80, 24));
    s.sees("移交：3#水泵异响")
        .sees("补发维修单")
        .sees("共 2 项，还有 2 项未交接");
    s.keys("Enter").sees("还有 1 项未交接");
    s.keys("Enter").sees("全部已交接").keys("Enter");
    s.sees("接班人").keys("'钱值班' C-s");
    let body = s.desk.view("L-2026-00001").unwrap().unwrap().record.body;
    assert_eq!(
        (&body["in"], &body["out"], &body["items_read"]),
        (&json!("钱值班"), &json!("赵值班"), &json!(true))
    );
    let read: Vec<_> = body["handed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["read"])
        .collect();
    assert_eq!(read, [&json!(true), &json!(true)]);
    assert_eq!(s.room.operator.as_ref().unwrap().name, "钱值班");
    assert_eq!(s.desk.operator().unwrap().unwrap().name, "钱值班");
}

#[test]
fn an_item_can_be_looked_at_and_what_was_read_stays_read() {
    let mut s = opened((80, 24));
    s.keys("Enter Tab").sees("更换保险").keys("Esc");
    s.sees("还有 1 项未交接");
    let more = json!({"text": "钥匙在保安处", "kind": "carry"});
    s.record("2026-03-02T09:00:00", "log", Some("entry"), more);
    s.look();
    s.sees("共 3 项，还有 2 项未交接")
        .sees("✓ 移交：3#水泵异响");
}

#[test]
fn what_was_not_read_is_said() {
    let mut s = opened((120, 40));
    s.keys("Enter F12 '钱值班' C-s");
    let record = s.desk.view("L-2026-00001").unwrap().unwrap().record;
    assert_eq!(record.body["items_read"], json!(false));
    assert_eq!(record.head.breaches[0].code, "handover_unread");
}

#[test]
fn a_running_accident_asks_for_the_supervisor_and_what_was_typed_stays() {
    let mut s = shift((80, 24));
    s.record(
        "2026-03-02T09:00:00",
        "outage",
        Some("occur"),
        json!({"areas": ["C座"], "informant": "李"}),
    );
    s.look();
    s.keys("6 End Enter F5 1").sees("停电 C座");
    s.keys("Enter Enter Enter Enter '钱值班' C-s");
    assert_eq!(
        s.desk
            .view("L-2026-00001")
            .unwrap()
            .unwrap()
            .record
            .head
            .state,
        "on_shift"
    );
    s.sees("钱值班").sees("主管");
    s.keys("'孙主管' Enter '抢修要到早上' C-s");
    let record = s.desk.view("L-2026-00001").unwrap().unwrap().record;
    assert_eq!(record.head.state, "handed_over");
    assert_eq!(record.body["allowed_because"], json!("抢修要到早上"));
}

#[test]
fn the_duty_on_today_leads_to_it() {
    let mut s = shift((80, 24));
    s.keys("1 Home Down x").sees("交接班");
}

#[test]
fn a_hand_over_that_is_taken_up_again_gathers_anew_and_keeps_what_was_typed() {
    let mut s = opened((80, 24));
    s.keys("Enter Enter Enter '钱值班' Esc").pause();
    let more = json!({"text": "钥匙在保安处", "kind": "carry"});
    s.record("2026-03-02T09:30:00", "log", Some("entry"), more);
    s.look();
    s.keys("Esc Esc Esc 6 End Enter F5 1");
    s.sees("移交：钥匙在保安处").keys("Enter Enter Enter Enter");
    s.sees("钱值班").keys("C-s");
    let body = s.desk.view("L-2026-00001").unwrap().unwrap().record.body;
    assert_eq!(body["in"], json!("钱值班"));
    assert_eq!(body["handed"].as_array().unwrap().len(), 3);
}
