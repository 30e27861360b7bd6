//! The one door: load, check, append to the journal, project, in one transaction. Everything outside goes through it.

mod act;
pub mod audit;
pub mod backup;
pub mod books;
pub mod bulk;
pub mod calendar;
mod closed;
mod error;
pub mod json;
pub mod papers;
pub mod past;
mod preview;
mod read;
mod restore;
pub mod scratch;
pub mod seal;
mod shift;
pub mod view;

use std::path::Path;
use std::sync::Arc;

pub(crate) use act::unknown_register;
pub use closed::CLOSED_MONTH;
pub use error::Error;

use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::documents::Documents;
use crate::record::head::AnyRecord;
use crate::record::request::Operator;
use crate::registers::{REGISTERS, register};
use crate::rules::ruleset::Rules;
use crate::store::project::{Projected, searchable};
use crate::store::{Mode, Store};
use view::Draft;

/// Result of a desk operation.
pub type Result<T> = std::result::Result<T, Error>;

/// The memo of a file that is a copy of what is sealed elsewhere: which month.
const SEALED_COPY: &str = "sealed_copy";

/// An open file with the rules it is worked by.
pub struct Desk {
    store: Store,
    rules: Arc<Rules>,
    documents: Arc<Documents>,
    /// A copy of what is sealed elsewhere: shown, never written.
    read_only: bool,
}

impl Desk {
    /// Opens the file (and makes it, with [`Mode::Create`]). Calendar lists that were imported into the file take
    /// their place over the built-in ones.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be used.
    pub fn open(path: &Path, mode: Mode, rules: Rules) -> Result<Self> {
        let store = Store::open(path, mode)?;
        let mut desk = Self {
            store,
            rules: Arc::new(rules),
            documents: Documents::built_in(),
            read_only: false,
        };
        desk.read_only = desk.store.memo(SEALED_COPY)?.is_some();
        desk.load_calendar()?;
        Ok(desk)
    }

    /// Procedures, calendar and site.
    pub fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules)
    }

    /// The papers that can be printed.
    pub fn documents(&self) -> Arc<Documents> {
        Arc::clone(&self.documents)
    }

    /// With a company's papers.
    #[must_use]
    pub fn with_documents(mut self, documents: Arc<Documents>) -> Self {
        self.documents = documents;
        self
    }

    /// From here on nothing is accepted any more, whoever opens it: the file is a copy of the sealed month `of`.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be written.
    pub fn only_show(&mut self, of: &str) -> Result<()> {
        self.store.set_memo(SEALED_COPY, of)?;
        self.read_only = true;
        Ok(())
    }

    /// Whether the file is only shown.
    pub fn only_shown(&self) -> bool {
        self.read_only
    }

    fn writable(&self) -> Result<()> {
        match self.read_only {
            true => Err(Refusal::new(RefusalCode::NotNow, Msg::new("file.sealed_copy")).into()),
            false => Ok(()),
        }
    }

    /// The file's place.
    pub fn path(&self) -> &Path {
        self.store.path()
    }

    /// Whether another process has written since the last call.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn changed(&mut self) -> Result<bool> {
        Ok(self.store.changed()?)
    }

    /// Who was acting last at this desk.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn operator(&self) -> Result<Option<Operator>> {
        Ok(self.operators()?.into_iter().next())
    }

    /// Everybody who has acted at this desk, the latest first.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn operators(&self) -> Result<Vec<Operator>> {
        let known = self.store.memo("operators")?.unwrap_or_default();
        let known: Vec<(String, Option<String>)> = serde_json::from_str(&known).unwrap_or_default();
        Ok(known
            .into_iter()
            .map(|(name, role)| Operator { name, role })
            .collect())
    }

    /// Remembers who is acting.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be written.
    pub fn set_operator(&self, operator: &Operator) -> Result<()> {
        let mut known = self.operators()?;
        known.retain(|other| other.name != operator.name);
        known.insert(0, operator.clone());
        known.truncate(30);
        let known: Vec<(String, Option<String>)> =
            known.into_iter().map(|o| (o.name, o.role)).collect();
        self.store
            .set_memo("operators", &serde_json::json!(known).to_string())?;
        Ok(())
    }

    /// Keeps a half-filled form.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be written.
    pub fn save_draft(&self, draft: &Draft) -> Result<()> {
        Ok(self.store.save_draft(draft)?)
    }

    /// Every half-filled form, the latest first.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn drafts(&self) -> Result<Vec<Draft>> {
        Ok(self.store.drafts()?)
    }

    /// Throws a half-filled form away.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be written.
    pub fn delete_draft(&self, form: &str) -> Result<()> {
        Ok(self.store.delete_draft(form)?)
    }

    /// A remembered word of the file.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be read.
    pub fn memo(&self, key: &str) -> Result<Option<String>> {
        Ok(self.store.memo(key)?)
    }

    /// Remembers a word in the file.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be written.
    pub fn set_memo(&self, key: &str, value: &str) -> Result<()> {
        Ok(self.store.set_memo(key, value)?)
    }
}

/// The rows that a record becomes.
pub(crate) fn projected<'a>(
    record: &'a AnyRecord,
    code: &'a str,
    rules: &Rules,
) -> Option<Projected<'a>> {
    let summary = register(code)?.summary(record, rules);
    let title: String = summary
        .title
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    Some(Projected {
        record,
        register: code,
        open: summary.open,
        place: summary.place,
        paper_no: summary.paper_no,
        deadlines: summary.deadlines,
        text: searchable(record, &title),
        title,
    })
}

/// The codes of all registers, for messages.
pub fn register_codes() -> Vec<&'static str> {
    REGISTERS
        .iter()
        .map(|register| register.spec().code)
        .collect()
}
