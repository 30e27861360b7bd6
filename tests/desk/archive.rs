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
        (
            "sign_for",
            json!({"technician": "钱师傅", "at": "2026-03-02T09:20"}),
        ),
        ("arrive", json!({"at": "2026-03-02T09:40"})),
        (
            "finish",
            json!({"result": "更换阀芯", "at": "2026-03-02T10:00"}),
        ),
        (
            "accept",
            json!({"signed_by": "李女士", "at": "2026-03-02T10:10"}),
        ),
        (
            "tech_sign",
            json!({"technician": "钱师傅", "at": "2026-03-02T10:20"}),
        ),
        (
            "review",
            json!({"engineer": "孙工", "at": "2026-03-02T11:00"}),
        ),
        (
            "hand_in",
            json!({"clerk": "陈文员", "at": "2026-03-02T11:30"}),
        ),
        ("archive", json!({"at": "2026-03-02T12:00"})),
    ] {
        let _ = site.act(done, action, &data).fine();
    }
    let _ = site.add("work-order", &named("WX0002")).fine();
    let _ = site
        .add(
            "log",
            &json!({"text": "巡查正常", "at": "2026-03-02T08:00"}),
        )
        .fine();
    let complaint = json!({"procedure": "property", "content": "楼道灯不亮，请王先生回电13912345678", "place": "2栋", "unit": "2栋501",
        "complainant": "王先生", "phone": "13912345678", "at": "2026-03-02T10:00"});
    let _ = site.add("complaint", &complaint).fine();
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
            Some((_, name)) => format!(
                "{}  {name}",
                hex(&std::fs::read(folder.join(name)).unwrap())
            ),
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
    let _ = site
        .act("W-2026-00002", "sign_for", &json!({"technician": "钱师傅"}))
        .fine();
    let amend = json!({"changes": {"received": "2026-05-02T09:00", "paper_no": "WX0009"}, "reason": "写错"});
    let _ = site.act("W-2026-00002", "amend", &amend).fine();
    let _ = site
        .act("W-2026-00001", "void", &json!({"reason": "重单"}))
        .fine();
    let _ = site
        .act("L-2026-00001", "remark", &json!({"text": "已阅"}))
        .fine();
    let _ = site
        .add(
            "work-order",
            &json!({"content": "x", "place": "1栋", "team": "水工班"}),
        )
        .fine();
    std::fs::remove_dir_all(&folder).unwrap();
    let rewritten = archive(&site, "2026-03", &["--lang", "en"]).fine();
    assert_eq!(rewritten["already"], false);
    let second = bytes(&folder);
    let differs: Vec<&String> = first
        .keys()
        .filter(|name| first.get(*name) != second.get(*name))
        .collect();
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
        assert_eq!(
            hex(&std::fs::read(march.join(name)).unwrap()),
            hash,
            "{name}"
        );
        names.push(name.to_owned());
    }
    assert!(names.is_sorted());
    assert_eq!(
        names.len() + 1,
        bytes(&march).len(),
        "the manifest names all but itself"
    );
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

