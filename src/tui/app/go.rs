//! Where the screens want to go, and what keys mean everywhere.

use serde_json::Value;

use super::{App, Awaited, Layer};
use crate::desk::dark::Gone;
use crate::desk::view::{Draft, ListQuery, RecordView, Target};
use crate::record::field::Kind;
use crate::registers::{REGISTERS, register, register_of};
use crate::tui::form::Form;
use crate::tui::keymap::{Cmd, Context};
use crate::tui::message::{Effect, Slot, Want};
use crate::tui::outbox::{Go, Outbox, Start};
use crate::tui::room::Room;
use crate::tui::screens::card::Card;
use crate::tui::screens::entry::about_key;
use crate::tui::screens::explain::Explain;
use crate::tui::screens::filter::Filter;
use crate::tui::screens::help::Help;
use crate::tui::screens::list::{List, register_of_list};
use crate::tui::screens::menu::Menu;
use crate::tui::screens::operator::Who;
use crate::tui::screens::search::Search;
use crate::tui::screens::today::Entry;
use crate::tui::theme::Tone;

/// The register of the duty log.
pub(super) const LOG: &str = "log";

impl App {
    /// What a key means when the screen in front has no use for it.
    pub(super) fn global(
        &mut self,
        cmd: Cmd,
        digit: Option<usize>,
        room: &mut Room,
        out: &mut Outbox<'_>,
    ) {
        match cmd {
            Cmd::Quit => out.effects.push(Effect::Quit),
            Cmd::Redraw => out.effects.push(Effect::Redraw),
            Cmd::Help => self.help(),
            Cmd::Back => self.back(room, out),
            Cmd::Search => self.search(out),
            Cmd::Operator => self.ask_operator(out),
            Cmd::Outage => self.blackout(Gone::default(), room, out),
            Cmd::Undo => self.undo(room, out),
            Cmd::LogEntry => self.log_entry(out),
            Cmd::Tab => self.go_to_tab(digit.unwrap_or(0), room, out),
            Cmd::New => self.new_record(room, out),
            Cmd::Filter => self.filter(room),
            Cmd::Unfilter => self.unfilter(out),
            Cmd::Outlet => self.outlets(room, out),
            Cmd::Mark => self.mark(room, out),
            Cmd::NextPane => self.next_pane(room, out),
            Cmd::Open => self.open_selected(room, out),
            Cmd::Tick => self.tick_selected(room, out),
            Cmd::Actions => match self.selected_no() {
                Some(no) => out.go(Go::Menu(no)),
                None => self.say(room.text("tui.nothing_selected"), Tone::Soon),
            },
            Cmd::Why => self.explain_selected(room, out),
            _ => {}
        }
    }

    /// Carries out a wish.
    pub(super) fn go(&mut self, wish: Go, room: &mut Room, out: &mut Outbox<'_>) {
        match wish {
            Go::Back => self.back(room, out),
            Go::Say(text, tone) => self.say(text, tone),
            Go::Selected => {}
            Go::Card(no) => self.open_card(&no, out),
            Go::Menu(no) => match self.known(&no) {
                Some(view) => self.stack.push(Layer::Menu(Menu::actions(&view, room))),
                None => self.await_record(&no, Awaited::Menu, out),
            },
            Go::Choose(menu) => self.stack.push(Layer::Menu(menu)),
            Go::NewMenu => self.new_record(room, out),
            Go::Explain(explain) => self.stack.push(Layer::Explain(explain)),
            Go::ExplainDuty(no, code, round) => match self.known(&no) {
                Some(view) => self.explain_duty(&view, &code, round, room),
                None => self.await_record(&no, Awaited::Duty(code, round), out),
            },
            Go::Form(start) => self.form(start, room, out),
            Go::FormAgain(start) => {
                if let Some(Layer::Form(form)) = self.stack.pop() {
                    self.today.keep_draft(None, &form.name());
                }
                let view = self.view_of(&start);
                self.push_form(Form::new(start, view.as_deref(), None, room), room, out);
            }
            Go::Begin(task) => self.begin_job(*task, room, out),
            Go::Outlet(pick) => self.outlet(pick, room, out),
            Go::Print(sought, print) => self.print(sought, print, room, out),
            Go::Tick(no, tick) => self.tick_off(&no, &tick, room, out),
        }
    }

    /// The record, if a screen holds it.
    pub(super) fn known(&self, no: &str) -> Option<Box<RecordView>> {
        let cards = self.stack.iter().rev().filter_map(|layer| match layer {
            Layer::Card(card) => Some(card.as_ref()),
            _ => None,
        });
        cards
            .chain(&self.peek)
            .find(|card| card.no == no)
            .and_then(|card| card.view.clone())
    }

    pub(super) fn view_of(&self, start: &Start) -> Option<Box<RecordView>> {
        match &start.target {
            Target::On(no) => self.known(no),
            Target::New(_) => None,
        }
    }

