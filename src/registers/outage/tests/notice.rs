//! Notices: backwards from T0, to the last affected user, the urgent broadcast when the hour is missed (S1.1.4, S1.3.2).

use super::*;
use crate::base::time::Instant;
use crate::registers::outage::{Delivery, FirstReceipts, Recipients, UserPaper};

#[test]
fn terms_run_backwards_from_the_planned_start() {
    planned("building")
        .duty("plan_to_gm", "08-06 10:00", "open 08-09 09:00")
        .duty("notice_24h", "08-06 10:00", "open 08-09 09:00")
        .duty("announce", "08-06 10:00", "open 08-09 09:00")
        .duty("notice_1h", "08-06 10:00", "open 08-10 08:00");
}

#[test]
fn plan_to_gm_is_met_at_the_hour_and_late_a_second_after() {
    for (at, wanted) in [
        ("08-09 09:00", "met 08-09 09:00"),
        ("08-09 09:00:01", "late 08-09 09:00"),
    ] {
        planned("building")
            .ok(at, "report", json!({ "to": "gm", "via": "written" }))
            .duty("plan_to_gm", at, wanted);
    }
}

#[test]
fn a_plan_told_and_not_written_is_not_handed_in() {
    let mut sheet = planned("building");
    sheet.ok(
        "08-06 11:00",
        "report",
        json!({ "to": "gm", "via": "phone" }),
    );
    assert_eq!(sheet.warnings(), ["warning.outage_plan_unwritten"]);
    sheet
        .duty("plan_to_gm", "08-06 11:00", "open 08-09 09:00")
        .duty("report_gm", "08-06 11:00", "met -");
    sheet
        .ok("08-07 11:00", "report", json!({ "via": "written" }))
        .duty("plan_to_gm", "08-07 11:00", "met 08-09 09:00");
    assert_eq!(sheet.deadline("report_gm").done(), Some(t("08-06 11:00")));
}

#[test]
fn a_report_to_somebody_else_is_not_a_report_to_gm() {
    planned("building")
        .ok(
            "08-06 11:00",
            "report",
            json!({ "to": "centre_manager", "via": "written" }),
        )
        .duty("plan_to_gm", "08-06 11:00", "open 08-09 09:00");
}

#[test]
fn the_last_affected_user_counts() {
    noticed("building")
        .ok(
            "08-06 16:00",
            "deliver",
            json!({ "paper": "notice", "users": ["1201"] }),
        )
        .duty("notice_24h", "08-09 09:00", "open 08-09 09:00")
        .duty("notice_24h", "08-09 09:00:01", "late 08-09 09:00")
        .ok(
            "08-10 08:00",
            "deliver",
            json!({ "paper": "notice", "users": ["1202"] }),
        )
        .duty("notice_1h", "08-10 08:30", "met 08-10 08:00")
        .duty("notice_24h", "08-10 08:30", "late 08-09 09:00");
}

#[test]
fn a_second_after_the_hour_opens_the_urgent_broadcast() {
    let mut sheet = noticed("building");
    sheet.ok(
        "08-10 08:00:01",
        "deliver",
        json!({ "paper": "notice", "users": "all" }),
    );
    sheet
        .duty("notice_1h", "08-10 08:00:01", "late 08-10 08:00")
        .duty("broadcast_urgent", "08-10 08:00:01", "open 08-10 09:00");
    let mut sheet = noticed("building");
    sheet.ok(
        "08-10 08:00",
        "deliver",
        json!({ "paper": "notice", "users": "all" }),
    );
    assert!(
        !sheet.codes().contains(&"broadcast_urgent".into()),
        "delivered in time"
    );
}

#[test]
fn nobody_delivered_opens_it_by_the_clock_alone() {
    noticed("building")
        .duty("broadcast_urgent", "08-10 08:00", "na 08-10 09:00")
        .duty("broadcast_urgent", "08-10 08:00:01", "open 08-10 09:00")
        .duty("broadcast_urgent", "08-10 09:00:01", "late 08-10 09:00");
}

#[test]
fn declared_unreachable_opens_it_before_the_hour() {
    let mut sheet = noticed("building");
    sheet.ok(
        "08-09 20:00",
        "unreachable",
        json!({ "reason": "1202 无人" }),
    );
    sheet.duty("broadcast_urgent", "08-09 20:00", "open 08-10 09:00");
    sheet.ok("08-09 20:10", "approve", gm("broadcast"));
    sheet.ok("08-10 09:00", "broadcast", json!({}));
    sheet.duty("broadcast_urgent", "08-10 09:00", "met 08-10 09:00");
    assert!(sheet.breaches().is_empty());
    let mut sheet = noticed("building");
    sheet.ok(
        "08-10 08:00",
        "unreachable",
        json!({ "reason": "1202 无人" }),
    );
    sheet.duty("broadcast_urgent", "08-10 08:00", "open 08-10 09:00");
}

