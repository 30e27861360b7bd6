//! The journal: a chain that only grows, and what is read from it.

use serde_json::json;

use super::*;
use crate::base::hash::Hash;
use crate::store::journal::Head as Chain;

/// Two records, their entries typed in turns.
fn two() -> File {
    let mut file = File::new();
    file.append(&[
        entry("L-2026-00002", "entry", 1, text("乙")),
        entry("L-2026-00001", "entry", 2, text("甲")),
        entry("L-2026-00002", "remark", 3, text("又")),
    ]);
    file
}

fn places(rows: &[crate::store::journal::Row]) -> Vec<i64> {
    rows.iter().map(|row| row.seq).collect()
}

#[test]
fn each_entry_follows_the_hash_before_it() {
    let file = two();
    let mut hash = Hash::GENESIS;
    let mut seqs = Vec::new();
    file.store
        .each_entry(|row| {
            hash = hash.next(row.text);
            assert_eq!(row.hash, hash, "entry {}", row.seq);
            seqs.push(row.seq);
            true
        })
        .unwrap();
    assert_eq!(seqs, [1, 2, 3]);
    assert_eq!(file.store.chain_head().unwrap(), Chain { seq: 3, hash });
    assert_eq!(file.store.hash_at(0).unwrap(), Some(Hash::GENESIS));
    assert_eq!(file.store.hash_at(3).unwrap(), Some(hash));
    assert_eq!(file.store.hash_at(4).unwrap(), None);
}

#[test]
fn an_empty_journal_begins_at_the_genesis() {
    let head = File::new().store.chain_head().unwrap();
    let begin = Chain {
        seq: 0,
        hash: Hash::GENESIS,
    };
    assert_eq!(head, begin);
}

#[test]
fn what_was_typed_is_read_back_as_it_was() {
    let mut file = File::new();
    let mut odd = entry(
        "L-2026-00001",
        "entry",
        1,
        text("引\"号\\ \n行 \u{1b}[31m 😀"),
    );
    odd.note = Some("附".into());
    odd.found.insert("x".into(), json!([1, null]));
    file.append(std::slice::from_ref(&odd));
    let row = file.store.entry_at(1).unwrap().unwrap();
    assert_eq!(Entry::read(&row.line).unwrap(), odd);
    assert_eq!(file.store.last_line().unwrap(), Some(row.line));
    assert!(file.store.entry_at(2).unwrap().is_none());
}

#[test]
fn a_record_has_its_own_entries_in_the_order_of_typing() {
    let file = two();
    let of = |no: &str| places(&file.store.rows_of(no).unwrap());
    assert_eq!(of("L-2026-00002"), [1, 3]);
    assert_eq!(of("L-2026-00001"), [2]);
    assert_eq!(of("L-2026-0000"), [0_i64; 0]);
    // Records come in the order in which they were opened, not in that of their numbers.
    assert_eq!(
        file.store.numbers().unwrap(),
        ["L-2026-00002", "L-2026-00001"]
    );
}

#[test]
fn a_reader_that_has_enough_gets_no_more() {
    let file = two();
    let mut read = 0;
    let stop = |_: crate::store::journal::Line<'_>| {
        read += 1;
        read < 2
    };
    file.store.each_entry(stop).unwrap();
    assert_eq!(read, 2);
}

#[test]
fn what_came_after_an_entry_is_counted_by_entries_and_records() {
    let file = two();
    for (seq, entries, records, numbers) in [
        (0, 3, 2, vec!["L-2026-00002"]),
        (1, 2, 2, vec!["L-2026-00001"]),
        (2, 1, 1, vec!["L-2026-00002"]),
        (3, 0, 0, vec![]),
    ] {
        let told = file.store.after(seq, 1).unwrap();
        let numbers: Vec<String> = numbers.into_iter().map(str::to_owned).collect();
        assert_eq!(told, (entries, records, numbers), "after {seq}");
    }
}

#[test]
fn an_entry_names_what_brought_it_about_and_a_text_that_says_so_does_not() {
    let mut file = two();
    let mut follows = entry("L-2026-00003", "entry", 4, text("跟着来的"));
    follows.cause = Some(2);
    let lies = entry("L-2026-00004", "entry", 5, text("\"cause\":2"));
    file.append(&[follows, lies]);
    let caused = file.write(|writer| writer.caused_by(2));
    assert_eq!(places(&caused), [4]);
    assert!(file.write(|writer| writer.caused_by(1)).is_empty());
}

#[test]
fn rules_are_told_from_records_and_counted_up_to_an_entry() {
    let mut file = two();
    file.append(&[
        entry("R-2026-00001", "take_up", 4, json!({})),
        entry("L-2026-00003", "entry", 5, text("丙")),
        entry("R-B-2026-00002", "take_up", 6, json!({})),
    ]);
    assert_eq!(places(&file.store.rules_entries().unwrap()), [4, 6]);
    for (upto, n) in [(3, 0), (4, 1), (5, 1), (6, 2), (i64::MAX, 2)] {
        assert_eq!(file.store.rules_count(upto).unwrap(), n, "up to {upto}");
        assert_eq!(file.write(|writer| writer.rules_count(upto)), n);
    }
}

