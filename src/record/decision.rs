//! What the rules say of an act before it is accepted, and what follows of itself from it.

use serde_json::{Map, Value};

use crate::base::i18n::Msg;

/// What the rules say of an act before it is accepted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// Goes into the entry: what cannot be derived again.
    pub found: Map<String, Value>,
    /// A number of a yearly series of its own that the entry is given, kept in `found` under this key.
    pub numbered: Option<&'static str>,
    /// Told to the person, not stored.
    pub warnings: Vec<Msg>,
    /// Further actions that follow of themselves, written in the same transaction.
    pub triggers: Vec<Trigger>,
}

/// An action that follows of itself from another.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// On which record: a number, or a register's code for a new record.
    pub target: TriggerTarget,
    /// The action's name.
    pub action: &'static str,
    /// Its fields as JSON.
    pub data: Map<String, Value>,
    /// How the new record and the one it follows from are linked: (kind on the new one, kind on the old one).
    pub link: Option<(&'static str, &'static str)>,
}

/// Where a triggered action goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriggerTarget {
    /// A new record of this register.
    New(&'static str),
    /// An existing record.
    On(String),
}
