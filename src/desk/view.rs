//! What the desk answers: pages, cards, what is owed. Plain values; the screens and the command line put them into words.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::base::hash::Hash;
use crate::base::i18n::Msg;
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::record::action::ActionSpec;
use crate::record::entry::{Breach, Entry};
use crate::record::head::{AnyRecord, Link};
use crate::record::timeline::{Logged, Timeline};
use crate::registers::dynamic::AnyRegister;
use crate::rules::deadline::Deadline;
pub use crate::store::draft::Draft;
use crate::store::known::Entries;

/// On what an action is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A new record of the register of this code.
    New(String),
    /// The record of this number.
    On(String),
}

/// Something that somebody wants to do: the JSON of the command line, the filled form of a screen, a row of an import.
#[derive(Clone, Debug)]
pub struct Request {
    /// On what.
    pub target: Target,
    /// The action's name; `None`: the one the register opens with.
    pub action: Option<String>,
    /// The action's own keys and those of the envelope.
    pub data: Map<String, Value>,
}

/// One entry of a record's history, with its place in the chain.
#[derive(Clone, Debug)]
pub struct HistoryItem {
    /// Sequence number in the journal.
    pub seq: i64,
    /// The entry as it was typed.
    pub entry: Arc<Entry>,
    /// Its hash.
    pub hash: Hash,
    /// What has become of it since.
    pub fate: Fate,
}

/// What has become of an entry since it was typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fate {
    /// The entry that struck it.
    pub struck_by: Option<i64>,
    /// The last entry that corrected it.
    pub corrected_by: Option<i64>,
    /// The entry with its corrections, when it has any.
    pub stands: Option<Arc<Entry>>,
}

impl HistoryItem {
    /// The entry with its corrections.
    pub fn stands(&self) -> &Entry {
        self.fate.stands.as_deref().unwrap_or(&self.entry)
    }
}

/// The history that these entries make, in the order of typing.
pub fn history(entries: Entries) -> Vec<HistoryItem> {
    let items = entries.logged.into_iter().zip(entries.hashes);
    let mut history: Vec<HistoryItem> = items
        .map(|(logged, hash)| HistoryItem {
            seq: logged.seq,
            entry: logged.entry,
            hash,
            fate: Fate::default(),
        })
        .collect();
    tell_fates(&mut history);
    history
}

/// Tells each entry of a record, in the order of typing, what has become of it.
pub fn tell_fates(history: &mut [HistoryItem]) {
    let logged = history.iter().map(|item| Logged {
        seq: item.seq,
        entry: Arc::clone(&item.entry),
    });
    let timeline = Timeline::of(logged.collect());
    for item in history.iter_mut() {
        item.fate.struck_by = timeline.strikes.get(&item.seq).map(|strike| strike.seq);
    }
    for fact in timeline.facts.iter().chain(&timeline.struck) {
        if let Some(last) = fact.corrections.last()
            && let Ok(at) = history.binary_search_by_key(&fact.seq, |item| item.seq)
        {
            history[at].fate.corrected_by = Some(last.seq);
            history[at].fate.stands = Some(Arc::clone(&fact.entry));
        }
    }
}

/// The order in which things happened: the opening entry first, then by instant.
pub fn by_instant(history: &mut [HistoryItem]) {
    let opening = history.iter().map(|item| item.seq).min();
    history.sort_by_key(|item| (Some(item.seq) != opening, item.stands().at, item.seq));
}

/// A record with everything a card shows.
#[derive(Clone)]
pub struct RecordView {
    /// Its register.
    pub register: &'static dyn AnyRegister,
    /// The record.
    pub record: AnyRecord,
    /// One line that names it.
    pub title: String,
    /// Everything owed and done, in the order of the procedure.
    pub deadlines: Vec<Deadline>,
    /// What happened, in the order in which it happened.
    pub history: Vec<HistoryItem>,
    /// Links that other records have to this one (`to` is the other record).
    pub linked_from: Vec<Link>,
    /// The actions possible now, the most likely first.
    pub offers: Vec<&'static ActionSpec>,
}

