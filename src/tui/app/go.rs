//! Where the screens want to go, and what keys mean everywhere.

use serde_json::Value;

use super::{App, Awaited};
use crate::desk::dark::Gone;
use crate::desk::view::{Draft, RecordView, Target};
use crate::record::field::Kind;
use crate::registers::{REGISTERS, register, register_of};
use crate::tui::form::Form;
use crate::tui::keymap::{Cmd, Context};
use crate::tui::message::{Effect, Slot, Want};
use crate::tui::outbox::{Go, Outbox, Start};
use crate::tui::room::Room;
use crate::tui::screen::Leaving;
use crate::tui::screens::card::Card;
use crate::tui::screens::entry::about_key;
use crate::tui::screens::explain::Explain;
use crate::tui::screens::help::Help;
use crate::tui::screens::menu::Menu;
use crate::tui::screens::operator::Who;
use crate::tui::screens::search::Search;
use crate::tui::theme::Tone;

/// The register of the duty log.
pub(super) const LOG: &str = "log";

impl App {
    /// What a key means when the screen in front has no use for it.
    pub(super) fn global(
        &mut self,
        cmd: Cmd,
        digit: Option<usize>,
        room: &Room,
        out: &mut Outbox<'_>,
    ) {
        match cmd {
            Cmd::Quit => out.effects.push(Effect::Quit),
            Cmd::Messages => self.show_messages(room),
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
            Cmd::Actions => match self.selected_no() {
                Some(no) => out.go(Go::Menu(no)),
                None => self.say(room.text("tui.nothing_selected"), Tone::Soon),
            },
            // Nobody took it: if it is one of the screen's own, that says why.
            cmd => {
                if let Some(why) = self.front().cannot(cmd) {
                    self.say(room.say(&why), Tone::Soon);
                }
            }
        }
    }

    /// Carries out a wish.
    pub(super) fn go(&mut self, wish: Go, room: &mut Room, out: &mut Outbox<'_>) {
        match wish {
            Go::Back => self.back(room, out),
            Go::NextTab => self.next_tab(room, out),
            Go::Say(text, tone) => self.say(text, tone),
            Go::Card(no) => self.open_card(&no, None, room, out),
            Go::Duty(no, code, round) => self.open_card(&no, Some((code, round)), room, out),
            Go::Draft(draft) => self.open_draft(&draft, room, out),
            Go::Menu(no) => match self.known(&no) {
                Some(view) => self.stack.push(Box::new(Menu::actions(&view, room))),
                None => self.await_record(&no, Awaited::Menu, out),
            },
            Go::ExplainDuty(no, code, round) => match self.known(&no) {
                Some(view) => self.explain_duty(&view, &code, round, room),
                None => self.await_record(&no, Awaited::Duty(code, round), out),
            },
            Go::Form(start) => self.form(start, room, out),
            Go::FormAgain(start, draft) => {
                self.today.keep_draft(None, &draft);
                let view = self.view_of(&start);
                self.push_form(Form::new(start, view.as_deref(), None, room), room, out);
            }
            Go::Saved(saved) => self.saved(*saved, room, out),
            Go::Keep(draft) => self.keep_draft(draft, out),
            Go::Drop(form) => self.drop_draft(form, out),
            Go::Narrow(query) => {
                if let Some(list) = self.list() {
                    list.narrow(query, out);
                }
            }
            Go::Begin(task) => self.begin_job(*task, room, out),
            Go::Stop => self.stop_job(out),
            Go::Outlet(pick) => self.outlet(pick, room, out),
            Go::Print(sought, print) => self.print(sought, print, room, out),
            Go::Tick(no, tick) => self.tick_off(&no, &tick, room, out),
            Go::Fill(no, tick) => self.fill(&no, &tick, room, out),
            Go::Write(start, data) => self.write(start, data, room, out),
            Go::Operator(operator) => {
                let seq = out.ask(Slot::Must, Want::SetOperator(operator.clone()));
                self.awaited.push((seq, Awaited::Kept));
                room.operator = Some(operator);
            }
        }
    }

    /// The record, if a screen holds it.
    pub(super) fn known(&self, no: &str) -> Option<Box<RecordView>> {
        let mut records = self.records();
        let found = records.find(|view| view.record.head.no == no)?;
        Some(Box::new(found.clone()))
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
            self.stack.push(Box::new(explain));
        }
    }

    /// One step back: the screen in front goes, or a step back within itself; behind the last one is 今日.
    fn back(&mut self, room: &Room, out: &mut Outbox<'_>) {
        if self.front_mut().leave(Leaving::Back, room, out) && self.stack.pop().is_none() {
            self.tab = 0;
        }
    }

    fn go_to_tab(&mut self, digit: usize, room: &Room, out: &mut Outbox<'_>) {
        if !(1..=REGISTERS.len() + 1).contains(&digit) {
            return;
        }
        while let Some(mut screen) = self.stack.pop() {
            screen.leave(Leaving::Away, room, out);
        }
        self.tab = digit - 1;
        if let Some(list) = self.list() {
            list.look(out);
        }
    }

    fn next_tab(&mut self, room: &Room, out: &mut Outbox<'_>) {
        let last = self.tab == REGISTERS.len();
        self.go_to_tab(if last { 1 } else { self.tab + 2 }, room, out);
    }

    fn help(&mut self) {
        let from = self.context();
        if from != Context::Help {
            self.stack.push(Box::new(Help::new(from)));
        }
    }

    fn search(&mut self, out: &mut Outbox<'_>) {
        if self.context() != Context::Search {
            let here = self.here_register().map(|register| register.spec().code);
            let search = Search::new(here, out.asker());
            self.stack.push(Box::new(search));
        }
    }

    fn ask_operator(&mut self, out: &mut Outbox<'_>) {
        if self.context() != Context::Operator {
            self.stack.push(Box::new(Who::new(None, out)));
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
        let about = self.front().about().map(|about| about.no.to_owned());
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
        let menu = Menu::new_record(self.here_register(), room);
        match menu.only() {
            Some(start) => out.go(Go::Form(start)),
            None => self.stack.push(Box::new(menu)),
        }
    }

    /// The card of a record, with the cursor on one of its duties when one is meant.
    fn open_card(
        &mut self,
        no: &str,
        duty: Option<(String, u32)>,
        room: &Room,
        out: &mut Outbox<'_>,
    ) {
        if register_of(no).is_none() {
            return;
        }
        let mut card = match &self.peek {
            Some(peek) if peek.no == no => Card::taken(peek, out),
            _ => {
                let asker = out.asker();
                Card::open(no, asker, out)
            }
        };
        if let Some((code, round)) = duty {
            card.aim(code, round, room);
        }
        self.stack.push(Box::new(card));
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

    /// Whether a key of the footer does something here and now.
    pub(super) fn can(&self, cmd: Cmd, room: &Room) -> bool {
        match cmd {
            Cmd::LogEntry if !Self::has_log() => false,
            Cmd::Undo => self.can_undo(room),
            cmd => self.front().cannot(cmd).is_none(),
        }
    }
}
