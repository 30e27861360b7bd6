//! Proving a copy from the copy itself: SQLite's own check and the hash chain, before anybody relies on it.

use std::path::Path;

use super::super::audit::Watch;
use super::super::{Error, Result, rulebook};
use crate::base::hash::Hash;
use crate::base::i18n::{Arg, Msg};
use crate::base::time::Instant;
use crate::record::entry::Entry;
use crate::store::{FileTrouble, Store};

/// What a proved file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Entries of the journal.
    pub entries: i64,
    /// Hash of the last one.
    pub head: Hash,
    /// When the last one was typed 登记.
    pub last: Option<Instant>,
    /// Records per register, by its code; registers without any are left out.
    pub records: Vec<(String, u64)>,
    /// Size in bytes.
    pub bytes: u64,
    /// Tables that differ from the journal; they can be built anew from it.
    pub stale: Vec<Msg>,
}

/// Findings that a refusal tells; more are counted.
const TOLD: usize = 3;

/// Proves what `store` holds; with `whole`, every record against a replay too. `None` when it was stopped.
///
/// # Errors
/// [`Error::File`] with what was found, or when it cannot be read.
pub(in crate::desk) fn prove(
    store: &Store,
    whole: bool,
    watch: Watch<'_>,
) -> Result<Option<Proof>> {
    // Rows that an earlier version of the program made are made anew when the file is opened.
    let provable =
        whole && store.memo(super::super::ROWS)?.as_deref() == Some(super::super::ROWS_VERSION);
    let rules = provable.then(|| rulebook::of_copy(store));
    let by = rules.as_ref().and_then(|rules| rules.as_ref().ok());
    let Some(proved) = crate::desk::prove::file(store, by, watch)? else {
        return Ok(None);
    };
    if !proved.damage.is_empty() {
        return Err(unproved(store.path(), &proved.damage));
    }
    if let Some(Err(unread)) = rules {
        return Err(unread);
    }
    let last = store.last_line()?.and_then(|line| Entry::read(&line).ok());
    Ok(Some(Proof {
        entries: proved.entries,
        head: store.chain_head()?.hash,
        last: last.map(|entry| entry.entered),
        records: records(store)?,
        bytes: std::fs::metadata(store.path()).map_or(0, |file| file.len()),
        stale: proved.stale,
    }))
}

fn records(store: &Store) -> Result<Vec<(String, u64)>> {
    let mut out: Vec<(String, u64)> = Vec::new();
    for (register, _, n) in store.tally()? {
        match out.iter_mut().find(|(known, _)| *known == register) {
            Some((_, sum)) => *sum += n,
            None => out.push((register, n)),
        }
    }
    let order = super::super::register_codes();
    out.sort_by_key(|(code, _)| order.iter().position(|known| known == code));
    Ok(out)
}

fn unproved(path: &Path, findings: &[Msg]) -> Error {
    let told = findings.iter().take(TOLD).cloned().map(Arg::from).collect();
    Error::File(FileTrouble {
        path: path.to_owned(),
        reason: Msg::new("backup.unproved")
            .with("n", findings.len())
            .with("what", Arg::List(told)),
    })
}
