//! The file: one SQLite database. Opening, migrating, the journal's rows, the projections, queries, drafts, backup.
//!
//! The store never decides anything and knows no register: it is handed entries and projected records.

pub mod backup;
pub mod draft;
pub mod imports;
pub mod journal;
pub mod keys;
pub mod known;
pub mod page;
pub mod past;
pub mod proof;
pub mod query;
pub mod rows;
pub mod sample;
pub mod search;
#[cfg(test)]
mod tests;
pub mod untouched;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior, params};
use rusqlite_migration::{M, Migrations};

use crate::base::i18n::Msg;
use known::Recent;

/// Marks our files: "Duty" in ASCII.
pub const APPLICATION_ID: i32 = 0x4475_7479;

/// Every step of the schema. A step that was released is never changed; a new one is added below it.
const STEPS: &[M<'static>] = &[
    M::up(include_str!(
        "../../assets/migrations/2026-11-24_01_journal_and_projections.sql"
    )),
    M::up(include_str!(
        "../../assets/migrations/2026-11-24_03_months.sql"
    )),
    M::up(include_str!(
        "../../assets/migrations/2026-11-24_04_imports.sql"
    )),
    M::up(include_str!(
        "../../assets/migrations/2026-11-27_05_timeline.sql"
    )),
    M::up(include_str!(
        "../../assets/migrations/2026-11-28_06_entry_keys.sql"
    )),
    M::up(include_str!(
        "../../assets/migrations/2026-11-28_07_due_list.sql"
    )),
];

/// The schema version this program writes.
const SCHEMA_VERSION: i64 = STEPS.len() as i64;

/// Pages that a connection keeps in memory: 8 MB, as SQLite writes it. After a page was split SQLite walks through the whole
/// cache at the commit; the system keeps the rest of the file in memory anyway.
const CACHE: i64 = -8_000;

/// Why the file cannot be used. Nothing that was saved before is touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileTrouble {
    /// The file.
    pub path: PathBuf,
    /// What happened and what to do.
    pub reason: Msg,
}

/// Result of a store operation.
pub type Stored<T> = Result<T, FileTrouble>;

/// An open file.
pub struct Store {
    conn: Connection,
    path: PathBuf,
    data_version: i64,
    recent: Recent,
}

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Made when it is not there.
    Create,
    /// Must be there.
    Existing,
    /// Only looked at: one that is not there reads as an empty one, and is not made.
    Look,
    /// Made, and thrown away afterwards: quick, and no loss after a power cut.
    Scratch,
}

impl Store {
    /// Opens the file, makes or migrates its schema.
    ///
    /// # Errors
    /// [`FileTrouble`] when it is not there ([`Mode::Existing`]), not ours, from a newer version, damaged, not writable
    /// or the disk is full.
    pub fn open(path: &Path, mode: Mode) -> Stored<Self> {
        let trouble = |key: &str| FileTrouble {
            path: path.to_owned(),
            reason: Msg::new(key),
        };
        if mode == Mode::Existing && !path.exists() {
            return Err(trouble("file.not_there"));
        }
        if path.is_dir() {
            return Err(trouble("file.is_folder"));
        }
        if let (Mode::Create, Some(folder)) = (
            mode,
            path.parent()
                .filter(|folder| !folder.as_os_str().is_empty()),
        ) {
            std::fs::create_dir_all(folder).map_err(|e| FileTrouble {
                path: path.to_owned(),
                reason: Msg::new("file.folder").with("why", e.to_string()),
            })?;
        }
        if mode == Mode::Look && !path.exists() {
            return Self::start(
                Connection::open_in_memory().map_err(|e| explain(path, &e))?,
                path,
                mode,
            );
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::start(
            Connection::open_with_flags(path, flags).map_err(|e| explain(path, &e))?,
            path,
            mode,
        )
    }

    fn start(conn: Connection, path: &Path, mode: Mode) -> Stored<Self> {
        let mut store = Self {
            conn,
            path: path.to_owned(),
            data_version: 0,
            recent: Recent::default(),
        };
        store.recognise()?;
        store.prepare(mode).map_err(|e| explain(path, &e))?;
        store.migrate()?;
        store.data_version = store.read_data_version()?;
        Ok(store)
    }

    /// A second connection to the same file, for reading beside this one; `None` for a file that exists in memory only,
    /// or cannot be opened twice.
    pub fn again(&self) -> Option<Self> {
        let other = Self::untouched(&self.path).ok()?;
        other.conn.pragma_update(None, "cache_size", CACHE).ok()?;
        let head = |store: &Self| store.chain_head().ok();
        (head(&other)? == head(self)?).then_some(other)
    }

    /// The file's place.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses a file that is not ours or comes from a newer version, before anything is written to it.
    fn recognise(&self) -> Stored<()> {
        let get = |pragma: &str| {
            self.conn
                .query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, i64>(0))
        };
        let fail = |e: rusqlite::Error| explain(&self.path, &e);
        let id = get("application_id").map_err(fail)?;
        let version = get("user_version").map_err(fail)?;
        let tables: i64 = self
            .conn
            .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
            .map_err(fail)?;
        if id != i64::from(APPLICATION_ID) && (id != 0 || tables > 0) {
            return Err(self.trouble(Msg::new("file.not_ours")));
        }
        if version > SCHEMA_VERSION {
            return Err(self.trouble(
                Msg::new("file.newer")
                    .with("version", version)
                    .with("known", SCHEMA_VERSION),
            ));
        }
        Ok(())
    }

