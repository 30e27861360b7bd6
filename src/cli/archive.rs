//! `dutydesk archive`: the month's archive, its proof, and a look into it.

use std::io::{BufRead, IsTerminal};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::stop::Stop;
use super::{Clock, Format, Ran, Session, Trouble, open, out};
use crate::archive::{self, Gaps, Kind, Options, Papers, Sealed, reopen, verify};
use crate::base::i18n::Msg;
use crate::base::progress::Progress;
use crate::base::time::Month;
use crate::desk::{Desk, Error};
use crate::record::field::Choice;
use crate::store::Mode;

/// 月档 · seals a month: registers, journal, statistics and proof in one folder; verify, open
///
/// 封存之后这个月不能再改，以后发现的计入当月并注明所属月份。Sealed months are read-only; what is found later goes into
/// the month it is found in and names the one it belongs to.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// The month, such as 2026-03
    #[arg(required = true, value_name = "YYYY-MM")]
    month: Option<String>,
    /// The folder that archives stand in; the month's own folder is made in it
    #[arg(long, value_name = "DIR", required_unless_present = "dry_run")]
    out: Option<PathBuf>,
    /// Also a copy for others, with names and telephone numbers hidden
    #[arg(long)]
    mask: bool,
    /// Why the month is sealed although something is missing; goes into the archive
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Only tells what is missing or open; exit 1 when something must be explained
    #[arg(long)]
    dry_run: bool,
    /// Which papers go in; without it all of a month of up to 1,000 records, of a larger one those that were issued
    #[arg(long, value_enum)]
    papers: Option<PapersArg>,
    /// A look at an unfinished month; nothing is sealed
    #[arg(long, conflicts_with = "mask")]
    interim: bool,
}

/// Which papers go into an archive.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum PapersArg {
    /// Those that were issued and still say what is so
    Issued,
    /// Every paper that the records have
    All,
    /// None
    None,
}

impl PapersArg {
    fn papers(self) -> Papers {
        match self {
            PapersArg::Issued => Papers::Issued,
            PapersArg::All => Papers::All,
            PapersArg::None => Papers::None,
        }
    }
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 检验月档 · proves an archive, or a folder of them, without the database; exit 1 with what is wrong
    Verify {
        /// A month's folder, or the folder that months stand in
        path: PathBuf,
    },
    /// 查看月档 · proves an archive and shows it in the desk, read-only
    Open {
        /// A month's folder
        path: PathBuf,
        /// Only reads it back, and says where it is
        #[arg(long)]
        no_open: bool,
    },
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    match &args.command {
        Some(Command::Verify { path }) => prove(session, path),
        Some(Command::Open { path, no_open }) => look(session, path, *no_open),
        None => make(session, args),
    }
}

/// A bar, and Ctrl-C.
struct Waiting {
    bar: indicatif::ProgressBar,
    stop: Stop,
}

impl Waiting {
    fn begin(session: &Session, key: &str) -> Self {
        Self {
            bar: super::demo::bar(&session.voice(), key),
            stop: Stop::listen(),
        }
    }

