//! One row, or one record of ours: whether it is there already, and how it goes in.

use sha2::{Digest, Sha256};

use super::own::{Own, same_history};
use super::plan::Plan;
use super::raw::Raw;
use super::row::Built;
use super::run::{Job, hex};
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::desk::bulk::Bulk;
use crate::desk::{Error, Result};
use crate::record::entry::Entry;

/// What became of a row.
pub(super) enum Fate {
    Kept(String),
    Already(String),
    Refused(Refusal),
}

/// A record's rows in the file, and what they say.
pub(super) trait Item {
    /// What becomes of it.
    fn take(&self, job: &Job<'_>, bulk: &Bulk<'_>) -> Result<Fate>;
    /// Its line, and its rows as they were.
    fn rows(&self) -> (u64, &[Vec<Raw>]);
}

/// A row of a foreign register, or of our flat table.
pub(super) struct Line {
    pub(super) line: u64,
    pub(super) cells: [Vec<Raw>; 1],
}

impl Line {
    /// The row's fingerprint: the names and values of what is filled.
    fn fingerprint(&self, plan: &Plan) -> String {
        let mut hasher = Sha256::new();
        hasher.update(plan.register.spec().code);
        let cells = self.cells.iter().flatten();
        for (column, cell) in plan.columns.iter().zip(cells) {
            if !cell.is_empty() {
                hasher.update(column.label.as_bytes());
                hasher.update([0]);
                hasher.update(cell.words().as_bytes());
                hasher.update([0]);
            }
        }
        hex(&hasher.finalize(), 16)
    }
}

impl Item for Line {
    fn rows(&self) -> (u64, &[Vec<Raw>]) {
        (self.line, &self.cells)
    }

    fn take(&self, job: &Job<'_>, bulk: &Bulk<'_>) -> Result<Fate> {
        let row = self.fingerprint(job.plan);
        if let Some(no) = bulk.row_taken(&row)? {
            return Ok(Fate::Already(no));
        }
        let cells = self.cells.iter().flatten().cloned().collect::<Vec<_>>();
        let Built { no, paper, steps } = match job.rows.build(&cells) {
            Ok(built) => built,
            Err(refusal) => return Ok(Fate::Refused(refusal)),
        };
        let code = job.plan.register.spec().code;
        let no = no.filter(|_| job.rows.keeps_numbers());
        let known = match (&no, &paper) {
            (Some(no), _) => bulk.find(no)?.map(|record| record.head.no),
            (None, Some(paper)) => bulk.paper(code, paper)?,
            (None, None) => None,
        };
        if let Some(known) = known {
            let same = job.rows.same_life(&bulk.entries(&known)?, &steps);
            return Ok(if same {
                Fate::Already(known)
            } else {
                let message = Msg::new("import.differs")
                    .with("no", known)
                    .with("paper", no.or(paper).unwrap_or_default());
                let field = if job.rows.keeps_numbers() {
                    "no"
                } else {
                    "paper_no"
                };
                Fate::Refused(Refusal::new(RefusalCode::Duplicate, message).field(field))
            });
        }
        fate(bulk.imported(code, &steps, no.as_deref(), &job.source(row, None)))
    }
}

/// A refusal is told with its row; a file that cannot be written ends the batch.
fn fate(taken: Result<Option<String>>) -> Result<Fate> {
    match taken {
        Ok(no) => Ok(Fate::Kept(no.unwrap_or_default())),
        Err(Error::Refused(refusal)) => Ok(Fate::Refused(*refusal)),
        Err(error @ Error::File(_)) => Err(error),
    }
}

impl Item for Own {
    fn rows(&self) -> (u64, &[Vec<Raw>]) {
        (self.line, &self.rows)
    }

    fn take(&self, job: &Job<'_>, bulk: &Bulk<'_>) -> Result<Fate> {
        let entries = match &self.entries {
            Ok(entries) => entries,
            Err(refusal) => return Ok(Fate::Refused(refusal.clone())),
        };
        if bulk.find(&self.no)?.is_some() {
            return Ok(if same_history(&bulk.entries(&self.no)?, entries) {
                Fate::Already(self.no.clone())
            } else {
                let message = Msg::new("import.differs")
                    .with("no", self.no.as_str())
                    .with("paper", self.no.as_str());
                Fate::Refused(Refusal::new(RefusalCode::Duplicate, message).field("no"))
            });
        }
        let source = job.source(fingerprint(entries), Some(job.now));
        let code = job.plan.register.spec().code;
        let taken = bulk.restore(code, entries, &source);
        fate(taken.map(|()| Some(self.no.clone())))
    }
}

/// The fingerprint of a whole record.
fn fingerprint(entries: &[Entry]) -> String {
    let mut hasher = Sha256::new();
    for line in entries.iter().filter_map(|entry| entry.line().ok()) {
        hasher.update(line.as_bytes());
        hasher.update([0]);
    }
    hex(&hasher.finalize(), 16)
}
