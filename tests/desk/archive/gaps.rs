//! What is missing before a month is sealed.

use serde_json::{Value, json};

use super::super::common::Site;
use super::kit::{archive, march, named, out, sealed};

#[test]
fn a_month_with_gaps_is_sealed_only_with_a_reason() {
    let mut site = march();
    // 0003 is missing; 0004 is voided; 5 is 0005 again; a finished slip nobody signed for; of another pad, nothing.
    for paper in ["WX0004", "WX0005", "WX5", "WX0900"] {
        let mut slip = named(paper);
        slip["at"] = "2026-03-20T10:00".into();
        let _ = site.add("work-order", &slip).fine();
    }
    let _ = site
        .act(
            "W-2026-00003",
            "void",
            &json!({"reason": "写坏", "at": "2026-03-20T11:00"}),
        )
        .fine();
    let _ = site
        .act(
            "W-2026-00004",
            "finish",
            &json!({"result": "好", "at": "2026-03-20T12:00"}),
        )
        .fine();
    let dry = site.run(&["archive", "2026-03", "--dry-run", "--format", "json"]);
    assert_eq!(dry.code, 1);
    let report = dry.json();
    let of = |code: &str| -> Vec<String> {
        let findings = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|f| f["code"] == code);
        findings
            .map(|f| {
                format!(
                    "{} {}",
                    f["what"].as_str().unwrap(),
                    f["no"].as_str().unwrap_or("-")
                )
            })
            .collect()
    };
    assert_eq!(of("missing_paper"), ["WX0003 -"]);
    assert_eq!(of("duplicate_paper"), ["WX5 W-2026-00005"]);
    assert_eq!(of("unsigned"), ["accept W-2026-00004"]);
    assert_eq!(report["to_explain"], 2);
    assert!(
        of("open_record").len() >= 4 && of("late_duty").iter().any(|f| f.starts_with("hand_in"))
    );
    assert!(!site.folder().join("out").exists());

    let refused = archive(&site, "2026-03", &[]);
    assert_eq!(refused.refused(), ("missing_field".into(), "reason".into()));
    assert_eq!(refused.json()["gaps"]["to_explain"], 2);
    assert!(!site.folder().join("out/2026-03").exists());
    let _ = archive(&site, "2026-03", &["--reason", "0003 号在仓库"]).fine();
    let readme = std::fs::read_to_string(out(&site).join("2026-03/README.txt")).unwrap();
    assert!(readme.contains("0003 号在仓库"));

    // The next month looks back to the last slip of the pad, and on a missing number that turned up.
    site.now = "2026-04-10T09:00:00+08:00".into();
    let _ = site
        .add("work-order", &named_at("WX0902", "2026-04-10T08:00"))
        .fine();
    let mut found = named_at("WX0901", "2026-03-31T08:00");
    found["note"] = "夹在簿里".into();
    site.now = "2026-05-03T09:00:00+08:00".into();
    let missing = |site: &Site| {
        let report = site
            .run(&["archive", "2026-04", "--dry-run", "--format", "json"])
            .json();
        let findings = report["findings"].as_array().unwrap().clone();
        findings
            .iter()
            .filter(|f| f["code"] == "missing_paper")
            .map(|f| f["what"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(missing(&site), ["WX0901"]);
    let _ = site.add("work-order", &found).fine();
    assert_eq!(missing(&site), [""; 0]);
}

fn named_at(paper: &str, at: &str) -> Value {
    let mut slip = named(paper);
    slip["at"] = at.into();
    slip
}

#[test]
fn a_month_before_that_was_never_sealed_and_a_meter_without_a_bill_are_told() {
    let mut site = Site::new();
    site.now = "2026-02-10T09:00:00+08:00".into();
    let apply = json!({"applicant": "星光影城", "place": "A座2306", "load_kw": "12", "voltage_v": 380, "phases": 3,
        "use_from": "2026-02-11T08:00", "contact": "高经理", "basis": "metered"});
    let no = site.add("application", &apply).fine()["no"]
        .as_str()
        .unwrap()
        .to_owned();
    for (action, data) in [
        ("approve", json!({"name": "总工", "role": "chief_engineer"})),
        ("wire", json!({})),
        ("inspect", json!({"passed": true, "name": "孙工"})),
        (
            "energise",
            json!({"meter_no": "D1", "digits": 5, "reading": "0", "our_name": "孙工", "user_name": "高经理"}),
        ),
    ] {
        let _ = site.act(&no, action, &data).fine();
    }
    site.now = "2026-04-02T09:00:00+08:00".into();
    let told = |site: &Site| {
        let report = site
            .run(&["archive", "2026-03", "--dry-run", "--format", "json"])
            .json();
        let findings = report["findings"].as_array().unwrap().clone();
        let must = findings.iter().filter(|f| f["explain"] == true);
        must.map(|f| {
            format!(
                "{} {}",
                f["code"].as_str().unwrap(),
                f["what"].as_str().unwrap()
            )
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(told(&site), ["unbilled unread", "earlier_month 2026-02"]);
    let _ = site
        .act(
            &no,
            "read",
            &json!({"reading": "120", "name": "孙工", "at": "2026-03-31T17:00"}),
        )
        .fine();
    assert_eq!(told(&site), ["unbilled no_bill", "earlier_month 2026-02"]);
    let _ = site
        .act(&no, "bill", &json!({"period": "2026-03", "price": "0.85"}))
        .fine();
    sealed(&site, "2026-02");
    assert_eq!(told(&site), [""; 0]);
}
