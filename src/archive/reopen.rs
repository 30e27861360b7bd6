//! A sealed month, read back into a scratch file, to be looked at.

use std::ops::ControlFlow;
use std::path::Path;

use serde_json::Value;

use super::content::{EARLIER, SEGMENT};
use super::manifest::Kind;
use super::registers::name;
use super::verify::{self, Proof, lines, read};
use crate::base::i18n::Msg;
use crate::base::progress::Progress;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::desk::Result;
use crate::desk::scratch::Scratch;
use crate::registers::REGISTERS;
use crate::rules::calendar::Calendar;
use crate::rules::ruleset::Rules;

/// Entries or records taken in at a time.
const BATCH: usize = 1_000;

/// A month read back. The file goes when this is dropped.
pub struct Opened {
    /// Where it is.
    pub scratch: Scratch,
    /// The proof that came first.
    pub proof: Proof,
    /// The moment the archive speaks of.
    pub at: Instant,
    /// Records in it.
    pub records: u64,
}

/// Proves the archive and reads it back.
///
/// # Errors
/// `not_now` when it does not prove, or is a masked copy, which holds no entries; [`crate::desk::Error::File`] when it cannot
/// be read or the scratch file cannot be written.
pub fn open(
    path: &Path,
    rules: Rules,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Opened> {
    let refuse = |key: &str| {
        let message = Msg::new(key).with("path", path.display().to_string());
        crate::desk::Error::from(Refusal::new(RefusalCode::NotNow, message).field("path"))
    };
    let proof = verify::folder(path, progress)?;
    let Some(manifest) = proof.manifest.clone().filter(|_| proof.sound()) else {
        return Err(refuse("archive.unsound"));
    };
    if manifest.kind == Kind::Masked {
        return Err(refuse("archive.no_entries"));
    }
    let at = rules.zone().parse(&manifest.at).unwrap_or_default();
    let scratch = Scratch::new()?;
    let mut desk = scratch.desk(rules)?;
    if let Some(calendar) = std::fs::read_to_string(path.join("calendar.csv"))
        .ok()
        .and_then(|csv| Calendar::parse(&csv).ok())
    {
        desk.with_calendar(&calendar)?;
    }
    for file in [EARLIER, SEGMENT] {
        let mut rows = lines(&path.join(file))
            .filter_map(|line| read(&line))
            .peekable();
        while rows.peek().is_some() {
            let batch: Vec<_> = rows.by_ref().take(BATCH).collect();
            desk.copy_in(&batch)?;
        }
    }
    desk.find_places()?;
    let mut records = 0;
    for register in REGISTERS {
        let mut numbers = lines(&path.join(name(*register, "jsonl")))
            .filter_map(|line| {
                let document: Value = serde_json::from_str(&line).ok()?;
                Some(document.get("no")?.as_str()?.to_owned())
            })
            .peekable();
        while numbers.peek().is_some() {
            let batch: Vec<String> = numbers.by_ref().take(BATCH).collect();
            desk.project_these(&batch)?;
            records += batch.len() as u64;
        }
    }
    desk.only_show(&manifest.month.to_string())?;
    Ok(Opened {
        scratch,
        proof,
        at,
        records,
    })
}