    pub(super) fn await_record(&mut self, no: &str, awaited: Awaited, out: &mut Outbox<'_>) {
        let seq = out.ask(Slot::Must, Want::View(no.to_owned()));
        self.awaited.push((seq, awaited));
    }

    pub(super) fn explain_duty(&mut self, view: &RecordView, code: &str, round: u32, room: &Room) {
        let found = view
            .deadlines
            .iter()
            .find(|d| d.code == code && d.round == round);
        if let Some(deadline) = found {
            let explain = Explain::duty(view.register, &view.record.head.no, deadline, room);
            self.stack.push(Layer::Explain(explain));
        }
    }

    /// One step back. A form's text is kept.
    fn back(&mut self, room: &Room, out: &mut Outbox<'_>) {
        match self.stack.pop() {
            Some(Layer::Form(mut form)) => {
                let keep = form.keep(room);
                if matches!(keep, crate::tui::form::Keep::Save(_)) {
                    self.say(room.text("tui.kept_as_draft"), Tone::Dim);
                }
                self.keep(keep, out);
            }
            Some(Layer::Who(_)) => self.then = None,
            Some(Layer::Job) => self.stop_job(out),
            Some(Layer::Import(mut import)) => {
                if import.back() {
                    self.stack.push(Layer::Import(import));
                }
            }
            Some(_) => {}
            None if self.list().is_some_and(List::unmark) => {}
            None if self.narrowed() => self.unfilter(out),
            None => self.tab = 0,
        }
    }

    fn leave_all(&mut self, room: &Room, out: &mut Outbox<'_>) {
        // Long work goes on behind the other screens.
        self.stack.retain(|layer| !matches!(layer, Layer::Job));
        while !self.stack.is_empty() {
            self.back(room, out);
        }
    }

    fn go_to_tab(&mut self, digit: usize, room: &Room, out: &mut Outbox<'_>) {
        if !(1..=REGISTERS.len() + 1).contains(&digit) {
            return;
        }
        self.leave_all(room, out);
        self.tab = digit - 1;
        if let Some(list) = self.list() {
            list.refresh(out);
        }
    }

    fn help(&mut self) {
        if !matches!(self.stack.last(), Some(Layer::Help(_))) {
            let from = self.context();
            self.stack.push(Layer::Help(Help::new(from)));
        }
    }

    fn search(&mut self, out: &mut Outbox<'_>) {
        if !matches!(self.stack.last(), Some(Layer::Search(_))) {
            let here = self.here().map(|register| register.spec().code);
            self.stack
                .push(Layer::Search(Box::new(Search::new(here, out.asker()))));
        }
    }

    fn ask_operator(&mut self, out: &mut Outbox<'_>) {
        if !matches!(self.stack.last(), Some(Layer::Who(_))) {
            self.stack.push(Layer::Who(Who::new(out)));
        }
    }

    /// Whether there is a duty log to write into.
    pub(super) fn has_log() -> bool {
        register(LOG).is_some()
    }

    /// F6: a line in the duty log, about the record in front if there is one.
    fn log_entry(&mut self, out: &mut Outbox<'_>) {
        let Some(log) = register(LOG) else { return };
        let Some(action) = log.action(log.spec().opens_with) else {
            return;
        };
        let about = match self.stack.last() {
            Some(Layer::Card(card)) => Some(card.no.clone()),
            _ => None,
        };
        let refers = action.fields.iter().find(|field| field.key == "refers");
        let preset = about.zip(refers).map(|(no, field)| {
            let value = if matches!(field.kind, Kind::RecordNo) {
                Value::from(no)
            } else {
                Value::from(vec![no])
            };
            (field.key.to_owned(), value)
        });
        let start = Start {
            target: Target::New(LOG.to_owned()),
            register: log,
            action,
            preset: preset.into_iter().collect(),
            asked: &[],
        };
        out.go(Go::Form(start));
    }

    fn new_record(&mut self, room: &Room, out: &mut Outbox<'_>) {
        let menu = Menu::new_record(self.here(), room);
        match menu.only() {
            Some(start) => out.go(Go::Form(start)),
            None => self.stack.push(Layer::Menu(menu)),
        }
    }

    fn filter(&mut self, room: &Room) {
        let made = self
            .list_ref()
            .and_then(|list| Some(Filter::new(register_of_list(list)?, &list.query, room)));
        if let Some(filter) = made {
            self.stack.push(Layer::Filter(filter));
        }
    }

    fn unfilter(&mut self, out: &mut Outbox<'_>) {
        if let Some(list) = self.list() {
            let register = list.query.register.clone();
            list.ask(
                ListQuery {
                    register,
                    ..ListQuery::default()
                },
                out,
            );
        }
    }

    /// Between list and card where they stand side by side, else between tabs.
    fn next_pane(&mut self, room: &Room, out: &mut Outbox<'_>) {
        match self.stack.last() {
            Some(Layer::Card(_)) => self.back(room, out),
            None if room.wide() => self.open_selected(room, out),
            _ => {
                let next = if self.tab < REGISTERS.len() {
                    self.tab + 2
                } else {
                    1
                };
                self.go_to_tab(next, room, out);
            }
        }
    }

