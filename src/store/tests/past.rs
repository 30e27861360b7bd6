//! The file as it stood: stretches of the journal, records by receipt, sealed months.

use std::ops::ControlFlow;

use super::*;
use crate::store::past::Place;

/// Records received in minutes 10, 20, 20 and 30, and one of another register.
fn received() -> File {
    let mut file = File::new();
    let mut other = rows(20, "O-2026-00001", "out", text("停"));
    other.record.register = "outage".into();
    let mut twin = rows(21, "L-2026-00009", "noted", text("乙"));
    twin.record.received = minute(20).unix();
    let mut closed = rows(30, "L-2026-00001", "cleared", text("丁"));
    closed.record.open = false;
    other.record.id = 22;
    file.put(&[
        closed,
        rows(10, "L-2026-00003", "noted", text("甲")),
        twin,
        rows(20, "L-2026-00002", "noted", text("丙")),
        other,
    ]);
    file
}

fn told(places: &[Place]) -> String {
    let told: Vec<&str> = places.iter().map(|(_, no)| &no[11..]).collect();
    told.concat()
}

#[test]
fn records_come_in_the_order_of_receipt_and_go_on_from_any_place() {
    let file = received();
    let begin = (i64::MIN, String::new());
    let of = |place: &Place, until: i64, limit: i64| {
        let until = minute(until).unix();
        file.store.received("log", place, until, limit).unwrap()
    };
    assert_eq!(told(&of(&begin, 99, 9)), "3291");
    // The end is not counted.
    assert_eq!(told(&of(&begin, 30, 9)), "329");
    // Two of one minute are not skipped at the end of a page.
    let page = of(&begin, 99, 2);
    assert_eq!(told(&page), "32");
    assert_eq!(told(&of(&page[1], 99, 2)), "91");
    let count = |from: i64, until: i64| {
        let (from, until) = (minute(from).unix(), minute(until).unix());
        file.store.received_count("log", from, until).unwrap()
    };
    assert_eq!((count(10, 31), count(10, 30), count(11, 20)), (4, 3, 0));
}

#[test]
fn records_that_go_on_come_in_the_order_of_opening() {
    let file = received();
    let on = |after, limit| {
        let found = file.store.going_on("log", after, limit).unwrap();
        found.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(on(0, 9), [10, 20, 21]);
    assert_eq!(on(10, 1), [20]);
    assert_eq!(on(21, 9), [0_i64; 0]);
}

#[test]
fn a_stretch_of_the_journal_has_its_ends() {
    let mut file = File::new();
    let entries: Vec<Entry> = (1..=6)
        .map(|n| {
            entry(
                "L-2026-00001",
                if n == 1 { "entry" } else { "remark" },
                n,
                text("甲"),
            )
        })
        .collect();
    file.append(&entries);
    let stretch = |after, upto, most: usize| {
        let mut seqs = Vec::new();
        file.store
            .stretch::<FileTrouble>(after, upto, |row| {
                seqs.push(row.seq);
                Ok(match seqs.len() < most {
                    true => ControlFlow::Continue(()),
                    false => ControlFlow::Break(()),
                })
            })
            .unwrap();
        seqs
    };
    assert_eq!(stretch(2, 5, 9), [3, 4, 5]);
    assert_eq!(stretch(0, i64::MAX, 9), [1, 2, 3, 4, 5, 6]);
    assert_eq!(stretch(2, 5, 2), [3, 4]);
    assert_eq!(stretch(6, 9, 9), [0_i64; 0]);
    for (upto, seq, first) in [(3, 4, true), (3, 5, false), (0, 1, false)] {
        let is = file.store.first_since("L-2026-00001", upto, seq).unwrap();
        assert_eq!(is, first, "entry {seq} after {upto}");
    }
}

#[test]
fn a_month_is_sealed_by_the_line_that_says_so_alone() {
    let mut file = File::new();
    let month = |name: &str| json!({ "month": name });
    let mut elsewhere = rows(4, "W-2026-00001", "sealed", month("2026-03"));
    elsewhere.record.register = "work-order".into();
    file.put(&[
        rows(3, "L-2026-00002", "sealed", month("2026-02")),
        rows(1, "L-2026-00001", "sealed", month("2026-01")),
        rows(2, "L-2026-00003", "noted", month("2026-04")),
        elsewhere,
    ]);
    for (name, sealed) in [
        ("2026-01", true),
        ("2026-02", true),
        ("2026-03", false),
        ("2026-04", false),
        ("2026-0", false),
    ] {
        assert_eq!(file.store.sealed(name).unwrap(), sealed, "{name}");
        assert_eq!(file.write(|writer| writer.sealed(name)), sealed, "{name}");
    }
    let seals = file.store.seals().unwrap();
    let months: Vec<&Value> = seals.iter().map(|record| &record.body["month"]).collect();
    assert_eq!(months, ["2026-01", "2026-02"]);
}

#[test]
fn entries_that_moved_a_record_are_told_from_texts_that_say_so() {
    let mut file = File::new();
    let mut late = entry("L-2026-00001", "entry", 1, text("补记"));
    late.found.insert("closed_month".into(), json!("2026-05"));
    file.append(&[
        late,
        entry(
            "L-2026-00002",
            "entry",
            2,
            text("\"closed_month\":\"2026-05\", \"action\":\"strike\""),
        ),
        entry(
            "L-2026-00003",
            "correct",
            3,
            json!({"entry": 2, "changes": {"at": "x"}}),
        ),
        entry("L-2026-00004", "strike", 4, json!({"entry": 2})),
        entry("L-2026-00005", "entry", 5, text("平常")),
    ]);
    let mut moved = file.store.moved().unwrap();
    moved.sort();
    assert_eq!(moved, ["L-2026-00001", "L-2026-00003", "L-2026-00004"]);
}

#[test]
fn a_paper_number_is_found_wherever_an_entry_ever_gave_it() {
    let mut file = File::new();
    file.append(&[
        entry("W-2026-00001", "issue", 1, json!({"paper_no": "0310001"})),
        entry(
            "W-2026-00001",
            "correct",
            2,
            json!({"entry": 1, "changes": {"paper_no": "0310002"}}),
        ),
        entry(
            "W-2026-00002",
            "issue",
            3,
            json!({"content": "\"paper_no\":\"0310001\""}),
        ),
    ]);
    let ever = |paper: &str| file.store.ever_on_paper(paper).unwrap();
    assert_eq!(ever("0310001"), ["W-2026-00001"]);
    assert_eq!(ever("0310002"), ["W-2026-00001"]);
    assert_eq!(ever("0310003"), [""; 0]);
}

#[test]
fn a_snapshot_stays_as_it_was_while_another_writes() {
    let mut file = received();
    let other = Store::open(&file.path(), Mode::Existing).unwrap();
    let snapshot = other.snapshot().unwrap();
    file.put(&[rows(40, "L-2026-00010", "noted", text("新"))]);
    let begin = (i64::MIN, String::new());
    let seen = |store: &Store| store.received("log", &begin, i64::MAX, 9).unwrap().len();
    assert_eq!((seen(&other), seen(&file.store)), (4, 5));
    drop(snapshot);
    assert_eq!(seen(&other), 5);
}
