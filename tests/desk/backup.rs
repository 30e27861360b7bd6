//! Copies of the file and the way back, by the real binary.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use super::common::{Answer, Site, slip};

fn add(site: &Site, n: usize) {
    for _ in 0..n {
        let _ = site.add("work-order", &slip()).fine();
    }
}

fn names(folder: &Path) -> Vec<String> {
    let read = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = read
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    names
}

/// The company's own settings: where the second place is.
fn with_second(site: &Site, second: &Path) {
    let folder = site.folder().join("data/dutydesk/procedures");
    std::fs::create_dir_all(&folder).unwrap();
    let set = format!("backup_second = {:?}", second.display().to_string());
    let text = site.run(&["procedures", "site"]).out;
    assert!(text.contains("backup_second = \"\""));
    std::fs::write(
        folder.join("site.toml"),
        text.replace("backup_second = \"\"", &set),
    )
    .unwrap();
}

fn backup(site: &Site) -> Answer {
    site.run(&["backup", "--format", "json"])
}

fn state(site: &Site) -> Value {
    site.run(&["backup", "--state", "--format", "json"]).fine()
}

fn restore(site: &Site, copy: &Path, more: &[&str]) -> Answer {
    let args = ["restore", copy.to_str().unwrap(), "--format", "json"];
    site.run(&[&args, more].concat())
}

/// `check` of any file: its entries besides the one that takes up the rules.
fn checked(site: &Site, file: &Path) -> i64 {
    let answer = site.run(&[
        "--file",
        file.to_str().unwrap(),
        "check",
        "--format",
        "json",
    ]);
    let proof = answer.fine();
    assert_eq!(proof["ok"], true, "{proof}");
    proof["entries"].as_i64().unwrap() - 1
}

fn former(answer: &Value) -> PathBuf {
    PathBuf::from(answer["former"].as_str().unwrap())
}

#[test]
fn forty_days_leave_seven_days_and_the_end_of_each_month() {
    let mut site = Site::new();
    let folder = site.folder().join("backups");
    let first = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    for n in 0..40 {
        let day = first + chrono::Duration::days(n);
        site.now = format!("{day}T09:30:00+08:00");
        if n % 10 == 0 {
            add(&site, 1);
        }
        let made = backup(&site).fine();
        assert_eq!(made["spared"], json!([]), "{day}");
        assert!(
            names(&folder).len() <= 8,
            "{day}: dropped day by day, not at the end"
        );
    }
    let want: Vec<String> = ["2026-03-31"]
        .into_iter()
        .map(str::to_owned)
        .chain((4..=10).map(|day| format!("2026-04-{day:02}")))
        .map(|day| format!("desk-{day}.db"))
        .collect();
    assert_eq!(names(&folder), want);
    assert_eq!(checked(&site, &folder.join("desk-2026-03-31.db")), 3);
    assert_eq!(checked(&site, &folder.join("desk-2026-04-10.db")), 4);
    let state = state(&site);
    assert_eq!(
        (&state["today"], &state["last"]["at"], &state["second"]),
        (
            &json!(true),
            &json!("2026-04-10T09:30:00+08:00"),
            &Value::Null
        )
    );
    site.now = "2026-04-10T18:00:00+08:00".into();
    let told = site.run(&["backup", "--state"]);
    assert!(told.out.starts_with("备份 今天 09:30\n"), "{}", told.out);
}

