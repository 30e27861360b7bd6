//! An accident: what is done at once, who is told (S7.4).

use super::*;

#[test]
fn what_is_owed_the_minute_power_is_out() {
    let mut sheet = out();
    let at_once = [
        "report_gm",
        "broadcast_explain",
        "on_site",
        "inform_centres",
        "generator",
        "lift_check",
        "contact_utility",
    ];
    for code in at_once {
        sheet.duty(code, "08-05 00:00", "open -");
    }
    sheet
        .duty("explanation_letter", "08-03 22:10", "open 08-04 22:10")
        .state("out");
    assert!(
        !sheet.codes().contains(&"inform_cause".into()),
        "nobody has judged the cause"
    );
    assert!(!sheet.codes().contains(&"written_report".into()));
    sheet.duty("judge_cause", "08-05 00:00", "open -");
}

#[test]
fn the_engineer_is_owed_from_when_he_was_told() {
    let mut sheet = Sheet::new();
    sheet.ok(
        "08-03 22:20",
        "occur",
        json!({ "at": t("08-03 22:10"), "received": t("08-03 22:15") }),
    );
    assert_eq!(sheet.deadline("on_site").from, t("08-03 22:15"));
    assert_eq!(sheet.deadline("inform_centres").from, t("08-03 22:10"));
    sheet.no(
        "08-03 22:20",
        "on_site",
        json!({ "name": "赵", "at": t("08-03 22:09") }),
        "before at -",
    );
    sheet
        .ok("08-03 22:20", "on_site", json!({ "name": "赵" }))
        .duty("on_site", "08-03 22:20", "met -");
}

#[test]
fn nobody_hears_of_it_before_it_happens() {
    let early = json!({ "received": t("08-03 22:09:59") });
    Sheet::new().no("08-03 22:10", "occur", early, "before received -");
    let mut sheet = Sheet::new();
    sheet
        .ok(
            "08-03 22:10",
            "occur",
            json!({ "received": t("08-03 22:15") }),
        )
        .no(
            "08-03 23:00",
            "amend",
            json!({ "changes": { "at": t("08-03 22:16") }, "reason": "看错钟" }),
            "before received -",
        );
}

#[test]
fn both_centres_one_key_each() {
    let mut sheet = out();
    sheet.tick("08-03 22:15", "inform_centres", json!({})).duty(
        "inform_centres",
        "08-03 22:15",
        "open -",
    );
    sheet.tick("08-03 22:17", "inform_centres", json!({})).duty(
        "inform_centres",
        "08-03 22:17",
        "met -",
    );
    assert_eq!(
        sheet.deadline("inform_centres").done(),
        Some(t("08-03 22:17"))
    );
    assert_eq!(sheet.field("informed")[1]["to"], "monitoring");
}

#[test]
fn the_generator_must_be_answered() {
    out()
        .no(
            "08-03 22:15",
            "generator",
            json!({ "started": true }),
            "missing_field watcher -",
        )
        .no(
            "08-03 22:15",
            "generator",
            json!({ "started": false }),
            "missing_field reason -",
        )
        .ok(
            "08-03 22:15",
            "generator",
            json!({ "started": false, "reason": "无需" }),
        )
        .duty("generator", "08-03 22:15", "met -")
        .no("08-03 22:16", "generator_stop", json!({}), "not_now - -")
        .ok(
            "08-03 22:16",
            "generator",
            json!({ "started": true, "watcher": "钱" }),
        )
        .no(
            "08-03 22:17",
            "generator_stop",
            json!({ "at": t("08-03 22:15:59") }),
            "not_now - -",
        )
        .ok("08-03 22:17", "generator_stop", json!({}));
}

