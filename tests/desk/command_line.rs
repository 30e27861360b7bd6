//! What the command line answers, in both languages.

use serde_json::{Value, json};

use super::common::{Site, slip};

#[test]
fn amend_void_link_and_remark_leave_what_stood_before_in_the_history() {
    let site = Site::new();
    let no = site.add("work-order", &slip()).fine()["no"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = site.add("work-order", &slip()).fine()["no"]
        .as_str()
        .unwrap()
        .to_owned();
    let amended = site
        .act(
            &no,
            "amend",
            &json!({"changes": {"phone": "13911112222", "paper_no": "0099"}, "reason": "抄错"}),
        )
        .fine();
    assert_eq!(
        (&amended["fields"]["phone"], &amended["fields"]["paper_no"]),
        (&json!("13911112222"), &json!("0099"))
    );
    assert_eq!(amended["history"][0]["data"]["phone"], "13911112222");
    assert_eq!(amended["history"][0]["was"]["data"]["phone"], "13800000000");
    assert_eq!(
        amended["history"][0]["corrected_by"],
        amended["history"][1]["seq"]
    );
    let taken = site.act(
        &other,
        "amend",
        &json!({"changes": {"paper_no": "0099"}, "reason": "补单"}),
    );
    assert_eq!(taken.refused(), ("duplicate".into(), "paper_no".into()));
    for (changes, code, field) in [
        (json!({}), "missing_field", "changes"),
        (json!({"content": ""}), "missing_field", "content"),
        (json!({"colour": "red"}), "unknown_field", "colour"),
        (
            json!({"received": "2027-01-01T00:00"}),
            "future",
            "received",
        ),
    ] {
        let answer = site.act(&no, "amend", &json!({"changes": changes, "reason": "x"}));
        assert_eq!(answer.refused(), (code.to_owned(), field.to_owned()));
    }
    let linked = site
        .act(&other, "link", &json!({"kind": "重复", "to": no}))
        .fine();
    assert_eq!(linked["links"], json!([{"kind": "duplicate", "to": no}]));
    assert_eq!(
        site.show(&no).fine()["linked_from"],
        json!([{"kind": "duplicate", "from": other}])
    );
    assert_eq!(
        site.act(&other, "link", &json!({"kind": "child", "to": other}))
            .refused()
            .1,
        "to"
    );
    assert_eq!(
        site.act(
            &other,
            "link",
            &json!({"kind": "child", "to": "W-2026-00077"})
        )
        .refused()
        .0,
        "unknown_record"
    );
    let voided = site
        .act(&other, "void", &json!({"reason": "重复登记"}))
        .fine();
    assert_eq!(
        (&voided["state"], &voided["void_reason"]),
        (&json!("void"), &json!("重复登记"))
    );
    assert!(
        voided["deadlines"]
            .as_array()
            .unwrap()
            .iter()
            .all(|d| d["state"] == "void")
    );
    assert_eq!(
        site.act(&other, "arrive", &json!({"technician": "张工"}))
            .refused()
            .0,
        "not_now"
    );
    assert_eq!(
        site.act(&other, "remark", &json!({"text": "留底"})).fine()["remarks"][0]["text"],
        "留底"
    );
    assert_eq!(
        site.add("work-order", &slip()).fine()["no"],
        "W-2026-00003",
        "a voided number stays used"
    );
}

#[test]
fn lists_page_filter_and_search() {
    let site = Site::new();
    for index in 0..25 {
        let mut slip = slip();
        slip["content"] = json!(if index % 5 == 0 {
            format!("空调不制冷 {index}")
        } else {
            format!("水龙头漏水 {index}")
        });
        slip["team"] = json!(if index % 2 == 0 {
            "水工班"
        } else {
            "空调班"
        });
        let _ = site.add("work-order", &slip).fine();
    }
    let list = |args: &[&str]| -> Value {
        site.run(&[&["list", "work-order", "--format", "json"], args].concat())
            .fine()
    };
    let numbers = |page: &Value| -> Vec<String> {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["no"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut seen = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = match &after {
            Some(cursor) => list(&["--limit", "10", "--after", cursor]),
            None => list(&["--limit", "10"]),
        };
        seen.extend(numbers(&page));
        match page["next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => break,
        }
    }
    let want: Vec<String> = (1..=25).rev().map(|n| format!("W-2026-{n:05}")).collect();
    assert_eq!(seen, want, "every record once, newest first");
    assert_eq!(numbers(&list(&["--search", "制冷"])).len(), 5);
    assert_eq!(numbers(&list(&["--search", "冷"])).len(), 5);
    assert_eq!(
        numbers(&list(&["--search", "漏水 24"])),
        ["W-2026-00025", "W-2026-00024"]
    );
    assert_eq!(
        numbers(&list(&["--search", "3800000"])).len(),
        25,
        "a part of a telephone number"
    );
    assert_eq!(numbers(&list(&["--search", "冷制"])).len(), 0);
    assert_eq!(
        numbers(&list(&["--where", "team=水工班", "--limit", "50"])).len(),
        13
    );
    assert_eq!(numbers(&list(&["--where", "state=done"])).len(), 0);
    assert_eq!(
        site.run(&["list", "work-order", "--where", "colour=red"])
            .code,
        2
    );
    assert_eq!(
        site.run(&["list", "work-order", "--after", "x", "--format", "json"])
            .refused()
            .1,
        "after"
    );
}

#[test]
fn due_is_soonest_first_and_tells_cron_when_something_is_late() {
    let mut site = Site::new();
    assert_eq!(
        site.run(&["due", "--format", "json"]).fine()["items"],
        json!([]),
        "no file yet: nothing is owed"
    );
    assert!(!site.file().exists(), "looking makes no file");
    for promised in ["2026-03-02T20:00", "2026-03-02T17:00", "2026-03-02T19:00"] {
        let mut slip = slip();
        slip["promised_arrival"] = json!(promised);
        let _ = site.add("work-order", &slip).fine();
    }
    let answer = site.run(&["due", "--format", "json"]);
    assert_eq!(answer.code, 1, "one is late");
    let items = answer.json()["items"].clone();
    let dues: Vec<&str> = items
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["code"] == "arrival")
        .map(|item| item["no"].as_str().unwrap())
        .collect();
    assert_eq!(dues, ["W-2026-00002", "W-2026-00003", "W-2026-00001"]);
    let late = site
        .run(&["list", "work-order", "--due", "late", "--format", "json"])
        .fine();
    assert_eq!(late["items"].as_array().unwrap().len(), 1);
    site.now = "2026-03-02T16:00:00+08:00".into();
    assert_eq!(site.run(&["due"]).code, 0, "earlier, nothing was late");
}

#[test]
fn a_text_answer_speaks_the_language_asked_for() {
    let site = Site::new();
    let mut data = slip();
    data["promised_arrival"] = json!("2026-03-02T19:00");
    let _ = site.add("work-order", &data).fine();
    let chinese = site.run(&["show", "W-2026-00001", "--why"]);
    insta::assert_snapshot!(chinese.out.trim_end(), @r"
    W-2026-00001 维修 · 已派单
    收到时间 2026-03-02 09:10 周一
      内容                 厨房水龙头漏水
      地点                 3栋1203
      报修人               李女士
      电话                 13800000000
      班组                 水工班
      承诺到场             2026-03-02 19:00 周一
    时限
      ○ 签收维修单               已历 8小时50分  S2.2
          自 2026-03-02 09:10 周一 起立即办理，没有固定时限，显示已历时间
          S2.2: 工程部技工接单后在维修单记录簿上签收。
      · 到场                     2026-03-02 19:00 周一 还有 1小时  S2.3
          2026-03-02 09:10 周一 承诺 2026-03-02 19:00 周一
          S2.3: 根据维修内容准备必要的工具和材料,按相应的维修服务承诺时间到达维修现场。
    经过
      2026-03-02 09:10 周一 登记派单     陈文员 (补记)  #2
    ");
    let english = site.run(&["--lang", "en", "show", "W-2026-00001"]);
    insta::assert_snapshot!(english.out.trim_end(), @r"
    W-2026-00001 Repairs · issued
    Received 2026-03-02 09:10 Mon
      Content              厨房水龙头漏水
      Place                3栋1203
      Reporter             李女士
      Phone                13800000000
      Team                 水工班
      Promised arrival     2026-03-02 19:00 Mon
    Deadlines
      ○ Sign for the slip        elapsed 8h50m  S2.2
      · Arrival                  2026-03-02 19:00 Mon left 1h  S2.3
    History
      2026-03-02 09:10 Mon Issue slip   陈文员 (entered late)  #2
    ");
}

#[test]
fn working_days_in_batch() {
    let site = Site::new();
    let input = "from,n\n2026-02-13T17:29,3\n2026-12-30T09:00,2\n";
    let answer = site.run_with(&["rules", "workday", "--batch", "-"], input);
    assert_eq!(answer.code, 0);
    assert_eq!(
        answer.out,
        "from,n,due,provisional\n2026-02-13T17:29:00+08:00,3,2026-02-25T17:30:00+08:00,false\n2026-12-30T09:00:00+08:00,2,2027-01-04T17:30:00+08:00,true\n"
    );
    let wrong = site.run_with(
        &["rules", "workday", "--batch", "-", "--format", "json"],
        "2026-02-13T17:29,3\n2026-02-31,1\n",
    );
    assert_eq!(wrong.refused(), ("bad_value".into(), "from".into()));
    let far = site.run(&[
        "rules",
        "workday",
        "--from",
        "2026-02-13T17:29",
        "--add",
        "4294967295",
        "--format",
        "json",
    ]);
    assert_eq!(far.refused().0, "bad_value");
}

#[test]
fn the_entry_of_a_printed_paper_cannot_be_struck_and_it_is_said_why() {
    let site = Site::new();
    let no = site.add("work-order", &slip()).fine()["no"].clone();
    let no = no.as_str().unwrap();
    let out = site.folder().join("slip.txt");
    let printed = ["print", no, "-d", "repair_slip", "--out"];
    let answer = site.run(&[&printed[..], &[out.to_str().unwrap()]].concat());
    assert_eq!(answer.code, 0, "{}", answer.err);
    let shown = site.run(&["show", no, "--format", "json"]).fine();
    let history = shown["history"].as_array().unwrap();
    let entry = history.iter().find(|e| e["action"] == "print").unwrap();
    let strike = json!({"entry": entry["seq"], "reason": "误录"});
    let answer = site.act(no, "strike", &strike);
    assert_eq!(answer.refused(), ("bad_value".into(), "entry".into()));
    let message = answer.json()["refused"]["message"].to_string();
    assert!(message.contains("程序自己记的"), "{message}");
}

#[test]
fn usage_is_exit_2() {
    let site = Site::new();
    for args in [
        &["dance"][..],
        &["add"],
        &["list", "work-order", "--due", "never"],
        &["--now", "yesterday", "due"],
        &["schema", "parking"],
    ] {
        assert_eq!(site.run(args).code, 2, "{args:?}");
    }
}

#[test]
fn a_cancelled_plan_owes_only_telling_those_who_were_told() {
    let mut site = Site::new();
    let plan = json!({
        "action": "plan", "source": "building", "form": "outage", "reason": "检修", "areas": ["A座"],
        "users": ["1201"], "plan_start": "2026-03-10T09:00", "at": "2026-03-02T10:00",
    });
    // Our own decision is reported to 总经理 at once too (S1.3.2), whatever becomes of the plan.
    for (told, owed) in [
        (false, json!(["report_gm"])),
        (true, json!(["report_gm", "notify_change"])),
    ] {
        let no = site.add("outage", &plan).fine()["no"]
            .as_str()
            .unwrap()
            .to_owned();
        if told {
            let approve = json!({"gate": "notice", "decision": "yes", "name": "孙总", "role": "gm", "at": "2026-03-02T11:00"});
            let _ = site.act(&no, "approve", &approve).fine();
            let _ = site
                .act(&no, "issue_notice", &json!({"at": "2026-03-02T12:00"}))
                .fine();
        }
        let _ = site.act(&no, "cancel", &json!({"reason": "改期"})).fine();
        site.now = "2026-03-09T10:00:00+08:00".into();
        let record = site.show(&no).fine();
        let open = record["deadlines"].as_array().unwrap().iter();
        let open: Vec<&Value> = open
            .filter(|d| d["state"] == "open" || d["state"] == "late")
            .map(|d| &d["code"])
            .collect();
        assert_eq!(json!(open), owed);
        site.now = super::common::NOW.into();
    }
}

#[test]
fn a_newer_holiday_list_first_shows_what_changes() {
    let mut site = Site::new();
    site.now = "2026-12-30T10:00:00+08:00".into();
    let complaint = json!({"procedure": "property", "complainant": "周先生", "content": "噪音", "facts": {}, "at": "2026-12-30T09:00"});
    let no = site.add("complaint", &complaint).fine()["no"]
        .as_str()
        .unwrap()
        .to_owned();
    let resolve = |site: &Site| {
        let record = site.show(&no).fine();
        let duty = record["deadlines"]
            .as_array()
            .unwrap()
            .iter()
            .find(|d| d["code"] == "resolve")
            .unwrap()
            .clone();
        (
            duty["due"].as_str().unwrap().to_owned(),
            duty["provisional"].as_bool().unwrap(),
        )
    };
    assert_eq!(resolve(&site), ("2027-01-05T17:30:00+08:00".into(), true));
    let list = site.folder().join("2027.csv");
    let path = list.to_str().unwrap();
    std::fs::write(
        &list,
        "date,kind,name\n2027-01-01,off,元旦\n2027-01-04,off,元旦\n",
    )
    .unwrap();
    let seen = site
        .run(&["calendar", "import", path, "--dry-run", "--format", "json"])
        .fine();
    let change = json!([{"no": no, "code": "resolve", "old": "2027-01-05T17:30:00+08:00", "new": "2027-01-06T17:30:00+08:00"}]);
    assert_eq!((&seen["taken"], &seen["changes"]), (&json!(false), &change));
    assert_eq!(
        resolve(&site).0,
        "2027-01-05T17:30:00+08:00",
        "a dry run changes nothing"
    );
    assert_eq!(
        site.run(&["calendar", "import", path, "--format", "json"])
            .fine()["taken"],
        true
    );
    assert_eq!(resolve(&site), ("2027-01-06T17:30:00+08:00".into(), false));
    let due = site.run(&["due", "--format", "json"]).json();
    let listed = due["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["code"] == "resolve")
        .unwrap()
        .clone();
    assert_eq!(
        listed["due"], "2027-01-06T17:30:00+08:00",
        "what is owed follows"
    );
    std::fs::write(&list, "date,kind,name\n2027-01-01,free,元旦\n").unwrap();
    let refused = site.run(&["calendar", "import", path, "--format", "json"]);
    assert_eq!(refused.refused(), ("bad_value".into(), "file".into()));
    assert!(refused.err.contains("第 2 行"), "{}", refused.err);
    assert_eq!(site.run(&["check", "--format", "json"]).fine()["ok"], true);
}

#[test]
fn the_schema_calls_things_as_their_register_does() {
    let site = Site::new();
    for (register, action, title, key, of_key) in [
        ("application", "approve", "批准", "name", "经手人"),
        ("application", "reject", "不批准", "name", "经手人"),
        ("outage", "remark", "备注", "note", "异常情况或备注"),
    ] {
        let schema = site.run(&["schema", register]).fine();
        let action = &schema["registers"][register]["actions"][action];
        assert_eq!(action["title"], title);
        assert_eq!(action["properties"][key]["title"], of_key);
    }
}
