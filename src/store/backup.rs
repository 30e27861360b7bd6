//! A whole-file copy while the file is in use, and the file taken for oneself.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{FileTrouble, Store, Stored, explain};
use crate::base::i18n::Msg;
use crate::base::progress::Progress;

/// Pages copied before progress is told and somebody may stop it.
const PAGES: i32 = 2048;

/// How long a copy waits for another program's write, and how long a file is waited for that should be ours alone.
const PATIENCE: Duration = Duration::from_secs(10);

impl Store {
    /// Copies the file as it stands at one moment into `part`, which is made or replaced: one self-contained file,
    /// flushed to the disk, without a log beside it. `progress` counts pages. Answers `false` when it was stopped;
    /// then, and after an error, `part` is gone.
    ///
    /// # Errors
    /// [`FileTrouble`] when `part` cannot be written or the disk is full.
    pub fn copy_to(
        &self,
        part: &Path,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Stored<bool> {
        // A part left by a copy that was killed is nobody's record.
        let _ = std::fs::remove_file(part);
        let copied = self
            .copy_pages(part, progress)
            .map_err(|e| explain(part, &e))
            .and_then(|whole| {
                let flushed = std::fs::File::open(part).and_then(|file| file.sync_all());
                flushed
                    .map(|()| whole)
                    .map_err(|e| super::io_trouble(part, &e))
            });
        if !matches!(copied, Ok(true)) {
            let _ = std::fs::remove_file(part);
            let _ = std::fs::remove_file(super::untouched::beside(part, "-journal"));
        }
        copied
    }

    fn copy_pages(
        &self,
        part: &Path,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> rusqlite::Result<bool> {
        // One reading transaction around it all: others may write on, and the copy does not begin anew each time.
        let moment = self.conn.unchecked_transaction()?;
        moment.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
        let mut target = Connection::open(part)?;
        // Nobody reads it before it is whole and flushed; until then a journal of its own would only cost.
        target.pragma_update(None, "synchronous", "OFF")?;
        {
            let backup = Backup::new(&self.conn, &mut target)?;
            let begun = std::time::Instant::now();
            loop {
                let step = backup.step(PAGES)?;
                let left = backup.progress();
                let told = Progress {
                    done: u64::try_from(left.pagecount - left.remaining).unwrap_or(0),
                    all: u64::try_from(left.pagecount).ok(),
                };
                if progress(told).is_break() {
                    return Ok(false);
                }
                match step {
                    StepResult::Done => break,
                    StepResult::More => {}
                    _ if begun.elapsed() > PATIENCE => return Err(busy()),
                    _ => std::thread::sleep(Duration::from_millis(20)),
                }
            }
        }
        target.pragma_update(None, "journal_mode", "DELETE")?;
        Ok(true)
    }

    /// What SQLite itself finds wrong with the file; empty when nothing.
    ///
    /// # Errors
    /// [`FileTrouble`] when the file cannot be read at all.
    pub fn integrity(&self) -> Stored<Vec<String>> {
        let read = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self.conn.prepare("PRAGMA integrity_check(20)")?;
            let mut found: Vec<String> = statement
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            found.retain(|line| line != "ok");
            let mut statement = self.conn.prepare("PRAGMA foreign_key_check")?;
            let keys: Vec<String> = statement
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            found.extend(
                keys.into_iter()
                    .map(|table| format!("foreign key: {table}")),
            );
            Ok(found)
        };
        read().map_err(|e| explain(&self.path, &e))
    }

    /// Takes the file for this connection alone until it is dropped: nobody else has it open, nobody else can read or
    /// write it, and everything is in the one file (no log beside it).
    ///
    /// Leaving the write-ahead log needs a lock that no other connection lets go of while it has the file open, so
    /// this tells whether one has, on every system, without asking for processes.
    ///
    /// # Errors
    /// [`FileTrouble`] `file.in_use` when another program has the file open, else when it cannot be read or written.
    pub fn hold(&self) -> Stored<()> {
        let take = || -> rusqlite::Result<bool> {
            self.conn.busy_timeout(Duration::from_millis(300))?;
            self.conn.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
            let mode: String = self
                .conn
                .query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
            // In this locking mode the lock of a transaction is kept after it.
            self.conn.execute_batch("BEGIN EXCLUSIVE; COMMIT;")?;
            Ok(mode.eq_ignore_ascii_case("delete"))
        };
        match take() {
            Ok(true) => Ok(()),
            Err(e) if !is_busy(&e) => Err(explain(&self.path, &e)),
            Ok(false) | Err(_) => Err(self.trouble(Msg::new("file.in_use"))),
        }
    }
}

fn busy() -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
    rusqlite::Error::SqliteFailure(code, None)
}

fn is_busy(e: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(e.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
}

/// Whether the file cannot be used because another program is at it; everything else is about the file itself.
pub fn in_use(trouble: &FileTrouble) -> bool {
    matches!(trouble.reason.key.as_str(), "file.in_use" | "file.busy")
}
