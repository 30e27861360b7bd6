//! Our own exports brought back: a workbook whose history sheet holds every entry, or the documents that `show` gives.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::plan::Plan;
use super::raw::Raw;
use super::row::is_action;
use super::sheet::{self, Kind, Row, unreadable};
use super::value::Reading;
use super::words::normal;
use crate::base::i18n::{Lang, Msg, Voice, lookup};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::desk::Result;
use crate::record::action::ActionSet;
use crate::record::common::CommonAction;
use crate::record::entry::{ENTRY_VERSION, Entry};
use crate::record::timeline::target;
use crate::registers::register_of;
use crate::tables::history;

/// Columns that a history sheet must have to be taken for one.
const ENOUGH: usize = 10;

/// The keys of a history sheet's columns, by their labels in either language.
fn keys(header: &[Raw]) -> Vec<Option<&'static str>> {
    let mut known: BTreeMap<String, &'static str> = BTreeMap::new();
    for lang in Lang::ALL {
        let voice = Voice {
            lang,
            ..Voice::default()
        };
        for (column, key) in history::columns(&voice).iter().zip(history::KEYS) {
            known.insert(normal(&column.label), key);
        }
    }
    header
        .iter()
        .map(|cell| known.get(&normal(&cell.words())).copied())
        .collect()
}

/// The sheet of a workbook that holds the history of records, if there is one.
pub(super) fn history_sheet(path: &Path) -> Result<Option<String>> {
    for name in sheet::sheets(path)? {
        let mut header = Vec::new();
        sheet::each(path, &Kind::Book(name.clone()), &mut |(_, row)| {
            header = row;
            ControlFlow::Break(())
        })?;
        let keys = keys(&header);
        let count = keys.iter().flatten().count();
        if count >= ENOUGH && keys.contains(&Some("data")) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// A record of ours as it stands in a file.
pub(super) struct Own {
    /// Its first line.
    pub(super) line: u64,
    /// Its number.
    pub(super) no: String,
    /// Its entries, oldest first.
    pub(super) entries: std::result::Result<Vec<Entry>, Refusal>,
    /// Its rows as they were, for the file of what was refused.
    pub(super) rows: Vec<Vec<Raw>>,
}

fn refusal(why: &str) -> Refusal {
    let message = Msg::new("refusal.unreadable").with("why", why);
    Refusal::new(RefusalCode::BadValue, message)
}

/// Hands every record of a history sheet to `take`, row by row of the sheet gathered under its number.
pub(super) fn each_of_history(
    plan: &Plan,
    sheet: &str,
    reading: Reading<'_>,
    take: &mut dyn FnMut(Own) -> ControlFlow<()>,
) -> Result<()> {
    let mut header: Option<Vec<Option<&'static str>>> = None;
    let mut group: Vec<Row> = Vec::new();
    let mut went = ControlFlow::Continue(());
    let kind = Kind::Book(sheet.to_owned());
    sheet::each(&plan.path, &kind, &mut |(line, row)| {
        let Some(known) = &header else {
            header = Some(keys(&row));
            return ControlFlow::Continue(());
        };
        let number = |row: &[Raw]| cell(known, row, "no").words();
        let same = group
            .first()
            .is_none_or(|(_, first)| number(first) == number(&row));
        if !same {
            let own = record(plan, known, std::mem::take(&mut group), reading);
            went = take(own);
        }
        group.push((line, row));
        went
    })?;
    if let (Some(known), false, true) = (&header, group.is_empty(), went.is_continue()) {
        let _ = take(record(plan, known, group, reading));
    }
    Ok(())
}

/// The names of a history sheet's columns.
pub(super) fn labels(path: &Path, sheet: &str) -> Result<Vec<String>> {
    let mut labels = Vec::new();
    sheet::each(path, &Kind::Book(sheet.to_owned()), &mut |(_, row)| {
        labels = row.iter().map(Raw::words).collect();
        ControlFlow::Break(())
    })?;
    Ok(labels)
}

fn cell<'r>(keys: &[Option<&str>], row: &'r [Raw], key: &str) -> &'r Raw {
    keys.iter()
        .position(|known| *known == Some(key))
        .and_then(|index| row.get(index))
        .unwrap_or(&Raw::Empty)
}

