//! Many records at once, in one transaction: the same checks, the same journal, the rows written once a record.

use std::borrow::Cow;
use std::convert::Infallible;

use serde_json::{Map, Value};

use super::act::{
    Accepted, DEPTH, How, Moment, Provenance, Resolved, carry_out, resolve, unknown_action,
};
use super::lookup::{acted, logged};
use super::view::{Request, Target};
use super::{Desk, Error, Result, rows, rulebook};
use crate::base::time::Instant;
use crate::record::entry::Origin;
use crate::record::request::Operator;
use crate::record::timeline::Timeline;
use crate::registers::register_of;
use crate::rules::in_force::InForce;
use crate::store::{FileTrouble, Writer};

/// One step of a record's life.
#[derive(Clone, Debug)]
pub struct Step {
    /// The action's name.
    pub action: &'static str,
    /// Its fields and those of the envelope.
    pub data: Map<String, Value>,
    /// Who typed it.
    pub who: Operator,
    /// When it was typed.
    pub now: Instant,
}

/// An open transaction that records are put into.
pub struct Bulk<'a> {
    pub(super) writer: &'a Writer<'a>,
    pub(super) rules: &'a InForce,
}

impl Bulk<'_> {
    /// Opens a record of `register` by the first step and takes the others on it; answers its number. `{no}` in what
    /// the others say stands for that number.
    ///
    /// # Errors
    /// [`super::Error::Refused`] by the step that is not accepted; the whole transaction is then given up.
    pub fn record(&self, register: &str, steps: &[Step]) -> Result<Option<String>> {
        self.record_from(register, steps, Provenance::default(), 0)
    }

    /// The same for a record that comes from a file: `no` is the number it had, if it keeps one; what it brought about
    /// by itself then has its own rows.
    ///
    /// # Errors
    /// As [`Bulk::record`]; nothing of the record is left then, what stood before in the transaction stays.
    pub fn imported(
        &self,
        register: &str,
        steps: &[Step],
        no: Option<&str>,
        source: &Origin,
    ) -> Result<Option<String>> {
        let from = Provenance {
            no,
            source: Some(source),
            before: None,
        };
        let depth = if no.is_some() { DEPTH } else { 0 };
        self.writer
            .attempt(|| self.record_from(register, steps, from, depth))
    }

    fn record_from(
        &self,
        register: &str,
        steps: &[Step],
        from: Provenance<'_>,
        depth: usize,
    ) -> Result<Option<String>> {
        let Some((first, rest)) = steps.split_first() else {
            return Ok(None);
        };
        let request = Request {
            target: Target::New(register.to_owned()),
            action: Some(first.action.to_owned()),
            data: first.data.clone(),
        };
        let mut resolved = resolve(&request, self.writer)?;
        // What the first step brings about may link back to the record, which must be there then.
        let mut how = How {
            depth,
            rows: true,
            cause: None,
            from,
        };
        let opened = self.step(&mut resolved, first, &first.data, &how)?;
        how.rows = false;
        for step in rest {
            resolved.spec = resolved
                .register
                .action(step.action)
                .ok_or_else(|| unknown_action(resolved.register, step.action))?;
            let data = match from.source {
                // What was imported stays as it was written.
                Some(_) => Cow::Borrowed(&step.data),
                None => numbered(&step.data, &opened.no),
            };
            self.step(&mut resolved, step, &data, &how)?;
        }
        if !rest.is_empty() {
            self.finish(&opened.no)?;
        }
        Ok(Some(opened.no))
    }

    /// One step. What it brings about may write to the same record (a link back), so the entries are read anew then.
    fn step(
        &self,
        resolved: &mut Resolved,
        step: &Step,
        data: &Map<String, Value>,
        how: &How<'_>,
    ) -> Result<Accepted> {
        let moment = Moment {
            who: &step.who,
            now: step.now,
            rules: self.rules,
        };
        let accepted = carry_out(self.writer, resolved, data, &moment, how)?;
        if !accepted.spawned.is_empty() {
            resolved.entries = logged(&accepted.no, self.writer)?;
        }
        Ok(accepted)
    }

    /// Writes the rows of a record that has had all its steps.
    pub(super) fn finish(&self, no: &str) -> Result<()> {
        let Some(register) = register_of(no) else {
            return Ok(());
        };
        let timeline = Timeline::of(logged(no, self.writer)?);
        let acted = acted(register, &timeline, self.rules, self.writer)?;
        rows::write(
            self.writer,
            register,
            acted,
            self.rules,
            rows::Stands::Sound,
        )
    }
}

/// A step's data with the record's own number where it speaks of it.
fn numbered<'d>(data: &'d Map<String, Value>, no: &str) -> Cow<'d, Map<String, Value>> {
    let speaks = |value: &Value| value.as_str().is_some_and(|text| text.contains("{no}"));
    if !data.values().any(speaks) {
        return Cow::Borrowed(data);
    }
    let mut data = data.clone();
    for value in data.values_mut().filter(|value| speaks(value)) {
        *value = Value::from(value.as_str().unwrap_or_default().replace("{no}", no));
    }
    Cow::Owned(data)
}

impl Desk {
    /// How many entries the journal holds.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read.
    pub fn entries(&self) -> Result<i64> {
        Ok(self.store.chain_head()?.seq)
    }

    /// Runs `work` in one transaction.
    ///
    /// # Errors
    /// What `work` gives, with nothing written; [`super::Error::File`] when the file cannot be written.
    pub fn bulk<T>(
        &mut self,
        now: Instant,
        work: impl FnOnce(&Bulk<'_>) -> Result<T>,
    ) -> Result<T> {
        self.write(now, |writer, rules| work(&Bulk { writer, rules }))
    }

    /// Runs `work` as [`Desk::bulk`] does, and takes everything back.
    ///
    /// # Errors
    /// What `work` gives; [`super::Error::File`] when the file cannot be written.
    pub fn rehearse<T>(
        &mut self,
        now: Instant,
        work: impl FnOnce(&Bulk<'_>) -> Result<T>,
    ) -> Result<T> {
        enum Back<T> {
            Done(T),
            Failed(Error),
        }
        impl<T> From<FileTrouble> for Back<T> {
            fn from(trouble: FileTrouble) -> Self {
                Back::Failed(trouble.into())
            }
        }
        self.writable()?;
        let (offered, known) = (self.offered.clone(), (self.taken_up, self.in_force.clone()));
        let run = |writer: &Writer<'_>| -> std::result::Result<Infallible, Back<T>> {
            let done = rulebook::current(writer, (known.0, &known.1), &offered, now).and_then(
                |(_, rules)| {
                    work(&Bulk {
                        writer,
                        rules: &rules,
                    })
                },
            );
            Err(done.map_or_else(Back::Failed, Back::Done))
        };
        match self.store.write(run) {
            Ok(never) => match never {},
            Err(Back::Done(done)) => Ok(done),
            Err(Back::Failed(error)) => Err(self.named(error)),
        }
    }
}
