//! What was imported is known again; numbers that came along are never given twice.

use super::*;
use crate::record::entry::Origin;

/// An entry made from a row of a file.
fn from_row(no: &str, row: &str) -> Entry {
    let mut entry = entry(no, "entry", 1, text("旧"));
    entry.source = Some(Origin {
        file: "f".into(),
        row: row.into(),
        imported: None,
    });
    entry
}

#[test]
fn a_row_is_known_by_the_record_it_made_first() {
    let mut file = File::new();
    file.append(&[
        from_row("L-2026-00001", "aa"),
        from_row("L-2026-00002", "bb"),
        from_row("L-2026-00003", "aa"),
        entry("L-2026-00004", "entry", 1, text("这里录的")),
    ]);
    let known = |file: &mut File, row: &str| file.write(|writer| writer.imported(row));
    assert_eq!(known(&mut file, "aa").as_deref(), Some("L-2026-00001"));
    assert_eq!(known(&mut file, "cc"), None);
    let rows = [("aa", "L-2026-00001"), ("bb", "L-2026-00002")];
    let rows = rows.map(|(row, no)| (row.to_owned(), no.to_owned()));
    assert_eq!(file.store.all_imported().unwrap(), rows);
}

#[test]
fn a_number_that_comes_along_is_taken_once_and_the_series_goes_on_after_it() {
    let mut file = File::new();
    let take = |file: &mut File, no: &str| file.write(|writer| writer.take_number("log", no));
    let next = |file: &mut File| file.write(|writer| writer.next_number("log", 'L', "", 2026));
    assert!(take(&mut file, "L-2026-00007"));
    file.append(&[entry("L-2026-00007", "entry", 1, text("旧"))]);
    assert!(!take(&mut file, "L-2026-00007"), "a record has it");
    assert!(!take(&mut file, "0310001"), "no number of a series");
    assert_eq!(next(&mut file), "L-2026-00008");
    // A lower one does not take the series back.
    assert!(take(&mut file, "L-2026-00003"));
    assert_eq!(next(&mut file), "L-2026-00009");
    assert!(take(&mut file, "L-B-2025-00002"));
    let series = file.store.all_series().unwrap();
    let told: Vec<String> = series
        .iter()
        .map(|(of, desk, year, last)| format!("{of} {desk} {year} {last}"))
        .collect();
    assert_eq!(told, ["log  2026 9", "log B 2025 2"]);
}

#[test]
fn numbers_of_yearly_series_are_taken_from_what_an_entry_was_given() {
    let mut file = File::new();
    let mut brought = entry("O-2026-00001", "ticket", 1, json!({}));
    for (key, value) in [
        ("ticket_no", json!("20260012")),
        ("letter_no", json!(7)),
        ("short_no", json!("12")),
        ("reasons", json!("20260099")),
    ] {
        brought.found.insert(key.into(), value);
    }
    file.write(|writer| writer.take_yearly_numbers(&brought));
    assert_eq!(
        file.write(|w| w.next_in_year("ticket_no", 2026)),
        "20260013"
    );
    assert_eq!(file.store.all_series().unwrap().len(), 1);
}

#[test]
fn an_attempt_that_fails_leaves_what_stood_before_it() {
    let mut file = File::new();
    file.write(|writer| {
        writer.append(&entry("L-2026-00001", "entry", 1, text("前")))?;
        let failed = writer.attempt::<(), FileTrouble>(|| {
            writer.append(&entry("L-2026-00002", "entry", 2, text("败")))?;
            writer.next_number("log", 'L', "", 2026)?;
            Err(FileTrouble {
                path: PathBuf::new(),
                reason: crate::base::i18n::Msg::new("file.other"),
            })
        });
        assert!(failed.is_err());
        writer.attempt::<_, FileTrouble>(|| {
            writer.append(&entry("L-2026-00003", "entry", 3, text("后")))
        })
    });
    let numbers = file.store.numbers().unwrap();
    assert_eq!(numbers, ["L-2026-00001", "L-2026-00003"]);
    assert!(file.store.all_series().unwrap().is_empty());
    // The chain has no gap where the failed one stood.
    assert_eq!(file.store.chain_head().unwrap().seq, 2);
}
