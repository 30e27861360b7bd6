//! Every sentence a person reads comes from the catalogue in `assets/locales`, zh-CN and en side by side.
//!
//! The pure rooms build a [`Msg`] (key and arguments); only the edges turn it into words with a [`Voice`].

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::base::time::{Instant, LocalDate, Zone, weekday_key};
use chrono::{Datelike, Timelike};

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// 中文, the users' language.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both languages.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The locale's name in the catalogue.
    pub const fn locale(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }
}

/// The words of a key, if the catalogue has it in this language.
pub fn lookup(lang: Lang, key: &str) -> Option<Cow<'static, str>> {
    crate::_rust_i18n_try_translate(lang.locale(), key).map(|text| Cow::Owned(text.into_owned()))
}

/// Under which keys the catalogue names an action, a field or a duty: the register's own, else the common one.
pub fn own_keys(group: &str, register: &str, name: &str) -> [String; 2] {
    [
        format!("{group}.{register}.{name}"),
        format!("{group}.{name}"),
    ]
}

/// The one of [`own_keys`] that the catalogue has; the common one when it has neither (a test keeps that from happening).
pub fn known_key(group: &str, register: &str, name: &str) -> String {
    let [own, common] = own_keys(group, register, name);
    match lookup(Lang::Zh, &own) {
        Some(_) => own,
        None => common,
    }
}

/// All keys of the catalogue in one language, for the test that both are complete.
pub fn keys(lang: Lang) -> Vec<String> {
    let messages =
        rust_i18n::Backend::messages_for_locale(crate::_rust_i18n_backend(), lang.locale());
    let mut keys: Vec<String> = messages
        .into_iter()
        .flatten()
        .map(|(key, _)| key.into_owned())
        .collect();
    keys.sort();
    keys
}

/// An argument of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// Words of a person or a program: printed as they are.
    Text(String),
    /// A key of the catalogue: printed in the reader's language.
    Key(String),
    /// A whole number.
    Int(i64),
    /// `2026-02-13 17:29 周五`, in the site's zone.
    At(Instant),
    /// `2026-02-13 周五`.
    Day(LocalDate),
    /// A duration in seconds: `2小时5分`.
    Span(i64),
    /// Several, joined by 、 or a comma.
    List(Vec<Arg>),
    /// A message within a message.
    Msg(Box<Msg>),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Arg::Text(text.to_owned())
    }
}
impl From<String> for Arg {
    fn from(text: String) -> Self {
        Arg::Text(text)
    }
}
impl From<i64> for Arg {
    fn from(n: i64) -> Self {
        Arg::Int(n)
    }
}
impl From<usize> for Arg {
    fn from(n: usize) -> Self {
        Arg::Int(n as i64)
    }
}
impl From<Instant> for Arg {
    fn from(at: Instant) -> Self {
        Arg::At(at)
    }
}
impl From<LocalDate> for Arg {
    fn from(day: LocalDate) -> Self {
        Arg::Day(day)
    }
}
impl From<Msg> for Arg {
    fn from(msg: Msg) -> Self {
        Arg::Msg(Box::new(msg))
    }
}

/// A sentence that has not been put into words yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Msg {
    /// Key of the catalogue.
    pub key: String,
    /// Named arguments, `%{name}` in the catalogue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(String, Arg)>,
}

impl Msg {
    /// The message `key`, without arguments yet.
    pub fn new(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            args: Vec::new(),
        }
    }

    /// With the argument `name`.
    pub fn with(mut self, name: &str, value: impl Into<Arg>) -> Self {
        self.args.push((name.to_owned(), value.into()));
        self
    }

    /// With the argument `name` being a key of the catalogue.
    pub fn with_key(self, name: &str, key: impl Into<String>) -> Self {
        self.with(name, Arg::Key(key.into()))
    }
}

/// Words that the procedures add to the catalogue: what their classes, facts and duties are called, by the keys of the
/// catalogue, Chinese and English. Kept for the life of the program so that a voice can be copied; the same words are
/// kept once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lexicon(Option<&'static BTreeMap<String, [String; 2]>>);

/// Every lexicon so far: one for each set of procedures.
static LEXICONS: Mutex<Vec<&'static BTreeMap<String, [String; 2]>>> = Mutex::new(Vec::new());

impl Lexicon {
    /// The lexicon of these words.
    pub fn of(words: BTreeMap<String, [String; 2]>) -> Self {
        let mut kept = LEXICONS.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().copied().find(|known| **known == words);
        let words = known.unwrap_or_else(|| {
            let new: &'static BTreeMap<String, [String; 2]> = Box::leak(Box::new(words));
            kept.push(new);
            new
        });
        Self(Some(words))
    }