#[test]
fn numbers_run_without_gaps_by_register_desk_and_year() {
    let mut file = File::new();
    for (register, letter, desk, year, expected) in [
        ("log", 'L', "", 2026, "L-2026-00001"),
        ("log", 'L', "", 2026, "L-2026-00002"),
        ("log", 'L', "B", 2026, "L-B-2026-00001"),
        ("log", 'L', "", 2027, "L-2027-00001"),
        ("outage", 'O', "", 2026, "O-2026-00001"),
        ("log", 'L', "", 2026, "L-2026-00003"),
    ] {
        let given = file.write(|writer| writer.next_number(register, letter, desk, year));
        assert_eq!(given, expected);
    }
    let ticket = |file: &mut File, year| file.write(|w| w.next_in_year("ticket_no", year));
    assert_eq!(ticket(&mut file, 2026), "20260001");
    assert_eq!(ticket(&mut file, 2026), "20260002");
    assert_eq!(ticket(&mut file, 2027), "20270001");
}

#[test]
fn what_fails_leaves_neither_entry_nor_number_nor_word() {
    let mut file = two();
    let before = file.store.chain_head().unwrap();
    let trouble = file.store.write::<(), FileTrouble>(|writer| {
        writer.next_number("log", 'L', "", 2026)?;
        writer.append(&entry("L-2026-00003", "entry", 9, text("丙")))?;
        writer.set_memo("x", "y")?;
        // The same place in the chain twice.
        let row = crate::store::journal::Row {
            seq: 1,
            no: "L-2026-00003".into(),
            line: String::new(),
            hash: Hash::GENESIS,
        };
        writer.copy_in(&row)
    });
    assert!(trouble.is_err());
    assert_eq!(file.store.chain_head().unwrap(), before);
    assert_eq!(file.store.memo("x").unwrap(), None);
    assert!(file.store.all_series().unwrap().is_empty());
}

#[test]
fn the_file_itself_lets_no_entry_be_changed_or_taken_out() {
    let file = two();
    let conn = rusqlite::Connection::open(file.path()).unwrap();
    for sql in [
        "UPDATE journal SET line = '' WHERE seq = 1",
        "UPDATE journal SET hash = zeroblob(32)",
        "DELETE FROM journal WHERE seq = 3",
    ] {
        let refused = conn.execute(sql, []).unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{sql}");
    }
    assert_eq!(file.store.chain_head().unwrap().seq, 3);
}

#[test]
fn entries_put_in_as_they_stand_elsewhere_keep_place_and_hash() {
    let there = two();
    let rows = there.store.rows_of("L-2026-00002").unwrap();
    let mut here = File::new();
    here.write(|writer| rows.iter().try_for_each(|row| writer.copy_in(row)));
    assert_eq!(places(&here.store.rows_of("L-2026-00002").unwrap()), [1, 3]);
    assert_eq!(
        here.store.hash_at(3).unwrap(),
        there.store.hash_at(3).unwrap()
    );
    assert_eq!(here.write(|w| w.numbers_since(1)), ["L-2026-00002"]);
    assert!(here.write(|w| w.numbers_since(3)).is_empty());
}

#[test]
fn what_is_known_of_a_record_follows_the_journal_and_outlives_no_rollback() {
    let mut file = two();
    const NO: &str = "L-2026-00002";
    let known = |store: &Store| -> Vec<(i64, Hash)> {
        let entries = store.entries_of(NO).unwrap();
        let places = entries.logged.iter().map(|logged| logged.seq);
        places.zip(entries.hashes).collect()
    };
    let stored = |store: &Store| -> Vec<(i64, Hash)> {
        let rows = store.rows_of(NO).unwrap().into_iter();
        rows.map(|row| (row.seq, row.hash)).collect()
    };
    assert_eq!(known(&file.store), stored(&file.store));
    // Another record's entry, then one of its own; each is seen within the transaction too.
    file.append(&[entry("L-2026-00001", "remark", 4, text("甲又"))]);
    assert_eq!(known(&file.store), stored(&file.store));
    file.write(|writer| {
        writer.append(&entry(NO, "remark", 5, text("乙三")))?;
        let seen = writer.entries_of(NO)?.logged;
        assert_eq!(seen.last().map(|logged| logged.seq), Some(5));
        Ok(())
    });
    assert_eq!(known(&file.store), stored(&file.store));
    // An entry that was never kept is not known, even when another takes its place.
    let lost = file.store.write(|writer| -> Stored<()> {
        writer.append(&entry(NO, "remark", 6, text("没有留下")))?;
        assert_eq!(writer.entries_of(NO)?.logged.len(), 4);
        Err(FileTrouble::damaged_entry(
            6,
            crate::base::i18n::Msg::new("x"),
        ))
    });
    assert!(lost.is_err());
    assert_eq!(known(&file.store), stored(&file.store));
    file.append(&[entry(NO, "remark", 6, text("留下的"))]);
    let last = file.store.entries_of(NO).unwrap().logged.pop().unwrap();
    assert_eq!(last.entry.data["text"], "留下的");
    assert_eq!(known(&file.store), stored(&file.store));
}

#[test]
fn entries_put_in_before_those_known_are_seen() {
    let there = two();
    let rows = there.store.rows_of("L-2026-00002").unwrap();
    let mut here = File::new();
    here.write(|writer| writer.copy_in(&rows[1]));
    let known = |file: &File| file.store.entries_of("L-2026-00002").unwrap().logged.len();
    assert_eq!(known(&here), 1);
    here.write(|writer| writer.copy_in(&rows[0]));
    assert_eq!(known(&here), 2);
}
