//! One row of a form: a field, what is typed into it, where its value goes.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::input::Input;
use crate::base::time::Instant;
use crate::record::field::{Field, Kind};
use crate::tui::room::Room;
use crate::tui::typed;

/// Where a row stands, and where its value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// When it happened, above the rest.
    Time,
    /// A field of the action.
    Own,
    /// A field of the record or entry that is put right.
    Change,
    /// Folded away under 更多.
    Folded,
    /// Which entry or breach it is about: chosen before, sent, never shown.
    About,
    /// What a screen has gathered before: sent, never shown.
    Given,
}

impl Place {
    /// Whether a row there is never shown.
    pub(super) const fn hidden(self) -> bool {
        matches!(self, Place::About | Place::Given)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) field: Field,
    pub(super) place: Place,
    pub(super) input: Input,
    /// What the form found there, as typed: an amendment, a correction, facts that are learned.
    pub(super) old: Option<Value>,
    /// A bare time of day is meant of this day: that of the time which is put right.
    pub(super) day: Option<Instant>,
    pub(super) problem: Option<String>,
    /// The cursor has been here, so an empty field may be called missing.
    pub(super) touched: bool,
    /// Somebody else has changed what is put right since the form was opened.
    pub(super) moved: bool,
}

impl Row {
    pub(super) fn new(field: &Field, place: Place, input: Input) -> Self {
        Self {
            field: *field,
            place,
            input,
            old: None,
            day: None,
            problem: None,
            touched: false,
            moved: false,
        }
    }

    /// A row that holds what stands now.
    pub(super) fn holding(mut self, stands: &Value, room: &Room) -> Self {
        self.input.set(stands, &self.field, room);
        self.old = Some(self.input.raw());
        let stored = stands.as_str().and_then(Instant::stored);
        self.day = stored.filter(|_| matches!(self.field.kind, Kind::Instant { .. }));
        self
    }

    /// Its name among the rows; a correction's own reason is another than that of the entry.
    pub(super) fn id(&self) -> Cow<'static, str> {
        match self.place {
            Place::Change => format!("changes.{}", self.field.key).into(),
            _ => self.field.key.into(),
        }
    }

    /// Whether it holds something else than what it found.
    pub(super) fn changed(&self) -> bool {
        self.old
            .as_ref()
            .is_some_and(|old| *old != self.input.raw())
    }

    /// Goes on to the next item of a list; answers whether there was one to end. What ends the last item goes when
    /// nothing follows it.
    pub(super) fn next_item(&mut self) -> bool {
        let Input::Text(editor) = &mut self.input else {
            return false;
        };
        let ends = match self.field.kind {
            Kind::Items(_) => '\n',
            _ => '、',
        };
        let text = editor.text();
        let kept = text.trim_end_matches([ends, ' ']);
        let begun = kept.len() == text.len() && !kept.is_empty();
        if begun {
            editor.end();
            return editor.insert(&ends.to_string());
        }
        let kept = kept.to_owned();
        editor.set(&kept);
        false
    }

    /// Whether nothing has been said.
    pub(super) fn is_blank(&self) -> bool {
        match (self.place, &self.old) {
            (Place::Own, Some(_)) => !self.changed(),
            _ => self.input.is_blank(),
        }
    }

    /// The time that a bare time of day stands for where a time is put right.
    pub(super) fn on_its_day(&self, room: &Room) -> Option<Instant> {
        match &self.input {
            Input::Text(editor) => typed::on_day_of(editor.text(), self.day?, room.voice.zone),
            _ => None,
        }
    }

    /// The value as the action takes it; `None` when nothing was said.
    ///
    /// # Errors
    /// Why it is not one, in the person's words.
    pub(super) fn value(&self, room: &Room) -> Result<Option<Value>, String> {
        match (self.on_its_day(room), self.field.kind) {
            (Some(at), Kind::Instant { plan: false }) if at > room.now => {
                Err(room.text("tui.why_future"))
            }
            (Some(at), _) => Ok(Some(Value::from(room.voice.zone.rfc3339(at)))),
            (None, _) => self.input.value(&self.field, room),
        }
    }

    /// Of facts that stood before, those alone that were said anew.
    pub(super) fn news(&self, value: Value) -> Option<Value> {
        let (Place::Own, Some(Value::Object(old)), Value::Object(now)) =
            (self.place, &self.old, &value)
        else {
            return Some(value);
        };
        let news = now
            .iter()
            .filter(|(key, value)| old.get(*key) != Some(*value));
        let news: Map<String, Value> = news.map(|(k, v)| (k.clone(), v.clone())).collect();
        (!news.is_empty()).then_some(Value::Object(news))
    }
}
