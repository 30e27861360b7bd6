//! Proving the file: SQLite's own check, the hash chain, every projection against a replay of the journal.

use std::ops::ControlFlow;

use super::lookup::{acted, logged};
use super::prove::Given;
use super::rows::Stands;
use super::{Desk, Result, prove, rows};
use crate::base::i18n::Msg;
use crate::base::progress::Progress;
use crate::record::timeline::{Logged, Timeline};
use crate::registers::register_of;
use crate::rules::in_force::InForce;
use crate::store::Writer;
use crate::store::keys::ClockWatch;

/// What an audit found.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Entries of the journal.
    pub entries: i64,
    /// Records.
    pub records: u64,
    /// Hash of the last entry.
    pub head: String,
    /// What is wrong; empty when everything proves.
    pub findings: Vec<Msg>,
    /// Whether the projections were rebuilt.
    pub rebuilt: bool,
}

/// Findings that are told one by one; more are counted.
const FINDINGS: usize = 50;

impl Audit {
    pub(super) fn find(&mut self, finding: Msg) {
        if self.findings.len() < FINDINGS {
            self.findings.push(finding);
        }
    }
}

/// Told how far a proof is; answers whether it is still wanted.
pub type Watch<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

impl Desk {
    /// Proves the file. `progress` is told (done, all) entries now and then.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read at all.
    pub fn audit(&self, mut progress: impl FnMut(u64, u64)) -> Result<Audit> {
        let mut watch = |told: Progress| {
            progress(told.done, told.all.unwrap_or(told.done));
            ControlFlow::Continue(())
        };
        // Others may save meanwhile.
        self.store.steady(|| {
            let mut audit = Audit::default();
            for name in self.store.reshaped()? {
                audit.find(Msg::new("audit.reshaped").with("name", name));
            }
            if let Some(proved) = prove::file(&self.store, Some(&self.in_force), &mut watch)? {
                audit.entries = proved.entries;
                audit.records = proved.records;
                audit.head = proved.head.hex();
                let found = proved.damage.into_iter().chain(proved.stale);
                found.for_each(|finding| audit.find(finding));
            }
            Ok(audit)
        })
    }

    /// Makes every row anew from the journal, some records at a time, so that others can go on reading and writing
    /// meanwhile. A record with a damaged entry is left out; the proof tells of it.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read or written; records made anew before that stay so, the rest
    /// stays as it was.
    pub fn rebuild(&mut self, mut progress: impl FnMut(u64, u64)) -> Result<u64> {
        let head = self.store.chain_head()?.seq;
        let cleared = self.store.write(|writer| -> Result<()> {
            // Rows of an earlier version stand at other places: then everything is made from nothing.
            if !writer.in_place()? {
                writer.clear_rows()?;
            }
            Ok(())
        });
        cleared.map_err(|e| self.named(e))?;
        let numbers = self.store.numbers()?;
        let all = numbers.len() as u64;
        let rules = self.in_force.clone();
        let mut given = Given::default();
        for (index, batch) in numbers.chunks(BATCH).enumerate() {
            progress((index * BATCH) as u64, all);
            let renewed = self.store.write(|writer| -> Result<()> {
                let mut each = batch.iter();
                each.try_for_each(|no| renew(writer, no, &rules, &mut given))
            });
            renewed.map_err(|e| self.named(e))?;
        }
        self.sweep(head, given)?;
        Ok(all)
    }

    /// Ends a rebuild. What others have written after entry `head` may have been made while rows were missing, and is
    /// made anew too; their numbers go on from ours.
    pub(super) fn sweep(&mut self, head: i64, mut given: Given) -> Result<()> {
        let rules = self.in_force.clone();
        let swept = self.store.write(|writer| -> Result<()> {
            for no in writer.numbers_since(head)? {
                renew(writer, &no, &rules, &mut given)?;
            }
            let mut clock = ClockWatch::default();
            let mut back = Vec::new();
            writer.since(0, |row| -> Result<ControlFlow<()>> {
                back.extend(clock.next(row.seq, &row.line));
                Ok(ControlFlow::Continue(()))
            })?;
            given.keyed(back);
            let (series, imported, keys) =
                (given.all_series(), given.all_imported(), given.all_keys());
            Ok(writer.sweep(&series, &imported, &keys)?)
        });
        swept.map_err(|e| self.named(e))
    }
}

/// Records made anew in one transaction: some hundredths of a second.
const BATCH: usize = 200;

/// Makes the rows of a record anew and takes in what its entries were given; leaves out one with a damaged entry.
fn renew(writer: &Writer<'_>, no: &str, rules: &InForce, given: &mut Given) -> Result<()> {
    // Its number stays given even when nothing else can be read.
    given.number(no);
    rows::unless_damaged(logged(no, writer).and_then(|entries| {
        given.by(no, &entries);
        renew_rows(writer, no, entries, rules)
    }))
}

fn renew_rows(writer: &Writer<'_>, no: &str, entries: Vec<Logged>, rules: &InForce) -> Result<()> {
    let Some(register) = register_of(no) else {
        return Ok(());
    };
    for Logged { entry, .. } in &entries {
        if let Some(spec) = register.action(&entry.action) {
            writer.learn(spec.fields, &entry.data, entry.entered)?;
        }
    }
    let timeline = Timeline::of(entries);
    let acted = acted(register, &timeline, rules, writer)?;
    rows::write(writer, register, acted, rules, Stands::Doubtful)
}
