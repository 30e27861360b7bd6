//! What a field is typed into, by its kind, and what was typed as a value.

use crossterm::event::{KeyCode, KeyEvent};
use serde_json::{Map, Value};

use crate::base::i18n::{Lang, Msg};
use crate::record::field::{Field, Kind};
use crate::record::request::read_value;
use crate::registers::label;
use crate::tui::edit::{Edit, Editor};
use crate::tui::room::Room;
use crate::tui::screens::columns;
use crate::tui::typed;

/// A fact that can be ticked or counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its key; label `fact.<key>`.
    pub key: String,
    /// How often, for a fact that is counted.
    pub count: Option<u32>,
    /// Whether it holds.
    pub holds: bool,
    /// Whether it was said before that it holds or does not; a no is then said aloud.
    pub told: bool,
}

/// What a field is typed into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A text of one line or several.
    Text(Editor),
    /// Yes, no, or not said yet.
    Flag(Option<bool>),
    /// One of several: (code, label).
    Pick(Vec<(String, String)>, Option<usize>),
    /// Facts, and which one the cursor is on.
    Facts(Vec<Fact>, usize),
    /// What a screen has gathered before; nobody types it.
    Given(Value),
}

impl Input {
    /// An empty input for a field, with what the field starts with.
    pub fn of(field: &Field, room: &Room, procedure: Option<&str>) -> Self {
        let mut input = match field.kind {
            Kind::Long | Kind::Items(_) => Input::Text(Editor::long("")),
            Kind::Bool => Input::Flag(None),
            Kind::Choice(set) => {
                let label = |code: &&str| ((*code).to_owned(), room.text(&set.label_key(code)));
                Input::Pick(set.codes.iter().map(label).collect(), None)
            }
            Kind::Role => {
                let roles = room.rules.roles().iter();
                Input::Pick(
                    roles
                        .map(|r| {
                            (
                                r.code.clone(),
                                label::role(&room.voice, &room.rules, &r.code),
                            )
                        })
                        .collect(),
                    None,
                )
            }
            Kind::Class => {
                let classes = match procedure {
                    Some(name) => {
                        let classes = room.rules.procedure(name).class_codes();
                        classes.map(str::to_owned).collect()
                    }
                    None => room.rules.class_codes(),
                };
                Input::Pick(
                    classes
                        .into_iter()
                        .map(|c| (c.clone(), room.text(&format!("class.{c}"))))
                        .collect(),
                    None,
                )
            }
            Kind::Procedure => {
                let names = room.rules.complaint_procedures().into_iter();
                Input::Pick(
                    names
                        .map(|p| (p.to_owned(), room.text(&format!("procedure.{p}"))))
                        .collect(),
                    Some(0),
                )
            }
            Kind::Facts => Input::Facts(facts(room, procedure), 0),
            _ => Input::Text(Editor::line("")),
        };
        if let Some(default) = field.default {
            input.set(&Value::from(default), field, room);
        }
        input
    }

    /// Fills it with a value as records and presets hold it.
    pub fn set(&mut self, value: &Value, field: &Field, room: &Room) {
        match self {
            Input::Text(editor) => editor.set(&value_text(value, field, room)),
            Input::Flag(flag) => {
                *flag = value
                    .as_bool()
                    .or_else(|| value.as_str().and_then(typed::flag))
            }
            Input::Pick(options, at) => {
                *at = value
                    .as_str()
                    .and_then(|code| options.iter().position(|(known, _)| known == code));
            }
            Input::Given(given) => given.clone_from(value),
            Input::Facts(facts, _) => {
                for fact in facts {
                    let value = value.get(&fact.key).filter(|value| !value.is_null());
                    fact.told = value.is_some();
                    fact.holds = value.and_then(Value::as_bool).unwrap_or(false);
                    if fact.count.is_some() {
                        let n = value
                            .and_then(Value::as_u64)
                            .and_then(|n| u32::try_from(n).ok())
                            .unwrap_or(0);
                        fact.count = Some(n);
                    }
                }
            }
        }
    }

    /// What was typed, as a draft keeps it.
    pub fn raw(&self) -> Value {
        match self {
            Input::Text(editor) => Value::from(editor.text()),
            Input::Flag(flag) => flag.map_or(Value::Null, Value::from),
            Input::Pick(options, at) => at
                .and_then(|at| options.get(at))
                .map_or(Value::Null, |(code, _)| Value::from(code.as_str())),
            Input::Facts(facts, _) => Value::Object(facts_map(facts)),
            Input::Given(given) => given.clone(),
        }
    }

    /// What a draft kept.
    pub fn restore(&mut self, raw: &Value, field: &Field, room: &Room) {
        match (&mut *self, raw.as_str()) {
            (Input::Text(editor), Some(text)) => editor.set(text),
            (Input::Text(editor), None) => editor.clear(),
            _ => self.set(raw, field, room),
        }
    }

