//! The class of a complaint 投诉类别 and what it owes: facts and judgement in, class, reasons and deadlines out (S5.4.2, S5.4.4).
//!
//! The tables themselves are data, in the procedure's file; `dutydesk rules class` and the register read them here.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::base::clause::Clause;
use crate::base::i18n::Msg;
use crate::base::read::yes_no;
use crate::base::time::Instant;
use crate::rules::deadline::Deadline;
use crate::rules::procedure::{ClassKind, DecisionLine, DutySpec, OwnerTime, Procedure};
use crate::rules::ruleset::Rules;

/// What a duty may be made to depend on besides the facts: another department must act, the complaint came in
/// writing, the class still waits for judgement.
pub const CIRCUMSTANCES: &[&str] = &["needs_other_department", "written", "unconfirmed"];

/// Facts of a complaint by name: yes/no, or a count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Facts(pub Map<String, Value>);

/// Why a fact was not understood; carries its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactError {
    /// The procedure has no such fact.
    Unknown(String),
    /// Must be yes or no.
    NotYesNo(String),
    /// Must be a whole number from 0.
    NotACount(String),
}

impl Facts {
    /// The facts that `given` names, in stored form.
    ///
    /// # Errors
    /// Naming the fact: a typo must not lose one.
    pub fn read(given: &Map<String, Value>, procedure: &Procedure) -> Result<Self, FactError> {
        let mut facts = Map::new();
        for (key, value) in given {
            if let Some(stored) = stored(key, value, procedure)? {
                facts.insert(key.clone(), stored);
            }
        }
        Ok(Self(facts))
    }

    /// The facts that `given` names, as far as the procedure knows them: for what was accepted when it was typed.
    pub fn known(given: &Map<String, Value>, procedure: &Procedure) -> Self {
        let known = |(key, value): (&String, &Value)| {
            let stored = stored(key, value, procedure).ok().flatten()?;
            Some((key.clone(), stored))
        };
        Self(given.iter().filter_map(known).collect())
    }

    /// Whether the fact is known to hold (a count: is not 0).
    pub fn holds(&self, key: &str) -> bool {
        match self.0.get(key) {
            Some(Value::Bool(yes)) => *yes,
            Some(value) => value.as_u64().is_some_and(|n| n > 0),
            None => false,
        }
    }

    /// The count of a fact; 0 when unknown.
    pub fn count(&self, key: &str) -> i64 {
        self.0.get(key).and_then(Value::as_i64).unwrap_or_default()
    }

    /// These facts with what was learned later in their place.
    pub fn learned(&self, later: &Facts) -> Facts {
        let mut all = self.0.clone();
        all.extend(later.0.clone());
        Self(all)
    }
}

/// The stored form of one fact; none when nothing is said of it.
fn stored(key: &str, value: &Value, procedure: &Procedure) -> Result<Option<Value>, FactError> {
    let spec = procedure
        .fact(key)
        .ok_or_else(|| FactError::Unknown(key.to_owned()))?;
    match value {
        Value::Null => Ok(None),
        value if spec.count => match count(value) {
            Some(n) => Ok(Some(Value::from(n))),
            None => Err(FactError::NotACount(key.to_owned())),
        },
        value => match yes_no(value) {
            Some(yes) => Ok(Some(Value::Bool(yes))),
            None => Err(FactError::NotYesNo(key.to_owned())),
        },
    }
}

fn count(value: &Value) -> Option<u32> {
    let number = value
        .as_u64()
        .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))?;
    u32::try_from(number).ok()
}

/// Whether a complaint is the company's to answer for, as judged (S5.4.3.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    /// 有效
    Valid,
    /// 无效
    Invalid,
}

/// One thing that made the class what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The clause that fired.
    pub clause: Clause,
    /// The fact that fired it; none for the class of everything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
}

/// The class that the procedure gives, with its reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Class code.
    pub class: String,
    /// Whether it stands, or waits for the judgement of the role that must confirm it.
    pub confirmed: bool,
    /// Facts and clauses that fired.
    pub reasons: Vec<Reason>,
    /// What a person should know besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Msg>,
}

/// The class of a complaint with these facts. The first line of the table that fires wins; the last has no condition.
///
/// ```
/// use dutydesk::rules::complaint_class::{Facts, propose};
/// use dutydesk::rules::ruleset::Rules;
/// let rules = Rules::built_in().unwrap();
/// let property = rules.procedure("property");
/// let facts = |json| Facts::read(serde_json::from_str::<serde_json::Value>(json).unwrap().as_object().unwrap(), property).unwrap();
/// assert_eq!(propose(property, &facts(r#"{"unresolved_times": 1}"#), None).class, "important");
/// assert_eq!(propose(property, &facts(r#"{"unresolved_times": 2}"#), None).class, "major");
/// ```
pub fn propose(procedure: &Procedure, facts: &Facts, validity: Option<Validity>) -> Proposal {
    let fired = procedure
        .decision
        .iter()
        .find_map(|line| fire(procedure, line, facts, validity).map(|reasons| (line, reasons)));
    let Some((line, reasons)) = fired else {
        return Proposal::default();
    };
    let class = line.class.get_ref().clone();
    let kind = procedure
        .class(&class)
        .map_or(ClassKind::Valid, |class| class.kind());
    let confirmed = !line.needs_judgement || validity.is_some();
    let mut notes = Vec::new();
    if !confirmed {
        notes.push(Msg::new("note.proposal").with("class", procedure.class_words(&class)));
    }
    // Also told when a heavier class won: a major complaint about a defect of design may be put off afterwards.
    let deferred = procedure.class_of_kind(ClassKind::Deferred);
    let deferrable = procedure.decision.iter().find(|other| {
        deferred.is_some_and(|deferred| *other.class.get_ref() == deferred.code)
            && fire(procedure, other, facts, validity).is_some()
    });
    if let Some(other) = deferrable.filter(|_| kind == ClassKind::Valid) {
        notes.push(Msg::new("note.may_be_deferred").with("clause", other.clause.0.as_str()));
    }
    Proposal {
        class,
        confirmed,
        reasons,
        notes,
    }
}

