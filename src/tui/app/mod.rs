//! The desk's screens as one state: `update` takes a message and answers effects, `draw` shows it. No clock, no file,
//! no terminal. It holds the stack of screens and nothing of what they hold.

mod answer;
mod blackout;
mod draw;
mod go;
mod keys;
mod office;
mod outlet;
mod silence;
mod top;
mod undo;
mod writing;

use std::sync::Arc;

use super::form::{Form, Keep};
use super::heartbeat::Silence;
use super::keymap::Context;
use super::layout::{Layout, rows};
use super::message::{Ask, Asker, Effect, Message, Slot, Want};
use super::outbox::{Go, Outbox, Start};
use super::room::Room;
use super::screens::card::Card;
use super::screens::explain::Explain;
use super::screens::filter::Filter;
use super::screens::help::Help;
use super::screens::import::Import;
use super::screens::list::{List, narrowed};
use super::screens::menu::Menu;
use super::screens::month::MonthEnd;
use super::screens::operator::Who;
use super::screens::paper::Paper;
use super::screens::progress::Running;
use super::screens::search::Search;
use super::screens::today::Today;
use super::theme::Tone;
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::desk::backup::State;
use crate::desk::rulebook::TakeUp;
use crate::desk::view::{Draft, ListQuery};
use crate::registers::REGISTERS;
use crate::registers::dynamic::AnyRegister;
use crate::registers::outage::Dark;
use crate::rules::ruleset::Rules;
use undo::Back;

/// Ticks after which what is owed is counted anew though nobody wrote: duties become late by themselves.
const RECOUNT: u32 = 80;

/// A screen over the list.
pub enum Layer {
    /// A record.
    Card(Box<Card>),
    /// A form.
    Form(Box<Form>),
    /// Actions to choose from.
    Menu(Menu),
    /// The keys.
    Help(Help),
    /// Search.
    Search(Box<Search>),
    /// Filter.
    Filter(Filter),
    /// Who acts.
    Who(Who),
    /// Why.
    Explain(Explain),
    /// A paper before it is printed.
    Paper(Paper),
    /// The long work that is running.
    Job,
    /// The month's end.
    Month(Box<MonthEnd>),
    /// The import of an old register.
    Import(Box<Import>),
}

impl Layer {
    /// Where its keys are looked up.
    pub fn context(&self) -> Context {
        match self {
            Layer::Card(card) => card.context(),
            Layer::Form(_) => Context::Form,
            Layer::Menu(_) => Context::Menu,
            Layer::Help(_) => Context::Help,
            Layer::Search(_) => Context::Search,
            Layer::Filter(_) => Context::Filter,
            Layer::Who(_) => Context::Operator,
            Layer::Explain(_) => Context::Explain,
            Layer::Paper(_) => Context::Paper,
            Layer::Job => Context::Job,
            Layer::Month(_) => Context::Month,
            Layer::Import(_) => Context::Import,
        }
    }
}

/// What waits for an answer that is not a screen's own.
pub(super) enum Awaited {
    /// The record whose actions are to be shown.
    Menu,
    /// The record that a form is about.
    Form(Start),
    /// The record whose duty is to be explained.
    Duty(String, u32),
    /// A tick, and the form that takes over when something is missing.
    Tick(Start),
    /// What was typed last is taken back.
    Undo,
    /// Power has gone, since then if not since now.
    Blackout(Option<Instant>),
    /// A draft, or the operator.
    Kept,
    /// The papers that are to be listed.
    Papers,
    /// The paper that is to be shown.
    Paper,
    /// The paper that is being printed.
    Printed,
}

/// How the last writing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Everything acknowledged is in the file.
    Saved,
    /// On its way.
    Writing,
    /// The file could not be written.
    Trouble,
}

