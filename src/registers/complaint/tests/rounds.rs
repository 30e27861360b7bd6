//! Rounds, closing, and what comes after it (S5.4.4.1a.v, b.v, c.viii, d.iii, S5.4.3.5).

use serde_json::json;

use super::*;

fn resolved(facts: serde_json::Value) -> Desk {
    let mut desk = desk("2026-06-01T09:00");
    desk.then("receive", received(facts));
    desk.then(
        "resolve",
        json!({"result": "已约定施工时间", "at": "2026-05-08T18:00"}),
    );
    desk
}

#[test]
fn an_unhappy_owner_opens_the_next_round_and_the_first_keeps_its_result() {
    let mut desk = desk("2026-06-01T09:00");
    desk.then(
        "receive",
        with(
            received(json!({})),
            json!({"requested_by": "2026-05-11T18:00"}),
        ),
    );
    desk.then(
        "resolve",
        json!({"result": "已约定施工时间", "at": "2026-05-11T18:00"}),
    );
    desk.refused("revisit", json!({"method": "phone", "satisfied": false, "signed_by": "小何", "at": "2026-05-11T17:59"}), "before", Some("at"), None);
    desk.then("revisit", json!({"method": "phone", "satisfied": false, "signed_by": "小何", "at": "2026-05-13T10:00"}));
    assert_eq!(desk.state(), "in_progress");
    assert_eq!(desk.duty("resolve", 1), "met 2026-05-11T18:00");
    assert_eq!(desk.duty("revisit", 1), "met");
    // Three working days after the revisit; the owner's old time does not bind the new round.
    assert_eq!(desk.duty("resolve", 2), "late 2026-05-18T17:30");
    assert_eq!(desk.duty("revisit", 2), "none");
    // Told once is told, and stays owed where it arose.
    assert_eq!(
        (
            desk.duty("report_gm", 1).as_str(),
            desk.duty("report_gm", 2).as_str()
        ),
        ("open", "none")
    );
    assert_eq!(
        desk.body("rounds")[0]["ended"]["result"],
        json!("已约定施工时间")
    );
    assert!(desk.body("result").is_null());
    // Solved again before the owner was asked: a step of the first round.
    desk.then(
        "resolve",
        json!({"result": "再次约定", "at": "2026-05-13T09:59"}),
    );
    assert_eq!(desk.body("rounds")[0]["ended"]["result"], json!("再次约定"));
    assert_eq!(desk.duty("resolve", 1), "met 2026-05-11T18:00");
    assert_eq!(desk.state(), "in_progress");
    desk.then(
        "resolve",
        json!({"result": "停工整改", "at": "2026-05-18T17:30:01"}),
    );
    assert_eq!(desk.duty("resolve", 2), "late 2026-05-18T17:30");
    desk.then("facts", json!({"facts": {"injury": true}}));
    assert_eq!(
        desk.duty("resolve", 1),
        "met 2026-05-11T18:00",
        "a finished round keeps its class"
    );
}

#[test]
fn a_later_time_asked_for_in_the_first_round_does_not_bind_the_second() {
    let mut desk = desk("2026-05-14T09:00");
    desk.then(
        "receive",
        with(
            received(json!({})),
            json!({"requested_by": "2026-05-20T18:00"}),
        ),
    );
    desk.then(
        "resolve",
        json!({"result": "好了", "at": "2026-05-11T18:00"}),
    );
    desk.then("revisit", json!({"method": "phone", "satisfied": false, "signed_by": "小何", "at": "2026-05-13T10:00"}));
    assert_eq!(desk.duty("resolve", 1), "met 2026-05-20T18:00");
    assert_eq!(desk.duty("resolve", 2), "open 2026-05-18T17:30");
    // What was asked for at receipt and typed wrong is put right there.
    desk.then(
        "amend",
        json!({"changes": {"requested_by": "2026-05-15T12:00"}, "reason": "听错"}),
    );
    assert_eq!(desk.duty("resolve", 1), "met 2026-05-15T12:00");
    assert_eq!(desk.duty("resolve", 2), "open 2026-05-18T17:30");
}

