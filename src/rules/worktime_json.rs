//! `rules worktime` in JSON: working time of any calendar, forward, backward, between two instants, in days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::ask::{Ask, known};
use crate::base::i18n::{Msg, Voice};
use crate::base::refusal::Refusal;
use crate::base::time::{Instant, LocalDate, Zone};
use crate::rules::calendar::{Calendar, DayKind};
use crate::rules::ruleset::Rules;
use crate::rules::worktime::{REACH, Window, Windows, WorkClock, windows_counted};

const QUESTION: &[&str] = &["op", "calendar", "from", "to", "amount", "unit", "pauses"];
const CALENDAR: &[&str] = &[
    "weekdays",
    "windows",
    "windows_of",
    "holidays",
    "workdays",
    "base",
    "zone",
];
const OPS: &[&str] = &["due", "before", "elapsed", "count"];
const UNITS: &[&str] = &["seconds", "minutes", "days"];

/// A calendar of working days and windows.
struct Site<'a> {
    zone: Zone,
    weekdays: BTreeSet<u32>,
    windows: Windows,
    windows_of: BTreeMap<u32, Windows>,
    off: BTreeSet<NaiveDate>,
    /// Every year, month and day.
    off_yearly: BTreeSet<(u32, u32)>,
    work: BTreeSet<NaiveDate>,
    /// A published list besides.
    base: Option<&'a Calendar>,
    close: Option<NaiveTime>,
}

impl Site<'_> {
    fn works(&self, date: LocalDate) -> bool {
        if self.work.contains(&date) {
            return true;
        }
        if self.off.contains(&date) || self.off_yearly.contains(&(date.month(), date.day())) {
            return false;
        }
        match self.base.map(|base| base.kind(date)) {
            Some(DayKind::Holiday(_) | DayKind::Statutory) => false,
            Some(DayKind::MakeUp(_)) => true,
            _ => self.weekdays.contains(&weekday(date)),
        }
    }

    fn windows_on(&self, date: LocalDate) -> &[Window] {
        let own = self.windows_of.get(&weekday(date));
        match (self.works(date), own) {
            (true, own) => own.unwrap_or(&self.windows).as_slice(),
            // A site that works half a Saturday does so though it is no working day.
            (false, Some(own)) if self.close.is_some() && !self.holiday(date) => own.as_slice(),
            (false, _) => &[],
        }
    }

    fn holiday(&self, date: LocalDate) -> bool {
        let kind = self.base.map(|base| base.kind(date));
        matches!(kind, Some(DayKind::Holiday(_) | DayKind::Statutory))
    }

    /// The n-th working day after a day, or before it; 0 is the day itself, or the next one that works.
    fn nth_day(&self, day: LocalDate, n: u32, back: bool) -> Option<LocalDate> {
        let step = |date: LocalDate| match back {
            true => date.pred_opt(),
            false => date.succ_opt(),
        };
        let mut date = if n == 0 { day } else { step(day)? };
        let mut left = n.max(1);
        for _ in 0..REACH {
            left -= u32::from(self.works(date));
            if left == 0 {
                return Some(date);
            }
            date = step(date)?;
        }
        None
    }

    /// When a working day is over: close of business, or the end of its last window on that date.
    fn end_of(&self, date: LocalDate) -> Instant {
        let last = self
            .windows_on(date)
            .last()
            .map(|window| window.on(date, self.zone).1);
        let close = self.close.map(|close| self.zone.at(date, close));
        let midnight = self.zone.end_of_day(date);
        close.or(last).map_or(midnight, |end| end.min(midnight))
    }

    /// When a working day begins.
    fn start_of(&self, date: LocalDate) -> Instant {
        let first = self
            .windows_on(date)
            .first()
            .map(|window| window.on(date, self.zone).0);
        first.unwrap_or_else(|| self.zone.at(date, NaiveTime::MIN))
    }
}

fn weekday(date: LocalDate) -> u32 {
    date.weekday().number_from_monday()
}

/// The answer to one question: `due`, `seconds` or `days`, each with its trace.
///
/// # Errors
/// `missing_field`, `bad_value` or `unknown_field`, naming the field.
pub fn answer(question: &Value, rules: &Rules, voice: &Voice) -> Result<Value, Refusal> {
    let ask = Ask::of(question, "", QUESTION)?;
    let op = choice(&ask, "op", OPS)?.ok_or_else(|| ask.missing("op"))?;
    let site = match ask.get("calendar") {
        Some(calendar) => described(calendar, rules)?,
        None => in_force(rules),
    };
    let voice = Voice {
        zone: site.zone,
        ..*voice
    };
    let from = ask.instant("from", site.zone)?;
    let pauses = pauses(&ask, site.zone)?;
    let windows = |date| site.windows_on(date);
    let clock = WorkClock::new(site.zone, &windows).paused(&pauses);
    let (key, value, trace) = match op {
        "elapsed" => elapsed(&ask, &site, &clock, from)?,
        "count" => count(&ask, &site, from)?,
        op => due(&ask, &site, &clock, from, op == "before")?,
    };
    let trace: Vec<String> = trace.iter().map(|line| voice.say(line)).collect();
    Ok(json!({key: value, "trace": trace}))
}

