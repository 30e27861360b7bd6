//! Rules in force: a file keeps those it was written under; changed ones are shown first and taken up as an entry.

use serde_json::{Value, json};

use super::{Stage, at};
use crate::base::i18n::Msg;
use crate::desk::Desk;
use crate::desk::rulebook::TakeUp;
use crate::rules::ruleset::Rules;
use crate::store::Mode;

/// The built-in rules with a promise for leaks.
fn changed(minutes: u32) -> Rules {
    let rules = Rules::built_in().unwrap();
    let text = rules.texts()["work-order"].clone();
    let (old, new) = (
        "promised_minutes = \"\"",
        format!("promised_minutes = \"漏水={minutes}\""),
    );
    assert!(text.contains(old));
    rules
        .with_file("work-order", &text.replace(old, &new))
        .unwrap()
}

fn leak() -> Value {
    json!({"content": "漏水", "category": "漏水", "place": "3栋", "team": "水工班"})
}

fn told() -> Msg {
    Msg::new("cli.procedures_log")
        .with("names", "work-order")
        .with("n", 1_i64)
}

/// When the technician is to be there.
fn arrival(stage: &Stage, no: &str) -> Option<i64> {
    let view = stage.view(no);
    let duty = view.deadlines.iter().find(|duty| duty.code == "arrival")?;
    Some(duty.due?.seconds_since(view.record.head.received) / 60)
}

fn offered(path: &std::path::Path, rules: Rules) -> Stage {
    let mut stage = Stage::of(path, Mode::Create);
    stage.desk = Desk::open(path, Mode::Create, rules).unwrap();
    stage.now = stage.now.plus_hours(1);
    stage
}

#[test]
fn a_file_goes_on_by_the_rules_it_holds_until_others_are_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut stage = Stage::of(&path, Mode::Create);
    let before = stage.open("work-order", "issue", leak());
    drop(stage);
    let mut stage = offered(&path, changed(30));
    let still = stage.open("work-order", "issue", leak());
    assert_eq!(
        (arrival(&stage, &before), arrival(&stage, &still)),
        (None, None)
    );
    let taken = stage.desk.offered();
    assert_eq!(taken.procedures.keys().collect::<Vec<_>>(), ["work-order"]);
    let entries = stage.desk.entries().unwrap();
    let (who, now) = (Stage::who(), stage.now);
    stage.desk.take_up(&taken, &told(), &who, now).unwrap();
    // An entry with the text, and the line of the log that says so.
    assert_eq!(stage.desk.entries().unwrap(), entries + 2);
    assert!(stage.desk.offered().is_empty());
    let after = stage.open("work-order", "issue", leak());
    assert_eq!(arrival(&stage, &after), Some(30));
    // What was received before goes on by what was in force then.
    assert_eq!(arrival(&stage, &before), None);
    stage.proves();
    drop(stage);
    // The file alone says so, on any machine.
    let elsewhere = Stage::of(&path, Mode::Existing);
    assert_eq!(arrival(&elsewhere, &after), Some(30));
    elsewhere.proves();
}

#[test]
fn the_first_entry_of_a_file_takes_up_what_its_machine_offers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut stage = offered(&path, changed(20));
    assert_eq!(stage.desk.entries().unwrap(), 0, "opening writes nothing");
    let no = stage.open("work-order", "issue", leak());
    assert_eq!(arrival(&stage, &no), Some(20));
    let first = stage.desk.entry_at(1).unwrap().unwrap();
    assert!(first.no.starts_with("R-"), "{}", first.no);
    drop(stage);
    let elsewhere = Stage::of(&path, Mode::Existing);
    assert_eq!(arrival(&elsewhere, &no), Some(20));
}

#[test]
fn comments_and_settings_of_one_machine_are_no_change() {
    let rules = Rules::built_in().unwrap();
    let texts = rules.texts();
    let commented = format!("# 本公司\n\n{}", texts["work-order"]);
    let same = rules.clone().with_file("work-order", &commented).unwrap();
    assert!(TakeUp::difference(&rules, &same).is_empty());
    let other = TakeUp::difference(&rules, &changed(30));
    assert_eq!(other.procedures.len(), 1);
    assert!(TakeUp::difference(&rules, &rules).is_empty());
}

#[test]
fn a_changed_holiday_list_shows_which_due_times_move_before_it_moves_them() {
    let mut stage = Stage::new();
    let complaint = json!({
        "procedure": "property", "complainant": "王女士", "content": "半夜装修", "unit": "3-1203",
        "at": at("2026-08-03T21:00"),
    });
    let no = stage.open("complaint", "receive", complaint);
    stage.act(
        &no,
        "judge",
        json!({"validity": "valid", "role": "service_manager"}),
    );
    let dues = |stage: &Stage| -> Vec<_> {
        let view = stage.view(&no);
        view.deadlines
            .iter()
            .map(|duty| (duty.code.clone(), duty.due))
            .collect()
    };
    let before = dues(&stage);
    // The rest of the week becomes holidays.
    let mut csv = stage.desk.rules().calendar.to_csv();
    let header = csv.lines().next().unwrap().to_owned();
    let columns = header.split(',').count();
    let sample = csv
        .lines()
        .find(|line| line.starts_with("2026-"))
        .unwrap()
        .to_owned();
    for day in 4..=9 {
        let cells: Vec<&str> = sample.split(',').collect();
        let mut line = vec![format!("2026-08-{day:02}")];
        line.extend(cells[1..columns].iter().map(|cell| (*cell).to_owned()));
        csv.push_str(&format!("{}\n", line.join(",")));
    }
    let Ok(newer) = crate::rules::calendar::Calendar::parse(&csv) else {
        panic!("{header}\n{sample}")
    };
    let taken = stage.desk.newer_list(&newer);
    let changes = stage.desk.due_changes(&taken, stage.now).unwrap();
    assert!(!changes.is_empty());
    assert!(
        changes
            .iter()
            .all(|change| change.no == no && change.old != change.new)
    );
    assert_eq!(dues(&stage), before, "a look changes nothing");
    let (who, now) = (Stage::who(), stage.now);
    stage.desk.take_up(&taken, &told(), &who, now).unwrap();
    let after = dues(&stage);
    for change in changes {
        assert!(
            after.contains(&(change.code.clone(), change.new)),
            "{change:?}"
        );
    }
    assert_ne!(after, before);
    stage.proves();
}

#[test]
fn another_desk_works_by_what_was_taken_up_as_soon_as_it_looks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut one = Stage::of(&path, Mode::Create);
    one.open("work-order", "issue", leak());
    let mut other = offered(&path, changed(30));
    let taken = other.desk.offered();
    let (who, now) = (Stage::who(), other.now.plus_hours(1));
    other.desk.take_up(&taken, &told(), &who, now).unwrap();
    one.now = now;
    // Even without looking first: the transaction sees it.
    let no = one.open("work-order", "issue", leak());
    assert_eq!(arrival(&one, &no), Some(30));
    assert!(one.desk.changed().unwrap());
    one.proves();
}