#[test]
fn the_second_place_is_used_when_it_is_there() {
    let site = Site::new();
    add(&site, 2);
    let stick = site.folder().join("U盘 1/值班备份");
    with_second(&site, &stick);
    let absent = backup(&site).fine();
    assert_eq!(absent["second"]["present"], false, "no error");
    assert!(
        !stick.exists(),
        "an empty folder is not taken for the stick"
    );
    assert_eq!(state(&site)["second"]["present"], false);
    std::fs::create_dir_all(&stick).unwrap();
    let there = backup(&site).fine();
    let copy = stick.join("desk-2026-03-02.db");
    assert_eq!(there["second"]["file"], copy.to_str().unwrap());
    assert_eq!(checked(&site, &copy), 2);
    assert_eq!(state(&site)["second"]["last"]["entries"], 3);
    let words = site.run(&["backup", "--state"]).out;
    assert!(
        words.starts_with("备份 今天 18:00 · U盘 今天 18:00\n"),
        "{words}"
    );
    std::fs::remove_dir_all(stick.parent().unwrap()).unwrap();
    let away = state(&site);
    assert_eq!(away["second"]["present"], false);
    assert_eq!(
        away["second"]["last"]["entries"], 3,
        "what is on it is remembered"
    );
}

#[test]
fn a_second_place_that_cannot_be_written_is_told_and_costs_nothing() {
    let site = Site::new();
    add(&site, 1);
    let stick = site.folder().join("stick");
    // Stands in the way of the file that is written there, as a full stick would.
    std::fs::create_dir_all(stick.join("desk-2026-03-02.db.part")).unwrap();
    with_second(&site, &stick);
    let answer = backup(&site);
    assert_eq!(answer.code, 1, "{}", answer.err);
    assert!(
        answer.err.contains("desk-2026-03-02.db.part"),
        "{}",
        answer.err
    );
    let made = answer.json();
    assert_eq!(made["second"]["present"], true);
    assert!(!made["second"]["why"].as_str().unwrap().is_empty());
    assert_eq!(
        checked(&site, Path::new(made["backup"].as_str().unwrap())),
        1
    );
    assert!(state(&site)["second"]["why"].is_string(), "remembered");
    std::fs::remove_dir(stick.join("desk-2026-03-02.db.part")).unwrap();
    let _ = backup(&site).fine();
    assert_eq!(state(&site)["second"]["why"], Value::Null);
}

#[test]
fn a_restore_tells_what_is_lost_and_keeps_the_former_file() {
    let mut site = Site::new();
    add(&site, 3);
    let copy = site.folder().join("old.db");
    assert_eq!(site.run(&["backup", copy.to_str().unwrap()]).code, 0);
    add(&site, 2);
    site.now = "2026-03-02T18:05:00+08:00".into();
    let asked = restore(&site, &copy, &[]);
    assert_eq!(asked.code, 1, "nobody is asked without a terminal");
    assert_eq!(asked.json()["restored"], false);
    assert!(asked.err.contains("--yes"));
    assert_eq!(checked(&site, &site.file()), 5, "untouched");
    let before = names(site.folder());
    let answer = restore(&site, &copy, &["--yes"]).fine();
    assert_eq!(
        answer["present"]["lost"],
        json!({"entries": 2, "records": 2, "numbers": ["W-2026-00004", "W-2026-00005"]})
    );
    assert_eq!(
        (&answer["copy"]["entries"], &answer["copy"]["records"]),
        (&json!(4), &json!({"work-order": 3}))
    );
    assert_eq!(answer["copy"]["last"], "2026-03-02T18:00:00+08:00");
    assert_eq!(checked(&site, &site.file()), 3);
    let kept = former(&answer);
    assert_eq!(
        kept.file_name().unwrap(),
        "desk-before-restore-20260302-180500.db"
    );
    assert_eq!(
        names(site.folder()).len(),
        before.len() + 1,
        "nothing else is left"
    );
    assert_eq!(checked(&site, &kept), 5);
    let back = restore(&site, &kept, &["--yes"]).fine();
    assert_eq!(back["present"]["gained"]["entries"], 2);
    assert_eq!(checked(&site, &site.file()), 5, "and back again");
    assert_ne!(former(&back), kept, "no safety copy takes another's name");
    let words = site.run(&["restore", copy.to_str().unwrap(), "--yes"]);
    for told in [
        "2 条经过",
        "W-2026-00004 W-2026-00005",
        "before-restore",
        "维修 3 条",
    ] {
        assert!(words.out.contains(told), "{told}: {}", words.out);
    }
}

