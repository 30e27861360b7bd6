//! What a log entry or a shift keeps.

use serde::{Deserialize, Serialize};

use super::{Kind, LogAction, LogState as S, Rec, numbers};
use crate::base::time::Instant;
use crate::record::entry::Entry as JournalEntry;

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
    /// Remarks at hand-over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
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

/// What the entry makes of the record.
pub(super) fn apply(record: &mut Rec, entry: &JournalEntry, action: LogAction) {
    let at = entry.at;
    match action {
        LogAction::Entry(noted) => {
            record.body.note = Note {
                text: Some(noted.text),
                kind: Some(noted.kind),
                place: noted.place,
                unit: noted.unit,
                refers: numbers(&noted.refers),
            };
            record.enter(stands(&record.body, noted.kind), at);
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
            shift.remarks = hand_over.remarks;
            record.enter(S::HandedOver, at);
        }
        LogAction::Clear(clear) => {
            record.body.cleared_at = Some(at);
            record.body.reason = clear.reason;
            record.enter(S::Cleared, at);
        }
        LogAction::Correct(correct) => {
            let before = record
                .body
                .note
                .text
                .replace(correct.text)
                .unwrap_or_default();
            record.body.corrections.push(Correction {
                at,
                by: entry.by.clone(),
                text: before,
                reason: correct.reason,
            });
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
            record.enter(S::Sealed, at);
        }
    }
}

/// Where an entry of this kind stands.
fn stands(body: &Body, kind: Kind) -> S {
    match kind {
        Kind::NightRepair if body.slip_issued_at.is_some() => S::Issued,
        Kind::NightRepair => S::Unissued,
        Kind::Carry if body.cleared_at.is_some() => S::Cleared,
        Kind::Carry => S::Carried,
        Kind::Note | Kind::Equipment => S::Noted,
    }
}

/// A kind that was put right changes what the entry waits for.
pub(super) fn amended(record: &mut Rec) {
    if let Some(kind) = record.body.note.kind {
        record.head.state = stands(&record.body, kind);
    }
}
