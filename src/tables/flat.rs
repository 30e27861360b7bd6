//! A whole register as one flat table 总表: a line a record; the fields of its first action, then for every later step
//! when, who and what. Described once, from the field descriptions; export, archive and import all read it here.

use serde_json::Value;

use super::value::{cell, column};
use super::{Cell, Column, ColumnKind};
use crate::base::i18n::{Msg, Voice};
use crate::desk::view::NextDuty;
use crate::record::action::{ActionSet, ActionSpec};
use crate::record::common::CommonAction;
use crate::record::entry::Entry;
use crate::record::field::Field;
use crate::record::head::AnyRecord;
use crate::record::request::ENVELOPE;
use crate::registers::dynamic::AnyRegister;
use crate::registers::label;
use crate::rules::ruleset::Rules;

/// The keys of a record's own columns, before its fields.
pub const OCCURRED: &str = "occurred";
/// How many entries the record has.
pub const ENTRIES: &str = "history_entries";

/// Where a column's value comes from.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    /// Number, state, class, times, person.
    Head(&'static str),
    /// The name of the first action, where a register has several.
    Opening,
    /// A field of the envelope of the first entry.
    Envelope(&'static Field),
    /// A field of the first action, as amended since.
    First(&'static Field),
    /// When the latest step of this action happened.
    StepAt(&'static ActionSpec),
    /// When we learned of it, if that was later.
    StepReceived(&'static ActionSpec),
    /// Who took it.
    StepBy(&'static ActionSpec),
    /// A field of it.
    Step(&'static ActionSpec, &'static Field),
    /// What is owed next.
    Next,
    /// When.
    NextDue,
    /// How many entries there are.
    Entries,
}

/// The flat table of one register.
pub struct Flat {
    register: &'static dyn AnyRegister,
    columns: Vec<Column>,
    sources: Vec<Source>,
}

fn own(key: &str, label: String, kind: ColumnKind, width: u16) -> Column {
    Column {
        key: key.to_owned(),
        label,
        kind,
        width,
        personal: false,
    }
}

/// The label of a column of a later step: `修复·结果`.
fn step_label(voice: &Voice, register: &str, action: &str, field: &str) -> String {
    step_label_of(
        voice,
        register,
        action,
        label::field(voice, register, field),
    )
}

fn step_label_of(voice: &Voice, register: &str, action: &str, what: String) -> String {
    let message = Msg::new("table.step")
        .with("action", label::action(voice, register, action))
        .with("field", what);
    voice.say(&message)
}

/// The actions that open a record.
pub fn openings(register: &dyn AnyRegister) -> Vec<&'static ActionSpec> {
    register
        .actions()
        .iter()
        .filter(|spec| spec.first && !register.reserved(spec.name))
        .collect()
}

/// The later steps that somebody takes, in the order of declaration, the common ones last.
pub fn steps(register: &dyn AnyRegister) -> Vec<&'static ActionSpec> {
    let by_hand = |spec: &&ActionSpec| !spec.first && !register.reserved(spec.name);
    let own = register.actions().iter().filter(by_hand);
    own.chain(CommonAction::ALL).collect()
}

impl Flat {
    /// The table of a register, its labels in the voice's language.
    pub fn of(register: &'static dyn AnyRegister, voice: &Voice) -> Self {
        let mut flat = Self {
            register,
            columns: Vec::new(),
            sources: Vec::new(),
        };
        flat.head(voice);
        flat.first(voice);
        for spec in steps(register) {
            flat.step(spec, voice);
        }
        flat
    }

    fn add(&mut self, column: Column, source: Source) {
        self.columns.push(column);
        self.sources.push(source);
    }

    fn head(&mut self, voice: &Voice) {
        use ColumnKind::{Instant, Integer, Text};
        let spec = self.register.spec();
        let name = |key: &str| label::field(voice, spec.code, key);
        self.add(own("no", name("no"), Text, 14), Source::Head("no"));
        self.add(own("state", name("state"), Text, 10), Source::Head("state"));
        if spec.columns.contains(&"class") {
            self.add(own("class", name("class"), Text, 10), Source::Head("class"));
        }
        if openings(self.register).len() > 1 {
            self.add(own("action", name("action"), Text, 10), Source::Opening);
        }
        for (key, called) in [
            ("received", "received"),
            (OCCURRED, "at"),
            ("entered", "entered"),
        ] {
            self.add(own(key, name(called), Instant, 16), Source::Head(key));
        }
        self.add(
            own("next", voice.text("table.next"), Text, 16),
            Source::Next,
        );
        self.add(own("next_due", name("next"), Instant, 16), Source::NextDue);
        self.add(
            own(ENTRIES, voice.text("table.entries"), Integer, 6),
            Source::Entries,
        );
    }

    fn first(&mut self, voice: &Voice) {
        let code = self.register.spec().code;
        let mut known: Vec<&str> = Vec::new();
        for field in openings(self.register)
            .into_iter()
            .flat_map(|spec| spec.fields)
        {
            if !known.contains(&field.key) {
                known.push(field.key);
                let label = label::field(voice, code, field.key);
                self.add(
                    column(field, field.key.to_owned(), label),
                    Source::First(field),
                );
            }
        }
        for field in ENVELOPE {
            if !matches!(field.key, "at" | "received") && !known.contains(&field.key) {
                // A complaint has a channel of its own.
                let label = match field.key {
                    "via" => voice.text("table.via"),
                    key => voice.text(&format!("field.{key}")),
                };
                self.add(
                    column(field, field.key.to_owned(), label),
                    Source::Envelope(field),
                );
            }
        }
    }

    fn step(&mut self, spec: &'static ActionSpec, voice: &Voice) {
        let code = self.register.spec().code;
        let key = |field: &str| format!("{}.{field}", spec.name);
        let label = |field: &str| step_label(voice, code, spec.name, field);
        self.add(
            own(&key("at"), label("at"), ColumnKind::Instant, 16),
            Source::StepAt(spec),
        );
        for field in spec.fields {
            let described = column(field, key(field.key), label(field.key));
            self.add(described, Source::Step(spec, field));
        }
        if spec.field("by").is_none() {
            let mut by = own(
                &key("by"),
                step_label_of(voice, code, spec.name, voice.text("table.by")),
                ColumnKind::Text,
                8,
            );
            by.personal = true;
            self.add(by, Source::StepBy(spec));
        }
        let received = own(&key("received"), label("received"), ColumnKind::Instant, 16);
        self.add(received, Source::StepReceived(spec));
    }

    /// Its register.
    pub fn register(&self) -> &'static dyn AnyRegister {
        self.register
    }

    /// Its columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Where each column's value comes from, in the order of the columns.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The line of a record.
    ///
    /// `history` is every entry of it, oldest first. Of an action that was taken several times the latest is told.
    pub fn row(
        &self,
        voice: &Voice,
        rules: &Rules,
        record: &AnyRecord,
        history: &[&Entry],
        next: Option<&NextDuty>,
    ) -> Vec<Cell> {
        let line = Line {
            voice,
            rules,
            code: self.register.spec().code,
            record,
            history,
            next,
        };
        self.sources
            .iter()
            .map(|source| line.cell(*source))
            .collect()
    }
}

/// What a line is made from.
struct Line<'a> {
    voice: &'a Voice,
    rules: &'a Rules,
    code: &'a str,
    record: &'a AnyRecord,
    history: &'a [&'a Entry],
    next: Option<&'a NextDuty>,
}

