//! A record: read it, tick its duties off, go from one to another. A running outage shows as its sheet.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::card_lines::{CardLine, Spot, lines, title};
use super::entry;
use super::explain::Explain;
use super::history::telling;
use super::menu::Pick;
use super::paper::Sought;
use super::sheet;
use crate::base::i18n::Msg;
use crate::desk::told::Told;
use crate::desk::view::RecordView;
use crate::record::common::ExplainBreach;
use crate::registers::label;
use crate::rules::deadline::{Deadline, Tick};
use crate::tui::keymap::{Cmd, Context};
use crate::tui::layout::window;
use crate::tui::message::{Asker, Part, Want};
use crate::tui::outbox::{Go, Outbox, Start};
use crate::tui::paint::{Bits, bit, inset, line, selected_line};
use crate::tui::room::Room;
use crate::tui::theme::Tone;

/// A card.
#[derive(Clone)]
pub struct Card {
    /// The record's number.
    pub no: String,
    /// What the desk knows of it.
    pub view: Option<Box<RecordView>>,
    /// There is no such record.
    pub missing: bool,
    asker: Asker,
    seq: u64,
    /// Its history in words: told once for each answer of the desk, not for each frame.
    told: Vec<Told>,
    /// What can be chosen, in the order of the lines.
    spots: Vec<Spot>,
    /// Which of the lines that stand for something is chosen: its place among them, and what it stands for.
    chosen: Option<(usize, Spot)>,
    top: usize,
    /// The whole card, even of a running outage.
    pub whole: bool,
}

/// The rows of the lines that stand for something.
fn rows_of(lines: &[CardLine]) -> Vec<usize> {
    let lines = lines.iter().enumerate();
    lines
        .filter_map(|(row, line)| line.spot.as_ref().map(|_| row))
        .collect()
}

impl Card {
    /// Asks for a record.
    pub fn open(no: &str, asker: Asker, out: &mut Outbox<'_>) -> Self {
        let mut card = Self {
            no: no.to_owned(),
            view: None,
            missing: false,
            asker,
            seq: 0,
            told: Vec::new(),
            spots: Vec::new(),
            chosen: None,
            top: 0,
            whole: false,
        };
        card.reload(out);
        card
    }

    /// The card beside the list, taken to the front.
    pub fn taken(peek: &Card, out: &mut Outbox<'_>) -> Self {
        let mut card = Self {
            asker: out.asker(),
            chosen: None,
            top: 0,
            ..peek.clone()
        };
        card.reload(out);
        card
    }

    /// Reads it again.
    pub fn reload(&mut self, out: &mut Outbox<'_>) {
        let slot = self.asker.part(Part::Shown);
        self.seq = out.ask(slot, Want::View(self.no.clone()));
    }

    /// Takes the answer if it is the one waited for.
    pub fn answer(&mut self, seq: u64, view: Option<&RecordView>, room: &Room) -> bool {
        if seq != self.seq {
            return false;
        }
        self.missing = view.is_none();
        self.view = view.cloned().map(Box::new);
        self.tell(room);
        true
    }

    /// Takes what an action made of the record.
    pub fn take(&mut self, view: &RecordView, room: &Room) {
        if view.record.head.no == self.no {
            self.view = Some(Box::new(view.clone()));
            self.tell(room);
        }
    }

    /// Puts into words what drawing and keys read: when the record has changed, or the day, by which times are told.
    pub fn tell(&mut self, room: &Room) {
        self.told = self.view.as_ref().map_or_else(Vec::new, |view| {
            telling(room, |teller| teller.history(view))
        });
        self.list_spots(room);
    }

    fn list_spots(&mut self, room: &Room) {
        // Neither the width nor the time changes what can be chosen.
        let lines = self.lines(room, 80);
        self.spots = lines.into_iter().filter_map(|line| line.spot).collect();
    }

    /// Whether the sheet of a running outage is shown.
    pub fn is_sheet(&self) -> bool {
        !self.whole && self.view.as_ref().is_some_and(|view| sheet::applies(view))
    }

    /// Where its keys are looked up.
    pub fn context(&self) -> Context {
        if self.is_sheet() {
            Context::Sheet
        } else {
            Context::Card
        }
    }

    /// Its title, for the rule above it.
    pub fn title(&self, room: &Room) -> Bits {
        match &self.view {
            Some(view) => title(view, room),
            None => vec![bit(self.no.clone(), Tone::Strong)],
        }
    }

