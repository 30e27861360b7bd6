//! Sizes, strata and lots, by hand and against every other way of dividing a small sample.

use proptest::prelude::*;

use super::*;

fn candidate(n: usize, team: &str, paid: bool) -> Candidate {
    Candidate {
        no: format!("W-2026-{n:05}"),
        team: team.to_owned(),
        paid,
        technician: None,
    }
}

/// So many slips of each team, unpaid or paid.
fn population(strata: &[(&str, bool, usize)]) -> Vec<Candidate> {
    let kinds = strata
        .iter()
        .flat_map(|(team, paid, n)| std::iter::repeat_n((*team, *paid), *n));
    (1..)
        .zip(kinds)
        .map(|(n, (team, paid))| candidate(n, team, paid))
        .collect()
}

fn told(sample: &Sample) -> Vec<(&str, bool, u64, u64)> {
    let strata = sample.strata.iter();
    strata
        .map(|s| (s.team.as_str(), s.paid, s.finished, s.drawn))
        .collect()
}

#[test]
fn a_tenth_is_rounded_up_and_at_least_one() {
    for (finished, percent, wanted) in [
        (0, 10, 0),
        (1, 10, 1),
        (9, 10, 1),
        (10, 10, 1),
        (11, 10, 2),
        (100, 10, 10),
        (101, 10, 11),
        (7, 0, 1),
        (7, -5, 1),
        (0, 100, 0),
        (7, 100, 7),
        (7, 250, 7),
        (3, 34, 2),
    ] {
        assert_eq!(size(finished, percent), wanted, "{percent} % of {finished}");
    }
}

#[test]
fn strata_give_by_largest_remainder_and_the_earlier_of_equals_first() {
    // 23 slips, 3 drawn: 12·3/23 = 1 r 13, 4·3/23 = 0 r 12, 7·3/23 = 0 r 21.
    let slips = population(&[
        ("水工班", false, 12),
        ("水工班", true, 4),
        ("强电班", false, 7),
    ]);
    let sample = Sample::of(&slips, 10);
    assert_eq!(sample.size, 3);
    assert_eq!(
        told(&sample),
        [
            ("强电班", false, 7, 1),
            ("水工班", false, 12, 2),
            ("水工班", true, 4, 0)
        ]
    );
    // All remainders equal: by team, then unpaid first.
    let slips = population(&[
        ("乙", true, 5),
        ("乙", false, 5),
        ("丙", false, 5),
        ("丙", true, 5),
    ]);
    let sample = Sample::of(&slips, 15);
    assert_eq!(
        told(&sample),
        [
            ("丙", false, 5, 1),
            ("丙", true, 5, 1),
            ("乙", false, 5, 1),
            ("乙", true, 5, 0)
        ]
    );
    assert_eq!(told(&Sample::of(&[], 10)), []);
    assert_eq!(Sample::of(&[], 10).draw(&[], "x"), Vec::<&Candidate>::new());
}

#[test]
fn a_team_typed_in_two_ways_is_one_team() {
    let mut slips = population(&[("Ａ班", false, 1), ("A班", false, 1), ("a 班", true, 1)]);
    let sample = Sample::of(&slips, 10);
    assert_eq!(told(&sample), [("A班", false, 2, 1), ("A班", true, 1, 0)]);
    slips.reverse();
    assert_eq!(told(&Sample::of(&slips, 10)), told(&sample));
}

