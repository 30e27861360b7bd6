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
    sheet.record().body["tickets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ticket| ticket["stamp"].clone())
        .collect()
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
    let mut two = ticket();
    two["steps"] = json!([{ "operation": "断开", "device": "101、102" }]);
    planned("building").no("08-09 10:00", "ticket", two, "bad_value steps S1.3.4");
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
            "before at -",
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
            "before at -",
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
    let numbers: Vec<_> = replaced.record().body["tickets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["no"].clone())
        .collect();
    assert_eq!(numbers, ["O-2026-00001-1", "O-2026-00001-2"]);
}