#[test]
fn a_generator_that_runs_when_power_is_back_is_answered_for() {
    let mut sheet = judged("building");
    sheet
        .ok(
            "08-03 22:40",
            "generator",
            json!({ "started": true, "watcher": "钱" }),
        )
        .ok("08-04 01:25", "restore", json!({}))
        .duty("generator_stop", "08-04 01:25", "open -")
        .no(
            "08-04 01:30",
            "generator_stop",
            json!({ "runs_on": true }),
            "missing_field reason -",
        )
        .tick(
            "08-04 01:30",
            "generator_stop",
            json!({ "runs_on": true, "reason": "带载试运行" }),
        )
        .duty("generator_stop", "08-04 01:30", "met -")
        .ok("08-04 02:00", "generator_stop", json!({}));
    assert_eq!(
        sheet.deadline("generator_stop").done(),
        Some(t("08-04 01:30"))
    );
    // Stopped before, it owes nothing; typed late, it is as if typed at first.
    let mut sheet = back("building");
    sheet.ok(
        "08-03 22:40",
        "generator",
        json!({ "started": true, "watcher": "钱" }),
    );
    sheet.duty("generator_stop", "08-04 01:25", "open -");
    sheet.ok("08-04 01:20", "generator_stop", json!({}));
    assert!(!sheet.codes().contains(&"generator_stop".into()));
    // A planned cut owes it as well.
    let mut planned = ready();
    planned
        .ok("08-10 09:00", "cut", json!({}))
        .ok(
            "08-10 09:10",
            "generator",
            json!({ "started": true, "watcher": "钱" }),
        )
        .ok("08-10 10:00", "patrol", json!({ "result": "正常" }))
        .ok("08-10 12:00", "restore", json!({}))
        .duty("generator_stop", "08-10 12:00", "open -");
    assert_eq!(planned.deadline("generator_stop").clause.0, "S7.4.8.2");
}

#[test]
fn every_named_car_is_answered_and_the_trapped_are_freed() {
    let mut sheet = Sheet::new().with("outage", "lift_cars = \"\"", "lift_cars = \"1号梯,2号梯\"");
    sheet.ok("08-03 22:10", "occur", json!({}));
    sheet
        .no(
            "08-03 22:20",
            "lift_check",
            json!({ "cars": ["1号梯"] }),
            "missing_field guard -",
        )
        .tick("08-03 22:20", "lift_check", json!({ "guard": "刘" }))
        .duty("lift_check", "08-03 22:20", "open -")
        .ok(
            "08-03 22:25",
            "lift_check",
            json!({ "guard": "刘", "cars": [{ "car": "２号梯", "trapped": true, "persons": 2 }] }),
        )
        .duty("lift_check", "08-03 22:25", "open -")
        .no(
            "08-03 22:30",
            "rescue",
            json!({ "car": "1号梯", "released": true }),
            "bad_value car -",
        )
        .no(
            "08-03 22:30",
            "rescue",
            json!({ "car": "2号梯", "released": true, "at": t("08-03 22:24") }),
            "not_now - -",
        )
        .ok(
            "08-03 22:30",
            "rescue",
            json!({ "car": "2号梯", "released": false }),
        )
        .duty("lift_check", "08-03 22:30", "open -")
        .tick("08-03 22:40", "lift_check", json!({}))
        .duty("lift_check", "08-03 22:40", "met -");
    assert_eq!(sheet.deadline("lift_check").done(), Some(t("08-03 22:40")));
}

#[test]
fn a_site_without_named_cars_is_answered_by_one_check() {
    out()
        .ok(
            "08-03 22:20",
            "lift_check",
            json!({ "guard": "刘", "cars": ["1号梯"] }),
        )
        .duty("lift_check", "08-03 22:20", "met -");
}

#[test]
fn the_utility_is_called_and_the_centre_told_each_time_the_hour_changes() {
    let call = |hour: &str| json!({ "expected_restore": t(hour) });
    let mut sheet = out();
    sheet.ok("08-03 22:15", "inform", json!({ "to": "centre" }));
    sheet
        .ok("08-03 22:20", "contact_utility", call("08-04 00:00"))
        .duty("contact_utility", "08-03 22:20", "open -");
    sheet
        .tick("08-03 22:21", "contact_utility", json!({}))
        .duty("contact_utility", "08-03 22:21", "met -");
    let rounds = |sheet: &Sheet| {
        sheet
            .deadlines()
            .iter()
            .filter(|d| d.code == "contact_utility")
            .map(|d| d.pending())
            .collect::<Vec<_>>()
    };
    sheet.ok("08-03 23:00", "contact_utility", call("08-04 00:00"));
    assert_eq!(rounds(&sheet), [false], "the same hour is no news");
    sheet.ok("08-03 23:30", "contact_utility", call("08-04 02:00"));
    assert_eq!(rounds(&sheet), [false, true]);
    sheet.ok("08-03 23:31", "inform", json!({ "to": "centre" }));
    assert_eq!(rounds(&sheet), [false, false]);
    sheet.no(
        "08-03 23:40",
        "contact_utility",
        call("08-03 22:00"),
        "before expected_restore -",
    );
}