    /// The words of a key.
    fn find(self, lang: Lang, key: &str) -> Option<&'static str> {
        let [zh, en] = self.0?.get(key)?;
        Some(match lang {
            Lang::Zh => zh,
            Lang::En => en,
        })
    }
}

/// How the program speaks: the language, the zone that times are told in, the words of the procedures.
#[derive(Clone, Copy, Debug, Default)]
pub struct Voice {
    /// The reader's language.
    pub lang: Lang,
    /// The site's zone.
    pub zone: Zone,
    /// What the procedures call things.
    pub lexicon: Lexicon,
}

impl Voice {
    /// The words of a key: those of the procedures, else of the catalogue.
    pub fn find(&self, key: &str) -> Option<Cow<'static, str>> {
        let own = self.lexicon.find(self.lang, key).map(Cow::Borrowed);
        own.or_else(|| lookup(self.lang, key))
    }

    /// The words of a key; the key itself when there are none (a test keeps that from happening).
    pub fn text(&self, key: &str) -> String {
        self.find(key)
            .map_or_else(|| key.to_owned(), Cow::into_owned)
    }

    /// The words of the first of `keys` that has any.
    pub fn first(&self, keys: &[&str]) -> String {
        keys.iter().find_map(|key| self.find(key)).map_or_else(
            || keys.last().copied().unwrap_or_default().to_owned(),
            Cow::into_owned,
        )
    }

    /// The words of the register's own key, else those of the common one.
    pub fn own(&self, group: &str, register: &str, name: &str) -> String {
        let [own, common] = own_keys(group, register, name);
        self.first(&[&own, &common])
    }

    /// A message in words.
    pub fn say(&self, msg: &Msg) -> String {
        let names: Vec<&str> = msg.args.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<String> = msg.args.iter().map(|(_, arg)| self.arg(arg)).collect();
        rust_i18n::replace_patterns(&self.text(&msg.key), &names, &values)
    }

    fn arg(&self, arg: &Arg) -> String {
        match arg {
            Arg::Text(text) => text.clone(),
            Arg::Key(key) => self.text(key),
            Arg::Int(n) => n.to_string(),
            Arg::At(at) => self.at(*at),
            Arg::Day(day) => self.day(*day),
            Arg::Span(seconds) => self.span(*seconds),
            Arg::Msg(msg) => self.say(msg),
            Arg::List(items) => {
                let comma = self.text("punct.list");
                items
                    .iter()
                    .map(|item| self.arg(item))
                    .collect::<Vec<_>>()
                    .join(&comma)
            }
        }
    }

    /// `2026-02-13 17:29 周五`; seconds only when they are not zero.
    pub fn at(&self, at: Instant) -> String {
        let local = self.zone.local(at);
        let form = if local.second() == 0 {
            "%Y-%m-%d %H:%M"
        } else {
            "%Y-%m-%d %H:%M:%S"
        };
        format!(
            "{} {}",
            local.format(form),
            self.text(weekday_key(local.weekday()))
        )
    }

    /// `2026-02-13 周五`.
    pub fn day(&self, day: LocalDate) -> String {
        format!("{day} {}", self.text(weekday_key(day.weekday())))
    }

    /// A length of time, the two largest units: `3天4小时`, `2小时5分`, `42秒`.
    pub fn span(&self, seconds: i64) -> String {
        let s = seconds.abs();
        let parts = [
            ("span.day", s / 86400),
            ("span.hour", s / 3600 % 24),
            ("span.minute", s / 60 % 60),
            ("span.second", s % 60),
        ];
        let Some(first) = parts.iter().position(|(_, n)| *n > 0) else {
            return self.say(&Msg::new("span.second").with("n", 0_i64));
        };
        parts[first..]
            .iter()
            .take(2)
            .filter(|(key, n)| *n > 0 && !(first < 2 && *key == "span.second"))
            .map(|(key, n)| self.say(&Msg::new(*key).with("n", *n)))
            .collect()
    }
}

/// Text that is safe on a screen or a printer: control characters other than line breaks, and the marks that turn the
/// direction of writing, are left out. The record keeps them.
pub fn clean(text: &str) -> String {
    let safe = |c: &char| {
        *c == '\n'
            || !(c.is_control()
                || matches!(*c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    };
    text.chars().filter(safe).collect()
}