/// The next duty of a record, for a list.
#[derive(Clone, Debug, PartialEq)]
pub struct NextDuty {
    /// Its code.
    pub code: String,
    /// Its due instant.
    pub due: Option<Instant>,
    /// The whole deadline, without its trace.
    pub deadline: Deadline,
}

/// One line of a list.
#[derive(Clone, Debug)]
pub struct ListItem {
    /// Place in the file, newest highest.
    pub id: i64,
    /// The record.
    pub record: AnyRecord,
    /// The register's code.
    pub register: &'static str,
    /// One line that names it.
    pub title: String,
    /// What it owes next.
    pub next: Option<NextDuty>,
}

impl ListItem {
    /// Whether its next duty is late at `now`.
    pub fn late(&self, now: Instant) -> bool {
        self.next.as_ref().is_some_and(|next| {
            next.deadline.state(now) == crate::rules::deadline::DeadlineState::Late
        })
    }
}

/// In which order a list runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// What is due soonest first; only records that owe something.
    Due,
}

/// A list's filter by what is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueFilter {
    /// Late now.
    Late,
    /// Due today or before.
    Today,
    /// Owing anything.
    Any,
}

/// Which records a list shows.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// The register's code; `None`: all registers (a search everywhere).
    pub register: Option<String>,
    /// Words that must occur, separated by blanks.
    pub search: Option<String>,
    /// One of these states; empty: any.
    pub states: Vec<String>,
    /// Only records whose life has (`false`) or has not (`true`) ended.
    pub open: Option<bool>,
    /// Only of this class.
    pub class: Option<String>,
    /// By what is owed.
    pub due: Option<DueFilter>,
    /// Further conditions `field = value` on the record's fields.
    pub fields: Vec<(String, String)>,
    /// Order.
    pub order: Order,
    /// The page after this cursor.
    pub after: Option<String>,
    /// The page before this cursor; the last page when it is empty.
    pub before: Option<String>,
    /// Lines a page holds.
    pub limit: usize,
}

/// A page of a list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The lines.
    pub items: Vec<ListItem>,
    /// Cursor for the page after, when there is one.
    pub next: Option<String>,
    /// Cursor for the page before, when there is one.
    pub previous: Option<String>,
}

/// Something owed.
#[derive(Clone, Debug)]
pub struct DueItem {
    /// The record's number.
    pub no: String,
    /// The register's code.
    pub register: &'static str,
    /// The record in one line.
    pub title: String,
    /// The duty, without its trace.
    pub deadline: Deadline,
}

/// How much is owed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DueCounts {
    /// Dated duties past due.
    pub late: u64,
    /// At-once duties open.
    pub at_once: u64,
    /// Dated duties due today, not yet late.
    pub today: u64,
    /// Everything open that is listed.
    pub all: u64,
}

/// What was done.
#[derive(Clone)]
pub struct Done {
    /// The record afterwards.
    pub view: RecordView,
    /// What the person should know.
    pub warnings: Vec<Msg>,
    /// Numbers of the records that were opened or changed of themselves.
    pub spawned: Vec<String>,
}

/// What an unfinished form would lead to.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// The class, where the register has one.
    pub class: Option<String>,
    /// What the rules found (`reasons`, …).
    pub found: Map<String, Value>,
    /// The duties the record would have.
    pub deadlines: Vec<Deadline>,
    /// Clauses that would not have been kept.
    pub breaches: Vec<Breach>,
    /// What stands in the way, naming the field.
    pub refusal: Option<Refusal>,
    /// Warnings.
    pub warnings: Vec<Msg>,
    /// Records of the same place in the last 30 days, newest first.
    pub same_place: Vec<(String, String)>,
}
