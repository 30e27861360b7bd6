//! A slip that was drawn in the weekly sample owes a revisit by the end of the week after (S2.12); what a draw is made of.

use serde_json::Value;

use super::*;
use crate::record::timeline::Timeline;
use crate::registers::work_order::FinishedSlip;

/// The draw of the week of 03-02, on the Monday after it.
const DRAW: &str = "03-09 09:00 sampled week=2026-W10 reviewer=系统工程师 seed=甲乙丙";

/// A slip that was repaired and accepted on 03-02.
fn accepted() -> Slip {
    let mut slip = slip(json!({}));
    slip.ok(&[
        "09:20 sign_for technician=张工",
        "10:00 arrive technician=张工",
        "10:30 finish result=好 cleaned=yes",
    ])
    .ok(PAPER);
    slip
}

fn revisited(slip: &mut Slip, at: &str) {
    slip.ok(&[&format!(
        "{at} revisit satisfied=yes method=phone by=系统工程师"
    )]);
}

#[test]
fn a_drawn_slip_owes_a_revisit_by_the_end_of_the_week_after() {
    for (at, state) in [("03-15 23:59:59", "met"), ("03-16 00:00:00", "late")] {
        let mut slip = accepted();
        slip.state("archived")
            .owes("03-09 08:00", &[])
            .ok(&[DRAW])
            .state("archived")
            .owes("03-09 09:00", &["sample_revisit#1 open 03-15 23:59:59"])
            .owes("03-16 00:00", &["sample_revisit#1 late 03-15 23:59:59"]);
        revisited(&mut slip, at);
        let duty = slip.0.duty("sample_revisit", 1).unwrap();
        assert_eq!(duty.state(t("03-20 09:00")).code(), state, "{at}");
        assert_eq!(duty.from, t("03-09 09:00"));
        assert_eq!(duty.clause.0, "S2.12");
        assert!(slip.0.record().head.closed.is_some(), "it stays archived");
    }
}

#[test]
fn a_revisit_before_the_draw_is_not_the_one_that_is_owed() {
    let mut slip = accepted();
    revisited(&mut slip, "03-05 10:00");
    slip.ok(&[DRAW])
        .owes("03-10 09:00", &["sample_revisit#1 open 03-15 23:59:59"]);
    // Typed late: it was made before the draw.
    revisited(&mut slip, "03-06 10:00");
    slip.owes("03-10 09:00", &["sample_revisit#1 open 03-15 23:59:59"]);
    revisited(&mut slip, "03-11 10:00");
    slip.owes("03-12 09:00", &[]);
}

#[test]
fn an_unhappy_customer_has_been_revisited_too() {
    let mut slip = accepted();
    slip.ok(&[
        DRAW,
        "03-10 10:00 revisit satisfied=no method=visit by=系统工程师",
    ])
    .owes("03-11 09:00", &[]);
    assert_eq!(slip.0.last.triggers[0].link, Some(("rework", "rework")));
}

#[test]
fn a_draw_after_the_term_could_not_be_followed_in_time() {
    let late = DRAW.replace("03-09", "03-16");
    let mut slip = accepted();
    slip.ok(&[&late])
        .owes("03-16 09:00", &["sample_revisit#1 late 03-15 23:59:59"]);
    assert!(slip.0.duty("sample_revisit", 1).unwrap().impossible);
    let mut slip = accepted();
    slip.ok(&[DRAW]);
    let duty = slip.0.duty("sample_revisit", 1).unwrap();
    assert!(!duty.impossible);
    let trace: Vec<&str> = duty.trace.iter().map(|line| line.key.as_str()).collect();
    assert_eq!(trace, ["trace.sampled", "trace.next_week_end", "trace.due"]);
    let tick = duty.tick.unwrap();
    assert_eq!(tick.action, "revisit");
    assert_eq!(tick.preset, [("by".to_owned(), json!("系统工程师"))]);
}

