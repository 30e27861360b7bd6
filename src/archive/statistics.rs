//! 统计: what the month's records add up to, and how its duties were kept. Counted as the records go by; what is kept
//! grows with the number of teams, classes and clauses, not of records.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::base::i18n::Voice;
use crate::base::time::Instant;
use crate::record::field::{Field, Kind};
use crate::record::head::AnyRecord;
use crate::registers::REGISTERS;
use crate::registers::dynamic::AnyRegister;
use crate::registers::label;
use crate::rules::deadline::{Deadline, DeadlineState, Outcome};
use crate::rules::ruleset::Rules;

/// What a register's records add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Tally {
    records: u64,
    void: u64,
    open: u64,
    /// 补录: received in a month sealed before.
    late: u64,
    /// By what is counted (`state`, `class`, `team`…) and its value.
    by: BTreeMap<(&'static str, String), u64>,
}

/// A duty: register, code, clause, who owes it.
type Duty = (&'static str, String, String, String);

/// How a duty was kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Kept {
    owed: u64,
    met: u64,
    late_done: u64,
    late_open: u64,
    open: u64,
    na: u64,
    impossible: u64,
    provisional: u64,
}

/// The counts of an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    registers: BTreeMap<&'static str, Tally>,
    duties: BTreeMap<Duty, Kept>,
    /// By register, code and clause.
    breaches: BTreeMap<(&'static str, String, String), u64>,
}

/// Fields of a register's records that are counted by their values: closed sets, and teams, categories and bands.
fn counted(register: &dyn AnyRegister) -> Vec<&'static Field> {
    let opening = register.actions().iter().filter(|action| action.first);
    let mut fields: Vec<&'static Field> = Vec::new();
    for field in opening.flat_map(|action| action.fields) {
        let closed = matches!(field.kind, Kind::Choice(_) | Kind::Procedure | Kind::Bool);
        let listed = matches!(field.suggest, "team" | "category" | "band");
        if (closed || listed) && !fields.iter().any(|known| known.key == field.key) {
            fields.push(field);
        }
    }
    // How the customer was left: the last word of a record that has one.
    fields.extend(register.field("satisfied"));
    fields
}

impl Statistics {
    /// Nothing counted yet, every register named.
    pub fn new() -> Self {
        let tallies = REGISTERS.iter().map(|r| (r.spec().code, Tally::default()));
        Self {
            registers: tallies.collect(),
            ..Self::default()
        }
    }

