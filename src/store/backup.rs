//! A whole-file copy while the file is in use.

use std::path::Path;

use rusqlite::Connection;

use super::{FileTrouble, Store, Stored, explain};
use crate::i18n::Msg;

impl Store {
    /// Copies the file to `to`, which must not exist: written under another name, checked, then renamed.
    ///
    /// # Errors
    /// [`FileTrouble`] when `to` exists or cannot be written, or the copy does not prove.
    pub fn backup(&self, to: &Path) -> Stored<()> {
        let trouble = |reason: Msg| FileTrouble {
            path: to.to_owned(),
            reason,
        };
        if to.exists() {
            return Err(trouble(Msg::new("file.exists")));
        }
        let mut name = to.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = to.with_file_name(name);
        // A part left by a backup that was killed is nobody's record.
        let _ = std::fs::remove_file(&part);
        let copied = self.copy_to(&part).and_then(|()| {
            let copy = std::fs::File::open(&part).and_then(|file| file.sync_all());
            copy.and_then(|()| std::fs::rename(&part, to))
                .map_err(|e| trouble(Msg::new("file.other").with("why", e.to_string())))
        });
        if copied.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        copied
    }

    fn copy_to(&self, part: &Path) -> Stored<()> {
        let copy = || -> rusqlite::Result<String> {
            let mut target = Connection::open(part)?;
            {
                let backup = rusqlite::backup::Backup::new(&self.conn, &mut target)?;
                backup.run_to_completion(4096, std::time::Duration::ZERO, None)?;
            }
            // One self-contained file: no write-ahead log beside it.
            target.pragma_update(None, "journal_mode", "DELETE")?;
            target.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        };
        match copy().map_err(|e| explain(part, &e))?.as_str() {
            "ok" => Ok(()),
            why => Err(FileTrouble {
                path: part.to_owned(),
                reason: Msg::new("file.corrupt").with("why", why),
            }),
        }
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
}
