//! 当值日志: the chronological log of the control room, its shifts, and what is carried over (S1.3.6, S2.1, S7.4.7).

mod actions;
mod body;
#[cfg(test)]
mod tests;

use chrono::NaiveTime;
use serde_json::{Map, Value, json};

pub use actions::*;
pub use body::*;

use super::outage::{self, Underway};
use super::{Act, Context, Lookup, RecordOf, Register, RegisterSpec, Surroundings};
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::choices;
use crate::record::decision::{Decision, Trigger, TriggerTarget};
use crate::record::entry::Breach;
use crate::record::timeline::Fact;
use crate::rules::deadline::{Deadline, Outcome, Tick};
use crate::rules::in_force::InForce;

choices! {
    /// Where an entry or a shift of the log stands.
    pub enum LogState in "state.log" {
        /// 已记
        Noted = "noted",
        /// 待补单: a night repair without its slip
        Unissued = "unissued",
        /// 移交下一班
        Carried = "carried",
        /// 当班
        OnShift = "on_shift",
        /// 已补单
        Issued = "issued",
        /// 已处理
        Cleared = "cleared",
        /// 已交班
        HandedOver = "handed_over",
        /// 已封存: a month's archive
        Sealed = "sealed",
        /// 已抽查: a weekly sample
        Drawn = "drawn",
    }
}

/// The register of log entries.
pub struct Log;

type Rec = RecordOf<Log>;
use LogState as S;

impl Register for Log {
    const SPEC: RegisterSpec = RegisterSpec {
        code: "log",
        letter: 'L',
        columns: &["no", "received", "title", "kind", "by", "refers", "state"],
        hidden: &["strata", "items", "handed"],
        opens_with: "entry",
        digits: &[],
        spoken: &[],
    };
    type Action = LogAction;
    type State = LogState;
    type Body = Body;
    const INITIAL: S = S::Noted;
    const ENDS: &'static [S] = &[
        S::Noted,
        S::Issued,
        S::Cleared,
        S::HandedOver,
        S::Sealed,
        S::Drawn,
    ];
    const RESERVED: &'static [&'static str] = &[Seal::NAME, Sample::NAME];
    const FIXED: &'static [S] = &[S::Sealed];
    const WHOLE: &'static [S] = &[S::Drawn];

    /// A shift that was handed over unread stays open until somebody has said why.
    fn finished(record: &Rec) -> bool {
        let explained = |code: &str| record.head.explanations.iter().any(|e| e.code == code);
        let silent = unread(record).is_some_and(|breach| breach.reason.is_empty());
        Self::ENDS.contains(&record.head.state) && (!silent || explained(UNREAD))
    }

    fn questions(act: &Act<LogAction>) -> Vec<Lookup> {
        match &act.action {
            LogAction::Entry(entry) => numbers(&entry.refers)
                .into_iter()
                .map(Lookup::Record)
                .collect(),
            LogAction::Sample(sample) => vec![Lookup::Drawn(sample.week.clone())],
            LogAction::HandOver(_) => vec![Lookup::GoingOn(outage::REGISTER)],
            _ => Vec::new(),
        }
    }

    fn open(act: &Act<LogAction>, cx: &Context<'_>) -> Result<Decision, Refusal> {
        match &act.action {
            LogAction::Entry(entry) => refers_exist(entry, cx)?,
            LogAction::Sample(sample) => return drawn(sample, cx),
            _ => {}
        }
        Ok(Decision::default())
    }

    fn check(_before: &Rec, act: &Act<LogAction>, cx: &Context<'_>) -> Result<Decision, Refusal> {
        match &act.action {
            LogAction::HandOver(hand_over) => nothing_underway(hand_over, act.envelope.at, cx),
            _ => Ok(Decision::default()),
        }
    }

    fn apply(record: &mut Rec, fact: &Fact, action: LogAction, _around: &Surroundings<'_>) {
        body::apply(record, fact, action);
    }

    fn linked(record: &mut Rec, fact: &Fact, to: &str) {
        body::linked(record, fact.entry.at, to);
    }

    /// What was handed over unread was handed over; it stays visible.
    fn breaches(record: &Rec, _rules: &InForce) -> Vec<Breach> {
        unread(record).into_iter().collect()
    }

    fn deadlines(record: &Rec, rules: &InForce) -> Vec<Deadline> {
        let received = record.head.received;
        let duty = |code: &str| rules.deadline(Self::SPEC.code, code, received);
        let done = |mut deadline: Deadline, at: Option<Instant>| {
            deadline.outcome = at.map_or(Outcome::Pending, Outcome::Done);
            deadline
        };
        let body = &record.body;
        let mut out = Vec::new();
        if body.note.kind == Some(Kind::NightRepair) {
            out.extend(reissue(record, rules).map(|slip| done(slip, body.slip_issued_at)));
        }
        if body.note.kind == Some(Kind::Carry) {
            out.extend(duty("clear").map(|clear| done(clear, body.cleared_at)));
        }
        if body.shift.band.is_some() {
            let handed_over = body.shift.handed_over_at;
            out.extend(duty("shift_handover").map(|shift| done(shift, handed_over)));
        }
        out
    }

    fn title(record: &Rec) -> String {
        let body = &record.body;
        match (&body.note.text, &body.shift.band) {
            (Some(text), _) => text.clone(),
            (None, Some(band)) => format!("{band} {}", body.shift.people.join("、")),
            (None, None) => String::new(),
        }
    }

    fn places(record: &Rec) -> Vec<&str> {
        let note = &record.body.note;
        note.place
            .iter()
            .chain(&note.unit)
            .map(String::as_str)
            .collect()
    }
}

