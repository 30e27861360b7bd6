//! Proof of an archive without the database: every file's hash, the chain, the link to the month before, the counts, and
//! every record made anew from its entries.

mod chain;
mod counts;
mod records;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

pub(super) use chain::{lines, read};
use serde_json::{Value, json};

use super::manifest::{Kind, MANIFEST, Manifest};
use super::pack::{sha256, sha256_of};
use super::stopped;
use crate::base::i18n::{Msg, Voice};
use crate::base::progress::Progress;
use crate::desk::past::cannot_write;
use crate::desk::scratch::Scratch;
use crate::desk::{Desk, Error, Result};
use crate::rules::ruleset::Rules;
use crate::store::FileTrouble;

/// Findings told one by one; more are counted.
const TOLD: usize = 200;

/// What was found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `differs`, `missing`, `extra`, `chain`, `link`, `count`, `record`, `manifest`.
    pub code: &'static str,
    /// The file within the folder, or what else it is about.
    pub what: String,
    /// In words.
    pub text: Msg,
}

/// The proof of one folder.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// The folder.
    pub folder: PathBuf,
    /// Its manifest, when it can be read.
    pub manifest: Option<Manifest>,
    /// What is wrong; the first [`TOLD`].
    pub findings: Vec<Finding>,
    /// How many findings there are.
    pub found: u64,
    /// Records that were made anew from their entries.
    pub records: u64,
    /// Entries of the chain that were reckoned anew.
    pub entries: u64,
    /// SHA-256 of the manifest.
    pub own: String,
}

impl Proof {
    /// Whether nothing is wrong.
    pub fn sound(&self) -> bool {
        self.found == 0 && self.manifest.is_some()
    }

    fn find(&mut self, code: &'static str, what: &str, key: &str) {
        self.tell(
            code,
            what,
            Msg::new(format!("archive.proof.{key}")).with("what", what),
        );
    }

    fn tell(&mut self, code: &'static str, what: &str, text: Msg) {
        self.found += 1;
        if self.findings.len() < TOLD {
            self.findings.push(Finding {
                code,
                what: what.to_owned(),
                text,
            });
        }
    }

    /// The proof for programs.
    pub fn json(&self, voice: &Voice) -> Value {
        let findings = self.findings.iter().map(|finding| {
            json!({"code": finding.code, "what": finding.what, "text": voice.say(&finding.text)})
        });
        let manifest = self.manifest.as_ref();
        json!({
            "folder": self.folder.display().to_string(),
            "ok": self.sound(),
            "month": manifest.map(|m| m.month.to_string()),
            "kind": manifest.map(|m| m.kind.code()),
            "manifest": self.own,
            "records": self.records,
            "entries": self.entries,
            "found": self.found,
            "findings": findings.collect::<Vec<_>>(),
        })
    }
}

/// What a proof works with: the scratch file that entries of all folders go into, oldest first.
struct Bench<'p> {
    desk: Desk,
    _scratch: Scratch,
    progress: &'p mut dyn FnMut(Progress) -> ControlFlow<()>,
    done: u64,
}

impl<'p> Bench<'p> {
    fn new(progress: &'p mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<Self> {
        let scratch = Scratch::new()?;
        let rules = Rules::built_in().map_err(|e| {
            Error::File(FileTrouble {
                path: e.file.into(),
                reason: e.reason,
            })
        })?;
        Ok(Self {
            desk: scratch.desk(rules)?,
            _scratch: scratch,
            progress,
            done: 0,
        })
    }

    /// One more line was looked at.
    fn one(&mut self) -> Result<()> {
        self.done += 1;
        let telling = self.done.is_multiple_of(512);
        let told = Progress {
            done: self.done,
            all: None,
        };
        match telling.then(|| (self.progress)(told)) {
            Some(ControlFlow::Break(())) => Err(stopped()),
            _ => Ok(()),
        }
    }
}

