//! What a repair slip keeps, and what each entry makes of it.

use serde::{Deserialize, Serialize};

use super::{Archive, Issue, QuoteItem, Rec, RevisitMethod, WorkOrderAction, WorkOrderState as S};
use crate::base::quantity::Fen;
use crate::base::time::Instant;
use crate::record::entry::Entry;

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

impl Body {
    fn came(&mut self, at: Instant) {
        self.work.arrived_at.get_or_insert(at);
        if let Some(visit) = self
            .visits
            .iter_mut()
            .rfind(|visit| visit.came_at.is_none())
        {
            visit.came_at = Some(at);
        }
    }

    fn promise(&mut self, at: Instant, next: Option<Instant>) {
        if let Some(next_visit) = next {
            self.visits.push(Visit {
                promised_at: at,
                next_visit,
                came_at: None,
            });
        }
    }
}

/// What the entry makes of the slip.
pub(super) fn apply(record: &mut Rec, entry: &Entry, action: WorkOrderAction) {
    let at = entry.at;
    let body = &mut record.body;
    match action {
        WorkOrderAction::Issue(issue) => body.slip = issue,
        WorkOrderAction::SignFor(sign) => {
            body.trail.technician = Some(sign.technician);
            body.trail.signed_for_at = Some(at);
            if record.head.state == S::Issued {
                record.enter(S::SignedFor, at);
            }
        }
        WorkOrderAction::Arrive(arrive) => {
            body.came(at);
            if arrive.technician.is_some() {
                body.trail.technician = arrive.technician;
            }
            if arrive.admitted {
                record.enter(S::OnSite, at);
            } else {
                body.work.reason = arrive.reason;
                body.promise(at, arrive.next_visit);
                record.enter(S::Waiting, at);
            }
        }
        WorkOrderAction::Quote(quote) => {
            body.price = Price {
                amount_fen: Some(quote.amount_fen),
                items: quote.items.unwrap_or_default(),
                consent_by: None,
            };
            record.enter(S::Quoted, at);
        }
        WorkOrderAction::Consent(consent) => {
            body.price.consent_by = Some(consent.signed_by);
            record.enter(S::OnSite, at);
        }
        WorkOrderAction::Decline(decline) => {
            end_without_repair(record, at, decline.reason, decline.signed_by, S::Declined)
        }
        WorkOrderAction::OwnEquipment(own) => {
            end_without_repair(record, at, own.reason, own.signed_by, S::OwnEquipment)
        }
        WorkOrderAction::WaitMaterial(wait) => {
            body.work.materials = Some(wait.materials);
            body.promise(at, Some(wait.next_visit));
            record.enter(S::Waiting, at);
        }
        WorkOrderAction::Finish(finish) => {
            body.came(at);
            body.work.result = Some(finish.result);
            body.work.measures = finish.measures;
            body.work.protection = finish.protection;
            body.work.finished_at = Some(at);
            record.enter(S::Done, at);
        }
        WorkOrderAction::Accept(accept) => {
            body.work.signed_by = Some(accept.signed_by);
            body.work.satisfied = Some(accept.satisfied);
            if !accept.satisfied {
                body.work.finished_at = None;
            }
            record.enter(
                if accept.satisfied {
                    S::Accepted
                } else {
                    S::OnSite
                },
                at,
            );
        }
        WorkOrderAction::TechSign(sign) => {
            body.trail.signed_by_technician = Some(sign.technician);
            record.enter(S::Signed, at);
        }
        WorkOrderAction::Review(review) => {
            body.trail.engineer = Some(review.engineer);
            record.enter(S::Reviewed, at);
        }
        WorkOrderAction::HandIn(hand_in) => {
            body.trail.clerk = Some(hand_in.clerk);
            body.trail.handed_in_at = Some(at);
            record.enter(S::HandedIn, at);
        }
        WorkOrderAction::Archive(Archive {}) => record.enter(S::Archived, at),
        WorkOrderAction::Revisit(revisit) => {
            body.revisits.push(RevisitResult {
                at,
                satisfied: revisit.satisfied,
                method: revisit.method,
                by: revisit.by,
            });
        }
    }
}

fn end_without_repair(record: &mut Rec, at: Instant, reason: String, signed_by: String, state: S) {
    record.body.work.reason = Some(reason);
    record.body.work.signed_by = Some(signed_by);
    record.body.work.finished_at = Some(at);
    record.enter(state, at);
}
