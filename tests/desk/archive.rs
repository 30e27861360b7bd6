//! The month's archive: the same bytes for ever, every changed byte found, closed months read-only.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use dutydesk::archive::verify;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::common::{Answer, Site, slip};

/// A site whose March is over: an ordinary slip, a finished one, a complaint, a line of the log.
fn march() -> Site {
    let mut site = Site::new();
    let done = site.add("work-order", &named("WX0001")).fine()["no"].clone();
    let done = done.as_str().unwrap();
    for (action, data) in [
        ("sign_for", json!({"technician": "钱师傅", "at": "2026-03-02T09:20"})),
        ("arrive", json!({"at": "2026-03-02T09:40"})),
        ("finish", json!({"result": "更换阀芯", "at": "2026-03-02T10:00"})),
        ("accept", json!({"signed_by": "李女士", "at": "2026-03-02T10:10"})),
        ("tech_sign", json!({"technician": "钱师傅", "at": "2026-03-02T10:20"})),
        ("review", json!({"engineer": "孙工", "at": "2026-03-02T11:00"})),
        ("hand_in", json!({"clerk": "陈文员", "at": "2026-03-02T11:30"})),
        ("archive", json!({"at": "2026-03-02T12:00"})),
    ] {
        let _ = site.act(done, action, &data).fine();
    }
    let _ = site.add("work-order", &named("WX0002")).fine();
    let _ = site.add("log", &json!({"text": "巡查正常", "at": "2026-03-02T08:00"})).fine();
    let complaint = json!({"content": "楼道灯不亮，回电13912345678", "place": "2栋", "unit": "2栋501", "name": "王先生",
        "phone": "13912345678", "source": "owner", "at": "2026-03-02T10:00"});
    let _ = site.add("complaint", &complaint);
    site.now = "2026-04-02T09:00:00+08:00".into();
    site
}

fn named(paper: &str) -> Value {
    let mut slip = slip();
    slip["paper_no"] = paper.into();
    slip
}

fn out(site: &Site) -> PathBuf {
    site.folder().join("out")
}

/// `archive MONTH --out out …`.
fn archive(site: &Site, month: &str, more: &[&str]) -> Answer {
    let mut args = vec!["archive", month, "--out", "out", "--format", "json"];
    args.extend(more);
    site.run(&args)
}

fn sealed(site: &Site, month: &str) -> PathBuf {
    let done = archive(site, month, &["--reason", "试用"]).fine();
    assert_eq!(done["month"], month);
    out(site).join(month)
}

/// Every file under a folder with its bytes.
fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy();
                all.insert(name.into_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    all
}

fn hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Codes and files of what a proof found wrong.
fn found(folder: &Path) -> Vec<(&'static str, String)> {
    let proof = verify::folder(folder, &mut |_| ControlFlow::Continue(())).unwrap();
    let findings = proof.findings.iter();
    findings.map(|f| (f.code, f.what.clone())).collect()
}

/// Puts the hashes of the files as they are now into the manifest, as a forger would.
fn forge(folder: &Path) {
    let path = folder.join("MANIFEST.sha256");
    let mut text: String = String::new();
    for line in std::fs::read_to_string(&path).unwrap().lines() {
        let line = match line.split_once("  ") {
            Some((_, name)) => format!("{}  {name}", hex(&std::fs::read(folder.join(name)).unwrap())),
            None if line.starts_with("# self ") => format!("# self {}", hex(text.as_bytes())),
            None => line.to_owned(),
        };
        text.push_str(&line);
        text.push('\n');
    }
    std::fs::write(path, text).unwrap();
}

