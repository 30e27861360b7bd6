//! Acting: one act is one entry and what follows of it; what is refused leaves nothing at all.

use serde_json::{Value, json};

use super::house::{house, said};
use super::{Stage, at, refusal};
use crate::base::refusal::RefusalCode;
use crate::desk::Desk;
use crate::desk::view::{Request, Target};
use crate::record::request::Operator;
use crate::rules::ruleset::Rules;
use crate::store::Mode;

fn slip() -> Value {
    json!({"content": "漏水", "place": "3栋1203", "team": "水工班"})
}

fn of(register: &str) -> Target {
    Target::New(register.into())
}

fn on(no: &str) -> Target {
    Target::On(no.into())
}

#[test]
fn one_act_is_one_entry_and_what_follows_names_it() {
    let mut stage = Stage::new();
    let no = stage.open("work-order", "issue", slip());
    // The first act of a file takes up the rules before it.
    assert_eq!(stage.desk.entries().unwrap(), 2);
    let (done, seq) = stage.act(&no, "sign_for", json!({"technician": "小王"}));
    assert_eq!((seq, done.spawned.len()), (3, 0));
    assert_eq!(stage.desk.entries().unwrap(), 3);
    let log = stage.open("outage", "occur", json!({"areas": ["B座"]}));
    let opening = 4;
    let after: Vec<i64> = (opening + 1..=stage.desk.entries().unwrap()).collect();
    assert!(
        !after.is_empty(),
        "a blackout writes its own line of the log"
    );
    for seq in after {
        let row = stage.desk.entry_at(seq).unwrap().unwrap();
        let entry = crate::record::entry::Entry::read(&row.line).unwrap();
        assert_eq!(entry.cause, Some(opening), "{log}: entry {seq}");
    }
    stage.proves();
}

#[test]
fn what_is_refused_leaves_every_table_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut stage = house(&path);
    let before = said(&path).unwrap();
    let (slip_no, outage, log) = ("W-2026-00009", "O-2026-00001", "L-2026-00003");
    let ahead = at("2027-01-01T00:00");
    let cases: Vec<(Target, &str, Value, RefusalCode, Option<&str>)> = vec![
        (
            of("work-order"),
            "issue",
            json!({"content": "x"}),
            RefusalCode::MissingField,
            Some("place"),
        ),
        (
            of("work-order"),
            "issue",
            json!({"content": "x", "place": "y", "team": "z", "colour": 1}),
            RefusalCode::UnknownField,
            Some("colour"),
        ),
        (
            of("work-order"),
            "issue",
            json!({"content": "x", "place": "y", "team": "z", "at": ahead}),
            RefusalCode::Future,
            Some("at"),
        ),
        (
            of("complaint"),
            "receive",
            json!({"procedure": "x", "complainant": "王", "content": "吵"}),
            RefusalCode::BadValue,
            Some("procedure"),
        ),
        (
            of("garden"),
            "issue",
            slip(),
            RefusalCode::BadValue,
            Some("register"),
        ),
        (
            of("work-order"),
            "archive",
            json!({}),
            RefusalCode::UnknownAction,
            Some("action"),
        ),
        (
            of("log"),
            "seal",
            json!({"text": "x"}),
            RefusalCode::UnknownAction,
            Some("action"),
        ),
        (
            on(slip_no),
            "fly",
            json!({}),
            RefusalCode::UnknownAction,
            Some("action"),
        ),
        (
            on("W-2026-09999"),
            "remark",
            json!({"text": "x"}),
            RefusalCode::UnknownRecord,
            None,
        ),
        (
            on("X-2026-00001"),
            "remark",
            json!({"text": "x"}),
            RefusalCode::UnknownRecord,
            None,
        ),
        (
            on(slip_no),
            "correct",
            json!({"entry": 1, "changes": {"content": "x"}, "reason": "y"}),
            RefusalCode::BadValue,
            Some("entry"),
        ),
        (
            on(slip_no),
            "link",
            json!({"kind": "child", "to": "W-2026-09999"}),
            RefusalCode::UnknownRecord,
            Some("to"),
        ),
        (on(outage), "restore", json!({}), RefusalCode::NotNow, None),
        (
            on(log),
            "seal",
            json!({}),
            RefusalCode::UnknownAction,
            Some("action"),
        ),
    ];
    for (target, action, data, code, field) in cases {
        let told = format!("{target:?} {action} {data}");
        let refusal = stage.refused(target, action, data);
        assert_eq!(
            (refusal.code, refusal.field.as_deref()),
            (code, field),
            "{told}"
        );
    }
    assert_eq!(said(&path).unwrap(), before);
}

#[test]
fn a_refused_record_uses_up_no_number() {
    let mut stage = Stage::new();
    let first = stage.open("work-order", "issue", slip());
    stage.refused(of("work-order"), "issue", json!({"content": "漏水"}));
    let second = stage.open("work-order", "issue", slip());
    assert_eq!(
        (first.as_str(), second.as_str()),
        ("W-2026-00001", "W-2026-00002")
    );
}