#[test]
fn a_satisfied_revisit_closes_when_nothing_else_is_owed() {
    let happy = json!({"method": "visit", "satisfied": true, "signed_by": "周先生", "at": "2026-05-09T10:00"});
    let mut minor = resolved(json!({"settled_on_the_spot": true}));
    assert_eq!(minor.next(1), ["revisit"]);
    minor.then("revisit", happy.clone());
    assert_eq!(
        (minor.state().as_str(), minor.owed()),
        (
            "closed",
            vec!["report_done".to_owned(), "later_visit".into()]
        )
    );

    let mut important = resolved(json!({}));
    important.then("revisit", happy);
    assert_eq!(important.state(), "resolved");
    assert_eq!(important.told(), ["warning.not_closed"]);
    important.refused("close", json!({}), "gate", None, Some("S5.4.4.1b.ii"));
    important.tick_all("2026-05-09T11:00");
    important.then("close", json!({"at": "2026-05-09T11:00"}));
    assert_eq!(
        (important.state().as_str(), important.owed()),
        (
            "closed",
            vec![
                "report_done".to_owned(),
                "report_quality".into(),
                "later_visit".into()
            ]
        )
    );
}

#[test]
fn after_closing_the_slip_is_reported_and_the_measure_looked_at_again() {
    let mut desk = resolved(json!({"settled_on_the_spot": true}));
    desk.then("revisit", json!({"method": "phone", "satisfied": true, "signed_by": "小何", "at": "2026-05-09T10:00"}));
    desk.tick_all("2026-05-10T09:00");
    assert_eq!(
        (desk.state().as_str(), desk.duty("report_done", 1).as_str()),
        ("closed", "met")
    );
    let visit = |satisfied: bool| json!({"method": "visit", "satisfied": satisfied, "signed_by": "周先生", "at": "2026-05-20T10:00"});
    desk.then("revisit", visit(true));
    assert_eq!(
        desk.record().head.state_since,
        desk.at("2026-05-09T10:00"),
        "closed once"
    );
    assert_eq!((desk.state().as_str(), desk.owed().len()), ("closed", 0));
    desk.refused(
        "hand_over",
        json!({"department": "工程部"}),
        "not_now",
        None,
        None,
    );
    // Unhappy at a later visit: handled again until he is satisfied.
    desk.then("revisit", visit(false));
    assert_eq!(
        (desk.state().as_str(), desk.duty("resolve", 2).as_str()),
        ("in_progress", "late 2026-05-21T10:00")
    );
}

#[test]
fn a_revisit_before_it_was_resolved_is_not_possible() {
    let mut desk = desk("2026-06-01T09:00");
    desk.then("receive", received(json!({})));
    desk.refused(
        "revisit",
        json!({"method": "visit", "satisfied": true, "signed_by": "周先生"}),
        "not_now",
        None,
        None,
    );
    desk.then(
        "hand_over",
        json!({"department": "工程部", "at": "2026-05-08T12:20"}),
    );
    assert_eq!(
        (desk.state().as_str(), desk.duty("measure", 1).as_str()),
        ("in_progress", "open")
    );
    desk.refused("close", json!({}), "gate", None, Some("S5.4.4.1b.ii"));
}

