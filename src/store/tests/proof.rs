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
    let read = |span: (&str, Option<&str>)| {
        let mut told = Vec::new();
        file.store
            .each_of_records(span, |line| {
                told.push((line.no[11..].to_owned(), line.seq));
                true
            })
            .unwrap();
        told
    };
    let whole = read(("", None));
    let expected = [("1", [1, 5]), ("2", [3, 7]), ("3", [4, 8]), ("4", [2, 6])];
    let each = |(no, seqs): (&str, [i64; 2])| seqs.map(|seq| (no.to_owned(), seq));
    assert_eq!(
        whole,
        expected.into_iter().flat_map(each).collect::<Vec<_>>()
    );
    for (records, cuts) in [(1, 4), (2, 2), (3, 1), (9, 0)] {
        let spans = file.store.spans(records).unwrap();
        assert_eq!(spans.len(), cuts + 1, "{records}");
        let mut parts = Vec::new();
        for (from, until) in &spans {
            parts.extend(read((from, until.as_deref())));
        }
        assert_eq!(parts, whole, "{records}");
    }
    let mut first = 0;
    let stop = |_: crate::store::journal::Line<'_>| {
        first += 1;
        false
    };
    file.store.each_of_records(("", None), stop).unwrap();
    assert_eq!(first, 1, "no more after it has said enough");
    assert_eq!(File::new().store.spans(1).unwrap(), [(String::new(), None)]);
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
    file.raw("INSERT INTO duty VALUES (0, 0, 99, 0, 'dated', 'L-1', 'log', '', '{}', NULL)");
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