/// The state of the screens.
pub struct App {
    pub(super) tab: usize,
    pub(super) today: Today,
    pub(super) lists: Vec<List>,
    pub(super) stack: Vec<Layer>,
    /// The card of the selected line, beside the list.
    pub(super) peek: Option<Card>,
    /// The last word about what was done.
    pub(super) said: Option<(String, Tone)>,
    pub(super) kept: Kept,
    /// When the last entry was typed, if the clock shows an earlier time.
    pub(super) clock_behind: Option<Instant>,
    pub(super) awaited: Vec<(u64, Awaited)>,
    /// Where to go on once somebody has said who acts.
    pub(super) then: Option<Go>,
    pub(super) seq: u64,
    /// How the copies of the file stand.
    pub(super) copies: Option<State>,
    /// The long work that is running.
    pub(super) job: Option<Running>,
    /// What can be taken back.
    pub(super) back: Back,
    /// What is dark, the darkest first.
    pub(super) dark: Vec<Dark>,
    /// The tick at which the key for a blackout was heard last.
    pub(super) blacked_out: Option<u32>,
    ticks: u32,
    /// What this machine's last beat told, until somebody is asked.
    silence: Option<Silence>,
}

impl App {
    /// Nothing loaded yet.
    pub fn new(_room: &Room, drafts: Vec<Draft>) -> Self {
        let list = |(tab, register): (usize, &&dyn AnyRegister)| {
            List::new(
                ListQuery {
                    register: Some(register.spec().code.to_owned()),
                    ..ListQuery::default()
                },
                Asker::Tab(tab),
            )
        };
        Self {
            tab: 0,
            today: Today::new(drafts),
            lists: (1..).zip(REGISTERS).map(list).collect(),
            stack: Vec::new(),
            peek: None,
            said: None,
            kept: Kept::Saved,
            clock_behind: None,
            awaited: Vec::new(),
            then: None,
            seq: 0,
            copies: None,
            job: None,
            back: Back::default(),
            dark: Vec::new(),
            blacked_out: None,
            ticks: 0,
            silence: None,
        }
    }

    /// Says once that files of the procedures folder are not in force in this file yet, and how they are taken up.
    pub fn tell_waiting(&mut self, offered: &TakeUp, room: &Room) {
        let names: Vec<&str> = offered.procedures.keys().map(String::as_str).collect();
        let told = match names.as_slice() {
            [] => return,
            [one] => Msg::new("tui.procedure_waits").with("name", *one),
            more => Msg::new("tui.procedures_wait").with("n", more.len()),
        };
        self.say(room.say(&told), Tone::Soon);
    }

    /// The first questions.
    pub fn begin(&mut self, room: &Room) -> Vec<Effect> {
        let mut seq = self.seq;
        let mut out = Outbox::new(&mut seq, room.now);
        self.today.reload(&mut out);
        if room.operator.is_none() {
            self.stack.push(Layer::Who(Who::new(&mut out)));
        }
        if let Some(silence) = self.silence.take() {
            self.ask_silence(silence, room, &mut out);
        }
        let effects = out.effects;
        self.seq = seq;
        effects
    }

