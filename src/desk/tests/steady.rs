//! A proof sees one state of the file, whatever others save meanwhile.

use serde_json::{Map, json};

use super::Stage;
use crate::desk::bulk::Step;
use crate::store::Mode;

#[test]
fn what_another_desk_saves_during_a_proof_is_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut stage = Stage::of(&path, Mode::Create);
    let line = [Step {
        action: "entry",
        data: Map::from_iter([("text".to_owned(), json!("巡查正常"))]),
        who: Stage::who(),
        now: stage.now,
    }];
    // Enough that the proof tells how far it is before it has read everything.
    let filled = stage.desk.bulk(stage.now, |bulk| {
        for _ in 0..1_030 {
            bulk.record("log", &line)?;
        }
        Ok(())
    });
    filled.unwrap();
    let mut other = Stage::of(&path, Mode::Existing);
    let mut saved = 0;
    let audit = stage.desk.audit(|_, _| {
        other.open("log", "entry", json!({"text": "另一台"}));
        saved += 1;
    });
    assert_eq!(audit.unwrap().findings, []);
    assert!(saved > 0);
    stage.proves();
}
