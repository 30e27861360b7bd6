//! Sealed months are read-only; what is found later names the month.

use serde_json::{Value, json};

use super::super::common::Answer;
use super::kit::{march, sealed};

#[test]
fn nobody_seals_by_hand_and_a_seal_stays() {
    let site = march();
    let forged = json!({"action": "seal", "text": "x", "month": "2026-03", "upto": 1, "head": "x", "manifest": "x", "records": 1, "entries": 1});
    assert_eq!(site.add("log", &forged).refused().0, "unknown_action");
    sealed(&site, "2026-03");
    let log = site
        .run(&["list", "log", "--where", "state=sealed", "--format", "json"])
        .fine();
    let no = log["items"][0]["no"].as_str().unwrap().to_owned();
    for (action, data) in [
        ("void", json!({"reason": "x"})),
        (
            "amend",
            json!({"changes": {"month": "2026-02"}, "reason": "x"}),
        ),
        ("correct", json!({"entry": no, "text": "x", "reason": "x"})),
    ] {
        assert_eq!(
            site.act(&no, action, &data).refused().0,
            "not_now",
            "{action}"
        );
    }
    let _ = site
        .act(&no, "remark", &json!({"text": "已存档案室"}))
        .fine();
}

#[test]
fn what_belongs_to_a_sealed_month_needs_a_reason_and_is_named() {
    let mut site = march();
    sealed(&site, "2026-03");
    let late = |more: Value| {
        let mut data = json!({"content": "补记", "place": "1栋", "team": "水工班"});
        data.as_object_mut()
            .unwrap()
            .extend(more.as_object().cloned().unwrap());
        data
    };
    let closed = |answer: &Answer| {
        answer.json()["history"].as_array().unwrap().last().unwrap()["found"]["closed_month"]
            .clone()
    };
    for (more, field) in [
        (json!({"at": "2026-03-30T10:00"}), "received"),
        (
            json!({"at": "2026-03-30T10:00", "received": "2026-04-01T10:00"}),
            "at",
        ),
    ] {
        let refused = site.add("work-order", &late(more.clone()));
        assert_eq!(refused.refused(), ("not_now".into(), field.into()));
        assert!(refused.out.contains("2026-03"), "{}", refused.out);
        let mut explained = late(more);
        explained["note"] = "当时漏登".into();
        let taken = site.add("work-order", &explained);
        assert_eq!(
            taken.fine()["history"][0]["found"]["closed_month"],
            "2026-03"
        );
        assert!(taken.out.contains("2026-04 的档"), "{}", taken.out);
    }
    // A step that is said to have happened then.
    let step = json!({"technician": "钱师傅", "at": "2026-03-03T09:00"});
    assert_eq!(
        site.act("W-2026-00002", "sign_for", &step).refused(),
        ("not_now".into(), "received".into())
    );
    // The ordinary next step, an amendment, a void: marked by themselves.
    let taken = site.act("W-2026-00002", "sign_for", &json!({"technician": "钱师傅"}));
    assert_eq!(closed(&taken), "2026-03");
    let amend = json!({"changes": {"place": "3栋1204"}, "reason": "写错"});
    let taken = site.act("W-2026-00001", "amend", &amend);
    assert_eq!(closed(&taken), "2026-03");
    assert!(taken.fine()["warnings"].to_string().contains("2026-03"));
    // What is of this month is untouched by all this.
    let taken = site.add("work-order", &late(json!({}))).fine();
    assert_eq!(taken["history"][0]["found"].get("closed_month"), None);

    site.now = "2026-05-02T09:00:00+08:00".into();
    let april = sealed(&site, "2026-04");
    let slips = std::fs::read_to_string(april.join("registers/work-order.jsonl")).unwrap();
    let booked: Vec<(String, String)> = slips
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|doc| {
            (
                doc["no"].as_str().unwrap().to_owned(),
                doc["late_month"].as_str().unwrap_or("").to_owned(),
            )
        })
        .collect();
    assert_eq!(
        booked,
        [
            ("W-2026-00003".to_owned(), "2026-03".to_owned()),
            ("W-2026-00004".to_owned(), String::new()),
            ("W-2026-00005".to_owned(), String::new()),
        ]
    );
    let later = std::fs::read_to_string(april.join("later_findings.csv")).unwrap();
    assert_eq!(later.lines().count(), 5, "{later}");
    assert!(later.contains("当时漏登") && later.contains("更正") && later.contains("2026-03"));
    assert_eq!(site.run(&["archive", "verify", "out"]).code, 0);
}

#[test]
fn a_clock_that_was_set_back_neither_hides_nor_loses_a_record() {
    let mut site = march();
    sealed(&site, "2026-03");
    site.now = "2026-03-20T09:00:00+08:00".into();
    let mut data = json!({"content": "钟拨回后", "place": "1栋", "team": "水工班"});
    assert_eq!(site.add("work-order", &data).refused().0, "not_now");
    data["note"] = "电脑时钟不对".into();
    let no = site.add("work-order", &data).fine()["no"].clone();
    site.now = "2026-05-02T09:00:00+08:00".into();
    let april = sealed(&site, "2026-04");
    let slips = std::fs::read_to_string(april.join("registers/work-order.jsonl")).unwrap();
    assert!(
        slips.contains(no.as_str().unwrap()) && slips.contains("\"late_month\":\"2026-03\""),
        "{slips}"
    );
}