    fn lines(&self, room: &Room, columns: usize) -> Vec<CardLine> {
        match &self.view {
            Some(view) if self.is_sheet() => sheet::lines(view, &self.told, room, columns),
            Some(view) => lines(view, &self.told, room, columns),
            None => Vec::new(),
        }
    }

    /// The place of what is chosen among what can be: it stays chosen when other lines come and go; when it has gone,
    /// what stands in its place is. On the sheet that is the first open duty, as long as nothing else is.
    fn chosen_at(&self) -> Option<usize> {
        let Some((at, chosen)) = &self.chosen else {
            let view = self.view.as_ref().filter(|_| self.is_sheet())?;
            let duty = |spot: &Spot| match spot {
                Spot::Duty(at) => view.deadlines.get(*at),
                _ => None,
            };
            let mut spots = self.spots.iter();
            let open = spots.position(|spot| duty(spot).is_some_and(Deadline::pending));
            return open.or_else(|| self.spots.iter().position(|spot| duty(spot).is_some()));
        };
        let same = self.spots.iter().position(|spot| spot == chosen);
        Some(same.unwrap_or((*at).min(self.spots.len().saturating_sub(1))))
    }

    fn choose(&mut self, at: usize) {
        self.chosen = self.spots.get(at).map(|spot| (at, spot.clone()));
    }

    /// What is chosen.
    pub fn spot(&self) -> Option<&Spot> {
        self.spots.get(self.chosen_at()?)
    }

    /// The duty that is chosen, itself or by one of its parts.
    pub fn duty(&self) -> Option<&Deadline> {
        let (Spot::Duty(at) | Spot::Part(at, _)) = self.spot()? else {
            return None;
        };
        self.view.as_ref()?.deadlines.get(*at)
    }

    /// How the chosen duty or part is ticked off.
    pub fn tick(&self) -> Option<&Tick> {
        let deadlines = &self.view.as_ref()?.deadlines;
        match self.spot()? {
            Spot::Duty(at) => deadlines.get(*at).filter(|d| d.pending())?.tick.as_ref(),
            Spot::Part(at, part) => deadlines
                .get(*at)?
                .parts
                .get(*part)
                .filter(|p| p.done.is_none())?
                .tick
                .as_ref(),
            Spot::Link(_) | Spot::Paper(..) | Spot::Breach(_) | Spot::Entry(_) => None,
        }
    }

    /// Whether an action is offered now.
    pub fn offers(&self, action: &str) -> bool {
        self.view
            .as_ref()
            .is_some_and(|view| view.offers.iter().any(|spec| spec.name == action))
    }

    /// Whether the key does something here and now.
    pub fn can(&self, cmd: Cmd) -> bool {
        match cmd {
            Cmd::Tick => self.tick().is_some(),
            Cmd::Restore => self.offers("restore"),
            Cmd::RestorePart => self.offers("restore_part"),
            Cmd::WholeCard => self.view.as_ref().is_some_and(|view| sheet::applies(view)),
            Cmd::Why => {
                matches!(self.spot(), Some(Spot::Entry(_)))
                    || self.duty().is_some()
                    || self
                        .view
                        .as_ref()
                        .is_some_and(|v| v.record.head.class.is_some())
            }
            Cmd::Open if self.is_sheet() => self.tick().is_some(),
            _ => true,
        }
    }

    /// Does what a key asks for; answers whether it was one of its own.
    pub fn command(
        &mut self,
        cmd: Cmd,
        digit: Option<usize>,
        room: &Room,
        area: Rect,
        out: &mut Outbox<'_>,
    ) -> bool {
        match cmd {
            Cmd::Up => self.step(-1, room, area),
            Cmd::Down => self.step(1, room, area),
            Cmd::PageUp | Cmd::PageDown | Cmd::First | Cmd::Last => self.turn(cmd, room, area),
            Cmd::WholeCard if self.can(cmd) => {
                (self.whole, self.top, self.chosen) = (!self.whole, 0, None);
                self.list_spots(room);
            }
            Cmd::Open => self.enter(room, out),
            Cmd::Tick => self.tick_off(room, out),
            Cmd::Actions => out.go(Go::Menu(self.no.clone())),
            Cmd::Why => self.explain(room, out),
            Cmd::Nth => self.nth(digit.unwrap_or(0), room, out),
            Cmd::Restore => self.form("restore", out),
            Cmd::RestorePart => self.form("restore_part", out),
            _ => return false,
        }
        true
    }

