//! The way back: a proved copy takes the file's place, and what stood there is kept under another name.
//!
//! The order makes every moment safe: the copy is proved; the file is taken for ourselves, so that nobody can write
//! what the safety copy would miss; the safety copy is made and proved; the new file is written beside it, whole and
//! proved; one rename. Killed anywhere, one of the two whole files stands in the place.

use std::path::{Path, PathBuf};

use super::prove::{Proof, prove};
use super::{keep, settle, trouble};
use crate::base::hash::Hash;
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::desk::audit::Watch;
use crate::desk::{Desk, Error, Result};
use crate::rules::ruleset::Rules;
use crate::store::backup::in_use;
use crate::store::untouched::beside;
use crate::store::{FileTrouble, Mode, Store, Stored, io_trouble};

/// Record numbers that are told; more are counted.
pub const NUMBERS: usize = 20;

/// Where the restored file remembers what happened.
const MEMO: &str = "restored";

/// Entries that one file has and another lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beyond {
    /// How many.
    pub entries: i64,
    /// Of how many records.
    pub records: i64,
    /// The first of their numbers, [`NUMBERS`] at most.
    pub numbers: Vec<String>,
}

/// What stands in the place now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Present {
    /// No file.
    Nothing,
    /// A file that proves.
    Whole {
        /// What it holds.
        proof: Proof,
        /// Entries that it shares with the copy, from the first on.
        common: i64,
        /// What it has and the copy lacks.
        lost: Beyond,
        /// What the copy has and it lacks.
        gained: Beyond,
    },
    /// A file that cannot be read or does not prove.
    Damaged(FileTrouble),
}

/// What a restore would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What the copy holds.
    pub copy: Proof,
    /// What stands in its place.
    pub present: Present,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What the file holds now.
    pub proof: Proof,
    /// Where the former file is; none when there was none.
    pub former: Option<PathBuf>,
}

/// A restore: which copy, into which place.
#[derive(Clone, Copy)]
pub struct Restore<'a> {
    /// The copy.
    pub copy: &'a Path,
    /// The place of the file.
    pub to: &'a Path,
    /// The rules that the restored file is worked by.
    pub rules: &'a Rules,
    /// When.
    pub now: Instant,
}

