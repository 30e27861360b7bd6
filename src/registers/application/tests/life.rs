//! From the application to the cut: who must do what first, and what becomes a breach (S1.4.1–S1.4.4).

use super::*;

#[test]
fn an_application_says_who_where_how_much_and_when() {
    let needed = [
        "applicant",
        "place",
        "load_kw",
        "voltage_v",
        "phases",
        "use_from",
        "contact",
        "basis",
    ];
    for field in needed {
        let clause = if field == "basis" { "-" } else { "S1.4.1" };
        let expected = format!("missing_field {field} {clause}");
        Supply::new().no(
            "06-25 10:00",
            "apply",
            form(json!({field: null})),
            &expected,
        );
    }
    let estimate = |changes: Value| {
        let mut asked = form(json!({"basis": "estimated", "hours_per_day": "8"}));
        for (key, value) in changes.as_object().unwrap() {
            asked[key] = value.clone();
        }
        asked
    };
    let mut supply = Supply::new();
    supply
        .no(
            "06-25 10:00",
            "apply",
            estimate(json!({"hours_per_day": null})),
            "missing_field hours_per_day S1.4.5.2",
        )
        .no(
            "06-25 10:00",
            "apply",
            estimate(json!({"use_to": null})),
            "missing_field use_to S1.4.5.2",
        )
        .ok("06-25 10:00", "apply", form(json!({"use_to": null})))
        .state("applied");
}

#[test]
fn what_cannot_be_is_refused_by_field() {
    for (changes, expected) in [
        (json!({"phases": 2}), "bad_value phases -"),
        (json!({"load_kw": "0"}), "bad_value load_kw -"),
        (json!({"load_kw": "1.2345"}), "bad_value load_kw -"),
        (
            json!({"hours_per_day": "24.01"}),
            "bad_value hours_per_day -",
        ),
        (json!({"hours_per_day": "0"}), "bad_value hours_per_day -"),
        (json!({"use_to": "2026-07-01T07:59"}), "before use_to -"),
    ] {
        Supply::new().no("06-25 10:00", "apply", form(changes), expected);
    }
    for changes in [
        json!({"phases": 1}),
        json!({"hours_per_day": "24"}),
        json!({"use_to": "2026-07-01T08:00"}),
    ] {
        Supply::new().ok("06-25 10:00", "apply", form(changes));
    }
}

#[test]
fn beforehand_and_in_writing_or_it_is_told() {
    Supply::new()
        .ok("07-01 08:00", "apply", form(json!({"via": "written"})))
        .told(&[]);
    Supply::new()
        .ok("07-01 08:01", "apply", form(json!({})))
        .told(&["application.late"]);
    Supply::new()
        .ok("06-25 10:00", "apply", form(json!({"via": "phone"})))
        .told(&["application.unwritten"]);
}

#[test]
fn the_engineering_department_approves_from_the_supervisor_up() {
    for role in ["supervisor", "chief_engineer", "gm"] {
        applied()
            .ok(
                "06-26 09:00",
                "approve",
                json!({"name": "王", "role": role}),
            )
            .state("approved");
        applied()
            .ok(
                "06-26 09:00",
                "reject",
                json!({"name": "王", "role": role, "reason": "超容"}),
            )
            .state("rejected");
    }
    for role in [
        "system_engineer",
        "duty_engineer",
        "clerk",
        "service_manager",
        "quality",
    ] {
        applied()
            .no(
                "06-26 09:00",
                "approve",
                json!({"name": "王", "role": role}),
                "not_allowed role S1.4.2",
            )
            .no(
                "06-26 09:00",
                "reject",
                json!({"name": "王", "role": role, "reason": "x"}),
                "not_allowed role S1.4.2",
            );
    }
    let mut lower = Supply::new().with(
        "approve_role = \"supervisor\"",
        "approve_role = \"system_engineer\"",
    );
    lower.ok("06-25 10:00", "apply", form(json!({}))).ok(
        "06-26 09:00",
        "approve",
        json!({"name": "李", "role": "system_engineer"}),
    );
}