    fn prepare(&mut self, mode: Mode) -> rusqlite::Result<()> {
        self.conn.busy_timeout(std::time::Duration::from_secs(10))?;
        // A plan stays when other values are bound; SQLite would make a new one for every page of a list.
        self.conn
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        self.conn.set_prepared_statement_cache_capacity(64);
        let (journal, synchronous) = match mode {
            Mode::Scratch => ("MEMORY", "OFF"),
            // FULL: what was acknowledged survives a power cut.
            _ => ("WAL", "FULL"),
        };
        self.conn.pragma_update(None, "journal_mode", journal)?;
        self.conn.pragma_update(None, "synchronous", synchronous)?;
        self.conn.pragma_update(None, "foreign_keys", true)?;
        self.conn.pragma_update(None, "cache_size", CACHE)?;
        self.conn.pragma_update(None, "temp_store", "MEMORY")
    }

    fn migrate(&mut self) -> Stored<()> {
        let version = self
            .conn
            .query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))
            .map_err(|e| explain(&self.path, &e))?;
        if version == SCHEMA_VERSION {
            return Ok(());
        }
        self.conn
            .pragma_update(None, "application_id", APPLICATION_ID)
            .map_err(|e| explain(&self.path, &e))?;
        match Migrations::from_slice(STEPS).to_latest(&mut self.conn) {
            Ok(()) => Ok(()),
            // Another process may have made the schema in the meantime.
            Err(_)
                if self
                    .conn
                    .query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))
                    == Ok(SCHEMA_VERSION) =>
            {
                Ok(())
            }
            Err(rusqlite_migration::Error::RusqliteError { err, .. }) => {
                Err(explain(&self.path, &err))
            }
            Err(other) => {
                Err(self.trouble(Msg::new("file.migration").with("why", other.to_string())))
            }
        }
    }

    /// Which tables, indexes and guards are not as this program makes them. An older file has its own.
    ///
    /// # Errors
    /// [`FileTrouble`] when the file cannot be read.
    pub fn reshaped(&self) -> Stored<Vec<String>> {
        let fail = |e: rusqlite::Error| explain(&self.path, &e);
        let mut fresh = Connection::open_in_memory().map_err(fail)?;
        let made = Migrations::from_slice(STEPS).to_latest(&mut fresh);
        if self.schema()? != SCHEMA_VERSION || made.is_err() {
            return Ok(Vec::new());
        }
        let stands = shape(&self.conn).map_err(fail)?;
        let made = shape(&fresh).map_err(fail)?;
        let names: BTreeSet<&String> = stands.keys().chain(made.keys()).collect();
        let differs = |name: &&String| stands.get(*name) != made.get(*name);
        Ok(names.into_iter().filter(differs).cloned().collect())
    }

    fn trouble(&self, reason: Msg) -> FileTrouble {
        FileTrouble {
            path: self.path.clone(),
            reason,
        }
    }

    fn read_data_version(&self) -> Stored<i64> {
        self.conn
            .query_row("PRAGMA data_version", [], |row| row.get(0))
            .map_err(|e| explain(&self.path, &e))
    }

    /// Whether another connection has written since the last call.
    ///
    /// # Errors
    /// [`FileTrouble`] when the file cannot be read.
    pub fn changed(&mut self) -> Stored<bool> {
        let version = self.read_data_version()?;
        Ok(std::mem::replace(&mut self.data_version, version) != version)
    }

    /// Runs `work` in one transaction that takes the write lock at once; everything is kept or nothing is.
    ///
    /// # Errors
    /// What `work` gives, or [`FileTrouble`] when the file cannot be written.
    pub fn write<T, E: From<FileTrouble>>(
        &mut self,
        work: impl FnOnce(&Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let path = self.path.clone();
        let fail = |e: rusqlite::Error| E::from(explain(&path, &e));
        let tx = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(fail)?;
        let done = work(&Writer {
            tx: &tx,
            path: &path,
            recent: &self.recent,
        })?;
        tx.commit().map_err(fail)?;
        Ok(done)
    }

    /// Runs `work` on one unchanging view of the file, whatever others write meanwhile.
    ///
    /// # Errors
    /// What `work` gives, or [`FileTrouble`] when the file cannot be read.
    pub fn steady<T, E: From<FileTrouble>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let view = self.snapshot()?;
        let done = work()?;
        drop(view);
        Ok(done)
    }

    /// A remembered word, such as who is acting.
    ///
    /// # Errors
    /// [`FileTrouble`] when the file cannot be read.
    pub fn memo(&self, key: &str) -> Stored<Option<String>> {
        let found = self
            .conn
            .query_row("SELECT value FROM memo WHERE key = ?", [key], |row| {
                row.get(0)
            })
            .optional();
        found.map_err(|e| explain(&self.path, &e))
    }

    /// Remembers a word.
    ///
    /// # Errors
    /// [`FileTrouble`] when the file cannot be written.
    pub fn set_memo(&self, key: &str, value: &str) -> Stored<()> {
        self.conn
            .execute(PUT_MEMO, params![key, value])
            .map(|_| ())
            .map_err(|e| explain(&self.path, &e))
    }
}

