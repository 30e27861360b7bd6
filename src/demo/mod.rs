//! A year of 阳光广场, thought up: the same for the same seed and the same quarter of an hour.
//!
//! `words` what is said · `people` who says it · `calendar` when · `repairs`, `complaints`, `outages`, `applications`,
//! `log` the lives of the past, all of them over · `present` what is going on now · `fill` the way into a file.
//! No clock and no file here but in `fill`: a seed, a number and a moment go in, steps come out.

mod applications;
mod calendar;
mod complaints;
mod dice;
mod fill;
mod grievances;
mod life;
mod log;
mod outages;
mod people;
mod present;
mod repairs;
mod scenes;
#[cfg(test)]
mod tests;
mod words;

pub use fill::{Filled, fill};
pub use life::Life;

use crate::time::{Instant, Zone};
use dice::Dice;

/// What a demo is made from.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Records told; the log lines that outages write by themselves come on top.
    pub records: u32,
    /// The seed.
    pub seed: u64,
    /// Where the year ends.
    pub now: Instant,
    /// The site's zone.
    pub zone: Zone,
}

impl Recipe {
    /// The moment everything is told from: `now` on the last quarter of an hour, so that two runs within one agree.
    pub fn anchor(&self) -> Instant {
        Instant::from_unix(self.now.unix().div_euclid(900) * 900)
    }
}

/// The building while its lives are told.
struct Town {
    dice: Dice,
    zone: Zone,
    now: Instant,
    papers: u32,
    names: u32,
    /// Complaints that wait for the review at the end of this year.
    waiting: u32,
}

impl Town {
    fn new(recipe: &Recipe) -> Self {
        Self {
            dice: Dice::new(recipe.seed),
            zone: recipe.zone,
            now: recipe.anchor(),
            papers: 0,
            names: 0,
            waiting: 0,
        }
    }

    /// The next number of the printed slips.
    fn paper(&mut self) -> String {
        self.papers += 1;
        format!("{:07}", 310_000 + self.papers)
    }

    /// A name by which lives speak of each other.
    fn name(&mut self) -> String {
        self.names += 1;
        format!("life-{}", self.names)
    }
}

/// Which kind of life opens at a time.
#[derive(Clone, Copy)]
enum Kind {
    Repair,
    LightComplaint,
    HeavyComplaint,
    Outage,
    Application,
    Log,
    Shift(&'static str),
    Scene(fn(&mut Town, Instant) -> Life),
}

/// Every life of the demo, in the order in which they open.
pub fn lives(recipe: &Recipe) -> impl Iterator<Item = Life> + use<> {
    let mut town = Town::new(recipe);
    let (begin, band) = log::shift_at(town.zone, town.now);
    let mut openings = vec![(begin, Kind::Shift(band))];
    openings.extend(
        present::SCENES.map(|(ago, scene)| (town.now.plus_minutes(-ago), Kind::Scene(scene))),
    );
    let past = (recipe.records as usize).saturating_sub(openings.len());
    openings.extend((0..past).map(|_| opening(&mut town)));
    openings.sort_by_key(|(at, _)| *at);
    openings.into_iter().flat_map(move |(at, kind)| match kind {
        Kind::Repair => repairs::past(&mut town, at),
        Kind::LightComplaint => vec![complaints::light(&mut town, at)],
        Kind::HeavyComplaint => vec![complaints::heavy(&mut town, at)],
        Kind::Outage => vec![outages::past(&mut town, at)],
        Kind::Application => vec![applications::past(&mut town, at)],
        Kind::Log => log::past(&mut town, at),
        Kind::Shift(band) => vec![present::shift(&mut town, at, band)],
        Kind::Scene(scene) => vec![scene(&mut town, at)],
    })
}

/// Kinds, how many of a hundred lives are of them, and how many days before now the last one opened: those that take
/// long must have begun long ago, for the past is over.
const KINDS: [(Kind, i64, i64); 6] = [
    (Kind::Repair, 57, 2),
    (Kind::LightComplaint, 12, 5),
    (Kind::HeavyComplaint, 8, 21),
    (Kind::Outage, 3, 14),
    (Kind::Application, 4, 130),
    (Kind::Log, 16, 4),
];

fn opening(town: &mut Town) -> (Instant, Kind) {
    let shares = KINDS.map(|(_, share, _)| share);
    let (kind, _, quiet) = KINDS[town.dice.weighted(&shares) % KINDS.len()];
    let until = town.now.plus_hours(-24 * quiet);
    (
        calendar::moment(&mut town.dice, town.zone, until, 365 - quiet),
        kind,
    )
}