#[test]
fn the_same_month_gives_the_same_bytes_whatever_came_later() {
    let mut site = march();
    let folder = sealed(&site, "2026-03");
    let first = bytes(&folder);
    assert!(first.len() > 15, "{:?}", first.keys());
    let again = archive(&site, "2026-03", &[]).fine();
    assert_eq!(again["already"], true);

    // Another moment, another language, new entries on its records and beside them.
    site.now = "2026-05-20T20:00:00+08:00".into();
    let _ = site.act("W-2026-00002", "sign_for", &json!({"technician": "钱师傅"})).fine();
    let amend = json!({"changes": {"received": "2026-05-02T09:00", "paper_no": "WX0009"}, "reason": "写错"});
    let _ = site.act("W-2026-00002", "amend", &amend).fine();
    let _ = site.act("W-2026-00001", "void", &json!({"reason": "重单"})).fine();
    let _ = site.act("L-2026-00001", "remark", &json!({"text": "已阅"})).fine();
    let _ = site.add("work-order", &json!({"content": "x", "place": "1栋", "team": "水工班"})).fine();
    std::fs::remove_dir_all(&folder).unwrap();
    let rewritten = archive(&site, "2026-03", &["--lang", "en"]).fine();
    assert_eq!(rewritten["already"], false);
    let second = bytes(&folder);
    let differs: Vec<&String> = first.keys().filter(|name| first.get(*name) != second.get(*name)).collect();
    assert!(differs.is_empty(), "{differs:?}");
    assert_eq!(first.len(), second.len());
}

#[test]
fn the_manifest_is_what_sha256sum_reads_and_names_the_month_before() {
    let mut site = march();
    let march = sealed(&site, "2026-03");
    let text = std::fs::read_to_string(march.join("MANIFEST.sha256")).unwrap();
    let files = text.lines().filter(|line| !line.starts_with('#'));
    let mut names = Vec::new();
    for line in files {
        let (hash, name) = line.split_once("  ").unwrap();
        assert_eq!(hex(&std::fs::read(march.join(name)).unwrap()), hash, "{name}");
        names.push(name.to_owned());
    }
    assert!(names.is_sorted());
    assert_eq!(names.len() + 1, bytes(&march).len(), "the manifest names all but itself");
    assert!(text.contains("# previous none\n"));
    let checked = std::process::Command::new("sha256sum")
        .args(["-c", "--quiet", "MANIFEST.sha256"])
        .current_dir(&march)
        .output();
    if let Ok(checked) = checked {
        assert!(checked.status.success(), "{checked:?}");
    }
    site.now = "2026-05-02T09:00:00+08:00".into();
    let april = sealed(&site, "2026-04");
    let previous = format!("# previous 2026-03 {}\n", hex(text.as_bytes()));
    let april = std::fs::read_to_string(april.join("MANIFEST.sha256")).unwrap();
    assert!(april.contains(&previous), "{april}");
}

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
            assert!(findings.iter().any(|(_, what)| *what == name), "{name}: {findings:?}");
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
    let codes: Vec<_> = findings.as_array().unwrap().iter().map(|f| (f["code"].clone(), f["what"].clone())).collect();
    assert_eq!(codes, [(json!("missing"), json!("gaps.csv")), (json!("extra"), json!("registers/更多.txt"))]);
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
        ("registers/work-order.jsonl", "更换阀芯", "更换龙头", "record"),
        ("journal/segment.tsv", "更换阀芯", "更换龙头", "chain"),
        ("registers/log.jsonl", "巡查正常", "巡查异常", "record"),
    ] {
        let text = String::from_utf8(whole[name].clone()).unwrap();
        assert!(text.contains(from), "{name}");
        std::fs::write(folder.join(name), text.replace(from, to)).unwrap();
        forge(&folder);
        let findings = found(&folder);
        assert!(findings.iter().any(|(found, what)| *found == code && what == name), "{name}: {findings:?}");
        std::fs::write(folder.join(name), &whole[name]).unwrap();
    }
    // A record left out of every register.
    for ending in ["jsonl", "csv"] {
        let name = format!("registers/log.{ending}");
        let text = String::from_utf8(whole[&name].clone()).unwrap();
        let kept: String = text.split_inclusive('\n').filter(|line| !line.contains("巡查正常")).collect();
        std::fs::write(folder.join(name), kept).unwrap();
    }
    forge(&folder);
    assert!(found(&folder).iter().any(|(code, what)| *code == "count" && what == "registers/log.jsonl"));
}

