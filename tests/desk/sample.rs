//! The weekly sample of finished slips (S2.12), as a script and as a person ask for it.

use serde_json::{Value, json};

use crate::common::{Answer, Site, slip};

/// A site on the Monday after 2026-W10, in which so many slips were finished; each fourth is paid for.
fn site(n: usize) -> Site {
    let mut site = Site::new();
    site.now = "2026-03-09T09:00".to_owned();
    for i in 0..n {
        let mut issue = slip();
        issue["at"] = json!("2026-03-04T09:00");
        issue["team"] = json!(if i % 3 == 0 { "强电班" } else { "水工班" });
        let no = site.add("work-order", &issue).fine()["no"]
            .as_str()
            .unwrap()
            .to_owned();
        let mut steps = vec![(
            "sign_for",
            json!({"at": "2026-03-04T09:20", "technician": "张工"}),
        )];
        if i % 4 == 3 {
            steps.push((
                "quote",
                json!({"at": "2026-03-04T09:30", "amount_fen": 3500}),
            ));
            steps.push((
                "consent",
                json!({"at": "2026-03-04T09:31", "signed_by": "李女士"}),
            ));
        }
        steps.push((
            "finish",
            json!({"at": "2026-03-04T10:00", "result": "换阀芯", "by": "张工"}),
        ));
        steps.push((
            "accept",
            json!({"at": "2026-03-04T10:05", "signed_by": "李女士"}),
        ));
        for (action, data) in steps {
            site.act(&no, action, &data).fine();
        }
    }
    site
}

fn ask(site: &Site, args: &[&str]) -> Answer {
    let args = [&["sample", "--format", "json"], args].concat();
    site.run(&args)
}

const DRAW: &[&str] = &[
    "--week",
    "2026-W10",
    "--draw",
    "--reviewer",
    "王工",
    "--seed",
    "20260309",
];

#[test]
fn a_week_is_told_drawn_and_told_as_it_was_drawn() {
    let site = site(12);
    let told = ask(&site, &["--week", "2026-W10"]).fine();
    assert_eq!(
        (
            &told["week"],
            &told["finished"],
            &told["size"],
            &told["seed"],
            &told["items"]
        ),
        (
            &json!("2026-W10"),
            &json!(12),
            &json!(2),
            &Value::Null,
            &json!([])
        )
    );
    // 强电班 0, 3, 6, 9 (3 is paid for); 水工班 the others (7 and 11 are). 12 slips, 2 drawn.
    assert_eq!(
        told["strata"],
        json!([
            {"team": "强电班", "paid": false, "finished": 3, "drawn": 1},
            {"team": "强电班", "paid": true, "finished": 1, "drawn": 0},
            {"team": "水工班", "paid": false, "finished": 6, "drawn": 1},
            {"team": "水工班", "paid": true, "finished": 2, "drawn": 0},
        ])
    );
    let drawn = ask(&site, DRAW).fine();
    assert_eq!(drawn["strata"], told["strata"]);
    assert_eq!(
        (&drawn["seed"], &drawn["reviewer"]),
        (&json!("20260309"), &json!("王工"))
    );
    let items = drawn["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(
        (&items[0]["team"], &items[0]["technician"]),
        (&json!("强电班"), &json!("张工"))
    );
    assert_eq!(ask(&site, &["--week", "2026-W10"]).fine(), drawn);
    let slip = items[0]["no"].as_str().unwrap();
    let card = site.show(slip).fine();
    let duties = card["deadlines"].as_array().unwrap();
    let duty = duties
        .iter()
        .find(|duty| duty["code"] == "sample_revisit")
        .unwrap();
    assert_eq!(
        (&duty["due"], &duty["state"], &duty["clause"], &duty["who"]),
        (
            &json!("2026-03-15T23:59:59+08:00"),
            &json!("open"),
            &json!("S2.12"),
            &json!("system_engineer")
        )
    );
    let last = card["history"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["action"], &last["data"]["week"]),
        (&json!("sampled"), &json!("2026-W10"))
    );
    assert_eq!(
        ask(&site, DRAW).refused(),
        ("duplicate".into(), "week".into())
    );
    for check in [&["check"][..], &["check", "--rebuild"]] {
        assert_eq!(site.run(check).code, 0);
    }
    assert_eq!(ask(&site, &["--week", "2026-W10"]).fine(), drawn);
}

#[test]
fn a_draw_is_struck_with_what_it_brought_about_and_made_anew() {
    let site = site(10);
    let drawn = ask(&site, DRAW).fine();
    let (log, slip) = (
        drawn["draw"].as_str().unwrap(),
        drawn["items"][0]["no"].as_str().unwrap(),
    );
    let seq = site.show(log).fine()["history"][0]["seq"].clone();
    site.act(log, "strike", &json!({"entry": seq, "reason": "种子写错"}))
        .fine();
    let card = site.show(slip).fine();
    let duties = card["deadlines"].as_array().unwrap();
    assert!(
        duties.iter().all(|duty| duty["code"] != "sample_revisit"),
        "{duties:?}"
    );
    let again = [DRAW, &["--lang", "en"]].concat();
    let again = ask(&site, &again).fine();
    assert_eq!(again["items"], drawn["items"], "the same seed");
    assert_ne!(again["draw"], drawn["draw"]);
    assert_eq!(site.run(&["check"]).code, 0);
}

