//! Working time against cases of other projects. Part of `/work/shared/peers/worktime.csv` stands here (facts read out of the
//! tests of OTRS/OTOBO, Zammad, business_time, biz, business, helpdesk, workalendar and others); the rest is read from
//! the file where it is there.

use serde_json::{Value, json};

use super::*;
use crate::base::i18n::Lang;

fn asked(question: &Value) -> Result<Value, Refusal> {
    let voice = Voice {
        lang: Lang::Zh,
        ..Voice::default()
    };
    answer(question, &Rules::built_in().unwrap(), &voice)
}

/// A few of each kind, kept here: they are checked wherever the tests run.
const KEPT: &str = include_str!("peers.csv");

/// The whole collection, where it lies on this machine.
const ALL: &str = "/work/shared/peers/worktime.csv";

/// The calendar columns of a row.
fn calendar(row: &csv::StringRecord, of: &dyn Fn(&str) -> usize) -> Value {
    let text = |key: &str| row[of(key)].to_owned();
    let mut days: Vec<u32> = Vec::new();
    for part in text("weekdays").split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        days.extend(first.parse::<u32>().unwrap()..=last.parse().unwrap());
    }
    let mut calendar = json!({"weekdays": days, "zone": text("zone")});
    let list = |windows: &str| windows.split(',').map(str::to_owned).collect::<Vec<_>>();
    let windows = text("windows");
    if windows[..2].ends_with(':') {
        let own = windows.split(';').map(|part| {
            let (day, windows) = part.split_once(':').unwrap();
            (day.to_owned(), json!(list(windows)))
        });
        calendar["windows_of"] = Value::Object(own.collect());
    } else {
        calendar["windows"] = json!(list(&windows));
    }
    for key in ["holidays", "workdays"] {
        match text(key).as_str() {
            "" => {}
            "CN" => calendar["base"] = json!("CN"),
            dates => calendar[key] = json!(dates.split(' ').collect::<Vec<_>>()),
        }
    }
    calendar
}

/// Checks every row; answers how many there were.
fn check(text: &str) -> usize {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let of = |key: &str| header.iter().position(|name| name == key).unwrap();
    let mut rows = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let text = |key: &str| &row[of(key)];
        let mut question =
            json!({"op": text("op"), "from": text("from"), "calendar": calendar(&row, &of)});
        let pauses = text("pauses")
            .split([' ', ';'])
            .filter(|pause| !pause.is_empty());
        let pauses = pauses.map(|pause| {
            let (from, to) = pause.split_once('/').unwrap();
            json!({"from": from, "to": to})
        });
        question["pauses"] = pauses.collect();
        match text("op") {
            "elapsed" | "count" => question["to"] = json!(text("expected")),
            _ => {
                question["amount"] = json!(text("amount"));
                question["unit"] = json!(text("unit"));
            }
        }
        if text("op") == "count" {
            question["to"] = json!(format!("{}T12:00", text("expected")));
        }
        let answer =
            asked(&question).unwrap_or_else(|refusal| panic!("{} {refusal:?}", text("id")));
        let wanted = text("by_definition");
        let got = match text("op") {
            "elapsed" => answer["seconds"].to_string(),
            "count" => answer["days"].to_string(),
            _ => answer["due"].as_str().unwrap()[..wanted.len()].to_owned(),
        };
        assert_eq!(got, wanted, "{} {question}", text("id"));
        rows += 1;
    }
    rows
}

#[test]
fn cases_of_other_projects() {
    assert!(check(KEPT) > 15);
    match std::fs::read_to_string(ALL) {
        Ok(text) => assert!(check(&text) > 200),
        Err(why) => eprintln!("SKIPPED: {ALL}: {why}; the part kept here was checked"),
    }
}

#[test]
fn without_a_calendar_the_one_in_force_counts() {
    let due = |amount: &str, unit: &str| {
        let question =
            json!({"op": "due", "from": "2026-02-13T17:29", "amount": amount, "unit": unit});
        asked(&question).unwrap()["due"].clone()
    };
    assert_eq!(due("3", "days"), "2026-02-25T17:30:00+08:00");
    assert_eq!(due("30", "minutes"), "2026-02-14T08:59:00+08:00");
}

#[test]
fn what_cannot_be_is_refused_by_field() {
    let base = json!({"op": "due", "from": "2026-02-13T17:29", "amount": "1", "unit": "minutes"});
    let refused = |key: &str, value: Value| {
        let mut question = base.clone();
        question[key] = value;
        let refusal = asked(&question).unwrap_err();
        format!(
            "{} {}",
            refusal.code.code(),
            refusal.field.unwrap_or_default()
        )
    };
    assert_eq!(refused("op", Value::Null), "missing_field op");
    assert_eq!(refused("op", json!("back")), "bad_value op");
    assert_eq!(refused("from", json!("soon")), "bad_value from");
    assert_eq!(refused("amount", json!("0.001")), "bad_value amount");
    assert_eq!(refused("amount", json!("99999999999")), "bad_value amount");
    assert_eq!(refused("unit", json!("weeks")), "bad_value unit");
    assert_eq!(
        refused("pauses", json!([{"from": "2026-01-01"}])),
        "bad_value pauses[0].from"
    );
    assert_eq!(refused("x", json!(1)), "unknown_field x");
    for (key, value, wanted) in [
        ("weekdays", json!([8]), "bad_value calendar.weekdays"),
        ("windows", json!(["9-10"]), "bad_value calendar.windows"),
        (
            "windows_of",
            json!({"6": "09:00-12:00"}),
            "bad_value calendar.windows_of",
        ),
        (
            "holidays",
            json!(["2026-02-30"]),
            "bad_value calendar.holidays",
        ),
        ("zone", json!("Mars"), "bad_value calendar.zone"),
        ("base", json!("US"), "bad_value calendar.base"),
        ("y", json!(1), "unknown_field calendar.y"),
    ] {
        assert_eq!(refused("calendar", json!({key: value})), wanted);
    }
}
