//! What is made anew from the journal, and what is brought back from another file.

use serde_json::{Value, json};

use super::{Stage, at};
use crate::desk::Desk;
use crate::desk::lookup::logged;
use crate::desk::prove::Given;
use crate::record::entry::Origin;
use crate::rules::ruleset::Rules;
use crate::store::Mode;

/// A planned outage with a ticket; its number and that of the ticket.
fn ticketed(stage: &mut Stage) -> (String, Value) {
    let plan = json!({
        "source": "building", "areas": ["A座"], "users": ["0901"], "reason": "检修", "form": "outage",
        "plan_start": at("2026-08-20T09:00"), "plan_end": at("2026-08-20T12:00"),
    });
    let no = stage.open("outage", "plan", plan);
    let data = json!({"task": "A座停电", "operator": "赵值班", "guardian": "李监护",
                      "steps": [{"operation": "断开进线开关", "device": "101"}, "验电"]});
    let (done, seq) = stage.act(&no, "ticket", data);
    let mut history = done.view.history.iter();
    let ticket = history.find(|item| item.seq == seq).unwrap();
    (no, ticket.entry.found["ticket_no"].clone())
}

#[test]
fn the_number_of_a_ticket_brought_back_is_not_given_again() {
    let mut there = Stage::new();
    let (no, first) = ticketed(&mut there);
    let mut history = there.desk.history(&no).unwrap();
    history.sort_by_key(|item| item.seq);
    let entries: Vec<_> = history
        .into_iter()
        .map(|item| (*item.entry).clone())
        .collect();
    let mut here = Stage::new();
    let origin = Origin {
        file: "f".into(),
        row: "r".into(),
        imported: None,
    };
    let restored = here
        .desk
        .bulk(there.now, |bulk| bulk.restore("outage", &entries, &origin));
    restored.unwrap();
    here.proves();
    let (_, second) = ticketed(&mut here);
    assert_ne!(first, second);
    here.proves();
}

fn raw(path: &std::path::Path, sql: &str) {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.pragma_update(None, "foreign_keys", false).unwrap();
    conn.execute_batch(sql).unwrap();
}

#[test]
fn a_rebuild_finds_neighbours_whose_places_were_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut stage = Stage::of(&path, Mode::Create);
    stage.now = at("2026-08-05T09:00");
    let occur = |when: &str| json!({"areas": ["F座"], "users": ["0901"], "at": at(when)});
    let later = stage.open("outage", "occur", occur("2026-08-04T04:00"));
    let first = stage.open("outage", "occur", occur("2026-08-03T22:10"));
    let back = json!({"at": at("2026-08-04T01:25")});
    stage.act(&first, "restore", back);
    assert_eq!(stage.view(&later).record.head.links.len(), 1);
    raw(&path, &format!("DELETE FROM place WHERE no = '{first}'"));
    stage.desk.rebuild(|_, _| {}).unwrap();
    stage.proves();
}

#[test]
fn a_damaged_entry_leaves_the_file_usable_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut stage = Stage::of(&path, Mode::Create);
    let slip = json!({"content": "漏水", "place": "3栋", "team": "水工班"});
    stage.open("work-order", "issue", slip.clone());
    let last = stage.open("work-order", "issue", slip.clone());
    drop(stage);
    raw(
        &path,
        &format!(
            "DROP TRIGGER journal_keeps_its_lines; UPDATE journal SET line = '{{' WHERE no = '{last}';
             UPDATE memo SET value = '1' WHERE key = 'rows'; UPDATE record SET id = id + 100;"
        ),
    );
    let mut stage = Stage::of(&path, Mode::Existing);
    let audit = stage.desk.audit(|_, _| {}).unwrap();
    let found = audit
        .findings
        .iter()
        .filter(|told| told.key == "audit.unreadable");
    assert_eq!(found.count(), 1);
    assert!(stage.desk.view("W-2026-00001").unwrap().is_some());
    // Its number is not given to another.
    let next = stage.open("work-order", "issue", slip);
    assert_eq!(next, "W-2026-00003");
}

#[test]
fn what_was_opened_while_rows_were_missing_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut stage = Stage::of(&path, Mode::Create);
    let slip = json!({"content": "漏水", "place": "3栋", "team": "水工班"});
    stage.open("work-order", "issue", slip.clone());
    let head = stage.desk.entries().unwrap();
    let mut given = Given::default();
    for no in ["R-2026-00001", "W-2026-00001"] {
        given.by(no, &logged(no, &stage.desk.store).unwrap());
    }
    let no = stage.open("work-order", "issue", slip);
    raw(&path, &format!("DELETE FROM record WHERE no = '{no}'"));
    stage.desk.sweep(head, given).unwrap();
    stage.proves();
}

#[test]
fn a_file_of_an_earlier_version_has_its_rows_made_anew_once_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut stage = Stage::of(&path, Mode::Create);
    let slip = json!({"content": "漏水", "place": "3栋", "team": "水工班"});
    stage.open("work-order", "issue", slip);
    drop(stage);
    raw(
        &path,
        "UPDATE memo SET value = '3' WHERE key = 'rows'; UPDATE record SET title = '旧'; DELETE FROM entry_key;",
    );
    let open = |told: &mut Vec<(u64, u64)>| {
        let rules = Rules::built_in().unwrap();
        let tell = |done, all| told.push((done, all));
        Desk::open_telling(&path, Mode::Existing, rules, tell).unwrap()
    };
    let mut told = Vec::new();
    let desk = open(&mut told);
    // The rules that were taken up, and the slip.
    assert_eq!(told, [(0, 2)]);
    assert_eq!(desk.audit(|_, _| {}).unwrap().findings, []);
    drop(desk);
    told.clear();
    open(&mut told);
    assert_eq!(told, []);
}
