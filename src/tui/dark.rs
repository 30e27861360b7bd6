//! What is dark, in words: for the red line above every screen and for the sheet.

use super::room::Room;
use super::when::{near, stopwatch};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::registers::outage::{Dark, Held};

/// How long ago that was.
pub fn elapsed(since: Instant, room: &Room) -> String {
    stopwatch(room.now.seconds_since(since))
}

/// `困人 2# 3人 00:04:12`
pub fn held_in(held: &Held, room: &Room) -> String {
    let time = elapsed(held.since, room);
    let told = match held.persons {
        Some(n) => Msg::new("tui.dark_held_n").with("n", n),
        None => Msg::new("tui.dark_held"),
    };
    format!(
        " {} ",
        room.say(&told.with("car", held.car.as_str()).with("time", time))
    )
}

/// When power is expected back, and by how much that has passed.
pub fn expected(dark: &Dark, room: &Room) -> String {
    let word = room.text("field.expected_restore");
    match dark.expected {
        None => format!("{word} {}", room.text("tui.dark_unknown")),
        Some(at) if at < room.now => {
            let told = Msg::new("tui.dark_passed").with("time", elapsed(at, room));
            format!("{word} {} {}", near(at, room), room.say(&told))
        }
        Some(at) => format!("{word} {}", near(at, room)),
    }
}
