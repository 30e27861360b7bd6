//! `dutydesk import`: old registers and our own exports into the file.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::stop::Stop;
use super::text::cell;
use super::{Format, Ran, Session, Trouble, out};
use crate::base::i18n::{Msg, clean};
use crate::base::progress::Progress;
use crate::import::map::MapFile;
use crate::import::{
    Ask, ColumnPlan, Form, Kind, Options, Outcome, Plan, Sure, To, Way, plan, run,
};
use crate::store::Mode;
use crate::tables::flat::Flat;

/// 导入旧登记簿 · spreadsheet or CSV into a register; what is refused goes to a file with the reason, the rest is kept
///
/// XLSX, XLS, ODS, CSV and TSV (UTF-8, GB18030, UTF-16), and what `list … --full --out` wrote. What the columns are
/// taken for is told before anything is written; the same file twice adds nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file
    #[arg(value_name = "FILE")]
    from: PathBuf,
    /// outage, work-order, complaint, application or log
    #[arg(long = "as", value_name = "REGISTER")]
    register: String,
    /// What the columns mean, as a dry run prints it
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Tries every row and writes nothing; prints what the columns are taken for
    #[arg(long)]
    dry_run: bool,
    /// The sheet of a workbook; else the first with rows
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Who did what, where no column tells
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// A value for all rows that leave this field empty; `year=2025` for dates without a year; may be repeated
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    set: Vec<String>,
}

pub(super) fn run_command(session: &Session, args: &Args) -> Ran {
    let mut options = options(session, args)?;
    let mut plan = plan(&args.from, &args.register, &options)?;
    tell(session, &plan);
    if !plan.asks.is_empty() && std::io::stdin().is_terminal() && !args.dry_run {
        for ask in std::mem::take(&mut plan.asks) {
            if let Some(answer) = question(session, &ask) {
                options.set.push((ask.key, answer));
            }
        }
        plan = crate::import::plan(&args.from, &args.register, &options)?;
    }
    if args.dry_run && !plan.asks.is_empty() {
        print_plan(session, &plan, None);
        return Ok(1);
    }
    let way = if args.dry_run { Way::Try } else { Way::Keep };
    let mut desk = session.desk(if args.dry_run {
        Mode::Look
    } else {
        Mode::Create
    })?;
    let who = session.operator(&desk)?;
    let stop = Stop::listen();
    let bar = super::demo::bar(&session.voice(), "import.importing");
    let outcome = run(
        &mut desk,
        &plan,
        &who,
        session.now(),
        way,
        &mut |Progress { done, all }| {
            bar.set_length(all.unwrap_or(done));
            bar.set_position(done);
            if stop.asked() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        },
    )?;
    bar.finish_and_clear();
    report(session, &plan, &outcome, way);
    Ok(match &outcome.broken {
        Some(error) => error.exit_code(),
        None => u8::from(outcome.refused > 0 || outcome.cancelled),
    })
}

fn options(session: &Session, args: &Args) -> Result<Options, Trouble> {
    let map = args.map.as_deref().map(MapFile::read).transpose()?;
    let other = map.as_ref().and_then(|map| map.register.clone());
    if let Some(other) = other.filter(|other| *other != args.register) {
        let message = Msg::new("import.map_register").with("register", other);
        return Err(Trouble::Usage(session.voice().say(&message)));
    }
    let set = args.set.iter().map(|text| {
        let pair = text.split_once('=');
        let pair = pair.map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()));
        pair.ok_or_else(|| {
            Trouble::Usage(format!(
                "{text}: {}",
                session.voice().text("import.set_form")
            ))
        })
    });
    Ok(Options {
        sheet: args.sheet.clone(),
        map,
        set: set.collect::<Result<_, _>>()?,
        by: args.by.clone(),
        voice: session.voice(),
    })
}

fn question(session: &Session, ask: &Ask) -> Option<String> {
    let message = Msg::new("import.ask").with("label", ask.label.as_str());
    eprint!("{}", session.voice().say(&message));
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).ok()?;
    let answer = answer.trim().to_owned();
    (!answer.is_empty()).then_some(answer)
}

/// What a column becomes, in words.
fn becomes(session: &Session, flat: &Flat, column: &ColumnPlan) -> String {
    let voice = &session.voice();
    let label = |key: &str| {
        let mut columns = flat.columns().iter();
        let found = columns.find(|column| column.key == key);
        found.map_or_else(|| key.to_owned(), |column| column.label.clone())
    };
    let words = match &column.to {
        To::Field(key) => label(key),
        To::TimeOf(key) => voice.say(&Msg::new("import.to_time").with("field", label(key))),
        To::Note => return voice.text("import.to_note"),
        To::Nothing => return voice.text("import.to_nothing"),
    };
    match column.sure {
        Sure::Perhaps => format!("{words}{}", voice.text("import.perhaps")),
        Sure::Yes | Sure::Told => words,
    }
}

