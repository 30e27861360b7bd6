//! What is where: remembered in the file, looked at in the folders, told to the person.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Plan;
use super::keep::copies;
use super::prove::Proof;
use super::rotation::Stamp;
use crate::base::i18n::{Msg, Voice};
use crate::base::time::{Instant, LocalDate};
use crate::desk::{Desk, Result};

/// Where it is remembered in the file.
const MEMO: &str = "backup";

/// A copy as it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// When.
    pub at: Instant,
    /// Where.
    pub file: PathBuf,
    /// Entries of its journal.
    pub entries: i64,
    /// Size in bytes.
    pub bytes: u64,
}

impl Copied {
    pub(super) fn new(file: &Path, at: Instant, proof: &Proof) -> Self {
        Self {
            at,
            file: file.to_owned(),
            entries: proof.entries,
            bytes: proof.bytes,
        }
    }
}

/// What the file remembers of its copies.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Memory {
    #[serde(default)]
    pub(super) last: Option<Copied>,
    #[serde(default)]
    pub(super) second: Option<Copied>,
    #[serde(default)]
    pub(super) trouble: Option<Msg>,
}

impl Memory {
    pub(super) fn of(desk: &Desk) -> Result<Self> {
        let known = desk.memo(MEMO)?.unwrap_or_default();
        Ok(serde_json::from_str(&known).unwrap_or_default())
    }

    pub(super) fn keep(&self, desk: &Desk) -> Result<()> {
        desk.set_memo(MEMO, &serde_json::json!(self).to_string())
    }
}

/// The second place as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// None is set.
    Unset,
    /// Not there now.
    Absent,
    /// There; with what went wrong the last time, if anything did.
    Present(Option<Msg>),
}

/// How the copies stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Where they go, how many are kept.
    pub plan: Plan,
    /// The last one that was made and proved, if its file is still there.
    pub last: Option<Copied>,
    /// Whether there is one of today.
    pub today: bool,
    /// All in the folder: name, day, bytes; oldest first.
    pub copies: Vec<(String, LocalDate, u64)>,
    /// The second place.
    pub place: Place,
    /// The last copy that was brought there.
    pub second: Option<Copied>,
}

impl Desk {
    /// How the copies stand.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when the file cannot be read.
    pub fn backup_state(&self, now: Instant) -> Result<State> {
        let plan = Plan::of(self.path(), &self.rules);
        let memory = Memory::of(self)?;
        let day = self.rules.zone().date(now);
        let name = Stamp { day, clock: None }.name(&plan.stem);
        let place = match &plan.second {
            None => Place::Unset,
            Some(folder) if folder.is_dir() => Place::Present(memory.trouble),
            Some(_) => Place::Absent,
        };
        let copies = copies(&plan.folder, &plan.stem)
            .into_iter()
            .map(|(stamp, bytes)| (stamp.name(&plan.stem), stamp.day, bytes))
            .collect();
        Ok(State {
            today: plan.folder.join(name).is_file(),
            last: memory.last.filter(|last| last.file.is_file()),
            second: memory.second,
            copies,
            place,
            plan,
        })
    }
}

impl State {
    /// In one line: `备份 今天 09:00 · U盘 未插`.
    pub fn line(&self, voice: &Voice, now: Instant) -> String {
        let when = |copied: Option<&Copied>| match copied {
            Some(copied) => day_and_time(voice, copied.at, now),
            None => voice.text("backup.never"),
        };
        let mut line = voice.say(&Msg::new("backup.line").with("when", when(self.last.as_ref())));
        let second = match &self.place {
            Place::Unset => return line,
            Place::Absent => voice.text("backup.absent"),
            Place::Present(Some(_)) => voice.text("backup.failed"),
            Place::Present(None) => when(self.second.as_ref()),
        };
        line.push_str(&voice.say(&Msg::new("backup.line_second").with("how", second)));
        line
    }
}

/// `今天 09:00`, `2026-03-01 09:00`.
fn day_and_time(voice: &Voice, at: Instant, now: Instant) -> String {
    let local = voice.zone.local(at);
    let clock = local.format("%H:%M").to_string();
    match voice.zone.date(at) == voice.zone.date(now) {
        true => voice.say(&Msg::new("backup.today").with("clock", clock)),
        false => format!("{} {clock}", local.date()),
    }
}
