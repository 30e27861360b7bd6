//! Terms and office hours: from an instant and a term to the due instant, with a trace that a person can read.
//!
//! Hours and minutes run on the clock; working days and calendar days step local dates, never seconds.

use chrono::{Datelike, Duration, NaiveDate, NaiveTime};
use serde::Deserialize;

use super::calendar::{Calendar, DayKind};
use crate::base::i18n::Msg;
use crate::base::time::{Instant, LocalDate, Zone};

/// The farthest that a term reaches, in days: two centuries. Beyond it the answer is a refusal, not a long loop.
const REACH: u32 = 73_000;

/// Lines that a trace has at most; the middle of a longer one is folded.
const TRACE_LINES: usize = 60;

/// When the office works: zone, working windows of a working day, close of business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeHours {
    /// The site's zone.
    pub zone: Zone,
    /// Working windows of a working day, in order.
    pub windows: Vec<(NaiveTime, NaiveTime)>,
    /// Close of business: when a term of working days is due.
    pub close: NaiveTime,
}

fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default()
}

impl Default for OfficeHours {
    fn default() -> Self {
        let windows = vec![(clock(8, 30), clock(12, 0)), (clock(13, 30), clock(17, 30))];
        Self {
            zone: Zone::default(),
            windows,
            close: clock(17, 30),
        }
    }
}

impl OfficeHours {
    /// Office hours with these windows.
    ///
    /// # Errors
    /// When there is no window, one is empty, or they overlap or are out of order.
    pub fn new(
        zone: Zone,
        windows: Vec<(NaiveTime, NaiveTime)>,
        close: NaiveTime,
    ) -> Result<Self, Msg> {
        let times: Vec<NaiveTime> = windows.iter().flat_map(|(from, to)| [*from, *to]).collect();
        let ordered = windows.iter().all(|(from, to)| from < to) && times.is_sorted();
        if windows.is_empty() || !ordered {
            return Err(Msg::new("worktime.windows"));
        }
        Ok(Self {
            zone,
            windows,
            close,
        })
    }
}

/// A term 期限 as the procedures give it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// Hours of the clock, nights and holidays included.
    Hours(u32),
    /// Minutes of the clock.
    Minutes(u32),
    /// Hours before the instant (a plan's start).
    HoursBefore(u32),
    /// 工作日: the day of receipt is not counted; due at close of business of the n-th working day after it. 0 is the
    /// day of receipt itself, or the next working day when it is none.
    WorkingDays(u32),
    /// 日: the day of receipt is not counted; due 23:59:59 of the n-th day after it.
    CalendarDays(u32),
    /// 当日: 23:59:59 of that local day.
    SameDay,
    /// Close of business of the next calendar day.
    NextDayClose,
    /// 23:59:59 of 31 December of that year.
    YearEnd,
    /// 23:59:59 of the last day of that month.
    MonthEnd,
    /// Minutes that count only inside working windows.
    WorkingMinutes(u32),
}

/// A due instant and how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reckoning {
    /// The instant the term runs from.
    pub from: Instant,
    /// When it must be done: met iff done ≤ due.
    pub due: Instant,
    /// 暂定: a date on the way lies in a year that nobody has published.
    pub provisional: bool,
    /// Line by line.
    pub trace: Vec<Msg>,
}

