//! The cut is never refused; what was open becomes a breach with a reason (S1.3, section 0).

use super::*;

#[test]
fn with_everything_done_no_reason_is_asked() {
    let mut sheet = ready();
    sheet.ok("08-10 09:00", "cut", json!({})).state("out");
    assert!(sheet.breaches().is_empty());
}

#[test]
fn each_open_gate_is_a_breach() {
    let mut sheet = planned("building");
    sheet.no(
        "08-10 09:00",
        "cut",
        json!({}),
        "missing_field reason S1.3.1",
    );
    sheet
        .ok("08-10 09:00", "cut", json!({ "reason": "抢修" }))
        .state("out");
    // Those of one instant stand by their code.
    let wanted = [
        "announce S7.4.8.1",
        "approve_cut S1.3.1",
        "broadcast_urgent S1.1.4",
        "notice_1h S1.1.4",
        "notice_24h S1.3.2",
        "ticket S1.3.4",
    ];
    assert_eq!(sheet.breaches(), wanted);
    let breaches = sheet.record().head.breaches;
    assert!(breaches.iter().all(|breach| breach.reason == "抢修"));
}

#[test]
fn one_gate_open_one_breach() {
    let without = |action: &str| {
        let mut sheet = noticed("building");
        for (at, name, data) in [
            (
                "08-06 16:00",
                "deliver",
                json!({ "paper": "notice", "users": "all" }),
            ),
            ("08-06 16:10", "announce", json!({})),
            ("08-06 16:30", "ticket", ticket()),
            (
                "08-06 16:40",
                "sign_ticket",
                json!({ "name": "王主管", "role": "supervisor" }),
            ),
        ] {
            if name != action {
                sheet.ok(at, name, data);
            }
        }
        sheet.ok("08-10 09:00", "cut", json!({ "reason": "补办" }));
        sheet.breaches()
    };
    assert_eq!(without("sign_ticket"), ["ticket S1.3.4"]);
    assert_eq!(without("announce"), ["announce S7.4.8.1"]);
    assert_eq!(
        without("deliver"),
        [
            "broadcast_urgent S1.1.4",
            "notice_1h S1.1.4",
            "notice_24h S1.3.2"
        ]
    );
}

#[test]
fn what_was_done_after_the_cut_was_open_at_the_cut() {
    let mut sheet = ready();
    sheet.ok(
        "08-10 10:00",
        "cut",
        json!({ "reason": "签名前已停", "at": t("08-06 16:35") }),
    );
    assert_eq!(sheet.breaches(), ["ticket S1.3.4"]);
    sheet.duty("ticket", "08-10 10:00", "na -");
    // A second later than the signature it was closed.
    let mut sheet = ready();
    sheet.ok("08-10 10:00", "cut", json!({ "at": t("08-06 16:40") }));
    assert_eq!(sheet.warnings(), ["warning.outage_early"]);
    assert!(sheet.breaches().is_empty());
}

#[test]
fn a_term_that_could_not_be_kept_is_no_breach() {
    let mut sheet = Sheet::new();
    sheet.ok("08-10 03:00", "plan", plan("government"));
    sheet
        .ok("08-10 03:10", "approve", gm("notice"))
        .ok("08-10 03:20", "issue_notice", json!({}));
    sheet.ok(
        "08-10 03:30",
        "deliver",
        json!({ "paper": "notice", "users": "all" }),
    );
    sheet.ok("08-10 09:00", "cut", json!({ "reason": "政府要求" }));
    assert_eq!(
        sheet.breaches(),
        ["ticket S1.3.4"],
        "24 h notice and announcement were impossible"
    );
}

#[test]
fn late_notices_stay_late_and_are_not_owed_any_more() {
    let mut sheet = planned("building");
    sheet.ok("08-10 09:00", "cut", json!({ "reason": "抢修" }));
    sheet
        .duty("notice_1h", "08-10 09:30", "late 08-10 08:00")
        .duty("ticket", "08-10 09:30", "na -");
    assert!(sheet.deadline("notice_1h").silent && sheet.deadline("notice_1h").tick.is_none());
}

#[test]
fn an_accident_has_no_gates() {
    let mut sheet = out();
    sheet
        .no("08-03 22:20", "cut", json!({}), "not_now - -")
        .state("out");
    assert!(
        !sheet
            .codes()
            .iter()
            .any(|code| ["ticket", "approve_cut", "notice_1h"].contains(&code.as_str()))
    );
}

