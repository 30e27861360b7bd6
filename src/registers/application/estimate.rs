//! Bills without a meter (S1.4.5.2): load × hours × days, agreed before supply; days used beyond them in a supplement.

use super::bills::{Owed, billed, price};
use super::{Application, Bill, BillKept, Body, Rec};
use crate::base::i18n::Msg;
use crate::base::quantity::Price;
use crate::base::refusal::Refusal;
use crate::base::time::{Instant, LocalDate, Zone};
use crate::registers::Register;
use crate::rules::billing::{self, Estimate, estimated, months, period_of};
use crate::rules::in_force::InForce;
use crate::rules::ruleset::Rules;

/// A stretch of days, both counted.
pub(super) type Days = (LocalDate, LocalDate);

/// The lines of an estimate that is asked for at an instant.
///
/// # Errors
/// `duplicate` when it is billed, `bad_value` when the month lies outside its days or no day is left for a supplement,
/// `missing_field` price.
pub(super) fn bill(
    body: &Body,
    ask: &Bill,
    at: Instant,
    rules: &Rules,
) -> Result<billing::Bill, Refusal> {
    if ask.supplement {
        return supplement(body, ask, at, rules);
    }
    let known = agreed(body).find(|bill| !by_month(rules) || bill.period == ask.period);
    if let Some(known) = known {
        return Err(billed(known, &ask.period));
    }
    // One price for the whole use, so that the slices add up to it.
    let (first, _) = whole(body, at, rules);
    let price = price(body, ask, Some(first), rules)?;
    lines(body, &ask.period, price, at, rules)
}

/// The bills of what was agreed on, without supplements.
fn agreed(body: &Body) -> impl Iterator<Item = &BillKept> {
    body.live().filter(|bill| !bill.supplement)
}

fn by_month(rules: &Rules) -> bool {
    rules
        .procedure(Application::SPEC.code)
        .flag("estimate_by_month")
}

/// First and last day of use, as applied for.
fn asked(body: &Body, zone: Zone) -> Days {
    let asked = &body.asked;
    let from = zone.date(asked.use_from);
    let to = asked.use_to.map_or(from, |to| zone.date(to));
    (from, to.max(from))
}

/// First and last day on which power was used, up to now (`until`) while supply goes on.
fn used(body: &Body, zone: Zone, until: Option<LocalDate>) -> Option<Days> {
    let from = zone.date(body.supply.energised_at?);
    let end = body.supply.disconnected_at.map(|at| zone.date(at));
    let to = end.or(until)?;
    (from <= to).then_some((from, to))
}

/// The days of an estimate: those applied for. One that is written only after supply has ended, because none was agreed
/// on before, has every day that was used.
fn whole(body: &Body, at: Instant, rules: &Rules) -> Days {
    let zone = rules.zone();
    let (from, to) = asked(body, zone);
    let ended = body.supply.disconnected_at.is_some_and(|end| end <= at);
    let supplemented = body.live().any(|bill| bill.supplement);
    let at_once = ended && !supplemented && !by_month(rules);
    match used(body, zone, None).filter(|_| at_once) {
        Some((first, last)) => (from.min(first), to.max(last)),
        None => (from, to),
    }
}

fn of_days((from, to): Days, body: &Body, by_month: bool) -> Estimate {
    Estimate {
        load: body.asked.load_kw,
        hours_per_day: body.asked.hours_per_day.unwrap_or_default(),
        from,
        to,
        by_month,
    }
}

fn lines(
    body: &Body,
    period: &str,
    price: Price,
    at: Instant,
    rules: &Rules,
) -> Result<billing::Bill, Refusal> {
    let outside = || Refusal::bad("period", Msg::new("application.no_slice"));
    let days = whole(body, at, rules);
    if !touched(&[days]).iter().any(|month| month == period) {
        return Err(outside());
    }
    let by_month = by_month(rules);
    let bill = estimated(price, &of_days(days, body, by_month))?;
    if !by_month {
        return Ok(bill);
    }
    let mut slices = bill.lines.into_iter();
    let line = slices
        .find(|line| line.from.starts_with(period))
        .ok_or_else(outside)?;
    Ok(billing::Bill {
        kwh: line.kwh,
        total_fen: line.fen,
        lines: vec![line],
    })
}

/// The months that some days lie in, oldest first.
fn touched(days: &[Days]) -> Vec<String> {
    let spans = days.iter().flat_map(|(from, to)| months(*from, *to));
    let mut periods: Vec<String> = spans.map(|(_, end)| period_of(end)).collect();
    periods.dedup();
    periods
}

