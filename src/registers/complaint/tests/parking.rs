//! A complaint procedure is one TOML file: classes, facts, table, duties, names. What is wrong in it is told by line.

use serde_json::json;

use super::super::{rules_class, script};
use super::*;
use crate::base::i18n::{Lang, Voice};
use crate::registers::label;
use crate::registers::procedures::{check, with_file};
use crate::rules::in_force::InForce;
use crate::rules::procedure::BUILT_IN;

const PARKING: &str = include_str!("parking.toml");

fn built_in() -> Rules {
    Rules::built_in().unwrap()
}

fn parking() -> Desk {
    let mut desk = desk("2026-05-08T18:00");
    desk.ledger.rules = InForce::always(with_file(&built_in(), "parking", PARKING).unwrap());
    desk
}

fn about_parking(facts: Value) -> Value {
    let own = json!({"procedure": "parking", "unit": "B1", "content": "粤B12345 堵在通道口"});
    with(received(facts), own)
}

#[test]
fn the_built_in_procedures_speak_only_of_what_there_is() {
    let rules = built_in();
    for (name, _) in BUILT_IN {
        assert_eq!(check(&rules, name), Ok(()), "{name}");
    }
}

#[test]
fn it_decides_the_class_and_what_is_owed() {
    #[rustfmt::skip]
    let table = [
        (json!({}), "courtesy", vec!["clear_lane"]),
        (json!({"fire_lane": true}), "blocked", vec!["tow", "clear_lane"]),
        (json!({"fire_lane": true, "driver_reached": true}), "blocked", vec!["clear_lane"]),
        (json!({"times": 2}), "courtesy", vec!["clear_lane"]),
        (json!({"times": 3}), "blocked", vec!["tow", "clear_lane"]),
        (json!({"own_space": true}), "groundless", vec!["judge_parking", "clear_lane"]),
    ];
    for (facts, class, owed) in table {
        let mut desk = parking();
        desk.then("receive", about_parking(facts.clone()));
        assert_eq!(
            (desk.class().as_str(), desk.owed()),
            (class, owed.iter().map(|code| (*code).to_owned()).collect()),
            "{facts}"
        );
        let question = json!({"procedure": "停车", "facts": facts, "received": "2026-05-08T12:00"});
        assert_eq!(
            rules_class(&question, desk.rules(), desk.now)
                .unwrap()
                .deadlines,
            desk.deadlines()
        );
    }
    let mut desk = parking();
    desk.refused(
        "receive",
        about_parking(json!({"injury": true})),
        "unknown_field",
        Some("injury"),
        None,
    );
}

#[test]
fn it_runs_from_receipt_to_closing() {
    let mut desk = parking();
    desk.then(
        "receive",
        with(
            about_parking(json!({"fire_lane": true})),
            json!({"cause": "访客车辆"}),
        ),
    );
    assert_eq!(desk.body("cause"), json!("visitor_car"));
    assert_eq!(
        (
            desk.duty("tow", 1).as_str(),
            desk.duty("clear_lane", 1).as_str()
        ),
        ("late 2026-05-08T12:20", "late 2026-05-08T14:00")
    );
    assert!(
        script(&desk.deadlines())
            .args
            .iter()
            .any(|(name, _)| name == "due")
    );
    desk.then(
        "hand_over",
        json!({"department": "保安部", "at": "2026-05-08T12:20"}),
    );
    desk.then(
        "answer",
        json!({"text": "已贴单", "via": "phone", "at": "2026-05-08T12:25"}),
    );
    assert_eq!(
        (
            desk.duty("tow", 1).as_str(),
            desk.duty("warn_driver", 1).as_str()
        ),
        ("met 2026-05-08T12:20", "open")
    );
    desk.then(
        "answer",
        json!({"text": "已贴单", "via": "written", "at": "2026-05-08T12:30"}),
    );
    assert_eq!(desk.duty("warn_driver", 1), "met");
    desk.then(
        "resolve",
        json!({"result": "已拖走", "at": "2026-05-08T13:00"}),
    );
    let asked = |role: &str, at: &str| json!({"method": "phone", "satisfied": true, "signed_by": "小何", "role": role, "at": at});
    desk.then("revisit", asked("service_manager", "2026-05-08T14:00"));
    assert_eq!(desk.state(), "resolved");
    desk.refused(
        "close",
        json!({"role": "service_manager"}),
        "not_allowed",
        Some("role"),
        Some("P3.2"),
    );
    desk.then("revisit", asked("centre_manager", "2026-05-08T15:00"));
    assert_eq!(
        (desk.state().as_str(), desk.ledger.breaches().len()),
        ("closed", 0)
    );
    desk.refused(
        "defer",
        json!({"reason": "x", "signed_by": "x", "role": "gm"}),
        "not_now",
        None,
        None,
    );
}

