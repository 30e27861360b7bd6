//! Filter 筛选 of a register's list: state, open or ended, due, class, order. The list follows at once.

use ratatui::buffer::Buffer;

use crate::desk::view::{DueFilter, ListQuery, Order, RecordView};
use crate::registers::dynamic::AnyRegister;
use crate::registers::{label, register};
use crate::tui::keymap::{Cmd, Context};
use crate::tui::outbox::{Go, Outbox};
use crate::tui::paint::{Bits, bit, inset, line, selected_line};
use crate::tui::room::Room;
use crate::tui::screen::{Here, Press, Scene, Screen, Taken};
use crate::tui::text::{pad, width};
use crate::tui::theme::Tone;

/// One thing to filter by.
#[derive(Clone, Debug)]
struct Facet {
    label: String,
    /// Labels of the choices; the first means no narrowing.
    choices: Vec<String>,
    chosen: usize,
}

impl Facet {
    /// One of these choices, or none of them.
    fn or_any(label: &str, choices: Vec<String>, chosen: usize, room: &Room) -> Self {
        Self {
            label: room.text(label),
            choices: std::iter::once(room.text("tui.any"))
                .chain(choices)
                .collect(),
            chosen,
        }
    }
}

/// The filter of one list.
#[derive(Clone, Debug)]
pub struct Filter {
    register: &'static str,
    states: Vec<String>,
    classes: Vec<String>,
    facets: Vec<Facet>,
    cursor: usize,
}

const DUE: [DueFilter; 3] = [DueFilter::Late, DueFilter::Today, DueFilter::Any];

impl Filter {
    /// As a query has it.
    pub fn new(register: &'static dyn AnyRegister, query: &ListQuery, room: &Room) -> Self {
        let code = register.spec().code;
        let codes = register.states().codes.iter().copied();
        let states: Vec<String> = codes.chain(["void"]).map(str::to_owned).collect();
        let classed = register.spec().columns.contains(&"class");
        let classes = match classed {
            true => room.rules.class_codes(),
            false => Vec::new(),
        };
        let at = |list: &[String], value: Option<&String>| {
            let at = value.and_then(|value| list.iter().position(|v| v == value));
            at.map_or(0, |at| at + 1)
        };
        let due = query.due.and_then(|due| DUE.iter().position(|d| *d == due));
        let words = |keys: &[&str]| keys.iter().map(|key| room.text(key)).collect::<Vec<_>>();
        let state = |state: &String| label::state(&room.voice, code, state);
        let class = |class: &String| room.text(&format!("class.{class}"));
        let mut facets = vec![
            Facet::or_any(
                "tui.open_or_ended",
                words(&["tui.open", "tui.ended"]),
                query.open.map_or(0, |open| if open { 1 } else { 2 }),
                room,
            ),
            Facet::or_any(
                "field.state",
                states.iter().map(state).collect(),
                at(&states, query.states.first()),
                room,
            ),
            Facet::or_any(
                "card.deadlines",
                words(&["tui.due_late", "tui.due_today", "tui.due_any"]),
                due.map_or(0, |at| at + 1),
                room,
            ),
            Facet {
                label: room.text("tui.order"),
                choices: words(&["tui.newest_first", "tui.soonest_first"]),
                chosen: usize::from(query.order == Order::Due),
            },
        ];
        if classed {
            let labels = classes.iter().map(class).collect();
            let chosen = at(&classes, query.class.as_ref());
            facets.push(Facet::or_any("field.class", labels, chosen, room));
        }
        Self {
            register: code,
            states,
            classes,
            facets,
            cursor: 0,
        }
    }

    fn chosen(&self, facet: usize) -> usize {
        self.facets.get(facet).map_or(0, |facet| facet.chosen)
    }

    /// The query it stands for.
    fn query(&self) -> ListQuery {
        let nth =
            |list: &[String], at: usize| at.checked_sub(1).and_then(|at| list.get(at).cloned());
        ListQuery {
            register: Some(self.register.to_owned()),
            open: match self.chosen(0) {
                0 => None,
                at => Some(at == 1),
            },
            states: nth(&self.states, self.chosen(1)).into_iter().collect(),
            due: self
                .chosen(2)
                .checked_sub(1)
                .and_then(|at| DUE.get(at).copied()),
            order: if self.chosen(3) == 1 {
                Order::Due
            } else {
                Order::Newest
            },
            class: nth(&self.classes, self.chosen(4)),
            ..ListQuery::default()
        }
    }

    /// What narrows the list, in words.
    pub fn summary(&self) -> String {
        let chosen: Vec<&str> = self
            .facets
            .iter()
            .filter(|f| f.chosen > 0)
            .map(|f| f.choices[f.chosen].as_str())
            .collect();
        chosen.join(" · ")
    }

    /// Moves or changes; answers whether the query has changed.
    fn command(&mut self, cmd: Cmd) -> Option<bool> {
        let facet = self.facets.get_mut(self.cursor)?;
        let count = facet.choices.len();
        match cmd {
            Cmd::Up | Cmd::PageUp => self.cursor = self.cursor.saturating_sub(1),
            Cmd::Down | Cmd::PageDown => self.cursor = (self.cursor + 1).min(self.facets.len() - 1),
            Cmd::First => self.cursor = 0,
            Cmd::Last => self.cursor = self.facets.len() - 1,
            Cmd::Left => {
                facet.chosen = (facet.chosen + count - 1) % count;
                return Some(true);
            }
            Cmd::Right => {
                facet.chosen = (facet.chosen + 1) % count;
                return Some(true);
            }
            Cmd::Unfilter => {
                self.facets.iter_mut().for_each(|facet| facet.chosen = 0);
                return Some(true);
            }
            _ => return None,
        }
        Some(false)
    }
}

impl Screen for Filter {
    fn context(&self) -> Context {
        Context::Filter
    }

    fn title(&self, room: &Room) -> Bits {
        vec![bit(room.text("key.filter"), Tone::Strong)]
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let room = scene.room;
        let inner = inset(scene.area, 1, 1);
        let label_width = self
            .facets
            .iter()
            .map(|f| width(&f.label))
            .max()
            .unwrap_or(8);
        for (index, facet) in self.facets.iter().enumerate() {
            let row = u16::try_from(index * 2 + 1).unwrap_or(u16::MAX);
            let shown = format!(
                "← {} →",
                facet.choices.get(facet.chosen).map_or("", String::as_str)
            );
            let bits = vec![
                bit(format!(" {}  ", pad(&facet.label, label_width)), Tone::Dim),
                bit(
                    shown,
                    if facet.chosen > 0 {
                        Tone::Strong
                    } else {
                        Tone::Text
                    },
                ),
            ];
            if index == self.cursor {
                selected_line(room, buf, inner, row, &bits, Tone::Selected);
            } else {
                line(room, buf, inner, row, &bits);
            }
        }
        None
    }

    fn key(&mut self, press: &Press, _here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        if press.cmd == Some(Cmd::Open) {
            return Taken::Closes;
        }
        let Some(changed) = press.cmd.and_then(|cmd| self.command(cmd)) else {
            return Taken::No;
        };
        if changed {
            out.go(Go::Narrow(self.query()));
        }
        Taken::Yes
    }

    /// The same with the names that the rules in force now have.
    fn renamed(&mut self, _known: &[RecordView], room: &Room, _out: &mut Outbox<'_>) {
        if let Some(register) = register(self.register) {
            *self = Self {
                cursor: self.cursor,
                ..Self::new(register, &self.query(), room)
            };
        }
    }
}
