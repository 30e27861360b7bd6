//! What every built-in paper must keep to, and how papers are issued and outrun.

mod built_in;
mod lives;
mod papers;

use std::path::Path;

use serde_json::{Value, json};

use super::issue::Standing;
use super::sheet::Block;
use super::*;
use crate::base::time::Instant;
use crate::desk::Desk;
use crate::desk::view::{Request, Target};
use crate::record::request::Operator;
use crate::rules::ruleset::Rules;
use crate::store::Mode;

fn now(text: &str) -> Instant {
    Rules::built_in().unwrap().zone().parse(text).unwrap()
}

fn who() -> Operator {
    Operator {
        name: "小何".into(),
        role: Some("clerk".into()),
    }
}

/// A desk in memory.
fn desk() -> Desk {
    Desk::open(
        Path::new("not-there.db"),
        Mode::Look,
        Rules::built_in().unwrap(),
    )
    .unwrap()
}

fn act(desk: &mut Desk, target: Target, action: &str, data: Value, at: &str) -> String {
    let Value::Object(data) = data else {
        unreachable!()
    };
    let request = Request {
        target,
        action: Some(action.into()),
        data,
    };
    desk.act(&request, &who(), now(at))
        .unwrap()
        .view
        .record
        .head
        .no
}

fn slip(desk: &mut Desk) -> String {
    let data = json!({"content": "厨房漏水", "place": "3栋1203", "team": "水工班", "reporter": "周镕基", "phone": "13900000000"});
    act(
        desk,
        Target::New("work-order".into()),
        "issue",
        data,
        "2026-03-02T09:00",
    )
}

fn amend(desk: &mut Desk, no: &str, changes: Value, at: &str) {
    let data = json!({"changes": changes, "reason": "写错"});
    act(desk, Target::On(no.into()), "amend", data, at);
}

#[test]
fn a_print_issues_a_version_and_a_second_one_is_a_reprint() {
    let mut desk = desk();
    let no = slip(&mut desk);
    assert!(desk.draw(&no, "repair_slip", None).unwrap().standing == Standing::New);
    let first = desk
        .print(&no, "repair_slip", None, &who(), now("2026-03-02T09:05"))
        .unwrap();
    assert!(first.issued);
    assert_eq!(first.sheet.imprint.version, Some(1));
    assert_eq!(first.sheet.imprint.check.len(), 9);
    let again = desk
        .print(&no, "维修单", None, &who(), now("2026-03-05T10:00"))
        .unwrap();
    assert!(!again.issued);
    assert_eq!(again.sheet, first.sheet);
    let view = desk.view(&no).unwrap().unwrap();
    assert_eq!(view.history.len(), 2);
    assert!(!view.record.head.papers[0].outdated);
}

#[test]
fn a_changed_fact_outruns_the_paper_and_the_next_print_is_version_2() {
    let mut desk = desk();
    let no = slip(&mut desk);
    let first = desk
        .print(&no, "repair_slip", None, &who(), now("2026-03-02T09:05"))
        .unwrap();
    amend(
        &mut desk,
        &no,
        json!({"place": "3栋1302"}),
        "2026-03-02T09:30",
    );
    let view = desk.view(&no).unwrap().unwrap();
    assert!(view.record.head.papers[0].outdated);
    let stale = desk.draw(&no, "repair_slip", None).unwrap().standing;
    let Standing::Stale(_, changed) = stale else {
        panic!("{stale:?}")
    };
    assert_eq!(changed.len(), 1);
    assert_eq!(
        (changed[0].was.as_str(), changed[0].now.as_str()),
        ("3栋1203", "3栋1302")
    );
    let second = desk
        .print(&no, "repair_slip", None, &who(), now("2026-03-02T09:31"))
        .unwrap();
    assert_eq!(second.sheet.imprint.version, Some(2));
    assert_ne!(second.sheet.imprint.check, first.sheet.imprint.check);
}

#[test]
fn a_fact_that_only_grew_longer_has_changed_too() {
    let mut desk = desk();
    let no = slip(&mut desk);
    desk.print(&no, "repair_slip", None, &who(), now("2026-03-02T09:05"))
        .unwrap();
    amend(
        &mut desk,
        &no,
        json!({"place": "3栋12035"}),
        "2026-03-02T09:30",
    );
    assert!(desk.view(&no).unwrap().unwrap().record.head.papers[0].outdated);
}

#[test]
fn a_blank_that_is_filled_later_outruns_nothing() {
    let mut desk = desk();
    let no = slip(&mut desk);
    desk.print(&no, "repair_slip", None, &who(), now("2026-03-02T09:05"))
        .unwrap();
    let target = || Target::On(no.clone());
    act(
        &mut desk,
        target(),
        "sign_for",
        json!({"technician": "老李"}),
        "2026-03-02T09:10",
    );
    act(
        &mut desk,
        target(),
        "arrive",
        json!({"technician": "老李"}),
        "2026-03-02T09:40",
    );
    assert!(!desk.view(&no).unwrap().unwrap().record.head.papers[0].outdated);
}

#[test]
fn a_void_record_prints_as_void_and_leaves_no_entry() {
    let mut desk = desk();
    let no = slip(&mut desk);
    act(
        &mut desk,
        Target::On(no.clone()),
        "void",
        json!({"reason": "重复"}),
        "2026-03-02T09:30",
    );
    let printed = desk
        .print(&no, "repair_slip", None, &who(), now("2026-03-02T10:00"))
        .unwrap();
    assert_eq!(printed.sheet.imprint.mark, "作废");
    assert!(!printed.issued && printed.sheet.imprint.check.is_empty());
}

#[test]
fn what_stands_on_the_paper_comes_from_the_record() {
    let mut desk = desk();
    let no = slip(&mut desk);
    let sheet = desk.draw(&no, "repair_slip", None).unwrap().sheet;
    let Block::Form { rows, widths } = &sheet.blocks[0] else {
        panic!()
    };
    let texts: Vec<&str> = rows
        .iter()
        .flatten()
        .map(|cell| cell.text.as_str())
        .collect();
    assert!(
        texts.contains(&"周镕基") && texts.contains(&"☐电话 ☐前台 ☐当值日志 ☐巡查 ☐投诉 ☐停电"),
        "{texts:?}"
    );
    for row in rows {
        assert_eq!(
            row.iter().map(|cell| usize::from(cell.span)).sum::<usize>(),
            widths.len()
        );
    }
}

#[test]
fn a_description_that_is_wrong_is_refused_with_its_line() {
    let head = "title = \"a\"\ntitle_en = \"a\"\nregister = \"work-order\"\nclauses = []\n";
    for (body, line) in [
        ("[[block]]\n", 0),
        ("[[block]]\ntext = \"{place\"\n", 6),
        ("[[block]]\ntext = \"a\"\nfont = 3\n", 5),
        ("[[block]]\nwidths = [1]\nform = [[\"a\", \"b\"]]\n", 0),
        ("[[block]]\ngrid = []\n", 0),
    ] {
        let error = Layout::read("x", &format!("{head}{body}")).unwrap_err();
        assert_eq!(error.line, line, "{body}: {error:?}");
    }
}
