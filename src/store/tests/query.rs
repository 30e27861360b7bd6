//! What is owed, counted, linked, completed.

use super::*;
use crate::record::field::Field;
use crate::registers::register;

fn due(file: &File, register: Option<&str>, limit: usize) -> Vec<(String, i64)> {
    let owed = file
        .store
        .due(register, limit, |_| true)
        .unwrap()
        .into_iter();
    owed.map(|(no, _, _, duty)| (no, (duty.due.unwrap().unix() - minute(0).unix()) / 60))
        .collect()
}

#[test]
fn what_is_owed_runs_from_the_soonest_over_all_records() {
    let mut file = File::new();
    let mut other = rows(3, "O-2026-00001", "out", text("丙"));
    other.record.register = "outage".into();
    file.put(&[
        rows(1, "L-2026-00001", "noted", text("甲")).owing(&[10, 30]),
        rows(2, "L-2026-00002", "noted", text("乙")).owing(&[10, 20]),
        other.owing(&[15]),
    ]);
    let told = |list: &[(&str, i64)]| -> Vec<(String, i64)> {
        list.iter().map(|(no, n)| ((*no).to_owned(), *n)).collect()
    };
    let (a, b, c) = ("L-2026-00001", "L-2026-00002", "O-2026-00001");
    let whole = told(&[(a, 10), (b, 10), (c, 15), (b, 20), (a, 30)]);
    assert_eq!(due(&file, None, 100), whole);
    assert_eq!(due(&file, None, 3), whole[..3]);
    assert_eq!(due(&file, Some("outage"), 100), told(&[(c, 15)]));
    assert_eq!(due(&file, Some("complaint"), 100), []);
}

#[test]
fn what_is_owed_is_counted_late_at_once_and_today_without_overlap() {
    let mut file = File::new();
    let mut at_once = rows(2, "L-2026-00002", "noted", text("立即")).owing(&[1]);
    at_once.duties[0].kind = "at_once".into();
    file.put(&[
        rows(1, "L-2026-00001", "noted", text("甲")).owing(&[10, 20, 30]),
        at_once,
    ]);
    for (now, today, expected) in [
        (9, 9, [0, 1, 0, 4]),
        (9, 10, [0, 1, 1, 4]),
        // Due this very second is due today, not late.
        (10, 29, [0, 1, 2, 4]),
        (11, 30, [1, 1, 2, 4]),
        (31, 40, [3, 1, 0, 4]),
    ] {
        let counts = file.store.due_counts(minute(now), minute(today)).unwrap();
        assert_eq!(counts, expected, "in minute {now}");
    }
}

#[test]
fn a_paper_number_belongs_to_the_oldest_record_that_is_not_void() {
    let mut file = File::new();
    let paper = |id, no: &str, state: &str| {
        let mut rows = rows(id, no, state, text("单"));
        rows.record.paper_key = Some("0310001".into());
        rows
    };
    file.put(&[
        paper(1, "L-2026-00001", "void"),
        paper(2, "L-2026-00002", "noted"),
        paper(3, "L-2026-00003", "noted"),
    ]);
    let of = |register: &str, typed: &str| file.store.paper_no(register, typed).unwrap();
    // However it is typed.
    for typed in ["0310001", "０３１０００１", " 0310001 "] {
        assert_eq!(of("log", typed).as_deref(), Some("L-2026-00002"), "{typed}");
    }
    assert_eq!(of("log", "310001"), None);
    assert_eq!(of("outage", "0310001"), None);
    let seen = file.write(|writer| writer.paper_no("log", "0310001"));
    assert_eq!(seen.as_deref(), Some("L-2026-00002"));
}

#[test]
fn neighbours_touch_the_same_place_within_the_span_oldest_first() {
    let mut file = File::new();
    file.put(&[
        rows(30, "L-2026-00001", "noted", text("甲")).at(&["3-1203", "b座"]),
        rows(10, "L-2026-00002", "noted", text("乙")).at(&["3-1203"]),
        rows(20, "L-2026-00003", "noted", text("丙")).at(&["b座"]),
    ]);
    let near = |places: &[&str], from: i64, until: i64| {
        let places: Vec<String> = places.iter().map(|p| (*p).to_owned()).collect();
        let span = (minute(from), minute(until));
        let found = file.store.same_places("log", &places, span).unwrap();
        found
            .iter()
            .map(|no| no[11..].to_owned())
            .collect::<String>()
    };
    assert_eq!(near(&["3－1203"], 0, 99), "21", "width does not count");
    assert_eq!(near(&["3-1203", "B 座"], 0, 99), "231", "each once");
    assert_eq!(near(&["3-1203"], 10, 30), "21", "both ends count");
    assert_eq!(near(&["3-1203"], 11, 29), "");
    assert_eq!(near(&["3-120"], 0, 99), "");
    let none = file
        .store
        .same_places("outage", &["b座".into()], (minute(0), minute(99)));
    assert!(none.unwrap().is_empty());
}

#[test]
fn links_are_seen_from_the_other_end() {
    let mut file = File::new();
    let (a, b, c) = ("L-2026-00001", "L-2026-00002", "L-2026-00003");
    file.put(&[
        rows(1, a, "noted", text("甲")).linked(&[c]),
        rows(2, b, "noted", text("乙")).linked(&[a, c]),
        rows(3, c, "noted", text("丙")),
    ]);
    let from = |no: &str| {
        let links = file.store.linked_from(no).unwrap().into_iter();
        links.map(|link| link.to).collect::<Vec<_>>()
    };
    assert_eq!(from(c), [a, b]);
    assert_eq!(from(a), [b]);
    assert_eq!(from(b), [""; 0]);
}

#[test]
fn open_and_owing_records_are_those_that_rules_can_change() {
    let mut file = File::new();
    let mut over = rows(1, "L-2026-00001", "cleared", text("甲"));
    over.record.open = false;
    let mut owes = rows(2, "L-2026-00002", "cleared", text("乙")).owing(&[5]);
    owes.record.open = false;
    file.put(&[over, rows(3, "L-2026-00003", "noted", text("丙")), owes]);
    let expected = ["L-2026-00002", "L-2026-00003"];
    assert_eq!(file.store.open_numbers().unwrap(), expected);
    assert_eq!(file.write(|writer| writer.open_numbers()), expected);
}

/// The fields of a repair slip: the team is completed from words typed before, the content is not.
fn fields() -> &'static [Field] {
    register("work-order")
        .unwrap()
        .action("issue")
        .unwrap()
        .fields
}

#[test]
fn words_typed_before_are_offered_latest_first() {
    let mut file = File::new();
    let team = fields().iter().find(|f| f.key == "team").unwrap().suggest;
    for (team, n) in [("水工班", 1), ("水电班", 2), ("电工班", 3), ("水工班", 4)] {
        let data = json!({"team": team, "content": "水管"});
        let data = data.as_object().unwrap();
        file.write(|writer| writer.learn(fields(), data, minute(n)));
    }
    let offered = |begins: &str, limit| file.store.suggest(team, begins, limit).unwrap();
    assert_eq!(offered("", 9), ["水工班", "电工班", "水电班"]);
    assert_eq!(offered("水", 9), ["水工班", "水电班"]);
    assert_eq!(offered("水", 1), ["水工班"]);
    assert_eq!(offered("水工班", 9), [""; 0], "nothing is left to complete");
    // What somebody types is no pattern.
    assert_eq!(offered("%", 9), [""; 0]);
}
