//! What the weekly sample (S2.12) sees of a slip: whether it was finished to the customer's satisfaction, when, by whom;
//! and the revisit that a drawn slip owes.

use super::{Body, Finish, Rec, SampledIn, WorkOrder};
use crate::base::i18n::Msg;
use crate::base::identity::same;
use crate::base::time::Instant;
use crate::base::week::Week;
use crate::record::head::AnyRecord;
use crate::record::timeline::Timeline;
use crate::registers::Register;
use crate::rules::deadline::{Deadline, Outcome, Tick};
use crate::rules::in_force::InForce;
use crate::rules::ruleset::Rules;
use crate::rules::sample::Candidate;

/// The duty of a drawn slip.
pub const SAMPLE_REVISIT: &str = "sample_revisit";

/// The states of a slip whose repair the customer has accepted.
pub const FINISHED: &[&str] = &["accepted", "signed", "reviewed", "handed_in", "archived"];

/// A finished slip, as the weekly sample sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishedSlip {
    /// What is drawn from.
    pub candidate: Candidate,
    /// When the repair that was accepted was finished.
    pub at: Instant,
    /// Everybody who took the slip, came or signed it as technician.
    hands: Vec<String>,
}

impl FinishedSlip {
    /// Of a slip whose repair the customer has accepted; none of any other. One that ended without a repair has nothing
    /// to be accepted.
    pub fn of(record: &AnyRecord) -> Option<Self> {
        if !FINISHED.contains(&record.head.state.as_str()) {
            return None;
        }
        let body: Body = record.body.read().ok()?;
        let at = body.work.finished_at?;
        if body.work.satisfied != Some(true) {
            return None;
        }
        let Body {
            slip, price, trail, ..
        } = body;
        let candidate = Candidate {
            no: record.head.no.clone(),
            team: slip.team,
            paid: price.amount_fen.is_some_and(|amount| amount.0 > 0),
            technician: trail.technician.or(trail.signed_by_technician),
        };
        Some(Self {
            candidate,
            at,
            hands: trail.hands,
        })
    }

    /// Whether the repair is somebody's own: he took the slip, came or signed it as technician, or finished it. The
    /// engineer who reviewed the paper did not do the repair.
    pub fn is_of(&self, name: &str, timeline: &Timeline) -> bool {
        let finishes = timeline
            .facts
            .iter()
            .filter(|fact| fact.entry.action == Finish::NAME);
        let mut names = finishes
            .map(|fact| fact.entry.by.as_str())
            .chain(self.hands.iter().map(String::as_str));
        names.any(|own| same(own, name))
    }
}

/// The revisits owed by the weekly samples that the slip was drawn in, each met by the first revisit after its draw.
pub(super) fn owed(record: &Rec, rules: &InForce) -> Vec<Deadline> {
    let samples = record.body.samples.iter().zip(1..);
    let owed = samples.filter_map(|(sample, round)| {
        let mut duty = revisit(sample, rules)?;
        let mut revisits = record.body.revisits.iter();
        let done = revisits.find(|revisit| revisit.at >= sample.drawn_at);
        duty.outcome = done.map_or(Outcome::Pending, |revisit| Outcome::Done(revisit.at));
        duty.round = round;
        Some(duty)
    });
    owed.collect()
}

/// The revisit that a draw asks for: its term runs from the end of the week that was drawn from. A draw that came after
/// the term was over could not be followed in time.
fn revisit(sample: &SampledIn, rules: &InForce) -> Option<Deadline> {
    let zone = rules.at(sample.drawn_at).zone();
    let week = Week::parse(&sample.week)?;
    let mut duty = declared(sample.drawn_at, week.end(zone), rules)?;
    duty.from = sample.drawn_at;
    let drawn = Msg::new("trace.sampled")
        .with("week", sample.week.as_str())
        .with("monday", week.monday())
        .with("sunday", week.sunday())
        .with("at", sample.drawn_at);
    duty.trace.insert(0, drawn);
    if let Some(due) = duty.due.filter(|due| sample.drawn_at > *due) {
        duty.impossible = true;
        let late = Msg::new("trace.sampled_late").with("at", sample.drawn_at);
        duty.trace.push(late.with("due", due));
    }
    duty.tick = duty
        .tick
        .map(|tick: Tick| tick.with("by", sample.reviewer.as_str()));
    Some(duty)
}

/// The duty as the procedure has it that was in force at the draw. One from before there were draws knows nothing of it;
/// then the built-in one counts, as for whatever such a file leaves out.
fn declared(at: Instant, end: Instant, rules: &InForce) -> Option<Deadline> {
    let code = WorkOrder::SPEC.code;
    let own = rules.at(at).deadline(code, SAMPLE_REVISIT, end);
    own.or_else(|| Rules::built_in().ok()?.deadline(code, SAMPLE_REVISIT, end))
}

#[cfg(test)]
mod tests {
    use super::FINISHED;
    use crate::record::field::Choice;
    use crate::registers::work_order::WorkOrderState as S;

    #[test]
    fn a_finished_slip_stands_in_states_that_there_are() {
        let known = |state: &&str| S::from_code(state).is_some();
        assert!(FINISHED.iter().all(known));
    }
}
