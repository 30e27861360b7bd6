//! Bills without a meter (S1.4.5.2): agreed before supply, in slices, and for days beyond them.

use super::*;

#[test]
fn an_estimate_is_agreed_before_supply_and_billed_once() {
    let mut supply = estimated(Supply::new());
    supply
        .no(
            "07-12 09:00",
            "bill",
            month("2026-09"),
            "bad_value period -",
        )
        .ok("07-12 09:00", "bill", month("2026-07"))
        .bills(&["2026-07 336.00 28560 issued"])
        .no(
            "07-12 10:00",
            "bill",
            month("2026-08"),
            "duplicate period -",
        )
        .ok(
            "07-20 15:00",
            "inspect",
            json!({"passed": true, "name": "张工"}),
        )
        .ok(
            "07-25 08:00",
            "energise",
            json!({"our_name": "张工", "user_name": "吴经理"}),
        )
        .told(&[])
        .no("07-31 17:00", "read", reads("1.0"), "not_now - -")
        .ok(
            "08-05 18:00",
            "disconnect",
            json!({"our_name": "张工", "user_name": "吴经理"}),
        )
        .no("08-06 09:00", "settle", json!({}), "gate - S1.4.5")
        .ok(
            "08-06 09:00",
            "pay",
            json!({"bill": BILL_1, "amount_fen": 28560}),
        )
        .ok("08-06 10:00", "settle", json!({}));
    assert_eq!(supply.body()["ended_by"], json!(["张工", "吴经理"]));
    estimated(Supply::new())
        .ok(
            "07-20 15:00",
            "inspect",
            json!({"passed": true, "name": "张工"}),
        )
        .ok(
            "07-25 08:00",
            "energise",
            json!({"our_name": "张工", "user_name": "吴经理"}),
        )
        .told(&["application.unbilled_estimate"])
        .ok(
            "08-05 18:00",
            "disconnect",
            json!({"our_name": "张工", "user_name": "吴经理"}),
        )
        .no("08-06 09:00", "settle", json!({}), "gate - S1.4.5.2");
    Supply::new()
        .ok(
            "06-25 10:00",
            "apply",
            form(json!({"basis": "estimated", "hours_per_day": "8"})),
        )
        .no("06-25 11:00", "bill", month("2026-07"), "not_now - -");
}

#[test]
fn monthly_slices_of_an_estimate_add_up_to_the_whole() {
    let sliced = Supply::new().with("estimate_by_month = false", "estimate_by_month = true");
    let mut supply = estimated(sliced);
    supply
        .ok("07-12 09:00", "bill", month("2026-07"))
        .no(
            "07-12 09:00",
            "bill",
            month("2026-07"),
            "duplicate period -",
        )
        .no(
            "07-12 09:00",
            "bill",
            month("2026-09"),
            "bad_value period -",
        )
        .ok("07-12 09:00", "bill", month("2026-08"))
        // 7 days and 5 of 12: 196.00 + 140.00 = 336.00 kWh, 166.60 + 119.00 = 285.60 yuan
        .bills(&["2026-07 196.00 16660 issued", "2026-08 140.00 11900 issued"]);
}

fn signed() -> Value {
    json!({"our_name": "张工", "user_name": "吴经理"})
}

/// An estimate of 07-25 to 08-05, inspected.
fn ready(supply: Supply) -> Supply {
    let mut supply = estimated(supply);
    let passed = json!({"passed": true, "name": "张工"});
    supply.ok("07-20 15:00", "inspect", passed);
    supply
}

fn beyond(period: &str) -> Value {
    json!({"period": period, "supplement": true})
}

#[test]
fn supply_before_the_bill_leaves_it_late_and_by_setting_a_breach() {
    let mut supply = ready(Supply::new());
    supply
        .ok("07-25 08:00", "energise", signed())
        .breaches(&[])
        .duty("advance_bill", "07-26 09:00", &["1 late 07-25 08:00:00"])
        .ok("07-27 09:00", "bill", month("2026-07"))
        .duty("advance_bill", "07-28 09:00", &["1 late 07-25 08:00:00"])
        // It was written before, as it turns out: the date was typed wrongly.
        .ok(
            "07-28 09:00",
            "correct",
            json!({"entry": 5, "changes": {"at": t("07-24 09:00")}, "reason": "日期写错"}),
        )
        .duty("advance_bill", "07-28 09:00", &["1 met -"])
        .bills(&["2026-07 336.00 28560 issued"]);
    let listed = Supply::new().with("advance_bill_breach = false", "advance_bill_breach = true");
    let mut supply = ready(listed);
    supply
        .ok("07-25 08:00", "energise", signed())
        .told(&["application.unbilled_estimate"])
        .breaches(&["advance_bill"])
        .ok(
            "07-26 09:00",
            "explain_breach",
            json!({"code": "advance_bill", "reason": "用户次日才到"}),
        )
        .breaches(&["advance_bill 用户次日才到"])
        .ok("07-24 09:00", "bill", month("2026-07"))
        .breaches(&[]);
}

