//! Copies of the file 备份: one a day, proved before it counts, kept by a rotation, and on a second place when one is
//! there; and the way back from a copy.
//!
//! ```text
//!  rotation  which copies are kept (pure)
//!  prove     a copy is proved from the copy itself
//!  keep      the day's copy, the second place, what is not needed any more
//!  state     what is where, for the person
//!  restore   a copy takes the file's place
//! ```

mod keep;
mod prove;
pub mod restore;
pub mod rotation;
mod state;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use keep::{Made, Second};
pub use prove::Proof;
pub use state::{Copied, Place, State};

use crate::rules::ruleset::Rules;
use crate::store::untouched::beside;
use crate::store::{FileTrouble, Stored, io_trouble};

/// Where copies go and how many are kept, from the settings of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The folder of the copies.
    pub folder: PathBuf,
    /// What their names begin with: the file's own name.
    pub stem: String,
    /// Days kept; at least one.
    pub daily: usize,
    /// Months kept.
    pub monthly: usize,
    /// The folder of the second place, such as a stick; it is never made, so that a stick that is not there is not
    /// taken for the empty folder it is put on.
    pub second: Option<PathBuf>,
}

impl Plan {
    /// For the file at `path`. Folders that are not absolute are beside it.
    pub fn of(path: &Path, rules: &Rules) -> Self {
        let site = rules.site();
        let count = |key: &str| usize::try_from(site.int(key)).unwrap_or(0);
        let home = path.parent().unwrap_or(Path::new(""));
        let second = site.word("backup_second").trim();
        Self {
            folder: home.join(site.word("backup_folder").trim()),
            stem: path
                .file_stem()
                .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned()),
            daily: count("backup_daily").max(1),
            monthly: count("backup_monthly"),
            second: (!second.is_empty()).then(|| home.join(second)),
        }
    }
}

/// What a copy is called while it is being written.
fn part_of(path: &Path) -> PathBuf {
    beside(path, ".part")
}

/// Gives a finished part its name, so that it is there after a power cut too.
fn settle(part: &Path, name: &Path) -> Stored<()> {
    std::fs::rename(part, name).map_err(|e| io_trouble(name, &e))?;
    // A system that cannot flush a folder keeps the name in its own time.
    if let Some(folder) = name.parent()
        && let Ok(folder) = std::fs::File::open(if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        })
    {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn trouble(path: &Path, reason: crate::base::i18n::Msg) -> FileTrouble {
    FileTrouble {
        path: path.to_owned(),
        reason,
    }
}