impl Restore<'_> {
    /// Proves the copy, every record of it, and compares it with what stands in the place. Nothing is written.
    /// `None` when it was stopped.
    ///
    /// # Errors
    /// [`Error::File`] when the copy is not ours, from a newer version, cannot be read or does not prove, or is the
    /// present file itself.
    pub fn look(&self, watch: Watch<'_>) -> Result<Option<Report>> {
        if same_file(self.copy, self.to) {
            return Err(trouble(self.copy, Msg::new("backup.itself")).into());
        }
        let store = Store::untouched(self.copy)?;
        let Some(copy) = prove(&store, true, watch)? else {
            return Ok(None);
        };
        if !self.to.exists() {
            let present = Present::Nothing;
            return Ok(Some(Report { copy, present }));
        }
        let present = match Store::untouched(self.to)
            .map_err(Error::from)
            .and_then(|present| Ok((prove(&present, false, watch)?, present)))
        {
            Ok((None, _)) => return Ok(None),
            Ok((Some(proof), present)) => {
                let common = common(&store, &present)?;
                Present::Whole {
                    lost: beyond(&present, common)?,
                    gained: beyond(&store, common)?,
                    proof,
                    common,
                }
            }
            // Another program's lock says nothing about the file.
            Err(Error::File(trouble)) if in_use(&trouble) => return Err(trouble.into()),
            Err(Error::File(trouble)) => Present::Damaged(trouble),
            Err(other) => return Err(other),
        };
        Ok(Some(Report { copy, present }))
    }

    /// Takes the present file for ourselves until the answer is dropped, so that nobody writes what would be lost.
    ///
    /// # Errors
    /// [`Error::File`] when another program has it open, or has written since the report.
    pub fn take(&self, report: &Report) -> Result<Taken> {
        let held = match &report.present {
            Present::Nothing if self.to.exists() => return Err(self.moved()),
            Present::Nothing => None,
            Present::Whole { proof, .. } => {
                let store = Store::open(self.to, Mode::Existing)?;
                store.hold()?;
                let head = store.chain_head()?;
                if (head.seq, head.hash) != (proof.entries, proof.head) {
                    return Err(self.moved());
                }
                Some(store)
            }
            // What cannot be opened cannot be held; what can is looked at for other programs.
            Present::Damaged(_) => match Store::untouched(self.to).and_then(|_| probe(self.to)) {
                Err(trouble) if in_use(&trouble) => return Err(trouble.into()),
                _ => None,
            },
        };
        Ok(Taken { held })
    }

    fn moved(&self) -> Error {
        trouble(self.to, Msg::new("backup.moved")).into()
    }

    /// Puts the copy into the place. `None` when it was stopped; then everything is as it was.
    ///
    /// # Errors
    /// [`Error::File`] when the safety copy or the new file cannot be written or does not prove; the present file
    /// stays in its place.
    pub fn put(&self, report: &Report, taken: Taken, watch: Watch<'_>) -> Result<Option<Restored>> {
        if let Some(folder) = self.to.parent() {
            std::fs::create_dir_all(folder).map_err(|e| io_trouble(folder, &e))?;
        }
        let Some(former) = self.save(report, &taken, watch)? else {
            return Ok(None);
        };
        let part = beside(self.to, ".restore.part");
        let made = self.make(&part, report, former.as_deref(), watch);
        let placed = match made {
            Ok(Some(proof)) => self.place(&part, report, taken).map(|()| Some(proof)),
            other => other,
        };
        if !matches!(placed, Ok(Some(_))) {
            clear(&part);
            // Nothing was replaced, so the safety copy is of no use.
            former.iter().for_each(|former| clear(former));
        }
        Ok(placed?.map(|proof| Restored { proof, former }))
    }

    /// The safety copy. The outer `None`: stopped; the inner: there was nothing to save.
    #[allow(clippy::option_option)]
    fn save(
        &self,
        report: &Report,
        taken: &Taken,
        watch: Watch<'_>,
    ) -> Result<Option<Option<PathBuf>>> {
        let name = match report.present {
            Present::Nothing => return Ok(Some(None)),
            _ => self.safety_name(),
        };
        let Some(held) = &taken.held else {
            return match copy_as_it_is(self.to, &name) {
                Ok(()) => Ok(Some(Some(name))),
                Err(trouble) => {
                    clear(&name);
                    Err(trouble.into())
                }
            };
        };
        let part = super::part_of(&name);
        if !held.copy_to(&part, watch)? {
            return Ok(None);
        }
        let proved = Store::untouched(&part)
            .map_err(Error::from)
            .and_then(|copy| prove(&copy, false, watch));
        let wanted = held.chain_head()?;
        match proved {
            Ok(Some(proof)) if (proof.entries, proof.head) == (wanted.seq, wanted.hash) => {
                settle(&part, &name)?;
                Ok(Some(Some(name)))
            }
            Ok(None) => {
                clear(&part);
                Ok(None)
            }
            Ok(Some(_)) => {
                clear(&part);
                Err(trouble(&part, Msg::new("backup.strange")).into())
            }
            Err(error) => {
                clear(&part);
                Err(error)
            }
        }
    }

    fn safety_name(&self) -> PathBuf {
        let clock = self.rules.zone().local(self.now).format("%Y%m%d-%H%M%S");
        let stem = self.to.file_stem().unwrap_or_default().to_string_lossy();
        let name = |n: u32| match n {
            1 => format!("{stem}-before-restore-{clock}.db"),
            n => format!("{stem}-before-restore-{clock}-{n}.db"),
        };
        let mut names = (1..).map(|n| self.to.with_file_name(name(n)));
        // The numbers do not end before a free one is found.
        names.find(|path| !path.exists()).unwrap_or_default()
    }

    /// The new file under another name: a copy of the copy, brought to this program's shape, flushed and proved.
    fn make(
        &self,
        part: &Path,
        report: &Report,
        former: Option<&Path>,
        watch: Watch<'_>,
    ) -> Result<Option<Proof>> {
        clear(part);
        if !Store::untouched(self.copy)?.copy_to(part, watch)? {
            return Ok(None);
        }
        let mut desk = Desk::open(part, Mode::Existing, self.rules.clone())?;
        if !report.copy.stale.is_empty() {
            desk.rebuild(|done, all| {
                let told = crate::base::progress::Progress {
                    done,
                    all: Some(all),
                };
                // Within one transaction there is no good place to stop.
                let _ = watch(told);
            })?;
        }
        let told = serde_json::json!({"at": self.now, "from": self.copy, "former": former});
        desk.set_memo(MEMO, &told.to_string())?;
        // Without a log beside it, so that one rename is everything.
        desk.store.hold()?;
        drop(desk);
        let flushed = std::fs::File::open(part).and_then(|file| file.sync_all());
        flushed.map_err(|e| io_trouble(part, &e))?;
        let Some(proof) = prove(&Store::untouched(part)?, false, watch)? else {
            return Ok(None);
        };
        match (proof.entries, proof.head) == (report.copy.entries, report.copy.head) {
            true => Ok(Some(proof)),
            false => Err(trouble(part, Msg::new("backup.strange")).into()),
        }
    }

    /// The one moment in which the place changes hands.
    fn place(&self, part: &Path, report: &Report, taken: Taken) -> Result<()> {
        if matches!(report.present, Present::Nothing) && self.to.exists() {
            return Err(self.moved());
        }
        // Logs of a damaged file would be read into the new one. A held file has none.
        for log in ["-wal", "-shm", "-journal"] {
            let log = beside(self.to, log);
            if log.exists() {
                std::fs::remove_file(&log).map_err(|e| io_trouble(&log, &e))?;
            }
        }
        // Where an open file cannot be replaced, the lock has to go a moment earlier.
        #[cfg(not(unix))]
        drop(taken);
        settle(part, self.to)?;
        // Who was waiting for the lock now finds that the file has moved, and SQLite lets them write nothing.
        #[cfg(unix)]
        drop(taken);
        Ok(())
    }
}

