//! What keys do in a form: move, type, complete, unfold, explain.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::input::Input;
use super::{Form, Stop};
use crate::tui::hand::Writes;
use crate::tui::keymap::Cmd;
use crate::tui::message::{Slot, Want};
use crate::tui::outbox::{Go, Outbox};
use crate::tui::room::Room;
use crate::tui::screen::{Press, Taken};
use crate::tui::screens::explain::Explain;
use crate::tui::theme::Tone;

impl Form {
    /// Takes a key.
    pub(super) fn pressed(&mut self, press: &Press, room: &Room, out: &mut Outbox<'_>) -> Taken {
        match press.cmd {
            Some(Cmd::Save) => self.save(false, room, out),
            Some(Cmd::SaveNext) => self.save(true, room, out),
            Some(Cmd::Open) => self.enter(room, out),
            Some(Cmd::NextField) if self.ghost.is_some() => self.complete(room, out),
            Some(Cmd::NextField) => {
                self.move_focus((self.focus + 1) % self.stops().len().max(1), room)
            }
            Some(Cmd::PreviousField) => {
                self.move_focus(self.focus.checked_sub(1).unwrap_or(usize::MAX), room)
            }
            Some(Cmd::Up) => self.up(room),
            Some(Cmd::Down) => self.down(room),
            Some(Cmd::NewLine) => self.new_line(room, out),
            Some(Cmd::Complete) if self.ghost.is_some() => self.complete(room, out),
            Some(Cmd::More) => self.toggle_more(room),
            Some(Cmd::Why) => return self.explain(room),
            Some(Cmd::Discard) => return self.discard(out),
            Some(Cmd::Complete) | None => self.typed(press.event, room, out),
            Some(_) => return Taken::No,
        }
        Taken::Yes
    }

    fn typed(&mut self, key: KeyEvent, room: &Room, out: &mut Outbox<'_>) {
        let Some(at) = self.row_at_focus() else {
            if key.code == KeyCode::Char(' ') {
                self.toggle_more(room);
            }
            return;
        };
        (self.restored, self.typed_into) = (false, true);
        if std::mem::take(&mut self.fresh) {
            self.replace(at, key, room, out);
        }
        if self.rows[at].input.key(key) {
            self.changed(room, out);
        } else if self.ghost.is_some() {
            self.ghost = None;
        }
    }

    /// The first key in a time or a number that stands there: what is typed takes its place, arrows go into it.
    fn replace(&mut self, at: usize, key: KeyEvent, room: &Room, out: &mut Outbox<'_>) {
        let bare = !key
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        let typed = matches!(key.code, KeyCode::Char(_)) && bare;
        let wiped = matches!(key.code, KeyCode::Backspace | KeyCode::Delete);
        if let (true, Input::Text(editor)) = (typed || wiped, &mut self.rows[at].input) {
            editor.clear();
            self.changed(room, out);
        }
    }

    /// Takes a paste.
    pub(super) fn pasted(&mut self, text: &str, room: &Room, out: &mut Outbox<'_>) {
        let Some(at) = self.row_at_focus() else {
            return;
        };
        let whole = match &mut self.rows[at].input {
            Input::Text(editor) => {
                if std::mem::take(&mut self.fresh) {
                    editor.clear();
                }
                editor.insert(text)
            }
            other => {
                for c in text.chars().filter(|c| !c.is_control()).take(8) {
                    other.key(KeyEvent::from(KeyCode::Char(c)));
                }
                true
            }
        };
        if !whole {
            let said =
                crate::base::i18n::Msg::new("tui.paste_cut").with("n", crate::tui::edit::MOST);
            out.go(Go::Say(room.say(&said), Tone::Late));
        }
        self.changed(room, out);
    }

    fn complete(&mut self, room: &Room, out: &mut Outbox<'_>) {
        if let (Some(rest), Some(at)) = (self.ghost.take(), self.row_at_focus()) {
            if let Input::Text(editor) = &mut self.rows[at].input {
                editor.insert(&rest);
            }
            self.changed(room, out);
        }
    }

