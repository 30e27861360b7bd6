//! Proof: every changed, missing or forged byte is found without the database.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::kit::{bytes, forge, found, march, sealed};

#[test]
fn a_changed_byte_anywhere_is_found_and_named() {
    let site = march();
    let folder = sealed(&site, "2026-03");
    assert_eq!(found(&folder), []);
    let mut dice = ChaCha8Rng::seed_from_u64(3);
    for (name, whole) in bytes(&folder) {
        let mut flips = vec![];
        for _ in 0..2 {
            let mut changed = whole.clone();
            match changed.len() {
                0 => changed.push(b'x'),
                n => changed[dice.random_range(0..n)] ^= 1 << dice.random_range(0..8),
            }
            flips.push(changed);
        }
        for changed in flips {
            std::fs::write(folder.join(&name), changed).unwrap();
            let findings = found(&folder);
            assert!(
                findings.iter().any(|(_, what)| *what == name),
                "{name}: {findings:?}"
            );
        }
        std::fs::write(folder.join(&name), whole).unwrap();
    }
    assert_eq!(found(&folder), []);
}

#[test]
fn missing_and_extra_files_are_named() {
    let site = march();
    let folder = sealed(&site, "2026-03");
    std::fs::write(folder.join("registers/更多.txt"), "x").unwrap();
    std::fs::remove_file(folder.join("gaps.csv")).unwrap();
    let answer = site.run(&["archive", "verify", "out/2026-03", "--format", "json"]);
    assert_eq!(answer.code, 1);
    let findings = &answer.json()["archives"][0]["findings"];
    let codes: Vec<_> = findings
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["code"].clone(), f["what"].clone()))
        .collect();
    assert_eq!(
        codes,
        [
            (json!("missing"), json!("gaps.csv")),
            (json!("extra"), json!("registers/更多.txt"))
        ]
    );
    std::fs::remove_file(folder.join("MANIFEST.sha256")).unwrap();
    assert_eq!(found(&folder), [("missing", "MANIFEST.sha256".to_owned())]);
    assert_eq!(site.run(&["archive", "verify", "nowhere"]).code, 3);
}

#[test]
fn a_forged_manifest_does_not_hide_a_changed_record_or_entry() {
    let site = march();
    let folder = sealed(&site, "2026-03");
    let whole = bytes(&folder);
    for (name, from, to, code) in [
        (
            "registers/work-order.jsonl",
            "更换阀芯",
            "更换龙头",
            "record",
        ),
        ("journal/segment.tsv", "更换阀芯", "更换龙头", "chain"),
        ("registers/log.jsonl", "巡查正常", "巡查异常", "record"),
    ] {
        let text = String::from_utf8(whole[name].clone()).unwrap();
        assert!(text.contains(from), "{name}");
        std::fs::write(folder.join(name), text.replace(from, to)).unwrap();
        forge(&folder);
        let findings = found(&folder);
        assert!(
            findings
                .iter()
                .any(|(found, what)| *found == code && what == name),
            "{name}: {findings:?}"
        );
        std::fs::write(folder.join(name), &whole[name]).unwrap();
    }
    // A record left out of every register.
    for ending in ["jsonl", "csv"] {
        let name = format!("registers/log.{ending}");
        let text = String::from_utf8(whole[&name].clone()).unwrap();
        let kept: String = text
            .split_inclusive('\n')
            .filter(|line| !line.contains("巡查正常"))
            .collect();
        std::fs::write(folder.join(name), kept).unwrap();
    }
    forge(&folder);
    assert!(
        found(&folder)
            .iter()
            .any(|(code, what)| *code == "count" && what == "registers/log.jsonl")
    );
}

#[test]
fn months_join_and_a_replaced_one_does_not() {
    let mut site = march();
    let march_folder = sealed(&site, "2026-03");
    site.now = "2026-04-05T09:00:00+08:00".into();
    let _ = site
        .add(
            "work-order",
            &json!({"content": "x", "place": "1栋", "team": "水工班"}),
        )
        .fine();
    site.now = "2026-05-02T09:00:00+08:00".into();
    sealed(&site, "2026-04");
    let proved = site
        .run(&["archive", "verify", "out", "--format", "json"])
        .fine();
    assert_eq!(proved["archives"].as_array().unwrap().len(), 2);
    // Another file's March, whole in itself.
    let mut other = march();
    other.now = "2026-04-03T10:00:00+08:00".into();
    let _ = other.act(
        "W-2026-00002",
        "remark",
        &json!({"text": "x", "at": "2026-03-03T09:00"}),
    );
    let replaced = sealed(&other, "2026-03");
    std::fs::remove_dir_all(&march_folder).unwrap();
    std::fs::rename(replaced, &march_folder).unwrap();
    assert_eq!(found(&march_folder), []);
    let answer = site.run(&["archive", "verify", "out", "--format", "json"]);
    assert_eq!(answer.code, 1, "{}", answer.out);
    assert!(answer.out.contains("\"code\":\"link\""), "{}", answer.out);
}
