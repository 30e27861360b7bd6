//! The worked terms of the requirements, and properties against counting written another way.

use chrono::{Datelike, Days};
use proptest::prelude::*;

use super::*;
use crate::base::time::Zone;

fn clock(hour: u32, minute: u32) -> chrono::NaiveTime {
    chrono::NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

fn hours() -> OfficeHours {
    OfficeHours::default()
}

fn at(text: &str) -> Instant {
    hours().zone.parse(text).unwrap()
}

fn due(from: &str, term: &Term) -> (String, bool) {
    let reckoning = reckon(Calendar::built_in(), &hours(), at(from), term).unwrap();
    (hours().zone.rfc3339(reckoning.due), reckoning.provisional)
}

/// received → 1, 2, 3, 7 working days, each 17:30; `?` is provisional.
const WORKED: &[(&str, [&str; 4])] = &[
    (
        "2026-09-30T16:00",
        ["2026-10-08", "2026-10-09", "2026-10-10", "2026-10-15"],
    ),
    (
        "2026-02-13T17:29",
        ["2026-02-14", "2026-02-24", "2026-02-25", "2026-03-02"],
    ),
    (
        "2026-02-15T09:00",
        ["2026-02-24", "2026-02-25", "2026-02-26", "2026-03-03"],
    ),
    (
        "2026-04-30T23:59",
        ["2026-05-06", "2026-05-07", "2026-05-08", "2026-05-13"],
    ),
    (
        "2025-12-31T15:00",
        ["2026-01-04", "2026-01-05", "2026-01-06", "2026-01-12"],
    ),
    (
        "2026-12-30T09:00",
        ["2026-12-31", "2027-01-04?", "2027-01-05?", "2027-01-11?"],
    ),
];

#[test]
fn the_worked_terms() {
    for (from, dues) in WORKED {
        for (n, want) in [1, 2, 3, 7].into_iter().zip(dues) {
            let (day, provisional) = (want.trim_end_matches('?'), want.ends_with('?'));
            assert_eq!(
                due(from, &Term::WorkingDays(n)),
                (format!("{day}T17:30:00+08:00"), provisional),
                "{from} + {n}"
            );
        }
    }
}

#[test]
fn other_terms_at_their_boundaries() {
    let cases: &[(&str, Term, &str)] = &[
        (
            "2026-02-13T17:29:00",
            Term::Hours(24),
            "2026-02-14T17:29:00+08:00",
        ),
        (
            "2026-09-30T16:00:00",
            Term::Minutes(30),
            "2026-09-30T16:30:00+08:00",
        ),
        (
            "2026-08-10T09:00:00",
            Term::HoursBefore(24),
            "2026-08-09T09:00:00+08:00",
        ),
        (
            "2026-03-02T10:40:00",
            Term::SameDay,
            "2026-03-02T23:59:59+08:00",
        ),
        (
            "2026-03-02T23:59:59",
            Term::SameDay,
            "2026-03-02T23:59:59+08:00",
        ),
        (
            "2026-03-03T00:00:00",
            Term::SameDay,
            "2026-03-03T23:59:59+08:00",
        ),
        (
            "2026-03-01T10:00:00",
            Term::CalendarDays(7),
            "2026-03-08T23:59:59+08:00",
        ),
        (
            "2026-02-27T22:00:00",
            Term::NextDayClose,
            "2026-02-28T17:30:00+08:00",
        ),
        (
            "2026-09-30T16:00:00",
            Term::YearEnd,
            "2026-12-31T23:59:59+08:00",
        ),
        (
            "2028-02-10T16:00:00",
            Term::MonthEnd,
            "2028-02-29T23:59:59+08:00",
        ),
        (
            "2026-02-13T09:00:00",
            Term::WorkingDays(0),
            "2026-02-13T17:30:00+08:00",
        ),
        (
            "2026-02-15T09:00:00",
            Term::WorkingDays(0),
            "2026-02-24T17:30:00+08:00",
        ),
        // Friday 17:20 has ten minutes left; Saturday is a make-up workday.
        (
            "2026-02-13T17:20:00",
            Term::WorkingMinutes(30),
            "2026-02-14T08:50:00+08:00",
        ),
        (
            "2026-03-02T11:50:00",
            Term::WorkingMinutes(30),
            "2026-03-02T13:50:00+08:00",
        ),
        (
            "2026-03-02T11:50:00",
            Term::WorkingMinutes(10),
            "2026-03-02T12:00:00+08:00",
        ),
        (
            "2026-03-02T12:30:00",
            Term::WorkingMinutes(1),
            "2026-03-02T13:31:00+08:00",
        ),
    ];
    for (from, term, want) in cases {
        assert_eq!(
            due(from, term),
            ((*want).to_owned(), false),
            "{from} {term:?}"
        );
    }
}

#[test]
fn a_term_beyond_reach_answers_at_once() {
    for term in [
        Term::WorkingDays(u32::MAX),
        Term::CalendarDays(u32::MAX),
        Term::WorkingMinutes(u32::MAX),
        Term::Minutes(u32::MAX),
        Term::Hours(u32::MAX),
        Term::HoursBefore(u32::MAX),
    ] {
        let answer = reckon(
            Calendar::built_in(),
            &hours(),
            at("2026-03-02T09:00"),
            &term,
        );
        assert_eq!(answer.unwrap_err().key, "worktime.too_far", "{term:?}");
    }
    for (term, typed) in [
        (Term::Hours(2_000_000), "2000000"),
        (Term::HoursBefore(2_000_001), "2000001"),
        (Term::Minutes(200_000_000), "200000000"),
    ] {
        let answer = reckon(
            Calendar::built_in(),
            &hours(),
            at("2026-03-02T09:00"),
            &term,
        );
        let told = crate::base::i18n::Voice::default().say(&answer.unwrap_err());
        assert!(told.contains(typed), "{told}");
    }
}

#[test]
fn the_trace_tells_make_up_days_runs_of_holidays_and_the_due_instant() {
    let reckoning = reckon(
        Calendar::built_in(),
        &hours(),
        at("2026-02-13T17:29"),
        &Term::WorkingDays(3),
    )
    .unwrap();
    let voice = crate::base::i18n::Voice::default();
    let lines: Vec<String> = reckoning.trace.iter().map(|line| voice.say(line)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    收到 2026-02-13 17:29 周五（当日不计）
    2026-02-14 周六（春节调休上班） 第1日
    2026-02-15 周日 至 2026-02-23 周一（春节放假） 9天不计
    2026-02-24 周二 第2日
    2026-02-25 周三（17:30 下班，设置） 第3日
    → 2026-02-25 17:30 周三
    ");
}

#[test]
fn windows_must_be_in_order() {
    for fine in [
        "08:00-12:00,13:00-17:00",
        "00:00-24:00",
        "18:00-02:00",
        "9:00-12:00",
    ] {
        let windows = Windows::parse(fine).unwrap();
        assert!(
            OfficeHours::new(Zone::default(), windows, clock(17, 0)).is_ok(),
            "{fine}"
        );
    }
    for wrong in [
        "09:00-09:00",
        "13:00-17:00,08:00-12:00",
        "08:00-13:00,12:00-17:00",
        "08:00-24:01",
        "24:00-25:00",
        "08:60-12:00",
        "08:00",
        "x-y",
    ] {
        assert_eq!(Windows::parse(wrong), None, "{wrong}");
    }
    let none = Windows::parse("").unwrap();
    assert!(OfficeHours::new(Zone::default(), none, clock(17, 0)).is_err());
}

fn with_windows(all: &str, own: &[(u32, &str)]) -> OfficeHours {
    let own = own
        .iter()
        .map(|(day, text)| (*day, Windows::parse(text).unwrap()));
    OfficeHours {
        windows: Windows::parse(all).unwrap(),
        windows_of: own.collect(),
        ..OfficeHours::default()
    }
}

#[test]
fn a_desk_works_round_the_clock_over_midnight_or_half_a_saturday() {
    let saturday = [(6, "09:00-12:00")];
    let cases: &[(OfficeHours, &str, u32, &str)] = &[
        // Holidays are holidays; an ordinary Friday night runs into no Saturday.
        (
            with_windows("00:00-24:00", &[]),
            "2026-03-06T23:30",
            60,
            "2026-03-09T00:30",
        ),
        (
            with_windows("00:00-24:00", &[(6, "00:00-24:00"), (7, "00:00-24:00")]),
            "2026-03-06T23:30",
            60,
            "2026-03-07T00:30",
        ),
        // 18:00 to 02:00 belongs to Friday, so Saturday 01:00 is still Friday's work.
        (
            with_windows("18:00-02:00", &[]),
            "2026-03-07T01:00",
            90,
            "2026-03-09T18:30",
        ),
        (
            with_windows("08:30-17:30", &saturday),
            "2026-03-06T17:00",
            60,
            "2026-03-07T09:30",
        ),
        // 2026-02-14 is a make-up workday: a whole day, whatever a Saturday is otherwise.
        (
            with_windows("08:30-17:30", &saturday),
            "2026-02-14T11:30",
            60,
            "2026-02-14T12:30",
        ),
        // A weekday's own windows.
        (
            with_windows("08:30-17:30", &[(5, "08:30-12:00")]),
            "2026-03-06T11:30",
            60,
            "2026-03-09T09:00",
        ),
    ];
    for (hours, from, minutes, want) in cases {
        let term = Term::WorkingMinutes(*minutes);
        let reckoning = reckon(Calendar::built_in(), hours, at(from), &term).unwrap();
        assert_eq!(reckoning.due, at(want), "{from} + {minutes} minutes");
    }
}

fn site(old: &str, new: &str) -> Result<crate::rules::ruleset::Rules, String> {
    use crate::rules::{procedure::BUILT_IN, ruleset::Rules};
    let text = BUILT_IN.iter().find(|(name, _)| *name == "site").unwrap().1;
    assert!(text.contains(old), "{old}");
    let rules = Rules::built_in().unwrap();
    let rules = rules.with_file("site", &text.replace(old, new));
    rules.map_err(|error| format!("{} {}", error.line, error.reason.key))
}

#[test]
fn the_site_file_says_when_its_desk_works() {
    let round_the_clock = site("\"08:30-12:00,13:30-17:30\"", "\"00:00-24:00\"").unwrap();
    let due = |rules: &crate::rules::ruleset::Rules, from: &str| {
        let term = Term::WorkingMinutes(60);
        reckon(&rules.calendar, &rules.hours, at(from), &term)
            .unwrap()
            .due
    };
    assert_eq!(
        due(&round_the_clock, "2026-03-05T23:30"),
        at("2026-03-06T00:30")
    );
    let saturday = site("windows_of = {}", "windows_of = { 6 = \"09:00-12:00\" }").unwrap();
    assert_eq!(due(&saturday, "2026-03-06T17:00"), at("2026-03-07T09:30"));
    // A term of working days does not count that Saturday.
    let days = reckon(
        &saturday.calendar,
        &saturday.hours,
        at("2026-03-06T09:00"),
        &Term::WorkingDays(1),
    );
    assert_eq!(days.unwrap().due, at("2026-03-09T17:30"));
    for wrong in [
        "{ 8 = \"09:00-12:00\" }",
        "{ 6 = \"12:00-12:00\" }",
        "{ 6 = 9 }",
    ] {
        let refused = site("windows_of = {}", &format!("windows_of = {wrong}"));
        assert_eq!(refused.unwrap_err(), "1 procedure.office_hours", "{wrong}");
    }
}

#[test]
fn a_deputy_acts_as_the_rank_he_stands_in_for() {
    let plain = crate::rules::ruleset::Rules::built_in().unwrap();
    assert!(!plain.at_least("supervisor", "gm") && !plain.at_least("", "clerk"));
    let rules = site(
        "deputy = {}",
        "deputy = { gm = \"supervisor\", chief_engineer = \"system_engineer\" }",
    )
    .unwrap();
    assert!(rules.at_least("supervisor", "gm") && rules.stands_in("supervisor", "gm"));
    assert!(
        rules.at_least("supervisor", "quality"),
        "gm stands on both ladders"
    );
    assert!(rules.at_least("supervisor", "clerk") && !rules.stands_in("supervisor", "clerk"));
    assert!(
        rules.at_least("system_engineer", "supervisor"),
        "chief engineer is above"
    );
    assert!(
        !rules.at_least("system_engineer", "gm"),
        "a deputy has no deputy"
    );
    let unknown = site("deputy = {}", "deputy = { gm = \"nobody\" }");
    assert!(unknown.unwrap_err().ends_with("procedure.unknown_role"));
}

/// Any second from 2003 (unpublished) to 2028 (unpublished).
fn instants() -> impl Strategy<Value = Instant> {
    (at("2003-06-01T00:00").unix()..at("2028-06-01T00:00").unix()).prop_map(Instant::from_unix)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Against the set of all working days, counted by position.
    #[test]
    fn working_days_are_the_nth_of_the_set_after_receipt(from in instants(), n in 1_u32..60) {
        let calendar = Calendar::built_in();
        let day = hours().zone.date(from);
        let set: Vec<LocalDate> = (1..400).map(|k| day + Days::new(k)).filter(|d| calendar.works(*d)).collect();
        let want = set[n as usize - 1];
        let reckoning = reckon(calendar, &hours(), from, &Term::WorkingDays(n)).unwrap();
        prop_assert_eq!(hours().zone.date(reckoning.due), want);
        prop_assert_eq!(hours().zone.local(reckoning.due).time(), clock(17, 30));
        let unpublished = (1..).map(|k| day + Days::new(k)).take_while(|d| *d <= want).any(|d| !(2004..=2026).contains(&d.year()));
        prop_assert_eq!(reckoning.provisional, unpublished);
        prop_assert_eq!(due_working_days(calendar, &hours(), from, n).unwrap(), (reckoning.due, reckoning.provisional));
    }

    /// Against walking the clock minute by minute, forward and back.
    #[test]
    fn working_minutes_are_counted_one_by_one(
        from in instants(),
        n in 1_u32..900,
        all in prop_oneof![Just("08:30-12:00,13:30-17:30"), Just("00:00-24:00"), Just("18:00-02:00"), Just("00:00-01:00,22:00-03:00")],
        own in proptest::option::of((1_u32..=7, prop_oneof![Just("09:00-12:00"), Just(""), Just("20:00-08:00")])),
    ) {
        let own: Vec<(u32, &str)> = own.into_iter().collect();
        let hours = with_windows(all, &own);
        let calendar = Calendar::built_in();
        let zone = hours.zone;
        // Whether the minute that begins at an instant lies in a window that begins today or began yesterday.
        let inside = |t: Instant| {
            let today = zone.date(t);
            [today, today.pred_opt().unwrap()].into_iter().any(|day| {
                let windows = hours.windows_on(calendar, day).iter();
                windows.map(|window| window.on(day, zone)).any(|(open, close)| open <= t && t < close)
            })
        };
        let from = Instant::from_unix(from.unix() / 60 * 60);
        let (mut t, mut left) = (from, n);
        while left > 0 {
            left -= u32::from(inside(t));
            t = t.plus_minutes(1);
        }
        prop_assert_eq!(reckon(calendar, &hours, from, &Term::WorkingMinutes(n)).unwrap().due, t);
        let windows = |date| hours.windows_on(calendar, date);
        let clock = WorkClock::new(zone, &windows);
        prop_assert_eq!(clock.elapsed(from, t), i64::from(n) * 60);
        let start = clock.before(t, i64::from(n) * 60).unwrap();
        prop_assert!(start >= from && clock.elapsed(start, t) == i64::from(n) * 60);
        prop_assert!(inside(start), "the latest start is inside a window");
    }
}
