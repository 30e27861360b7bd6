//! The life of an outage from state to state, inspections and patrols (1.2).

use super::*;

#[test]
fn the_states_of_a_plan() {
    let mut sheet = planned("building");
    sheet.state("draft");
    sheet
        .ok("08-06 11:00", "report", json!({ "via": "written" }))
        .state("reported");
    sheet
        .ok("08-06 14:00", "approve", gm("cut"))
        .state("approved");
    sheet
        .ok("08-06 15:00", "issue_notice", json!({}))
        .state("noticed");
    sheet
        .ok("08-10 09:00", "cut", json!({ "reason": "补" }))
        .state("out");
    sheet
        .ok("08-10 10:00", "patrol", json!({ "result": "正常" }))
        .state("out");
    sheet
        .ok(
            "08-10 11:00",
            "restore_part",
            json!({ "areas_out": ["A座1层"] }),
        )
        .state("partial");
    assert_eq!(sheet.field("areas_out"), json!(["A座1层"]));
    sheet.no(
        "08-10 12:00",
        "restore",
        json!({ "at": t("08-10 10:59") }),
        "before at -",
    );
    sheet
        .ok("08-10 12:00", "restore", json!({}))
        .state("restored");
    assert_eq!(sheet.field("areas_out"), Value::Null);
    inspect_all(&mut sheet, "08-10 12:10");
    sheet.state("checked");
}

#[test]
fn nothing_comes_back_before_it_went_out() {
    out()
        .no(
            "08-03 22:30",
            "restore",
            json!({ "at": t("08-03 22:09:59") }),
            "before at -",
        )
        .no(
            "08-03 22:30",
            "restore_part",
            json!({ "areas_out": ["B座"], "at": t("08-03 22:09:59") }),
            "before at -",
        )
        .ok("08-03 22:30", "restore", json!({ "at": t("08-03 22:10") }))
        .no("08-03 22:40", "restore", json!({}), "not_now - -");
}

#[test]
fn the_plan_lies_ahead_and_ends_after_it_starts() {
    let mut late = plan("building");
    late["plan_start"] = json!(t("08-06 09:59"));
    let mut ends = plan("building");
    ends["plan_end"] = json!(t("08-10 09:00"));
    let mut unknown = plan("building");
    unknown["source"] = json!("unknown");
    Sheet::new()
        .no("08-06 10:00", "plan", late, "before plan_start -")
        .no("08-06 10:00", "plan", ends, "before plan_end -")
        .no("08-06 10:00", "plan", unknown, "bad_value source -");
}

#[test]
fn five_places_one_key_each() {
    let mut sheet = back("building");
    // Looked at while power was out: kept, and no check after restoration.
    sheet.ok(
        "08-04 01:24",
        "inspect",
        json!({ "place": "电房", "normal": true }),
    );
    for n in 0..5 {
        sheet
            .duty("inspection", "08-04 01:30", "open -")
            .state("restored");
        sheet.tick(&format!("08-04 01:3{n}"), "inspection", json!({}));
    }
    sheet
        .duty("inspection", "08-04 01:40", "met -")
        .state("checked");
    assert_eq!(sheet.deadline("inspection").done(), Some(t("08-04 01:34")));
    assert_eq!(sheet.deadline("inspection").parts.len(), 5);
}

#[test]
fn something_wrong_asks_for_a_note_and_issues_a_slip() {
    let mut sheet = back("building");
    sheet.no(
        "08-04 01:30",
        "inspect",
        json!({ "place": "水泵房", "normal": false }),
        "missing_field note -",
    );
    sheet.ok(
        "08-04 01:30",
        "inspect",
        json!({ "place": "水泵房", "normal": false, "note": "2号泵不启动" }),
    );
    let triggers = &sheet.ledger.last.triggers;
    let slip = triggers
        .iter()
        .find(|trigger| trigger.action == "issue")
        .unwrap();
    assert_eq!(slip.link, Some(("caused_by", "follows")));
    let told = [
        &slip.data["place"],
        &slip.data["team"],
        &slip.data["source"],
    ];
    assert_eq!(told, [&json!("水泵房"), &json!("强电班"), &json!("outage")]);
    let content = slip.data["content"].as_str().unwrap();
    assert_eq!(
        content,
        "停电后检查 水泵房 异常：2号泵不启动（O-2026-00001）"
    );
    // What the slip is issued with, the register of slips accepts.
    let mut slips = Ledger::new("work-order");
    slips
        .act("issue", &Value::Object(slip.data.clone()))
        .unwrap();
}

