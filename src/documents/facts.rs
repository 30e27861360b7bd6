//! What can be said of a record on paper: its head, its fields, the latest act of each kind, its duties and history,
//! found by path and written in words. Papers are in Chinese, as the procedures are.

use std::borrow::Cow;

use chrono::{Datelike, Timelike};
use serde_json::{Map, Value, json};

use super::capital::capital;
use super::phrase::{Form, Slot, picks};
use super::{boxes, derived};
use crate::base::i18n::{Lang, Voice};
use crate::base::quantity::Fen;
use crate::base::time::Instant;
use crate::desk::view::RecordView;
use crate::record::common::{LinkKind, Print};
use crate::record::field::Choice;
use crate::registers::dynamic::AnyRegister;
use crate::registers::label;
use crate::rules::deadline::Outcome;
use crate::rules::ruleset::Rules;

/// The facts of one record, or of a book of records.
pub struct Facts<'a> {
    /// The record's register, or the book's.
    pub register: &'static dyn AnyRegister,
    pub(super) rules: &'a Rules,
    pub(super) voice: Voice,
    root: Value,
}

/// How papers speak, whatever the language of the screen.
pub fn voice(rules: &Rules) -> Voice {
    Voice {
        lang: Lang::Zh,
        zone: rules.zone(),
        lexicon: rules.lexicon(),
    }
}

impl<'a> Facts<'a> {
    /// The facts of a record.
    pub fn of(view: &RecordView, rules: &'a Rules) -> Self {
        let voice = voice(rules);
        Self {
            register: view.register,
            rules,
            voice,
            root: record(view, rules, &voice),
        }
    }

    /// With what other records say, as `{around.…}`.
    #[must_use]
    pub fn around(mut self, around: Value) -> Self {
        if let Value::Object(root) = &mut self.root
            && !around.is_null()
        {
            root.insert("around".to_owned(), around);
        }
        self
    }

    /// Facts made by a book: `root` as its description reads it.
    pub fn book(register: &'static dyn AnyRegister, rules: &'a Rules, root: Value) -> Self {
        Self {
            register,
            rules,
            voice: voice(rules),
            root,
        }
    }

    /// Everything they tell, as a line of a book reads it.
    pub fn into_root(self) -> Value {
        self.root
    }

    /// The site's name and that of the office, as at the head of a paper.
    pub fn company(&self) -> String {
        let site = self.rules.site();
        format!("{}{}", site.word("site_name"), site.title)
    }

