//! Moving the start, widening the scope, cancelling: new revisions, old notices, who must be told again.

use super::*;

fn moved() -> Sheet {
    let mut sheet = noticed("building");
    sheet.ok(
        "08-06 16:00",
        "deliver",
        json!({ "paper": "notice", "users": "all" }),
    );
    sheet.ok("08-08 10:00", "reschedule", json!({ "plan_start": t("08-12 09:00"), "plan_end": t("08-12 12:00"), "reason": "材料未到" }));
    sheet
}

#[test]
fn notices_count_anew() {
    let mut sheet = moved();
    sheet.state("approved");
    sheet
        .duty("notice_24h", "08-08 10:00", "open 08-11 09:00")
        .duty("notice_1h", "08-08 10:00", "open 08-12 08:00")
        .duty("plan_to_gm", "08-08 10:00", "met 08-11 09:00");
    assert_eq!(sheet.deadline("notice_1h").round, 2);
    let old: Vec<_> = sheet
        .deadlines()
        .into_iter()
        .filter(|d| d.round == 1 && d.code.starts_with("notice_1h"))
        .collect();
    assert_eq!(
        old.iter()
            .map(|d| (d.state(t("08-20 00:00")).code(), shown(d.due.unwrap())))
            .collect::<Vec<_>>(),
        [("void", "08-10 08:00".into())]
    );
    assert_eq!(sheet.warnings(), ["warning.outage_approved_before"]);
}

#[test]
fn the_old_paper_is_outdated_and_a_new_version_can_be_issued() {
    let mut sheet = moved();
    sheet.no(
        "08-08 10:30",
        "deliver",
        json!({ "paper": "notice", "users": "all" }),
        "gate paper S1.1.3",
    );
    sheet
        .ok("08-08 11:00", "issue_notice", json!({}))
        .state("noticed");
    let papers = sheet.record().head.papers;
    let papers: Vec<_> = papers.iter().map(|p| (p.version, p.outdated)).collect();
    assert_eq!(papers, [(1, true), (2, false)]);
}

#[test]
fn users_must_hear_of_it_before_the_old_start() {
    moved()
        .duty("notify_change", "08-08 10:00", "open 08-10 09:00")
        .no(
            "08-08 10:30",
            "notify_change",
            json!({ "at": t("08-08 09:59:59") }),
            "before at -",
        )
        .ok("08-10 09:00", "notify_change", json!({}))
        .duty("notify_change", "08-10 09:00", "met 08-10 09:00");
    moved()
        .ok("08-10 09:00:01", "notify_change", json!({}))
        .duty("notify_change", "08-10 09:01", "late 08-10 09:00");
}

#[test]
fn the_new_notice_tells_them_as_well() {
    let mut sheet = moved();
    sheet.ok("08-08 11:00", "issue_notice", json!({}));
    sheet.ok(
        "08-09 10:00",
        "deliver",
        json!({ "paper": "notice", "users": ["1201"] }),
    );
    sheet.duty("notify_change", "08-09 10:00", "open 08-10 09:00");
    sheet.ok(
        "08-09 11:00",
        "deliver",
        json!({ "paper": "notice", "users": ["1202"] }),
    );
    sheet.duty("notify_change", "08-09 11:00", "met 08-10 09:00");
}

#[test]
fn what_makes_a_new_revision() {
    let table = [
        (json!({ "plan_start": t("08-10 08:30") }), 2),
        (json!({ "plan_end": t("08-10 13:00") }), 2),
        (json!({ "plan_end": t("08-10 11:00") }), 1),
        (json!({ "areas": ["A座", "B座"] }), 2),
        (json!({ "users": ["1201"] }), 1),
        (json!({ "users": ["1201", "1202", "1203"] }), 2),
    ];
    for (mut change, revision) in table {
        change["reason"] = json!("变更");
        let mut sheet = noticed("building");
        sheet.ok("08-07 10:00", "reschedule", change.clone());
        assert_eq!(sheet.field("revision"), json!(revision), "{change}");
        assert!(sheet.record().head.papers[0].outdated, "{change}");
    }
}

#[test]
fn nothing_is_owed_to_users_who_had_no_notice() {
    let mut sheet = planned("building");
    sheet.ok(
        "08-07 10:00",
        "reschedule",
        json!({ "plan_start": t("08-12 09:00"), "plan_end": t("08-12 12:00"), "reason": "改期" }),
    );
    assert!(!sheet.codes().contains(&"notify_change".into()));
}

