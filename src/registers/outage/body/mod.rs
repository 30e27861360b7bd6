//! What is kept of an outage, in groups; and what can be read off it without any rule.

mod event;
mod papers;
mod scene;

pub use event::*;
pub use papers::*;
pub use scene::*;

use serde::{Deserialize, Serialize};

use super::{Informed, Recipients, Source, UserPaper};
use crate::base::identity::same;
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

    /// By which delivery each user first got the paper of this revision.
    pub fn first_receipts(&self, paper: UserPaper, revision: u32) -> FirstReceipts<'_> {
        FirstReceipts::of(self.rounds(paper, revision))
    }

    /// When the last affected user got it; while none is named, all users of the areas are affected and only a delivery
    /// to `all` completes it.
    pub fn delivered_to_all(&self, paper: UserPaper, revision: u32) -> Option<Instant> {
        if self.event.users.is_empty() {
            let everybody = |d: &&Delivery| matches!(d.users, Recipients::All(_));
            let rounds = self.rounds(paper, revision).filter(everybody);
            return rounds.map(|d| d.at).min();
        }
        let receipts = self.first_receipts(paper, revision);
        let each = self.event.users.iter();
        let each: Option<Vec<Instant>> = each
            .map(|user| receipts.by(user).map(|delivery| delivery.at))
            .collect();
        each.and_then(|times| times.into_iter().max())
    }

    fn rounds(&self, paper: UserPaper, revision: u32) -> impl Iterator<Item = &Delivery> {
        let deliveries = self.papers.deliveries.iter();
        deliveries.filter(move |d| d.paper == paper && d.revision == revision)
    }

    /// Whether the users hold a start of the present revision: by its notice, or told by word.
    pub fn users_know_the_start(&self) -> bool {
        let now = self.schedule.revision;
        self.notice_issued().is_some() || self.schedule.told.iter().any(|told| told.revision == now)
    }

    /// Whether a user is among those named.
    pub fn affects(&self, user: &str) -> bool {
        self.event.users.iter().any(|named| same(named, user))
    }

    /// Whether a generator runs.
    pub fn generator_runs(&self) -> bool {
        self.scene.generator.iter().any(GeneratorAnswer::running)
    }

    /// The first patrol within these instants (S7.4.8.3).
    pub fn patrolled(&self, out: Instant, back: Option<Instant>) -> Option<Instant> {
        let patrols = self.scene.patrols.iter().map(|patrol| patrol.at);
        let within = |at: &Instant| *at >= out && back.is_none_or(|back| *at <= back);
        patrols.filter(within).min()
    }

    /// Whether somebody is still held in this car.
    pub fn held_in(&self, car: &str) -> bool {
        let cars = self.scene.cars.iter();
        cars.filter(|answer| answer.held())
            .any(|answer| same(&answer.car, car))
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
