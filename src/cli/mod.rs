//! The command line. One file a subcommand; help text is the doc comment. Every command prints one JSON document with
//! `--format json`, messages go to stderr, and nothing asks a question when stdin is not a terminal.

mod act;
mod add;
mod archive;
mod backup;
mod calendar;
mod check;
mod demo;
mod due;
mod export;
mod import;
mod input;
mod list;
mod open;
mod papers;
mod print;
mod procedures;
mod restore;
mod rules;
mod sample;
mod schema;
mod show;
mod stop;
pub mod text;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use serde_json::Value;

use crate::base::i18n::{Lang, Voice};
use crate::base::time::Instant;
use crate::desk::json::Json;
use crate::desk::view::{Done, Request};
use crate::desk::{Desk, Error};
use crate::record::request::Operator;
use crate::rules::ruleset::Rules;
use crate::store::Mode;
use crate::tui::theme::Look;

/// 值班台: the duty desk of a property company. Without a command it opens the desk itself.
///
/// 停电、维修、投诉、用电四本登记簿和当值日志，一个程序、一个文件、不联网。
#[derive(Debug, Parser)]
#[command(name = "dutydesk", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command understands.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// The file; without it, the one in the user's data folder
    #[arg(
        long,
        global = true,
        value_name = "DB",
        env = "DUTYDESK_FILE",
        overrides_with = "file"
    )]
    file: Option<PathBuf>,
    /// Language of sentences
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "zh",
        env = "DUTYDESK_LANG"
    )]
    lang: LangArg,
    /// Fixes the clock, for rehearsal and tests
    #[arg(long, global = true, value_name = "INSTANT", env = "DUTYDESK_NOW")]
    now: Option<String>,
    /// How answers are printed
    #[arg(long, global = true, value_enum)]
    format: Option<Format>,
    /// What the desk's screens look like
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        env = "DUTYDESK_THEME"
    )]
    theme: LookArg,
}

/// What the desk's screens look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LookArg {
    /// As the terminal suggests (COLORFGBG, NO_COLOR)
    Auto,
    /// Light letters on a dark ground
    Dark,
    /// Dark letters on a light ground
    Light,
    /// Bright letters on black
    Contrast,
    /// No colours
    Plain,
}

impl LookArg {
    const fn chosen(self) -> Option<Look> {
        match self {
            LookArg::Auto => None,
            LookArg::Dark => Some(Look::Dark),
            LookArg::Light => Some(Look::Light),
            LookArg::Contrast => Some(Look::Contrast),
            LookArg::Plain => Some(Look::Plain),
        }
    }
}

/// A language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LangArg {
    /// 中文
    #[value(alias = "zh-CN")]
    Zh,
    /// English
    En,
}

/// How answers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[value(alias = "table")]
    Text,
    /// One JSON document
    Json,
    /// Comma-separated, with a header
    Csv,
    /// A workbook; only `list … --out FILE`
    Xlsx,
    /// One JSON object a line; only `list … --out FILE`
    Jsonl,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(add::Args),
    Act(act::Args),
    Show(show::Args),
    List(list::Args),
    Due(due::Args),
    Rules(rules::Args),
    Sample(sample::Args),
    Calendar(calendar::Args),
    Demo(demo::Args),
    Archive(archive::Args),
    Import(import::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Print(print::Args),
    Check(check::Args),
    Schema(schema::Args),
    Procedures(procedures::Args),
}

/// What the clock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The wall clock.
    Running,
    /// Fixed by `--now`.
    Fixed(Instant),
}

impl Clock {
    /// Now.
    pub fn now(self) -> Instant {
        match self {
            Clock::Running => Instant::now(),
            Clock::Fixed(at) => at,
        }
    }
}

/// What every command is handed.
pub struct Session {
    /// Language and zone; from the moment a file is open, the words of the procedures that it is worked by.
    voice: Cell<Voice>,
    /// The clock.
    pub clock: Clock,
    /// What the desk's screens are to look like, if somebody has chosen.
    pub look: Option<Look>,
    /// How answers are printed.
    pub format: Format,
    /// The format that was asked for, if one was.
    pub asked: Option<Format>,
    /// Procedures and calendar.
    pub rules: Rules,
    file: Option<PathBuf>,
}

/// How a command ended, when it did not simply answer.
pub enum Trouble {
    /// Refused, or the file cannot be used.
    Desk(Error),
    /// Wrong usage, in words; exit 2.
    Usage(String),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Desk(error)
    }
}

impl From<crate::base::refusal::Refusal> for Trouble {
    fn from(refusal: crate::base::refusal::Refusal) -> Self {
        Trouble::Desk(refusal.into())
    }
}

/// Result of a command: its exit code.
pub type Ran = Result<u8, Trouble>;

