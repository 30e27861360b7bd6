//! Everything the register names has words in both languages and a text for its clause.

use super::*;
use crate::base::clause::Clause;
use crate::base::i18n::{Lang, lookup};
use crate::record::action::ActionSet;
use crate::record::field::{Field, Kind};
use crate::registers::outage::OutageAction;
use crate::rules::ruleset::Rules;

fn rules() -> Rules {
    Rules::built_in().unwrap()
}

#[track_caller]
fn said(keys: &[String]) {
    for lang in Lang::ALL {
        assert!(
            keys.iter().any(|key| lookup(lang, key).is_some()),
            "{keys:?} has no words in {lang:?}"
        );
    }
}

fn labelled(fields: &[Field]) {
    for field in fields {
        said(&[
            format!("field.outage.{}", field.key),
            format!("field.{}", field.key),
        ]);
        match field.kind {
            Kind::Choice(set) => set
                .codes
                .iter()
                .for_each(|code| said(&[set.label_key(code)])),
            Kind::Items(inner) => labelled(inner),
            _ => {}
        }
    }
}

#[test]
fn actions_fields_states_and_duties_have_labels() {
    for action in OutageAction::ALL {
        said(&[
            format!("action.outage.{}", action.name),
            format!("action.{}", action.name),
        ]);
        labelled(action.fields);
    }
    for state in Sheet::new().ledger.register.states().codes {
        said(&[format!("state.outage.{state}")]);
    }
    said(&["state.outage.void".into(), "register.outage".into()]);
    for duty in &rules().procedure("outage").duties {
        said(&[format!("duty.outage.{}", duty.code.get_ref())]);
    }
}

#[test]
fn every_clause_that_a_duty_cites_has_its_text() {
    let sheets = [
        planned("building"),
        planned("utility"),
        planned("government"),
        back("building"),
        back("utility"),
        back("government"),
    ];
    for sheet in &sheets {
        for duty in sheet.deadlines() {
            assert!(
                rules().clause_text(&duty.clause).is_some(),
                "{} cites {}",
                duty.code,
                duty.clause
            );
        }
    }
    let rules = rules();
    let known = |id: &str| rules.clause_text(&Clause::from(id));
    assert!(
        known("S1.1.4").unwrap().contains("如不能在上述时限内送达"),
        "the damaged sentence is read as settled"
    );
    for duty in &rules.procedure("outage").duties {
        assert!(known(&duty.clause.0).is_some(), "{}", duty.clause);
    }
}

#[test]
fn ticks_name_actions_and_fields_that_exist() {
    for sheet in [
        planned("building"),
        noticed("building"),
        ready(),
        out(),
        judged("building"),
        back("utility"),
    ] {
        for duty in sheet.deadlines() {
            let ticks = duty
                .tick
                .iter()
                .chain(duty.parts.iter().filter_map(|part| part.tick.as_ref()));
            for tick in ticks {
                let register = sheet.ledger.register;
                let spec = register
                    .action(&tick.action)
                    .unwrap_or_else(|| panic!("{} of {}", tick.action, duty.code));
                for (key, _) in &tick.preset {
                    assert!(
                        spec.field(key).is_some() || key == "via",
                        "{key} of {}",
                        tick.action
                    );
                }
            }
        }
    }
}

#[test]
fn every_sentence_of_the_duty_log_is_in_the_catalogue() {
    for action in OutageAction::ALL {
        said(&[format!("outage_log.{}", action.name)]);
    }
}

/// Everything the record keeps, down to what lies within its lists, has a label; what only the program reads has none.
#[test]
fn what_is_kept_has_labels() {
    fn keys(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| {
                found.push(key.clone());
                keys(value, found);
            }),
            Value::Array(list) => list.iter().for_each(|item| keys(item, found)),
            _ => {}
        }
    }
    let mut rich = ready();
    rich.ok(
        "08-07 09:00",
        "reschedule",
        json!({ "plan_end": t("08-10 13:00"), "reason": "延长" }),
    )
    .ok("08-07 10:00", "unreachable", json!({ "reason": "无人" }))
    .ok("08-10 09:00", "cut", json!({ "reason": "抢修" }))
    .ok("08-10 09:10", "broadcast", json!({ "note": "急" }))
    .ok(
        "08-10 10:00",
        "contact_utility",
        json!({ "expected_restore": t("08-10 11:00"), "answered_by": "李" }),
    )
    .ok("08-10 12:00", "restore", json!({ "note": "x" }));
    let mut dark = back("utility");
    dark.ok(
        "08-03 22:20",
        "generator",
        json!({ "started": true, "watcher": "钱" }),
    )
    .ok(
        "08-04 02:00",
        "generator_stop",
        json!({ "runs_on": true, "reason": "x" }),
    )
    .ok(
        "08-03 22:20",
        "lift_check",
        json!({ "guard": "刘", "cars": [{ "car": "1", "trapped": true, "persons": 1 }] }),
    )
    .ok(
        "08-03 22:30",
        "rescue",
        json!({ "car": "1", "released": true }),
    )
    .ok(
        "08-04 02:00",
        "utility_letter",
        json!({ "step": "refused", "reason": "x" }),
    )
    .ok("08-04 02:00", "nobody_affected", json!({ "reason": "x" }));
    let spec = dark.ledger.register.spec();
    let mut found = Vec::new();
    for sheet in [&rich, &dark] {
        let Value::Object(body) = (*sheet.record().body).clone() else {
            continue;
        };
        let shown = body
            .into_iter()
            .filter(|(key, _)| !spec.hidden.contains(&key.as_str()));
        keys(&Value::Object(shown.collect()), &mut found);
    }
    for key in found {
        said(&[format!("field.outage.{key}"), format!("field.{key}")]);
    }
}