    /// The value of a path: of the innermost of `items` that has it, else of the record, else of its latest act of
    /// that name.
    pub fn find<'v>(&'v self, path: &[String], items: &[&'v Value]) -> Option<&'v Value> {
        let mut scopes = items.iter().rev().copied().chain([&self.root]);
        scopes.find_map(|scope| within(scope, path))
    }

    /// The entries of a list; of one that a pick ends, those that it picks.
    pub fn list<'v>(&'v self, path: &[String], items: &[&'v Value]) -> Vec<&'v Value> {
        let (path, pick) = match path.split_last() {
            Some((last, rest)) if picks(last).is_some() => (rest, Some(last)),
            _ => (path, None),
        };
        let list = self.find(path, items).and_then(Value::as_array);
        let wanted = |entry: &&Value| pick.is_none_or(|pick| picked(entry, pick));
        list.into_iter().flatten().filter(wanted).collect()
    }

    /// A fact in words; empty when it is not known.
    pub fn word(&self, slot: &Slot, items: &[&Value]) -> String {
        self.word_of(slot, self.find(&slot.path, items))
    }

    /// A fact of a line of a list; what the line does not have is not sought in the record, which may have another
    /// thing of that name.
    pub fn line_word(&self, slot: &Slot, line: &Value) -> String {
        self.word_of(slot, within(line, &slot.path))
    }

    fn word_of(&self, slot: &Slot, value: Option<&Value>) -> String {
        let key = slot.path.iter().rfind(|part| field_like(part));
        let key = key.map_or("", String::as_str);
        match (slot.form, value) {
            (Form::Boxes, value) => boxes::words(self, key, value),
            (_, None) => self.site(&slot.path).unwrap_or_default(),
            (Form::Plain, Some(value)) => self.plain(key, value),
            (Form::Capital, Some(value)) => value
                .as_i64()
                .map_or_else(String::new, |fen| capital(Fen(fen))),
            (Form::Count, Some(value)) => match value {
                Value::Array(list) => list.len().to_string(),
                other => self.plain(key, other),
            },
            (form, Some(value)) => value
                .as_str()
                .map_or_else(String::new, |text| self.moment(text, form)),
        }
    }

    fn plain(&self, key: &str, value: &Value) -> String {
        label::any(&self.voice, self.rules, self.register, key, value)
    }

    /// `{site.site_name}`: a setting of the site.
    fn site(&self, path: &[String]) -> Option<String> {
        match path {
            [room, key] if room == "site" => {
                let site = self.rules.site();
                (key == "title")
                    .then(|| site.title.clone())
                    .or_else(|| Some(site.word(key).to_owned()))
            }
            _ => None,
        }
    }

    fn moment(&self, text: &str, form: Form) -> String {
        if let Some(at) = Instant::stored(text) {
            return moment(&self.voice, at, form);
        }
        // A civil date or a month.
        let parts: Vec<u32> = text
            .split('-')
            .filter_map(|part| part.parse().ok())
            .collect();
        match parts.as_slice() {
            [year, month] => format!("{year}年{month}月"),
            [year, month, day] => format!("{year}年{month}月{day}日"),
            _ => text.to_owned(),
        }
    }

    /// What the fact is called.
    pub fn label(&self, slot: &Slot) -> String {
        let parts = slot
            .path
            .iter()
            .filter(|part| field_like(part) || picks(part).is_some());
        let words = parts.map(|part| {
            let code = self.register.spec().code;
            let action = self.register.action(part).is_some();
            if let Some(picks) = picks(part) {
                let words = picks.into_iter().map(|(key, of)| self.picked_word(key, of));
                words.collect::<Vec<_>>().join("、")
            } else if action && slot.path.len() > 1 {
                label::action(&self.voice, code, part)
            } else {
                label::field(&self.voice, code, part)
            }
        });
        words.collect::<Vec<_>>().join("·")
    }
}

impl Facts<'_> {
    /// What picks an entry from a list, in words.
    fn picked_word(&self, key: &str, value: &str) -> String {
        let code = self.register.spec().code;
        match (key, value) {
            ("code", duty) => label::duty(&self.voice, code, duty),
            ("kind", link) if LinkKind::from_code(link).is_some() => {
                self.voice.text(&LinkKind::SET.label_key(link))
            }
            (key, "true") => self.voice.first(&[
                &format!("value.{key}.yes"),
                &format!("field.{code}.{key}"),
                &format!("field.{key}"),
            ]),
            (key, value) => self.plain(key, &Value::String(value.to_owned())),
        }
    }
}

/// An instant as papers write it, in the site's zone.
pub fn moment(voice: &Voice, at: Instant, form: Form) -> String {
    let local = voice.zone.local(at);
    let date = format!("{}年{}月{}日", local.year(), local.month(), local.day());
    match form {
        Form::Date => date,
        Form::Time => local.format("%H:%M").to_string(),
        Form::Short => local.format("%m-%d %H:%M").to_string(),
        _ => format!("{date}{}时{:02}分", local.hour(), local.minute()),
    }
}

/// Whether a part of a path names a field rather than a place in a list.
fn field_like(part: &str) -> bool {
    !matches!(part, "first" | "last" | "act" | "acts" | "around")
        && !part.contains('=')
        && part.parse::<usize>().is_err()
}

/// The value of a path of one scope.
fn within<'v>(scope: &'v Value, path: &[String]) -> Option<&'v Value> {
    let (first, rest) = path.split_first()?;
    let start = scope
        .get(first)
        .or_else(|| scope.get("act")?.get(first))
        .filter(|value| !value.is_null())?;
    rest.iter()
        .try_fold(start, |value, key| match (value, key.as_str()) {
            (Value::Array(list), "first") => list.first(),
            (Value::Array(list), "last") => list.last(),
            (Value::Array(list), key) if picks(key).is_some() => {
                list.iter().rfind(|entry| picked(entry, key))
            }
            (Value::Array(list), n) => n.parse::<usize>().ok().and_then(|n| list.get(n)),
            (value, key) => value.get(key),
        })
        .filter(|value| !value.is_null())
}

/// Whether an entry has the values that a part of a path asks for.
fn picked(entry: &Value, part: &str) -> bool {
    let is = |(key, wanted): &(&str, &str)| match entry.get(key) {
        Some(Value::String(text)) => text == wanted,
        Some(Value::Null) | None => false,
        Some(other) => format!("{other}") == *wanted,
    };
    picks(part).is_some_and(|picks| picks.iter().all(is))
}

