//! Putting right is as good as having typed it right: the record, its duties and its breaches are the same.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::record::head::AnyRecord;
use crate::registers::testing::{Ledger, at as t};
use crate::rules::deadline::Deadline;

/// A step of a life: when, what, with what, and what of it may be typed wrong.
type Step = (&'static str, &'static str, Value, Value);

/// Lives of four registers. What may be typed wrong is such that the rest can still be typed.
fn lives() -> Vec<(&'static str, Vec<Step>)> {
    let none = || json!({});
    let slip = vec![
        (
            "03-02 09:00",
            "issue",
            json!({"content": "厨房漏水", "place": "3-1203", "team": "水工班", "promised_arrival": t("03-02 10:00")}),
            json!({"content": "漏气", "place": "3-1204", "team": "电工班", "promised_arrival": t("03-02 09:30"), "reporter": "李"}),
        ),
        (
            "03-02 09:10",
            "sign_for",
            json!({"technician": "甲"}),
            json!({"technician": "乙"}),
        ),
        (
            "03-02 09:50",
            "arrive",
            json!({"technician": "甲", "admitted": false, "reason": "无人", "next_visit": t("03-02 13:00")}),
            json!({"technician": "乙", "reason": "不让进", "next_visit": t("03-02 12:00")}),
        ),
        (
            "03-02 12:50",
            "wait_material",
            json!({"materials": "阀芯", "next_visit": t("03-02 15:00")}),
            json!({"materials": "垫片", "next_visit": t("03-02 14:00")}),
        ),
        (
            "03-02 15:10",
            "arrive",
            json!({"technician": "乙"}),
            json!({"technician": "甲", "note": "骑车"}),
        ),
        (
            "03-02 15:20",
            "quote",
            json!({"amount_fen": 5000}),
            json!({"amount_fen": 500}),
        ),
        (
            "03-02 16:00",
            "finish",
            json!({"result": "好", "cleaned": true}),
            json!({"result": "换垫", "cleaned": false, "measures": "x"}),
        ),
        (
            "03-02 16:10",
            "accept",
            json!({"signed_by": "李", "satisfied": true}),
            json!({"signed_by": "王"}),
        ),
        (
            "03-02 16:20",
            "tech_sign",
            json!({"technician": "乙"}),
            json!({"technician": "甲"}),
        ),
    ];
    let outage = vec![
        (
            "08-03 22:10",
            "occur",
            json!({"areas": ["B座"], "informant": "保安", "users": ["0901"]}),
            json!({"areas": ["C座"], "informant": "业主", "users": ["0902", "0903"]}),
        ),
        (
            "08-03 22:12",
            "report",
            json!({"to": "gm", "via": "phone"}),
            json!({"to": "supervisor", "via": "in_person"}),
        ),
        (
            "08-03 22:20",
            "on_site",
            json!({"name": "甲"}),
            json!({"name": "乙"}),
        ),
        (
            "08-03 22:25",
            "inform",
            json!({"to": "centre"}),
            json!({"to": "monitoring", "text": "x"}),
        ),
        (
            "08-03 22:30",
            "generator",
            json!({"started": true, "watcher": "丙"}),
            json!({"watcher": "丁"}),
        ),
        (
            "08-03 22:40",
            "contact_utility",
            json!({"expected_restore": t("08-04 01:00"), "answered_by": "李"}),
            json!({"expected_restore": t("08-04 02:00"), "answered_by": "王"}),
        ),
        (
            "08-03 22:50",
            "classify",
            json!({"source": "utility", "cause": "外线"}),
            json!({"source": "building", "cause": "电缆"}),
        ),
        (
            "08-03 23:00",
            "lift_check",
            json!({"guard": "卫", "cars": ["1号梯"]}),
            json!({"guard": "王", "cars": ["1号梯", "2号梯"]}),
        ),
        ("08-04 00:30", "restore", none(), json!({"note": "试送"})),
        (
            "08-04 00:40",
            "inspect",
            json!({"place": "电房", "normal": true}),
            json!({"place": "水泵房"}),
        ),
        (
            "08-04 09:00",
            "written_report",
            json!({"text": "一稿"}),
            json!({"text": "二稿"}),
        ),
    ];
    let complaint = vec![
        (
            "05-08 09:00",
            "receive",
            json!({"procedure": "property", "complainant": "王女士", "content": "半夜装修", "unit": "3-1203",
            "needs_other_department": true}),
            json!({"complainant": "李", "content": "漏水", "unit": "3-1204", "needs_other_department": false, "written": true}),
        ),
        (
            "05-08 09:10",
            "facts",
            json!({"facts": {"injury": true}}),
            json!({"facts": {"injury": false, "harm_continues": true}}),
        ),
        (
            "05-08 09:20",
            "judge",
            json!({"validity": "valid", "role": "service_manager"}),
            json!({"note": "当面"}),
        ),
        (
            "05-08 09:30",
            "classify",
            json!({"class": "important", "reason": "影响面大"}),
            json!({"reason": "多户"}),
        ),
        (
            "05-08 10:00",
            "hand_over",
            json!({"department": "工程部"}),
            json!({"department": "保洁部", "person": "王"}),
        ),
        (
            "05-08 11:00",
            "notify",
            json!({"role_told": "gm"}),
            json!({"role_told": "centre_manager"}),
        ),
        (
            "05-08 15:00",
            "measure",
            json!({"cause": "施工", "measures": "停工"}),
            json!({"cause": "噪声", "measures": "限时"}),
        ),
        (
            "05-09 10:00",
            "answer",
            json!({"text": "已停工"}),
            json!({"text": "在查"}),
        ),
        (
            "05-11 17:30",
            "resolve",
            json!({"result": "整改"}),
            json!({"result": "道歉"}),
        ),
    ];
    let supply = vec![
        (
            "06-25 10:00",
            "apply",
            json!({"applicant": "宏达", "place": "A座15层", "load_kw": "12", "voltage_v": 380, "phases": 3,
            "use_from": t("07-01 08:00"), "use_to": t("08-31 18:00"), "contact": "吴经理", "basis": "metered"}),
            json!({"applicant": "恒达", "place": "B座", "load_kw": "15.5", "contact": "李", "purpose": "x", "use_to": t("09-30 18:00")}),
        ),
        (
            "06-26 09:00",
            "approve",
            json!({"name": "王主管", "role": "supervisor", "price": "0.85", "meter_place": "配电间"}),
            json!({"name": "李主管", "price": "8.5", "meter_place": "走廊"}),
        ),
        ("06-29 14:00", "wire", none(), json!({"note": "已接"})),
        (
            "06-30 15:00",
            "inspect",
            json!({"passed": true, "name": "张工"}),
            json!({"name": "赵工"}),
        ),
        (
            "07-01 08:00",
            "energise",
            json!({"meter_no": "M-88", "digits": 5, "reading": "1234.50", "our_name": "张工", "user_name": "吴经理"}),
            json!({"meter_no": "M-89", "reading": "1200.00", "our_name": "赵工", "user_name": "李"}),
        ),
        (
            "07-31 09:00",
            "read",
            json!({"reading": "1301.20", "name": "张工"}),
            json!({"reading": "1310.20", "name": "赵工"}),
        ),
    ];
    vec![
        ("work-order", slip),
        ("outage", outage),
        ("complaint", complaint),
        ("application", supply),
    ]
}