#[test]
fn months_join_and_a_replaced_one_does_not() {
    let mut site = march();
    let march_folder = sealed(&site, "2026-03");
    site.now = "2026-04-05T09:00:00+08:00".into();
    let _ = site.add("work-order", &json!({"content": "x", "place": "1栋", "team": "水工班"})).fine();
    site.now = "2026-05-02T09:00:00+08:00".into();
    sealed(&site, "2026-04");
    let proved = site.run(&["archive", "verify", "out", "--format", "json"]).fine();
    assert_eq!(proved["archives"].as_array().unwrap().len(), 2);
    // Another file's March, whole in itself.
    let mut other = march();
    other.now = "2026-04-03T10:00:00+08:00".into();
    let _ = other.act("W-2026-00002", "remark", &json!({"text": "x", "at": "2026-03-03T09:00"}));
    let replaced = sealed(&other, "2026-03");
    std::fs::remove_dir_all(&march_folder).unwrap();
    std::fs::rename(replaced, &march_folder).unwrap();
    assert_eq!(found(&march_folder), []);
    let answer = site.run(&["archive", "verify", "out", "--format", "json"]);
    assert_eq!(answer.code, 1, "{}", answer.out);
    assert!(answer.out.contains("\"code\":\"link\""), "{}", answer.out);
}

#[test]
fn an_unfinished_month_is_only_looked_at() {
    let mut site = march();
    site.now = "2026-03-31T23:59:59+08:00".into();
    assert_eq!(archive(&site, "2026-03", &["--reason", "x"]).refused(), ("not_now".into(), "month".into()));
    for _ in 0..2 {
        let looked = archive(&site, "2026-03", &["--interim"]).fine();
        assert_eq!((&looked["kind"], &looked["records"]), (&json!("interim"), &json!(4)));
    }
    let readme = std::fs::read_to_string(out(&site).join("2026-03-interim/README.txt")).unwrap();
    assert!(readme.contains("未封存") && readme.contains("NOT SEALED"));
    assert!(!out(&site).join("2026-03").exists());
    let _ = site.add("work-order", &named("WX0003")).fine();
    assert_eq!(archive(&site, "2026-13", &[]).code, 2);
    assert_eq!(site.run(&["archive", "2026-03"]).code, 2, "no --out");
}

#[test]
fn another_folder_is_never_overwritten() {
    let site = march();
    std::fs::create_dir_all(out(&site).join("2026-03")).unwrap();
    std::fs::write(out(&site).join("2026-03/letter.txt"), "kept").unwrap();
    assert_eq!(archive(&site, "2026-03", &["--reason", "x"]).refused(), ("duplicate".into(), "out".into()));
    assert_eq!(bytes(&out(&site)).keys().collect::<Vec<_>>(), ["2026-03/letter.txt"]);
}

#[test]
fn nobody_seals_by_hand_and_a_seal_stays() {
    let site = march();
    let forged = json!({"action": "seal", "text": "x", "month": "2026-03", "upto": 1, "head": "x", "manifest": "x", "records": 1, "entries": 1});
    assert_eq!(site.add("log", &forged).refused().0, "unknown_action");
    sealed(&site, "2026-03");
    let log = site.run(&["list", "log", "--where", "state=sealed", "--format", "json"]).fine();
    let no = log["items"][0]["no"].as_str().unwrap().to_owned();
    for (action, data) in [
        ("void", json!({"reason": "x"})),
        ("amend", json!({"changes": {"month": "2026-02"}, "reason": "x"})),
        ("correct", json!({"entry": no, "text": "x", "reason": "x"})),
    ] {
        assert_eq!(site.act(&no, action, &data).refused().0, "not_now", "{action}");
    }
    let _ = site.act(&no, "remark", &json!({"text": "已存档案室"})).fine();
}