/// The due instant of a term, with its trace.
///
/// # Errors
/// When the term reaches farther than two centuries.
///
/// ```
/// use dutydesk::rules::{calendar::Calendar, worktime::{OfficeHours, Term, reckon}};
/// let hours = OfficeHours::default();
/// let due = |from: &str, term| {
///     let from = hours.zone.parse(from).unwrap();
///     hours.zone.rfc3339(reckon(Calendar::built_in(), &hours, from, &term).unwrap().due)
/// };
/// // The day of receipt is not counted, at whatever hour; Saturday 2026-02-14 is a make-up workday.
/// assert_eq!(due("2026-02-13T17:30:01", Term::WorkingDays(1)), "2026-02-14T17:30:00+08:00");
/// assert_eq!(due("2026-02-13T00:00:00", Term::WorkingDays(1)), "2026-02-14T17:30:00+08:00");
/// assert_eq!(due("2026-02-13T23:50", Term::Minutes(30)), "2026-02-14T00:20:00+08:00");
/// ```
pub fn reckon(
    calendar: &Calendar,
    hours: &OfficeHours,
    from: Instant,
    term: &Term,
) -> Result<Reckoning, Msg> {
    let zone = hours.zone;
    let day = zone.date(from);
    let plain = |due: Instant, key: &str, n: u32| {
        let trace = vec![
            Msg::new(key).with("from", from).with("n", i64::from(n)),
            Msg::new("trace.due").with("due", due),
        ];
        Ok(Reckoning {
            from,
            due,
            provisional: false,
            trace,
        })
    };
    // A term of the clock is held to the same reach.
    if matches!(*term, Term::Hours(n) | Term::HoursBefore(n) if n / 24 > REACH) {
        return Err(too_far(u32::MAX));
    }
    match *term {
        Term::Hours(n) => plain(from.plus_hours(i64::from(n)), "trace.hours", n),
        Term::Minutes(n) => plain(from.plus_minutes(i64::from(n)), "trace.minutes", n),
        Term::HoursBefore(n) => plain(from.plus_hours(-i64::from(n)), "trace.hours_before", n),
        Term::SameDay => plain(zone.end_of_day(day), "trace.same_day", 0),
        Term::YearEnd => plain(
            zone.end_of_day(NaiveDate::from_ymd_opt(day.year(), 12, 31).unwrap_or(day)),
            "trace.year_end",
            0,
        ),
        Term::MonthEnd => plain(zone.end_of_day(month_end(day)), "trace.month_end", 0),
        Term::NextDayClose => plain(zone.at(after(day, 1)?, hours.close), "trace.next_day", 0),
        Term::CalendarDays(n) => plain(zone.end_of_day(after(day, n)?), "trace.calendar_days", n),
        Term::WorkingDays(n) => {
            let mut steps = Steps::new(from);
            let reached = step(calendar, day, n, |date, kind, counted| {
                steps.take(date, kind, counted)
            })?;
            let due = zone.at(reached.date, hours.close);
            Ok(Reckoning {
                from,
                due,
                provisional: reached.provisional(calendar),
                trace: steps.finish(calendar, &reached, due),
            })
        }
        Term::WorkingMinutes(n) => working_minutes(calendar, hours, from, n),
    }
}

/// The last day of a date's month.
pub fn month_end(day: LocalDate) -> LocalDate {
    let (year, month) = if day.month() == 12 {
        (day.year() + 1, 1)
    } else {
        (day.year(), day.month() + 1)
    };
    NaiveDate::from_ymd_opt(year, month, 1)
        .and_then(|first| first.pred_opt())
        .unwrap_or(day)
}

/// The due instant of a term of working days, without a trace: for many at once.
///
/// # Errors
/// As [`reckon`].
pub fn due_working_days(
    calendar: &Calendar,
    hours: &OfficeHours,
    from: Instant,
    n: u32,
) -> Result<(Instant, bool), Msg> {
    let reached = step(calendar, hours.zone.date(from), n, |_, _, _| {})?;
    Ok((
        hours.zone.at(reached.date, hours.close),
        reached.provisional(calendar),
    ))
}

fn too_far(n: u32) -> Msg {
    Msg::new("worktime.too_far").with("n", i64::from(n))
}

fn after(day: LocalDate, n: u32) -> Result<LocalDate, Msg> {
    if n > REACH {
        return Err(too_far(n));
    }
    day.checked_add_signed(Duration::days(i64::from(n)))
        .ok_or_else(|| too_far(n))
}

/// Where stepping ended.
struct Reached {
    date: LocalDate,
    /// The first and last date looked at.
    first: LocalDate,
}

impl Reached {
    /// Whether a date on the way lies in a year that nobody has published.
    fn provisional(&self, calendar: &Calendar) -> bool {
        (self.first.year()..=self.date.year()).any(|year| !calendar.published(year))
    }
}

