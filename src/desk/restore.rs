//! Records that were exported with their history, brought back: every entry goes through the same checks again, and
//! keeps what it was: its number, its times, who typed it and when, what the rules of that day found.

use serde_json::{Map, Value};

use super::act::{Moment, Provenance, Resolved, enter, look, number, resolve};
use super::bulk::Bulk;
use super::view::{Request, Target};
use super::{Result, closed};
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::record::entry::{Entry, Origin};
use crate::record::head::{AnyRecord, Head};
use crate::record::request::{Envelope, Operator, RawAct, read};
use crate::registers::{Context, Lookup, Near};
use crate::rules::ruleset::Rules;

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

    /// The entries of a record, oldest first.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read; [`super::Error::Refused`] when an entry is damaged.
    pub fn entries(&self, no: &str) -> Result<Vec<Entry>> {
        let rows = self.writer.entries_of(no)?.into_iter();
        rows.map(|row| Entry::read(&row.line).map_err(|why| unreadable(why).into()))
            .collect()
    }

    /// Brings a record back by its entries, oldest first, under the number it had. What an entry brought about by
    /// itself is not done again: it has its own entries. A record that an entry links to may be missing, it may come
    /// with another file.
    ///
    /// # Errors
    /// [`super::Error::Refused`] by the entry that is not accepted; nothing of the record is left then.
    pub fn restore(&self, register: &str, entries: &[Entry], source: &Origin) -> Result<()> {
        self.writer.attempt(|| {
            let mut record = None;
            for entry in entries {
                record = Some(self.again(register, record, entry, source)?);
            }
            match (record, entries.first()) {
                (Some(record), Some(first)) => self.finish(&first.no, record, entries.len()),
                _ => Ok(()),
            }
        })
    }

    fn again(
        &self,
        register: &str,
        record: Option<AnyRecord>,
        before: &Entry,
        source: &Origin,
    ) -> Result<AnyRecord> {
        let request = Request {
            target: Target::New(register.to_owned()),
            action: Some(before.action.clone()),
            data: Map::new(),
        };
        let resolved = match record {
            None => resolve(&request, self.writer)?,
            Some(record) => self.resolved(register, record, before)?,
        };
        let who = Operator {
            name: before.by.clone(),
            role: before.role.clone(),
        };
        let act = self.act(&resolved, before, &who)?;
        let mut near = look(&resolved, &act, self.rules, self.writer)?;
        stand_in(&resolved, &act, self.rules, &mut near);
        let cx = Context {
            now: before.entered,
            rules: self.rules,
            near: &near,
        };
        let earlier = resolved.record.as_ref();
        let mut decision = resolved.register.decide(earlier, &act, &cx)?;
        closed::check(&act, earlier, self.rules, false, self.writer, &mut decision)?;
        let from = Provenance {
            no: Some(&before.no),
            source: Some(source),
            before: Some(before),
        };
        let moment = Moment {
            who: &who,
            now: before.entered,
            rules: self.rules,
        };
        let no = number(self.writer, &resolved, &moment, from)?;
        let fields = resolved.spec.fields;
        let (entry, record) = enter(&resolved, act, &decision, &no, self.rules, from)?;
        self.writer.append(&entry)?;
        self.writer.learn(fields, &entry.data, before.entered)?;
        Ok(record)
    }

    fn resolved(&self, register: &str, record: AnyRecord, before: &Entry) -> Result<Resolved> {
        let unknown = || {
            let message = Msg::new("refusal.unknown_action")
                .with_key("register", format!("register.{register}"))
                .with("action", before.action.as_str());
            Refusal::new(RefusalCode::UnknownAction, message).field("action")
        };
        let register = crate::registers::register(register).ok_or_else(unknown)?;
        Ok(Resolved {
            register,
            spec: register.action(&before.action).ok_or_else(unknown)?,
            record: Some(record),
        })
    }

    /// The act as it was: its fields read again, its envelope as it stood.
    fn act(&self, resolved: &Resolved, before: &Entry, who: &Operator) -> Result<RawAct> {
        let mut data = before.data.clone();
        for (key, at) in [("at", before.at), ("received", before.received)] {
            let at = serde_json::to_value(at).map_err(|e| unreadable(e.to_string()))?;
            if resolved.spec.field(key).is_none() {
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
        let mut act = read(resolved.spec, &data, self.rules, who, before.entered)?;
        act.envelope.by.clone_from(&before.by);
        act.envelope.role.clone_from(&before.role);
        act.envelope.via.clone_from(&before.via);
        act.envelope.note.clone_from(&before.note);
        Ok(act)
    }
}

fn unreadable(why: String) -> Refusal {
    let message = Msg::new("refusal.unreadable").with("why", why);
    Refusal::new(RefusalCode::BadValue, message)
}

/// Puts something in the place of the records that an act speaks of and that are not there yet: they may come with
/// another file, or further on in the same one.
pub(super) fn stand_in(resolved: &Resolved, act: &RawAct, rules: &Rules, near: &mut Near) {
    let lookups = resolved
        .register
        .lookups(resolved.record.as_ref(), act, rules);
    for lookup in lookups {
        if let Lookup::Record(no) = lookup
            && !near.records.contains_key(&no)
        {
            let record = absent(&no, &act.envelope);
            near.records.insert(no, record);
        }
    }
}

/// Stands for a record that has not been brought back yet.
fn absent(no: &str, envelope: &Envelope) -> AnyRecord {
    let times = [envelope.at, envelope.received, envelope.entered];
    AnyRecord {
        head: Head::begun(no, String::new(), times, &envelope.by),
        body: Value::Null,
    }
}
