//! The same facts, typed as they happened or in any other order, make the same record (section 0).

use proptest::prelude::*;

use super::*;

/// What may happen after power went out; each is possible whatever else was or was not typed.
fn facts() -> Vec<(&'static str, Value)> {
    let call = |hour: &str| json!({ "expected_restore": t(hour) });
    vec![
        ("report", json!({ "to": "gm", "via": "phone" })),
        ("on_site", json!({ "name": "甲" })),
        ("on_site", json!({ "name": "乙" })),
        ("inform", json!({ "to": "centre" })),
        ("inform", json!({ "to": "monitoring" })),
        ("inform", json!({ "to": "centre" })),
        ("inform", json!({ "to": "centre_manager" })),
        ("generator", json!({ "started": false, "reason": "短" })),
        ("generator", json!({ "started": true, "watcher": "丙" })),
        (
            "lift_check",
            json!({ "guard": "卫", "cars": ["1号梯", "2号梯"] }),
        ),
        ("contact_utility", call("08-04 00:10")),
        ("contact_utility", call("08-04 01:10")),
        (
            "contact_utility",
            json!({ "unknown": true, "answered_by": "李" }),
        ),
        ("classify", json!({ "source": "utility", "cause": "外线" })),
        ("classify", json!({ "source": "building", "cause": "电缆" })),
        ("approve", gm("broadcast")),
        (
            "approve",
            json!({ "gate": "broadcast", "decision": "no", "name": "孙", "role": "gm" }),
        ),
        ("broadcast", json!({ "text": "一" })),
        ("broadcast", json!({ "text": "二", "note": "急" })),
        ("utility_letter", json!({ "step": "received" })),
        (
            "utility_letter",
            json!({ "step": "refused", "reason": "不出具" }),
        ),
        ("draft_letter", json!({ "text": "一稿" })),
        ("nobody_affected", json!({ "reason": "无" })),
        ("written_report", json!({ "text": "一稿" })),
        ("written_report", json!({ "text": "二稿" })),
        ("patrol", json!({ "result": "正常" })),
        ("announce", json!({})),
        ("inspect", json!({ "place": "电房", "normal": true })),
    ]
}

type Act = (i64, &'static str, Value);

/// The record that these facts make, minutes after the opening, typed in this order.
fn made(opening: (&str, &str, Value), acts: &[Act]) -> (AnyRecord, Vec<Deadline>) {
    let (at, action, data) = opening;
    let mut sheet = Sheet::new();
    sheet.ok(at, action, data);
    for (minute, action, data) in acts {
        let mut data = data.clone();
        data["at"] = json!(t(at).plus_minutes(*minute));
        sheet.ok(at, action, data);
    }
    let evaluated = sheet.ledger.evaluated();
    (evaluated.record().unwrap(), evaluated.deadlines)
}

/// Some of the facts at these minutes, each at a minute of its own.
fn drawn(facts: Vec<(&'static str, Value)>, minutes: &[i64], keys: &[(u64, bool)]) -> Vec<Act> {
    let mut drawn: Vec<_> = keys.iter().zip(facts).collect();
    drawn.sort_by_key(|((place, _), _)| *place);
    let taken = minutes
        .iter()
        .zip(drawn)
        .filter(|(_, ((_, taken), _))| *taken);
    taken
        .map(|(minute, (_, (action, data)))| (*minute, action, data))
        .collect()
}

fn shuffled(acts: &[Act], keys: &[u64]) -> Vec<Act> {
    let mut keyed: Vec<(u64, Act)> = keys.iter().copied().zip(acts.to_vec()).collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, act)| act).collect()
}

/// What may be told of a plan before its cut.
fn told_before() -> Vec<(&'static str, Value)> {
    let moved = |from: &str, to: &str| json!({ "plan_start": t(from), "plan_end": t(to), "areas": ["A座", "B座"], "reason": "改" });
    let no = |gate: &str| json!({ "gate": gate, "decision": "no", "name": "孙", "role": "gm" });
    vec![
        ("report", json!({ "via": "phone" })),
        ("report", json!({ "via": "written" })),
        ("approve", gm("cut")),
        ("approve", gm("notice")),
        ("approve", no("cut")),
        ("approve", no("broadcast")),
        ("approve", gm("broadcast")),
        ("broadcast", json!({ "note": "急" })),
        ("unreachable", json!({ "reason": "无人" })),
        ("announce", json!({})),
        ("announce", json!({})),
        ("staff", json!({ "names": ["甲"] })),
        ("reschedule", moved("08-12 09:00", "08-12 12:00")),
        ("reschedule", moved("08-11 09:00", "08-11 12:00")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn an_accident_is_what_its_facts_make_of_it(
        minutes in proptest::collection::btree_set(1_i64..900, 29),
        places in proptest::collection::vec(any::<(u64, bool)>(), 28),
        keys in proptest::collection::vec(any::<u64>(), 29),
        back in any::<bool>(),
    ) {
        let minutes: Vec<i64> = minutes.into_iter().collect();
        let mut happened = drawn(facts(), &minutes, &places);
        if back {
            let last = minutes[minutes.len() / 2];
            happened.retain(|(minute, ..)| *minute != last);
            happened.push((last, "restore", json!({})));
            happened.sort_by_key(|(minute, ..)| *minute);
        }
        let opening = || ("08-03 22:10", "occur", json!({ "areas": ["A座"], "users": ["1"] }));
        let (one, duties) = made(opening(), &happened);
        let (other, as_typed) = made(opening(), &shuffled(&happened, &keys));
        prop_assert_eq!(duties, as_typed);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn a_plan_is_what_its_facts_make_of_it(
        minutes in proptest::collection::btree_set(1_i64..5600, 14),
        places in proptest::collection::vec(any::<(u64, bool)>(), 14),
        keys in proptest::collection::vec(any::<u64>(), 18),
        cut in 5600_i64..7500,
    ) {
        let minutes: Vec<i64> = minutes.into_iter().collect();
        let mut happened = drawn(told_before(), &minutes, &places);
        happened.push((cut, "cut", json!({ "reason": "抢修" })));
        happened.push((cut + 30, "patrol", json!({ "result": "正常" })));
        happened.push((cut + 40, "generator", json!({ "started": true, "watcher": "丙" })));
        let opening = || ("08-06 10:00", "plan", plan("building"));
        let (one, duties) = made(opening(), &happened);
        // Power is cut before anybody knows what it does.
        let typed = shuffled(&happened, &keys);
        let after = |act: &Act| act.0 > cut;
        let (late, early): (Vec<Act>, Vec<Act>) = typed.into_iter().partition(after);
        let typed: Vec<Act> = early.into_iter().chain(late).collect();
        let (other, as_typed) = made(opening(), &typed);
        prop_assert_eq!(duties, as_typed);
        prop_assert_eq!(one, other);
    }
}
