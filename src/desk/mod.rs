//! The one door: load, check, append to the journal, project, in one transaction. Everything outside goes through it.

mod act;
pub mod audit;
pub mod backup;
pub mod books;
pub mod bulk;
pub mod clock;
mod closed;
pub mod dark;
mod error;
mod follow;
pub mod handover;
pub mod json;
mod lookup;
pub mod papers;
pub mod past;
mod preview;
mod prove;
mod read;
mod restore;
mod rows;
pub mod rulebook;
pub mod sample;
pub mod scratch;
pub mod seal;
mod shift;
#[cfg(test)]
mod tests;
pub mod told;
pub mod undo;
pub mod view;

use std::path::Path;
use std::sync::Arc;

pub(crate) use act::unknown_register;
pub use closed::CLOSED_MONTH;
pub use error::Error;

use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::documents::Documents;
use crate::record::entry::EntryError;
use crate::record::request::Operator;
use crate::registers::REGISTERS;
use crate::registers::dynamic::FoldError;
use crate::rules::calendar::Calendar;
use crate::rules::in_force::InForce;
use crate::rules::ruleset::Rules;
use crate::store::{FileTrouble, Mode, Store, Writer};
use view::Draft;

/// Result of a desk operation.
pub type Result<T> = std::result::Result<T, Error>;

/// The memo of a file that is a copy of what is sealed elsewhere: which month.
const SEALED_COPY: &str = "sealed_copy";

/// An open file with the rules it is worked by.
pub struct Desk {
    store: Store,
    /// The rules through time, as the file's entries tell.
    in_force: InForce,
    /// How many entries of the file have taken up rules.
    taken_up: usize,
    /// What the built-in files and the data folder offer; taken up by a file that has none.
    offered: Rules,
    /// The rules in force now.
    rules: Arc<Rules>,
    documents: Arc<Documents>,
    /// A copy of what is sealed elsewhere: shown, never written.
    read_only: bool,
}

impl Desk {
    /// Opens the file (and makes it, with [`Mode::Create`]). It is worked by the rules that its entries have taken up;
    /// a file that has taken up none yet works by `offered`.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be used.
    pub fn open(path: &Path, mode: Mode, offered: Rules) -> Result<Self> {
        Self::open_telling(path, mode, offered, |_, _| {})
    }

    /// As [`Desk::open`]. A file whose rows an earlier version made has them made anew, which takes a while for a large
    /// one; `progress` is told (done, all) records meanwhile.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub fn open_telling(
        path: &Path,
        mode: Mode,
        offered: Rules,
        progress: impl FnMut(u64, u64),
    ) -> Result<Self> {
        let store = Store::open(path, mode)?;
        let mut desk = Self {
            store,
            in_force: InForce::always(offered.clone()),
            taken_up: 0,
            rules: Arc::new(offered.clone()),
            offered,
            documents: Documents::built_in(),
            read_only: false,
        };
        desk.read_only = desk.store.memo(SEALED_COPY)?.is_some();
        desk.look_at_rules()?;
        desk.lift_rows(progress)?;
        Ok(desk)
    }

    /// Reads the rules in force again, when entries have taken up others since.
    fn look_at_rules(&mut self) -> Result<()> {
        let taken = self.store.rules_count(i64::MAX)?;
        if taken == 0 {
            // A list that an earlier version kept beside the journal.
            let kept = self.store.memo("calendar")?;
            if let Some(list) = kept.and_then(|csv| Calendar::parse(&csv).ok()) {
                self.offered.calendar = Arc::new(self.offered.calendar.merged_with(&list));
            }
        }
        if taken != self.taken_up || taken == 0 {
            let rows = self.store.rules_entries()?;
            self.in_force = rulebook::read(&rows, &self.offered).map_err(|e| self.named(e))?;
            self.taken_up = rows.len();
            self.rules = Arc::new(self.in_force.newest().at_this_machine(&self.offered));
        }
        Ok(())
    }

    /// A file whose rows an earlier version of the program made has them made anew, once.
    fn lift_rows(&mut self, progress: impl FnMut(u64, u64)) -> Result<()> {
        let made = self.store.memo(ROWS)?.unwrap_or_default();
        if made == ROWS_VERSION || self.store.chain_head()?.seq == 0 {
            return Ok(());
        }
        self.rebuild(progress)?;
        Ok(self.store.set_memo(ROWS, ROWS_VERSION)?)
    }

    /// Runs `work` in one transaction, by the rules in force as the transaction sees them.
    ///
    /// # Errors
    /// What `work` gives, with nothing written; [`Error::File`] when the file cannot be written.
    pub(crate) fn write<T>(
        &mut self,
        now: Instant,
        work: impl FnOnce(&Writer<'_>, &InForce) -> Result<T>,
    ) -> Result<T> {
        self.writable()?;
        let (offered, known) = (self.offered.clone(), (self.taken_up, self.in_force.clone()));
        let written = self.store.write(|writer| -> Result<_> {
            let (taken, rules) = rulebook::current(writer, (known.0, &known.1), &offered, now)?;
            writer.set_memo_once(ROWS, ROWS_VERSION)?;
            Ok((work(writer, &rules)?, taken, rules))
        });
        let (done, taken, rules) = written.map_err(|e| self.named(e))?;
        if taken != self.taken_up {
            self.taken_up = taken;
            self.rules = Arc::new(rules.newest().at_this_machine(&self.offered));
            self.in_force = rules;
        }
        Ok(done)
    }

    /// An error about an entry, with the file it is in.
    fn named(&self, error: Error) -> Error {
        match error {
            Error::File(mut trouble) if trouble.path.as_os_str().is_empty() => {
                self.path().clone_into(&mut trouble.path);
                Error::File(trouble)
            }
            other => other,
        }
    }

    /// The rules through time.
    pub fn in_force(&self) -> &InForce {
        &self.in_force
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
        let changed = self.store.changed()?;
        if changed {
            self.look_at_rules()?;
        }
        Ok(changed)
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

/// The memo that tells which version of the program made the rows, and the version made today.
pub(crate) const ROWS: &str = "rows";
pub(crate) const ROWS_VERSION: &str = "5";

/// An entry that cannot be read; the file is named by whoever has it open.
pub(crate) fn unreadable(seq: i64, why: &EntryError) -> Error {
    damaged(seq, why.message())
}

/// An entry that does not fit its action; the file is named by whoever has it open.
pub(crate) fn unfolded(why: FoldError) -> Error {
    damaged(why.seq, Msg::new("entry.unreadable").with("why", why.why))
}

fn damaged(seq: i64, why: Msg) -> Error {
    Error::File(FileTrouble::damaged_entry(seq, why))
}

/// The codes of all registers, for messages.
pub fn register_codes() -> Vec<&'static str> {
    REGISTERS
        .iter()
        .map(|register| register.spec().code)
        .collect()
}
