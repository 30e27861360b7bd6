//! `rules class` says the same as the register.

use serde_json::json;

use super::super::rules_class;
use super::*;

#[test]
fn the_answer_is_what_a_complaint_just_received_would_owe() {
    #[rustfmt::skip]
    let tables = [
        ("property", json!({})),
        ("property", json!({"injury": true, "harm_continues": true})),
        ("property", json!({"design_defect": true})),
        ("property", json!({"misunderstanding": true})),
        ("property", json!({"settled_on_the_spot": true})),
        ("product", json!({"wish_compensation": true})),
        ("tv", json!({"black_border": true, "floating_caption": true})),
        ("telecom", json!({})),
    ];
    for (procedure, facts) in tables {
        let mut desk = desk("2026-05-08T13:00");
        let more = json!({"procedure": procedure, "written": true, "needs_other_department": true, "requested_by": "2026-05-09T09:00"});
        desk.then("receive", with(received(facts.clone()), more.clone()));
        let question = with(
            more,
            json!({"facts": facts, "received": "2026-05-08T12:00"}),
        );
        let answer = rules_class(&question, desk.rules(), desk.now).unwrap();
        assert_eq!(answer.proposal.class, desk.class());
        assert_eq!(answer.deadlines, desk.deadlines(), "{procedure} {facts}");
    }
}

#[test]
fn what_it_does_not_know_it_refuses_by_name() {
    let desk = desk("2026-05-08T13:00");
    let ask = |question: serde_json::Value| {
        rules_class(&question, desk.rules(), desk.now)
            .map_err(|r| (r.code.code(), r.field.unwrap_or_default()))
    };
    #[rustfmt::skip]
    let table = [
        (json!({"procedure": "property", "facts": {"injuri": true}}), ("unknown_field", "injuri")),
        (json!({"procedure": "property", "fact": {}}), ("unknown_field", "fact")),
        (json!({"procedure": "hotel"}), ("bad_value", "procedure")),
        (json!({"facts": {}}), ("missing_field", "procedure")),
        (json!({"procedure": "property", "validity": "maybe"}), ("bad_value", "validity")),
        (json!({"procedure": "property", "received": "soon"}), ("bad_value", "received")),
        (json!({"procedure": "property", "facts": {"injury": 3}}), ("bad_value", "injury")),
        (json!([]), ("bad_value", "")),
    ];
    for (question, (code, field)) in table {
        assert_eq!(
            ask(question.clone()),
            Err((code, field.to_owned())),
            "{question}"
        );
    }
    let answer = ask(json!({"procedure": "物业服务"})).unwrap();
    assert_eq!(
        answer.deadlines[0].from, desk.now,
        "received is now unless given"
    );
}

#[test]
fn whatever_a_person_reads_of_a_complaint_has_words_in_both_languages() {
    use crate::base::i18n::{Arg, Lang, lookup};
    let desk = desk("2026-05-08T13:00");
    let rules = desk.rules();
    let named = |words: Arg| !matches!(words, Arg::Key(_));
    for name in rules.complaint_procedures() {
        let procedure = rules.procedure(name);
        for class in procedure.class_codes() {
            assert!(named(procedure.class_words(class)), "{name} {class}");
        }
        for fact in &procedure.facts {
            assert!(
                named(procedure.fact_words(fact.key.get_ref())),
                "{name} {:?}",
                fact.key
            );
        }
        for duty in &procedure.duties {
            assert!(
                named(procedure.duty_words("complaint", duty.code.get_ref())),
                "{name} {:?}",
                duty.code
            );
        }
        assert!(
            procedure.label.is_some() && procedure.label_en.is_some(),
            "{name}"
        );
    }
    let register = desk.ledger.register;
    let actions = register
        .actions()
        .iter()
        .map(|action| ("action", action.name));
    let fields = register
        .fields()
        .into_iter()
        .map(|field| ("field", field.key));
    let states = register
        .states()
        .codes
        .iter()
        .chain(&["void"])
        .map(|state| ("state", *state));
    for (group, key) in actions.chain(fields).chain(states) {
        let keys = [format!("{group}.complaint.{key}"), format!("{group}.{key}")];
        for lang in Lang::ALL {
            assert!(
                keys.iter().any(|key| lookup(lang, key).is_some()),
                "{keys:?} {lang:?}"
            );
        }
    }
}