#[test]
fn an_unfinished_month_is_only_looked_at() {
    let mut site = march();
    site.now = "2026-03-31T23:59:59+08:00".into();
    assert_eq!(
        archive(&site, "2026-03", &["--reason", "x"]).refused(),
        ("not_now".into(), "month".into())
    );
    for _ in 0..2 {
        let looked = archive(&site, "2026-03", &["--interim"]).fine();
        assert_eq!(
            (&looked["kind"], &looked["records"]),
            (&json!("interim"), &json!(4))
        );
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
    assert_eq!(
        archive(&site, "2026-03", &["--reason", "x"]).refused(),
        ("duplicate".into(), "out".into())
    );
    assert_eq!(
        bytes(&out(&site)).keys().collect::<Vec<_>>(),
        ["2026-03/letter.txt"]
    );
}

#[test]
fn nobody_seals_by_hand_and_a_seal_stays() {
    let site = march();
    let forged = json!({"action": "seal", "text": "x", "month": "2026-03", "upto": 1, "head": "x", "manifest": "x", "records": 1, "entries": 1});
    assert_eq!(site.add("log", &forged).refused().0, "unknown_action");
    sealed(&site, "2026-03");
    let log = site
        .run(&["list", "log", "--where", "state=sealed", "--format", "json"])
        .fine();
    let no = log["items"][0]["no"].as_str().unwrap().to_owned();
    for (action, data) in [
        ("void", json!({"reason": "x"})),
        (
            "amend",
            json!({"changes": {"month": "2026-02"}, "reason": "x"}),
        ),
        ("correct", json!({"entry": no, "text": "x", "reason": "x"})),
    ] {
        assert_eq!(
            site.act(&no, action, &data).refused().0,
            "not_now",
            "{action}"
        );
    }
    let _ = site
        .act(&no, "remark", &json!({"text": "已存档案室"}))
        .fine();
}

#[test]
fn what_belongs_to_a_sealed_month_needs_a_reason_and_is_named() {
    let mut site = march();
    sealed(&site, "2026-03");
    let late = |more: Value| {
        let mut data = json!({"content": "补记", "place": "1栋", "team": "水工班"});
        data.as_object_mut()
            .unwrap()
            .extend(more.as_object().cloned().unwrap());
        data
    };
    let closed = |answer: &Answer| {
        answer.json()["history"].as_array().unwrap().last().unwrap()["found"]["closed_month"]
            .clone()
    };
    for (more, field) in [
        (json!({"at": "2026-03-30T10:00"}), "received"),
        (
            json!({"at": "2026-03-30T10:00", "received": "2026-04-01T10:00"}),
            "at",
        ),
    ] {
        let refused = site.add("work-order", &late(more.clone()));
        assert_eq!(refused.refused(), ("not_now".into(), field.into()));
        assert!(refused.out.contains("2026-03"), "{}", refused.out);
        let mut explained = late(more);
        explained["note"] = "当时漏登".into();
        let taken = site.add("work-order", &explained);
        assert_eq!(
            taken.fine()["history"][0]["found"]["closed_month"],
            "2026-03"
        );
        assert!(taken.out.contains("2026-04 的档"), "{}", taken.out);
    }
    // A step that is said to have happened then.
    let step = json!({"technician": "钱师傅", "at": "2026-03-03T09:00"});
    assert_eq!(
        site.act("W-2026-00002", "sign_for", &step).refused(),
        ("not_now".into(), "received".into())
    );
    // The ordinary next step, an amendment, a void: marked by themselves.
    let taken = site.act("W-2026-00002", "sign_for", &json!({"technician": "钱师傅"}));
    assert_eq!(closed(&taken), "2026-03");
    let amend = json!({"changes": {"place": "3栋1204"}, "reason": "写错"});
    let taken = site.act("W-2026-00001", "amend", &amend);
    assert_eq!(closed(&taken), "2026-03");
    assert!(taken.fine()["warnings"].to_string().contains("2026-03"));
    // What is of this month is untouched by all this.
    let taken = site.add("work-order", &late(json!({}))).fine();
    assert_eq!(taken["history"][0]["found"].get("closed_month"), None);

    site.now = "2026-05-02T09:00:00+08:00".into();
    let april = sealed(&site, "2026-04");
    let slips = std::fs::read_to_string(april.join("registers/work-order.jsonl")).unwrap();
    let booked: Vec<(String, String)> = slips
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|doc| {
            (
                doc["no"].as_str().unwrap().to_owned(),
                doc["late_month"].as_str().unwrap_or("").to_owned(),
            )
        })
        .collect();
    assert_eq!(
        booked,
        [
            ("W-2026-00003".to_owned(), "2026-03".to_owned()),
            ("W-2026-00004".to_owned(), String::new()),
            ("W-2026-00005".to_owned(), String::new()),
        ]
    );
    let later = std::fs::read_to_string(april.join("later_findings.csv")).unwrap();
    assert_eq!(later.lines().count(), 5, "{later}");
    assert!(later.contains("当时漏登") && later.contains("更正") && later.contains("2026-03"));
    assert_eq!(site.run(&["archive", "verify", "out"]).code, 0);
}