    /// Whether nothing has been said.
    pub fn is_blank(&self) -> bool {
        match self {
            Input::Text(editor) => editor.is_blank(),
            Input::Flag(flag) => flag.is_none(),
            Input::Pick(_, at) => at.is_none(),
            Input::Facts(facts, _) => facts_map(facts).is_empty(),
            Input::Given(given) => given.is_null(),
        }
    }

    /// The value as an action takes it; `None` when nothing was said.
    ///
    /// # Errors
    /// Why it is not one, in the person's words.
    pub fn value(&self, field: &Field, room: &Room) -> Result<Option<Value>, String> {
        if self.is_blank() {
            return Ok(None);
        }
        let value = match self {
            Input::Text(editor) => text_value(editor.text(), field, room)?,
            Input::Flag(flag) => flag.map_or(Value::Null, Value::from),
            Input::Pick(..) | Input::Facts(..) | Input::Given(_) => self.raw(),
        };
        match read_value(field, &value, &room.rules) {
            // What the reader makes of it is what the record will hold; it is given as it was understood here.
            Ok(read) => Ok(read.map(|_| value)),
            Err(refusal) => Err(why(&refusal.message, field, room)),
        }
    }

    /// Takes a key; answers whether something changed.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        match self {
            Input::Text(editor) => editor.key(key) == Edit::Changed,
            Input::Flag(flag) => flag_key(flag, key.code),
            Input::Pick(options, at) => pick_key(options, at, key.code),
            Input::Facts(facts, at) => fact_key(facts, at, key.code),
            Input::Given(_) => false,
        }
    }
}

/// The facts of a procedure, none of which holds yet.
fn facts(room: &Room, procedure: Option<&str>) -> Vec<Fact> {
    let name = procedure.or_else(|| room.rules.complaint_procedures().first().copied());
    let specs = name.map_or(&[][..], |name| room.rules.procedure(name).facts.as_slice());
    let fact = |spec: &crate::rules::procedure::FactSpec| Fact {
        key: spec.key.get_ref().clone(),
        count: spec.count.then_some(0),
        holds: false,
        told: false,
    };
    specs.iter().map(fact).collect()
}

fn facts_map(facts: &[Fact]) -> Map<String, Value> {
    let said = facts.iter().filter_map(|fact| match fact.count {
        Some(n) => (n > 0 || fact.told).then(|| (fact.key.clone(), Value::from(n))),
        None => (fact.holds || fact.told).then(|| (fact.key.clone(), Value::Bool(fact.holds))),
    });
    said.collect()
}

