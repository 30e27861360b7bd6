//! Taking back: one's own last entry, within a minute, with what it brought about; rather nothing than the wrong thing.

use serde_json::{Value, json};

use super::{Stage, refusal};
use crate::base::i18n::Voice;
use crate::base::refusal::RefusalCode;
use crate::desk::view::{Request, Target};
use crate::record::request::Operator;

fn other() -> Operator {
    Operator {
        name: "钱值班".into(),
        role: None,
    }
}

fn slip() -> Value {
    json!({"content": "漏水", "place": "3栋", "team": "水工班"})
}

/// The place of what could be taken back now.
fn last(stage: &Stage, who: &Operator) -> Option<i64> {
    let last = stage.desk.last_own(who, stage.now).unwrap();
    last.map(|(seq, _)| seq)
}

#[test]
fn an_entry_can_be_taken_back_for_a_minute() {
    for (seconds, there) in [(0, true), (60, true), (61, false)] {
        let mut stage = Stage::new();
        let no = stage.open("work-order", "issue", slip());
        let (_, seq) = stage.act(&no, "sign_for", json!({"technician": "小王"}));
        stage.now = stage.now.plus_seconds(seconds);
        assert_eq!(
            last(&stage, &Stage::who()),
            there.then_some(seq),
            "{seconds}"
        );
        let undone = stage.desk.undo(&Stage::who(), stage.now);
        if there {
            let undone = undone.unwrap();
            assert_eq!(undone.entry.action, "sign_for");
            assert_eq!(undone.done.view.record.head.state, "issued");
        } else {
            assert_eq!(refusal(undone).message.key, "refusal.nothing_to_undo");
            assert_eq!(stage.view(&no).record.head.state, "signed_for");
        }
        stage.proves();
    }
}

#[test]
fn what_was_taken_back_stays_in_the_history_with_its_reason() {
    let mut stage = Stage::new();
    let no = stage.open("work-order", "issue", slip());
    stage.desk.undo(&Stage::who(), stage.now).unwrap();
    let view = stage.view(&no);
    assert_eq!(view.history.len(), 2);
    assert!(
        view.history
            .iter()
            .any(|item| item.fate.struck_by.is_some())
    );
    let mistyped = Voice::default().text("word.mistyped");
    assert_eq!(view.record.head.void_reason, Some(mistyped));
    // Once is enough.
    let again = stage.desk.undo(&Stage::who(), stage.now);
    assert_eq!(refusal(again).message.key, "refusal.nothing_to_undo");
}

#[test]
fn the_one_before_goes_next_while_its_minute_lasts() {
    let mut stage = Stage::new();
    stage.open("log", "entry", json!({"text": "一"}));
    let now = stage.now;
    stage.now = now.plus_seconds(-60);
    stage.open("log", "entry", json!({"text": "二"}));
    assert_eq!(stage.now, now);
    for (taken, left) in [("二", Some(2)), ("一", None)] {
        let undone = stage.desk.undo(&Stage::who(), now).unwrap();
        assert_eq!(undone.entry.data["text"], taken);
        assert_eq!(last(&stage, &Stage::who()), left);
    }
}

#[test]
fn nobody_takes_back_what_another_did() {
    let mut stage = Stage::new();
    let no = stage.open("work-order", "issue", slip());
    assert_eq!(last(&stage, &other()), None);
    // What another did in between stays; one's own before it can still go.
    let request = Request {
        target: Target::On(no),
        action: Some("remark".into()),
        data: super::house::map(json!({"text": "钱的话"})),
    };
    stage.desk.act(&request, &other(), stage.now).unwrap();
    assert_eq!(last(&stage, &other()), Some(3));
    assert_eq!(last(&stage, &Stage::who()), Some(2));
}

#[test]
fn what_names_another_as_the_one_who_did_it_is_not_guessed_at() {
    let mut stage = Stage::new();
    let no = stage.open("work-order", "issue", slip());
    stage.act(&no, "finish", json!({"result": "换垫"}));
    stage.act(&no, "accept", json!({"signed_by": "李女士"}));
    stage.now = stage.now.plus_seconds(-50);
    stage.act(
        &no,
        "revisit",
        json!({"satisfied": true, "method": "phone", "by": "陈文员"}),
    );
    for who in [Stage::who(), other()] {
        assert_eq!(last(&stage, &who), None, "{}", who.name);
    }
}

#[test]
fn what_is_on_paper_sealed_or_came_of_itself_is_passed_over() {
    let mut stage = Stage::new();
    let no = stage.open("work-order", "issue", slip());
    let (who, now) = (Stage::who(), stage.now);
    stage
        .desk
        .print(&no, "repair_slip", None, &who, now)
        .unwrap();
    assert_eq!(last(&stage, &who), Some(2), "the slip, not its print");
    let outage = stage.open("outage", "occur", json!({"areas": ["B座"]}));
    let undone = stage.desk.undo(&who, stage.now).unwrap();
    assert_eq!(
        undone.entry.no, outage,
        "the blackout, not the line it wrote"
    );
    assert!(undone.done.spawned.iter().any(|no| no.starts_with('L')));
    stage.proves();
}

#[test]
fn what_comes_back_is_still_the_only_one_of_its_paper_number() {
    let mut stage = Stage::new();
    let mut paper = slip();
    paper["paper_no"] = json!("0001");
    let first = stage.open("work-order", "issue", paper.clone());
    let (_, void) = stage.act(&first, "void", json!({"reason": "误登"}));
    let second = stage.open("work-order", "issue", paper);
    let back = json!({"entry": void, "reason": "没错"});
    let refused = stage.refused(Target::On(first.clone()), "strike", back.clone());
    let told = (refused.code, refused.field.as_deref());
    assert_eq!(told, (RefusalCode::Duplicate, Some("paper_no")));
    stage.proves();
    stage.act(&second, "void", json!({"reason": "重复"}));
    stage.act(&first, "strike", back);
    assert_eq!(stage.view(&first).record.head.state, "issued");
    stage.proves();
}
