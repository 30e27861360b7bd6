//! Without a subcommand: the desk itself.

use std::io::IsTerminal;

use super::{Clock, Ran, Session, Trouble, opened};
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
    let voice = session.voice();
    let heart = crate::tui::heartbeat::Heartbeat::of(&super::data_folder(), &path);
    crate::tui::run(
        // The screen is taken when the file is open, so what takes long can be told before.
        move || Ok(opened(&path, Mode::Create, rules, voice)?.with_documents(documents)),
        crate::tui::Outside {
            voice: session.voice(),
            look: session.look,
            heart,
        },
        move || clock.now(),
    )?;
    Ok(0)
}
