//! Rows: what stands is what was written last, and nothing of what stood before.

use super::*;

const A: &str = "L-2026-00001";
const B: &str = "L-2026-00002";

/// The rows as they stand; the words of the search index are not among them.
fn standing(file: &File, no: &str) -> Option<Rows> {
    file.store.standing(no, Beside::ALL).unwrap()
}

fn wordless(rows: Rows) -> Rows {
    Rows {
        grams: String::new(),
        ..rows
    }
}

fn found(file: &File, typed: &str) -> Vec<String> {
    file.list(&PageQuery {
        search: Some(typed),
        ..all()
    })
}

fn rich() -> Rows {
    let mut rows = rows(1, A, "carried", text("水泵房渗水"))
        .owing(&[5, 9])
        .linked(&["W-2026-00001", B])
        .at(&["b座", "水泵房"]);
    rows.links.sort();
    rows.record.class = Some("minor".into());
    rows.record.place = Some("水泵房".into());
    rows.record.paper_key = Some("0310001".into());
    rows
}

#[test]
fn every_column_is_read_back_as_it_was_written() {
    let mut file = File::new();
    let mut void = rows(2, B, "void", text("误录"));
    void.record.open = false;
    file.put(&[rich(), void.clone()]);
    assert_eq!(standing(&file, A), Some(wordless(rich())));
    assert_eq!(standing(&file, B), Some(wordless(void)));
    assert_eq!(standing(&file, "L-2026-00003"), None);
}

#[test]
fn a_record_written_anew_leaves_nothing_of_what_it_was() {
    let mut file = File::new();
    file.put(&[rich(), rows(2, B, "noted", text("别的渗水"))]);
    let mut less = rows(1, A, "cleared", text("已经修好"))
        .owing(&[7])
        .linked(&[B])
        .at(&["c座"]);
    less.record.open = false;
    file.put(std::slice::from_ref(&less));
    assert_eq!(standing(&file, A), Some(wordless(less)));
    assert_eq!(file.store.table_sizes().unwrap(), [2, 1, 1, 1]);
    assert_eq!(found(&file, "渗水"), [B]);
    assert_eq!(found(&file, "修好"), [A]);
    let span = (minute(0), minute(99));
    let near = |place: &str| file.store.same_places("log", &[place.to_owned()], span);
    assert!(near("水泵房").unwrap().is_empty());
    assert_eq!(near("c座").unwrap(), [A]);
}

#[test]
fn counters_follow_a_record_from_state_to_state() {
    let mut file = File::new();
    let told = |file: &File| {
        let mut told = file.store.tally().unwrap();
        told.sort();
        told.into_iter()
            .map(|(_, state, n)| format!("{state} {n}"))
            .collect::<Vec<_>>()
    };
    file.put(&[
        rows(1, A, "noted", text("甲")),
        rows(2, B, "noted", text("乙")),
    ]);
    assert_eq!(told(&file), ["noted 2"]);
    file.put(&[rows(1, A, "carried", text("甲"))]);
    assert_eq!(told(&file), ["carried 1", "noted 1"]);
    file.put(&[rows(1, A, "carried", text("又写"))]);
    assert_eq!(told(&file), ["carried 1", "noted 1"]);
    file.put(&[rows(2, B, "carried", text("乙"))]);
    assert_eq!(told(&file), ["carried 2"]);
    assert_eq!(file.store.records().unwrap(), 2);
}

#[test]
fn rows_are_made_anew_whatever_stands_in_their_place() {
    let mut file = File::new();
    for spoil in [
        // Another's line, and with it everything that hangs on its place.
        "UPDATE record SET no = 'L-2026-00009'",
        "UPDATE duty SET ord = ord + 3; DELETE FROM search; INSERT INTO search (rowid, grams) VALUES (1, '别的')",
        "UPDATE link SET kind = 'other'; UPDATE place SET key = key || 'x'",
        "DELETE FROM record",
        "DELETE FROM duty; DELETE FROM link; DELETE FROM place; DELETE FROM search WHERE rowid = 1",
    ] {
        file.write(|writer| {
            writer.clear_rows()?;
            writer.put_rows(&rich())
        });
        file.raw(spoil);
        assert_ne!(
            (standing(&file, A), found(&file, "渗水")),
            (Some(wordless(rich())), vec![A.to_owned()])
        );
        file.write(|writer| writer.renew_rows(&rich()));
        assert_eq!(standing(&file, A), Some(wordless(rich())), "{spoil}");
        assert_eq!(found(&file, "渗水"), [A], "{spoil}");
        assert_eq!(file.store.table_sizes().unwrap(), [1, 2, 2, 2], "{spoil}");
    }
}

#[test]
fn a_rebuild_begins_with_nothing_but_journal_drafts_and_memos() {
    let mut file = File::new();
    file.append(&[entry(A, "entry", 1, text("甲"))]);
    file.put(&[rich()]);
    file.store.set_memo("who", "甲").unwrap();
    file.write(|writer| writer.clear_rows());
    assert_eq!(file.store.table_sizes().unwrap(), [0; 4]);
    assert!(file.store.counters().unwrap().is_empty());
    assert_eq!(found(&file, "渗水"), [""; 0]);
    assert_eq!(file.store.chain_head().unwrap().seq, 1);
    assert_eq!(file.store.memo("who").unwrap().as_deref(), Some("甲"));
}

#[test]
fn a_rebuild_ends_without_what_belongs_to_no_record() {
    let mut file = File::new();
    file.append(&[entry(A, "entry", 1, text("甲"))]);
    file.put(&[
        rich(),
        rows(2, B, "noted", text("没有经过的渗水"))
            .owing(&[3])
            .linked(&[A])
            .at(&["d座"]),
    ]);
    file.raw("UPDATE tally SET n = n + 7; INSERT INTO series VALUES ('log', '', 2020, 5); INSERT INTO imported VALUES ('r', 'x')");
    let series = [("log".to_owned(), String::new(), 2026, 1)];
    let imported = [("row".to_owned(), A.to_owned())];
    file.write(|writer| writer.sweep(&series, &imported, &[]));
    assert_eq!(standing(&file, B), None);
    assert_eq!(file.store.table_sizes().unwrap(), [1, 2, 2, 2]);
    assert_eq!(found(&file, "渗水"), [A]);
    let carried = ("log".to_owned(), "carried".to_owned(), 1);
    assert_eq!(file.store.counters().unwrap(), [carried]);
    assert_eq!(file.store.all_series().unwrap(), series);
    assert_eq!(file.store.all_imported().unwrap(), imported);
}

#[test]
fn a_record_stands_at_the_place_of_its_opening_entry() {
    let mut file = File::new();
    file.append(&[
        entry(A, "entry", 1, text("甲")),
        entry(A, "remark", 2, text("又")),
    ]);
    file.put(&[rows(1, A, "noted", text("甲"))]);
    assert!(file.write(|writer| writer.in_place()));
    // As rows of an earlier version stood.
    file.raw("UPDATE record SET id = 2");
    assert!(!file.write(|writer| writer.in_place()));
}
