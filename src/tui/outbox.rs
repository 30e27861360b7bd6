//! What a screen hands back from an update: questions to the desk, and where to go.

use serde_json::Value;

use super::job::Task;
use super::message::{Ask, Asker, Effect, Slot, Want};
use super::screens::explain::Explain;
use super::screens::menu::{Menu, Pick};
use super::screens::paper::Sought;
use super::theme::Tone;
use crate::base::time::Instant;
use crate::desk::view::Target;
use crate::press::Print;
use crate::record::action::ActionSpec;
use crate::registers::dynamic::AnyRegister;
use crate::rules::deadline::Tick;

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

/// Where a screen wants to go.
pub enum Go {
    /// One step back.
    Back,
    /// To a record.
    Card(String),
    /// To a form.
    Form(Start),
    /// To the fresh form of this action, after one was saved.
    FormAgain(Start),
    /// Tick a duty of a record off.
    Tick(String, Tick),
    /// To the actions of a record.
    Menu(String),
    /// To these choices.
    Choose(Menu),
    /// To the choice of a register for a new record.
    NewMenu,
    /// To an explanation.
    Explain(Explain),
    /// Explain the duty (code, round) of a record that must be read first.
    ExplainDuty(String, String, u32),
    /// Something leaves the desk: the clipboard, a paper, a file.
    Outlet(Pick),
    /// Something long is begun.
    Begin(Box<Task>),
    /// A paper is printed.
    Print(Sought, Print),
    /// Say something.
    Say(String, Tone),
    /// The list shows something else now.
    Selected,
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

    /// Goes somewhere.
    pub fn go(&mut self, go: Go) {
        self.go.push(go);
    }
}
