//! close is refused while a duty is open, the source is unknown or a breach has no reason (1.2).

use super::*;

/// An accident with everything done but what `leave` names.
fn settled(source: &str, leave: &str) -> Sheet {
    let mut sheet = out();
    let steps = [
        (
            "report",
            "08-03 22:12",
            json!({ "to": "gm", "via": "phone" }),
        ),
        ("on_site", "08-03 22:15", json!({ "name": "赵" })),
        ("centre", "08-03 22:16", json!({ "to": "centre" })),
        ("monitoring", "08-03 22:16", json!({ "to": "monitoring" })),
        (
            "generator",
            "08-03 22:17",
            json!({ "started": false, "reason": "无需" }),
        ),
        (
            "lift_check",
            "08-03 22:18",
            json!({ "guard": "刘", "cars": ["1号梯"] }),
        ),
        (
            "classify",
            "08-03 22:30",
            json!({ "source": source, "cause": "短路" }),
        ),
        ("centre", "08-03 22:31", json!({ "to": "centre" })),
        (
            "centre_manager",
            "08-03 22:32",
            json!({ "to": "centre_manager" }),
        ),
        ("approve", "08-03 22:33", gm("broadcast")),
        ("broadcast", "08-03 22:34", json!({})),
        ("restore", "08-04 01:25", json!({})),
        ("result", "08-04 01:26", json!({ "to": "centre_manager" })),
        ("written_report", "08-04 02:00", json!({ "text": "见附" })),
        ("draft_letter", "08-04 03:00", json!({ "text": "致用户" })),
        (
            "deliver",
            "08-04 09:00",
            json!({ "paper": "letter", "users": "all" }),
        ),
    ];
    for (name, at, data) in steps {
        let action = match name {
            "centre" | "monitoring" | "centre_manager" | "result" => "inform",
            other => other,
        };
        if name != leave {
            sheet.ok(at, action, data);
        }
    }
    if leave != "inspect" {
        inspect_all(&mut sheet, "08-04 01:40");
    }
    sheet
}

#[test]
fn a_sheet_that_is_done_closes() {
    let mut sheet = settled("building", "");
    sheet.no(
        "08-04 09:30",
        "close",
        json!({ "name": "王主管", "at": t("08-04 01:00") }),
        "before at -",
    );
    sheet
        .ok("08-04 10:00", "close", json!({ "name": "王主管" }))
        .state("closed");
    assert!(!sheet.open());
    sheet.no(
        "08-04 11:00",
        "patrol",
        json!({ "result": "x" }),
        "not_now - -",
    );
}

#[test]
fn each_open_duty_keeps_it_open() {
    let table = [
        ("report", "S1.2.2"),
        ("on_site", "S7.4.2"),
        ("monitoring", "S7.4.2"),
        ("generator", "S7.4.3"),
        ("lift_check", "S7.4.4"),
        ("centre_manager", "S7.4.9.1"),
        ("result", "S7.4.9.4"),
        ("written_report", "S1.2.2"),
        ("deliver", "S1.2.3"),
        ("inspect", "S1.3.5"),
    ];
    for (leave, clause) in table {
        // The one report of the result also tells the manager of the cause.
        if leave == "centre_manager" {
            continue;
        }
        settled("building", leave).no(
            "08-04 10:00",
            "close",
            json!({ "name": "王" }),
            &format!("gate - {clause}"),
        );
    }
}

#[test]
fn a_late_duty_that_was_done_does_not_keep_it_open() {
    let mut sheet = settled("building", "written_report");
    sheet
        .ok("08-05 10:00", "written_report", json!({ "text": "迟" }))
        .duty("written_report", "08-05 10:00", "late 08-04 13:25");
    sheet.ok("08-05 11:00", "close", json!({ "name": "王主管" }));
}

