//! A scratch file: entries that stand elsewhere, put in as they are, to be replayed or looked at. Gone when it is dropped.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::lookup::{acted, logged};
use super::past::cannot_write;
use super::{Desk, Error, Result, rows};
use crate::record::timeline::Timeline;
use crate::registers::register_of;
use crate::rules::calendar::Calendar;
use crate::rules::ruleset::Rules;
use crate::store::Mode;
use crate::store::journal::Row;

/// A folder of its own among the temporary ones, taken away with everything in it.
pub struct Scratch {
    folder: PathBuf,
    kept: bool,
}

static COUNT: AtomicU64 = AtomicU64::new(0);

impl Scratch {
    /// Makes the folder; only its owner may look into it.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be made.
    pub fn new() -> Result<Self> {
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let folder = loop {
            let n = COUNT.fetch_add(1, Ordering::Relaxed);
            let name = format!("dutydesk-{}-{n}", std::process::id());
            let folder = std::env::temp_dir().join(name);
            match builder.create(&folder) {
                Ok(()) => break folder,
                // Kept by an earlier run of the same number.
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists && n < 10_000 => {}
                Err(e) => return Err(cannot_write(&folder, &e)),
            }
        };
        Ok(Self {
            folder,
            kept: false,
        })
    }

    /// The file in it.
    pub fn file(&self) -> PathBuf {
        self.folder.join("archive.db")
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Leaves the folder to whoever was told where it is.
    pub fn keep(mut self) {
        self.kept = true;
    }

    /// Opens the file.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be made.
    pub fn desk(&self, rules: Rules) -> Result<Desk> {
        Desk::open(&self.file(), Mode::Scratch, rules)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

impl Desk {
    /// Puts entries in as they stand elsewhere, with their places and hashes. Only for a scratch file: nothing is checked.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be written.
    pub fn copy_in(&mut self, rows: &[Row]) -> Result<()> {
        self.store
            .write(|writer| rows.iter().try_for_each(|row| writer.copy_in(row)))
            .map_err(Error::File)
    }

    /// Makes the registers' rows of these records from the entries that are there.
    ///
    /// # Errors
    /// [`Error::File`] when an entry is damaged or the file cannot be written.
    pub fn project_these(&mut self, numbers: &[String]) -> Result<()> {
        self.look_at_rules()?;
        let rules = self.in_force.clone();
        let made = self.store.write(|writer| -> Result<()> {
            for no in numbers {
                let Some(register) = register_of(no) else {
                    continue;
                };
                let timeline = Timeline::of(logged(no, writer)?);
                if !timeline.facts.is_empty() {
                    let acted = acted(register, &timeline, &rules, writer)?;
                    rows::write(writer, register, acted, &rules, rows::Stands::Sound)?;
                }
            }
            Ok(())
        });
        made.map_err(|e| self.named(e))
    }

    /// Makes the rows of all records whose places others look for, from the entries that are there.
    ///
    /// # Errors
    /// [`Error::File`] when an entry is damaged or the file cannot be written.
    pub fn find_places(&mut self) -> Result<()> {
        let numbers = self.store.numbers()?.into_iter();
        let looked_for: Vec<String> = numbers
            .filter(|no| register_of(no).is_some_and(|register| register.looks_around()))
            .collect();
        self.project_these(&looked_for)
    }

    /// Works by this holiday list from now on. Only for a scratch file: no entry tells of it.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be written.
    pub fn with_calendar(&mut self, calendar: &Calendar) -> Result<()> {
        self.store.set_memo("calendar", &calendar.to_csv())?;
        self.taken_up = 0;
        self.look_at_rules()
    }
}
