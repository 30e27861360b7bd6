//! Procedure files against what the registers can do: every action, field, value and role that a file speaks of is one
//! that there is, and every duty can be ticked off: by an action of its own register, or by opening a record of another.
//! A file that does not pass is refused with its line, before it is taken up.

use serde_json::Value;

use super::dynamic::AnyRegister;
use super::{REGISTERS, register};
use crate::base::i18n::{Arg, Msg};
use crate::record::action::ActionSpec;
use crate::record::field::{Field, Kind};
use crate::record::request::{ENVELOPE, read_value};
use crate::rules::procedure::{
    ClassKind, Deed, DutySpec, GateSpec, Procedure, ProcedureError, line_of,
};
use crate::rules::ruleset::Rules;

/// The rules with a company's file, when everything that it speaks of is there.
///
/// # Errors
/// With line and reason; `rules` stay as they are.
pub fn with_file(rules: &Rules, name: &str, text: &str) -> Result<Rules, ProcedureError> {
    let with = rules.clone().with_file(name, text)?;
    check(&with, name).map_err(|(at, reason)| ProcedureError {
        file: name.to_owned(),
        line: line_of(text, at),
        reason,
    })?;
    Ok(with)
}

/// What is wrong, and where in the text.
type Wrong = (usize, Msg);

/// Whether the registers know what a procedure of these rules speaks of.
///
/// # Errors
/// The first thing that they do not.
pub fn check(rules: &Rules, name: &str) -> Result<(), Wrong> {
    let procedure = rules.procedure(name);
    let code = procedure.register.as_ref();
    let own = code.map_or(procedure.name.as_str(), |code| code.get_ref());
    // A file that names its register names one whose records say by which procedure they go.
    let several = |register: &&'static dyn AnyRegister| {
        let mut fields = register.fields().into_iter();
        code.is_none() || fields.any(|field| matches!(field.kind, Kind::Procedure))
    };
    let Some(register) = register(own).filter(several) else {
        return match code {
            Some(code) => {
                let why = Msg::new("procedure.unknown_register").with("register", own);
                Err((code.span().start, why))
            }
            None => Ok(()),
        };
    };
    let file = File {
        rules,
        procedure,
        register,
    };
    for duty in &procedure.duties {
        let at = duty.code.span().start;
        file.duty(duty).map_err(|why| (at, why))?;
    }
    for gate in &procedure.gates {
        let at = gate.code.span().start;
        file.gate(gate).map_err(|why| (at, why))?;
    }
    match code {
        Some(code) => file.complaint(code.span().start),
        None => Ok(()),
    }
}

struct File<'a> {
    rules: &'a Rules,
    procedure: &'a Procedure,
    register: &'static dyn AnyRegister,
}

