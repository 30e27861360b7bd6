//! The chain of an archive, reckoned anew from its lines, and how archives join.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use super::super::content::{EARLIER, SEGMENT};
use super::super::manifest::{Kind, Manifest};
use super::{Bench, Proof};
use crate::base::hash::Hash;
use crate::base::i18n::Msg;
use crate::desk::{Desk, Result};
use crate::record::entry::Entry;
use crate::store::journal::Row;

/// Entries put into the scratch file at a time.
const BATCH: usize = 2_000;

/// The hash that a text of 64 hexadecimal digits is.
fn hash(hex: &str) -> Option<Hash> {
    if hex.len() != 64 || !hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(Hash(bytes))
}

/// A line of a journal file; `None` when it is none.
pub(in super::super) fn read(line: &str) -> Option<Row> {
    let mut parts = line.splitn(3, '\t');
    let seq = parts.next()?;
    let (hex, line) = (parts.next()?, parts.next()?);
    Some(Row {
        seq: seq.parse().ok().filter(|n: &i64| n.to_string() == seq)?,
        no: Entry::read(line).ok()?.no,
        line: line.to_owned(),
        hash: hash(hex)?,
    })
}

/// The lines of a file, one after another; a file that is missing was told of already.
pub(in super::super) fn lines(path: &Path) -> impl Iterator<Item = String> + use<> {
    let file = File::open(path).ok().map(BufReader::new);
    file.into_iter().flat_map(|file| {
        let mut lines = file.split(b'\n');
        // What is no text any more is a line all the same, and fits nothing.
        std::iter::from_fn(move || lines.next()?.ok())
            .map(|bytes| String::from_utf8(bytes).unwrap_or_default())
    })
}

/// The stretch: unbroken from the archive before to the last entry.
pub(super) fn segment(
    path: &Path,
    manifest: &Manifest,
    proof: &mut Proof,
    bench: &mut Bench<'_>,
) -> Result<()> {
    let chain = &manifest.chain;
    let Some(mut before) = hash(&chain.after_hash) else {
        proof.find("chain", SEGMENT, "chain_end");
        return Ok(());
    };
    let mut expected = chain.after + 1;
    let mut batch = Vec::new();
    for line in lines(&path.join(SEGMENT)) {
        bench.one()?;
        let Some(row) = read(&line) else {
            broken(proof, "chain_line", expected);
            expected += 1;
            continue;
        };
        if row.seq != expected {
            broken(proof, "chain_gap", expected);
        }
        if before.next(&row.line) != row.hash {
            broken(proof, "chain_hash", row.seq);
        }
        expected = row.seq + 1;
        before = row.hash;
        proof.entries += 1;
        batch.push(row);
        if batch.len() == BATCH {
            put(bench, &batch, proof)?;
            batch.clear();
        }
    }
    put(bench, &batch, proof)?;
    if before.hex() != chain.last_hash || expected != chain.last + 1 {
        proof.find("chain", SEGMENT, "chain_end");
    }
    if chain.after == 0 && before != Hash::GENESIS && hash(&chain.after_hash) != Some(Hash::GENESIS)
    {
        proof.find("chain", SEGMENT, "chain_end");
    }
    if manifest.counts.get("entries") != Some(&proof.entries) {
        proof.find("count", SEGMENT, "count");
    }
    Ok(())
}

fn broken(proof: &mut Proof, key: &str, seq: i64) {
    let text = Msg::new(format!("archive.proof.{key}")).with("seq", seq);
    proof.tell("chain", SEGMENT, text);
}

/// Puts the entries that are not there yet into the scratch file; those that are must be the same.
fn put(bench: &mut Bench<'_>, rows: &[Row], proof: &mut Proof) -> Result<()> {
    let mut fresh = Vec::new();
    for row in rows {
        match bench.desk.entry_at(row.seq)? {
            Some(known) if known.hash == row.hash && known.line == row.line => {}
            Some(_) => broken(proof, "chain_other", row.seq),
            None => fresh.push(row.clone()),
        }
    }
    fresh.sort_by_key(|row| row.seq);
    fresh.dedup_by_key(|row| row.seq);
    bench.desk.copy_in(&fresh)
}

/// Entries of the month's records that stand in earlier stretches: where those are at hand, they are the same.
pub(super) fn earlier(
    path: &Path,
    manifest: &Manifest,
    proof: &mut Proof,
    bench: &mut Bench<'_>,
) -> Result<()> {
    let mut count = 0;
    let mut batch = Vec::new();
    for line in lines(&path.join(EARLIER)) {
        bench.one()?;
        count += 1;
        match read(&line).filter(|row| row.seq <= manifest.chain.after) {
            Some(row) => batch.push(row),
            None => proof.find("chain", EARLIER, "earlier_line"),
        }
        if batch.len() == BATCH {
            put(bench, &batch, proof)?;
            batch.clear();
        }
    }
    put(bench, &batch, proof)?;
    if manifest.counts.get("earlier-entries") != Some(&count) {
        proof.find("count", EARLIER, "count");
    }
    Ok(())
}

/// How the sealed archives of one file join: each names the manifest before it, each stretch begins where the one before
/// ends, and what the journal itself says of a sealed month agrees.
pub(super) fn links(proofs: &mut [Proof], desk: &Desk) -> Result<()> {
    let mut last: BTreeMap<String, usize> = BTreeMap::new();
    let mut own: BTreeMap<(String, String), usize> = BTreeMap::new();
    for index in 0..proofs.len() {
        let Some(manifest) = proofs.get(index).and_then(|proof| proof.manifest.clone()) else {
            continue;
        };
        if manifest.kind != Kind::Sealed {
            continue;
        }
        let before = last.insert(manifest.file.clone(), index);
        own.insert((manifest.file.clone(), manifest.month.to_string()), index);
        let Some(before) = before.and_then(|at| proofs.get(at)) else {
            continue;
        };
        let Some(prior) = &before.manifest else {
            continue;
        };
        let named = Some((prior.month.to_string(), before.own.clone()));
        let joined = manifest.chain.after == prior.chain.last
            && manifest.chain.after_hash == prior.chain.last_hash;
        if manifest.previous == named && joined {
            continue;
        }
        let text = Msg::new("archive.proof.link")
            .with("month", manifest.month.to_string())
            .with("before", prior.month.to_string());
        if let Some(proof) = proofs.get_mut(index) {
            proof.tell("link", &manifest.month.to_string(), text);
        }
    }
    // Entries of several files cannot be told apart in one scratch file.
    if last.len() > 1 {
        return Ok(());
    }
    for (month, manifest) in desk.seals_told()? {
        let of = own.iter().find(|((_, of), _)| *of == month);
        let Some(proof) = of.and_then(|(_, index)| proofs.get_mut(*index)) else {
            continue;
        };
        if proof.own != manifest {
            let text = Msg::new("archive.proof.seal").with("month", month.as_str());
            proof.tell("link", &month, text);
        }
    }
    Ok(())
}
