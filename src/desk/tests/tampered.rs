//! Whatever somebody changes in the file behind the desk's back, the proof finds and names it.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;

use super::house::{house, said};
use crate::base::i18n::Voice;
use crate::desk::Desk;
use crate::rules::ruleset::Rules;
use crate::store::Mode;

/// A file of every register, closed, and a place for copies of it.
struct Whole {
    _folder: TempDir,
    bytes: Vec<u8>,
    copy: PathBuf,
    rules: Rules,
}

impl Whole {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.db");
        drop(house(&path));
        Self {
            bytes: std::fs::read(&path).unwrap(),
            copy: folder.path().join("copy.db"),
            rules: Rules::built_in().unwrap(),
            _folder: folder,
        }
    }

    /// A copy with these bytes.
    fn lay(&self, bytes: &[u8]) -> &Path {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(self.copy.with_extension(format!("db{suffix}")));
        }
        std::fs::write(&self.copy, bytes).unwrap();
        &self.copy
    }

    /// What opening the copy or its proof finds, in words; empty for a sound file.
    fn check(&self) -> String {
        let proof = Desk::open(&self.copy, Mode::Existing, self.rules.clone())
            .and_then(|desk| desk.audit(|_, _| {}));
        let voice = Voice::default();
        match proof {
            Ok(audit) => {
                let told: Vec<String> = audit.findings.iter().map(|f| voice.say(f)).collect();
                told.join("\n")
            }
            Err(error) => error.message(&voice),
        }
    }

    /// Changes a copy by raw SQL, as somebody could who knows SQLite. What guards the journal is put back afterwards, so
    /// that its absence tells nothing.
    fn tamper(&self, sql: &str) {
        let conn = Connection::open(self.lay(&self.bytes)).unwrap();
        conn.pragma_update(None, "foreign_keys", false).unwrap();
        conn.pragma_update(None, "ignore_check_constraints", true)
            .unwrap();
        let mut guards = conn
            .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
            .unwrap();
        let guards: Vec<(String, String)> = guards
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        for (name, _) in &guards {
            conn.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
        }
        let before = conn.total_changes();
        conn.execute_batch(sql).unwrap();
        assert!(conn.total_changes() > before, "changes nothing: {sql}");
        for (_, guard) in &guards {
            conn.execute_batch(guard).unwrap();
        }
    }
}

