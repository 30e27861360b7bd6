//! What is made anew from the journal, and what is brought back from another file.

use serde_json::{Value, json};

use super::{Stage, at};
use crate::record::entry::Origin;

/// A planned outage with a ticket; its number and that of the ticket.
fn ticketed(stage: &mut Stage) -> (String, Value) {
    let plan = json!({
        "source": "building", "areas": ["A座"], "users": ["0901"], "reason": "检修", "form": "outage",
        "plan_start": at("2026-08-20T09:00"), "plan_end": at("2026-08-20T12:00"),
    });
    let no = stage.open("outage", "plan", plan);
    let data = json!({"task": "A座停电", "operator": "赵值班", "guardian": "李监护",
                      "steps": [{"operation": "断开进线开关", "device": "101"}, "验电"]});
    let (done, seq) = stage.act(&no, "ticket", data);
    let mut history = done.view.history.iter();
    let ticket = history.find(|item| item.seq == seq).unwrap();
    (no, ticket.entry.found["ticket_no"].clone())
}

#[test]
fn the_number_of_a_ticket_brought_back_is_not_given_again() {
    let mut there = Stage::new();
    let (no, first) = ticketed(&mut there);
    let mut history = there.desk.history(&no).unwrap();
    history.sort_by_key(|item| item.seq);
    let entries: Vec<_> = history.into_iter().map(|item| item.entry).collect();
    let mut here = Stage::new();
    let origin = Origin {
        file: "f".into(),
        row: "r".into(),
        imported: None,
    };
    let restored = here
        .desk
        .bulk(there.now, |bulk| bulk.restore("outage", &entries, &origin));
    restored.unwrap();
    here.proves();
    let (_, second) = ticketed(&mut here);
    assert_ne!(first, second);
    here.proves();
}
