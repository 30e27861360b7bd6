//! Upcasters: entries of earlier versions of the program, lifted to the present shape when they are read.
//!
//! One function a version. To change the shape of an entry: raise [`super::entry::ENTRY_VERSION`], keep the old shape
//! here, lift it, and add a file of entries of the old version to `tests/entries`.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::entry::{ENTRY_VERSION, Entry, EntryError, Origin};
use crate::base::time::Instant;

/// The version of a stored line, read before anything else of it.
///
/// # Errors
/// [`EntryError::Unreadable`] when the line is not a JSON object with a version.
pub(super) fn version(line: &str) -> Result<u16, EntryError> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u16,
    }
    // Written first, so it mostly need not be looked for.
    let first = line.strip_prefix("{\"version\":").and_then(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        rest.get(..end)?.parse().ok()
    });
    match first {
        Some(version) => Ok(version),
        None => Ok(serde_json::from_str::<Versioned>(line)?.version),
    }
}

/// Lifts a line of an earlier version.
///
/// # Errors
/// [`EntryError::Unreadable`] when the line does not have the shape of its version, or no program wrote that version.
pub(super) fn lift(version: u16, line: &str) -> Result<Entry, EntryError> {
    match version {
        1 => Ok(from_first(serde_json::from_str(line)?)),
        never => {
            let why = format!("there is no version {never}");
            Err(<serde_json::Error as serde::de::Error>::custom(why).into())
        }
    }
}

/// Version 1: what the rules of the day found, and the breaches, stood in the entry.
#[derive(Deserialize)]
struct First {
    no: String,
    register: String,
    action: String,
    at: Instant,
    received: Instant,
    entered: Instant,
    by: String,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    via: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    desk: String,
    #[serde(default)]
    late_entry: bool,
    data: Map<String, Value>,
    #[serde(default)]
    found: Map<String, Value>,
    #[serde(default)]
    source: Option<Origin>,
}

/// What version 1 found that still cannot be derived: the deadlines a closed record kept, a bill as issued, the sealed
/// month an entry came too late for.
const STILL_KEPT: &[&str] = &["settled", "bill", "closed_month"];

fn from_first(first: First) -> Entry {
    let First {
        mut data,
        mut found,
        mut action,
        ..
    } = first;
    match (first.register.as_str(), action.as_str()) {
        // The changes in stored form stood beside those that were typed.
        (_, "amend") => {
            if let Some(changes) = found.remove("changes") {
                data.insert("changes".to_owned(), changes);
            }
        }
        // The log had a correction of its own.
        ("log", "correct") => {
            "amend".clone_into(&mut action);
            let text = data.remove("text").unwrap_or_default();
            data.remove("entry");
            let changes = Map::from_iter([("text".to_owned(), text)]);
            data.insert("changes".to_owned(), Value::Object(changes));
        }
        _ => {}
    }
    found.retain(|key, _| STILL_KEPT.contains(&key.as_str()));
    Entry {
        version: ENTRY_VERSION,
        no: first.no,
        register: first.register,
        action,
        at: first.at,
        received: first.received,
        entered: first.entered,
        by: first.by,
        role: first.role,
        via: first.via,
        note: first.note,
        desk: first.desk,
        late_entry: first.late_entry,
        data,
        found,
        cause: None,
        source: first.source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = r#"{"version":1,"no":"L-2026-00001","register":"log","action":"correct","at":"2026-03-02T01:10:00Z","received":"2026-03-02T01:10:00Z","entered":"2026-03-02T01:10:00Z","by":"甲","data":{"entry":"L-2026-00001","text":"灯已换","reason":"笔误"},"breaches":[{"code":"x","clause":"y","at":"2026-03-02T01:10:00Z"}],"found":{"class":"minor","closed_month":"2026-02"}}"#;

    #[test]
    fn the_logs_own_correction_becomes_an_amendment() {
        let entry = Entry::read(FIRST).unwrap();
        assert_eq!(entry.version, ENTRY_VERSION);
        assert_eq!(entry.action, "amend");
        assert_eq!(entry.data["changes"]["text"], "灯已换");
        assert_eq!(entry.data["reason"], "笔误");
        let found: Vec<&String> = entry.found.keys().collect();
        assert_eq!(found, ["closed_month"]);
    }

    #[test]
    fn a_version_that_never_was_is_an_error() {
        let never = FIRST.replace("\"version\":1", "\"version\":0");
        assert!(matches!(
            Entry::read(&never),
            Err(EntryError::Unreadable(_))
        ));
    }

    #[test]
    fn a_newer_version_is_told_as_one_wherever_its_number_stands() {
        let newer = FIRST.replace("\"version\":1", "\"version\":9");
        assert!(matches!(Entry::read(&newer), Err(EntryError::Newer(9))));
        let elsewhere = r#"{"no":"x","version":9}"#;
        assert!(matches!(Entry::read(elsewhere), Err(EntryError::Newer(9))));
        assert!(matches!(Entry::read("{}"), Err(EntryError::Unreadable(_))));
    }
}
