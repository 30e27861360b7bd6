//! The class of a complaint through its life: proposed by the facts, judged by the manager, overridden by a person.
//!
//! An override stays while later facts propose the same or a lighter class; a later fact that makes the complaint
//! heavier than the override, for a reason its author had not seen, lifts it.

use serde::{Deserialize, Serialize};

use super::{ComplaintState as S, Rec, Stand};
use crate::base::time::Instant;
use crate::rules::complaint_class::{
    Proposal, Reason, Validity, class_if_valid, needs_judgement, propose, weight,
};
use crate::rules::procedure::{ClassKind, Procedure};

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

/// A person's class takes the place of the one that the facts known now propose.
pub(super) fn choose(record: &mut Rec, procedure: &Procedure, class: &str, reason: &str, by: &str) {
    let body = &mut record.body;
    let proposal = propose(procedure, &body.intake.facts, body.verdict.validity);
    body.verdict.chosen = Some(Chosen {
        class: class.to_owned(),
        reason: reason.to_owned(),
        by: by.to_owned(),
        seen: proposal.reasons,
    });
}

/// The class by the facts, the judgement and the override as they stand after the step last taken. What was put off and
/// turns out heavier is taken in hand again.
pub(super) fn reckon(record: &mut Rec, procedure: &Procedure, at: Instant) {
    let body = &mut record.body;
    let verdict = &mut body.verdict;
    verdict.proposal = propose(procedure, &body.intake.facts, verdict.validity);
    if verdict
        .chosen
        .as_ref()
        .is_some_and(|chosen| gives_way(procedure, chosen, verdict))
    {
        verdict.chosen = None;
    }
    let class = match &verdict.chosen {
        Some(chosen) => chosen.class.clone(),
        None => verdict.proposal.class.clone(),
    };
    verdict.confirmed = match &verdict.chosen {
        Some(chosen) => verdict.validity.is_some() || !needs_judgement(procedure, &chosen.class),
        None => verdict.proposal.confirmed,
    };
    let kind = procedure.class(&class).map(|class| class.kind());
    record.head.class = Some(class);
    if record.head.state == S::Deferred && kind != Some(ClassKind::Deferred) {
        record.enter(S::Classified, at);
    }
}

/// Notes how the class stands in the present round, when it stands differently from before.
pub(super) fn note_stand(record: &mut Rec, procedure: &Procedure, known: Instant) {
    let class = record.head.class.clone().unwrap_or_default();
    let body = &mut record.body;
    let running = match body.verdict.confirmed {
        true => None,
        false => class_if_valid(procedure, &body.intake.facts).filter(|running| *running != class),
    };
    let stand = Stand {
        since: Some(known),
        steps: body.steps.len().saturating_sub(1),
        running: running.map(str::to_owned),
        facts: body.intake.facts.clone(),
        class,
    };
    if let Some(round) = body.present() {
        let same = |last: &Stand| {
            (&last.class, &last.running, &last.facts)
                == (&stand.class, &stand.running, &stand.facts)
        };
        if !round.stands.last().is_some_and(same) {
            round.stands.push(stand);
        }
    }
}

/// Whether a person's class gives way to what is known now.
fn gives_way(procedure: &Procedure, chosen: &Chosen, verdict: &Verdict) -> bool {
    let invalid = procedure
        .class(&chosen.class)
        .is_some_and(|class| class.kind() == ClassKind::Invalid);
    match verdict.validity {
        Some(Validity::Invalid) => return !invalid,
        Some(Validity::Valid) if invalid => return true,
        _ => {}
    }
    let proposal = &verdict.proposal;
    let heavier = weight(procedure, &proposal.class) > weight(procedure, &chosen.class);
    let unseen = |reason: &Reason| !chosen.seen.contains(reason);
    heavier && proposal.reasons.iter().any(unseen)
}