/// Under which key, what, and how it came about.
type Answer = (&'static str, Value, Vec<Msg>);

/// Seconds of working time between two instants.
fn elapsed(
    ask: &Ask<'_>,
    site: &Site<'_>,
    clock: &WorkClock<'_>,
    from: Instant,
) -> Result<Answer, Refusal> {
    let to = ask.instant("to", site.zone)?;
    let (first, last) = (site.zone.date(from), site.zone.date(to));
    if (last - first).num_days() > i64::from(REACH) {
        return Err(ask.bad("to", too_far()));
    }
    let seconds = clock.elapsed(from, to);
    let line = Msg::new("trace.elapsed").with("from", from).with("to", to);
    Ok(("seconds", json!(seconds), vec![line.with("n", seconds)]))
}

/// Working days from one instant's day to another's, the last not counted.
fn count(ask: &Ask<'_>, site: &Site<'_>, from: Instant) -> Result<Answer, Refusal> {
    let to = ask.instant("to", site.zone)?;
    let (first, last) = (site.zone.date(from), site.zone.date(to));
    if (last - first).num_days() > i64::from(REACH) {
        return Err(ask.bad("to", too_far()));
    }
    let days = first.iter_days().take_while(|day| *day < last);
    let days = days.filter(|day| site.works(*day)).count();
    let line = Msg::new("trace.counted")
        .with("from", first)
        .with("to", last);
    Ok(("days", json!(days), vec![line.with("n", days)]))
}

/// The instant at which an amount of working time, or of working days, is over; or from which it runs until `from`.
fn due(
    ask: &Ask<'_>,
    site: &Site<'_>,
    clock: &WorkClock<'_>,
    from: Instant,
    back: bool,
) -> Result<Answer, Refusal> {
    let beyond = || ask.bad("amount", too_far());
    let unit = choice(ask, "unit", UNITS)?.unwrap_or("seconds");
    let (at, mut trace) = if unit == "days" {
        let n = u32::try_from(whole(ask, 1)?).ok().filter(|n| *n <= REACH);
        let n = n.ok_or_else(beyond)?;
        let day = site
            .nth_day(site.zone.date(from), n, back)
            .ok_or_else(beyond)?;
        let at = if back {
            site.start_of(day)
        } else {
            site.end_of(day)
        };
        let line = Msg::new("trace.day").with("day", day);
        (at, vec![line.with("n", i64::from(n))])
    } else {
        let seconds = whole(ask, if unit == "minutes" { 60 } else { 1 })?;
        match back {
            true => (clock.before(from, seconds).ok_or_else(beyond)?, Vec::new()),
            false => {
                let run = clock.due(from, seconds).ok_or_else(beyond)?;
                (run.due, windows_counted(&run.pieces))
            }
        }
    };
    trace.push(Msg::new("trace.due").with("due", at));
    Ok(("due", json!(site.zone.rfc3339(at)), trace))
}

fn too_far() -> Msg {
    Msg::new("worktime.too_far").with("n", i64::from(REACH))
}

/// The amount in seconds or days; it must be whole.
fn whole(ask: &Ask<'_>, scale: i64) -> Result<i64, Refusal> {
    let amount = ask.needed("amount", 6)?.checked_mul(Decimal::from(scale));
    let amount = amount.filter(|amount| amount.is_integer());
    let amount = amount.and_then(|amount| i64::try_from(amount).ok());
    amount.ok_or_else(|| ask.bad("amount", Msg::new("why.whole_seconds")))
}

fn choice<'a>(ask: &Ask<'a>, key: &str, codes: &[&str]) -> Result<Option<&'a str>, Refusal> {
    let Some(value) = ask.get(key) else {
        return Ok(None);
    };
    let code = value.as_str().filter(|code| codes.contains(code));
    code.map(Some).ok_or_else(|| ask.bad(key, known(codes)))
}

fn pauses(ask: &Ask<'_>, zone: Zone) -> Result<Vec<(Instant, Instant)>, Refusal> {
    let list = match ask.get("pauses") {
        None => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(ask.bad("pauses", Msg::new("why.list"))),
    };
    let pause = |(index, value): (usize, &Value)| {
        let ask = Ask::of(value, &format!("pauses[{index}]."), &["from", "to"])?;
        Ok((ask.instant("from", zone)?, ask.instant("to", zone)?))
    };
    list.iter().enumerate().map(pause).collect()
}

