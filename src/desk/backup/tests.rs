//! Stopping and failing leave nothing half, and nothing that only a copy has is dropped.

use std::ops::ControlFlow;
use std::path::Path;

use serde_json::json;

use super::restore::{Present, Restore};
use super::{Place, Second};
use crate::base::i18n::{Lang, Voice};
use crate::base::progress::Progress;
use crate::base::time::{Instant, Zone};
use crate::desk::Desk;
use crate::desk::view::{Request, Target};
use crate::record::request::Operator;
use crate::rules::ruleset::Rules;
use crate::store::Mode;

fn at(text: &str) -> Instant {
    Zone::default().parse(text).unwrap()
}

fn rules(second: &Path) -> Rules {
    let site = include_str!("../../../assets/procedures/site.toml");
    let set = format!("backup_second = {:?}", second.display().to_string());
    Rules::built_in()
        .unwrap()
        .with_file("site", &site.replace("backup_second = \"\"", &set))
        .unwrap()
}

fn write(desk: &mut Desk, now: &str) {
    let Ok(serde_json::Value::Object(data)) =
        serde_json::from_str(r#"{"content": "漏水", "place": "3栋1203", "team": "水工班"}"#)
    else {
        panic!("an object")
    };
    let who = Operator {
        name: "钱文员".into(),
        role: None,
    };
    let target = Target::New("work-order".into());
    let request = Request {
        target,
        action: None,
        data,
    };
    desk.act(&request, &who, at(now)).unwrap();
}

fn go(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn names(folder: &Path) -> Vec<String> {
    let read = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = read
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with(".lock"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_copy_that_is_stopped_anywhere_leaves_nothing_and_drops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let stick = folder.path().join("stick");
    std::fs::create_dir(&stick).unwrap();
    let file = folder.path().join("desk.db");
    let mut desk = Desk::open(&file, Mode::Create, rules(&stick)).unwrap();
    let now = at("2026-03-02T09:00");
    write(&mut desk, "2026-03-02T08:00");
    let copies = folder.path().join("backups");
    let mut told = 0;
    let mut count = |_: Progress| {
        told += 1;
        ControlFlow::Continue(())
    };
    assert!(desk.back_up(now, &mut count).unwrap().is_some());
    assert!(told >= 2, "the copy, and the second place");
    for stop in 1..=told {
        std::fs::remove_dir_all(&copies).unwrap();
        let _ = std::fs::remove_file(stick.join("desk-2026-03-02.db"));
        let mut left = stop;
        let made = desk.back_up(now, &mut |_| {
            left -= 1;
            match left {
                0 => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            }
        });
        match made.unwrap() {
            None => assert!(names(&copies).is_empty()),
            Some(made) => assert_eq!(made.second, Second::Stopped),
        }
        assert!(names(&stick).is_empty(), "nothing half on the stick");
    }
}

#[test]
fn what_only_an_old_copy_has_is_neither_overwritten_nor_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let stick = folder.path().join("stick");
    let file = folder.path().join("desk.db");
    let other = folder.path().join("other.db");
    let mut desk = Desk::open(&file, Mode::Create, rules(&stick)).unwrap();
    write(&mut desk, "2026-01-02T08:00");
    let old = folder.path().join("backups");
    let _ = desk.back_up(at("2026-01-02T09:00"), &mut go).unwrap();
    // Another history of the same name: its entry is in no copy of the present file.
    let mut stray = Desk::open(&other, Mode::Create, rules(&stick)).unwrap();
    write(&mut stray, "2026-01-03T11:00");
    let stray_copy = old.join("desk-2026-01-03.db");
    assert!(stray.backup(&stray_copy, &mut go).unwrap().is_some());
    std::fs::write(old.join("desk-2026-01-04.db"), "no database at all").unwrap();
    let made = desk.back_up(at("2026-01-03T12:30:05"), &mut go).unwrap();
    let made = made.unwrap();
    assert_eq!(made.file, old.join("desk-2026-01-03-123005.db"));
    assert_eq!(made.second, Second::Absent(stick.clone()));
    for day in 10..20 {
        let _ = desk
            .back_up(at(&format!("2026-01-{day}T09:00")), &mut go)
            .unwrap();
    }
    let left = names(&old);
    assert_eq!(left.len(), 7 + 2, "{left:?}");
    assert!(left.contains(&"desk-2026-01-03.db".to_owned()));
    assert!(left.contains(&"desk-2026-01-04.db".to_owned()));
    let state = desk.backup_state(at("2026-01-19T18:00")).unwrap();
    assert_eq!((state.today, &state.place), (true, &Place::Absent));
    let voice = Voice::default();
    assert_eq!(
        state.line(&voice, at("2026-01-19T18:00")),
        "备份 今天 09:00 · U盘 未插"
    );
    assert_eq!(
        state.line(&voice, at("2026-01-20T18:00")),
        "备份 2026-01-19 09:00 · U盘 未插"
    );
    let english = Voice {
        lang: Lang::En,
        ..voice
    };
    assert_eq!(
        state.line(&english, at("2026-01-19T18:00")),
        "Backup today 09:00 · stick not there"
    );
}

#[test]
fn the_open_desk_copies_once_a_day_and_when_the_stick_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let stick = folder.path().join("stick");
    let mut desk = Desk::open(&folder.path().join("desk.db"), Mode::Create, rules(&stick)).unwrap();
    let now = at("2026-03-02T09:00");
    let due = |desk: &Desk| desk.back_up_when_due(now, &mut go).unwrap();
    assert!(!due(&desk), "an empty file holds nothing");
    write(&mut desk, "2026-03-02T08:00");
    assert!(due(&desk) && !due(&desk), "once");
    std::fs::create_dir(&stick).unwrap();
    assert!(due(&desk) && !due(&desk), "the stick is caught up once");
    assert_eq!(names(&stick), ["desk-2026-03-02.db"]);
    desk.set_memo("demo", "600/1").unwrap();
    assert!(
        !desk
            .back_up_when_due(at("2026-03-03T09:00"), &mut go)
            .unwrap()
    );
}

#[test]
fn tables_that_differ_from_the_journal_are_built_anew_when_restored() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("desk.db");
    let copy = folder.path().join("copy.db");
    let rules = Rules::built_in().unwrap();
    let mut desk = Desk::open(&file, Mode::Create, rules.clone()).unwrap();
    write(&mut desk, "2026-03-02T08:00");
    assert!(desk.backup(&copy, &mut go).unwrap().is_some());
    drop(desk);
    let conn = rusqlite::Connection::open(&copy).unwrap();
    conn.execute_batch("UPDATE record SET body = replace(body, '漏水', '停水')")
        .unwrap();
    drop(conn);
    let restore = Restore {
        copy: &copy,
        to: &file,
        rules: &rules,
        now: at("2026-03-02T09:00"),
    };
    let report = restore.look(&mut go).unwrap().unwrap();
    assert_eq!(report.copy.stale.len(), 1);
    assert!(matches!(&report.present, Present::Whole { lost, .. } if lost.entries == 0));
    let taken = restore.take(&report).unwrap();
    assert!(restore.put(&report, taken, &mut go).unwrap().is_some());
    let desk = Desk::open(&file, Mode::Existing, rules).unwrap();
    let view = desk.view("W-2026-00001").unwrap().unwrap();
    assert_eq!(view.record.body["content"], json!("漏水"));
    let told: serde_json::Value =
        serde_json::from_str(&desk.memo("restored").unwrap().unwrap()).unwrap();
    assert!(told["former"].as_str().unwrap().contains("before-restore"));
}