#[test]
fn a_draw_is_exported_and_brought_back_with_its_slips() {
    let site = site(10);
    let drawn = ask(&site, DRAW).fine();
    let mut other = Site::new();
    other.now = "2026-03-10T09:00".to_owned();
    for register in ["work-order", "log"] {
        let book = site.folder().join(format!("{register}.xlsx"));
        let book = book.to_str().unwrap();
        let list = site.run(&["list", register, "--full", "--out", book]);
        assert_eq!(list.code, 0, "{}", list.err);
        let import = other.run(&["import", book, "--as", register]);
        assert_eq!(import.code, 0, "{} {}", import.out, import.err);
    }
    assert_eq!(ask(&other, &["--week", "2026-W10"]).fine(), drawn);
    let duty = &other.show(drawn["items"][0]["no"].as_str().unwrap()).fine()["deadlines"];
    assert!(
        duty.as_array()
            .unwrap()
            .iter()
            .any(|duty| duty["code"] == "sample_revisit")
    );
    assert_eq!(
        ask(&other, DRAW).refused(),
        ("duplicate".into(), "week".into())
    );
    assert_eq!(other.run(&["check"]).code, 0);
}

#[test]
fn what_is_wrong_is_refused_by_its_name() {
    let site = site(1);
    for week in ["2026-W1", "2025-W53", "2026-W54", "2026-10", "w", ""] {
        let refused = ask(&site, &["--week", week]).refused();
        assert_eq!(refused, ("bad_value".into(), "week".into()), "{week}");
    }
    let without = |gone: &str| {
        let at = DRAW.iter().position(|arg| *arg == gone).unwrap();
        let mut args = DRAW.to_vec();
        args.drain(at..at + 2);
        ask(&site, &args).refused()
    };
    assert_eq!(
        without("--reviewer"),
        ("missing_field".into(), "reviewer".into())
    );
    assert_eq!(without("--seed"), ("missing_field".into(), "seed".into()));
    let ahead = [
        "--week",
        "2026-W12",
        "--draw",
        "--reviewer",
        "王工",
        "--seed",
        "1",
    ];
    assert_eq!(
        ask(&site, &ahead).refused(),
        ("future".into(), "week".into())
    );
    assert_eq!(
        ask(&site, &["--week", "2026-W10", "--seed", "1"]).code,
        2,
        "a seed draws"
    );
    assert_eq!(ask(&site, &[]).code, 2);
    // A file that is not there has nothing to tell, and nothing can be drawn into it.
    let nowhere = Site::new();
    assert_eq!(ask(&nowhere, &["--week", "2026-W10"]).fine()["finished"], 0);
    let mut drawn = nowhere;
    drawn.now = "2026-03-09T09:00".to_owned();
    assert_eq!(ask(&drawn, DRAW).code, 3);
    assert!(!drawn.file().exists());
}

#[test]
fn a_person_reads_it_in_both_languages() {
    let site = site(12);
    let plain = |args: &[&str]| site.run(&[&["sample"], args].concat()).out;
    let told = plain(&["--week", "2026-W10"]);
    for words in [
        "周抽查 2026-W10",
        "2026-03-08 周日",
        "完成 12 张，应抽 2 张，尚未抽取",
        "强电班",
        "无偿",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let drawn = plain(DRAW);
    for words in [
        "抽取 2 张",
        "王工",
        "种子 20260309",
        "W-2026-",
        "张工",
        "L-2026-",
    ] {
        assert!(drawn.contains(words), "{words}: {drawn}");
    }
    let english = plain(&["--week", "2026-W10", "--lang", "en"]);
    for words in [
        "Weekly sample 2026-W10",
        "12 finished, 2 drawn",
        "seed 20260309",
        "unpaid",
        "Slips drawn",
    ] {
        assert!(english.contains(words), "{words}: {english}");
    }
    let slip = english
        .split_whitespace()
        .find(|word| word.starts_with("W-2026-"))
        .unwrap();
    for (lang, words) in [
        ("zh", ["抽查回访", "周抽查抽中", "抽签种子 20260309"]),
        (
            "en",
            [
                "Sample revisit",
                "Drawn in the weekly sample",
                "Seed 20260309",
            ],
        ),
    ] {
        let card = site.run(&["show", slip, "--lang", lang]).out;
        for words in words {
            assert!(card.contains(words), "{words}: {card}");
        }
        let due = site.run(&["due", "--lang", lang]).out;
        assert!(due.contains(words[0]) && due.contains("S2.12"), "{due}");
    }
}
