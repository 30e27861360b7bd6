//! The same complained of again while unsolved (S5.4.2.1c 「多次提出得不到解决」), by what was so when the later one came.

use serde_json::json;

use super::*;

#[test]
fn the_same_unit_and_subject_unsolved_counts_by_itself_for_thirty_days() {
    #[rustfmt::skip]
    let table = [
        // received, content, unit, class
        ("2026-05-09T12:00", "楼上装修噪音太大", "5栋0802", "major"),
        ("2026-06-07T12:00:00", "楼上装修噪音", "5栋0802", "major"),
        ("2026-06-07T12:00:01", "楼上装修噪音", "5栋0802", "important"),
        ("2026-05-09T12:00", "电梯不停本层", "5栋0802", "important"),
        ("2026-05-09T12:00", "楼上装修噪音", "５栋０８０２", "major"),
        ("2026-05-09T12:00", "楼上装修噪音", "5栋0803", "important"),
        // The one that came first is the first time, whenever it was typed.
        ("2026-05-08T11:59", "楼上装修噪音", "5栋0802", "important"),
    ];
    for (at, content, unit, class) in table {
        let mut desk = desk("2026-07-01T00:00");
        desk.then("receive", received(json!({})));
        desk.near.push(desk.record());
        let again = json!({"at": at, "content": content, "unit": unit});
        desk.then("receive", with(received(json!({})), again));
        assert_eq!(desk.class(), class, "{at} {content} {unit}");
        let (earlier, times) = match class {
            "major" => (json!(["C-2026-00001"]), json!(2)),
            _ => (Value::Null, Value::Null),
        };
        assert_eq!(
            (
                desk.body("earlier"),
                desk.body("facts")["unresolved_times"].clone()
            ),
            (earlier, times)
        );
    }
}

/// What happens to the first, and whether the second, of 10 May 09:00, then counts.
#[test]
fn what_counts_is_how_the_first_stood_when_the_second_came() {
    let judge = |validity: &str, at: &str| {
        (
            "judge",
            json!({"validity": validity, "reason": "误会", "role": "service_manager", "at": at}),
        )
    };
    let resolve = |at: &str| ("resolve", json!({"result": "好了", "at": at}));
    let defer = |at: &str| {
        (
            "defer",
            json!({"reason": "设计", "signed_by": "周", "role": "gm", "at": at}),
        )
    };
    let unhappy = |at: &str| {
        (
            "revisit",
            json!({"method": "phone", "satisfied": false, "signed_by": "何", "at": at}),
        )
    };
    #[rustfmt::skip]
    let table = [
        (vec![], true),
        (vec![resolve("2026-05-09T15:00")], false),
        (vec![resolve("2026-05-10T09:00")], false),
        (vec![resolve("2026-05-10T09:01")], true),
        (vec![resolve("2026-05-09T15:00"), unhappy("2026-05-09T16:00")], true),
        (vec![judge("invalid", "2026-05-09T15:00")], false),
        (vec![judge("invalid", "2026-05-11T15:00")], true),
        (vec![judge("invalid", "2026-05-09T15:00"), judge("valid", "2026-05-09T16:00")], true),
        (vec![defer("2026-05-09T15:00")], true),
        (vec![("void", json!({"reason": "录错", "at": "2026-05-20T09:00"}))], false),
    ];
    for (acts, counts) in table {
        let mut desk = desk("2026-07-01T00:00");
        desk.then("receive", received(json!({})));
        for (action, data) in &acts {
            desk.then(action, data.clone());
        }
        desk.near.push(desk.record());
        desk.then(
            "receive",
            with(received(json!({})), json!({"at": "2026-05-10T09:00"})),
        );
        assert_eq!(desk.class() == "major", counts, "{acts:?}");
    }
}

#[test]
fn the_same_cause_is_the_same_subject_whatever_the_words() {
    let telecom = |content: &str, at: &str| {
        with(
            received(json!({})),
            json!({"procedure": "telecom", "cause": "宽带掉线", "content": content, "at": at}),
        )
    };
    let mut desk = desk("2026-07-01T00:00");
    desk.then("receive", telecom("一到晚上就断", "2026-05-08T12:00"));
    desk.near.push(desk.record());
    desk.then("receive", telecom("上不了网", "2026-05-09T12:00"));
    assert_eq!(desk.body("earlier"), json!(["C-2026-00001"]));
    let links = desk.record().head.links;
    assert_eq!(
        (links[0].kind.as_str(), links[0].to.as_str()),
        ("follows", "C-2026-00001")
    );
}
