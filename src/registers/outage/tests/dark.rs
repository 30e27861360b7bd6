//! What is dark: who is held, what is expected, how the generator stands.

use super::*;
use crate::registers::outage::{Dark, GeneratorState, Held, dark, darkest_first};

fn accident(at: &str, data: Value) -> Sheet {
    let mut sheet = Sheet::new();
    sheet.ok(at, "occur", data);
    sheet
}

fn now(sheet: &Sheet) -> Dark {
    dark(&sheet.record()).expect("it is dark")
}

#[test]
fn it_is_dark_from_the_first_word_until_power_is_back_everywhere() {
    let mut sheet = accident("08-03 22:10", json!({}));
    let told = now(&sheet);
    assert_eq!(told.since, t("08-03 22:10"));
    assert!(told.areas.is_empty() && told.held.is_empty() && told.expected.is_none());
    assert_eq!(told.generator, GeneratorState::Unanswered);
    let first = sheet.ledger.entries[0].seq;
    sheet.correct(first, json!({"areas": ["A座", "B座"]}));
    assert_eq!(now(&sheet).areas, ["A座", "B座"]);
    sheet.ok("08-03 23:10", "restore_part", json!({"areas_out": ["B座"]}));
    assert_eq!(now(&sheet).areas, ["B座"], "only what is still out");
    sheet.ok("08-03 23:40", "restore", json!({}));
    assert_eq!(dark(&sheet.record()), None);
}

#[test]
fn people_are_held_from_the_answer_until_they_are_out() {
    let mut sheet = accident("08-03 22:10", json!({"areas": ["A座"]}));
    let cars = json!([{"car": "1号梯"}, {"car": "2号梯", "trapped": true, "persons": 3}]);
    sheet.ok(
        "08-03 22:14",
        "lift_check",
        json!({"guard": "李", "cars": cars}),
    );
    let held = Held {
        car: "2号梯".into(),
        persons: Some(3),
        since: t("08-03 22:14"),
    };
    assert_eq!(now(&sheet).held, [held]);
    sheet.ok(
        "08-03 22:40",
        "rescue",
        json!({"car": "2号梯", "released": true}),
    );
    assert!(now(&sheet).held.is_empty());
}

#[test]
fn the_generator_runs_until_it_is_stopped() {
    for (answers, wanted) in [
        (
            vec![("generator", json!({"started": false, "reason": "无油"}))],
            GeneratorState::NotStarted,
        ),
        (
            vec![("generator", json!({"started": true, "watcher": "王"}))],
            GeneratorState::Runs,
        ),
        (
            vec![
                ("generator", json!({"started": true, "watcher": "王"})),
                ("generator_stop", json!({})),
            ],
            GeneratorState::Stopped,
        ),
    ] {
        let mut sheet = accident("08-03 22:10", json!({"areas": ["A座"]}));
        for (action, data) in answers {
            sheet.ok("08-03 22:20", action, data);
        }
        assert_eq!(now(&sheet).generator, wanted);
    }
}

#[test]
fn a_plan_is_dark_from_its_cut_and_a_void_outage_never() {
    let mut void = accident("08-03 22:10", json!({}));
    void.strike(void.ledger.entries[0].seq);
    assert_eq!(dark(&void.record()), None);
    let mut plan = noticed("building");
    assert_eq!(dark(&plan.record()), None);
    plan.ok("08-10 09:00", "cut", json!({"reason": "急"}));
    assert_eq!(now(&plan).since, t("08-10 09:00"));
}

#[test]
fn where_people_are_held_leads_then_what_has_been_out_longest() {
    let of = |no: &str, since: &str, held: Option<&str>| Dark {
        no: no.into(),
        areas: Vec::new(),
        since: t(since),
        held: held
            .map(|at| Held {
                car: "1".into(),
                persons: None,
                since: t(at),
            })
            .into_iter()
            .collect(),
        expected: None,
        generator: GeneratorState::Unanswered,
    };
    let mut all = [
        of("later", "08-03 22:30", None),
        of("longest", "08-03 22:00", None),
        of("held", "08-03 22:40", Some("08-03 22:50")),
        of("held longer", "08-03 22:45", Some("08-03 22:48")),
    ];
    darkest_first(&mut all);
    let order = all.map(|dark| dark.no);
    assert_eq!(order, ["held longer", "held", "longest", "later"]);
}
