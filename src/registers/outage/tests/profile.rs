//! tower reads 篇1, mall 篇7 with 篇1 三, combined both (section 0).

use super::*;

fn sheet_of(profile: &str, source: &str, planned: bool) -> Vec<String> {
    let mut sheet = Sheet::new().profile(profile);
    if planned {
        sheet.ok("08-06 10:00", "plan", plan(source));
        sheet.ok("08-10 09:00", "cut", json!({ "reason": "x" }));
        sheet.ok("08-10 12:00", "restore", json!({ "note": "x" }));
    } else {
        sheet.ok(
            "08-03 22:10",
            "occur",
            json!({ "source": source, "users": ["0901"] }),
        );
        sheet.ok("08-04 01:25", "restore", json!({}));
    }
    sheet.codes()
}

#[test]
fn what_a_plan_owes() {
    let table = [
        (
            "tower",
            "building",
            "report_gm plan_to_gm approve_cut approve_notice notice_24h notice_1h broadcast_urgent staffing ticket cut_planned restore_planned inspection",
        ),
        (
            "tower",
            "utility",
            "report_gm approve_notice notice_1h broadcast_urgent staffing cut_planned restore_planned inspection",
        ),
        (
            "tower",
            "government",
            "report_gm approve_notice notice_24h notice_1h broadcast_urgent staffing ticket cut_planned restore_planned inspection",
        ),
        (
            "mall",
            "building",
            "report_gm approve_cut notice_24h announce staffing ticket cut_planned restore_planned patrol inspection",
        ),
        (
            "mall",
            "utility",
            "announce staffing cut_planned restore_planned patrol inspection",
        ),
        (
            "mall",
            "government",
            "report_gm notice_24h announce staffing ticket cut_planned restore_planned patrol inspection",
        ),
        (
            "combined",
            "building",
            "report_gm plan_to_gm approve_cut approve_notice notice_24h notice_1h announce broadcast_urgent staffing ticket cut_planned restore_planned patrol inspection",
        ),
        (
            "combined",
            "utility",
            "report_gm approve_notice notice_1h announce broadcast_urgent staffing cut_planned restore_planned patrol inspection",
        ),
    ];
    for (profile, source, wanted) in table {
        assert_eq!(
            sheet_of(profile, source, true).join(" "),
            wanted,
            "{profile} {source}"
        );
    }
}

#[test]
fn what_an_accident_owes() {
    let table = [
        (
            "tower",
            "building",
            "report_gm clear_fault broadcast_explain inspection written_report explanation_letter",
        ),
        (
            "tower",
            "utility",
            "report_gm broadcast_explain inspection utility_letter explanation_letter",
        ),
        (
            "mall",
            "building",
            "on_site inform_centres lift_check generator judge_cause contact_utility inform_cause clear_fault inspection inform_result special_report",
        ),
        (
            "mall",
            "utility",
            "on_site inform_centres lift_check generator judge_cause contact_utility inspection special_report",
        ),
        (
            "combined",
            "building",
            "report_gm on_site inform_centres lift_check generator judge_cause contact_utility inform_cause clear_fault broadcast_explain inspection inform_result written_report explanation_letter",
        ),
        (
            "combined",
            "utility",
            "report_gm on_site inform_centres lift_check generator judge_cause contact_utility broadcast_explain inspection special_report utility_letter explanation_letter",
        ),
    ];
    for (profile, source, wanted) in table {
        assert_eq!(
            sheet_of(profile, source, false).join(" "),
            wanted,
            "{profile} {source}"
        );
    }
}

#[test]
fn combined_is_the_union() {
    for (source, planned) in [
        ("building", true),
        ("utility", true),
        ("government", true),
        ("building", false),
        ("utility", false),
    ] {
        let combined = sheet_of("combined", source, planned);
        let parts = [
            sheet_of("tower", source, planned),
            sheet_of("mall", source, planned),
        ]
        .concat();
        for code in parts.iter().filter(|code| {
            !(combined.contains(&"written_report".into()) && *code == "special_report")
        }) {
            assert!(combined.contains(code), "{code} of {source}");
        }
    }
}

#[test]
fn a_mall_issues_its_notice_without_gm() {
    let mut sheet = Sheet::new().profile("mall");
    sheet
        .ok("08-06 10:00", "plan", plan("building"))
        .ok("08-06 11:00", "issue_notice", json!({}));
}

#[test]
fn the_clause_cited_is_one_in_force() {
    for (profile, code, clause) in [
        ("mall", "inspection", "S1.3.5"),
        ("tower", "inspection", "S1.3.5"),
    ] {
        let mut sheet = Sheet::new().profile(profile);
        sheet
            .ok("08-03 22:10", "occur", json!({ "source": "building" }))
            .ok("08-04 01:25", "restore", json!({}));
        assert_eq!(sheet.deadline(code).clause.0, clause);
    }
    let mut sheet = Sheet::new().profile("combined");
    sheet.ok("08-06 10:00", "plan", plan("utility"));
    assert_eq!(sheet.deadline("announce").clause.0, "S7.4.8.1");
}
