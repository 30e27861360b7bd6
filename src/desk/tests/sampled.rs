//! The weekly sample: drawn once, told to every slip, taken back as a whole, and the file proves.

use serde_json::json;

use super::{Stage, at, refusal};
use crate::base::refusal::RefusalCode;
use crate::base::week::Week;
use crate::desk::sample::{Asked, WeekSample};
use crate::desk::view::Target;
use crate::record::request::Operator;

fn week(text: &str) -> Week {
    Week::parse(text).unwrap()
}

/// The week in which [`slips`] are finished.
const FINISHED: &str = "2026-W32";

/// So many slips, finished and accepted one after the other from 08-04 on; each fourth is paid for.
fn slips(stage: &mut Stage, teams: &[(&str, usize)]) -> Vec<String> {
    let teams = teams
        .iter()
        .flat_map(|(team, n)| std::iter::repeat_n(*team, *n));
    let mut numbers = Vec::new();
    for (n, team) in teams.enumerate() {
        stage.now = stage.now.max(at("2026-08-04T08:00"));
        let slip = json!({"content": "漏水", "place": format!("{n}栋"), "team": team});
        let no = stage.open("work-order", "issue", slip);
        let technician = format!("{team}长");
        stage.act(&no, "sign_for", json!({"technician": technician}));
        if n % 4 == 3 {
            stage.act(&no, "quote", json!({"amount_fen": 3500}));
            stage.act(&no, "consent", json!({"signed_by": "李"}));
        }
        stage.act(&no, "finish", json!({"result": "好", "by": technician}));
        stage.act(&no, "accept", json!({"signed_by": "李"}));
        numbers.push(no);
    }
    numbers
}

fn stage() -> Stage {
    let mut stage = Stage::new();
    slips(&mut stage, &[("水工班", 12), ("强电班", 7), ("木工班", 4)]);
    stage.now = at("2026-08-10T09:00");
    stage
}

impl Stage {
    fn draw(&mut self, reviewer: &str, seed: &str) -> crate::desk::Result<WeekSample> {
        self.now = self.now.plus_seconds(60);
        let asked = Asked {
            week: week(FINISHED),
            reviewer,
            seed,
        };
        let drawn = self.desk.draw_sample(&asked, &Self::who(), self.now);
        drawn.map(|(sample, warnings)| {
            assert_eq!(warnings, []);
            sample
        })
    }

    fn told(&self, reviewer: Option<&str>) -> WeekSample {
        self.desk.sample(week(FINISHED), reviewer).unwrap()
    }

    /// What of a slip is owed by samples, as `state due`.
    fn owed(&self, no: &str) -> Vec<String> {
        let zone = self.desk.rules().zone();
        let view = self.view(no);
        let owed = view.deadlines.iter().filter(|d| d.code == "sample_revisit");
        let told = owed.map(|d| {
            format!(
                "{} {}",
                d.state(self.now).code(),
                zone.rfc3339(d.due.unwrap())
            )
        });
        told.collect()
    }
}

fn numbers(sample: &WeekSample) -> Vec<String> {
    let items = sample.drawn.iter().flat_map(|drawn| &drawn.items);
    items.map(|slip| slip.no.clone()).collect()
}

#[test]
fn a_draw_is_told_to_every_slip_and_each_owes_its_revisit() {
    let mut stage = stage();
    let before = stage.told(Some("系统工程师"));
    assert_eq!((before.finished, before.size), (23, 3));
    assert_eq!(before.drawn, None);
    let sample = stage.draw("系统工程师", "甲").unwrap();
    assert_eq!(sample.strata, before.strata);
    let drawn = numbers(&sample);
    assert_eq!(drawn.len(), 3);
    for n in 1..=23 {
        let no = format!("W-2026-{n:05}");
        let owed = stage.owed(&no);
        match drawn.contains(&no) {
            true => assert_eq!(owed, ["open 2026-08-16T23:59:59+08:00"], "{no}"),
            false => assert_eq!(owed, Vec::<String>::new(), "{no}"),
        }
    }
    // One line in the log, which every slip's entry names as its cause.
    let line = sample.drawn.as_ref().unwrap().no.clone();
    let log = stage.view(&line);
    assert_eq!(log.record.head.state, "drawn");
    assert!(
        log.title.contains("2026-W32") && log.title.contains("种子 甲"),
        "{}",
        log.title
    );
    for no in &drawn {
        let last = stage.view(no).history.last().unwrap().entry.clone();
        assert_eq!(last.action, "sampled");
        assert_eq!(last.cause, Some(log.history[0].seq));
        assert_eq!(last.data["draw"], json!(line));
    }
    // Whoever asks for whomever: it is told as it was drawn.
    assert_eq!(stage.told(Some("水工班长")), sample);
    stage.act(
        &drawn[0],
        "revisit",
        json!({"satisfied": true, "method": "phone", "by": "系统工程师"}),
    );
    assert_eq!(stage.owed(&drawn[0]), ["met 2026-08-16T23:59:59+08:00"]);
    let due = stage.desk.due(None, 100, stage.now).unwrap();
    let due = due
        .iter()
        .filter(|item| item.deadline.code == "sample_revisit");
    assert_eq!(due.count(), 2);
    stage.proves();
    stage.desk.rebuild(|_, _| {}).unwrap();
    stage.proves();
    assert_eq!(stage.told(None), sample);
}

