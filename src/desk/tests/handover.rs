//! What a shift hands over, and when it may not simply do so.

use serde_json::json;

use super::{Stage, at};
use crate::base::i18n::Voice;
use crate::base::refusal::RefusalCode;
use crate::desk::view::Target;

struct Shift {
    stage: Stage,
    no: String,
}

impl Shift {
    fn new() -> Self {
        let mut stage = Stage::new();
        let shift = json!({"band": "夜班", "people": ["赵值班"]});
        let no = stage.open("log", "shift", shift);
        Self { stage, no }
    }

    /// The items as they are read out.
    fn said(&self) -> Vec<String> {
        let items = self.stage.desk.handover(&self.no, self.stage.now).unwrap();
        items
            .iter()
            .map(|item| item.said(&Voice::default()))
            .collect()
    }

    fn accident(&mut self) -> String {
        let occur = json!({"areas": ["C座"], "informant": "保安李"});
        self.stage.open("outage", "occur", occur)
    }
}

#[test]
fn a_quiet_shift_hands_over_nothing() {
    assert_eq!(Shift::new().said(), Vec::<String>::new());
}

#[test]
fn what_is_dark_comes_first_then_carried_items_then_what_is_owed() {
    let mut shift = Shift::new();
    let carry = json!({"text": "3#水泵异响，明早报修", "kind": "carry"});
    shift.stage.open("log", "entry", carry);
    let night = json!({"text": "更换保险", "kind": "night_repair", "place": "5栋"});
    shift.stage.open("log", "entry", night);
    let outage = shift.accident();
    let said = shift.said();
    assert!(
        said[0].starts_with(&format!("停电 C座（{outage}）")),
        "{said:?}"
    );
    assert!(said[0].contains("预计恢复时间未定"), "{said:?}");
    assert!(said[1].contains("3#水泵异响，明早报修"), "{said:?}");
    // The slip is owed at the close of the day shift that follows, within which the next shift is on.
    assert!(said[2].starts_with("补发维修单"), "{said:?}");
    // The duties of what is dark stand on its sheet; the shift's own hand-over is what is being done.
    assert_eq!(said.len(), 3, "{said:?}");
}

#[test]
fn what_falls_due_after_the_next_shift_is_not_handed_over() {
    let mut shift = Shift::new();
    let complaint = json!({
        "procedure": "property", "complainant": "周先生", "content": "噪音", "phone": "13900000000",
        "unit": "5栋0802", "facts": {"injury": true},
    });
    let no = shift.stage.open("complaint", "receive", complaint);
    // Four reports are owed at once; the answer only in two working days.
    let said = shift.said();
    assert_eq!(said.len(), 4, "{said:?}");
    assert!(
        said.iter()
            .all(|said| said.contains("应立即办") && said.contains(&no))
    );
    shift.stage.now = at("2026-08-05T05:31");
    let said = shift.said();
    assert_eq!(said.len(), 5, "{said:?}");
    assert!(
        said.iter().any(|said| said.contains("2026-08-05 17:30")),
        "{said:?}"
    );
}

#[test]
fn one_duty_of_many_records_is_one_item() {
    let mut shift = Shift::new();
    for n in 0..8 {
        let night = json!({"text": format!("更换保险{n}"), "kind": "night_repair", "place": "5栋"});
        shift.stage.open("log", "entry", night);
    }
    let said = shift.said();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("补发维修单 8 件：L-2026-00002、"),
        "{said:?}"
    );
    assert!(said[0].contains(" 等；最早的限 "), "{said:?}");
}

#[test]
fn while_an_accident_is_unrestored_the_supervisor_must_allow_it() {
    let mut shift = Shift::new();
    let outage = shift.accident();
    let to = || Target::On(shift.no.clone());
    let (shift_no, target) = (shift.no.clone(), to());
    let plain = json!({"out": "赵值班", "in": "钱值班", "items_read": true});
    let refusal = shift.stage.refused(target, "hand_over", plain);
    assert_eq!(
        (refusal.code, refusal.field.as_deref()),
        (RefusalCode::Gate, Some("supervisor"))
    );
    let target = Target::On(shift_no.clone());
    let unfounded =
        json!({"out": "赵值班", "in": "钱值班", "items_read": true, "supervisor": "孙主管"});
    let refusal = shift.stage.refused(target, "hand_over", unfounded);
    assert_eq!(refusal.field.as_deref(), Some("allowed_because"));
    let allowed = json!({
        "out": "赵值班", "in": "钱值班", "items_read": true, "supervisor": "孙主管", "allowed_because": "抢修要到早上",
        "handed": [{"what": "停电 C座", "no": outage, "read": true}],
    });
    shift.stage.act(&shift_no, "hand_over", allowed);
    let body = shift.stage.view(&shift_no).record.body;
    assert_eq!(body["supervisor"], "孙主管");
    assert_eq!(body["handed"][0]["what"], "停电 C座");
    shift.stage.proves();
}

#[test]
fn when_power_is_back_a_shift_is_handed_over_as_ever() {
    let mut shift = Shift::new();
    let outage = shift.accident();
    shift.stage.act(&outage, "restore", json!({}));
    let no = shift.no.clone();
    let plain = json!({"out": "赵值班", "in": "钱值班", "items_read": true});
    shift.stage.act(&no, "hand_over", plain);
}

#[test]
fn a_ticket_that_is_begun_is_handed_over_by_leave_only() {
    let mut shift = Shift::new();
    let plan = json!({
        "source": "building", "areas": ["C座"], "users": ["0901"], "reason": "检修", "form": "outage",
        "plan_start": at("2026-08-20T09:00"), "plan_end": at("2026-08-20T12:00"),
    });
    let outage = shift.stage.open("outage", "plan", plan);
    let ticket = json!({
        "task": "C座停电", "operator": "刘电工", "guardian": "王电工",
        "steps": ["断开进线开关", "验电"],
    });
    shift.stage.act(&outage, "ticket", ticket);
    assert!(
        !shift.said().iter().any(|said| said.contains("操作票")),
        "only filled in"
    );
    shift.stage.act(
        &outage,
        "sign_ticket",
        json!({"name": "孙主管", "role": "supervisor"}),
    );
    let said = shift.said();
    assert!(
        said.iter().any(|said| said.contains("第 1 步，共 2 步")),
        "{said:?}"
    );
    // What else that outage owes is owed by the next shift too.
    shift.stage.now = at("2026-08-20T04:00");
    let said = shift.said();
    let notice = |said: &String| said.contains(&outage) && !said.contains("操作票");
    assert!(said.iter().any(notice), "{said:?}");
    let plain = json!({"out": "赵值班", "in": "钱值班", "items_read": true});
    let refusal = shift
        .stage
        .refused(Target::On(shift.no.clone()), "hand_over", plain);
    assert_eq!(refusal.field.as_deref(), Some("supervisor"));
}
