//! What a repair slip keeps, and what each entry makes of it.

use serde::{Deserialize, Serialize};

use super::{Copy, Issue, QuoteItem, RevisitMethod};
use crate::base::i18n::{Lang, lookup};
use crate::base::identity::same;
use crate::base::quantity::Fen;
use crate::base::time::Instant;
use crate::record::field::Choice;

/// A repair slip: the slip as issued, the visits, the price, the work, the way of the paper.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// The slip as issued.
    #[serde(flatten)]
    pub slip: Issue,
    /// Price and consent.
    #[serde(flatten)]
    pub price: Price,
    /// What was done.
    #[serde(flatten)]
    pub work: Work,
    /// The way of the paper.
    #[serde(flatten)]
    pub trail: Trail,
    /// Visits promised after the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<Visit>,
    /// Revisits 回访.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revisits: Vec<RevisitResult>,
    /// The weekly samples 周抽查 that it was drawn in (S2.12).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<SampledIn>,
}

/// Price and consent (S2.5, S2.6).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// Quoted, in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<Fen>,
    /// Line by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<QuoteItem>,
    /// Who consented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent_by: Option<String>,
    /// Why the customer declined it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declined: Option<String>,
    /// Repairs that were finished on a quote without consent, and what was noted about it (S2.6).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unconsented: Vec<Unconsented>,
}

/// A repair that was finished although the customer had not consented to the price (S2.6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unconsented {
    /// When it was finished.
    pub at: Instant,
    /// What was noted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What was done (S2.7–S2.10).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// First time on site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<Instant>,
    /// Why not let in, not repaired, or not wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Material waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub materials: Option<String>,
    /// Result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Measures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measures: Option<String>,
    /// Protection of the surroundings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protection: Option<String>,
    /// Whether the site was cleaned before leaving (S2.10).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cleaned: bool,
    /// When the repair, or the attempt at it, came to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Instant>,
    /// Who signed for the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    /// Whether the customer was satisfied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub satisfied: Option<bool>,
}

/// Who had the slip, and when (S2.2, S2.11).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trail {
    /// Who took the slip or came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technician: Option<String>,
    /// Everybody who took the slip, came or signed it as technician: none of them reviews it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hands: Vec<String>,
    /// When the book was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_for_at: Option<Instant>,
    /// Which technician signed the finished slip.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_by_technician: Option<String>,
    /// Who reviewed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engineer: Option<String>,
    /// Who took it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clerk: Option<String>,
    /// When it came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed_in_at: Option<Instant>,
    /// Who got a copy (S2.11).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<Copy>,
}

/// A visit promised to the customer (S2.4, S2.7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// When it was promised.
    pub promised_at: Instant,
    /// For when.
    pub next_visit: Instant,
    /// When somebody came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub came_at: Option<Instant>,
    /// When another visit took its place, before it was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_at: Option<Instant>,
}

/// One revisit (S2.12).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RevisitResult {
    /// When.
    pub at: Instant,
    /// Whether the customer was satisfied.
    pub satisfied: bool,
    /// On the spot or by telephone.
    pub method: RevisitMethod,
    /// Who asked.
    pub by: String,
}

/// A weekly sample that the slip was drawn in (S2.12).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampledIn {
    /// When it was drawn.
    pub drawn_at: Instant,
    /// Of which ISO week: `2026-W10`.
    pub week: String,
    /// Who revisits.
    pub reviewer: String,
    /// The draw's line in the duty log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<String>,
}

impl Body {
    /// Whether a price was told that the customer has not consented to (S2.6).
    pub fn unconsented(&self) -> bool {
        self.price.amount_fen.is_some() && self.price.consent_by.is_none()
    }

    /// Somebody worked on it as technician.
    pub(super) fn worked(&mut self, name: &str) {
        let known = self.trail.hands.iter().any(|hand| same(hand, name));
        if !known {
            self.trail.hands.push(name.to_owned());
        }
    }

    /// Somebody came: whoever was promised a visit has had it.
    pub(super) fn came(&mut self, at: Instant) {
        self.work.arrived_at.get_or_insert(at);
        let waiting = self
            .visits
            .iter_mut()
            .filter(|visit| visit.came_at.is_none() && visit.replaced_at.is_none());
        waiting.for_each(|visit| visit.came_at = Some(at));
    }

    /// Another visit; one promised before and not yet due gives way to it, one that was missed stays missed.
    pub(super) fn promise(&mut self, at: Instant, next: Option<Instant>) {
        let Some(next_visit) = next else { return };
        let gives_way = |visit: &&mut Visit| visit.came_at.is_none() && at <= visit.next_visit;
        for visit in self.visits.iter_mut().filter(gives_way) {
            visit.replaced_at.get_or_insert(at);
        }
        self.visits.push(Visit {
            promised_at: at,
            next_visit,
            came_at: None,
            replaced_at: None,
        });
    }
}

/// The copy of this code or label.
pub(super) fn copy_of(text: &str) -> Option<Copy> {
    let labelled = |code: &str| {
        let key = Copy::SET.label_key(code);
        let mut labels = Lang::ALL.into_iter().filter_map(|lang| lookup(lang, &key));
        labels.any(|label| same(&label, text))
    };
    let mut codes = Copy::SET.codes.iter();
    let code = codes.find(|code| same(code, text) || labelled(code))?;
    Copy::from_code(code)
}
