//! `dutydesk demo`: a file like a real building's year.

use super::{Ran, Session};

/// 演示 · fills a fresh file with a building's year and opens it
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Records
    #[arg(long, default_value_t = 600)]
    records: u32,
}

/// A progress bar on stderr; hidden when stderr is no terminal.
pub(super) fn bar(session: &Session, key: &str) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {eta}");
    let bar = indicatif::ProgressBar::new(0).with_message(session.voice.text(key));
    match style {
        Ok(style) => bar.with_style(style.progress_chars("█▌░")),
        Err(_) => bar,
    }
}

pub(super) fn run(_session: &Session, _args: &Args) -> Ran {
    Ok(0)
}
