//! Keys and pasted text, to the screen that is in front.

use crossterm::event::KeyEvent;

use super::{App, Kept};
use crate::tui::hand::{Millis, Unheard, Writes};
use crate::tui::keymap::{self, Cmd};
use crate::tui::outbox::Outbox;
use crate::tui::room::Room;
use crate::tui::screen::{Press, Taken};
use crate::tui::theme::Tone;

impl App {
    pub(super) fn paste(&mut self, text: &str, room: &Room, out: &mut Outbox<'_>) {
        self.give_front(room, out, |screen, here, out| {
            screen.paste(text, here, out);
            Taken::Yes
        });
    }

    pub(super) fn key(
        &mut self,
        event: KeyEvent,
        pressed: Millis,
        room: &Room,
        out: &mut Outbox<'_>,
    ) {
        let place = self.context();
        let cmd = keymap::binding(place, event).map(|binding| binding.cmd);
        let digit = keymap::digit(event, place);
        let press = Press { event, cmd, digit };
        self.hand.press(event, pressed);
        let writes = match cmd {
            Some(Cmd::Undo) => Writes::Typed,
            _ => self.front().writes(&press),
        };
        if let Some(why) = self.hand.unheard(writes, pressed) {
            return self.say_unheard(why, room);
        }
        // How the last thing is taken back stays in sight while one fills in what belongs to it.
        let stays = place.types() && self.undo_hint(room).is_some();
        if !stays && !matches!(cmd, None | Some(Cmd::Up | Cmd::Down)) {
            self.said = self
                .said
                .take()
                .filter(|(_, tone)| *tone == Tone::Late && self.kept == Kept::Trouble);
        }
        let taken = self.give_front(room, out, |screen, here, out| screen.key(&press, here, out));
        if let Some(cmd) = cmd.filter(|_| !taken) {
            self.global(cmd, digit, room, out);
        }
    }

    /// A key that would have written was not heard. How the last thing is taken back stays in sight: a key held down is
    /// the one that has just written it.
    pub(super) fn say_unheard(&mut self, why: Unheard, room: &Room) {
        self.said = Some((room.text(why.key()), Tone::Soon));
    }
}