#[test]
fn a_restore_into_an_empty_place_needs_no_safety_copy() {
    let site = Site::new();
    add(&site, 2);
    let copy = site.folder().join("old.db");
    assert_eq!(site.run(&["backup", copy.to_str().unwrap()]).code, 0);
    let fresh = site.folder().join("new place/desk.db");
    let args = ["--file", fresh.to_str().unwrap()];
    let answer = site.run(
        &[
            &args,
            &[
                "restore",
                copy.to_str().unwrap(),
                "--yes",
                "--format",
                "json",
            ][..],
        ]
        .concat(),
    );
    let answer = answer.fine();
    assert_eq!(
        (&answer["present"]["state"], &answer["former"]),
        (&json!("none"), &Value::Null)
    );
    assert_eq!(checked(&site, &fresh), 2);
}

#[test]
fn a_copy_that_does_not_prove_is_refused_and_nothing_is_touched() {
    let site = Site::new();
    add(&site, 30);
    let good = site.folder().join("good.db");
    assert_eq!(site.run(&["backup", good.to_str().unwrap()]).code, 0);
    let bytes = std::fs::read(&good).unwrap();
    let changed = |name: &str, change: &dyn Fn(&Path)| {
        let path = site.folder().join(name);
        std::fs::write(&path, &bytes).unwrap();
        change(&path);
        path
    };
    let sql = |text: &'static str| {
        move |path: &Path| {
            rusqlite::Connection::open(path)
                .unwrap()
                .execute_batch(text)
                .unwrap()
        }
    };
    let copies = [
        changed(
            "changed.db",
            &sql(
                "DROP TRIGGER journal_keeps_its_lines; UPDATE journal SET line = replace(line, '漏水', '漏电') WHERE seq = 7",
            ),
        ),
        changed(
            "short.db",
            &sql("DROP TRIGGER journal_loses_nothing; DELETE FROM journal WHERE seq = 9"),
        ),
        changed("newer.db", &sql("PRAGMA user_version = 99")),
        changed("cut.db", &|path| {
            std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap()
        }),
        changed("holes.db", &|path| {
            let mut broken = bytes.clone();
            let middle = broken.len() / 2;
            broken[middle..middle + 6000].fill(0xa5);
            std::fs::write(path, broken).unwrap();
        }),
        changed("letter.db", &|path| {
            std::fs::write(path, "a letter").unwrap()
        }),
        changed("empty.db", &|path| std::fs::write(path, "").unwrap()),
        changed("other.db", &|path| {
            std::fs::remove_file(path).unwrap();
            sql("CREATE TABLE t (x)")(path);
        }),
        site.folder().join("nowhere.db"),
        site.file(),
        site.folder().to_owned(),
    ];
    let before = names(site.folder());
    for copy in &copies {
        let held = std::fs::read(copy).ok();
        let answer = restore(&site, copy, &["--yes"]);
        assert_eq!(
            answer.code,
            3,
            "{} {} {}",
            copy.display(),
            answer.out,
            answer.err
        );
        assert_eq!(answer.json()["refused"]["code"], "file");
        assert_eq!(
            std::fs::read(copy).ok(),
            held,
            "{} is left as it is",
            copy.display()
        );
        assert_eq!(names(site.folder()), before, "{}", copy.display());
    }
    assert_eq!(checked(&site, &site.file()), 30);
}

