//! Without a subcommand: the desk itself.

use super::{Ran, Session};

pub(super) fn run(session: &Session) -> Ran {
    desk(session, session.path())
}

/// Opens the desk on a file.
pub(super) fn desk(session: &Session, _path: std::path::PathBuf) -> Ran {
    Err(super::Trouble::Usage(session.voice.text("cli.no_terminal")))
}
