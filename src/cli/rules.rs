//! `dutydesk rules`: the rules alone; touches no file.

use super::{Ran, Session};

/// 只问规程 · the rules alone; touches no file
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(super) fn run(_session: &Session, _args: &Args) -> Ran {
    Ok(0)
}
