//! What each class owes (S5.4.4), and how the class changes.

use serde_json::json;

use super::*;

#[test]
fn each_class_owes_what_its_section_says() {
    #[rustfmt::skip]
    let table = [
        (json!({"settled_on_the_spot": true}), "minor", vec!["resolve"]),
        (json!({}), "important", vec!["report_centre_manager", "report_gm", "apologise", "resolve"]),
        (json!({"injury": true}), "major", vec!["report_centre_manager", "report_quality", "report_gm", "answer", "apologise", "emergency_meeting", "special_meeting", "resolve", "recheck"]),
        (json!({"injury": true, "harm_continues": true}), "major", vec!["stop_harm", "report_centre_manager"]),
        (json!({"developer_legacy": true}), "deferred", vec!["judge", "report_centre_manager", "report_quality", "explain", "sign_reason", "year_review"]),
        (json!({"misunderstanding": true}), "invalid", vec!["judge", "explain"]),
    ];
    for (facts, class, owed) in table {
        let mut desk = desk("2026-05-08T13:00");
        desk.then("receive", received(facts.clone()));
        assert_eq!(desk.class(), class, "{facts}");
        assert_eq!(desk.owed()[..owed.len()], owed[..], "{facts}");
        if class != "major" {
            assert_eq!(desk.owed().len(), owed.len(), "{facts}");
        }
    }
}

#[test]
fn terms_at_their_boundary() {
    #[rustfmt::skip]
    let table = [
        // facts, class, duty, action that does it, in time, one second late
        (json!({"settled_on_the_spot": true}), "resolve", "resolve", "2026-05-09T12:00:00", "2026-05-09T12:00:01"),
        (json!({}), "resolve", "resolve", "2026-05-12T17:30:00", "2026-05-12T17:30:01"),
        (json!({"injury": true}), "resolve", "resolve", "2026-05-18T17:30:00", "2026-05-18T17:30:01"),
        (json!({"injury": true}), "answer", "answer", "2026-05-11T17:30:00", "2026-05-11T17:30:01"),
        (json!({}), "hand_over", "hand_over", "2026-05-08T12:30:00", "2026-05-08T12:30:01"),
    ];
    for (facts, duty, action, in_time, late) in table {
        for (at, state) in [(in_time, "met"), (late, "late")] {
            let mut desk = desk("2026-05-20T00:00");
            desk.then(
                "receive",
                with(
                    received(facts.clone()),
                    json!({"needs_other_department": true}),
                ),
            );
            let done = match action {
                "resolve" => json!({"result": "已解决"}),
                "answer" => json!({"text": "答复"}),
                _ => json!({"department": "工程部"}),
            };
            desk.then(action, with(done, json!({"at": at})));
            assert!(
                desk.duty(duty, 1).starts_with(state),
                "{duty} {at}: {}",
                desk.duty(duty, 1)
            );
        }
    }
}

#[test]
fn terms_run_from_receipt_not_from_typing() {
    let mut desk = desk("2026-05-20T00:00");
    desk.then(
        "receive",
        with(
            received(json!({})),
            json!({"at": "2026-05-08T12:00", "received": "2026-05-11T09:00"}),
        ),
    );
    assert_eq!(desk.duty("resolve", 1), "late 2026-05-14T17:30");
    desk.then(
        "amend",
        json!({"changes": {"received": "2026-05-08T12:00"}, "reason": "纸单上的时间"}),
    );
    assert_eq!(desk.duty("resolve", 1), "late 2026-05-12T17:30");
}

#[test]
fn a_fact_learned_later_changes_class_and_terms_from_receipt() {
    let mut desk = desk("2026-05-08T18:00");
    desk.then(
        "receive",
        received(json!({"solvable_within_one_working_day": true})),
    );
    desk.then(
        "facts",
        json!({"facts": {"fee_refusal": true}, "at": "2026-05-08T15:00"}),
    );
    assert_eq!(
        (desk.class(), desk.duty("resolve", 1).as_str()),
        ("major", "open 2026-05-18T17:30")
    );
    assert_eq!(desk.last.as_ref().unwrap().found["class"], json!("major"));
    assert_eq!(
        desk.last.as_ref().unwrap().found["reasons"],
        json!([{"clause": "S5.4.2.1c", "fact": "fee_refusal"}])
    );
    desk.then(
        "facts",
        json!({"facts": {"fee_refusal": false}, "at": "2026-05-08T16:00"}),
    );
    assert_eq!(desk.class(), "minor");
    desk.refused(
        "facts",
        json!({"facts": {"injuri": true}}),
        "unknown_field",
        Some("injuri"),
        None,
    );
}