    /// Turns the pages; what is chosen is always in sight.
    fn turn(&mut self, cmd: Cmd, room: &Room, area: Rect) {
        let rows = usize::from(area.height);
        let columns = usize::from(area.width).saturating_sub(2);
        let page = rows.saturating_sub(1);
        let lines = self.lines(room, columns);
        let most = lines.len().saturating_sub(rows);
        self.top = match cmd {
            Cmd::PageUp => self.top.saturating_sub(page),
            Cmd::PageDown => (self.top + page).min(most),
            Cmd::Last => most,
            _ => 0,
        };
        let in_sight = self.top..self.top + rows;
        let spots = rows_of(&lines).into_iter().enumerate();
        let mut seen = spots.filter(|(_, row)| in_sight.contains(row));
        let at = match cmd {
            Cmd::First => None,
            Cmd::PageUp if self.top == 0 => None,
            Cmd::Last => seen.next_back(),
            _ => seen.next(),
        };
        match at.map(|(at, _)| at) {
            Some(at) => self.choose(at),
            None => self.chosen = None,
        }
    }

    fn step(&mut self, by: isize, room: &Room, area: Rect) {
        let rows = usize::from(area.height);
        let columns = usize::from(area.width).saturating_sub(2);
        let lines = self.lines(room, columns);
        let most = lines.len().saturating_sub(rows);
        let spots = rows_of(&lines);
        let next = match (self.chosen_at(), by > 0) {
            (None, true) => spots.iter().position(|row| *row >= self.top),
            (None, false) => None,
            (Some(at), true) => Some(at + 1),
            (Some(at), false) => at.checked_sub(1),
        };
        match next.and_then(|at| spots.get(at).map(|row| (at, *row))) {
            // The next thing to choose is in reach: go there; else only scroll.
            Some((at, row)) if by < 0 || row < self.top + rows + 3 => {
                self.choose(at);
                self.top = window(self.top, row, rows);
            }
            Some(_) => self.top = (self.top + 1).min(most),
            None if by > 0 => self.top = (self.top + 1).min(most),
            None => {
                self.top = self.top.saturating_sub(1);
                if self.top == 0 && !self.is_sheet() {
                    self.chosen = None;
                }
            }
        }
    }

    fn enter(&mut self, room: &Room, out: &mut Outbox<'_>) {
        match self.spot().cloned() {
            Some(Spot::Link(no)) => out.go(Go::Card(no)),
            Some(Spot::Paper(document, item)) => {
                let no = self.no.clone();
                out.go(Go::Outlet(Pick::Paper(Sought { no, document, item })));
            }
            // One line stands for them all there: which is meant is asked when there are several.
            Some(Spot::Breach(_)) if self.is_sheet() => self.form(ExplainBreach::NAME, out),
            Some(Spot::Breach(at)) => self.explain_breach(at, out),
            Some(Spot::Entry(seq)) => self.entry_menu(seq, room, out),
            Some(_) if self.tick().is_some() => self.tick_off(room, out),
            _ => out.go(Go::Menu(self.no.clone())),
        }
    }

    fn tick_off(&self, room: &Room, out: &mut Outbox<'_>) {
        match self.tick() {
            Some(tick) => out.go(Go::Tick(self.no.clone(), tick.clone())),
            None if self.duty().is_some_and(|d| !d.pending()) => {
                out.go(Go::Say(room.text("tui.done_already"), Tone::Dim));
            }
            None => out.go(Go::Say(room.text("tui.no_tick"), Tone::Soon)),
        }
    }

    /// Ticks off the duty that has this digit on the sheet.
    fn nth(&mut self, digit: usize, room: &Room, out: &mut Outbox<'_>) {
        let Some(view) = &self.view else { return };
        let mut digits = view.register.spec().digits.iter();
        let Some(key) = digits.find(|key| key.digit == digit) else {
            return;
        };
        let Some(line) = sheet::line_of(view, key.duty).map(Spot::Duty) else {
            return self.no_such_duty(key.duty, room, out);
        };
        let Some(at) = self.spots.iter().position(|spot| *spot == line) else {
            return;
        };
        let of_it =
            |spot: &Spot| matches!((spot, &line), (Spot::Part(of, _), Spot::Duty(at)) if of == at);
        let parts = || (0..self.spots.len()).filter(|place| of_it(&self.spots[*place]));
        let next = parts()
            .find(|place| Some(*place) > self.chosen_at())
            .or_else(|| parts().next());
        if let Some(next) = next.filter(|_| key.each) {
            return self.choose(next);
        }
        self.choose(at);
        self.tick_off(room, out);
    }

