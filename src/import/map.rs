//! The plan as a TOML file: printed by a dry run, edited by a person, read back by `--map`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use serde::Deserialize;

use super::plan::{Plan, To};
use super::sheet::{Kind, unreadable};
use super::words::Sure;
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::desk::Result;

/// A mapping file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MapFile {
    /// The register it was made for.
    #[serde(default)]
    pub register: Option<String>,
    /// The sheet.
    #[serde(default)]
    pub sheet: Option<String>,
    /// The header's lines, from 1.
    #[serde(default)]
    pub header: Vec<u64>,
    /// Column → flat key, `note`, `key+time`, or nothing to leave it out.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Values for what has no column.
    #[serde(default)]
    pub set: BTreeMap<String, String>,
}

impl MapFile {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when it cannot be read, [`crate::desk::Error::Refused`] when it is not right.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|e| unreadable(path, e))?;
        toml::from_str(&text).map_err(|e| {
            let message = Msg::new("import.bad_map").with("why", e.to_string());
            Refusal::new(RefusalCode::BadValue, message)
                .field("map")
                .into()
        })
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

impl Plan {
    /// The plan as a mapping file, with examples and doubts as comments.
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        let say = |key: &str| self.voice.text(key);
        // Writing into a string does not fail.
        let _ = writeln!(out, "# {}", say("import.map_title"));
        let _ = writeln!(out, "register = {}", quoted(self.register.spec().code));
        if let Kind::Book(sheet) = &self.kind {
            let _ = writeln!(out, "sheet = {}", quoted(sheet));
        }
        let _ = writeln!(out, "header = {:?}", self.header);
        let _ = writeln!(out, "\n# {}\n[columns]", say("import.map_columns"));
        for column in &self.columns {
            let to = match &column.to {
                To::Field(key) => key.clone(),
                To::TimeOf(key) => format!("{key}+time"),
                To::Note => "note".to_owned(),
                To::Nothing => String::new(),
            };
            let mut comment = column.sample.join(" | ").replace(['\n', '\r'], " ");
            if column.sure == Sure::Perhaps && column.to != To::Note {
                comment = format!("? {comment}");
            }
            let comment: String = crate::base::i18n::clean(&comment)
                .chars()
                .take(60)
                .collect();
            let label = quoted(&column.label);
            let _ = writeln!(out, "{label} = {}  # {comment}", quoted(&to));
        }
        let _ = writeln!(out, "\n# {}\n[set]", say("import.map_set"));
        for (key, value) in &self.set {
            let _ = writeln!(out, "{} = {}", quoted(key), quoted(value));
        }
        for ask in &self.asks {
            let _ = writeln!(out, "# {} = \"\"  # {}", quoted(&ask.key), ask.label);
        }
        out
    }
}
