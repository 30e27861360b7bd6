//! Who may, and what must come first (S5.4.4.1c, S6.3.6.1, S6.3.5).

use serde_json::json;

use super::*;

/// A major complaint with everything done but the revisit.
fn major_before_revisit() -> Desk {
    let mut desk = desk("2026-06-01T09:00");
    desk.then(
        "receive",
        with(
            received(json!({"injury": true, "harm_continues": true})),
            json!({"written": true, "needs_other_department": true}),
        ),
    );
    assert_eq!(desk.next(2), ["stop_harm", "notify"]);
    desk.then(
        "stop_harm",
        json!({"text": "已停工", "at": "2026-05-08T12:05"}),
    );
    desk.then(
        "judge",
        json!({"validity": "valid", "role": "service_manager", "at": "2026-05-08T12:10"}),
    );
    desk.then(
        "hand_over",
        json!({"department": "工程部", "at": "2026-05-08T12:15"}),
    );
    assert_eq!(desk.duty("measure", 1), "open");
    desk.then(
        "measure",
        json!({"cause": "违规", "measures": "整改", "at": "2026-05-08T13:00"}),
    );
    desk.tick_all("2026-05-08T14:00");
    for kind in ["emergency", "special"] {
        desk.then(
            "meeting",
            json!({"kind": kind, "conclusion": "定方案", "at": "2026-05-08T15:00"}),
        );
    }
    desk.then("letter", json!({"text": "复函", "at": "2026-05-09T09:00"}));
    desk.then(
        "resolve",
        json!({"result": "整改完", "at": "2026-05-10T09:00"}),
    );
    assert_eq!(desk.next(2), ["recheck", "revisit"]);
    desk.then(
        "recheck",
        json!({"result": "合格", "at": "2026-05-10T10:00"}),
    );
    assert_eq!(desk.owed(), ["revisit"]);
    // The letter is the definite answer too.
    assert_eq!(desk.duty("answer", 1), "met 2026-05-11T17:30");
    desk
}

#[test]
fn the_assistant_may_not_close_a_major_complaint() {
    let revisit = |role: &str, method: &str| json!({"method": method, "satisfied": true, "signed_by": "周先生", "role": role, "at": "2026-05-11T09:00"});
    let mut by_manager = major_before_revisit();
    by_manager.then("revisit", revisit("service_manager", "visit"));
    assert_eq!(
        (
            by_manager.state().as_str(),
            by_manager.record().head.breaches.len()
        ),
        ("closed", 0)
    );

    // By telephone: recorded, and a breach that wants its reason.
    let mut by_phone = major_before_revisit();
    by_phone.then("revisit", revisit("service_manager", "phone"));
    assert_eq!(
        (by_phone.state(), by_phone.told()),
        ("resolved".to_owned(), vec!["warning.not_closed".to_owned()])
    );
    let breach = &by_phone.record().head.breaches[0];
    assert_eq!(
        (breach.code.as_str(), breach.clause.0.as_str()),
        ("revisit", "S5.4.4.1c.viii")
    );
    by_phone.refused(
        "close",
        json!({"role": "gm", "at": "2026-05-11T09:30"}),
        "gate",
        Some("reason"),
        Some("S5.4.4.1c.viii"),
    );
    by_phone.then(
        "explain_breach",
        json!({"code": "revisit", "reason": "业主出差", "at": "2026-05-11T10:00"}),
    );
    by_phone.then("close", json!({"role": "gm", "at": "2026-05-11T10:00"}));
    assert_eq!(by_phone.state(), "closed");

    let mut noted = major_before_revisit();
    noted.then(
        "revisit",
        with(revisit("gm", "phone"), json!({"note": "业主出差"})),
    );
    assert_eq!(
        (
            noted.state().as_str(),
            noted.record().head.breaches[0].reason.as_str()
        ),
        ("closed", "业主出差")
    );

    // The assistant, or somebody whose role nobody knows, records the visit and does not close.
    for role in [Some("assistant"), Some("reception"), None] {
        let mut desk = major_before_revisit();
        let mut visit = revisit("assistant", "visit");
        visit["role"] = json!(role);
        desk.then("revisit", visit);
        assert_eq!(desk.state(), "resolved", "{role:?}");
        desk.refused(
            "close",
            json!({"role": role}),
            "not_allowed",
            Some("role"),
            Some("S5.4.4.1c.viii"),
        );
        desk.then(
            "close",
            json!({"role": "服务中心经理", "at": "2026-05-11T10:00"}),
        );
        assert_eq!(desk.state(), "closed");
    }
}

#[test]
fn the_assistant_may_close_a_minor_one() {
    let mut desk = desk("2026-06-01T09:00");
    desk.then("receive", received(json!({"settled_on_the_spot": true})));
    desk.then(
        "resolve",
        json!({"result": "好了", "at": "2026-05-08T12:05"}),
    );
    desk.then("revisit", json!({"method": "visit", "satisfied": true, "signed_by": "周先生", "role": "assistant", "at": "2026-05-08T12:06"}));
    assert_eq!(desk.state(), "closed");
}

fn product() -> Desk {
    let mut desk = desk("2026-06-01T09:00");
    desk.then(
        "receive",
        with(
            received(json!({"wish_exchange": true})),
            json!({"procedure": "product", "cause": "包装不良", "model": "42LG50FR"}),
        ),
    );
    desk.then(
        "judge",
        json!({"validity": "valid", "role": "service_manager", "at": "2026-05-08T13:00"}),
    );
    desk.then(
        "hand_over",
        json!({"department": "品管单位", "at": "2026-05-08T13:10"}),
    );
    desk.then(
        "measure",
        json!({"cause": "包装", "measures": "换货", "by": "张工", "at": "2026-05-09T09:00"}),
    );
    desk
}