/// Opens a file. One that an earlier version of the program wrote has its tables made anew, which is told on stderr.
fn opened(path: &Path, mode: Mode, rules: Rules, voice: Voice) -> Result<Desk, Error> {
    let mut bar = None;
    let desk = Desk::open_telling(path, mode, rules, |done, all| {
        let bar = bar.get_or_insert_with(|| demo::bar(&voice, "cli.lifting"));
        bar.set_length(all);
        bar.set_position(done);
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    desk
}

impl Session {
    fn now(&self) -> Instant {
        self.clock.now()
    }

    /// How answers are told.
    pub(super) fn voice(&self) -> Voice {
        self.voice.get()
    }

    fn json(&self) -> Json {
        Json {
            voice: self.voice(),
            now: self.now(),
        }
    }

    /// The file that commands work on.
    fn path(&self) -> PathBuf {
        self.file
            .clone()
            .unwrap_or_else(|| data_folder().join("dutydesk.db"))
    }

    fn desk(&self, mode: Mode) -> Result<Desk, Trouble> {
        let desk = self.quiet_desk(mode)?;
        procedures::remind(self, &desk);
        Ok(desk)
    }

    /// Without the reminder of procedures that wait, for the command that takes them up.
    fn quiet_desk(&self, mode: Mode) -> Result<Desk, Trouble> {
        let desk = opened(&self.path(), mode, self.rules.clone(), self.voice())?;
        let rules = desk.rules();
        self.voice.set(Voice {
            lexicon: rules.lexicon(),
            zone: rules.zone(),
            ..self.voice()
        });
        Ok(desk.with_documents(papers::load(self)))
    }

    /// Acts by the clock. One that `--now` fixes, for rehearsal and tests, may stand anywhere.
    fn act(
        &self,
        desk: &mut Desk,
        request: &Request,
        who: &Operator,
    ) -> Result<Done, crate::desk::Error> {
        match self.clock {
            Clock::Running => desk.act_by_clock(request, who, self.now()),
            Clock::Fixed(now) => desk.act(request, who, now),
        }
    }

    /// Who acts when a request names nobody: the desk's operator, else the command line itself.
    fn operator(&self, desk: &Desk) -> Result<Operator, Trouble> {
        let unnamed = || Operator {
            name: self.voice().text("cli.operator"),
            role: None,
        };
        Ok(desk.operator()?.unwrap_or_else(unnamed))
    }

    /// Prints a JSON document, one line.
    fn print(&self, value: &Value) {
        out(&value.to_string());
    }

    fn explain(&self, error: &Error) -> u8 {
        if self.format == Format::Json {
            self.print(&self.json().error(error));
        }
        eprintln!(
            "dutydesk: {}",
            crate::base::i18n::clean(&error.message(&self.voice()))
        );
        error.exit_code()
    }
}

/// Writes a line to stdout; a reader that has gone away is no error of ours.
pub fn out(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// The user's data folder, or `DUTYDESK_DATA`.
fn data_folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("DUTYDESK_DATA").filter(|folder| !folder.is_empty()) {
        return folder.into();
    }
    directories::ProjectDirs::from("", "", "dutydesk")
        .map_or_else(|| PathBuf::from("."), |dirs| dirs.data_dir().to_owned())
}

/// Parses the arguments, runs the command, answers the exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let lang = match cli.common.lang {
        LangArg::Zh => Lang::Zh,
        LangArg::En => Lang::En,
    };
    let rules = match procedures::load(lang) {
        Ok(rules) => rules,
        Err(message) => {
            eprintln!("dutydesk: {message}");
            return ExitCode::from(3);
        }
    };
    let voice = Voice {
        lang,
        zone: rules.zone(),
        lexicon: rules.lexicon(),
    };
    let clock = match cli
        .common
        .now
        .as_deref()
        .map(|text| (text, voice.zone.parse(text)))
    {
        None => Clock::Running,
        Some((_, Some(at))) => Clock::Fixed(at),
        Some((text, None)) => {
            eprintln!("dutydesk: --now {text}: {}", voice.text("why.instant"));
            return ExitCode::from(2);
        }
    };
    let session = Session {
        voice: Cell::new(voice),
        clock,
        look: cli.common.theme.chosen(),
        format: cli.common.format.unwrap_or(Format::Text),
        asked: cli.common.format,
        rules,
        file: cli.common.file,
    };
    ExitCode::from(run(&session, cli.command))
}

fn run(session: &Session, command: Option<Command>) -> u8 {
    let file_only = matches!(session.format, Format::Xlsx | Format::Jsonl);
    if file_only && !matches!(command, Some(Command::List(_))) {
        eprintln!("dutydesk: {}", export::only_list(session));
        return 2;
    }
    let ran = match command {
        None => open::run(session),
        Some(Command::Add(args)) => add::run(session, &args),
        Some(Command::Act(args)) => act::run(session, &args),
        Some(Command::Show(args)) => show::run(session, &args),
        Some(Command::List(args)) => list::run(session, &args),
        Some(Command::Due(args)) => due::run(session, &args),
        Some(Command::Rules(args)) => rules::run(session, &args),
        Some(Command::Sample(args)) => sample::run(session, &args),
        Some(Command::Calendar(args)) => calendar::run(session, &args),
        Some(Command::Demo(args)) => demo::run(session, &args),
        Some(Command::Archive(args)) => archive::run(session, &args),
        Some(Command::Import(args)) => import::run_command(session, &args),
        Some(Command::Backup(args)) => backup::run(session, &args),
        Some(Command::Restore(args)) => restore::run(session, &args),
        Some(Command::Print(args)) => print::run(session, &args),
        Some(Command::Check(args)) => check::run(session, &args),
        Some(Command::Schema(args)) => schema::run(session, &args),
        Some(Command::Procedures(args)) => procedures::run(session, &args),
    };
    match ran {
        Ok(code) => code,
        Err(Trouble::Desk(error)) => session.explain(&error),
        Err(Trouble::Usage(message)) => {
            eprintln!("dutydesk: {message}");
            2
        }
    }
}
