//! Bills for temporary electricity 临时用电计费 (S1.4.5): metered, and estimated from load and hours.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::base::i18n::Msg;
use crate::base::quantity::{Fen, Kwh, Load, Price, Reading, cost};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::LocalDate;
use crate::rules::worktime::month_end;

/// One stretch of a meter between two readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// First reading.
    pub from: Reading,
    /// Last reading.
    pub to: Reading,
    /// Ratio of the current transformer; 1 without one.
    pub ratio: Decimal,
    /// Digits before the point, for a meter that rolled over.
    pub digits: Option<u32>,
}

/// One line of a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Energy.
    pub kwh: Kwh,
    /// Money, rounded half up on this line.
    pub fen: Fen,
    /// The price, copied from the tariff.
    pub price: Price,
    /// First and last reading, or first and last day.
    pub from: String,
    /// See `from`.
    pub to: String,
    /// Ratio, or number of days.
    pub factor: Decimal,
}

/// A bill: its lines and their sums.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// The lines.
    pub lines: Vec<Line>,
    /// Energy of all lines.
    pub kwh: Kwh,
    /// Money of all lines.
    pub total_fen: Fen,
}

impl Bill {
    /// The bill of these lines.
    ///
    /// # Errors
    /// `bad_value` when their sum is too large to be money.
    pub fn of(lines: Vec<Line>) -> Result<Self, Refusal> {
        let kwh = lines
            .iter()
            .try_fold(Decimal::ZERO, |sum, line| sum.checked_add(line.kwh.0))
            .ok_or_else(|| too_large("segments"))?;
        let total = lines
            .iter()
            .try_fold(Fen(0), |sum, line| sum.checked_add(line.fen))
            .ok_or_else(|| too_large("segments"))?;
        Ok(Self {
            lines,
            kwh: Kwh::rounded(kwh),
            total_fen: total,
        })
    }
}

fn bad(field: &str, key: &str) -> Refusal {
    Refusal::new(RefusalCode::BadValue, Msg::new(key)).field(field)
}

fn too_large(field: &str) -> Refusal {
    bad(field, "billing.too_large")
}

/// The energy that went through a meter: (to − from [+ 10^digits when it rolled over]) × ratio, half up to 0.01 kWh.
///
/// # Errors
/// `bad_value` naming the field: a reading lower than the one before on a meter without digits, or one that the digits
/// cannot show; a ratio that is not positive.
pub fn usage(segment: &Segment, name: &str) -> Result<Kwh, Refusal> {
    let field = |key: &str| format!("{name}.{key}");
    if segment.ratio <= Decimal::ZERO {
        return Err(bad(&field("ratio"), "billing.ratio"));
    }
    let span = segment
        .digits
        .map(|digits| Decimal::from(10_u64.saturating_pow(digits.clamp(1, 12))));
    for (key, reading) in [("from", segment.from), ("to", segment.to)] {
        if span.is_some_and(|span| reading.0 >= span) {
            return Err(bad(&field(key), "billing.digits"));
        }
    }
    let mut difference = segment.to.0 - segment.from.0;
    if difference.is_sign_negative() && !difference.is_zero() {
        difference += span.ok_or_else(|| bad(&field("to"), "billing.backwards"))?;
    }
    difference
        .checked_mul(segment.ratio)
        .map(Kwh::rounded)
        .ok_or_else(|| too_large(&field("to")))
}

/// A metered bill (S1.4.5.1): one line a meter.
///
/// # Errors
/// As [`usage`]; `missing_field` when there is no segment.
pub fn metered(price: Price, segments: &[Segment]) -> Result<Bill, Refusal> {
    if segments.is_empty() {
        return Err(Refusal::missing("segments"));
    }
    let line = |(index, segment): (usize, &Segment)| {
        let name = format!("segments[{index}]");
        let kwh = usage(segment, &name)?;
        let fen = cost(kwh, price).ok_or_else(|| too_large(&format!("{name}.to")))?;
        Ok(Line {
            kwh,
            fen,
            price,
            from: segment.from.to_string(),
            to: segment.to.to_string(),
            factor: segment.ratio,
        })
    };
    Bill::of(
        segments
            .iter()
            .enumerate()
            .map(line)
            .collect::<Result<_, Refusal>>()?,
    )
}

/// What an estimate is made from (S1.4.5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Load.
    pub load: Load,
    /// Hours a day.
    pub hours_per_day: Decimal,
    /// First day.
    pub from: LocalDate,
    /// Last day; both count.
    pub to: LocalDate,
    /// One line a calendar month instead of one in all.
    pub by_month: bool,
}

