//! Records that were exported with their history, brought back: every entry goes through the same checks again, and
//! keeps what it was: its number, its times, who typed it and when, what the rules of that day found.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Result;
use super::act::{
    DEPTH, How, Moment, Provenance, Resolved, append, resolve, resolve_any, unknown_action,
};
use super::bulk::Bulk;
use super::lookup::logged;
use super::view::{Request, Target};
use crate::record::entry::{Entry, Origin};
use crate::record::head::AnyRecord;
use crate::record::request::{Operator, RawAct};
use crate::record::timeline::{ABOUT_ENTRIES, Timeline, target};
use crate::registers::change::{Reading, read_act};
use crate::registers::log::Seal;

impl Bulk<'_> {
    /// Which record was made from the row of this fingerprint.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read.
    pub fn row_taken(&self, row: &str) -> Result<Option<String>> {
        Ok(self.writer.imported(row)?)
    }

    /// The record of this number.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read.
    pub fn find(&self, no: &str) -> Result<Option<AnyRecord>> {
        Ok(self.writer.record(no)?)
    }

    /// The live record of a register with this paper number.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read.
    pub fn paper(&self, register: &str, paper: &str) -> Result<Option<String>> {
        Ok(self.writer.paper_no(register, paper)?)
    }

    /// The entries of a record, in the order of typing.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read or an entry is damaged.
    pub fn entries(&self, no: &str) -> Result<Vec<Entry>> {
        let entries = logged(no, self.writer)?.into_iter();
        Ok(entries
            .map(|logged| Arc::unwrap_or_clone(logged.entry))
            .collect())
    }

    /// Brings a record back by its entries, in the order of typing, under the number it had. What an entry brought
    /// about by itself is not done again: it has its own entries. A record that an entry links to may be missing, it
    /// may come with another file.
    ///
    /// # Errors
    /// [`super::Error::Refused`] by the entry that is not accepted; nothing of the record is left then.
    pub fn restore(&self, register: &str, entries: &[Entry], source: &Origin) -> Result<()> {
        self.writer.attempt(|| {
            let Some(first) = entries.first() else {
                return Ok(());
            };
            let request = Request {
                target: Target::New(register.to_owned()),
                action: Some(first.action.clone()),
                data: Map::new(),
            };
            // A month that was sealed in another file is not sealed in this one; all else may be the program's own.
            let mut resolved = match first.action == Seal::NAME {
                true => resolve(&request, self.writer)?,
                false => resolve_any(&request, self.writer)?,
            };
            // Places in the other file, by their places here: corrections speak of them.
            let mut places: Vec<i64> = Vec::new();
            for entry in entries {
                resolved.spec = resolved
                    .register
                    .action(&entry.action)
                    .ok_or_else(|| unknown_action(resolved.register, &entry.action))?;
                self.replay(&mut resolved, entry, source, &places)?;
                places.extend(resolved.entries.last().map(|logged| logged.seq));
            }
            self.finish(&first.no)
        })
    }

    /// Types an entry again as it was: its fields are read anew, its envelope stands.
    fn replay(
        &self,
        resolved: &mut Resolved,
        before: &Entry,
        source: &Origin,
        places: &[i64],
    ) -> Result<()> {
        let who = Operator {
            name: before.by.clone(),
            role: before.role.clone(),
        };
        let moment = Moment {
            who: &who,
            now: before.entered,
            rules: self.rules,
        };
        let how = How {
            depth: DEPTH,
            rows: false,
            cause: None,
            from: Provenance {
                no: Some(&before.no),
                source: Some(source),
                before: Some(before),
            },
        };
        let act = self.act(resolved, before, &who, places)?;
        append(self.writer, resolved, act, &moment, &how).map(|_| ())
    }

    fn act(
        &self,
        resolved: &Resolved,
        before: &Entry,
        who: &Operator,
        places: &[i64],
    ) -> Result<RawAct> {
        let mut data = before.data.clone();
        let about = ABOUT_ENTRIES.contains(&before.action.as_str());
        // An exported history counts its own entries from 1.
        if let Some(place) = about.then(|| target(before)).flatten() {
            let index = usize::try_from(place - 1).unwrap_or(usize::MAX);
            let here = places.get(index).copied().unwrap_or(place);
            data.insert("entry".to_owned(), Value::from(here));
        }
        for (key, at) in [("at", before.at), ("received", before.received)] {
            if resolved.spec.field(key).is_none() {
                let at = serde_json::to_value(at).unwrap_or_default();
                data.insert(key.to_owned(), at);
            }
        }
        // Fields that are left empty in the file were empty: the person acting is not put into them.
        let nobody = Operator::default();
        let who = if data.contains_key("by") {
            who
        } else {
            &nobody
        };
        let stands = Timeline::of(resolved.entries.clone());
        let reading = Reading {
            rules: self.rules.newest(),
            who,
            now: before.entered,
        };
        let mut act = read_act(
            resolved.register,
            resolved.spec,
            &data,
            &stands,
            &resolved.entries,
            &reading,
        )?;
        act.envelope.by.clone_from(&before.by);
        act.envelope.role.clone_from(&before.role);
        act.envelope.via.clone_from(&before.via);
        act.envelope.note.clone_from(&before.note);
        Ok(act)
    }
}
