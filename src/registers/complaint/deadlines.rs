//! What a complaint owes, round by round, in the order of its procedure.
//!
//! Which duties there are, who owes them, from which step on and what does them is the procedure's; here it is read
//! against the steps taken.

use super::{Body, Rec, Round, Stand, Step};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::rules::complaint_class::{deadline, owed};
use crate::rules::deadline::{Deadline, DutyKind, Outcome, Part, Tick};
use crate::rules::in_force::InForce;
use crate::rules::procedure::{Deed, DutySpec, GateSpec, Procedure};
use crate::rules::ruleset::Rules;

/// A duty of the complaint, and how it stands.
pub(super) struct Owed<'a> {
    /// As the procedure has it.
    pub(super) duty: &'a DutySpec,
    /// How it stands.
    pub(super) deadline: Deadline,
    /// The place of the step that did it.
    pub(super) done_by: Option<usize>,
}

/// Every duty of the complaint.
pub(super) fn of(record: &Rec, rules: &InForce) -> Vec<Deadline> {
    let owed = reckoned(record, rules).into_iter();
    owed.map(|owed| owed.deadline).collect()
}

/// Every duty of the complaint with its place in the procedure. One that is not owed anew in each round stands where it
/// first arose.
pub(super) fn reckoned<'a>(record: &'a Rec, rules: &'a InForce) -> Vec<Owed<'a>> {
    let mut out: Vec<Owed<'a>> = Vec::new();
    for index in 0..record.body.rounds.len() {
        let Some(round) = InRound::new(record, rules, index) else {
            continue;
        };
        for duty in &round.procedure().duties {
            if !round.known(duty, &out)
                && round.owes(duty, round.stand())
                && let Some(owed) = round.owed(duty, &out)
            {
                out.push(owed);
            }
        }
    }
    out
}

/// One round of a complaint.
#[derive(Clone, Copy)]
pub(super) struct InRound<'a> {
    record: &'a Rec,
    rules: &'a InForce,
    round: &'a Round,
    index: usize,
}

impl<'a> InRound<'a> {
    pub(super) fn new(record: &'a Rec, rules: &'a InForce, index: usize) -> Option<Self> {
        let round = record.body.rounds.get(index)?;
        let round = Self {
            record,
            rules,
            round,
            index,
        };
        (!round.round.stands.is_empty()).then_some(round)
    }

