//! Who acts 经办人: asked once, remembered, changed by one key; never typed into a form.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::record::request::Operator;
use crate::registers::label;
use crate::tui::edit::Editor;
use crate::tui::keymap::Cmd;
use crate::tui::layout::window;
use crate::tui::message::{Slot, Want};
use crate::tui::outbox::Outbox;
use crate::tui::paint::{Bits, bit, inset, line, selected_line};
use crate::tui::room::Room;
use crate::tui::text::width;
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
#[derive(Clone, Debug)]
pub struct Who {
    known: Vec<Operator>,
    seq: u64,
    step: Step,
    cursor: usize,
    name: Editor,
    role: usize,
}

impl Who {
    /// Asks who has acted here.
    pub fn new(out: &mut Outbox<'_>) -> Self {
        let seq = out.ask(Slot::Must, Want::Operators);
        Self {
            known: Vec::new(),
            seq,
            step: Step::Name,
            cursor: 0,
            name: Editor::line(""),
            role: 0,
        }
    }

    /// Takes the answer if it is the one waited for.
    pub fn answer(&mut self, seq: u64, known: &[Operator]) -> bool {
        if seq != self.seq {
            return false;
        }
        self.known = known.to_vec();
        if !known.is_empty() && self.name.is_blank() {
            self.step = Step::Known;
        }
        true
    }

    /// Takes a key that is no command: a digit chooses somebody known, anything else begins a new name.
    pub fn typed(&mut self, key: KeyEvent, room: &Room) -> Option<Operator> {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match (self.step, key.code) {
            (Step::Known, KeyCode::Char(c @ '1'..='9')) => {
                let at = c
                    .to_digit(10)
                    .and_then(|n| usize::try_from(n).ok())
                    .unwrap_or(1)
                    - 1;
                return self.known.get(at).cloned();
            }
            (Step::Known, KeyCode::Char(c)) if !ctrl && c != '0' && c != ' ' => {
                self.step = Step::Name;
                self.name.insert(&c.to_string());
            }
            (Step::Name, KeyCode::Char(c)) if !ctrl => {
                self.name.insert(&c.to_string());
            }
            (Step::Name, KeyCode::Backspace) => {
                self.name.backspace();
            }
            (Step::Name, KeyCode::Left) => {
                self.name.left();
            }
            (Step::Name, KeyCode::Right) => {
                self.name.right();
            }
            (Step::Name, KeyCode::Tab) if !self.name.is_blank() => self.step = Step::Role,
            (Step::Role, KeyCode::BackTab | KeyCode::Backspace) => self.step = Step::Name,
            (Step::Role, KeyCode::Char(c @ '1'..='9')) => {
                let at = c
                    .to_digit(10)
                    .and_then(|n| usize::try_from(n).ok())
                    .unwrap_or(1)
                    - 1;
                self.role = at.min(room.rules.roles().len());
            }
            _ => {}
        }
        None
    }

    /// Takes a paste.
    pub fn paste(&mut self, text: &str) {
        self.step = Step::Name;
        self.name.insert(text);
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
    pub fn command(&mut self, cmd: Cmd, room: &Room) -> Option<Operator> {
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
    pub fn back(&mut self) -> bool {
        let before = match self.step {
            Step::Role => Step::Name,
            Step::Name if !self.known.is_empty() => Step::Known,
            _ => return false,
        };
        self.step = before;
        true
    }

    /// Its title.
    pub fn title(room: &Room) -> Bits {
        vec![bit(room.text("tui.who"), Tone::Strong)]
    }

    /// Draws it; answers where the cursor stands.
    pub fn draw(&self, room: &Room, area: Rect, buf: &mut Buffer) -> Option<(u16, u16)> {
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
        let prompt = format!(" {}  ", room.text("field.name"));
        let column = rest.x + u16::try_from(width(&prompt)).unwrap_or(0);
        let shown = self
            .name
            .shown(usize::from(rest.width).saturating_sub(width(&prompt)), 1);
        let name = shown.lines.first().cloned().unwrap_or_default();
        line(
            room,
            buf,
            rest,
            0,
            &[bit(prompt, Tone::Dim), bit(name, Tone::Strong)],
        );
        if self.step == Step::Name {
            return Some((column + u16::try_from(shown.column).unwrap_or(0), rest.y));
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
