//! Readings and bills (S1.4.5): a bill a calendar month, the vectors, what is odd, what is replaced.

use super::*;

#[test]
fn a_month_without_a_reading_is_never_billed() {
    supplied("1234.50")
        .no(
            "08-01 09:00",
            "bill",
            month("2026-07"),
            "gate period S1.4.5.1",
        )
        .ok("07-31 17:00", "read", reads("1301.20"))
        .no(
            "09-01 09:00",
            "bill",
            month("2026-08"),
            "gate period S1.4.5.1",
        )
        .no(
            "09-01 09:00",
            "bill",
            month("2026-06"),
            "gate period S1.4.5.1",
        )
        .ok("08-01 09:00", "bill", month("2026-07"))
        .bills(&["2026-07 66.70 5670 issued"]);
}

#[test]
fn a_month_belongs_to_the_calendar_of_the_site() {
    // The last second of July and the first of August.
    supplied("1234.50")
        .ok("07-31 23:59:59", "read", reads("1301.20"))
        .ok("08-02 09:00", "bill", month("2026-07"));
    supplied("1234.50")
        .ok("08-01 00:00:00", "read", reads("1301.20"))
        // Two days or a second late, it closes July, the oldest month that is open; August's is still to be taken.
        .ok("08-02 09:00", "bill", month("2026-07"))
        .no(
            "09-02 09:00",
            "bill",
            month("2026-08"),
            "gate period S1.4.5.1",
        )
        .bills(&["2026-07 66.70 5670 issued"]);
}

#[test]
fn the_last_reading_of_a_month_closes_it_and_opens_the_next() {
    supplied("1234.50")
        .ok("07-15 09:00", "read", reads("1260.00"))
        .ok("07-31 17:00", "read", reads("1301.20"))
        .ok("08-31 17:00", "read", reads("1331.20"))
        .ok("09-01 09:00", "bill", month("2026-08"))
        .ok("09-01 09:00", "bill", month("2026-07"))
        .bills(&["2026-08 30.00 2550 issued", "2026-07 66.70 5670 issued"]);
}

#[test]
fn a_part_month_ends_with_the_removal_and_an_unread_month_waits_for_the_next_reading() {
    supplied("1234.50")
        .ok("07-31 17:00", "read", reads("1301.20"))
        .ok("08-12 18:00", "disconnect", removal("1331.20"))
        .ok("08-13 09:00", "bill", month("2026-08"))
        .bills(&["2026-08 30.00 2550 issued"]);
    supplied("1234.50")
        .ok("08-31 17:00", "read", reads("1331.20"))
        .ok("09-01 09:00", "bill", month("2026-08"))
        .bills(&["2026-08 96.70 8220 issued"])
        .no(
            "09-02 09:00",
            "bill",
            month("2026-07"),
            "gate period S1.4.5.1",
        );
}

#[test]
fn the_vectors_of_metered_bills() {
    let billed = |digits: i64, ratio: &str, from: &str, to: &str, price: &str| {
        let mut supply = approved();
        let mut slip = meter(from);
        slip["digits"] = json!(digits);
        slip["ratio"] = json!(ratio);
        supply
            .ok(
                "06-30 15:00",
                "inspect",
                json!({"passed": true, "name": "张工"}),
            )
            .ok("07-01 08:00", "energise", slip)
            .ok("07-31 17:00", "read", reads(to))
            .ok(
                "08-01 09:00",
                "bill",
                json!({"period": "2026-07", "price": price}),
            );
        let bill = supply.body()["bills"][0].clone();
        assert_eq!(
            bill["lines"][0]["price"], price,
            "the price is copied into the line"
        );
        format!("{} {}", bill["kwh"].as_str().unwrap(), bill["total_fen"])
    };
    assert_eq!(billed(5, "1", "1234.50", "1301.20", "0.85"), "66.70 5670");
    assert_eq!(billed(5, "40", "12.35", "18.02", "0.7825"), "226.80 17747");
    assert_eq!(billed(5, "1", "99987.40", "21.90", "0.85"), "34.50 2933");
}