#[test]
fn a_change_must_change_something_and_lie_ahead() {
    planned("building")
        .no(
            "08-07 10:00",
            "reschedule",
            json!({ "reason": "无" }),
            "missing_field plan_start -",
        )
        .no(
            "08-07 10:00",
            "reschedule",
            json!({ "plan_start": t("08-07 09:59"), "reason": "改" }),
            "before plan_start -",
        )
        .no(
            "08-07 10:00",
            "reschedule",
            json!({ "plan_start": t("08-10 12:00"), "reason": "改" }),
            "before plan_end -",
        );
}

#[test]
fn approvals_lapse_only_where_the_setting_says_so() {
    let mut sheet = Sheet::new().with(
        "outage",
        "revision_needs_approval = false",
        "revision_needs_approval = true",
    );
    sheet
        .ok("08-06 10:00", "plan", plan("building"))
        .ok("08-06 14:00", "approve", gm("notice"));
    sheet.ok(
        "08-07 10:00",
        "reschedule",
        json!({ "plan_end": t("08-10 13:00"), "reason": "延长" }),
    );
    sheet.no("08-07 11:00", "issue_notice", json!({}), "gate - S1.1.3");
    sheet
        .ok("08-07 12:00", "approve", gm("notice"))
        .ok("08-07 13:00", "issue_notice", json!({}));
}

#[test]
fn cancelling_after_the_notice_lives_on_until_users_know() {
    let mut sheet = noticed("building");
    sheet
        .ok("08-07 10:00", "cancel", json!({ "reason": "不做了" }))
        .state("cancelled");
    assert!(sheet.open(), "users have not been told");
    sheet.duty("notify_change", "08-07 10:00", "open 08-10 09:00");
    assert_eq!(
        sheet
            .tick("08-07 11:00", "notify_change", json!({}))
            .deadline("notify_change")
            .done(),
        Some(t("08-07 11:00"))
    );
    assert!(!sheet.open());
    assert_eq!(sheet.record().head.closed, Some(t("08-07 11:00")));
}

#[test]
fn cancelling_before_the_notice_ends_it() {
    let mut sheet = planned("building");
    sheet
        .ok("08-07 10:00", "cancel", json!({ "reason": "不做了" }))
        .state("cancelled");
    assert!(!sheet.open());
    sheet.no(
        "08-07 11:00",
        "cut",
        json!({ "reason": "还是停" }),
        "not_now - -",
    );
}

#[test]
fn what_was_typed_wrongly_in_a_plan_is_put_right_as_if_typed_right_at_first() {
    let change = json!({ "changes": { "plan_start": t("08-11 09:00"), "plan_end": t("08-11 12:00") }, "reason": "笔误" });
    let mut sheet = noticed("building");
    sheet
        .ok("08-07 10:00", "amend", change)
        .duty("notice_1h", "08-07 10:00", "open 08-11 08:00");
    assert_eq!(sheet.field("revision"), json!(1));
    assert_eq!(
        sheet.ledger.evaluated().title,
        "A座 配电柜检修 2026-08-11 09:00"
    );
    let back = json!({ "changes": { "plan_start": t("08-06 09:59") }, "reason": "笔误" });
    sheet.no("08-07 11:00", "amend", back, "before plan_start -");
}

#[test]
fn told_by_word_and_moved_again_they_are_owed_the_news_again() {
    let again =
        json!({ "plan_start": t("08-14 09:00"), "plan_end": t("08-14 12:00"), "reason": "雨" });
    let told = |sheet: &Sheet| -> Vec<(u32, bool, String)> {
        let duties = sheet.deadlines().into_iter();
        let news = duties.filter(|d| d.code == "notify_change");
        news.map(|d| (d.round, d.pending(), shown(d.due.unwrap())))
            .collect()
    };
    let mut sheet = moved();
    // Nobody has told them of the second start, so nothing is taken back from it.
    sheet.ok("08-08 12:00", "reschedule", again.clone());
    assert_eq!(told(&sheet), [(1, true, "08-10 09:00".into())]);
    let mut sheet = moved();
    sheet
        .ok("08-08 11:00", "notify_change", json!({}))
        .ok("08-08 12:00", "reschedule", again);
    let both = [
        (1, false, "08-10 09:00".into()),
        (2, true, "08-12 09:00".into()),
    ];
    assert_eq!(told(&sheet), both);
    let mut sheet = moved();
    sheet.ok("08-08 11:00", "notify_change", json!({})).ok(
        "08-09 10:00",
        "cancel",
        json!({ "reason": "不停了" }),
    );
    assert_eq!(told(&sheet), both);
    assert!(sheet.open());
}
