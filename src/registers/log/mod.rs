//! 当值日志: the chronological log of the control room, its shifts, and what is carried over (S1.3.6, S2.1, S7.4.7).

mod actions;
mod body;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

pub use actions::*;
pub use body::*;

use super::{Act, Context, Lookup, RecordOf, Register, RegisterSpec};
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::choices;
use crate::record::entry::{Breach, Entry as JournalEntry};
use crate::record::head::Decision;
use crate::rules::deadline::{Deadline, Outcome, Tick};
use crate::rules::ruleset::Rules;

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
        hidden: &[],
        opens_with: "entry",
    };
    type Action = LogAction;
    type State = LogState;
    type Body = Body;
    const INITIAL: S = S::Noted;
    const RESERVED: &'static [&'static str] = &[Seal::NAME];

    fn possible(record: &Rec, action: &str) -> bool {
        match action {
            "hand_over" => record.head.state == S::OnShift,
            "clear" => record.head.state == S::Carried,
            "correct" => record.body.note.text.is_some() && record.head.state != S::Sealed,
            _ => false,
        }
    }

    fn ended(state: S) -> bool {
        matches!(
            state,
            S::Noted | S::Issued | S::Cleared | S::HandedOver | S::Sealed
        )
    }

    fn fixed(state: S) -> bool {
        state == S::Sealed
    }

    fn likely(record: &Rec) -> Vec<&'static str> {
        match record.head.state {
            S::OnShift => vec!["hand_over"],
            S::Carried => vec!["clear"],
            _ => Vec::new(),
        }
    }

    fn lookups(_record: Option<&Rec>, act: &Act<LogAction>, _rules: &Rules) -> Vec<Lookup> {
        match &act.action {
            LogAction::Entry(entry) => numbers(&entry.refers)
                .into_iter()
                .map(Lookup::Record)
                .collect(),
            _ => Vec::new(),
        }
    }

    fn decide(
        record: Option<&Rec>,
        act: &Act<LogAction>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let mut decision = Decision::default();
        match (&act.action, record) {
            (LogAction::Entry(entry), _) => refers_exist(entry, cx)?,
            (LogAction::Correct(correct), Some(record)) if correct.entry != record.head.no => {
                return Err(Refusal::bad(
                    "entry",
                    Msg::new("log.correct_other").with("no", record.head.no.as_str()),
                ));
            }
            // What was handed over unread was handed over; it stays visible.
            (LogAction::HandOver(hand_over), _) if !hand_over.items_read => {
                decision.breaches.push(Breach {
                    code: "handover_unread".into(),
                    clause: "practice.hand_over".into(),
                    at: act.envelope.at,
                    reason: hand_over
                        .remarks
                        .clone()
                        .or_else(|| act.envelope.note.clone())
                        .unwrap_or_default(),
                })
            }
            _ => {}
        }
        Ok(decision)
    }

    fn apply(record: &mut Rec, entry: &JournalEntry, action: LogAction) {
        body::apply(record, entry, action);
    }

    fn apply_amended(record: &mut Rec, _entry: &JournalEntry) {
        body::amended(record);
    }

    fn apply_linked(record: &mut Rec, entry: &JournalEntry, to: &str) {
        if record.body.note.text.is_some() && to.starts_with("W-") {
            record.body.slip_issued_at.get_or_insert(entry.at);
        }
        if record.head.state == S::Unissued && to.starts_with("W-") {
            record.enter(S::Issued, entry.at);
        }
    }

    fn deadlines(record: &Rec, rules: &Rules) -> Vec<Deadline> {
        let duty = |code: &str, from: Instant| rules.deadline(Self::SPEC.code, code, from);
        let done = |mut deadline: Deadline, at: Option<Instant>| {
            deadline.outcome = at.map_or(Outcome::Pending, Outcome::Done);
            deadline
        };
        let body = &record.body;
        let mut out = Vec::new();
        if body.note.kind == Some(Kind::NightRepair) {
            out.extend(
                duty("reissue_slip", record.head.received).map(|mut deadline| {
                    deadline.tick = Some(slip_tick(record));
                    done(deadline, body.slip_issued_at)
                }),
            );
        }
        if body.note.kind == Some(Kind::Carry) {
            out.extend(
                duty("clear", record.head.received).map(|deadline| done(deadline, body.cleared_at)),
            );
        }
        if body.shift.band.is_some() {
            out.extend(
                duty("shift_handover", record.head.received)
                    .map(|deadline| done(deadline, body.shift.handed_over_at)),
            );
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

    fn place(record: &Rec) -> Option<&str> {
        record
            .body
            .note
            .place
            .as_deref()
            .or(record.body.note.unit.as_deref())
    }
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