#[test]
fn the_source_must_be_known_and_breaches_explained() {
    settled("building", "classify").no(
        "08-04 10:00",
        "close",
        json!({ "name": "王" }),
        "gate source S7.4.2",
    );
    settled("building", "approve")
        .no(
            "08-04 10:00",
            "close",
            json!({ "name": "王" }),
            "gate reason S1.2.2",
        )
        .ok(
            "08-04 10:10",
            "explain_breach",
            json!({ "code": "approve_broadcast", "reason": "联系不上" }),
        )
        .ok("08-04 10:20", "approve", gm("broadcast"))
        .ok("08-04 10:30", "close", json!({ "name": "王" }));
}

#[test]
fn a_cut_with_breaches_explained_closes() {
    let mut sheet = planned("building");
    sheet
        .ok("08-06 11:00", "report", json!({ "via": "written" }))
        .ok("08-10 08:00", "staff", json!({ "names": ["赵"] }));
    sheet
        .ok("08-10 09:00", "cut", json!({ "reason": "抢修" }))
        .ok("08-10 10:00", "patrol", json!({ "result": "正常" }));
    sheet.no(
        "08-10 11:00",
        "close",
        json!({ "name": "王" }),
        "not_now - -",
    );
    sheet.ok("08-10 12:00", "restore", json!({}));
    inspect_all(&mut sheet, "08-10 12:10");
    sheet
        .ok("08-10 13:00", "close", json!({ "name": "王" }))
        .state("closed");
}

#[test]
fn a_letter_that_the_utility_refuses_and_one_that_nobody_needs_close_all_the_same() {
    let mut sheet = settled("utility", "deliver");
    sheet
        .no(
            "08-04 10:00",
            "close",
            json!({ "name": "王" }),
            "gate - S1.2.1",
        )
        .no(
            "08-04 09:00",
            "utility_letter",
            json!({ "step": "refused" }),
            "missing_field reason -",
        )
        .ok(
            "08-04 09:00",
            "utility_letter",
            json!({ "step": "refused", "reason": "不出具" }),
        )
        .duty("utility_letter", "08-04 09:00", "na -")
        .no(
            "08-04 10:00",
            "close",
            json!({ "name": "王" }),
            "gate - S1.2.3",
        )
        .ok(
            "08-04 09:30",
            "nobody_affected",
            json!({ "reason": "公共照明" }),
        )
        .duty("explanation_letter", "08-04 09:30", "na 08-04 22:10")
        .ok("08-04 10:00", "close", json!({ "name": "王" }));
}

#[test]
fn a_generator_left_running_keeps_it_open() {
    let mut sheet = settled("building", "generator");
    sheet
        .ok(
            "08-03 22:20",
            "generator",
            json!({ "started": true, "watcher": "钱" }),
        )
        .no(
            "08-04 10:00",
            "close",
            json!({ "name": "王" }),
            "gate - S7.4.3",
        )
        .ok("08-04 01:30", "generator_stop", json!({}))
        .ok("08-04 10:00", "close", json!({ "name": "王" }));
}

#[test]
fn what_is_typed_after_closing_takes_its_place_before_it() {
    let mut sheet = settled("building", "");
    sheet
        .ok("08-04 10:00", "close", json!({ "name": "王主管" }))
        .ok("08-03 23:00", "patrol", json!({ "result": "正常" }))
        .ok("08-03 22:13", "on_site", json!({ "name": "甲" }))
        .state("closed");
    assert_eq!(sheet.field("on_site_by"), json!("甲"));
    assert!(!sheet.open());
}

#[test]
fn what_is_offered_is_possible_and_begins_with_what_is_owed() {
    let first = |sheet: &Sheet| -> &'static str {
        let register = sheet.ledger.register;
        let offers = register.card(&sheet.record(), &sheet.ledger.rules).offers;
        offers.first().unwrap().name
    };
    for sheet in [
        planned("building"),
        noticed("utility"),
        ready(),
        out(),
        judged("building"),
        back("utility"),
        settled("building", ""),
    ] {
        assert_ne!(first(&sheet), "remark", "{}", sheet.record().head.state);
    }
    assert_eq!(first(&out()), "report");
    assert_eq!(first(&settled("building", "")), "close");
}
