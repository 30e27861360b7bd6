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
        desk.record().body["rounds"][0]["ended"]["result"],
        json!("已约定施工时间")
    );
    assert!(desk.record().body.get("result").is_none());
    desk.refused(
        "resolve",
        json!({"result": "x", "at": "2026-05-13T09:59"}),
        "before",
        Some("at"),
        None,
    );
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
    desk.then(
        "amend",
        json!({"changes": {"requested_by": "2026-05-15T12:00"}, "reason": "业主再约"}),
    );
    assert_eq!(desk.duty("resolve", 1), "met 2026-05-20T18:00");
    assert_eq!(desk.duty("resolve", 2), "open 2026-05-15T12:00");
}

#[test]
fn a_satisfied_revisit_closes_when_nothing_else_is_owed() {
    let happy = json!({"method": "visit", "satisfied": true, "signed_by": "周先生", "at": "2026-05-09T10:00"});
    let mut minor = resolved(json!({"settled_on_the_spot": true}));
    assert_eq!(minor.next(1), ["revisit"]);
    minor.then("revisit", happy.clone());
    assert_eq!(
        (minor.state(), minor.owed()),
        (
            "closed",
            vec!["report_done".to_owned(), "later_visit".into()]
        )
    );

    let mut important = resolved(json!({}));
    important.then("revisit", happy);
    assert_eq!(
        (important.state(), important.next(1)),
        ("resolved", vec!["close"])
    );
    important.refused("close", json!({}), "gate", None, Some("S5.4.4.1b.ii"));
    important.tick_all("2026-05-09T11:00");
    important.then("close", json!({"at": "2026-05-09T11:00"}));
    assert_eq!(
        (important.state(), important.owed()),
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
        (desk.state(), desk.duty("report_done", 1).as_str()),
        ("closed", "met")
    );
    let visit = |satisfied: bool| json!({"method": "visit", "satisfied": satisfied, "signed_by": "周先生", "at": "2026-05-20T10:00"});
    desk.then("revisit", visit(true));
    assert_eq!(
        desk.record().head.state_since,
        desk.at("2026-05-09T10:00"),
        "closed once"
    );
    assert_eq!((desk.state(), desk.owed().len()), ("closed", 0));
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
        (desk.state(), desk.duty("resolve", 2).as_str()),
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
        (desk.state(), desk.next(2)),
        ("in_progress", vec!["judge", "measure"])
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
            desk.state(),
            desk.class(),
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
    assert_eq!((desk.state(), desk.class()), ("in_progress", "important"));
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
    assert_eq!((desk.state(), desk.class()), ("classified", "major"));
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
fn what_was_decided_is_done_again_not_amended() {
    let mut desk = resolved(json!({}));
    desk.refused(
        "amend",
        json!({"changes": {"satisfied": true}, "reason": "x"}),
        "bad_value",
        Some("satisfied"),
        None,
    );
    desk.then(
        "amend",
        json!({"changes": {"result": "已劝阻", "complainant": "周女士"}, "reason": "听错"}),
    );
    assert_eq!(
        (
            &desk.record().body["result"],
            &desk.record().body["complainant"]
        ),
        (&json!("已劝阻"), &json!("周女士"))
    );
}
