//! Broadcast, letters and reports after an accident (S1.2, S7.7.1).

use super::*;

#[test]
fn the_report_is_due_twelve_hours_after_power_is_back() {
    for (at, wanted) in [
        ("08-04 13:25", "met 08-04 13:25"),
        ("08-04 13:25:01", "late 08-04 13:25"),
    ] {
        back("building")
            .ok(at, "written_report", json!({ "text": "见附" }))
            .duty("written_report", at, wanted);
    }
    let mut sheet = Sheet::new().with("outage", "report_from = \"t2\"", "report_from = \"t1\"");
    sheet.ok(
        "08-03 22:10",
        "occur",
        json!({ "source": "building", "users": ["0901"] }),
    );
    sheet.duty("written_report", "08-03 22:10", "open 08-04 10:10");
}

#[test]
fn others_owe_the_same_form_without_a_term() {
    let mut sheet = back("utility");
    sheet.duty("special_report", "08-30 00:00", "open -");
    assert!(!sheet.codes().contains(&"written_report".into()));
    sheet
        .ok("08-05 10:00", "written_report", json!({ "text": "见附" }))
        .duty("special_report", "08-30 00:00", "met -");
}

#[test]
fn the_letter_reaches_the_last_user_within_a_day_of_the_cut() {
    let letter = |users: Value| json!({ "paper": "letter", "users": users });
    for (at, wanted) in [
        ("08-04 22:10", "met 08-04 22:10"),
        ("08-04 22:10:01", "late 08-04 22:10"),
    ] {
        let mut sheet = back("building");
        sheet
            .no(
                "08-04 09:00",
                "deliver",
                letter(json!("all")),
                "gate paper S1.2.3",
            )
            .tick(
                "08-04 09:00",
                "explanation_letter",
                json!({ "text": "致用户" }),
            )
            .ok("08-04 10:00", "deliver", letter(json!(["0901"])))
            .duty("explanation_letter", "08-04 22:10", "open 08-04 22:10")
            .tick(at, "explanation_letter", json!({}))
            .duty("explanation_letter", at, wanted);
    }
    let mut sheet = Sheet::new().with("outage", "letter_from = \"t1\"", "letter_from = \"t2\"");
    sheet
        .ok("08-03 22:10", "occur", json!({ "users": ["0901"] }))
        .ok("08-04 01:25", "restore", json!({}));
    sheet.duty("explanation_letter", "08-04 01:25", "open 08-05 01:25");
}

#[test]
fn users_that_nobody_has_named_are_all_users_of_the_areas() {
    let letter = |users: Value| json!({ "paper": "letter", "users": users });
    let mut sheet = Sheet::new();
    sheet.ok("08-03 22:10", "occur", json!({ "areas": ["B座"] }));
    assert_eq!(sheet.warnings(), ["warning.outage_no_letter"]);
    sheet
        .duty("explanation_letter", "08-03 22:20", "open 08-04 22:10")
        .ok("08-04 09:00", "draft_letter", json!({ "text": "致用户" }))
        .ok("08-04 10:00", "deliver", letter(json!(["0901"])))
        .duty("explanation_letter", "08-04 10:00", "open 08-04 22:10")
        .ok("08-04 11:00", "deliver", letter(json!("all")))
        .duty("explanation_letter", "08-04 11:00", "met 08-04 22:10");
    // One named afterwards lives there, and has got it.
    sheet
        .ok(
            "08-04 12:00",
            "amend",
            json!({ "changes": { "users": ["0901"] }, "reason": "补" }),
        )
        .duty("explanation_letter", "08-04 12:00", "met 08-04 22:10");
}

#[test]
fn all_are_those_named_when_it_was_delivered() {
    let letter = |users: Value| json!({ "paper": "letter", "users": users });
    let add = json!({ "changes": { "users": ["0901", "0902", "0903"] }, "reason": "漏了一户" });
    let mut sheet = out();
    sheet
        .ok("08-03 23:00", "draft_letter", json!({ "text": "致用户" }))
        .ok("08-03 23:30", "deliver", letter(json!("all")))
        .duty("explanation_letter", "08-03 23:30", "met 08-04 22:10")
        .ok("08-04 09:00", "amend", add.clone())
        .duty("explanation_letter", "08-04 09:00", "open 08-04 22:10");
    assert_eq!(sheet.field("users"), json!(["0901", "0902", "0903"]));
    assert_eq!(sheet.field("deliveries")[0]["users"], json!("all"));
    sheet
        .ok("08-04 10:00", "deliver", letter(json!(["０９０３"])))
        .duty("explanation_letter", "08-04 10:00", "met 08-04 22:10");
    // Put right before the delivery was typed, the list is what "all" meant.
    let mut sheet = out();
    sheet
        .ok("08-03 23:00", "draft_letter", json!({ "text": "致用户" }))
        .ok("08-04 09:00", "amend", add)
        .ok("08-03 23:30", "deliver", letter(json!("all")))
        .duty("explanation_letter", "08-04 09:00", "met 08-04 22:10");
}

