//! `dutydesk sample`: the weekly sample of finished repair slips that the system engineer revisits (S2.12).

use serde_json::{Value, json};

use super::text::cell;
use super::{Format, Ran, Session, out};
use crate::base::i18n::{Msg, clean};
use crate::base::refusal::Refusal;
use crate::base::week::Week;
use crate::desk::sample::{Asked, WeekSample};
use crate::rules::sample::Candidate;
use crate::store::Mode;

/// 周抽查 · the weekly 10 % of finished repair slips to be revisited: what it would be made of, or was
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The ISO week in which the slips were finished, such as 2026-W10
    #[arg(long)]
    week: String,
    /// Draws it, once a week; an entry in the duty log and on every slip that is drawn
    #[arg(long)]
    draw: bool,
    /// Who revisits; repairs of his own are left out
    #[arg(long, value_name = "NAME")]
    reviewer: Option<String>,
    /// By what it is drawn: the same seed draws the same slips
    #[arg(long, value_name = "TEXT", requires = "draw")]
    seed: Option<String>,
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    let week =
        Week::parse(args.week.trim()).ok_or_else(|| Refusal::bad("week", Msg::new("why.week")))?;
    let reviewer = args.reviewer.as_deref();
    let (sample, warnings) = if args.draw {
        let asked = Asked {
            week,
            reviewer: reviewer.ok_or_else(|| Refusal::missing("reviewer").clause("S2.12"))?,
            seed: args
                .seed
                .as_deref()
                .ok_or_else(|| Refusal::missing("seed").clause("S2.12"))?,
        };
        let mut desk = session.desk(Mode::Existing)?;
        let who = session.operator(&desk)?;
        desk.draw_sample(&asked, &who, session.now())?
    } else {
        let desk = session.desk(Mode::Look)?;
        (desk.sample(week, reviewer)?, Vec::new())
    };
    match session.format {
        Format::Json => session.print(&document(session, &sample, &warnings)),
        _ => tell(session, &sample, &warnings),
    }
    Ok(0)
}

fn items(sample: &WeekSample) -> &[Candidate] {
    sample.drawn.as_ref().map_or(&[], |drawn| &drawn.items)
}

fn document(session: &Session, sample: &WeekSample, warnings: &[Msg]) -> Value {
    let voice = session.voice();
    let strata: Vec<Value> = sample
        .strata
        .iter()
        .map(|s| json!({"team": s.team, "paid": s.paid, "finished": s.finished, "drawn": s.drawn}))
        .collect();
    let items: Vec<Value> = items(sample)
        .iter()
        .map(|slip| json!({"no": slip.no, "team": slip.team, "paid": slip.paid, "technician": slip.technician}))
        .collect();
    let drawn = sample.drawn.as_ref();
    json!({
        "week": sample.week.to_string(),
        "finished": sample.finished,
        "size": sample.size,
        "seed": drawn.map(|drawn| drawn.seed.as_str()),
        "reviewer": drawn.map(|drawn| drawn.reviewer.as_str()),
        "draw": drawn.map(|drawn| drawn.no.as_str()),
        "at": drawn.map(|drawn| voice.zone.rfc3339(drawn.at)),
        "by": drawn.map(|drawn| drawn.by.as_str()),
        "strata": strata,
        "items": items,
        "warnings": warnings.iter().map(|warning| voice.say(warning)).collect::<Vec<_>>(),
    })
}

fn tell(session: &Session, sample: &WeekSample, warnings: &[Msg]) {
    let voice = session.voice();
    let line = |text: &str| out(clean(text).trim_end());
    let head = Msg::new("sample.head")
        .with("week", sample.week.to_string())
        .with("monday", sample.week.monday())
        .with("sunday", sample.week.sunday());
    line(&voice.say(&head));
    let counted = |key: &str| {
        Msg::new(key)
            .with("finished", sample.finished as i64)
            .with("size", sample.size as i64)
    };
    line(
        &voice.say(&match &sample.drawn {
            None => counted("sample.undrawn"),
            Some(drawn) => counted("sample.drawn")
                .with("at", drawn.at)
                .with("by", drawn.by.as_str())
                .with("reviewer", drawn.reviewer.as_str())
                .with("seed", drawn.seed.as_str())
                .with("no", drawn.no.as_str()),
        }),
    );
    let paid = |paid: bool| voice.text(if paid { "sample.paid" } else { "sample.unpaid" });
    let row = |cells: [(&str, usize); 4]| {
        let cells = cells.map(|(text, width)| cell(text, width));
        line(&format!("  {}", cells.join(" ")));
    };
    let word = |key: &str| voice.text(key);
    if !sample.strata.is_empty() {
        row([
            (&word("field.team"), 16),
            (&word("field.paid"), 8),
            (&word("sample.finished"), 9),
            (&word("sample.share"), 9),
        ]);
    }
    for stratum in &sample.strata {
        row([
            (&stratum.team, 16),
            (&paid(stratum.paid), 8),
            (&stratum.finished.to_string(), 9),
            (&stratum.drawn.to_string(), 9),
        ]);
    }
    if !items(sample).is_empty() {
        line(&word("sample.items"));
    }
    for slip in items(sample) {
        let technician = slip.technician.as_deref().unwrap_or_default();
        row([
            (&slip.no, 16),
            (&slip.team, 16),
            (&paid(slip.paid), 8),
            (technician, 12),
        ]);
    }
    for warning in warnings {
        eprintln!("! {}", clean(&voice.say(warning)));
    }
}
