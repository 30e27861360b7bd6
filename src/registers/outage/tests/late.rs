//! The order of typing means nothing: late facts take their place, what was typed wrongly is put right (section 0).

use super::*;

#[test]
fn the_first_on_site_counts_with_his_name() {
    let mut sheet = out();
    sheet
        .ok("08-03 22:40", "on_site", json!({ "name": "乙" }))
        .ok("08-03 22:12", "on_site", json!({ "name": "甲" }));
    assert_eq!(sheet.deadline("on_site").done(), Some(t("08-03 22:12")));
    assert_eq!(sheet.field("on_site_by"), json!("甲"));
}

#[test]
fn the_report_that_was_in_time_is_in_time() {
    let mut sheet = back("building");
    sheet
        .ok("08-05 09:00", "written_report", json!({ "text": "第二稿" }))
        .duty("written_report", "08-05 09:00", "late 08-04 13:25")
        .ok("08-04 08:00", "written_report", json!({ "text": "第一稿" }))
        .duty("written_report", "08-05 09:00", "met 08-04 13:25");
    assert_eq!(sheet.field("report_text"), json!("第二稿"));
}

#[test]
fn an_older_call_does_not_replace_the_newer_expectation() {
    let call = |hour: &str| json!({ "expected_restore": t(hour) });
    let mut sheet = out();
    sheet
        .ok("08-03 22:50", "contact_utility", call("08-04 00:00"))
        .ok("08-03 22:20", "contact_utility", call("08-03 23:30"));
    assert_eq!(sheet.field("expected_restore"), json!(t("08-04 00:00")));
    assert_eq!(sheet.field("contacted_at"), json!(t("08-03 22:20")));
}

#[test]
fn an_approval_that_stood_at_the_cut_counts_though_confirmed_again_later() {
    let yes = json!({ "gate": "cut", "decision": "yes", "name": "钱", "role": "chief_engineer" });
    let mut sheet = planned("building");
    sheet
        .ok("08-09 08:30", "approve", yes)
        .ok("08-11 08:30", "approve", gm("cut"))
        .ok("08-10 09:00", "cut", json!({ "reason": "x" }));
    assert!(!sheet.breaches().contains(&"approve_cut S1.3.1".into()));
    assert_eq!(sheet.deadline("approve_cut").done(), Some(t("08-09 08:30")));
}

#[test]
fn a_consent_typed_after_the_cut_takes_its_breach_away() {
    let mut sheet = planned("building");
    sheet.ok("08-10 09:00", "cut", json!({ "reason": "抢修" }));
    assert!(sheet.breaches().contains(&"approve_cut S1.3.1".into()));
    sheet.ok("08-09 08:30", "approve", gm("cut"));
    assert!(!sheet.breaches().contains(&"approve_cut S1.3.1".into()));
    sheet.duty("approve_cut", "08-10 09:00", "met -");
    // One given after the cut does not.
    let mut after = planned("building");
    after
        .ok("08-10 09:00", "cut", json!({ "reason": "抢修" }))
        .ok("08-10 09:01", "approve", gm("cut"));
    assert!(after.breaches().contains(&"approve_cut S1.3.1".into()));
    after.duty("approve_cut", "08-10 09:02", "na -");
}

#[test]
fn a_broadcast_typed_before_its_earlier_approval_is_no_breach() {
    let mut sheet = judged("building");
    sheet.ok("08-03 22:45", "broadcast", json!({ "text": "停电" }));
    assert_eq!(sheet.breaches(), ["approve_broadcast S1.2.2"]);
    let approved = sheet.last() + 1;
    sheet.ok("08-03 22:40", "approve", gm("broadcast"));
    assert!(sheet.breaches().is_empty());
    // Struck again, the breach is there again, and can be explained.
    sheet.strike(approved);
    assert_eq!(sheet.breaches(), ["approve_broadcast S1.2.2"]);
    assert_eq!(sheet.reason(), "");
    let why = json!({ "code": "approve_broadcast", "reason": "联系不上" });
    sheet.ok("08-04 09:00", "explain_breach", why);
    assert_eq!(sheet.reason(), "联系不上");
}

