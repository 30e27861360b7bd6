//! Instants, the site's zone, and how they are written.
//!
//! An [`Instant`] is a point in time at second precision, kept as UTC. A civil date or a wall-clock time only
//! exists together with a [`Zone`]; the two cannot be mixed by accident.

use std::ops::Range;

use chrono::{
    DateTime, Datelike, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone,
    Timelike, Utc, Weekday,
};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A civil date at the site (当地日期), without a time of day.
pub type LocalDate = NaiveDate;

/// A point in time, UTC, whole seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(i64);

impl Instant {
    /// The instant `seconds` after 1970-01-01T00:00:00Z.
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// The instant that a stored text is (`2026-03-02T01:10:00Z`); `None` for every other text.
    pub fn stored(text: &str) -> Option<Self> {
        let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
        let marks = [
            (4, b'-'),
            (7, b'-'),
            (10, b'T'),
            (13, b':'),
            (16, b':'),
            (19, b'Z'),
        ];
        let number = |digits: Range<usize>| {
            let mut digits = bytes[digits].iter();
            digits.try_fold(0, |n, c| {
                c.is_ascii_digit().then(|| n * 10 + u32::from(c - b'0'))
            })
        };
        if marks.iter().any(|(at, mark)| bytes[*at] != *mark) {
            return None;
        }
        let year = number(0..4)?.try_into().ok()?;
        NaiveDate::from_ymd_opt(year, number(5..7)?, number(8..10)?)?
            .and_hms_opt(number(11..13)?, number(14..16)?, number(17..19)?)
            .map(|at| Self(at.and_utc().timestamp()))
    }

    /// The wall clock, cut to whole seconds. Only the edges of the program call this.
    pub fn now() -> Self {
        Self(Utc::now().timestamp())
    }

    /// This instant moved by `seconds` (negative: earlier).
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// This instant moved by `minutes` of the clock.
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_seconds(minutes.saturating_mul(60))
    }

    /// This instant moved by `hours` of the clock.
    pub const fn plus_hours(self, hours: i64) -> Self {
        self.plus_seconds(hours.saturating_mul(3600))
    }

    /// Seconds from `earlier` to this instant (negative when it is later).
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

impl std::fmt::Debug for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.stored_text() {
            Some(text) => f.write_str(std::str::from_utf8(&text).unwrap_or_default()),
            // Beyond the years that a record can hold.
            None => write!(f, "{}Z", self.utc().naive_utc()),
        }
    }
}

/// Stored as RFC 3339 in UTC.
impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.stored_text() {
            Some(text) => s.serialize_str(std::str::from_utf8(&text).unwrap_or_default()),
            None => s.collect_str(&format_args!("{self:?}")),
        }
    }
}

impl Instant {
    /// As [`Instant::stored`] reads it, digit by digit: every entry has several, and a formatter is slow. None outside
    /// the years 0 to 9999.
    fn stored_text(self) -> Option<[u8; 20]> {
        let t = self.utc();
        let year = u32::try_from(t.year()).ok().filter(|year| *year <= 9999)?;
        let mut text = *b"0000-00-00T00:00:00Z";
        let parts = [
            (0, year / 100),
            (2, year % 100),
            (5, t.month()),
            (8, t.day()),
            (11, t.hour()),
            (14, t.minute()),
            (17, t.second()),
        ];
        for (place, two) in parts {
            text[place] = b'0' + (two / 10 % 10) as u8;
            text[place + 1] = b'0' + (two % 10) as u8;
        }
        Some(text)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_str(InstantText)
    }
}

/// Reads an instant from the text in place: records have many, and lists many records.
struct InstantText;

impl de::Visitor<'_> for InstantText {
    type Value = Instant;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("an instant such as 2026-03-02T01:10:00Z")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Instant, E> {
        // As this program writes it, or as another writes RFC 3339.
        match Instant::stored(text) {
            Some(instant) => Ok(instant),
            None => DateTime::parse_from_rfc3339(text)
                .map(|t| Instant(t.timestamp()))
                .map_err(E::custom),
        }
    }
}

/// The site's time zone (Asia/Shanghai unless set).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(pub Tz);

impl Default for Zone {
    fn default() -> Self {
        Self(Tz::Asia__Shanghai)
    }
}

impl Zone {
    /// The wall clock at the site.
    pub fn local(self, at: Instant) -> NaiveDateTime {
        self.0
            .from_utc_datetime(&at.utc().naive_utc())
            .naive_local()
    }

    /// The civil date at the site.
    pub fn date(self, at: Instant) -> LocalDate {
        self.local(at).date()
    }

    /// The month at the site.
    pub fn month(self, at: Instant) -> Month {
        Month::of(self.date(at))
    }

    /// The instant of a wall-clock time. A time that occurs twice is read as the first, one that is skipped by a
    /// clock change as the moment after the gap.
    pub fn instant(self, local: NaiveDateTime) -> Instant {
        let mut probe = local;
        for _ in 0..=24 {
            match self.0.from_local_datetime(&probe) {
                LocalResult::Single(t) | LocalResult::Ambiguous(t, _) => {
                    return Instant(t.timestamp());
                }
                LocalResult::None => probe += Duration::minutes(10),
            }
        }
        Instant(local.and_utc().timestamp())
    }

    /// `hour:minute:second` on a civil date at the site.
    pub fn at(self, date: LocalDate, time: NaiveTime) -> Instant {
        self.instant(date.and_time(time))
    }

    /// 23:59:59 of a civil date: the last moment of 当日.
    pub fn end_of_day(self, date: LocalDate) -> Instant {
        self.at(
            date,
            NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default(),
        )
    }

