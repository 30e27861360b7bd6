//! A form, made from the description of its action: what is typed, what it stands for, what it would lead to.

mod build;
mod choices;
mod correct;
mod draw;
mod face;
mod input;
mod keys;
mod preview;
mod renew;
mod row;
mod saving;

pub use build::own_words;
pub use correct::stands;

use serde_json::{Map, Value};

use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::desk::view::{Draft, Preview, RecordView, Request, Target};
use crate::record::common::Correct;
use crate::record::field::{Kind, Required};
use crate::tui::message::{Asker, Part, Want};
use crate::tui::outbox::{Go, Outbox, Start};
use crate::tui::room::Room;
use input::Input;
use row::{Place, Row};

/// Ticks of a quarter second without a key after which what was typed is kept.
const QUIET_TICKS: u8 = 1;

/// Where the cursor can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Row(usize),
    More,
}

/// A form.
#[derive(Clone)]
pub struct Form {
    start: Start,
    rows: Vec<Row>,
    /// Which entry or breach it is about, in words.
    about: Option<String>,
    /// Breaches that the record has already.
    breached: Vec<(String, Instant)>,
    /// The question how the record stands by now; its number.
    basis_seq: u64,
    focus: usize,
    /// The cursor has just come to a time or a number that stands there: typing replaces it.
    fresh: bool,
    more: bool,
    preview: Option<Box<Preview>>,
    preview_seq: u64,
    /// Who it is to the desk; given when it is put up.
    asker: Asker,
    /// A refusal that names no field of this form.
    refusal: Option<Refusal>,
    suggest_seq: u64,
    ghost: Option<String>,
    /// What it started with, to know whether anything was typed.
    initial: Map<String, Value>,
    quiet: Option<u8>,
    /// When it was kept last.
    kept: Option<Instant>,
    restored: bool,
    /// A save is on its way; its number.
    saving: Option<u64>,
    /// A fresh one follows when it is saved.
    again: bool,
    /// Something was typed into it since it came up: the hand knows where it is.
    typed_into: bool,
}

impl Form {
    /// A form as it starts, with what a draft kept.
    pub fn new(
        start: Start,
        view: Option<&RecordView>,
        draft: Option<&Draft>,
        room: &Room,
    ) -> Self {
        let rows = build::rows(&start, view, room);
        let breached = view.map_or_else(Vec::new, |view| {
            let known = view.record.head.breaches.iter();
            known
                .map(|breach| (breach.code.clone(), breach.at))
                .collect()
        });
        let mut form = Self {
            about: view.and_then(|view| correct::subject(&start, view, room)),
            breached,
            basis_seq: 0,
            start,
            rows,
            focus: 0,
            fresh: false,
            more: false,
            preview: None,
            preview_seq: 0,
            asker: Asker::Over(0),
            refusal: None,
            suggest_seq: 0,
            ghost: None,
            initial: Map::new(),
            quiet: None,
            kept: None,
            restored: false,
            saving: None,
            again: false,
            typed_into: false,
        };
        form.initial = form.raw();
        if let Some(draft) = draft {
            form.restore(draft, room);
        }
        form.focus = form.first_to_fill();
        form.fresh = form.replaces();
        form
    }

    fn restore(&mut self, draft: &Draft, room: &Room) {
        for index in 0..self.rows.len() {
            let key = self.rows[index].field.key;
            let row = &mut self.rows[index];
            // What this form was opened with is newer than what an earlier one held.
            let known =
                !self.start.asked.is_empty() && self.start.preset.iter().any(|(k, _)| k == key);
            if row.place == Place::Given || known {
                continue;
            }
            if let Some(raw) = draft.values.get(row.id().as_ref()) {
                let field = row.field;
                row.input.restore(raw, &field, room);
                // Facts hang on the procedure and stand behind it.
                if matches!(field.kind, Kind::Procedure) {
                    self.facts_of_procedure(room);
                }
            }
        }
        self.restored = true;
        self.kept = Some(draft.saved);
        self.check(room);
    }

