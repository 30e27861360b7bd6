//! Proving the file: SQLite's own check, the hash chain, every projection against a replay of the journal.

use std::ops::ControlFlow;

use super::lookup::{evaluate, logged};
use super::prove::Given;
use super::rows::Stands;
use super::{Desk, Result, prove, rows};
use crate::base::hash::Hash;
use crate::base::i18n::Msg;
use crate::base::progress::Progress;
use crate::record::entry::Entry;
use crate::record::timeline::{Logged, Timeline};
use crate::registers::register_of;
use crate::rules::in_force::InForce;
use crate::store::{Store, Writer};

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
            integrity(&self.store, &mut audit)?;
            for name in self.store.reshaped()? {
                audit.find(Msg::new("audit.reshaped").with("name", name));
            }
            let _ = chain(&self.store, &mut audit, &mut watch)?;
            let _ = prove::rows(&self.store, &self.in_force, &mut audit, &mut watch)?;
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
            Ok(writer.sweep(&given.all_series(), &given.all_imported())?)
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
    let evaluated = evaluate(register, &timeline, rules, writer)?;
    rows::write(writer, register, &evaluated, rules, Stands::Doubtful)
}

/// What SQLite itself finds wrong.
pub(super) fn integrity(store: &Store, audit: &mut Audit) -> Result<()> {
    for line in store.integrity()? {
        audit.find(Msg::new("audit.sqlite").with("what", line));
    }
    Ok(())
}

/// The hash chain, entry by entry; [`ControlFlow::Break`] when it was stopped.
pub(super) fn chain(store: &Store, audit: &mut Audit, watch: Watch<'_>) -> Result<ControlFlow<()>> {
    let all = u64::try_from(store.chain_head()?.seq).ok();
    let mut hash = Hash::GENESIS;
    let mut expected = 1;
    let mut wanted = ControlFlow::Continue(());
    store.each_entry(|row| {
        if row.seq != expected {
            audit.find(
                Msg::new("audit.gap")
                    .with("seq", expected)
                    .with("found", row.seq),
            );
        }
        expected = row.seq + 1;
        let computed = hash.next(&row.line);
        if computed != row.hash {
            audit.find(
                Msg::new("audit.hash")
                    .with("seq", row.seq)
                    .with("no", row.no.as_str()),
            );
        }
        // Going on from the stored hash names the one entry that differs, not all after it.
        hash = row.hash;
        match Entry::read(&row.line) {
            Ok(entry) if entry.no == row.no => {}
            Ok(entry) => audit.find(
                Msg::new("audit.number")
                    .with("seq", row.seq)
                    .with("no", row.no.as_str())
                    .with("entry", entry.no),
            ),
            Err(why) => audit.find(
                Msg::new("audit.unreadable")
                    .with("seq", row.seq)
                    .with("why", why.message()),
            ),
        }
        audit.entries += 1;
        if row.seq % 4096 == 0 {
            let done = u64::try_from(row.seq).unwrap_or(0);
            wanted = watch(Progress { done, all });
        }
        wanted.is_continue()
    })?;
    audit.head = hash.hex();
    Ok(wanted)
}

/// What is wrong with an entry, in words.
pub(super) fn reason(error: &super::Error) -> Msg {
    match error {
        super::Error::Refused(refusal) => refusal.message.clone(),
        super::Error::File(trouble) => trouble.reason.clone(),
    }
}
