//! Carrying a plan out: rows into steps, steps through the desk's own checks, batch by batch. What is refused goes to a
//! file with the reason, the rest is kept; a row that is there already adds nothing.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::item::{Fate, Item, Line};
use super::own::{self, Own};
use super::plan::{Form, Plan};
use super::raw::Raw;
use super::refused::{Refused, added};
use super::row::Rows;
use super::sheet::{self, unreadable};
use super::value::Reading;
use crate::base::i18n::{Msg, Voice};
use crate::base::progress::Progress;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::desk::bulk::Bulk;
use crate::desk::{Desk, Error, Result};
use crate::record::entry::Origin;
use crate::record::request::Operator;
use crate::rules::ruleset::Rules;

/// Rows taken in one transaction.
const BATCH: usize = 500;
/// Refusals and known rows that are told one by one; more are counted.
const TOLD: usize = 20;

/// Whether it is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Kept.
    Keep,
    /// Only tried: every check, nothing written.
    Try,
}

/// A row that was there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Already {
    /// Its line.
    pub line: u64,
    /// The record it is.
    pub no: String,
}

/// How an import went.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Rows with anything in them: records, where the file is one of ours.
    pub rows: u64,
    /// Records that were made.
    pub kept: u64,
    /// Rows that were there already.
    pub already: u64,
    /// Rows that were refused.
    pub refused: u64,
    /// The first and the last number given.
    pub numbers: Option<(String, String)>,
    /// The first of the rows that were there already.
    pub known: Vec<Already>,
    /// The first of the refusals: line and reason in words.
    pub reasons: Vec<(u64, String)>,
    /// Where the refused rows are.
    pub refused_file: Option<PathBuf>,
    /// Whether it was stopped before the end.
    pub cancelled: bool,
    /// What broke it off; what was kept before is in the file, and the same import goes on from there.
    pub broken: Option<Error>,
}

/// Carries a plan out. `progress` is told how many rows are done and says whether to go on; it is heard between
/// batches, so that nothing is left half.
///
/// # Errors
/// [`Error::Refused`] when something must still be said ([`Plan::asks`]); [`Error::File`] when the file to be imported
/// cannot be read. What breaks it off later is told by [`Outcome::broken`].
pub fn run(
    desk: &mut Desk,
    plan: &Plan,
    who: &Operator,
    now: Instant,
    way: Way,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Outcome> {
    if let Some(ask) = plan.asks.first() {
        let message = Msg::new("import.must_say")
            .with("label", ask.label.as_str())
            .with("key", ask.key.as_str());
        return Err(Refusal::new(RefusalCode::MissingField, message)
            .field(&ask.key)
            .into());
    }
    let rules = desk.rules();
    let (file, all) = identify(plan)?;
    let job = Job {
        plan,
        rules: &rules,
        rows: Rows::new(plan, &rules, who, now),
        file,
        now,
        way,
    };
    let mut tally = Tally {
        all,
        voice: plan.voice,
        outcome: Outcome::default(),
        refused: Refused::new(&plan.path, &plan.kind, labels(plan), plan.voice, now),
        progress,
    };
    let read = match &plan.form {
        Form::Foreign | Form::Flat => job.foreign(desk, &mut tally),
        Form::History(sheet) => job.history(desk, &mut tally, sheet),
        Form::Documents => job.documents(desk, &mut tally),
    };
    let mut outcome = tally.outcome;
    if let Err(error) = read {
        outcome.broken.get_or_insert(error);
    }
    match tally.refused.finish() {
        Ok(path) => outcome.refused_file = path,
        Err(e) => {
            outcome.broken.get_or_insert(unreadable(&plan.path, e));
        }
    }
    Ok(outcome)
}

/// The columns that a file of refused rows repeats.
fn labels(plan: &Plan) -> Vec<String> {
    let columns = plan.columns.iter().map(|column| column.label.clone());
    columns.filter(|label| !added(label)).collect()
}

/// The beginning of the file's SHA-256, and how many lines a text has.
fn identify(plan: &Plan) -> Result<(String, Option<u64>)> {
    let mut file = File::open(&plan.path).map_err(|e| unreadable(&plan.path, e))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut lines = 0_u64;
    loop {
        let n = file
            .read(&mut buffer)
            .map_err(|e| unreadable(&plan.path, e))?;
        let Some(piece) = buffer.get(..n).filter(|piece| !piece.is_empty()) else {
            break;
        };
        hasher.update(piece);
        lines += piece.iter().filter(|byte| **byte == b'\n').count() as u64;
    }
    let text = !matches!(plan.kind, sheet::Kind::Book(_));
    Ok((hex(&hasher.finalize(), 8), text.then_some(lines)))
}

pub(super) fn hex(bytes: &[u8], count: usize) -> String {
    bytes
        .iter()
        .take(count)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What does not change while rows go in.
pub(super) struct Job<'a> {
    pub(super) plan: &'a Plan,
    rules: &'a Rules,
    pub(super) rows: Rows<'a>,
    file: String,
    pub(super) now: Instant,
    way: Way,
}

/// What is counted and told.
struct Tally<'a> {
    all: Option<u64>,
    voice: Voice,
    outcome: Outcome,
    refused: Refused,
    progress: &'a mut dyn FnMut(Progress) -> ControlFlow<()>,
}