impl Line<'_> {
    fn latest(&self, spec: &ActionSpec) -> Option<&Entry> {
        let of = |entry: &&&Entry| entry.action == spec.name;
        self.history.iter().rev().find(of).copied()
    }

    fn stored(&self, field: &Field, value: Option<&Value>) -> Cell {
        value.map_or(Cell::Empty, |value| {
            cell(self.voice, self.rules, self.code, field, value)
        })
    }

    /// A field of the first action as corrections have left it.
    fn amended(&self, key: &str) -> Option<&Value> {
        self.history.first()?.data.get(key)
    }

    fn head(&self, key: &str) -> Cell {
        let head = &self.record.head;
        match key {
            "no" => Cell::text(&head.no),
            "state" => Cell::Coded {
                code: head.state.clone(),
                words: label::state(self.voice, self.code, &head.state),
            },
            "class" => head
                .class
                .as_ref()
                .map_or(Cell::Empty, |class| Cell::Coded {
                    code: class.clone(),
                    words: self.voice.text(&format!("class.{class}")),
                }),
            "received" => Cell::At(head.received),
            OCCURRED => Cell::At(head.opened),
            "entered" => Cell::At(head.entered),
            _ => Cell::Empty,
        }
    }

    fn envelope(&self, field: &Field) -> Cell {
        let Some(first) = self.history.first() else {
            return Cell::Empty;
        };
        let text = match field.key {
            "by" => Some(&first.by),
            "role" => first.role.as_ref(),
            "via" => first.via.as_ref(),
            "note" => first.note.as_ref(),
            _ => None,
        };
        text.map_or(Cell::Empty, |text| {
            self.stored(field, Some(&Value::from(text.as_str())))
        })
    }

    fn cell(&self, source: Source) -> Cell {
        match source {
            Source::Head(key) => self.head(key),
            Source::Opening => self
                .history
                .first()
                .map_or(Cell::Empty, |first| Cell::Coded {
                    code: first.action.clone(),
                    words: label::action(self.voice, self.code, &first.action),
                }),
            Source::Envelope(field) => self.envelope(field),
            Source::First(field) => self.stored(field, self.amended(field.key)),
            Source::StepAt(spec) => self
                .latest(spec)
                .map_or(Cell::Empty, |entry| Cell::At(entry.at)),
            Source::StepReceived(spec) => self
                .latest(spec)
                .filter(|entry| entry.received != entry.at)
                .map_or(Cell::Empty, |entry| Cell::At(entry.received)),
            Source::StepBy(spec) => self
                .latest(spec)
                .map_or(Cell::Empty, |entry| Cell::text(&entry.by)),
            Source::Step(spec, field) => {
                let entry = self.latest(spec);
                self.stored(field, entry.and_then(|entry| entry.data.get(field.key)))
            }
            Source::Next => self.next.map_or(Cell::Empty, |next| Cell::Coded {
                code: next.code.clone(),
                words: label::duty(self.voice, self.code, &next.code),
            }),
            Source::NextDue => self
                .next
                .and_then(|next| next.due)
                .map_or(Cell::Empty, Cell::At),
            Source::Entries => i64::try_from(self.history.len()).map_or(Cell::Empty, Cell::Integer),
        }
    }
}
