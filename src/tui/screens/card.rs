//! A record: read it, tick its duties off, go from one to another. A running outage shows as its sheet.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::card_lines::{CardLine, Spot, lines, title};
use super::explain::Explain;
use super::menu::Pick;
use super::paper::Sought;
use super::sheet;
use crate::desk::view::RecordView;
use crate::rules::deadline::{Deadline, Tick};
use crate::tui::keymap::{Cmd, Context};
use crate::tui::layout::window;
use crate::tui::message::{Slot, Want};
use crate::tui::outbox::{Go, Outbox, Start};
use crate::tui::paint::{Bits, bit, inset, line, selected_line};
use crate::tui::room::Room;
use crate::tui::theme::Tone;

/// A card.
#[derive(Clone, Default)]
pub struct Card {
    /// The record's number.
    pub no: String,
    /// What the desk knows of it.
    pub view: Option<Box<RecordView>>,
    /// There is no such record.
    pub missing: bool,
    slot: Option<Slot>,
    seq: u64,
    /// Which of the lines that stand for something is chosen.
    chosen: Option<usize>,
    top: usize,
    /// The whole card, even of a running outage.
    pub whole: bool,
}

impl Card {
    /// Asks for a record.
    pub fn open(no: &str, slot: Slot, out: &mut Outbox<'_>) -> Self {
        let mut card = Self {
            no: no.to_owned(),
            slot: Some(slot),
            ..Self::default()
        };
        card.reload(out);
        card
    }

    /// The card beside the list, taken to the front.
    pub fn taken(peek: &Card, out: &mut Outbox<'_>) -> Self {
        let mut card = Self {
            slot: Some(Slot::Card),
            chosen: None,
            top: 0,
            ..peek.clone()
        };
        card.reload(out);
        card
    }

    /// Reads it again.
    pub fn reload(&mut self, out: &mut Outbox<'_>) {
        self.seq = out.ask(self.slot.unwrap_or(Slot::Card), Want::View(self.no.clone()));
    }

    /// Takes the answer if it is the one waited for.
    pub fn answer(&mut self, seq: u64, view: Option<&RecordView>) -> bool {
        if seq != self.seq {
            return false;
        }
        self.missing = view.is_none();
        self.view = view.cloned().map(Box::new);
        true
    }

