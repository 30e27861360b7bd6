//! Saving a form: checked, sent, refused with the cursor at the field to blame, or followed by the next one.

use super::Form;
use super::row::{Place, Row};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::desk::view::Target;
use crate::record::field::Kind;
use crate::record::request::Operator;
use crate::tui::message::{Slot, Want};
use crate::tui::outbox::{Go, Outbox, Start};
use crate::tui::room::Room;
use crate::tui::theme::Tone;

impl Form {
    pub(super) fn save(&mut self, again: bool, room: &Room, out: &mut Outbox<'_>) {
        if self.saving.is_some() {
            return;
        }
        self.rows.iter_mut().for_each(|row| row.touched = true);
        self.check(room);
        if let Some(at) = self.rows.iter().position(|row| row.problem.is_some()) {
            self.focus_row(at, room);
            return;
        }
        if self.amends() && !self.rows.iter().any(Row::changed) {
            // What was only asked for need not be known yet.
            if !self.start.asked.is_empty() {
                out.go(Go::Back);
                return;
            }
            out.go(Go::Say(room.text("tui.nothing_changed"), Tone::Soon));
            return;
        }
        let Some(who) = room.operator.clone() else {
            return;
        };
        self.again = again;
        self.saving = Some(self.act(room, who, out));
    }

    fn act(&self, room: &Room, who: Operator, out: &mut Outbox<'_>) -> u64 {
        out.ask(Slot::Must, Want::Act(self.request(room), who))
    }

    /// The row that a refusal is about: `items[0].name` is about `items`.
    pub(super) fn row_of(&self, refusal: &Refusal) -> Option<usize> {
        let key = refusal.field.as_deref()?.split(['[', '.']).next()?;
        let named = |change: bool| {
            let asked = move |row: &Row| row.field.key == key && !row.place.hidden();
            let rows = &self.rows;
            rows.iter()
                .position(|row| asked(row) && (row.place == Place::Change) == change)
        };
        // A correction's own reason is asked for before the entry is looked at.
        let own = named(false);
        own.filter(|at| self.rows[*at].input.is_blank())
            .or_else(|| named(true))
            .or(own)
    }

    /// Whether a refusal only says that a field that must be filled is still empty, which the side tells anyway. A
    /// clause that asks for a field which its description leaves open is another matter.
    pub(super) fn only_empty(&self, refusal: &Refusal) -> bool {
        // Nothing is changed yet.
        let changes = refusal.field.as_deref() == Some("changes");
        let needed = || self.row_of(refusal).is_some_and(|at| self.needed(at));
        refusal.code == RefusalCode::MissingField && (changes || needed())
    }

    /// It was not accepted: the cursor goes to the field that is to blame, and everything typed stays.
    pub(super) fn refused(&mut self, refusal: &Refusal, room: &Room) {
        self.saving = None;
        let at = self.row_of(refusal);
        self.refusal = Some(refusal.clone());
        if let Some(at) = at {
            self.focus_row(at, room);
            let clause = refusal
                .clause
                .as_ref()
                .map(|c| format!(" ({})", room.clause(c)))
                .unwrap_or_default();
            self.rows[at].problem = Some(format!("{}{clause}", room.say(&refusal.message)));
        }
    }

    /// The form that follows when it was saved: what does not change from slip to slip stays.
    pub(super) fn following(&self, room: &Room) -> Option<Start> {
        if !self.again || !matches!(self.start.target, Target::New(_)) {
            return None;
        }
        let stays = |row: &&Row| {
            matches!(
                row.field.kind,
                Kind::Choice(_) | Kind::Procedure | Kind::Role
            ) || matches!(
                row.field.suggest,
                "team" | "category" | "department" | "brand"
            ) || matches!(row.field.key, "at" | "received" | "via")
        };
        let kept = self
            .rows
            .iter()
            .filter(stays)
            .filter(|row| !row.input.is_blank());
        let preset = kept.filter_map(|row| {
            let value = row.value(room).ok().flatten()?;
            let value = match (
                row.field.kind,
                value.as_str().and_then(|text| room.voice.zone.parse(text)),
            ) {
                (Kind::Instant { .. }, Some(at)) => serde_json::to_value(at).ok()?,
                _ => value,
            };
            Some((row.field.key.to_owned(), value))
        });
        Some(Start {
            preset: preset.collect(),
            ..self.start.clone()
        })
    }
}