/// The record, its duties and its place in the list, without its history: which entry named whom belongs to that.
fn left(ledger: &Ledger) -> (AnyRecord, Vec<Deadline>, String, bool) {
    let made = ledger.evaluated();
    let mut record = made.record().unwrap();
    record.body.change(|body| {
        body.as_object_mut().unwrap().shift_remove("named");
    });
    (record, made.deadlines, made.title, made.open)
}

/// Types a life; the step at `wrong` with these values in place of the right ones. `None` when that cannot be typed.
fn typed(code: &str, life: &[Step], wrong: Option<(usize, &Value)>) -> Option<Ledger> {
    let mut ledger = Ledger::new(code);
    for (index, (at, action, data, _)) in life.iter().enumerate() {
        let mut data = data.clone();
        data["at"] = json!(t(at));
        if let Some((_, values)) = wrong.filter(|(step, _)| *step == index) {
            for (key, value) in values.as_object().into_iter().flatten() {
                data[key] = value.clone();
            }
        }
        match ledger.act(action, &data) {
            Ok(()) => {}
            Err(refusal) if wrong.is_none() => panic!("{action}: {refusal:?}"),
            Err(_) => return None,
        }
    }
    Some(ledger)
}

/// What the step says rightly under these keys; what it does not say is taken out.
fn right(step: &Step, wrong: &Value) -> Value {
    let mut changes = json!({});
    for key in wrong.as_object().into_iter().flatten().map(|(key, _)| key) {
        changes[key] = match key.as_str() {
            "at" => json!(t(step.0)),
            key => step.2.get(key).cloned().unwrap_or_default(),
        };
    }
    changes
}

#[track_caller]
fn put_right(code: &str, life: &[Step], index: usize, wrong: &Value) -> bool {
    let Some(mut ledger) = typed(code, life, Some((index, wrong))) else {
        return false;
    };
    let data = json!({"entry": index + 1, "changes": right(&life[index], wrong), "reason": "看错"});
    ledger
        .act("correct", &data)
        .unwrap_or_else(|refusal| panic!("{code} {index} {wrong}: {refusal:?}"));
    let at_first = typed(code, life, None).unwrap();
    assert_eq!(
        left(&ledger),
        left(&at_first),
        "{code}: step {index} typed as {wrong}"
    );
    true
}

#[test]
fn every_field_typed_wrong_and_put_right_is_as_if_typed_right() {
    let (mut tried, mut untypable) = (0, Vec::new());
    for (code, life) in lives() {
        for (index, (_, action, _, wrong)) in life.iter().enumerate() {
            for (key, value) in wrong.as_object().into_iter().flatten() {
                tried += 1;
                if !put_right(code, &life, index, &json!({ key: value })) {
                    untypable.push(format!("{code}: {action} with {key} {value}"));
                }
            }
        }
    }
    assert_eq!(untypable, [""; 0]);
    assert!(tried > 60, "{tried}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// A wrong time alone, or with wrong fields; a wrong time that the rest would not allow could not be typed.
    #[test]
    fn a_time_typed_wrong_and_put_right_is_as_if_typed_right(
        life in 0..4_usize,
        step in 0..64_usize,
        minutes in prop_oneof![-90..0_i64, 1..90_i64],
        fields in any::<bool>(),
    ) {
        let (code, life) = lives().swap_remove(life);
        let index = step % life.len();
        let mut wrong = match fields {
            true => life[index].3.clone(),
            false => json!({}),
        };
        wrong["at"] = json!(t(life[index].0).plus_minutes(minutes));
        prop_assume!(put_right(code, &life, index, &wrong));
    }
}