#[test]
fn an_override_keeps_both_until_a_fact_its_author_had_not_seen_makes_it_heavier() {
    let mut desk = desk("2026-05-20T00:00");
    desk.then("receive", received(json!({"fee_refusal": true})));
    desk.then(
        "classify",
        json!({"class": "重要", "reason": "业主已说明不拒交", "at": "2026-05-08T16:00"}),
    );
    assert_eq!((desk.class(), desk.state()), ("important", "classified"));
    assert_eq!(desk.record().body["proposal"]["class"], json!("major"));
    assert_eq!(desk.record().body["chosen"]["class"], json!("important"));
    // The same reason again changes nothing, a lighter fact neither.
    desk.then("facts", json!({"facts": {"fee_refusal": true, "solvable_within_one_working_day": true}, "at": "2026-05-08T17:00"}));
    assert_eq!(desk.class(), "important");
    desk.then(
        "facts",
        json!({"facts": {"injury": true}, "at": "2026-05-08T18:00"}),
    );
    assert_eq!(desk.class(), "major");
    assert!(desk.record().body.get("chosen").is_none());
    desk.refused(
        "classify",
        json!({"class": "claim", "reason": "x"}),
        "bad_value",
        Some("class"),
        None,
    );
}

#[test]
fn an_override_to_a_heavier_class_stays_whatever_lighter_facts_are_learned() {
    let mut desk = desk("2026-05-20T00:00");
    desk.then("receive", received(json!({})));
    desk.then(
        "classify",
        json!({"class": "major", "reason": "影响大", "at": "2026-05-08T16:00"}),
    );
    desk.then(
        "facts",
        json!({"facts": {"settled_on_the_spot": true}, "at": "2026-05-08T17:00"}),
    );
    assert_eq!(desk.class(), "major");
    assert_eq!(desk.record().body["proposal"]["class"], json!("minor"));
}

#[test]
fn only_the_manager_judges_and_an_invalid_one_ends_with_the_explanation() {
    let mut desk = desk("2026-05-08T18:00");
    desk.then("receive", received(json!({"misunderstanding": true})));
    assert_eq!(desk.next(1), ["judge"]);
    let judge = |role: &str| json!({"validity": "invalid", "reason": "误会", "role": role, "by": "客服林经理", "at": "2026-05-08T13:00"});
    desk.refused(
        "judge",
        judge("assistant"),
        "not_allowed",
        Some("role"),
        Some("S5.4.3.6"),
    );
    desk.refused(
        "judge",
        judge("chief_engineer"),
        "not_allowed",
        Some("role"),
        Some("S5.4.3.6"),
    );
    desk.refused(
        "judge",
        json!({"validity": "invalid", "role": "service_manager"}),
        "missing_field",
        Some("reason"),
        None,
    );
    desk.then("judge", judge("service_manager"));
    assert_eq!(
        (desk.state(), desk.class(), desk.next(1)),
        ("invalid", "invalid", vec!["explain"])
    );
    desk.refused("close", json!({}), "gate", None, Some("S5.4.3.6"));
    desk.refused(
        "classify",
        json!({"class": "minor", "reason": "x"}),
        "not_now",
        None,
        None,
    );
    desk.then(
        "explain",
        json!({"text": "已说明", "at": "2026-05-08T14:00"}),
    );
    assert_eq!(
        (
            desk.state(),
            desk.duty("explain", 1).as_str(),
            desk.duty("judge", 1).as_str()
        ),
        ("closed", "met", "met")
    );
    assert!(desk.owed().is_empty());
}

#[test]
fn judged_valid_lifts_a_proposal_of_invalidity_and_invalid_any_class() {
    let mut desk = desk("2026-05-08T18:00");
    desk.then("receive", received(json!({"misunderstanding": true})));
    desk.then(
        "judge",
        json!({"validity": "valid", "role": "gm", "at": "2026-05-08T13:00"}),
    );
    assert_eq!((desk.state(), desk.class()), ("classified", "important"));
    desk.refused(
        "classify",
        json!({"class": "invalid", "reason": "x"}),
        "not_allowed",
        Some("class"),
        Some("S5.4.3.6"),
    );
    desk.then(
        "judge",
        json!({"validity": "invalid", "reason": "查明", "role": "gm", "at": "2026-05-08T14:00"}),
    );
    assert_eq!((desk.state(), desk.class()), ("invalid", "invalid"));
}

