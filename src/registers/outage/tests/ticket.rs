//! The operation ticket (S1.3.4).

use super::*;

fn filled() -> Sheet {
    let mut sheet = planned("building");
    sheet.ok("08-09 10:00", "ticket", ticket());
    sheet
}

fn signed() -> Sheet {
    let mut sheet = filled();
    sheet.ok(
        "08-09 11:00",
        "sign_ticket",
        json!({ "name": "王主管", "role": "supervisor" }),
    );
    sheet
}

fn stamps(sheet: &Sheet) -> Vec<Value> {
    let tickets = sheet.field("tickets");
    let tickets = tickets.as_array().unwrap().iter();
    tickets.map(|ticket| ticket["stamp"].clone()).collect()
}

#[test]
fn a_guardian_who_is_not_the_operator() {
    let mut without = ticket();
    without["guardian"] = Value::Null;
    let mut same = ticket();
    same["guardian"] = json!("赵值班");
    planned("building")
        .no(
            "08-09 10:00",
            "ticket",
            without.clone(),
            "missing_field guardian S1.3.4",
        )
        .no("08-09 10:00", "ticket", same, "not_allowed guardian S1.3.4");
    let mut sheet = Sheet::new().with(
        "outage",
        "guardian_required = true",
        "guardian_required = false",
    );
    sheet
        .ok("08-06 10:00", "plan", plan("building"))
        .ok("08-09 10:00", "ticket", without);
}

#[test]
fn one_device_a_step() {
    let step = |operation: &str, device: Option<&str>| {
        let mut two = ticket();
        two["steps"] = json!(["验电", { "operation": operation, "device": device }]);
        two
    };
    for (operation, device) in [
        ("断开", Some("101、102")),
        ("断开", Some("进线柜；联络柜")),
        ("断开", Some("101和102")),
        ("断开", Some("1QF 2QF")),
        ("断开101、102", None),
        ("断开1QF及2QF", None),
    ] {
        let two = step(operation, device);
        planned("building").no("08-09 10:00", "ticket", two, "bad_value steps S1.3.4");
    }
    for (operation, device) in [
        ("断开", Some("10kV/0.4kV 变压器")),
        ("断开", Some("1号变压器 低压侧")),
        ("断开101，验电", None),
        ("投入备自投，时间3秒", None),
    ] {
        planned("building").ok("08-09 10:00", "ticket", step(operation, device));
    }
}

#[test]
fn a_supervisor_signs_who_does_not_switch_himself() {
    filled()
        .duty("ticket", "08-09 10:30", "open -")
        .no(
            "08-09 11:00",
            "sign_ticket",
            json!({ "name": "周", "role": "duty_engineer" }),
            "not_allowed role S1.3.4",
        )
        .no(
            "08-09 11:00",
            "sign_ticket",
            json!({ "name": "李监护", "role": "supervisor" }),
            "not_allowed name S1.3.4",
        )
        .no(
            "08-09 11:00",
            "sign_ticket",
            json!({ "name": "王", "role": "gm", "at": t("08-09 09:59") }),
            "not_now - -",
        )
        .ok(
            "08-09 11:00",
            "sign_ticket",
            json!({ "name": "王主管", "role": "supervisor" }),
        )
        .duty("ticket", "08-09 11:00", "met -")
        .no(
            "08-09 11:10",
            "sign_ticket",
            json!({ "name": "王主管", "role": "supervisor" }),
            "not_now - -",
        );
}

