//! What is typed late, corrected or struck: the record is what its facts make of it in the order in which they happened.

use proptest::prelude::*;

use super::*;

/// Corrects the `n`-th entry.
fn right(entry: i64, changes: Value) -> Value {
    json!({"entry": entry, "changes": changes, "reason": "写错"})
}

fn struck(entry: i64) -> Value {
    json!({"entry": entry, "reason": "误录"})
}

#[test]
fn a_gate_that_was_open_is_a_breach_until_its_fact_is_known() {
    let mut slip = meter("1234.50");
    slip["reason"] = json!("抢险");
    let mut supply = applied();
    supply
        .ok("07-01 08:00", "energise", slip)
        .breaches(&["approve 抢险", "inspect 抢险"])
        .ok("06-26 09:00", "approve", approval())
        .breaches(&["inspect 抢险"])
        .state("energised")
        // Too late to open its gate.
        .ok(
            "07-01 08:01",
            "inspect",
            json!({"passed": true, "name": "张工"}),
        )
        .breaches(&["inspect 抢险"])
        .ok(
            "06-30 15:00",
            "inspect",
            json!({"passed": true, "name": "张工"}),
        )
        .breaches(&[]);
    // The other way round: without its approval, what was in order is not.
    let mut supply = supplied("1234.50");
    supply
        .breaches(&[])
        .ok("08-01 09:00", "strike", struck(2))
        .breaches(&["approve"])
        .no(
            "08-01 10:00",
            "explain_breach",
            json!({"code": "consent", "reason": "x"}),
            "bad_value code -",
        )
        .ok(
            "08-01 10:00",
            "explain_breach",
            json!({"code": "approve", "reason": "口头批准"}),
        )
        .breaches(&["approve 口头批准"]);
}

#[test]
fn nothing_is_settled_with_a_breach_that_nobody_explains() {
    let mut supply = supplied("1234.50");
    supply
        .ok("07-12 18:00", "disconnect", removal("1301.20"))
        .ok("07-13 09:00", "bill", month("2026-07"))
        .ok(
            "07-13 10:00",
            "pay",
            json!({"bill": BILL_1, "amount_fen": 5670}),
        )
        .ok("07-14 09:00", "strike", struck(3))
        .breaches(&["inspect"])
        .no("07-14 10:00", "settle", json!({}), "gate reason S1.4.3")
        .ok(
            "07-14 11:00",
            "explain_breach",
            json!({"code": "inspect", "reason": "口头检查"}),
        )
        .ok("07-14 12:00", "settle", json!({}));
}

#[test]
fn a_voided_application_is_the_same_in_the_list_and_on_its_card() {
    for (at, end) in [("06-26 09:00", "reject"), ("06-27 09:00", "withdraw")] {
        let mut supply = applied();
        let said = match end {
            "reject" => json!({"name": "王", "role": "gm", "reason": "超容"}),
            _ => json!({"reason": "不装修了"}),
        };
        supply
            .ok(at, end, said)
            .ok("06-28 09:00", "void", json!({"reason": "误登"}));
        let (ledger, listed) = (&supply.0, supply.0.evaluated());
        let card = ledger
            .register
            .deadlines(&listed.record().unwrap(), &ledger.rules);
        assert_eq!(card, listed.deadlines, "{end}");
        assert_eq!(
            ledger.register.title(&listed.record().unwrap()),
            listed.title
        );
        assert_eq!(listed.head.state, "void");
    }
}

#[test]
fn supply_in_spite_of_a_rejection_or_a_withdrawal_began_all_the_same() {
    let mut slip = meter("1234.50");
    slip["note"] = json!("私接");
    for (act, data) in [
        (
            "reject",
            json!({"reason": "超容", "name": "王", "role": "gm"}),
        ),
        ("withdraw", json!({"reason": "不用了"})),
    ] {
        let mut supply = approved();
        supply.ok("06-27 09:00", act, data);
        assert!(supply.record().head.closed.is_some());
        supply
            .ok("07-01 08:00", "energise", slip.clone())
            .state("energised");
        assert!(supply.record().head.closed.is_none());
        let breaches: &[&str] = match act {
            "reject" => &["approve 私接", "inspect 私接"],
            _ => &["inspect 私接"],
        };
        supply.breaches(breaches);
    }
}

#[test]
fn a_late_reading_takes_its_place_and_a_named_month_is_closed() {
    let named =
        |reading: &str, month: &str| json!({"reading": reading, "name": "张", "closes": month});
    let mut supply = supplied("1000.00");
    supply
        .ok("08-31 17:00", "read", reads("1200.00"))
        .readings(&["1 1000.00 -", "2 1200.00 2026-08"])
        .no(
            "08-02 09:00",
            "read",
            named("1100.00", "2026-09"),
            "bad_value closes S1.4.5.1",
        )
        .no(
            "08-02 09:00",
            "read",
            named("1100.00", "2026-06"),
            "bad_value closes S1.4.5.1",
        )
        .no(
            "09-02 09:00",
            "read",
            named("1300.00", "2026-07"),
            "bad_value closes S1.4.5.1",
        )
        .ok("08-02 09:00", "read", named("1100.00", "2026-07"))
        .readings(&["1 1000.00 -", "2 1200.00 2026-08", "3 1100.00 2026-07"])
        .ok("09-01 09:00", "bill", month("2026-07"))
        .ok("09-01 09:00", "bill", month("2026-08"))
        .bills(&["2026-07 100.00 8500 issued", "2026-08 100.00 8500 issued"])
        // September read in its middle, for September.
        .ok("09-15 09:00", "read", reads("1250.00"))
        .readings(&[
            "1 1000.00 -",
            "2 1200.00 2026-08",
            "3 1100.00 2026-07",
            "4 1250.00 2026-09",
        ]);
}