    /// The digit means something, but not of this record.
    fn no_such_duty(&self, code: &str, room: &Room, out: &mut Outbox<'_>) {
        let Some(view) = &self.view else { return };
        let duty = label::duty(&room.voice, view.register.spec().code, code);
        let told = Msg::new("tui.not_owed").with("duty", duty);
        out.go(Go::Say(room.say(&told), Tone::Soon));
    }

    /// What can be done to an entry of the history.
    fn entry_menu(&self, seq: i64, room: &Room, out: &mut Outbox<'_>) {
        let menu = self
            .view
            .as_ref()
            .and_then(|view| entry::menu(view, seq, room));
        if let Some(menu) = menu {
            out.go(Go::Choose(menu));
        }
    }

    /// The reason of a breach is asked for.
    fn explain_breach(&self, at: usize, out: &mut Outbox<'_>) {
        let Some(view) = &self.view else { return };
        let breach = view.record.head.breaches.get(at);
        if let Some(start) = breach.and_then(|breach| entry::explaining(view, breach)) {
            out.go(Go::Form(start));
        }
    }

    fn form(&self, action: &str, out: &mut Outbox<'_>) {
        let Some(view) = &self.view else { return };
        if let Some(action) = view.offers.iter().find(|spec| spec.name == action) {
            out.go(Go::Form(Start {
                target: crate::desk::view::Target::On(self.no.clone()),
                register: view.register,
                action,
                preset: Vec::new(),
                asked: &[],
            }));
        }
    }

    fn explain(&self, room: &Room, out: &mut Outbox<'_>) {
        let Some(view) = &self.view else { return };
        let explained = match self.duty() {
            Some(deadline) => Some(Explain::duty(view.register, &self.no, deadline, room)),
            None => match self.spot() {
                Some(Spot::Entry(seq)) => entry::explain(view, *seq, room),
                _ => Explain::class(view, room),
            },
        };
        match explained {
            Some(explain) => out.go(Go::Explain(explain)),
            None => out.go(Go::Say(room.text("tui.choose_duty"), Tone::Soon)),
        }
    }

    /// Text for the clipboard.
    pub fn copied(&self, room: &Room) -> String {
        let text = |bits: &Bits| bits.iter().map(|b| b.0.as_str()).collect::<String>();
        let mut out = vec![text(&self.title(room))];
        out.extend(self.lines(room, 100).iter().map(|line| text(&line.bits)));
        out.join("\n")
    }

    /// Draws it; `focused`: its lines can be chosen.
    pub fn draw(&self, room: &Room, area: Rect, buf: &mut Buffer, focused: bool) {
        let inner = inset(area, 1, 1);
        if self.missing {
            line(
                room,
                buf,
                inner,
                1,
                &[bit(room.text("tui.no_record"), Tone::Dim)],
            );
            return;
        }
        let lines = self.lines(room, usize::from(inner.width));
        let rows = usize::from(area.height);
        let chosen = self.chosen_at().filter(|_| focused);
        let chosen_row = chosen.and_then(|at| rows_of(&lines).get(at).copied());
        let top = self.top.min(lines.len().saturating_sub(1));
        for (row, card_line) in lines.iter().skip(top).take(rows).enumerate() {
            let at = u16::try_from(row).unwrap_or(u16::MAX);
            if Some(top + row) == chosen_row {
                selected_line(room, buf, inner, at, &card_line.bits, Tone::Selected);
            } else {
                line(room, buf, inner, at, &card_line.bits);
            }
        }
        if lines.len() > top + rows {
            let below = Rect {
                y: area.y + area.height.saturating_sub(1),
                height: 1,
                x: area.x + area.width.saturating_sub(1),
                width: 1,
            };
            line(room, buf, below, 0, &[bit("↓", Tone::Dim)]);
        }
    }
}
