//! The thread of the long work, one at a time.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant as Moment};

use super::job::{self, Task};
use super::message::Message;
use crate::base::i18n::{Msg, Voice};
use crate::base::progress::Progress;
use crate::base::time::Instant;
use crate::desk::{Desk, Error};
use crate::documents::Documents;
use crate::record::request::Operator;
use crate::rules::ruleset::Rules;
use crate::store::{FileTrouble, Mode};

/// How often it is told how far the work is.
const TELL: Duration = Duration::from_millis(100);

/// Where long work is begun and stopped.
pub struct Jobs {
    /// The file.
    pub path: PathBuf,
    /// The rules it is worked by.
    pub rules: Rules,
    /// The papers that can be printed.
    pub documents: Arc<Documents>,
    /// Language and zone.
    pub voice: Voice,
    /// Where it is told.
    pub to: Sender<Message>,
    /// The work at hand: its stop, and its end.
    pub running: Option<(Arc<AtomicBool>, Receiver<()>)>,
}

impl Jobs {
    /// Begins the work.
    pub fn begin(&mut self, task: Task, who: Option<Operator>, now: Instant) {
        let stop = Arc::new(AtomicBool::new(false));
        let (done, ended) = mpsc::channel();
        self.running = Some((Arc::clone(&stop), ended));
        let (path, rules) = (self.path.clone(), self.rules.clone());
        let (documents, voice) = (Arc::clone(&self.documents), self.voice);
        let told = Told {
            to: self.to.clone(),
            path: path.clone(),
        };
        thread::spawn(move || {
            let to = told.to.clone();
            let mut last = Moment::now();
            let mut watch = |progress: Progress| {
                if last.elapsed() >= TELL {
                    last = Moment::now();
                    let _ = to.send(Message::Progress(progress));
                }
                match stop.load(Ordering::Relaxed) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            };
            let ended = Desk::open(&path, Mode::Existing, rules).and_then(|desk| {
                let mut desk = desk.with_documents(documents);
                let who = who.unwrap_or_default();
                job::run(&mut desk, &task, &who, voice, now, &mut watch)
            });
            let _ = told.to.send(Message::Ended(ended));
            drop(told);
            drop(done);
        });
    }

    /// Asks it to stop.
    pub fn stop(&self) {
        if let Some((stop, _)) = &self.running {
            stop.store(true, Ordering::Relaxed);
        }
    }

    /// Stops it and waits until nothing half is left, two seconds at most.
    pub fn end(self) {
        self.stop();
        if let Some((_, ended)) = self.running {
            let _ = ended.recv_timeout(Duration::from_secs(2));
        }
    }
}

/// Tells of the end even when the work broke down.
struct Told {
    to: Sender<Message>,
    path: PathBuf,
}

impl Drop for Told {
    fn drop(&mut self) {
        if thread::panicking() {
            let error = Error::File(FileTrouble {
                path: self.path.clone(),
                reason: Msg::new("tui.lost"),
            });
            let _ = self.to.send(Message::Ended(Err(error)));
        }
    }
}
