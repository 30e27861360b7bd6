//! What is kept of an outage, in groups: the event, the schedule, the power, who was told, papers, switching, the scene.

use serde::{Deserialize, Serialize};

use super::{Form, Gate, Informed, Recipients, Room, Ruling, Source, Ticket, UserPaper};
use crate::choices;
use crate::time::Instant;

choices! {
    /// Whether it was known beforehand.
    pub enum Mode in "outage_mode" {
        /// 计划
        Planned = "planned",
        /// 事故
        Accident = "accident",
    }
}

/// An outage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// What it is, where, whom it concerns.
    #[serde(flatten)]
    pub event: Event,
    /// When it is to be, and what was planned before.
    #[serde(flatten)]
    pub schedule: Schedule,
    /// When power went and came.
    #[serde(flatten)]
    pub power: Power,
    /// Who was told.
    #[serde(flatten)]
    pub told: Told,
    /// Approvals, notices, letters, reports.
    #[serde(flatten)]
    pub papers: Papers,
    /// People and operation tickets.
    #[serde(flatten)]
    pub switching: Switching,
    /// What was done on the spot.
    #[serde(flatten)]
    pub scene: Scene,
}

/// What it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Event {
    /// Planned or accident; absent only before the first entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Who cut it or where it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Cut, transfer or restriction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// Why it is planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The cause as judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// When the cause was judged; informing of it is owed from here (S7.4.9.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judged_at: Option<Instant>,
    /// Areas without power.
    pub areas: Vec<String>,
    /// Affected users 受影响的用户.
    pub users: Vec<String>,
    /// Who told engineering (S7.4.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub informant: Option<String>,
    /// Whether our own switches are worked, when the plan says so; else it follows from source and form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub our_switches: Option<bool>,
}

/// When it is to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// T0: planned start of the current revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_start: Option<Instant>,
    /// Planned end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_end: Option<Instant>,
    /// T0 in the site's wall clock, for the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_shown: Option<String>,
    /// Counts from 1; each move of the start and each widening makes the next.
    #[serde(skip_serializing_if = "no_revision")]
    pub revision: u32,
    /// When the current revision was received; a term that was over by then could not be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revised_at: Option<Instant>,
    /// Superseded revisions, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub superseded: Vec<Superseded>,
    /// Changes and cancellations that users who had a notice must be told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Why it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<String>,
}

fn no_revision(revision: &u32) -> bool {
    *revision == 0
}

/// A revision that another took the place of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Superseded {
    /// Its number.
    pub revision: u32,
    /// Its planned start.
    pub plan_start: Instant,
    /// When it was superseded.
    pub at: Instant,
    /// Why.
    pub reason: String,
}

/// A change after the notice went out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// When it was decided.
    pub at: Instant,
    /// The start that users had been told: they must know by then.
    pub old_start: Instant,
    /// The revision that holds after it.
    pub revision: u32,
    /// When users were told again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub notified_at: Option<Instant>,
}

/// When power went and came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Power {
    /// t1: power out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_at: Option<Instant>,
    /// When part of it came back last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial_at: Option<Instant>,
    /// Areas still out after a partial restoration (S7.4.9.3).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub areas_out: Vec<String>,
    /// t2: power back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restored_at: Option<Instant>,
    /// When power is expected back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_restore: Option<Instant>,
    /// When that expectation was learned or changed (S7.4.5).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expectations: Vec<Instant>,
}

/// Something done at a time, for one revision of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// When.
    pub at: Instant,
    /// For which revision; 0 for an accident.
    pub revision: u32,
}

/// A report to a superior.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reported {
    /// When.
    pub at: Instant,
    /// To whom: a role.
    pub to: String,
    /// Channel.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub via: Option<String>,
    /// The revision reported.
    pub revision: u32,
}

/// Somebody inside the house was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToldOf {
    /// When.
    pub at: Instant,
    /// Who.
    pub to: Informed,
}

/// Who was told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// Reports to superiors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<Reported>,
    /// Service centre, monitoring centre, its manager.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub informed: Vec<ToldOf>,
    /// Announcements asked for (S7.4.8.1).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub announcements: Vec<Done>,
    /// Broadcasts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub broadcasts: Vec<Done>,
    /// Declarations that the notice cannot reach everybody in time (S1.1.4).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unreachable: Vec<Done>,
    /// First call to the utility (S7.4.5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacted_at: Option<Instant>,
}

/// A decision of somebody who may decide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// On what.
    pub gate: Gate,
    /// How.
    pub decision: Ruling,
    /// Who.
    pub name: String,
    /// In which role.
    pub role: String,
    /// Whether that role is as high as 总经理, whose word opens both gates.
    pub highest: bool,
    /// When.
    pub at: Instant,
    /// Channel.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub via: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// Who recorded it.
    pub recorded_by: String,
    /// For which revision.
    pub revision: u32,
}

/// One delivery round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which paper.
    pub paper: UserPaper,
    /// When.
    pub at: Instant,
    /// To whom.
    pub users: Recipients,
    /// Who signed for it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub signed_by: Option<String>,
    /// Of which revision.
    pub revision: u32,
}

