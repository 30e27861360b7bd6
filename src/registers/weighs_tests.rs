//! Which acts one key never writes unread.

use serde_json::{Value, json};

use super::register;

/// Whether this act weighs when 赵值班 writes it.
fn weighs(code: &str, action: &str, data: Value) -> bool {
    let data = data.as_object().cloned().unwrap_or_default();
    register(code).is_some_and(|register| register.weighs(action, &data, "赵值班"))
}

#[test]
fn what_is_money_weighs() {
    let paid = json!({"bill": "E-1", "amount_fen": 58_650});
    assert!(weighs("application", "pay", paid));
    // A bill goes out to somebody who is to pay it.
    assert!(weighs("application", "bill", json!({"period": "2026-02"})));
}

#[test]
fn what_serves_everybody_weighs_and_what_serves_one_does_not() {
    let to = |users: Value| json!({"paper": "letter", "users": users});
    assert!(weighs("outage", "deliver", to(json!("all"))));
    assert!(!weighs("outage", "deliver", to(json!(["甲公司"]))));
    assert!(weighs("outage", "restore", json!({})));
    assert!(weighs("outage", "cut", json!({})));
}

#[test]
fn who_names_somebody_else_weighs_and_who_names_himself_does_not() {
    assert!(!weighs("outage", "on_site", json!({"name": "赵值班"})));
    assert!(weighs("outage", "on_site", json!({"name": "钱工"})));
    assert!(weighs(
        "work-order",
        "tech_sign",
        json!({"technician": "小王"})
    ));
    assert!(weighs(
        "outage",
        "report",
        json!({"to": "gm", "by": "钱工"})
    ));
}

#[test]
fn what_judges_weighs_even_when_it_is_taken_for_granted() {
    let room = json!({"place": "pump_room", "normal": true});
    assert!(weighs("outage", "inspect", room));
    assert!(weighs(
        "outage",
        "rescue",
        json!({"car": "2", "released": true})
    ));
    assert!(weighs(
        "work-order",
        "accept",
        json!({"signed_by": "赵值班"})
    ));
    assert!(weighs("complaint", "judge", json!({})), "a decision");
}

#[test]
fn what_only_happened_does_not_weigh() {
    assert!(!weighs("outage", "inform", json!({"to": "centre"})));
    assert!(!weighs("outage", "report", json!({"to": "gm"})));
    assert!(!weighs("work-order", "hand_in", json!({"clerk": "赵值班"})));
}
