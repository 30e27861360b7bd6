//! The working clock: it runs inside working windows only, and stands while something is paused.

use super::{REACH, Window};
use crate::base::time::{Instant, LocalDate, Zone};

/// A stretch of time, its end not in it.
pub type Span = (Instant, Instant);

/// A clock of working time.
pub struct WorkClock<'a> {
    zone: Zone,
    windows: &'a dyn Fn(LocalDate) -> &'a [Window],
    pauses: &'a [Span],
}

/// Where the clock came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The earliest instant at which the whole amount has run.
    pub due: Instant,
    /// The stretches in which it ran, in order.
    pub pieces: Vec<Span>,
}

impl<'a> WorkClock<'a> {
    /// A clock that runs in the windows that begin on each date.
    pub fn new(zone: Zone, windows: &'a dyn Fn(LocalDate) -> &'a [Window]) -> Self {
        Self {
            zone,
            windows,
            pauses: &[],
        }
    }

    /// A clock that stands in these stretches besides.
    #[must_use]
    pub fn paused(self, pauses: &'a [Span]) -> Self {
        Self { pauses, ..self }
    }

    /// The windows that begin on a date, as stretches of time, without what one of the day before still covers.
    fn spans(&self, date: LocalDate) -> Vec<Span> {
        let on = |day: LocalDate| {
            let windows = (self.windows)(day).iter();
            windows.map(move |window| window.on(day, self.zone))
        };
        let carried = date.pred_opt().and_then(|day| on(day).next_back());
        let spans = on(date).map(|(open, close)| {
            let begin = carried.map_or(open, |(_, end)| end.max(open));
            (begin, close)
        });
        spans.filter(|(open, close)| open < close).collect()
    }

    /// What is left of a stretch beside the pauses, in order.
    fn running(&self, span: Span) -> Vec<Span> {
        let cut = |stretches: Vec<Span>, (begin, end): &Span| -> Vec<Span> {
            let parts = stretches.into_iter().flat_map(|(from, to)| {
                let before = (from, to.min(*begin));
                let after = (from.max(*end), to);
                match *begin < *end {
                    true => vec![before, after],
                    false => vec![(from, to)],
                }
            });
            parts.filter(|(from, to)| from < to).collect()
        };
        self.pauses.iter().fold(vec![span], cut)
    }

    /// When so many seconds of working time have run since `from`: the earliest such instant, so what ends with a window
    /// is due at closing. Nothing is due where the clock would begin to run. `None` when it lies beyond two centuries.
    pub fn due(&self, from: Instant, seconds: i64) -> Option<Run> {
        // A window of the day before may run over midnight.
        let mut date = self.zone.date(from).pred_opt()?;
        let mut left = seconds;
        let mut pieces = Vec::new();
        for _ in 0..REACH {
            for (open, close) in self.spans(date) {
                let start = open.max(from);
                if start > close {
                    continue;
                }
                if left == 0 {
                    return Some(Run { due: start, pieces });
                }
                for (start, end) in self.running((start, close)) {
                    let used = end.seconds_since(start).min(left);
                    left -= used;
                    let due = start.plus_seconds(used);
                    if used > 0 {
                        pieces.push((start, due));
                    }
                    if left == 0 {
                        return Some(Run { due, pieces });
                    }
                }
            }
            date = date.succ_opt()?;
        }
        None
    }

    /// The latest instant from which so many seconds of working time run until `until`. `None` as for [`Self::due`].
    pub fn before(&self, until: Instant, seconds: i64) -> Option<Instant> {
        let mut date = self.zone.date(until);
        let mut left = seconds;
        for _ in 0..REACH {
            for (open, close) in self.spans(date).into_iter().rev() {
                let end = close.min(until);
                if end < open {
                    continue;
                }
                if left == 0 {
                    return Some(end);
                }
                for (start, end) in self.running((open, end)).into_iter().rev() {
                    let used = end.seconds_since(start).min(left);
                    left -= used;
                    if left == 0 {
                        return Some(end.plus_seconds(-used));
                    }
                }
            }
            date = date.pred_opt()?;
        }
        None
    }

    /// Seconds of working time between two instants; nothing when the second is the earlier.
    pub fn elapsed(&self, from: Instant, until: Instant) -> i64 {
        let last = self.zone.date(until.max(from));
        let first = self.zone.date(from).pred_opt();
        let mut seconds = 0;
        for date in first.into_iter().flat_map(|day| day.iter_days()) {
            if date > last {
                break;
            }
            for (open, close) in self.spans(date) {
                let (start, end) = (open.max(from), close.min(until));
                if start < end {
                    let running = self.running((start, end)).into_iter();
                    seconds += running.map(|(a, b)| b.seconds_since(a)).sum::<i64>();
                }
            }
        }
        seconds
    }
}
