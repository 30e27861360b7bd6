//! A sealed month stands: what is said later about it goes into the present month and says why.

use serde_json::{Value, json};

use super::house::seal;
use super::{Stage, at, refusal};
use crate::base::refusal::RefusalCode;
use crate::base::time::Month;
use crate::desk::CLOSED_MONTH;
use crate::desk::seal::Sealing;
use crate::desk::view::Target;

fn slip(day: &str) -> Value {
    json!({"content": "漏水", "place": "3栋", "team": "水工班", "at": at(day)})
}

/// A slip of July and one of August; July is sealed.
fn july() -> (Stage, String, String) {
    let mut stage = Stage::new();
    let old = stage.open("work-order", "issue", slip("2026-07-31T23:59"));
    let new = stage.open("work-order", "issue", slip("2026-08-01T00:00"));
    seal(&mut stage, "2026-07");
    (stage, old, new)
}

fn marks(stage: &Stage, no: &str) -> Vec<Value> {
    let history = stage.desk.history(no).unwrap();
    let mark = |item: &crate::desk::view::HistoryItem| item.entry.found.get(CLOSED_MONTH).cloned();
    history
        .iter()
        .map(|item| mark(item).unwrap_or_default())
        .collect()
}

#[test]
fn what_lies_in_a_sealed_month_is_typed_with_a_reason_or_not_at_all() {
    let (mut stage, ..) = july();
    let new = || Target::New("work-order".into());
    let refused = stage.refused(new(), "issue", slip("2026-07-31T20:00"));
    assert_eq!(
        (refused.code, refused.field.as_deref()),
        (RefusalCode::NotNow, Some("received"))
    );
    assert_eq!(refused.message.key, "archive.closed");
    let mut late = slip("2026-07-31T20:00");
    late["note"] = json!("纸单昨天才交来");
    let done = stage.ask(new(), "issue", late);
    let told: Vec<&str> = done.warnings.iter().map(|told| told.key.as_str()).collect();
    assert!(told.contains(&"archive.goes_into"), "{told:?}");
    assert_eq!(marks(&stage, &done.view.record.head.no), [json!("2026-07")]);
    // The first second of August is not July's.
    let free = stage.open("work-order", "issue", slip("2026-08-01T00:00"));
    assert_eq!(marks(&stage, &free), [Value::Null]);
    stage.proves();
}

#[test]
fn a_record_of_a_sealed_month_goes_on_and_its_entries_say_where_it_belongs() {
    let (mut stage, old, new) = july();
    // What happens now is no change of July.
    let (done, seq) = stage.act(&old, "sign_for", json!({"technician": "小王"}));
    assert!(done.warnings.is_empty());
    assert_eq!(marks(&stage, &old), [Value::Null, json!("2026-07")]);
    // Moving it back into July is.
    let into = json!({"entry": seq, "changes": {"at": at("2026-07-31T23:59")}, "reason": "看错"});
    let (done, _) = stage.act(&old, "correct", into);
    assert_eq!(done.warnings[0].key, "archive.goes_into");
    stage.act(&new, "sign_for", json!({"technician": "小王"}));
    assert_eq!(marks(&stage, &new), [Value::Null, Value::Null]);
    stage.proves();
}

#[test]
fn a_month_is_sealed_once_and_not_while_it_is_written_to() {
    let mut stage = Stage::new();
    stage.open("work-order", "issue", slip("2026-07-31T10:00"));
    let head = stage.desk.store.chain_head().unwrap();
    let sealing = Sealing {
        month: Month::parse("2026-07").unwrap(),
        upto: head.seq,
        head: head.hash,
        manifest: "ab".repeat(32),
        records: 1,
        entries: head.seq as u64,
        reason: Some("缺一张单".into()),
        papers: "none",
    };
    let (who, now) = (Stage::who(), stage.now);
    // August may be written to while July's archive is made, July may not.
    stage.open("work-order", "issue", slip("2026-08-02T10:00"));
    let no = stage.open("work-order", "issue", slip("2026-07-30T10:00"));
    let before = stage.desk.entries().unwrap();
    assert!(!stage.desk.seal(&sealing, &who, now).unwrap());
    assert_eq!(stage.desk.entries().unwrap(), before, "nothing was written");
    assert!(stage.desk.seals().unwrap().is_empty());
    let head = stage.desk.store.chain_head().unwrap();
    let anew = Sealing {
        upto: head.seq,
        head: head.hash,
        ..sealing
    };
    assert!(stage.desk.seal(&anew, &who, now).unwrap());
    let again = stage.desk.seal(&anew, &who, now);
    assert_eq!(refusal(again).message.key, "archive.sealed_already");
    let seals = stage.desk.seals().unwrap();
    let [seal] = seals.as_slice() else {
        panic!("{seals:?}")
    };
    assert_eq!(
        (seal.month, seal.upto, seal.head.as_str()),
        (anew.month, anew.upto, anew.head.hex().as_str())
    );
    assert_eq!(
        (seal.by.as_str(), seal.reason.as_deref()),
        ("赵值班", Some("缺一张单"))
    );
    let told = ("2026-07".to_owned(), anew.manifest.clone());
    assert_eq!(stage.desk.seals_told().unwrap(), [told]);
    assert!(stage.desk.view(&no).unwrap().is_some());
    stage.proves();
}
