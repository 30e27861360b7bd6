//! The worked terms of the requirements, and properties against counting written another way.

use chrono::{Datelike, Days, Timelike};
use proptest::prelude::*;

use super::*;

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
    2026-02-25 周三 第3日
    → 2026-02-25 17:30 周三
    ");
}

#[test]
fn windows_must_be_in_order() {
    let windows = |pairs: &[(u32, u32)]| {
        pairs
            .iter()
            .map(|(a, b)| (clock(*a, 0), clock(*b, 0)))
            .collect::<Vec<_>>()
    };
    assert!(OfficeHours::new(Zone::default(), windows(&[(8, 12), (13, 17)]), clock(17, 0)).is_ok());
    for wrong in [
        &[][..],
        &[(9, 9)],
        &[(13, 17), (8, 12)],
        &[(8, 13), (12, 17)],
    ] {
        assert!(
            OfficeHours::new(Zone::default(), windows(wrong), clock(17, 0)).is_err(),
            "{wrong:?}"
        );
    }
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

    /// Against walking the clock minute by minute.
    #[test]
    fn working_minutes_are_counted_one_by_one(from in instants(), n in 1_u32..900) {
        let calendar = Calendar::built_in();
        let inside = |t: Instant| {
            let local = hours().zone.local(t);
            let minute = local.hour() * 60 + local.minute();
            calendar.works(local.date()) && ((510..720).contains(&minute) || (810..1050).contains(&minute))
        };
        let from = Instant::from_unix(from.unix() / 60 * 60);
        let (mut t, mut left) = (from, n);
        loop {
            if inside(t) { left -= 1; }
            t = t.plus_minutes(1);
            if left == 0 { break; }
        }
        prop_assert_eq!(reckon(calendar, &hours(), from, &Term::WorkingMinutes(n)).unwrap().due, t);
    }
}