#[test]
fn it_is_named_wherever_a_person_reads_of_it() {
    let mut desk = parking();
    desk.then(
        "receive",
        with(
            about_parking(json!({"fire_lane": true})),
            json!({"cause": "visitor_car"}),
        ),
    );
    let rules = desk.rules();
    assert_eq!(
        rules.complaint_procedures(),
        ["property", "product", "tv", "telecom", "parking"]
    );
    assert!(rules.class_codes().contains(&"blocked".to_owned()));
    #[rustfmt::skip]
    let table = [
        (Lang::Zh, "停车", "堵塞消防通道", "占用消防通道", "通知保安拖车", "访客车辆"),
        (Lang::En, "parking", "fire lane blocked", "stands in the fire lane", "Have it towed", "visitor's car"),
    ];
    for (lang, procedure, class, fact, duty, cause) in table {
        let voice = Voice {
            lang,
            lexicon: rules.lexicon(),
            ..Voice::default()
        };
        let register = desk.ledger.register;
        let record = desk.record();
        let column = |key: &str| label::value(&voice, rules, register, &record, key);
        assert_eq!(
            [
                column("procedure"),
                column("class"),
                column("facts"),
                column("cause")
            ],
            [procedure, class, fact, cause]
        );
        assert_eq!(label::duty(&voice, "complaint", "tow"), duty);
        // What the built-in procedures name is named as before.
        assert_ne!(label::duty(&voice, "complaint", "resolve"), "duty.resolve");
    }
}