/// Steps local dates to the n-th working day after `day`, telling each date, its kind, and which working day it is.
fn step(
    calendar: &Calendar,
    day: LocalDate,
    n: u32,
    mut tell: impl FnMut(LocalDate, &DayKind<'_>, Option<u32>),
) -> Result<Reached, Msg> {
    let mut date = if n == 0 { day } else { after(day, 1)? };
    let first = date;
    let mut counted = 0;
    for _ in 0..REACH {
        let kind = calendar.kind(date);
        if kind.works() {
            counted += 1;
        }
        tell(date, &kind, kind.works().then_some(counted));
        if kind.works() && counted >= n.max(1) {
            return Ok(Reached { date, first });
        }
        date = date.succ_opt().ok_or_else(|| too_far(n))?;
    }
    Err(too_far(n))
}

/// The trace of a term of working days; runs of days off are folded into one line.
struct Steps {
    lines: Vec<Msg>,
    off: Option<(LocalDate, LocalDate, Msg)>,
}

impl Steps {
    fn new(from: Instant) -> Self {
        Self {
            lines: vec![Msg::new("trace.received").with("from", from)],
            off: None,
        }
    }

    fn take(&mut self, date: LocalDate, kind: &DayKind<'_>, counted: Option<u32>) {
        let Some(n) = counted else {
            let why = kind.why();
            self.off = match self.off.take() {
                // A holiday names the whole run, whatever weekends it holds.
                Some((first, _, known)) => Some((
                    first,
                    date,
                    if known.key == "day.weekend" {
                        why
                    } else {
                        known
                    },
                )),
                None => Some((date, date, why)),
            };
            return;
        };
        self.fold();
        let line = Msg::new("trace.day")
            .with("day", date)
            .with("n", i64::from(n));
        self.lines.push(match kind {
            DayKind::MakeUp(_) => Msg::new("trace.make_up")
                .with("day", date)
                .with("n", i64::from(n))
                .with("why", kind.why()),
            _ => line,
        });
    }

    fn fold(&mut self) {
        match self.off.take() {
            Some((first, last, why)) if first == last => self
                .lines
                .push(Msg::new("trace.off").with("day", first).with("why", why)),
            Some((first, last, why)) => {
                let days = (last - first).num_days() + 1;
                self.lines.push(
                    Msg::new("trace.off_run")
                        .with("first", first)
                        .with("last", last)
                        .with("n", days)
                        .with("why", why),
                );
            }
            None => {}
        }
    }

    fn finish(mut self, calendar: &Calendar, reached: &Reached, due: Instant) -> Vec<Msg> {
        self.fold();
        if self.lines.len() > TRACE_LINES {
            let hidden = self.lines.len() - TRACE_LINES;
            let tail = self.lines.split_off(self.lines.len() - TRACE_LINES / 2);
            self.lines.truncate(TRACE_LINES / 2);
            self.lines.push(Msg::new("trace.folded").with("n", hidden));
            self.lines.extend(tail);
        }
        for year in
            (reached.first.year()..=reached.date.year()).filter(|year| !calendar.published(*year))
        {
            self.lines
                .push(Msg::new("trace.unpublished").with("year", i64::from(year)));
        }
        self.lines.push(Msg::new("trace.due").with("due", due));
        self.lines
    }
}

/// Minutes inside working windows of working days. Seconds of the start are kept: 30 minutes from 09:00:20 end 09:30:20.
fn working_minutes(
    calendar: &Calendar,
    hours: &OfficeHours,
    from: Instant,
    n: u32,
) -> Result<Reckoning, Msg> {
    let zone = hours.zone;
    let first = zone.date(from);
    let mut left = i64::from(n) * 60;
    let mut trace = vec![Msg::new("trace.received_counted").with("from", from)];
    let mut date = first;
    for _ in 0..REACH {
        if calendar.works(date) {
            for (open, close) in &hours.windows {
                let start = zone.at(date, *open).max(from);
                let end = zone.at(date, *close);
                let room = end.seconds_since(start);
                // Nothing left to count: due where counting would begin.
                if room < 0 || (room == 0 && left > 0) {
                    continue;
                }
                let used = room.min(left);
                left -= used;
                if trace.len() < TRACE_LINES && used > 0 {
                    let line = Msg::new("trace.window")
                        .with("start", start)
                        .with("end", start.plus_seconds(used))
                        .with("n", used / 60);
                    trace.push(line);
                }
                if left == 0 {
                    let due = start.plus_seconds(used);
                    let reached = Reached { date, first };
                    let provisional = reached.provisional(calendar);
                    trace.extend(
                        (first.year()..=date.year())
                            .filter(|y| !calendar.published(*y))
                            .map(|year| {
                                Msg::new("trace.unpublished").with("year", i64::from(year))
                            }),
                    );
                    trace.push(Msg::new("trace.due").with("due", due));
                    return Ok(Reckoning {
                        from,
                        due,
                        provisional,
                        trace,
                    });
                }
            }
        }
        date = date.succ_opt().ok_or_else(|| too_far(n))?;
    }
    Err(too_far(n))
}

#[cfg(test)]
mod tests;
