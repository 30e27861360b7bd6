//! The month's archive 月档: a folder that proves itself, made once a month, kept for ever.
//!
//! ```text
//!  mod         check and write: what the command line and the desk call
//!  book        which records belong to a month
//!  content     the files, a pure function of (file up to an entry, month, moment)
//!  registers   … as JSON Lines, CSV and a workbook      statistics, gaps, runs   what they add up to, what is missing
//!  mask        a copy for others                        readme                   for a stranger in twenty years
//!  manifest    every file's hash; the link to the month before
//!  pack        the folder under its working name, hashed while it is written, renamed when whole
//!  verify      proof without the database               reopen                   back into a scratch file, to be looked at
//! ```
//!
//! Sealing: the folder is written under a working name, then one entry goes into the journal, with the hash of the
//! manifest and the last entry that the archive knows, then the folder gets its name. Killed in between, the next run makes the
//! same bytes from that entry.

mod book;
mod content;
pub mod gaps;
pub mod manifest;
pub mod mask;
pub mod pack;
pub mod papers;
mod readme;
mod registers;
pub mod reopen;
pub mod runs;
mod statistics;
pub mod verify;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use book::Scope;
use content::{Spec, Teller, survey};
pub use gaps::Gaps;
pub use manifest::Kind;
use pack::{Pack, sha256_of};
pub use papers::Papers;

use crate::base::i18n::Msg;
use crate::base::progress::Progress;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::{Instant, Month};
use crate::desk::past::{Past, cannot_write};
use crate::desk::seal::{Seal, Sealing};
use crate::desk::{Desk, Error, Result};
use crate::record::field::Choice;
use crate::record::request::Operator;
use crate::tables::mask as tables_mask;

/// How often an archive is begun anew because somebody wrote to its month meanwhile.
const ATTEMPTS: usize = 5;

/// What is to be archived, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The month.
    pub month: Month,
    /// The folder that archives stand in.
    pub out: PathBuf,
    /// Sealed, interim, or a masked copy of what is sealed.
    pub kind: Kind,
    /// Why, although something is missing.
    pub reason: Option<String>,
    /// Which papers go in; when nobody says, all of a month of ordinary size, else those that were issued.
    pub papers: Option<Papers>,
}

/// An archive that stands.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The month.
    pub month: Month,
    /// What sort.
    pub kind: Kind,
    /// Its folder.
    pub folder: PathBuf,
    /// SHA-256 of its manifest.
    pub manifest: String,
    /// Records in it.
    pub records: u64,
    /// Entries in its stretch of the journal.
    pub entries: u64,
    /// Whether it stood there already, with the same bytes.
    pub already: bool,
    /// What was missing or open.
    pub gaps: Gaps,
}

/// It was stopped; nothing is left, nothing was sealed.
pub(crate) fn stopped() -> Error {
    refused(RefusalCode::NotNow, Msg::new("archive.stopped"), "")
}

fn refused(code: RefusalCode, message: Msg, field: &str) -> Error {
    let refusal = Refusal::new(code, message);
    match field {
        "" => refusal.into(),
        field => refusal.field(field).into(),
    }
}

/// The months sealed before this one's seal, and the seal itself.
fn split(mut seals: Vec<Seal>, month: Month) -> (Vec<Seal>, Option<Seal>) {
    match seals.iter().position(|seal| seal.month == month) {
        Some(at) => {
            seals.truncate(at + 1);
            let seal = seals.pop();
            (seals, seal)
        }
        None => (seals, None),
    }
}

/// What the archive of a month speaks of; as it was sealed, or as it would be now.
fn scope(past: &Past<'_>, earlier: Vec<Seal>, month: Month, at: Instant) -> Scope {
    Scope {
        month,
        zone: past.rules().zone(),
        lexicon: past.rules().lexicon(),
        earlier,
        at,
    }
}

/// What is missing or open before a month is sealed; of a sealed month, what was.
///
/// # Errors
/// [`Error::File`] when the file cannot be read.
pub fn check(desk: &Desk, month: Month, now: Instant) -> Result<Gaps> {
    check_with(desk, month, now, &mut |_| ControlFlow::Continue(()))
}