/// What is put in the place of what, the line that is told, why.
#[test]
fn what_is_wrong_in_it_is_refused_by_line_and_reason() {
    #[rustfmt::skip]
    let table = [
        ("tick = \"letter\"", "tick = \"leter\"", "code = \"warn_driver\"", "procedure.unknown_action"),
        // An action of another register does it only when it opens a record there.
        ("tick = \"letter\"", "tick = \"restore\"", "code = \"warn_driver\"", "procedure.unknown_action"),
        ("also = [{ action = \"answer\", via", "also = [{ action = \"anwser\", via", "code = \"warn_driver\"", "procedure.unknown_action"),
        ("after = \"hand_over\"", "after = \"towed\"", "code = \"warn_driver\"", "procedure.unknown_action"),
        ("until = \"resolve\"", "until = { action = \"resolve\", method = \"visit\" }", "code = \"tow\"", "procedure.unknown_key"),
        ("via = \"written\"", "via = \"fax\"", "code = \"warn_driver\"", "procedure.unknown_value"),
        ("via = \"written\"", "via = \"书面\"", "code = \"warn_driver\"", "procedure.unknown_value"),
        ("must = { method = \"phone\" }", "must = { method = \"mail\" }", "code = \"ask_caller\"", "procedure.unknown_value"),
        ("must = { method = \"phone\" }", "only = { result = \"好\" }", "code = \"ask_caller\"", "procedure.unknown_key"),
        ("preset = { department", "preset = { team", "code = \"tow\"", "procedure.unknown_key"),
        ("who = \"centre_manager\"", "who = \"pilot\"", "code = \"tow\"", "procedure.unknown_role"),
        ("lane_role = \"centre_manager\"", "lane_role = \"pilot\"", "lane_role", "procedure.unknown_role"),
        ("closed_by = \"lane_role\"", "closed_by = \"lane\"", "[[classes]]\ncode = \"blocked\"", "procedure.unknown_role"),
        ("classes = [\"blocked\"]", "classes = [\"blokked\"]", "code = \"tow\"", "procedure.unknown_class"),
        ("unless = [\"driver_reached\"]", "unless = [\"driver\"]", "code = \"tow\"", "procedure.unknown_fact"),
        ("term = { minutes = 20 }\n", "", "code = \"tow\"", "procedure.no_term"),
        ("any = [\"own_space\"]", "any = [\"ownspace\"]", "class = \"groundless\"\nclause = \"P1.1\"\nany", "procedure.unknown_fact"),
        ("at_least = { times = \"often\" }", "at_least = { times = \"seldom\" }", "class = \"blocked\"", "procedure.unknown_setting"),
        ("at_least = { times = \"often\" }", "at_least = { fire_lane = \"often\" }", "class = \"blocked\"", "procedure.not_a_count"),
        ("validity = \"open\"", "validity = \"maybe\"", "class = \"groundless\"\nclause = \"P1.1\"\nany", "procedure.validity"),
        ("name = \"通知保安拖车\"\nname_en = \"Have it towed\"\n", "", "code = \"tow\"", "procedure.no_name"),
        ("judge_role = \"service_manager\"\n", "", "register = \"complaint\"", "procedure.no_role_setting"),
        ("register = \"complaint\"", "register = \"outage\"", "register = \"outage\"", "procedure.unknown_register"),
        ("register = \"complaint\"", "register = \"hotel\"", "register = \"hotel\"", "procedure.unknown_register"),
        ("register = \"complaint\"\n", "", "# A procedure", "procedure.unknown_file"),
        ("kind = \"dated\"", "kind = \"daily\"", "kind = \"daily\"", "procedure.toml"),
        ("each_round = true", "each_rond = true", "each_rond = true", "procedure.toml"),
        ("name = \"parking\"", "name = \"garage\"", "name = \"garage\"", "procedure.name"),
        ("key = \"own_space\"", "key = \"fire_lane\"", "key = \"fire_lane\"\nname = \"停在", "procedure.twice"),
        ("code = \"courtesy\"\n", "code = \"courtesy\"\nkind = \"deferred\"\n", "[[classes]]\ncode = \"courtesy\"", "procedure.no_taken_up"),
        // The table: a gap, a line that can never fire, nothing for what is judged invalid.
        ("class = \"courtesy\"\nclause = \"P1.3\"", "class = \"courtesy\"\nclause = \"P1.3\"\nnone = [\"times\"]", "class = \"courtesy\"", "procedure.no_otherwise"),
        ("class = \"courtesy\"\nclause = \"P1.3\"", "class = \"courtesy\"\nclause = \"P1.3\"\n[[decision]]\nclass = \"blocked\"\nclause = \"P1.2\"", "class = \"blocked\"\nclause = \"P1.2\"\n\n", "procedure.shadowed"),
        ("any = [\"own_space\"]", "all = [\"fire_lane\", \"own_space\"]", "class = \"groundless\"\nclause = \"P1.1\"\nall", "procedure.shadowed"),
        ("clause = \"P1.1\"\nvalidity = \"invalid\"", "clause = \"P1.1\"\nvalidity = \"valid\"", "class = \"courtesy\"", "procedure.no_invalid_line"),
    ];
    for (old, new, line, reason) in table {
        assert!(PARKING.contains(old), "{old}");
        let text = PARKING.replacen(old, new, 1);
        let at = text.find(line).unwrap_or_else(|| panic!("{line}"));
        let line = text[..at].matches('\n').count() + 1;
        let error = with_file(&built_in(), "parking", &text).expect_err(new);
        assert_eq!(
            (error.line, error.reason.key.as_str()),
            (line, reason),
            "{new}"
        );
        assert_eq!(error.file, "parking");
    }
}

