//! What is owed, from the approval to the last payment.

use super::*;
use crate::base::i18n::{Lang, lookup};

#[test]
fn approval_and_inspection_are_gates_before_supply() {
    let mut supply = applied();
    supply
        .duty("approve", "06-25 10:00", &["1 open -"])
        .duty("inspect", "06-25 10:00", &[])
        .ok("06-26 09:00", "approve", approval())
        .ok("06-29 09:00", "wire", json!({}))
        .duty("approve", "06-29 09:00", &["1 met -"])
        .duty("inspect", "06-29 09:00", &["1 open -"])
        .ok(
            "06-29 15:00",
            "inspect",
            json!({"passed": false, "defects": "x", "name": "张工"}),
        )
        .duty("inspect", "06-29 15:00", &["1 open -"])
        .tick(
            "06-30 15:00",
            "inspect",
            json!({"passed": true, "name": "张工"}),
        )
        .duty("inspect", "06-30 15:00", &["1 met -"])
        .duty("energise", "06-30 15:00", &["1 open -"])
        .tick("07-01 08:00", "energise", meter("1234.50"))
        .duty("energise", "07-01 08:00", &["1 met -"]);
    applied()
        .ok("06-26 09:00", "withdraw", json!({"reason": "x"}))
        .duty("approve", "06-26 09:00", &["1 na -"]);
}

#[test]
fn a_line_that_fails_after_it_passed_is_inspected_again() {
    let inspected = |passed: bool| match passed {
        true => json!({"passed": true, "name": "张工"}),
        false => json!({"passed": false, "defects": "x", "name": "张工"}),
    };
    let mut line = applied();
    line.ok("06-26 09:00", "approve", approval())
        .ok("06-29 09:00", "wire", json!({}))
        .ok("06-29 15:00", "inspect", inspected(true))
        .duty("energise", "06-29 15:00", &["1 open -"])
        .ok("06-30 15:00", "inspect", inspected(false))
        .duty("inspect", "06-30 15:00", &["1 open -"])
        .duty("energise", "06-30 15:00", &[])
        .ok("07-01 15:00", "inspect", inspected(true))
        .duty("inspect", "07-01 15:00", &["1 met -"])
        .ok("07-02 08:00", "energise", meter("1234.50"));
    // What is found later says nothing of the inspection that supply rested on.
    line.ok("07-03 08:00", "inspect", inspected(false))
        .duty("inspect", "07-03 08:00", &["1 met -"])
        .duty("energise", "07-03 08:00", &["1 met -"]);
}

#[test]
fn a_reading_a_month_due_on_its_last_day() {
    let late = "1 late 07-31 23:59:59";
    supplied("1234.50")
        .duty(
            "meter_reading",
            "07-31 23:59:59",
            &["1 open 07-31 23:59:59"],
        )
        .duty("meter_reading", "08-01 00:00:00", &[late]);
    supplied("1234.50")
        .ok("07-31 23:59:59", "read", reads("1301.20"))
        .duty(
            "meter_reading",
            "08-02 09:00",
            &["1 met 07-31 23:59:59", "2 open 08-31 23:59:59"],
        );
    // One second later it closes July still, too late; August's is owed on its own day.
    supplied("1234.50")
        .ok("08-01 00:00:00", "read", reads("1301.20"))
        .duty(
            "meter_reading",
            "08-02 09:00",
            &[late, "2 open 08-31 23:59:59"],
        );
}

#[test]
fn the_months_of_readings_end_with_the_supply() {
    let mut supply = supplied("1234.50");
    supply
        .tick("07-31 17:00", "meter_reading", reads("1301.20"))
        .ok("08-12 18:00", "disconnect", removal("1331.20"))
        .duty(
            "meter_reading",
            "10-01 09:00",
            &["1 met 07-31 23:59:59", "2 met 08-31 23:59:59"],
        );
    // A month nobody read is late once and for all, and not owed for ever.
    supplied("1234.50")
        .ok("08-12 18:00", "disconnect", removal("1331.20"))
        .duty(
            "meter_reading",
            "10-01 09:00",
            &["1 late 07-31 23:59:59", "2 met 08-31 23:59:59"],
        );
}