/// The tables, indexes and guards of a file by name, without those that SQLite and its search index make of themselves.
fn shape(conn: &Connection) -> rusqlite::Result<BTreeMap<String, String>> {
    let sql = "SELECT name, type || tbl_name || coalesce(sql, '') FROM sqlite_schema
               WHERE name NOT LIKE 'search\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut statement = conn.prepare(sql)?;
    statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

const PUT_MEMO: &str = "INSERT INTO memo (key, value) VALUES (?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value";

/// A transaction that is being written.
pub struct Writer<'a> {
    tx: &'a rusqlite::Transaction<'a>,
    path: &'a Path,
    recent: &'a Recent,
}

impl Writer<'_> {
    /// Remembers a word unless one is remembered already.
    ///
    /// # Errors
    /// [`FileTrouble`] when the file cannot be written.
    pub fn set_memo_once(&self, key: &str, value: &str) -> Stored<()> {
        self.tx
            .prepare_cached("INSERT OR IGNORE INTO memo (key, value) VALUES (?, ?)")
            .and_then(|mut statement| statement.execute(params![key, value]))
            .map(|_| ())
            .map_err(|e| self.explain(&e))
    }

    /// Remembers a word.
    ///
    /// # Errors
    /// [`FileTrouble`] when the file cannot be written.
    pub fn set_memo(&self, key: &str, value: &str) -> Stored<()> {
        self.tx
            .execute(PUT_MEMO, params![key, value])
            .map(|_| ())
            .map_err(|e| self.explain(&e))
    }

    fn explain(&self, e: &rusqlite::Error) -> FileTrouble {
        explain(self.path, e)
    }
}

/// What an error of the file system means to the person at the desk.
pub(crate) fn io_trouble(path: &Path, e: &std::io::Error) -> FileTrouble {
    use std::io::ErrorKind::{NotFound, PermissionDenied, ReadOnlyFilesystem, StorageFull};
    let key = match e.kind() {
        StorageFull => "file.full",
        PermissionDenied => "file.permission",
        ReadOnlyFilesystem => "file.read_only",
        NotFound => "file.cannot_open",
        _ => "file.io",
    };
    FileTrouble {
        path: path.to_owned(),
        reason: Msg::new(key).with("why", e.to_string()),
    }
}

/// What SQLite's error means to the person at the desk.
pub(crate) fn explain(path: &Path, e: &rusqlite::Error) -> FileTrouble {
    let code = e.sqlite_error_code();
    let key = match code {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "file.busy",
        Some(ErrorCode::DiskFull) => "file.full",
        Some(ErrorCode::ReadOnly) => "file.read_only",
        Some(ErrorCode::CannotOpen) => "file.cannot_open",
        Some(ErrorCode::NotADatabase) => "file.not_a_database",
        Some(ErrorCode::DatabaseCorrupt) => "file.corrupt",
        Some(ErrorCode::SystemIoFailure) => "file.io",
        Some(ErrorCode::PermissionDenied) => "file.permission",
        _ => "file.other",
    };
    FileTrouble {
        path: path.to_owned(),
        reason: Msg::new(key).with("why", e.to_string()),
    }
}
