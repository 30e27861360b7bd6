//! The demo is accepted by the same rules as what a person types, and comes out the same for the same seed.

use super::*;
use crate::desk::Desk;
use crate::rules::ruleset::Rules;
use crate::store::Mode;

/// A quarter past ten on a Tuesday in Shanghai.
const NOW: Instant = Instant::from_unix(1_795_486_500);

fn recipe(records: u32, seed: u64, now: Instant) -> Recipe {
    Recipe {
        records,
        seed,
        now,
        zone: Zone::default(),
    }
}

/// A filled file in a folder of its own.
fn filled(recipe: &Recipe) -> (tempfile::TempDir, Desk) {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(
        &folder.path().join("demo.db"),
        Mode::Create,
        Rules::built_in().unwrap(),
    )
    .unwrap();
    if let Err(error) = fill(&mut desk, recipe, |_, _| ()) {
        panic!("{}", error.message(&crate::base::i18n::Voice::default()));
    }
    (folder, desk)
}

#[test]
fn nothing_is_refused_whatever_the_seed_and_the_hour() {
    for (seed, minutes) in [(1, 0), (2, 7 * 60), (3, 17 * 60), (4, 4 * 24 * 60)] {
        let (_folder, desk) = filled(&recipe(300, seed, NOW.plus_minutes(minutes)));
        let told: u64 = desk.tally().unwrap().iter().map(|(_, _, n)| n).sum();
        assert!((240..=360).contains(&told), "seed {seed}: {told}");
    }
}

#[test]
fn the_same_seed_gives_the_same_chain_and_another_one_another() {
    let head = |recipe: &Recipe| filled(recipe).1.audit(|_, _| ()).unwrap().head;
    let one = head(&recipe(60, 7, NOW));
    // Nine minutes later it is the same quarter of an hour.
    assert_eq!(one, head(&recipe(60, 7, NOW.plus_minutes(9))));
    assert_ne!(one, head(&recipe(60, 8, NOW)));
}

#[test]
fn the_past_is_over_and_the_present_is_lively() {
    let (_folder, desk) = filled(&recipe(300, 1, NOW));
    let due = desk.due(None, 500, NOW).unwrap();
    let late = due
        .iter()
        .filter(|item| item.deadline.state(NOW) == crate::rules::deadline::DeadlineState::Late)
        .count();
    assert!((25..=50).contains(&due.len()), "{} owed", due.len());
    assert!((2..=5).contains(&late), "{late} late");
}

#[test]
fn everything_says_something_and_is_typed_after_it_happened() {
    for life in lives(&recipe(300, 5, NOW)).flatten() {
        assert!(!life.steps.is_empty());
        let mut before = None;
        for step in &life.steps {
            assert!(step.now <= NOW && before <= Some(step.now));
            before = Some(step.now);
            let texts = step.data.values().filter_map(serde_json::Value::as_str);
            assert!(texts.into_iter().all(|text| !text.trim().is_empty()));
        }
    }
}
