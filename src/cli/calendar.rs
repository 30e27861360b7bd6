//! `dutydesk calendar`: the public holidays and make-up workdays in use.

use std::path::PathBuf;

use super::{Ran, Session};

/// 放假安排 · public holidays and 调休 make-up workdays
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 导入放假安排 · takes a newer list and first shows which open records' due times change
    Import {
        /// CSV with the header date,kind,name; kind is off or work
        file: PathBuf,
        /// Takes it without asking
        #[arg(long)]
        yes: bool,
        /// Only shows what would change
        #[arg(long, conflicts_with = "yes")]
        dry_run: bool,
    },
    /// 查看 · the days of a year that differ from the week
    Show {
        /// The year
        year: Option<i32>,
    },
}

pub(super) fn run(_session: &Session, _args: &Args) -> Ran {
    Ok(0)
}
