//! Proving the file: SQLite's own check, the hash chain, every projection against a replay of the journal.

use std::ops::ControlFlow;

use super::{Desk, Result, projected};
use crate::base::hash::Hash;
use crate::base::i18n::Msg;
use crate::base::progress::Progress;
use crate::record::entry::Entry;
use crate::record::head::AnyRecord;
use crate::registers::register_of;
use crate::store::{FileTrouble, Store};

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
    fn find(&mut self, finding: Msg) {
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
        let mut audit = Audit::default();
        integrity(&self.store, &mut audit)?;
        let _ = chain(&self.store, &mut audit, &mut watch)?;
        let _ = projections(&self.store, &mut audit, &mut watch)?;
        Ok(audit)
    }

    /// Rebuilds every projection from the journal, in one transaction.
    ///
    /// # Errors
    /// [`super::Error::File`] when an entry is damaged or the file cannot be written; then everything stays as it was.
    pub fn rebuild(&mut self, mut progress: impl FnMut(u64, u64)) -> Result<u64> {
        let numbers: Vec<String> = self
            .store
            .numbers()?
            .into_iter()
            .filter(|no| register_of(no).is_some())
            .collect();
        let all = numbers.len() as u64;
        let rules = self.rules();
        let path = self.path().to_owned();
        self.store.write(|writer| {
            writer.clear_projections()?;
            for (index, no) in numbers.iter().enumerate() {
                let fail = |why: String| FileTrouble {
                    path: path.clone(),
                    reason: Msg::new("audit.replay")
                        .with("no", no.as_str())
                        .with("why", why),
                };
                let Some(register) = register_of(no) else {
                    continue;
                };
                let mut record = None;
                for row in writer.entries_of(no)? {
                    let entry = Entry::read(&row.line).map_err(fail)?;
                    writer.note_import(&entry)?;
                    if let Some(spec) = register.action(&entry.action) {
                        writer.learn(spec.fields, &entry.data, entry.entered)?;
                    }
                    record = Some(register.apply(record, &entry).map_err(fail)?);
                }
                if let Some(projected) = record
                    .as_ref()
                    .and_then(|record| projected(record, register.spec().code, &rules))
                {
                    writer.project(&projected)?;
                }
                if index % 1024 == 0 {
                    progress(index as u64, all);
                }
            }
            Ok(all)
        })
    }
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
                    .with("why", why),
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

/// Every projection against a replay; [`ControlFlow::Break`] when it was stopped.
pub(super) fn projections(
    store: &Store,
    audit: &mut Audit,
    watch: Watch<'_>,
) -> Result<ControlFlow<()>> {
    let numbers: Vec<String> = store
        .numbers()?
        .into_iter()
        .filter(|no| register_of(no).is_some())
        .collect();
    let all = numbers.len() as u64;
    for (index, no) in numbers.iter().enumerate() {
        match (replayed(store, no), store.record(no)) {
            (Ok(replayed), Ok(Some(stored))) if same(&replayed, &stored) => audit.records += 1,
            (Ok(_), Ok(Some(_))) => audit.find(Msg::new("audit.differs").with("no", no.as_str())),
            (Ok(_), Ok(None)) => audit.find(Msg::new("audit.missing").with("no", no.as_str())),
            (Ok(_), Err(_)) => audit.find(Msg::new("audit.record").with("no", no.as_str())),
            (Err(why), _) => audit.find(
                Msg::new("audit.replay")
                    .with("no", no.as_str())
                    .with("why", why),
            ),
        }
        let told = Progress {
            done: index as u64,
            all: Some(all),
        };
        if index % 1024 == 0 && watch(told).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    let stored = store.records()?;
    if stored != all {
        audit.find(
            Msg::new("audit.count")
                .with("stored", stored as i64)
                .with("replayed", all as i64),
        );
    }
    Ok(ControlFlow::Continue(()))
}

/// The record as its entries make it.
fn replayed(store: &Store, no: &str) -> std::result::Result<AnyRecord, String> {
    let register = register_of(no).ok_or("register")?;
    let mut record = None;
    let rows = store.entries_of(no).map_err(|trouble| trouble.reason.key)?;
    for row in rows {
        record = Some(register.apply(record, &Entry::read(&row.line)?)?);
    }
    record.ok_or_else(|| "no entries".to_owned())
}

fn same(a: &AnyRecord, b: &AnyRecord) -> bool {
    // Through JSON, so that the order of keys does not count.
    matches!((serde_json::to_value(a), serde_json::to_value(b)), (Ok(a), Ok(b)) if a == b)
}
