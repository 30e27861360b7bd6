//! What a log entry or a shift keeps.

use serde::{Deserialize, Serialize};

use super::{
    HandedItem, Kind, LogAction, LogState as S, Rec, Sample, SampledSlip, SampledStratum, numbers,
};
use crate::base::time::Instant;
use crate::record::timeline::Fact;

/// A log entry, or a shift.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// What was noted.
    #[serde(flatten)]
    pub note: Note,
    /// The shift, when the record is one.
    #[serde(flatten)]
    pub shift: ShiftBook,
    /// The sealed month, when the record is one.
    #[serde(flatten)]
    pub seal: SealBook,
    /// The weekly sample, when the record is one.
    #[serde(flatten)]
    pub sample: SampleBook,
    /// Earlier texts, each superseded by a correction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// When the slip of a night repair was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slip_issued_at: Option<Instant>,
    /// When a carried item was dealt with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleared_at: Option<Instant>,
    /// How it was dealt with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What was noted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// The text as it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What sort of entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Whose unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The records it speaks of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refers: Vec<String>,
}

/// A shift.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShiftBook {
    /// 早班、中班、夜班.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<String>,
    /// Who is on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// When it was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed_over_at: Option<Instant>,
    /// Who handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out: Option<String>,
    /// Who took over.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub taken_by: Option<String>,
    /// Whether the carried items were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items_read: Option<bool>,
    /// Remarks at hand-over; why the carried items were not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
    /// Who allowed the hand-over while something was under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supervisor: Option<String>,
    /// Why he did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_because: Option<String>,
    /// What was handed over, item by item, as it was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handed: Vec<HandedItem>,
}

/// A sealed month 月档: what was put into the archive, and its proof.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SealBook {
    /// `2026-03`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// Sequence number of the last entry that the archive knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upto: Option<i64>,
    /// Hash of that entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// SHA-256 of the archive's manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<String>,
    /// Records in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<i64>,
    /// Entries in its stretch of the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<i64>,
    /// Which papers were put in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub papers: Option<String>,
}

/// A weekly sample 周抽查 (S2.12): what was drawn, and from what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SampleBook {
    /// `2026-W10`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub week: Option<String>,
    /// Who revisits; his own repairs were left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<String>,
    /// By what it was drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// The share that is drawn, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<i64>,
    /// How many slips were finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished: Option<i64>,
    /// How many were drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// By team, unpaid work first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strata: Vec<SampledStratum>,
    /// The slips, in the order of drawing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<SampledSlip>,
}

/// A text that a correction superseded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// What stood before.
    pub text: String,
    /// Why.
    pub reason: String,
}

/// What the fact makes of the record. States that always follow stand in the lifecycle table.
pub(super) fn apply(record: &mut Rec, fact: &Fact, action: LogAction) {
    let at = fact.entry.at;
    match action {
        LogAction::Entry(noted) => {
            let state = match noted.kind {
                Kind::NightRepair => S::Unissued,
                Kind::Carry => S::Carried,
                Kind::Note | Kind::Equipment => S::Noted,
            };
            record.body.note = Note {
                text: Some(noted.text),
                kind: Some(noted.kind),
                place: noted.place,
                unit: noted.unit,
                refers: numbers(&noted.refers),
            };
            record.body.corrections = earlier_texts(fact);
            record.enter(state, at);
        }
        LogAction::Shift(shift) => {
            record.body.shift.band = Some(shift.band);
            record.body.shift.people = shift.people;
            record.enter(S::OnShift, at);
        }
        LogAction::HandOver(hand_over) => {
            let shift = &mut record.body.shift;
            shift.handed_over_at = Some(at);
            shift.out = Some(hand_over.out);
            shift.taken_by = Some(hand_over.r#in);
            shift.items_read = Some(hand_over.items_read);
            shift.supervisor = hand_over.supervisor;
            shift.allowed_because = hand_over.allowed_because;
            shift.handed = hand_over.handed.unwrap_or_default();
            shift.remarks = hand_over.remarks.or_else(|| fact.entry.note.clone());
        }
        LogAction::Clear(clear) => {
            record.body.cleared_at = Some(at);
            record.body.reason = clear.reason;
        }
        LogAction::Seal(seal) => {
            record.body.note.text = Some(seal.text);
            record.body.reason = seal.reason;
            record.body.seal = SealBook {
                month: Some(seal.month),
                upto: Some(seal.upto),
                head: Some(seal.head),
                manifest: Some(seal.manifest),
                records: Some(seal.records),
                entries: Some(seal.entries),
                papers: seal.papers,
            };
        }
        LogAction::Sample(sample) => sampled(&mut record.body, sample),
    }
}

/// What was drawn; the line speaks of the slips.
fn sampled(body: &mut Body, sample: Sample) {
    let items = sample.items.unwrap_or_default();
    body.note.text = Some(sample.text);
    body.note.refers = items.iter().map(|slip| slip.no.clone()).collect();
    body.sample = SampleBook {
        week: Some(sample.week),
        reviewer: Some(sample.reviewer),
        seed: Some(sample.seed),
        percent: Some(sample.percent),
        finished: Some(sample.finished),
        size: Some(sample.size),
        strata: sample.strata.unwrap_or_default(),
        items,
    };
}

/// The texts that stood there before each correction, the first one first.
fn earlier_texts(fact: &Fact) -> Vec<Correction> {
    let superseded = fact.corrections.iter().filter_map(|correction| {
        let before = correction.before.get("text")?.as_str()?;
        Some(Correction {
            at: correction.at,
            by: correction.by.clone(),
            text: before.to_owned(),
            reason: correction.reason.clone(),
        })
    });
    superseded.collect()
}

/// The first repair slip that is linked to a night repair is the one that was owed (S2.1).
pub(super) fn linked(record: &mut Rec, at: Instant, to: &str) {
    if record.body.note.text.is_none() || !to.starts_with("W-") {
        return;
    }
    record.body.slip_issued_at.get_or_insert(at);
    if record.head.state == S::Unissued {
        record.enter(S::Issued, at);
    }
}
