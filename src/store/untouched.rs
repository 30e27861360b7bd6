//! Files that are only looked at: a copy on a stick, a backup of years ago. Nothing is written to them or beside them.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{APPLICATION_ID, Store, Stored, explain};
use crate::base::i18n::Msg;

/// The path with something added to its name: `desk.db` and `-wal` → `desk.db-wal`.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}

/// The path as SQLite's URIs want it.
fn uri(path: &Path, query: &str) -> String {
    let mut out = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                out.push(char::from(*byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    format!("{out}?{query}")
}

impl Store {
    /// Opens a file that must stay as it is, byte for byte. It may come from an older version of the program.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when it is not there, not ours, from a newer version, or cannot be read.
    pub fn untouched(path: &Path) -> Stored<Self> {
        let trouble = |key: &str| super::FileTrouble {
            path: path.to_owned(),
            reason: Msg::new(key),
        };
        if path.is_dir() {
            return Err(trouble("file.is_folder"));
        }
        if !path.exists() {
            return Err(trouble("file.no_copy"));
        }
        // SQLite would drop the log of an empty file, and with it whatever is still in there.
        if std::fs::metadata(path).is_ok_and(|file| file.len() == 0) {
            return Err(trouble("file.not_ours"));
        }
        // Without a log beside it nobody is at work in it, and it can be read where nothing can be written.
        let quiet = !beside(path, "-wal").exists() && !beside(path, "-journal").exists();
        let query = if quiet {
            "mode=ro&immutable=1"
        } else {
            "mode=ro"
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let fail = |e: rusqlite::Error| explain(path, &e);
        let conn = Connection::open_with_flags(uri(path, query), flags).map_err(fail)?;
        conn.pragma_update(None, "temp_store", "MEMORY")
            .map_err(fail)?;
        let store = Self {
            conn,
            path: path.to_owned(),
            data_version: 0,
            recent: super::Recent::default(),
        };
        store.recognise()?;
        let id: i64 = store
            .conn
            .query_row("PRAGMA application_id", [], |row| row.get(0))
            .map_err(fail)?;
        match id == i64::from(APPLICATION_ID) && store.schema()? > 0 {
            true => Ok(store),
            false => Err(trouble("file.not_ours")),
        }
    }

    /// The schema version of the file.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn schema(&self) -> Stored<i64> {
        self.conn
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(|e| explain(&self.path, &e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_any_characters_is_one_uri() {
        assert_eq!(
            uri(Path::new("/u盘/a?b#c%.db"), "mode=ro"),
            "file:/u%E7%9B%98/a%3Fb%23c%25.db?mode=ro"
        );
        assert_eq!(
            beside(Path::new("/a/desk.db"), "-wal"),
            Path::new("/a/desk.db-wal")
        );
    }
}
