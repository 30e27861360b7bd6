//! The weekly sample 周抽查 (S2.12): what a week's finished slips are, what was drawn of them, and the draw itself: one
//! line in the log and an entry on every slip that was drawn, in one transaction.

use serde_json::{Map, Value, json};

use super::act::{How, Moment, Resolved, carry_out, unknown_action};
use super::lookup::{Source, logged};
use super::{Desk, Result};
use crate::base::i18n::{Msg, Voice};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::base::week::Week;
use crate::record::head::AnyRecord;
use crate::record::request::Operator;
use crate::record::timeline::Timeline;
use crate::registers::log::{self, SampleBook};
use crate::registers::register;
use crate::registers::work_order::{FINISHED, FinishedSlip};
use crate::rules::ruleset::Rules;
use crate::rules::sample::{Candidate, Sample, Stratum};
use crate::store::Writer;
use crate::store::sample::Finished;

/// The register of repair slips.
const SLIPS: &str = "work-order";

/// A week's sample: as it was drawn, or what a draw would be made of.
#[derive(Clone, Debug, PartialEq)]
pub struct WeekSample {
    /// The week.
    pub week: Week,
    /// How many slips were finished in it; with a reviewer, without his own.
    pub finished: u64,
    /// How many of them are drawn.
    pub size: u64,
    /// By team, unpaid work first, and what each gives.
    pub strata: Vec<Stratum>,
    /// How it was drawn; none as long as it was not.
    pub drawn: Option<Drawn>,
}

/// How a week's sample was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The number of its line in the log.
    pub no: String,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// Who revisits.
    pub reviewer: String,
    /// By what it was drawn.
    pub seed: String,
    /// The slips, in the order of drawing.
    pub items: Vec<Candidate>,
}

/// What a draw is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The week.
    pub week: Week,
    /// Who revisits: his own repairs are left out.
    pub reviewer: &'a str,
    /// By what it is drawn.
    pub seed: &'a str,
}

impl Desk {
    /// The sample of a week as it was drawn; as long as it was not, what a draw would be made of. A `reviewer`'s own
    /// repairs are left out then.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read or an entry is damaged.
    pub fn sample(&self, week: Week, reviewer: Option<&str>) -> Result<WeekSample> {
        if let Some(no) = self.store.drawn(&week.to_string())?
            && let Some(sample) = self.store.record(&no)?.as_ref().and_then(told)
        {
            return Ok(sample);
        }
        let reviewer = reviewer.map(str::trim).filter(|name| !name.is_empty());
        let rules = &self.rules;
        let population =
            population(week, reviewer, rules, &self.store).map_err(|e| self.named(e))?;
        Ok(divided(week, &population, rules).0)
    }

    /// Draws the sample of a week: a line in the log, and on every slip that is drawn an entry by which its revisit is
    /// owed. Answers the sample and what the person should know of it.
    ///
    /// # Errors
    /// `missing_field` without reviewer or seed, `future` of a week that has not begun, `duplicate` of one that was
    /// drawn; [`super::Error::File`] when the file cannot be written.
    pub fn draw_sample(
        &mut self,
        asked: &Asked<'_>,
        who: &Operator,
        now: Instant,
    ) -> Result<(WeekSample, Vec<Msg>)> {
        let asked = Asked {
            week: asked.week,
            reviewer: given("reviewer", asked.reviewer)?,
            seed: given("seed", asked.seed)?,
        };
        let warnings = begun(asked.week, &self.rules, now)?;
        let no = self.write(now, |writer, rules| {
            let moment = Moment { who, now, rules };
            draw(writer, &asked, &moment)
        })?;
        let record = self.store.record(&no)?;
        let sample = record.as_ref().and_then(told);
        Ok((
            sample.ok_or_else(|| super::act::unknown_record(&no))?,
            warnings,
        ))
    }
}

/// What must be given for a draw.
fn given<'v>(field: &str, value: &'v str) -> std::result::Result<&'v str, Refusal> {
    match value.trim() {
        "" => Err(Refusal::missing(field).clause("S2.12")),
        value => Ok(value),
    }
}

/// Whether a week can be drawn from: it has begun. While it goes on, what is finished later is left out of the sample.
fn begun(week: Week, rules: &Rules, now: Instant) -> std::result::Result<Vec<Msg>, Refusal> {
    let (begin, end) = (week.begin(rules.zone()), week.end(rules.zone()));
    if now < begin {
        let message = Msg::new("refusal.future")
            .with_key("field", "field.week")
            .with("at", begin)
            .with("now", now);
        return Err(Refusal::new(RefusalCode::Future, message).field("week"));
    }
    let goes_on = (now <= end).then(|| {
        Msg::new("warning.sampled_early")
            .with("week", week.to_string())
            .with("end", end)
    });
    Ok(goes_on.into_iter().collect())
}

