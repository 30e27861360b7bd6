//! Rules in force: procedures, settings and holiday lists are taken up by entries of the journal that carry their text,
//! so that the file alone, on any machine, gives the same answers.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::act::{How, Moment, accept};
use super::view::{Request, Target};
use super::{Desk, Result, rows, unreadable};
use crate::base::hash::Hash;
use crate::base::i18n::{Msg, Voice};
use crate::base::time::Instant;
use crate::record::entry::{ENTRY_VERSION, Entry};
use crate::record::request::Operator;
use crate::registers::register_of;
use crate::rules::calendar::Calendar;
use crate::rules::in_force::InForce;
use crate::rules::ruleset::{LOCAL_SETTINGS, Rules};
use crate::store::journal::Row;
use crate::store::{Store, Writer};

/// The register code and letter of entries that take up rules. They form no records.
const REGISTER: &str = "rules";
const LETTER: char = 'R';
/// The action of such an entry.
const TAKE_UP: &str = "take_up";

/// A due time that other rules change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueChange {
    /// The record.
    pub no: String,
    /// Its register.
    pub register: &'static str,
    /// The duty.
    pub code: String,
    /// Due so far.
    pub old: Option<Instant>,
    /// Due by the other rules.
    pub new: Option<Instant>,
}

/// What is taken up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TakeUp {
    /// Procedure files by name, each with its whole text.
    pub procedures: BTreeMap<String, String>,
    /// The holiday list as CSV.
    pub calendar: Option<String>,
}

impl TakeUp {
    /// Everything that these rules consist of.
    fn whole(rules: &Rules) -> Self {
        Self {
            procedures: rules.texts(),
            calendar: Some(rules.calendar.to_csv()),
        }
    }

    /// What of `offered` is not in force yet.
    pub fn difference(in_force: &Rules, offered: &Rules) -> Self {
        let stands = in_force.texts();
        let mut procedures = offered.texts();
        procedures.retain(|name, text| {
            let known = stands.get(name).map(|known| without_local(known));
            known != Some(without_local(text))
        });
        Self {
            procedures,
            calendar: None,
        }
    }

    /// Whether there is nothing to take up.
    pub fn is_empty(&self) -> bool {
        self.procedures.is_empty() && self.calendar.is_none()
    }

    /// The rules after it has been taken up.
    fn applied_to(&self, rules: &Rules) -> std::result::Result<Rules, Msg> {
        let files = self.procedures.iter();
        let files = files.map(|(name, text)| (name.as_str(), text.as_str()));
        let mut rules = rules.clone().with_files(files).map_err(|error| {
            Msg::new("rules.unreadable")
                .with("file", error.file.as_str())
                .with("line", error.line)
                .with("why", error.reason)
        })?;
        if let Some(csv) = &self.calendar {
            let calendar = Calendar::parse(csv).map_err(|error| error.reason)?;
            rules.calendar = std::sync::Arc::new(calendar);
        }
        Ok(rules)
    }

    fn data(&self) -> Map<String, Value> {
        let mut data = Map::new();
        if !self.procedures.is_empty() {
            data.insert("procedures".to_owned(), json!(self.procedures));
        }
        if let Some(calendar) = &self.calendar {
            data.insert("calendar".to_owned(), calendar.as_str().into());
        }
        let print = Hash::of(Value::Object(data.clone()).to_string().as_bytes()).hex();
        data.insert("fingerprint".to_owned(), print.into());
        data
    }

    fn read(entry: &Entry) -> Self {
        let procedures = entry.data.get("procedures").cloned();
        let calendar = entry.data.get("calendar").and_then(Value::as_str);
        Self {
            procedures: procedures
                .and_then(|map| serde_json::from_value(map).ok())
                .unwrap_or_default(),
            calendar: calendar.map(str::to_owned),
        }
    }
}

