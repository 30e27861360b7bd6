//! What is wrong is refused by name, and nothing is left of it.

use serde_json::{Value, json};

use super::common::{Site, slip};

fn with(changes: &Value) -> Value {
    let mut slip = slip();
    for (key, value) in changes.as_object().unwrap() {
        slip[key] = value.clone();
    }
    slip
}

#[test]
fn every_bad_value_is_refused_by_its_field() {
    let site = Site::new();
    let long = "长".repeat(1024 * 1024);
    let cases = [
        (json!({"content": null}), "missing_field", "content"),
        (json!({"content": "  \n "}), "missing_field", "content"),
        (json!({"content": 7}), "bad_value", "content"),
        (json!({"content": long}), "bad_value", "content"),
        (json!({"place": "x".repeat(201)}), "bad_value", "place"),
        (json!({"contnt": "x"}), "unknown_field", "contnt"),
        (json!({"at": "2026-02-30T09:00"}), "bad_value", "at"),
        (json!({"at": "2026-03-02T18:00:01"}), "future", "at"),
        (
            json!({"received": "2026-03-02T18:01"}),
            "future",
            "received",
        ),
        (
            json!({"promised_arrival": "2026-03-02T09:00"}),
            "before",
            "promised_arrival",
        ),
        (json!({"urgent": "maybe"}), "bad_value", "urgent"),
        (json!({"source": "smoke"}), "bad_value", "source"),
        (json!({"via": "smoke"}), "bad_value", "via"),
        (
            json!({"from_log": "L-2026-00001"}),
            "unknown_record",
            "from_log",
        ),
        (json!({"action": "dance"}), "unknown_action", "action"),
        (json!({"action": "arrive"}), "unknown_action", "action"),
    ];
    for (changes, code, field) in cases {
        let answer = site.add("work-order", &with(&changes));
        assert_eq!(
            answer.refused(),
            (code.to_owned(), field.to_owned()),
            "{code} {field}"
        );
    }
    let page = site.run(&["list", "work-order", "--format", "json"]).fine();
    assert_eq!(page["items"], json!([]), "nothing was written");
    let first = site.add("work-order", &slip()).fine();
    assert_eq!(first["no"], "W-2026-00001", "no number was used up");
}

#[test]
fn input_that_is_no_json_is_bad_value() {
    let site = Site::new();
    for input in [
        "",
        "  ",
        "{",
        "[1, ",
        "null",
        "7",
        "\"x\"",
        "{\"content\": \"\u{1}\"}",
    ] {
        let answer = site.run_with(
            &["add", "work-order", "--json", "-", "--format", "json"],
            input,
        );
        assert_eq!(answer.refused().0, "bad_value", "{input:?}");
    }
    let answer = site.run(&[
        "add",
        "work-order",
        "--json",
        "not-there.json",
        "--format",
        "json",
    ]);
    assert_eq!(answer.refused().0, "file");
}

#[test]
fn control_characters_are_kept_but_never_reach_the_screen() {
    let site = Site::new();
    let nasty = "漏水\u{1b}[2J\u{7}\u{0}\r\n第二行";
    let made = site
        .add(
            "work-order",
            &with(&json!({"content": nasty, "reporter": "\u{202e}李"})),
        )
        .fine();
    let no = made["no"].as_str().unwrap();
    assert_eq!(
        site.show(no).fine()["fields"]["content"],
        nasty,
        "what was typed stays"
    );
    for args in [
        &["show", no, "--why"][..],
        &["list", "work-order"],
        &["list", "work-order", "--format", "csv"],
        &["due"],
    ] {
        let answer = site.run(args);
        assert!(answer.out.contains("漏水"), "{args:?}");
        assert!(
            !answer.out.chars().any(|c| c.is_control() && c != '\n'),
            "{args:?}: {:?}",
            answer.out
        );
    }
}

#[test]
fn many_keeps_the_good_and_refuses_the_bad_by_index() {
    let site = Site::new();
    let lines = [slip(), with(&json!({"team": null})), json!(7), slip()];
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    for input in [input, Value::from(lines.to_vec()).to_string()] {
        let answer = site.run_with(
            &["add", "work-order", "--json", "-", "--format", "json"],
            &input,
        );
        assert_eq!(answer.code, 1);
        let answers: Vec<Value> = answer
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(answers.len(), 4);
        assert!(answers[0]["no"].is_string() && answers[3]["no"].is_string());
        assert_eq!(
            (
                &answers[1]["refused"]["index"],
                &answers[1]["refused"]["field"]
            ),
            (&json!(1), &json!("team"))
        );
        assert_eq!(answers[2]["refused"]["index"], 2);
    }
}

#[test]
fn impossible_numbers_and_actions() {
    let site = Site::new();
    let made = site.add("work-order", &slip()).fine();
    let no = made["no"].as_str().unwrap();
    for wrong in [
        "W-2026-99999",
        "X-2026-00001",
        "",
        "W",
        "'; DROP TABLE record; --",
        "W-2026-00001\u{0}",
    ] {
        if wrong.contains('\u{0}') {
            continue;
        }
        assert_eq!(site.show(wrong).refused().0, "unknown_record", "{wrong}");
        assert_eq!(
            site.act(wrong, "remark", &json!({"text": "x"})).refused().0,
            "unknown_record",
            "{wrong}"
        );
    }
    assert_eq!(
        site.act(no, "dance", &json!({})).refused(),
        ("unknown_action".into(), "action".into())
    );
    assert_eq!(site.act(no, "issue", &slip()).refused().0, "not_now");
    assert_eq!(
        site.act(no, "hand_in", &json!({"clerk": "陈文员"}))
            .refused()
            .0,
        "not_now"
    );
    assert_eq!(
        site.run(&["add", "parking", "--json", "-", "--format", "json"])
            .code,
        1
    );
}
