//! What each class owes (S5.4.4), and how the class changes.

use serde_json::json;

use super::*;

#[test]
fn each_class_owes_what_its_section_says() {
    #[rustfmt::skip]
    let table = [
        (json!({"settled_on_the_spot": true}), "minor", vec!["resolve"]),
        (json!({"solvable_within_one_working_day": true}), "minor", vec!["report_service_manager", "resolve"]),
        (json!({}), "important", vec!["report_service_manager", "report_centre_manager", "report_gm", "apologise", "resolve"]),
        (json!({"injury": true}), "major", vec!["report_service_manager", "report_centre_manager", "report_quality", "report_gm", "answer", "apologise", "emergency_meeting", "special_meeting", "resolve", "recheck"]),
        (json!({"injury": true, "harm_continues": true}), "major", vec!["stop_harm", "report_service_manager", "report_centre_manager", "report_quality", "report_gm", "answer", "apologise", "emergency_meeting", "special_meeting", "resolve", "recheck"]),
        // Nobody has judged: what the complaint owes if it is valid and can be dealt with runs on.
        (json!({"developer_legacy": true}), "deferred", vec!["judge", "report_service_manager", "report_centre_manager", "report_quality", "report_gm", "apologise", "discuss", "explain", "sign_reason", "resolve", "year_review"]),
        (json!({"misunderstanding": true}), "invalid", vec!["judge", "report_service_manager", "report_centre_manager", "report_gm", "apologise", "explain", "resolve"]),
    ];
    for (facts, class, owed) in table {
        let mut desk = desk("2026-05-08T13:00");
        desk.then("receive", received(facts.clone()));
        assert_eq!(desk.class(), class, "{facts}");
        assert_eq!(desk.owed(), owed, "{facts}");
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
        (desk.class().as_str(), desk.duty("resolve", 1).as_str()),
        ("major", "open 2026-05-18T17:30")
    );
    assert_eq!(
        desk.body("proposal")["reasons"],
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
    assert_eq!(
        (desk.class().as_str(), desk.state().as_str()),
        ("important", "classified")
    );
    assert_eq!(desk.body("proposal")["class"], json!("major"));
    assert_eq!(desk.body("chosen")["class"], json!("important"));
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
    assert_eq!(desk.body("proposal")["class"], json!("minor"));
}

#[test]
fn only_the_manager_judges_and_an_invalid_one_ends_with_the_explanation() {
    let mut desk = desk("2026-05-08T18:00");
    desk.then("receive", received(json!({"misunderstanding": true})));
    assert!(desk.next(3).contains(&"judge"));
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
        (desk.state().as_str(), desk.class().as_str(), desk.next(1)),
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
            desk.state().as_str(),
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
    assert_eq!(
        (desk.state().as_str(), desk.class().as_str()),
        ("classified", "important")
    );
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
    assert_eq!(
        (desk.state().as_str(), desk.class().as_str()),
        ("invalid", "invalid")
    );
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
    let body = desk.record().body;
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

#[test]
fn what_is_only_proposed_takes_no_term_away() {
    for class in ["invalid", "deferred"] {
        let mut desk = desk("2026-05-08T18:00");
        desk.then(
            "receive",
            received(json!({"injury": true, "harm_continues": true})),
        );
        desk.then("classify", json!({"class": class, "reason": "助理认为", "role": "assistant", "at": "2026-05-08T13:00"}));
        assert_eq!(desk.class(), class);
        assert_eq!(desk.duty("resolve", 1), "open 2026-05-18T17:30", "{class}");
        assert_eq!(desk.duty("answer", 1), "open 2026-05-11T17:30", "{class}");
        assert_eq!(desk.duty("stop_harm", 1), "open", "{class}");
        let validity = if class == "invalid" {
            "invalid"
        } else {
            "valid"
        };
        desk.then("judge", json!({"validity": validity, "reason": "查明", "role": "service_manager", "at": "2026-05-08T14:00"}));
        assert_eq!(
            (desk.class().as_str(), desk.duty("resolve", 1).as_str()),
            (class, "none")
        );
    }
}

#[test]
fn a_fact_learned_when_the_term_was_over_is_late_and_impossible() {
    let mut desk = desk("2026-05-20T18:00");
    desk.then("receive", received(json!({})));
    desk.then(
        "facts",
        json!({"facts": {"injury": true}, "at": "2026-05-12T09:00"}),
    );
    let duty = |desk: &Desk, code: &str| desk.ledger.duty(code, 1).unwrap();
    let answer = duty(&desk, "answer");
    assert!(answer.impossible && desk.duty("answer", 1).starts_with("late"));
    assert_eq!(answer.trace.last().unwrap().key, "trace.learned_late");
    // The seven days were not over.
    assert!(!duty(&desk, "resolve").impossible);
    // Answered in time without knowing that an answer was owed.
    desk.then("answer", json!({"text": "答复", "at": "2026-05-11T17:30"}));
    assert!(!duty(&desk, "answer").impossible);
    assert_eq!(desk.duty("answer", 1), "met 2026-05-11T17:30");
    // Known to us in time, however late it was typed.
    desk.then(
        "facts",
        json!({"facts": {"injury": true}, "at": "2026-05-10T09:00"}),
    );
    desk.then(
        "strike",
        json!({"entry": desk.last() - 1, "reason": "误录"}),
    );
    let answer = duty(&desk, "answer");
    assert!(!answer.impossible && desk.duty("answer", 1).starts_with("late"));
}

#[test]
fn the_service_manager_knows_when_told_or_when_he_acts_himself() {
    let told = |facts: Value, action: &str, data: Value| {
        let mut desk = desk("2026-05-20T18:00");
        desk.then("receive", received(facts));
        desk.then(action, with(data, json!({"at": "2026-05-08T12:10"})));
        desk.duty("report_service_manager", 1)
    };
    assert_eq!(
        told(json!({}), "notify", json!({"role_told": "service_manager"})),
        "met"
    );
    assert_eq!(
        told(json!({}), "notify", json!({"role_told": "gm"})),
        "open"
    );
    assert_eq!(
        told(
            json!({}),
            "hand_over",
            json!({"department": "工程部", "role": "service_manager"})
        ),
        "met"
    );
    assert_eq!(
        told(
            json!({}),
            "hand_over",
            json!({"department": "工程部", "role": "assistant"})
        ),
        "open"
    );
    assert_eq!(
        told(
            json!({"settled_on_the_spot": true}),
            "notify",
            json!({"role_told": "gm"})
        ),
        "none"
    );
    let mut himself = desk("2026-05-20T18:00");
    himself.then(
        "receive",
        with(received(json!({})), json!({"role": "service_manager"})),
    );
    assert_eq!(himself.duty("report_service_manager", 1), "met");
}

#[test]
fn escalated_is_told_to_both_at_once() {
    let mut desk = desk("2026-05-20T18:00");
    desk.then("receive", received(json!({})));
    assert_eq!(desk.duty("escalate", 1), "none");
    // Told of the complaint is not told that it goes beyond authority.
    desk.then(
        "notify",
        json!({"role_told": "centre_manager", "at": "2026-05-08T12:10"}),
    );
    desk.then(
        "escalate",
        json!({"reason": "超出权限", "at": "2026-05-08T13:00"}),
    );
    desk.then(
        "notify",
        json!({"role_told": "quality", "at": "2026-05-08T13:05"}),
    );
    let duty = desk.ledger.duty("escalate", 1).unwrap();
    assert_eq!(duty.from, desk.at("2026-05-08T13:00"));
    let parts: Vec<bool> = duty.parts.iter().map(|part| part.done.is_some()).collect();
    assert_eq!((duty.pending(), parts), (true, vec![false, true]));
    desk.then(
        "notify",
        json!({"role_told": "centre_manager", "at": "2026-05-08T13:10"}),
    );
    assert_eq!(
        desk.ledger.duty("escalate", 1).unwrap().done(),
        Some(desk.at("2026-05-08T13:10"))
    );
}

#[test]
fn solved_is_told_to_the_owner() {
    let mut desk = desk("2026-05-20T18:00");
    desk.then(
        "receive",
        received(json!({"solvable_within_one_working_day": true})),
    );
    desk.then("answer", json!({"text": "在办", "at": "2026-05-08T14:00"}));
    desk.then(
        "resolve",
        json!({"result": "好了", "told": false, "at": "2026-05-08T15:00"}),
    );
    assert_eq!(desk.duty("reply_owner", 1), "open");
    desk.then("answer", json!({"text": "好了", "at": "2026-05-08T15:30"}));
    assert_eq!(desk.duty("reply_owner", 1), "met");
    desk.then(
        "correct",
        json!({"entry": desk.last() - 1, "changes": {"told": true}, "reason": "当场已告知"}),
    );
    assert_eq!(
        desk.ledger.duty("reply_owner", 1).unwrap().done(),
        Some(desk.at("2026-05-08T15:00"))
    );
}