#[test]
fn a_deferred_complaint_waits_for_the_year_end_and_is_taken_up_in_a_new_round() {
    let mut desk = desk("2027-01-20T09:00");
    desk.then("receive", received(json!({"design_defect": true})));
    let defer = |role: &str| json!({"reason": "设计缺陷", "signed_by": "周先生", "role": role, "at": "2026-05-10T10:00"});
    desk.refused(
        "defer",
        defer("assistant"),
        "not_allowed",
        Some("role"),
        Some("S5.4.3.7"),
    );
    desk.then("defer", defer("service_manager"));
    assert_eq!(
        (
            desk.state().as_str(),
            desk.class().as_str(),
            desk.duty("sign_reason", 1).as_str(),
            desk.duty("judge", 1).as_str()
        ),
        ("deferred", "deferred", "met", "met")
    );
    assert_eq!(desk.duty("year_review", 1), "late 2026-12-31T23:59:59");
    desk.then("explain", json!({"text": "说明", "at": "2026-05-10T11:00"}));
    assert_eq!(desk.state(), "deferred");
    desk.refused("resolve", json!({"result": "x"}), "not_now", None, None);
    desk.then(
        "take_up",
        json!({"reason": "今年有预算", "at": "2026-12-31T23:59:59"}),
    );
    assert_eq!(desk.duty("year_review", 1), "met 2026-12-31T23:59:59");
    assert_eq!(
        (desk.state().as_str(), desk.class().as_str()),
        ("in_progress", "important")
    );
    assert_eq!(desk.duty("resolve", 2), "late 2027-01-06T17:30");
}

#[test]
fn put_off_in_january_is_reviewed_at_the_end_of_that_year() {
    let mut desk = desk("2027-02-01T09:00");
    desk.then(
        "receive",
        with(
            received(json!({"design_defect": true})),
            json!({"at": "2026-12-20T09:00"}),
        ),
    );
    desk.then("defer", json!({"reason": "设计缺陷", "signed_by": "周先生", "role": "gm", "at": "2027-01-05T09:00"}));
    assert_eq!(desk.duty("year_review", 1), "open 2027-12-31T23:59:59");
    // Something heavier is learned: it is taken in hand again at once.
    desk.then(
        "facts",
        json!({"facts": {"injury": true}, "at": "2027-01-06T09:00"}),
    );
    assert_eq!(
        (desk.state().as_str(), desk.class().as_str()),
        ("classified", "major")
    );
}

#[test]
fn solved_in_time_by_oneself_needs_no_hand_over() {
    let mut desk = desk("2026-05-08T18:00");
    desk.then(
        "receive",
        with(
            received(json!({"settled_on_the_spot": true})),
            json!({"needs_other_department": true}),
        ),
    );
    desk.then(
        "resolve",
        json!({"result": "好了", "at": "2026-05-08T12:30"}),
    );
    assert_eq!(desk.duty("hand_over", 1), "na 2026-05-08T12:30");
}

#[test]
fn the_second_round_goes_to_the_department_again() {
    let mut desk = desk("2026-06-01T09:00");
    desk.then(
        "receive",
        with(received(json!({})), json!({"needs_other_department": true})),
    );
    desk.then(
        "hand_over",
        json!({"department": "工程部", "at": "2026-05-08T12:10"}),
    );
    desk.then(
        "measure",
        json!({"cause": "老化", "measures": "更换", "at": "2026-05-08T13:00"}),
    );
    desk.then(
        "resolve",
        json!({"result": "好了", "at": "2026-05-08T18:00"}),
    );
    desk.then("revisit", json!({"method": "visit", "satisfied": false, "signed_by": "周先生", "at": "2026-05-11T15:00"}));
    assert_eq!(desk.duty("hand_over", 2), "late 2026-05-11T15:30");
    assert_eq!(
        (
            desk.duty("measure", 1).as_str(),
            desk.duty("measure", 2).as_str()
        ),
        ("met", "none")
    );
    desk.then(
        "hand_over",
        json!({"department": "工程部", "at": "2026-05-11T15:20"}),
    );
    assert_eq!(
        (
            desk.duty("hand_over", 2).as_str(),
            desk.duty("measure", 2).as_str()
        ),
        ("met 2026-05-11T15:30", "open")
    );
    // A step typed now that happened in the first round belongs there.
    desk.then(
        "hand_over",
        json!({"department": "保洁部", "at": "2026-05-08T12:05"}),
    );
    assert_eq!(
        desk.ledger.duty("hand_over", 1).unwrap().done(),
        Some(desk.at("2026-05-08T12:05"))
    );
    assert_eq!(
        desk.ledger.duty("hand_over", 2).unwrap().done(),
        Some(desk.at("2026-05-11T15:20"))
    );
    let trace = desk.ledger.duty("resolve", 2).unwrap().trace;
    assert_eq!(
        (trace[0].key.as_str(), trace[1].key.as_str()),
        ("trace.round_day", "trace.received")
    );
}