#[test]
fn gm_refusing_the_broadcast_ends_it() {
    noticed("building")
        .ok(
            "08-10 08:10",
            "approve",
            json!({ "gate": "broadcast", "decision": "no", "name": "孙总", "role": "gm" }),
        )
        .duty("broadcast_urgent", "08-10 08:10", "na 08-10 09:00");
}

#[test]
fn delivery_needs_the_paper_and_comes_after_it() {
    planned("building").no(
        "08-06 16:00",
        "deliver",
        json!({ "paper": "notice", "users": "all" }),
        "gate paper S1.1.3",
    );
    noticed("building").no(
        "08-06 16:00",
        "deliver",
        json!({ "paper": "notice", "users": "all", "at": t("08-06 14:59:59") }),
        "gate paper S1.1.3",
    );
}

#[test]
fn a_stranger_among_the_recipients_is_recorded_with_a_warning() {
    let mut sheet = noticed("building");
    sheet.ok(
        "08-06 16:00",
        "deliver",
        json!({ "paper": "notice", "users": ["1201", "1203"] }),
    );
    assert_eq!(sheet.warnings(), ["warning.outage_unknown_users"]);
    sheet.duty("notice_1h", "08-06 16:00", "open 08-10 08:00");
}

#[test]
fn without_a_list_of_users_only_all_completes_it() {
    let mut sheet = Sheet::new();
    let mut data = plan("building");
    data["users"] = json!([]);
    sheet.ok("08-06 10:00", "plan", data);
    assert_eq!(sheet.warnings(), ["warning.outage_no_users"]);
    sheet
        .ok("08-06 14:00", "approve", gm("notice"))
        .ok("08-06 15:00", "issue_notice", json!({}));
    sheet
        .ok(
            "08-06 16:00",
            "deliver",
            json!({ "paper": "notice", "users": ["1201"] }),
        )
        .duty("notice_1h", "08-06 16:00", "open 08-10 08:00")
        .ok(
            "08-06 17:00",
            "deliver",
            json!({ "paper": "notice", "users": "all" }),
        )
        .duty("notice_1h", "08-06 17:00", "met 08-10 08:00");
}

#[test]
fn a_government_notice_six_hours_before_could_not_be_passed_on_in_time() {
    let mut sheet = Sheet::new();
    sheet.ok("08-10 03:00", "plan", plan("government"));
    let day = sheet.deadline("notice_24h");
    assert!(
        day.impossible
            && day
                .trace
                .iter()
                .any(|line| line.key == "trace.outage_impossible")
    );
    sheet.duty("notice_24h", "08-10 03:00", "late 08-09 09:00");
    assert!(
        !sheet.deadline("notice_1h").impossible,
        "an hour was still possible"
    );
    // Received exactly 24 hours before, it was possible.
    let mut sheet = Sheet::new();
    sheet.ok("08-09 09:00", "plan", plan("government"));
    assert!(!sheet.deadline("notice_24h").impossible);
}

#[test]
fn our_own_plan_made_too_late_is_not_excused() {
    let mut sheet = Sheet::new();
    sheet.ok("08-10 03:00", "plan", plan("building"));
    assert!(!sheet.deadline("notice_24h").impossible);
}

#[test]
fn what_was_received_earlier_than_typed_counts_from_receipt() {
    let mut sheet = Sheet::new();
    let mut data = plan("government");
    data["received"] = json!(t("08-09 08:00"));
    sheet.ok("08-10 03:00", "plan", data);
    assert!(!sheet.deadline("notice_24h").impossible);
    assert_eq!(sheet.deadline("report_gm").from, t("08-09 08:00"));
}

#[test]
fn each_user_is_held_to_the_delivery_that_reached_him_first() {
    let delivery = |minute: i64, users: Recipients, reached: &[&str], signed: &str| Delivery {
        paper: UserPaper::Notice,
        at: Instant::from_unix(minute * 60),
        users,
        reached: reached.iter().map(|name| (*name).to_owned()).collect(),
        signed_by: Some(signed.to_owned()),
        revision: 1,
    };
    let named = |name: &str| Recipients::Named(vec![name.to_owned()]);
    let everybody = || serde_json::from_value::<Recipients>(json!("all")).unwrap();
    let deliveries = [
        delivery(9, named("Ｂ座 101"), &[], "later"),
        delivery(5, named("A101"), &[], "a"),
        delivery(5, named("b座101"), &[], "b"),
        delivery(7, everybody(), &["C101"], "of those known then"),
        delivery(8, everybody(), &[], "of all"),
        delivery(8, named("D101"), &[], "d"),
        delivery(8, named("D101"), &[], "d again"),
    ];
    let receipts = FirstReceipts::of(deliveries.iter());
    let signed = |user| receipts.by(user)?.signed_by.as_deref();
    for (user, signer) in [
        ("A101", "a"),
        ("B座101", "b"),
        ("C101", "of those known then"),
        ("D101", "d"),
        ("E101", "of all"),
    ] {
        assert_eq!(signed(user), Some(signer), "{user}");
    }
    let receipts = FirstReceipts::of(deliveries[..4].iter());
    assert!(receipts.by("E101").is_none());
}
