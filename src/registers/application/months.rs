//! Which month each reading closes, and what a meter counted between two of them (S1.4.5.1: one bill a calendar month).

use super::body::TakenFor;
use super::{Application, Body, Taken};
use crate::base::i18n::Msg;
use crate::base::refusal::Refusal;
use crate::base::time::{Instant, LocalDate, Month, Zone};
use crate::registers::Register;
use crate::rules::billing::Segment;
use crate::rules::in_force::InForce;
use crate::rules::ruleset::Rules;
use crate::rules::worktime::month_end;

/// Gives every reading the month that it closes: the one named, else the oldest month still open; one taken on the
/// reading day of its month or later closes that month. A month that was passed over is open no more. The stop of a
/// meter belongs to the month in which it was taken down.
pub(super) fn close(body: &mut Body, rules: &InForce) {
    let zone = rules.newest().zone();
    let mut latest: Option<Month> = None;
    let first = body.supply.energised_at.map(|at| zone.month(at));
    let order: Vec<i64> = body.standing().iter().map(|taken| taken.n).collect();
    for taken in &mut body.readings {
        taken.closes = None;
    }
    for n in order {
        let Some(taken) = body.readings.iter_mut().find(|taken| taken.n == n) else {
            continue;
        };
        let own = zone.month(taken.at);
        let month = match &taken.taken_for {
            TakenFor::Start => continue,
            TakenFor::Swap | TakenFor::End => own,
            TakenFor::Named(period) => Month::parse(period).unwrap_or(own),
            TakenFor::Month => {
                let open = oldest_open(latest, first.unwrap_or(own));
                by_default(taken.at, open, rules.at(taken.at))
            }
        };
        // What was taken later never closes an earlier month, nor one that has not begun.
        let month = month.max(latest.unwrap_or(month)).min(own);
        if taken.taken_for != TakenFor::Swap {
            latest = Some(month);
        }
        taken.closes = Some(month.to_string());
    }
}

/// The oldest month that no reading has closed, in a supply that began in `first`.
fn oldest_open(latest: Option<Month>, first: Month) -> Month {
    latest.map_or(first, Month::next)
}

/// The month that an unnamed reading closes when `open` is the oldest that is open.
fn by_default(at: Instant, open: Month, rules: &Rules) -> Month {
    let day = rules.zone().date(at);
    let own = Month::of(day);
    if day >= reading_day(day, rules) {
        return own;
    }
    open.min(own)
}

/// The day on which the meters of a date's month are read (a setting): its last day when the month has no such day.
pub(super) fn reading_day(date: LocalDate, rules: &Rules) -> LocalDate {
    use chrono::Datelike;
    let end = month_end(date);
    let day = rules.procedure(Application::SPEC.code).int("reading_day");
    u32::try_from(day.clamp(1, 31))
        .ok()
        .and_then(|day| end.with_day(day))
        .unwrap_or(end)
}

/// The readings that close a month for the whole supply: not the stop of a meter whose place another takes.
fn closing(body: &Body) -> Vec<(Month, &Taken)> {
    let swapped = |taken: &Taken| {
        let next = body.meters.get(taken.meter + 1);
        next.is_some_and(|next| next.from == taken.at)
    };
    let standing = body.standing().into_iter();
    let closes = |taken: &Taken| taken.closes.as_deref().and_then(Month::parse);
    standing
        .filter(|taken| !swapped(taken))
        .filter_map(|taken| Some((closes(taken)?, taken)))
        .collect()
}

/// The latest month that a reading closes.
pub(super) fn closed_until(body: &Body) -> Option<Month> {
    closing(body).into_iter().map(|(month, _)| month).max()
}

/// When the month was closed: by the last reading that closes it in time, else by the first one late, else by the first
/// that passed it over.
pub(super) fn closed_at(body: &Body, month: Month, due: Option<Instant>) -> Option<Instant> {
    let closing = closing(body);
    let of_month = || closing.iter().filter(|(closes, _)| *closes == month);
    let in_time = of_month().rfind(|(_, taken)| due.is_none_or(|due| taken.at <= due));
    let passed = || closing.iter().find(|(closes, _)| *closes > month);
    let taken = in_time.or_else(|| of_month().next()).or_else(passed);
    taken.map(|(_, taken)| taken.at)
}

/// The stretches between the readings of a month, one a meter: from the last reading that closes an earlier month (or
/// the first of the meter) to the last one that closes this; and the numbers of those readings, a pair a stretch.
/// `None` when no reading closes the month.
pub(super) fn segments(body: &Body, period: &str) -> Option<(Vec<Segment>, Vec<i64>)> {
    let standing = body.standing();
    let mut segments = Vec::new();
    let mut used = Vec::new();
    for (index, meter) in body.meters.iter().enumerate() {
        let of_meter = || standing.iter().filter(move |taken| taken.meter == index);
        let closes = |taken: &Taken| taken.closes.clone();
        let to = of_meter().rfind(|taken| closes(taken).as_deref() == Some(period));
        let earlier = of_meter().rfind(|taken| closes(taken).is_some_and(|m| *m < *period));
        let from = earlier.or_else(|| of_meter().next());
        let (Some(from), Some(to)) = (from, to.filter(|to| from.is_none_or(|f| f.n != to.n)))
        else {
            continue;
        };
        segments.push(Segment {
            from: from.reading,
            to: to.reading,
            ratio: meter.ratio,
            digits: Some(meter.digits),
        });
        used.extend([from.n, to.n]);
    }
    (!segments.is_empty()).then_some((segments, used))
}

/// 待抄表: a metered month without a reading is never billed (S1.4.5.1). What it used is in the bill of the month whose
/// reading passed it over.
pub(super) fn unread(body: &Body, period: &str, zone: Zone) -> Refusal {
    let supplied = body
        .supply
        .energised_at
        .is_some_and(|at| *zone.month(at).to_string() <= *period);
    let standing = body.standing();
    let mut closed = standing.iter().filter_map(|taken| taken.closes.as_deref());
    let message = match closed.find(|closes| supplied && *closes > period) {
        Some(next) => Msg::new("application.passed_over").with("next", next),
        None => Msg::new("application.unread"),
    };
    Refusal::gate("S1.4.5.1", message.with("period", period)).field("period")
}
