//! A clock that goes back, and what is brought in later: what was signed stays where it stood.

use serde_json::{Map, json};

use super::{Stage, at};
use crate::desk::view::{Request, Target};
use crate::record::entry::Origin;

fn anchor(stage: &Stage, at: crate::base::time::Instant) -> i64 {
    let past = stage.desk.past(None).unwrap();
    past.chain_before(at).unwrap().0
}

#[test]
fn the_anchor_of_a_day_stays_whatever_is_appended_later() {
    let mut elsewhere = Stage::new();
    elsewhere.now = at("2025-08-01T10:00");
    let note = |text: &str| json!({ "text": text });
    let old = elsewhere.open("log", "entry", note("旧台"));
    let old: Vec<_> = elsewhere
        .desk
        .history(&old)
        .unwrap()
        .into_iter()
        .map(|item| (*item.entry).clone())
        .collect();

    let mut stage = Stage::new();
    let days = [
        "2026-08-03T22:00",
        "2026-08-04T22:00",
        "2026-08-05T22:00",
        "2026-08-06T22:00",
        "2026-08-07T07:00",
    ];
    for day in days {
        stage.now = at(day);
        stage.open("log", "entry", note(day));
    }
    let ends = [
        "2026-08-03T00:00",
        "2026-08-04T00:00",
        "2026-08-05T00:00",
        "2026-08-06T00:00",
        "2026-08-07T00:00",
    ];
    let anchors = |stage: &Stage| ends.map(|end| anchor(stage, at(end)));
    // Taking up the rules is an entry of its own.
    assert_eq!(anchors(&stage), [0, 2, 3, 4, 5]);
    // A clock three days behind, and one that is right again.
    stage.now = at("2026-08-04T05:00");
    stage.open("log", "entry", note("钟慢"));
    stage.now = at("2026-08-07T08:00");
    stage.open("log", "entry", note("钟对"));
    assert_eq!(anchors(&stage), [0, 2, 3, 4, 5]);
    // An old slip brought in, with the times it was typed at elsewhere.
    let origin = Origin {
        file: "f".into(),
        row: "r".into(),
        imported: Some(at("2026-08-07T09:00")),
    };
    let brought = stage.desk.bulk(at("2026-08-07T09:00"), |bulk| {
        bulk.restore("log", &old, &origin)
    });
    brought.unwrap();
    assert_eq!(anchors(&stage), [0, 2, 3, 4, 5]);
    // The next day ends before a clock that is years ahead.
    stage.now = at("2031-01-01T08:00");
    stage.open("log", "entry", note("钟快"));
    let ahead = anchor(&stage, at("2026-08-08T00:00"));
    assert_eq!(ahead, stage.desk.entries().unwrap() - 1);
    stage.now = at("2026-08-08T08:00");
    stage.open("log", "entry", note("钟对"));
    assert_eq!(anchor(&stage, at("2026-08-08T00:00")), ahead);
    stage.proves();
    stage.desk.rebuild(|_, _| {}).unwrap();
    assert_eq!(anchors(&stage), [0, 2, 3, 4, 5]);
    stage.proves();
}

#[test]
fn two_processes_that_write_in_turns_are_no_clock_that_went_back() {
    let mut stage = Stage::new();
    // Received out of order by some seconds, over midnight.
    for second in ["23:59:30", "23:59:58", "23:59:50"] {
        stage.now = at(&format!("2026-08-03T{second}")).plus_seconds(-60);
        stage.open("log", "entry", json!({ "text": second }));
    }
    for second in ["00:00:10", "00:00:05"] {
        stage.now = at(&format!("2026-08-04T{second}")).plus_seconds(-60);
        stage.open("log", "entry", json!({ "text": second }));
    }
    stage.now = at("2026-08-03T23:59:55").plus_seconds(-60);
    stage.open("log", "entry", json!({ "text": "还在前一天" }));
    let late = stage.now;
    stage.now = at("2026-08-04T00:10").plus_seconds(-60);
    stage.open("log", "entry", json!({ "text": "第二天" }));
    // Before the first of the new day.
    assert_eq!(anchor(&stage, at("2026-08-04T00:00")), 4);
    assert_eq!(stage.desk.clock_went_back(late).unwrap(), Some(stage.now));
    // The last before a clock that goes back may be of such a moment too.
    stage.now = at("2026-08-05T00:00:05").plus_seconds(-60);
    stage.open("log", "entry", json!({ "text": "第三天" }));
    stage.now = at("2026-08-04T23:59:55").plus_seconds(-60);
    stage.open("log", "entry", json!({ "text": "还在第二天" }));
    let third = at("2026-08-05T00:00");
    let anchored = anchor(&stage, third);
    stage.now = at("2026-08-02T08:00");
    stage.open("log", "entry", json!({ "text": "钟慢" }));
    stage.now = at("2026-08-05T08:00");
    stage.open("log", "entry", json!({ "text": "钟对" }));
    assert_eq!(anchor(&stage, third), anchored);
    stage.proves();
}

#[test]
fn a_clock_that_went_back_is_noted_once_beside_what_is_written_by_it() {
    let mut stage = Stage::new();
    let who = Stage::who();
    let request = Request {
        target: Target::New("log".into()),
        action: Some("entry".into()),
        data: Map::from_iter([("text".to_owned(), "巡查".into())]),
    };
    let before = stage.now;
    let first = stage.desk.act_by_clock(&request, &who, before).unwrap();
    assert!(first.warnings.is_empty() && first.spawned.is_empty());
    let now = before.plus_hours(-48);
    let second = stage.desk.act_by_clock(&request, &who, now).unwrap();
    assert_eq!(second.warnings[0].key, "clock.went_back");
    let line = stage.view(&second.spawned[0]);
    assert_eq!(
        line.record.body["text"],
        "电脑时钟倒退：上一条登记于 2026-08-03 22:00 周一，现在是 2026-08-01 22:00 周六；此后按现在的时钟登记"
    );
    assert_eq!(line.record.head.entered, now);
    assert_eq!(stage.desk.clock_went_back(now).unwrap(), None);
    let third = stage.desk.act_by_clock(&request, &who, now).unwrap();
    assert!(third.warnings.is_empty() && third.spawned.is_empty());
    stage.proves();
}
