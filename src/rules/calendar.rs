//! The calendar 放假安排: which dates are working days, and why.
//!
//! A working day is Monday to Friday less the `off` days, plus the `work` days (调休) of the published list. A year that
//! nobody has published yet follows the weekday less the statutory days with fixed dates; what depends on it is
//! provisional 暂定.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate, Weekday};
use sha2::{Digest, Sha256};

use crate::base::i18n::Msg;
use crate::base::time::LocalDate;

/// A published exception to the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exception {
    /// 放假.
    Off,
    /// 调休上班.
    Work,
}

impl Exception {
    const fn code(self) -> &'static str {
        match self {
            Exception::Off => "off",
            Exception::Work => "work",
        }
    }
}

/// Why a date is a working day or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// An ordinary day from Monday to Friday.
    Weekday,
    /// Saturday or Sunday.
    Weekend,
    /// A holiday of the published list, with its name.
    Holiday(&'a str),
    /// A make-up workday 调休上班, with the name of its holiday.
    MakeUp(&'a str),
    /// A statutory day with a fixed date, in a year that is not published.
    Statutory,
}

impl DayKind<'_> {
    /// Whether work is done on such a day.
    pub const fn works(&self) -> bool {
        matches!(self, DayKind::Weekday | DayKind::MakeUp(_))
    }

    /// The reason in words.
    pub fn why(&self) -> Msg {
        match self {
            DayKind::Weekday => Msg::new("day.weekday"),
            DayKind::Weekend => Msg::new("day.weekend"),
            DayKind::Holiday(name) => Msg::new("day.holiday").with("name", *name),
            DayKind::MakeUp(name) => Msg::new("day.make_up").with("name", *name),
            DayKind::Statutory => Msg::new("day.statutory"),
        }
    }
}

/// A list that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarError {
    /// Line, counted from 1.
    pub line: usize,
    /// The reason.
    pub reason: Msg,
}

/// Working days of a year fewer than this make a list unusable: arithmetic on it would run for ever.
const WORKING_DAYS_AT_LEAST: usize = 100;

/// Holidays and make-up workdays by date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, (Exception, String)>,
    years: BTreeSet<i32>,
}

static BUILT_IN: LazyLock<Calendar> = LazyLock::new(|| {
    Calendar::parse(include_str!("../../assets/calendar/holidays_cn.csv")).unwrap_or_default()
});