/// What is done to the file, and what a finding names.
const TAMPERED: &[(&str, &str)] = &[
    // A record's line in the list.
    ("UPDATE record SET state = 'archived' WHERE no = 'W-2026-00009'", "W-2026-00009"),
    ("UPDATE record SET open = 0 WHERE no = 'W-2026-00009'", "W-2026-00009 与经过不符（state）"),
    ("UPDATE record SET class = 'minor' WHERE no = 'C-2026-00001'", "C-2026-00001 与经过不符（class）"),
    ("UPDATE record SET received = received - 86400 WHERE no = 'W-2026-00009'", "W-2026-00009"),
    ("UPDATE record SET place = '5栋' WHERE no = 'W-2026-00009'", "W-2026-00009 与经过不符（place）"),
    ("UPDATE record SET paper_key = '0310002' WHERE no = 'W-2026-00009'", "W-2026-00009 与经过不符（paper_no）"),
    ("UPDATE record SET title = '漏气' WHERE no = 'W-2026-00009'", "W-2026-00009 与经过不符（title）"),
    ("UPDATE record SET void_reason = '不要了' WHERE no = 'W-2026-00010'", "W-2026-00010 与经过不符（void_reason）"),
    ("UPDATE record SET due_at = due_at + 60 WHERE no = 'C-2026-00001'", "C-2026-00001 与经过不符（due）"),
    ("UPDATE record SET due_rank = NULL, due_at = NULL WHERE no = 'C-2026-00001'", "C-2026-00001 与经过不符（due）"),
    ("UPDATE record SET late_from = NULL WHERE no = 'C-2026-00001'", "C-2026-00001 与经过不符（due）"),
    ("UPDATE record SET duty = NULL WHERE no = 'C-2026-00001'", "C-2026-00001 与经过不符（duty）"),
    ("UPDATE record SET body = replace(body, '恒达', '恒大') WHERE no = 'P-2026-00001'", "P-2026-00001 与经过不符（body）"),
    ("UPDATE record SET body = replace(body, '\"outdated\":false', '\"outdated\":true') WHERE no = 'W-2026-00009'", "W-2026-00009 与经过不符（body）"),
    ("UPDATE record SET register = 'complaint' WHERE no = 'W-2026-00009'", "W-2026-00009"),
    ("UPDATE record SET id = id + 1000 WHERE no = 'L-2026-00001'", "L-2026-00001"),
    ("UPDATE record SET found_by = found_by + 1 WHERE no = 'W-2026-00009'", "W-2026-00009 与经过不符（search）"),
    ("DELETE FROM record WHERE no = 'P-2026-00001'", "P-2026-00001"),
    ("INSERT INTO record (id, no, register, state, open, received, title, body)
      SELECT 999, 'W-2026-00099', register, state, open, received, title, body FROM record WHERE no = 'W-2026-00009'", "表 record"),
    // What is owed.
    ("UPDATE duty SET at = at + 1 WHERE record = (SELECT id FROM record WHERE no = 'C-2026-00001')", "C-2026-00001 与经过不符（duty）"),
    ("UPDATE duty SET data = replace(data, '\"round\":1', '\"round\":2')", "与经过不符（duty）"),
    ("UPDATE duty SET kind = 'at_once' WHERE kind = 'dated'", "与经过不符（duty）"),
    ("UPDATE duty SET rank = rank + 1 WHERE record = (SELECT id FROM record WHERE no = 'C-2026-00001')", "C-2026-00001 与经过不符（duty）"),
    ("UPDATE duty SET rank = 300", "与经过不符（row）"),
    ("UPDATE record SET title = CAST(x'e6bc' AS TEXT) WHERE no = 'P-2026-00001'", "P-2026-00001 与经过不符（row）"),
    ("UPDATE duty SET ord = ord + 8 WHERE record = (SELECT id FROM record WHERE no = 'C-2026-00001')", "C-2026-00001 与经过不符（duty）"),
    ("DELETE FROM duty WHERE record = (SELECT id FROM record WHERE no = 'P-2026-00001')", "P-2026-00001"),
    ("UPDATE duty SET parts = '[]' WHERE no = 'O-2026-00001'", "O-2026-00001 与经过不符（duty）"),
    ("UPDATE duty SET title = '漏气' WHERE no = 'C-2026-00001'", "C-2026-00001 与经过不符（duty）"),
    ("UPDATE duty SET no = 'C-2026-00009' WHERE no = 'C-2026-00001'", "C-2026-00001 与经过不符（duty）"),
    ("UPDATE duty SET register = 'log' WHERE no = 'C-2026-00001'", "C-2026-00001 与经过不符（duty）"),
    ("INSERT INTO duty SELECT rank, at, 999, ord, kind, no, register, title, data, parts FROM duty LIMIT 1", "表 duty"),
    // Neighbours and links.
    ("UPDATE link SET to_no = 'W-2026-00009' WHERE from_no = 'O-2026-00001'", "O-2026-00001 与经过不符（link）"),
    ("UPDATE link SET kind = 'duplicate' WHERE from_no = 'O-2026-00001'", "O-2026-00001 与经过不符（link）"),
    ("DELETE FROM link", "表 link"),
    ("INSERT INTO link (from_no, to_no, kind) VALUES ('X-1', 'W-2026-00009', 'child')", "表 link"),
    ("UPDATE place SET key = key || 'x' WHERE no = 'C-2026-00001'", "C-2026-00001 与经过不符（place）"),
    ("UPDATE place SET received = received + 1 WHERE no = 'O-2026-00001'", "O-2026-00001 与经过不符（place）"),
    ("DELETE FROM place WHERE no = 'O-2026-00001'", "O-2026-00001"),
    ("INSERT INTO place (register, key, no, received) VALUES ('log', 'x', 'L-2026-00001', 1)", "表 place"),
    // Counters, number series, imported rows.
    ("UPDATE tally SET n = n + 1 WHERE register = 'log' AND n > 0", "表 tally"),
    ("DELETE FROM tally WHERE register = 'application'", "表 tally"),
    ("UPDATE series SET last = last - 1 WHERE register = 'work-order'", "表 series"),
    ("UPDATE series SET last = last + 1 WHERE register = 'ticket_no'", "表 series"),
    ("DELETE FROM series WHERE register = 'complaint'", "表 series"),
    ("UPDATE imported SET row = 'bee1'", "表 imported"),
    ("UPDATE imported SET no = 'W-2026-00009'", "表 imported"),
    ("DELETE FROM imported", "表 imported"),
    ("UPDATE tally SET state = CAST(x'ff' AS TEXT) WHERE register = 'application'", "表 tally"),
    ("UPDATE entry_key SET key = key || '1' WHERE kind = 'cause'", "表 entry_key"),
    ("UPDATE entry_key SET seq = seq + 1 WHERE kind = 'paper'", "表 entry_key"),
    ("DELETE FROM entry_key WHERE kind = 'paper'", "表 entry_key"),
    ("INSERT INTO entry_key (kind, key, seq) VALUES ('moved', 'W-2026-00009', 1)", "表 entry_key"),
    // The search index.
    ("DELETE FROM search WHERE rowid = (SELECT id FROM record WHERE no = 'P-2026-00001')", "表 search"),
    ("INSERT INTO search (rowid, grams) VALUES (999, '漏水 水')", "表 search"),
    ("DELETE FROM search WHERE rowid = (SELECT id FROM record WHERE no = 'W-2026-00009');
      INSERT INTO search (rowid, grams) SELECT id, '漏水 水' FROM record WHERE no = 'W-2026-00009'", "表 search"),
    // The journal itself.
    ("UPDATE journal SET line = replace(line, '漏水', '漏气') WHERE no = 'W-2026-00009'", "（W-2026-00009）与链不符"),
    ("UPDATE journal SET line = replace(line, '赵值班', '钱值班') WHERE no = 'O-2026-00001'", "（O-2026-00001）与链不符"),
    ("UPDATE journal SET line = replace(line, '\"said\":{', '\"said\":{\"x\":\"y\",') WHERE no = 'W-2026-00009'", "（W-2026-00009）与链不符"),
    ("UPDATE journal SET line = replace(line, '17:30', '18:30') WHERE no = 'R-2026-00001'", "（R-2026-00001）与链不符"),
    ("UPDATE journal SET line = replace(line, '2026-05', '2026-04') WHERE line LIKE '%\"action\":\"seal\"%'", "与链不符"),
    // Half a character: no text at all.
    ("UPDATE journal SET line = CAST(replace(CAST(line AS BLOB), x'e6bc8f', x'e6bc20') AS TEXT) WHERE no = 'W-2026-00009'", "（W-2026-00009）与链不符"),
    ("UPDATE journal SET no = 'W-2026-00010' WHERE no = 'W-2026-00009'", "编号 W-2026-00010 与内容 W-2026-00009 不符"),
    ("UPDATE journal SET hash = zeroblob(32) WHERE no = 'P-2026-00001'", "（P-2026-00001）与链不符"),
    ("DELETE FROM journal WHERE no = 'C-2026-00001'", "经过缺号"),
    ("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)", "表 record"),
    ("UPDATE journal SET seq = seq + 1 WHERE seq = (SELECT max(seq) FROM journal)", "经过缺号"),
    ("INSERT INTO journal (seq, no, line, hash) SELECT seq + 1, no, line, hash FROM journal ORDER BY seq DESC LIMIT 1", "与链不符"),
    ("UPDATE journal SET line = '{' WHERE no = 'P-2026-00001'", "不能读取"),
];

#[test]
fn every_tampered_table_is_found_and_named() {
    let whole = Whole::new();
    whole.lay(&whole.bytes);
    assert_eq!(whole.check(), "", "an untouched file is sound");
    let mut unfound = Vec::new();
    for (sql, named) in TAMPERED {
        whole.tamper(sql);
        let found = whole.check();
        if !found.contains(named) {
            unfound.push(format!("{sql}\n  wants {named}, finds {found}"));
        }
    }
    assert!(unfound.is_empty(), "{}", unfound.join("\n"));
}

/// Two lines of the log with as many words each, and what the search index holds of them.
const PAIR: &str = "CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, search, instance);
    CREATE TEMP TABLE pair AS SELECT doc AS id, group_concat(term, ' ' ORDER BY offset) AS grams,
        group_concat(term, ' ' ORDER BY offset DESC) AS turned, count(*) AS n FROM temp.words
        WHERE doc IN (SELECT id FROM record WHERE title LIKE '%巡查%') GROUP BY doc;
    CREATE TEMP TABLE sure (n CHECK (n = 1));
    INSERT INTO sure SELECT count(DISTINCT n) FROM pair HAVING count(*) = 2;
    DELETE FROM search WHERE rowid IN (SELECT id FROM pair);";

#[test]
fn words_of_the_search_index_under_another_record_or_at_another_place_are_found() {
    let whole = Whole::new();
    for (exchanged, finding) in [
        // Put back as they were.
        ("SELECT id, grams FROM pair", ""),
        // Every word is still there, as often as before.
        (
            "SELECT one.id, other.grams FROM pair AS one JOIN pair AS other ON one.id <> other.id",
            "表 search",
        ),
        ("SELECT id, turned FROM pair", "表 search"),
    ] {
        whole.tamper(&format!(
            "{PAIR} INSERT INTO search (rowid, grams) {exchanged};"
        ));
        let found = whole.check();
        assert!(found.starts_with(finding), "{exchanged}: {found}");
        assert_eq!(found.is_empty(), finding.is_empty(), "{exchanged}: {found}");
    }
}

#[test]
fn what_guards_the_journal_is_missed_when_it_is_gone() {
    let whole = Whole::new();
    for (sql, named) in [
        (
            "DROP TRIGGER journal_keeps_its_lines",
            "journal_keeps_its_lines",
        ),
        ("DROP INDEX record_paper", "record_paper"),
        ("CREATE TABLE aside (x)", "aside"),
    ] {
        let conn = Connection::open(whole.lay(&whole.bytes)).unwrap();
        conn.execute_batch(sql).unwrap();
        drop(conn);
        let found = whole.check();
        assert!(found.contains(named), "{sql}: {found}");
    }
}

/// The pages of the file by what they are of; pages of nothing under an empty name.
fn pages(path: &Path) -> std::collections::BTreeMap<String, Vec<i64>> {
    let conn = Connection::open(path).unwrap();
    let count: i64 = conn
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    let mut statement = conn.prepare("SELECT name, pageno FROM dbstat").unwrap();
    let of: Vec<(String, i64)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut pages = std::collections::BTreeMap::<String, Vec<i64>>::new();
    for page in 1..=count {
        let name = of.iter().find(|(_, number)| *number == page);
        let name = name.map_or("", |(name, _)| name).to_owned();
        pages.entry(name).or_default().push(page);
    }
    pages
}

/// One byte of a copy is changed, at places drawn from every table and index, from pages of nothing and from the file's
/// head. Each is found, by opening or by proving; or else the file says exactly what it said before, because the byte
/// lies where nothing is kept: in the unused part of a page, on a free page, or in a field of the head that only tells
/// SQLite when it last wrote.
#[test]
fn one_changed_byte_is_found_or_carries_nothing() {
    let whole = Whole::new();
    let before = said(whole.lay(&whole.bytes)).unwrap();
    let pages = pages(&whole.copy);
    let size = usize::from(u16::from_be_bytes([whole.bytes[16], whole.bytes[17]]));
    let mut seed = 20_260_803_u64;
    let mut draw = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % below
    };
    let mut places: Vec<(String, usize)> = Vec::new();
    for (name, pages) in &pages {
        let mut any = |wanted: fn(u8) -> bool| {
            // A table of few rows leaves most of its page empty.
            let mut place = 0;
            for _ in 0..2_000 {
                let page = pages[draw(pages.len())] as usize - 1;
                place = page * size + draw(size);
                if wanted(whole.bytes[place]) {
                    break;
                }
            }
            places.push((name.clone(), place));
        };
        (0..2).for_each(|_| any(|byte| byte != 0));
        any(|_| true);
    }
    places.extend((0..20).map(|_| ("head".to_owned(), draw(100))));
    let (tried, mut found) = (places.len(), 0);
    let mut silent = Vec::new();
    for (name, place) in places {
        let mut bytes = whole.bytes.clone();
        bytes[place] ^= 1 << draw(8);
        whole.lay(&bytes);
        if !whole.check().is_empty() {
            found += 1;
            continue;
        }
        let after = said(whole.lay(&bytes)).unwrap_or_default();
        let differing: Vec<&String> = after.iter().filter(|line| !before.contains(line)).collect();
        if after != before {
            silent.push(format!("{name} at {place}: {differing:?}"));
        }
    }
    assert!(silent.is_empty(), "found {found}, unfound: {silent:#?}");
    assert!(tried > 120 && found * 2 > tried, "{found} of {tried}");
}
