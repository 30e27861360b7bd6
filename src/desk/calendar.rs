//! Taking a newer holiday list: first which open due times change, then the list, then every open record anew.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::act::{Moment, accept};
use super::view::{Request, Target};
use super::{Desk, Result, projected};
use crate::base::i18n::Voice;
use crate::base::time::Instant;
use crate::record::request::Operator;
use crate::registers::register_of;
use crate::rules::calendar::Calendar;
use crate::rules::ruleset::Rules;

/// A due time that a newer list changes.
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
    /// Due by the newer list.
    pub new: Option<Instant>,
}

impl Desk {
    /// Puts the list that was imported into this file in place of the built-in years.
    pub(super) fn load_calendar(&mut self) -> Result<()> {
        let imported = self
            .store
            .memo("calendar")?
            .and_then(|csv| Calendar::parse(&csv).ok());
        if let Some(calendar) = imported {
            self.rules = Arc::new(with(&self.rules, &calendar));
        }
        Ok(())
    }

    /// Which open due times a newer list would change.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read.
    pub fn calendar_changes(&self, newer: &Calendar) -> Result<Vec<DueChange>> {
        let after = with(&self.rules, newer);
        let mut changes = Vec::new();
        for no in self.store.open_numbers()? {
            let (Some(register), Some(record)) = (register_of(&no), self.store.record(&no)?) else {
                continue;
            };
            let old = register.deadlines(&record, &self.rules);
            let new = register.deadlines(&record, &after);
            for (old, new) in old
                .iter()
                .zip(&new)
                .filter(|(old, new)| old.pending() && old.due != new.due)
            {
                changes.push(DueChange {
                    no: no.clone(),
                    register: register.spec().code,
                    code: old.code.clone(),
                    old: old.due,
                    new: new.due,
                });
            }
        }
        Ok(changes)
    }

    /// Takes the list: it is kept in the file, an entry of the duty log says so, open records are projected anew.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be written; then everything stays as it was.
    pub fn take_calendar(
        &mut self,
        newer: &Calendar,
        changes: usize,
        who: &Operator,
        now: Instant,
    ) -> Result<()> {
        self.writable()?;
        let kept = self
            .store
            .memo("calendar")?
            .and_then(|csv| Calendar::parse(&csv).ok());
        let imported = kept.map_or_else(|| newer.clone(), |kept| kept.merged_with(newer));
        let rules = with(&self.rules, newer);
        let numbers = self.store.open_numbers()?;
        let text = Voice {
            zone: rules.zone(),
            ..Voice::default()
        }
        .say(&notice(newer, changes));
        self.store.write(|writer| -> Result<()> {
            writer.set_memo("calendar", &imported.to_csv())?;
            let data = Map::from_iter([("text".to_owned(), Value::String(text))]);
            let request = Request {
                target: Target::New("log".into()),
                action: None,
                data,
            };
            accept(
                writer,
                &request,
                &Moment {
                    who,
                    now,
                    rules: &rules,
                },
                0,
            )?;
            for no in &numbers {
                let (Some(register), Some(record)) = (register_of(no), writer.record(no)?) else {
                    continue;
                };
                if let Some(projected) = projected(&record, register.spec().code, &rules) {
                    writer.project(&projected)?;
                }
            }
            Ok(())
        })?;
        self.rules = Arc::new(rules);
        Ok(())
    }
}

/// The years of a list in words.
pub fn years(calendar: &Calendar) -> String {
    let years: Vec<i32> = calendar.years().collect();
    match (years.first(), years.last()) {
        (Some(first), Some(last)) if first != last => format!("{first}–{last}"),
        (Some(first), _) => first.to_string(),
        _ => String::new(),
    }
}

fn notice(calendar: &Calendar, changes: usize) -> crate::base::i18n::Msg {
    let print: String = calendar.fingerprint().chars().take(16).collect();
    crate::base::i18n::Msg::new("cli.calendar_log")
        .with("years", years(calendar))
        .with("fingerprint", print)
        .with("n", changes)
}

fn with(rules: &Rules, newer: &Calendar) -> Rules {
    let mut after = rules.clone();
    after.calendar = rules.calendar.merged_with(newer);
    after
}
