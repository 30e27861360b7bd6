//! Search 查找: results while one types, in this register or in all.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::list::List;
use super::outlets;
use crate::base::i18n::Msg;
use crate::desk::Error;
use crate::desk::view::ListQuery;
use crate::tui::edit::{Edit, Editor};
use crate::tui::keymap::{Cmd, Context};
use crate::tui::message::{Asker, Got};
use crate::tui::outbox::{Outbox, Pick};
use crate::tui::paint::{Bits, bit, inset, line, prompt};
use crate::tui::room::Room;
use crate::tui::screen::{Cover, Here, Press, Scene, Screen, Taken};
use crate::tui::theme::Tone;

/// A search.
#[derive(Clone, Debug)]
pub struct Search {
    typed: Editor,
    /// The register it was begun in.
    here: Option<String>,
    everywhere: bool,
    asker: Asker,
    /// What was found.
    list: List,
    asked: String,
}

impl Search {
    /// A search begun in a register, or in 今日.
    pub fn new(here: Option<&str>, asker: Asker) -> Self {
        Self {
            typed: Editor::line(""),
            here: here.map(str::to_owned),
            everywhere: true,
            list: List::new(ListQuery::default(), asker),
            asker,
            asked: String::new(),
        }
    }

    fn ask(&mut self, out: &mut Outbox<'_>) {
        let words = self.typed.text().trim().to_owned();
        self.asked.clone_from(&words);
        let register = self.here.clone().filter(|_| !self.everywhere);
        if words.is_empty() {
            self.list = List::new(
                ListQuery {
                    register,
                    ..ListQuery::default()
                },
                self.asker,
            );
        } else {
            self.list.ask(
                ListQuery {
                    register,
                    search: Some(words),
                    ..ListQuery::default()
                },
                out,
            );
        }
    }

    fn open(&self, out: &mut Outbox<'_>) {
        out.go.extend(self.list.way_in());
    }
}

impl Screen for Search {
    fn context(&self) -> Context {
        Context::Search
    }

    fn title(&self, room: &Room) -> Bits {
        let place = match &self.here {
            Some(code) if !self.everywhere => room.text(&format!("register.{code}")),
            _ => room.text("tui.everywhere"),
        };
        vec![
            bit(room.text("key.search"), Tone::Strong),
            bit(format!(" · {place}"), Tone::Dim),
        ]
    }

    fn cover(&self) -> Cover {
        Cover::Left
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let (room, area) = (scene.room, scene.area);
        let inner = inset(area, 1, 1);
        let mut found = Vec::new();
        if !self.asked.is_empty() && self.list.held() > 0 {
            let key = match self.list.complete() {
                true => "tui.found",
                false => "tui.found_more",
            };
            let told = room.say(&Msg::new(key).with("n", self.list.held()));
            found.push(bit(format!("   {told}"), Tone::Dim));
        }
        let asked = bit(format!("{} ", room.text("tui.search_for")), Tone::Dim);
        let cursor = prompt(room, buf, inner, asked, &self.typed, &found);
        let below = Rect {
            y: area.y + 1,
            height: area.height.saturating_sub(1),
            ..area
        };
        if self.asked.is_empty() {
            line(
                room,
                buf,
                Rect {
                    y: below.y,
                    ..inner
                },
                0,
                &[bit(room.text("tui.search_hint"), Tone::Dim)],
            );
        } else if self.list.is_empty() {
            let text = room.say(&Msg::new("tui.not_found").with("words", self.asked.as_str()));
            line(
                room,
                buf,
                Rect {
                    y: below.y,
                    ..inner
                },
                0,
                &[bit(text, Tone::Dim)],
            );
        } else {
            self.list.draw(room, below, buf, true);
        }
        Some(cursor)
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        match self.typed.key(press.event) {
            Edit::Nothing => {}
            Edit::Moved => return Taken::Yes,
            Edit::Changed => {
                if self.typed.text().trim() != self.asked {
                    self.ask(out);
                }
                return Taken::Yes;
            }
        }
        match press.cmd {
            Some(Cmd::Everywhere) => {
                if self.here.is_some() {
                    self.everywhere = !self.everywhere;
                    self.ask(out);
                }
            }
            Some(Cmd::Open) => self.open(out),
            Some(Cmd::Outlet) => {
                return Taken::Opens(Box::new(outlets::of_list(&self.list, here.room)));
            }
            Some(cmd) if self.list.command(cmd, here.rows().saturating_sub(2), out) => {}
            _ => return Taken::No,
        }
        Taken::Yes
    }

    fn paste(&mut self, text: &str, _here: &Here<'_>, out: &mut Outbox<'_>) {
        self.typed.insert(text);
        self.ask(out);
    }

    fn cannot(&self, cmd: Cmd) -> Option<Msg> {
        let nowhere = cmd == Cmd::Everywhere && self.here.is_none();
        nowhere.then(|| Msg::new("tui.everywhere_already"))
    }

    fn pick(&mut self, pick: &Pick, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        self.list.pick(pick, here.room, out)
    }

    fn answer(
        &mut self,
        seq: u64,
        got: Result<&Got, &Error>,
        here: &Here<'_>,
        out: &mut Outbox<'_>,
    ) -> Taken {
        self.list.take(seq, got, here.rows(), out)
    }

    fn refresh(&mut self, out: &mut Outbox<'_>) {
        self.list.reload(out);
    }

    fn selected(&self) -> Option<&str> {
        self.list.selected_no()
    }
}
