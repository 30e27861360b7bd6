//! Many records at once, in one transaction: the same checks, the same journal, the rows written once a record.

use std::borrow::Cow;
use std::convert::Infallible;

use serde_json::{Map, Value};

use super::act::{How, Moment, Provenance, SPAWN_DEPTH, advance, fill, resolve};
use super::view::{Request, Target};
use super::{Desk, Error, Result, projected};
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::entry::{Entry, Origin};
use crate::record::head::AnyRecord;
use crate::record::request::Operator;
use crate::registers::register_of;
use crate::rules::ruleset::Rules;
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
    pub(super) rules: &'a Rules,
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
        let depth = if no.is_some() { SPAWN_DEPTH } else { 0 };
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
        let moment = |step: &'_ Step| (step.who.clone(), step.now);
        let (who, now) = moment(first);
        let (opened, mut record) = advance(
            self.writer,
            &resolved,
            &first.data,
            &Moment {
                who: &who,
                now,
                rules: self.rules,
            },
            How {
                depth,
                project: true,
                from,
            },
        )?;
        for step in rest {
            resolved.spec = resolved.register.action(step.action).ok_or_else(|| {
                let message = Msg::new("refusal.unknown_action")
                    .with_key("register", format!("register.{register}"))
                    .with("action", step.action);
                Refusal::new(RefusalCode::UnknownAction, message).field("action")
            })?;
            resolved.record = Some(record);
            let (who, now) = moment(step);
            (_, record) = advance(
                self.writer,
                &resolved,
                &numbered(&step.data, &opened.no),
                &Moment {
                    who: &who,
                    now,
                    rules: self.rules,
                },
                How {
                    depth,
                    project: false,
                    from,
                },
            )?;
        }
        if !rest.is_empty() {
            self.finish(&opened.no, record, steps.len())?;
        }
        Ok(Some(opened.no))
    }

    /// Writes the rows of a record that has had all its steps. When what a step brought about by itself wrote to the
    /// same record too (a link back), the entries tell how it stands.
    pub(super) fn finish(&self, no: &str, mut record: AnyRecord, steps: usize) -> Result<()> {
        let Some(register) = register_of(no) else {
            return Ok(());
        };
        let entries = self.writer.entries_of(no)?;
        if entries.len() != steps {
            let replayed = entries.iter().try_fold(None, |record, row| {
                register.apply(record, &Entry::read(&row.line)?).map(Some)
            });
            if let Ok(Some(replayed)) = replayed {
                record = replayed;
            }
        }
        if let Some(projected) = projected(&record, register.spec().code, self.rules) {
            self.writer.project(&projected)?;
        }
        Ok(())
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
        *value = fill(value, no);
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
    pub fn bulk<T>(&mut self, work: impl FnOnce(&Bulk<'_>) -> Result<T>) -> Result<T> {
        self.writable()?;
        let rules = self.rules();
        self.store.write(|writer| {
            work(&Bulk {
                writer,
                rules: &rules,
            })
        })
    }

    /// Runs `work` as [`Desk::bulk`] does, and takes everything back.
    ///
    /// # Errors
    /// What `work` gives; [`super::Error::File`] when the file cannot be written.
    pub fn rehearse<T>(&mut self, work: impl FnOnce(&Bulk<'_>) -> Result<T>) -> Result<T> {
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
        let rules = self.rules();
        let run = |writer: &Writer<'_>| -> std::result::Result<Infallible, Back<T>> {
            let done = work(&Bulk {
                writer,
                rules: &rules,
            });
            Err(done.map_or_else(Back::Failed, Back::Done))
        };
        match self.store.write(run) {
            Ok(never) => match never {},
            Err(Back::Done(done)) => Ok(done),
            Err(Back::Failed(error)) => Err(error),
        }
    }
}
