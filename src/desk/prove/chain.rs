//! The hash chain, entry by entry.

use super::Steps;
use crate::base::hash::Hash;
use crate::base::i18n::Msg;
use crate::desk::Result;
use crate::record::entry::Entry;
use crate::store::Store;
use crate::store::journal::Line;
use crate::store::keys::{ClockWatch, EntryKey};

/// What following the chain found.
#[derive(Default)]
pub(super) struct Chain {
    /// Entries.
    pub(super) entries: i64,
    /// Hash of the last one.
    pub(super) head: Hash,
    /// Gaps, and entries that do not follow the one before.
    pub(super) findings: Vec<Msg>,
    /// Entries before which the clock had gone back.
    pub(super) clock: Vec<EntryKey>,
}

/// Follows the chain from the first entry to the last; with `read`, each entry is read too.
pub(super) fn follow(store: &Store, read: bool, steps: &mut Steps<'_>) -> Result<Chain> {
    let mut chain = Chain::default();
    let mut expected = 1;
    let mut clock = ClockWatch::default();
    store.each_entry(|line| {
        let Line {
            seq,
            no,
            text,
            hash,
        } = line;
        if seq != expected {
            let gap = Msg::new("audit.gap").with("seq", expected);
            chain.findings.push(gap.with("found", seq));
        }
        expected = seq + 1;
        if chain.head.next(text) != hash {
            let broken = Msg::new("audit.hash").with("seq", seq);
            chain.findings.push(broken.with("no", no));
        }
        // Going on from the stored hash names the one entry that differs, not all after it.
        chain.head = hash;
        if read {
            chain.findings.extend(misread(seq, no, &Entry::read(text)));
        }
        chain.clock.extend(clock.next(seq, text));
        chain.entries += 1;
        steps.one()
    })?;
    steps.told();
    Ok(chain)
}

/// What is wrong with an entry read at a place in the journal, under a record's number.
pub(super) fn misread(
    seq: i64,
    no: &str,
    read: &std::result::Result<Entry, crate::record::entry::EntryError>,
) -> Option<Msg> {
    match read {
        Ok(entry) if entry.no == no => None,
        Ok(entry) => {
            let other = Msg::new("audit.number").with("seq", seq).with("no", no);
            Some(other.with("entry", entry.no.as_str()))
        }
        Err(why) => {
            let unreadable = Msg::new("audit.unreadable").with("seq", seq);
            Some(unreadable.with("why", why.message()))
        }
    }
}
