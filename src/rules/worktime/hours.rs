//! Office hours 办公时间: when the desk of a site works, weekday by weekday.

use std::collections::BTreeMap;

use chrono::{Datelike, Duration, NaiveTime};

use crate::base::i18n::Msg;
use crate::base::time::{Instant, LocalDate, Zone};
use crate::rules::calendar::{Calendar, DayKind};

/// Minutes of a day.
const DAY: u32 = 24 * 60;

/// One stretch of work: minutes from the midnight on which its day begins. It may reach 24:00 or run over midnight
/// (`18:00-02:00`); it belongs to the day on which it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    from: u32,
    to: u32,
}

impl Window {
    /// Reads `08:30-12:00`, `00:00-24:00`, `18:00-02:00`.
    fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let (from, to) = (clock(from)?, clock(to)?);
        let to = if to < from { to + DAY } else { to };
        (from < DAY && from < to).then_some(Self { from, to })
    }

    /// Its first instant and the one after its last, on the day on which it begins.
    pub fn on(self, date: LocalDate, zone: Zone) -> (Instant, Instant) {
        let midnight = date.and_time(NaiveTime::MIN);
        let at = |minutes: u32| zone.instant(midnight + Duration::minutes(i64::from(minutes)));
        (at(self.from), at(self.to))
    }
}

/// Minutes since midnight of `08:30`; `24:00` is the end of the day.
fn clock(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |part: &str| {
        let plain = part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<u32>().ok()).flatten()
    };
    let minutes = digits(hour)? * 60 + digits(minute).filter(|minute| *minute < 60)?;
    (minutes <= DAY).then_some(minutes)
}

/// The windows of a day, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Windows(Vec<Window>);

impl Windows {
    /// Reads `08:30-12:00,13:30-17:30`; no text is a day without work. `None` when a window is empty, or they overlap or
    /// are out of order.
    ///
    /// ```
    /// use dutydesk::rules::worktime::Windows;
    /// assert!(Windows::parse("08:30-12:00,13:30-17:30").is_some());
    /// assert!(Windows::parse("00:00-24:00").is_some());
    /// assert!(Windows::parse("18:00-02:00").is_some());
    /// assert_eq!(Windows::parse("08:00-12:00,11:00-17:00"), None);
    /// assert_eq!(Windows::parse("09:00-09:00"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let parts = text.split([',', '，']).map(str::trim);
        let parts = parts.filter(|part| !part.is_empty());
        Self::of(parts.map(Window::parse).collect::<Option<_>>()?)
    }

    /// These windows, when they are in order and do not overlap.
    fn of(windows: Vec<Window>) -> Option<Self> {
        let apart = |pair: &[Window]| match pair {
            [one, next] => one.to <= next.from,
            _ => true,
        };
        windows.windows(2).all(apart).then_some(Self(windows))
    }

    /// The windows, in order.
    pub fn as_slice(&self) -> &[Window] {
        &self.0
    }
}

/// When the office works: zone, working windows of a working day, close of business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeHours {
    /// The site's zone.
    pub zone: Zone,
    /// Working windows of a working day.
    pub windows: Windows,
    /// A weekday's own windows (1 is Monday). A Saturday or Sunday that has some is worked on, though it is no working
    /// day 工作日 of the calendar.
    pub windows_of: BTreeMap<u32, Windows>,
    /// Close of business: when a term of working days is due.
    pub close: NaiveTime,
}

impl Default for OfficeHours {
    fn default() -> Self {
        Self {
            zone: Zone::default(),
            windows: Windows::parse("08:30-12:00,13:30-17:30").unwrap_or_default(),
            windows_of: BTreeMap::new(),
            close: NaiveTime::from_hms_opt(17, 30, 0).unwrap_or_default(),
        }
    }
}

impl OfficeHours {
    /// Office hours with these windows.
    ///
    /// # Errors
    /// When there is no window.
    pub fn new(zone: Zone, windows: Windows, close: NaiveTime) -> Result<Self, Msg> {
        if windows.0.is_empty() {
            return Err(Msg::new("worktime.windows"));
        }
        Ok(Self {
            zone,
            windows,
            windows_of: BTreeMap::new(),
            close,
        })
    }

    /// The windows that begin on a date: none on a holiday; those of an ordinary working day on a make-up workday, which
    /// takes the place of one.
    pub fn windows_on(&self, calendar: &Calendar, date: LocalDate) -> &[Window] {
        let own = self.windows_of.get(&date.weekday().number_from_monday());
        let windows = match calendar.kind(date) {
            DayKind::Weekday => Some(own.unwrap_or(&self.windows)),
            DayKind::MakeUp(_) => Some(&self.windows),
            DayKind::Weekend => own,
            DayKind::Holiday(_) | DayKind::Statutory => None,
        };
        windows.map_or(&[], Windows::as_slice)
    }
}
