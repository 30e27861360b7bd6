//! From readings, or load and hours, to the bill of a month (S1.4.5), and whether a bill still says what they say.

use super::months::{self, closed_until, segments, unread};
use super::{Application, Bill, BillKept, BillState, Body, Rec, estimate};
use crate::base::i18n::Msg;
use crate::base::quantity::Price;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::{Instant, LocalDate, Month};
use crate::registers::{Context, Register};
use crate::rules::billing::{self, metered};
use crate::rules::in_force::InForce;
use crate::rules::ruleset::Rules;
use crate::rules::worktime::month_end;

/// The bill that is asked for, ready to be issued.
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
    let (bill, readings) = match (body.metered(), ask.supplement) {
        (true, true) => {
            let why = Msg::new("application.no_supplement");
            return Err(Refusal::bad("supplement", why));
        }
        (true, false) => {
            let found = segments(body, &ask.period);
            let (segments, readings) =
                found.ok_or_else(|| unread(body, &ask.period, cx.rules.zone()))?;
            // The price in force when the month ends, whenever the bill is written.
            let price = price(body, ask, last_day(&ask.period), cx.rules)?;
            (metered(price, &segments)?, readings)
        }
        (false, _) => (estimate::bill(body, ask, at, cx.rules)?, Vec::new()),
    };
    let n = body.numbers.last_bill();
    Ok(BillKept {
        kwh: bill.kwh,
        total_fen: bill.total_fen,
        lines: bill.lines,
        readings,
        ..BillKept::blank(&record.head.no, n, ask, at)
    })
}

/// The month is billed already; what is to be billed anew is made void first.
pub(super) fn billed(known: &BillKept, period: &str) -> Refusal {
    let message = Msg::new("application.billed")
        .with("period", period)
        .with("no", known.no.as_str());
    Refusal::new(RefusalCode::Duplicate, message).field("period")
}

/// The price of the bill: as typed, else as approved, else that of the tariff on a day (S1.4.5).
///
/// # Errors
/// `missing_field` when nobody has said one.
pub(super) fn price(
    body: &Body,
    ask: &Bill,
    day: Option<LocalDate>,
    rules: &Rules,
) -> Result<Price, Refusal> {
    let table = rules.procedure(Application::SPEC.code).word("tariff");
    ask.price
        .or(body.permit.price)
        .or_else(|| day.and_then(|day| billing::tariff(table, day)))
        .ok_or_else(|| Refusal::missing("price"))
}

/// Flags the bills that were made from something that is different now: readings replaced, corrected, struck or typed
/// late, another meter, other days or another load, or another month or price than was meant.
pub(super) fn flag(body: &mut Body, rules: &InForce) {
    let stale: Vec<bool> = body
        .bills
        .iter()
        .map(|bill| bill.misstated || !still_so(body, bill, rules))
        .collect();
    for (bill, stale) in body.bills.iter_mut().zip(stale) {
        bill.flagged = stale;
    }
}

/// Whether the lines would be the same if the bill were written now, at its own price.
fn still_so(body: &Body, bill: &BillKept, rules: &InForce) -> bool {
    let Some(price) = bill.lines.first().map(|line| line.price) else {
        return true;
    };
    if !body.metered() {
        return estimate::still_so(body, bill, price, rules.at(bill.issued_at));
    }
    let Some((segments, readings)) = segments(body, &bill.period) else {
        return false;
    };
    let same = |now: billing::Bill| now.lines == bill.lines;
    readings == bill.readings && metered(price, &segments).is_ok_and(same)
}

/// A month that is to be billed, and the bill it has.
pub(super) struct Owed<'a> {
    /// `YYYY-MM`.
    pub period: String,
    /// Since when it can be billed.
    pub from: Instant,
    /// The bill that stands for it.
    pub bill: Option<&'a BillKept>,
}

impl Owed<'_> {
    /// Whether it is billed as it should be.
    pub fn settled(&self) -> bool {
        self.bill.is_some_and(|bill| !bill.flagged)
    }
}

/// The months that are to be billed, oldest first: those of a metered supply that a reading closes, the slices of an
/// estimate that have begun by its end.
pub(super) fn owed<'a>(record: &'a Rec, rules: &InForce) -> Vec<Owed<'a>> {
    let body = &record.body;
    match body.metered() {
        true => of_readings(body),
        false => estimate::owed(record, rules),
    }
}

fn of_readings(body: &Body) -> Vec<Owed<'_>> {
    let until = closed_until(body).map(|month| month.to_string());
    let mut months: Vec<Owed<'_>> = Vec::new();
    for taken in body.standing() {
        let closed = taken
            .closes
            .clone()
            .filter(|closes| Some(closes) <= until.as_ref());
        let Some(period) = closed.filter(|period| segments(body, period).is_some()) else {
            continue;
        };
        match months.iter_mut().find(|month| month.period == period) {
            Some(month) => month.from = taken.at,
            None => months.push(Owed {
                bill: body.live().find(|bill| bill.period == period),
                period,
                from: taken.at,
            }),
        }
    }
    months
}

/// What is missing for the bill of a month of a metered supply; a month that was passed over is in the next one's bill.
pub(super) fn unbilled(body: &Body, month: Month) -> Option<super::Unbilled> {
    use super::Unbilled as U;
    let period = month.to_string();
    let bill = body.live().find(|bill| bill.period == period);
    let closed = closed_until(body);
    match (bill, segments(body, &period)) {
        (Some(bill), _) if bill.flagged => Some(U::Outdated),
        (Some(_), _) => None,
        (None, Some(_)) if closed >= Some(month) => Some(U::NoBill),
        (None, _) if closed > Some(month) => None,
        (None, _) => Some(U::Unread),
    }
}

/// The last day of a period `YYYY-MM`.
pub(super) fn last_day(period: &str) -> Option<LocalDate> {
    Month::parse(period).map(|month| month_end(month.first_day()))
}

/// The bill that can be paid or made void.
///
/// # Errors
/// `bad_value` when there is no such bill, `before` when it was written later, `not_now` when it is paid or void.
pub(super) fn open_bill<'a>(
    body: &'a Body,
    no: &str,
    at: Instant,
) -> Result<&'a BillKept, Refusal> {
    let Some(bill) = body.bill(no) else {
        let later = body.numbers.billed_at(no).filter(|written| *written > at);
        return Err(match later {
            Some(written) => Refusal::before("at", Msg::new("before.bill").with("at", written)),
            None => Refusal::bad("bill", Msg::new("application.no_bill").with("no", no)),
        });
    };
    match bill.state {
        BillState::Issued => Ok(bill),
        BillState::Paid | BillState::Void => {
            let message = Msg::new("application.bill_done").with("no", no);
            Err(Refusal::new(RefusalCode::NotNow, message).field("bill"))
        }
    }
}

/// Whether the month was closed before its reading day, while supply went on: it should be looked at again.
pub(super) fn closed_early(body: &Body, period: &str, rules: &Rules) -> Option<LocalDate> {
    let zone = rules.zone();
    let closing = months::closed_at(body, Month::parse(period)?, None)?;
    let day = months::reading_day(last_day(period)?, rules);
    let ended = body.supply.disconnected_at.map(|at| zone.date(at));
    let goes_on = ended.is_none_or(|end| end > day);
    Some(day).filter(|day| zone.date(closing) < *day && goes_on)
}
