//! Times as a desk tells them: relative when near, by weekday or date when not.

use chrono::{Datelike, Timelike};

use super::room::Room;
use crate::base::i18n::{Msg, Voice};
use crate::base::time::{Instant, weekday_key};
use crate::rules::deadline::{Deadline, DeadlineState, DutyKind, Outcome};

/// How a duty stands, as a symbol says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Open and past due.
    Late,
    /// Open and due soon.
    Soon,
    /// Open, due later.
    Later,
    /// At once.
    AtOnce,
    /// At once, and open for long.
    AtOnceLong,
    /// Owed without a time.
    Waiting,
    /// Done, in time.
    Done,
    /// Done after due.
    DoneLate,
    /// Not applicable or void.
    Na,
}

impl Mark {
    /// The symbol, one column.
    pub const fn symbol(self) -> &'static str {
        match self {
            Mark::Late => "‼",
            Mark::Soon => "!",
            Mark::Later | Mark::Waiting => "·",
            Mark::AtOnce | Mark::AtOnceLong => "○",
            Mark::Done => "✓",
            Mark::DoneLate => "×",
            Mark::Na => "–",
        }
    }
}

/// How a duty stands at the room's time.
pub fn mark(deadline: &Deadline, room: &Room) -> Mark {
    let minutes = |key: &str| room.rules.site().int(key).saturating_mul(60);
    match deadline.state(room.now) {
        DeadlineState::Late if deadline.pending() => Mark::Late,
        DeadlineState::Late => Mark::DoneLate,
        DeadlineState::Met => Mark::Done,
        DeadlineState::Na | DeadlineState::Void => Mark::Na,
        DeadlineState::Open => match (deadline.kind, deadline.due) {
            (DutyKind::AtOnce, _)
                if room.now.seconds_since(deadline.from) > minutes("at_once_amber_minutes") =>
            {
                Mark::AtOnceLong
            }
            (DutyKind::AtOnce, _) => Mark::AtOnce,
            (_, Some(due)) if due.seconds_since(room.now) <= minutes("soon_minutes") => Mark::Soon,
            (_, Some(_)) => Mark::Later,
            (_, None) => Mark::Waiting,
        },
    }
}

/// `0:42` hours and minutes; with seconds below ten minutes, so that the last of them are seen to run.
pub fn clock_span(seconds: i64) -> String {
    let s = seconds.max(0);
    if s < 600 {
        format!("0:{:02}:{:02}", s / 60, s % 60)
    } else {
        format!("{}:{:02}", s / 3600, s / 60 % 60)
    }
}

/// `00:03:41`, for the sheet's clock.
pub fn stopwatch(seconds: i64) -> String {
    let s = seconds.max(0);
    format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
}

/// A day and more in days, less on the clock.
fn span(seconds: i64, voice: &Voice) -> String {
    if seconds >= 86400 {
        voice.say(&Msg::new("span.day").with("n", seconds / 86400))
    } else {
        clock_span(seconds)
    }
}

/// The time of a duty in few columns: `已过 0:42`, `还有 0:11`, `已历 0:02`, `17:30`, `明 17:30`, `03-06`.
pub fn short(deadline: &Deadline, room: &Room) -> String {
    let voice = &room.voice;
    let with = |key: &str, seconds: i64| format!("{} {}", voice.text(key), span(seconds, voice));
    let provisional = if deadline.provisional { "?" } else { "" };
    match mark(deadline, room) {
        Mark::Late => with(
            "due.late",
            deadline.due.map_or(0, |due| room.now.seconds_since(due)),
        ),
        Mark::Soon => {
            with(
                "due.left",
                deadline.due.map_or(0, |due| due.seconds_since(room.now)),
            ) + provisional
        }
        Mark::AtOnce | Mark::AtOnceLong => {
            with("due.elapsed", room.now.seconds_since(deadline.from))
        }
        Mark::Later => deadline.due.map_or_else(String::new, |due| near(due, room)) + provisional,
        Mark::Waiting => voice.text("tui.owed"),
        Mark::Done | Mark::DoneLate => deadline
            .done()
            .map_or_else(String::new, |at| near(at, room)),
        Mark::Na => voice.text(if deadline.outcome == Outcome::Void {
            "due.void"
        } else {
            "tui.na"
        }),
    }
}

/// The time of a duty on the card: when it is due and how far that is.
pub fn long(deadline: &Deadline, room: &Room) -> String {
    let voice = &room.voice;
    match (mark(deadline, room), deadline.due) {
        (Mark::Late | Mark::Soon, Some(due)) => {
            format!("{} {}", near(due, room), short(deadline, room))
        }
        (Mark::Later, Some(due)) => {
            let provisional = if deadline.provisional {
                voice.text("due.provisional")
            } else {
                String::new()
            };
            format!("{} {provisional}", dated(due, room))
                .trim_end()
                .to_owned()
        }
        (Mark::DoneLate, Some(due)) => {
            format!(
                "{} {}",
                short(deadline, room),
                voice.say(&Msg::new("tui.was_due").with("due", near(due, room)))
            )
        }
        (Mark::Na, _) => match &deadline.outcome {
            Outcome::NotApplicable(why) => voice.say(why),
            _ => short(deadline, room),
        },
        _ => short(deadline, room),
    }
}

/// An instant in few columns, as seen from now: `17:30`, `明 17:30`, `周四 17:30`, `03-06 17:30`, `2025-12-30`.
pub fn near(at: Instant, room: &Room) -> String {
    let voice = &room.voice;
    let (local, today) = (voice.zone.local(at), voice.zone.date(room.now));
    // The last second of a day is how 当日 is kept.
    let ends = (local.hour(), local.minute(), local.second()) == (23, 59, 59);
    let time = match local.second() {
        0 => local.format("%H:%M").to_string(),
        _ => local.format("%H:%M:%S").to_string(),
    };
    let day = match (local.date() - today).num_days() {
        0 if ends => return voice.text("tui.within_today"),
        0 => return time,
        1 => voice.text("tui.tomorrow"),
        -1 => voice.text("tui.yesterday"),
        2..=6 => voice.text(weekday_key(local.weekday())),
        _ if local.year() != today.year() => return local.format("%Y-%m-%d").to_string(),
        _ if ends => local.format("%m-%d").to_string(),
        _ => return local.format("%m-%d %H:%M").to_string(),
    };
    if ends {
        voice.say(&Msg::new("tui.within_day").with("day", day))
    } else {
        format!("{day} {time}")
    }
}

/// An instant with its date: `03-05 周四 17:30`; of today the time alone.
pub fn dated(at: Instant, room: &Room) -> String {
    let voice = &room.voice;
    let (local, today) = (voice.zone.local(at), voice.zone.date(room.now));
    if local.date() == today {
        return near(at, room);
    }
    let form = if local.year() == today.year() {
        "%m-%d"
    } else {
        "%Y-%m-%d"
    };
    let whole = [(0, 0, 0), (23, 59, 59)].contains(&(local.hour(), local.minute(), local.second()));
    let time = if whole {
        String::new()
    } else {
        local.format(" %H:%M").to_string()
    };
    format!(
        "{} {}{time}",
        local.format(form),
        voice.text(weekday_key(local.weekday()))
    )
}

/// A record's number without the current year: `W-2026-00227` → `W-00227`.
pub fn short_no(no: &str, room: &Room) -> String {
    let year = format!("-{}-", room.voice.zone.date(room.now).year());
    no.replacen(&year, "-", 1)
}
