//! The desk's screens as one state: `update` takes a message and answers effects, `draw` shows it. No clock, no file,
//! no terminal. It holds the stack of screens and nothing of what they hold, and names a kind of screen only where it
//! opens one. Of the tabs it knows two kinds: 今日, whose duties stand on top of every screen, and registers.

mod answer;
mod blackout;
mod draw;
mod go;
mod keys;
mod messages;
mod office;
mod outlet;
mod silence;
mod stack;
mod top;
mod undo;
mod writing;

use std::sync::Arc;

use serde_json::{Map, Value};

use super::hand::{Hand, Millis};
use super::heartbeat::Silence;
use super::job::Running;
use super::layout::Layout;
use super::message::{Ask, Asker, Effect, Message, Slot, Want};
use super::outbox::{Outbox, Start};
use super::room::Room;
use super::screen::{Cover, Screen};
use super::screens::card::Card;
use super::screens::operator::Who;
use super::screens::register::Register;
use super::screens::today::Today;
use super::theme::Tone;
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::desk::backup::State;
use crate::desk::rulebook::TakeUp;
use crate::desk::view::{Draft, RecordView};
use crate::registers::REGISTERS;
use crate::registers::dynamic::AnyRegister;
use crate::registers::outage::Dark;
use crate::rules::ruleset::Rules;
use messages::Messages;
use stack::Stack;
use undo::Back;

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
    /// The record that something is to be asked about before it is written.
    Asked(Start, Map<String, Value>),
    /// What was typed last is taken back.
    Undo,
    /// Power has gone, since then if not since now.
    Blackout(Option<Instant>),
    /// A draft or the operator that is kept: nothing follows, but that it failed is said.
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
    /// The other tabs.
    pub(super) lists: Vec<Register>,
    /// The screens over the tab, the one in front last.
    pub(super) stack: Stack,
    /// The card of the selected line, beside the list.
    pub(super) peek: Option<Card>,
    /// The last word about what was done.
    pub(super) said: Option<(String, Tone)>,
    /// All that was said.
    pub(super) messages: Messages,
    pub(super) kept: Kept,
    /// What is being written: the numbers of the questions.
    pub(super) writing: Vec<u64>,
    /// When the last entry was typed, if the clock shows an earlier time.
    pub(super) clock_behind: Option<Instant>,
    pub(super) awaited: Vec<(u64, Awaited)>,
    pub(super) seq: u64,
    /// How the copies of the file stand.
    pub(super) copies: Option<State>,
    /// The long work that is running.
    pub(super) job: Option<Running>,
    /// What can be taken back.
    pub(super) back: Back,
    /// What is dark, the darkest first.
    pub(super) dark: Vec<Dark>,
    /// When the key for a blackout was heard last.
    pub(super) blacked_out: Option<Millis>,
    /// The hand at the keys.
    pub(super) hand: Hand,
    /// What this machine's last beat told, until somebody is asked.
    silence: Option<Silence>,
}

