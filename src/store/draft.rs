//! Half-filled forms. Each keystroke that is kept is durable, so that a power cut loses at most the last half second.

use rusqlite::params;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Store, Stored, explain};
use crate::base::time::Instant;

/// A half-filled form, kept until it is saved or thrown away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Which form: `new/work-order/issue`, `on/W-2026-00001/finish`.
    pub form: String,
    /// What was typed, by field key, as text.
    pub values: Map<String, Value>,
    /// When it was last kept.
    pub saved: Instant,
    /// Who was typing.
    pub by: String,
}

impl Store {
    /// Keeps a form.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn save_draft(&self, draft: &Draft) -> Stored<()> {
        let put = || -> rusqlite::Result<()> {
            let data = serde_json::to_string(draft)
                .map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
            let sql = "INSERT INTO draft (form, saved, data) VALUES (?, ?, ?)
                       ON CONFLICT (form) DO UPDATE SET saved = excluded.saved, data = excluded.data";
            self.conn.prepare_cached(sql)?.execute(params![
                draft.form,
                draft.saved.unix(),
                data
            ])?;
            Ok(())
        };
        put().map_err(|e| explain(&self.path, &e))
    }

    /// Every form that is kept, the latest first. One that cannot be read is left out, not lost.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn drafts(&self) -> Stored<Vec<Draft>> {
        let read = || {
            let mut statement = self
                .conn
                .prepare_cached("SELECT data FROM draft ORDER BY saved DESC, form")?;
            statement
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()
        };
        let rows = read().map_err(|e| explain(&self.path, &e))?;
        Ok(rows
            .iter()
            .filter_map(|data| serde_json::from_str(data).ok())
            .collect())
    }

    /// Throws a form away.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn delete_draft(&self, form: &str) -> Stored<()> {
        self.conn
            .execute("DELETE FROM draft WHERE form = ?", [form])
            .map(|_| ())
            .map_err(|e| explain(&self.path, &e))
    }
}