#[test]
fn a_changed_meter_is_a_stop_slip_and_a_start_slip_a_line_each() {
    let swap = json!({
        "stop_reading": "1310.00", "meter_no": "M-89", "digits": 5, "reading": "0.15",
        "our_name": "张工", "user_name": "吴经理",
    });
    let odd = |key: &str, value: &str| {
        let mut odd = swap.clone();
        odd[key] = json!(value);
        odd
    };
    let mut supply = supplied("1301.20");
    supply
        .no(
            "07-20 09:00",
            "swap_meter",
            odd("stop_reading", "100000"),
            "bad_value stop_reading -",
        )
        .no(
            "07-20 09:00",
            "swap_meter",
            odd("reading", "100000"),
            "bad_value reading -",
        )
        .no(
            "07-20 09:00",
            "swap_meter",
            odd("ratio", "0"),
            "bad_value ratio -",
        )
        .ok("07-20 09:00", "swap_meter", swap)
        .ok("07-31 17:00", "read", reads("20.15"))
        .ok("08-01 09:00", "bill", month("2026-07"))
        // 8.80 kWh 7.48 yuan and 20.00 kWh 17.00 yuan
        .bills(&["2026-07 28.80 2448 issued"]);
    let lines = supply.body()["bills"][0]["lines"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(
        lines
            .iter()
            .map(|line| line["fen"].clone())
            .collect::<Vec<_>>(),
        [748, 1700]
    );
    // A reading of the old meter that is typed after the change.
    supply
        .ok("07-10 09:00", "read", reads("1305.00"))
        .told(&[])
        .bills(&["2026-07 28.80 2448 issued"]);
    assert_eq!(supply.body()["readings"][4]["meter"], 0);
}

#[test]
fn the_price_is_the_bills_the_approvals_or_the_tariffs() {
    let unpriced = |tariff: &str| {
        let mut supply = Supply::new().with("tariff = \"\"", &format!("tariff = \"{tariff}\""));
        supply
            .ok("06-25 10:00", "apply", form(json!({})))
            .ok(
                "06-26 09:00",
                "approve",
                json!({"name": "王", "role": "supervisor"}),
            )
            .ok(
                "06-30 15:00",
                "inspect",
                json!({"passed": true, "name": "张工"}),
            )
            .ok("07-01 08:00", "energise", meter("1000.00"))
            .ok("07-31 17:00", "read", reads("1100.00"));
        supply
    };
    unpriced("")
        .no(
            "08-01 09:00",
            "bill",
            month("2026-07"),
            "missing_field price -",
        )
        .ok(
            "08-01 09:00",
            "bill",
            json!({"period": "2026-07", "price": "0.85"}),
        )
        .bills(&["2026-07 100.00 8500 issued"]);
    // The price of August has no say in July, though the bill is written in August.
    unpriced("2024-01-01:0.85, 2026-08-01:0.90")
        .ok("08-01 09:00", "bill", month("2026-07"))
        .bills(&["2026-07 100.00 8500 issued"]);
    unpriced("2024-01-01:0.85, 2026-07-31:0.90")
        .ok("08-01 09:00", "bill", month("2026-07"))
        .bills(&["2026-07 100.00 9000 issued"]);
    unpriced("2026-08-01:0.90").no(
        "08-01 09:00",
        "bill",
        month("2026-07"),
        "missing_field price -",
    );
}

#[test]
fn what_is_odd_is_told_and_never_forbidden() {
    // 12 kW from 07-01 08:00; 24 hours later at most 288 kWh.
    let told = |at: &str, reading: &str, keys: &[&str]| {
        supplied("1000.00")
            .ok(at, "read", reads(reading))
            .told(keys);
    };
    told("07-02 08:00", "1288.00", &[]);
    told("07-02 08:00", "1288.01", &["billing.warn_impossible"]);
    told("07-31 17:00", "1000.00", &["billing.warn_same"]);
    told(
        "07-31 17:00",
        "999.99",
        &["billing.warn_lower", "billing.warn_impossible"],
    );
    for (second, keys) in [
        ("1400.00", &[] as &[&str]),
        ("1400.01", &["billing.warn_times"]),
    ] {
        supplied("1000.00")
            .ok("07-31 17:00", "read", reads("1100.00"))
            .ok("08-31 17:00", "read", reads(second))
            .told(keys);
    }
    supplied("1000.00")
        .ok(
            "07-31 17:00",
            "read",
            json!({"reading": "1000.00", "name": "张工", "reason": "停工"}),
        )
        .told(&[]);
    supplied("1000.00")
        .ok("07-31 17:00", "disconnect", removal("1000.00"))
        .told(&["billing.warn_same", "application.no_notice"]);
    supplied("1000.00")
        .no(
            "07-31 17:00",
            "read",
            reads("100000"),
            "bad_value reading -",
        )
        .no("07-01 07:59", "read", reads("1000.00"), "before at -");
}

#[test]
fn a_wrong_reading_is_replaced_and_its_bill_flagged() {
    let mut supply = supplied("1234.50");
    let instead = |n: i64| json!({"reading": "1301.20", "name": "张工", "replaces": n});
    supply
        .ok("07-31 17:00", "read", reads("1310.20"))
        .ok("08-01 09:00", "bill", month("2026-07"))
        .no("08-02 09:00", "read", instead(3), "bad_value replaces -")
        .ok("08-02 09:00", "read", instead(2))
        .told(&[])
        .bills(&["2026-07 75.70 6435 issued!"])
        .no("08-02 09:00", "read", instead(2), "bad_value replaces -")
        .no(
            "08-02 10:00",
            "bill",
            month("2026-07"),
            "duplicate period -",
        )
        .ok(
            "08-02 10:00",
            "void_bill",
            json!({"bill": BILL_1, "reason": "读数抄错"}),
        )
        .ok("08-02 10:00", "bill", month("2026-07"))
        .bills(&["2026-07 75.70 6435 void!", "2026-07 66.70 5670 issued"]);
    assert_eq!(
        supply.body()["bills"][1]["no"],
        BILL_2,
        "the number of a void bill is kept"
    );
}

#[test]
fn a_bill_that_a_later_reading_of_its_month_outran_is_flagged() {
    let mut supply = supplied("1234.50");
    supply
        .ok("07-25 17:00", "read", reads("1290.00"))
        .ok("07-25 18:00", "bill", month("2026-07"))
        .ok(
            "07-26 09:00",
            "pay",
            json!({"bill": BILL_1, "amount_fen": 4718}),
        )
        .bills(&["2026-07 55.50 4718 paid"])
        .no(
            "07-26 10:00",
            "void_bill",
            json!({"bill": BILL_1, "reason": "x"}),
            "not_now bill -",
        )
        .ok("07-31 17:00", "disconnect", removal("1301.20"))
        .bills(&["2026-07 55.50 4718 paid!"])
        // Energy between the bill and the removal may not be lost.
        .no("08-01 09:00", "settle", json!({}), "gate - S1.4.5.1")
        .ok(
            "08-01 09:00",
            "void_bill",
            json!({"bill": BILL_1, "reason": "重出"}),
        )
        .ok("08-01 09:00", "bill", month("2026-07"))
        .ok(
            "08-01 09:30",
            "pay",
            json!({"bill": BILL_2, "amount_fen": 5670}),
        )
        .ok("08-01 10:00", "settle", json!({}))
        .state("settled");
}