#[test]
fn a_notice_whose_approval_is_struck_went_out_unapproved() {
    let mut sheet = noticed("building");
    sheet.strike(3);
    assert_eq!(sheet.breaches(), ["approve_notice S1.1.3"]);
    sheet.state("noticed");
}

#[test]
fn a_patrol_typed_after_the_restoration_is_a_patrol() {
    let mut sheet = ready();
    sheet.ok("08-10 09:00", "cut", json!({})).ok(
        "08-10 12:00",
        "restore",
        json!({ "note": "忘了" }),
    );
    assert_eq!(sheet.breaches(), ["patrol S7.4.8.3"]);
    assert_eq!(sheet.reason(), "忘了");
    sheet.ok("08-10 10:00", "patrol", json!({ "result": "正常" }));
    assert!(sheet.breaches().is_empty());
    sheet.duty("patrol", "08-10 12:00", "met -");
}

#[test]
fn a_restoration_put_right_moves_what_runs_from_it() {
    let mut sheet = back("building");
    let restored = sheet.last();
    inspect_all(&mut sheet, "08-04 01:40");
    sheet
        .state("checked")
        .correct(restored, json!({ "at": t("08-04 02:25") }))
        .duty("written_report", "08-04 03:00", "open 08-04 14:25")
        .duty("inspection", "08-04 03:00", "open -")
        .state("restored");
    // Before power went out it cannot have come back.
    let early = json!({ "entry": restored, "changes": { "at": t("08-03 22:09") }, "reason": "x" });
    sheet.no("12-01 09:00", "correct", early, "before at -");
}

#[test]
fn a_report_struck_is_owed_again() {
    let mut sheet = out();
    sheet
        .ok("08-03 22:12", "report", json!({ "via": "phone" }))
        .duty("report_gm", "08-03 22:12", "met -")
        .strike(2)
        .duty("report_gm", "08-03 22:12", "open -");
    // What rests on an entry keeps it from being struck.
    let mut held = out();
    held.ok("08-03 23:00", "draft_letter", json!({ "text": "x" }))
        .ok(
            "08-03 23:30",
            "deliver",
            json!({ "paper": "letter", "users": "all" }),
        )
        .no(
            "12-01 09:00",
            "strike",
            json!({ "entry": 2, "reason": "误录" }),
            "before at -",
        );
}

#[test]
fn a_cut_put_right_asks_for_its_gates_anew() {
    let mut sheet = ready();
    sheet.ok("08-10 09:00", "cut", json!({}));
    let cut = sheet.last();
    let early = json!({ "entry": cut, "changes": { "at": t("08-06 16:35") }, "reason": "看错" });
    sheet.no(
        "12-01 09:00",
        "correct",
        early,
        "missing_field reason S1.3.4",
    );
    sheet.correct(
        cut,
        json!({ "at": t("08-06 16:35"), "reason": "签名前已停" }),
    );
    assert_eq!(sheet.breaches(), ["ticket S1.3.4"]);
}

#[test]
fn a_term_runs_by_the_procedure_in_force_when_it_began() {
    let mut sheet = back("building");
    let text = crate::rules::procedure::BUILT_IN
        .iter()
        .find(|(name, _)| *name == "outage");
    let text = text
        .unwrap()
        .1
        .replace("term = { hours = 12 }", "term = { hours = 6 }");
    let rules = sheet.ledger.rules.newest().clone();
    let stricter = rules.with_file("outage", &text).unwrap();
    let before = sheet.ledger.rules.clone();
    // Taken up after power was back, it does not shorten a term that runs; taken up before, it does.
    sheet.ledger.rules = before.and(t("08-04 01:26"), stricter.clone());
    sheet.duty("written_report", "08-04 02:00", "open 08-04 13:25");
    sheet.ledger.rules = before.and(t("08-04 01:25"), stricter);
    sheet.duty("written_report", "08-04 02:00", "open 08-04 07:25");
}
