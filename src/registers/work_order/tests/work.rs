//! At the customer's: promised times, visits, prices (S2.3–S2.10), and revisits (S2.12).

use super::*;

#[test]
fn the_promised_time_is_the_categorys_unless_it_is_typed() {
    let table = |issue: Value| {
        let mut ledger = Ledger::new("work-order").with(
            "work-order",
            "promised_minutes = \"\"",
            "promised_minutes = \"漏水=30, 停电=20\"",
        );
        let mut data = json!({"content": "x", "place": "y", "team": "z", "at": t("03-02 09:00")});
        for (key, value) in issue.as_object().unwrap() {
            data[key] = value.clone();
        }
        ledger.act("issue", &data).unwrap();
        ledger.duty("arrival", 1).and_then(|duty| duty.due)
    };
    assert_eq!(table(json!({"category": "漏水"})), Some(t("03-02 09:30")));
    assert_eq!(table(json!({"category": " 停电 "})), Some(t("03-02 09:20")));
    assert_eq!(table(json!({"category": "门锁"})), None);
    let typed = json!({"category": "漏水", "promised_arrival": t("03-02 11:00")});
    assert_eq!(table(typed), Some(t("03-02 11:00")));
    let mut early = Ledger::new("work-order");
    let refusal = early
        .act("issue", &json!({"content": "x", "place": "y", "team": "z", "at": t("03-02 09:00"), "promised_arrival": t("03-02 08:59")}))
        .unwrap_err();
    assert_eq!(
        (refusal.code.code(), refusal.field.as_deref()),
        ("before", Some("promised_arrival"))
    );
}

#[test]
fn whoever_is_not_let_in_comes_again_with_the_reason() {
    slip(json!({}))
        .no(
            "10:00 arrive technician=甲 admitted=no",
            "missing_field reason -",
        )
        .no(
            "10:00 arrive technician=甲 admitted=no reason=无人 next_visit=03-02_09:59",
            "before next_visit -",
        )
        .ok(&["10:00 arrive technician=甲 admitted=no reason=无人 next_visit=03-03_09:00"])
        .state("waiting")
        .owes(
            "03-02 12:00",
            &["sign_for#1 open", "next_visit#1 open 03-03 09:00:00"],
        )
        .ok(&["03-03 09:00 arrive technician=甲"])
        .state("on_site");
}

#[test]
fn a_missed_visit_stays_late_whatever_comes_after_and_one_replaced_in_time_is_void() {
    let waits = "10:00 wait_material materials=阀芯 next_visit=03-03_09:00";
    let mut missed = slip(json!({}));
    missed
        .ok(&["09:10 sign_for technician=甲", waits])
        .owes("03-03 09:00", &["next_visit#1 open 03-03 09:00:00"])
        .owes("03-03 09:01", &["next_visit#1 late 03-03 09:00:00"])
        // Promised anew only after it was missed.
        .ok(&["03-03 10:00 wait_material materials=阀芯 next_visit=03-04_09:00"])
        .owes(
            "03-03 10:00",
            &[
                "next_visit#1 late 03-03 09:00:00",
                "next_visit#2 open 03-04 09:00:00",
            ],
        )
        .ok(&[
            "03-04 08:30 arrive technician=甲",
            "03-04 09:30 finish result=好",
        ])
        .owes(
            "03-05 09:00",
            &[
                "next_visit#1 late 03-03 09:00:00",
                "hand_in#1 late 03-04 23:59:59",
            ],
        );
    let mut replaced = slip(json!({}));
    replaced
        .ok(&["09:10 sign_for technician=甲", waits])
        .ok(&["03-03 09:00 wait_material materials=阀芯 next_visit=03-04_09:00"])
        .owes(
            "03-04 09:00",
            &[
                "next_visit#1 void 03-03 09:00:00",
                "next_visit#2 open 03-04 09:00:00",
            ],
        );
    // The customer gave up before anybody had to come.
    let mut over = slip(json!({}));
    over.ok(&["09:10 sign_for technician=甲", waits])
        .ok(&["11:00 own_equipment reason=自购 signed_by=李"])
        .owes(
            "03-03 10:00",
            &[
                "next_visit#1 na 03-03 09:00:00",
                "hand_in#1 late 03-02 23:59:59",
            ],
        );
}

#[test]
fn what_was_over_before_anybody_had_to_come_asks_for_nobody() {
    let ended = |at: &str| format!("{at} own_equipment reason=自己修 signed_by=李");
    let early = ended("10:00");
    slip(json!({"promised_arrival": t("03-02 11:00")}))
        .ok(&[early.as_str()])
        .owes(
            "03-02 12:00",
            &[
                "sign_for#1 na",
                "arrival#1 na 03-02 11:00:00",
                "hand_in#1 open 03-02 23:59:59",
            ],
        );
    // Over too late: the promise was missed, and it is told so.
    let late = ended("11:30");
    slip(json!({"promised_arrival": t("03-02 11:00")}))
        .ok(&[late.as_str()])
        .owes(
            "03-02 12:00",
            &[
                "sign_for#1 na",
                "arrival#1 late 03-02 11:00:00",
                "hand_in#1 open 03-02 23:59:59",
            ],
        );
}