    /// Counts a record; states are as of `at`.
    pub fn add(
        &mut self,
        register: &dyn AnyRegister,
        record: &AnyRecord,
        deadlines: &[Deadline],
        late: bool,
        at: Instant,
    ) {
        let code = register.spec().code;
        let tally = self.registers.entry(code).or_default();
        let head = &record.head;
        tally.records += 1;
        tally.void += u64::from(head.void_reason.is_some());
        tally.open += u64::from(head.closed.is_none());
        tally.late += u64::from(late);
        let mut count = |what: &'static str, value: String| {
            *tally.by.entry((what, value)).or_default() += 1;
        };
        count("state", head.state.clone());
        if let Some(class) = &head.class {
            count("class", class.clone());
        }
        for field in counted(register) {
            match record.body.get(field.key) {
                Some(Value::String(text)) => count(field.key, text.clone()),
                Some(Value::Bool(flag)) => count(field.key, flag.to_string()),
                _ => {}
            }
        }
        for deadline in deadlines {
            self.duty(code, deadline, at);
        }
        for breach in &head.breaches {
            let key = (code, breach.code.clone(), breach.clause.0.clone());
            *self.breaches.entry(key).or_default() += 1;
        }
    }

    fn duty(&mut self, register: &'static str, d: &Deadline, at: Instant) {
        if matches!(d.outcome, Outcome::Void) {
            return;
        }
        let key = (register, d.code.clone(), d.clause.0.clone(), d.who.clone());
        let kept = self.duties.entry(key).or_default();
        match d.state(at) {
            DeadlineState::Na | DeadlineState::Void => {
                kept.na += 1;
                return;
            }
            DeadlineState::Met => kept.met += 1,
            DeadlineState::Open => kept.open += 1,
            DeadlineState::Late if d.impossible => kept.impossible += 1,
            DeadlineState::Late if d.pending() => kept.late_open += 1,
            DeadlineState::Late => kept.late_done += 1,
        }
        kept.owed += 1;
        kept.provisional += u64::from(d.provisional);
    }

    /// How many records of a register were counted.
    pub fn records(&self, register: &str) -> u64 {
        self.registers
            .get(register)
            .map_or(0, |tally| tally.records)
    }

    /// All of it, for programs.
    pub fn json(&self) -> Value {
        let registers = self.registers.iter().map(|(code, tally)| {
            let mut by: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
            for ((what, value), n) in &tally.by {
                by.entry(what).or_default().insert(value, *n);
            }
            let whole = json!({"records": tally.records, "void": tally.void, "open": tally.open, "late": tally.late, "by": by});
            ((*code).to_owned(), whole)
        });
        let duties = self.duties.iter().map(|((register, code, clause, who), kept)| {
            json!({"register": register, "code": code, "clause": clause, "who": who, "owed": kept.owed, "met": kept.met,
                "late_done": kept.late_done, "late_open": kept.late_open, "open": kept.open, "na": kept.na,
                "impossible": kept.impossible, "provisional": kept.provisional})
        });
        let breaches = self.breaches.iter().map(|((register, code, clause), n)| {
            json!({"register": register, "code": code, "clause": clause, "n": n})
        });
        json!({
            "registers": serde_json::Map::from_iter(registers),
            "duties": duties.collect::<Vec<_>>(),
            "breaches": breaches.collect::<Vec<_>>(),
        })
    }

    /// The counts as lines: register, what is counted, its value, how many.
    pub fn counts(&self, voice: &Voice, rules: &Rules) -> Vec<([String; 3], u64)> {
        let mut out = Vec::new();
        for register in REGISTERS {
            let code = register.spec().code;
            let Some(tally) = self.registers.get(code) else {
                continue;
            };
            let name = voice.text(&format!("register.{code}"));
            let totals = [
                ("records", tally.records),
                ("void", tally.void),
                ("open", tally.open),
                ("late", tally.late),
            ];
            for (what, n) in totals {
                let what = voice.text(&format!("archive.count.{what}"));
                out.push(([name.clone(), what, String::new()], n));
            }
            for ((what, value), n) in &tally.by {
                let words = value_words(voice, rules, *register, what, value);
                let what = label::field(voice, code, what);
                out.push(([name.clone(), what, words], *n));
            }
            for ((of, duty, clause), n) in self.breaches.iter().filter(|((of, ..), _)| *of == code)
            {
                let words = format!("{} {clause}", label::duty(voice, of, duty));
                out.push(([name.clone(), voice.text("card.breach"), words], *n));
            }
        }
        out
    }

    /// How the duties were kept, as lines: register, duty, clause, who owes it; owed, met, late and done, late and open,
    /// not yet due, not applicable, impossible, provisional.
    pub fn compliance(&self, voice: &Voice, rules: &Rules) -> Vec<([String; 4], [u64; 8])> {
        let line = |((register, code, clause, who), kept): (&Duty, &Kept)| {
            let words = [
                voice.text(&format!("register.{register}")),
                label::duty(voice, register, code),
                clause.clone(),
                label::role(voice, rules, who),
            ];
            let numbers = [
                kept.owed,
                kept.met,
                kept.late_done,
                kept.late_open,
                kept.open,
                kept.na,
                kept.impossible,
                kept.provisional,
            ];
            (words, numbers)
        };
        self.duties.iter().map(line).collect()
    }
}

/// A counted value as people read it.
fn value_words(
    voice: &Voice,
    rules: &Rules,
    register: &dyn AnyRegister,
    what: &str,
    value: &str,
) -> String {
    let code = register.spec().code;
    match what {
        "state" => label::state(voice, code, value),
        "class" => voice.text(&format!("class.{value}")),
        _ => match register.field(what) {
            Some(field) => {
                let flag = || value.parse::<bool>().map(Value::Bool).ok();
                let typed = match field.kind {
                    Kind::Bool => flag(),
                    _ => None,
                };
                let typed = typed.unwrap_or_else(|| Value::from(value));
                label::print(voice, rules, code, field, &typed)
            }
            None => value.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::Zone;
    use crate::rules::ruleset::Rules;

    #[test]
    fn a_duty_is_counted_by_how_it_was_kept() {
        let rules = Rules::built_in().unwrap();
        let t = |text: &str| Zone::default().parse(text).unwrap();
        let from = t("2026-03-02 23:10");
        let at = t("2026-03-31 23:59");
        let duty = |change: &dyn Fn(&mut Deadline)| {
            let mut deadline = rules.deadline("log", "reissue_slip", from).unwrap();
            change(&mut deadline);
            deadline
        };
        let due = duty(&|_| ()).due.unwrap();
        let mut statistics = Statistics::new();
        let deadlines = [
            duty(&|d| d.outcome = Outcome::Done(due)),
            duty(&|d| d.outcome = Outcome::Done(due.plus_seconds(1))),
            duty(&|_| ()),
            duty(&|d| d.due = Some(at)),
            duty(&|d| d.outcome = Outcome::Void),
            duty(&|d| d.impossible = true),
            duty(&|d| {
                d.outcome = Outcome::NotApplicable(crate::base::i18n::Msg::new("na.finished"))
            }),
        ];
        deadlines.iter().for_each(|d| statistics.duty("log", d, at));
        let kept = statistics.duties.values().next().unwrap();
        let want = Kept {
            owed: 5,
            met: 1,
            late_done: 1,
            late_open: 1,
            open: 1,
            na: 1,
            impossible: 1,
            provisional: 0,
        };
        assert_eq!(*kept, want);
    }
}
