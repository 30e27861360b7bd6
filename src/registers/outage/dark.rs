//! Power is out: what everybody at the desk has in sight for as long as it is.

use super::{Body, Occur, Outage, OutageState};
use crate::base::i18n::Voice;
use crate::base::time::Instant;
use crate::record::field::Choice;
use crate::record::head::AnyRecord;
use crate::registers::Register;

/// The action that a blackout is recorded by.
pub const LOST: &str = Occur::NAME;

/// What is asked of a blackout that was recorded by one key: where it is, and who told of it.
pub const ASKED_AFTERWARDS: &[&str] = &["areas", "informant"];

/// The states in which power is out.
pub const DARK: &[OutageState] = super::actions::OUT;

/// An outage whose power is not wholly back.
#[derive(Clone, Debug, PartialEq)]
pub struct Dark {
    /// Its number.
    pub no: String,
    /// The areas that are out; none while nobody has said.
    pub areas: Vec<String>,
    /// Since when.
    pub since: Instant,
    /// People held in lifts, the longest first (S7.4.4).
    pub held: Vec<Held>,
    /// When power is expected back; none: nobody knows.
    pub expected: Option<Instant>,
    /// The emergency generator (S7.4.3).
    pub generator: GeneratorState,
}

/// People held in a lift car.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Which car.
    pub car: String,
    /// How many, if that is known.
    pub persons: Option<i64>,
    /// Since when that is known.
    pub since: Instant,
}

/// How the emergency generator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeneratorState {
    /// Nobody has said whether it was started.
    Unanswered,
    /// It runs.
    Runs,
    /// It was not started.
    NotStarted,
    /// It was stopped again.
    Stopped,
}

impl GeneratorState {
    /// The code in the catalogue, below `generator_now`.
    pub const fn code(self) -> &'static str {
        match self {
            GeneratorState::Unanswered => "unanswered",
            GeneratorState::Runs => "runs",
            GeneratorState::NotStarted => "not_started",
            GeneratorState::Stopped => "stopped",
        }
    }

    /// The same in words.
    pub fn said(self, voice: &Voice) -> String {
        voice.text(&format!("generator_now.{}", self.code()))
    }
}

impl Dark {
    /// Where it is dark, in the names that were typed; nobody may have said yet.
    pub fn place(&self, voice: &Voice) -> String {
        match self.areas.as_slice() {
            [] => voice.text("dark.where_unknown"),
            areas => areas.join(&voice.text("punct.list")),
        }
    }
}

/// What is dark by an outage; nothing, of a record whose power is back, not yet cut, or that is void.
pub fn dark(record: &AnyRecord) -> Option<Dark> {
    OutageState::from_code(&record.head.state).filter(|state| DARK.contains(state))?;
    let Body {
        event,
        power,
        scene,
        ..
    } = record.body.read().ok()?;
    let mut held: Vec<Held> = scene
        .cars
        .iter()
        .filter(|answer| answer.held())
        .map(|answer| Held {
            car: answer.car.clone(),
            persons: answer.persons,
            since: answer.at,
        })
        .collect();
    held.sort_by_key(|held| held.since);
    let generator = match scene.generator.last() {
        _ if scene.generator.iter().any(super::GeneratorAnswer::running) => GeneratorState::Runs,
        Some(answer) if answer.started => GeneratorState::Stopped,
        Some(_) => GeneratorState::NotStarted,
        None => GeneratorState::Unanswered,
    };
    Some(Dark {
        no: record.head.no.clone(),
        areas: match power.areas_out.is_empty() {
            true => event.areas,
            false => power.areas_out,
        },
        since: power.out_at?,
        held,
        expected: power.expected_restore,
        generator,
    })
}

/// What of an outage forbids that a shift is simply handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Underway {
    /// An accident whose power is not wholly back, since then.
    Accident(Instant),
    /// A switching ticket that has been signed or begun and not ended.
    Ticket {
        /// Its number.
        ticket: String,
        /// The step whose turn it is, counted from 1.
        turn: usize,
        /// How many steps it has.
        steps: usize,
        /// Since when it is filled in.
        since: Instant,
    },
}

impl Underway {
    /// Since when.
    pub const fn since(&self) -> Instant {
        match self {
            Underway::Accident(since) | Underway::Ticket { since, .. } => *since,
        }
    }
}

/// What is under way by an outage, as it stands.
pub fn underway(record: &AnyRecord) -> Vec<Underway> {
    let Ok(body) = record.body.read::<Body>() else {
        return Vec::new();
    };
    let state = OutageState::from_code(&record.head.state);
    let dark = state.is_some_and(|state| DARK.contains(&state));
    let accident = body.power.out_at.filter(|_| dark && !body.planned());
    let running = body.switching.tickets.iter().filter_map(|ticket| {
        let begun =
            ticket.signed_at.is_some() || ticket.steps.iter().any(|s| s.answered().is_some());
        let turn = ticket.turn().filter(|_| begun && ticket.stamp.is_none())?;
        Some(Underway::Ticket {
            ticket: ticket.no.clone(),
            turn,
            steps: ticket.steps.len(),
            since: ticket.filled_at,
        })
    });
    accident
        .map(Underway::Accident)
        .into_iter()
        .chain(running)
        .collect()
}

/// The darkest first: where people are held, then where power has been out longest.
pub fn darkest_first(dark: &mut [Dark]) {
    dark.sort_by_key(|dark| {
        let held = dark.held.first().map(|held| held.since);
        (held.is_none(), held, dark.since)
    });
}

/// The register's code.
pub const REGISTER: &str = Outage::SPEC.code;