/// The reasons of a line that fires.
fn fire(
    procedure: &Procedure,
    line: &DecisionLine,
    facts: &Facts,
    validity: Option<Validity>,
) -> Option<Vec<Reason>> {
    let judged = match line.validity.as_deref() {
        None => true,
        Some("valid") => validity == Some(Validity::Valid),
        Some("invalid") => validity == Some(Validity::Invalid),
        Some(_) => validity.is_none(),
    };
    if !judged
        || line.none.iter().any(|fact| facts.holds(fact))
        || !line.all.iter().all(|fact| facts.holds(fact))
    {
        return None;
    }
    let reached = |(fact, setting): (&String, &String)| {
        (facts.count(fact) >= procedure.int(setting)).then(|| fact.clone())
    };
    let mut held: Vec<String> = line
        .any
        .iter()
        .filter(|fact| facts.holds(fact))
        .cloned()
        .collect();
    held.extend(line.at_least.iter().filter_map(reached));
    if held.is_empty() && !(line.any.is_empty() && line.at_least.is_empty()) {
        return None;
    }
    held.extend(line.all.iter().cloned());
    if held.is_empty() && line.validity.as_deref() == Some("invalid") {
        held.push("validity".to_owned());
    }
    let reason = |fact| Reason {
        clause: line.clause.clone(),
        fact,
    };
    Some(if held.is_empty() {
        vec![reason(None)]
    } else {
        held.into_iter().map(|fact| reason(Some(fact))).collect()
    })
}

/// The class that a complaint with these facts has if it is the company's to deal with now: its terms run on while
/// another class is only proposed.
pub fn class_if_valid<'a>(procedure: &'a Procedure, facts: &Facts) -> Option<&'a str> {
    let dealt_with = |line: &&DecisionLine| {
        let kind = procedure
            .class(line.class.get_ref())
            .map(|class| class.kind());
        !line.needs_judgement && kind == Some(ClassKind::Valid)
    };
    let mut lines = procedure.decision.iter().filter(dealt_with);
    lines
        .find(|line| fire(procedure, line, facts, Some(Validity::Valid)).is_some())
        .map(|line| line.class.get_ref().as_str())
}

/// Whether a class waits for judgement unless somebody has judged: one that some line only proposes, or that is not to
/// be dealt with.
pub fn needs_judgement(procedure: &Procedure, class: &str) -> bool {
    let proposed = |line: &DecisionLine| line.class.get_ref() == class && line.needs_judgement;
    let kind = procedure.class(class).map(|class| class.kind());
    kind.is_some_and(|kind| kind != ClassKind::Valid) || procedure.decision.iter().any(proposed)
}

/// How heavy a class is: its place in the procedure's list, the lightest first.
pub fn weight(procedure: &Procedure, class: &str) -> usize {
    procedure
        .class_codes()
        .position(|known| known == class)
        .unwrap_or_default()
}

/// Whether a duty is owed by a complaint of this class; `holds` answers for facts and circumstances.
pub fn owed(duty: &DutySpec, class: &str, holds: impl Fn(&str) -> bool) -> bool {
    (duty.classes.is_empty() || duty.classes.iter().any(|known| known == class))
        && (duty.when.is_empty() || duty.when.iter().any(|name| holds(name)))
        && !duty.unless.iter().any(|name| holds(name))
}

/// The deadline of a duty, running from `from`, with the time that the owner asked for (S5.4.4.1a.i, b.i: it replaces
/// the rule's; c.i: only an earlier one does). Both stay visible.
pub fn deadline(
    rules: &Rules,
    duty: &DutySpec,
    from: Instant,
    requested: Option<Instant>,
) -> Deadline {
    let mut deadline = rules.duty_deadline(duty, from);
    let (Some(how), Some(asked)) = (duty.owner_time, requested.filter(|asked| *asked >= from))
    else {
        return deadline;
    };
    deadline.promised = Some(asked);
    let counts = how == OwnerTime::Replaces || deadline.rule_due.is_none_or(|due| asked < due);
    if counts {
        deadline.due = Some(asked);
        // The owner's own time does not wait for anybody's calendar.
        deadline.provisional = false;
    }
    let line = Msg::new(if counts {
        "trace.owner_time"
    } else {
        "trace.owner_time_later"
    });
    deadline.trace.push(line.with("asked", asked));
    deadline
}

/// What to say to the caller: the sentence of S5.4.1.2, and by when at the latest. Never more than the rules give
/// (S5.4.1.7, S6.3.6.5: no promise beyond authority); without a date it promises none.
pub fn script(due: Option<Instant>) -> Msg {
    match due {
        Some(due) => Msg::new("script.dated")
            .with_key("opening", "script.reception")
            .with("due", due),
        None => Msg::new("script.undated").with_key("opening", "script.reception"),
    }
}

#[cfg(test)]
#[path = "complaint_class_tests.rs"]
mod tests;
