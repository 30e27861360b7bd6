//! From readings, or load and hours, to the bill of a month (S1.4.5).

use chrono::NaiveDate;

use super::{Application, Basis, Bill, BillKept, BillState, Rec, Taken};
use crate::i18n::Msg;
use crate::quantity::Price;
use crate::registers::refusal::{Refusal, RefusalCode};
use crate::registers::{Context, Register};
use crate::rules::billing::{self, Estimate, Segment, estimated, metered, period_of};
use crate::time::{Instant, LocalDate, Zone};

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
    if let Some(known) = live(record).find(|bill| bill.period == ask.period) {
        let message = Msg::new("application.billed")
            .with("period", ask.period.as_str())
            .with("no", known.no.as_str());
        return Err(Refusal::new(RefusalCode::Duplicate, message).field("period"));
    }
    let price = price(record, ask, at, cx)?;
    let (bill, readings) = match body.asked.basis {
        Some(Basis::Estimated) => (estimate(record, ask, price, cx)?, Vec::new()),
        _ => {
            let (segments, readings) = segments(record, &ask.period, cx.rules.zone())?;
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

fn live(record: &Rec) -> impl Iterator<Item = &BillKept> {
    record
        .body
        .bills
        .iter()
        .filter(|bill| bill.state != BillState::Void)
}

fn price(record: &Rec, ask: &Bill, at: Instant, cx: &Context<'_>) -> Result<Price, Refusal> {
    let rules = cx.rules;
    let day = rules.zone().date(at);
    let tariff = || billing::tariff(rules.procedure(Application::SPEC.code).word("tariff"), day);
    ask.price
        .or(record.body.permit.price)
        .or_else(tariff)
        .ok_or_else(|| Refusal::missing("price"))
}

/// The months of a metered supply that have a reading to close them but no bill, oldest first.
pub(super) fn unbilled(record: &Rec, zone: Zone) -> Vec<String> {
    let standing = record.body.standing();
    let mut months: Vec<String> = Vec::new();
    for taken in standing.iter().skip(1) {
        let period = period_of(zone.date(taken.at));
        if !months.contains(&period)
            && !live(record).any(|bill| bill.period == period)
            && segments(record, &period, zone).is_ok()
        {
            months.push(period);
        }
    }
    months
}

/// The stretches between the readings of a month, one a meter: from the last reading before the month (or the first
/// of the meter) to the last one in it.
fn segments(record: &Rec, period: &str, zone: Zone) -> Result<(Vec<Segment>, Vec<i64>), Refusal> {
    let unread = || {
        Refusal::gate(
            "S1.4.5.1",
            Msg::new("application.unread").with("period", period),
        )
        .field("period")
    };
    let body = &record.body;
    let standing = body.standing();
    let of = |taken: &&&Taken| period_of(zone.date(taken.at));
    let mut segments = Vec::new();
    let mut used = Vec::new();
    for (index, meter) in body.meters.iter().enumerate() {
        let of_meter: Vec<&&Taken> = standing
            .iter()
            .filter(|taken| taken.meter == index)
            .collect();
        let before = of_meter
            .iter()
            .rev()
            .find(|taken| of(taken).as_str() < period);
        let within: Vec<&&&Taken> = of_meter
            .iter()
            .filter(|taken| of(taken) == period)
            .collect();
        let (Some(from), Some(to)) = (before.or(within.first().copied()), within.last()) else {
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
        Err(unread())
    } else {
        Ok((segments, used))
    }
}

/// An estimate: once, in advance, or a slice a month (a setting).
fn estimate(
    record: &Rec,
    ask: &Bill,
    price: Price,
    cx: &Context<'_>,
) -> Result<billing::Bill, Refusal> {
    let zone = cx.rules.zone();
    let asked = &record.body.asked;
    let (from, to) = (
        zone.date(asked.use_from),
        zone.date(asked.use_to.unwrap_or(asked.use_from)),
    );
    let by_month = cx
        .rules
        .procedure(Application::SPEC.code)
        .flag("estimate_by_month");
    let whole = Estimate {
        load: asked.load_kw,
        hours_per_day: asked.hours_per_day.unwrap_or_default(),
        from,
        to,
        by_month,
    };
    let bill = estimated(price, &whole)?;
    if !by_month {
        if let Some(known) = live(record).next() {
            let message = Msg::new("application.billed")
                .with("period", ask.period.as_str())
                .with("no", known.no.as_str());
            return Err(Refusal::new(RefusalCode::Duplicate, message).field("period"));
        }
        return Ok(bill);
    }
    let slice = bill
        .lines
        .into_iter()
        .find(|line| line.from.starts_with(&ask.period));
    let line = slice.ok_or_else(|| Refusal::bad("period", Msg::new("application.no_slice")))?;
    Ok(billing::Bill {
        kwh: line.kwh,
        total_fen: line.fen,
        lines: vec![line],
    })
}

/// The months from one date's to another's, both counted.
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
