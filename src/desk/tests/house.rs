//! A house with something of every register in its file, for tests that look at the whole of it.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::{Stage, at};
use crate::base::time::Month;
use crate::desk::bulk::Step;
use crate::desk::seal::Sealing;
use crate::desk::view::Draft;
use crate::record::entry::Origin;
use crate::store::Mode;

pub(super) fn map(data: Value) -> Map<String, Value> {
    data.as_object().cloned().unwrap_or_default()
}

/// What is asked for when an application for electricity is made.
pub(super) fn application() -> Value {
    json!({
        "applicant": "恒达装饰", "place": "A座12层", "load_kw": "12", "voltage_v": 380, "phases": 3,
        "use_from": "2026-08-10T08:00", "use_to": "2026-09-10T18:00", "contact": "吴经理 13700000000",
        "basis": "metered",
    })
}

/// A file with records of every register: linked, imported, printed, sealed, owing and done; with a draft and words.
pub(super) fn house(path: &Path) -> Stage {
    let mut stage = Stage::of(path, Mode::Create);
    let old = Step {
        action: "issue",
        data: map(
            json!({"content": "换灯", "place": "1栋", "team": "电工班", "at": at("2026-05-04T09:00")}),
        ),
        who: Stage::who(),
        now: stage.now,
    };
    let origin = Origin {
        file: "f00d".into(),
        row: "beef".into(),
        imported: None,
    };
    let now = stage.now;
    let brought = stage.desk.bulk(now, |bulk| {
        bulk.imported("work-order", &[old], Some("W-2026-00007"), &origin)
    });
    assert_eq!(brought.unwrap().as_deref(), Some("W-2026-00007"));
    seal(&mut stage, "2026-05");
    let outage = stage.open(
        "outage",
        "occur",
        json!({"areas": ["B座"], "users": ["0901"]}),
    );
    stage.act(&outage, "restore", json!({}));
    let data = json!({"place": "水泵房", "normal": false, "note": "渗水"});
    stage.act(&outage, "inspect", data);
    let plan = json!({
        "source": "building", "areas": ["A座"], "users": ["0901"], "reason": "检修", "form": "outage",
        "plan_start": at("2026-08-20T09:00"), "plan_end": at("2026-08-20T12:00"),
    });
    let planned = stage.open("outage", "plan", plan);
    let ticket = json!({"task": "A座停电", "operator": "赵值班", "guardian": "李监护", "steps": ["断开进线开关"]});
    stage.act(&planned, "ticket", ticket);
    let slip =
        json!({"content": "漏水", "place": "3栋1203", "team": "水工班", "paper_no": "0310001"});
    let slip = stage.open("work-order", "issue", slip);
    let (who, now) = (Stage::who(), stage.now);
    let printed = stage.desk.print(&slip, "repair_slip", None, &who, now);
    assert!(printed.unwrap().issued);
    let gone = stage.open(
        "work-order",
        "issue",
        json!({"content": "误", "place": "4栋", "team": "水工班"}),
    );
    stage.act(&gone, "void", json!({"reason": "重复"}));
    let complaint = json!({
        "procedure": "property", "complainant": "王女士", "content": "半夜装修", "unit": "3-1203",
    });
    let complaint = stage.open("complaint", "receive", complaint);
    let class = json!({"class": "important", "reason": "影响面大"});
    stage.act(&complaint, "classify", class);
    stage.open("application", "apply", application());
    stage.open("log", "entry", json!({"text": "巡查水泵"}));
    stage.open("log", "entry", json!({"text": "巡查电梯"}));
    let draft = Draft {
        form: "new/log/entry".into(),
        values: map(json!({"text": "一半"})),
        saved: stage.now,
        by: "赵值班".into(),
    };
    stage.desk.save_draft(&draft).unwrap();
    stage.desk.set_operator(&Stage::who()).unwrap();
    stage
}

/// Seals a month as an archive would that knows everything so far.
pub(super) fn seal(stage: &mut Stage, month: &str) {
    let head = stage.desk.store.chain_head().unwrap();
    let sealing = Sealing {
        month: Month::parse(month).unwrap(),
        upto: head.seq,
        head: head.hash,
        manifest: "ab".repeat(32),
        records: 1,
        entries: 1,
        reason: None,
        papers: "none",
    };
    let (who, now) = (Stage::who(), stage.now);
    assert!(stage.desk.seal(&sealing, &who, now).unwrap());
}

/// Tables that no entry tells of: what this desk remembers, half-filled forms, words for completion. Nothing in the file
/// says what they held, so the proof says nothing of them.
const UNTOLD: [&str; 3] = ["memo", "draft", "word"];

/// What of a table says something. Counters that have come back to nothing do not. How SQLite's search index arranges its
/// words in segments is its own affair: what it finds is read below.
fn telling(table: &str) -> Option<String> {
    match table {
        "tally" => Some("SELECT * FROM tally WHERE n <> 0".to_owned()),
        "search_docsize" => Some("SELECT id, sz FROM search_docsize".to_owned()),
        table if UNTOLD.contains(&table) || table.starts_with("search_") => None,
        table => Some(format!("SELECT * FROM {table}")),
    }
}

/// What the search index holds and finds: every word with its records and places, read through and looked up.
fn words(conn: &rusqlite::Connection, said: &mut Vec<String>) -> rusqlite::Result<()> {
    conn.execute_batch(
        "CREATE VIRTUAL TABLE temp.all_words USING fts5vocab (main, search, instance)",
    )?;
    let mut all = conn.prepare("SELECT term, doc, offset FROM temp.all_words")?;
    let mut look = conn.prepare("SELECT group_concat(rowid) FROM search WHERE search MATCH ?")?;
    let mut rows = all.query([])?;
    let mut last = String::new();
    while let Some(row) = rows.next()? {
        let (word, doc, place): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        said.push(format!("{word} {doc} {place}"));
        if word != last {
            let found: Option<String> =
                look.query_row([format!("\"{word}\"")], |row| row.get(0))?;
            said.push(format!("{word} found in {found:?}"));
            last = word;
        }
    }
    Ok(())
}

/// Everything that a file says, whatever its pages look like; an error for one that cannot be read.
pub(super) fn said(path: &Path) -> rusqlite::Result<Vec<String>> {
    let conn = rusqlite::Connection::open(path)?;
    let mut said = Vec::new();
    for pragma in ["application_id", "user_version", "encoding"] {
        let value = conn.query_row(&format!("PRAGMA {pragma}"), [], |row| {
            row.get::<_, rusqlite::types::Value>(0)
        });
        said.push(format!("{:?}", value?));
    }
    let mut tables = vec!["sqlite_schema".to_owned()];
    let mut statement = conn.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
    )?;
    for name in statement.query_map([], |row| row.get(0))? {
        tables.push(name?);
    }
    for table in tables {
        let Some(sql) = telling(&table) else { continue };
        let mut statement = conn.prepare(&sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let values: Vec<rusqlite::types::Value> = (0..columns)
                .map(|column| row.get(column))
                .collect::<Result<_, _>>()?;
            said.push(format!("{table} {values:?}"));
        }
    }
    words(&conn, &mut said)?;
    Ok(said)
}
