//! `dutydesk act`: an action on a record.

use std::path::PathBuf;

use super::input::{self, Input};
use super::{Format, Ran, Session, text};
use crate::desk::view::{Request, Target};
use crate::store::Mode;

/// 在一条记录上办一件事 · an action on a record
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The record's number, such as W-2026-00001
    no: String,
    /// The action's name; `dutydesk schema` lists them
    action: String,
    /// The action's fields as JSON; `-` is standard input
    #[arg(long, value_name = "FILE|-")]
    json: PathBuf,
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    let Input::One(data) = input::requests(&args.json)? else {
        return Err(input::not_an_object().into());
    };
    let mut desk = session.desk(Mode::Look)?;
    let who = session.operator(&desk)?;
    let request = Request {
        target: Target::On(args.no.to_uppercase()),
        action: Some(args.action.clone()),
        data,
    };
    let done = session.act(&mut desk, &request, &who)?;
    match session.format {
        Format::Json => session.print(&session.json().done(&done)),
        _ => text::done(session, &done),
    }
    Ok(0)
}
