//! The actions possible now, the most likely first, each with a digit or a letter.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::entry;
use crate::desk::view::{RecordView, Target};
use crate::record::action::ActionSpec;
use crate::registers::dynamic::AnyRegister;
use crate::registers::{REGISTERS, label};
use crate::tui::hand::Writes;
use crate::tui::keymap::{Cmd, Context};
use crate::tui::outbox::{Go, Outbox, Pick, Start};
use crate::tui::paint::{Bits, bit, line, rule, selected_line};
use crate::tui::room::Room;
use crate::tui::screen::{Cover, Here, Press, Scene, Screen, Taken};
use crate::tui::text::{pad, width};
use crate::tui::theme::Tone;
use crate::tui::when::short_no;

/// One choice.
#[derive(Clone)]
pub struct Choice {
    label: String,
    pick: Pick,
}

impl Choice {
    /// What it is called, and what it leads to.
    pub fn new(label: String, pick: Pick) -> Self {
        Self { label, pick }
    }
}

/// A menu.
#[derive(Clone)]
pub struct Menu {
    title: String,
    choices: Vec<Choice>,
    cursor: usize,
}

impl Menu {
    /// The actions of a record.
    pub fn actions(view: &RecordView, room: &Room) -> Self {
        let code = view.register.spec().code;
        let no = &view.record.head.no;
        let choice = |action: &&'static ActionSpec| Choice {
            label: label::action(&room.voice, code, action.name),
            pick: Pick::Form(Start {
                target: Target::On(no.clone()),
                register: view.register,
                action,
                preset: Vec::new(),
                asked: &[],
            }),
        };
        let mut choices: Vec<Choice> = view.offers.iter().map(choice).collect();
        if entry::any(view) {
            let label = room.text("tui.put_entry_right");
            let view = Arc::new(view.clone());
            choices.push(Choice::new(label, Pick::Entries(view)));
        }
        Self::of(short_no(no, room), choices)
    }

    /// The ways to open a new record, of one register or of all.
    pub fn new_record(of: Option<&'static dyn AnyRegister>, room: &Room) -> Self {
        let registers: Vec<&'static dyn AnyRegister> =
            of.map_or_else(|| REGISTERS.to_vec(), |one| vec![one]);
        let mut choices = Vec::new();
        for register in registers {
            let code = register.spec().code;
            let name = room.text(&format!("register.{code}"));
            choices.extend(first_actions(register).into_iter().map(|action| {
                let action_name = label::action(&room.voice, code, action.name);
                Choice {
                    label: format!("{name}  {action_name}"),
                    pick: Pick::Form(Start {
                        target: Target::New(code.to_owned()),
                        register,
                        action,
                        preset: Vec::new(),
                        asked: &[],
                    }),
                }
            }));
        }
        Self {
            title: room.text("key.new"),
            choices,
            cursor: 0,
        }
    }

    /// Of these choices.
    pub fn of(title: String, choices: Vec<Choice>) -> Self {
        Self {
            title,
            choices,
            cursor: 0,
        }
    }

    /// The only choice, when there is but one.
    pub fn only(&self) -> Option<Start> {
        match self.choices.as_slice() {
            [
                Choice {
                    pick: Pick::Form(start),
                    ..
                },
            ] => Some(start.clone()),
            _ => None,
        }
    }

    fn choose(&self, at: usize, out: &mut Outbox<'_>) -> Taken {
        match self.choices.get(at).map(|choice| &choice.pick) {
            None => Taken::Yes,
            // It stays until the form is there: somebody may have to be named first, or think better of it.
            Some(Pick::Form(start)) => {
                out.go(Go::Form(start.clone()));
                Taken::Yes
            }
            Some(other) => {
                out.go(Go::Outlet(other.clone()));
                Taken::Closes
            }
        }
    }

    /// Rows it wants, with its rule.
    fn rows(&self, columns: u16) -> u16 {
        let per_row = self.per_row(columns);
        u16::try_from(self.choices.len().div_ceil(per_row) + 1).unwrap_or(u16::MAX)
    }

    fn cell_width(&self) -> usize {
        self.choices
            .iter()
            .map(|choice| width(&choice.label))
            .max()
            .unwrap_or(8)
            + 5
    }

    /// Two columns when the menu is long.
    fn per_row(&self, columns: u16) -> usize {
        if self.choices.len() > 10 && self.cell_width() * 2 <= usize::from(columns) {
            2
        } else {
            1
        }
    }
}

