//! The day's copy: made, proved, named; brought to the second place; and only then are older ones dropped.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::prove::{Proof, prove};
use super::rotation::{Stamp, outlived};
use super::state::{Copied, Memory};
use super::{Plan, part_of, settle, trouble};
use crate::base::i18n::Msg;
use crate::base::progress::Progress;
use crate::base::time::{Instant, LocalDate};
use crate::desk::audit::Watch;
use crate::desk::{Desk, Result};
use crate::store::{FileTrouble, Store, Stored, io_trouble};

/// A copy that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Where it is.
    pub file: PathBuf,
    /// What it holds.
    pub proof: Proof,
    /// Older copies that were dropped.
    pub dropped: Vec<PathBuf>,
    /// Older copies that would have been dropped but are not contained in the new one, or cannot be read.
    pub spared: Vec<PathBuf>,
    /// The second place.
    pub second: Second,
}

/// What became of the copy on the second place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Second {
    /// None is set.
    Unset,
    /// It is not there now; that is no error.
    Absent(PathBuf),
    /// The copy is there and reads back the same.
    Copied(PathBuf),
    /// It is there but could not take the copy.
    Failed(FileTrouble),
    /// It was stopped before it was whole.
    Stopped,
}

impl Desk {
    /// Copies the file to `to` while it is in use; proved before it has its name. `None` when it was stopped.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when `to` exists or cannot be written, or the copy does not prove.
    pub fn backup(&self, to: &Path, watch: Watch<'_>) -> Result<Option<Proof>> {
        if to.exists() {
            return Err(trouble(to, Msg::new("file.exists")).into());
        }
        let part = part_of(to);
        let proof = self.proved_part(&part, watch)?;
        if proof.is_some() {
            settle(&part, to).inspect_err(|_| drop(std::fs::remove_file(&part)))?;
        }
        Ok(proof)
    }

    /// Makes the copy of the day, brings it to the second place and drops what the rotation does not keep. A copy of
    /// the same day gives way to the new one. `None` when it was stopped; then everything is as it was.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when the folder cannot be written or the copy does not prove; older copies stay.
    pub fn back_up(&self, now: Instant, watch: Watch<'_>) -> Result<Option<Made>> {
        let plan = Plan::of(self.path(), &self.rules);
        std::fs::create_dir_all(&plan.folder).map_err(|e| io_trouble(&plan.folder, &e))?;
        let _alone = lock(&plan)?;
        let today = self.rules.zone().date(now);
        let part = plan.folder.join(format!("{}-{today}.db.part", plan.stem));
        sweep(&plan.folder, &plan.stem);
        let Some(proof) = self.proved_part(&part, watch)? else {
            return Ok(None);
        };
        let file = self.free_name(&plan.folder, &plan.stem, now);
        settle(&part, &file).inspect_err(|_| drop(std::fs::remove_file(&part)))?;
        let mut memory = Memory::of(self)?;
        memory.last = Some(Copied::new(&file, now, &proof));
        memory.keep(self)?;
        let (mut dropped, mut spared) = self.drop_outlived(&plan, &plan.folder, today);
        let second = self.bring(&plan, &file, now, watch)?;
        if let (Second::Copied(_), Some(folder)) = (&second, &plan.second) {
            let (more, left) = self.drop_outlived(&plan, folder, today);
            dropped.extend(more);
            spared.extend(left);
        }
        Ok(Some(Made {
            file,
            proof,
            dropped,
            spared,
            second,
        }))
    }