    /// RFC 3339 with the site's offset: `2026-02-13T17:29:00+08:00`.
    pub fn rfc3339(self, at: Instant) -> String {
        self.0
            .from_utc_datetime(&at.utc().naive_utc())
            .format("%Y-%m-%dT%H:%M:%S%:z")
            .to_string()
    }

    /// Reads what a person or a script writes: RFC 3339, or the same with seconds and offset left out (then the
    /// site's zone), `T` or a blank between date and time.
    ///
    /// ```
    /// use dutydesk::base::time::Zone;
    /// let zone = Zone::default();
    /// let short = zone.parse("2026-02-13T17:29").unwrap();
    /// assert_eq!(zone.rfc3339(short), "2026-02-13T17:29:00+08:00");
    /// assert_eq!(zone.parse("2026-02-13T09:29:00Z"), Some(short));
    /// assert_eq!(zone.parse("2026-02-30 08:00"), None);
    /// ```
    pub fn parse(self, text: &str) -> Option<Instant> {
        let text = text.trim();
        if let Ok(t) = DateTime::parse_from_rfc3339(text) {
            return Some(Instant(t.timestamp()));
        }
        if let Ok(t) = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%:z") {
            return Some(Instant(t.timestamp()));
        }
        [
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%d %H:%M",
        ]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .filter(|local| (1970..=9999).contains(&local.year()))
        .map(|local| self.instant(local))
    }
}

/// A calendar month at the site 月份, written `2026-03`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// The month a civil date lies in.
    pub fn of(day: LocalDate) -> Self {
        Self {
            year: day.year(),
            month: day.month(),
        }
    }

    /// Reads `2026-03`; years from 1970 on.
    ///
    /// ```
    /// use dutydesk::base::time::Month;
    /// assert_eq!(Month::parse("2026-03").unwrap().to_string(), "2026-03");
    /// assert_eq!(Month::parse("2026-13"), None);
    /// assert_eq!(Month::parse("2026-3"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |part: &str, n: usize| {
            (part.len() == n && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())
        };
        let (year, month) = (digits(year, 4)??, digits(month, 2)??);
        let known = (1970..=9998).contains(&year) && (1..=12).contains(&month);
        known.then(|| Self {
            year: i32::try_from(year).unwrap_or(1970),
            month,
        })
    }

    /// The month after.
    pub const fn next(self) -> Self {
        match self.month {
            12 => Self {
                year: self.year + 1,
                month: 1,
            },
            month => Self {
                year: self.year,
                month: month + 1,
            },
        }
    }

    /// The first day.
    pub fn first_day(self) -> LocalDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or_default()
    }

    /// Its first instant at the site.
    pub fn begin(self, zone: Zone) -> Instant {
        zone.at(self.first_day(), NaiveTime::MIN)
    }

    /// The first instant of the month after.
    pub fn end(self, zone: Zone) -> Instant {
        self.next().begin(zone)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// The catalogue key of a weekday: `weekday.mon` … `weekday.sun`.
pub fn weekday_key(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "weekday.mon",
        Weekday::Tue => "weekday.tue",
        Weekday::Wed => "weekday.wed",
        Weekday::Thu => "weekday.thu",
        Weekday::Fri => "weekday.fri",
        Weekday::Sat => "weekday.sat",
        Weekday::Sun => "weekday.sun",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_instant_is_stored_as_it_is_read() {
        for text in [
            "2024-02-29T23:59:59Z",
            "1970-01-01T00:00:00Z",
            "0987-10-06T05:04:03Z",
            "9999-12-31T12:34:56Z",
        ] {
            let instant = Instant::stored(text).unwrap();
            assert_eq!(serde_json::to_value(instant).unwrap(), text);
            assert_eq!(format!("{instant:?}"), text);
        }
        let beyond = Instant::stored("9999-12-31T23:59:59Z").unwrap();
        let beyond = format!("{:?}", beyond.plus_seconds(1));
        assert!(beyond.contains("10000-01-01"), "{beyond}");
    }

    #[test]
    fn only_a_text_of_the_stored_form_is_an_instant() {
        let stored = [
            ("2026-03-02T01:10:00Z", Some(1_772_413_800)),
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2024-02-29T23:59:59Z", Some(1_709_251_199)),
            ("2026-02-29T00:00:00Z", None),
            ("2026-03-02T24:00:00Z", None),
            ("2026-03-02T01:10:0+Z", None),
            ("2026-03-02 01:10:00Z", None),
            ("2026-03-02T01:10:00+", None),
            ("２026-03-02T01:10:0Z", None),
            ("2026-03-02T09:10:00+08:00", None),
            ("", None),
        ];
        for (text, seconds) in stored {
            assert_eq!(Instant::stored(text).map(Instant::unix), seconds, "{text}");
        }
    }

    #[test]
    fn another_programs_writing_of_an_instant_is_read_and_nothing_else() {
        let read = |text: &str| serde_json::from_value::<Instant>(text.into());
        let wanted = Instant::from_unix(1_772_413_800);
        assert_eq!(read("2026-03-02T09:10:00+08:00").unwrap(), wanted);
        assert_eq!(read("2026-03-02T01:10:00.75Z").unwrap(), wanted);
        assert!(read("2026-03-02T01:10").is_err());
        assert!(serde_json::from_value::<Instant>(1_772_413_800.into()).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(seconds in -62_000_000_000_i64..250_000_000_000) {
            let at = Instant::from_unix(seconds);
            prop_assert_eq!(Instant::stored(&format!("{at:?}")), Some(at));
        }
    }
}