impl File<'_> {
    fn duty(&self, duty: &DutySpec) -> Result<(), Msg> {
        if let Some(tick) = &duty.tick {
            let action = self.register.action(tick).or_else(|| elsewhere(tick));
            let action = action.ok_or_else(|| unknown_action(tick))?;
            let one_each = duty
                .each
                .iter()
                .flat_map(|(key, values)| values.iter().map(move |v| (key, v)));
            for (key, value) in duty.only.iter().chain(&duty.must).chain(one_each) {
                self.told(action, key, value)?;
            }
            for (key, value) in &duty.preset {
                let field = field(action, key).ok_or_else(|| unknown_key(tick, key))?;
                self.read(field, key, value)?;
            }
        }
        let steps = [&duty.after, &duty.until, &duty.renewed_by]
            .into_iter()
            .flatten();
        steps.chain(&duty.also).try_for_each(|deed| self.deed(deed))
    }

    /// A step that a duty waits for, or that does it.
    fn deed(&self, deed: &Deed) -> Result<(), Msg> {
        let action = match &deed.action {
            Some(name) => Some(
                self.register
                    .action(name)
                    .ok_or_else(|| unknown_action(name))?,
            ),
            None => None,
        };
        for (key, value) in &deed.fields {
            match action {
                Some(action) => self.told(action, key, value)?,
                None => {
                    let field = ENVELOPE
                        .iter()
                        .find(|field| field.key == key && tells(field));
                    self.read(field.ok_or_else(|| unknown_key("*", key))?, key, value)?;
                }
            }
        }
        Ok(())
    }

    /// Whether a step of this action says such a value under the key.
    fn told(&self, action: &ActionSpec, key: &str, value: &str) -> Result<(), Msg> {
        let field = field(action, key).filter(|field| tells(field));
        self.read(
            field.ok_or_else(|| unknown_key(action.name, key))?,
            key,
            value,
        )
    }

    /// Whether a field takes the value as it stands: a code, not its name.
    fn read(&self, field: &Field, key: &str, value: &str) -> Result<(), Msg> {
        let read = read_value(field, &Value::from(value), self.rules);
        let stored = read.ok().flatten().map(|stored| match stored {
            Value::String(text) => text,
            other => other.to_string(),
        });
        if stored.is_some_and(|stored| !tells(field) || stored == value) {
            return Ok(());
        }
        Err(Msg::new("procedure.unknown_value")
            .with("key", key)
            .with("value", value))
    }

    fn gate(&self, gate: &GateSpec) -> Result<(), Msg> {
        let code = gate.code.get_ref().as_str();
        let gates = self.register.field("gate").map(|field| field.kind);
        if !matches!(gates, Some(Kind::Choice(set)) if set.codes.contains(&code)) {
            return Err(Msg::new("procedure.unknown_gate").with("gate", code));
        }
        let mut named = gate.guards.iter().chain(&gate.lapses);
        match named.find(|action| self.register.action(action).is_none()) {
            Some(action) => Err(unknown_action(action)),
            None => Ok(()),
        }
    }

    /// What every complaint procedure has: somebody who judges, and names for all that a person reads.
    fn complaint(&self, at: usize) -> Result<(), Wrong> {
        let procedure = self.procedure;
        let deferred = procedure.class_of_kind(ClassKind::Deferred);
        let repeats = procedure.facts.iter().find(|fact| fact.repeats);
        let roles = std::iter::once("judge_role").chain(deferred.map(|_| "defer_role"));
        let mut roles = roles.filter(|setting| procedure.word(setting).is_empty());
        if let Some(setting) = roles.next() {
            return Err((
                at,
                Msg::new("procedure.no_role_setting").with("key", setting),
            ));
        }
        let mut counts = ["same_subject_days", "same_subject_percent"].into_iter();
        if let Some(setting) = counts.find(|key| repeats.is_some() && procedure.int(key) < 1) {
            return Err((
                at,
                Msg::new("procedure.unknown_setting").with("key", setting),
            ));
        }
        if procedure.classes.is_empty() {
            return Err((at, Msg::new("procedure.no_classes")));
        }
        self.named()
    }

    /// What the file gives no name is named by no catalogue.
    fn named(&self) -> Result<(), Wrong> {
        let procedure = self.procedure;
        let classes = procedure.classes.iter().map(|class| {
            let code = class.get_ref().code.as_str();
            (class.span().start, code, procedure.class_words(code))
        });
        let facts = procedure.facts.iter().map(|fact| {
            let key = fact.key.get_ref().as_str();
            (fact.key.span().start, key, procedure.fact_words(key))
        });
        let duties = procedure.duties.iter().map(|duty| {
            let code = duty.code.get_ref().as_str();
            let words = duty.names().or_key(String::new());
            (duty.code.span().start, code, words)
        });
        let mut all = classes.chain(facts).chain(duties);
        let nameless = all.find(|(_, _, words)| matches!(words, Arg::Key(_)));
        match nameless {
            Some((at, code, _)) => Err((at, Msg::new("procedure.no_name").with("code", code))),
            None => Ok(()),
        }
    }
}

/// A duty may be ticked off by opening a record of another register; any other action of it happens to a record that the
/// duty is not of.
fn elsewhere(action: &str) -> Option<&'static ActionSpec> {
    let all = REGISTERS.iter().flat_map(|register| register.actions());
    all.filter(|spec| spec.first)
        .find(|spec| spec.name == action)
}

fn field(action: &ActionSpec, key: &str) -> Option<&'static Field> {
    let of_envelope = || ENVELOPE.iter().find(|field| field.key == key);
    action.field(key).or_else(of_envelope)
}

/// Whether a step keeps what the field says, so that a duty can ask for it.
fn tells(field: &Field) -> bool {
    matches!(
        field.kind,
        Kind::Choice(_) | Kind::Role | Kind::Bool | Kind::Class
    )
}

fn unknown_action(action: &str) -> Msg {
    Msg::new("procedure.unknown_action").with("action", action)
}

fn unknown_key(action: &str, key: &str) -> Msg {
    Msg::new("procedure.unknown_key")
        .with("action", action)
        .with("key", key)
}
