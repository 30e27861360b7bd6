//! The history in words: what each entry says as it stands, what stood there before it was put right, who struck it and
//! why. The card and the command line read it here, so both tell the same.

use serde_json::{Map, Value};

use super::view::{HistoryItem, RecordView};
use crate::base::i18n::{Msg, Voice};
use crate::base::time::Instant;
use crate::record::action::ActionSpec;
use crate::record::common::{Amend, Correct, ExplainBreach, Strike};
use crate::record::entry::Entry;
use crate::record::field::{Field, Kind, Required};
use crate::record::request::ENVELOPE;
use crate::record::timeline::{Correction, Fact, Logged, Timeline, target};
use crate::registers::dynamic::AnyRegister;
use crate::registers::label;
use crate::rules::ruleset::Rules;

/// How entries are put into words.
pub struct Teller<'a> {
    /// Language and zone.
    pub voice: &'a Voice,
    /// Names of roles.
    pub rules: &'a Rules,
    /// How a time is told.
    pub at: &'a dyn Fn(Instant) -> String,
    /// How a paper is called.
    pub paper: &'a dyn Fn(&str) -> String,
}

/// An entry in words; when, by whom and whether late is told by the entry itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What was done.
    pub action: String,
    /// What it is besides, in a word each: entered late, put right, struck, imported.
    pub marks: Vec<String>,
    /// What was said with it, as it stands now.
    pub said: Vec<String>,
    /// What stood there before it was put right.
    pub was: Option<String>,
    /// Who struck it, when and why.
    pub struck: Option<String>,
}

/// Whether a value is worth telling. A `no` is, where it is the answer to what was asked.
pub fn tells(field: &Field, value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(false) => {
            !matches!(field.required, Required::No) || field.default == Some("true")
        }
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::String(text) => !text.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}

/// The record's facts, as its history tells them.
fn timeline(view: &RecordView) -> Timeline {
    let logged = view.history.iter().map(|item| Logged {
        seq: item.seq,
        entry: std::sync::Arc::clone(&item.entry),
    });
    let mut logged: Vec<Logged> = logged.collect();
    logged.sort_by_key(|logged| logged.seq);
    Timeline::of(logged)
}

fn every_fact(timeline: &Timeline) -> impl Iterator<Item = &Fact> {
    timeline.facts.iter().chain(&timeline.struck)
}

/// The description of a key that a correction names.
fn described(
    register: &dyn AnyRegister,
    spec: Option<&'static ActionSpec>,
    key: &str,
) -> Option<&'static Field> {
    let own = spec.and_then(|spec| spec.field(key));
    own.or_else(|| ENVELOPE.iter().find(|field| field.key == key))
        .or_else(|| register.field(key))
}

/// Keys worth telling of what a correction changed. What was learned when it happened moves with it, unsaid.
fn telling<'a>(
    before: &'a Map<String, Value>,
) -> impl Iterator<Item = (&'a String, &'a Value)> + 'a {
    let moves_along = before.contains_key("at") && before.get("received") == before.get("at");
    before
        .iter()
        .filter(move |(key, _)| !(moves_along && key.as_str() == "received"))
}

/// What an entry holds under a key of its action or of its own.
pub fn held(entry: &Entry, key: &str) -> Value {
    let stored = |at: Instant| serde_json::to_value(at).unwrap_or_default();
    let data = || entry.data.get(key).cloned().unwrap_or_default();
    match key {
        "at" => stored(entry.at),
        "received" => stored(entry.received),
        "by" => entry.by.as_str().into(),
        "role" if !entry.data.contains_key("role") => entry.role.clone().into(),
        "via" => entry.via.clone().into(),
        "note" => entry.note.clone().into(),
        _ => data(),
    }
}

