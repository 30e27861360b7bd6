//! What is kept of an outage, in groups; and what can be read off it without any rule.

mod event;
mod papers;
mod scene;

pub use event::*;
pub use papers::*;
pub use scene::*;

use serde::{Deserialize, Serialize};

use super::{Informed, Recipients, Source, UserPaper};
use crate::base::time::Instant;

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