    /// Takes a message.
    pub fn update(&mut self, room: &mut Room, message: Message) -> Vec<Effect> {
        let mut seq = self.seq;
        let was = room.now;
        if let Message::Tick(now) = message {
            // What is asked from here on is asked of this instant.
            room.now = now;
        }
        let mut out = Outbox::new(&mut seq, room.now);
        match message {
            Message::Key(key) => self.key(key, room, &mut out),
            Message::Paste(text) => self.paste(&text, room, &mut out),
            Message::Resize(columns, rows) => room.size = (columns, rows),
            Message::Tick(_) => self.tick(was, room, &mut out),
            Message::Jumped(before, after) => self.clock_jumped(before, after, room, &mut out),
            Message::Answer(answer) => self.answered(answer, room, &mut out),
            Message::Changed(rules) => self.changed(rules, room, &mut out),
            Message::Copies(Ok(state)) => self.copies = state,
            Message::Copies(Err(error)) => {
                self.say(format!("‼ {}", error.message(&room.voice)), Tone::Late);
            }
            Message::Progress(progress) => {
                if let Some(job) = &mut self.job {
                    job.progress = progress;
                }
            }
            Message::Ended(ended) => self.job_ended(ended, room, &mut out),
            Message::Leave | Message::Lost => out.effects.push(Effect::Quit),
        }
        // What a screen wished for may make it wish again, once or twice.
        for _ in 0..4 {
            let wishes = std::mem::take(&mut out.go);
            if wishes.is_empty() {
                break;
            }
            for wish in wishes {
                self.go(wish, room, &mut out);
            }
        }
        room.dark = !self.dark.is_empty();
        self.follow_selection(room, &mut out);
        let effects = std::mem::take(&mut out.effects);
        self.seq = seq;
        effects
    }

    /// Time has gone on since `was`.
    fn tick(&mut self, was: Instant, room: &Room, out: &mut Outbox<'_>) {
        let now = room.now;
        let day = |at| room.voice.zone.date(at);
        if day(was) != day(now) {
            self.cards().for_each(|card| card.tell(room));
        }
        self.ticks = self.ticks.wrapping_add(1);
        if self.ticks.is_multiple_of(RECOUNT) || day(was) != day(now) || self.today.turned(was, now)
        {
            self.today.reload(out);
        }
        let keeps: Vec<Keep> = self
            .stack
            .iter_mut()
            .filter_map(|layer| match layer {
                Layer::Form(form) => form.tick(room),
                _ => None,
            })
            .collect();
        for keep in keeps {
            self.keep(keep, out);
        }
    }

    /// Every card that is open or stands beside the list.
    pub(super) fn cards(&mut self) -> impl Iterator<Item = &mut Card> {
        let open = self.stack.iter_mut().filter_map(|layer| match layer {
            Layer::Card(card) => Some(card.as_mut()),
            _ => None,
        });
        open.chain(&mut self.peek)
    }

    /// Keeps a half-filled form, or drops one that is empty again.
    pub(super) fn keep(&mut self, keep: Keep, out: &mut Outbox<'_>) {
        match keep {
            Keep::Save(draft) => {
                self.today.keep_draft(Some(draft.clone()), &draft.form);
                let seq = out.ask(Slot::Must, Want::SaveDraft(draft));
                self.awaited.push((seq, Awaited::Kept));
                self.kept = Kept::Writing;
            }
            Keep::Drop(form) if self.today.drafts.iter().any(|draft| draft.form == form) => {
                self.today.keep_draft(None, &form);
                let seq = out.ask(Slot::Must, Want::DeleteDraft(form));
                self.awaited.push((seq, Awaited::Kept));
            }
            Keep::Drop(_) => {}
        }
    }

    /// What is still to be kept when the program ends.
    pub fn keeping(&mut self, room: &Room) -> Vec<Ask> {
        let forms = self.stack.iter().filter_map(|layer| match layer {
            Layer::Form(form) if form.saving.is_none() => form.draft(room),
            _ => None,
        });
        // The latest text may be newer than what a tick has kept.
        let known = |draft: &Draft| {
            self.today
                .drafts
                .iter()
                .any(|k| k.form == draft.form && k.values == draft.values)
        };
        let drafts: Vec<Draft> = forms.filter(|draft| !known(draft)).collect();
        let mut wants: Vec<Want> = drafts.into_iter().map(Want::SaveDraft).collect();
        if self.kept == Kept::Writing {
            // Answered only after what is being written.
            wants.push(Want::Drafts);
        }
        let first = self.seq + 1;
        self.seq += wants.len() as u64;
        let ask = |(seq, want)| Ask {
            seq,
            slot: Slot::Must,
            now: room.now,
            want,
        };
        (first..).zip(wants).map(ask).collect()
    }

