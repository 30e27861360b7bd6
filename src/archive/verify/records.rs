//! Every record of the registers, made anew from its entries.

use std::path::Path;

use serde_json::{Map, Value};

use super::super::manifest::Manifest;
use super::super::registers::name;
use super::chain::lines;
use super::{Bench, Proof};
use crate::base::i18n::{Msg, Voice};
use crate::base::time::{Instant, Zone};
use crate::desk::Result;
use crate::desk::json::Json;
use crate::desk::past::PastRecord;
use crate::registers::REGISTERS;

/// What of a record its entries alone tell. Duties, titles and links from other records also depend on rules and on
/// entries that stand elsewhere.
const TOLD_BY_ENTRIES: &[&str] = &[
    "no",
    "register",
    "state",
    "class",
    "opened",
    "received",
    "entered",
    "closed",
    "void_reason",
    "procedure",
    "fields",
    "breaches",
    "links",
    "remarks",
    "history",
];

/// Makes every record anew and compares it with its line.
pub(super) fn remade(
    path: &Path,
    manifest: &Manifest,
    proof: &mut Proof,
    bench: &mut Bench<'_>,
) -> Result<()> {
    let zone = manifest.zone.parse().map(Zone).unwrap_or_default();
    bench.desk.find_places()?;
    for register in REGISTERS {
        let file = name(*register, "jsonl");
        for line in lines(&path.join(&file)) {
            bench.one()?;
            let told = serde_json::from_str::<Map<String, Value>>(&line).unwrap_or_default();
            let no = told.get("no").and_then(Value::as_str).unwrap_or_default();
            let past = bench.desk.past(Some(manifest.chain.last))?;
            let made = past.record(no)?;
            drop(past);
            if made.is_some_and(|made| agrees(&told, made, zone)) {
                proof.records += 1;
            } else {
                let text = Msg::new("archive.proof.record")
                    .with("what", file.as_str())
                    .with("no", no);
                proof.tell("record", &file, text);
            }
        }
    }
    Ok(())
}

fn agrees(told: &Map<String, Value>, made: PastRecord, zone: Zone) -> bool {
    let voice = Voice {
        zone,
        ..Voice::default()
    };
    let json = Json {
        voice,
        now: Instant::default(),
    };
    let made = json.view(&made.view(Vec::new(), Vec::new()), &[]);
    TOLD_BY_ENTRIES
        .iter()
        .all(|key| told.get(*key) == made.get(*key))
        && papers(told.get("papers")) == papers(made.get("papers"))
}

/// Papers without what depends on how they are laid out today.
fn papers(told: Option<&Value>) -> Option<Vec<Value>> {
    let papers = told?.as_array()?.iter().cloned();
    let issued = papers.map(|mut paper| {
        if let Some(map) = paper.as_object_mut() {
            map.remove("outdated");
        }
        paper
    });
    Some(issued.collect())
}
