//! ISO weeks 周: Monday to Sunday at the site, written `2026-W10` (ISO 8601).

use chrono::{Datelike, Duration, NaiveDate, NaiveTime, Weekday};

use super::time::{Instant, LocalDate, Zone};

/// An ISO week at the site, named by its year and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    monday: LocalDate,
}

impl Week {
    /// The week a civil date lies in.
    pub fn of(day: LocalDate) -> Self {
        let since = i64::from(day.weekday().num_days_from_monday());
        let monday = day.checked_sub_signed(Duration::days(since));
        Self {
            monday: monday.unwrap_or(day),
        }
    }

    /// Reads `2026-W10`, as it is written and no other way; years from 1970 on. Week 53 is there in years that have one.
    ///
    /// ```
    /// use dutydesk::base::week::Week;
    /// assert_eq!(Week::parse("2026-W53").unwrap().to_string(), "2026-W53");
    /// assert_eq!(Week::parse("2025-W53"), None);
    /// assert_eq!(Week::parse("2026-W1"), None);
    /// assert_eq!(Week::parse("2026w10"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (year, week) = text.split_once("-W")?;
        let digits = |part: &str, n: usize| {
            part.len() == n && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits(year, 4) || !digits(week, 2) {
            return None;
        }
        let year: i32 = year.parse().ok()?;
        let monday = NaiveDate::from_isoywd_opt(year, week.parse().ok()?, Weekday::Mon)?;
        (1970..=9998).contains(&year).then_some(Self { monday })
    }

    /// Its first day.
    pub const fn monday(self) -> LocalDate {
        self.monday
    }

    /// Its last day.
    pub fn sunday(self) -> LocalDate {
        let sunday = self.monday.checked_add_signed(Duration::days(6));
        sunday.unwrap_or(self.monday)
    }

    /// The week after.
    #[must_use]
    pub fn next(self) -> Self {
        let monday = self.monday.checked_add_signed(Duration::days(7));
        Self {
            monday: monday.unwrap_or(self.monday),
        }
    }

    /// Its first instant: Monday 00:00:00 at the site.
    pub fn begin(self, zone: Zone) -> Instant {
        zone.at(self.monday, NaiveTime::MIN)
    }

    /// Its last instant: Sunday 23:59:59 at the site.
    pub fn end(self, zone: Zone) -> Instant {
        zone.end_of_day(self.sunday())
    }
}

impl std::fmt::Display for Week {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let week = self.monday.iso_week();
        write!(f, "{:04}-W{:02}", week.year(), week.week())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_has_its_year_its_days_and_the_one_after_it() {
        // (as written, Monday, Sunday, the week after): the turn of a year belongs to the year of its Thursday.
        for (text, monday, sunday, next) in [
            ("2026-W01", "2025-12-29", "2026-01-04", "2026-W02"),
            ("2026-W10", "2026-03-02", "2026-03-08", "2026-W11"),
            ("2026-W53", "2026-12-28", "2027-01-03", "2027-W01"),
            ("2020-W53", "2020-12-28", "2021-01-03", "2021-W01"),
            ("2024-W52", "2024-12-23", "2024-12-29", "2025-W01"),
            ("1970-W01", "1969-12-29", "1970-01-04", "1970-W02"),
        ] {
            let week = Week::parse(text).unwrap();
            assert_eq!(week.to_string(), text);
            assert_eq!(week.monday().to_string(), monday, "{text}");
            assert_eq!(week.sunday().to_string(), sunday, "{text}");
            assert_eq!(week.next().to_string(), next, "{text}");
            for day in [week.monday(), week.sunday()] {
                assert_eq!(Week::of(day), week, "{day}");
            }
        }
    }

    #[test]
    fn what_is_no_week_is_not_read() {
        for text in [
            "",
            "2026",
            "2026-10",
            "2026-W",
            "2026-W0",
            "2026-W00",
            "2026-W1",
            "2026-W010",
            "2026-W54",
            "2025-W53",
            "2024-W53",
            "26-W10",
            "02026-W10",
            "2026-w10",
            "2026W10",
            " 2026-W10",
            "2026-W10 ",
            "2026-W+1",
            "-026-W10",
            "+026-W10",
            "2026-W１0",
            "1969-W10",
            "9999-W10",
            "2026-W10-1",
        ] {
            assert_eq!(Week::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_week_begins_and_ends_at_the_site() {
        let zone = Zone::default();
        let week = Week::parse("2026-W10").unwrap();
        assert_eq!(zone.rfc3339(week.begin(zone)), "2026-03-02T00:00:00+08:00");
        assert_eq!(zone.rfc3339(week.end(zone)), "2026-03-08T23:59:59+08:00");
    }
}
