//! From readings, or load and hours, to the bill of a month (S1.4.5).

use chrono::{Datelike, NaiveDate};

use super::{Application, Basis, Bill, BillKept, BillState, Body, Rec, Taken};
use crate::base::i18n::Msg;
use crate::base::quantity::Price;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::{Instant, LocalDate, Zone};
use crate::registers::{Context, Register};
use crate::rules::billing::{self, Estimate, Segment, estimated, metered, period_of};
use crate::rules::ruleset::Rules;

/// The bill of `ask.period`, ready to be issued.
///
/// # Errors
/// `duplicate` when the month is billed, `gate` when a reading is missing (待抄表), `missing_field` price when neither the
/// bill, the approval nor the tariff gives one.
pub(super) fn reckon(
    record: &Rec,
    ask: &Bill,
    at: Instant,
    cx: &Context<'_>,
) -> Result<BillKept, Refusal> {
    let body = &record.body;
    if let Some(known) = live(body).find(|bill| bill.period == ask.period) {
        return Err(billed(known, &ask.period));
    }
    let (bill, readings) = match body.asked.basis {
        Some(Basis::Estimated) => (estimate(record, ask, cx)?, Vec::new()),
        _ => {
            let (segments, readings) = segments(body, &ask.period, cx.rules.zone())?;
            // The price in force when the month ends, whenever the bill is written.
            let price = price(record, ask, last_day(&ask.period), cx)?;
            (metered(price, &segments)?, readings)
        }
    };
    Ok(BillKept {
        no: format!("{}-{:02}", record.head.no, body.bills.len() + 1),
        period: ask.period.clone(),
        kwh: bill.kwh,
        total_fen: bill.total_fen,
        lines: bill.lines,
        state: BillState::Issued,
        issued_at: at,
        readings,
        flagged: false,
        paid_at: None,
        void_reason: None,
    })
}

fn billed(known: &BillKept, period: &str) -> Refusal {
    let message = Msg::new("application.billed")
        .with("period", period)
        .with("no", known.no.as_str());
    Refusal::new(RefusalCode::Duplicate, message).field("period")
}

fn live(body: &Body) -> impl Iterator<Item = &BillKept> {
    body.bills
        .iter()
        .filter(|bill| bill.state != BillState::Void)
}

fn price(
    record: &Rec,
    ask: &Bill,
    day: Option<LocalDate>,
    cx: &Context<'_>,
) -> Result<Price, Refusal> {
    let table = cx.rules.procedure(Application::SPEC.code).word("tariff");
    ask.price
        .or(record.body.permit.price)
        .or_else(|| day.and_then(|day| billing::tariff(table, day)))
        .ok_or_else(|| Refusal::missing("price"))
}

/// A month that is to be billed, and the bill it has.
pub(super) struct Owed<'a> {
    /// `YYYY-MM`.
    pub period: String,
    /// Since when it can be billed.
    pub from: Instant,
    /// The bill that stands for it.
    pub bill: Option<&'a BillKept>,
    /// Whether that bill was made from the readings that stand today.
    pub current: bool,
}

/// The months that are to be billed, oldest first: those of a metered supply that a reading closes, the slices of an
/// estimate that have begun by its end.
pub(super) fn owed<'a>(record: &'a Rec, rules: &Rules) -> Vec<Owed<'a>> {
    let body = &record.body;
    let of = |period: &str| live(body).find(|bill| bill.period == period);
    if body.asked.basis == Some(Basis::Estimated) {
        let from = body.permit.approved_at.unwrap_or(record.head.received);
        let once = !by_month(rules);
        return slices(body, rules)
            .into_iter()
            .map(|period| {
                let bill = of(&period).or_else(|| live(body).next().filter(|_| once));
                Owed {
                    period,
                    from,
                    bill,
                    current: bill.is_some(),
                }
            })
            .collect();
    }
    let zone = rules.zone();
    let mut months: Vec<Owed<'a>> = Vec::new();
    for taken in body.standing() {
        let period = period_of(zone.date(taken.at));
        let Ok((_, readings)) = segments(body, &period, zone) else {
            continue;
        };
        let bill = of(&period);
        match months.last_mut().filter(|month| month.period == period) {
            Some(month) => month.from = taken.at,
            None => months.push(Owed {
                period,
                from: taken.at,
                bill,
                current: bill.is_some_and(|bill| bill.readings == readings),
            }),
        }
    }
    months
}

/// Numbers of the metered bills that were made from other readings than those that stand for their months now.
pub(super) fn outdated(body: &Body, zone: Zone) -> Vec<String> {
    if body.asked.basis != Some(Basis::Metered) {
        return Vec::new();
    }
    let stale = |bill: &&BillKept| {
        segments(body, &bill.period, zone)
            .ok()
            .is_none_or(|(_, readings)| readings != bill.readings)
    };
    live(body)
        .filter(stale)
        .map(|bill| bill.no.clone())
        .collect()
}

