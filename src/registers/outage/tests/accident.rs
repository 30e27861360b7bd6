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
    assert_eq!(sheet.record().body["informed"][1]["to"], "monitoring");
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
            "before at -",
        )
        .ok("08-03 22:17", "generator_stop", json!({}));
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
            json!({ "guard": "刘", "cars": [{ "car": "2号梯", "trapped": true, "persons": 2 }] }),
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
            "before at -",
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
fn power_lost_again_follows_the_first() {
    let first = back("building");
    let mut again = Sheet::new();
    again.near.same_place = vec![first.record().clone()];
    again.ok(
        "08-04 05:00",
        "occur",
        json!({ "areas": ["B座"], "users": ["0901"] }),
    );
    assert_eq!(again.warnings(), ["warning.outage_again"]);
    assert_eq!(again.record().head.links[0].kind, "follows");
    assert_eq!(again.record().head.links[0].to, "O-2026-00001");
    let mut still = Sheet::new();
    still.near.same_place = vec![out().record().clone()];
    still.ok(
        "08-03 23:00",
        "occur",
        json!({ "areas": ["B座"], "users": ["0901"] }),
    );
    assert_eq!(still.warnings(), ["warning.outage_still_out"]);
    assert!(still.record().head.links.is_empty());
}