#[test]
fn a_file_that_somebody_has_open_is_not_replaced() {
    let site = Site::new();
    add(&site, 2);
    let copy = site.folder().join("old.db");
    assert_eq!(site.run(&["backup", copy.to_str().unwrap()]).code, 0);
    add(&site, 1);
    // An idle desk: it has read, and holds no transaction.
    let desk = rusqlite::Connection::open(site.file()).unwrap();
    let entries: i64 = desk
        .query_row("SELECT count(*) FROM journal", [], |row| row.get(0))
        .unwrap();
    assert_eq!(entries, 4);
    let answer = restore(&site, &copy, &["--yes"]);
    assert_eq!(answer.code, 3, "{}", answer.out);
    assert!(answer.err.contains("打开"), "{}", answer.err);
    desk.execute("INSERT INTO memo VALUES ('still', 'here')", [])
        .unwrap();
    drop(desk);
    // Opened before, but not looked at yet: what it writes afterwards must not vanish with the former file.
    let late = rusqlite::Connection::open(site.file()).unwrap();
    assert_eq!(restore(&site, &copy, &["--yes"]).fine()["restored"], true);
    assert!(
        late.execute("INSERT INTO memo VALUES ('late', 'lost')", [])
            .is_err()
    );
    drop(late);
    assert_eq!(checked(&site, &site.file()), 2);
}

#[test]
fn a_damaged_file_gives_way_and_is_kept_as_it_is() {
    for garbage in [
        &b"not a database any more, but somebody may still read it"[..],
        b"",
    ] {
        let site = Site::new();
        add(&site, 4);
        let copy = site.folder().join("old.db");
        assert_eq!(site.run(&["backup", copy.to_str().unwrap()]).code, 0);
        std::fs::write(site.file(), garbage).unwrap();
        std::fs::write(
            site.folder().join("desk.db-wal"),
            "a log of the damaged file",
        )
        .unwrap();
        let answer = restore(&site, &copy, &["--yes"]).fine();
        assert_eq!(answer["present"]["state"], "damaged");
        assert_eq!(std::fs::read(former(&answer)).unwrap(), garbage);
        let log = format!("{}-wal", former(&answer).display());
        assert_eq!(std::fs::read(log).unwrap(), b"a log of the damaged file");
        assert_eq!(checked(&site, &site.file()), 4);
    }
}

#[test]
fn a_restore_that_is_killed_leaves_one_of_the_two_files_whole() {
    let site = Site::new();
    let demo = ["demo", "--no-open", "--records", "400"];
    assert_eq!(site.run(&demo).code, 0);
    let copies = [site.folder().join("a.db"), site.folder().join("b.db")];
    let path = |at: usize| copies[at].to_str().unwrap();
    assert_eq!(site.run(&["backup", path(0)]).code, 0);
    add(&site, 5);
    assert_eq!(site.run(&["backup", path(1)]).code, 0);
    let known = copies.each_ref().map(|copy| checked(&site, copy));
    let begun = Instant::now();
    assert_eq!(restore(&site, &copies[0], &["--yes"]).code, 0);
    let whole = u64::try_from(begun.elapsed().as_micros()).unwrap();
    let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(7);
    let mut killed = 0;
    for round in 0..12 {
        let mut child = site
            .command(&[
                "restore",
                path((round + 1) % 2),
                "--yes",
                "--format",
                "json",
            ])
            .spawn()
            .unwrap();
        // The later half is where the file changes hands.
        std::thread::sleep(Duration::from_micros(
            dice.random_range(whole / 4..whole * 11 / 10),
        ));
        child.kill().unwrap();
        killed += usize::from(!child.wait().unwrap().success());
        let entries = checked(&site, &site.file());
        assert!(
            known.contains(&entries),
            "round {round}: {entries} of {known:?}"
        );
    }
    assert!(killed > 3, "{killed}: most were killed in the middle");
    for name in names(site.folder()) {
        if name.contains("before-restore") && name.ends_with(".db") {
            let entries = checked(&site, &site.folder().join(&name));
            assert!(
                known.contains(&entries),
                "{name}: a safety copy has its name only when whole"
            );
        }
    }
    assert_eq!(restore(&site, &copies[0], &["--yes"]).code, 0);
    let parts: Vec<String> = names(site.folder())
        .into_iter()
        .filter(|name| name.ends_with(".restore.part"))
        .collect();
    assert!(parts.is_empty(), "{parts:?}");
}