/// A procedure's text without comments, blank lines and the settings that concern one machine alone.
fn without_local(text: &str) -> String {
    let counts = |line: &&str| {
        let key = line.split('=').next().unwrap_or_default().trim();
        !line.is_empty() && !line.starts_with('#') && !LOCAL_SETTINGS.contains(&key)
    };
    text.lines()
        .map(str::trim)
        .filter(counts)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The rules through time, as the file's entries tell; `offered` while it has none.
///
/// # Errors
/// [`super::Error::File`] when an entry is damaged, or its text is no procedure any more.
pub(super) fn read(rows: &[Row], offered: &Rules) -> Result<InForce> {
    let mut first: Option<Rules> = None;
    let mut later: Vec<(Instant, Rules)> = Vec::new();
    for row in rows {
        let entry = Entry::read(&row.line).map_err(|why| unreadable(row.seq, &why))?;
        let stands = match (&first, later.last()) {
            (_, Some((_, rules))) => rules.clone(),
            (Some(rules), None) => rules.clone(),
            (None, None) => offered.built_in_only(),
        };
        let rules = TakeUp::read(&entry)
            .applied_to(&stands)
            .map_err(|why| super::damaged(row.seq, why))?;
        match first {
            None => first = Some(rules),
            Some(_) => later.push((entry.at, rules)),
        }
    }
    Ok(InForce::of(first.unwrap_or_else(|| offered.clone()), later))
}

/// The rules of a copy that is only looked at.
///
/// # Errors
/// [`super::Error::File`] when it cannot be read or an entry is damaged.
pub(super) fn of_copy(store: &Store) -> Result<InForce> {
    let built_in = Rules::built_in().map_err(|error| super::damaged(0, error.reason))?;
    read(&store.rules_entries()?, &built_in)
}

/// The rules a transaction works by. A file that has taken up none yet takes up those that are offered.
pub(super) fn current(
    writer: &Writer<'_>,
    known: (usize, &InForce),
    offered: &Rules,
    now: Instant,
) -> Result<(usize, InForce)> {
    let taken = writer.rules_count(i64::MAX)?;
    if taken == known.0 && taken > 0 {
        return Ok((taken, known.1.clone()));
    }
    if taken > 0 {
        return Ok((taken, read(&writer.rules_entries()?, offered)?));
    }
    let nobody = Operator::default();
    put(writer, &TakeUp::whole(offered), offered, &nobody, now)?;
    Ok((1, InForce::always(offered.clone())))
}

/// Appends the entry that takes something up; answers its place.
fn put(
    writer: &Writer<'_>,
    taken: &TakeUp,
    rules: &Rules,
    who: &Operator,
    now: Instant,
) -> Result<i64> {
    let desk = rules.site().word("desk");
    let year = chrono::Datelike::year(&rules.zone().date(now));
    let no = writer.next_number(REGISTER, LETTER, desk, year)?;
    let entry = Entry {
        version: ENTRY_VERSION,
        no,
        register: REGISTER.to_owned(),
        action: TAKE_UP.to_owned(),
        at: now,
        received: now,
        entered: now,
        by: who.name.clone(),
        role: who.role.clone(),
        via: None,
        note: None,
        desk: desk.to_owned(),
        late_entry: false,
        data: taken.data(),
        found: Map::new(),
        cause: None,
        source: None,
    };
    Ok(writer.append(&entry)?.seq)
}

impl Desk {
    /// The files of the data folder that differ from what is in force.
    pub fn offered(&self) -> TakeUp {
        TakeUp::difference(self.in_force.newest(), &self.offered)
    }

    /// What a holiday list would take up: it joins the one in force, year by year.
    pub fn newer_list(&self, newer: &Calendar) -> TakeUp {
        let merged = self.in_force.newest().calendar.merged_with(newer);
        TakeUp {
            procedures: BTreeMap::new(),
            calendar: Some(merged.to_csv()),
        }
    }

    /// Which open due times it would change.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read or what is offered is no procedure.
    pub fn due_changes(&self, taken: &TakeUp, now: Instant) -> Result<Vec<DueChange>> {
        let after = self.with_taken(taken, now)?;
        let mut changes = Vec::new();
        for no in self.store.open_numbers()? {
            let (Some(register), Some(record)) = (register_of(&no), self.store.record(&no)?) else {
                continue;
            };
            let old = register.deadlines(&record, &self.in_force);
            let new = register.deadlines(&record, &after);
            for old in old.iter().filter(|old| old.pending()) {
                let same = |d: &&crate::rules::deadline::Deadline| {
                    d.code == old.code && d.round == old.round
                };
                let due = new.iter().find(same).and_then(|new| new.due);
                if due != old.due {
                    changes.push(DueChange {
                        no: no.clone(),
                        register: register.spec().code,
                        code: old.code.clone(),
                        old: old.due,
                        new: due,
                    });
                }
            }
        }
        Ok(changes)
    }

    fn with_taken(&self, taken: &TakeUp, now: Instant) -> Result<InForce> {
        let rules = taken
            .applied_to(self.in_force.newest())
            .map_err(|why| super::damaged(0, why))?;
        Ok(self.in_force.and(now, rules))
    }

    /// Takes it up: an entry carries its text, a line of the duty log says so, open records are reckoned anew.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be written; then everything stays as it was.
    pub fn take_up(
        &mut self,
        taken: &TakeUp,
        told: &Msg,
        who: &Operator,
        now: Instant,
    ) -> Result<()> {
        let offered = self.offered.clone();
        self.write(now, |writer, rules| {
            let after = taken
                .applied_to(rules.newest())
                .map_err(|why| super::damaged(0, why))?;
            let seq = put(writer, taken, &after, who, now)?;
            let rules = read(&writer.rules_entries()?, &offered)?;
            let voice = Voice {
                zone: after.zone(),
                ..Voice::default()
            };
            let data = Map::from_iter([("text".to_owned(), Value::String(voice.say(told)))]);
            let request = Request {
                target: Target::New("log".into()),
                action: None,
                data,
            };
            let moment = Moment {
                who,
                now,
                rules: &rules,
            };
            let how = How {
                cause: Some(seq),
                ..How::ASKED
            };
            accept(writer, &request, &moment, &how)?;
            for no in writer.open_numbers()? {
                rows::renew(writer, &no, &rules)?;
            }
            Ok(())
        })?;
        self.look_at_rules()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Mode;

    fn built_in() -> Rules {
        Rules::built_in().unwrap()
    }

    /// A company with a role of its own, which its procedure for complaints names.
    fn company() -> TakeUp {
        let texts = built_in().texts();
        let role = "[[roles]]\ncode = \"steward\"\nname = \"管家\"\nname_en = \"steward\"\nladders = [\"service\"]\nrank = 61\n";
        let site = format!("{}\n{role}", texts["site"]);
        let own = "judge_role = \"steward\"";
        let property = texts["property"].replacen("judge_role = \"service_manager\"", own, 1);
        let files = [("site", site), ("property", property)];
        TakeUp {
            procedures: files.map(|(name, text)| (name.to_owned(), text)).into(),
            calendar: None,
        }
    }

    fn judge(desk: &Desk) -> String {
        let rules = desk.in_force.newest();
        rules.procedure("property").word("judge_role").to_owned()
    }

    #[test]
    fn a_procedure_may_name_a_role_of_the_site_file_taken_up_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let now = Instant::from_unix(1_780_000_000);
        let offered = company().applied_to(&built_in()).unwrap();
        // With the first entry of a file, and after others.
        for begun in [false, true] {
            let path = folder.path().join(format!("{begun}.db"));
            let first = if begun { built_in() } else { offered.clone() };
            let mut desk = Desk::open(&path, Mode::Create, first).unwrap();
            desk.write(now, |_, _| Ok(())).unwrap();
            drop(desk);
            let mut desk = Desk::open(&path, Mode::Existing, offered.clone()).unwrap();
            let taken = desk.offered();
            assert_eq!(taken.is_empty(), !begun);
            let told = Msg::new("cli.procedures_log")
                .with("names", "")
                .with("n", 0_i64);
            desk.take_up(&taken, &told, &Operator::default(), now)
                .unwrap();
            drop(desk);
            let desk = Desk::open(&path, Mode::Existing, built_in()).unwrap();
            assert_eq!(judge(&desk), "steward");
        }
    }
}