impl Teller<'_> {
    /// The history of a record, in the order of the view.
    pub fn history(&self, view: &RecordView) -> Vec<Told> {
        let timeline = timeline(view);
        let told = view.history.iter();
        told.map(|item| self.told(view, item, &timeline)).collect()
    }

    /// One entry of it.
    pub fn entry(&self, view: &RecordView, item: &HistoryItem) -> Told {
        self.told(view, item, &timeline(view))
    }

    fn told(&self, view: &RecordView, item: &HistoryItem, timeline: &Timeline) -> Told {
        let was = self.was(view, item, timeline);
        let struck = self.struck(view, item);
        let entry = item.stands();
        let marks = [
            (entry.late_entry, "card.late_entry"),
            (was.is_some(), "told.corrected"),
            (struck.is_some(), "told.struck_mark"),
            (entry.source.is_some(), "card.imported"),
        ];
        let marks = marks.iter().filter(|(marked, _)| *marked);
        Told {
            action: self.action(view, item),
            marks: marks.map(|(_, key)| self.voice.text(key)).collect(),
            said: self.said(view, item, timeline),
            was,
            struck,
        }
    }

    /// What an entry did: 到场; 更正第 5 条“到场”.
    pub fn action(&self, view: &RecordView, item: &HistoryItem) -> String {
        let entry = &item.entry;
        let name = |action: &str| label::action(self.voice, view.register.spec().code, action);
        let about = target(entry).and_then(|seq| view.history.iter().find(|i| i.seq == seq));
        let key = match entry.action.as_str() {
            Correct::NAME => "told.correction",
            Strike::NAME => "told.strike",
            other => return name(other),
        };
        match about {
            Some(about) => self.voice.say(
                &Msg::new(key)
                    .with("seq", about.seq)
                    .with("action", self.action(view, about)),
            ),
            None => name(&entry.action),
        }
    }

    /// What was said with an entry; of the first one only the note, since the record itself shows the rest.
    fn said(&self, view: &RecordView, item: &HistoryItem, timeline: &Timeline) -> Vec<String> {
        let entry = item.stands();
        let parts = match entry.action.as_str() {
            Correct::NAME | Amend::NAME => self.put_right(view, item, timeline),
            Strike::NAME => self.reason(view, entry),
            _ if item.seq == timeline.opening => Vec::new(),
            _ => {
                let fields = self.fields(view.register, entry).into_iter();
                fields
                    .map(|(name, value)| format!("{name} {value}"))
                    .collect()
            }
        };
        let mut lines: Vec<String> = Vec::new();
        if !parts.is_empty() {
            lines.push(parts.join(" · "));
        }
        let note = entry.note.as_ref();
        lines.extend(note.map(|note| format!("{} {note}", self.voice.text("field.note"))));
        lines
    }

    /// The fields of an entry as (label, value).
    pub fn fields(&self, register: &dyn AnyRegister, entry: &Entry) -> Vec<(String, String)> {
        let code = register.spec().code;
        if entry.action == "print" {
            return self.printed(entry);
        }
        let fields = register
            .action(&entry.action)
            .map_or(&[][..], |spec| spec.fields);
        let told = fields.iter().filter_map(|field| {
            let value = entry
                .data
                .get(field.key)
                .filter(|value| tells(field, value))?;
            let words = match (entry.action.as_str(), field.key, value.as_str()) {
                (ExplainBreach::NAME, "code", Some(duty)) => label::duty(self.voice, code, duty),
                _ => self.value(code, field, value),
            };
            Some((label::field(self.voice, code, field.key), words))
        });
        told.collect()
    }

    fn printed(&self, entry: &Entry) -> Vec<(String, String)> {
        let name = entry.data.get("document").and_then(Value::as_str);
        let version = entry.data.get("version").and_then(Value::as_i64);
        let told = name.zip(version).map(|(name, version)| {
            (
                (self.paper)(name),
                self.voice.say(&Msg::new("told.version").with("n", version)),
            )
        });
        told.into_iter().collect()
    }

    /// A value in words, on one line; nothing for none.
    fn value(&self, register: &str, field: &Field, value: &Value) -> String {
        match (field.kind, value) {
            (Kind::Instant { .. }, Value::String(text)) => {
                Instant::stored(text).map_or_else(|| text.clone(), |at| (self.at)(at))
            }
            (Kind::Facts, Value::Object(facts)) => self.facts(facts),
            _ => label::print(self.voice, self.rules, register, field, value)
                .replace('\n', &self.voice.text("punct.list")),
        }
    }

    /// Facts by name; what was said not to be so is told too.
    fn facts(&self, facts: &Map<String, Value>) -> String {
        let names = facts.iter().map(|(key, value)| {
            let name = self.voice.text(&format!("fact.{key}"));
            match value {
                Value::Bool(true) => name,
                Value::Bool(false) => format!("{name} {}", self.voice.text("word.no")),
                other => format!("{name} {other}"),
            }
        });
        let names: Vec<String> = names.collect();
        names.join(&self.voice.text("punct.list"))
    }

    fn reason(&self, view: &RecordView, entry: &Entry) -> Vec<String> {
        let reason = entry.data.get("reason").and_then(Value::as_str);
        let name = label::field(self.voice, view.register.spec().code, "reason");
        let said = reason.map(|reason| format!("{name} {reason}"));
        said.into_iter().collect()
    }

    /// `时间 09:12 → 09:02`, and why.
    fn put_right(&self, view: &RecordView, item: &HistoryItem, timeline: &Timeline) -> Vec<String> {
        let mut parts = Vec::new();
        for fact in every_fact(timeline) {
            let made = fact.corrections.iter().find(|made| made.seq == item.seq);
            if let Some(made) = made {
                parts.extend(self.changes(view, fact, made));
            }
        }
        // A correction that was itself struck has changed nothing.
        if let (true, Some(Value::Object(wanted))) =
            (parts.is_empty(), item.entry.data.get("changes"))
        {
            for (key, value) in telling(wanted) {
                parts.push(self.change(view.register, None, key, None, value));
            }
        }
        parts.extend(self.reason(view, &item.entry));
        parts
    }

    /// What one correction changed in one fact.
    fn changes(&self, view: &RecordView, fact: &Fact, made: &Correction) -> Vec<String> {
        let spec = view.register.action(&fact.entry.action);
        let later = fact.corrections.iter().filter(|other| other.seq > made.seq);
        let after = |key: &str| {
            let next = later.clone().find_map(|other| other.before.get(key));
            next.cloned().unwrap_or_else(|| held(&fact.entry, key))
        };
        telling(&made.before)
            .map(|(key, old)| self.change(view.register, spec, key, Some(old), &after(key)))
            .collect()
    }

    fn change(
        &self,
        register: &dyn AnyRegister,
        spec: Option<&'static ActionSpec>,
        key: &str,
        old: Option<&Value>,
        new: &Value,
    ) -> String {
        let code = register.spec().code;
        let name = label::field(self.voice, code, key);
        let words = |value: &Value| self.or_empty(register, spec, key, value);
        match old {
            Some(old) => format!("{name} {} → {}", words(old), words(new)),
            None => format!("{name} → {}", words(new)),
        }
    }

    fn or_empty(
        &self,
        register: &dyn AnyRegister,
        spec: Option<&'static ActionSpec>,
        key: &str,
        value: &Value,
    ) -> String {
        let words = match described(register, spec, key) {
            Some(field) => self.value(register.spec().code, field, value),
            None => label::any(self.voice, self.rules, register, key, value),
        };
        match words.is_empty() {
            true => self.voice.text("told.empty"),
            false => words,
        }
    }

    /// What stood in a corrected entry at first, where it is another now.
    fn was(&self, view: &RecordView, item: &HistoryItem, timeline: &Timeline) -> Option<String> {
        let fact = every_fact(timeline).find(|fact| fact.seq == item.seq)?;
        let mut first: Map<String, Value> = Map::new();
        for made in &fact.corrections {
            for (key, value) in telling(&made.before) {
                first.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        first.retain(|key, value| *value != held(&fact.entry, key));
        let spec = view.register.action(&fact.entry.action);
        let code = view.register.spec().code;
        let parts = first.iter().map(|(key, value)| {
            let name = label::field(self.voice, code, key);
            format!("{name} {}", self.or_empty(view.register, spec, key, value))
        });
        let parts: Vec<String> = parts.collect();
        let what = parts.join(" · ");
        (!what.is_empty()).then(|| self.voice.say(&Msg::new("told.was").with("what", what)))
    }

    fn struck(&self, view: &RecordView, item: &HistoryItem) -> Option<String> {
        let seq = item.fate.struck_by?;
        let strike = &view.history.iter().find(|other| other.seq == seq)?.entry;
        let reason = strike.data.get("reason").and_then(Value::as_str);
        let told = Msg::new("told.struck")
            .with("by", strike.by.as_str())
            .with("at", (self.at)(strike.at))
            .with("reason", reason.unwrap_or_default());
        Some(self.voice.say(&told))
    }

    /// Every correction of an entry, one line each: who, when, what, why.
    pub fn corrections(&self, view: &RecordView, seq: i64) -> Vec<String> {
        let timeline = timeline(view);
        let fact = every_fact(&timeline).find(|fact| fact.seq == seq);
        let made = fact.into_iter().flat_map(|fact| {
            fact.corrections.iter().map(|made| {
                let told = Msg::new("told.corrected_by")
                    .with("seq", made.seq)
                    .with("by", made.by.as_str())
                    .with("at", (self.at)(made.at))
                    .with("changes", self.changes(view, fact, made).join(" · "))
                    .with("reason", made.reason.as_str());
                self.voice.say(&told)
            })
        });
        made.collect()
    }
}