#[test]
fn a_month_with_gaps_is_sealed_only_with_a_reason() {
    let mut site = march();
    // 0003 is missing; 0004 is voided; 5 is 0005 again; a finished slip nobody signed for; of another pad, nothing.
    for paper in ["WX0004", "WX0005", "WX5", "WX0900"] {
        let mut slip = named(paper);
        slip["at"] = "2026-03-20T10:00".into();
        let _ = site.add("work-order", &slip).fine();
    }
    let _ = site
        .act(
            "W-2026-00003",
            "void",
            &json!({"reason": "写坏", "at": "2026-03-20T11:00"}),
        )
        .fine();
    let _ = site
        .act(
            "W-2026-00004",
            "finish",
            &json!({"result": "好", "at": "2026-03-20T12:00"}),
        )
        .fine();
    let dry = site.run(&["archive", "2026-03", "--dry-run", "--format", "json"]);
    assert_eq!(dry.code, 1);
    let report = dry.json();
    let of = |code: &str| -> Vec<String> {
        let findings = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|f| f["code"] == code);
        findings
            .map(|f| {
                format!(
                    "{} {}",
                    f["what"].as_str().unwrap(),
                    f["no"].as_str().unwrap_or("-")
                )
            })
            .collect()
    };
    assert_eq!(of("missing_paper"), ["WX0003 -"]);
    assert_eq!(of("duplicate_paper"), ["WX5 W-2026-00005"]);
    assert_eq!(of("unsigned"), ["accept W-2026-00004"]);
    assert_eq!(report["to_explain"], 2);
    assert!(
        of("open_record").len() >= 4 && of("late_duty").iter().any(|f| f.starts_with("hand_in"))
    );
    assert!(!site.folder().join("out").exists());

    let refused = archive(&site, "2026-03", &[]);
    assert_eq!(refused.refused(), ("missing_field".into(), "reason".into()));
    assert_eq!(refused.json()["gaps"]["to_explain"], 2);
    assert!(!site.folder().join("out/2026-03").exists());
    let _ = archive(&site, "2026-03", &["--reason", "0003 号在仓库"]).fine();
    let readme = std::fs::read_to_string(out(&site).join("2026-03/README.txt")).unwrap();
    assert!(readme.contains("0003 号在仓库"));

    // The next month looks back to the last slip of the pad, and on a missing number that turned up.
    site.now = "2026-04-10T09:00:00+08:00".into();
    let _ = site
        .add("work-order", &named_at("WX0902", "2026-04-10T08:00"))
        .fine();
    let mut found = named_at("WX0901", "2026-03-31T08:00");
    found["note"] = "夹在簿里".into();
    site.now = "2026-05-03T09:00:00+08:00".into();
    let missing = |site: &Site| {
        let report = site
            .run(&["archive", "2026-04", "--dry-run", "--format", "json"])
            .json();
        let findings = report["findings"].as_array().unwrap().clone();
        findings
            .iter()
            .filter(|f| f["code"] == "missing_paper")
            .map(|f| f["what"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(missing(&site), ["WX0901"]);
    let _ = site.add("work-order", &found).fine();
    assert_eq!(missing(&site), [""; 0]);
}

fn named_at(paper: &str, at: &str) -> Value {
    let mut slip = named(paper);
    slip["at"] = at.into();
    slip
}

#[test]
fn a_month_before_that_was_never_sealed_and_a_meter_without_a_bill_are_told() {
    let mut site = Site::new();
    site.now = "2026-02-10T09:00:00+08:00".into();
    let apply = json!({"applicant": "星光影城", "place": "A座2306", "load_kw": "12", "voltage_v": 380, "phases": 3,
        "use_from": "2026-02-11T08:00", "contact": "高经理", "basis": "metered"});
    let no = site.add("application", &apply).fine()["no"]
        .as_str()
        .unwrap()
        .to_owned();
    for (action, data) in [
        ("approve", json!({"name": "总工", "role": "chief_engineer"})),
        ("wire", json!({})),
        ("inspect", json!({"passed": true, "name": "孙工"})),
        (
            "energise",
            json!({"meter_no": "D1", "digits": 5, "reading": "0", "our_name": "孙工", "user_name": "高经理"}),
        ),
    ] {
        let _ = site.act(&no, action, &data).fine();
    }
    site.now = "2026-04-02T09:00:00+08:00".into();
    let told = |site: &Site| {
        let report = site
            .run(&["archive", "2026-03", "--dry-run", "--format", "json"])
            .json();
        let findings = report["findings"].as_array().unwrap().clone();
        let must = findings.iter().filter(|f| f["explain"] == true);
        must.map(|f| {
            format!(
                "{} {}",
                f["code"].as_str().unwrap(),
                f["what"].as_str().unwrap()
            )
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(told(&site), ["unbilled unread", "earlier_month 2026-02"]);
    let _ = site
        .act(
            &no,
            "read",
            &json!({"reading": "120", "name": "孙工", "at": "2026-03-31T17:00"}),
        )
        .fine();
    assert_eq!(told(&site), ["unbilled no_bill", "earlier_month 2026-02"]);
    let _ = site
        .act(&no, "bill", &json!({"period": "2026-03", "price": "0.85"}))
        .fine();
    sealed(&site, "2026-02");
    assert_eq!(told(&site), [""; 0]);
}

#[test]
fn a_masked_copy_holds_no_name_and_no_telephone_number() {
    let site = march();
    assert_eq!(
        archive(&site, "2026-03", &["--mask", "--reason", "x"]).code,
        0
    );
    let masked = out(&site).join("2026-03-masked");
    let mut all = Vec::new();
    for (name, bytes) in bytes(&masked) {
        all.extend(unpacked(&name, bytes));
    }
    let text = String::from_utf8_lossy(&all);
    for word in [
        "13800000000",
        "13912345678",
        "李女士",
        "王先生",
        "钱师傅",
        "孙工",
        "陈文员",
    ] {
        assert!(!text.contains(word), "{word}");
    }
    assert!(text.contains("李**") && text.contains("138****0000") && text.contains("更换阀芯"));
    assert!(!masked.join("journal").exists() && !masked.join("gaps.json").exists());
    assert_eq!(site.run(&["archive", "verify", "out"]).code, 0);
    assert_eq!(site.run(&["archive", "open", "out/2026-03-masked"]).code, 1);
    // Of a month that is not sealed there is none.
    let fresh = march();
    let whole =
        std::fs::read_to_string(out(&site).join("2026-03/registers/work-order.jsonl")).unwrap();
    assert!(whole.contains("13800000000"));
    assert!(!fresh.folder().join("out").exists());
}

/// What a reader of the file sees: the cells of a workbook, the bytes of all else.
fn unpacked(name: &str, bytes: Vec<u8>) -> Vec<u8> {
    use calamine::{Data, Reader};
    if !name.ends_with(".xlsx") {
        return bytes;
    }
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let mut words = String::new();
    for sheet in book.sheet_names() {
        for row in book.worksheet_range(&sheet).unwrap().rows() {
            row.iter()
                .filter(|cell| **cell != Data::Empty)
                .for_each(|cell| words.push_str(&format!("{cell} ")));
        }
    }
    words.into_bytes()
}

#[test]
fn a_sealed_month_is_opened_to_be_looked_at_only() {
    let mut site = march();
    let before = site.show("W-2026-00001").fine();
    sealed(&site, "2026-03");
    site.now = "2026-06-01T09:00:00+08:00".into();
    let _ = site
        .act("W-2026-00001", "remark", &json!({"text": "以后的"}))
        .fine();
    let opened = site
        .run(&["archive", "open", "out/2026-03", "--format", "json"])
        .fine();
    assert_eq!(opened["records"], 4);
    let file = opened["file"].as_str().unwrap();
    site.now = opened["at"].as_str().unwrap().to_owned();
    let shown = site
        .run(&["--file", file, "show", "W-2026-00001", "--format", "json"])
        .fine();
    for key in ["state", "fields", "history", "deadlines", "closed"] {
        assert_eq!(shown[key], before[key], "{key}");
    }
    let add = [
        "--file",
        file,
        "add",
        "work-order",
        "--json",
        "-",
        "--format",
        "json",
    ];
    let refused = site.run_with(&add, &slip().to_string());
    assert_eq!(refused.refused().0, "not_now");
    assert!(refused.err.contains("只能查看"), "{}", refused.err);
    std::fs::remove_dir_all(Path::new(file).parent().unwrap()).unwrap();
    // A damaged one is not opened.
    std::fs::write(out(&site).join("2026-03/gaps.csv"), "x").unwrap();
    assert_eq!(
        site.run(&["archive", "open", "out/2026-03", "--format", "json"])
            .refused()
            .1,
        "path"
    );
}

#[test]
fn issued_papers_and_books_stand_in_the_archive() {
    use dutydesk::desk::Desk;
    use dutydesk::registers::request::Operator;
    use dutydesk::rules::ruleset::Rules;
    use dutydesk::store::Mode;
    use dutydesk::time::Zone;

    let mut site = march();
    let print = |no: &str, at: &str| {
        let mut desk =
            Desk::open(&site.file(), Mode::Existing, Rules::built_in().unwrap()).unwrap();
        let who = Operator {
            name: "陈文员".into(),
            role: None,
        };
        let at = Zone::default().parse(at).unwrap();
        assert!(
            desk.print(no, "repair_slip", None, &who, at)
                .unwrap()
                .issued
        );
    };
    print("W-2026-00001", "2026-03-05T09:00");
    print("W-2026-00002", "2026-03-05T09:01");
    // What the second one says is not so any more.
    let amend = json!({"changes": {"place": "5栋502"}, "reason": "写错"});
    let _ = site.act("W-2026-00002", "amend", &amend).fine();
    let folder = sealed(&site, "2026-03");
    let index = std::fs::read_to_string(folder.join("papers/index.csv")).unwrap();
    let lines: Vec<&str> = index.lines().skip(1).collect();
    assert_eq!(lines.len(), 2, "{index}");
    assert!(
        lines[0].starts_with("W-2026-00001") && lines[0].ends_with(",papers/repair_slip-001"),
        "{index}"
    );
    assert!(
        lines[1].starts_with("W-2026-00002") && lines[1].ends_with(",是,"),
        "{index}"
    );
    let first = bytes(&folder);
    assert!(
        first
            .keys()
            .any(|name| name.starts_with("papers/repair_slip-001.")),
        "{:?}",
        first.keys()
    );
    assert_eq!(found(&folder), []);
    // Written again after a third slip was printed: the seal says which papers went in.
    site.now = "2026-05-02T09:00:00+08:00".into();
    let _ = site
        .act(
            "W-2026-00001",
            "amend",
            &json!({"changes": {"place": "6栋"}, "reason": "x"}),
        )
        .fine();
    std::fs::remove_dir_all(&folder).unwrap();
    let _ = archive(&site, "2026-03", &["--papers", "none"]).fine();
    assert!(first == bytes(&folder));
}

#[test]
fn a_clock_that_was_set_back_neither_hides_nor_loses_a_record() {
    let mut site = march();
    sealed(&site, "2026-03");
    site.now = "2026-03-20T09:00:00+08:00".into();
    let mut data = json!({"content": "钟拨回后", "place": "1栋", "team": "水工班"});
    assert_eq!(site.add("work-order", &data).refused().0, "not_now");
    data["note"] = "电脑时钟不对".into();
    let no = site.add("work-order", &data).fine()["no"].clone();
    site.now = "2026-05-02T09:00:00+08:00".into();
    let april = sealed(&site, "2026-04");
    let slips = std::fs::read_to_string(april.join("registers/work-order.jsonl")).unwrap();
    assert!(
        slips.contains(no.as_str().unwrap()) && slips.contains("\"late_month\":\"2026-03\""),
        "{slips}"
    );
}