#[test]
fn our_switches_decide_whether_a_ticket_is_owed() {
    let owes = |source: &str, form: &str, ours: Value| {
        let mut sheet = Sheet::new();
        let mut data = plan(source);
        data["form"] = json!(form);
        data["our_switches"] = ours;
        sheet.ok("08-06 10:00", "plan", data);
        sheet.codes().contains(&"ticket".into())
    };
    assert!(owes("building", "outage", Value::Null));
    assert!(owes("government", "restriction", Value::Null));
    assert!(!owes("utility", "outage", Value::Null));
    assert!(owes("utility", "转电", Value::Null));
    assert!(owes("utility", "outage", json!(true)));
    assert!(!owes("building", "outage", json!(false)));
}

#[test]
fn breaches_are_explained_one_code_at_a_time() {
    let mut sheet = judged("building");
    sheet.ok("08-03 22:40", "broadcast", json!({ "text": "B座停电" }));
    assert_eq!(sheet.breaches(), ["approve_broadcast S1.2.2"]);
    sheet
        .no(
            "08-03 22:50",
            "explain_breach",
            json!({ "code": "ticket", "reason": "急" }),
            "bad_value code -",
        )
        .ok(
            "08-03 22:50",
            "explain_breach",
            json!({ "code": "approve_broadcast", "reason": "总经理联系不上" }),
        );
    assert_eq!(sheet.reason(), "总经理联系不上");
}

#[test]
fn a_cut_within_the_hour_owes_no_urgent_broadcast_yet() {
    for (at, owed) in [("08-10 08:00", false), ("08-10 08:00:01", true)] {
        let mut sheet = planned("building");
        sheet.ok(at, "cut", json!({ "reason": "提前" }));
        let breached = sheet.breaches().contains(&"broadcast_urgent S1.1.4".into());
        assert_eq!(breached, owed, "{at}");
    }
}

#[test]
fn an_early_cut_brings_the_terms_of_its_notices_forward() {
    let mut sheet = noticed("building");
    sheet.ok("08-07 08:00", "cut", json!({ "reason": "抢修" }));
    sheet
        .duty("notice_24h", "08-07 08:00", "open 08-07 08:00")
        .duty("notice_1h", "08-07 08:01", "late 08-07 08:00")
        .duty("broadcast_urgent", "08-07 08:01", "na 08-07 08:00")
        .duty("cut_planned", "08-07 08:01", "met 08-10 09:00");
    let told = [
        "2026-08-10 09:00 周一 之前 24 小时",
        "→ 2026-08-09 09:00 周日",
        "2026-08-07 08:00 周五 之前 0 小时",
        "→ 2026-08-07 08:00 周五",
    ];
    assert_eq!(sheet.trace("notice_24h"), told);
    // Typed late: the notice had been delivered before.
    sheet
        .ok(
            "08-06 16:00",
            "deliver",
            json!({ "paper": "notice", "users": "all" }),
        )
        .duty("notice_24h", "08-07 08:01", "met 08-09 09:00");
    assert!(!sheet.breaches().contains(&"notice_24h S1.3.2".into()));
}

#[test]
fn the_cut_and_its_end_stand_among_the_duties() {
    let mut sheet = ready();
    sheet
        .duty("cut_planned", "08-10 08:50", "open 08-10 09:00")
        .duty("cut_planned", "08-10 09:00:01", "late 08-10 09:00")
        .duty("restore_planned", "08-10 08:50", "open 08-10 12:00");
    let parts = sheet.deadline("cut_planned").parts;
    let done: Vec<_> = parts.iter().map(|part| part.done).collect();
    assert_eq!(done, [Some(t("08-06 16:00")), Some(t("08-06 16:40"))]);
    sheet
        .tick("08-10 09:00", "cut_planned", json!({}))
        .duty("cut_planned", "08-10 09:00", "met 08-10 09:00")
        .tick("08-10 12:00:01", "restore_planned", json!({}))
        .duty("restore_planned", "08-10 13:00", "late 08-10 12:00");
    let mut cancelled = ready();
    cancelled
        .ok("08-07 10:00", "cancel", json!({ "reason": "不做了" }))
        .duty("cut_planned", "08-11 00:00", "na 08-10 09:00");
}

#[test]
fn a_day_s_notice_is_owed_by_what_we_or_the_government_cut() {
    let owes = |source: &str, form: &str| {
        let mut sheet = Sheet::new();
        let mut data = plan(source);
        data["form"] = json!(form);
        sheet.ok("08-06 10:00", "plan", data);
        sheet.codes().contains(&"notice_24h".into())
    };
    for (source, form, owed) in [
        ("building", "outage", true),
        ("building", "restriction", true),
        ("building", "transfer", false),
        ("government", "outage", true),
        ("government", "transfer", false),
        ("utility", "outage", false),
        ("utility", "restriction", false),
    ] {
        assert_eq!(owes(source, form), owed, "{source} {form}");
    }
}