    /// Its name among the drafts.
    pub fn name(&self) -> String {
        match &self.start.target {
            Target::New(register) => format!("new/{register}/{}", self.start.action.name),
            Target::On(no) => {
                let name = format!("on/{no}/{}", self.start.action.name);
                let about = self.rows.iter().find(|row| row.place == Place::About);
                // The same gate may have been open more than once: each breach has its own form.
                let at = correct::breach_at(&self.start);
                match (about.map(|row| row.input.raw()), at) {
                    (Some(Value::String(code)), Some(at)) => format!("{name}/{code}/{at:?}"),
                    (Some(Value::String(about)), None) => format!("{name}/{about}"),
                    _ => name,
                }
            }
        }
    }

    fn stops(&self) -> Vec<Stop> {
        let shown = |place: Place| {
            self.rows
                .iter()
                .enumerate()
                .filter(move |(_, row)| row.place == place)
        };
        let mut stops: Vec<Stop> = Vec::new();
        for place in [Place::Time, Place::Own, Place::Change] {
            stops.extend(shown(place).map(|(at, _)| Stop::Row(at)));
        }
        // An amendment asks for its reason after the changes.
        if self.amends() {
            stops.sort_by_key(
                |stop| matches!(stop, Stop::Row(at) if self.rows[*at].place == Place::Own),
            );
        }
        if self.has_more() {
            stops.push(Stop::More);
            if self.more {
                stops.extend(shown(Place::Folded).map(|(at, _)| Stop::Row(at)));
            }
        }
        stops
    }

    fn row_at_focus(&self) -> Option<usize> {
        match self.stops().get(self.focus) {
            Some(Stop::Row(at)) => Some(*at),
            _ => None,
        }
    }

    /// The first field that is empty, whether it must be filled or not.
    fn first_to_fill(&self) -> usize {
        let stops = self.stops();
        let is = |wanted: &dyn Fn(usize) -> bool| {
            stops
                .iter()
                .position(|stop| matches!(stop, Stop::Row(at) if wanted(*at)))
        };
        let own = |at: usize| matches!(self.rows[at].place, Place::Own | Place::Change);
        let empty_own = |at: usize| own(at) && self.rows[at].is_blank();
        // Everything needed is there: the last field, where Enter saves.
        let last = stops
            .iter()
            .rposition(|stop| matches!(stop, Stop::Row(at) if own(*at)));
        // A fresh record and an amendment are gone through from the top.
        let first = is(&empty_own).filter(|_| !self.amends());
        let top = is(&own).filter(|_| self.is_new() || self.amends());
        first.or(top).or(last).unwrap_or(0)
    }

    /// Whether it puts something right that stands.
    fn amends(&self) -> bool {
        self.rows.iter().any(|row| row.place == Place::Change)
    }

    fn value_of(&self, key: &str) -> Option<Value> {
        self.value_among(key, |_| true)
    }

    fn value_among(&self, key: &str, wanted: impl Fn(Place) -> bool) -> Option<Value> {
        self.rows
            .iter()
            .find(|row| row.field.key == key && wanted(row.place))
            .map(|row| row.input.raw())
            .filter(|v| !v.is_null())
    }

    pub(super) fn needed(&self, at: usize) -> bool {
        let row = &self.rows[at];
        let change = row.place == Place::Change;
        // An amendment may reach fields that another action asked for; a correction stays within its entry.
        let asked = !change || self.start.action.name == Correct::NAME;
        let same = |place: Place| (place == Place::Change) == change;
        match row.field.required {
            _ if !asked || row.place == Place::Time || row.place.hidden() => false,
            Required::No => false,
            Required::Yes => true,
            Required::When(key, wanted) => {
                let value = self.value_among(key, same);
                value.is_some_and(|value| match &value {
                    Value::String(text) => text == wanted,
                    Value::Bool(flag) => wanted == if *flag { "true" } else { "false" },
                    _ => false,
                })
            }
        }
    }