    fn tell(&self, Progress { done, all }: Progress) -> ControlFlow<()> {
        self.bar.set_length(all.unwrap_or(done));
        self.bar.set_position(done);
        match self.stop.asked() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn make(session: &Session, args: &Args) -> Ran {
    let typed = args.month.as_deref().unwrap_or_default();
    let Some(month) = Month::parse(typed) else {
        let why = session.voice().text("why.month");
        return Err(Trouble::Usage(format!("archive {typed}: {why}")));
    };
    let mut desk = session.desk(Mode::Existing)?;
    if args.dry_run {
        return dry_run(session, &desk, month);
    }
    let mut options = Options {
        month,
        out: args.out.clone().unwrap_or_default(),
        kind: if args.interim {
            Kind::Interim
        } else {
            Kind::Sealed
        },
        reason: args
            .reason
            .clone()
            .filter(|reason| !reason.trim().is_empty()),
        papers: args.papers.map(PapersArg::papers),
    };
    let over = session.now() >= month.end(session.rules.zone());
    if options.kind == Kind::Sealed && over && archive::seal_of(&desk, month)?.is_none() {
        let gaps = survey(session, &desk, month)?;
        if gaps.to_explain() > 0 && options.reason.is_none() {
            options.reason = asked(session, &gaps);
            if options.reason.is_none() {
                return unexplained(session, &gaps);
            }
        }
    }
    let sealed = written(session, &mut desk, &options)?;
    let masked = match args.mask {
        true => {
            options.kind = Kind::Masked;
            Some(written(session, &mut desk, &options)?)
        }
        false => None,
    };
    match session.format {
        Format::Json => {
            let mut answer = done(session, &sealed);
            if let (Some(masked), Some(map)) = (&masked, answer.as_object_mut()) {
                map.insert("masked".to_owned(), done(session, masked));
            }
            session.print(&answer);
        }
        _ => {
            tell(session, &sealed);
            if let Some(masked) = &masked {
                tell(session, masked);
            }
        }
    }
    Ok(0)
}

fn survey(session: &Session, desk: &Desk, month: Month) -> Result<Gaps, Trouble> {
    let waiting = Waiting::begin(session, "archive.checking");
    let mut progress = |told| waiting.tell(told);
    Ok(archive::check_with(
        desk,
        month,
        session.now(),
        &mut progress,
    )?)
}

fn written(session: &Session, desk: &mut Desk, options: &Options) -> Result<Sealed, Trouble> {
    let who = session.operator(desk)?;
    let waiting = Waiting::begin(session, "archive.writing");
    let mut progress = |told| waiting.tell(told);
    Ok(archive::write(
        desk,
        options,
        &who,
        session.now(),
        &mut progress,
    )?)
}

fn dry_run(session: &Session, desk: &Desk, month: Month) -> Ran {
    let gaps = survey(session, desk, month)?;
    match session.format {
        Format::Json => {
            let mut answer = gaps.json(&session.voice());
            if let Some(map) = answer.as_object_mut() {
                map.insert("month".to_owned(), month.to_string().into());
            }
            session.print(&answer);
        }
        _ => lines(session, &gaps).iter().for_each(|line| out(line)),
    }
    Ok(u8::from(gaps.to_explain() > 0))
}

/// The report in words: what must be explained one by one, the rest too; counts where there are more.
fn lines(session: &Session, gaps: &Gaps) -> Vec<String> {
    let voice = &session.voice();
    let mut lines = Vec::new();
    for (code, n) in gaps.counts() {
        let mark = if code.must_be_explained() {
            "✗"
        } else {
            "·"
        };
        let name = voice.text(&archive::gaps::Code::SET.label_key(code.code()));
        lines.push(format!("{mark} {name} {n}"));
        let told = gaps.findings().filter(|finding| finding.code == code);
        lines.extend(told.map(|finding| format!("    {}", voice.say(&finding.text))));
    }
    if lines.is_empty() {
        lines.push(voice.text("archive.no_gaps"));
    }
    lines
        .into_iter()
        .map(|line| crate::base::i18n::clean(&line))
        .collect()
}

/// The reason, from a person who is there.
fn asked(session: &Session, gaps: &Gaps) -> Option<String> {
    if !std::io::stdin().is_terminal() || session.format == Format::Json {
        return None;
    }
    lines(session, gaps)
        .iter()
        .for_each(|line| eprintln!("{line}"));
    let question = Msg::new("archive.ask").with("n", gaps.to_explain() as i64);
    eprint!("{}", session.voice().say(&question));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    let answer = answer.trim().to_owned();
    (read.is_ok() && !answer.is_empty()).then_some(answer)
}

fn unexplained(session: &Session, gaps: &Gaps) -> Ran {
    let refused: Error = archive::explained(gaps, None)
        .err()
        .unwrap_or_else(archive::stopped);
    let message = refused.message(&session.voice());
    if session.format == Format::Json {
        let mut answer = session.json().error(&refused);
        if let Some(map) = answer.as_object_mut() {
            map.insert("gaps".to_owned(), gaps.json(&session.voice()));
        }
        session.print(&answer);
    } else {
        lines(session, gaps)
            .iter()
            .for_each(|line| eprintln!("{line}"));
    }
    eprintln!("dutydesk: {}", crate::base::i18n::clean(&message));
    Ok(1)
}

fn done(session: &Session, sealed: &Sealed) -> Value {
    json!({
        "month": sealed.month.to_string(),
        "kind": sealed.kind.code(),
        "folder": sealed.folder.display().to_string(),
        "manifest": sealed.manifest,
        "records": sealed.records,
        "entries": sealed.entries,
        "already": sealed.already,
        "gaps": sealed.gaps.json(&session.voice())["counts"],
    })
}

fn tell(session: &Session, sealed: &Sealed) {
    let key = match (sealed.already, sealed.kind) {
        (true, _) => "archive.already",
        (false, Kind::Sealed) => "archive.done",
        (false, Kind::Interim) => "archive.done_interim",
        (false, Kind::Masked) => "archive.done_masked",
    };
    let message = Msg::new(key)
        .with("month", sealed.month.to_string())
        .with("folder", sealed.folder.display().to_string())
        .with("records", sealed.records as i64)
        .with("entries", sealed.entries as i64)
        .with("manifest", sealed.manifest.as_str());
    out(&session.voice().say(&message));
}

fn prove(session: &Session, path: &Path) -> Ran {
    let waiting = Waiting::begin(session, "archive.proving");
    let proofs = verify::path(path, &mut |told| waiting.tell(told))?;
    drop(waiting);
    let sound = proofs.iter().all(verify::Proof::sound);
    if session.format == Format::Json {
        let archives: Vec<Value> = proofs.iter().map(|p| p.json(&session.voice())).collect();
        session.print(&json!({"ok": sound, "archives": archives}));
    } else {
        for proof in &proofs {
            tell_proof(session, proof);
        }
    }
    Ok(u8::from(!sound))
}

fn tell_proof(session: &Session, proof: &verify::Proof) {
    let findings = proof.findings.iter();
    findings.for_each(|finding| out(&format!("✗ {}", session.voice().say(&finding.text))));
    let masked = proof
        .manifest
        .as_ref()
        .is_some_and(|m| m.kind == Kind::Masked);
    let key = match (proof.sound(), masked) {
        (true, false) => "archive.sound",
        (true, true) => "archive.sound_masked",
        (false, _) => "archive.found_wrong",
    };
    let message = Msg::new(key)
        .with("folder", proof.folder.display().to_string())
        .with("records", proof.records as i64)
        .with("entries", proof.entries as i64)
        .with("n", proof.found as i64)
        .with("manifest", proof.own.as_str());
    out(&session.voice().say(&message));
}

fn look(session: &Session, path: &Path, no_open: bool) -> Ran {
    let waiting = Waiting::begin(session, "archive.opening");
    let opened = reopen::open(path, session.rules.clone(), &mut |told| waiting.tell(told))?;
    drop(waiting);
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let file = opened.scratch.file();
    if !no_open && terminal {
        // The states are those of the moment the archive speaks of.
        return open::desk_at(session, file, Clock::Fixed(opened.at));
    }
    let at = session.voice().zone.rfc3339(opened.at);
    match session.format {
        Format::Json => session.print(&json!({
            "file": file.display().to_string(), "at": at, "records": opened.records, "manifest": opened.proof.own,
        })),
        _ => {
            let message = Msg::new("archive.opened")
                .with("file", file.display().to_string())
                .with("at", at)
                .with("records", opened.records as i64);
            out(&session.voice().say(&message));
        }
    }
    opened.scratch.keep();
    Ok(0)
}
