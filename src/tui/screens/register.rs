//! The tab of a register: its list, narrowed or not, with lines that can be marked.

use ratatui::buffer::Buffer;

use super::filter::Filter;
use super::list::{List, MOST_MARKED, narrowed};
use super::outlets;
use crate::base::i18n::Msg;
use crate::desk::Error;
use crate::desk::view::ListQuery;
use crate::registers::dynamic::AnyRegister;
use crate::tables::{list, tsv};
use crate::tui::keymap::{Cmd, Context};
use crate::tui::message::{Asker, Effect, Got};
use crate::tui::outbox::{Go, Outbox, Pick};
use crate::tui::paint::{Bits, bit, inset, line};
use crate::tui::room::Room;
use crate::tui::screen::{Cover, Here, Leaving, Press, Scene, Screen, Taken};
use crate::tui::text::wrap;
use crate::tui::theme::Tone;

/// A register's tab.
pub struct Register {
    register: &'static dyn AnyRegister,
    list: List,
}

impl Register {
    /// The tab of this number; nothing is read before it is looked at.
    pub fn new(tab: usize, register: &'static dyn AnyRegister) -> Self {
        let query = Self::whole(register);
        Self {
            register,
            list: List::new(query, Asker::Tab(tab)),
        }
    }

    fn whole(register: &'static dyn AnyRegister) -> ListQuery {
        ListQuery {
            register: Some(register.spec().code.to_owned()),
            ..ListQuery::default()
        }
    }

    /// The register's code.
    pub fn code(&self) -> &'static str {
        self.register.spec().code
    }

    /// Shows what this query asks for.
    pub fn narrow(&mut self, query: ListQuery, out: &mut Outbox<'_>) {
        self.list.ask(query, out);
    }

    /// Reads if what is held is no longer what the file says.
    pub fn look(&mut self, out: &mut Outbox<'_>) {
        self.list.refresh(out);
    }

    /// Something was written; read again when it is looked at.
    pub fn spoil(&mut self) {
        self.list.spoil();
    }

    /// Reads from the beginning and selects a record there.
    pub fn look_at(&mut self, no: &str, out: &mut Outbox<'_>) {
        self.list.reload_at(no, out);
    }

    fn unfilter(&mut self, out: &mut Outbox<'_>) {
        self.list.ask(Self::whole(self.register), out);
    }

    /// Marks the line under the cursor, or not, and goes on to the next.
    fn mark(&mut self, here: &Here<'_>, out: &mut Outbox<'_>) {
        if !self.list.mark(here.rows(), out) {
            let message = Msg::new("outlet.too_many").with("n", MOST_MARKED);
            out.go(Go::Say(here.room.say(&message), Tone::Soon));
        }
    }

    fn open(&self, out: &mut Outbox<'_>) {
        out.go.extend(self.list.way_in());
    }

    fn explain(&self, room: &Room, out: &mut Outbox<'_>) {
        let owed = self.list.selected().and_then(|item| {
            let deadline = &item.next.as_ref()?.deadline;
            let no = item.record.head.no.clone();
            Some(Go::ExplainDuty(no, deadline.code.clone(), deadline.round))
        });
        let none = || Go::Say(room.text("tui.nothing_owed"), Tone::Soon);
        out.go(owed.unwrap_or_else(none));
    }

    fn copy_marked(&self, room: &Room, out: &mut Outbox<'_>) {
        let columns = list::columns(self.register, &[], &room.voice);
        let marked = self.list.marked.iter();
        let row = |item| {
            let (rules, voice) = (&room.rules, &room.voice);
            list::row(self.register, &columns, item, rules, voice, room.now)
        };
        let rows: Vec<_> = marked.map(row).collect();
        let message = Msg::new("outlet.copied_rows").with("n", rows.len());
        let text = tsv(&room.voice, &columns, &rows);
        out.effects.push(Effect::Copy(text));
        out.go(Go::Say(room.say(&message), Tone::Dim));
    }
}

impl Screen for Register {
    fn context(&self) -> Context {
        Context::List
    }

    fn title(&self, room: &Room) -> Bits {
        let name = room.text(&format!("register.{}", self.code()));
        let mut bits = vec![bit(name, Tone::Strong)];
        if narrowed(&self.list.query) {
            let summary = Filter::new(self.register, &self.list.query, room).summary();
            let told = format!("  {} {summary}", room.text("tui.filtered"));
            bits.push(bit(told, Tone::Soon));
        }
        let marked = self.list.marked.len();
        if marked > 0 {
            let message = Msg::new("outlet.marked").with("n", marked);
            bits.push(bit(format!("  ◆ {}", room.say(&message)), Tone::Key));
        }
        bits
    }

    fn cover(&self) -> Cover {
        Cover::Left
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let room = scene.room;
        self.list.draw(room, scene.area, buf, scene.focused);
        if self.list.is_empty() && self.list.is_current() {
            let key = match narrowed(&self.list.query) {
                true => "tui.empty_filtered",
                false => "tui.empty_list",
            };
            let inner = inset(scene.area, 2, 1);
            let told = wrap(&room.text(key), usize::from(inner.width));
            for (row, text) in (2..).zip(told) {
                line(room, buf, inner, row, &[bit(text, Tone::Dim)]);
            }
        }
        None
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        let room = here.room;
        match press.cmd {
            Some(Cmd::Open) => self.open(out),
            Some(Cmd::NextPane) if room.wide() => self.open(out),
            Some(Cmd::NextPane) => out.go(Go::NextTab),
            Some(Cmd::Why) => self.explain(room, out),
            Some(Cmd::Mark) => self.mark(here, out),
            Some(Cmd::Unfilter) => self.unfilter(out),
            Some(Cmd::Filter) => {
                let filter = Filter::new(self.register, &self.list.query, room);
                return Taken::Opens(Box::new(filter));
            }
            Some(Cmd::Outlet) => {
                return Taken::Opens(Box::new(outlets::of_list(&self.list, room)));
            }
            Some(cmd) if self.list.command(cmd, here.rows(), out) => {}
            _ => return Taken::No,
        }
        Taken::Yes
    }

    fn cannot(&self, cmd: Cmd) -> Option<Msg> {
        let why = match cmd {
            Cmd::Unfilter if !narrowed(&self.list.query) => "tui.not_filtered",
            Cmd::Mark | Cmd::Open | Cmd::Why | Cmd::Actions if self.selected().is_none() => {
                "tui.nothing_selected"
            }
            _ => return None,
        };
        Some(Msg::new(why))
    }

    fn pick(&mut self, pick: &Pick, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        if matches!(pick, Pick::CopyMarked) {
            self.copy_marked(here.room, out);
            return Taken::Yes;
        }
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

    /// First the marks go, then what narrows the list.
    fn leave(&mut self, leaving: Leaving, _room: &Room, out: &mut Outbox<'_>) -> bool {
        if leaving == Leaving::Away {
            return true;
        }
        if self.list.unmark() {
            return false;
        }
        let narrowed = narrowed(&self.list.query);
        if narrowed {
            self.unfilter(out);
        }
        !narrowed
    }

    fn selected(&self) -> Option<&str> {
        self.list.selected_no()
    }
}
