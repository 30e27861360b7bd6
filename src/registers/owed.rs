//! What a record owes and what it offers: its duties through time, and the actions that are possible now.

use super::{RecordOf, Register};
use crate::base::i18n::Msg;
use crate::record::action::{ActionSet, ActionSpec, Lifecycle};
use crate::record::common::CommonAction;
use crate::record::head::{Head, Settled};
use crate::rules::deadline::{Deadline, Outcome};
use crate::rules::in_force::InForce;

/// What a record owes and has owed.
pub(super) fn owed<R: Register>(record: &RecordOf<R>, rules: &InForce) -> Vec<Deadline> {
    let rules = rules.as_closed(record.head.closed);
    let mut deadlines = R::deadlines(record, &rules);
    settle(&record.head, &mut deadlines);
    deadlines
}

/// What an earlier version kept at closing stays; what a void record still owed is void.
pub(super) fn settle<S>(head: &Head<S>, deadlines: &mut Vec<Deadline>) {
    if let Some(settled) = &head.settled {
        keep_settled(deadlines, settled);
    }
    if head.void_reason.is_some() {
        for deadline in deadlines.iter_mut().filter(|deadline| deadline.pending()) {
            deadline.outcome = Outcome::Void;
        }
    }
}

/// What an earlier version kept at closing takes the place of what the rules say.
fn keep_settled(deadlines: &mut Vec<Deadline>, settled: &Settled) {
    for kept in &settled.deadlines {
        let same = |d: &&mut Deadline| d.code == kept.code && d.round == kept.round;
        let told = Msg::new("trace.settled").with("procedure", settled.procedure.as_str());
        match deadlines.iter_mut().find(same) {
            Some(deadline) => {
                let derived = std::mem::replace(deadline, kept.clone());
                deadline.parts = derived.parts;
                deadline.trace = if derived.due == kept.due {
                    derived.trace
                } else {
                    vec![told]
                };
            }
            None => deadlines.push(Deadline {
                trace: vec![told],
                ..kept.clone()
            }),
        }
    }
}

/// The actions possible now: what ticks off a duty first, then the likely ones of the lifecycle table, common ones last.
/// One that is closed for good is still remarked upon and linked.
pub(super) fn offers<R: Register>(
    record: Option<&RecordOf<R>>,
    deadlines: &[Deadline],
) -> Vec<&'static ActionSpec> {
    let common = |name: &str| CommonAction::ALL.iter().find(|spec| spec.name == name);
    let changeable = |record: &&RecordOf<R>| {
        let made = R::FIXED.iter().chain(R::WHOLE);
        record.head.void_reason.is_none() && !made.clone().any(|state| *state == record.head.state)
    };
    let Some(record) = record.filter(changeable) else {
        return ["remark", "link"].into_iter().filter_map(common).collect();
    };
    let state = record.head.state;
    let mut owed: Vec<&Deadline> = deadlines.iter().filter(|d| d.pending()).collect();
    owed.sort_by_key(|deadline| deadline.order());
    let ticks = owed
        .iter()
        .filter_map(|deadline| deadline.tick.as_ref())
        .filter(|tick| tick.register.is_none())
        .map(|tick| tick.action.as_str());
    let rows = || R::Action::ALL.iter().zip(R::Action::LIVES);
    let likely = rows()
        .filter(|(_, life)| life.likely.contains(&state))
        .map(|(spec, _)| spec.name);
    let others = rows().map(|(spec, _)| spec.name);
    let mut offers: Vec<&'static ActionSpec> = Vec::new();
    for name in ticks.chain(likely).chain(others) {
        let possible = R::Action::life(name).is_some_and(|life| life.from.contains(&state))
            && R::available(record, name)
            && R::offered(record, name)
            && !R::RESERVED.contains(&name);
        let spec = R::Action::ALL.iter().find(|spec| spec.name == name);
        if let Some(spec) = spec.filter(|_| possible)
            && !offers.iter().any(|known| known.name == spec.name)
        {
            offers.push(spec);
        }
    }
    let unexplained = record.head.breaches.iter().any(|b| b.reason.is_empty());
    let explain = unexplained.then_some("explain_breach");
    let last = ["remark", "amend", "link", "void"];
    offers.extend(explain.into_iter().chain(last).filter_map(common));
    offers
}