#[test]
fn nobody_affected_ends_the_letter() {
    let mut sheet = out();
    sheet
        .no(
            "08-03 23:00",
            "nobody_affected",
            json!({}),
            "missing_field reason -",
        )
        .ok(
            "08-03 23:00",
            "nobody_affected",
            json!({ "reason": "夜间无人" }),
        )
        .duty("explanation_letter", "08-05 00:00", "na 08-04 22:10");
    planned("building").no(
        "08-07 09:00",
        "nobody_affected",
        json!({ "reason": "x" }),
        "not_now - -",
    );
}

#[test]
fn the_utilitys_letter_comes_and_goes_on() {
    back("utility")
        .no(
            "08-04 09:00",
            "utility_letter",
            json!({ "step": "forwarded" }),
            "gate step S1.2.1",
        )
        .tick("08-04 09:30", "utility_letter", json!({}))
        .tick("08-04 10:00", "utility_letter", json!({}))
        .duty("utility_letter", "08-04 10:00", "open -")
        .no(
            "08-04 11:00",
            "utility_letter",
            json!({ "step": "forwarded", "at": t("08-04 09:59") }),
            "gate step S1.2.1",
        )
        .tick("08-04 11:00", "utility_letter", json!({}))
        .duty("utility_letter", "08-04 11:00", "met -");
    // Refused, and sent after all: then it is forwarded.
    back("utility")
        .ok(
            "08-04 09:00",
            "utility_letter",
            json!({ "step": "refused", "reason": "不出具" }),
        )
        .duty("utility_letter", "08-04 09:00", "na -")
        .ok(
            "08-05 09:00",
            "utility_letter",
            json!({ "step": "received" }),
        )
        .duty("utility_letter", "08-05 09:00", "open -")
        .ok(
            "08-05 10:00",
            "utility_letter",
            json!({ "step": "forwarded" }),
        )
        .duty("utility_letter", "08-05 10:00", "met -");
    assert!(!back("building").codes().contains(&"utility_letter".into()));
}

#[test]
fn the_broadcast_waits_for_gm() {
    let mut sheet = judged("building");
    sheet.tick(
        "08-03 22:35",
        "broadcast_explain",
        json!({ "name": "孙总", "via": "电话" }),
    );
    assert_eq!(
        sheet.deadline("broadcast_explain").from,
        t("08-03 22:35"),
        "it runs from the approval"
    );
    sheet
        .tick(
            "08-03 22:40",
            "broadcast_explain",
            json!({ "text": "B座停电" }),
        )
        .duty("broadcast_explain", "08-03 22:40", "met -");
    assert!(sheet.breaches().is_empty());
}

#[test]
fn gm_says_no_and_the_broadcast_is_not_owed() {
    let no = json!({ "gate": "broadcast", "decision": "no", "name": "孙总", "role": "gm", "reason": "夜深" });
    let mut sheet = judged("building");
    sheet
        .ok("08-03 22:35", "approve", no)
        .duty("broadcast_explain", "08-03 22:35", "na -");
    sheet.ok("08-03 22:40", "broadcast", json!({ "note": "误播" }));
    assert_eq!(sheet.breaches(), ["approve_broadcast S1.2.2"]);
    assert_eq!(sheet.reason(), "误播");
}

#[test]
fn the_report_to_gm_cites_the_case() {
    for (mut sheet, clause) in [
        (judged("building"), "S1.2.2"),
        (judged("utility"), "S1.2.1"),
        (planned("utility"), "S1.1.1"),
        (planned("government"), "S1.3.2"),
        (planned("building"), "S1.3.2"),
    ] {
        assert_eq!(sheet.deadline("report_gm").clause.0, clause);
        sheet
            .ok("08-10 00:00", "report", json!({}))
            .duty("report_gm", "08-10 00:00", "met -");
    }
}