#[test]
fn a_returned_application_is_completed_and_decided() {
    let mut supply = applied();
    supply
        .ok("06-25 11:00", "return", json!({"reason": "负荷不清"}))
        .state("returned")
        .no(
            "06-25 11:30",
            "return",
            json!({"reason": "x"}),
            "not_now - -",
        )
        .no(
            "06-25 11:30",
            "amend",
            json!({"changes": {"phases": 2}, "reason": "x"}),
            "bad_value phases -",
        )
        .no(
            "06-25 11:30",
            "amend",
            json!({"changes": {"use_to": "2026-06-30T08:00"}, "reason": "x"}),
            "before use_to -",
        )
        .no(
            "06-25 11:30",
            "amend",
            json!({"changes": {"reading": "1.0"}, "reason": "x"}),
            "unknown_field reading -",
        )
        .no(
            "06-25 11:30",
            "amend",
            json!({"changes": {"basis": "estimated"}, "reason": "x"}),
            "missing_field hours_per_day S1.4.5.2",
        )
        .ok(
            "06-25 11:30",
            "amend",
            json!({"changes": {"load_kw": "15"}, "reason": "补正"}),
        )
        // An approval before the return was taken back by it.
        .ok("06-25 10:59", "approve", approval())
        .state("returned")
        .ok("06-26 09:00", "approve", approval())
        .state("approved");
    applied()
        .ok("06-25 11:00", "return", json!({"reason": "负荷不清"}))
        .ok(
            "06-26 09:00",
            "reject",
            json!({"name": "王", "role": "gm", "reason": "未补正"}),
        )
        .state("rejected");
    // What was read cannot have been read without a meter.
    supplied("1234.50")
        .ok("07-31 17:00", "read", reads("1301.20"))
        .no(
            "08-02 08:00",
            "amend",
            json!({"changes": {"basis": "estimated", "hours_per_day": "8"}, "reason": "x"}),
            "before at -",
        );
}

#[test]
fn a_failed_inspection_lists_its_defects_and_every_attempt_is_kept() {
    let mut supply = approved();
    supply
        .ok("06-29 09:00", "wire", json!({}))
        .state("wired")
        .no(
            "06-29 15:00",
            "inspect",
            json!({"passed": false, "name": "张工"}),
            "missing_field defects -",
        )
        .ok(
            "06-29 15:00",
            "inspect",
            json!({"passed": false, "defects": "无漏电保护", "name": "张工"}),
        )
        .state("wired")
        .no(
            "06-30 08:00",
            "energise",
            meter("1234.50"),
            "missing_field reason S1.4.3",
        )
        .ok(
            "06-30 15:00",
            "inspect",
            json!({"passed": true, "name": "张工"}),
        )
        .state("inspected");
    let body = supply.body();
    let attempts = body["inspections"].as_array().unwrap();
    assert_eq!(
        attempts
            .iter()
            .map(|a| a["passed"] == true)
            .collect::<Vec<_>>(),
        [false, true]
    );
    // A line that was laid and inspected before the approval was laid and inspected all the same.
    applied()
        .ok("06-26 09:00", "wire", json!({}))
        .ok(
            "06-26 10:00",
            "inspect",
            json!({"passed": true, "name": "张工"}),
        )
        .state("applied")
        .ok("06-27 09:00", "approve", approval())
        .state("inspected");
}

