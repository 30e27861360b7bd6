//! Each line of S5.4.2, and of the other procedures' tables, at its boundary.

use serde_json::json;

use super::*;

fn rules() -> Rules {
    Rules::built_in().unwrap()
}

fn class_of(
    procedure: &str,
    facts: Value,
    validity: Option<Validity>,
) -> (String, bool, Vec<(String, Option<String>)>) {
    let rules = rules();
    let procedure = rules.procedure(procedure);
    let facts = Facts::read(facts.as_object().unwrap(), procedure).unwrap();
    let proposal = propose(procedure, &facts, validity);
    (
        proposal.class,
        proposal.confirmed,
        proposal
            .reasons
            .into_iter()
            .map(|r| (r.clause.0, r.fact))
            .collect(),
    )
}

#[test]
fn the_first_line_of_the_table_that_fires_gives_the_class() {
    let yes = |names: &[&str]| {
        Value::Object(
            names
                .iter()
                .map(|name| ((*name).to_owned(), Value::Bool(true)))
                .collect(),
        )
    };
    let (valid, invalid) = (Some(Validity::Valid), Some(Validity::Invalid));
    #[rustfmt::skip]
    let table = [
        // procedure, facts, judged, class, confirmed, clause of the first reason
        ("property", json!({}), None, "important", true, "S5.4.2.1b"),
        ("property", yes(&["settled_on_the_spot"]), None, "minor", true, "S5.4.2.1a"),
        ("property", yes(&["solvable_within_one_working_day"]), None, "minor", true, "S5.4.2.1a"),
        ("property", yes(&["solvable_within_one_working_day", "significant_loss"]), None, "important", true, "S5.4.2.1b"),
        ("property", yes(&["injury", "settled_on_the_spot"]), None, "major", true, "S5.4.2.1c"),
        ("property", yes(&["major_loss"]), None, "major", true, "S5.4.2.1c"),
        ("property", yes(&["great_inconvenience"]), None, "major", true, "S5.4.2.1c"),
        ("property", yes(&["living_severely_affected"]), None, "major", true, "S5.4.2.1c"),
        ("property", yes(&["letter_to_company"]), None, "major", true, "S5.4.2.1c"),
        ("property", yes(&["complained_to_group"]), None, "major", true, "S5.4.2.1c"),
        ("property", yes(&["fee_refusal"]), None, "major", true, "S5.4.2.1c"),
        ("property", json!({"unresolved_times": 1}), None, "important", true, "S5.4.2.1b"),
        ("property", json!({"unresolved_times": 2}), None, "major", true, "S5.4.2.1c"),
        ("property", yes(&["developer_legacy"]), None, "deferred", false, "S5.4.2.1d"),
        ("property", yes(&["design_defect"]), valid, "deferred", true, "S5.4.2.1d"),
        ("property", yes(&["equipment_defect", "can_be_done_now"]), None, "important", true, "S5.4.2.1b"),
        ("property", yes(&["equipment_defect", "solvable_within_one_working_day"]), None, "minor", true, "S5.4.2.1a"),
        ("property", yes(&["design_defect", "injury"]), None, "major", true, "S5.4.2.1c"),
        // A proposal of invalidity never hides a heavier class; the judgement does.
        ("property", yes(&["misunderstanding"]), None, "invalid", false, "S5.4.2.2"),
        ("property", yes(&["misunderstanding", "injury"]), None, "major", true, "S5.4.2.1c"),
        ("property", yes(&["misunderstanding", "injury"]), invalid, "invalid", true, "S5.4.2.2"),
        ("property", yes(&["misunderstanding"]), valid, "important", true, "S5.4.2.1b"),
        ("property", yes(&["injury"]), invalid, "invalid", true, "S5.4.2.2"),
        ("product", json!({}), None, "appeal", true, "S6.3"),
        ("product", yes(&["wish_return"]), None, "appeal", true, "S6.3"),
        ("product", yes(&["wish_return", "wish_compensation"]), None, "claim", true, "S6.3"),
        ("product", yes(&["order_not_found", "wish_compensation"]), None, "non_quality", false, "S6.5.1"),
        ("product", yes(&["misunderstanding"]), None, "non_quality", false, "S6.3.3.1"),
        ("product", yes(&["pretext"]), None, "non_quality", false, "S6.3"),
        ("product", yes(&["pretext"]), valid, "appeal", true, "S6.3"),
        ("product", json!({}), invalid, "non_quality", true, "S6.3.3.1"),
        ("tv", json!({}), None, "ordinary", true, "S3.4"),
        ("tv", yes(&["major_fault"]), None, "major", true, "S3.4"),
        ("tv", yes(&["moved_unregistered"]), None, "explained", true, "S3.1"),
        ("tv", yes(&["moved_unregistered", "move_registered"]), None, "ordinary", true, "S3.4"),
        ("tv", yes(&["moved_unregistered", "both_addresses_paid"]), None, "ordinary", true, "S3.4"),
        ("tv", yes(&["black_border"]), None, "explained", true, "S3.2"),
        ("tv", yes(&["floating_caption"]), None, "explained", true, "S3.3"),
        ("telecom", json!({}), None, "ordinary", true, "S8.2.2"),
        ("telecom", json!({}), invalid, "invalid", true, "S8.2.2"),
    ];
    for (procedure, facts, validity, class, confirmed, clause) in table {
        let (got, sure, reasons) = class_of(procedure, facts.clone(), validity);
        assert_eq!(
            (got.as_str(), sure, reasons[0].0.as_str()),
            (class, confirmed, clause),
            "{procedure} {facts} {validity:?}"
        );
    }
}