/// The site's own hours and the holiday list in force.
fn in_force(rules: &Rules) -> Site<'_> {
    let hours = &rules.hours;
    Site {
        zone: hours.zone,
        weekdays: (1..=5).collect(),
        windows: hours.windows.clone(),
        windows_of: hours.windows_of.clone(),
        off: BTreeSet::new(),
        off_yearly: BTreeSet::new(),
        work: BTreeSet::new(),
        base: Some(&rules.calendar),
        close: Some(hours.close),
    }
}

/// The calendar that the question describes.
fn described<'a>(value: &Value, rules: &'a Rules) -> Result<Site<'a>, Refusal> {
    let ask = Ask::of(value, "calendar.", CALENDAR)?;
    let zone = match ask.get("zone").map(Value::as_str) {
        None => rules.zone(),
        Some(name) => {
            let zone = name.and_then(|name| name.parse().ok()).map(Zone);
            zone.ok_or_else(|| ask.bad("zone", Msg::new("why.zone")))?
        }
    };
    let base = match ask.get("base").map(Value::as_str) {
        None => None,
        Some(Some("CN")) => Some(&*rules.calendar),
        Some(_) => return Err(ask.bad("base", known(&["CN"]))),
    };
    let bad_windows = |key: &str| ask.bad(key, Msg::new("worktime.windows"));
    let windows = match ask.texts("windows")? {
        None => rules.hours.windows.clone(),
        Some(list) => Windows::parse(&list.join(",")).ok_or_else(|| bad_windows("windows"))?,
    };
    let mut site = Site {
        zone,
        weekdays: weekdays(&ask)?,
        windows,
        windows_of: BTreeMap::new(),
        off: BTreeSet::new(),
        off_yearly: BTreeSet::new(),
        work: BTreeSet::new(),
        base,
        close: None,
    };
    if let Some(own) = ask.get("windows_of") {
        let own = own.as_object().ok_or_else(|| bad_windows("windows_of"))?;
        for (day, list) in own {
            let list = list.as_array().map(|list| list.iter().map(Value::as_str));
            let list = list.and_then(Iterator::collect::<Option<Vec<&str>>>);
            let windows = list.and_then(|list| Windows::parse(&list.join(",")));
            let day = day.parse().ok().filter(|day| (1..=7).contains(day));
            let (day, windows) = day.zip(windows).ok_or_else(|| bad_windows("windows_of"))?;
            site.windows_of.insert(day, windows);
        }
    }
    let bad_date = |key: &str| ask.bad(key, Msg::new("why.date"));
    for text in ask.texts("holidays")?.into_iter().flatten() {
        match yearly(text) {
            Some(day) => drop(site.off_yearly.insert(day)),
            None => site
                .off
                .extend(span(text).ok_or_else(|| bad_date("holidays"))?),
        }
    }
    for text in ask.texts("workdays")?.into_iter().flatten() {
        site.work
            .extend(span(text).ok_or_else(|| bad_date("workdays"))?);
    }
    Ok(site)
}

fn weekdays(ask: &Ask<'_>) -> Result<BTreeSet<u32>, Refusal> {
    let bad = || {
        ask.bad(
            "weekdays",
            Msg::new("why.integer")
                .with("min", 1_i64)
                .with("max", 7_i64),
        )
    };
    let list = match ask.get("weekdays") {
        None => return Ok((1..=5).collect()),
        Some(value) => value.as_array().ok_or_else(bad)?,
    };
    let day = |value: &Value| {
        let day = value.as_u64().filter(|day| (1..=7).contains(day));
        day.and_then(|day| u32::try_from(day).ok()).ok_or_else(bad)
    };
    list.iter().map(day).collect()
}

/// `Y01-01`: a day of every year.
fn yearly(text: &str) -> Option<(u32, u32)> {
    let day = NaiveDate::parse_from_str(&format!("2024-{}", text.strip_prefix('Y')?), "%Y-%m-%d");
    day.ok().map(|day| (day.month(), day.day()))
}

/// `2026-10-01`, or the days of `2026-10-01..2026-10-08`, both counted; ten years at most.
fn span(text: &str) -> Option<Vec<NaiveDate>> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let (first, last): (NaiveDate, NaiveDate) =
        (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let days = u64::try_from((last - first).num_days())
        .ok()
        .filter(|days| *days < 3660)?;
    (0..=days)
        .map(|n| first.checked_add_days(Days::new(n)))
        .collect()
}

#[cfg(test)]
mod tests;