#[test]
fn both_sides_confirm_the_first_reading() {
    let mut supply = approved();
    supply.ok(
        "06-30 15:00",
        "inspect",
        json!({"passed": true, "name": "张工"}),
    );
    for field in ["our_name", "user_name", "meter_no", "digits", "reading"] {
        let mut slip = meter("1234.50");
        slip[field] = Value::Null;
        supply.no(
            "07-01 08:00",
            "energise",
            slip,
            &match field {
                "our_name" | "user_name" => format!("missing_field {field} -"),
                _ => format!("missing_field {field} S1.4.3"),
            },
        );
    }
    let odd = |key: &str, value: Value| {
        let mut slip = meter("1234.50");
        slip[key] = value;
        slip
    };
    supply
        .no(
            "07-01 08:00",
            "energise",
            odd("reading", json!("100000")),
            "bad_value reading -",
        )
        .no(
            "07-01 08:00",
            "energise",
            odd("ratio", json!("0")),
            "bad_value ratio -",
        )
        .no(
            "06-30 14:59",
            "energise",
            meter("1234.50"),
            "missing_field reason S1.4.3",
        )
        .ok("07-01 08:00", "energise", odd("reading", json!("99999.99")))
        .state("energised");
    assert!(supply.record().head.breaches.is_empty());
    assert_eq!(supply.body()["meter_place"], "A座配电间");
    assert_eq!(supply.body()["started_by"], json!(["张工", "吴经理"]));
}

#[test]
fn supply_without_approval_or_inspection_is_recorded_as_a_breach() {
    let mut supply = applied();
    let mut slip = meter("1234.50");
    supply.no(
        "06-25 12:00",
        "energise",
        slip.clone(),
        "missing_field reason S1.4.2",
    );
    slip["reason"] = json!("抢险用电");
    supply
        .ok("06-25 12:00", "energise", slip.clone())
        .state("energised");
    let codes = |supply: &Supply| -> Vec<String> {
        let breaches = &supply.record().head.breaches;
        assert!(breaches.iter().all(|breach| breach.reason == "抢险用电"));
        breaches
            .iter()
            .map(|breach| breach.clause.0.clone())
            .collect()
    };
    assert_eq!(codes(&supply), ["S1.4.2", "S1.4.3"]);
    let mut uninspected = approved();
    uninspected.ok("06-30 12:00", "energise", slip);
    assert_eq!(codes(&uninspected), ["S1.4.3"]);
}

#[test]
fn the_end_is_told_beforehand_and_both_confirm_the_last_reading() {
    let mut supply = supplied("1234.50");
    supply
        .no("08-11 09:00", "give_notice", json!({"end_at": "2026-08-11T08:59"}), "before end_at -")
        .ok("08-11 09:00", "give_notice", json!({"end_at": "2026-08-12T18:00"}))
        .state("ending")
        .no("08-12 18:00", "disconnect", json!({"our_name": "张工", "user_name": "吴"}), "missing_field reading -")
        .no("08-12 18:00", "disconnect", json!({"reading": "1331.20", "our_name": "张工"}), "missing_field user_name S1.4.4")
        .no("08-12 18:00", "disconnect", json!({"reading": "1331.20", "our_name": "张工", "refusal": "不认读数"}), "missing_field witness S1.4.4")
        .no("08-12 18:00", "disconnect", json!({"reading": "1331.20", "user_name": "吴"}), "missing_field our_name -")
        .ok("08-12 18:00", "disconnect", json!({"reading": "1331.20", "our_name": "张工", "refusal": "不认读数", "witness": "保安李"}))
        .state("disconnected")
        .told(&[]);
    let body = &supply.body();
    assert_eq!(
        (&body["witness"], &body["ended_by"]),
        (&json!("保安李"), &json!(["张工"]))
    );
    supplied("1234.50")
        .ok("08-12 18:00", "disconnect", removal("1331.20"))
        .told(&["application.no_notice"]);
}

#[test]
fn an_application_is_withdrawn_only_before_supply() {
    applied()
        .ok("06-25 11:00", "withdraw", json!({"reason": "不装修了"}))
        .state("withdrawn");
    approved()
        .ok("06-27 11:00", "withdraw", json!({"reason": "不装修了"}))
        .state("withdrawn");
    let withdrawn = json!({"reason": "不装修了"});
    supplied("1234.50").no("07-02 11:00", "withdraw", withdrawn, "not_now - -");
}
