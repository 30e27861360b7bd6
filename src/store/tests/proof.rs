//! What a proof reads: every entry once, record by record, and the tables as they stand.

use super::*;

/// Four records, their entries in turns.
fn four() -> File {
    let mut file = File::new();
    for n in 1..=8 {
        let no = format!("L-2026-0000{}", [3, 1, 4, 2][n as usize % 4]);
        file.append(&[entry(&no, "remark", n, text("甲"))]);
    }
    file.put(&[1, 2, 3, 4].map(|id| rows(id, &format!("L-2026-0000{id}"), "noted", text("甲"))));
    file
}

#[test]
fn entries_come_record_by_record_in_spans_that_leave_none_out() {
    let file = four();
    let read = |span| {
        let mut told = Vec::new();
        file.store
            .each_record(span, |no, entries| {
                assert!(entries.iter().all(|row| row.no == no));
                assert!(entries.is_sorted_by_key(|row| row.seq));
                told.push((no[11..].to_owned(), entries.len()));
                true
            })
            .unwrap();
        told
    };
    let expected = ["1", "2", "3", "4"].map(|no| (no.to_owned(), 2));
    assert_eq!(read(("", None)), expected);
    let middle = file.store.middle_number().unwrap().unwrap();
    assert_eq!(middle, "L-2026-00003");
    // Two halves make the whole.
    assert_eq!(read(("", Some(&middle))), expected[..2]);
    assert_eq!(read((&middle, None)), expected[2..]);
    let mut first = 0;
    let stop = |_: &str, _| {
        first += 1;
        false
    };
    file.store.each_record(("", None), stop).unwrap();
    assert_eq!(first, 1, "no more after it has said enough");
    assert_eq!(File::new().store.middle_number().unwrap(), None);
}

#[test]
fn a_counter_that_has_come_back_to_nothing_does_not_count() {
    let mut file = four();
    file.put(&[1, 2, 3, 4].map(|id| rows(id, &format!("L-2026-0000{id}"), "cleared", text("甲"))));
    let cleared = ("log".to_owned(), "cleared".to_owned(), 4);
    assert_eq!(
        file.store.counters().unwrap(),
        std::slice::from_ref(&cleared)
    );
    // One below nothing is wrong, and shows.
    file.raw("UPDATE tally SET n = -1 WHERE state = 'noted'");
    let below = ("log".to_owned(), "noted".to_owned(), -1);
    assert_eq!(file.store.counters().unwrap(), [cleared, below]);
}

#[test]
fn what_no_program_of_ours_made_is_named() {
    let file = four();
    assert_eq!(file.store.integrity().unwrap(), [""; 0]);
    assert_eq!(file.store.reshaped().unwrap(), [""; 0]);
    for (sql, named) in [
        (
            "DROP TRIGGER journal_loses_nothing",
            "journal_loses_nothing",
        ),
        ("DROP INDEX duty_by_kind", "duty_by_kind"),
        ("CREATE INDEX mine ON record (title)", "mine"),
        ("CREATE TABLE aside (x)", "aside"),
    ] {
        let file = four();
        file.raw(sql);
        assert_eq!(file.store.reshaped().unwrap(), [named], "{sql}");
        // The data are sound: a copy of them is as good as they are.
        assert_eq!(file.store.integrity().unwrap(), [""; 0], "{sql}");
    }
    file.raw("INSERT INTO duty VALUES (99, 0, 0, 0, 'dated', '{}')");
    assert_eq!(file.store.integrity().unwrap(), ["foreign key: duty"]);
}

#[test]
fn a_second_look_at_a_file_sees_the_same_entries_or_is_none() {
    let file = four();
    let again = file.store.again().unwrap();
    assert_eq!(
        again.chain_head().unwrap(),
        file.store.chain_head().unwrap()
    );
    // What is in memory only has no file to open again.
    let path = file.beside("never.db");
    let memory = Store::open(&path, Mode::Look).unwrap();
    assert!(memory.again().is_none());
    assert!(!path.exists());
}