#[test]
fn the_turn_of_the_year_is_a_week_like_any_other() {
    let mut slip = accepted();
    let draw = DRAW
        .replace("2026-W10", "2026-W53")
        .replace("03-09 09:00", "12-31 09:00");
    slip.ok(&[&draw]);
    let due = slip.0.duty("sample_revisit", 1).unwrap().due.unwrap();
    assert_eq!(Zone::default().rfc3339(due), "2027-01-10T23:59:59+08:00");
}

#[test]
fn what_was_drawn_twice_is_owed_twice_and_one_revisit_may_meet_both() {
    let second = "03-16 09:00 sampled week=2026-W11 reviewer=系统工程师 seed=丁";
    let mut slip = accepted();
    slip.ok(&[DRAW, second]).owes(
        "03-16 10:00",
        &[
            "sample_revisit#1 late 03-15 23:59:59",
            "sample_revisit#2 open 03-22 23:59:59",
        ],
    );
    revisited(&mut slip, "03-12 10:00");
    slip.owes("03-16 10:00", &["sample_revisit#2 open 03-22 23:59:59"]);
    revisited(&mut slip, "03-17 10:00");
    slip.owes("03-18 10:00", &[]);
}

#[test]
fn what_is_put_right_afterwards_takes_no_slip_out_of_the_sample() {
    // Not accepted after all: the repair goes on, and the revisit is owed.
    let mut slip = slip(json!({}));
    slip.ok(&["10:30 finish result=好", PAPER[0], DRAW]).ok(&[]);
    let right = json!({"entry": 3, "changes": {"satisfied": false}, "reason": "看错"});
    slip.0.act("correct", &right).unwrap();
    slip.state("on_site").owes(
        "03-10 09:00",
        &["sign_for#1 open", "sample_revisit#1 open 03-15 23:59:59"],
    );
    // A slip that is void owes nothing; its duty is there to be seen.
    slip.ok(&["03-10 10:00 void reason=误登"]);
    let duty = slip.0.duty("sample_revisit", 1).unwrap();
    assert_eq!(duty.state(t("03-20 09:00")).code(), "void");
}

#[test]
fn only_the_draw_makes_its_entry_and_nobody_corrects_it() {
    let register = register("work-order").unwrap();
    assert!(register.reserved("sampled"));
    let mut slip = accepted();
    slip.ok(&[DRAW]);
    let seq = slip.0.entries.len();
    for (key, value) in [("reviewer", "别人"), ("seed", "x"), ("week", "2026-W11")] {
        let right = json!({"entry": seq, "changes": {key: value}, "reason": "x"});
        let refusal = slip.0.act("correct", &right).unwrap_err();
        assert_eq!(refusal.message.args[1].1, why("why.not_corrected", seq));
        let right = json!({"changes": {key: value}, "reason": "x"});
        assert!(slip.0.act("amend", &right).is_err(), "{key}");
    }
    let strike = json!({"entry": seq, "reason": "抽错"});
    slip.0.act("strike", &strike).unwrap();
    slip.owes("03-10 09:00", &[]);
    let offers = register.card(&slip.0.record(), &slip.0.rules).offers;
    assert!(offers.iter().all(|action| action.name != "sampled"));
}

fn why(key: &str, seq: usize) -> crate::base::i18n::Arg {
    crate::base::i18n::Msg::new(key).with("seq", seq).into()
}

#[test]
fn a_procedure_from_before_there_were_draws_has_the_built_in_duty() {
    let mut slip = accepted();
    let old = "code = \"sample_revisit\"";
    slip.0 = slip.0.with("work-order", old, "code = \"other_revisit\"");
    slip.ok(&[DRAW])
        .owes("03-10 09:00", &["sample_revisit#1 open 03-15 23:59:59"]);
    // A company that gives it another term has that.
    let mut slip = accepted();
    let days = "term = { calendar_days = 3 }";
    slip.0 = slip.0.with("work-order", "term = \"next_week_end\"", days);
    slip.ok(&[DRAW])
        .owes("03-10 09:00", &["sample_revisit#1 open 03-11 23:59:59"]);
}

fn finished(slip: &Slip) -> Option<FinishedSlip> {
    FinishedSlip::of(&slip.0.record())
}

