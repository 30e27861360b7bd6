//! Whether a reading can be, and what is odd about it: told, and asked for its reason, never forbidden (S1.4.5.1).

use rust_decimal::Decimal;

use super::body::TakenFor;
use super::{Application, Body, Read, Rec, SwapMeter, Taken, months};
use crate::base::i18n::Msg;
use crate::base::quantity::{Kwh, Reading};
use crate::base::refusal::Refusal;
use crate::base::time::{Instant, Month};
use crate::record::decision::Decision;
use crate::registers::{Context, Register};
use crate::rules::billing::{Oddness, Plausible, Segment, usage, warnings};
use crate::rules::ruleset::Rules;

/// A reading of a month, or one that takes the place of another.
pub(super) fn read(
    before: &Rec,
    read: &Read,
    at: Instant,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let body = &before.body;
    let old = read
        .replaces
        .and_then(|n| body.readings.iter().find(|taken| taken.n == n));
    let meter = old.map_or_else(|| body.meter_at(at), |taken| taken.meter);
    let taken_at = old.map_or(at, |taken| taken.at);
    if let Some(period) = &read.closes {
        month_can_be_closed(body, period, taken_at, old, cx)?;
    }
    fits_meter(body, meter, read.reading, "reading")?;
    let mut decision = Decision::default();
    if read.reason.is_none() {
        let shown = Shown {
            meter,
            at: taken_at,
            reading: read.reading,
            instead_of: old.map(|taken| taken.n),
            taken_for: match (&read.closes, old) {
                (Some(month), _) => TakenFor::Named(month.clone()),
                (None, Some(taken)) => taken.taken_for.clone(),
                (None, None) => TakenFor::Month,
            },
        };
        decision.warnings = odd(body, &shown, cx)?;
    }
    Ok(decision)
}

/// The month that a reading names has begun, was supplied, and was not closed by an earlier reading.
fn month_can_be_closed(
    body: &Body,
    period: &str,
    at: Instant,
    old: Option<&Taken>,
    cx: &Context<'_>,
) -> Result<(), Refusal> {
    let zone = cx.rules.zone();
    let bad = |key: &str, month: Month| {
        let why = Msg::new(key).with("month", month.to_string());
        Err(Refusal::bad("closes", why).clause("S1.4.5.1"))
    };
    let month = Month::parse(period).unwrap_or_else(|| zone.month(at));
    let own = zone.month(at);
    if month > own {
        return bad("application.closes_ahead", own);
    }
    let first = body
        .supply
        .energised_at
        .map_or(own, |from| zone.month(from));
    if month < first {
        return bad("application.closes_dark", first);
    }
    let standing = body.standing().into_iter();
    let others =
        standing.filter(|taken| old.is_none_or(|old| old.n != taken.n && taken.at <= old.at));
    let closed = others
        .filter_map(|taken| Month::parse(taken.closes.as_deref()?))
        .max();
    match closed.filter(|closed| month < *closed) {
        Some(closed) => bad("application.closes_passed", closed),
        None => Ok(()),
    }
}

/// The last reading of the old meter and the first of the new one.
pub(super) fn swap(
    before: &Rec,
    swap: &SwapMeter,
    at: Instant,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let body = &before.body;
    let old = body.meters.len().saturating_sub(1);
    fits_meter(body, old, swap.stop_reading, "stop_reading")?;
    fits(swap.reading, Some(swap.digits), "reading")?;
    positive(swap.ratio)?;
    let shown = Shown {
        meter: old,
        at,
        reading: swap.stop_reading,
        instead_of: None,
        taken_for: TakenFor::Swap,
    };
    Ok(Decision {
        warnings: odd(body, &shown, cx)?,
        ..Decision::default()
    })
}

/// The last reading of a supply.
pub(super) fn last(
    before: &Rec,
    reading: Reading,
    at: Instant,
    cx: &Context<'_>,
) -> Result<Vec<Msg>, Refusal> {
    let meter = before.body.meters.len().saturating_sub(1);
    fits_meter(&before.body, meter, reading, "reading")?;
    let shown = Shown {
        meter,
        at,
        reading,
        instead_of: None,
        taken_for: TakenFor::End,
    };
    odd(&before.body, &shown, cx)
}