impl Screen for Menu {
    fn context(&self) -> Context {
        Context::Menu
    }

    fn title(&self, _room: &Room) -> Bits {
        vec![bit(self.title.clone(), Tone::Strong)]
    }

    fn cover(&self) -> Cover {
        Cover::Foot
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let (room, area) = (scene.room, scene.area);
        let height = self.rows(area.width).min(area.height);
        let area = Rect {
            y: area.y + area.height - height,
            height,
            ..area
        };
        ratatui::widgets::Widget::render(ratatui::widgets::Clear, area, buf);
        rule(room, buf, area, &self.title(room));
        let per_row = self.per_row(area.width);
        let rows = usize::from(height.saturating_sub(1)).max(1);
        let count = self.choices.len().div_ceil(per_row);
        let cell = usize::from(area.width) / per_row;
        let top = (self.cursor % count.max(1)).saturating_sub(rows - 1);
        for (index, choice) in self.choices.iter().enumerate() {
            let (row, column) = (index % count.max(1), index / count.max(1));
            let Some(shown) = row.checked_sub(top).filter(|row| *row < rows) else {
                continue;
            };
            let digit = match index {
                0..=8 => (index + 1).to_string(),
                9 => "0".to_owned(),
                _ => " ".to_owned(),
            };
            let bits: Bits = vec![
                bit(format!(" {digit} "), Tone::Key),
                bit(pad(&choice.label, cell.saturating_sub(4)), Tone::Text),
            ];
            let place = Rect {
                x: area.x + u16::try_from(column * cell).unwrap_or(0),
                y: area.y + 1 + u16::try_from(shown).unwrap_or(0),
                width: u16::try_from(cell).unwrap_or(area.width),
                height: 1,
            };
            if index == self.cursor {
                selected_line(room, buf, place, 0, &bits, Tone::Selected);
            } else {
                line(room, buf, place, 0, &bits);
            }
        }
        None
    }

    fn key(&mut self, press: &Press, _here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        let last = self.choices.len().saturating_sub(1);
        match press.cmd {
            Some(Cmd::Up) => self.cursor = self.cursor.checked_sub(1).unwrap_or(last),
            Some(Cmd::Down) if self.cursor >= last => self.cursor = 0,
            Some(Cmd::Down) => self.cursor += 1,
            Some(Cmd::PageUp | Cmd::First) => self.cursor = 0,
            Some(Cmd::PageDown | Cmd::Last) => self.cursor = last,
            Some(Cmd::Open) => return self.choose(self.cursor, out),
            Some(Cmd::Nth) => return self.choose(place(press), out),
            _ => return Taken::No,
        }
        Taken::Yes
    }

    /// What records something at once was asked about before.
    fn writes(&self, press: &Press) -> Writes {
        let at = match press.cmd {
            Some(Cmd::Open) => self.cursor,
            Some(Cmd::Nth) => place(press),
            _ => return Writes::Nothing,
        };
        match self.choices.get(at).map(|choice| &choice.pick) {
            Some(Pick::Blackout(_) | Pick::Note(_)) => Writes::Shown,
            _ => Writes::Nothing,
        }
    }

    fn leads_on(&self) -> bool {
        true
    }
}

/// Which choice a digit stands before; 0 is the tenth.
fn place(press: &Press) -> usize {
    press.digit.unwrap_or(1).checked_sub(1).unwrap_or(9)
}

/// The actions that open a record of a register, the usual one first.
pub fn first_actions(register: &'static dyn AnyRegister) -> Vec<&'static ActionSpec> {
    let mut first: Vec<&ActionSpec> = register
        .actions()
        .iter()
        .filter(|spec| spec.first && !register.reserved(spec.name))
        .collect();
    first.sort_by_key(|spec| spec.name != register.spec().opens_with);
    first
}
