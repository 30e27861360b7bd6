//! The heartbeat of this machine: a few bytes outside of the file that say when the desk was last seen alive. A run that
//! ends properly takes them away, so what is found at the next start tells when the machine stopped without warning.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::base::hash::Hash;
use crate::base::time::Instant;

/// How often it beats.
const BEAT: Duration = Duration::from_secs(10);
/// Seconds without a beat that are worth a question: less is a program started anew, not a power cut.
const SILENCE: i64 = 60;
/// Seconds by which clocks may differ without anybody being told.
const JITTER: i64 = 60;

/// What the last beat tells at a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The machine was last seen alive then, and nothing ended it properly.
    Since(Instant),
    /// The clock shows an earlier time than it did then.
    ClockBack(Instant),
}

/// What a last beat means at the start of the next run.
pub fn silence(last: Option<Instant>, now: Instant) -> Option<Silence> {
    let last = last?;
    match now.seconds_since(last) {
        gap if gap >= SILENCE => Some(Silence::Since(last)),
        gap if gap < -JITTER => Some(Silence::ClockBack(last)),
        _ => None,
    }
}

/// By how much the clock on the wall moved otherwise than time itself between two ticks, if that is more than two
/// clocks differ: somebody set it, or the machine slept. Both spans in seconds.
pub fn jumped(by_clock: i64, passed: i64) -> bool {
    (by_clock - passed).abs() > JITTER
}

/// Where the beats of one file are kept.
#[derive(Clone, Debug)]
pub struct Heartbeat(PathBuf);

impl Heartbeat {
    /// The heartbeat of this machine for the desk's file `file`, in the user's data folder `folder`.
    pub fn of(folder: &Path, file: &Path) -> Self {
        let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        let name = Hash::of(whole.as_os_str().as_encoded_bytes()).hex();
        Self(folder.join("alive").join(name))
    }

    /// The last beat of a run that did not end properly.
    pub fn last(&self) -> Option<Instant> {
        let text = fs::read_to_string(&self.0).ok()?;
        Instant::stored(text.trim_end())
    }

    /// Beats once; on the disk when this returns.
    ///
    /// # Errors
    /// When the folder cannot be written to. A desk without a heartbeat works as before.
    pub fn beat(&self, now: Instant) -> io::Result<()> {
        if let Some(folder) = self.0.parent() {
            fs::create_dir_all(folder)?;
        }
        // Fewer bytes than a sector, written in place: there is never half a beat.
        let mut file = File::options()
            .create(true)
            .write(true)
            .truncate(false)
            .open(&self.0)?;
        file.write_all(format!("{now:?}\n").as_bytes())?;
        file.sync_data()
    }

    /// The run ends properly.
    pub fn end(&self) {
        let _ = fs::remove_file(&self.0);
    }

    /// Beats until `until` has no other end any more, then ends.
    pub fn run(&self, clock: &impl Fn() -> Instant, until: &Receiver<()>) {
        // A beat that cannot be written is tried again: a full disk may have room later.
        let _ = self.beat(clock());
        while matches!(until.recv_timeout(BEAT), Err(RecvTimeoutError::Timeout)) {
            let _ = self.beat(clock());
        }
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::default().plus_seconds(seconds)
    }

    #[test]
    fn what_the_last_beat_means() {
        for (last, now, told) in [
            (None, 500, None),
            (Some(at(400)), 459, None),
            (Some(at(400)), 460, Some(Silence::Since(at(400)))),
            (Some(at(400)), 341, None),
            (Some(at(400)), 339, Some(Silence::ClockBack(at(400)))),
        ] {
            assert_eq!(silence(last, at(now)), told, "{last:?} {now}");
        }
    }

    #[test]
    fn a_clock_that_moves_otherwise_than_time_has_jumped() {
        for (by_clock, passed, told) in [
            (1, 1, false),
            (60, 0, false),
            (61, 0, true),
            (3600, 0, true),
            (-61, 0, true),
            (0, 61, true),
            (300, 300, false),
        ] {
            assert_eq!(jumped(by_clock, passed), told, "{by_clock} {passed}");
        }
    }

    #[test]
    fn a_beat_is_found_again_until_the_run_ends_properly() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("desk.db");
        let heart = Heartbeat::of(folder.path(), &file);
        let other = Heartbeat::of(folder.path(), &folder.path().join("other.db"));
        assert_eq!(heart.last(), None);
        heart.beat(at(100)).unwrap();
        heart.beat(at(90)).unwrap();
        assert_eq!(Heartbeat::of(folder.path(), &file).last(), Some(at(90)));
        assert_eq!(other.last(), None, "another file has a heart of its own");
        heart.end();
        assert_eq!(heart.last(), None);
    }

    #[test]
    fn what_is_no_beat_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let heart = Heartbeat::of(folder.path(), &folder.path().join("desk.db"));
        heart.beat(at(1)).unwrap();
        for torn in ["", "\u{0}\u{0}", "2026-03-02", "2026-13-02T01:10:00Z"] {
            fs::write(&heart.0, torn).unwrap();
            assert_eq!(heart.last(), None, "{torn:?}");
        }
    }
}
