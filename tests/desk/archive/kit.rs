//! A site whose March is over, and hands for its archive.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use dutydesk::archive::verify;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::common::{Answer, Site, slip};

/// A site whose March is over: an ordinary slip, a finished one, a complaint, a line of the log.
pub fn march() -> Site {
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

pub fn named(paper: &str) -> Value {
    let mut slip = slip();
    slip["paper_no"] = paper.into();
    slip
}

pub fn out(site: &Site) -> PathBuf {
    site.folder().join("out")
}

/// `archive MONTH --out out …`.
pub fn archive(site: &Site, month: &str, more: &[&str]) -> Answer {
    let mut args = vec!["archive", month, "--out", "out", "--format", "json"];
    args.extend(more);
    site.run(&args)
}

pub fn sealed(site: &Site, month: &str) -> PathBuf {
    let done = archive(site, month, &["--reason", "试用"]).fine();
    assert_eq!(done["month"], month);
    out(site).join(month)
}

/// Every file under a folder with its bytes.
pub fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
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

pub fn hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Codes and files of what a proof found wrong.
pub fn found(folder: &Path) -> Vec<(&'static str, String)> {
    let proof = verify::folder(folder, &mut |_| ControlFlow::Continue(())).unwrap();
    let findings = proof.findings.iter();
    findings.map(|f| (f.code, f.what.clone())).collect()
}

/// Puts the hashes of the files as they are now into the manifest, as a forger would.
pub fn forge(folder: &Path) {
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
