//! Terms and office hours: from an instant and a term to the due instant, with a trace that a person can read.
//!
//! Hours and minutes run on the clock; working days and calendar days step local dates, never seconds.

mod clock;
mod hours;

use chrono::{Datelike, Duration, NaiveDate, NaiveTime};
use serde::Deserialize;

use super::calendar::{Calendar, DayKind};
use crate::base::i18n::Msg;
use crate::base::time::{Instant, LocalDate};
use crate::base::week::Week;

pub use clock::{Span, WorkClock};
pub use hours::{OfficeHours, Window, Windows};

/// The farthest that a term reaches, in days: two centuries. Beyond it the answer is a refusal, not a long loop.
pub(super) const REACH: u32 = 73_000;

/// Lines that a trace has at most; the middle of a longer one is folded.
const TRACE_LINES: usize = 60;

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
    /// 23:59:59 of the Sunday of the ISO week after that day's.
    NextWeekEnd,
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
    within_reach(term)?;
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
        Term::NextWeekEnd => plain(Week::of(day).next().end(zone), "trace.next_week_end", 0),
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
                trace: steps.finish(calendar, &reached, due, hours.close),
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

/// A term of the clock is held to the same reach as one of days.
fn within_reach(term: &Term) -> Result<(), Msg> {
    let (n, days) = match *term {
        Term::Hours(n) | Term::HoursBefore(n) => (n, n / 24),
        Term::Minutes(n) => (n, n / (24 * 60)),
        _ => return Ok(()),
    };
    if days > REACH {
        return Err(too_far(n));
    }
    Ok(())
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

    /// A line for each year on the way that nobody has published.
    fn unpublished<'a>(&self, calendar: &'a Calendar) -> impl Iterator<Item = Msg> + 'a {
        let years = self.first.year()..=self.date.year();
        let unknown = years.filter(|year| !calendar.published(*year));
        unknown.map(|year| Msg::new("trace.unpublished").with("year", i64::from(year)))
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

    fn finish(
        mut self,
        calendar: &Calendar,
        reached: &Reached,
        due: Instant,
        close: NaiveTime,
    ) -> Vec<Msg> {
        self.fold();
        if let Some(last) = self.lines.last_mut() {
            // The hour at which the last day ends is a setting, not the clause's.
            let close = close.format("%H:%M").to_string();
            *last = Msg {
                key: format!("{}_last", last.key),
                args: std::mem::take(&mut last.args),
            }
            .with("close", close);
        }
        if self.lines.len() > TRACE_LINES {
            let hidden = self.lines.len() - TRACE_LINES;
            let tail = self.lines.split_off(self.lines.len() - TRACE_LINES / 2);
            self.lines.truncate(TRACE_LINES / 2);
            self.lines.push(Msg::new("trace.folded").with("n", hidden));
            self.lines.extend(tail);
        }
        self.lines.extend(reached.unpublished(calendar));
        self.lines.push(Msg::new("trace.due").with("due", due));
        self.lines
    }
}

/// Minutes inside working windows. Seconds of the start are kept: 30 minutes from 09:00:20 end 09:30:20.
fn working_minutes(
    calendar: &Calendar,
    hours: &OfficeHours,
    from: Instant,
    n: u32,
) -> Result<Reckoning, Msg> {
    let windows = |date| hours.windows_on(calendar, date);
    let clock = WorkClock::new(hours.zone, &windows);
    let run = clock
        .due(from, i64::from(n) * 60)
        .ok_or_else(|| too_far(n))?;
    let reached = Reached {
        date: hours.zone.date(run.due),
        first: hours.zone.date(from),
    };
    let mut trace = vec![Msg::new("trace.received_counted").with("from", from)];
    trace.extend(windows_counted(&run.pieces));
    trace.extend(reached.unpublished(calendar));
    trace.push(Msg::new("trace.due").with("due", run.due));
    Ok(Reckoning {
        from,
        due: run.due,
        provisional: reached.provisional(calendar),
        trace,
    })
}

/// A line for each stretch in which working time ran; the first ones of many.
pub(super) fn windows_counted(pieces: &[Span]) -> Vec<Msg> {
    let line = |(start, end): &Span| {
        Msg::new("trace.window")
            .with("start", *start)
            .with("end", *end)
            .with("n", end.seconds_since(*start) / 60)
    };
    pieces.iter().take(TRACE_LINES).map(line).collect()
}

#[cfg(test)]
mod tests;