#[test]
fn taken_up_owes_everything_anew_and_what_was_open_before_no_more() {
    let mut desk = desk("2027-01-20T09:00");
    desk.then("receive", received(json!({"design_defect": true})));
    desk.then(
        "notify",
        json!({"role_told": "quality", "at": "2026-05-08T13:00"}),
    );
    desk.then("defer", json!({"reason": "设计缺陷", "signed_by": "周先生", "role": "service_manager", "at": "2026-05-10T10:00"}));
    desk.then(
        "take_up",
        json!({"reason": "有预算", "role": "service_manager", "at": "2026-12-15T09:00"}),
    );
    assert_eq!(desk.class(), "important");
    assert_eq!(
        (
            desk.duty("report_quality", 1).as_str(),
            desk.duty("report_centre_manager", 1).as_str()
        ),
        ("met", "na")
    );
    assert_eq!(
        (
            desk.duty("report_centre_manager", 2).as_str(),
            desk.duty("report_gm", 2).as_str()
        ),
        ("open", "open")
    );
    // Who took it up knows of it.
    assert_eq!(desk.duty("report_service_manager", 2), "met");
    assert_eq!(desk.duty("resolve", 2), "late 2026-12-18T17:30");
}

#[test]
fn still_not_possible_is_reviewed_again_at_the_end_of_the_next_year() {
    let defer = |at: &str| json!({"reason": "仍无法处理", "signed_by": "周先生", "role": "service_manager", "at": at});
    for (again, state) in [
        ("2026-12-15T09:00", "met 2026-12-31T23:59:59"),
        ("2027-01-10T09:00", "late 2026-12-31T23:59:59"),
    ] {
        let mut desk = desk("2027-02-20T09:00");
        desk.then("receive", received(json!({"design_defect": true})));
        desk.then("defer", defer("2026-05-10T10:00"));
        desk.then("explain", json!({"text": "说明", "at": "2026-05-10T11:00"}));
        desk.then("defer", defer(again));
        assert_eq!(
            (desk.state().as_str(), desk.class().as_str()),
            ("deferred", "deferred")
        );
        assert_eq!(desk.duty("year_review", 1), state);
        assert_eq!(desk.duty("year_review", 2), "open 2027-12-31T23:59:59");
        assert_eq!(
            (
                desk.duty("sign_reason", 1).as_str(),
                desk.duty("sign_reason", 2).as_str()
            ),
            ("met", "met")
        );
        assert_eq!(
            (
                desk.duty("explain", 1).as_str(),
                desk.duty("explain", 2).as_str()
            ),
            ("met", "open")
        );
        assert_eq!(desk.duty("report_quality", 2), "none");
    }
}

#[test]
fn what_was_typed_wrong_is_put_right_where_it_was_said() {
    let mut desk = resolved(json!({}));
    let told = json!({"changes": {"result": "已劝阻", "complainant": "周女士"}, "reason": "听错"});
    desk.then("amend", told);
    assert_eq!(
        (desk.body("result"), desk.body("complainant")),
        (json!("已劝阻"), json!("周女士"))
    );
    desk.refused(
        "amend",
        json!({"changes": {"colour": "red"}, "reason": "x"}),
        "unknown_field",
        Some("colour"),
        None,
    );
}
