//! Keys and pasted text, to the screen that is in front.

use crossterm::event::KeyEvent;

use super::{App, Awaited, Kept, Layer};
use crate::tui::keymap::{self, Cmd};
use crate::tui::message::{Slot, Want};
use crate::tui::outbox::Outbox;
use crate::tui::room::Room;
use crate::tui::theme::Tone;

impl App {
    pub(super) fn paste(&mut self, text: &str, room: &Room, out: &mut Outbox<'_>) {
        match self.stack.last_mut() {
            Some(Layer::Form(form)) => form.paste(text, room, out),
            Some(Layer::Search(search)) => search.paste(text, out),
            Some(Layer::Who(who)) => who.paste(text),
            Some(Layer::Help(help)) => help.paste(text),
            Some(Layer::Month(month)) => month.paste(text),
            Some(Layer::Import(import)) => import.paste(text),
            _ => {}
        }
    }

    pub(super) fn key(&mut self, key: KeyEvent, room: &mut Room, out: &mut Outbox<'_>) {
        let place = self.context();
        let cmd = keymap::binding(place, key).map(|binding| binding.cmd);
        // How the last thing is taken back stays in sight while one fills in what belongs to it.
        let stays = place.types() && self.undo_hint(room).is_some();
        if !stays && !matches!(cmd, None | Some(Cmd::Up | Cmd::Down)) {
            self.said = self
                .said
                .take()
                .filter(|(_, tone)| *tone == Tone::Late && self.kept == Kept::Trouble);
        }
        let digit = keymap::digit(key, place);
        let taken = self.layer_key(key, cmd, digit, room, out);
        if let Some(cmd) = cmd.filter(|_| !taken) {
            self.global(cmd, digit, room, out);
        }
        if self.forms().any(|form| form.saving.is_some()) {
            self.kept = Kept::Writing;
        }
    }

    /// Gives the key to the screen in front; answers whether it took it.
    fn layer_key(
        &mut self,
        key: KeyEvent,
        cmd: Option<Cmd>,
        digit: Option<usize>,
        room: &mut Room,
        out: &mut Outbox<'_>,
    ) -> bool {
        let layout = self.layout(room);
        let front = layout.front();
        let list_rows = Self::list_rows(room);
        match (self.stack.last_mut(), cmd) {
            (Some(Layer::Form(form)), cmd) => form.key(key, cmd, room, out),
            (Some(Layer::Card(card)), Some(cmd)) => card.command(cmd, digit, room, front, out),
            (Some(Layer::Menu(menu)), Some(cmd)) => menu.command(cmd, digit, out),
            (Some(Layer::Explain(explain)), Some(cmd)) => explain.command(cmd, front),
            (Some(Layer::Paper(paper)), Some(cmd)) => paper.command(cmd, room, front, out),
            (Some(Layer::Job), Some(_)) => false,
            (Some(Layer::Month(month)), Some(cmd)) => month.command(cmd, room, front, out),
            (Some(Layer::Month(month)), None) => {
                month.typed(key);
                true
            }
            (Some(Layer::Import(import)), Some(cmd)) => import.command(cmd, room, out),
            (Some(Layer::Import(import)), None) => {
                import.typed(key);
                true
            }
            (Some(Layer::Help(help)), Some(cmd)) => help.command(cmd, room, front),
            (Some(Layer::Help(help)), None) => {
                help.typed(key);
                true
            }
            (Some(Layer::Search(search)), Some(cmd)) => search.command(cmd, list_rows, out),
            (Some(Layer::Search(search)), None) => {
                search.typed(key, out);
                true
            }
            (Some(Layer::Filter(_)), Some(cmd)) => self.filter_key(cmd, out),
            (Some(Layer::Who(_)), cmd) => self.who_key(key, cmd, room, out),
            (None, Some(cmd)) => match self.list() {
                Some(list) => list.command(cmd, list_rows, out),
                None => self.today.command(cmd, list_rows, out),
            },
            (_, None) => true,
        }
    }

    fn filter_key(&mut self, cmd: Cmd, out: &mut Outbox<'_>) -> bool {
        let Some(Layer::Filter(filter)) = self.stack.last_mut() else {
            return false;
        };
        let Some(changed) = filter.command(cmd) else {
            return false;
        };
        let query = filter.query();
        if let Some(list) = self.list().filter(|_| changed) {
            list.ask(query, out);
        }
        true
    }

    fn who_key(
        &mut self,
        key: KeyEvent,
        cmd: Option<Cmd>,
        room: &mut Room,
        out: &mut Outbox<'_>,
    ) -> bool {
        let Some(Layer::Who(who)) = self.stack.last_mut() else {
            return false;
        };
        let chosen = match cmd {
            Some(Cmd::Back) => return who.back(),
            Some(
                Cmd::Up
                | Cmd::Down
                | Cmd::PageUp
                | Cmd::PageDown
                | Cmd::First
                | Cmd::Last
                | Cmd::Open,
            ) => cmd.and_then(|cmd| who.command(cmd, room)),
            Some(_) => return false,
            None => who.typed(key, room),
        };
        if let Some(operator) = chosen {
            self.stack.pop();
            let seq = out.ask(Slot::Must, Want::SetOperator(operator.clone()));
            self.awaited.push((seq, Awaited::Kept));
            room.operator = Some(operator);
            if let Some(then) = self.then.take() {
                out.go(then);
            }
        }
        true
    }
}