/// As [`check`], with progress; can be stopped.
///
/// # Errors
/// As [`check`]; `not_now` when it was stopped.
pub fn check_with(
    desk: &Desk,
    month: Month,
    now: Instant,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Gaps> {
    let (earlier, seal) = split(desk.seals()?, month);
    let past = desk.past(seal.as_ref().map(|seal| seal.upto))?;
    let at = seal.map_or(now, |seal| seal.at);
    let scope = scope(&past, earlier, month, at);
    let mut teller = Teller::new(&past, &scope, progress)?;
    survey(&past, &scope, &mut teller)
}

/// Whether a month is sealed in this file.
///
/// # Errors
/// [`Error::File`] when the file cannot be read.
pub fn seal_of(desk: &Desk, month: Month) -> Result<Option<Seal>> {
    Ok(split(desk.seals()?, month).1)
}

/// Writes the archive of a month; seals the month when it is not sealed yet. `progress` is told how far it is and says
/// whether to go on; stopped, nothing is left and nothing is sealed.
///
/// # Errors
/// [`Error::Refused`]: the month is not over; something is missing and no reason was given; another archive stands
/// there; a masked copy was asked for of what is not sealed; it was stopped. [`Error::File`]: it cannot be written.
pub fn write(
    desk: &mut Desk,
    options: &Options,
    who: &Operator,
    now: Instant,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Sealed> {
    let zone = desk.rules().zone();
    let month = options.month;
    if options.kind != Kind::Interim && now < month.end(zone) {
        let message = Msg::new("archive.unfinished")
            .with("month", month.to_string())
            .with("end", month.end(zone));
        return Err(refused(RefusalCode::NotNow, message, "month"));
    }
    for _ in 0..ATTEMPTS {
        if let Some(sealed) = attempt(desk, options, who, now, progress)? {
            return Ok(sealed);
        }
    }
    let message = Msg::new("archive.overtaken").with("month", month.to_string());
    Err(refused(RefusalCode::NotNow, message, "month"))
}

/// One attempt; nothing when the month was written to meanwhile.
fn attempt(
    desk: &mut Desk,
    options: &Options,
    who: &Operator,
    now: Instant,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Option<Sealed>> {
    let month = options.month;
    let (earlier, seal) = split(desk.seals()?, month);
    if seal.is_none() && options.kind == Kind::Masked {
        let message = Msg::new("archive.mask_first").with("month", month.to_string());
        return Err(refused(RefusalCode::NotNow, message, "mask"));
    }
    // What is interim is told as of now, sealed or not.
    let seal = seal.filter(|_| options.kind != Kind::Interim);
    if let Some(standing) = standing(options, seal.as_ref())? {
        return Ok(Some(standing));
    }
    let past = desk.past(seal.as_ref().map(|seal| seal.upto))?;
    let scope = scope(
        &past,
        earlier,
        month,
        seal.as_ref().map_or(now, |seal| seal.at),
    );
    let by = seal
        .as_ref()
        .map_or(who.name.as_str(), |seal| seal.by.as_str());
    let reason = match &seal {
        Some(seal) => seal.reason.as_deref(),
        None => options.reason.as_deref(),
    };
    let sealed_with = seal
        .as_ref()
        .map(|seal| seal.papers.as_deref().unwrap_or_default());
    let papers = match sealed_with {
        // A paper is full of names.
        _ if options.kind == Kind::Masked => Papers::None,
        Some(code) => Papers::from_code(code).unwrap_or(Papers::None),
        None => match options.papers {
            Some(papers) => papers,
            None => papers::usual(&past, month)?,
        },
    };
    let hidden = tables_mask::text(by);
    let quiet = reason.map(mask::loose);
    let masked = options.kind == Kind::Masked;
    let spec = Spec {
        kind: options.kind,
        by: if masked { &hidden } else { by },
        reason: if masked { quiet.as_deref() } else { reason },
        papers,
    };
    let mut pack = Pack::begin(&options.out, &options.kind.folder(month))?;
    let mut teller = Teller::new(&past, &scope, progress)?;
    let written = content::write(&past, &scope, &spec, &mut pack, &mut teller)?;
    let upto = past.upto;
    drop(past);
    if options.kind == Kind::Sealed {
        match &seal {
            Some(seal) if seal.manifest != written.manifest => {
                let message = Msg::new("archive.differs").with("month", month.to_string());
                return Err(refused(RefusalCode::Duplicate, message, "month"));
            }
            Some(_) => {}
            None => {
                explained(&written.gaps, reason)?;
                let sealing = Sealing {
                    month,
                    upto,
                    head: written.head,
                    manifest: written.manifest.clone(),
                    records: written.records,
                    entries: written.entries,
                    reason: reason.map(str::to_owned),
                    papers: papers.code(),
                };
                if !desk.seal(&sealing, who, now)? {
                    return Ok(None);
                }
            }
        }
    }
    let folder = pack.rename()?;
    Ok(Some(Sealed {
        month,
        kind: options.kind,
        folder,
        manifest: written.manifest,
        records: written.records,
        entries: written.entries,
        already: false,
        gaps: written.gaps,
    }))
}

/// Whether what must be explained has a reason.
///
/// # Errors
/// `missing_field` reason.
pub fn explained(gaps: &Gaps, reason: Option<&str>) -> Result<()> {
    let open = gaps.to_explain();
    if open == 0 || reason.is_some_and(|reason| !reason.trim().is_empty()) {
        return Ok(());
    }
    let message = Msg::new("archive.unexplained").with("n", open as i64);
    Err(refused(RefusalCode::MissingField, message, "reason"))
}

/// The archive that stands there already, when it is the one that was sealed and every byte of it is sound.
fn standing(options: &Options, seal: Option<&Seal>) -> Result<Option<Sealed>> {
    let folder = options.out.join(options.kind.folder(options.month));
    if !folder.exists() {
        return Ok(None);
    }
    let other = |key: &str| {
        let message = Msg::new(key)
            .with("month", options.month.to_string())
            .with("path", folder.display().to_string());
        Err(refused(RefusalCode::Duplicate, message, "out"))
    };
    let proof = verify::folder(&folder, &mut |_| ControlFlow::Continue(()))?;
    let own = sha256_of(&folder.join(manifest::MANIFEST)).unwrap_or_default();
    match (&proof.manifest, seal) {
        (Some(manifest), Some(seal))
            if options.kind == Kind::Sealed && proof.sound() && seal.manifest == own =>
        {
            let all = manifest.counts.iter();
            let records = all
                .filter(|(key, _)| key.starts_with("register "))
                .map(|(_, n)| n)
                .sum();
            Ok(Some(Sealed {
                month: options.month,
                kind: options.kind,
                folder,
                manifest: own,
                records,
                entries: manifest.counts.get("entries").copied().unwrap_or(0),
                already: true,
                gaps: Gaps::default(),
            }))
        }
        _ if options.kind == Kind::Sealed => other("archive.other_there"),
        // What was told for a moment, or copied for others, is made anew when nothing else stands there.
        (Some(manifest), _) if manifest.kind == options.kind && proof.sound() => {
            remove(&folder)?;
            Ok(None)
        }
        _ => other("archive.not_ours"),
    }
}

fn remove(folder: &Path) -> Result<()> {
    std::fs::remove_dir_all(folder).map_err(|e| cannot_write(folder, &e))
}
