//! The order of typing means nothing; what was typed wrong can be put right.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// What is left of a complaint, without what tells when it was typed.
fn left(desk: &Desk) -> (String, String, Vec<Deadline>, Vec<String>) {
    (
        desk.state(),
        desk.class(),
        desk.deadlines(),
        desk.ledger.breaches(),
    )
}

/// Acts that are possible at any time before the complaint is closed.
fn acts() -> Vec<(&'static str, Value)> {
    vec![
        ("hand_over", json!({"department": "工程部"})),
        ("hand_over", json!({"department": "保洁部"})),
        ("measure", json!({"cause": "老化", "measures": "更换"})),
        ("notify", json!({"role_told": "gm"})),
        ("notify", json!({"role_told": "centre_manager"})),
        ("apologise", json!({"who": "客服部经理"})),
        ("answer", json!({"text": "一"})),
        ("answer", json!({"text": "二"})),
        ("stop_harm", json!({"text": "停工"})),
        ("escalate", json!({"reason": "超出权限"})),
        ("facts", json!({"facts": {"injury": true}})),
        (
            "facts",
            json!({"facts": {"injury": false, "solvable_within_one_working_day": true}}),
        ),
        (
            "judge",
            json!({"validity": "valid", "role": "service_manager"}),
        ),
        (
            "classify",
            json!({"class": "important", "reason": "影响面大"}),
        ),
        (
            "meeting",
            json!({"kind": "emergency", "conclusion": "方案"}),
        ),
        ("explain", json!({"text": "说明"})),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// The same facts typed in any order make the same complaint.
    #[test]
    fn shuffled_facts_make_the_same_complaint(
        minutes in proptest::collection::btree_set(1_i64..8000, 16),
        order in Just((0..16_usize).collect::<Vec<_>>()).prop_shuffle(),
        shuffled in Just((0..16_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let minutes: Vec<i64> = minutes.into_iter().collect();
        let begin = desk("2026-07-01T00:00").at("2026-05-08T12:00");
        let zone = crate::base::time::Zone::default();
        let acts = acts();
        let timed: Vec<(&str, Value)> = order.iter().zip(&minutes).map(|(act, minute)| {
            let (action, data) = acts[*act].clone();
            (action, with(data, json!({"at": zone.rfc3339(begin.plus_minutes(*minute))})))
        }).collect();
        let make = |order: &[usize]| {
            let mut desk = desk("2026-07-01T00:00");
            desk.then("receive", with(received(json!({"harm_continues": true})), json!({"needs_other_department": true})));
            for act in order {
                let (action, data) = timed[*act].clone();
                desk.then(action, data);
            }
            left(&desk)
        };
        let as_it_happened: Vec<usize> = (0..16).collect();
        prop_assert_eq!(make(&as_it_happened), make(&shuffled));
    }
}

#[test]
fn the_first_to_happen_counts_not_the_first_typed() {
    let mut desk = desk("2026-06-01T09:00");
    desk.then(
        "receive",
        with(
            received(json!({"injury": true})),
            json!({"needs_other_department": true}),
        ),
    );
    desk.then("answer", json!({"text": "二", "at": "2026-05-20T09:00"}));
    assert!(desk.duty("answer", 1).starts_with("late"));
    desk.then("answer", json!({"text": "一", "at": "2026-05-11T09:00"}));
    assert!(desk.duty("answer", 1).starts_with("met"));
    desk.then(
        "resolve",
        json!({"result": "再查", "at": "2026-05-20T09:00"}),
    );
    desk.then(
        "resolve",
        json!({"result": "整改", "at": "2026-05-18T17:30"}),
    );
    assert_eq!(
        (desk.state().as_str(), desk.duty("resolve", 1).as_str()),
        ("resolved", "met 2026-05-18T17:30")
    );
    assert_eq!(desk.body("result"), json!("再查"));
}

#[test]
fn facts_can_be_said_not_to_be_so_and_taken_back() {
    let mut desk = desk("2026-06-01T09:00");
    desk.then("receive", received(json!({"injury": true})));
    desk.then(
        "facts",
        json!({"facts": {"injury": false}, "at": "2026-05-09T09:00"}),
    );
    assert_eq!(desk.class(), "important");
    desk.then(
        "strike",
        json!({"entry": desk.last(), "reason": "确有受伤"}),
    );
    assert_eq!(desk.class(), "major");
    desk.then(
        "correct",
        json!({"entry": 1, "changes": {"facts": {"injury": "否"}}, "reason": "听错"}),
    );
    assert_eq!(
        (desk.class(), desk.body("facts")),
        ("important".to_owned(), json!({"injury": false}))
    );
    desk.refused(
        "correct",
        json!({"entry": 1, "changes": {"facts": {"injuri": true}}, "reason": "x"}),
        "unknown_field",
        Some("injuri"),
        None,
    );
}

#[test]
fn what_closed_the_complaint_closes_it_no_more_when_something_was_owed_then() {
    let mut desk = desk("2026-06-01T09:00");
    desk.then("receive", received(json!({"settled_on_the_spot": true})));
    desk.then(
        "resolve",
        json!({"result": "好了", "at": "2026-05-08T12:05"}),
    );
    desk.then("revisit", json!({"method": "visit", "satisfied": true, "signed_by": "周先生", "at": "2026-05-08T13:00"}));
    assert_eq!(desk.state(), "closed");
    desk.then(
        "facts",
        json!({"facts": {"injury": true}, "at": "2026-05-08T12:30"}),
    );
    assert_eq!(
        (desk.state().as_str(), desk.class().as_str()),
        ("resolved", "major")
    );
    desk.refused(
        "facts",
        json!({"facts": {"injury": true}, "at": "2026-05-08T11:59"}),
        "before",
        Some("at"),
        None,
    );
    // Struck, it closes again.
    desk.then("strike", json!({"entry": desk.last(), "reason": "记错人"}));
    assert_eq!(desk.state(), "closed");
}

#[test]
fn a_step_that_rests_on_another_keeps_it_from_being_struck() {
    let mut desk = desk("2026-06-01T09:00");
    desk.then("receive", received(json!({})));
    desk.then(
        "resolve",
        json!({"result": "好了", "at": "2026-05-08T15:00"}),
    );
    let resolved = desk.last();
    desk.then("revisit", json!({"method": "phone", "satisfied": false, "signed_by": "小何", "at": "2026-05-09T09:00"}));
    desk.refused(
        "strike",
        json!({"entry": resolved, "reason": "x"}),
        "before",
        Some("at"),
        None,
    );
    desk.then("strike", json!({"entry": desk.last(), "reason": "未回访"}));
    desk.then("strike", json!({"entry": resolved, "reason": "未解决"}));
    assert_eq!(desk.state(), "received");
}

#[test]
fn the_class_is_decided_and_the_terms_reckoned_by_what_was_in_force() {
    let mut desk = desk("2026-06-01T09:00");
    let text = crate::rules::procedure::BUILT_IN
        .iter()
        .find(|(name, _)| *name == "property")
        .unwrap()
        .1;
    let newer = text.replace("term = { working_days = 3 }", "term = { working_days = 1 }");
    let newer = newer.replace("unresolved_times = 2\n", "unresolved_times = 5\n");
    let newer = desk.rules().clone().with_file("property", &newer).unwrap();
    desk.ledger.rules = desk.ledger.rules.and(desk.at("2026-05-09T00:00"), newer);
    desk.then("receive", received(json!({"unresolved_times": 3})));
    assert_eq!(desk.class(), "major");
    desk.then(
        "classify",
        json!({"class": "important", "reason": "x", "at": "2026-05-08T13:00"}),
    );
    desk.then(
        "resolve",
        json!({"result": "好了", "at": "2026-05-10T09:00"}),
    );
    desk.then("revisit", json!({"method": "phone", "satisfied": false, "signed_by": "小何", "at": "2026-05-11T09:00"}));
    assert_eq!(
        (
            desk.duty("resolve", 1).as_str(),
            desk.duty("resolve", 2).as_str()
        ),
        ("met 2026-05-12T17:30", "late 2026-05-12T17:30")
    );
}
