//! A record: one thing in a register, as its entries have made it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::base::i18n::{Msg, known_key};
use crate::base::lazy::Lazy;
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::record::entry::{Breach, Entry};
use crate::rules::deadline::Deadline;

/// A link from one record to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// duplicate, child, caused_by, reissued, rework, follows.
    pub kind: String,
    /// The number of the other record.
    pub to: String,
}

/// A paper that was issued from the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Which paper; label `paper.<name>`.
    pub name: String,
    /// Counts from 1; a change of facts after issue asks for the next.
    pub version: u32,
    /// When it was issued.
    pub issued: Instant,
    /// Whether it must be issued anew, or facts changed after issue.
    pub outdated: bool,
    /// Outdated by changed facts alone; reckoned when the record is looked at, never stored.
    #[serde(skip)]
    pub outrun: bool,
    /// What it is about, when the record has several such things (one of its bills).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<PartOf>,
    /// Check code of the print; empty when it was issued but never printed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub check: String,
    /// What it says, by the names of its description; what was blank is left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub said: BTreeMap<String, String>,
}

/// One entry of a list that the record keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOf {
    /// The list's key.
    pub list: String,
    /// The key that tells its entries apart.
    pub key: String,
    /// That of this one.
    pub value: String,
}

impl Paper {
    /// A paper issued by an action, not printed yet.
    pub fn issued(name: &str, version: u32, issued: Instant) -> Self {
        Self {
            name: name.to_owned(),
            version,
            issued,
            outdated: false,
            outrun: false,
            of: None,
            check: String::new(),
            said: BTreeMap::new(),
        }
    }
}

/// A remark added later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// When.
    pub at: Instant,
    /// Who.
    pub by: String,
    /// What.
    pub text: String,
}

/// A reason given for a breach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The breach's code.
    pub code: String,
    /// When it was given, or the instant of the one breach that it explains.
    pub at: Instant,
    /// The reason.
    pub reason: String,
}

/// What every record has, whatever its register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head<S> {
    /// Our number, `W-2026-00001`.
    pub no: String,
    /// Where it stands in its life.
    pub state: S,
    /// Complaint class, where the register has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// When it happened: the first action's `at`.
    pub opened: Instant,
    /// When we learned of it; terms run from here.
    pub received: Instant,
    /// When it was first typed.
    pub entered: Instant,
    /// Who opened it.
    pub by: String,
    /// `at` of the entry that led to the present state.
    pub state_since: Instant,
    /// When its life ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Instant>,
    /// Why it was voided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_reason: Option<String>,
    /// The state it was voided in, where `state` itself says no more than that it is void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided_in: Option<String>,
    /// Links to other records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Clauses not kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaches: Vec<Breach>,
    /// Papers issued.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<Paper>,
    /// Remarks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// Reasons given for breaches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explanations: Vec<Explanation>,
    /// The deadlines as they stood when the record closed, and the procedure they were reckoned by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Settled>,
}

impl<S> Head<S> {
    /// The head of a record that has just begun. The times: when it happened, was learned of, was typed.
    pub fn begun(no: &str, state: S, [at, received, entered]: [Instant; 3], by: &str) -> Self {
        Self {
            no: no.to_owned(),
            state,
            class: None,
            opened: at,
            received,
            entered,
            by: by.to_owned(),
            state_since: at,
            closed: None,
            void_reason: None,
            voided_in: None,
            links: Vec::new(),
            breaches: Vec::new(),
            papers: Vec::new(),
            remarks: Vec::new(),
            explanations: Vec::new(),
            settled: None,
        }
    }

    /// The same head with the state in another form.
    pub fn with_state<T>(self, state: T) -> Head<T> {
        Head {
            state,
            no: self.no,
            class: self.class,
            opened: self.opened,
            received: self.received,
            entered: self.entered,
            by: self.by,
            state_since: self.state_since,
            closed: self.closed,
            void_reason: self.void_reason,
            voided_in: self.voided_in,
            links: self.links,
            breaches: self.breaches,
            papers: self.papers,
            remarks: self.remarks,
            explanations: self.explanations,
            settled: self.settled,
        }
    }
}

/// What a record that an earlier version of the program closed keeps, whatever rules come later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    /// Name and version of the procedure.
    pub procedure: String,
    /// Deadlines that had a result.
    pub deadlines: Vec<Deadline>,
}

/// A record of one register: what all have, and its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record<B, S> {
    /// What every record has.
    pub head: Head<S>,
    /// What this register keeps.
    pub body: B,
}

/// A record whose register is not known at compile time.
pub type AnyRecord = Record<Lazy<Value>, String>;

/// The state every register has besides its own.
pub const VOID: &str = "void";

impl<B: Default, S> Record<B, S> {
    /// The record that a first entry opens, before its register applies it.
    pub fn opened_by(entry: &Entry, state: S) -> Self {
        Self {
            head: Head::begun(
                &entry.no,
                state,
                [entry.at, entry.received, entry.entered],
                &entry.by,
            ),
            body: B::default(),
        }
    }
}

impl<B, S> Record<B, S> {
    /// Whether every breach has its reason; a record does not close before.
    ///
    /// # Errors
    /// `gate`, naming the breach and its clause.
    pub fn explained(&self, register: &str) -> Result<(), Refusal> {
        all_explained(&self.head.breaches, register)
    }

    /// Goes into `state` by an entry that happened `at`.
    pub fn enter(&mut self, state: S, at: Instant) {
        self.head.state = state;
        self.head.state_since = at;
    }
}

/// Whether every one of a record's breaches has its reason.
///
/// # Errors
/// `gate`, naming the breach and its clause.
pub fn all_explained(breaches: &[Breach], register: &str) -> Result<(), Refusal> {
    match breaches.iter().find(|breach| breach.reason.is_empty()) {
        Some(breach) => {
            // A breach is called after the duty or gate that was open.
            let why = Msg::new("refusal.breach_unexplained")
                .with_key("duty", known_key("duty", register, &breach.code))
                .with("at", breach.at);
            Err(Refusal::gate(breach.clause.clone(), why).field("reason"))
        }
        None => Ok(()),
    }
}