    /// The list of the tab, unless it is 今日.
    pub(super) fn list(&mut self) -> Option<&mut List> {
        self.tab
            .checked_sub(1)
            .and_then(|at| self.lists.get_mut(at))
    }

    pub(super) fn list_ref(&self) -> Option<&List> {
        self.tab.checked_sub(1).and_then(|at| self.lists.get(at))
    }

    /// The register of the tab.
    pub(super) fn here(&self) -> Option<&'static dyn AnyRegister> {
        self.tab
            .checked_sub(1)
            .and_then(|at| REGISTERS.get(at).copied())
    }

    /// Where keys are looked up.
    pub fn context(&self) -> Context {
        match self.stack.last() {
            Some(layer) => layer.context(),
            None if self.tab == 0 => Context::Today,
            None => Context::List,
        }
    }

    /// Rows of the list, without its headings.
    pub(super) fn list_rows(room: &Room) -> usize {
        rows(room).saturating_sub(1)
    }

    pub(super) fn layout(&self, room: &Room) -> Layout {
        Layout::of(
            room,
            self.stack.iter().any(|layer| {
                matches!(
                    layer,
                    Layer::Form(_) | Layer::Paper(_) | Layer::Import(_) | Layer::Month(_)
                )
            }),
        )
    }

    /// The number of the record under the cursor.
    pub(super) fn selected_no(&self) -> Option<String> {
        let found = self.stack.iter().rev().find_map(|layer| match layer {
            Layer::Search(search) => Some(
                search
                    .list
                    .selected()
                    .map(|item| item.record.head.no.clone()),
            ),
            _ => None,
        });
        if let Some(found) = found {
            return found;
        }
        match self.list_ref() {
            Some(list) => list.selected().map(|item| item.record.head.no.clone()),
            None => self.today.due_selected().map(|item| item.no.clone()),
        }
    }

    /// Beside the list stands the card of the selected line.
    fn follow_selection(&mut self, room: &Room, out: &mut Outbox<'_>) {
        if !room.wide() {
            return;
        }
        let wanted = self.selected_no();
        if self.peek.as_ref().map(|card| card.no.as_str()) != wanted.as_deref() {
            self.peek = wanted.map(|no| Card::open(&no, Asker::Beside, out));
        }
    }

    /// Another process wrote. What rules that it took up call things is called so from now on, in what is open too.
    fn changed(&mut self, rules: Arc<Rules>, room: &mut Room, out: &mut Outbox<'_>) {
        if !Arc::ptr_eq(&rules, &room.rules) {
            room.take_rules(rules);
            let list = self.list_ref().map(|list| list.query.clone());
            for at in 0..self.stack.len() {
                let view = match &self.stack[at] {
                    Layer::Form(form) => self.view_of(form.start()),
                    _ => None,
                };
                match (&mut self.stack[at], &list) {
                    (Layer::Form(form), _) => form.renamed(view.as_deref(), room, out),
                    (Layer::Filter(filter), Some(query)) => filter.renamed(query, room),
                    _ => {}
                }
            }
        }
        self.reload(out);
    }

    /// Reads what is in sight again.
    pub(super) fn reload(&mut self, out: &mut Outbox<'_>) {
        self.today.reload(out);
        self.lists.iter_mut().for_each(List::spoil);
        if let Some(list) = self.list() {
            list.reload(out);
        }
        if let Some(peek) = &mut self.peek {
            peek.reload(out);
        }
        for layer in &mut self.stack {
            match layer {
                Layer::Card(card) => card.reload(out),
                Layer::Form(form) => form.reload(out),
                Layer::Search(search) => search.list.reload(out),
                _ => {}
            }
        }
    }

    /// Whether the list of the tab is narrowed.
    pub(super) fn narrowed(&self) -> bool {
        self.list_ref().is_some_and(|list| narrowed(&list.query))
    }
}
