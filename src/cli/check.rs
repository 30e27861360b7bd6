//! `dutydesk check`: proves the file.

use serde_json::json;

use super::{Format, Ran, Session, out};
use crate::base::i18n::Msg;
use crate::store::Mode;

/// 检验文件 · SQLite's own check, the hash chain, every projection against the journal
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Builds all tables anew from the journal first
    #[arg(long)]
    rebuild: bool,
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    let mut desk = session.desk(Mode::Existing)?;
    let bar = super::demo::bar(&session.voice(), "cli.checking");
    let mut progress = |done: u64, all: u64| {
        bar.set_length(all);
        bar.set_position(done);
    };
    if args.rebuild {
        desk.rebuild(&mut progress)?;
    }
    let audit = desk.audit(&mut progress)?;
    bar.finish_and_clear();
    let findings: Vec<String> = audit
        .findings
        .iter()
        .map(|finding| session.voice().say(finding))
        .collect();
    match session.format {
        Format::Json => session.print(&json!({
            "ok": findings.is_empty(), "entries": audit.entries, "records": audit.records, "head": audit.head,
            "rebuilt": args.rebuild, "findings": findings,
        })),
        _ => {
            findings.iter().for_each(|finding| out(&format!("✗ {finding}")));
            let key = if findings.is_empty() { "cli.check_ok" } else { "cli.check_bad" };
            out(&session.voice().say(
                &Msg::new(key).with("entries", audit.entries).with("records", audit.records as i64).with("head", audit.head.as_str()).with("n", findings.len()),
            ));
        }
    }
    Ok(u8::from(!findings.is_empty()))
}
