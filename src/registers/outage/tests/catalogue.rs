//! Everything the register names has words in both languages and a text for its clause.

use super::*;
use crate::base::clause::Clause;
use crate::base::i18n::{Lang, lookup};
use crate::record::action::ActionSet;
use crate::record::field::{Field, Kind};
use crate::registers::outage::OutageAction;

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
    for state in REGISTER.states().codes {
        said(&[format!("state.outage.{state}")]);
    }
    said(&["state.outage.void".into(), "register.outage".into()]);
    for duty in &Sheet::new().rules.procedure("outage").duties {
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
                sheet.rules.clause_text(&duty.clause).is_some(),
                "{} cites {}",
                duty.code,
                duty.clause
            );
        }
    }
    let rules = Sheet::new().rules;
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
                let spec = REGISTER
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