#[test]
fn a_paper_number_that_another_slip_has_is_told_by_its_record() {
    let mut stage = Stage::new();
    let mut numbered = slip();
    numbered["paper_no"] = json!("0310001");
    let first = stage.open("work-order", "issue", numbered.clone());
    // However it is typed.
    numbered["paper_no"] = json!("０３１０００１");
    let refusal = stage.refused(of("work-order"), "issue", numbered.clone());
    assert_eq!(refusal.code, RefusalCode::Duplicate);
    assert_eq!(refusal.field.as_deref(), Some("paper_no"));
    let words = crate::base::i18n::Voice::default().say(&refusal.message);
    assert!(words.contains(&first), "{words}");
    stage.act(&first, "void", json!({"reason": "写错"}));
    let second = stage.open("work-order", "issue", numbered);
    assert_eq!(second, "W-2026-00002", "what was voided frees its number");
}

#[test]
fn what_is_typed_long_after_it_happened_is_marked_as_such() {
    let mut stage = Stage::new();
    for (minutes, late) in [(0, false), (-15, false), (-16, true)] {
        let at = stage.now.plus_minutes(minutes + 1);
        let mut data = slip();
        data["at"] = json!(at);
        let no = stage.open("work-order", "issue", data);
        let entry = &stage.view(&no).history[0].entry;
        assert_eq!(entry.late_entry, late, "{minutes}");
        assert_eq!((entry.at, entry.entered), (at, stage.now));
        assert_eq!(entry.by, "赵值班");
    }
}

#[test]
fn who_did_it_may_be_another_than_who_types() {
    let mut stage = Stage::new();
    let mut data = slip();
    data["by"] = json!("陈文员");
    let no = stage.open("work-order", "issue", data);
    let view = stage.view(&no);
    assert_eq!(view.record.head.by, "陈文员");
    assert_eq!(view.history[0].entry.by, "陈文员");
}

#[test]
fn a_file_that_is_only_shown_takes_nothing_from_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut stage = house(&path);
    stage.desk.only_show("2026-05").unwrap();
    let before = said(&path).unwrap();
    // Nor does a desk that opens it later.
    let mut later = Stage::of(&path, Mode::Existing);
    assert!(later.desk.only_shown());
    for stage in [&mut stage, &mut later] {
        let refused = stage.refused(of("work-order"), "issue", slip());
        assert_eq!(refused.message.key, "file.sealed_copy");
        let (who, now) = (Stage::who(), stage.now);
        let bulk = stage.desk.bulk(now, |_| Ok(()));
        assert_eq!(refusal(bulk).message.key, "file.sealed_copy");
        let rehearsed = stage.desk.rehearse(now, |_| Ok(()));
        assert_eq!(refusal(rehearsed).message.key, "file.sealed_copy");
        let printed = stage
            .desk
            .print("W-2026-00009", "repair_slip", None, &who, now);
        assert_eq!(refusal(printed).message.key, "file.sealed_copy");
    }
    assert_eq!(said(&path).unwrap(), before);
    assert_eq!(later.view("W-2026-00009").record.head.no, "W-2026-00009");
}

#[test]
fn two_desks_on_one_file_give_no_number_twice_and_see_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut one = Stage::of(&path, Mode::Create);
    let mut other = Stage::of(&path, Mode::Existing);
    let first = one.open("work-order", "issue", slip());
    assert!(other.desk.changed().unwrap());
    let second = other.open("work-order", "issue", slip());
    other.act(&first, "sign_for", json!({"technician": "小王"}));
    assert_eq!(second, "W-2026-00002");
    assert!(one.desk.changed().unwrap());
    assert_eq!(one.view(&first).record.head.state, "signed_for");
    // The rules were taken up once, by whoever came first.
    let taken = one.desk.store.rules_count(i64::MAX).unwrap();
    assert_eq!(taken, 1);
    one.proves();
}

#[test]
fn numbers_bear_the_desk_and_the_year_of_the_site() {
    let built_in = Rules::built_in().unwrap();
    let site = built_in.texts()["site"].clone();
    assert!(site.contains("desk = \"\""));
    let rules = built_in
        .with_file("site", &site.replace("desk = \"\"", "desk = \"B\""))
        .unwrap();
    let path = std::path::Path::new("not-there.db");
    let mut desk = Desk::open(path, Mode::Look, rules).unwrap();
    let who = Operator::default();
    let request = Request {
        target: of("work-order"),
        action: None,
        data: super::house::map(slip()),
    };
    for (now, no) in [
        ("2026-12-31T23:59:59", "W-B-2026-00001"),
        ("2027-01-01T00:00", "W-B-2027-00001"),
    ] {
        let done = desk.act(&request, &who, at(now)).unwrap();
        assert_eq!(done.view.record.head.no, no);
        assert_eq!(done.view.history[0].entry.desk, "B");
    }
}
