//! Sealed months: what the duty log says of them, the one entry that seals one, and what is filed with it.

use std::ops::ControlFlow;

use serde_json::{Map, Value};

use super::act::{How, Moment, Resolved, carry_out};
use super::view::{HistoryItem, RecordView};
use super::{Desk, Result};
use crate::base::hash::Hash;
use crate::base::i18n::{Msg, Voice};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::{Instant, Month};
use crate::record::entry::Entry;
use crate::record::head::AnyRecord;
use crate::record::request::Operator;
use crate::record::timeline::ABOUT_ENTRIES;
use crate::registers::register;
use crate::rules::deadline::{Deadline, Outcome};
use crate::rules::ruleset::Rules;

/// A sealed month, as its line in the duty log tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The line's number.
    pub no: String,
    /// The month.
    pub month: Month,
    /// Sequence number of the last entry that its archive knows.
    pub upto: i64,
    /// Hash of that entry, hexadecimal.
    pub head: String,
    /// SHA-256 of its manifest, hexadecimal.
    pub manifest: String,
    /// When it was sealed; states in the archive are as of this instant.
    pub at: Instant,
    /// Who sealed it.
    pub by: String,
    /// Why it was sealed although something was missing.
    pub reason: Option<String>,
    /// Which papers were put in.
    pub papers: Option<String>,
}

impl Seal {
    fn read(record: &AnyRecord) -> Option<Self> {
        let text = |key: &str| record.body.get(key)?.as_str().map(str::to_owned);
        Some(Self {
            no: record.head.no.clone(),
            month: Month::parse(&text("month")?)?,
            upto: record.body.get("upto")?.as_i64()?,
            head: text("head")?,
            manifest: text("manifest")?,
            at: record.head.opened,
            by: record.head.by.clone(),
            reason: text("reason"),
            papers: text("papers"),
        })
    }
}

/// What a seal is to say.
#[derive(Clone, Debug)]
pub struct Sealing {
    /// The month.
    pub month: Month,
    /// Last entry that the archive knows.
    pub upto: i64,
    /// Hash of that entry.
    pub head: Hash,
    /// SHA-256 of the manifest.
    pub manifest: String,
    /// Records in the archive.
    pub records: u64,
    /// Entries in its stretch of the journal.
    pub entries: u64,
    /// Why, although something was missing.
    pub reason: Option<String>,
    /// Which papers were put in.
    pub papers: &'static str,
}

impl Desk {
    /// The sealed months in the order in which they were sealed.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn seals(&self) -> Result<Vec<Seal>> {
        let seals = self.store.seals()?;
        Ok(seals.iter().filter_map(Seal::read).collect())
    }

    /// What the journal says of sealed months: (month, SHA-256 of its manifest).
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn seals_told(&self) -> Result<Vec<(String, String)>> {
        let mut told = Vec::new();
        self.store.each_entry(|line| {
            if line.text.contains("\"action\":\"seal\"")
                && let Ok(entry) = Entry::read(line.text)
            {
                let text = |key: &str| entry.data.get(key)?.as_str().map(str::to_owned);
                told.extend(text("month").zip(text("manifest")));
            }
            true
        })?;
        Ok(told)
    }

    /// Appends the seal of a month whose archive is complete. Answers `false`, with nothing written, when the month was
    /// written to since the archive was begun: it must then be made anew.
    ///
    /// # Errors
    /// `duplicate` when the month is sealed already, [`Error::File`] when the file cannot be written.
    pub fn seal(&mut self, sealing: &Sealing, who: &Operator, now: Instant) -> Result<bool> {
        let month = sealing.month;
        self.write(now, |writer, rules| -> Result<bool> {
            let zone = rules.newest().zone();
            if writer.sealed(&month.to_string())? {
                let message = Msg::new("archive.sealed_already").with("month", month.to_string());
                return Err(Refusal::new(RefusalCode::Duplicate, message).into());
            }
            let mut touched = false;
            writer.since(sealing.upto, |row| -> Result<ControlFlow<()>> {
                let Ok(entry) = Entry::read(&row.line) else {
                    return Ok(ControlFlow::Continue(()));
                };
                let of = writer.record(&entry.no)?.map(|record| record.head.received);
                touched = [Some(entry.at), Some(entry.received), of]
                    .into_iter()
                    .flatten()
                    .any(|at| zone.month(at) == month);
                Ok(match touched {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                })
            })?;
            if touched {
                return Ok(false);
            }
            let (Some(register), Some(spec)) = (
                register("log"),
                register("log").and_then(|log| log.action("seal")),
            ) else {
                return Ok(false);
            };
            let mut resolved = Resolved {
                register,
                spec,
                entries: Vec::new(),
            };
            let data = seal_data(sealing, rules.newest());
            let moment = Moment { who, now, rules };
            carry_out(writer, &mut resolved, &data, &moment, &How::ASKED)?;
            Ok(true)
        })
    }
}

fn seal_data(sealing: &Sealing, rules: &Rules) -> Map<String, Value> {
    let voice = Voice {
        zone: rules.zone(),
        ..Voice::default()
    };
    let text = Msg::new("archive.log")
        .with("month", sealing.month.to_string())
        .with("records", sealing.records as i64)
        .with("upto", sealing.upto)
        .with("manifest", sealing.manifest.get(..16).unwrap_or_default());
    let mut data = Map::from_iter([
        ("text".to_owned(), Value::from(voice.say(&text))),
        ("month".to_owned(), sealing.month.to_string().into()),
        ("upto".to_owned(), sealing.upto.into()),
        ("head".to_owned(), sealing.head.hex().into()),
        ("manifest".to_owned(), sealing.manifest.as_str().into()),
        ("records".to_owned(), sealing.records.into()),
        ("entries".to_owned(), sealing.entries.into()),
        ("papers".to_owned(), sealing.papers.into()),
    ]);
    if let Some(reason) = &sealing.reason {
        data.insert("reason".to_owned(), reason.as_str().into());
    }
    data
}

/// What is owed to be filed with the month's archive (S5.4.3.8) was filed then.
pub fn file(deadlines: &mut [Deadline], at: Instant) {
    let owed = |d: &&mut Deadline| d.pending() && d.silent && d.code == "file";
    for duty in deadlines.iter_mut().filter(owed) {
        duty.outcome = Outcome::Done(at);
    }
}

/// The place of the entry that closed a record at this instant, as it stands.
pub(super) fn ending(history: &[HistoryItem], closed: Instant) -> Option<i64> {
    let fact = |item: &&HistoryItem| {
        let about = ABOUT_ENTRIES.contains(&item.entry.action.as_str());
        item.fate.struck_by.is_none() && !about
    };
    let mut facts = history.iter().filter(fact);
    let ending = facts.rfind(|item| item.stands().at == closed);
    ending.map(|item| item.seq)
}

impl Desk {
    /// A closed record is filed by the first archive, of its month or a later one, that knows its end.
    pub(super) fn filed(&self, view: &mut RecordView) -> Result<()> {
        let owed = |d: &Deadline| d.pending() && d.silent && d.code == "file";
        let Some(closed) = view
            .record
            .head
            .closed
            .filter(|_| view.deadlines.iter().any(owed))
        else {
            return Ok(());
        };
        let end = ending(&view.history, closed).unwrap_or(i64::MAX);
        let month = self.rules.zone().month(view.record.head.received);
        let seals = self.seals()?;
        let seal = seals
            .iter()
            .find(|seal| seal.upto >= end && seal.month >= month);
        if let Some(seal) = seal {
            file(&mut view.deadlines, seal.at);
        }
        Ok(())
    }
}
