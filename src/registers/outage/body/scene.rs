//! What was done by hand: people, tickets, the generator, lifts, patrols, inspections.

use serde::{Deserialize, Serialize};

use super::Stated;
use crate::base::time::Instant;
use crate::registers::outage::{Room, Ticket};

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
    /// That it runs on, and why (S7.4.3).
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub runs_on: Vec<Stated>,
}

impl GeneratorAnswer {
    /// Whether it still runs.
    pub fn running(&self) -> bool {
        self.started && self.stopped_at.is_none()
    }
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
    /// When the first was there.
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

impl CarAnswer {
    /// Whether somebody is still inside.
    pub fn held(&self) -> bool {
        self.trapped && self.released_at.is_none()
    }
}
