//! A sealed month stands for ever; what is said about it later is added.

use super::*;

#[test]
fn a_sealed_month_is_never_changed_again() {
    let seal = json!({
        "text": "封存 2026-02", "month": "2026-02", "upto": 9, "head": "a", "manifest": "b", "records": 1, "entries": 2,
    });
    assert!(register("log").unwrap().reserved("seal"));
    let mut page = Page::with("03-02 09:00", "seal", seal);
    page.state("sealed", true)
        .no("03-02 10:00", "void", json!({"reason": "x"}), "not_now -")
        .no(
            "03-02 10:00",
            "correct",
            json!({"entry": NO, "text": "x", "reason": "y"}),
            "not_now -",
        )
        .no(
            "03-02 10:00",
            "strike",
            json!({"entry": 1, "reason": "y"}),
            "not_now -",
        )
        .no(
            "03-02 10:00",
            "amend",
            json!({"changes": {"text": "x"}, "reason": "y"}),
            "not_now -",
        )
        .ok("03-02 10:00", "remark", json!({"text": "已抄送"}))
        // Of an earlier hour, so it takes its place before the one that was typed first.
        .ok("03-02 09:30", "remark", json!({"text": "已刻盘"}))
        .ok("03-02 09:40", "remark", json!({"text": "已入柜"}));
    // What was asked for is what the refusal names.
    let changes = json!({"changes": {"text": "x"}, "reason": "y"});
    for (action, data, named) in [
        ("amend", changes, "action.amend"),
        (
            "strike",
            json!({"entry": 2, "reason": "y"}),
            "action.strike",
        ),
    ] {
        let refusal = page.act("03-02 11:00", action, data).unwrap_err();
        let told = format!("{:?}", refusal.message);
        assert!(told.contains(named), "{told}");
    }
}
