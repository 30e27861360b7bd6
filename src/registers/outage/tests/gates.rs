//! Who may approve what (S1.1.3, S1.3.1).

use super::*;

fn ruling(gate: &str, decision: &str, role: &str) -> Value {
    json!({ "gate": gate, "decision": decision, "name": format!("某{role}"), "role": role })
}

#[test]
fn the_rank_each_gate_asks_for() {
    let table = [
        ("cut", "supervisor", Some("not_allowed role S1.3.1")),
        ("cut", "chief_engineer", None),
        ("cut", "gm", None),
        ("cut", "quality", Some("not_allowed role S1.3.1")),
        ("notice", "chief_engineer", Some("not_allowed role S1.1.3")),
        ("notice", "gm", None),
        (
            "broadcast",
            "chief_engineer",
            Some("not_allowed role S1.1.4"),
        ),
        ("broadcast", "gm", None),
    ];
    for (gate, role, refusal) in table {
        let mut sheet = planned("building");
        match refusal {
            Some(wanted) => sheet.no("08-06 13:00", "approve", ruling(gate, "yes", role), wanted),
            None => sheet.ok("08-06 13:00", "approve", ruling(gate, "yes", role)),
        };
    }
}

#[test]
fn gm_opens_both_gates_with_one_word_chief_engineer_only_the_cut() {
    for (gate, role, cut, notice) in [
        ("cut", "gm", "met -", "met -"),
        ("notice", "gm", "met -", "met -"),
        ("cut", "chief_engineer", "met -", "open -"),
    ] {
        planned("building")
            .ok("08-06 13:00", "approve", ruling(gate, "yes", role))
            .duty("approve_cut", "08-06 13:00", cut)
            .duty("approve_notice", "08-06 13:00", notice)
            .state("approved");
    }
}

#[test]
fn no_notice_without_gm() {
    planned("building")
        .no("08-06 12:00", "issue_notice", json!({}), "gate - S1.1.3")
        .ok(
            "08-06 13:00",
            "approve",
            ruling("cut", "yes", "chief_engineer"),
        )
        .no("08-06 13:30", "issue_notice", json!({}), "gate - S1.1.3")
        .ok("08-06 14:00", "approve", ruling("notice", "no", "gm"))
        .no("08-06 14:30", "issue_notice", json!({}), "gate - S1.1.3")
        .ok("08-06 15:00", "approve", ruling("notice", "yes", "gm"))
        .no(
            "08-06 16:00",
            "issue_notice",
            json!({ "at": t("08-06 14:59:59") }),
            "gate - S1.1.3",
        )
        .ok("08-06 15:00", "issue_notice", json!({}))
        .state("noticed")
        .no("08-06 17:00", "issue_notice", json!({}), "duplicate - -");
}

#[test]
fn a_refusal_is_recorded_and_closes_the_gate_again() {
    let mut sheet = planned("building");
    sheet
        .ok(
            "08-06 13:00",
            "approve",
            ruling("cut", "yes", "chief_engineer"),
        )
        .ok("08-06 14:00", "approve", ruling("cut", "no", "gm"))
        .duty("approve_cut", "08-06 14:00", "open -")
        .state("draft")
        .no(
            "08-06 15:00",
            "approve",
            ruling("cut", "yes", "chief_engineer"),
            "not_allowed role S1.3.1",
        )
        .ok("08-06 16:00", "approve", ruling("cut", "yes", "gm"))
        .duty("approve_cut", "08-06 16:00", "met -");
    assert_eq!(sheet.field("approvals").as_array().unwrap().len(), 3);
}

#[test]
fn a_refusal_of_the_cut_takes_the_notice_back() {
    let mut sheet = planned("building");
    sheet
        .ok("08-06 10:10", "approve", ruling("notice", "yes", "gm"))
        .ok("08-06 15:00", "approve", ruling("cut", "no", "gm"))
        .duty("approve_notice", "08-06 15:00", "open -")
        .no("08-06 16:00", "issue_notice", json!({}), "gate - S1.1.3")
        .ok("08-06 17:00", "approve", ruling("cut", "yes", "gm"))
        .ok("08-06 18:00", "issue_notice", json!({}));
    // 总工程师's refusal of the cut, and 总经理's of the notice, take nothing else back.
    let mut sheet = planned("building");
    sheet
        .ok("08-06 10:10", "approve", ruling("notice", "yes", "gm"))
        .ok(
            "08-06 11:00",
            "approve",
            ruling("cut", "no", "chief_engineer"),
        )
        .duty("approve_notice", "08-06 11:00", "met -")
        .ok("08-06 12:00", "approve", ruling("cut", "yes", "gm"))
        .ok("08-06 13:00", "approve", ruling("notice", "no", "gm"))
        .duty("approve_cut", "08-06 13:00", "met -");
}

#[test]
fn a_deputy_decides_as_the_rank_he_stands_in_for() {
    let mut sheet = Sheet::new().with(
        "site",
        "deputy = {}",
        "deputy = { gm = \"chief_engineer\" }",
    );
    sheet
        .ok("08-06 10:00", "plan", plan("building"))
        .ok(
            "08-06 11:00",
            "approve",
            ruling("notice", "yes", "chief_engineer"),
        )
        .ok("08-06 12:00", "issue_notice", json!({}))
        .duty("approve_cut", "08-06 12:00", "met -");
}

#[test]
fn the_cut_is_only_approved_when_the_company_decides_it() {
    for (source, owed) in [
        ("building", true),
        ("utility", false),
        ("government", false),
    ] {
        assert_eq!(
            planned(source).codes().contains(&"approve_cut".into()),
            owed,
            "{source}"
        );
    }
    let mut transfer = plan("building");
    transfer["form"] = json!("transfer");
    let mut sheet = Sheet::new();
    sheet.ok("08-06 10:00", "plan", transfer);
    assert!(
        !sheet.codes().contains(&"approve_cut".into()),
        "a transfer cuts nobody off"
    );
    let mut sheet = Sheet::new().with(
        "outage",
        "utility_needs_approval = false",
        "utility_needs_approval = true",
    );
    sheet.ok("08-06 10:00", "plan", plan("utility"));
    assert!(sheet.codes().contains(&"approve_cut".into()));
}

#[test]
fn the_channel_and_who_recorded_it_are_kept() {
    let mut sheet = planned("building");
    let mut data = ruling("notice", "yes", "gm");
    data["via"] = json!("电话");
    sheet.ok("08-06 13:00", "approve", data);
    let kept = &sheet.field("approvals")[0];
    assert_eq!(
        (&kept["via"], &kept["recorded_by"]),
        (&json!("phone"), &json!("赵值班"))
    );
}
