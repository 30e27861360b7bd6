//! What a form puts right may be changed by somebody else while it is open: the form follows, and says so.

use super::row::Place;
use super::{Form, build, correct};
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::desk::view::{RecordView, Target};
use crate::record::field::Kind;
use crate::tui::message::{Slot, Want};
use crate::tui::outbox::Outbox;
use crate::tui::room::Room;

impl Form {
    /// Asks how the record stands by now, where the form shows what it found there.
    pub(super) fn ask_basis(&mut self, out: &mut Outbox<'_>) {
        let found = |place: Place| matches!(place, Place::Change | Place::About);
        let rests = self
            .rows
            .iter()
            .any(|row| found(row.place) || row.old.is_some());
        if let (true, Target::On(no)) = (rests, &self.start.target) {
            self.basis_seq = out.ask(Slot::Must, Want::View(no.clone()));
        }
    }

    /// Other rules are in force: classes, facts and choices are called as those say. What was typed stays.
    pub(super) fn called_anew(
        &mut self,
        view: Option<&RecordView>,
        room: &Room,
        out: &mut Outbox<'_>,
    ) {
        let held = self.raw();
        let fresh = build::rows(&self.start, view, room);
        for at in 0..self.rows.len() {
            let row = &mut self.rows[at];
            let now = fresh.iter().find(|other| other.id() == row.id());
            let (Some(now), Some(value)) = (now, held.get(row.id().as_ref())) else {
                continue;
            };
            let field = row.field;
            row.input = now.input.clone();
            row.input.restore(value, &field, room);
            if matches!(field.kind, Kind::Procedure) {
                self.facts_of_procedure(room);
            }
        }
        self.about = view
            .and_then(|view| correct::subject(&self.start, view, room))
            .or(self.about.take());
        self.check(room);
        self.ask_preview(room, out);
    }

    /// Takes how the record stands, if it is still asked for. What was not touched follows; what was touched stays as
    /// typed, and what stands now is told beneath it.
    pub(super) fn renewed(&mut self, seq: u64, view: &RecordView, room: &Room) -> bool {
        if seq != self.basis_seq {
            return false;
        }
        if !correct::stands(&self.start, view) {
            let gone = Msg::new("tui.entry_gone");
            self.refusal = Some(Refusal::new(RefusalCode::NotNow, gone));
        }
        let fresh = build::rows(&self.start, Some(view), room);
        for row in self.rows.iter_mut().filter(|row| row.old.is_some()) {
            let Some(now) = fresh.iter().find(|other| other.id() == row.id()) else {
                continue;
            };
            if now.old == row.old {
                continue;
            }
            if row.changed() {
                row.moved = true;
            } else {
                row.input = now.input.clone();
                self.initial.insert(row.id().into_owned(), now.input.raw());
            }
            (row.old, row.day) = (now.old.clone(), now.day);
        }
        true
    }
}
