//! Without a subcommand: the desk itself.

use std::io::IsTerminal;

use super::{Clock, Ran, Session, Trouble};
use crate::desk::Desk;
use crate::store::Mode;

pub(super) fn run(session: &Session) -> Ran {
    desk(session, session.path())
}

/// Opens the desk on a file.
pub(super) fn desk(session: &Session, path: std::path::PathBuf) -> Ran {
    desk_at(session, path, session.clock)
}

/// Opens the desk on a file by another clock.
pub(super) fn desk_at(session: &Session, path: std::path::PathBuf, clock: Clock) -> Ran {
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        return Err(Trouble::Usage(session.voice().text("cli.no_terminal")));
    }
    let rules = session.rules.clone();
    let documents = super::papers::load(session);
    if path.exists() {
        // What takes long is told before the screen is taken.
        drop(session.opened(&path, Mode::Existing)?);
    }
    crate::tui::run(
        move || Ok(Desk::open(&path, Mode::Create, rules)?.with_documents(documents)),
        session.voice(),
        move || clock.now(),
    )?;
    Ok(0)
}
