//! Entries of every version that was ever written are read and folded for ever: one file a version in
//! `tests/entries`, never changed afterwards, with what each record must have become.

use std::collections::BTreeMap;

use dutydesk::record::entry::{ENTRY_VERSION, Entry};
use dutydesk::record::timeline::{Logged, Timeline};
use dutydesk::registers::{Neighbours, Surroundings, register_of};
use dutydesk::rules::in_force::InForce;
use dutydesk::rules::ruleset::Rules;
use serde_json::{Value, json};

#[test]
fn entries_of_every_past_version_still_make_their_records() {
    let rules = InForce::always(Rules::built_in().unwrap());
    let near = Neighbours::default();
    let around = Surroundings {
        rules: &rules,
        near: &near,
    };
    for version in 1..ENTRY_VERSION {
        let path = format!("{}/tests/entries/v{version}", env!("CARGO_MANIFEST_DIR"));
        let lines = std::fs::read_to_string(format!("{path}.jsonl")).unwrap();
        let expected = std::fs::read_to_string(format!("{path}.expected.json")).unwrap();
        let expected: BTreeMap<String, Value> = serde_json::from_str(&expected).unwrap();
        let mut entries: BTreeMap<String, Vec<Logged>> = BTreeMap::new();
        for (seq, line) in (1..).zip(lines.lines()) {
            assert!(line.contains(&format!("\"version\":{version}")), "{line}");
            let entry = Entry::read(line).unwrap();
            let no = entry.no.clone();
            entries.entry(no).or_default().push(Logged {
                seq,
                entry: entry.into(),
            });
        }
        assert!(entries.len() > 20);
        for (no, want) in expected {
            let timeline = Timeline::of(entries[&no].clone());
            let register = register_of(&no).unwrap();
            let evaluated = register.evaluate(&timeline, &around).unwrap();
            let head = &evaluated.head;
            let have = json!({"state": head.state, "class": head.class, "open": i32::from(evaluated.open)});
            assert_eq!(have, want, "{no}");
            assert!(!evaluated.title.is_empty(), "{no}");
        }
    }
}

/// Keys of a version-1 body whose shape is another now: they keep more of each step (whom a delivery reached, which
/// month a reading closes, which broadcast was not approved), and what they say is tested where it is made.
const SHAPED_ANEW: &[&str] = &[
    "rounds",
    "steps",
    "deliveries",
    "expectations",
    "changes",
    "broadcasts",
    "readings",
    "tickets",
];

#[test]
fn whole_records_of_the_first_version_are_the_same() {
    let rules = InForce::always(Rules::built_in().unwrap());
    let near = Neighbours::default();
    let around = Surroundings {
        rules: &rules,
        near: &near,
    };
    let path = format!("{}/tests/entries/v1-whole", env!("CARGO_MANIFEST_DIR"));
    let lines = std::fs::read_to_string(format!("{path}.jsonl")).unwrap();
    let expected = std::fs::read_to_string(format!("{path}.expected.json")).unwrap();
    let expected: BTreeMap<String, Value> = serde_json::from_str(&expected).unwrap();
    let mut entries: BTreeMap<String, Vec<Logged>> = BTreeMap::new();
    for (seq, line) in (1..).zip(lines.lines()) {
        let entry = Entry::read(line).unwrap();
        let no = entry.no.clone();
        entries.entry(no).or_default().push(Logged {
            seq,
            entry: entry.into(),
        });
    }
    let mut differences = Vec::new();
    for (no, want) in expected {
        let timeline = Timeline::of(entries[&no].clone());
        let evaluated = register_of(&no)
            .unwrap()
            .evaluate(&timeline, &around)
            .unwrap();
        let record = serde_json::from_str::<Value>(&evaluated.text).unwrap();
        for key in ["state", "class", "received"] {
            let have = record["head"].get(key).unwrap_or(&Value::Null);
            if *have != want[key] {
                differences.push(format!("{no} {key}: {have} was {}", want[key]));
            }
        }
        let (have, was) = (&record["body"], want["body"].as_object().unwrap());
        for (key, value) in was
            .iter()
            .filter(|(key, _)| !SHAPED_ANEW.contains(&key.as_str()))
        {
            let stands = have.get(key).unwrap_or(&Value::Null);
            if stands != value {
                differences.push(format!("{no} {key}: {stands} was {value}"));
            }
        }
    }
    assert!(
        differences.is_empty(),
        "{}\n{}",
        differences.len(),
        differences.join("\n")
    );
}