#[test]
fn the_same_seed_draws_the_same_slips_and_a_reviewers_own_are_left_out() {
    let drawn = |reviewer: &str, seed: &str| {
        let mut stage = stage();
        let told = stage.told(Some(reviewer));
        let sample = stage.draw(reviewer, seed).unwrap();
        assert_eq!(
            (told.finished, &told.strata),
            (sample.finished, &sample.strata)
        );
        sample
    };
    let first = drawn("系统工程师", "甲");
    assert_eq!(numbers(&drawn("系统工程师", " 甲 ")), numbers(&first));
    assert_ne!(numbers(&drawn("系统工程师", "乙")), numbers(&first));
    let without = drawn("水工班长", "甲");
    assert_eq!((without.finished, without.size), (11, 2));
    assert!(
        without
            .strata
            .iter()
            .all(|stratum| stratum.team != "水工班")
    );
    assert_eq!(stage().told(None).finished, 23);
}

#[test]
fn a_second_draw_waits_until_the_first_is_struck() {
    let mut stage = stage();
    let first = stage.draw("系统工程师", "甲").unwrap();
    let again = refusal(stage.draw("系统工程师", "乙"));
    assert_eq!(
        (again.code, again.field.as_deref()),
        (RefusalCode::Duplicate, Some("week"))
    );
    let line = first.drawn.as_ref().unwrap().no.clone();
    let seq = stage.view(&line).history[0].seq;
    let strike = json!({"entry": seq, "reason": "种子写错"});
    let (_, struck) = stage.act(&line, "strike", strike);
    for no in numbers(&first) {
        assert_eq!(stage.owed(&no), Vec::<String>::new());
    }
    stage.proves();
    assert_eq!(stage.told(None).drawn, None);
    let second = stage.draw("系统工程师", "乙").unwrap();
    assert_ne!(numbers(&second), numbers(&first));
    // The first one does not come back beside it.
    let back = json!({"entry": struck, "reason": "没错"});
    let refused = stage.refused(Target::On(line.clone()), "strike", back.clone());
    assert_eq!(refused.code, RefusalCode::Duplicate);
    let other = second.drawn.as_ref().unwrap().no.clone();
    let seq = stage.view(&other).history[0].seq;
    stage.act(&other, "strike", json!({"entry": seq, "reason": "x"}));
    stage.act(&line, "strike", back);
    assert_eq!(numbers(&stage.told(None)), numbers(&first));
    for no in numbers(&first) {
        assert_eq!(stage.owed(&no).len(), 1);
    }
    stage.proves();
}

#[test]
fn a_draw_is_taken_back_within_a_minute_however_many_slips_it_has() {
    let mut stage = Stage::new();
    // More than undo looks back at.
    slips(&mut stage, &[("水工班", 70)]);
    stage.now = at("2026-08-10T09:00");
    let percent = "revisit_percent = 10";
    let text = stage.desk.rules().texts()["work-order"].replace(percent, "revisit_percent = 100");
    let rules = crate::rules::ruleset::Rules::built_in().unwrap();
    let rules = rules.with_file("work-order", &text).unwrap();
    let taken = crate::desk::rulebook::TakeUp::difference(&stage.desk.rules(), &rules);
    let told = crate::base::i18n::Msg::new("word.yes");
    stage
        .desk
        .take_up(&taken, &told, &Stage::who(), stage.now)
        .unwrap();
    let sample = stage.draw("系统工程师", "甲").unwrap();
    assert_eq!(numbers(&sample).len(), 70);
    let undone = stage.desk.undo(&Stage::who(), stage.now).unwrap();
    assert_eq!(undone.entry.action, "sample");
    for no in numbers(&sample) {
        assert_eq!(stage.owed(&no), Vec::<String>::new(), "{no}");
    }
    assert_eq!(stage.told(None).drawn, None);
    stage.proves();
}