#[test]
fn a_slip_is_drawn_from_when_its_repair_was_accepted() {
    let steps = &["09:30 arrive technician=张工", "10:30 finish result=好"];
    let unhappy = "10:40 accept signed_by=李 satisfied=no";
    let price = &[
        "10:00 quote amount_fen=5000",
        "10:10 decline reason=贵 signed_by=李",
    ];
    let own = &["10:00 own_equipment reason=自购 signed_by=李"];
    for (lines, there) in [
        (vec![], false),
        (steps.to_vec(), false),
        ([&steps[..], &PAPER[..1]].concat(), true),
        ([&steps[..], PAPER].concat(), true),
        ([&steps[..], &[unhappy]].concat(), false),
        (
            [
                &steps[..],
                &[
                    unhappy,
                    "11:00 finish result=好",
                    "11:10 accept signed_by=李",
                ],
            ]
            .concat(),
            true,
        ),
        (
            [&steps[..], &PAPER[..1], &["12:00 void reason=误登"]].concat(),
            false,
        ),
        // What ended without a repair has nothing that was accepted, signed and filed or not.
        ([&price[..], &PAPER[1..]].concat(), false),
        ([&own[..], &PAPER[1..]].concat(), false),
        // Not wanted after all, once a first attempt was not good.
        (
            [
                &steps[..],
                &[
                    unhappy,
                    "11:00 quote amount_fen=1",
                    "11:05 decline reason=贵 signed_by=李",
                    "11:10 tech_sign technician=张工",
                ],
            ]
            .concat(),
            false,
        ),
    ] {
        let mut slip = slip(json!({}));
        slip.ok(&lines);
        assert_eq!(finished(&slip).is_some(), there, "{lines:?}");
    }
}

#[test]
fn a_slip_has_its_team_its_charge_its_technician_and_its_time() {
    let told = |slip: &Slip| {
        let finished = finished(slip).unwrap();
        let candidate = finished.candidate;
        assert_eq!(finished.at, t("03-02 10:30"));
        assert_eq!(
            (candidate.no.as_str(), candidate.team.as_str()),
            ("W-2026-00001", "水工班")
        );
        (candidate.paid, candidate.technician)
    };
    assert_eq!(told(&accepted()), (false, Some("张工".to_owned())));
    let done = |lines: &[&str]| {
        let mut slip = slip(json!({}));
        slip.ok(lines)
            .ok(&["10:30 finish result=好 note=急", PAPER[0]]);
        told(&slip)
    };
    assert_eq!(
        done(&["10:00 quote amount_fen=3500", "10:01 consent signed_by=李"]),
        (true, None)
    );
    assert_eq!(
        done(&["10:00 quote amount_fen=0", "10:01 consent signed_by=李"]),
        (false, None)
    );
    // Finished without consent is a breach, and paid all the same.
    assert_eq!(done(&["10:00 quote amount_fen=3500"]), (true, None));
}

#[test]
fn nobody_revisits_a_repair_of_his_own() {
    let mut slip = slip(json!({}));
    slip.ok(&[
        "09:20 sign_for technician=甲",
        "09:30 arrive technician=乙",
        "10:00 finish result=好 by=丙",
        "10:10 accept signed_by=李",
        "10:20 tech_sign technician=丁",
        "10:30 review engineer=戊",
    ]);
    let timeline = Timeline::of(slip.0.entries.clone());
    let own = |name: &str| finished(&slip).unwrap().is_of(name, &timeline);
    let names: Vec<Value> = ["甲", "乙", "丙", " 丁 ", "戊", "李", "己"]
        .map(|name| json!([name, own(name)]))
        .into();
    assert_eq!(
        json!(names),
        json!([
            ["甲", true],
            ["乙", true],
            ["丙", true],
            [" 丁 ", true],
            ["戊", false],
            ["李", false],
            ["己", false]
        ])
    );
    // Put right: another finished it.
    let right = json!({"entry": 4, "changes": {"by": "己"}, "reason": "记错"});
    slip.0.act("correct", &right).unwrap();
    let timeline = Timeline::of(slip.0.entries.clone());
    assert!(finished(&slip).unwrap().is_of("己", &timeline));
    assert!(!finished(&slip).unwrap().is_of("丙", &timeline));
}