/// What a meter shows at an instant.
struct Shown {
    meter: usize,
    at: Instant,
    reading: Reading,
    instead_of: Option<i64>,
    taken_for: TakenFor,
}

impl Shown {
    /// The readings with this one among them.
    fn among(&self, body: &Body, cx: &Context<'_>) -> Body {
        let mut after = body.clone();
        let n = body
            .readings
            .iter()
            .map(|taken| taken.n)
            .max()
            .unwrap_or_default()
            + 1;
        for old in &mut after.readings {
            if Some(old.n) == self.instead_of {
                old.replaced_by = Some(n);
            }
        }
        after.readings.push(Taken {
            n,
            at: self.at,
            reading: self.reading,
            meter: self.meter,
            name: String::new(),
            reason: None,
            replaced_by: None,
            closes: None,
            taken_for: self.taken_for.clone(),
        });
        months::close(&mut after, cx.in_force);
        after
    }
}

/// What is odd about a reading, held against the one before it on the same meter and against the month before.
fn odd(body: &Body, shown: &Shown, cx: &Context<'_>) -> Result<Vec<Msg>, Refusal> {
    let Some(hung) = body.meters.get(shown.meter) else {
        return Ok(Vec::new());
    };
    let earlier = |taken: &&&Taken| {
        let replaced = shown.instead_of;
        let this = replaced == Some(taken.n);
        let before = taken.at < shown.at || replaced.is_none_or(|n| taken.n < n);
        taken.meter == shown.meter && taken.at <= shown.at && !this && before
    };
    let standing = body.standing();
    let Some(last) = standing.iter().rfind(earlier) else {
        return Ok(Vec::new());
    };
    let used = Segment {
        from: last.reading,
        to: shown.reading,
        ratio: hung.ratio,
        digits: Some(hung.digits),
    };
    let (month, month_before) = last_months(&shown.among(body, cx));
    let plausible = Plausible {
        usage: usage(&used, "reading")?,
        month,
        month_before,
        load: body.asked.load_kw,
        seconds: shown.at.seconds_since(last.at),
        lower: shown.reading < last.reading,
    };
    Ok(warnings(&plausible, &oddness(cx.rules)))
}

/// What makes a reading odd, as the company has set it.
fn oddness(rules: &Rules) -> Oddness {
    let procedure = rules.procedure(Application::SPEC.code);
    Oddness {
        lower: procedure.flag("warn_lower"),
        same: procedure.flag("warn_same"),
        load_percent: procedure.int("warn_load_percent"),
        times: procedure.int("warn_times_last_month"),
    }
}

/// What the last two closed months used.
fn last_months(body: &Body) -> (Option<Kwh>, Option<Kwh>) {
    let standing = body.standing().into_iter();
    let mut closed: Vec<String> = standing.filter_map(|taken| taken.closes.clone()).collect();
    closed.sort();
    closed.dedup();
    let mut months = closed.iter().rev().map(|period| used_in(body, period));
    (months.next().flatten(), months.next().flatten())
}

fn used_in(body: &Body, period: &str) -> Option<Kwh> {
    let (segments, _) = months::segments(body, period)?;
    let used = segments
        .iter()
        .map(|one| usage(one, "reading").ok().map(|kwh| kwh.0));
    used.sum::<Option<Decimal>>().map(Kwh)
}

/// A meter of so many digits can show it.
pub(super) fn fits(reading: Reading, digits: Option<i64>, field: &str) -> Result<(), Refusal> {
    let span = digits
        .and_then(|digits| u32::try_from(digits).ok())
        .map(|digits| Decimal::from(10_u64.saturating_pow(digits)));
    match span.is_some_and(|span| reading.0 >= span) {
        true => Err(Refusal::bad(field, Msg::new("billing.digits"))),
        false => Ok(()),
    }
}

fn fits_meter(body: &Body, meter: usize, reading: Reading, field: &str) -> Result<(), Refusal> {
    let digits = body.meters.get(meter).map(|meter| i64::from(meter.digits));
    fits(reading, digits, field)
}

/// A ratio of a current transformer is never nothing.
pub(super) fn positive(ratio: Option<Decimal>) -> Result<(), Refusal> {
    match ratio.is_some_and(|ratio| ratio.is_zero()) {
        true => Err(Refusal::bad("ratio", Msg::new("billing.ratio"))),
        false => Ok(()),
    }
}