/// The present file, held.
pub struct Taken {
    held: Option<Store>,
}

fn probe(path: &Path) -> Stored<()> {
    Store::open(path, Mode::Existing)?.hold()
}

/// The file of a place and what a killed restore left beside it.
fn clear(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(beside(path, suffix));
    }
}

fn same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// A damaged file as it is, with its logs, read back.
fn copy_as_it_is(from: &Path, to: &Path) -> Stored<()> {
    let mut buffer = vec![0; 1 << 20];
    for suffix in ["", "-wal", "-journal"] {
        let (from, to) = (beside(from, suffix), beside(to, suffix));
        if !from.exists() {
            continue;
        }
        let mut copy = || -> std::io::Result<bool> {
            std::fs::copy(&from, &to)?;
            std::fs::File::open(&to)?.sync_all()?;
            Ok(keep::sum(&from, &mut buffer)? == keep::sum(&to, &mut buffer)?)
        };
        match copy() {
            Ok(true) => {}
            Ok(false) => return Err(trouble(&to, Msg::new("backup.reads_otherwise"))),
            Err(e) => return Err(io_trouble(&to, &e)),
        }
    }
    Ok(())
}

/// How many entries two chains share: hashes that agree at one number agree at every number before it.
fn common(a: &Store, b: &Store) -> Stored<i64> {
    let (mut agree, mut differ) = (0, a.chain_head()?.seq.min(b.chain_head()?.seq) + 1);
    while differ - agree > 1 {
        let middle = agree + (differ - agree) / 2;
        let pair: (Option<Hash>, Option<Hash>) = (a.hash_at(middle)?, b.hash_at(middle)?);
        match pair {
            (Some(a), Some(b)) if a == b => agree = middle,
            _ => differ = middle,
        }
    }
    Ok(agree)
}

fn beyond(store: &Store, common: i64) -> Stored<Beyond> {
    let limit = i64::try_from(NUMBERS).unwrap_or(i64::MAX);
    let (entries, records, numbers) = store.after(common, limit)?;
    Ok(Beyond {
        entries,
        records,
        numbers,
    })
}