/// The code of the breach of a shift whose carried items were not read.
const UNREAD: &str = "handover_unread";

/// The next shift took over without having read what is carried.
fn unread(record: &Rec) -> Option<Breach> {
    let shift = &record.body.shift;
    let at = shift
        .handed_over_at
        .filter(|_| shift.items_read == Some(false))?;
    Some(Breach {
        code: UNREAD.into(),
        clause: "practice.hand_over".into(),
        at,
        reason: shift.remarks.clone().unwrap_or_default(),
    })
}

/// The slip of a night repair is owed at the close of the day shift that follows (S2.1). A repair before that shift
/// begins (a setting) belongs to the night before, so its slip is owed the same day.
fn reissue(record: &Rec, rules: &InForce) -> Option<Deadline> {
    let received = record.head.received;
    let rules = rules.at(received);
    let zone = rules.zone();
    let local = zone.local(received);
    let begins = rules.procedure(Log::SPEC.code).word("day_shift_begins");
    let begins = NaiveTime::parse_from_str(begins.trim(), "%H:%M").unwrap_or(NaiveTime::MIN);
    let night = local.date().pred_opt().filter(|_| local.time() < begins);
    let from = night.map_or(received, |day| zone.at(day, rules.hours.close));
    let mut deadline = rules.deadline(Log::SPEC.code, "reissue_slip", from)?;
    deadline.from = received;
    deadline.tick = Some(slip_tick(record));
    Some(deadline)
}

/// Numbers as the desk gives them, whatever case they were typed in.
fn numbers(typed: &Option<Vec<String>>) -> Vec<String> {
    typed.iter().flatten().map(|no| no.to_uppercase()).collect()
}

fn refers_exist(entry: &Entry, cx: &Context<'_>) -> Result<(), Refusal> {
    match numbers(&entry.refers)
        .into_iter()
        .find(|no| !cx.near.records.contains_key(no))
    {
        Some(no) => {
            let message = Msg::new("refusal.unknown_record").with("no", no.as_str());
            Err(Refusal::new(RefusalCode::UnknownRecord, message).field("refers"))
        }
        None => Ok(()),
    }
}

/// While an accident is unrestored or a ticket runs, a shift is handed over only by its supervisor's leave.
fn nothing_underway(
    hand_over: &HandOver,
    at: Instant,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let going_on = cx.near.going_on.iter();
    let underway = going_on.flat_map(|record| {
        let all = outage::underway(record).into_iter();
        all.map(|underway| (record.head.no.as_str(), underway))
    });
    // One that is typed late was taken before what began since.
    let mut underway = underway.filter(|(_, underway)| underway.since() <= at);
    let Some((no, underway)) = underway.next() else {
        return Ok(Decision::default());
    };
    let missing = match (&hand_over.supervisor, &hand_over.allowed_because) {
        (None, _) => "supervisor",
        (Some(_), None) => "allowed_because",
        (Some(_), Some(_)) => return Ok(Decision::default()),
    };
    let message = match underway {
        Underway::Accident(since) => Msg::new("refusal.accident_underway").with("since", since),
        Underway::Ticket {
            ticket,
            turn,
            steps,
            ..
        } => Msg::new("refusal.ticket_underway")
            .with("ticket", ticket)
            .with("turn", turn)
            .with("steps", steps),
    };
    Err(Refusal::new(RefusalCode::Gate, message.with("no", no))
        .field(missing)
        .clause("practice.hand_over"))
}

/// A week is drawn from once (S2.12). Each slip that was drawn learns of it.
fn drawn(sample: &Sample, cx: &Context<'_>) -> Result<Decision, Refusal> {
    if let Some(no) = cx.near.drawn.as_deref().filter(|no| *no != cx.no) {
        let message = Msg::new("refusal.sampled")
            .with("week", sample.week.as_str())
            .with("no", no);
        return Err(Refusal::new(RefusalCode::Duplicate, message)
            .field("week")
            .clause("S2.12"));
    }
    let said = [
        ("week", sample.week.as_str()),
        ("reviewer", sample.reviewer.as_str()),
        ("seed", sample.seed.as_str()),
        ("draw", cx.no),
    ];
    let said = said.map(|(key, value)| (key.to_owned(), Value::from(value)));
    let slips = sample.items.iter().flatten().map(|slip| Trigger {
        target: TriggerTarget::On(slip.no.clone()),
        action: super::work_order::Sampled::NAME,
        data: Map::from_iter(said.clone()),
        link: None,
    });
    Ok(Decision {
        triggers: slips.collect(),
        ..Decision::default()
    })
}

/// The slip for a night repair, as far as the log tells it (S2.1): nothing is typed twice.
pub fn slip_from(record: &Rec) -> Value {
    let note = &record.body.note;
    let place = note.place.as_ref().or(note.unit.as_ref());
    json!({"content": note.text, "place": place, "source": "duty_log", "from_log": record.head.no})
}

/// Opens the slip's form with what the log tells.
fn slip_tick(record: &Rec) -> Tick {
    let mut tick = Tick::new("issue");
    if let Value::Object(map) = slip_from(record) {
        for (key, value) in map.into_iter().filter(|(_, value)| !value.is_null()) {
            tick = tick.with(&key, value);
        }
    }
    tick.register = Some("work-order".to_owned());
    tick
}