    fn raw(&self) -> Map<String, Value> {
        self.rows
            .iter()
            .map(|row| (row.id().into_owned(), row.input.raw()))
            .collect()
    }

    /// Whether anything was typed that it did not start with.
    pub fn typed_anything(&self) -> bool {
        self.raw() != self.initial
    }

    /// What is kept of it, when there is something to keep.
    fn draft(&self, room: &Room) -> Option<Draft> {
        let by = room
            .operator
            .as_ref()
            .map_or_else(String::new, |o| o.name.clone());
        self.typed_anything().then(|| Draft {
            form: self.name(),
            values: self.raw(),
            saved: room.now,
            by,
        })
    }

    fn request(&self, room: &Room) -> Request {
        let (mut data, mut changes) = (Map::new(), Map::new());
        for row in &self.rows {
            match (row.place, row.value(room)) {
                (Place::Change, Ok(value)) if row.changed() => {
                    changes.insert(row.field.key.to_owned(), value.unwrap_or(Value::Null));
                }
                (Place::Change, _) | (_, Err(_) | Ok(None)) => {}
                (_, Ok(Some(value))) => {
                    let news = row.news(value);
                    data.extend(news.map(|value| (row.field.key.to_owned(), value)));
                }
            }
        }
        if !changes.is_empty() {
            data.insert("changes".to_owned(), Value::Object(changes));
        }
        Request {
            target: self.start.target.clone(),
            action: Some(self.start.action.name.to_owned()),
            data,
        }
    }

    /// Is put up, as this asker to the desk.
    pub fn put_up(&mut self, asker: Asker, room: &Room, out: &mut Outbox<'_>) {
        self.asker = asker;
        self.ask_preview(room, out);
    }

    /// Asks anew what it would lead to.
    fn ask_preview(&mut self, room: &Room, out: &mut Outbox<'_>) {
        let who = room.operator.clone().unwrap_or_default();
        self.preview_seq = out.ask(
            self.asker.part(Part::Preview),
            Want::Preview(self.request(room), who),
        );
    }

    /// Takes what it would lead to, if it is still asked for.
    fn previewed(&mut self, seq: u64, preview: &Preview) -> bool {
        if seq != self.preview_seq {
            return false;
        }
        self.preview = Some(Box::new(preview.clone()));
        true
    }

    /// Takes words to complete with, if they are still asked for.
    fn suggested(&mut self, seq: u64, words: &[String]) -> bool {
        if seq != self.suggest_seq {
            return false;
        }
        let begun = self.word_begun().unwrap_or_default();
        let rest = words
            .iter()
            .find_map(|word| word.strip_prefix(begun.as_str()));
        self.ghost = rest.filter(|rest| !rest.is_empty()).map(str::to_owned);
        true
    }

    /// The word that is being typed in a field that knows earlier words.
    fn word_begun(&self) -> Option<String> {
        let row = &self.rows[self.row_at_focus()?];
        let Input::Text(editor) = &row.input else {
            return None;
        };
        if row.field.suggest.is_empty() || !editor.at_end() {
            return None;
        }
        let text = editor.text();
        let begun = match row.field.kind {
            Kind::Texts | Kind::TextsOrAll | Kind::Items(_) => text
                .rsplit(['、', ',', '，', ' ', '\n'])
                .next()
                .unwrap_or_default(),
            _ => text,
        };
        (!begun.is_empty()).then(|| begun.to_owned())
    }

    fn check(&mut self, room: &Room) {
        for at in 0..self.rows.len() {
            let missing = self.needed(at) && self.rows[at].touched && self.rows[at].is_blank();
            let row = &mut self.rows[at];
            row.problem = match row.value(room) {
                Err(why) => Some(why),
                Ok(_) if missing => Some(room.text("tui.needed")),
                Ok(_) => None,
            };
        }
    }

