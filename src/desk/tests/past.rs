//! The file as it stood after an entry: what came later changes nothing of it.

use std::ops::ControlFlow;

use serde_json::{Value, json};

use super::{Stage, at};
use crate::base::time::Month;
use crate::registers::register;

fn slip(content: &str, day: &str) -> Value {
    json!({"content": content, "place": "3栋", "team": "水工班", "at": at(day)})
}

#[test]
fn a_record_is_shown_as_its_entries_up_to_then_made_it() {
    let mut stage = Stage::new();
    let no = stage.open("work-order", "issue", slip("漏水", "2026-08-01T09:00"));
    let opening = stage.desk.entries().unwrap();
    let (_, signed) = stage.act(&no, "sign_for", json!({"technician": "小王"}));
    let data = json!({"entry": opening, "changes": {"content": "漏气"}, "reason": "写错"});
    let (_, corrected) = stage.act(&no, "correct", data);
    let table = [
        (opening - 1, None),
        (opening, Some(("issued", "漏水", 1))),
        (signed, Some(("signed_for", "漏水", 2))),
        (corrected, Some(("signed_for", "漏气", 3))),
    ];
    for (upto, expected) in table {
        let past = stage.desk.past(Some(upto)).unwrap();
        let found = past.record(&no).unwrap();
        let told = found.as_ref().map(|past| {
            let content = past.record.body["content"].as_str().unwrap();
            (past.record.head.state.as_str(), content, past.history.len())
        });
        assert_eq!(told, expected, "after entry {upto}");
        assert_eq!(
            past.hash_at(upto).unwrap(),
            stage.desk.store.hash_at(upto).unwrap().unwrap()
        );
    }
    // As it stands now, it is what the desk shows.
    let now = stage.desk.past(None).unwrap().record(&no).unwrap().unwrap();
    assert_eq!(now.record, stage.view(&no).record);
    assert!(stage.desk.past(None).unwrap().hash_at(99).is_err());
    assert!(
        stage
            .desk
            .past(None)
            .unwrap()
            .record("X-1")
            .unwrap()
            .is_none()
    );
}

#[test]
fn records_come_in_the_order_of_their_receipt_as_it_stood() {
    let mut stage = Stage::new();
    let one = stage.open("work-order", "issue", slip("一", "2026-08-01T09:00"));
    let two = stage.open("work-order", "issue", slip("二", "2026-08-02T09:00"));
    let upto = stage.desk.entries().unwrap();
    // Later the first one is found to have come third.
    let third = stage.open("work-order", "issue", slip("三", "2026-08-02T10:00"));
    let moved =
        json!({"entry": upto - 1, "changes": {"at": at("2026-08-02T11:00")}, "reason": "日期写错"});
    stage.act(&one, "correct", moved);
    let month = Month::parse("2026-08").unwrap();
    let order = |upto: Option<i64>| {
        let past = stage.desk.past(upto).unwrap();
        let zone = past.rules().zone();
        let span = (month.begin(zone), month.end(zone));
        let mut numbers = Vec::new();
        let log = register("work-order").unwrap();
        let mut take = |found: crate::desk::past::PastRecord| {
            numbers.push(found.record.head.no);
            Ok(ControlFlow::Continue(()))
        };
        let _ = past.in_order(log, span, &|_| true, &mut take).unwrap();
        numbers
    };
    assert_eq!(order(Some(upto)), [one.as_str(), two.as_str()]);
    assert_eq!(order(None), [two.as_str(), third.as_str(), one.as_str()]);
    let past = stage.desk.past(None).unwrap();
    assert_eq!(past.received_in("work-order", month).unwrap(), 3);
    assert_eq!(past.moved().unwrap(), [one]);
}

#[test]
fn what_was_open_then_is_found_even_if_it_is_over_now() {
    let mut stage = Stage::new();
    let carry = |text: &str| json!({"text": text, "kind": "carry"});
    let over = stage.open("log", "entry", carry("送检"));
    let on = stage.open("log", "entry", carry("钥匙"));
    let upto = stage.desk.entries().unwrap();
    stage.act(&over, "clear", json!({}));
    let later = stage.open("log", "entry", carry("新来的"));
    let open = |upto| {
        let past = stage.desk.past(upto).unwrap();
        let mut numbers = Vec::new();
        let each = |no: &str| {
            numbers.push(no.to_owned());
            Ok(())
        };
        past.open_numbers("log", each).unwrap();
        numbers.sort();
        numbers
    };
    assert_eq!(open(None), [on.clone(), later.clone()]);
    let then = open(Some(upto));
    assert!(then.contains(&over) && then.contains(&on), "{then:?}");
}

#[test]
fn links_of_others_count_from_when_they_were_made() {
    let mut stage = Stage::new();
    let one = stage.open("work-order", "issue", slip("一", "2026-08-01T09:00"));
    let two = stage.open("work-order", "issue", slip("二", "2026-08-02T09:00"));
    let before = stage.desk.entries().unwrap();
    stage.act(&two, "link", json!({"kind": "duplicate", "to": one}));
    let linked = |upto| {
        let past = stage.desk.past(upto).unwrap();
        let links = past.linked_from(&one).unwrap().into_iter();
        links.map(|link| link.to).collect::<Vec<_>>()
    };
    assert_eq!(linked(Some(before)), [""; 0]);
    assert_eq!(linked(None), [two]);
}

#[test]
fn a_paper_number_is_whose_it_was_then() {
    let mut stage = Stage::new();
    let mut first = slip("一", "2026-08-01T09:00");
    first["paper_no"] = json!("0310001");
    let one = stage.open("work-order", "issue", first);
    let upto = stage.desk.entries().unwrap();
    let renumbered = json!({"entry": upto, "changes": {"paper_no": "0310002"}, "reason": "抄错"});
    stage.act(&one, "correct", renumbered);
    let register = register("work-order").unwrap();
    for (upto, paper, expected) in [
        (Some(upto), "0310001", Some(&one)),
        (Some(upto), "0310002", None),
        (None, "0310001", None),
        (None, "0310002", Some(&one)),
    ] {
        let past = stage.desk.past(upto).unwrap();
        let of = past.on_paper(register, paper).unwrap();
        assert_eq!(of.as_ref(), expected, "{paper} after {upto:?}");
    }
}