    fn open_card(&mut self, no: &str, out: &mut Outbox<'_>) {
        if register_of(no).is_none() {
            return;
        }
        let card = match &self.peek {
            Some(peek) if peek.no == no => Card::taken(peek, out),
            _ => {
                let asker = out.asker();
                Card::open(no, asker, out)
            }
        };
        self.stack.push(Layer::Card(Box::new(card)));
    }

    fn open_selected(&mut self, room: &Room, out: &mut Outbox<'_>) {
        if !self.stack.is_empty() && !matches!(self.stack.last(), Some(Layer::Search(_))) {
            return self.back(room, out);
        }
        if self.tab == 0 && self.stack.is_empty() {
            return match self.today.selected() {
                Some(Entry::Draft(draft)) => {
                    let draft = draft.clone();
                    self.open_draft(&draft, room, out);
                }
                Some(Entry::Due(item)) => {
                    let no = item.no.clone();
                    self.open_card(&no, out);
                }
                None => {}
            };
        }
        if let Some(no) = self.selected_no() {
            self.open_card(&no, out);
        }
    }

    /// The form that a draft belongs to.
    fn open_draft(&mut self, draft: &Draft, room: &Room, out: &mut Outbox<'_>) {
        let parts: Vec<&str> = draft.form.split('/').collect();
        let (target, register, action) = match parts.as_slice() {
            ["new", code, action] => (Target::New((*code).to_owned()), register(code), *action),
            ["on", no, action, ..] => (Target::On((*no).to_owned()), register_of(no), *action),
            _ => return,
        };
        // Which entry or breach it is about stands behind the action, and which of several breaches behind that.
        let about = about_key(action).zip(parts.get(3));
        let at = about.and(parts.get(4)).map(|at| ("at", at));
        let preset = about.into_iter().chain(at);
        let preset = preset.map(|(key, value)| (key.to_owned(), Value::from(*value)));
        let start = register.and_then(|register| {
            Some(Start {
                target,
                register,
                action: register.action(action)?,
                preset: preset.collect(),
                asked: &[],
            })
        });
        match start {
            Some(start) => out.go(Go::Form(start)),
            None => self.say(room.text("tui.draft_stale"), Tone::Soon),
        }
    }

    fn tick_selected(&mut self, room: &Room, out: &mut Outbox<'_>) {
        let found = self
            .today
            .due_selected()
            .filter(|_| self.tab == 0 && self.stack.is_empty());
        match found.map(|item| (item.no.clone(), item.deadline.tick.clone())) {
            Some((no, Some(tick))) => out.go(Go::Tick(no, tick)),
            Some((_, None)) => self.say(room.text("tui.no_tick"), Tone::Soon),
            None => {}
        }
    }

    fn explain_selected(&mut self, room: &Room, out: &mut Outbox<'_>) {
        let wanted = match self.list_ref() {
            Some(list) => list.selected().and_then(|item| {
                let deadline = &item.next.as_ref()?.deadline;
                Some((
                    item.record.head.no.clone(),
                    deadline.code.clone(),
                    deadline.round,
                ))
            }),
            None => {
                let item = self.today.due_selected();
                item.map(|item| {
                    (
                        item.no.clone(),
                        item.deadline.code.clone(),
                        item.deadline.round,
                    )
                })
            }
        };
        match wanted {
            Some((no, code, round)) => out.go(Go::ExplainDuty(no, code, round)),
            None => self.say(room.text("tui.nothing_owed"), Tone::Soon),
        }
    }

    /// Whether a key of the footer does something here and now.
    pub(super) fn can(&self, cmd: Cmd, place: Context, room: &Room) -> bool {
        match (cmd, self.stack.last()) {
            (Cmd::LogEntry, _) if !Self::has_log() => false,
            (Cmd::Undo, _) => self.can_undo(room),
            (Cmd::SaveNext, Some(Layer::Form(form))) => form.is_new(),
            (Cmd::More, Some(Layer::Form(form))) => form.has_more(),
            (Cmd::NewLine, Some(Layer::Form(form))) => form.in_long_text(),
            (Cmd::Everywhere, Some(Layer::Search(search))) => search.has_here(),
            (cmd, Some(Layer::Card(card))) => card.can(cmd),
            (Cmd::Unfilter, None) => self.narrowed(),
            (Cmd::Tick, None) => {
                place == Context::Today
                    && self
                        .today
                        .due_selected()
                        .is_some_and(|d| d.deadline.tick.is_some())
            }
            (Cmd::Back, None) => {
                // From a list it leads back to 今日.
                self.tab > 0
            }
            (Cmd::Mark, None) => self.selected_no().is_some(),
            (Cmd::Open | Cmd::Why | Cmd::Actions, None) => {
                self.selected_no().is_some() || !self.today.drafts.is_empty()
            }
            _ => true,
        }
    }
}