/// Draws, and appends what was drawn; the number of the log's line.
fn draw(writer: &Writer<'_>, asked: &Asked<'_>, moment: &Moment<'_>) -> Result<String> {
    let rules = moment.rules.at(moment.now);
    let population = population(asked.week, Some(asked.reviewer), rules, writer)?;
    let (sample, divided) = divided(asked.week, &population, rules);
    let items = divided.draw(&population, asked.seed);
    let code = "log";
    let log = register(code).ok_or_else(|| super::act::unknown_register(code))?;
    let name = log::Sample::NAME;
    let spec = log.action(name).ok_or_else(|| unknown_action(log, name))?;
    let mut resolved = Resolved {
        register: log,
        spec,
        entries: Vec::new(),
    };
    let data = line(asked, &sample, &items, rules);
    let accepted = carry_out(writer, &mut resolved, &data, moment, &How::ASKED)?;
    Ok(accepted.no)
}

/// The slips that were finished in a week; a reviewer's own are left out.
fn population(
    week: Week,
    reviewer: Option<&str>,
    rules: &Rules,
    source: &impl Source,
) -> Result<Vec<Candidate>> {
    let Some(slips) = register(SLIPS) else {
        return Ok(Vec::new());
    };
    let zone = rules.zone();
    let span = (week.begin(zone), week.end(zone));
    let asked = Finished {
        register: SLIPS,
        letter: slips.spec().letter,
        states: FINISHED,
        span,
    };
    let mut population = Vec::new();
    for record in source.finished(&asked)? {
        let within = |slip: &FinishedSlip| (span.0..=span.1).contains(&slip.at);
        let Some(slip) = FinishedSlip::of(&record).filter(within) else {
            continue;
        };
        let own = match reviewer {
            Some(name) => slip.is_of(name, &Timeline::of(logged(&record.head.no, source)?)),
            None => false,
        };
        if !own {
            population.push(slip.candidate);
        }
    }
    Ok(population)
}

/// A population divided into strata, and how each gives its part.
fn divided(week: Week, population: &[Candidate], rules: &Rules) -> (WeekSample, Sample) {
    let sample = Sample::of(population, percent(rules));
    let told = WeekSample {
        week,
        finished: population.len() as u64,
        size: sample.size,
        strata: sample.strata.clone(),
        drawn: None,
    };
    (told, sample)
}

/// The share that is drawn (a setting).
fn percent(rules: &Rules) -> i64 {
    let percent = rules.procedure(SLIPS).int("revisit_percent");
    percent.clamp(0, 100)
}

/// What the log keeps of a draw: everything it was made of.
fn line(
    asked: &Asked<'_>,
    sample: &WeekSample,
    items: &[&Candidate],
    rules: &Rules,
) -> Map<String, Value> {
    let strata: Vec<Value> = sample
        .strata
        .iter()
        .map(|s| json!({"team": s.team, "paid": s.paid, "finished": s.finished, "drawn": s.drawn}))
        .collect();
    let slips: Vec<Value> = items
        .iter()
        .map(|slip| json!({"no": slip.no, "team": slip.team, "paid": slip.paid, "technician": slip.technician}))
        .collect();
    let told = Msg::new("sample.log")
        .with("week", asked.week.to_string())
        .with("finished", sample.finished as i64)
        .with("size", sample.size as i64)
        .with("reviewer", asked.reviewer)
        .with("seed", asked.seed);
    // The log is a Chinese document whatever language its typist reads.
    let voice = Voice {
        zone: rules.zone(),
        ..Voice::default()
    };
    let line = [
        ("text", Value::from(voice.say(&told))),
        ("week", asked.week.to_string().into()),
        ("reviewer", asked.reviewer.into()),
        ("seed", asked.seed.into()),
        ("percent", percent(rules).into()),
        ("finished", sample.finished.into()),
        ("size", sample.size.into()),
        ("strata", strata.into()),
        ("items", slips.into()),
    ];
    Map::from_iter(line.map(|(key, value)| (key.to_owned(), value)))
}

/// The sample that a line of the log tells.
fn told(record: &AnyRecord) -> Option<WeekSample> {
    let book: SampleBook = record.body.read().ok()?;
    let count = |n: i64| u64::try_from(n).unwrap_or_default();
    let strata = book.strata.into_iter().map(|stratum| Stratum {
        team: stratum.team,
        paid: stratum.paid,
        finished: count(stratum.finished),
        drawn: count(stratum.drawn),
    });
    let items = book.items.into_iter().map(|slip| Candidate {
        no: slip.no,
        team: slip.team,
        paid: slip.paid,
        technician: slip.technician,
    });
    Some(WeekSample {
        week: Week::parse(&book.week?)?,
        finished: count(book.finished?),
        size: count(book.size?),
        strata: strata.collect(),
        drawn: Some(Drawn {
            no: record.head.no.clone(),
            at: record.head.opened,
            by: record.head.by.clone(),
            reviewer: book.reviewer?,
            seed: book.seed?,
            items: items.collect(),
        }),
    })
}
