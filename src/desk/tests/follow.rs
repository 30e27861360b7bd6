//! What follows of itself goes with what it follows from, and is put right with it.

use serde_json::{Value, json};

use super::Stage;

/// The first repair slip and the next one.
const SLIP: &str = "W-2026-00001";
const SECOND: &str = "W-2026-00002";

/// An outage that is over, and an inspection of the pump room: the outage's number and the place of the inspection.
fn inspected(normal: bool) -> (Stage, String, i64) {
    let mut stage = Stage::new();
    let no = stage.open(
        "outage",
        "occur",
        json!({"areas": ["B座"], "users": ["0901"]}),
    );
    stage.act(&no, "restore", json!({}));
    let data = json!({"place": "水泵房", "normal": normal, "note": "渗水"});
    let (_, seq) = stage.act(&no, "inspect", data);
    (stage, no, seq)
}

impl Stage {
    #[track_caller]
    fn correct(&mut self, no: &str, seq: i64, changes: Value) -> i64 {
        let data = json!({"entry": seq, "changes": changes, "reason": "看错"});
        self.act(no, "correct", data).1
    }

    /// Strikes an entry; answers the keys of the warnings.
    #[track_caller]
    fn strike(&mut self, no: &str, seq: i64) -> Vec<String> {
        let data = json!({"entry": seq, "reason": "误录"});
        let (done, _) = self.act(no, "strike", data);
        done.warnings
            .iter()
            .map(|told| told.key.to_string())
            .collect()
    }

    fn there(&self, no: &str) -> bool {
        self.desk.view(no).unwrap().is_some()
    }

    fn void(&self, no: &str) -> bool {
        self.view(no).record.head.void_reason.is_some()
    }

    fn content(&self, no: &str) -> String {
        self.view(no).record.body["content"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    fn links(&self, no: &str) -> usize {
        self.view(no).record.head.links.len()
    }

    /// The text of the log's last line.
    fn log(&self) -> String {
        let mut n = 1;
        while self.there(&format!("L-2026-{:05}", n + 1)) {
            n += 1;
        }
        let view = self.view(&format!("L-2026-{n:05}"));
        view.record.body["text"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_struck_correction_leaves_nothing_of_what_it_put_right_elsewhere() {
    let (mut stage, no, seq) = inspected(false);
    let (log, content) = (stage.log(), stage.content(SLIP));
    let correction = stage.correct(&no, seq, json!({"note": "轴封漏水"}));
    assert!(stage.log().contains("轴封漏水"), "{}", stage.log());
    assert!(
        stage.content(SLIP).contains("轴封漏水"),
        "{}",
        stage.content(SLIP)
    );
    stage.strike(&no, correction);
    assert_eq!((stage.log(), stage.content(SLIP)), (log, content));
    stage.proves();
}

#[test]
fn a_correction_taken_back_leaves_nothing_of_what_it_put_right_elsewhere() {
    let (mut stage, no, seq) = inspected(false);
    let log = stage.log();
    stage.correct(&no, seq, json!({"note": "轴封漏水"}));
    stage.desk.undo(&Stage::who(), stage.now).unwrap();
    assert_eq!(stage.log(), log);
}

#[test]
fn what_a_struck_correction_had_struck_stands_again() {
    let (mut stage, no, seq) = inspected(false);
    let links = (stage.links(SLIP), stage.links(&no));
    let correction = stage.correct(&no, seq, json!({"normal": true}));
    assert!(stage.void(SLIP));
    stage.strike(&no, correction);
    assert!(!stage.void(SLIP));
    assert_eq!((stage.links(SLIP), stage.links(&no)), links);
    stage.proves();
}

#[test]
fn a_second_correction_puts_right_what_the_first_brought_about() {
    let (mut stage, no, seq) = inspected(true);
    assert!(!stage.there(SLIP));
    stage.correct(&no, seq, json!({"normal": false}));
    assert!(stage.there(SLIP));
    stage.correct(&no, seq, json!({"note": "轴封漏水"}));
    assert!(!stage.there(SECOND), "one slip for one finding");
    assert!(stage.content(SLIP).contains("轴封漏水"));
    stage.proves();
}

#[test]
fn with_an_entry_goes_what_its_corrections_brought_about() {
    let (mut stage, no, seq) = inspected(true);
    stage.correct(&no, seq, json!({"normal": false}));
    stage.correct(&no, seq, json!({"note": "轴封漏水"}));
    stage.strike(&no, seq);
    assert!(stage.void(SLIP));
    assert_eq!(stage.links(&no), 0);
    stage.proves();
}

#[test]
fn a_linked_record_goes_when_its_cause_says_otherwise() {
    let (mut stage, no, seq) = inspected(false);
    assert_eq!(stage.links(&no), 1);
    stage.correct(&no, seq, json!({"normal": true}));
    assert!(stage.void(SLIP));
    assert_eq!((stage.links(SLIP), stage.links(&no)), (0, 0));
    stage.proves();
}

#[test]
fn a_linked_record_that_has_gone_on_is_named_and_stays() {
    let (mut stage, no, seq) = inspected(false);
    stage.act(SLIP, "sign_for", json!({"technician": "小王"}));
    let data = json!({"entry": seq, "changes": {"normal": true}, "reason": "看错"});
    let (done, _) = stage.act(&no, "correct", data);
    let keys: Vec<_> = done
        .warnings
        .iter()
        .map(|told| told.key.to_string())
        .collect();
    assert!(keys.iter().any(|key| key == "warning.goes_on"), "{keys:?}");
    assert!(!stage.void(SLIP));
    assert_eq!(stage.strike(&no, seq), ["warning.goes_on"]);
    stage.proves();
}

#[test]
fn a_slip_of_the_log_can_be_put_right() {
    let mut stage = Stage::new();
    let log = stage.open("log", "entry", json!({"text": "水管爆了", "kind": "note"}));
    let slip = json!({"content": "漏水", "place": "3栋", "team": "水工班", "from_log": log});
    let opening = stage.desk.entries().unwrap() + 1;
    let no = stage.open("work-order", "issue", slip);
    stage.correct(&no, opening, json!({"content": "水管爆裂"}));
    assert_eq!(stage.links(&log), 1);
    stage.proves();
}
