//! A record: read it, tick its duties off, go from one to another. A running outage shows as its sheet.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::aside::Aside;
use super::card_lines::{CardLine, Spot, lines, title};
use super::card_moves::Panes;
use super::entry;
use super::explain::Explain;
use super::history::telling;
use super::sheet;
use crate::base::i18n::{Msg, clean};
use crate::base::time::Instant;
use crate::desk::Error;
use crate::desk::told::Told;
use crate::desk::view::RecordView;
use crate::record::common::ExplainBreach;
use crate::registers::label;
use crate::rules::deadline::{Deadline, Tick};
use crate::tui::hand::Writes;
use crate::tui::keymap::{Cmd, Context};
use crate::tui::message::{Asker, Got, Part, Sought, Want};
use crate::tui::outbox::{Go, Outbox, Pick, Start};
use crate::tui::paint::{Bits, bit, inset, line};
use crate::tui::room::Room;
use crate::tui::screen::{About, Cover, Here, Press, Scene, Screen, Taken};
use crate::tui::theme::Tone;

/// A card.
#[derive(Clone)]
pub struct Card {
    /// The record's number.
    pub no: String,
    /// What the desk knows of it.
    pub(super) view: Option<Box<RecordView>>,
    /// There is no such record.
    missing: bool,
    asker: Asker,
    seq: u64,
    /// Its history in words: told once for each answer of the desk, not for each frame.
    told: Vec<Told>,
    /// What can be chosen, in the order of the lines.
    pub(super) spots: Vec<Spot>,
    /// Which of the lines that stand for something is chosen: its place among them, and what it stands for.
    pub(super) chosen: Option<(usize, Spot)>,
    pub(super) top: usize,
    /// The whole card, even of a running outage.
    whole: bool,
    /// The duty (code, round) that the cursor goes to as soon as the record is there.
    pub(super) aim: Option<(String, u32)>,
    /// What is done is listed on the sheet, not only counted.
    unfolded: bool,
    /// What stands beside the sheet.
    aside: Aside,
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
            aim: None,
            unfolded: false,
            aside: Aside::default(),
        };
        card.refresh(out);
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
        card.refresh(out);
        card
    }

    /// Puts into words what drawing and keys read: when the record has changed, or the day, by which times are told.
    fn tell(&mut self, room: &Room) {
        self.told = self.view.as_ref().map_or_else(Vec::new, |view| {
            telling(room, |teller| teller.history(view))
        });
        self.list_spots(room);
        self.take_aim(room);
    }

    pub(super) fn list_spots(&mut self, room: &Room) {
        // Neither the width nor the time changes what can be chosen, but that the history, the last of it, may stand beside.
        let panes = self.panes(room, Rect::new(0, 0, 80, 24));
        let lines = self.lines(room, &panes);
        let spots = lines.iter().flat_map(CardLine::spots);
        self.spots = spots.cloned().collect();
    }

    /// Whether the sheet of a running outage is shown.
    pub(super) fn is_sheet(&self) -> bool {
        !self.whole && self.view.as_ref().is_some_and(|view| sheet::applies(view))
    }

    /// What scrolls.
    pub(super) fn lines(&self, room: &Room, panes: &Panes) -> Vec<CardLine> {
        let columns = usize::from(panes.main.width);
        match &self.view {
            Some(view) if self.is_sheet() => {
                let shape = sheet::Shape {
                    columns,
                    unfolded: self.unfolded,
                    history: panes.aside.is_none(),
                };
                sheet::lines(view, &self.told, room, shape)
            }
            Some(view) => lines(view, &self.told, room, columns),
            None => Vec::new(),
        }
    }

    /// What is chosen.
    fn spot(&self) -> Option<&Spot> {
        self.spots.get(self.chosen_at()?)
    }

    /// The duty that is chosen, itself or by one of its parts.
    fn duty(&self) -> Option<&Deadline> {
        let (Spot::Duty(at) | Spot::Part(at, _)) = self.spot()? else {
            return None;
        };
        self.view.as_ref()?.deadlines.get(*at)
    }

    /// How the chosen duty or part is ticked off.
    fn tick_of_spot(&self) -> Option<&Tick> {
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

    /// What stands beside the sheet is asked for where there is room for it.
    fn ask_aside(&mut self, room: &Room, out: &mut Outbox<'_>) {
        let asked = self.asker != Asker::Beside && self.has_aside(room.size.0);
        if let Some(view) = self.view.as_ref().filter(|_| asked) {
            self.aside.ask(view, self.asker, out);
        }
    }

    /// Whether an action is offered now.
    fn offers(&self, action: &str) -> bool {
        self.view
            .as_ref()
            .is_some_and(|view| view.offers.iter().any(|spec| spec.name == action))
    }

    /// Whether anything that was owed is done.
    fn has_done(&self) -> bool {
        let view = self.view.as_ref();
        view.is_some_and(|view| view.deadlines.iter().any(|duty| !duty.pending()))
    }

    /// Whether there is something to explain about what is chosen, or about the record.
    fn has_reasons(&self) -> bool {
        let classed = |view: &RecordView| view.record.head.class.is_some();
        matches!(self.spot(), Some(Spot::Entry(_)))
            || self.duty().is_some()
            || self.view.as_ref().is_some_and(|view| classed(view))
    }

    /// The whole card of a running outage, or its sheet again.
    fn turn_over(&mut self, room: &Room) {
        (self.whole, self.top, self.chosen) = (!self.whole, 0, None);
        self.list_spots(room);
    }

    fn enter(&mut self, room: &Room, out: &mut Outbox<'_>) -> Taken {
        match self.spot().cloned() {
            Some(Spot::Link(no)) => out.go(Go::Card(no)),
            Some(Spot::Paper(document, item)) => {
                let no = self.no.clone();
                out.go(Go::Outlet(Pick::Paper(Sought { no, document, item })));
            }
            // One line stands for them all there: which is meant is asked when there are several.
            Some(Spot::Breach(_)) if self.is_sheet() => self.form(ExplainBreach::NAME, out),
            Some(Spot::Breach(at)) => self.explain_breach(at, out),
            Some(Spot::Entry(seq)) => return self.entry_menu(seq, room),
            Some(_) if self.tick_of_spot().is_some() => self.fill(out),
            _ => out.go(Go::Menu(self.no.clone())),
        }
        Taken::Yes
    }

    /// The form of what ticks off what is chosen.
    fn fill(&self, out: &mut Outbox<'_>) {
        if let Some(tick) = self.tick_of_spot() {
            out.go(Go::Fill(self.no.clone(), tick.clone()));
        }
    }

    fn tick_off(&self, room: &Room, out: &mut Outbox<'_>) {
        let done = self.duty().is_some_and(|duty| !duty.pending());
        self.write_tick(self.tick_of_spot().cloned(), done, room, out);
    }

    fn write_tick(&self, tick: Option<Tick>, done: bool, room: &Room, out: &mut Outbox<'_>) {
        out.go(match tick {
            Some(tick) => Go::Tick(self.no.clone(), tick),
            None if done => Go::Say(room.text("tui.done_already"), Tone::Dim),
            None => Go::Say(room.text("tui.no_tick"), Tone::Soon),
        });
    }

    /// Ticks off the duty that has this digit on the sheet.
    fn nth(&mut self, digit: usize, room: &Room, out: &mut Outbox<'_>) {
        let Some(view) = &self.view else { return };
        let mut digits = view.register.spec().digits.iter();
        let Some(key) = digits.find(|key| key.digit == digit) else {
            return;
        };
        let Some(at) = sheet::line_of(view, key.duty) else {
            return self.no_such_duty(key.duty, room, out);
        };
        let duty = view.deadlines.get(at);
        let tick = duty
            .filter(|duty| duty.pending())
            .and_then(|duty| duty.tick.clone());
        let done = duty.is_some_and(|duty| !duty.pending());
        if let Some(place) = self.spots.iter().position(|spot| *spot == Spot::Duty(at)) {
            self.choose(place);
        }
        self.write_tick(tick, done, room, out);
    }

    /// The digit means something, but not of this record.
    fn no_such_duty(&self, code: &str, room: &Room, out: &mut Outbox<'_>) {
        let Some(view) = &self.view else { return };
        let duty = label::duty(&room.voice, view.register.spec().code, code);
        let told = Msg::new("tui.not_owed").with("duty", duty);
        out.go(Go::Say(room.say(&told), Tone::Soon));
    }

    /// What can be done to an entry of the history.
    fn entry_menu(&self, seq: i64, room: &Room) -> Taken {
        let view = self.view.as_deref();
        let menu = view.and_then(|view| entry::menu(&Arc::new(view.clone()), seq, room));
        menu.map_or(Taken::Yes, |menu| Taken::Opens(Box::new(menu)))
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

    fn explain(&self, room: &Room, out: &mut Outbox<'_>) -> Taken {
        let Some(view) = &self.view else {
            return Taken::Yes;
        };
        let explained = match self.duty() {
            Some(deadline) => Some(Explain::duty(view.register, &self.no, deadline, room)),
            None => match self.spot() {
                Some(Spot::Entry(seq)) => entry::explain(view, *seq, room),
                _ => Explain::class(view, room),
            },
        };
        match explained {
            Some(explain) => Taken::Opens(Box::new(explain)),
            None => {
                out.go(Go::Say(room.text("tui.choose_duty"), Tone::Soon));
                Taken::Yes
            }
        }
    }
}

impl Screen for Card {
    fn context(&self) -> Context {
        match self.is_sheet() {
            true => Context::Sheet,
            false => Context::Card,
        }
    }

    fn cover(&self) -> Cover {
        match self.is_sheet() {
            true => Cover::Whole,
            false => Cover::Front,
        }
    }

    fn title(&self, room: &Room) -> Bits {
        match &self.view {
            Some(view) => title(view, room),
            None => vec![bit(self.no.clone(), Tone::Strong)],
        }
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let (room, area) = (scene.room, scene.area);
        let inner = inset(area, 1, 1);
        if self.missing {
            line(
                room,
                buf,
                inner,
                1,
                &[bit(room.text("tui.no_record"), Tone::Dim)],
            );
            return None;
        }
        let panes = self.panes(room, area);
        if let Some(view) = self.view.as_ref().filter(|_| self.is_sheet()) {
            let head = sheet::head(view, room, usize::from(panes.head.width));
            for (row, bits) in (0..panes.head.height).zip(&head) {
                line(room, buf, panes.head, row, bits);
            }
            if let Some(aside) = panes.aside {
                let duty = self.duty().map(|duty| duty.code.as_str());
                let place = (room, aside);
                self.aside.draw(view, &self.told, duty, place, buf);
            }
        }
        self.draw_lines(scene, &panes, buf);
        None
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        let (room, area) = (here.room, here.area);
        // What is not offered now is not done; why is said by whoever finds that nobody takes the key.
        let Some(cmd) = press.cmd else {
            return Taken::No;
        };
        match cmd {
            Cmd::Up => self.step(-1, room, area),
            Cmd::Down => self.step(1, room, area),
            Cmd::PageUp | Cmd::PageDown | Cmd::First | Cmd::Last => self.turn(cmd, room, area),
            Cmd::WholeCard if self.cannot(cmd).is_none() => self.turn_over(room),
            Cmd::More if self.cannot(cmd).is_none() => {
                self.unfolded = !self.unfolded;
                self.list_spots(room);
            }
            Cmd::Open => return self.enter(room, out),
            Cmd::Tick => self.tick_off(room, out),
            Cmd::Actions => out.go(Go::Menu(self.no.clone())),
            Cmd::Why => return self.explain(room, out),
            Cmd::Nth => self.nth(press.digit.unwrap_or(0), room, out),
            Cmd::Restore if self.offers("restore") => self.form("restore", out),
            Cmd::RestorePart if self.offers("restore_part") => self.form("restore_part", out),
            Cmd::Outlet => out.go(Go::Outlet(Pick::Papers(self.no.clone()))),
            Cmd::NextPane => return Taken::Closes,
            _ => return Taken::No,
        }
        Taken::Yes
    }

    fn cannot(&self, cmd: Cmd) -> Option<Msg> {
        let ticks = || self.tick_of_spot().is_some();
        let sheet = || self.view.as_ref().is_some_and(|view| sheet::applies(view));
        let why = match cmd {
            Cmd::Tick if !ticks() => "tui.no_tick",
            Cmd::Restore if !self.offers("restore") => "tui.not_offered",
            Cmd::RestorePart if !self.offers("restore_part") => "tui.not_offered",
            Cmd::WholeCard if !sheet() => "tui.no_sheet",
            Cmd::More if !self.has_done() => "tui.nothing_done",
            Cmd::Why if !self.has_reasons() => "tui.choose_duty",
            _ => return None,
        };
        Some(Msg::new(why))
    }

    fn writes(&self, press: &Press) -> Writes {
        match press.cmd {
            Some(Cmd::Tick) => Writes::Shown,
            Some(Cmd::Nth) => Writes::Named,
            _ => Writes::Nothing,
        }
    }

    fn line(&self) -> Option<String> {
        let tick = self.tick_of_spot()?;
        let duty = self.duty()?;
        Some(format!("{}/{}/{tick:?}", duty.code, duty.round))
    }

    fn pick(&mut self, pick: &Pick, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        if !matches!(pick, Pick::Copy) {
            return Taken::No;
        }
        out.copy(clean(&self.copied(here.room)), here.room);
        Taken::Yes
    }

    fn answer(
        &mut self,
        seq: u64,
        got: Result<&Got, &Error>,
        here: &Here<'_>,
        out: &mut Outbox<'_>,
    ) -> Taken {
        match got {
            Ok(Got::View(view)) if seq == self.seq => {
                self.missing = view.is_none();
                self.view.clone_from(view);
                self.tell(here.room);
                self.ask_aside(here.room, out);
                Taken::Yes
            }
            got if self.aside.take(seq, got, here.room) => Taken::Yes,
            _ => Taken::No,
        }
    }

    fn refresh(&mut self, out: &mut Outbox<'_>) {
        let slot = self.asker.part(Part::Shown);
        self.seq = out.ask(slot, Want::View(self.no.clone()));
    }

    fn became(&mut self, view: &RecordView, room: &Room) {
        if view.record.head.no == self.no {
            self.view = Some(Box::new(view.clone()));
            self.tell(room);
        }
    }

    /// Times are told by the day.
    fn tick(&mut self, was: Instant, room: &Room, _out: &mut Outbox<'_>) {
        let day = |at| room.voice.zone.date(at);
        if day(was) != day(room.now) {
            self.tell(room);
        }
    }

    fn about(&self) -> Option<About<'_>> {
        Some(About {
            no: &self.no,
            view: self.view.as_deref(),
        })
    }
}