    fn new_line(&mut self, room: &Room, out: &mut Outbox<'_>) {
        let Some(at) = self.row_at_focus() else {
            return;
        };
        if let Input::Text(editor) = &mut self.rows[at].input {
            editor.insert("\n");
            self.changed(room, out);
        }
    }

    fn up(&mut self, room: &Room) {
        let inside = self
            .row_at_focus()
            .is_some_and(|at| match &mut self.rows[at].input {
                Input::Text(editor) => editor.up(),
                Input::Facts(_, fact) if *fact > 0 => {
                    *fact -= 1;
                    true
                }
                _ => false,
            });
        if !inside {
            self.move_focus(self.focus.saturating_sub(1), room);
        }
    }

    fn down(&mut self, room: &Room) {
        let inside = self
            .row_at_focus()
            .is_some_and(|at| match &mut self.rows[at].input {
                Input::Text(editor) => editor.down(),
                Input::Facts(facts, fact) if *fact + 1 < facts.len() => {
                    *fact += 1;
                    true
                }
                _ => false,
            });
        if !inside {
            self.move_focus(self.focus + 1, room);
        }
    }

    fn toggle_more(&mut self, room: &Room) {
        self.more = !self.more;
        let more = self
            .stops()
            .iter()
            .position(|stop| *stop == Stop::More)
            .unwrap_or(0);
        self.move_focus(
            if self.more {
                more + 1
            } else {
                more.min(self.focus)
            },
            room,
        );
    }

    /// The next item of a list; the next field; behind the last one, save. A list is never saved by the key that ends
    /// each of its items.
    fn enter(&mut self, room: &Room, out: &mut Outbox<'_>) {
        let list = self
            .row_at_focus()
            .filter(|at| self.rows[*at].field.is_list());
        if list.is_some_and(|at| self.rows[at].next_item()) {
            return self.changed(room, out);
        }
        match (self.at_end(), list) {
            (Some(Stop::More), _) => self.toggle_more(room),
            (Some(Stop::Row(_)), None) => self.save(false, room, out),
            (Some(Stop::Row(_)), Some(_)) => {
                out.go(Go::Say(room.text("tui.list_ends"), Tone::Soon));
            }
            (None, _) => self.move_focus(self.focus + 1, room),
        }
    }

    /// Where the cursor stands, when no field follows.
    fn at_end(&self) -> Option<Stop> {
        let stops = self.stops();
        let here = stops.get(self.focus).copied();
        match stops.get(self.focus + 1) {
            _ if here == Some(Stop::More) => here,
            None | Some(Stop::More) => here,
            Some(Stop::Row(_)) => None,
        }
    }

    /// What a key would write: Enter on the last field, which a hand that has typed here means, and the keys that save.
    pub(super) fn would_write(&self, press: &Press) -> Writes {
        let saves = matches!(self.at_end(), Some(Stop::Row(at)) if !self.rows[at].field.is_list());
        match press.cmd {
            Some(Cmd::Open) if saves && self.typed_into => Writes::Typed,
            Some(Cmd::Open) if saves => Writes::Shown,
            Some(Cmd::Save | Cmd::SaveNext) => Writes::Typed,
            _ => Writes::Nothing,
        }
    }

    fn explain(&self, room: &Room) -> Taken {
        let explain = match (&self.refusal, &self.preview) {
            (Some(refusal), _) => Explain::refusal(refusal, room),
            (None, Some(preview)) => Explain::preview(preview, self.start.register, room),
            (None, None) => return Taken::Yes,
        };
        Taken::Opens(Box::new(explain))
    }

    /// Throws away what was typed; the same form comes up fresh.
    fn discard(&mut self, out: &mut Outbox<'_>) -> Taken {
        let name = self.name();
        out.ask(Slot::Must, Want::DeleteDraft(name.clone()));
        out.go(Go::FormAgain(self.start.clone(), name));
        Taken::Closes
    }
}