/// Everything a description may ask of a record.
fn record(view: &RecordView, rules: &Rules, voice: &Voice) -> Value {
    let head = &view.record.head;
    let code = view.register.spec().code;
    let mut root = view.record.body.as_object().cloned().unwrap_or_default();
    let acts = acts(view);
    // That a paper was printed is no step of the thing itself, and would outrun the paper that says it.
    let steps = view
        .history
        .iter()
        .filter(|item| item.entry.action != Print::NAME);
    let history: Vec<Value> = steps
        .map(|item| step(view.register, item, voice, rules))
        .collect();
    let own = json!({
        "no": head.no,
        // Where an entry of a list has a number of its own.
        "record_no": head.no,
        "title": view.title,
        "state": label::state(voice, code, &head.state),
        "class": head.class,
        "opened": head.opened,
        "received": head.received,
        "entered": head.entered,
        "closed": head.closed,
        "by": head.by,
        "void_reason": head.void_reason,
        "remarks": head.remarks,
        "breaches": head.breaches,
        "links": head.links,
        "act": latest(&acts),
        "acts": acts,
        "history": history,
        "duties": duties(view, voice, rules),
    });
    if let Value::Object(own) = own {
        for (key, value) in own.into_iter().filter(|(_, value)| !value.is_null()) {
            // What the register keeps under a name of the head (`state` of a bill is inside a list) stays its own.
            root.entry(key).or_insert(value);
        }
    }
    for (key, value) in derived::facts(code, &view.record) {
        root.insert(key.to_owned(), value);
    }
    Value::Object(root)
}

/// The latest act of each kind.
fn latest(acts: &Map<String, Value>) -> Value {
    let last = |(action, acts): (&String, &Value)| {
        Some((action.clone(), acts.as_array()?.last()?.clone()))
    };
    Value::Object(acts.iter().filter_map(last).collect())
}

/// The acts of each kind, oldest first: their own fields, when, by whom.
fn acts(view: &RecordView) -> Map<String, Value> {
    let mut acts = Map::new();
    for item in &view.history {
        let entry = &item.entry;
        let mut data = entry.data.clone();
        for (key, value) in [
            ("at", json!(entry.at)),
            ("by", json!(entry.by)),
            ("role", json!(entry.role)),
            ("via", json!(entry.via)),
            ("note", json!(entry.note)),
        ] {
            if !value.is_null() {
                data.entry(key).or_insert(value);
            }
        }
        let kind = acts
            .entry(entry.action.clone())
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(kind) = kind {
            kind.push(Value::Object(data));
        }
    }
    acts
}

/// A line of the history.
fn step(
    register: &dyn AnyRegister,
    item: &crate::desk::view::HistoryItem,
    voice: &Voice,
    rules: &Rules,
) -> Value {
    let entry = &item.entry;
    let code = register.spec().code;
    let spec = register.action(&entry.action);
    let said = spec
        .into_iter()
        .flat_map(|spec| spec.fields)
        .filter_map(|field| {
            let value = entry.data.get(field.key).filter(|value| !value.is_null())?;
            let name = label::field(voice, code, field.key);
            Some(format!(
                "{name} {}",
                label::print(voice, rules, code, field, value)
            ))
        });
    json!({
        "at": entry.at,
        "entered": entry.entered,
        "did": label::action(voice, code, &entry.action),
        "by": entry.by,
        "role": entry.role.as_ref().map(|role| label::role(voice, rules, role)),
        "said": said.collect::<Vec<_>>().join("；"),
        "note": entry.note,
        "seq": item.seq,
    })
}

/// What is owed and done.
fn duties(view: &RecordView, voice: &Voice, rules: &Rules) -> Value {
    let code = view.register.spec().code;
    view.deadlines
        .iter()
        .map(|duty| {
            let end = match &duty.outcome {
                Outcome::NotApplicable(why) => voice.say(why),
                Outcome::Void => voice.text("due.void"),
                Outcome::Done(_) | Outcome::Pending => String::new(),
            };
            json!({
                "code": duty.code,
                "duty": label::duty(voice, code, &duty.code),
                "due": duty.due,
                "done": duty.done(),
                "who": label::role(voice, rules, &duty.who),
                "clause": clause(&duty.clause.0),
                "round": duty.round,
                "end": end,
            })
        })
        .collect()
}

/// A clause as printed: `S5.4.4.1b.i` → `篇5 4.4.1b.i`, `S4` → `篇4`; another id as it is.
pub fn clause(id: &str) -> Cow<'_, str> {
    let rest = id.strip_prefix('S').unwrap_or_default();
    let (article, clause) = rest.split_once('.').unwrap_or((rest, ""));
    if article.is_empty() || !article.chars().all(|c| c.is_ascii_digit()) {
        return Cow::Borrowed(id);
    }
    Cow::Owned(format!("篇{article} {clause}").trim_end().to_owned())
}
