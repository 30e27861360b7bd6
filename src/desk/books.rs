//! Books 簿册: many records on one paper, a line each, as sheets of a bounded length.

use serde_json::{Map, Value, json};
use std::ops::ControlFlow;

use super::past::{Past, PastRecord};
use super::view::RecordView;
use super::{Error, Result};
use crate::base::time::{Instant, LocalDate, Month};
use crate::documents::facts::{Facts, voice};
use crate::documents::fill::fill;
use crate::documents::issue::lacking;
use crate::documents::layout::{Holds, Layout};
use crate::documents::sheet::Sheet;
use crate::record::entry::appended;
use crate::registers::register;
use crate::store::keys::JITTER;

/// Takes records one after another, and says whether it wants more.
pub type Take<'t> = dyn FnMut(PastRecord) -> Result<ControlFlow<()>> + 't;

/// Lines on one sheet of a book; a sheet is some dozen pages.
pub const LINES: usize = 240;

/// What a book is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A month.
    Month(Month),
    /// A civil day of the site.
    Day(LocalDate),
    /// What goes on at this moment.
    Now(Instant),
}

impl Past<'_> {
    /// Hands the sheets of the book `layout` for `period` to `take`, at least one; stops when it says so. Answers how
    /// many records stand in it.
    ///
    /// # Errors
    /// What `take` gives, and [`Error::File`] when the file cannot be read.
    pub fn book(
        &self,
        layout: &Layout,
        period: Period,
        take: &mut dyn FnMut(Sheet) -> Result<ControlFlow<()>>,
    ) -> Result<u64> {
        self.book_of(layout, period, take, &mut |each| {
            self.each_in(layout, period, each)
        })
    }

    /// As [`Past::book`], with the records that `records` hands over instead of those of the period.
    ///
    /// # Errors
    /// What `take` and `records` give, and [`Error::File`] when the file cannot be read.
    pub fn book_of(
        &self,
        layout: &Layout,
        period: Period,
        take: &mut dyn FnMut(Sheet) -> Result<ControlFlow<()>>,
        records: &mut dyn FnMut(&mut Take<'_>) -> Result<()>,
    ) -> Result<u64> {
        let mut book = Book {
            past: self,
            layout,
            period,
            lines: Vec::new(),
            count: 0,
            sheets: 0,
            take,
        };
        records(&mut |past| book.line(past))?;
        book.end()
    }

    /// Hands every record that a book or a run of papers for `period` is about to `each`, in the order of receipt.
    ///
    /// # Errors
    /// What `each` gives, and [`Error::File`] when the file cannot be read.
    pub fn each_in(
        &self,
        layout: &Layout,
        period: Period,
        each: &mut dyn FnMut(PastRecord) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let zone = self.rules().zone();
        let (from, until) = match period {
            Period::Month(month) => (month.begin(zone), month.end(zone)),
            Period::Day(day) => {
                let next = day.succ_opt().unwrap_or(day);
                let midnight = chrono::NaiveTime::MIN;
                (zone.at(day, midnight), zone.at(next, midnight))
            }
            Period::Now(_) => return self.each_open(layout, each),
        };
        let Some(register) = register(&layout.register) else {
            return Ok(());
        };
        let within = |past: &PastRecord| {
            let received = past.record.head.received;
            received >= from && received < until
        };
        self.in_order(register, (from, until), &within, each)
            .map(|_| ())
    }

    fn each_open(
        &self,
        layout: &Layout,
        each: &mut dyn FnMut(PastRecord) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let mut going = true;
        self.open_numbers(&layout.register, |no| {
            if let (true, Some(past)) = (going, self.record(no)?) {
                going = past.record.head.closed.is_some() || each(past)?.is_continue();
            }
            Ok(())
        })
    }

    /// A record as it stood, as a card shows it.
    pub fn as_view(&self, past: PastRecord) -> RecordView {
        let deadlines = past.register.deadlines(&past.record, self.in_force());
        past.into_view(deadlines, Vec::new())
    }

    /// The last entry appended before the clock first showed an instant: its number and hash, as they anchor a signed
    /// page in the file. Nothing that is appended later moves it, whatever is brought in and wherever the clock goes.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn chain_before(&self, instant: Instant) -> Result<(i64, String)> {
        let mut passed = 0;
        let low = loop {
            let (first, last) = self.clock_stretch(instant, passed)?;
            let low = self.before_in((first, last), instant)?;
            if low < last || last >= self.upto {
                break low;
            }
            passed = last;
        };
        Ok((low, self.hash_at(low)?.hex()))
    }

    /// The last entry before the first that was appended at an instant or later, in a stretch in which the clock only
    /// went on; the last of all when none was.
    fn before_in(&self, (first, last): (i64, i64), instant: Instant) -> Result<i64> {
        let (mut low, mut high) = (first - 1, last);
        while low < high {
            let middle = low + (high - low + 1) / 2;
            if self.appended(middle)?.is_some_and(|at| at < instant) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        // Entries of two processes may stand in turns for a moment.
        let moment = instant.plus_seconds(-JITTER);
        let mut place = low;
        while place >= first
            && let Some(at) = self.appended(place)?.filter(|at| *at >= moment)
        {
            place -= 1;
            if at >= instant {
                low = place;
            }
        }
        Ok(low)
    }

    fn appended(&self, seq: i64) -> Result<Option<Instant>> {
        let mut found = None;
        self.stretch(seq - 1, |row| {
            found = appended(&row.line);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }
}

struct Book<'b> {
    past: &'b Past<'b>,
    layout: &'b Layout,
    period: Period,
    lines: Vec<Value>,
    count: u64,
    sheets: usize,
    take: &'b mut dyn FnMut(Sheet) -> Result<ControlFlow<()>>,
}

impl Book<'_> {
    fn line(&mut self, past: PastRecord) -> Result<ControlFlow<()>> {
        let rules = self.past.rules();
        let view = self.past.as_view(past);
        let facts = Facts::of(&view, rules);
        if lacking(self.layout, &facts, None).is_some() {
            return Ok(ControlFlow::Continue(()));
        }
        self.lines.push(facts.into_root());
        self.count += 1;
        if self.lines.len() < LINES {
            return Ok(ControlFlow::Continue(()));
        }
        let sheet = self.sheet(None)?;
        (self.take)(sheet)
    }

    fn end(mut self) -> Result<u64> {
        if !self.lines.is_empty() || self.sheets == 0 || self.layout.holds == Holds::Day {
            let chain = match self.period {
                Period::Day(day) => {
                    let end = self.past.rules().zone().end_of_day(day);
                    Some(self.past.chain_before(Instant::from_unix(end.unix() + 1))?)
                }
                _ => None,
            };
            let sheet = self.sheet(chain)?;
            let _ = (self.take)(sheet)?;
        }
        Ok(self.count)
    }

    /// The lines so far as a sheet; the last one carries the chain.
    fn sheet(&mut self, chain: Option<(i64, String)>) -> Result<Sheet> {
        let rules = self.past.rules();
        let (no, day) = match self.period {
            Period::Month(month) => (month.to_string(), Value::Null),
            Period::Day(day) => (day.to_string(), json!(voice(rules).day(day))),
            Period::Now(at) => (rules.zone().date(at).to_string(), Value::Null),
        };
        let mut root = Map::from_iter([
            ("no".to_owned(), json!(no)),
            ("day".to_owned(), day),
            ("period".to_owned(), json!(no)),
            ("count".to_owned(), json!(self.lines.len().to_string())),
            (
                "records".to_owned(),
                Value::Array(std::mem::take(&mut self.lines)),
            ),
        ]);
        if let Some((seq, hash)) = chain {
            root.insert("entries".to_owned(), json!(seq.to_string()));
            root.insert("chain".to_owned(), json!(hash));
        }
        self.sheets += 1;
        let unknown = || Error::from(super::act::unknown_register(&self.layout.register));
        let register = register(&self.layout.register).ok_or_else(unknown)?;
        let facts = Facts::book(register, rules, Value::Object(root));
        Ok(fill(self.layout, &facts, None).sheet)
    }
}