/// Proves one folder.
///
/// # Errors
/// [`Error::File`] when there is no such folder or it cannot be read.
pub fn folder(path: &Path, progress: &mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<Proof> {
    let mut bench = Bench::new(progress)?;
    one(path, &mut bench)
}

/// Proves a folder, or every archive in a folder of months, and how they join.
///
/// # Errors
/// [`Error::File`] when there is nothing to prove or it cannot be read; `not_now` when it was stopped.
pub fn path(
    path: &Path,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Vec<Proof>> {
    if is_archive(path) {
        return Ok(vec![folder(path, progress)?]);
    }
    let mut folders = months(path)?;
    if folders.is_empty() {
        return Err(Error::File(FileTrouble {
            path: path.to_owned(),
            reason: Msg::new("archive.proof.nothing"),
        }));
    }
    // Oldest first, so that what a later archive repeats is compared with where it stands.
    folders.sort_by_key(|(folder, last)| (*last, folder.clone()));
    let mut bench = Bench::new(progress)?;
    let mut proofs = Vec::new();
    for (folder, _) in folders {
        proofs.push(one(&folder, &mut bench)?);
    }
    chain::links(&mut proofs, &bench.desk)?;
    Ok(proofs)
}

/// Whether the folder is an archive, be it one that has lost its manifest.
fn is_archive(path: &Path) -> bool {
    path.join(MANIFEST).exists() || path.join("registers").is_dir() || path.join("journal").is_dir()
}

/// The archives in a folder, with the last entry each knows.
fn months(path: &Path) -> Result<Vec<(PathBuf, i64)>> {
    let read = std::fs::read_dir(path).map_err(|e| cannot_read(path, &e))?;
    let mut folders = Vec::new();
    for entry in read {
        let folder = entry.map_err(|e| cannot_read(path, &e))?.path();
        let working = folder
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !working && is_archive(&folder) {
            let text = std::fs::read_to_string(folder.join(MANIFEST)).unwrap_or_default();
            let last = Manifest::read(&text).map_or(0, |manifest| manifest.chain.last);
            folders.push((folder, last));
        }
    }
    Ok(folders)
}

fn cannot_read(path: &Path, why: &std::io::Error) -> Error {
    match why.kind() {
        std::io::ErrorKind::NotFound => Error::File(FileTrouble {
            path: path.to_owned(),
            reason: Msg::new("archive.proof.not_there"),
        }),
        _ => cannot_write(path, why),
    }
}

fn one(path: &Path, bench: &mut Bench<'_>) -> Result<Proof> {
    let mut proof = Proof {
        folder: path.to_owned(),
        ..Proof::default()
    };
    let bytes = match std::fs::read(path.join(MANIFEST)) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && path.is_dir() => {
            proof.find("missing", MANIFEST, "missing");
            return Ok(proof);
        }
        read => read.map_err(|e| cannot_read(path, &e))?,
    };
    proof.own = sha256(&bytes);
    let Some(manifest) = String::from_utf8(bytes)
        .ok()
        .and_then(|text| Manifest::read(&text))
    else {
        proof.find("manifest", MANIFEST, "manifest");
        return Ok(proof);
    };
    files(path, &manifest, &mut proof, bench)?;
    if manifest.kind != Kind::Masked {
        chain::segment(path, &manifest, &mut proof, bench)?;
        chain::earlier(path, &manifest, &mut proof, bench)?;
        records::remade(path, &manifest, &mut proof, bench)?;
    }
    counts::agree(path, &manifest, &mut proof, bench)?;
    proof.manifest = Some(manifest);
    Ok(proof)
}

/// Every file by name: those that differ, are missing, or are extra.
fn files(path: &Path, manifest: &Manifest, proof: &mut Proof, bench: &mut Bench<'_>) -> Result<()> {
    let mut there = BTreeSet::new();
    walk(path, "", &mut there)?;
    there.remove(MANIFEST);
    let named: BTreeMap<&str, &str> = manifest
        .files
        .iter()
        .map(|(name, hash)| (name.as_str(), hash.as_str()))
        .collect();
    for (name, hash) in &named {
        bench.one()?;
        if !there.contains(*name) {
            proof.find("missing", name, "missing");
            continue;
        }
        match sha256_of(&path.join(name)) {
            Ok(computed) if computed == *hash => {}
            Ok(_) => proof.find("differs", name, "differs"),
            Err(_) => proof.find("differs", name, "unreadable"),
        }
    }
    for name in there
        .iter()
        .filter(|name| !named.contains_key(name.as_str()))
    {
        proof.find("extra", name, "extra");
    }
    Ok(())
}

fn walk(root: &Path, under: &str, names: &mut BTreeSet<String>) -> Result<()> {
    let folder = root.join(under);
    let read = std::fs::read_dir(&folder).map_err(|e| cannot_read(&folder, &e))?;
    for entry in read {
        let entry = entry.map_err(|e| cannot_read(&folder, &e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let name = match under {
            "" => name,
            under => format!("{under}/{name}"),
        };
        let kind = entry.file_type().map_err(|e| cannot_read(&folder, &e))?;
        if kind.is_dir() {
            walk(root, &name, names)?;
        } else {
            names.insert(name);
        }
    }
    Ok(())
}