/// A stored value as a person would have typed it.
fn value_text(value: &Value, field: &Field, room: &Room) -> String {
    if let Some(at) = columns::instant(value).filter(|_| matches!(field.kind, Kind::Instant { .. }))
    {
        return typed::instant_text(at, room.voice.zone);
    }
    match (field.kind, value) {
        (_, Value::Null) => String::new(),
        (Kind::Fen, Value::Number(n)) => n.as_i64().map(typed::yuan).unwrap_or_default(),
        (Kind::TextsOrAll, Value::String(all)) if all == "all" => room.text("word.all"),
        (Kind::Items(fields), Value::Array(items)) => {
            let lines: Vec<String> = items
                .iter()
                .map(|item| item_text(item, fields, room))
                .collect();
            lines.join("\n")
        }
        (_, Value::Array(list)) => {
            let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            texts.join("、")
        }
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

fn item_text(item: &Value, fields: &[Field], room: &Room) -> String {
    let word = |field: &Field| match item.get(field.key)? {
        Value::Bool(flag) => Some(room.text(if *flag { "word.yes" } else { "word.no" })),
        value => Some(value_text(value, field, room)).filter(|text| !text.is_empty()),
    };
    let words: Vec<String> = fields.iter().filter_map(word).collect();
    words.join(" ")
}

/// What a text stands for in a field.
fn text_value(text: &str, field: &Field, room: &Room) -> Result<Value, String> {
    let zone = room.voice.zone;
    let wrong = |key: &str| room.text(key);
    Ok(match field.kind {
        Kind::Instant { plan } => {
            let at = typed::instant(text, room.now, zone, plan)
                .ok_or_else(|| wrong("tui.why_instant"))?;
            if !plan && at > room.now {
                return Err(wrong("tui.why_future"));
            }
            Value::from(zone.rfc3339(at))
        }
        Kind::Date => Value::from(
            typed::date(text, room.now, zone)
                .ok_or_else(|| wrong("tui.why_date"))?
                .to_string(),
        ),
        Kind::Month => {
            Value::from(typed::month(text, room.now, zone).ok_or_else(|| wrong("tui.why_month"))?)
        }
        Kind::Fen => Value::from(typed::fen(text).ok_or_else(|| wrong("tui.why_yuan"))?),
        Kind::Integer { .. } => {
            let narrow = typed::narrow(text);
            narrow
                .parse::<i64>()
                .map_or_else(|_| Value::from(narrow), Value::from)
        }
        Kind::Decimal { .. } | Kind::RecordNo => Value::from(typed::narrow(text)),
        Kind::TextsOrAll if matches!(text.trim(), "all" | "全部" | "全体") => {
            Value::from("all")
        }
        Kind::Texts | Kind::TextsOrAll => Value::from(typed::texts(text)),
        Kind::Items(fields) => Value::from(typed::items(text, fields)),
        _ => Value::from(text),
    })
}

/// The reason without the field's name, which stands beside it already.
fn why(message: &Msg, field: &Field, room: &Room) -> String {
    let inner = message
        .args
        .iter()
        .find_map(|(name, arg)| match (name.as_str(), arg) {
            ("why", crate::base::i18n::Arg::Msg(inner)) => Some(room.say(inner)),
            _ => None,
        });
    match (field.kind, inner) {
        (Kind::Items(_), _) => room.say(message),
        (_, Some(inner)) => inner,
        (_, None) => room.say(message),
    }
}

fn flag_key(flag: &mut Option<bool>, code: KeyCode) -> bool {
    let before = *flag;
    match code {
        KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right => *flag = Some(!flag.unwrap_or(false)),
        KeyCode::Backspace | KeyCode::Delete => *flag = None,
        KeyCode::Char(c) => *flag = typed::flag(&c.to_string()).or(*flag),
        _ => {}
    }
    *flag != before
}

fn pick_key(options: &[(String, String)], at: &mut Option<usize>, code: KeyCode) -> bool {
    let count = options.len();
    let before = *at;
    match code {
        _ if count == 0 => {}
        KeyCode::Char(' ') | KeyCode::Right => *at = Some(at.map_or(0, |at| (at + 1) % count)),
        KeyCode::Left => *at = Some(at.map_or(count - 1, |at| (at + count - 1) % count)),
        KeyCode::Backspace | KeyCode::Delete => *at = None,
        KeyCode::Char(c) => {
            let narrow = typed::narrow(&c.to_string());
            if let Some(n) = narrow
                .parse::<usize>()
                .ok()
                .filter(|n| (1..=count).contains(n))
            {
                *at = Some(n - 1);
            } else {
                // The next one that begins so, in the language of the screen or by its code.
                let begins = |(code, label): &(String, String)| {
                    let wanted = c.to_lowercase().to_string();
                    label.to_lowercase().starts_with(&wanted) || code.starts_with(&wanted)
                };
                let from = at.map_or(0, |at| at + 1);
                *at = (0..count)
                    .map(|i| (from + i) % count)
                    .find(|i| begins(&options[*i]))
                    .or(*at);
            }
        }
        _ => {}
    }
    *at != before
}

fn fact_key(facts: &mut [Fact], at: &mut usize, code: KeyCode) -> bool {
    let last = facts.len().saturating_sub(1);
    match code {
        KeyCode::Left => *at = at.saturating_sub(1),
        KeyCode::Right => *at = (*at + 1).min(last),
        KeyCode::Home => *at = 0,
        KeyCode::End => *at = last,
        _ => {}
    }
    let Some(fact) = facts.get_mut(*at) else {
        return false;
    };
    let before = fact.clone();
    match (code, fact.count) {
        (KeyCode::Char(' '), None) => fact.holds = !fact.holds,
        (KeyCode::Char(' ' | '+'), Some(n)) => fact.count = Some(n.saturating_add(1).min(999)),
        (KeyCode::Char('-'), Some(n)) => fact.count = Some(n.saturating_sub(1)),
        (KeyCode::Char(c), Some(n)) => {
            if let Some(digit) = typed::narrow(&c.to_string())
                .parse::<u32>()
                .ok()
                .filter(|d| *d < 10)
            {
                fact.count = Some((n * 10 + digit).min(999));
            }
        }
        (KeyCode::Backspace | KeyCode::Delete, Some(n)) => fact.count = Some(n / 10),
        (KeyCode::Backspace | KeyCode::Delete, None) => fact.holds = false,
        _ => {}
    }
    *fact != before
}

/// The label of a fact.
pub fn fact_label(fact: &Fact, room: &Room) -> String {
    room.text(&format!("fact.{}", fact.key))
}

/// Whether the language writes without blanks between words.
pub fn dense(room: &Room) -> bool {
    room.voice.lang == Lang::Zh
}
