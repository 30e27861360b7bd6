//! Opening: which files are taken, made, lifted from an earlier version, or left alone.

use super::*;
use crate::store::{APPLICATION_ID, SCHEMA_VERSION, STEPS};

fn steps() -> Vec<&'static str> {
    vec![
        include_str!("../../../assets/migrations/2026-11-24_01_journal_and_projections.sql"),
        include_str!("../../../assets/migrations/2026-11-24_03_months.sql"),
        include_str!("../../../assets/migrations/2026-11-24_04_imports.sql"),
        include_str!("../../../assets/migrations/2026-11-27_05_timeline.sql"),
        include_str!("../../../assets/migrations/2026-11-28_06_entry_keys.sql"),
        include_str!("../../../assets/migrations/2026-11-28_07_due_list.sql"),
    ]
}

/// A file as a program with this many steps of the schema made it, with one record that has a paper number.
fn of_version(path: &Path, version: usize) {
    let conn = rusqlite::Connection::open(path).unwrap();
    for step in &steps()[..version] {
        conn.execute_batch(step).unwrap();
    }
    conn.pragma_update(None, "application_id", APPLICATION_ID)
        .unwrap();
    conn.pragma_update(None, "user_version", version as i64)
        .unwrap();
    let first = entry("W-2026-00001", "issue", 1, json!({"paper_no": "0310001"}));
    let line = first.line().unwrap();
    let hash = crate::base::hash::Hash::GENESIS.next(&line);
    let put = "INSERT INTO journal (seq, no, line, hash) VALUES (1, ?, ?, ?)";
    conn.execute(put, rusqlite::params![first.no, line, hash.0])
        .unwrap();
    if version >= 5 {
        conn.execute_batch("INSERT INTO entry_key VALUES ('paper', '0310001', 1)")
            .unwrap();
    }
    let column = if version < 4 { "paper_no" } else { "paper_key" };
    conn.execute_batch(&format!(
        "INSERT INTO record (id, no, register, state, open, received, {column}, title, body)
         VALUES (1, 'W-2026-00001', 'work-order', 'issued', 1, 0, '0310001', '单', '{{}}');
         INSERT INTO draft VALUES ('a', 1, '{{}}'); INSERT INTO memo VALUES ('who', '甲');"
    ))
    .unwrap();
}

#[test]
fn every_earlier_version_is_lifted_and_loses_nothing() {
    assert_eq!(steps().len(), STEPS.len());
    let folder = tempfile::tempdir().unwrap();
    for version in 1..=steps().len() {
        let path = folder.path().join(format!("{version}.db"));
        of_version(&path, version);
        // Looked at, it stays what it is.
        let looked = Store::untouched(&path).unwrap();
        assert_eq!(looked.schema().unwrap(), version as i64);
        assert_eq!(looked.reshaped().unwrap(), [""; 0], "version {version}");
        drop(looked);
        let store = Store::open(&path, Mode::Existing).unwrap();
        assert_eq!(store.schema().unwrap(), SCHEMA_VERSION);
        assert_eq!(store.integrity().unwrap(), [""; 0], "version {version}");
        assert_eq!(store.reshaped().unwrap(), [""; 0], "version {version}");
        let row = store.entry_at(1).unwrap().unwrap();
        assert_eq!(row.hash, crate::base::hash::Hash::GENESIS.next(&row.line));
        assert_eq!(store.memo("who").unwrap().as_deref(), Some("甲"));
        assert_eq!(store.ever_on_paper("0310001").unwrap(), ["W-2026-00001"]);
        let paper = store.paper_no("work-order", "0310001").unwrap();
        assert_eq!(paper.as_deref(), Some("W-2026-00001"));
    }
}

#[test]
fn a_file_is_made_only_when_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("深/desk.db");
    assert_eq!(key(Store::open(&path, Mode::Existing)), "file.not_there");
    let looked = Store::open(&path, Mode::Look).unwrap();
    assert_eq!(
        looked.chain_head().unwrap().seq,
        0,
        "it reads as an empty one"
    );
    assert!(!path.exists());
    drop(Store::open(&path, Mode::Create).unwrap());
    assert!(Store::open(&path, Mode::Existing).is_ok());
    assert_eq!(
        key(Store::open(folder.path(), Mode::Create)),
        "file.is_folder"
    );
    let below = path.join("desk.db");
    assert_eq!(key(Store::open(&below, Mode::Create)), "file.folder");
}

#[test]
fn what_is_not_ours_or_newer_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let newer = SCHEMA_VERSION + 1;
    for (name, sql, reason) in [
        ("other", "CREATE TABLE t (x)".to_owned(), "file.not_ours"),
        (
            "marked",
            "PRAGMA application_id = 7".to_owned(),
            "file.not_ours",
        ),
        (
            "newer",
            format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {newer}"),
            "file.newer",
        ),
    ] {
        let path = folder.path().join(name);
        raw(&path, &sql);
        let before = std::fs::read(&path).unwrap();
        let trouble = Store::open(&path, Mode::Create).err().unwrap();
        assert_eq!(trouble.reason.key, reason);
        assert_eq!(trouble.path, path);
        assert_eq!(std::fs::read(&path).unwrap(), before, "{name}");
    }
}

#[test]
fn what_another_writes_is_noticed_once_and_ones_own_is_not() {
    let mut file = File::new();
    let mut other = Store::open(&file.path(), Mode::Existing).unwrap();
    assert!(!other.changed().unwrap());
    file.append(&[entry("L-2026-00001", "entry", 1, text("甲"))]);
    assert!(other.changed().unwrap());
    assert!(!other.changed().unwrap());
    other.set_memo("x", "y").unwrap();
    assert!(!other.changed().unwrap());
    assert!(file.store.changed().unwrap());
}

#[test]
fn a_word_is_remembered_until_another_takes_its_place() {
    let mut file = File::new();
    assert_eq!(file.store.memo("who").unwrap(), None);
    file.store.set_memo("who", "甲").unwrap();
    file.write(|writer| writer.set_memo_once("who", "乙"));
    assert_eq!(file.store.memo("who").unwrap().as_deref(), Some("甲"));
    file.write(|writer| writer.set_memo("who", "丙"));
    assert_eq!(file.store.memo("who").unwrap().as_deref(), Some("丙"));
    file.write(|writer| writer.set_memo_once("where", "门岗"));
    assert_eq!(file.store.memo("where").unwrap().as_deref(), Some("门岗"));
}

#[test]
fn one_who_writes_makes_another_wait_not_fail() {
    let mut file = File::new();
    let path = file.path();
    let other = std::thread::spawn(move || {
        let mut store = Store::open(&path, Mode::Existing).unwrap();
        for n in 0..10 {
            let line = entry("L-2026-00002", "entry", n, text("乙"));
            store.write::<_, FileTrouble>(|w| w.append(&line)).unwrap();
        }
    });
    for n in 0..10 {
        file.append(&[entry("L-2026-00001", "entry", n, text("甲"))]);
    }
    other.join().unwrap();
    let mut seqs = Vec::new();
    let each = |row: crate::store::journal::Line<'_>| {
        seqs.push(row.seq);
        true
    };
    file.store.each_entry(each).unwrap();
    assert_eq!(seqs, (1..=20).collect::<Vec<_>>());
}
