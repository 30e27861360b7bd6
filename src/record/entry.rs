//! The journal: an append-only chain of entries, and the truth of the file. Everything else is derived from it.
//!
//! Each entry is stored as one line of JSON; its hash is SHA-256 over the hash before it and that line, so a changed
//! byte anywhere breaks the chain from there on. An entry is never changed: what was typed wrongly is put right by a
//! further entry about it (see [`crate::record::timeline`]). Pure: reading and writing are the store's.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::upcast;
use crate::base::clause::Clause;
use crate::base::i18n::Msg;
use crate::base::time::Instant;

/// The version that entries are written with today. Older ones are lifted at reading, never rewritten.
pub const ENTRY_VERSION: u16 = 2;

/// A clause that was not kept when something happened: derived from the record, given a reason, and left visible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// The duty or gate that was open.
    pub code: String,
    /// The clause.
    pub clause: Clause,
    /// The instant of the act that the gate guards.
    pub at: Instant,
    /// Why, in the words of a person; empty while nobody has said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// One thing that somebody did, as accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The shape of this entry.
    pub version: u16,
    /// The number of the record.
    pub no: String,
    /// The register's code.
    pub register: String,
    /// The action's name.
    pub action: String,
    /// When it happened 发生.
    pub at: Instant,
    /// When we learned of it 收到.
    pub received: Instant,
    /// When it was typed 登记.
    pub entered: Instant,
    /// Who acted 经办人.
    pub by: String,
    /// In which role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// 书面、电话、当面.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// A remark of the person acting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The desk 席位 it was typed at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub desk: String,
    /// 补记: typed later after the event than the setting allows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late_entry: bool,
    /// The action's own fields, normalised.
    pub data: Map<String, Value>,
    /// What cannot be derived again: a number that was given, a bill as it was issued, the sealed month it belongs to.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub found: Map<String, Value>,
    /// The entry that brought this one about by itself (its place in the journal).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<i64>,
    /// Where it was imported from 导入来源; absent when it was typed here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Origin>,
}

/// Where an imported entry comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The beginning of the SHA-256 of the file, in hexadecimal.
    pub file: String,
    /// The fingerprint of the row, in hexadecimal; the same row is not taken twice.
    pub row: String,
    /// When it was brought in, where `entered` tells when it was first typed elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<Instant>,
}

/// Why a stored line is no entry.
#[derive(Debug)]
pub enum EntryError {
    /// It is not JSON, or lacks what an entry has: the journal is damaged.
    Unreadable(serde_json::Error),
    /// It comes from a newer version of the program.
    Newer(u16),
}

impl std::fmt::Display for EntryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            EntryError::Unreadable(why) => why.fmt(f),
            EntryError::Newer(version) => {
                write!(f, "entry version {version}, known up to {ENTRY_VERSION}")
            }
        }
    }
}

impl std::error::Error for EntryError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            EntryError::Unreadable(why) => Some(why),
            EntryError::Newer(_) => None,
        }
    }
}

impl EntryError {
    /// What happened and what to do, for the person at the desk.
    pub fn message(&self) -> Msg {
        match self {
            EntryError::Unreadable(why) => {
                Msg::new("entry.unreadable").with("why", why.to_string())
            }
            EntryError::Newer(version) => Msg::new("entry.newer")
                .with("version", i64::from(*version))
                .with("known", i64::from(ENTRY_VERSION)),
        }
    }
}

impl From<serde_json::Error> for EntryError {
    fn from(why: serde_json::Error) -> Self {
        EntryError::Unreadable(why)
    }
}

impl Entry {
    /// The line that is stored and hashed.
    ///
    /// # Errors
    /// Never for an entry that [`Entry::read`] gave or the desk made; serde's signature asks for it.
    pub fn line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads a stored line, lifting older shapes to the present one.
    ///
    /// # Errors
    /// [`EntryError`] when the line is not an entry, or comes from a newer version of the program.
    pub fn read(line: &str) -> Result<Self, EntryError> {
        match upcast::version(line)? {
            ENTRY_VERSION => Ok(serde_json::from_str(line)?),
            older if older < ENTRY_VERSION => upcast::lift(older, line),
            newer => Err(EntryError::Newer(newer)),
        }
    }
}

impl Entry {
    /// When it was appended to this journal, by the machine's clock: brought in from elsewhere, or typed here.
    pub fn appended(&self) -> Instant {
        let brought_in = self.source.as_ref().and_then(|source| source.imported);
        brought_in.unwrap_or(self.entered)
    }
}

/// [`Entry::appended`] of a stored line, of which little else is read; none of a damaged one.
pub fn appended(line: &str) -> Option<Instant> {
    // A quotation mark of a text is escaped, so these can only be keys.
    if line.contains("\"source\":{\"file\":") {
        return Entry::read(line).ok().map(|entry| entry.appended());
    }
    let (_, rest) = line.split_once("\"entered\":\"")?;
    Instant::stored(rest.get(..20)?)
}

#[cfg(test)]
impl Entry {
    /// What a test tells of an act: by 甲, received and entered at its own instant, nothing beside.
    pub(crate) fn plain(no: &str, register: &str, action: &str, at: Instant, data: &Value) -> Self {
        Self {
            version: ENTRY_VERSION,
            no: no.into(),
            register: register.into(),
            action: action.into(),
            at,
            received: at,
            entered: at,
            by: "甲".into(),
            role: None,
            via: None,
            note: None,
            desk: String::new(),
            late_entry: false,
            data: data.as_object().cloned().unwrap_or_default(),
            found: Map::new(),
            cause: None,
            source: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn when_an_entry_was_appended_is_read_from_its_line_alone() {
        let at = Instant::from_unix(1_000_000);
        let text = json!({"text": "\"entered\":\"2026-01-01T00:00:00Z\"", "source": "phone"});
        let mut entry = Entry::plain("L-2026-00001", "log", "entry", at, &text);
        entry.entered = Instant::from_unix(2_000_000);
        let read = |entry: &Entry| appended(&entry.line().unwrap());
        assert_eq!(read(&entry), Some(entry.entered));
        let mut origin = Origin {
            file: "f".into(),
            row: "r".into(),
            imported: None,
        };
        entry.source = Some(origin.clone());
        assert_eq!(read(&entry), Some(entry.entered));
        origin.imported = Some(Instant::from_unix(3_000_000));
        entry.source = Some(origin);
        assert_eq!(read(&entry), Some(Instant::from_unix(3_000_000)));
        assert_eq!(appended("{"), None);
    }
}