    /// Takes what an action made of the record.
    pub fn take(&mut self, view: &RecordView) {
        if view.record.head.no == self.no {
            self.view = Some(Box::new(view.clone()));
        }
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
            Some(view) if self.is_sheet() => sheet::lines(view, room, columns),
            Some(view) => lines(view, room, columns),
            None => Vec::new(),
        }
    }

    fn spots(&self, room: &Room, columns: usize) -> Vec<(usize, Spot)> {
        let lines = self.lines(room, columns).into_iter().enumerate();
        lines
            .filter_map(|(at, line)| line.spot.map(|spot| (at, spot)))
            .collect()
    }

    /// What is chosen.
    pub fn spot(&self, room: &Room) -> Option<Spot> {
        let chosen = self.chosen.or_else(|| self.is_sheet().then_some(0))?;
        self.spots(room, 80)
            .into_iter()
            .nth(chosen)
            .map(|(_, spot)| spot)
    }

    /// The duty that is chosen, itself or by one of its parts.
    pub fn duty(&self, room: &Room) -> Option<&Deadline> {
        let (Spot::Duty(at) | Spot::Part(at, _)) = self.spot(room)? else {
            return None;
        };
        self.view.as_ref()?.deadlines.get(at)
    }

    /// How the chosen duty or part is ticked off.
    pub fn tick(&self, room: &Room) -> Option<&Tick> {
        let deadlines = &self.view.as_ref()?.deadlines;
        match self.spot(room)? {
            Spot::Duty(at) => deadlines.get(at).filter(|d| d.pending())?.tick.as_ref(),
            Spot::Part(at, part) => deadlines
                .get(at)?
                .parts
                .get(part)
                .filter(|p| p.done.is_none())?
                .tick
                .as_ref(),
            Spot::Link(_) | Spot::Paper(..) => None,
        }
    }

    /// Whether an action is offered now.
    pub fn offers(&self, action: &str) -> bool {
        self.view
            .as_ref()
            .is_some_and(|view| view.offers.iter().any(|spec| spec.name == action))
    }

    /// Whether the key does something here and now.
    pub fn can(&self, cmd: Cmd, room: &Room) -> bool {
        match cmd {
            Cmd::Tick => self.tick(room).is_some(),
            Cmd::Restore => self.offers("restore"),
            Cmd::RestorePart => self.offers("restore_part"),
            Cmd::WholeCard => self.view.as_ref().is_some_and(|view| sheet::applies(view)),
            Cmd::Why => {
                self.duty(room).is_some()
                    || self
                        .view
                        .as_ref()
                        .is_some_and(|v| v.record.head.class.is_some())
            }
            Cmd::Open if self.is_sheet() => self.tick(room).is_some(),
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
        let rows = usize::from(area.height);
        let all = self
            .lines(room, usize::from(area.width).saturating_sub(2))
            .len();
        match cmd {
            Cmd::Up => self.step(-1, room, area),
            Cmd::Down => self.step(1, room, area),
            Cmd::PageUp => self.top = self.top.saturating_sub(rows.saturating_sub(1)),
            Cmd::PageDown => {
                self.top = (self.top + rows.saturating_sub(1)).min(all.saturating_sub(rows))
            }
            Cmd::First => (self.top, self.chosen) = (0, None),
            Cmd::Last => self.top = all.saturating_sub(rows),
            Cmd::WholeCard if self.can(cmd, room) => {
                (self.whole, self.top, self.chosen) = (!self.whole, 0, None)
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

    fn step(&mut self, by: isize, room: &Room, area: Rect) {
        let rows = usize::from(area.height);
        let columns = usize::from(area.width).saturating_sub(2);
        let spots = self.spots(room, columns);
        let all = self.lines(room, columns).len();
        let now = self.chosen.or_else(|| self.is_sheet().then_some(0));
        let next = match (now, by > 0) {
            (None, true) => Some(0),
            (None, false) => None,
            (Some(at), true) => Some(at + 1).filter(|at| *at < spots.len()),
            (Some(at), false) => at.checked_sub(1),
        };
        match next.and_then(|at| spots.get(at).map(|(row, _)| (at, *row))) {
            // The next thing to choose is in reach: go there; else only scroll.
            Some((at, row)) if by < 0 || row < self.top + rows + 3 => {
                self.chosen = Some(at);
                self.top = window(self.top, row, rows);
            }
            Some(_) => self.top = (self.top + 1).min(all.saturating_sub(rows)),
            None if by > 0 => self.top = (self.top + 1).min(all.saturating_sub(rows)),
            None => {
                self.top = self.top.saturating_sub(1);
                if self.top == 0 && !self.is_sheet() {
                    self.chosen = None;
                }
            }
        }
    }

    fn enter(&mut self, room: &Room, out: &mut Outbox<'_>) {
        match self.spot(room) {
            Some(Spot::Link(no)) => out.go(Go::Card(no)),
            Some(Spot::Paper(document, item)) => {
                let no = self.no.clone();
                out.go(Go::Outlet(Pick::Paper(Sought { no, document, item })));
            }
            Some(_) if self.tick(room).is_some() => self.tick_off(room, out),
            _ => out.go(Go::Menu(self.no.clone())),
        }
    }

    fn tick_off(&self, room: &Room, out: &mut Outbox<'_>) {
        match self.tick(room) {
            Some(tick) => out.go(Go::Tick(self.no.clone(), tick.clone())),
            None if self.duty(room).is_some_and(|d| !d.pending()) => {
                out.go(Go::Say(room.text("tui.done_already"), Tone::Dim));
            }
            None => out.go(Go::Say(room.text("tui.no_tick"), Tone::Soon)),
        }
    }

    /// Ticks off the duty that has this digit on the sheet.
    fn nth(&mut self, digit: usize, room: &Room, out: &mut Outbox<'_>) {
        let wanted = if digit == 0 { 10 } else { digit };
        let duties: Vec<usize> = self
            .spots(room, 80)
            .into_iter()
            .enumerate()
            .filter_map(|(at, (_, spot))| matches!(spot, Spot::Duty(_)).then_some(at))
            .collect();
        if let Some(at) = duties.get(wanted - 1) {
            self.chosen = Some(*at);
            self.tick_off(room, out);
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
            }));
        }
    }

    fn explain(&self, room: &Room, out: &mut Outbox<'_>) {
        let Some(view) = &self.view else { return };
        let explained = match self.duty(room) {
            Some(deadline) => Some(Explain::duty(view.register, &self.no, deadline, room)),
            None => Explain::class(view, room),
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
        let chosen_row = focused
            .then(|| self.chosen.or_else(|| self.is_sheet().then_some(0)))
            .flatten()
            .and_then(|chosen| {
                lines
                    .iter()
                    .enumerate()
                    .filter(|(_, l)| l.spot.is_some())
                    .nth(chosen)
                    .map(|(at, _)| at)
            });
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
