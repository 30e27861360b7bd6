//! The class of a complaint through its life: proposed by the facts, judged by the manager, overridden by a person.
//!
//! Every proposal stands in its entry. An override stays while later facts propose the same or a lighter class; a
//! later fact that makes the complaint heavier than the override, for a reason its author had not seen, lifts it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{ComplaintState as S, Rec};
use crate::record::entry::Entry;
use crate::rules::complaint_class::{
    DEFERRED, Facts, Proposal, Reason, Validity, invalid_class, needs_judgement, propose, weight,
};
use crate::rules::procedure::Procedure;

/// The class: what the facts propose, how it was judged, what a person decided.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What the facts known now propose.
    #[serde(default)]
    pub proposal: Proposal,
    /// Whether the class stands or waits for judgement.
    #[serde(default)]
    pub confirmed: bool,
    /// Valid or invalid, once judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity: Option<Validity>,
    /// Who judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judged_by: Option<String>,
    /// A person's class in place of the proposed one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chosen: Option<Chosen>,
}

/// A class that a person chose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// The class.
    pub class: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// The reasons for the proposed class that the person had before him.
    #[serde(default)]
    pub seen: Vec<Reason>,
}

/// The class with facts and judgement as they would be, as the entry will keep it.
#[derive(Clone, Debug)]
pub(super) struct Outlook {
    /// Proposed by the facts.
    pub proposal: Proposal,
    /// The class that counts.
    pub class: String,
    /// Whether it stands.
    pub confirmed: bool,
    /// Whether a person's override gives way.
    pub lifted: bool,
}

impl Outlook {
    /// For a complaint with these facts and this judgement, of which a person may have decided the class.
    pub fn of(
        procedure: &Procedure,
        facts: &Facts,
        validity: Option<Validity>,
        chosen: Option<&Chosen>,
    ) -> Self {
        let proposal = propose(procedure, facts, validity);
        let lifted = chosen.is_some_and(|chosen| gives_way(procedure, chosen, &proposal, validity));
        let standing = chosen.filter(|_| !lifted);
        let class = standing.map_or_else(|| proposal.class.clone(), |chosen| chosen.class.clone());
        let confirmed = match standing {
            Some(chosen) => validity.is_some() || !needs_judgement(procedure, &chosen.class),
            None => proposal.confirmed,
        };
        Self {
            proposal,
            class,
            confirmed,
            lifted,
        }
    }

    /// When a person decides the class: his class counts, what the facts propose stands beside it.
    pub fn decided(
        procedure: &Procedure,
        facts: &Facts,
        validity: Option<Validity>,
        class: &str,
    ) -> Self {
        let confirmed = validity.is_some() || !needs_judgement(procedure, class);
        Self {
            proposal: propose(procedure, facts, validity),
            class: class.to_owned(),
            confirmed,
            lifted: false,
        }
    }

    /// What the entry keeps.
    pub fn found(&self) -> Map<String, Value> {
        let value = json!({
            "class": self.class,
            "confirmed": self.confirmed,
            "reasons": self.proposal.reasons,
            "proposal": self.proposal,
            "override_lifted": self.lifted,
        });
        match value {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }
}

fn gives_way(
    procedure: &Procedure,
    chosen: &Chosen,
    proposal: &Proposal,
    validity: Option<Validity>,
) -> bool {
    let invalid = invalid_class(procedure);
    match validity {
        Some(Validity::Invalid) => return invalid != Some(chosen.class.as_str()),
        Some(Validity::Valid) if invalid == Some(chosen.class.as_str()) => return true,
        _ => {}
    }
    let heavier = weight(procedure, &proposal.class) > weight(procedure, &chosen.class);
    heavier
        && proposal
            .reasons
            .iter()
            .any(|reason| !chosen.seen.contains(reason))
}

/// A person's class takes the place of the proposed one.
pub(super) fn override_class(verdict: &mut Verdict, entry: &Entry, class: &str, reason: &str) {
    verdict.chosen = Some(Chosen {
        class: class.to_owned(),
        reason: reason.to_owned(),
        by: entry.by.clone(),
        seen: verdict.proposal.reasons.clone(),
    });
}

/// Takes over what the rules found when the entry was accepted.
pub(super) fn take(record: &mut Rec, entry: &Entry) {
    let found = |key: &str| entry.found.get(key).cloned();
    if let Some(facts) = found("facts").and_then(|v| serde_json::from_value(v).ok()) {
        record.body.intake.facts = facts;
    }
    if let Some(cause) = found("cause").and_then(|v| v.as_str().map(str::to_owned)) {
        record.body.intake.cause = Some(cause);
    }
    let verdict = &mut record.body.verdict;
    if let Some(proposal) = found("proposal").and_then(|v| serde_json::from_value(v).ok()) {
        verdict.proposal = proposal;
    }
    if let Some(confirmed) = found("confirmed").and_then(|v| v.as_bool()) {
        verdict.confirmed = confirmed;
    }
    if found("override_lifted") == Some(Value::Bool(true)) {
        verdict.chosen = None;
    }
    if let Some(Value::String(class)) = found("class") {
        // What was put off and turns out heavier is taken in hand again.
        if record.head.state == S::Deferred && class != DEFERRED {
            record.enter(S::Classified, entry.at);
        }
        record.head.class = Some(class);
    }
}