    /// What the open desk does by itself: the copy of the day when there is none, and the second place when it has
    /// come back. Answers whether anything was done.
    ///
    /// # Errors
    /// As [`Desk::back_up`].
    pub fn back_up_when_due(&self, now: Instant, watch: Watch<'_>) -> Result<bool> {
        if !self.keeps_copies()? {
            return Ok(false);
        }
        let plan = Plan::of(self.path(), &self.rules);
        let today = Stamp {
            day: self.rules.zone().date(now),
            clock: None,
        };
        let name = today.name(&plan.stem);
        let file = plan.folder.join(&name);
        if !file.exists() {
            return Ok(self.back_up(now, watch)?.is_some());
        }
        let wanting = |folder: &PathBuf| folder.is_dir() && !folder.join(&name).exists();
        if !plan.second.as_ref().is_some_and(wanting) {
            return Ok(false);
        }
        let _alone = lock(&plan)?;
        let second = self.bring(&plan, &file, now, watch)?;
        if let (Second::Copied(_), Some(folder)) = (&second, &plan.second) {
            self.drop_outlived(&plan, folder, today.day);
        }
        match second {
            Second::Failed(trouble) => Err(trouble.into()),
            _ => Ok(true),
        }
    }

    /// Whether the open desk makes copies of this file by itself: a demonstration holds nobody's records, and an empty
    /// file none at all.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when the file cannot be read.
    pub fn keeps_copies(&self) -> Result<bool> {
        Ok(self.memo("demo")?.is_none() && self.store.chain_head()?.seq > 0)
    }

    /// A flushed and proved copy under a name that nobody takes for a copy; gone when it was stopped or failed.
    fn proved_part(&self, part: &Path, watch: Watch<'_>) -> Result<Option<Proof>> {
        if !self.store.copy_to(part, watch)? {
            return Ok(None);
        }
        let proved = Store::untouched(part)
            .map_err(Into::into)
            .and_then(|copy| prove(&copy, false, watch))
            .and_then(|proof| match proof {
                // Never the proof of something else than this file's own past.
                Some(proof) if !self.holds(proof.entries, proof.head)? => {
                    Err(trouble(part, Msg::new("backup.strange")).into())
                }
                proof => Ok(proof),
            });
        if !matches!(proved, Ok(Some(_))) {
            let _ = std::fs::remove_file(part);
        }
        proved
    }

    fn holds(&self, entries: i64, head: crate::base::hash::Hash) -> Stored<bool> {
        Ok(entries == 0 || self.store.hash_at(entries)? == Some(head))
    }

    /// Whether every entry of that copy is in this file. What cannot be read is not known to be.
    fn contains(&self, copy: &Path) -> bool {
        let head = Store::untouched(copy).and_then(|copy| copy.chain_head());
        head.and_then(|head| self.holds(head.seq, head.hash))
            .unwrap_or(false)
    }

    /// The name of the day's copy; with the time when one of the day holds what this file does not.
    fn free_name(&self, folder: &Path, stem: &str, now: Instant) -> PathBuf {
        let zone = self.rules.zone();
        let day = zone.date(now);
        let plain = folder.join(Stamp { day, clock: None }.name(stem));
        if !plain.exists() || self.contains(&plain) {
            return plain;
        }
        let clock = Some(zone.local(now).time());
        folder.join(Stamp { day, clock }.name(stem))
    }

    /// Drops what the rotation does not keep and this file contains; answers what went and what was spared.
    fn drop_outlived(
        &self,
        plan: &Plan,
        folder: &Path,
        today: LocalDate,
    ) -> (Vec<PathBuf>, Vec<PathBuf>) {
        let copies: Vec<Stamp> = copies(folder, &plan.stem)
            .into_iter()
            .map(|(stamp, _)| stamp)
            .collect();
        outlived(&copies, today, plan.daily, plan.monthly)
            .into_iter()
            .map(|stamp| folder.join(stamp.name(&plan.stem)))
            .partition(|copy| self.contains(copy) && std::fs::remove_file(copy).is_ok())
    }

