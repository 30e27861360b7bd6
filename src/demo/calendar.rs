//! When things happen in a building: by day mostly, at night sometimes, less at weekends.

use chrono::{Datelike, NaiveTime, Weekday};

use super::dice::Dice;
use crate::base::time::{Instant, Zone};

/// Events of each hour of the day, per thousand.
const HOURS: [i64; 24] = [
    6, 4, 3, 3, 4, 10, 22, 45, 85, 95, 88, 66, 40, 52, 78, 76, 68, 62, 54, 50, 38, 26, 16, 9,
];

/// A moment of the `days` before `until`, with the rhythm of day and week.
pub(super) fn moment(dice: &mut Dice, zone: Zone, until: Instant, days: i64) -> Instant {
    let span = days.saturating_mul(86_400);
    loop {
        let rough = until.plus_seconds(-dice.range(1, span));
        let day = zone.date(rough);
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        if weekend && dice.chance(45) {
            continue;
        }
        let hour = dice.weighted(&HOURS) as u32;
        let minute = dice.range(0, 59) as u32;
        let at = zone.at(
            day,
            NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default(),
        );
        if at <= until && at >= until.plus_seconds(-span) {
            return at;
        }
    }
}

/// `hour:minute` on the local day `days` after that of `at`.
pub(super) fn on_day(zone: Zone, at: Instant, days: i64, hour: u32, minute: u32) -> Instant {
    let day = zone.date(at) + chrono::Duration::days(days);
    zone.at(
        day,
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default(),
    )
}

/// Whether the clerk and the front desk are there.
pub(super) fn office_hours(zone: Zone, at: Instant) -> bool {
    let local = zone.local(at);
    let hour = chrono::Timelike::hour(&local);
    !matches!(local.weekday(), Weekday::Sat | Weekday::Sun) && (8..18).contains(&hour)
}