fn record(
    plan: &Plan,
    keys: &[Option<&'static str>],
    group: Vec<Row>,
    reading: Reading<'_>,
) -> Own {
    let line = group.first().map_or(0, |(line, _)| *line);
    let no = group
        .first()
        .map_or_else(String::new, |(_, row)| cell(keys, row, "no").words());
    let mut entries: std::result::Result<Vec<Entry>, Refusal> =
        of_register(plan, &no).map(|()| Vec::new());
    let mut rows = group.iter().map(|(_, row)| row.as_slice()).peekable();
    while let (Ok(done), Some(row)) = (&mut entries, rows.next()) {
        let mut long = LONG.map(|key| cell(keys, row, key).words());
        // Lines without an action carry on the long texts of the one before them.
        while let Some(more) = rows.next_if(|row| cell(keys, row, "action").is_empty()) {
            for (text, key) in long.iter_mut().zip(LONG) {
                text.push_str(&cell(keys, more, key).words());
            }
        }
        match entry(plan, keys, row, &no, &long, reading) {
            Ok(entry) => done.push(entry),
            Err(why) => entries = Err(why),
        }
    }
    Own {
        line,
        no,
        entries,
        rows: group.into_iter().map(|(_, row)| row).collect(),
    }
}

fn of_register(plan: &Plan, no: &str) -> std::result::Result<(), Refusal> {
    let code = plan.register.spec().code;
    if register_of(no).is_some_and(|register| register.spec().code == code) {
        return Ok(());
    }
    let message = Msg::new("import.other_register")
        .with("no", no)
        .with_key("register", format!("register.{code}"));
    Err(Refusal::new(RefusalCode::BadValue, message).field("no"))
}

fn parsed<T: DeserializeOwned + Default>(text: &str) -> std::result::Result<T, Refusal> {
    if text.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_str(text).map_err(|e| refusal(&e.to_string()))
}

fn entry(
    plan: &Plan,
    keys: &[Option<&'static str>],
    row: &[Raw],
    no: &str,
    long: &[String; 2],
    reading: Reading<'_>,
) -> std::result::Result<Entry, Refusal> {
    let words = |key: &str| cell(keys, row, key).words();
    let optional = |key: &str| Some(words(key)).filter(|text| !text.is_empty());
    let at = |key: &str| {
        let raw = cell(keys, row, key);
        let written = reading.instant(raw).map_err(|why| Refusal::bad(key, why))?;
        Ok::<Instant, Refusal>(reading.zone.instant(written.local))
    };
    let code = plan.register.spec().code;
    let named = words("action");
    let mut actions = plan.register.actions().iter().chain(CommonAction::ALL);
    let action = actions
        .find(|spec| is_action(code, spec.name, &named))
        .ok_or_else(|| unknown_action(code, &named))?;
    let [data, found] = long;
    let yes = Lang::ALL
        .iter()
        .any(|lang| lookup(*lang, "word.yes").is_some_and(|yes| yes == words("late_entry")));
    // What the first version wrote has a column of breaches.
    let version = match keys.contains(&Some("breaches")) {
        true => 1,
        false => ENTRY_VERSION,
    };
    lifted(json!({
        "version": version,
        "no": no,
        "register": code,
        "action": action.name,
        "at": at("at")?,
        "received": at("received")?,
        "entered": at("entered")?,
        "by": words("by"),
        "role": optional("role").map(|name| role(reading, name)),
        "via": optional("via").map(via),
        "note": optional("note"),
        "desk": words("desk"),
        "late_entry": yes,
        "data": parsed::<Map<String, Value>>(data)?,
        "found": parsed::<Map<String, Value>>(found)?,
    }))
}

/// An entry as it was exported, lifted to the present shape.
fn lifted(entry: Value) -> std::result::Result<Entry, Refusal> {
    Entry::read(&entry.to_string()).map_err(|e| refusal(&e.to_string()))
}

/// Columns whose text may go on in further lines.
const LONG: [&str; 2] = ["data", "found"];

fn unknown_action(register: &str, named: &str) -> Refusal {
    let message = Msg::new("refusal.unknown_action")
        .with_key("register", format!("register.{register}"))
        .with("action", named);
    Refusal::new(RefusalCode::UnknownAction, message).field("action")
}

fn role(reading: Reading<'_>, name: String) -> String {
    let mut roles = reading.rules.roles().iter();
    roles
        .find(|role| role.name == name || role.name_en == name)
        .map_or(name, |role| role.code.clone())
}

fn via(name: String) -> String {
    use crate::record::field::Choice;
    let set = crate::record::request::Via::SET;
    let is = |code: &str| {
        Lang::ALL
            .iter()
            .any(|lang| lookup(*lang, &set.label_key(code)).is_some_and(|label| label == name))
    };
    let code = set.codes.iter().find(|code| is(code));
    code.map_or(name, |code| (*code).to_owned())
}

/// Hands every document of a file to `take`: one a line, as `--full` writes them, in an array or not.
pub(super) fn each_document(
    plan: &Plan,
    take: &mut dyn FnMut(Own) -> ControlFlow<()>,
) -> Result<()> {
    let file = File::open(&plan.path).map_err(|e| unreadable(&plan.path, e))?;
    for (line, text) in (1_u64..).zip(BufReader::new(file).lines()) {
        let text = text.map_err(|e| unreadable(&plan.path, e))?;
        let text = text
            .trim_start_matches('\u{feff}')
            .trim()
            .trim_end_matches(',');
        if matches!(text, "" | "[" | "]" | "[]") {
            continue;
        }
        let (no, entries) = match serde_json::from_str::<Value>(text) {
            Ok(document) => {
                let no = document.get("no").and_then(Value::as_str);
                let no = no.unwrap_or_default().to_owned();
                let entries =
                    of_register(plan, &no).and_then(|()| history_of(plan, &no, &document));
                (no, entries)
            }
            Err(e) => (String::new(), Err(refusal(&e.to_string()))),
        };
        let own = Own {
            line,
            no,
            entries,
            rows: vec![vec![Raw::Text(text.to_owned())]],
        };
        if take(own).is_break() {
            break;
        }
    }
    Ok(())
}

fn history_of(plan: &Plan, no: &str, document: &Value) -> std::result::Result<Vec<Entry>, Refusal> {
    let code = plan.register.spec().code;
    let history = document.get("history").and_then(Value::as_array);
    let mut items: Vec<Map<String, Value>> = history
        .into_iter()
        .flatten()
        .map(|item| item.as_object().cloned().unwrap_or_default())
        .collect();
    // They stand in the order in which they happened; they were typed in that of their places.
    let place = |map: &Map<String, Value>| map.get("seq").and_then(Value::as_i64);
    items.sort_by_key(place);
    let places: Vec<Option<i64>> = items.iter().map(place).collect();
    let entries = items.into_iter().map(|mut map| {
        if let Some(Value::Object(first)) = map.remove("was") {
            map.extend(first);
        }
        let found = map
            .remove("found")
            .unwrap_or_else(|| Value::Object(Map::new()));
        map.insert("found".into(), stored(&found));
        // The first version told no fate of entries, and kept what the rules found.
        let kept_findings = map
            .get("found")
            .is_some_and(|f| f.get("class").is_some() || f.get("changes").is_some());
        let version = if kept_findings { 1 } else { ENTRY_VERSION };
        for key in ["seq", "hash", "struck_by", "corrected_by", "cause"] {
            map.remove(key);
        }
        map.insert("version".into(), version.into());
        map.insert("no".into(), no.into());
        map.insert("register".into(), code.into());
        let mut entry = lifted(Value::Object(map))?;
        let line = target(&entry).and_then(|seq| places.iter().position(|p| *p == Some(seq)));
        if let Some(line) = line {
            let line = i64::try_from(line).unwrap_or(i64::MAX).saturating_add(1);
            entry.data.insert("entry".to_owned(), line.into());
        }
        Ok(entry)
    });
    let entries: Vec<Entry> = entries.collect::<std::result::Result<_, _>>()?;
    if entries.is_empty() {
        return Err(Refusal::missing("history"));
    }
    Ok(entries)
}

/// Instants in the form the journal keeps them in.
fn stored(value: &Value) -> Value {
    match value {
        Value::String(text) if text.len() == 25 && text.get(10..11) == Some("T") => {
            serde_json::from_value::<Instant>(value.clone())
                .and_then(serde_json::to_value)
                .unwrap_or_else(|_| value.clone())
        }
        Value::Array(list) => list.iter().map(stored).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, item)| (key.clone(), stored(item)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// Whether a record of the file has had these entries, and perhaps more since.
pub(super) fn same_history(here: &[Entry], there: &[Entry]) -> bool {
    let same = |(a, b): (&Entry, &Entry)| {
        a.action == b.action && a.at == b.at && a.by == b.by && comparable(a) == comparable(b)
    };
    there.len() <= here.len() && here.iter().zip(there).all(same)
}

/// An entry's data without the writing of instants counting.
fn comparable(entry: &Entry) -> Value {
    stored(&Value::Object(entry.data.clone()))
}
