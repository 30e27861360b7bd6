//! Copies: whole and of one moment, or not there at all; and files held for oneself or only looked at.

use std::ops::ControlFlow;

use super::*;
use crate::base::progress::Progress;
use crate::store::backup::in_use;
use crate::store::untouched::beside;

fn go(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// A file with some records and entries.
fn full() -> File {
    let mut file = File::new();
    for id in 1..=20 {
        let no = format!("L-2026-{id:05}");
        file.append(&[entry(&no, "entry", id, text("渗水"))]);
        file.put(&[rows(id, &no, "noted", text("渗水")).owing(&[id])]);
    }
    file
}

#[test]
fn a_copy_is_one_whole_file_and_says_what_the_file_said() {
    let file = full();
    let part = file.beside("copy.part");
    std::fs::write(&part, "left by a copy that was killed").unwrap();
    assert!(file.store.copy_to(&part, &mut go).unwrap());
    for suffix in ["-wal", "-shm", "-journal"] {
        assert!(!beside(&part, suffix).exists(), "{suffix}");
    }
    let copy = Store::untouched(&part).unwrap();
    assert_eq!(copy.integrity().unwrap(), [""; 0]);
    assert_eq!(copy.chain_head().unwrap(), file.store.chain_head().unwrap());
    assert_eq!(
        copy.table_sizes().unwrap(),
        file.store.table_sizes().unwrap()
    );
    for no in file.store.numbers().unwrap() {
        let (one, other) = (
            file.store.standing(&no, Beside::ALL),
            copy.standing(&no, Beside::ALL),
        );
        assert_eq!(one.unwrap().unwrap(), other.unwrap().unwrap());
    }
}

#[test]
fn a_copy_that_is_stopped_or_cannot_be_written_leaves_nothing() {
    let file = full();
    let part = file.beside("copy.part");
    let stopped = file.store.copy_to(&part, &mut |_| ControlFlow::Break(()));
    assert!(!stopped.unwrap());
    assert!(!part.exists());
    let nowhere = file.beside("no-such-folder/copy.part");
    let trouble = file.store.copy_to(&nowhere, &mut go).unwrap_err();
    assert_eq!(trouble.path, nowhere);
    assert_eq!(trouble.reason.key, "file.cannot_open");
}

#[test]
fn a_damaged_copy_is_refused_or_told() {
    let file = full();
    let part = file.beside("copy.part");
    file.store.copy_to(&part, &mut go).unwrap();
    let whole = std::fs::read(&part).unwrap();
    // Cut short, and with a page overwritten: read as far as it goes, the damage is named.
    let mut torn = whole.clone();
    torn.truncate(whole.len() / 2 / 4096 * 4096);
    let mut wiped = whole.clone();
    wiped[4096 * 3..4096 * 5].fill(0);
    let mut headless = whole.clone();
    headless[..16].fill(b'x');
    for (what, bytes) in [("torn", torn), ("wiped", wiped), ("headless", headless)] {
        std::fs::write(&part, bytes).unwrap();
        let sound = Store::untouched(&part)
            .is_ok_and(|copy| copy.integrity().is_ok_and(|found| found.is_empty()));
        assert!(!sound, "{what}");
    }
    std::fs::write(&part, whole).unwrap();
    assert!(
        Store::untouched(&part)
            .unwrap()
            .integrity()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_file_is_held_by_one_alone() {
    let file = full();
    let other = Store::open(&file.path(), Mode::Existing).unwrap();
    let trouble = file.store.hold().unwrap_err();
    assert!(in_use(&trouble), "{trouble:?}");
    drop(other);
    file.store.hold().unwrap();
    assert!(
        !beside(&file.path(), "-wal").exists(),
        "everything is in the one file"
    );
    let conn = rusqlite::Connection::open(file.path()).unwrap();
    conn.busy_timeout(std::time::Duration::ZERO).unwrap();
    let read = conn.query_row("SELECT count(*) FROM journal", [], |row| {
        row.get::<_, i64>(0)
    });
    assert!(read.is_err(), "nobody else reads it");
}

#[test]
fn looking_at_a_file_changes_nothing_in_it_or_beside_it() {
    let file = full();
    let (path, folder) = (file.path(), file.folder);
    drop(file.store);
    let before = std::fs::read(&path).unwrap();
    let store = Store::untouched(&path).unwrap();
    assert_eq!(store.chain_head().unwrap().seq, 20);
    assert!(store.set_memo("x", "y").is_err(), "it cannot be written");
    store.each_word(|_, _, _| {}).unwrap();
    drop(store);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["desk.db"]);
}

#[test]
fn what_is_no_file_of_ours_is_not_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("folder")).unwrap();
    std::fs::write(at("empty"), "").unwrap();
    std::fs::write(at("letter"), "Sehr geehrte Damen und Herren, ".repeat(20)).unwrap();
    raw(&at("other"), "CREATE TABLE t (x)");
    raw(
        &at("unborn"),
        &format!("PRAGMA application_id = {}", super::super::APPLICATION_ID),
    );
    for (name, reason) in [
        ("folder", "file.is_folder"),
        ("absent", "file.no_copy"),
        ("empty", "file.not_ours"),
        ("letter", "file.not_a_database"),
        ("other", "file.not_ours"),
        ("unborn", "file.not_ours"),
    ] {
        assert_eq!(key(Store::untouched(&at(name))), reason, "{name}");
    }
    assert!(!at("absent").exists());
}
