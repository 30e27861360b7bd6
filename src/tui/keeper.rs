//! The thread that keeps the copies of the file: the day's copy when there is none yet, the second place when it has
//! come back. It has a connection of its own, so the desk answers while a large file is being copied.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::Duration;

use super::message::Message;
use crate::base::time::Instant;
use crate::desk::{Desk, Error};
use crate::rules::ruleset::Rules;
use crate::store::Mode;

/// How often it is looked whether a copy is due: midnight comes, and so does a stick.
const LOOK: Duration = Duration::from_secs(20);
/// How many looks are left out after something went wrong; a full stick stays full for a while.
const REST: u32 = 90;

/// Works until `until` has no other end any more.
pub fn keep(
    path: &Path,
    rules: Rules,
    clock: &impl Fn() -> Instant,
    to: &Sender<Message>,
    until: &Receiver<()>,
) {
    let desk = match Desk::open(path, Mode::Existing, rules) {
        Ok(desk) => desk,
        Err(error) => return drop(to.send(Message::Copies(Err(error)))),
    };
    let mut told = None;
    let mut rest = 0;
    loop {
        if rest == 0 {
            let looked = look(&desk, clock(), until);
            rest = if looked.is_err() { REST } else { 0 };
            // Only what is new is worth a message.
            if told.as_ref() != Some(&looked) {
                told = Some(looked.clone());
                if to.send(Message::Copies(looked)).is_err() {
                    return;
                }
            }
        } else {
            rest -= 1;
        }
        match until.recv_timeout(LOOK) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn look(
    desk: &Desk,
    now: Instant,
    until: &Receiver<()>,
) -> Result<Option<crate::desk::backup::State>, Error> {
    let mut watch = |_| match until.try_recv() {
        Err(TryRecvError::Empty) => ControlFlow::Continue(()),
        Ok(()) | Err(TryRecvError::Disconnected) => ControlFlow::Break(()),
    };
    desk.back_up_when_due(now, &mut watch)?;
    match desk.keeps_copies()? {
        true => Ok(Some(desk.backup_state(now)?)),
        false => Ok(None),
    }
}