    fn body(&self) -> &'a Body {
        &self.record.body
    }

    /// Counted from 1.
    fn number(&self) -> u32 {
        self.index as u32 + 1
    }

    fn begun(&self) -> Instant {
        self.round.from.unwrap_or(self.record.head.received)
    }

    /// The procedure in force when the round began.
    pub(super) fn procedure(&self) -> &'a Procedure {
        let name = &self.body().intake.procedure;
        self.rules.procedure(name, self.begun())
    }

    /// How the class stands at the end of the round, or now.
    fn stand(&self) -> &'a Stand {
        // A round without a stand is not made.
        &self.round.stands[self.round.stands.len() - 1]
    }

    /// How it stood when the step at this place was taken.
    pub(super) fn stand_at(&self, place: usize) -> &'a Stand {
        let stands = &self.round.stands;
        let last = stands.iter().rfind(|stand| stand.steps <= place);
        last.unwrap_or(&stands[0])
    }

    pub(super) fn owes(&self, duty: &DutySpec, stand: &Stand) -> bool {
        let holds = |name: &str| self.body().holds(name, stand, self.number());
        stand.classes().any(|class| owed(duty, class, holds))
    }

    /// The rounds in which what is owed once is owed once: the first of them and the last, by index.
    fn stretch(&self) -> (usize, usize) {
        let rounds = &self.body().rounds;
        let first = rounds[..=self.index].iter().rposition(|round| round.anew);
        let next = rounds[self.index + 1..].iter().position(|round| round.anew);
        let last = next.map_or(rounds.len(), |next| self.index + 1 + next);
        (first.unwrap_or_default(), last - 1)
    }

    /// Whether everything is owed anew in a later round.
    fn left_behind(&self) -> bool {
        self.stretch().1 + 1 < self.body().rounds.len()
    }

    fn known(&self, duty: &DutySpec, out: &[Owed<'_>]) -> bool {
        let stretch = self.stretch().0 as u32 + 1;
        out.iter().any(|owed| {
            let d = &owed.deadline;
            d.code == *duty.code.get_ref()
                && d.kind == duty.kind
                && (d.round == self.number() || (!duty.each_round && d.round >= stretch))
        })
    }

    /// The place of the step that opened the round of this index; none for the first.
    fn opener(&self, index: usize) -> Option<usize> {
        let round = self.body().rounds.get(index).filter(|_| index > 0)?;
        Some(round.opened_by)
    }

    /// The steps from the one that opened the round until the one that opened the next.
    fn steps(&self) -> impl Iterator<Item = (usize, &'a Step)> + use<'a> {
        let from = self.opener(self.index).unwrap_or_default();
        let until = self.opener(self.index + 1).unwrap_or(usize::MAX);
        let steps = self.body().steps.iter().enumerate();
        steps.filter(move |(place, _)| (from..until).contains(place))
    }

    /// Where a duty begins to run: the place from which steps count, and the instant. None while the step it waits for
    /// has not been taken.
    fn starts(&self, duty: &DutySpec, out: &[Owed<'_>]) -> Option<(usize, Instant)> {
        if duty.after_closing() {
            return Some((self.round.closed_after?, self.round.closed_at?));
        }
        match &duty.after {
            Some(deed) => {
                let (place, step) = self.steps().find(|(_, step)| step.is(deed))?;
                Some((place, step.at))
            }
            None => Some(self.renewed(duty, out).unwrap_or((0, self.begun()))),
        }
    }

    /// From when a term runs that a step renews: from that step, but not before the term that it settled is over.
    fn renewed(&self, duty: &DutySpec, out: &[Owed<'_>]) -> Option<(usize, Instant)> {
        let deed = duty.renewed_by.as_ref()?;
        let (place, step) = self.steps().filter(|(_, step)| step.is(deed)).last()?;
        let settled = out
            .iter()
            .find(|owed| owed.deadline.code == *duty.code.get_ref() && owed.done_by == Some(place));
        let over = settled
            .and_then(|owed| owed.deadline.due)
            .map(|due| due.plus_seconds(1));
        Some((place + 1, over.map_or(step.at, |over| over.max(step.at))))
    }

    /// The duty in this round.
    fn owed(&self, duty: &'a DutySpec, out: &[Owed<'a>]) -> Option<Owed<'a>> {
        let (first, from) = self.starts(duty, out)?;
        let rules = self.rules.at(from);
        let requested = match &self.round.ended {
            Some(end) => end.requested_by,
            None => self.body().intake.requested_by,
        };
        let mut deadline = deadline(rules, self.in_force(duty, rules), from, requested);
        deadline.round = self.number();
        let done_by = match self.gate(duty) {
            Some(gate) => self.approved(gate, usize::MAX),
            None if duty.each.is_empty() => self.done(duty, first, out),
            None => {
                let (parts, done) = self.parts(duty, first, rules);
                deadline.parts = parts.into();
                done
            }
        };
        deadline.outcome = self.outcome(duty, &deadline, done_by);
        self.prefill(&mut deadline);
        self.tell(duty, &mut deadline);
        Some(Owed {
            duty,
            deadline,
            done_by,
        })
    }

    /// The duty as the procedure has it that is in force when the term begins.
    fn in_force<'r>(&self, duty: &'r DutySpec, rules: &'r Rules) -> &'r DutySpec {
        let duties = &rules.procedure(&self.body().intake.procedure).duties;
        let same = |other: &&DutySpec| other.same_as(duty) && other.classes == duty.classes;
        duties.iter().find(same).unwrap_or(duty)
    }

    /// The steps that may do a duty: those of the round, or of all rounds since everything was owed anew. The step that
    /// opened the round counts too, unless it did the same duty of the round before.
    fn candidates(
        &self,
        duty: &DutySpec,
        first: usize,
        out: &[Owed<'_>],
    ) -> Vec<(usize, &'a Step)> {
        let (from, until) = match duty.each_round {
            true => (self.index, self.index),
            false => self.stretch(),
        };
        let opener = self.opener(from).filter(|place| {
            let same = |owed: &Owed<'_>| owed.duty.code.get_ref() == duty.code.get_ref();
            !out.iter()
                .any(|owed| same(owed) && owed.done_by == Some(*place))
        });
        let rounds = from as u32 + 1..=until as u32 + 1;
        let steps = self.body().steps.iter().enumerate().skip(first);
        steps
            .filter(|(place, step)| rounds.contains(&step.round) || opener == Some(*place))
            .collect()
    }

    /// The place of the first step that does the duty.
    fn done(&self, duty: &DutySpec, first: usize, out: &[Owed<'_>]) -> Option<usize> {
        let deeds: Vec<Deed> = duty.deeds().collect();
        let mut steps = self.candidates(duty, first, out).into_iter();
        steps
            .find(|(_, step)| deeds.iter().any(|deed| step.is(deed)))
            .map(|(place, _)| place)
    }

    /// The things that a duty consists of, each done by a step of its own, and the place of the last one when all are.
    fn parts(&self, duty: &DutySpec, first: usize, rules: &Rules) -> (Vec<Part>, Option<usize>) {
        let steps = self.candidates(duty, first, &[]);
        let mut parts = Vec::new();
        let mut places = Vec::new();
        for (key, value) in duty
            .each
            .iter()
            .flat_map(|(k, values)| values.iter().map(move |v| (k, v)))
        {
            let mut deed = duty.deeds().next().unwrap_or_default();
            deed.fields.insert(key.clone(), value.clone());
            let done = steps.iter().find(|(_, step)| step.is(&deed));
            let tick = deed.action.as_deref().map(|action| {
                let fields = deed.fields.iter().chain(&duty.preset);
                fields.fold(Tick::new(action), |tick, (key, value)| {
                    tick.with(key, value.as_str())
                })
            });
            places.push(done.map(|(place, _)| *place));
            parts.push(Part {
                name: named(value, rules),
                done: done.map(|(_, step)| step.at),
                tick: tick.filter(|_| done.is_none()),
            });
        }
        let all: Option<Vec<usize>> = places.into_iter().collect();
        (parts, all.and_then(|places| places.into_iter().max()))
    }

    fn gate(&self, duty: &DutySpec) -> Option<&'a GateSpec> {
        duty.approves
            .as_deref()
            .and_then(|gate| self.procedure().gate(gate))
    }

    /// The place of the approval that stands in this round before the step at `until`: the last one, unless it was
    /// refused or something else was proposed since (S6.3.6.1).
    pub(super) fn approved(&self, gate: &GateSpec, until: usize) -> Option<usize> {
        let about = |step: &Step| {
            let approval = step.action == super::Approve::NAME
                && step.word("gate") == Some(gate.code.get_ref());
            approval || gate.lapses.contains(&step.action)
        };
        let of_round = self.body().steps.iter().enumerate();
        let last = of_round
            .rev()
            .find(|(place, step)| *place < until && step.round == self.number() && about(step));
        last.filter(|(_, step)| step.word("decision") == Some("yes"))
            .map(|(place, _)| place)
    }

    fn outcome(&self, duty: &DutySpec, deadline: &Deadline, done_by: Option<usize>) -> Outcome {
        let steps = &self.body().steps;
        if let Some(step) = done_by.and_then(|place| steps.get(place)) {
            return Outcome::Done(step.at);
        }
        let needless = duty.until.as_ref().and_then(|deed| {
            let step = self
                .steps()
                .map(|(_, step)| step)
                .find(|step| step.is(deed))?;
            deadline
                .due
                .is_none_or(|due| step.at <= due)
                .then_some(step)
        });
        if let Some(step) = needless {
            let why = Msg::new("na.needless").with("at", step.at);
            return Outcome::NotApplicable(
                why.with_key("action", format!("action.{}", step.action)),
            );
        }
        let over = self.index + 1 < self.body().rounds.len();
        if over && (duty.each_round || self.left_behind()) {
            return Outcome::NotApplicable(Msg::new("na.next_round"));
        }
        let present = Self::new(self.record, self.rules, self.body().rounds.len() - 1);
        match present {
            Some(present) if over && !present.owes(duty, present.stand()) => {
                Outcome::NotApplicable(Msg::new("na.class_changed"))
            }
            _ => Outcome::Pending,
        }
    }

    /// What is known beforehand of the step that ticks it off.
    fn prefill(&self, deadline: &mut Deadline) {
        let department = self.body().handling.department.as_deref();
        if let (Some(tick), Some(department)) = (&mut deadline.tick, department)
            && matches!(
                tick.action.as_str(),
                super::Measure::NAME | super::HandOver::NAME
            )
        {
            *tick = tick.clone().with("department", department);
        }
    }

    /// What the trace says besides the term: that it runs from the step that opened the round, and that it could not
    /// be met any more when the fact was learned by which it is owed.
    fn tell(&self, duty: &DutySpec, deadline: &mut Deadline) {
        let counted = deadline.trace.first().is_some_and(|line| {
            matches!(line.key.as_str(), "trace.received" | "trace.calendar_days")
        });
        if self.index > 0 && counted {
            let line = Msg::new("trace.round_day").with("from", deadline.from);
            deadline.trace.insert(0, line);
        }
        let Some(due) = deadline.due.filter(|_| duty.kind == DutyKind::Dated) else {
            return;
        };
        let in_time = match deadline.outcome {
            Outcome::Pending => false,
            Outcome::Done(at) => at <= due,
            Outcome::NotApplicable(_) | Outcome::Void => true,
        };
        if let Some(learned) = self.learned(duty).filter(|at| *at > due && !in_time) {
            deadline.impossible = true;
            let line = Msg::new("trace.learned_late").with("learned", learned);
            deadline.trace.push(line.with("due", due));
        }
    }

    /// When something was learned by which the duty is owed; none when it was owed from the beginning of the round.
    fn learned(&self, duty: &DutySpec) -> Option<Instant> {
        let stands = &self.round.stands;
        let before = stands.iter().rposition(|stand| !self.owes(duty, stand))?;
        stands.get(before + 1)?.since
    }
}

/// A value as part of a message: a role by its name.
fn named(value: &str, rules: &Rules) -> Msg {
    let role = rules.role(value);
    let (zh, en) = role.map_or((value, value), |role| (&role.name, &role.name_en));
    Msg::new("word.both").with("zh", zh).with("en", en)
}