/// The days of use that the estimate does not have: before it begins, after it ends.
fn beyond(body: &Body, zone: Zone, until: Option<LocalDate>) -> Vec<Days> {
    used(body, zone, until).map_or_else(Vec::new, |days| without(vec![days], asked(body, zone)))
}

/// Those of them that no bill has yet, oldest first: a supplement is owed for them.
pub(super) fn unbilled_beyond(body: &Body, zone: Zone, until: Option<LocalDate>) -> Vec<Days> {
    let bills = body.live().filter(|bill| !bill.flagged);
    let lines = bills.flat_map(|bill| &bill.lines);
    let billed = lines.filter_map(|line| Some((line.from.parse().ok()?, line.to.parse().ok()?)));
    billed.fold(beyond(body, zone, until), without)
}

/// The stretches without those days.
fn without(stretches: Vec<Days>, (first, last): Days) -> Vec<Days> {
    let cut = |(from, to): Days| {
        let before = first.pred_opt().map(|end| (from, to.min(end)));
        let after = last.succ_opt().map(|start| (from.max(start), to));
        let parts = [before, after].into_iter().flatten();
        parts.filter(|(from, to)| from <= to).collect::<Vec<_>>()
    };
    stretches.into_iter().flat_map(cut).collect()
}

/// The days used beyond the estimate that no bill has yet: a line a stretch; with monthly slices, those of the month.
fn supplement(
    body: &Body,
    ask: &Bill,
    at: Instant,
    rules: &Rules,
) -> Result<billing::Bill, Refusal> {
    let zone = rules.zone();
    let days = unbilled_beyond(body, zone, Some(zone.date(at)));
    if days.is_empty() {
        let why = Msg::new("application.no_days_beyond");
        return Err(Refusal::bad("supplement", why));
    }
    let of_month = |(from, to): &Days| {
        let spans = months(*from, *to).into_iter();
        spans
            .filter(|(_, end)| period_of(*end) == ask.period)
            .collect::<Vec<_>>()
    };
    let within: Vec<Days> = days.iter().flat_map(of_month).collect();
    let Some((first, _)) = within.first().copied() else {
        return Err(Refusal::bad("period", Msg::new("application.no_slice")));
    };
    let price = price(body, ask, Some(first), rules)?;
    let stretches = if by_month(rules) { within } else { days };
    let mut lines = Vec::new();
    for stretch in stretches {
        lines.extend(estimated(price, &of_days(stretch, body, false))?.lines);
    }
    billing::Bill::of(lines)
}

/// Whether a bill still says what load, hours and days say.
pub(super) fn still_so(body: &Body, bill: &BillKept, price: Price, rules: &Rules) -> bool {
    if !bill.supplement {
        let now = lines(body, &bill.period, price, bill.issued_at, rules);
        return now.is_ok_and(|now| now.lines == bill.lines);
    }
    let zone = rules.zone();
    let until = zone.date(bill.issued_at);
    let within = beyond(body, zone, Some(until));
    bill.lines.iter().all(|line| {
        let days: Option<Days> = line.from.parse().ok().zip(line.to.parse().ok());
        days.is_some_and(|days| {
            let inside = within
                .iter()
                .any(|(from, to)| *from <= days.0 && days.1 <= *to);
            let again = estimated(price, &of_days(days, body, false));
            inside && again.is_ok_and(|again| again.lines.first() == Some(line))
        })
    })
}

/// The slices that are to be billed: the first alone, or (a setting) each that has begun by the end of supply.
pub(super) fn owed<'a>(record: &'a Rec, rules: &InForce) -> Vec<Owed<'a>> {
    let body = &record.body;
    let from = body.permit.approved_at.unwrap_or(record.head.received);
    let rules = rules.at(from);
    let (first, last) = asked(body, rules.zone());
    let end = used(body, rules.zone(), None).map_or(last, |(_, end)| end.clamp(first, last));
    let count = if by_month(rules) { usize::MAX } else { 1 };
    let periods = touched(&[(first, end)]).into_iter().take(count);
    periods
        .map(|period| Owed {
            bill: agreed(body).find(|bill| count == 1 || bill.period == period),
            period,
            from,
        })
        .collect()
}

/// The last day that is billed, or agreed on, while supply goes on.
pub(super) fn billed_until(body: &Body, zone: Zone) -> LocalDate {
    let (_, to) = asked(body, zone);
    let supplements = body.live().filter(|bill| bill.supplement);
    let lines = supplements.flat_map(|bill| &bill.lines);
    lines
        .filter_map(|line| line.to.parse().ok())
        .fold(to, LocalDate::max)
}