#[test]
fn power_back_ends_the_asking() {
    out()
        .ok("08-03 22:30", "restore", json!({}))
        .duty("contact_utility", "08-03 22:30", "na -");
}

#[test]
fn the_cause_of_our_own_fault_goes_to_the_centre_and_its_manager() {
    let mut sheet = out();
    sheet.ok("08-03 22:20", "inform", json!({ "to": "centre" }));
    sheet
        .no(
            "08-03 22:30",
            "classify",
            json!({ "source": "unknown", "cause": "?" }),
            "bad_value source -",
        )
        .ok(
            "08-03 22:30",
            "classify",
            json!({ "source": "building", "cause": "母线槽短路" }),
        )
        .duty("inform_cause", "08-03 22:30", "open -")
        .tick("08-03 22:31", "inform_cause", json!({}))
        .duty("inform_cause", "08-03 22:31", "open -")
        .tick("08-03 22:32", "inform_cause", json!({}))
        .duty("inform_cause", "08-03 22:32", "met -");
    assert!(!judged("utility").codes().contains(&"inform_cause".into()));
}

#[test]
fn a_fault_of_our_own_has_its_result_told_to_the_centre_manager() {
    back("building")
        .duty("inform_result", "08-04 01:25", "open -")
        .tick("08-04 01:30", "inform_result", json!({}))
        .duty("inform_result", "08-04 01:30", "met -");
    assert!(!back("utility").codes().contains(&"inform_result".into()));
}

#[test]
fn the_cause_is_judged_and_a_fault_of_our_own_cleared() {
    let mut sheet = judged("building");
    sheet
        .duty("judge_cause", "08-03 22:30", "met -")
        .duty("clear_fault", "08-03 22:30", "open -")
        .ok(
            "08-03 23:00",
            "classify",
            json!({ "source": "building", "cause": "电缆" }),
        )
        .ok("08-04 01:25", "restore", json!({}))
        .duty("clear_fault", "08-04 01:25", "met -");
    assert_eq!(sheet.deadline("judge_cause").done(), Some(t("08-03 22:30")));
    assert_eq!(sheet.deadline("inform_cause").from, t("08-03 23:00"));
    assert!(!judged("utility").codes().contains(&"clear_fault".into()));
}

#[test]
fn a_promise_that_passes_is_late_until_somebody_calls_again() {
    let call = |hour: &str| json!({ "expected_restore": t(hour) });
    let promises = |sheet: &Sheet, now: &str| -> Vec<String> {
        let duties = sheet.deadlines().into_iter();
        let promises = duties.filter(|d| d.code == "restore_expected");
        promises
            .map(|d| format!("{} {}", d.round, d.state(t(now)).code()))
            .collect()
    };
    let mut sheet = out();
    sheet.ok("08-03 22:20", "contact_utility", call("08-04 00:00"));
    sheet.duty("restore_expected", "08-04 00:00", "open 08-04 00:00");
    sheet.duty("restore_expected", "08-04 00:00:01", "late 08-04 00:00");
    assert_eq!(
        sheet.deadline("restore_expected").tick.unwrap().action,
        "contact_utility"
    );
    sheet.ok("08-04 00:10", "contact_utility", call("08-04 02:00"));
    assert_eq!(promises(&sheet, "08-04 00:10"), ["1 late", "2 open"]);
    sheet.ok("08-04 01:00", "contact_utility", call("08-04 03:00"));
    assert_eq!(
        promises(&sheet, "08-04 01:00"),
        ["1 late", "2 void", "3 open"]
    );
    sheet.ok("08-04 02:30", "restore", json!({}));
    assert_eq!(
        promises(&sheet, "08-04 02:30"),
        ["1 late", "2 void", "3 met"]
    );
    // A call between the first two, typed last, takes its place.
    sheet.ok(
        "08-03 23:50",
        "contact_utility",
        json!({ "unknown": true, "answered_by": "李工" }),
    );
    assert_eq!(
        promises(&sheet, "08-04 02:30"),
        ["1 void", "3 void", "4 met"]
    );
    assert_eq!(sheet.field("expected_restore"), json!(t("08-04 03:00")));
}