/// What is missing for the bill of a month of a metered supply.
pub(super) fn unbilled(body: &Body, period: &str, zone: Zone) -> Option<super::Unbilled> {
    use super::Unbilled as U;
    let readings = segments(body, period, zone).map(|(_, readings)| readings);
    match (live(body).find(|bill| bill.period == period), readings) {
        (Some(bill), Ok(readings)) if bill.readings == readings => None,
        (Some(_), _) => Some(U::Outdated),
        (None, Ok(_)) => Some(U::NoBill),
        (None, Err(_)) => Some(U::Unread),
    }
}

/// The stretches between the readings of a month, one a meter: from the last reading before the month (or the first
/// of the meter) to the last one in it; and the numbers of those readings.
fn segments(body: &Body, period: &str, zone: Zone) -> Result<(Vec<Segment>, Vec<i64>), Refusal> {
    let standing = body.standing();
    let of = |taken: &Taken| period_of(zone.date(taken.at));
    let mut segments = Vec::new();
    let mut used = Vec::new();
    for (index, meter) in body.meters.iter().enumerate() {
        let of_meter: Vec<&Taken> = standing
            .iter()
            .copied()
            .filter(|taken| taken.meter == index)
            .collect();
        let before = of_meter
            .iter()
            .rev()
            .find(|taken| of(taken).as_str() < period);
        let mut within = of_meter.iter().filter(|taken| of(taken) == period);
        let first = within.next();
        let (Some(from), Some(to)) = (before.or(first), within.next_back().or(first)) else {
            continue;
        };
        if from.n != to.n {
            segments.push(Segment {
                from: from.reading,
                to: to.reading,
                ratio: meter.ratio,
                digits: Some(meter.digits),
            });
            used.extend([from.n, to.n]);
        }
    }
    if segments.is_empty() {
        let message = Msg::new("application.unread").with("period", period);
        return Err(Refusal::gate("S1.4.5.1", message).field("period"));
    }
    Ok((segments, used))
}

fn by_month(rules: &Rules) -> bool {
    rules
        .procedure(Application::SPEC.code)
        .flag("estimate_by_month")
}

/// The months in which an estimate is billed: the first alone, or (a setting) each that has begun by the end of supply.
fn slices(body: &Body, rules: &Rules) -> Vec<String> {
    let zone = rules.zone();
    let (from, to) = use_days(body, zone);
    let until = body
        .supply
        .disconnected_at
        .map_or(to, |at| zone.date(at).clamp(from, to.max(from)));
    let count = if by_month(rules) { usize::MAX } else { 1 };
    months(from, until)
        .into_iter()
        .take(count)
        .map(period_of)
        .collect()
}

/// First and last day of use; both count.
fn use_days(body: &Body, zone: Zone) -> (LocalDate, LocalDate) {
    let asked = &body.asked;
    (
        zone.date(asked.use_from),
        zone.date(asked.use_to.unwrap_or(asked.use_from)),
    )
}

/// An estimate: once, in advance, or a slice a month (a setting).
fn estimate(record: &Rec, ask: &Bill, cx: &Context<'_>) -> Result<billing::Bill, Refusal> {
    let body = &record.body;
    let (from, to) = use_days(body, cx.rules.zone());
    let outside = || Refusal::bad("period", Msg::new("application.no_slice"));
    if !months(from, to)
        .into_iter()
        .any(|month| period_of(month) == ask.period)
    {
        return Err(outside());
    }
    let by_month = by_month(cx.rules);
    if let Some(known) = live(body).next().filter(|_| !by_month) {
        return Err(billed(known, &ask.period));
    }
    let whole = Estimate {
        load: body.asked.load_kw,
        hours_per_day: body.asked.hours_per_day.unwrap_or_default(),
        from,
        to,
        by_month,
    };
    // One price for the whole use, so that the slices add up to it.
    let bill = estimated(price(record, ask, Some(from), cx)?, &whole)?;
    if !by_month {
        return Ok(bill);
    }
    let slice = bill
        .lines
        .into_iter()
        .find(|line| line.from.starts_with(&ask.period));
    let line = slice.ok_or_else(outside)?;
    Ok(billing::Bill {
        kwh: line.kwh,
        total_fen: line.fen,
        lines: vec![line],
    })
}

/// The months from one date's to another's, both counted, each by its last day in that span.
pub(super) fn months(from: LocalDate, to: LocalDate) -> Vec<LocalDate> {
    billing::months(from, to)
        .into_iter()
        .map(|(_, end)| end)
        .collect()
}

/// The last day of a period `YYYY-MM`.
pub(super) fn last_day(period: &str) -> Option<LocalDate> {
    NaiveDate::parse_from_str(&format!("{period}-01"), "%Y-%m-%d")
        .ok()
        .map(crate::rules::worktime::month_end)
}

/// The day on which the meters of a month are read (a setting): its last day when the month has no such day.
pub(super) fn reading_day(month: LocalDate, rules: &Rules) -> LocalDate {
    let end = crate::rules::worktime::month_end(month);
    let day = rules.procedure(Application::SPEC.code).int("reading_day");
    u32::try_from(day.clamp(1, 31))
        .ok()
        .and_then(|day| end.with_day(day))
        .unwrap_or(end)
}
