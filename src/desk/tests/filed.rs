//! Which entry closed a record.

use serde_json::json;

use super::Stage;
use crate::desk::seal::ending;

#[test]
fn a_corrected_closing_is_the_closing_still() {
    let mut stage = Stage::new();
    let slip = json!({"content": "漏水", "place": "3栋", "team": "水工班"});
    let no = stage.open("work-order", "issue", slip);
    stage.act(&no, "sign_for", json!({"technician": "小王"}));
    stage.act(&no, "arrive", json!({}));
    stage.act(&no, "finish", json!({"result": "换垫"}));
    stage.act(&no, "accept", json!({"signed_by": "李女士"}));
    stage.act(&no, "tech_sign", json!({"technician": "小王"}));
    stage.act(&no, "review", json!({"engineer": "孙工"}));
    stage.act(&no, "hand_in", json!({"clerk": "陈文员"}));
    let (_, seq) = stage.act(&no, "archive", json!({}));
    let end = |stage: &Stage| {
        let view = stage.view(&no);
        ending(&view.history, view.record.head.closed.unwrap())
    };
    assert_eq!(end(&stage), Some(seq));
    stage.now = stage.now.plus_hours(1);
    let earlier = stage.now.plus_minutes(-30);
    let data = json!({"entry": seq, "changes": {"at": earlier}, "reason": "看错钟"});
    stage.act(&no, "correct", data);
    assert_eq!(stage.view(&no).record.head.closed, Some(earlier));
    assert_eq!(end(&stage), Some(seq));
}
