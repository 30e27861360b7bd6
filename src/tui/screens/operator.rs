//! Who acts 经办人: asked once, remembered, changed by one key; never typed into a form.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::Error;
use crate::record::request::Operator;
use crate::registers::label;
use crate::tui::edit::{Edit, Editor};
use crate::tui::keymap::{Cmd, Context};
use crate::tui::layout::window;
use crate::tui::message::{Got, Slot, Want};
use crate::tui::outbox::{Go, Outbox};
use crate::tui::paint::{Bits, bit, inset, line, prompt, selected_line};
use crate::tui::room::Room;
use crate::tui::screen::{Here, Leaving, Press, Scene, Screen, Taken};
use crate::tui::theme::Tone;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Among those who have acted here.
    Known,
    /// A new name.
    Name,
    /// The new person's role.
    Role,
}

/// Choosing who acts.
pub struct Who {
    /// What was to be done by somebody who had not been named yet: follows once he is, or is dropped with this screen.
    then: Option<Go>,
    known: Vec<Operator>,
    seq: u64,
    step: Step,
    cursor: usize,
    name: Editor,
    role: usize,
}

impl Who {
    /// Asks who has acted here; `then` follows when somebody has been chosen.
    pub fn new(then: Option<Go>, out: &mut Outbox<'_>) -> Self {
        let seq = out.ask(Slot::Must, Want::Operators);
        Self {
            then,
            known: Vec::new(),
            seq,
            step: Step::Name,
            cursor: 0,
            name: Editor::line(""),
            role: 0,
        }
    }

    /// Takes a key that is no command: a digit chooses somebody known or a role, anything else begins a new name.
    fn typed(&mut self, key: KeyEvent, room: &Room) -> Option<Operator> {
        let bare = !key
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        let nth = |c: char| usize::try_from(c.to_digit(10)?.checked_sub(1)?).ok();
        match (self.step, key.code) {
            (Step::Known, KeyCode::Char(c @ '1'..='9')) => {
                return self.known.get(nth(c)?).cloned();
            }
            (Step::Known, KeyCode::Char(c)) if bare && c != '0' && c != ' ' => {
                self.step = Step::Name;
                self.name.key(key);
            }
            (Step::Name, KeyCode::Tab) if !self.name.is_blank() => self.step = Step::Role,
            (Step::Role, KeyCode::BackTab | KeyCode::Backspace) => self.step = Step::Name,
            (Step::Role, KeyCode::Char(c @ '1'..='9')) => {
                self.role = nth(c)?.min(room.rules.roles().len());
            }
            _ => {}
        }
        None
    }

    fn typed_operator(&self, room: &Room) -> Option<Operator> {
        let name = self.name.text().trim().to_owned();
        let role = room
            .rules
            .roles()
            .get(self.role)
            .map(|role| role.code.clone());
        (!name.is_empty()).then_some(Operator { name, role })
    }

    /// Moves or chooses; answers who was chosen.
    fn command(&mut self, cmd: Cmd, room: &Room) -> Option<Operator> {
        let roles = room.rules.roles().len();
        let (at, last) = match self.step {
            Step::Known => (&mut self.cursor, self.known.len()),
            Step::Name => return self.name_command(cmd),
            Step::Role => (&mut self.role, roles),
        };
        match cmd {
            Cmd::Up => *at = at.saturating_sub(1),
            Cmd::Down => *at = (*at + 1).min(last),
            Cmd::PageUp | Cmd::First => *at = 0,
            Cmd::PageDown | Cmd::Last => *at = last,
            Cmd::Open if self.step == Step::Known => match self.known.get(self.cursor) {
                Some(operator) => return Some(operator.clone()),
                None => self.step = Step::Name,
            },
            Cmd::Open => return self.typed_operator(room),
            _ => {}
        }
        None
    }

    fn name_command(&mut self, cmd: Cmd) -> Option<Operator> {
        match cmd {
            Cmd::Open | Cmd::Down if !self.name.is_blank() => self.step = Step::Role,
            Cmd::Up if !self.known.is_empty() => self.step = Step::Known,
            _ => {}
        }
        None
    }

    /// One step back within it; `false` when there is none.
    fn back(&mut self) -> bool {
        let before = match self.step {
            Step::Role => Step::Name,
            Step::Name if !self.known.is_empty() => Step::Known,
            _ => return false,
        };
        self.step = before;
        true
    }

