//! The decision table proved: is there a complaint that a line gives its class?
//!
//! A line is shadowed when, whatever the facts, an earlier one fires whenever it does. Looked for is an example to the
//! contrary: facts by which the line fires and each earlier one fails for some reason. The search tries every reason,
//! so that it finds an example when there is one.

use std::collections::BTreeMap;

use super::{DecisionLine, Procedure};

/// Reasons tried at most for one line; a table that needs more counts as proved.
const TRIES: u32 = 200_000;

/// The first line that never gives a complaint its class.
pub(super) fn shadowed(procedure: &Procedure) -> Option<&DecisionLine> {
    let lines = &procedure.decision;
    let reached = |index: usize| {
        let mut search = Search {
            procedure,
            tries: TRIES,
        };
        ["valid", "invalid", "open"]
            .into_iter()
            .any(|judged| search.example(&lines[..index], &lines[index], judged))
    };
    (0..lines.len())
        .find(|index| !reached(*index))
        .and_then(|index| lines.get(index))
}

/// What is known of the facts of the example: each count lies in `from..below`; a yes/no fact is a count of 0 or 1.
#[derive(Clone, Default)]
struct Example<'a> {
    counts: BTreeMap<&'a str, (i64, i64)>,
}

impl<'a> Example<'a> {
    /// The example in which the fact counts at least `n`, if that can be.
    fn at_least(&self, fact: &'a str, n: i64) -> Option<Self> {
        let mut more = self.clone();
        let bounds = more.counts.entry(fact).or_insert((0, i64::MAX));
        bounds.0 = bounds.0.max(n);
        (bounds.0 < bounds.1).then_some(more)
    }

    /// The example in which the fact counts less than `n`, if that can be.
    fn below(&self, fact: &'a str, n: i64) -> Option<Self> {
        let mut more = self.clone();
        let bounds = more.counts.entry(fact).or_insert((0, i64::MAX));
        bounds.1 = bounds.1.min(n);
        (bounds.0 < bounds.1).then_some(more)
    }
}

struct Search<'a> {
    procedure: &'a Procedure,
    tries: u32,
}

impl<'a> Search<'a> {
    /// Whether there are facts by which `line` fires and none of the `earlier` lines does, judged so.
    fn example(
        &mut self,
        earlier: &'a [DecisionLine],
        line: &'a DecisionLine,
        judged: &str,
    ) -> bool {
        if !heeds(line, judged) {
            return false;
        }
        let earlier: Vec<&DecisionLine> =
            earlier.iter().filter(|line| heeds(line, judged)).collect();
        let mut example = Some(Example::default());
        for fact in &line.all {
            example = example.and_then(|example| example.at_least(fact, 1));
        }
        for fact in &line.none {
            example = example.and_then(|example| example.below(fact, 1));
        }
        let Some(example) = example else { return false };
        let ways = self.any_of(line);
        if ways.is_empty() {
            return self.fail_all(&example, &earlier);
        }
        ways.into_iter().any(|(fact, n)| {
            let fires = example.at_least(fact, n);
            fires.is_some_and(|example| self.fail_all(&example, &earlier))
        })
    }

    /// Whether the example can be completed so that none of these lines fires.
    fn fail_all(&mut self, example: &Example<'a>, lines: &[&'a DecisionLine]) -> bool {
        let Some((line, rest)) = lines.split_first() else {
            return true;
        };
        self.tries = self.tries.saturating_sub(1);
        if self.tries == 0 {
            return true;
        }
        let ways = self.any_of(line);
        let none_of_any = || {
            let none = ways.iter().try_fold(example.clone(), |example, (fact, n)| {
                example.below(fact, *n)
            });
            none.filter(|_| !ways.is_empty())
        };
        let missing = line.all.iter().filter_map(|fact| example.below(fact, 1));
        let against = line
            .none
            .iter()
            .filter_map(|fact| example.at_least(fact, 1));
        let reasons: Vec<Example<'a>> = none_of_any()
            .into_iter()
            .chain(missing)
            .chain(against)
            .collect();
        reasons.iter().any(|example| self.fail_all(example, rest))
    }

    /// What a line fires on any of: a fact and the count from which it does.
    fn any_of(&self, line: &'a DecisionLine) -> Vec<(&'a str, i64)> {
        let held = line.any.iter().map(|fact| (fact.as_str(), 1));
        let reached = line.at_least.iter();
        held.chain(reached.map(|(fact, setting)| (fact.as_str(), self.procedure.int(setting))))
            .collect()
    }
}

/// Whether the line speaks of complaints judged so.
fn heeds(line: &DecisionLine, judged: &str) -> bool {
    line.validity
        .as_deref()
        .is_none_or(|validity| validity == judged)
}