#[test]
fn a_transfer_is_looked_at_when_made_and_when_undone() {
    let mut data = plan("building");
    data["form"] = json!("transfer");
    let mut sheet = Sheet::new();
    sheet
        .ok("08-06 10:00", "plan", data)
        .ok("08-10 09:00", "cut", json!({ "reason": "补" }));
    sheet.duty("inspection", "08-10 09:00", "open -");
    inspect_all(&mut sheet, "08-10 09:10");
    sheet
        .duty("inspection", "08-10 09:10", "met -")
        .state("out");
    sheet
        .ok("08-10 12:00", "restore", json!({}))
        .state("restored");
    let rounds: Vec<_> = sheet
        .deadlines()
        .iter()
        .filter(|d| d.code == "inspection")
        .map(|d| (d.round, d.pending()))
        .collect();
    assert_eq!(rounds, [(1, false), (2, true)]);
}

#[test]
fn a_planned_cut_without_a_patrol_is_a_breach_when_power_is_back() {
    let mut sheet = ready();
    sheet
        .ok("08-10 09:00", "cut", json!({}))
        .duty("patrol", "08-10 09:00", "open -");
    sheet.ok("08-10 12:00", "restore", json!({}));
    assert_eq!(sheet.breaches(), ["patrol S7.4.8.3"]);
    sheet.duty("patrol", "08-10 12:00", "na -");
    let mut seen = ready();
    seen.ok("08-10 09:00", "cut", json!({})).ok(
        "08-10 10:00",
        "patrol",
        json!({ "result": "正常" }),
    );
    seen.ok("08-10 12:00", "restore", json!({}))
        .duty("patrol", "08-10 12:00", "met -");
    assert!(seen.breaches().is_empty());
}

/// The line that the last act leaves in the duty log.
fn line(sheet: &Sheet) -> Map<String, Value> {
    let triggers = &sheet.ledger.last.triggers;
    let line = triggers.iter().find(|trigger| trigger.action == "entry");
    line.unwrap().data.clone()
}

#[test]
fn every_step_writes_the_duty_log() {
    let mut sheet = Sheet::new();
    sheet.ok("08-06 10:00", "plan", plan("building"));
    let first = line(&sheet);
    assert_eq!(first["refers"], json!(["O-2026-00001"]));
    assert_eq!(
        first["text"],
        "大厦内部计划停电，2026-08-10 09:00 周一 开始，原因：配电柜检修（A座停电 O-2026-00001）"
    );
    sheet.ok("08-06 11:00", "report", json!({ "text": "停电计划" }));
    assert_eq!(
        line(&sheet)["text"],
        "向总经理报告。停电计划（A座停电 O-2026-00001）"
    );
}

#[test]
fn the_log_reads_the_same_in_whatever_order_the_steps_are_typed() {
    let wider = json!({ "areas": ["A座", "B座"], "reason": "扩大" });
    let said = |order: [usize; 2]| {
        let steps = [
            ("08-07 10:00", "reschedule", wider.clone()),
            ("08-07 11:00", "announce", json!({})),
        ];
        let mut sheet = planned("building");
        let mut lines: Vec<Value> = Vec::new();
        for index in order {
            let (at, action, data) = steps[index].clone();
            sheet.ok(at, action, data);
            lines.push(line(&sheet)["text"].clone());
        }
        lines.sort_by_key(Value::to_string);
        lines
    };
    assert_eq!(said([0, 1]), said([1, 0]));
}

#[test]
fn the_moment_of_an_accident_can_be_put_right() {
    let mut sheet = back("building");
    let amend = |at: &str| json!({ "changes": { "at": t(at) }, "reason": "看错钟" });
    sheet.no("08-04 02:00", "amend", amend("08-04 01:26"), "before at -");
    sheet.ok("08-04 02:00", "amend", amend("08-03 22:05")).duty(
        "explanation_letter",
        "08-04 02:00",
        "open 08-04 22:05",
    );
    assert_eq!(sheet.field("out_at"), json!(t("08-03 22:05")));
}
