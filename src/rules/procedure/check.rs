//! Whether a procedure file holds together: everything it names is there, and its decision table has neither a gap nor
//! a line that can never fire. And what a file written for an earlier version leaves out.

use std::collections::BTreeSet;

use toml::Spanned;

use super::{ClassKind, DecisionLine, DutySpec, GateSpec, Procedure, ProcedureError, table};
use crate::base::i18n::Msg;
use crate::rules::complaint_class::CIRCUMSTANCES;
use crate::rules::deadline::DutyKind;

/// Tells what is wrong at an offset of the text.
pub(super) type Fail<'a> = &'a dyn Fn(usize, Msg) -> ProcedureError;

impl Procedure {
    /// What the file leaves out keeps its built-in value. One from before procedures said their register also knows
    /// nothing of what duties say since; they go on as they did.
    pub(super) fn complete_from(&mut self, old: &Procedure) {
        let earlier = self.register.is_none();
        if earlier {
            self.register.clone_from(&old.register);
        }
        if self.order == super::last() {
            self.order = old.order;
        }
        if self.label.is_none() {
            self.label.clone_from(&old.label);
            self.label_en.clone_from(&old.label_en);
        }
        for (key, value) in &old.settings {
            let own = self.settings.entry(key.clone());
            own.or_insert_with(|| value.clone());
        }
        if self.clauses.is_empty() {
            self.clauses.clone_from(&old.clauses);
        }
        if earlier && self.gates.is_empty() {
            self.gates.clone_from(&old.gates);
        }
        for class in self.classes.iter_mut().map(Spanned::get_mut) {
            let Some(known) = old.class(&class.code) else {
                continue;
            };
            if class.kind.is_none() {
                *class = known.clone();
            }
            fill(&mut class.name, &known.name);
            fill(&mut class.name_en, &known.name_en);
        }
        for fact in &mut self.facts {
            if let Some(known) = old.fact(fact.key.get_ref()) {
                fill(&mut fact.name, &known.name);
                fill(&mut fact.name_en, &known.name_en);
                fact.repeats |= earlier && known.repeats;
            }
        }
        for duty in &mut self.duties {
            if let Some(known) = old.duties.iter().find(|known| known.same_as(duty)) {
                fill(&mut duty.name, &known.name);
                fill(&mut duty.name_en, &known.name_en);
                if earlier {
                    carry_on(duty, known);
                }
            }
        }
    }

    /// Whether everything that the file names is there.
    ///
    /// # Errors
    /// The first thing that is not, with its line.
    pub(super) fn check(&self, fail: Fail<'_>) -> Result<(), ProcedureError> {
        self.classes_stand(fail)?;
        self.facts_stand(fail)?;
        for gate in &self.gates {
            self.gate_stands(gate, fail)?;
        }
        for duty in &self.duties {
            self.duty_stands(duty, fail)?;
        }
        for line in &self.decision {
            self.line_stands(line, fail)?;
        }
        self.table_stands(fail)
    }

    fn classes_stand(&self, fail: Fail<'_>) -> Result<(), ProcedureError> {
        let mut codes = BTreeSet::new();
        for class in &self.classes {
            let (at, class) = (class.span().start, class.get_ref());
            let twice = self.classes.iter().map(Spanned::get_ref).any(|other| {
                other.kind() == class.kind()
                    && other.code != class.code
                    && class.kind() != ClassKind::Valid
            });
            let reason = if !codes.insert(class.code.as_str()) {
                Msg::new("procedure.twice").with("code", class.code.as_str())
            } else if twice {
                Msg::new("procedure.class_kind_twice").with("class", class.code.as_str())
            } else {
                match (&class.taken_up, class.kind()) {
                    (None, ClassKind::Deferred) => {
                        Msg::new("procedure.no_taken_up").with("class", class.code.as_str())
                    }
                    (Some(fact), _) if self.fact(fact).is_none() => unknown_fact(fact),
                    _ => continue,
                }
            };
            return Err(fail(at, reason));
        }
        Ok(())
    }

    fn facts_stand(&self, fail: Fail<'_>) -> Result<(), ProcedureError> {
        let mut keys = BTreeSet::new();
        for fact in &self.facts {
            let key = fact.key.get_ref().as_str();
            let reason = if !keys.insert(key) || CIRCUMSTANCES.contains(&key) {
                Msg::new("procedure.twice").with("code", key)
            } else if fact.repeats && !fact.count {
                Msg::new("procedure.not_a_count").with("fact", key)
            } else {
                continue;
            };
            return Err(fail(fact.key.span().start, reason));
        }
        Ok(())
    }

    fn gate_stands(&self, gate: &GateSpec, fail: Fail<'_>) -> Result<(), ProcedureError> {
        let code = gate.code.get_ref().as_str();
        let same = self
            .gates
            .iter()
            .filter(|other| other.code.get_ref() == code);
        if same.count() > 1 {
            let reason = Msg::new("procedure.twice").with("code", code);
            return Err(fail(gate.code.span().start, reason));
        }
        Ok(())
    }