#[test]
fn nobody_knows_when_and_who_said_so() {
    let mut sheet = out();
    sheet
        .no(
            "08-03 22:20",
            "contact_utility",
            json!({}),
            "missing_field expected_restore -",
        )
        .no(
            "08-03 22:20",
            "contact_utility",
            json!({ "unknown": true, "expected_restore": t("08-04 00:00") }),
            "bad_value unknown -",
        )
        .ok("08-03 22:20", "contact_utility", json!({ "unknown": true }));
    assert_eq!(sheet.warnings(), ["warning.outage_who_said"]);
    sheet
        .duty("contact_utility", "08-03 22:20", "open -")
        .ok("08-03 22:21", "inform", json!({ "to": "centre" }))
        .duty("contact_utility", "08-03 22:21", "met -");
    sheet.ok(
        "08-03 22:30",
        "contact_utility",
        json!({ "unknown": true, "answered_by": "李工" }),
    );
    assert_eq!(sheet.field("calls")[1]["answered_by"], json!("李工"));
    let rounds = sheet
        .deadlines()
        .into_iter()
        .filter(|d| d.code == "contact_utility");
    assert_eq!(rounds.count(), 1, "nobody knew before either");
}

#[test]
fn a_sudden_transfer_is_looked_at_when_made_and_when_undone() {
    let mut sheet = Sheet::new();
    sheet.ok(
        "08-03 22:10",
        "occur",
        json!({ "form": "transfer", "source": "utility" }),
    );
    assert_eq!(sheet.field("form"), json!("transfer"));
    sheet.duty("inspection", "08-03 22:10", "open -");
    inspect_all(&mut sheet, "08-03 22:30");
    sheet
        .ok("08-04 01:25", "restore", json!({}))
        .state("restored");
    let rounds: Vec<_> = sheet
        .deadlines()
        .into_iter()
        .filter(|d| d.code == "inspection")
        .collect();
    assert_eq!(
        rounds.iter().map(|d| d.pending()).collect::<Vec<_>>(),
        [false, true]
    );
}

#[test]
fn what_is_still_out_was_out_and_is_less() {
    let part = |areas: Value| json!({ "areas_out": areas });
    let mut sheet = Sheet::new();
    sheet.ok("08-03 22:10", "occur", json!({ "areas": ["A座", "B座"] }));
    sheet
        .no(
            "08-03 23:00",
            "restore_part",
            part(json!(["Z座"])),
            "bad_value areas_out -",
        )
        .no(
            "08-03 23:00",
            "restore_part",
            part(json!(["Ｂ座", "A座"])),
            "bad_value areas_out -",
        )
        .ok("08-03 23:00", "restore_part", part(json!(["Ｂ座"])))
        .state("partial")
        .no(
            "08-03 23:10",
            "restore_part",
            part(json!(["A座"])),
            "bad_value areas_out -",
        )
        .ok("08-03 23:10", "restore_part", part(json!(["B座3层"])))
        .ok("08-04 00:10", "restore", json!({}))
        .state("restored");
    // B10 is no part of B1.
    let mut sheet = Sheet::new();
    sheet
        .ok("08-03 22:10", "occur", json!({ "areas": ["B1", "A座"] }))
        .no(
            "08-03 23:00",
            "restore_part",
            part(json!(["B10"])),
            "bad_value areas_out -",
        )
        .ok("08-03 23:00", "restore_part", part(json!(["B1-3层"])));
    // Where nobody has named the areas, anything may be left.
    let mut sheet = Sheet::new();
    sheet.ok("08-03 22:10", "occur", json!({})).ok(
        "08-03 23:00",
        "restore_part",
        part(json!(["B座"])),
    );
}