    /// Brings a proved copy to the second place, reads it back, and remembers how it went.
    fn bring(&self, plan: &Plan, copy: &Path, now: Instant, watch: Watch<'_>) -> Result<Second> {
        let Some(folder) = &plan.second else {
            return Ok(Second::Unset);
        };
        if !folder.is_dir() {
            return Ok(Second::Absent(folder.clone()));
        }
        let mut memory = Memory::of(self)?;
        sweep(folder, &plan.stem);
        let to = self.free_name(folder, &plan.stem, now);
        let second = match carry(copy, &to, watch) {
            Ok(true) => {
                let proof = Store::untouched(&to).and_then(|file| file.chain_head());
                memory.second = Some(Copied {
                    file: to.clone(),
                    at: now,
                    entries: proof.map_or(0, |head| head.seq),
                    bytes: std::fs::metadata(&to).map_or(0, |file| file.len()),
                });
                memory.trouble = None;
                Second::Copied(to)
            }
            Ok(false) => Second::Stopped,
            Err(failed) => {
                memory.trouble = Some(failed.reason.clone());
                Second::Failed(failed)
            }
        };
        memory.keep(self)?;
        Ok(second)
    }
}

/// The copies of a folder with their sizes, oldest first.
pub(super) fn copies(folder: &Path, stem: &str) -> Vec<(Stamp, u64)> {
    let read = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(Stamp, u64)> = read
        .filter_map(|entry| {
            let stamp = Stamp::read(stem, entry.file_name().to_str()?)?;
            let file = entry.metadata().ok()?;
            file.is_file().then_some((stamp, file.len()))
        })
        .collect();
    found.sort();
    found
}

/// Parts that a killed copy left are nobody's record.
fn sweep(folder: &Path, stem: &str) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = name
            .to_str()
            .and_then(|name| name.strip_suffix(".part"))
            .is_some_and(|name| Stamp::read(stem, name).is_some());
        if ours {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Two desks on one file do not make the same copy at the same time.
fn lock(plan: &Plan) -> Stored<File> {
    let path = plan.folder.join(format!(".{}.lock", plan.stem));
    let file = File::create(&path).map_err(|e| io_trouble(&path, &e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(trouble(&plan.folder, Msg::new("backup.busy"))),
        // A file system without locks: the names are unlike enough, and renaming is whole or not at all.
        Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// Copies a file byte for byte and reads it back; `false` when it was stopped. It has its name only when it is whole.
fn carry(from: &Path, to: &Path, watch: Watch<'_>) -> Stored<bool> {
    let part = part_of(to);
    let carried = carry_bytes(from, &part, watch).and_then(|whole| {
        if whole {
            settle(&part, to)?;
        }
        Ok(whole)
    });
    if !matches!(carried, Ok(true)) {
        let _ = std::fs::remove_file(&part);
    }
    carried
}

fn carry_bytes(from: &Path, part: &Path, watch: Watch<'_>) -> Stored<bool> {
    let reading = |e: std::io::Error| io_trouble(from, &e);
    let writing = |e: std::io::Error| io_trouble(part, &e);
    let mut source = File::open(from).map_err(reading)?;
    let all = source.metadata().map_err(reading)?.len();
    let mut target = File::create(part).map_err(writing)?;
    let (mut hash, mut done, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 20]);
    loop {
        let n = source.read(&mut buffer).map_err(reading)?;
        if n == 0 {
            break;
        }
        hash.update(&buffer[..n]);
        target.write_all(&buffer[..n]).map_err(writing)?;
        done += n as u64;
        let told = Progress {
            done,
            all: Some(all),
        };
        if watch(told) == ControlFlow::Break(()) {
            return Ok(false);
        }
    }
    target.sync_all().map_err(writing)?;
    drop(target);
    if sum(part, &mut buffer).map_err(writing)? != hash.finalize().to_vec() {
        return Err(trouble(part, Msg::new("backup.reads_otherwise")));
    }
    Ok(true)
}

/// SHA-256 of a file.
pub(super) fn sum(path: &Path, buffer: &mut [u8]) -> std::io::Result<Vec<u8>> {
    let (mut file, mut hash) = (File::open(path)?, Sha256::new());
    loop {
        match file.read(buffer)? {
            0 => return Ok(hash.finalize().to_vec()),
            n => hash.update(&buffer[..n]),
        }
    }
}