#[test]
fn steps_run_one_at_a_time_read_back_then_done() {
    let mut sheet = signed();
    sheet
        .no(
            "08-10 09:00",
            "step",
            json!({ "n": 2, "read_back": true, "done": true }),
            "gate n S1.3.4",
        )
        .no(
            "08-10 09:00",
            "step",
            json!({ "n": 1, "done": true }),
            "gate read_back S1.3.4",
        )
        .no(
            "08-10 09:00",
            "step",
            json!({ "n": 1 }),
            "missing_field done -",
        )
        .ok("08-10 09:00", "step", json!({ "n": 1, "read_back": true }))
        .ok("08-10 09:01", "step", json!({ "n": 1, "done": true }))
        .no(
            "08-10 09:02",
            "step",
            json!({ "n": 1, "read_back": true, "done": true }),
            "gate n S1.3.4",
        )
        .no(
            "08-10 09:02",
            "step",
            json!({ "n": 3, "read_back": true, "done": true }),
            "bad_value n -",
        )
        .no(
            "08-10 09:02",
            "step",
            json!({ "n": 2, "skipped": true }),
            "missing_field reason -",
        )
        .no(
            "08-10 09:02",
            "step",
            json!({ "n": 2, "skipped": true, "reason": "x", "at": t("08-10 09:00:59") }),
            "gate n S1.3.4",
        )
        .ok(
            "08-10 09:02",
            "step",
            json!({ "n": 2, "skipped": true, "reason": "已验电" }),
        );
    assert_eq!(stamps(&sheet), ["executed"]);
    assert!(sheet.breaches().is_empty());
    sheet.no(
        "08-10 09:03",
        "step",
        json!({ "n": 1, "done": true }),
        "not_now - -",
    );
}

#[test]
fn switching_on_an_unsigned_ticket_is_a_breach_noted_once() {
    let mut sheet = filled();
    sheet.ok(
        "08-10 09:00",
        "step",
        json!({ "n": 1, "read_back": true, "done": true }),
    );
    sheet.ok(
        "08-10 09:01",
        "step",
        json!({ "n": 2, "read_back": true, "done": true }),
    );
    assert_eq!(sheet.breaches(), ["ticket S1.3.4"]);
    // The signature was there, and typed late.
    let sign = json!({ "name": "王主管", "role": "supervisor" });
    sheet.ok("08-10 08:59", "sign_ticket", sign);
    assert!(sheet.breaches().is_empty());
}

#[test]
fn stamps_of_tickets_not_run() {
    let mut replaced = signed();
    replaced.ok("08-09 12:00", "ticket", ticket());
    assert_eq!(stamps(&replaced), [json!("void"), Value::Null]);
    replaced.duty("ticket", "08-09 12:00", "open -");
    let mut cancelled = signed();
    cancelled.ok("08-09 12:00", "cancel", json!({ "reason": "不做了" }));
    assert_eq!(stamps(&cancelled), ["not_executed"]);
}

#[test]
fn a_ticket_has_the_next_number_of_the_year_and_keeps_it() {
    let mut sheet = filled();
    assert_eq!(sheet.ledger.last.numbered, Some("ticket_no"));
    let number = |sheet: &Sheet| sheet.field("tickets")[0]["no"].clone();
    assert_eq!(number(&sheet), json!("20260002"));
    sheet.correct(2, json!({ "task": "B座停电" }));
    assert_eq!(sheet.ledger.last.numbered, None, "no number is given twice");
    assert_eq!(number(&sheet), json!("20260002"));
    assert_eq!(sheet.field("tickets")[0]["task"], json!("B座停电"));
    // A ticket of an earlier version of the program was numbered within its outage.
    std::sync::Arc::make_mut(&mut sheet.ledger.entries[1].entry)
        .found
        .clear();
    assert_eq!(number(&sheet), json!("O-2026-00001-1"));
}

#[test]
fn who_gave_the_order_is_kept() {
    let mut ordered = ticket();
    ordered["ordered_by"] = json!("孙调度");
    ordered["ordered_to"] = json!("赵值班");
    ordered["ordered_at"] = json!(t("08-09 09:50"));
    ordered["in_charge"] = json!("王主管");
    let mut sheet = planned("building");
    sheet.ok("08-09 10:00", "ticket", ordered);
    let ticket = &sheet.field("tickets")[0];
    assert_eq!(ticket["ordered_by"], json!("孙调度"));
    assert_eq!(ticket["ordered_at"], json!(t("08-09 09:50")));
}
