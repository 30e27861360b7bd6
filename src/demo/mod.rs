//! A year of 阳光广场, thought up: the same for the same seed and the same quarter of an hour.
//!
//! `words` what is said · `people` who says it · `calendar` when · `repairs`, `complaints`, `outages`, `applications`,
//! `log` the lives of the past, all of them over · `present` what is going on now · `fill` the way into a file.
//! No clock and no file here but in `fill`: a seed, a number and a moment go in, steps come out.

mod applications;
mod calendar;
mod complaint;
mod complaints;
mod dice;
mod fill;
mod grievances;
mod life;
mod log;
mod outage;
mod outages;
mod people;
mod present;
mod repairs;
mod scenes;
#[cfg(test)]
mod tests;
mod today;
mod words;

pub use fill::fill;
pub use life::Life;

use crate::base::time::{Instant, Zone};
use dice::Dice;

/// What a demo is made from.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Records, nearly: those that follow of themselves are reckoned in.
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

/// Every life of the demo with those that hang together with it, in the order in which they open.
pub fn lives(recipe: &Recipe) -> impl ExactSizeIterator<Item = Vec<Life>> + use<> {
    let mut town = Town::new(recipe);
    let (begin, band) = log::shift_at(town.zone, town.now);
    let mut openings = vec![(begin, Kind::Shift(band))];
    openings.extend(
        present::SCENES.map(|(ago, scene)| (town.now.plus_minutes(-ago), Kind::Scene(scene))),
    );
    let mut hundredths = i64::from(recipe.records) * 100 - PRESENT;
    while hundredths > 0 {
        let (at, kind, adds) = opening(&mut town);
        hundredths -= adds;
        openings.push((at, kind));
    }
    openings.sort_by_key(|(at, _)| *at);
    openings.into_iter().map(move |(at, kind)| match kind {
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

/// Hundredths of a record that the present makes, with the log lines its outages write.
const PRESENT: i64 = 3_900;

/// A kind of life of the past.
struct Share {
    kind: Kind,
    /// How many of a hundred lives.
    percent: i64,
    /// How many days before now the last one opened: what takes long must have begun long ago, for the past is over.
    quiet_days: i64,
    /// Hundredths of a record that it makes: an outage writes a line of the log at each step, some slips have a double.
    adds: i64,
}

const fn share(kind: Kind, percent: i64, quiet_days: i64, adds: i64) -> Share {
    Share {
        kind,
        percent,
        quiet_days,
        adds,
    }
}

const SHARES: [Share; 6] = [
    share(Kind::Repair, 60, 2, 102),
    share(Kind::LightComplaint, 13, 5, 100),
    share(Kind::HeavyComplaint, 9, 21, 100),
    share(Kind::Outage, 2, 14, 2_450),
    share(Kind::Application, 5, 130, 100),
    share(Kind::Log, 11, 4, 110),
];

fn opening(town: &mut Town) -> (Instant, Kind, i64) {
    let Share {
        kind,
        quiet_days,
        adds,
        ..
    } = SHARES[town.dice.weighted(&SHARES.map(|share| share.percent)) % SHARES.len()];
    let until = town.now.plus_hours(-24 * quiet_days);
    let at = calendar::moment(&mut town.dice, town.zone, until, 365 - quiet_days);
    (at, kind, adds)
}