/// The plan for people, on stderr.
fn tell(session: &Session, plan: &Plan) {
    let voice = &session.voice();
    let say = |message: Msg| eprintln!("{}", clean(&voice.say(&message)));
    say(Msg::new("import.plan_title")
        .with("path", plan.path.display().to_string())
        .with_key(
            "register",
            format!("register.{}", plan.register.spec().code),
        ));
    match &plan.form {
        Form::History(sheet) => {
            return say(Msg::new("import.plan_history").with("sheet", sheet.as_str()));
        }
        Form::Documents => return say(Msg::new("import.plan_documents")),
        Form::Flat => say(Msg::new("import.plan_flat")),
        Form::Foreign => {}
    }
    let lines: Vec<String> = plan.header.iter().map(u64::to_string).collect();
    let lines = lines.join("–");
    say(match &plan.kind {
        Kind::Book(sheet) => Msg::new("import.plan_sheet")
            .with("sheet", sheet.as_str())
            .with("lines", lines),
        Kind::Text | Kind::Lines => Msg::new("import.plan_header").with("lines", lines),
    });
    let flat = Flat::of(plan.register, voice);
    for column in &plan.columns {
        let sample = column.sample.first().map_or("", String::as_str);
        eprintln!(
            "  {} → {} {}",
            cell(&column.label, 20),
            cell(&becomes(session, &flat, column), 28),
            cell(sample, 30).trim_end()
        );
    }
    for (key, value) in &plan.set {
        let label = flat.columns().iter().find(|column| column.key == *key);
        let label = label.map_or(key.as_str(), |column| column.label.as_str());
        let said = voice.text("import.said");
        eprintln!(
            "  {} = {} {}",
            cell(&said, 20),
            cell(label, 28),
            clean(value)
        );
    }
    for ask in &plan.asks {
        let message = Msg::new("import.must_say")
            .with("label", ask.label.as_str())
            .with("key", ask.key.as_str());
        eprintln!("! {}", voice.say(&message));
    }
}

/// The plan as JSON.
fn plan_json(plan: &Plan) -> Value {
    let form = match &plan.form {
        Form::Foreign => "foreign",
        Form::Flat => "flat",
        Form::History(_) => "history",
        Form::Documents => "documents",
    };
    let columns = plan.columns.iter().map(|column| {
        let (to, time) = match &column.to {
            To::Field(key) => (key.as_str(), false),
            To::TimeOf(key) => (key.as_str(), true),
            To::Note => ("note", false),
            To::Nothing => ("", false),
        };
        let sure = column.sure != Sure::Perhaps;
        json!({"column": column.label, "to": to, "time": time, "sure": sure, "sample": column.sample})
    });
    let asks = plan
        .asks
        .iter()
        .map(|ask| json!({"field": ask.key, "label": ask.label}));
    let sheet = match &plan.kind {
        Kind::Book(sheet) => Some(sheet),
        Kind::Text | Kind::Lines => None,
    };
    json!({"register": plan.register.spec().code, "form": form, "sheet": sheet, "header": plan.header,
        "columns": columns.collect::<Vec<_>>(), "set": plan.set, "asks": asks.collect::<Vec<_>>()})
}

fn print_plan(session: &Session, plan: &Plan, outcome: Option<&Outcome>) {
    if session.format == Format::Json {
        let outcome = outcome.map(|outcome| outcome_json(session, outcome));
        session.print(&json!({"plan": plan_json(plan), "tried": outcome}));
    } else if matches!(plan.form, Form::Foreign | Form::Flat) {
        out(plan.to_toml().trim_end());
    }
}

fn outcome_json(session: &Session, outcome: &Outcome) -> Value {
    let known = outcome
        .known
        .iter()
        .map(|a| json!({"line": a.line, "no": a.no}));
    let reasons = outcome
        .reasons
        .iter()
        .map(|(line, why)| json!({"line": line, "reason": why}));
    json!({
        "rows": outcome.rows, "kept": outcome.kept, "already": outcome.already, "refused": outcome.refused,
        "numbers": outcome.numbers, "known": known.collect::<Vec<_>>(), "reasons": reasons.collect::<Vec<_>>(),
        "refused_file": outcome.refused_file.as_ref().map(|path| path.display().to_string()),
        "cancelled": outcome.cancelled,
        "broken": outcome.broken.as_ref().map(|error| error.message(&session.voice())),
    })
}

fn report(session: &Session, plan: &Plan, outcome: &Outcome, way: Way) {
    let voice = &session.voice();
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let (key, tried) = match way {
        Way::Keep => ("import.done", false),
        Way::Try => ("import.tried", true),
    };
    let mut lines = vec![
        Msg::new(key)
            .with("kept", count(outcome.kept))
            .with("already", count(outcome.already))
            .with("refused", count(outcome.refused))
            .with("rows", count(outcome.rows)),
    ];
    if let (Some((first, last)), false) = (&outcome.numbers, tried) {
        let numbers = Msg::new("import.numbers").with("first", first.as_str());
        lines.push(numbers.with("last", last.as_str()));
    }
    let line = |key: &str, line: u64| Msg::new(key).with("line", count(line));
    lines.extend(
        outcome
            .known
            .iter()
            .map(|a| line("import.known", a.line).with("no", a.no.as_str())),
    );
    lines.extend(
        outcome
            .reasons
            .iter()
            .map(|(at, why)| line("import.reason_line", *at).with("why", why.as_str())),
    );
    if let Some(path) = &outcome.refused_file {
        lines.push(Msg::new("import.refused_in").with("path", path.display().to_string()));
    }
    if outcome.cancelled {
        lines.push(Msg::new("import.cancelled"));
    }
    if let Some(error) = &outcome.broken {
        let why = error.message(voice);
        let broken = Msg::new("import.broken").with("why", why);
        lines.push(broken.with("kept", count(outcome.kept)));
    }
    let quiet = session.format == Format::Json || tried;
    for message in lines {
        let words = clean(&voice.say(&message));
        if quiet {
            eprintln!("{words}");
        } else {
            out(&words);
        }
    }
    if tried {
        print_plan(session, plan, Some(outcome));
    } else if session.format == Format::Json {
        session.print(&outcome_json(session, outcome));
    }
}
