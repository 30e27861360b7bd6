//! What this machine has noticed about itself: that it stopped without warning, that its clock was moved. It is told, and
//! noted in the log; whether power was out is asked, never guessed.

use super::blackout::actor;
use super::{App, Awaited};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::desk::dark::Gone;
use crate::registers::outage::Dark;
use crate::tui::heartbeat::Silence;
use crate::tui::message::{Slot, Want};
use crate::tui::outbox::{Outbox, Pick};
use crate::tui::room::Room;
use crate::tui::screens::menu::{Choice, Menu};
use crate::tui::theme::Tone;
use crate::tui::when::near;

impl App {
    /// What is known when the file has been opened: what the last beat of this machine tells, and what is dark.
    pub fn wake(&mut self, silence: Option<Silence>, dark: Vec<Dark>) {
        self.silence = silence;
        self.dark = dark;
    }

    /// The machine stopped without warning: was it a blackout? While one is on record nobody is asked.
    pub(super) fn ask_silence(&mut self, silence: Silence, room: &Room, out: &mut Outbox<'_>) {
        let since = match silence {
            Silence::Since(since) => since,
            Silence::ClockBack(before) => return self.clock_jumped(before, room.now, room, out),
        };
        let times = |key: &str| {
            let told = Msg::new(key).with("since", near(since, room));
            told.with("now", near(room.now, room))
        };
        let noted = Msg::new("clock.silent")
            .with("since", since)
            .with("now", room.now);
        if !self.dark.is_empty() {
            self.note(noted, room, out);
            return self.say(room.say(&times("tui.silent_in_the_dark")), Tone::Soon);
        }
        let gone = Gone {
            another: false,
            since: Some(since),
        };
        let record = Msg::new("tui.silent_record").with("since", near(since, room));
        let choices = vec![
            Choice::new(room.say(&record), Pick::Blackout(gone)),
            Choice::new(room.text("tui.silent_note"), Pick::Note(noted)),
        ];
        let title = room.say(&times("tui.silent"));
        self.stack.push(Box::new(Menu::of(title, choices)));
    }

    /// The clock moved otherwise than time itself.
    pub(super) fn clock_jumped(
        &mut self,
        before: Instant,
        after: Instant,
        room: &Room,
        out: &mut Outbox<'_>,
    ) {
        let noted = Msg::new("clock.jumped")
            .with("before", before)
            .with("now", after);
        let told = Msg::new("tui.clock_jumped").with("before", near(before, room));
        let told = told.with("now", near(after, room));
        self.say(format!("‼ {}", room.say(&told)), Tone::Late);
        self.note(noted, room, out);
    }

    /// Notes something about this machine in the log.
    pub(super) fn note(&mut self, noted: Msg, room: &Room, out: &mut Outbox<'_>) {
        let seq = out.ask(Slot::Must, Want::Note(noted, actor(room)));
        self.awaited.push((seq, Awaited::Kept));
    }
}