#[test]
fn no_answer_goes_out_before_the_head_approves_it() {
    let mut desk = product();
    assert_eq!(desk.duty("approve_reply", 1), "open");
    let letter = json!({"text": "换货", "at": "2026-05-15T23:59:59"});
    for action in ["letter", "answer"] {
        desk.refused(action, letter.clone(), "gate", None, Some("S6.3.6.1"));
    }
    let approve = |decision: &str, name: &str, role: &str| json!({"gate": "reply", "decision": decision, "name": name, "role": role, "at": "2026-05-10T09:00"});
    desk.refused(
        "approve",
        approve("yes", "李主管", "assistant"),
        "not_allowed",
        Some("role"),
        Some("S6.3.6.1"),
    );
    desk.refused(
        "approve",
        approve("yes", "张工", "service_manager"),
        "not_allowed",
        Some("name"),
        Some("S6.3.6.1"),
    );
    desk.then("approve", approve("no", "李主管", "service_manager"));
    desk.refused("letter", letter.clone(), "gate", None, Some("S6.3.6.1"));
    desk.then("approve", approve("yes", "李主管", "service_manager"));
    desk.then("letter", letter);
    assert_eq!(desk.duty("reply", 1), "met 2026-05-15T23:59:59");
    desk.refused("close", json!({}), "gate", None, Some("S6.2.1"));
    desk.then(
        "resolve",
        json!({"result": "已换货", "at": "2026-05-16T09:00"}),
    )
    .then("close", json!({"at": "2026-05-16T09:00"}));
    desk.refused(
        "approve",
        json!({"gate": "penalty", "decision": "yes", "name": "王", "role": "service_manager"}),
        "not_allowed",
        Some("role"),
        Some("S6.3.5"),
    );
    desk.then(
        "approve",
        json!({"gate": "penalty", "decision": "yes", "name": "王", "role": "gm"}),
    );
}

#[test]
fn a_measure_made_anew_needs_a_new_approval() {
    let mut desk = product();
    desk.then("approve", json!({"gate": "reply", "decision": "yes", "name": "李主管", "role": "service_manager", "at": "2026-05-10T09:00"}));
    desk.then(
        "measure",
        json!({"cause": "包装", "measures": "退货", "by": "张工", "at": "2026-05-11T09:00"}),
    );
    desk.refused(
        "letter",
        json!({"text": "退货"}),
        "gate",
        None,
        Some("S6.3.6.1"),
    );
}

#[test]
fn a_written_answer_is_the_reply_a_spoken_one_is_not() {
    for (via, state) in [("written", "met"), ("phone", "open")] {
        let mut desk = product();
        desk.now = desk.at("2026-05-12T09:00");
        desk.then("approve", json!({"gate": "reply", "decision": "yes", "name": "李主管", "role": "gm", "at": "2026-05-10T09:00"}));
        desk.then(
            "answer",
            json!({"text": "换货", "via": via, "at": "2026-05-11T09:00"}),
        );
        assert!(desk.duty("reply", 1).starts_with(state), "{via}");
    }
}

#[test]
fn what_belongs_to_one_procedure_is_not_offered_in_another() {
    let mut property = desk("2026-06-01T09:00");
    property.then("receive", received(json!({})));
    property.refused(
        "approve",
        json!({"gate": "reply", "decision": "yes", "name": "李", "role": "gm"}),
        "not_now",
        None,
        None,
    );
    let mut product = product();
    product.refused(
        "defer",
        json!({"reason": "x", "signed_by": "x", "role": "gm"}),
        "not_now",
        None,
        None,
    );
}

#[test]
fn one_key_ticks_the_duties_that_need_no_words() {
    let mut desk = desk("2026-05-08T18:00");
    desk.then("receive", received(json!({"injury": true})));
    let tick = |code: &str| {
        desk.deadlines()
            .into_iter()
            .find(|d| d.code == code)
            .and_then(|d| d.tick)
            .unwrap()
    };
    let preset = |code: &str| {
        tick(code)
            .preset
            .into_iter()
            .map(|(k, v)| format!("{k}={}", v.as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (tick("report_gm").action.as_str(), preset("report_gm")),
        ("notify", vec!["role_told=gm".to_owned()])
    );
    assert_eq!(preset("report_quality"), ["role_told=quality"]);
    assert_eq!(
        preset("apologise"),
        ["who=服务中心经理、客服部经理、责任部门主管"]
    );
    assert_eq!(preset("emergency_meeting"), ["kind=emergency"]);
    desk.tick_all("2026-05-08T13:00");
    let left = [
        "answer",
        "emergency_meeting",
        "special_meeting",
        "resolve",
        "recheck",
    ];
    assert_eq!(desk.owed(), left);
}

#[test]
fn an_approval_taken_back_leaves_a_breach_behind() {
    let mut desk = product();
    desk.then("approve", json!({"gate": "reply", "decision": "yes", "name": "李主管", "role": "service_manager", "at": "2026-05-10T09:00"}));
    let approval = desk.last();
    desk.then("letter", json!({"text": "换货", "at": "2026-05-11T09:00"}));
    assert!(desk.ledger.breaches().is_empty());
    desk.then("strike", json!({"entry": approval, "reason": "误录"}));
    assert_eq!(desk.ledger.breaches(), ["approve_reply"]);
    // Another one that was given in time shows that it was approved after all.
    desk.then("approve", json!({"gate": "reply", "decision": "yes", "name": "李主管", "role": "service_manager", "at": "2026-05-10T18:00"}));
    assert!(desk.ledger.breaches().is_empty());
}
