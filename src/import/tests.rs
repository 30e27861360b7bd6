//! Plans and runs against a real file: batches, stopping, what is there already.

use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::*;
use crate::base::time::{Instant, Zone};
use crate::desk::Desk;
use crate::record::request::Operator;
use crate::rules::ruleset::Rules;
use crate::store::Mode;

fn now() -> Instant {
    Zone::default().parse("2026-03-02T18:00").unwrap()
}

fn desk(folder: &Path) -> Desk {
    let rules = Rules::built_in().unwrap();
    Desk::open(&folder.join("desk.db"), Mode::Create, rules).unwrap()
}

fn file(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("old.csv");
    std::fs::write(&path, text).unwrap();
    path
}

fn clerk() -> Operator {
    Operator {
        name: "陈文员".into(),
        role: None,
    }
}

fn go(desk: &mut Desk, plan: &Plan, way: Way) -> Outcome {
    run(desk, plan, &clerk(), now(), way, &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap()
}

fn slips(count: usize) -> String {
    let mut text = String::from("单号,报修日期,房号,内容,班组\n");
    for n in 1..=count {
        writeln!(text, "{n:07},2025-3-{},3栋1203,漏水 {n},水工班", n % 28 + 1).unwrap();
    }
    text
}

#[test]
fn stopped_after_a_batch_it_goes_on_from_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), &slips(1_200));
    let plan = plan(&path, "work-order", &Options::default()).unwrap();
    let mut desk = desk(folder.path());
    let mut told = Vec::new();
    let outcome = run(
        &mut desk,
        &plan,
        &clerk(),
        now(),
        Way::Keep,
        &mut |progress| {
            told.push(progress.done);
            ControlFlow::Break(())
        },
    )
    .unwrap();
    assert!(outcome.cancelled && outcome.broken.is_none());
    assert_eq!((outcome.kept, told), (500, vec![500]));
    // One of them takes up the rules that the file is worked by.
    assert_eq!(desk.entries().unwrap(), 501);
    let outcome = go(&mut desk, &plan, Way::Keep);
    assert!(!outcome.cancelled);
    assert_eq!((outcome.kept, outcome.already), (700, 500));
    let numbers = outcome.numbers.unwrap();
    assert_eq!(numbers.1, "W-2026-01200", "a series without a gap");
}

#[test]
fn a_trial_checks_everything_and_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{}9,2027-1-1,3栋,来年,水工班\n", slips(3));
    let path = file(folder.path(), &text);
    let plan = plan(&path, "work-order", &Options::default()).unwrap();
    let mut desk = desk(folder.path());
    let tried = go(&mut desk, &plan, Way::Try);
    assert_eq!((tried.kept, tried.refused), (3, 1), "{:?}", tried.reasons);
    assert_eq!(desk.entries().unwrap(), 0);
    assert_eq!(tried.refused_file, None);
    let kept = go(&mut desk, &plan, Way::Keep);
    assert_eq!((kept.kept, kept.refused), (3, 1));
    assert_eq!(
        kept.numbers.unwrap().0,
        "W-2026-00001",
        "the trial used no number"
    );
}

#[test]
fn the_same_row_twice_in_a_file_is_one_record() {
    let folder = tempfile::tempdir().unwrap();
    let row = "2025-3-2,3栋1203,漏水,水工班\n";
    let path = file(
        folder.path(),
        &format!("报修日期,房号,内容,班组\n{row}{row}"),
    );
    let plan = plan(&path, "work-order", &Options::default()).unwrap();
    let outcome = go(&mut desk(folder.path()), &plan, Way::Keep);
    assert_eq!((outcome.kept, outcome.already), (1, 1));
    assert_eq!(outcome.known[0].line, 3);
}

#[test]
fn a_refused_row_leaves_nothing_of_itself() {
    let folder = tempfile::tempdir().unwrap();
    let text = "单号,报修日期,房号,内容,班组,完成时间,处理结果\n\
                0001,2025-3-2,3栋1203,漏水,水工班,2025-3-1,早了\n\
                0002,2025-3-2,3栋1203,漏水,水工班,2025-3-3,好了\n";
    let path = file(folder.path(), text);
    let plan = plan(&path, "work-order", &Options::default()).unwrap();
    let mut desk = desk(folder.path());
    let outcome = go(&mut desk, &plan, Way::Keep);
    assert_eq!(
        (outcome.kept, outcome.refused),
        (1, 1),
        "{:?}",
        outcome.reasons
    );
    assert_eq!(
        desk.entries().unwrap(),
        1 + 2,
        "the rules and one row: not the first step of the refused row either"
    );
    assert_eq!(outcome.numbers.unwrap().0, "W-2026-00001");
    let audit = desk.audit(|_, _| ()).unwrap();
    assert!(audit.findings.is_empty(), "{:?}", audit.findings);
}

#[test]
fn a_column_is_judged_by_its_values_too() {
    let folder = tempfile::tempdir().unwrap();
    let text = "日期,时间,房号,内容,班组,完成\n2025-3-2,9:10,3栋1203,漏水,水工班,是\n2025-3-3,14:05,1栋,灯坏,水工班,否\n";
    let path = file(folder.path(), text);
    let plan = plan(&path, "work-order", &Options::default()).unwrap();
    let to: Vec<&To> = plan.columns.iter().map(|column| &column.to).collect();
    let field = |key: &str| To::Field(key.into());
    assert_eq!(
        to,
        [
            &field("received"),
            &To::TimeOf("received".into()),
            &field("place"),
            &field("content"),
            &field("team"),
            &To::Note
        ]
    );
    assert!(plan.asks.is_empty());
    let map: map::MapFile = toml::from_str(&plan.to_toml()).unwrap();
    let options = Options {
        map: Some(map),
        ..Options::default()
    };
    let again = super::plan(&path, "work-order", &options).unwrap();
    let read: Vec<&To> = again.columns.iter().map(|column| &column.to).collect();
    assert_eq!(read, to, "the printed mapping says the same");
}

#[test]
fn the_action_that_opens_a_record_is_the_one_the_columns_tell_of() {
    let folder = tempfile::tempdir().unwrap();
    for (register, header, want) in [
        ("outage", "停电时间,停电范围,报告人", "occur"),
        ("outage", "日期,计划开始,计划结束,停电原因,停电范围", "plan"),
        ("log", "日期时间,内容,原因", "entry"),
        ("work-order", "报修日期,内容", "issue"),
    ] {
        let path = file(
            folder.path(),
            &format!("{header}\n2025-3-2,2025-3-3,2025-3-4,x,y\n"),
        );
        let plan = plan(&path, register, &Options::default()).unwrap();
        assert_eq!(plan.opening().map(|spec| spec.name), Some(want), "{header}");
    }
}
