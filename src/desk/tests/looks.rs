//! Looks: what a form would lead to, what a shift hands over, who has acted. Nothing is written by looking.

use serde_json::{Value, json};

use super::house::{house, map, said};
use super::{Stage, at};
use crate::base::refusal::RefusalCode;
use crate::desk::view::{Preview, Request, Target};
use crate::record::request::Operator;

fn preview(stage: &Stage, target: Target, action: &str, data: Value) -> Preview {
    let request = Request {
        target,
        action: Some(action.into()),
        data: map(data),
    };
    stage
        .desk
        .dry_run(&request, &Stage::who(), stage.now)
        .unwrap()
}

fn new(register: &str) -> Target {
    Target::New(register.into())
}

#[test]
fn a_form_tells_class_and_due_times_before_it_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut stage = house(&path);
    let before = said(&path).unwrap();
    let data = json!({
        "procedure": "property", "complainant": "王女士", "content": "有人受伤", "unit": "3-1203",
        "facts": {"injury": true},
    });
    let seen = preview(&stage, new("complaint"), "receive", data.clone());
    assert_eq!(seen.refusal, None);
    // The complaint of the house is of the same unit.
    let near: Vec<&str> = seen.same_place.iter().map(|(no, _)| no.as_str()).collect();
    assert_eq!(near, ["C-2026-00001"]);
    assert_eq!(said(&path).unwrap(), before);
    // What was shown is what is then owed.
    let now = stage.now;
    stage.now = now.plus_seconds(-60);
    let no = stage.open("complaint", "receive", data);
    let view = stage.view(&no);
    assert_eq!(view.record.head.class, seen.class);
    let told = |deadlines: &[crate::rules::deadline::Deadline]| -> Vec<_> {
        deadlines
            .iter()
            .map(|d| (d.code.clone(), d.due, d.outcome.clone()))
            .collect()
    };
    assert_eq!(told(&view.deadlines), told(&seen.deadlines));
}

#[test]
fn a_half_filled_form_tells_what_it_can_and_what_stands_in_its_way() {
    let stage = Stage::new();
    let promised = at("2026-08-03T23:30");
    let half =
        json!({"content": "漏水", "promised_arrival": promised, "colour": 1, "urgent": "maybe"});
    let seen = preview(&stage, new("work-order"), "issue", half);
    assert!(seen.refusal.is_some());
    let arrival = seen.deadlines.iter().find(|duty| duty.code == "arrival");
    assert_eq!(arrival.and_then(|duty| duty.due), Some(promised));
    let empty = preview(&stage, new("work-order"), "issue", json!({}));
    let refusal = empty.refusal.unwrap();
    assert_eq!(
        (refusal.code, refusal.field.as_deref()),
        (RefusalCode::MissingField, Some("content"))
    );
}

#[test]
fn a_look_at_an_act_that_cannot_be_says_so() {
    let mut stage = Stage::new();
    let no = stage.open("outage", "occur", json!({"areas": ["B座"]}));
    stage.act(&no, "restore", json!({}));
    let seen = preview(&stage, Target::On(no.clone()), "restore", json!({}));
    assert_eq!(
        seen.refusal.map(|refusal| refusal.code),
        Some(RefusalCode::NotNow)
    );
    let request = Request {
        target: Target::On("O-2026-00099".into()),
        action: Some("restore".into()),
        data: map(json!({})),
    };
    let looked = stage.desk.dry_run(&request, &Stage::who(), stage.now);
    assert_eq!(super::refusal(looked).code, RefusalCode::UnknownRecord);
}

#[test]
fn a_shift_hands_over_its_lines_and_what_is_not_cleared() {
    let mut stage = Stage::new();
    let line = |text: &str, kind: &str| json!({"text": text, "kind": kind});
    let cleared = stage.open("log", "entry", line("先办完的", "carry"));
    stage.open("log", "entry", line("还没办的", "carry"));
    stage.act(&cleared, "clear", json!({}));
    let shift = stage.open(
        "log",
        "shift",
        json!({"band": "night", "people": ["赵值班"]}),
    );
    let around = |stage: &Stage, no: &str| stage.desk.around(&stage.view(no)).unwrap();
    assert_eq!(
        around(&stage, &shift),
        Value::Null,
        "before it is handed over"
    );
    stage.open("log", "entry", line("巡查正常", "note"));
    let void = stage.open("log", "entry", line("误录", "note"));
    stage.act(&void, "void", json!({"reason": "重复"}));
    stage.act(
        &shift,
        "hand_over",
        json!({"out": "赵值班", "in": "钱值班", "items_read": true}),
    );
    let later = stage.open("log", "entry", line("下一班的", "note"));
    let texts = |list: &Value| -> Vec<String> {
        let lines = list.as_array().unwrap().iter();
        lines
            .map(|line| line["text"].as_str().unwrap().to_owned())
            .collect()
    };
    let told = around(&stage, &shift);
    assert_eq!(texts(&told["entries"]), ["巡查正常"]);
    assert_eq!(texts(&told["carried"]), ["还没办的"]);
    assert_eq!(around(&stage, &later), Value::Null, "a line is no shift");
    // Cleared after the handing over, it was handed over all the same.
    stage.act("L-2026-00002", "clear", json!({}));
    assert_eq!(texts(&around(&stage, &shift)["carried"]), ["还没办的"]);
}

#[test]
fn the_last_to_act_comes_first_among_those_who_have() {
    let stage = Stage::new();
    let person = |name: &str, role: Option<&str>| Operator {
        name: name.into(),
        role: role.map(str::to_owned),
    };
    assert_eq!(stage.desk.operator().unwrap(), None);
    for who in [
        person("甲", None),
        person("乙", Some("clerk")),
        person("甲", Some("duty_engineer")),
    ] {
        stage.desk.set_operator(&who).unwrap();
    }
    let expected = [
        person("甲", Some("duty_engineer")),
        person("乙", Some("clerk")),
    ];
    assert_eq!(stage.desk.operators().unwrap(), expected);
    for n in 0..40 {
        stage
            .desk
            .set_operator(&person(&format!("{n}"), None))
            .unwrap();
    }
    assert_eq!(
        stage.desk.operators().unwrap().len(),
        30,
        "a list of everybody is of no use"
    );
    assert_eq!(stage.desk.operator().unwrap(), Some(person("39", None)));
}

#[test]
fn a_card_tells_its_history_as_it_happened_and_what_can_be_done() {
    let mut stage = Stage::new();
    let no = stage.open(
        "work-order",
        "issue",
        json!({"content": "漏水", "place": "3栋", "team": "水工班"}),
    );
    stage.act(&no, "finish", json!({"result": "换垫"}));
    let earlier = stage.now.plus_seconds(-30);
    stage.act(&no, "arrive", json!({"at": earlier, "technician": "小王"}));
    let view = stage.view(&no);
    let actions: Vec<&str> = view
        .history
        .iter()
        .map(|item| item.entry.action.as_str())
        .collect();
    assert_eq!(actions, ["issue", "arrive", "finish"]);
    let offers: Vec<&str> = view.offers.iter().map(|spec| spec.name).collect();
    assert!(
        offers.contains(&"accept") && !offers.contains(&"issue"),
        "{offers:?}"
    );
    assert!(stage.desk.view("W-2026-00099").unwrap().is_none());
    assert!(stage.desk.view("无号").unwrap().is_none());
}