#[test]
fn every_fact_that_fired_is_a_reason() {
    let fact = |name: &str| Some(name.to_owned());
    let (_, _, reasons) = class_of(
        "property",
        json!({"injury": true, "unresolved_times": 3, "design_defect": true}),
        None,
    );
    assert_eq!(
        reasons.iter().map(|r| r.1.clone()).collect::<Vec<_>>(),
        [fact("injury"), fact("unresolved_times")]
    );
    let (_, _, reasons) = class_of(
        "property",
        json!({"misunderstanding": true}),
        Some(Validity::Invalid),
    );
    assert_eq!(reasons, [("S5.4.2.2".to_owned(), fact("misunderstanding"))]);
    let (_, _, reasons) = class_of("property", json!({}), Some(Validity::Invalid));
    assert_eq!(reasons, [("S5.4.2.2".to_owned(), fact("validity"))]);
}

#[test]
fn a_major_complaint_about_a_defect_says_that_it_may_be_put_off_afterwards() {
    let rules = rules();
    let property = rules.procedure("property");
    let notes =
        |facts: Value| propose(property, &Facts(facts.as_object().unwrap().clone()), None).notes;
    assert_eq!(
        notes(json!({"injury": true, "design_defect": true}))[0].key,
        "note.may_be_deferred"
    );
    assert!(notes(json!({"injury": true})).is_empty());
    assert_eq!(
        notes(json!({"design_defect": true}))[0].key,
        "note.proposal"
    );
}

#[test]
fn a_fact_is_known_and_of_its_kind() {
    let rules = rules();
    let read = |facts: Value| Facts::read(facts.as_object().unwrap(), rules.procedure("property"));
    assert_eq!(
        read(json!({"injuri": true})),
        Err(FactError::Unknown("injuri".into()))
    );
    assert_eq!(
        read(json!({"injury": 1})),
        Err(FactError::NotYesNo("injury".into()))
    );
    assert_eq!(
        read(json!({"unresolved_times": true})),
        Err(FactError::NotACount("unresolved_times".into()))
    );
    assert_eq!(
        read(json!({"unresolved_times": -1})),
        Err(FactError::NotACount("unresolved_times".into()))
    );
    assert_eq!(
        read(json!({"injury": "是", "unresolved_times": "2", "fee_refusal": null}))
            .unwrap()
            .0,
        *json!({"injury": true, "unresolved_times": 2})
            .as_object()
            .unwrap()
    );
}

#[test]
fn the_owners_time_replaces_the_rule_or_only_an_earlier_one_does() {
    let rules = rules();
    let at = |text: &str| rules.zone().parse(text).unwrap();
    let resolve = |class: &str, asked: &str| {
        let duty = rules
            .procedure("property")
            .duties
            .iter()
            .find(|d| d.code.get_ref() == "resolve" && d.classes == [class])
            .unwrap();
        let deadline = deadline(&rules, duty, at("2026-05-08T12:00"), Some(at(asked)));
        (
            deadline.due.unwrap(),
            deadline.rule_due.unwrap(),
            deadline.promised,
        )
    };
    #[rustfmt::skip]
    let table = [
        // class, asked, due, rule
        ("minor", "2026-05-08T18:00", "2026-05-08T18:00", "2026-05-09T12:00"),
        ("minor", "2026-05-20T18:00", "2026-05-20T18:00", "2026-05-09T12:00"),
        ("important", "2026-05-09T18:00", "2026-05-09T18:00", "2026-05-12T17:30"),
        ("important", "2026-06-09T18:00", "2026-06-09T18:00", "2026-05-12T17:30"),
        ("major", "2026-05-18T17:29", "2026-05-18T17:29", "2026-05-18T17:30"),
        ("major", "2026-05-18T17:31", "2026-05-18T17:30", "2026-05-18T17:30"),
    ];
    for (class, asked, due, rule) in table {
        assert_eq!(
            resolve(class, asked),
            (at(due), at(rule), Some(at(asked))),
            "{class} {asked}"
        );
    }
}

#[test]
fn the_script_promises_no_more_than_the_due_time() {
    let voice = crate::base::i18n::Voice::default();
    let due = rules().zone().parse("2026-03-05T17:30");
    assert!(
        voice
            .say(&script(due))
            .ends_with("我们最迟在 2026-03-05 17:30 周四 前给您解决，并随时告知进展。")
    );
    assert!(!voice.say(&script(None)).contains("最迟"));
}

#[test]
fn every_clause_that_a_complaint_procedure_cites_has_its_text() {
    let rules = rules();
    for name in rules.complaint_procedures() {
        let procedure = rules.procedure(name);
        let duties = procedure.duties.iter().map(|d| &d.clause);
        for clause in duties
            .chain(procedure.decision.iter().map(|l| &l.clause))
            .chain(procedure.causes.iter().map(|c| &c.clause))
        {
            assert!(procedure.clauses.contains_key(&clause.0), "{name} {clause}");
        }
        assert!(
            procedure
                .duties
                .iter()
                .all(|d| d.who.is_empty() || rules.role(&d.who).is_some())
        );
        for setting in [
            "judge_role",
            "defer_role",
            "approve_role",
            "penalty_role",
            "close_major_role",
        ] {
            assert!(
                procedure.word(setting).is_empty() || rules.role(procedure.word(setting)).is_some(),
                "{name} {setting}"
            );
        }
    }
}

#[test]
fn a_fact_is_answered_like_any_field() {
    let rules = Rules::built_in().unwrap();
    let property = rules.procedure("property");
    for (said, holds) in [
        ("Yes", true),
        ("y", true),
        ("是", true),
        ("NO", false),
        ("n", false),
    ] {
        let given = serde_json::json!({ "injury": said });
        let facts = Facts::read(given.as_object().unwrap(), property).unwrap();
        assert_eq!(facts.holds("injury"), holds, "{said}");
    }
}