/// Approvals, notices, letters, reports.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Papers {
    /// Decisions, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// Notices issued.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Done>,
    /// Deliveries of notices and letters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deliveries: Vec<Delivery>,
    /// When the utility's letter came (S1.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utility_letter_at: Option<Instant>,
    /// When it went to 总经理.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utility_letter_forwarded_at: Option<Instant>,
    /// When our letter of explanation was drafted (S1.2.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter_drafted_at: Option<Instant>,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter_text: Option<String>,
    /// When 《特别事件处理报告》 was handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reported_at: Option<Instant>,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_text: Option<String>,
}

/// People and operation tickets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Switching {
    /// Who was assigned (S1.3.3).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staffed_at: Option<Instant>,
    /// Operation tickets, the last one holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<Ticket>,
}

/// An answer about the emergency generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GeneratorAnswer {
    /// When.
    pub at: Instant,
    /// Started or not.
    pub started: bool,
    /// Who watches it (专人监护).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub watcher: Option<String>,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// What it feeds.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub areas: Vec<String>,
    /// When it was stopped.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stopped_at: Option<Instant>,
}

/// What was found in a lift car.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarAnswer {
    /// When.
    pub at: Instant,
    /// Which car.
    pub car: String,
    /// The guard who came along.
    pub guard: String,
    /// Whether somebody was trapped.
    pub trapped: bool,
    /// How many.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub persons: Option<i64>,
    /// When they were out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub released_at: Option<Instant>,
}

/// One place looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// When.
    pub at: Instant,
    /// Which place.
    pub place: Room,
    /// Whether all was normal.
    pub normal: bool,
    /// What was not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
}

/// A patrol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PatrolResult {
    /// When.
    pub at: Instant,
    /// What was seen.
    pub result: String,
}

/// What was done on the spot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Scene {
    /// When the duty engineer was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_site_at: Option<Instant>,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_site_by: Option<String>,
    /// Answers about the generator.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub generator: Vec<GeneratorAnswer>,
    /// Lift cars looked at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cars: Vec<CarAnswer>,
    /// Patrols.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patrols: Vec<PatrolResult>,
    /// Inspections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inspections: Vec<Inspection>,
}

impl Body {
    /// Whether it was planned.
    pub fn planned(&self) -> bool {
        self.event.mode == Some(Mode::Planned)
    }

    /// Who cut it or where it failed.
    pub fn source(&self) -> Source {
        self.event.source.unwrap_or(Source::Unknown)
    }

    /// When a user first got the paper of this revision.
    pub fn delivered_to(&self, paper: UserPaper, revision: u32, user: &str) -> Option<Instant> {
        self.rounds(paper, revision)
            .filter(|d| match &d.users {
                Recipients::All(_) => true,
                Recipients::Named(names) => names.iter().any(|name| name == user),
            })
            .map(|d| d.at)
            .min()
    }

    /// When the last affected user got it; nobody knows who is affected until the list is filled, so without one only
    /// a delivery to `all` completes it.
    pub fn delivered_to_all(&self, paper: UserPaper, revision: u32) -> Option<Instant> {
        if self.event.users.is_empty() {
            return self
                .rounds(paper, revision)
                .filter(|d| matches!(d.users, Recipients::All(_)))
                .map(|d| d.at)
                .min();
        }
        let each: Option<Vec<Instant>> = self
            .event
            .users
            .iter()
            .map(|user| self.delivered_to(paper, revision, user))
            .collect();
        each.and_then(|times| times.into_iter().max())
    }

    fn rounds(&self, paper: UserPaper, revision: u32) -> impl Iterator<Item = &Delivery> {
        self.papers
            .deliveries
            .iter()
            .filter(move |d| d.paper == paper && d.revision == revision)
    }

    /// First report to a role.
    pub fn reported_to(&self, role: &str) -> Option<&Reported> {
        self.told
            .reports
            .iter()
            .filter(|r| r.to == role)
            .min_by_key(|r| r.at)
    }

    /// First time `to` was told at or after `since`.
    pub fn informed_since(&self, to: Informed, since: Instant) -> Option<Instant> {
        self.told
            .informed
            .iter()
            .filter(|t| t.to == to && t.at >= since)
            .map(|t| t.at)
            .min()
    }

    /// The notice that holds: issued for the current revision.
    pub fn notice_issued(&self) -> Option<Instant> {
        let revision = self.schedule.revision;
        self.papers
            .notices
            .iter()
            .filter(|n| n.revision == revision)
            .map(|n| n.at)
            .next_back()
    }

    /// When users knew of a change: told of it, or all given the notice of a later revision.
    pub fn change_known(&self, change: &Change) -> Option<Instant> {
        let later = change.revision..=self.schedule.revision;
        let renewed = later
            .filter_map(|revision| self.delivered_to_all(UserPaper::Notice, revision))
            .filter(|at| *at >= change.at)
            .min();
        change.notified_at.into_iter().chain(renewed).min()
    }
}
