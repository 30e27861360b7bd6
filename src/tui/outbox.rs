//! What a screen hands back: questions to the desk, and wishes to the application.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::job::Task;
use super::message::{Ask, Asker, Effect, Slot, Sought, Want};
use super::room::Room;
use super::theme::Tone;
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::desk::dark::Gone;
use crate::desk::view::{Done, Draft, ListQuery, RecordView, Target};
use crate::press::Print;
use crate::record::action::ActionSpec;
use crate::record::request::Operator;
use crate::registers::dynamic::AnyRegister;
use crate::rules::deadline::Tick;
use crate::tables::Format;

/// A form to be opened.
#[derive(Clone)]
pub struct Start {
    /// On what.
    pub target: Target,
    /// The register.
    pub register: &'static dyn AnyRegister,
    /// The action.
    pub action: &'static ActionSpec,
    /// What is filled in beforehand.
    pub preset: Vec<(String, Value)>,
    /// Of a correction, the fields that are asked for, in this order; empty: all, in the order of the entry.
    pub asked: &'static [&'static str],
}

/// What a choice in a menu leads to.
#[derive(Clone)]
pub enum Pick {
    /// A form.
    Form(Start),
    /// What is in front goes to the clipboard.
    Copy,
    /// The marked lines go to the clipboard.
    CopyMarked,
    /// The papers of a record.
    Papers(String),
    /// A paper, to be looked at.
    Paper(Sought),
    /// The list into a file.
    Export(Format),
    /// A record.
    Record(String),
    /// Power has gone.
    Blackout(Gone),
    /// It is noted in the log.
    Note(Msg),
    /// The month's end.
    Month,
    /// The import of an old register.
    Import,
    /// The entries of a record's history, to put one right.
    Entries(Arc<RecordView>),
    /// What can be done to one entry.
    Entry(Arc<RecordView>, i64),
    /// What was typed as one entry, and what has become of it.
    Read(Arc<RecordView>, i64),
}

/// A form that was saved.
pub struct Saved {
    /// What was done.
    pub done: Done,
    /// What the form was for.
    pub start: Start,
    /// Its name among the drafts.
    pub draft: String,
    /// The form that is to follow it.
    pub next: Option<Start>,
}

/// What a screen wants the application to do.
pub enum Go {
    /// One step back.
    Back,
    /// To the next tab.
    NextTab,
    /// To a record.
    Card(String),
    /// To a duty (code, round) of a record.
    Duty(String, String, u32),
    /// To the form of a draft.
    Draft(Draft),
    /// To a form.
    Form(Start),
    /// To the fresh form of this action, after what was typed in the form of this name was thrown away.
    FormAgain(Start, String),
    /// A form was saved.
    Saved(Box<Saved>),
    /// What is typed in a form is kept.
    Keep(Draft),
    /// Nothing is typed (any more) in the form of this name.
    Drop(String),
    /// Tick a duty of a record off.
    Tick(String, Tick),
    /// To the form of what ticks a duty of a record off.
    Fill(String, Tick),
    /// What was asked about at the foot is written.
    Write(Start, Map<String, Value>),
    /// To the actions of a record.
    Menu(String),
    /// Explain the duty (code, round) of a record that must be read first.
    ExplainDuty(String, String, u32),
    /// What was chosen in a menu.
    Outlet(Pick),
    /// The list of the tab shows this.
    Narrow(ListQuery),
    /// Something long is begun.
    Begin(Box<Task>),
    /// The long work is to stop.
    Stop,
    /// A paper is printed.
    Print(Sought, Print),
    /// This person acts from now on.
    Operator(Operator),
    /// Say something.
    Say(String, Tone),
}

/// Where questions and wishes are collected.
pub struct Outbox<'a> {
    seq: &'a mut u64,
    now: Instant,
    /// Effects so far.
    pub effects: Vec<Effect>,
    /// Wishes so far.
    pub go: Vec<Go>,
}

impl<'a> Outbox<'a> {
    /// An empty one.
    pub fn new(seq: &'a mut u64, now: Instant) -> Self {
        Self {
            seq,
            now,
            effects: Vec::new(),
            go: Vec::new(),
        }
    }

    /// A number for a screen that is put up now.
    pub fn asker(&mut self) -> Asker {
        *self.seq += 1;
        Asker::Over(*self.seq)
    }

    /// Asks the desk; the answer carries this number.
    pub fn ask(&mut self, slot: Slot, want: Want) -> u64 {
        *self.seq += 1;
        self.effects.push(Effect::Ask(Ask {
            seq: *self.seq,
            slot,
            now: self.now,
            want,
        }));
        *self.seq
    }

    /// Puts a text into the clipboard, and says so.
    pub fn copy(&mut self, text: String, room: &Room) {
        self.effects.push(Effect::Copy(text));
        self.go(Go::Say(room.text("tui.copied"), Tone::Dim));
    }

    /// Wishes for something.
    pub fn go(&mut self, go: Go) {
        self.go.push(go);
    }
}
