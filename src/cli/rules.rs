//! `dutydesk rules`: the rules alone; touches no file.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Format, Ran, Session, Trouble, input, out};
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::desk::Error;
use crate::registers::complaint::rules_class;
use crate::rules::worktime::{Reckoning, Term, due_working_days, reckon};
use crate::rules::{bill_json, worktime_json};

/// 只问规程 · the rules alone; touches no file
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 投诉定类 · facts to class, reasons with clauses, deadlines
    Class {
        /// The facts as JSON, one object or an array; `-` is standard input
        #[arg(long, value_name = "FILE|-")]
        json: PathBuf,
    },
    /// 工作日时限 · the due instant of a term and how it came about
    Workday(Workday),
    /// 工作时间 · working time of any calendar: due, before, elapsed, days counted
    Worktime {
        /// One object or an array; `-` is standard input
        #[arg(long, value_name = "FILE|-")]
        json: PathBuf,
    },
    /// 电费 · readings, or load and hours, to bill lines
    Bill {
        /// One object or an array; `-` is standard input
        #[arg(long, value_name = "FILE|-")]
        json: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
struct Workday {
    /// When it was received
    #[arg(long, value_name = "INSTANT", required_unless_present = "batch")]
    from: Option<String>,
    /// How many
    #[arg(long, value_name = "N", required_unless_present = "batch")]
    add: Option<u32>,
    /// Working days, or minutes inside working windows
    #[arg(long, value_enum, default_value = "days")]
    unit: Unit,
    /// Many at once: CSV from,n in, CSV from,n,due,provisional out; `-` is standard input
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["from", "add"])]
    batch: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Unit {
    Days,
    Minutes,
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    match &args.command {
        Command::Class { json } => each(session, json, |value| class(session, value)),
        Command::Bill { json } => each(session, json, |value| {
            bill_json::bill(value, session.rules.zone()).map(|bill| bill_json::answer(&bill))
        }),
        Command::Worktime { json } => each(session, json, |value| {
            worktime_json::answer(value, &session.rules, &session.voice())
        }),
        Command::Workday(args) => match &args.batch {
            Some(path) => batch(session, path, args.unit),
            None => workday(session, args),
        },
    }
}

/// Answers one object, or an array with an array; a refused element stands as its refusal.
fn each(
    session: &Session,
    path: &std::path::Path,
    answer: impl Fn(&Value) -> Result<Value, Refusal>,
) -> Ran {
    let show = |value: &Value| match session.format {
        Format::Json => session.print(value),
        _ => out(&serde_json::to_string_pretty(value).unwrap_or_default()),
    };
    let list = match input::value(path)? {
        Value::Array(list) => list,
        one => {
            show(&answer(&one)?);
            return Ok(0);
        }
    };
    let mut refused = false;
    let answers = list.iter().map(|value| {
        answer(value).unwrap_or_else(|refusal| {
            refused = true;
            session.json().error(&Error::from(refusal))
        })
    });
    let answers: Value = answers.collect();
    show(&answers);
    Ok(u8::from(refused))
}

fn term(unit: Unit, n: u32) -> Term {
    match unit {
        Unit::Days => Term::WorkingDays(n),
        Unit::Minutes => Term::WorkingMinutes(n),
    }
}

fn too_far(why: Msg) -> Refusal {
    Refusal::bad("n", why)
}

fn workday(session: &Session, args: &Workday) -> Ran {
    let (Some(from), Some(n)) = (&args.from, args.add) else {
        return Ok(2);
    };
    let zone = session.rules.zone();
    let at = zone
        .parse(from)
        .ok_or_else(|| Refusal::bad("from", Msg::new("why.instant")))?;
    let Reckoning {
        due,
        provisional,
        trace,
        ..
    } = reckon(
        &session.rules.calendar,
        &session.rules.hours,
        at,
        &term(args.unit, n),
    )
    .map_err(too_far)?;
    let trace: Vec<String> = trace.iter().map(|line| session.voice().say(line)).collect();
    match session.format {
        Format::Json => session.print(&json!({
            "from": zone.rfc3339(at), "n": n, "due": zone.rfc3339(due), "provisional": provisional, "trace": trace,
        })),
        _ => trace.iter().for_each(|line| out(line)),
    }
    Ok(0)
}

/// CSV `from,n` in, `from,n,due,provisional` out; the whole is refused at the first line that is wrong.
fn batch(session: &Session, path: &std::path::Path, unit: Unit) -> Ran {
    let text = input::text(path)?;
    let rules = &session.rules;
    let zone = rules.zone();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut lines = String::from("from,n,due,provisional\n");
    for (index, row) in reader.records().enumerate() {
        let wrong = |field: &str, why: Msg| {
            let message = Msg::new("cli.batch")
                .with("line", index + 1)
                .with("why", why);
            Trouble::from(Refusal::new(RefusalCode::BadValue, message).field(field))
        };
        let row = row.map_err(|e| wrong("from", Msg::new("why.csv").with("why", e.to_string())))?;
        if index == 0 && row.get(0) == Some("from") {
            continue;
        }
        let from = row
            .get(0)
            .and_then(|text| zone.parse(text))
            .ok_or_else(|| wrong("from", Msg::new("why.instant")))?;
        let most = Msg::new("why.integer")
            .with("min", 0_i64)
            .with("max", i64::from(u32::MAX));
        let n: u32 = row
            .get(1)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| wrong("n", most))?;
        let (due, provisional) = match unit {
            Unit::Days => due_working_days(&rules.calendar, &rules.hours, from, n),
            Unit::Minutes => reckon(&rules.calendar, &rules.hours, from, &term(unit, n))
                .map(|r| (r.due, r.provisional)),
        }
        .map_err(|why| wrong("n", why))?;
        lines.push_str(&format!(
            "{},{n},{},{provisional}\n",
            zone.rfc3339(from),
            zone.rfc3339(due)
        ));
    }
    out(lines.trim_end());
    Ok(0)
}

fn class(session: &Session, value: &Value) -> Result<Value, Refusal> {
    let classified = rules_class(value, &session.rules, session.now())?;
    let json = session.json();
    let reasons = classified
        .proposal
        .reasons
        .iter()
        .map(|reason| json!({"clause": reason.clause.0, "fact": reason.fact}));
    let notes = classified
        .proposal
        .notes
        .iter()
        .map(|note| session.voice().say(note));
    Ok(json!({
        "class": classified.proposal.class,
        "confirmed": classified.proposal.confirmed,
        "reasons": reasons.collect::<Vec<_>>(),
        "notes": notes.collect::<Vec<_>>(),
        "deadlines": json.deadlines(&classified.deadlines),
    }))
}