#[test]
fn a_price_that_nobody_consented_to_is_a_breach_of_the_repair() {
    let priced = &["09:30 arrive technician=甲", "09:40 quote amount_fen=5000"];
    slip(json!({}))
        .ok(priced)
        .no("09:50 decline reason=贵", "missing_field signed_by -")
        .ok(&["09:50 decline reason=贵 signed_by=李"])
        .state("declined")
        .breaches(&[])
        .ok(&[
            "10:00 tech_sign technician=甲",
            "10:10 review engineer=乙",
            "10:20 hand_in clerk=文",
        ])
        .owes("03-02 10:20", &["sign_for#1 na", "archive#1 open"]);
    let mut silent = slip(json!({}));
    silent
        .ok(priced)
        .ok(&["10:00 finish result=好"])
        .breaches(&["consent"])
        .ok(&["10:00 accept signed_by=李", "10:10 tech_sign technician=甲"])
        .ok(&["10:20 review engineer=乙", "10:30 hand_in clerk=文"])
        .no("10:40 archive", "gate reason S2.6")
        .ok(&["10:50 explain_breach code=consent reason=口头同意"])
        .breaches(&["consent 口头同意"])
        // The signature turns up: there was no breach.
        .ok(&["09:45 consent signed_by=李"])
        .breaches(&[])
        .ok(&["10:55 archive"])
        .state("archived");
    // Waiting for material in between makes no difference.
    slip(json!({}))
        .ok(priced)
        .ok(&["09:50 wait_material materials=阀芯 next_visit=03-03_09:00"])
        .ok(&[
            "03-03 09:00 arrive technician=甲",
            "03-03 09:30 finish result=好 note=急修",
        ])
        .breaches(&["consent 急修"]);
    slip(json!({})).no("10:00 consent signed_by=李", "not_now - -");
}

#[test]
fn a_price_that_is_not_the_lists_asks_why() {
    let ledger = || {
        let mut ledger = Ledger::new("work-order").with(
            "work-order",
            "price_list = {}",
            "price_list = { \"换阀芯\" = \"35.00\" }",
        );
        let issue = json!({"content": "x", "place": "y", "team": "z", "at": t("03-02 09:00")});
        ledger.act("issue", &issue).unwrap();
        ledger
    };
    for (items, note, told) in [
        (
            json!([{"name": "换阀芯", "price_fen": 3500}]),
            Value::Null,
            &[][..],
        ),
        (
            json!([{"name": "换阀芯", "price_fen": 4000}]),
            Value::Null,
            &["work_order.other_price"],
        ),
        (
            json!([{"name": "换门", "price_fen": 4000}]),
            Value::Null,
            &["work_order.not_listed"],
        ),
        (
            json!([{"name": "换门", "price_fen": 4000}]),
            json!("特价"),
            &[],
        ),
    ] {
        let mut ledger = ledger();
        let quote =
            json!({"amount_fen": 3500, "items": items, "note": note, "at": t("03-02 10:00")});
        ledger.act("quote", &quote).unwrap();
        let said: Vec<&str> = ledger
            .last
            .warnings
            .iter()
            .map(|msg| msg.key.as_str())
            .collect();
        assert_eq!(said, told, "{items}");
    }
}

#[test]
fn an_unhappy_customer_sends_it_back_or_has_it_done_again() {
    slip(json!({}))
        .ok(&[
            "10:00 finish result=好",
            "10:10 accept signed_by=李 satisfied=no",
        ])
        .state("on_site")
        .owes("03-02 10:10", &["sign_for#1 open"])
        .ok(&[
            "11:00 finish result=再修 cleaned=yes",
            "11:10 accept signed_by=李",
        ])
        .state("accepted");
    let mut revisited = slip(json!({"reporter": "李", "phone": "139", "category": "漏水"}));
    revisited.ok(&["10:00 finish result=好"]).ok(PAPER);
    revisited.ok(&["03-09 10:00 revisit satisfied=no method=phone by=系统工程师"]);
    let rework = &revisited.0.last.triggers[0];
    assert_eq!(
        (rework.action, rework.link),
        ("issue", Some(("rework", "rework")))
    );
    assert_eq!(rework.data["content"], "返工 厨房漏水");
    assert_eq!(rework.data["place"], "3-1203");
    revisited.ok(&["03-10 10:00 revisit satisfied=yes method=visit by=系统工程师"]);
    assert!(revisited.0.last.triggers.is_empty());
    assert_eq!(
        revisited.0.record().body["revisits"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}
