//! Taking back 撤回: one key for what was typed last, within a minute.

use super::blackout::actor;
use super::{App, Awaited};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::desk::undo::{Undone, WINDOW};
use crate::desk::view::{Done, RecordView};
use crate::record::common::Strike;
use crate::registers::{label, register_of};
use crate::tui::keymap::{Cmd, first_key};
use crate::tui::message::{Slot, Want};
use crate::tui::outbox::Outbox;
use crate::tui::room::Room;
use crate::tui::screen::Leaving;
use crate::tui::theme::Tone;
use crate::tui::when::near;

/// What is known here of what can be taken back.
#[derive(Clone, Debug, Default)]
pub struct Back {
    /// When something was last written from here.
    wrote: Option<Instant>,
    /// The last word tells how it is taken back.
    told: bool,
}

impl App {
    /// Says something.
    pub(super) fn say(&mut self, text: String, tone: Tone) {
        self.messages.add(&text, tone);
        self.said = Some((text, tone));
        self.back.told = false;
    }

    /// Says what was written, and how it is taken back. What names somebody else as the one who did it, and a strike,
    /// are put right from the card.
    pub(super) fn say_written(&mut self, text: &str, done: &Done, room: &Room) {
        self.say(format!("✓ {text}"), Tone::Good);
        let last = done.view.history.iter().max_by_key(|item| item.seq);
        let who = actor(room);
        let own =
            last.is_some_and(|item| item.entry.by == who.name && item.entry.action != Strike::NAME);
        self.back.wrote = own.then_some(room.now);
        self.back.told = own;
    }

    /// Whether something written from here can still be taken back.
    pub(super) fn can_undo(&self, room: &Room) -> bool {
        let wrote = self.back.wrote;
        wrote.is_some_and(|at| room.now.seconds_since(at) <= WINDOW)
    }

    /// How it is taken back, behind the last word: `F11 撤回`.
    pub(super) fn undo_hint(&self, room: &Room) -> Option<String> {
        let said = self.said.is_some() && self.back.told && self.can_undo(room);
        let key = first_key(Cmd::Undo, &room.voice).filter(|_| said)?;
        Some(format!("{key} {}", room.text("key.undo")))
    }

    /// Takes back what the person acting entered last, on whatever screen. What is being filled in is not entered yet:
    /// it stays as it is.
    pub(super) fn undo(&mut self, room: &Room, out: &mut Outbox<'_>) {
        if self.awaited.iter().any(|(_, a)| matches!(a, Awaited::Undo)) {
            return;
        }
        let seq = out.ask(Slot::Must, Want::Undo(actor(room)));
        self.awaited.push((seq, Awaited::Undo));
    }

    /// It was taken back: says what, and shows how things stand now.
    pub(super) fn undone(&mut self, undone: &Undone, room: &Room, out: &mut Outbox<'_>) {
        let entry = &undone.entry;
        let code = register_of(&entry.no).map_or("", |register| register.spec().code);
        let told = Msg::new("tui.undone")
            .with("no", entry.no.as_str())
            .with("action", label::action(&room.voice, code, &entry.action))
            .with("at", near(entry.at, room));
        let mut text = room.say(&told);
        for warning in &undone.done.warnings {
            text.push_str(&format!(" · ! {}", room.say(warning)));
        }
        self.say(text, Tone::Good);
        self.back.wrote = None;
        self.spread(&undone.done, room, out);
        self.leave_forms_of(&undone.done.view, room, out);
    }

    /// Nothing more is filled in about a record that is void by now; what was typed stays as a draft.
    fn leave_forms_of(&mut self, view: &RecordView, room: &Room, out: &mut Outbox<'_>) {
        if view.record.head.void_reason.is_none() {
            return;
        }
        let begins = format!("on/{}/", view.record.head.no);
        let about = |name: Option<String>| name.is_some_and(|name| name.starts_with(&begins));
        while let Some(at) = self
            .stack
            .iter()
            .position(|screen| about(screen.draft_name()))
        {
            let mut form = self.stack.remove(at);
            form.leave(Leaving::Away, room, out);
        }
    }
}