impl Calendar {
    /// The built-in list: mainland China, 2004 to 2026.
    pub fn built_in() -> &'static Calendar {
        &BUILT_IN
    }

    /// Reads a CSV with the header `date,kind,name`; `kind` is `off` or `work`.
    ///
    /// # Errors
    /// With the line: header missing, a date that does not exist, another kind, a date given twice with different
    /// kinds, no days at all, or a year that is left without working days.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let fail = |line: usize, reason: Msg| CalendarError { line, reason };
        let mut lines = text
            .trim_start_matches('\u{feff}')
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim()));
        match lines.next() {
            Some((_, header)) if header.starts_with("date,kind") => {}
            _ => return Err(fail(1, Msg::new("calendar.header"))),
        }
        let mut calendar = Calendar::default();
        let mut line_of_year = BTreeMap::new();
        for (number, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let mut parts = line.splitn(3, ',').map(str::trim);
            let date = parts.next().unwrap_or_default();
            let date = NaiveDate::parse_from_str(date, "%Y-%m-%d")
                .map_err(|_| fail(number, Msg::new("calendar.date").with("date", date)))?;
            let kind = match parts.next() {
                Some("off") => Exception::Off,
                Some("work") => Exception::Work,
                other => {
                    return Err(fail(
                        number,
                        Msg::new("calendar.kind").with("kind", other.unwrap_or_default()),
                    ));
                }
            };
            let name = parts.next().unwrap_or_default().to_owned();
            if let Some((known, _)) = calendar.days.insert(date, (kind, name))
                && known != kind
            {
                return Err(fail(number, Msg::new("calendar.twice").with("date", date)));
            }
            line_of_year.entry(date.year()).or_insert(number);
        }
        if calendar.days.is_empty() {
            return Err(fail(1, Msg::new("calendar.empty")));
        }
        calendar.years = line_of_year.keys().copied().collect();
        for (year, line) in line_of_year {
            let working = days_of(year)
                .filter(|day| calendar.works(*day))
                .take(WORKING_DAYS_AT_LEAST)
                .count();
            if working < WORKING_DAYS_AT_LEAST {
                return Err(fail(
                    line,
                    Msg::new("calendar.no_work")
                        .with("year", i64::from(year))
                        .with("least", WORKING_DAYS_AT_LEAST),
                ));
            }
        }
        Ok(calendar)
    }

    /// Whether somebody has published this year's list.
    pub fn published(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// The published years.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.iter().copied()
    }

    /// What sort of day a date is.
    ///
    /// ```
    /// use dutydesk::rules::calendar::{Calendar, DayKind};
    /// let day = |text: &str| text.parse().unwrap();
    /// let calendar = Calendar::built_in();
    /// assert_eq!(calendar.kind(day("2026-02-14")), DayKind::MakeUp("春节")); // a Saturday
    /// assert_eq!(calendar.kind(day("2027-05-02")), DayKind::Statutory); // not published yet
    /// ```
    pub fn kind(&self, date: LocalDate) -> DayKind<'_> {
        match self.days.get(&date) {
            Some((Exception::Off, name)) => return DayKind::Holiday(name),
            Some((Exception::Work, name)) => return DayKind::MakeUp(name),
            None => {}
        }
        if !self.published(date.year())
            && matches!(
                (date.month(), date.day()),
                (1, 1) | (5, 1 | 2) | (10, 1..=3)
            )
        {
            return DayKind::Statutory;
        }
        match date.weekday() {
            Weekday::Sat | Weekday::Sun => DayKind::Weekend,
            _ => DayKind::Weekday,
        }
    }

    /// Whether a date is a working day.
    pub fn works(&self, date: LocalDate) -> bool {
        self.kind(date).works()
    }

    /// This list with the years that `newer` has replaced by it.
    pub fn merged_with(&self, newer: &Calendar) -> Calendar {
        let kept = self
            .days
            .iter()
            .filter(|(date, _)| !newer.published(date.year()));
        Calendar {
            days: kept
                .chain(&newer.days)
                .map(|(date, day)| (*date, day.clone()))
                .collect(),
            years: self.years.union(&newer.years).copied().collect(),
        }
    }

    /// The days of a year that differ from the week.
    pub fn exceptions(&self, year: i32) -> impl Iterator<Item = (LocalDate, Exception, &str)> {
        self.days
            .iter()
            .filter(move |(date, _)| date.year() == year)
            .map(|(date, (kind, name))| (*date, *kind, name.as_str()))
    }

    /// The list as CSV, by date.
    pub fn to_csv(&self) -> String {
        let mut out = String::from("date,kind,name\n");
        for (date, (kind, name)) in &self.days {
            out.push_str(&format!("{date},{},{name}\n", kind.code()));
        }
        out
    }

    /// SHA-256 of the list, so that two can be told apart.
    pub fn fingerprint(&self) -> String {
        Sha256::digest(self.to_csv().as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

fn days_of(year: i32) -> impl Iterator<Item = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    first.iter_days().take_while(move |day| day.year() == year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_built_in_list_is_whole() {
        let calendar = Calendar::built_in();
        assert_eq!(
            calendar.years().collect::<Vec<_>>(),
            (2004..=2026).collect::<Vec<_>>()
        );
        assert!(
            calendar.works(day("2026-10-10"))
                && !calendar.works(day("2026-10-08").pred_opt().unwrap())
        );
    }

    #[test]
    fn a_wrong_list_is_refused_with_its_line() {
        let cases = [
            ("2026-01-01,off,元旦", 1, "calendar.header"),
            ("date,kind,name\n2026-02-30,off,x", 2, "calendar.date"),
            ("date,kind,name\n2026-01-01,free,x", 2, "calendar.kind"),
            (
                "date,kind,name\n2026-01-01,off,x\n\n2026-01-01,work,x",
                4,
                "calendar.twice",
            ),
            ("date,kind,name\n", 1, "calendar.empty"),
        ];
        for (text, line, key) in cases {
            let error = Calendar::parse(text).unwrap_err();
            assert_eq!(
                (error.line, error.reason.key.as_str()),
                (line, key),
                "{text}"
            );
        }
    }

    #[test]
    fn a_year_without_working_days_is_refused_at_load() {
        let mut text = String::from("date,kind,name\n2026-01-01,off,元旦\n");
        for day in days_of(2027) {
            text.push_str(&format!("{day},off,停工\n"));
        }
        let error = Calendar::parse(&text).unwrap_err();
        assert_eq!(
            (error.line, error.reason.key.as_str()),
            (3, "calendar.no_work")
        );
    }

    #[test]
    fn a_newer_list_replaces_the_years_it_has_and_no_others() {
        let newer =
            Calendar::parse("date,kind,name\n2027-01-04,off,元旦\n2026-12-31,off,x\n").unwrap();
        let merged = Calendar::built_in().merged_with(&newer);
        assert!(
            merged.published(2027)
                && !merged.works(day("2027-01-04"))
                && merged.works(day("2027-01-01"))
        );
        assert!(merged.works(day("2026-10-01")), "2026 is replaced whole");
        assert!(!merged.works(day("2025-10-01")), "2025 is kept");
        assert_eq!(Calendar::parse(&merged.to_csv()).unwrap(), merged);
    }
}