#[test]
fn readings_keep_their_numbers_whatever_is_struck_or_typed_late() {
    let mut supply = supplied("1000.00");
    supply
        .ok("08-31 17:00", "read", reads("1200.00"))
        .ok("07-31 17:00", "read", reads("1100.00"))
        .ok("09-30 17:00", "read", reads("1300.00"))
        .ok("10-01 09:00", "strike", struck(5))
        .readings(&["1 1000.00 -", "3 1100.00 2026-07", "4 1300.00 2026-09"])
        .no(
            "10-01 09:00",
            "read",
            json!({"reading": "1111.00", "name": "张", "replaces": 2}),
            "bad_value replaces -",
        )
        // Said of a time when the reading had not been taken.
        .no(
            "08-01 09:00",
            "read",
            json!({"reading": "1111.00", "name": "张", "replaces": 4}),
            "before at -",
        )
        .ok(
            "10-01 09:00",
            "read",
            json!({"reading": "1111.00", "name": "张", "replaces": 3}),
        )
        .readings(&["1 1000.00 -", "4 1300.00 2026-09", "5 1111.00 2026-07"])
        // The one that took its place goes, and what it replaced stands again.
        .ok("10-01 10:00", "strike", struck(9))
        .readings(&["1 1000.00 -", "3 1100.00 2026-07", "4 1300.00 2026-09"]);
}

#[test]
fn a_bill_is_flagged_when_its_readings_are_put_right_and_cleared_when_they_are_put_back() {
    let mut supply = supplied("1234.50");
    supply
        .ok("07-31 17:00", "read", reads("1301.20"))
        .ok("08-01 09:00", "bill", month("2026-07"))
        .bills(&["2026-07 66.70 5670 issued"])
        .ok(
            "08-02 09:00",
            "correct",
            right(5, json!({"reading": "1310.20"})),
        )
        .bills(&["2026-07 66.70 5670 issued!"])
        .ok("08-02 10:00", "strike", struck(7))
        .bills(&["2026-07 66.70 5670 issued"])
        // Another ratio of the meter, and another month of the bill itself.
        .ok("08-02 11:00", "correct", right(4, json!({"ratio": "40"})))
        .bills(&["2026-07 66.70 5670 issued!"])
        .ok("08-02 12:00", "strike", struck(9))
        .ok("08-02 13:00", "correct", right(6, json!({"price": "0.90"})))
        .bills(&["2026-07 66.70 5670 issued!"]);
}

#[test]
fn what_later_facts_rest_on_is_not_taken_out_from_under_them() {
    let mut supply = supplied("1234.50");
    supply
        .ok("07-31 17:00", "read", reads("1301.20"))
        .ok("08-01 09:00", "bill", month("2026-07"))
        .ok(
            "08-02 09:00",
            "pay",
            json!({"bill": BILL_1, "amount_fen": 5670}),
        )
        .no("08-03 09:00", "strike", struck(6), "before at -")
        .ok("08-03 09:00", "strike", struck(7))
        .ok("08-03 10:00", "strike", struck(6))
        .bills(&[])
        // The number of a struck bill is not given again.
        .ok("08-03 11:00", "bill", month("2026-07"));
    assert_eq!(supply.body()["bills"][0]["no"], BILL_2);
    // A month is billed once, whichever bill was typed first.
    supply.no("08-01 10:00", "bill", month("2026-07"), "before at -");
}

/// Facts of a metered supply, each at its own instant.
fn facts() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("06-26 09:00", "approve", approval()),
        ("06-29 09:00", "wire", json!({})),
        (
            "06-30 15:00",
            "inspect",
            json!({"passed": true, "name": "张工"}),
        ),
        ("07-15 09:00", "read", reads("1100.00")),
        ("07-31 17:00", "read", reads("1200.00")),
        ("08-31 17:00", "read", reads("1300.00")),
        (
            "09-02 09:00",
            "give_notice",
            json!({"end_at": "2026-09-12T18:00"}),
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Duties, breaches, closed months and bills are the same whatever the order of typing; numbers apart.
    #[test]
    fn the_order_of_typing_means_nothing(order in Just((0..facts().len()).collect::<Vec<_>>()).prop_shuffle()) {
        let lived = |order: &[usize]| {
            let mut supply = applied();
            let mut slip = meter("1000.00");
            slip["reason"] = json!("急用");
            supply.ok("07-01 08:00", "energise", slip);
            for index in order {
                let (at, action, data) = facts().swap_remove(*index);
                supply.ok(at, action, data);
            }
            supply.ok("09-12 18:00", "disconnect", removal("1350.00"));
            for period in ["2026-07", "2026-08", "2026-09"] {
                supply.ok("09-13 09:00", "bill", month(period));
            }
            let seen = supply.0.evaluated();
            let duties: Vec<_> = seen.deadlines.iter().map(|d| (d.code.clone(), d.round, d.due, d.outcome.clone())).collect();
            let body = seen.record().unwrap().body;
            let readings: std::collections::BTreeSet<String> = body["readings"].as_array().unwrap().iter()
                .map(|taken| format!("{} {} {}", taken["at"], taken["reading"], taken["closes"])).collect();
            let kwh: Vec<Value> = body["bills"].as_array().unwrap().iter().map(|bill| bill["kwh"].clone()).collect();
            (duties, seen.head.breaches, seen.head.state, readings, kwh)
        };
        let in_order: Vec<usize> = (0..facts().len()).collect();
        prop_assert_eq!(lived(&order), lived(&in_order));
    }
}
