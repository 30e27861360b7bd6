//! `dutydesk backup`: a copy of the file.

use std::path::PathBuf;

use serde_json::json;

use super::{Format, Ran, Session, out};
use crate::i18n::Msg;
use crate::store::Mode;

/// 备份 · a whole copy of the file, checked before it gets its name; never overwrites
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where the copy goes
    to: PathBuf,
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    let desk = session.desk(Mode::Existing)?;
    desk.backup(&args.to)?;
    match session.format {
        Format::Json => session.print(&json!({"backup": args.to.display().to_string()})),
        _ => out(&session
            .voice
            .say(&Msg::new("cli.backup").with("path", args.to.display().to_string()))),
    }
    Ok(0)
}