#[test]
fn a_line_fires_for_some_complaint_though_others_come_before() {
    for table in [
        "any = [\"own_space\", \"driver_reached\"]",
        "all = [\"own_space\"]\nnone = [\"driver_reached\"]",
        "at_least = { times = \"twice\" }",
    ] {
        let text = PARKING.replacen("any = [\"own_space\"]", table, 1);
        let text = text.replacen("often = 3\n", "often = 3\ntwice = 2\n", 1);
        assert!(with_file(&built_in(), "parking", &text).is_ok(), "{table}");
    }
    // From three times on the earlier line has fired.
    let text = PARKING.replacen(
        "any = [\"own_space\"]",
        "at_least = { times = \"thrice\" }",
        1,
    );
    let text = text.replacen("often = 3\n", "often = 3\nthrice = 4\n", 1);
    let error = with_file(&built_in(), "parking", &text).unwrap_err();
    assert_eq!(error.reason.key, "procedure.shadowed");
}

#[test]
fn a_term_is_one_line() {
    let text = PARKING.replacen("term = { minutes = 20 }", "term = { minutes = 5 }", 1);
    let mut desk = parking();
    desk.ledger.rules = InForce::always(with_file(&built_in(), "parking", &text).unwrap());
    desk.then("receive", about_parking(json!({"fire_lane": true})));
    assert_eq!(desk.duty("tow", 1), "late 2026-05-08T12:05");
}

/// A company's file from before procedures said their register, how duties are done, what classes are.
#[test]
fn a_file_written_for_an_earlier_version_goes_on_working() {
    let earlier = include_str!("property-earlier.toml").replacen("hours = 24", "hours = 12", 1);
    let mut desk = desk("2026-06-01T09:00");
    desk.ledger.rules = InForce::always(with_file(&built_in(), "property", &earlier).unwrap());
    desk.then(
        "receive",
        received(json!({"injury": true, "design_defect": true})),
    );
    desk.then(
        "notify",
        json!({"role_told": "gm", "at": "2026-05-08T12:10"}),
    );
    assert_eq!(
        (
            desk.duty("report_gm", 1).as_str(),
            desk.duty("report_quality", 1).as_str()
        ),
        ("met", "open")
    );
    desk.then("letter", json!({"text": "复函", "at": "2026-05-09T09:00"}));
    assert_eq!(desk.duty("answer", 1), "met 2026-05-11T17:30");
    // What came with a later version is not owed.
    assert_eq!(desk.duty("report_service_manager", 1), "none");
    desk.then(
        "resolve",
        json!({"result": "好了", "at": "2026-05-10T09:00"}),
    );
    desk.then("revisit", json!({"method": "phone", "satisfied": true, "signed_by": "何", "role": "assistant", "at": "2026-05-11T09:00"}));
    assert_eq!(
        (desk.state().as_str(), desk.ledger.breaches()),
        ("resolved", vec!["revisit".to_owned()])
    );
    desk.then("receive", received(json!({"settled_on_the_spot": true})));
    assert_eq!(desk.duty("resolve", 1), "late 2026-05-09T00:00");
    desk.then("receive", received(json!({"design_defect": true})));
    desk.then(
        "defer",
        json!({"reason": "设计", "signed_by": "周", "role": "gm", "at": "2026-05-10T10:00"}),
    );
    assert_eq!(
        (desk.state().as_str(), desk.duty("year_review", 1).as_str()),
        ("deferred", "open 2026-12-31T23:59:59")
    );
}

#[test]
fn a_complaint_from_before_its_procedure_was_taken_up_goes_by_the_first_version() {
    let mut desk = desk("2026-05-20T18:00");
    let with_parking = with_file(desk.rules(), "parking", PARKING).unwrap();
    let taken_up = desk.at("2026-05-10T09:00");
    desk.ledger.rules = desk.ledger.rules.and(taken_up, with_parking);
    desk.then("receive", about_parking(json!({"fire_lane": true})));
    assert_eq!(
        (desk.class().as_str(), desk.duty("tow", 1).as_str()),
        ("blocked", "late 2026-05-08T12:20")
    );
}