#[test]
fn what_is_put_right_moves_a_slip_into_the_week_and_out_of_it() {
    let mut stage = stage();
    let counted = |stage: &Stage, week: &str| {
        stage
            .desk
            .sample(Week::parse(week).unwrap(), None)
            .unwrap()
            .finished
    };
    assert_eq!(
        (counted(&stage, "2026-W32"), counted(&stage, "2026-W31")),
        (23, 0)
    );
    let no = "W-2026-00001";
    let finish = stage
        .view(no)
        .history
        .iter()
        .find(|item| item.entry.action == "finish")
        .unwrap()
        .seq;
    let issued = stage.view(no).history[0].seq;
    for (seq, time) in [
        (issued, "2026-08-02T20:00"),
        (finish, "2026-08-02T23:59:59"),
    ] {
        stage.act(
            no,
            "correct",
            json!({"entry": seq, "changes": {"at": at(time)}, "reason": "看错"}),
        );
    }
    // Signed for after it was finished is no fault of the week's.
    assert_eq!(
        (counted(&stage, "2026-W32"), counted(&stage, "2026-W31")),
        (22, 1)
    );
    stage.act(
        no,
        "correct",
        json!({"entry": finish, "changes": {"at": at("2026-08-03T00:00:00")}, "reason": "看错"}),
    );
    assert_eq!(
        (counted(&stage, "2026-W32"), counted(&stage, "2026-W31")),
        (23, 0)
    );
    // Typed late, of a repair that was received after it was finished.
    stage.now = at("2026-08-20T09:00");
    let slip = json!({"content": "夜里漏水", "place": "9栋", "team": "水工班", "at": at("2026-08-09T23:00"), "received": at("2026-08-10T08:00")});
    let late = stage.open("work-order", "issue", slip);
    stage.act(
        &late,
        "finish",
        json!({"result": "好", "at": at("2026-08-09T23:30")}),
    );
    stage.act(
        &late,
        "accept",
        json!({"signed_by": "李", "at": at("2026-08-09T23:40")}),
    );
    assert_eq!(counted(&stage, "2026-W32"), 24);
    stage.act("W-2026-00002", "void", json!({"reason": "重复"}));
    assert_eq!(counted(&stage, "2026-W32"), 23);
}

#[test]
fn a_week_is_drawn_from_when_it_has_begun_and_by_somebody() {
    let mut stage = stage();
    let who = Operator::default();
    let mut draw = |text: &str, reviewer: &str, seed: &str, now: &str| {
        let asked = Asked {
            week: week(text),
            reviewer,
            seed,
        };
        stage.desk.draw_sample(&asked, &who, at(now))
    };
    for (reviewer, seed, field) in [
        ("", "x", "reviewer"),
        ("  ", "x", "reviewer"),
        ("王", " ", "seed"),
    ] {
        let refused = refusal(draw(FINISHED, reviewer, seed, "2026-08-10T09:00"));
        let told = (refused.code, refused.field.as_deref());
        assert_eq!(told, (RefusalCode::MissingField, Some(field)));
    }
    let refused = refusal(draw("2026-W34", "王", "x", "2026-08-16T23:59:59"));
    assert_eq!(
        (refused.code, refused.field.as_deref()),
        (RefusalCode::Future, Some("week"))
    );
    let long = "x".repeat(201);
    let refused = refusal(draw(FINISHED, "王", &long, "2026-08-10T09:00"));
    assert_eq!(
        (refused.code, refused.field.as_deref()),
        (RefusalCode::BadValue, Some("seed"))
    );
    // Of a week that goes on: it is drawn, and the person knows that it goes on. Nothing was finished in it yet.
    let (sample, warnings) = draw("2026-W33", "王", "x", "2026-08-14T17:00").unwrap();
    assert_eq!(
        (sample.finished, sample.size, numbers(&sample).len()),
        (0, 0, 0)
    );
    assert_eq!(warnings[0].key, "warning.sampled_early");
    assert_eq!(
        refusal(draw("2026-W33", "王", "y", "2026-08-17T09:00")).code,
        RefusalCode::Duplicate
    );
    stage.proves();
}

#[test]
fn nobody_draws_by_hand() {
    let mut stage = stage();
    let entry = json!({"week": FINISHED, "reviewer": "王", "seed": "x"});
    let refused = stage.refused(Target::On("W-2026-00001".into()), "sampled", entry.clone());
    assert_eq!(refused.code, RefusalCode::UnknownAction);
    let refused = stage.refused(Target::New("log".into()), "sample", entry);
    assert_eq!(refused.code, RefusalCode::UnknownAction);
}