impl App {
    /// Nothing loaded yet.
    pub fn new(_room: &Room, drafts: Vec<Draft>) -> Self {
        let tab = |(at, register): (usize, &&'static dyn AnyRegister)| Register::new(at, *register);
        Self {
            tab: 0,
            today: Today::new(drafts),
            lists: (1..).zip(REGISTERS).map(tab).collect(),
            stack: Stack::default(),
            peek: None,
            said: None,
            messages: Messages::default(),
            kept: Kept::Saved,
            writing: Vec::new(),
            clock_behind: None,
            awaited: Vec::new(),
            seq: 0,
            copies: None,
            job: None,
            back: Back::default(),
            dark: Vec::new(),
            blacked_out: None,
            hand: Hand::default(),
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
        self.today.refresh(&mut out);
        if room.operator.is_none() {
            self.stack.push(Box::new(Who::new(None, &mut out)));
        }
        if let Some(silence) = self.silence.take() {
            self.ask_silence(silence, room, &mut out);
        }
        let effects = out.effects;
        self.seq = seq;
        self.watch_writing(&effects);
        effects
    }

    /// Takes a message, which is looked at now, by the clock that nobody can set.
    pub fn update(&mut self, room: &mut Room, message: Message, at: Millis) -> Vec<Effect> {
        let mut seq = self.seq;
        let (was, before) = (room.now, self.sight());
        let own = matches!(message, Message::Key(..) | Message::Paste(_));
        if let Message::Tick(now) = message {
            // What is asked from here on is asked of this instant.
            room.now = now;
        }
        let mut out = Outbox::new(&mut seq, room.now);
        self.hear(message, was, room, &mut out);
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
        self.messages.at(room.now);
        self.follow_selection(room, &mut out);
        let effects = std::mem::take(&mut out.effects);
        self.seq = seq;
        self.watch_writing(&effects);
        self.hand.saw(&before, &self.sight(), own, at);
        effects
    }

    fn hear(&mut self, message: Message, was: Instant, room: &mut Room, out: &mut Outbox<'_>) {
        match message {
            Message::Key(key, pressed) => self.key(key, pressed, room, out),
            Message::Paste(text) => self.paste(&text, room, out),
            Message::Resize(columns, rows) => room.size = (columns, rows),
            Message::Tick(_) => self.each(|screen| screen.tick(was, room, out)),
            Message::Jumped(before, after) => self.clock_jumped(before, after, room, out),
            Message::Answer(answer) => self.answered(answer, room, out),
            Message::Changed(rules) => self.changed(rules, room, out),
            Message::Copies(Ok(state)) => self.copies = state,
            Message::Copies(Err(error)) => {
                self.say(format!("‼ {}", error.message(&room.voice)), Tone::Late);
            }
            Message::Progress(progress) => {
                if let Some(job) = &mut self.job {
                    job.progress = progress;
                }
            }
            Message::Ended(ended) => self.job_ended(ended, room, out),
            Message::Leave | Message::Lost => out.effects.push(Effect::Quit),
        }
    }

    /// What is written from here on is not in the file before it is answered.
    fn watch_writing(&mut self, effects: &[Effect]) {
        let writes = effects.iter().filter_map(|effect| match effect {
            Effect::Ask(ask) if ask.want.writes() => Some(ask.seq),
            _ => None,
        });
        let before = self.writing.len();
        self.writing.extend(writes);
        if self.writing.len() > before {
            self.kept = Kept::Writing;
        }
    }

    /// Keeps what is typed in a form.
    pub(super) fn keep_draft(&mut self, draft: Draft, out: &mut Outbox<'_>) {
        self.today.keep_draft(Some(draft.clone()), &draft.form);
        let seq = out.ask(Slot::Must, Want::SaveDraft(draft));
        self.awaited.push((seq, Awaited::Kept));
    }

    /// Nothing is typed in the form of this name; what was kept of it goes.
    pub(super) fn drop_draft(&mut self, form: String, out: &mut Outbox<'_>) {
        if self.today.drafts.iter().any(|draft| draft.form == form) {
            self.today.keep_draft(None, &form);
            let seq = out.ask(Slot::Must, Want::DeleteDraft(form));
            self.awaited.push((seq, Awaited::Kept));
        }
    }

    /// What is still to be kept when the program ends.
    pub fn keeping(&mut self, room: &Room) -> Vec<Ask> {
        let typed = self.stack.iter().filter_map(|screen| screen.unsaved(room));
        // The latest text may be newer than what a tick has kept.
        let known = |draft: &Draft| {
            self.today
                .drafts
                .iter()
                .any(|k| k.form == draft.form && k.values == draft.values)
        };
        let drafts: Vec<Draft> = typed.filter(|draft| !known(draft)).collect();
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

    /// The register of the tab.
    pub(super) fn here_register(&self) -> Option<&'static dyn AnyRegister> {
        self.tab
            .checked_sub(1)
            .and_then(|at| REGISTERS.get(at).copied())
    }

    pub(super) fn layout(&self, room: &Room) -> Layout {
        let mut covers = self.stack.iter().map(|screen| screen.cover());
        let layout = Layout::of(room, covers.any(|cover| cover == Cover::Broad));
        match (self.left().cover(), self.in_front()) {
            (Cover::Whole, None) => layout.spread(),
            _ => layout,
        }
    }

    /// The duty under the cursor of 今日, as it is copied.
    #[cfg(test)]
    pub fn today_line(&self, room: &Room) -> Option<String> {
        self.today.copied(room)
    }

    /// The number of the record under the cursor.
    pub(super) fn selected_no(&self) -> Option<String> {
        self.left().selected().map(str::to_owned)
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
            let known: Vec<RecordView> = self.records().cloned().collect();
            self.each(|screen| screen.renamed(&known, room, out));
        }
        self.reload(out);
    }

    /// Reads what is in sight again.
    pub(super) fn reload(&mut self, out: &mut Outbox<'_>) {
        self.today.refresh(out);
        self.lists.iter_mut().for_each(Register::spoil);
        if let Some(list) = self.list() {
            list.refresh(out);
        }
        if let Some(peek) = &mut self.peek {
            peek.refresh(out);
        }
        for screen in self.stack.iter_mut() {
            screen.refresh(out);
        }
    }
}