#[test]
fn days_used_beyond_the_estimate_are_billed_before_anything_is_settled() {
    let mut supply = ready(Supply::new());
    supply
        .ok("07-24 09:00", "bill", month("2026-07"))
        .ok(
            "07-24 10:00",
            "pay",
            json!({"bill": BILL_1, "amount_fen": 28560}),
        )
        .ok("07-25 08:00", "energise", signed())
        .duty("supplement", "08-05 23:59:59", &["1 na -"])
        .duty("supplement", "08-06 00:00:00", &["1 open -"])
        .no(
            "08-05 09:00",
            "bill",
            beyond("2026-08"),
            "bad_value supplement -",
        )
        .ok("08-20 08:00", "disconnect", signed())
        .duty("supplement", "08-20 09:00", &["1 open -"])
        .no("08-20 11:00", "settle", json!({}), "gate - S1.4.5.2")
        .no(
            "08-20 11:00",
            "bill",
            beyond("2026-07"),
            "bad_value period -",
        )
        .tick("08-20 12:00", "supplement", json!({}))
        // 08-06 to 08-20: 15 days × 28 kWh = 420.00 kWh, 357.00 yuan
        .bills(&["2026-07 336.00 28560 paid", "2026-08 420.00 35700 issued"])
        .duty("supplement", "08-21 09:00", &["1 met -"])
        .no(
            "08-20 13:00",
            "bill",
            beyond("2026-08"),
            "bad_value supplement -",
        )
        .no("08-20 13:00", "settle", json!({}), "gate - S1.4.5")
        .ok(
            "08-20 13:00",
            "pay",
            json!({"bill": BILL_2, "amount_fen": 35700}),
        )
        .ok("08-20 14:00", "settle", json!({}))
        .state("settled");
}

#[test]
fn days_before_the_first_and_months_of_their_own_count_too() {
    let mut supply = ready(Supply::new());
    supply
        .ok("07-21 09:00", "bill", month("2026-07"))
        .ok("07-22 08:00", "energise", signed())
        .ok("08-07 08:00", "disconnect", signed())
        .ok("08-08 09:00", "bill", beyond("2026-07"))
        // 07-22 to 07-24 and 08-06 to 08-07: 3 and 2 days, a line each
        .bills(&["2026-07 336.00 28560 issued", "2026-07 140.00 11900 issued"]);
    assert_eq!(
        supply.body()["bills"][1]["lines"].as_array().unwrap().len(),
        2
    );
    let sliced = Supply::new().with("estimate_by_month = false", "estimate_by_month = true");
    let mut supply = ready(sliced);
    supply
        .ok("07-21 09:00", "bill", month("2026-07"))
        .ok("07-21 09:00", "bill", month("2026-08"))
        .ok("07-22 08:00", "energise", signed())
        .ok("08-07 08:00", "disconnect", signed())
        .ok("08-08 09:00", "bill", beyond("2026-07"))
        .ok("08-08 09:00", "bill", beyond("2026-08"))
        .bills(&[
            "2026-07 196.00 16660 issued",
            "2026-08 140.00 11900 issued",
            "2026-07 84.00 7140 issued",
            "2026-08 56.00 4760 issued",
        ]);
}

#[test]
fn a_bill_written_only_after_the_end_has_every_day() {
    let mut supply = ready(Supply::new());
    supply
        .ok("07-25 08:00", "energise", signed())
        .ok("08-20 08:00", "disconnect", signed())
        .ok("08-21 09:00", "bill", month("2026-07"))
        // 07-25 to 08-20: 27 days × 28 kWh
        .bills(&["2026-07 756.00 64260 issued"])
        .ok(
            "08-21 10:00",
            "pay",
            json!({"bill": BILL_1, "amount_fen": 64260}),
        )
        .ok("08-21 11:00", "settle", json!({}));
}

#[test]
fn an_estimate_of_another_load_is_billed_anew() {
    let mut supply = ready(Supply::new());
    supply
        .ok("07-21 09:00", "bill", month("2026-07"))
        .ok(
            "07-22 09:00",
            "amend",
            json!({"changes": {"load_kw": "4"}, "reason": "写错"}),
        )
        .bills(&["2026-07 336.00 28560 issued!"])
        .ok(
            "07-22 10:00",
            "void_bill",
            json!({"bill": BILL_1, "reason": "负荷写错"}),
        )
        .ok("07-22 11:00", "bill", month("2026-07"))
        .bills(&["2026-07 336.00 28560 void!", "2026-07 384.00 32640 issued"]);
}