#[test]
fn the_same_unit_and_subject_unsolved_counts_by_itself_for_thirty_days() {
    #[rustfmt::skip]
    let table = [
        // received, content, unit, class
        ("2026-05-09T12:00", "楼上装修噪音太大", "5栋0802", "major"),
        ("2026-06-07T12:00:00", "楼上装修噪音", "5栋0802", "major"),
        ("2026-06-07T12:00:01", "楼上装修噪音", "5栋0802", "important"),
        ("2026-05-09T12:00", "电梯不停本层", "5栋0802", "important"),
        ("2026-05-09T12:00", "楼上装修噪音", "5栋0803", "important"),
    ];
    for (at, content, unit, class) in table {
        let mut desk = desk("2026-07-01T00:00");
        desk.then("receive", received(json!({})));
        desk.near.push(desk.record().clone());
        desk.then(
            "receive",
            with(
                received(json!({})),
                json!({"at": at, "content": content, "unit": unit}),
            ),
        );
        assert_eq!(desk.class(), class, "{at} {content} {unit}");
        let earlier = if class == "major" {
            json!(["C-2026-00001"])
        } else {
            serde_json::Value::Null
        };
        assert_eq!(desk.record().body["earlier"], earlier);
    }
}

#[test]
fn a_solved_complaint_does_not_count_as_unsolved() {
    let mut desk = desk("2026-07-01T00:00");
    desk.then("receive", received(json!({})));
    desk.then(
        "resolve",
        json!({"result": "好了", "at": "2026-05-08T15:00"}),
    );
    desk.near.push(desk.record().clone());
    desk.then(
        "receive",
        with(received(json!({})), json!({"at": "2026-05-10T09:00"})),
    );
    assert_eq!(desk.class(), "important");
}

#[test]
fn the_owners_time_is_kept_beside_the_rules() {
    let mut desk = desk("2026-05-08T13:00");
    desk.then(
        "receive",
        with(
            received(json!({})),
            json!({"requested_by": "2026-05-09T18:00"}),
        ),
    );
    let all = desk.deadlines();
    let resolve = all.iter().find(|d| d.code == "resolve").unwrap();
    assert_eq!(
        (resolve.due, resolve.promised, resolve.rule_due),
        (
            Some(desk.at("2026-05-09T18:00")),
            Some(desk.at("2026-05-09T18:00")),
            Some(desk.at("2026-05-12T17:30"))
        )
    );
    desk.then("facts", json!({"facts": {"injury": true}}));
    assert_eq!(desk.duty("resolve", 1), "open 2026-05-09T18:00");
    desk.then(
        "amend",
        json!({"changes": {"requested_by": "2026-06-30T18:00"}, "reason": "业主改期"}),
    );
    assert_eq!(desk.duty("resolve", 1), "open 2026-05-18T17:30");
    desk.refused(
        "receive",
        with(
            received(json!({})),
            json!({"requested_by": "2026-05-08T11:59"}),
        ),
        "before",
        Some("requested_by"),
        None,
    );
}

#[test]
fn other_procedures_have_their_own_terms() {
    #[rustfmt::skip]
    let table = [
        ("tv", json!({}), "resolve", "open 2026-05-09T12:00"),
        ("tv", json!({"major_fault": true}), "resolve", "open 2026-05-10T12:00"),
        ("product", json!({}), "reply", "open 2026-05-15T23:59:59"),
        ("telecom", json!({}), "resolve", "open"),
    ];
    for (procedure, facts, duty, expected) in table {
        let mut desk = desk("2026-05-08T13:00");
        desk.then(
            "receive",
            with(received(facts), json!({"procedure": procedure})),
        );
        assert_eq!(desk.duty(duty, 1), expected, "{procedure}");
    }
}

#[test]
fn the_first_person_stays_named_and_hand_overs_are_counted() {
    let mut desk = desk("2026-05-08T18:00");
    desk.then(
        "receive",
        with(
            received(json!({})),
            json!({"procedure": "telecom", "cause": "宽带掉线"}),
        ),
    );
    for department in ["网络部", "营账中心"] {
        desk.then(
            "hand_over",
            json!({"department": department, "by": "客服小李", "at": "2026-05-08T14:00"}),
        );
    }
    let body = &desk.record().body;
    assert_eq!(
        (
            &body["first_person"],
            &body["hand_overs"],
            &body["department"],
            &body["cause"]
        ),
        (
            &json!("前台小何"),
            &json!(2),
            &json!("营账中心"),
            &json!("broadband_drops")
        )
    );
}