impl Job<'_> {
    /// Takes a batch in one transaction; what it gives is counted when the batch is in.
    fn batch<T: Item>(
        &self,
        desk: &mut Desk,
        tally: &mut Tally<'_>,
        batch: &mut Vec<T>,
    ) -> ControlFlow<()> {
        let batch = std::mem::take(batch);
        let work = |bulk: &Bulk<'_>| -> Result<Vec<Fate>> {
            batch.iter().map(|item| item.take(self, bulk)).collect()
        };
        let fates = match self.way {
            Way::Keep => desk.bulk(self.now, work),
            Way::Try => desk.rehearse(self.now, work),
        };
        let fates = match fates {
            Ok(fates) => fates,
            Err(error) => {
                tally.outcome.broken = Some(error);
                return ControlFlow::Break(());
            }
        };
        for (item, fate) in batch.iter().zip(fates) {
            let (line, rows) = item.rows();
            if let Err(e) = tally.count(line, rows, fate, self.way) {
                tally.outcome.broken = Some(unreadable(&self.plan.path, e));
                return ControlFlow::Break(());
            }
        }
        let went = (tally.progress)(Progress {
            done: tally.outcome.rows,
            all: tally.all,
        });
        tally.outcome.cancelled = went.is_break();
        went
    }

    fn foreign(&self, desk: &mut Desk, tally: &mut Tally<'_>) -> Result<()> {
        let last = self.plan.header.last().copied().unwrap_or(0);
        let added: Vec<usize> = self
            .plan
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| added(&column.label))
            .map(|(index, _)| index)
            .collect();
        let mut batch: Vec<Line> = Vec::new();
        sheet::each(&self.plan.path, &self.plan.kind, &mut |(
            line,
            mut cells,
        )| {
            if line <= last {
                return ControlFlow::Continue(());
            }
            for index in added.iter().rev() {
                if *index < cells.len() {
                    cells.remove(*index);
                    cells.insert(*index, Raw::Empty);
                }
            }
            if cells.iter().all(Raw::is_empty) {
                return ControlFlow::Continue(());
            }
            let cells = [cells];
            self.gather(desk, tally, &mut batch, Line { line, cells })
        })?;
        self.rest(desk, tally, batch);
        Ok(())
    }

    /// One more; a full batch is put in.
    fn gather<T: Item>(
        &self,
        desk: &mut Desk,
        tally: &mut Tally<'_>,
        batch: &mut Vec<T>,
        item: T,
    ) -> ControlFlow<()> {
        batch.push(item);
        match batch.len() < BATCH {
            true => ControlFlow::Continue(()),
            false => self.batch(desk, tally, batch),
        }
    }

    fn rest<T: Item>(&self, desk: &mut Desk, tally: &mut Tally<'_>, mut batch: Vec<T>) {
        let stopped = tally.outcome.cancelled || tally.outcome.broken.is_some();
        if !stopped && !batch.is_empty() {
            // The last batch is in; there is nothing left to stop.
            let _ = self.batch(desk, tally, &mut batch);
            tally.outcome.cancelled = false;
        }
    }

    fn history(&self, desk: &mut Desk, tally: &mut Tally<'_>, sheet: &str) -> Result<()> {
        let reading = Reading {
            zone: self.rules.zone(),
            rules: self.rules,
            year: None,
        };
        let mut batch: Vec<Own> = Vec::new();
        tally.refused.relabel(own::labels(&self.plan.path, sheet)?);
        own::each_of_history(self.plan, sheet, reading, &mut |own| {
            self.gather(desk, tally, &mut batch, own)
        })?;
        self.rest(desk, tally, batch);
        Ok(())
    }

    fn documents(&self, desk: &mut Desk, tally: &mut Tally<'_>) -> Result<()> {
        let mut batch: Vec<Own> = Vec::new();
        own::each_document(self.plan, &mut |own| {
            self.gather(desk, tally, &mut batch, own)
        })?;
        self.rest(desk, tally, batch);
        Ok(())
    }

    pub(super) fn source(&self, row: String, imported: Option<Instant>) -> Origin {
        Origin {
            file: self.file.clone(),
            row,
            imported,
        }
    }
}

impl Tally<'_> {
    fn count(&mut self, line: u64, rows: &[Vec<Raw>], fate: Fate, way: Way) -> std::io::Result<()> {
        let outcome = &mut self.outcome;
        outcome.rows += 1;
        match fate {
            Fate::Kept(no) => {
                outcome.kept += 1;
                let first = outcome.numbers.take().map(|(first, _)| first);
                outcome.numbers = Some((first.unwrap_or_else(|| no.clone()), no));
            }
            Fate::Already(no) => {
                outcome.already += 1;
                if outcome.known.len() < TOLD {
                    outcome.known.push(Already { line, no });
                }
            }
            Fate::Refused(refusal) => {
                outcome.refused += 1;
                let reason = Error::from(refusal).message(&self.voice);
                if way == Way::Keep {
                    for (index, cells) in (0..).zip(rows) {
                        let why = if index == 0 { reason.as_str() } else { "" };
                        self.refused.add(line + index, cells, why)?;
                    }
                }
                if outcome.reasons.len() < TOLD {
                    outcome.reasons.push((line, reason));
                }
            }
        }
        Ok(())
    }
}