    fn duty_stands(&self, duty: &DutySpec, fail: Fail<'_>) -> Result<(), ProcedureError> {
        let code = duty.code.get_ref().as_str();
        let known = |name: &str| CIRCUMSTANCES.contains(&name) || self.fact(name).is_some();
        let class = duty
            .classes
            .iter()
            .find(|class| self.class(class).is_none());
        let fact = duty
            .when
            .iter()
            .chain(&duty.unless)
            .find(|name| !known(name));
        let gate = duty
            .approves
            .as_ref()
            .filter(|gate| self.gate(gate).is_none());
        let reason =
            if duty.kind == DutyKind::Dated && duty.term.is_none() && duty.owner_time.is_none() {
                Msg::new("procedure.no_term").with("code", code)
            } else if let Some(class) = class {
                unknown_class(class)
            } else if let Some(fact) = fact {
                unknown_fact(fact)
            } else if let Some(gate) = gate {
                Msg::new("procedure.unknown_gate").with("gate", gate.as_str())
            } else {
                return Ok(());
            };
        Err(fail(duty.code.span().start, reason))
    }

    fn line_stands(&self, line: &DecisionLine, fail: Fail<'_>) -> Result<(), ProcedureError> {
        let class = line.class.get_ref();
        let mut named = line.any.iter().chain(&line.all).chain(&line.none);
        let counted = |key: &String| self.fact(key).is_some_and(|fact| fact.count);
        let number = |key: &String| {
            self.settings
                .get(key)
                .is_some_and(|v| v.get_ref().is_integer())
        };
        let reason = if self.class(class).is_none() {
            unknown_class(class)
        } else if let Some(fact) = named.find(|fact| self.fact(fact).is_none()) {
            unknown_fact(fact)
        } else if let Some(fact) = line.at_least.keys().find(|fact| !counted(fact)) {
            match self.fact(fact) {
                Some(_) => Msg::new("procedure.not_a_count").with("fact", fact.as_str()),
                None => unknown_fact(fact),
            }
        } else if let Some(setting) = line.at_least.values().find(|setting| !number(setting)) {
            Msg::new("procedure.unknown_setting").with("key", setting.as_str())
        } else {
            match line.validity.as_deref() {
                None | Some("valid" | "invalid" | "open") => return Ok(()),
                Some(other) => Msg::new("procedure.validity").with("validity", other),
            }
        };
        Err(fail(line.class.span().start, reason))
    }

    /// The table gives every complaint a class, and each of its lines gives some complaint its class.
    fn table_stands(&self, fail: Fail<'_>) -> Result<(), ProcedureError> {
        let Some(last) = self.decision.last() else {
            return match self.classes.first() {
                Some(class) => Err(fail(class.span().start, Msg::new("procedure.no_table"))),
                None => Ok(()),
            };
        };
        let unconditional = last.any.is_empty()
            && last.all.is_empty()
            && last.none.is_empty()
            && last.at_least.is_empty()
            && last.validity.is_none();
        if !unconditional {
            let reason = Msg::new("procedure.no_otherwise");
            return Err(fail(last.class.span().start, reason));
        }
        if let Some(class) = self.class_of_kind(ClassKind::Invalid) {
            let judged = |line: &DecisionLine| {
                line.validity.as_deref() == Some("invalid") && *line.class.get_ref() == class.code
            };
            if !self.decision.iter().any(judged) {
                let reason =
                    Msg::new("procedure.no_invalid_line").with("class", class.code.as_str());
                return Err(fail(last.class.span().start, reason));
            }
        }
        match table::shadowed(self) {
            Some(line) => {
                let reason =
                    Msg::new("procedure.shadowed").with("class", line.class.get_ref().as_str());
                Err(fail(line.class.span().start, reason))
            }
            None => Ok(()),
        }
    }
}

fn unknown_class(class: &str) -> Msg {
    Msg::new("procedure.unknown_class").with("class", class)
}

fn unknown_fact(fact: &str) -> Msg {
    Msg::new("procedure.unknown_fact").with("fact", fact)
}

fn fill(own: &mut Option<String>, known: &Option<String>) {
    if own.is_none() {
        own.clone_from(known);
    }
}

/// A duty written before duties said how they are done: as the built-in one, with the values that the file presets.
fn carry_on(duty: &mut DutySpec, known: &DutySpec) {
    let preset = duty.preset.clone();
    for (key, value) in &known.only {
        let own = preset.get(key).unwrap_or(value);
        duty.only.insert(key.clone(), own.clone());
    }
    duty.each.clone_from(&known.each);
    duty.also.clone_from(&known.also);
    duty.must.clone_from(&known.must);
    duty.unless.clone_from(&known.unless);
    duty.until.clone_from(&known.until);
    duty.renewed_by.clone_from(&known.renewed_by);
    duty.approves.clone_from(&known.approves);
}
