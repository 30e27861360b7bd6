//! Paying, and the end of an application.

use super::*;

#[test]
fn a_bill_is_paid_as_a_whole_once() {
    let mut supply = supplied("1234.50");
    let pays = |no: &str, fen: i64| json!({"bill": no, "amount_fen": fen});
    supply
        .no("07-31 17:00", "pay", pays(BILL_1, 5670), "bad_value bill -")
        .ok("07-31 17:00", "read", reads("1301.20"))
        .ok("08-01 09:00", "bill", month("2026-07"))
        .no(
            "08-01 10:00",
            "bill",
            month("2026-07"),
            "duplicate period -",
        )
        .no(
            "08-02 09:00",
            "pay",
            pays(BILL_1, 5669),
            "bad_value amount_fen -",
        )
        .no(
            "08-02 09:00",
            "pay",
            pays(BILL_1, 5671),
            "bad_value amount_fen -",
        )
        .no("08-02 09:00", "pay", pays(BILL_2, 5670), "bad_value bill -")
        .no("08-01 08:59", "pay", pays(BILL_1, 5670), "before at -")
        .ok("08-02 09:00", "pay", pays(BILL_1, 5670))
        .bills(&["2026-07 66.70 5670 paid"])
        .no("08-02 10:00", "pay", pays(BILL_1, 5670), "not_now bill -");
}

#[test]
fn nothing_is_settled_while_anything_is_unread_unbilled_or_unpaid() {
    let mut supply = supplied("1234.50");
    supply
        .ok("07-31 17:00", "read", reads("1301.20"))
        .no("08-01 09:00", "settle", json!({}), "not_now - -")
        .ok("08-12 18:00", "disconnect", removal("1331.20"))
        .no(
            "08-13 08:00",
            "read",
            reads("1340.00"),
            "missing_field replaces -",
        )
        .no("08-13 09:00", "settle", json!({}), "gate - S1.4.5.1")
        .ok("08-13 09:00", "bill", month("2026-07"))
        .ok(
            "08-13 09:00",
            "pay",
            json!({"bill": BILL_1, "amount_fen": 5670}),
        )
        .no("08-13 09:30", "settle", json!({}), "gate - S1.4.5.1")
        .ok("08-13 09:30", "bill", month("2026-08"))
        .no("08-13 10:00", "settle", json!({}), "gate - S1.4.5")
        .ok(
            "08-14 09:00",
            "pay",
            json!({"bill": BILL_2, "amount_fen": 2550}),
        )
        .ok("08-14 10:00", "settle", json!({}))
        .state("settled");
    assert!(supply.record().head.closed.is_some());
}

#[test]
fn a_bill_is_not_older_than_the_reading_that_closes_its_month() {
    let mut supply = supplied("1234.50");
    supply
        .ok("07-31 17:00", "read", reads("1301.20"))
        // What is read later has no say in July.
        .ok("08-31 17:00", "read", reads("1331.20"))
        .no(
            "07-31 16:59:59",
            "bill",
            month("2026-07"),
            "gate period S1.4.5.1",
        )
        .ok("07-31 17:00:00", "bill", month("2026-07"))
        .bills(&["2026-07 66.70 5670 issued"]);
}

#[test]
fn a_month_read_before_its_reading_day_is_told_whatever_was_read_since() {
    let early: &[&str] = &["application.early_reading"];
    for (read_at, told) in [("07-30 23:59:59", early), ("07-31 00:00:00", &[])] {
        supplied("1234.50")
            .ok(read_at, "read", reads("1301.20"))
            .ok("08-31 17:00", "read", reads("1331.20"))
            .ok("09-01 09:00", "bill", month("2026-07"))
            .told(told)
            .ok("09-01 09:00", "bill", month("2026-08"))
            .told(&[]);
    }
    // The reading day is a setting.
    for (read_at, told) in [("07-24 23:59:59", early), ("07-25 00:00:00", &[])] {
        let mut supply = Supply::new().with("reading_day = 31", "reading_day = 25");
        supply
            .ok("06-25 10:00", "apply", form(json!({})))
            .ok("06-26 09:00", "approve", approval())
            .ok(
                "06-30 15:00",
                "inspect",
                json!({"passed": true, "name": "张工"}),
            )
            .ok("07-01 08:00", "energise", meter("1234.50"))
            .ok(read_at, "read", reads("1301.20"))
            .ok("08-01 09:00", "bill", month("2026-07"))
            .told(told);
    }
    // The removal closes its month.
    supplied("1234.50")
        .ok("07-12 18:00", "disconnect", removal("1301.20"))
        .ok("07-13 09:00", "bill", month("2026-07"))
        .told(&[]);
}

#[test]
fn a_paid_bill_stands_while_another_is_open() {
    let mut supply = supplied("1234.50");
    supply
        .ok("07-31 17:00", "read", reads("1301.20"))
        .ok("08-31 17:00", "read", reads("1331.20"))
        .ok("09-01 09:00", "bill", month("2026-07"))
        .ok("09-01 09:00", "bill", month("2026-08"))
        .ok(
            "09-02 09:00",
            "pay",
            json!({"bill": BILL_1, "amount_fen": 5670}),
        )
        .no(
            "09-03 09:00",
            "void_bill",
            json!({"bill": BILL_1, "reason": "写错"}),
            "not_now bill -",
        )
        .bills(&["2026-07 66.70 5670 paid", "2026-08 30.00 2550 issued"]);
}
