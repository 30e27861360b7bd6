//! Which copies are kept: one a day for some days, the last of each month for some months. Pure.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveTime};

use crate::base::time::LocalDate;

/// When a copy was made, as its name says: `desk-2026-03-02.db`, and `desk-2026-03-02-180000.db` for one that could
/// not take the place of an earlier one of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// The day at the site.
    pub day: LocalDate,
    /// The time of day, where the day has more than one.
    pub clock: Option<NaiveTime>,
}

impl Stamp {
    /// The file's name.
    pub fn name(self, stem: &str) -> String {
        match self.clock {
            None => format!("{stem}-{}.db", self.day),
            Some(clock) => format!("{stem}-{}-{}.db", self.day, clock.format("%H%M%S")),
        }
    }

    /// Reads a name; `None` for every file that is no copy of this stem.
    pub fn read(stem: &str, name: &str) -> Option<Self> {
        let rest = name.strip_prefix(stem)?.strip_prefix('-')?;
        let rest = rest.strip_suffix(".db")?;
        let (day, clock) = match (rest.get(..10), rest.get(10..)) {
            (Some(day), Some("")) => (day, None),
            (Some(day), Some(clock)) => {
                let clock = NaiveTime::parse_from_str(clock.strip_prefix('-')?, "%H%M%S").ok()?;
                (day, Some(clock))
            }
            _ => return None,
        };
        let stamp = Self {
            day: LocalDate::parse_from_str(day, "%Y-%m-%d").ok()?,
            clock,
        };
        // Only what we would write ourselves: `2026-3-2` is somebody else's file.
        (stamp.name(stem) == name).then_some(stamp)
    }
}

/// The copies that are not needed any more on `today`: kept are those of the last `daily` days that have one, and of
/// the last day of each of the last `monthly` months that have one. A copy that claims to be of a later day (a clock
/// was wrong) neither counts nor goes.
pub fn outlived(copies: &[Stamp], today: LocalDate, daily: usize, monthly: usize) -> Vec<Stamp> {
    let days: BTreeSet<LocalDate> = copies
        .iter()
        .map(|copy| copy.day)
        .filter(|day| *day <= today)
        .collect();
    let mut kept: BTreeSet<LocalDate> = days.iter().rev().take(daily).copied().collect();
    let mut months: Vec<LocalDate> = Vec::new();
    for day in days.iter().rev() {
        let known = months
            .last()
            .is_some_and(|last| (last.year(), last.month()) == (day.year(), day.month()));
        if !known {
            months.push(*day);
        }
    }
    kept.extend(months.into_iter().take(monthly));
    copies
        .iter()
        .filter(|copy| copy.day <= today && !kept.contains(&copy.day))
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    /// A copy is made each day and the rest is dropped each day; what is left.
    fn lived(from: &str, days: i64, daily: usize, monthly: usize) -> Vec<String> {
        let mut copies: Vec<Stamp> = Vec::new();
        for n in 0..days {
            let today = day(from) + chrono::Duration::days(n);
            copies.push(Stamp {
                day: today,
                clock: None,
            });
            let gone = outlived(&copies, today, daily, monthly);
            copies.retain(|copy| !gone.contains(copy));
        }
        copies.iter().map(|copy| copy.day.to_string()).collect()
    }

    #[test]
    fn seven_days_and_the_end_of_each_month() {
        assert_eq!(
            lived("2026-03-02", 40, 7, 12),
            [
                "2026-03-31",
                "2026-04-04",
                "2026-04-05",
                "2026-04-06",
                "2026-04-07",
                "2026-04-08",
                "2026-04-09",
                "2026-04-10"
            ]
        );
        let years = lived("2024-01-15", 800, 7, 12);
        assert_eq!(
            years.len(),
            18,
            "12 months, of which this one is among the days: {years:?}"
        );
        assert_eq!(years.first().map(String::as_str), Some("2025-04-30"));
        assert_eq!(lived("2026-03-02", 40, 1, 0), ["2026-04-10"]);
    }

    #[test]
    fn days_without_a_copy_use_nothing_up() {
        let copies = ["2025-12-30", "2026-01-05", "2026-03-01"].map(|text| Stamp {
            day: day(text),
            clock: None,
        });
        assert!(outlived(&copies, day("2026-03-02"), 7, 12).is_empty());
        assert_eq!(outlived(&copies, day("2026-03-02"), 1, 2), [copies[0]]);
    }

    #[test]
    fn a_copy_of_a_later_day_neither_counts_nor_goes() {
        let copies = ["2026-03-01", "2026-03-02", "2099-01-01"].map(|text| Stamp {
            day: day(text),
            clock: None,
        });
        assert_eq!(outlived(&copies, day("2026-03-02"), 1, 1), [copies[0]]);
    }

    #[test]
    fn only_our_own_names_are_read() {
        let read = |name| Stamp::read("desk", name);
        let second = "desk-2026-03-02-180000.db";
        assert_eq!(read(second).unwrap().name("desk"), second);
        for name in [
            "desk-2026-03-02.db.part",
            "desk-2026-3-2.db",
            "desk.db",
            "desk-before-restore-20260302-180000.db",
            "desk-b-2026-03-02.db",
            "desk-2026-02-30.db",
            "desk-2026-03-02-9.db",
            "desk-二〇二六-03.db",
        ] {
            assert_eq!(read(name), None, "{name}");
        }
    }
}
