//! The weekly sample 周抽查 (S2.12): which of a week's finished repair slips are revisited. Pure: the same population and
//! seed give the same slips, on any machine and in twenty years.
//!
//! The population is divided into strata: one for each team and for paid and unpaid work. Each gives its share of the
//! sample by largest remainder; within a stratum the slips are taken in the order of the SHA-256 of `seed/no`.

use crate::base::hash::Hash;
use crate::base::identity::key;

/// A finished slip of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its number.
    pub no: String,
    /// The team that had it.
    pub team: String,
    /// Whether the customer paid for it.
    pub paid: bool,
    /// The technician, when one is known.
    pub technician: Option<String>,
}

/// The slips of one team that were paid for, or were not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stratum {
    /// The team, in the first of its spellings.
    pub team: String,
    /// Whether the customer paid.
    pub paid: bool,
    /// How many were finished.
    pub finished: u64,
    /// How many of them are drawn.
    pub drawn: u64,
}

/// A week's population divided, and what each stratum gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// How many slips are drawn: the share of the population, rounded up.
    pub size: u64,
    /// By team, unpaid work first; what they give adds up to the size.
    pub strata: Vec<Stratum>,
    /// Which candidates are of which stratum, by their places.
    members: Vec<Vec<usize>>,
}

/// How many of `finished` slips a share of `percent` is: rounded up, at least one, none of none.
///
/// ```
/// use dutydesk::rules::sample::size;
/// assert_eq!([0, 1, 10, 11, 20, 21].map(|n| size(n, 10)), [0, 1, 1, 2, 2, 3]);
/// ```
pub fn size(finished: u64, percent: i64) -> u64 {
    let percent = u64::try_from(percent).unwrap_or_default().min(100);
    finished
        .saturating_mul(percent)
        .div_ceil(100)
        .max(finished.min(1))
}

impl Sample {
    /// Divides a population of which `percent` are to be drawn.
    pub fn of(population: &[Candidate], percent: i64) -> Self {
        let size = size(population.len() as u64, percent);
        let groups = grouped(population);
        let counts: Vec<u64> = groups.iter().map(|(_, group)| group.len() as u64).collect();
        let quotas = quotas(&counts, size);
        let strata = groups.iter().zip(counts.iter().zip(&quotas)).map(
            |(((team, paid), _), (finished, drawn))| Stratum {
                team: (*team).to_owned(),
                paid: *paid,
                finished: *finished,
                drawn: *drawn,
            },
        );
        Self {
            size,
            strata: strata.collect(),
            members: groups.into_iter().map(|(_, group)| group).collect(),
        }
    }

    /// Draws by a seed, of the population that was divided: stratum by stratum, in the order of drawing.
    pub fn draw<'p>(&self, population: &'p [Candidate], seed: &str) -> Vec<&'p Candidate> {
        let mut drawn = Vec::new();
        for (stratum, members) in self.strata.iter().zip(&self.members) {
            let mut lots: Vec<(String, &Candidate)> = members
                .iter()
                .filter_map(|place| population.get(*place))
                .map(|candidate| (lot(seed, &candidate.no), candidate))
                .collect();
            lots.sort_by(|(one, a), (other, b)| (one, &a.no).cmp(&(other, &b.no)));
            let quota = usize::try_from(stratum.drawn).unwrap_or(usize::MAX);
            drawn.extend(lots.into_iter().take(quota).map(|(_, candidate)| candidate));
        }
        drawn
    }
}

/// The lot of a slip: lower-case hexadecimal SHA-256 of the seed, a slash and its number.
pub fn lot(seed: &str, no: &str) -> String {
    Hash::of(format!("{seed}/{no}").as_bytes()).hex()
}

/// A stratum: its team, whether it was paid for, and the places of its slips.
type Group<'p> = ((&'p str, bool), Vec<usize>);

/// The strata by team, unpaid work first. A team is called by the first of its spellings.
fn grouped(population: &[Candidate]) -> Vec<Group<'_>> {
    use std::collections::BTreeMap;
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for candidate in population {
        let name = names.entry(key(&candidate.team)).or_insert(&candidate.team);
        *name = (*name).min(&candidate.team);
    }
    let mut groups: BTreeMap<(&str, bool), Vec<usize>> = BTreeMap::new();
    for (place, candidate) in population.iter().enumerate() {
        let team = names.get(&key(&candidate.team)).copied();
        let team = team.unwrap_or(&candidate.team);
        groups
            .entry((team, candidate.paid))
            .or_default()
            .push(place);
    }
    groups.into_iter().collect()
}

/// What each stratum gives of a sample, by largest remainder; of equal remainders the earlier stratum has it.
fn quotas(counts: &[u64], size: u64) -> Vec<u64> {
    let all = counts.iter().sum::<u64>().max(1);
    let share = |count: &u64| (count * size / all, count * size % all);
    let mut quotas: Vec<u64> = counts.iter().map(|count| share(count).0).collect();
    let mut by_remainder: Vec<usize> = (0..counts.len()).collect();
    // A stable sort: equal remainders stay in their order.
    by_remainder.sort_by_key(|place| std::cmp::Reverse(share(&counts[*place]).1));
    let left = size.saturating_sub(quotas.iter().sum());
    let left = usize::try_from(left).unwrap_or_default();
    for place in by_remainder.into_iter().take(left) {
        quotas[place] += 1;
    }
    quotas
}

#[cfg(test)]
mod tests;