/// An estimated bill: load × hours a day × days, agreed before supply. Monthly slices add up to the whole, in kWh and
/// in fen: the last slice takes what rounding left.
///
/// # Errors
/// `bad_value` naming the field: no load, hours outside 0 to 24, an end before the start.
pub fn estimated(price: Price, estimate: &Estimate) -> Result<Bill, Refusal> {
    if estimate.to < estimate.from {
        return Err(bad("to", "billing.days"));
    }
    if estimate.load.0 <= Decimal::ZERO {
        return Err(bad("load_kw", "billing.load"));
    }
    if estimate.hours_per_day <= Decimal::ZERO || estimate.hours_per_day > Decimal::from(24) {
        return Err(bad("hours_per_day", "billing.hours"));
    }
    let energy = |days: i64| {
        let kwh = estimate
            .load
            .0
            .checked_mul(estimate.hours_per_day)
            .and_then(|daily| daily.checked_mul(Decimal::from(days)));
        kwh.map(Kwh::rounded).ok_or_else(|| too_large("load_kw"))
    };
    let money = |kwh| cost(kwh, price).ok_or_else(|| too_large("load_kw"));
    let whole = energy(days(estimate.from, estimate.to))?;
    let slices = if estimate.by_month {
        months(estimate.from, estimate.to)
    } else {
        vec![(estimate.from, estimate.to)]
    };
    let (mut kwh_left, mut fen_left) = (whole.0, money(whole)?.0);
    let mut lines = Vec::with_capacity(slices.len());
    for (index, (from, to)) in slices.iter().enumerate() {
        let last = index + 1 == slices.len();
        let kwh = if last {
            Kwh::rounded(kwh_left)
        } else {
            Kwh(energy(days(*from, *to))?.0.min(kwh_left))
        };
        let fen = if last {
            Fen(fen_left)
        } else {
            Fen(money(kwh)?.0.min(fen_left))
        };
        kwh_left -= kwh.0;
        fen_left -= fen.0;
        lines.push(Line {
            kwh,
            fen,
            price,
            from: from.to_string(),
            to: to.to_string(),
            factor: Decimal::from(days(*from, *to)),
        });
    }
    Bill::of(lines)
}

/// Days from `from` to `to`, both counted.
fn days(from: LocalDate, to: LocalDate) -> i64 {
    (to - from).num_days() + 1
}

/// The stretches of a period that lie in one calendar month each.
pub fn months(from: LocalDate, to: LocalDate) -> Vec<(LocalDate, LocalDate)> {
    let mut out = Vec::new();
    let mut start = from;
    while start <= to {
        let end = month_end(start).min(to);
        out.push((start, end));
        match end.succ_opt() {
            Some(next) => start = next,
            None => break,
        }
    }
    out
}

/// What a new reading is held against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plausible {
    /// The usage since the last reading of the meter.
    pub usage: Kwh,
    /// What the month that the reading closes has used.
    pub month: Option<Kwh>,
    /// What the month before it used.
    pub month_before: Option<Kwh>,
    /// The load applied for.
    pub load: Load,
    /// Seconds since the last reading.
    pub seconds: i64,
    /// Whether the meter now shows less than before.
    pub lower: bool,
}

/// What makes a reading odd: settings of the company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddness {
    /// It is lower than the last one.
    pub lower: bool,
    /// It is the same as the last one.
    pub same: bool,
    /// More than this share, in percent, of what the load could use in the time; 0: never.
    pub load_percent: i64,
    /// More than so many times the month before; 0: never.
    pub times: i64,
}

/// What is odd about a reading and asks for a reason; never forbidden.
pub fn warnings(p: &Plausible, odd: &Oddness) -> Vec<Msg> {
    let mut found = Vec::new();
    let told = |key: &str, kwh: Kwh| Msg::new(key).with("kwh", kwh.to_string());
    if odd.lower && p.lower {
        found.push(told("billing.warn_lower", p.usage));
    }
    // load × seconds ÷ 3600 × percent ÷ 100, without dividing
    let least = Decimal::from(360_000);
    let most = p.load.0.checked_mul(Decimal::from(p.seconds));
    let most = most.and_then(|most| most.checked_mul(Decimal::from(odd.load_percent)));
    let beyond = most.zip(p.usage.0.checked_mul(least));
    if odd.load_percent > 0 && beyond.is_some_and(|(most, usage)| usage > most) {
        let told = told("billing.warn_impossible", p.usage);
        found.push(told.with("percent", odd.load_percent));
    }
    if let (Some(month), Some(before)) = (p.month, p.month_before.filter(|_| odd.times > 0)) {
        let most = before.0.checked_mul(Decimal::from(odd.times));
        if !before.0.is_zero() && most.is_some_and(|most| month.0 > most) {
            let told = told("billing.warn_times", month);
            found.push(told.with("times", odd.times));
        }
    }
    if odd.same && p.usage.0.is_zero() {
        found.push(told("billing.warn_same", p.usage));
    }
    found
}

/// The price in force on a day, from a dated table such as `2024-01-01:0.85, 2026-07-01:0.7825`; `None` when none is.
pub fn tariff(table: &str, day: LocalDate) -> Option<Price> {
    let rows = table.split(',').filter_map(|row| {
        let (from, price) = row.trim().split_once(':')?;
        let from = NaiveDate::parse_from_str(from.trim(), "%Y-%m-%d").ok()?;
        Some((
            from,
            Price(crate::base::quantity::parse_decimal(price, 4, 6).ok()?),
        ))
    });
    rows.filter(|(from, _)| *from <= day)
        .max_by_key(|(from, _)| *from)
        .map(|(_, price)| price)
}

/// The month of a date as `YYYY-MM`.
pub fn period_of(day: LocalDate) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

#[cfg(test)]
mod tests;
