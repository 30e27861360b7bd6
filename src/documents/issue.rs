//! Issuing: versions, check codes, and which papers facts have outrun.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::facts::Facts;
use super::fill::{Filled, Said, fill};
use super::layout::{Layout, Made};
use super::phrase::Slot;
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::desk::view::RecordView;
use crate::record::head::{AnyRecord, Paper, PartOf, VOID};

/// How a paper of a record stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// Never issued: the first print issues version 1.
    New,
    /// Not yet issued by the action that issues it: prints as a draft 草稿.
    Draft(String),
    /// Issued, and a reprint says the same.
    Issued(Paper),
    /// Issued; a print now says more or other things and issues the next version. What was said and has changed since.
    Stale(Paper, Vec<Changed>),
    /// The record is void: prints with 作废 across.
    Void,
}

/// A fact that changed after it was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// What it is called.
    pub label: String,
    /// What the paper says.
    pub was: String,
    /// What is so now; empty when it is no longer known.
    pub now: String,
}

/// A paper ready to be printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The paper and what it says.
    pub filled: Filled,
    /// What it is about, when the record has several such things.
    pub of: Option<PartOf>,
    /// How it stands before this print.
    pub standing: Standing,
    /// The version that this print bears; `None`: a draft or void print.
    pub version: Option<u32>,
}

/// Fills the paper `layout` of a record and tells how it stands. `item`: which entry of the record's list (a bill's
/// number); the last when not told.
///
/// # Errors
/// A refusal when the record has nothing of this paper yet, naming what is missing.
pub fn prepare(
    layout: &Layout,
    facts: &Facts<'_>,
    record: &AnyRecord,
    item: Option<&str>,
) -> Result<Prepared, Refusal> {
    belongs(layout, facts, record)?;
    let (of, value) = part(layout, facts, item)?;
    if let Some(slot) = lacking(layout, facts, value) {
        let message = Msg::new("print.needs")
            .with("paper", layout.title.as_str())
            .with("fact", facts.label(&slot));
        return Err(Refusal::new(RefusalCode::NotNow, message).field(slot.name()));
    }
    let filled = fill(layout, facts, value);
    let latest = latest(record, &layout.name, of.as_ref());
    let standing = match void(record, value) {
        true => Standing::Void,
        false => standing(layout, facts, latest, &filled.said),
    };
    let version = match &standing {
        Standing::New => Some(1),
        Standing::Issued(paper) => Some(paper.version),
        // A print that only says more than the action's issue did is still that issue.
        Standing::Stale(paper, changed)
            if layout.use_.issued_by.is_some() && changed.is_empty() =>
        {
            Some(paper.version)
        }
        Standing::Stale(paper, _) => Some(paper.version.saturating_add(1)),
        Standing::Draft(_) | Standing::Void => None,
    };
    Ok(Prepared {
        filled,
        of,
        standing,
        version,
    })
}

/// The first fact that a paper needs and that is not known.
pub fn lacking(layout: &Layout, facts: &Facts<'_>, item: Option<&Value>) -> Option<Slot> {
    let scope: Vec<&Value> = item.into_iter().collect();
    let needs = layout
        .use_
        .needs
        .iter()
        .filter_map(|need| Slot::read(need).ok());
    let mut needs = needs.filter(|slot| facts.word(slot, &scope).is_empty());
    needs.next()
}

/// Whether the paper is one of this record at all.
fn belongs(layout: &Layout, facts: &Facts<'_>, record: &AnyRecord) -> Result<(), Refusal> {
    let register = facts.register.spec().code;
    let only = layout.use_.only.as_ref().is_none_or(|only| {
        let value = record.body.get(&only.fact).and_then(Value::as_str);
        value.is_some_and(|value| {
            let is = |code: &String| code == value;
            (only.any.is_empty() || only.any.iter().any(is)) && !only.none.iter().any(is)
        })
    });
    if layout.made == Made::Record && layout.register == register && only {
        return Ok(());
    }
    let message = Msg::new("print.other_record")
        .with("paper", layout.title.as_str())
        .with("no", record.head.no.as_str());
    Err(Refusal::new(RefusalCode::BadValue, message).field("document"))
}

/// Whether a record may ever have this paper; for the list of a card.
pub fn offered(layout: &Layout, facts: &Facts<'_>, record: &AnyRecord) -> bool {
    belongs(layout, facts, record).is_ok()
}

type Part<'v> = (Option<PartOf>, Option<&'v Value>);

fn part<'v>(
    layout: &Layout,
    facts: &'v Facts<'_>,
    item: Option<&str>,
) -> Result<Part<'v>, Refusal> {
    let Some(list) = &layout.use_.item else {
        return Ok((None, None));
    };
    let key = layout.use_.item_key.as_deref().unwrap_or("no");
    let entries = facts
        .find(std::slice::from_ref(list), &[])
        .and_then(Value::as_array);
    let found = entries.and_then(|entries| match item {
        None => entries.last(),
        Some(item) => {
            let named = |key: &str| {
                let is = |entry: &&Value| entry.get(key).is_some_and(|v| words(v) == item);
                entries.iter().rfind(is)
            };
            named(key).or_else(|| layout.use_.item_also.as_deref().and_then(named))
        }
    });
    let value = found.ok_or_else(|| {
        let message = match item {
            Some(item) => Msg::new("print.no_item").with("item", item),
            None => Msg::new("print.needs").with(
                "fact",
                facts.label(&Slot {
                    path: vec![list.clone()],
                    form: Default::default(),
                }),
            ),
        };
        Refusal::new(
            RefusalCode::NotNow,
            message.with("paper", layout.title.as_str()),
        )
        .field(list)
    })?;
    let of = PartOf {
        list: list.clone(),
        key: key.to_owned(),
        value: value.get(key).map(words).unwrap_or_default(),
    };
    Ok((Some(of), Some(value)))
}

