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
        let answer = rules_class(&question, &desk.rules, desk.now).unwrap();
        assert_eq!(answer.proposal.class, desk.class());
        assert_eq!(answer.deadlines, desk.deadlines(), "{procedure} {facts}");
    }
}

#[test]
fn what_it_does_not_know_it_refuses_by_name() {
    let desk = desk("2026-05-08T13:00");
    let ask = |question: serde_json::Value| {
        rules_class(&question, &desk.rules, desk.now)
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
    use crate::base::i18n::{Lang, lookup};
    let rules = desk("2026-05-08T13:00").rules;
    let mut wanted: Vec<[String; 2]> = Vec::new();
    let mut want = |group: &str, key: &str| {
        wanted.push([format!("{group}.complaint.{key}"), format!("{group}.{key}")])
    };
    for name in rules.complaint_procedures() {
        let procedure = rules.procedure(name);
        want("procedure", name);
        procedure
            .classes
            .iter()
            .for_each(|class| want("class", class));
        procedure
            .facts
            .iter()
            .for_each(|fact| want("fact", fact.key.get_ref()));
        procedure
            .duties
            .iter()
            .for_each(|duty| want("duty", duty.code.get_ref()));
    }
    REGISTER
        .actions()
        .iter()
        .for_each(|action| want("action", action.name));
    REGISTER
        .fields()
        .iter()
        .for_each(|field| want("field", field.key));
    REGISTER
        .states()
        .codes
        .iter()
        .chain(&["void"])
        .for_each(|state| want("state", state));
    for keys in wanted {
        for lang in Lang::ALL {
            assert!(
                keys.iter().any(|key| lookup(lang, key).is_some()),
                "{keys:?} {lang:?}"
            );
        }
    }
}
