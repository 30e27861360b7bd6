//! `dutydesk due`: what is owed.

use super::{Format, Ran, Session, text};
use crate::rules::deadline::DeadlineState;
use crate::store::Mode;

/// 应办事项 · what is owed, soonest first; exit 1 if anything is late (for cron)
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only of this register
    register: Option<String>,
    /// Lines at most
    #[arg(long, default_value_t = 200)]
    limit: usize,
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    let desk = session.desk(Mode::Look)?;
    if let Some(code) = args
        .register
        .as_deref()
        .filter(|code| crate::registers::register(code).is_none())
    {
        return Err(super::Trouble::Usage(session.voice().say(
            &crate::base::i18n::Msg::new("cli.no_register").with("register", code),
        )));
    }
    let items = desk.due(args.register.as_deref(), args.limit, session.now())?;
    let late = items
        .iter()
        .any(|item| item.deadline.state(session.now()) == DeadlineState::Late);
    match session.format {
        Format::Json => session.print(&session.json().due(&items)),
        _ => text::due(session, &items),
    }
    Ok(u8::from(late))
}