#[test]
fn the_reading_day_is_a_setting() {
    let mut supply = Supply::new().with("reading_day = 31", "reading_day = 25");
    supply
        .ok("06-25 10:00", "apply", form(json!({})))
        .ok("06-26 09:00", "approve", approval())
        .ok(
            "06-27 15:00",
            "inspect",
            json!({"passed": true, "name": "张工"}),
        )
        // After the 25th of June: that month is read on its last day.
        .ok("06-28 08:00", "energise", meter("1234.50"))
        .ok("06-30 17:00", "read", reads("1240.00"))
        .duty(
            "meter_reading",
            "07-25 23:59:59",
            &["1 met 06-30 23:59:59", "2 open 07-25 23:59:59"],
        )
        .duty(
            "meter_reading",
            "07-26 00:00:00",
            &["1 met 06-30 23:59:59", "2 late 07-25 23:59:59"],
        )
        .ok("07-25 17:00", "read", reads("1301.20"))
        .ok("07-31 17:00", "read", reads("1302.20"))
        .duty(
            "meter_reading",
            "08-01 09:00",
            &[
                "1 met 06-30 23:59:59",
                "2 met 07-25 23:59:59",
                "3 open 08-25 23:59:59",
            ],
        );
}

#[test]
fn each_read_month_owes_a_bill_and_each_bill_a_payment_one_key_each() {
    supplied("1234.50")
        .duty("bill", "07-31 17:00", &[])
        .ok("07-31 17:00", "read", reads("1301.20"))
        .duty("bill", "07-31 17:00", &["1 open -"])
        .tick("08-01 09:00", "bill", json!({}))
        .bills(&["2026-07 66.70 5670 issued"])
        .duty("bill", "08-01 09:00", &["1 met -"])
        .duty("payment", "08-01 09:00", &["1 open -"])
        .tick("08-02 09:00", "payment", json!({}))
        .duty("payment", "08-02 09:00", &["1 met -"])
        .ok("08-31 17:00", "read", reads("1331.20"))
        .duty("bill", "08-31 17:00", &["1 met -", "2 open -"])
        // What was billed on a replaced reading is owed anew: voided first, then billed.
        .ok(
            "09-01 09:00",
            "read",
            json!({"reading": "1300.20", "name": "张工", "replaces": 2}),
        )
        .duty("bill", "09-01 09:00", &["1 open -", "2 open -"])
        .tick("09-01 09:00", "bill", json!({"reason": "读数抄错"}))
        .tick("09-01 09:00", "bill", json!({}))
        .bills(&["2026-07 66.70 5670 void!", "2026-07 65.70 5585 issued"])
        .duty("payment", "09-01 09:00", &["2 open -"]);
}

#[test]
fn the_cut_is_due_when_the_user_said() {
    for (at, state) in [("08-12 18:00:00", "met"), ("08-12 18:00:01", "late")] {
        supplied("1234.50")
            .duty("disconnect", "08-11 09:00", &[])
            .ok(
                "08-11 09:00",
                "give_notice",
                json!({"end_at": "2026-08-12T18:00"}),
            )
            .duty("disconnect", "08-12 18:00:00", &["1 open 08-12 18:00:00"])
            .duty("disconnect", "08-12 18:00:01", &["1 late 08-12 18:00:00"])
            .tick(at, "disconnect", removal("1331.20"))
            .duty(
                "disconnect",
                "08-20 09:00",
                &[&format!("1 {state} 08-12 18:00:00")],
            )
            .duty("settle", "08-20 09:00", &["1 open -"]);
    }
}

#[test]
fn an_estimate_is_owed_before_supply() {
    estimated(Supply::new())
        .duty("advance_bill", "07-11 09:00", &["1 open -"])
        .tick("07-12 09:00", "advance_bill", json!({}))
        .bills(&["2026-07 336.00 28560 issued"])
        .duty("advance_bill", "07-12 09:00", &["1 met -"])
        .duty("bill", "07-12 09:00", &[])
        .duty("meter_reading", "07-12 09:00", &[]);
    let sliced = Supply::new().with("estimate_by_month = false", "estimate_by_month = true");
    estimated(sliced)
        .tick("07-12 09:00", "advance_bill", json!({}))
        .duty("bill", "07-12 09:00", &["2 open -"])
        .tick("08-01 09:00", "bill", json!({}))
        .duty("bill", "08-01 09:00", &["2 met -"])
        .bills(&["2026-07 196.00 16660 issued", "2026-08 140.00 11900 issued"]);
}

#[test]
fn every_duty_has_its_words_and_its_clause() {
    let rules = Rules::built_in().unwrap();
    for duty in &rules.procedure("application").duties {
        assert!(rules.clause_text(&duty.clause).is_some(), "{}", duty.clause);
        let code = duty.code.get_ref();
        let keys = [format!("duty.application.{code}"), format!("duty.{code}")];
        for lang in Lang::ALL {
            assert!(
                keys.iter().any(|key| lookup(lang, key).is_some()),
                "{keys:?}"
            );
        }
    }
    for breach in ["approve", "inspect", "advance_bill"] {
        for lang in Lang::ALL {
            assert!(lookup(lang, &format!("duty.application.{breach}")).is_some());
        }
    }
}
