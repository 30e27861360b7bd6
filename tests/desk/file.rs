//! The file: others', newer, damaged, read-only; two processes at once; backup and proof.

use serde_json::json;

use super::common::{Site, slip};

fn three(site: &Site) {
    for _ in 0..3 {
        let _ = site.add("work-order", &slip()).fine();
    }
}

#[test]
fn a_file_that_is_not_ours_is_left_alone() {
    let site = Site::new();
    std::fs::write(
        site.file(),
        "this is a letter, not a database, and long enough to have a header of its own",
    )
    .unwrap();
    let answer = site.add("work-order", &slip());
    assert_eq!(answer.code, 3, "{}", answer.err);
    assert_eq!(answer.json()["refused"]["code"], "file");
    assert!(
        std::fs::read_to_string(site.file())
            .unwrap()
            .starts_with("this is a letter")
    );

    let site = Site::new();
    let other = rusqlite::Connection::open(site.file()).unwrap();
    other
        .execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (1);")
        .unwrap();
    drop(other);
    let before = std::fs::read(site.file()).unwrap();
    assert_eq!(site.add("work-order", &slip()).code, 3);
    assert_eq!(
        std::fs::read(site.file()).unwrap(),
        before,
        "not one byte was changed"
    );
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let site = Site::new();
    three(&site);
    rusqlite::Connection::open(site.file())
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let answer = site.show("W-2026-00001");
    assert_eq!(answer.code, 3);
    assert!(answer.err.contains("99"), "{}", answer.err);
}

#[test]
fn a_place_that_cannot_be_written_is_told() {
    let site = Site::new();
    let folder = site.folder().join("desk.db");
    std::fs::create_dir(&folder).unwrap();
    assert_eq!(
        site.add("work-order", &slip()).code,
        3,
        "the file is a folder"
    );
    let site = Site::new();
    std::fs::write(site.folder().join("plain"), "x").unwrap();
    let path = site.folder().join("plain/desk.db");
    let answer = site.run_with(
        &[
            "--file",
            path.to_str().unwrap(),
            "add",
            "work-order",
            "--json",
            "-",
        ],
        &slip().to_string(),
    );
    assert_ne!(answer.code, 0);
}

#[test]
fn a_changed_byte_in_any_entry_is_found() {
    let site = Site::new();
    three(&site);
    assert_eq!(site.run(&["check", "--format", "json"]).fine()["ok"], true);
    // The first entry takes up the rules.
    for seq in 2..=4 {
        let copy = site.folder().join(format!("copy-{seq}.db"));
        assert_eq!(site.run(&["backup", copy.to_str().unwrap()]).code, 0);
        let conn = rusqlite::Connection::open(&copy).unwrap();
        conn.execute_batch("DROP TRIGGER journal_keeps_its_lines")
            .unwrap();
        conn.execute(
            "UPDATE journal SET line = replace(line, '厨房水', '厨房氷') WHERE seq = ?",
            [seq],
        )
        .unwrap();
        drop(conn);
        let answer = site.run(&[
            "--file",
            copy.to_str().unwrap(),
            "check",
            "--format",
            "json",
        ]);
        assert_eq!(answer.code, 1);
        let findings = answer.json()["findings"].to_string();
        assert!(findings.contains(&format!("第 {seq} 条")), "{findings}");
    }
}

#[test]
fn projections_that_were_lost_are_rebuilt_from_the_journal() {
    let site = Site::new();
    three(&site);
    let before = site.show("W-2026-00002").fine();
    let conn = rusqlite::Connection::open(site.file()).unwrap();
    conn.execute_batch("DELETE FROM record WHERE no = 'W-2026-00002'; UPDATE record SET body = replace(body, '李女士', '王女士');").unwrap();
    drop(conn);
    let answer = site.run(&["check", "--format", "json"]);
    assert_eq!(answer.code, 1, "{}", answer.out);
    assert_eq!(
        site.run(&["check", "--rebuild", "--format", "json"]).fine()["ok"],
        true
    );
    assert_eq!(site.show("W-2026-00002").fine(), before);
    assert_eq!(
        site.run(&["list", "work-order", "--search", "漏水", "--format", "json"])
            .fine()["items"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn two_processes_on_one_file_both_work() {
    let site = Site::new();
    three(&site);
    let add = ["add", "work-order", "--json", "-", "--format", "json"];
    let handles: Vec<_> = (0..4)
        .map(|_| {
            let mut child = site.command(&add).spawn().unwrap();
            let lines: String = (0..10).map(|_| format!("{}\n", slip())).collect();
            std::io::Write::write_all(&mut child.stdin.take().unwrap(), lines.as_bytes()).unwrap();
            child
        })
        .collect();
    for child in handles {
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let checked = site.run(&["check", "--format", "json"]).fine();
    assert_eq!(
        (&checked["ok"], &checked["records"]),
        (&json!(true), &json!(43))
    );
}

#[test]
fn a_backup_is_whole_and_never_overwrites() {
    let site = Site::new();
    three(&site);
    let copy = site.folder().join("copy.db");
    let path = copy.to_str().unwrap();
    assert_eq!(site.run(&["backup", path]).code, 0);
    assert_eq!(site.run(&["backup", path]).code, 3, "it exists");
    assert_eq!(
        site.run(&["--file", path, "check", "--format", "json"])
            .fine()["records"],
        3
    );
    assert!(!site.folder().join("copy.db.part").exists());
    assert_eq!(
        site.run(&["--file", "nowhere.db", "backup", "x.db"]).code,
        3,
        "there is nothing to back up"
    );
    assert!(!site.folder().join("nowhere.db").exists());
}

#[test]
fn the_file_is_kept_as_it_must_be() {
    let site = Site::new();
    three(&site);
    let conn = rusqlite::Connection::open(site.file()).unwrap();
    let get = |pragma: &str| {
        conn.query_row(&format!("PRAGMA {pragma}"), [], |row| {
            row.get::<_, rusqlite::types::Value>(0)
        })
        .unwrap()
    };
    assert_eq!(get("application_id"), 0x4475_7479_i64.into());
    assert_eq!(get("journal_mode"), "wal".to_owned().into());
    let loose: i64 = conn
        .query_row("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite_%'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(loose, 0, "every table is STRICT");
    let void = conn.execute("UPDATE record SET state = 'void'", []);
    assert!(
        void.is_err(),
        "a void without a reason is refused by the file itself"
    );
    assert!(
        conn.execute("DELETE FROM journal", []).is_err(),
        "the journal loses nothing"
    );
}