    fn changed(&mut self, room: &Room, out: &mut Outbox<'_>) {
        self.refusal = None;
        self.quiet = Some(0);
        let at = self.row_at_focus();
        if at.is_some_and(|at| matches!(self.rows[at].field.kind, Kind::Procedure)) {
            self.facts_of_procedure(room);
        }
        self.check(room);
        self.ghost = None;
        self.ask_words(out);
        self.ask_preview(room, out);
    }

    fn ask_words(&mut self, out: &mut Outbox<'_>) {
        if let (Some(at), Some(begun)) = (self.row_at_focus(), self.word_begun()) {
            self.suggest_seq = out.ask(
                self.asker.part(Part::Words),
                Want::Suggest(self.rows[at].field.suggest, begun),
            );
        }
    }

    /// The facts that the chosen procedure knows; those that hold in both stay.
    fn facts_of_procedure(&mut self, room: &Room) {
        let procedure = self.value_of("procedure");
        let procedure = procedure.as_ref().and_then(Value::as_str);
        for row in self
            .rows
            .iter_mut()
            .filter(|row| matches!(row.field.kind, Kind::Facts))
        {
            let held = row.input.raw();
            row.input = Input::of(&row.field, room, procedure);
            row.input.set(&held, &row.field, room);
        }
    }

    fn move_focus(&mut self, to: usize, room: &Room) {
        if let Some(at) = self.row_at_focus() {
            self.rows[at].touched = true;
        }
        self.focus = to.min(self.stops().len().saturating_sub(1));
        self.fresh = self.replaces();
        self.ghost = None;
        self.check(room);
    }

    /// Whether what is typed at the cursor takes the place of what stands there: a time or a number is typed whole.
    fn replaces(&self) -> bool {
        let row = self.row_at_focus().map(|at| &self.rows[at]);
        row.is_some_and(|row| {
            let whole = matches!(
                row.field.kind,
                Kind::Instant { .. }
                    | Kind::Date
                    | Kind::Month
                    | Kind::Fen
                    | Kind::Integer { .. }
                    | Kind::Decimal { .. }
            );
            whole && !row.input.is_blank()
        })
    }

    fn focus_row(&mut self, at: usize, room: &Room) {
        if self.rows[at].place == Place::Folded {
            self.more = true;
        }
        if let Some(to) = self.stops().iter().position(|stop| *stop == Stop::Row(at)) {
            self.move_focus(to, room);
        }
    }

    /// Has what was typed kept, or what was kept dropped when nothing is typed any more; answers whether it is kept.
    fn keep(&mut self, room: &Room, out: &mut Outbox<'_>) -> bool {
        self.quiet = None;
        let draft = self.draft(room);
        self.kept = draft.as_ref().map(|draft| draft.saved);
        let keeps = draft.is_some();
        out.go(draft.map_or_else(|| Go::Drop(self.name()), Go::Keep));
        keeps
    }

    /// Whether the cursor is in a text of several lines.
    fn in_long_text(&self) -> bool {
        let row = self.row_at_focus().map(|at| &self.rows[at]);
        row.is_some_and(|row| matches!(row.field.kind, Kind::Long | Kind::Items(_)))
    }

    /// Whether anything is folded away.
    fn has_more(&self) -> bool {
        self.rows.iter().any(|row| row.place == Place::Folded)
    }

    /// Whether it opens a new record.
    pub fn is_new(&self) -> bool {
        matches!(self.start.target, Target::New(_))
    }

    /// The keys of the fields that it shows.
    #[cfg(test)]
    pub fn offered_keys(&self) -> Vec<&'static str> {
        let shown = self.rows.iter().filter(|row| !row.place.hidden());
        shown.map(|row| row.field.key).collect()
    }
}