    /// Draws the step that one is at; answers where the cursor stands.
    fn draw_step(&self, room: &Room, area: Rect, buf: &mut Buffer) -> Option<(u16, u16)> {
        let inner = inset(area, 1, 1);
        line(
            room,
            buf,
            inner,
            0,
            &[bit(room.text("tui.who_hint"), Tone::Dim)],
        );
        let rest = Rect {
            y: inner.y + 2,
            height: inner.height.saturating_sub(2),
            ..inner
        };
        if self.step == Step::Known {
            self.draw_known(room, rest, buf);
            return None;
        }
        let asked = bit(format!(" {}  ", room.text("field.name")), Tone::Dim);
        let cursor = prompt(room, buf, rest, asked, &self.name, &[]);
        if self.step == Step::Name {
            return Some(cursor);
        }
        let roles = Rect {
            y: rest.y + 1,
            height: rest.height.saturating_sub(1),
            ..rest
        };
        line(
            room,
            buf,
            roles,
            0,
            &[bit(format!(" {}", room.text("field.role")), Tone::Dim)],
        );
        let list = Rect {
            y: roles.y + 1,
            height: roles.height.saturating_sub(1),
            ..roles
        };
        let mut names: Vec<String> = room
            .rules
            .roles()
            .iter()
            .map(|r| label::role(&room.voice, &room.rules, &r.code))
            .collect();
        names.push(room.text("tui.no_role"));
        self.draw_choices(room, list, buf, &names, self.role);
        None
    }

    fn draw_known(&self, room: &Room, area: Rect, buf: &mut Buffer) {
        let mut names: Vec<String> = self.known.iter().map(|o| named(o, room)).collect();
        names.push(room.text("tui.new_person"));
        self.draw_choices(room, area, buf, &names, self.cursor);
    }

    fn draw_choices(
        &self,
        room: &Room,
        area: Rect,
        buf: &mut Buffer,
        names: &[String],
        cursor: usize,
    ) {
        let rows = usize::from(area.height);
        let top = window(0, cursor, rows);
        for (row, (index, name)) in names.iter().enumerate().skip(top).take(rows).enumerate() {
            let digit = if index < 9 && index + 1 < names.len() {
                (index + 1).to_string()
            } else {
                " ".to_owned()
            };
            let bits = vec![
                bit(format!(" {digit} "), Tone::Key),
                bit(name.clone(), Tone::Text),
            ];
            let row = u16::try_from(row).unwrap_or(u16::MAX);
            if index == cursor {
                selected_line(room, buf, area, row, &bits, Tone::Selected);
            } else {
                line(room, buf, area, row, &bits);
            }
        }
    }
}

impl Screen for Who {
    fn context(&self) -> Context {
        Context::Operator
    }

    fn title(&self, room: &Room) -> Bits {
        vec![bit(room.text("tui.who"), Tone::Strong)]
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let cursor = self.draw_step(scene.room, scene.area, buf);
        let inner = inset(scene.area, 1, 1);
        if let (Some(copies), Some(last)) = (scene.copies, scene.area.height.checked_sub(1)) {
            line(scene.room, buf, inner, last, std::slice::from_ref(copies));
        }
        cursor
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        if self.step == Step::Name && self.name.key(press.event) != Edit::Nothing {
            return Taken::Yes;
        }
        let chosen = match press.cmd {
            Some(
                cmd @ (Cmd::Up
                | Cmd::Down
                | Cmd::PageUp
                | Cmd::PageDown
                | Cmd::First
                | Cmd::Last
                | Cmd::Open),
            ) => self.command(cmd, here.room),
            Some(_) => return Taken::No,
            None => self.typed(press.event, here.room),
        };
        let Some(operator) = chosen else {
            return Taken::Yes;
        };
        out.go(Go::Operator(operator));
        self.then.take().into_iter().for_each(|then| out.go(then));
        Taken::Closes
    }

    fn paste(&mut self, text: &str, _here: &Here<'_>, _out: &mut Outbox<'_>) {
        self.step = Step::Name;
        self.name.insert(text);
    }

    fn answer(
        &mut self,
        seq: u64,
        got: Result<&Got, &Error>,
        _here: &Here<'_>,
        _out: &mut Outbox<'_>,
    ) -> Taken {
        let Ok(Got::Operators(known)) = got else {
            return Taken::No;
        };
        if seq != self.seq {
            return Taken::No;
        }
        self.known.clone_from(known);
        if !known.is_empty() && self.name.is_blank() {
            self.step = Step::Known;
        }
        Taken::Yes
    }

    fn leave(&mut self, leaving: Leaving, _room: &Room, _out: &mut Outbox<'_>) -> bool {
        leaving == Leaving::Away || !self.back()
    }
}

/// `赵值班(工程部值班)`.
pub fn named(operator: &Operator, room: &Room) -> String {
    match &operator.role {
        Some(role) => format!(
            "{}({})",
            operator.name,
            label::role(&room.voice, &room.rules, role)
        ),
        None => operator.name.clone(),
    }
}
