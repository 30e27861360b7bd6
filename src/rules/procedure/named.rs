//! What a procedure names: things in both languages, and steps of a record.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Procedure;
use crate::base::i18n::{Arg, Lang, Msg, lookup};

/// What something is called in both languages, as far as its file says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Names<'a> {
    zh: Option<&'a str>,
    en: Option<&'a str>,
}

impl<'a> Names<'a> {
    /// The names that a file gives.
    pub fn of(zh: &'a Option<String>, en: &'a Option<String>) -> Self {
        Self {
            zh: zh.as_deref(),
            en: en.as_deref(),
        }
    }

    /// The name in a language; the other one's when the file has only that.
    pub fn in_language(self, lang: Lang) -> Option<&'a str> {
        match lang {
            Lang::Zh => self.zh.or(self.en),
            Lang::En => self.en.or(self.zh),
        }
    }

    /// The name as part of a message; the words of `key` in the catalogue when the file gives none.
    pub fn or_key(self, key: String) -> Arg {
        match (self.in_language(Lang::Zh), self.in_language(Lang::En)) {
            (Some(zh), Some(en)) => {
                let both = Msg::new("word.both").with("zh", zh).with("en", en);
                Arg::Msg(Box::new(both))
            }
            _ => Arg::Key(key),
        }
    }

    /// Whether somebody who types this means it.
    pub fn means(self, text: &str) -> bool {
        let same = |name: Option<&str>| name.is_some_and(|name| name.eq_ignore_ascii_case(text));
        same(self.zh) || same(self.en)
    }
}

/// A step of a record as a procedure speaks of it: an action, and values of its fields that decide which.
///
/// In TOML the action's name, or a table: `{ action = "notify", role_told = "gm" }`. A table without `action` means any
/// action (`{ role = "service_manager" }`: whatever he does).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "DeedForm")]
pub struct Deed {
    /// The action; none: any.
    pub action: Option<String>,
    /// Fields and their values, as printed.
    pub fields: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum DeedForm {
    Action(String),
    Table(BTreeMap<String, toml::Value>),
}

impl TryFrom<DeedForm> for Deed {
    type Error = String;

    fn try_from(form: DeedForm) -> Result<Self, String> {
        let mut fields = match form {
            DeedForm::Action(action) => {
                return Ok(Self {
                    action: Some(action),
                    fields: BTreeMap::new(),
                });
            }
            DeedForm::Table(table) => table
                .into_iter()
                .map(|(key, value)| match value {
                    toml::Value::String(text) => Ok((key, text)),
                    toml::Value::Boolean(flag) => Ok((key, flag.to_string())),
                    toml::Value::Integer(n) => Ok((key, n.to_string())),
                    _ => Err(format!("{key} must be a word, true or false")),
                })
                .collect::<Result<BTreeMap<String, String>, String>>()?,
        };
        Ok(Self {
            action: fields.remove("action"),
            fields,
        })
    }
}

impl Deed {
    /// Whether it is this action, whatever its fields.
    pub fn is(&self, action: &str) -> bool {
        self.action.as_deref() == Some(action)
    }

    /// Whether a step of this action does it; `field` tells what the step says under a key.
    pub fn done_by<'s>(&self, action: &str, field: impl Fn(&str) -> Option<&'s str>) -> bool {
        let named = self.action.as_deref().is_none_or(|own| own == action);
        let same = |(key, value): (&String, &String)| field(key) == Some(value.as_str());
        named && self.fields.iter().all(same)
    }
}

impl Procedure {
    /// A class as part of a message.
    pub fn class_words(&self, code: &str) -> Arg {
        let names = self.class(code).map(super::ClassSpec::names);
        names.unwrap_or_default().or_key(format!("class.{code}"))
    }

    /// A fact as part of a message.
    pub fn fact_words(&self, key: &str) -> Arg {
        let names = self.fact(key).map(super::FactSpec::names);
        names.unwrap_or_default().or_key(format!("fact.{key}"))
    }

    /// A duty as part of a message.
    pub fn duty_words(&self, register: &str, code: &str) -> Arg {
        let names = self.duty(code).map(super::DutySpec::names);
        names
            .unwrap_or_default()
            .or_key(format!("duty.{register}.{code}"))
    }

    /// Everything that the file names, by its key in the catalogue. Of a duty also the key without the register, where
    /// the catalogue does not use it otherwise.
    pub fn words(&self) -> Vec<(String, [String; 2])> {
        let register = self
            .register
            .as_ref()
            .map_or(&self.name, |own| own.get_ref());
        let mut named: Vec<(String, Names<'_>)> = Vec::new();
        if self.register.is_some() {
            named.push((format!("procedure.{}", self.name), self.names()));
        }
        for class in self.classes.iter().map(toml::Spanned::get_ref) {
            named.push((format!("class.{}", class.code), class.names()));
        }
        for fact in &self.facts {
            named.push((format!("fact.{}", fact.key.get_ref()), fact.names()));
        }
        for duty in &self.duties {
            let code = duty.code.get_ref();
            let common = format!("duty.{code}");
            named.push((format!("duty.{register}.{code}"), duty.names()));
            if lookup(Lang::Zh, &common).is_none() {
                named.push((common, duty.names()));
            }
        }
        for cause in &self.causes {
            let names = Names {
                zh: Some(&cause.name),
                en: Some(&cause.name_en),
            };
            named.push((format!("cause.{}", cause.code), names));
        }
        let both = |(key, names): (String, Names<'_>)| {
            let words = Lang::ALL.map(|lang| names.in_language(lang).map(str::to_owned));
            match words {
                [Some(zh), Some(en)] => Some((key, [zh, en])),
                _ => None,
            }
        };
        named.into_iter().filter_map(both).collect()
    }

    /// What a form calls the procedure.
    pub fn names(&self) -> Names<'_> {
        Names {
            zh: Some(self.label.as_deref().unwrap_or(&self.title)),
            en: Some(self.label_en.as_deref().unwrap_or(&self.title_en)),
        }
    }
}