fn words(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The latest version of a paper.
pub fn latest<'r>(record: &'r AnyRecord, name: &str, of: Option<&PartOf>) -> Option<&'r Paper> {
    let same =
        |paper: &&Paper| paper.name == name && (paper.of.is_none() || paper.of.as_ref() == of);
    record
        .head
        .papers
        .iter()
        .filter(same)
        .max_by_key(|paper| paper.version)
}

/// Whether the record is void, or the entry that the paper is about (a bill, an operation ticket).
fn void(record: &AnyRecord, item: Option<&Value>) -> bool {
    let item = |key: &str| item.and_then(|item| item.get(key));
    record.head.void_reason.is_some()
        || item("void_reason").is_some()
        || item("stamp").is_some_and(|stamp| stamp == VOID)
}

fn standing(layout: &Layout, facts: &Facts<'_>, latest: Option<&Paper>, said: &Said) -> Standing {
    match (latest, &layout.use_.issued_by) {
        (None, Some(action)) => Standing::Draft(action.clone()),
        // Withdrawn by a step of the procedure (the plan was moved): the action has to issue it anew.
        (Some(paper), Some(action)) if paper.outdated && !paper.outrun => {
            Standing::Draft(action.clone())
        }
        (None, None) => Standing::New,
        (Some(paper), Some(_)) if paper.check.is_empty() => Standing::Issued(paper.clone()),
        (Some(paper), _) if paper.said == *said => Standing::Issued(paper.clone()),
        (Some(paper), _) => Standing::Stale(paper.clone(), changed(paper, facts)),
    }
}

/// What a paper says that is not so any more. A blank that has been filled since is no change: the pen may have filled
/// it on the paper.
pub fn changed(paper: &Paper, facts: &Facts<'_>) -> Vec<Changed> {
    let item = paper.of.as_ref().and_then(|of| {
        let entries = facts
            .find(std::slice::from_ref(&of.list), &[])?
            .as_array()?;
        entries
            .iter()
            .find(|entry| entry.get(&of.key).is_some_and(|v| words(v) == of.value))
    });
    let scope: Vec<&Value> = item.into_iter().collect();
    let mut found = Vec::new();
    for (name, was) in &paper.said {
        let Ok(slot) = Slot::read(name) else { continue };
        let now = crate::base::i18n::clean(&facts.word(&slot, &scope));
        // A state and a list of steps go on; what was printed of them was so when it was printed.
        let went_on = goes_on(&slot) || (steps(facts, &slot, &scope) && filled_in(was, &now));
        if now != *was && !went_on {
            found.push(Changed {
                label: facts.label(&slot),
                was: was.clone(),
                now,
            });
        }
    }
    found
}

/// Whether a fact goes on by itself: the state of a life, its history, or what stands around the record.
fn goes_on(slot: &Slot) -> bool {
    let first = slot.path.first().map_or("", String::as_str);
    matches!(first, "state" | "history" | "duties" | "around")
}

/// Whether a fact is a list of steps, which may grow; a list of words (areas, users) is one fact.
fn steps(facts: &Facts<'_>, slot: &Slot, scope: &[&Value]) -> bool {
    let list = facts.find(&slot.path, scope).and_then(Value::as_array);
    list.is_some_and(|list| list.iter().all(Value::is_object))
}

/// Whether every line says what it said, and more.
fn filled_in(was: &str, now: &str) -> bool {
    const BETWEEN: &str = " · ";
    let more = |(was, now): (&str, &str)| {
        let said: Vec<&str> = now.split(BETWEEN).collect();
        was.split(BETWEEN).all(|part| said.contains(&part))
    };
    was.lines().count() <= now.lines().count() && was.lines().zip(now.lines()).all(more)
}

/// Marks the papers of a record that facts have outrun.
pub fn mark_outdated(view: &mut RecordView, rules: &crate::rules::ruleset::Rules) {
    if view
        .record
        .head
        .papers
        .iter()
        .all(|paper| paper.said.is_empty())
    {
        return;
    }
    let outrun: Vec<bool> = {
        let facts = Facts::of(view, rules);
        let papers = view.record.head.papers.iter();
        papers
            .map(|paper| !changed(paper, &facts).is_empty())
            .collect()
    };
    for (paper, outrun) in view.record.head.papers.iter_mut().zip(outrun) {
        paper.outrun = outrun && !paper.outdated;
        paper.outdated |= outrun;
    }
}

/// The check code 校验码 of a print: eight characters that only this version of this paper has. Letters that look
/// like figures are left out.
pub fn check_code(
    name: &str,
    no: &str,
    of: Option<&PartOf>,
    version: u32,
    issued: Instant,
    said: &Said,
) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let text = serde_json::json!([name, no, of, version, issued, said]).to_string();
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let bits = digest[..5]
        .iter()
        .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let letter = |n: u32| {
        let at = usize::try_from(bits >> (35 - 5 * n) & 31).unwrap_or(0);
        char::from(LETTERS[at])
    };
    (0..8)
        .flat_map(|n| (n == 4).then_some('-').into_iter().chain([letter(n)]))
        .collect()
}
