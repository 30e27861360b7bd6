//! Entries of every version that was ever written are read and replayed for ever: one file a version in
//! `tests/entries`, never changed afterwards, with what each record must have become.

use std::collections::BTreeMap;

use dutydesk::record::entry::{ENTRY_VERSION, Entry};
use dutydesk::record::head::AnyRecord;
use dutydesk::registers::register_of;
use dutydesk::rules::ruleset::Rules;
use serde_json::{Value, json};

#[test]
fn entries_of_every_past_version_still_make_their_records() {
    let rules = Rules::built_in().unwrap();
    for version in 1..=ENTRY_VERSION {
        let path = format!("{}/tests/entries/v{version}", env!("CARGO_MANIFEST_DIR"));
        let lines = std::fs::read_to_string(format!("{path}.jsonl")).unwrap();
        let expected = std::fs::read_to_string(format!("{path}.expected.json")).unwrap();
        let expected: BTreeMap<String, Value> = serde_json::from_str(&expected).unwrap();
        let mut records: BTreeMap<String, AnyRecord> = BTreeMap::new();
        for line in lines.lines() {
            let entry = Entry::read(line).unwrap();
            let register = register_of(&entry.no).unwrap();
            let record = register.apply(records.remove(&entry.no), &entry).unwrap();
            records.insert(entry.no.clone(), record);
        }
        assert!(records.len() > 20);
        for (no, want) in expected {
            let record = &records[&no];
            let summary = register_of(&no).unwrap().summary(record, &rules);
            let have = json!({"state": record.head.state, "class": record.head.class, "open": i32::from(summary.open)});
            assert_eq!(have, want, "{no}");
            assert!(!summary.title.is_empty(), "{no}");
        }
    }
}