#[test]
fn lots_are_the_hashes_of_seed_and_number() {
    let slips = population(&[("水工班", false, 20)]);
    let sample = Sample::of(&slips, 10);
    let drawn = |seed: &str| -> Vec<String> {
        let drawn = sample.draw(&slips, seed);
        drawn.into_iter().map(|slip| slip.no.clone()).collect()
    };
    // printf 'abc/W-2026-00001' | sha256sum
    assert_eq!(
        lot("abc", "W-2026-00001"),
        "19d2a1d3f532d466f8deb334245363b14c336fbecbb3d7855263470e97ded809"
    );
    let mut lots: Vec<(String, String)> = slips
        .iter()
        .map(|slip| (lot("abc", &slip.no), slip.no.clone()))
        .collect();
    lots.sort();
    let lowest: Vec<String> = lots.into_iter().take(2).map(|(_, no)| no).collect();
    assert_eq!(drawn("abc"), lowest);
    assert_ne!(drawn("abc"), drawn("abd"), "another seed, another sample");
}

/// Every way of taking `left` from strata of these counts.
fn every_way(counts: &[u64], left: u64) -> Vec<Vec<u64>> {
    let Some((first, rest)) = counts.split_first() else {
        return if left == 0 {
            vec![Vec::new()]
        } else {
            Vec::new()
        };
    };
    let mut ways = Vec::new();
    for taken in 0..=(*first).min(left) {
        for mut way in every_way(rest, left - taken) {
            way.insert(0, taken);
            ways.push(way);
        }
    }
    ways
}

proptest! {
    /// The largest remainder is the division that strays least from exact shares; of several such, the one that gives
    /// the earlier strata more.
    #[test]
    fn no_other_division_is_nearer_to_exact_shares(
        counts in proptest::collection::vec(1_u64..7, 1..5),
        percent in 0_i64..=100,
    ) {
        let all: u64 = counts.iter().sum();
        let size = size(all, percent);
        let strays = |way: &Vec<u64>| -> i64 {
            let exact = counts.iter().map(|count| (count * size) as i64);
            way.iter().zip(exact).map(|(given, exact)| (*given as i64 * all as i64 - exact).pow(2)).sum()
        };
        let best = every_way(&counts, size).into_iter().min_by(|one, other| {
            strays(one).cmp(&strays(other)).then_with(|| other.cmp(one))
        });
        prop_assert_eq!(Some(quotas(&counts, size)), best);
    }

    /// A slip is drawn when fewer of its stratum than the quota have a lower lot; the order in which slips are given
    /// means nothing.
    #[test]
    fn who_is_drawn_is_said_by_lots_alone(
        kinds in proptest::collection::vec((0_usize..3, any::<bool>()), 0..40),
        percent in 0_i64..=100,
        seed in "[a-z]{0,8}",
        keys in proptest::collection::vec(any::<u64>(), 40),
    ) {
        let slips: Vec<Candidate> = (1..).zip(&kinds)
            .map(|(n, (team, paid))| candidate(n, ["水工班", "强电班", "木工班"][*team], *paid)).collect();
        let sample = Sample::of(&slips, percent);
        let drawn: Vec<&str> = sample.draw(&slips, &seed).iter().map(|slip| slip.no.as_str()).collect();
        prop_assert_eq!(drawn.len() as u64, sample.size);
        prop_assert_eq!(sample.strata.iter().map(|s| s.drawn).sum::<u64>(), sample.size);
        for slip in &slips {
            let stratum = sample.strata.iter().find(|s| s.team == slip.team && s.paid == slip.paid).unwrap();
            let lower = slips.iter().filter(|other| {
                other.team == slip.team && other.paid == slip.paid && lot(&seed, &other.no) < lot(&seed, &slip.no)
            });
            prop_assert_eq!((lower.count() as u64) < stratum.drawn, drawn.contains(&slip.no.as_str()));
        }
        let mut shuffled: Vec<(u64, Candidate)> = keys.iter().copied().zip(slips.iter().cloned()).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let shuffled: Vec<Candidate> = shuffled.into_iter().map(|(_, slip)| slip).collect();
        let again = Sample::of(&shuffled, percent);
        prop_assert_eq!(&again.strata, &sample.strata);
        let again: Vec<&str> = again.draw(&shuffled, &seed).iter().map(|slip| slip.no.as_str()).collect();
        prop_assert_eq!(again, drawn);
    }
}
