//! `dutydesk rules class`: facts in, class and deadlines out, no file touched. The same rules as the register's.

use serde_json::{Map, Value};

use super::Receive;
use super::check::fact_refused;
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::field::{Choice, Field};
use crate::record::request::read_value;
use crate::rules::complaint_class::{
    CIRCUMSTANCES, Facts, Proposal, Validity, class_if_valid, deadline, owed, propose,
};
use crate::rules::deadline::Deadline;
use crate::rules::procedure::Procedure;
use crate::rules::ruleset::Rules;

/// The answer: the class with its reasons, and what a complaint of it owes from receipt.
#[derive(Clone, Debug, PartialEq)]
pub struct Classified {
    /// Class, whether it stands, reasons and notes.
    pub proposal: Proposal,
    /// What it owes before any step has been taken.
    pub deadlines: Vec<Deadline>,
}

/// The keys of the question; the register's fields where it has them.
const RECEIVED: Field = Field::instant("received");
const VALIDITY: Field = Field::choice("validity", &<Validity as crate::record::field::Choice>::SET);
const OF_RECEIVE: &[&str] = &[
    "procedure",
    "facts",
    "requested_by",
    "written",
    "needs_other_department",
];

/// A question, read.
struct Asked<'a> {
    procedure: &'a Procedure,
    facts: Facts,
    validity: Option<Validity>,
    received: Instant,
    requested: Option<Instant>,
    /// The circumstances that hold.
    circumstances: Vec<&'static str>,
}

/// Answers one question. `received` is `now` unless given.
///
/// # Errors
/// `unknown_field` naming the key or the fact, `missing_field` procedure, `bad_value`.
pub fn rules_class(value: &Value, rules: &Rules, now: Instant) -> Result<Classified, Refusal> {
    let asked = asked(value, rules, now)?;
    let procedure = asked.procedure;
    let proposal = propose(procedure, &asked.facts, asked.validity);
    let holds = |name: &str| match name {
        "unconfirmed" => !proposal.confirmed,
        name => asked.circumstances.contains(&name) || asked.facts.holds(name),
    };
    // What is only proposed takes no term away (5.1).
    let running = class_if_valid(procedure, &asked.facts).filter(|_| !proposal.confirmed);
    let classes = || std::iter::once(proposal.class.as_str()).chain(running);
    let mut deadlines: Vec<Deadline> = Vec::new();
    for duty in procedure.duties.iter().filter(|duty| duty.after.is_none()) {
        let code = duty.code.get_ref();
        let known = deadlines.iter().any(|known| known.code == *code);
        if !known && classes().any(|class| owed(duty, class, holds)) {
            deadlines.push(deadline(rules, duty, asked.received, asked.requested));
        }
    }
    Ok(Classified {
        proposal,
        deadlines,
    })
}

fn asked<'a>(value: &Value, rules: &'a Rules, now: Instant) -> Result<Asked<'a>, Refusal> {
    let Value::Object(given) = value else {
        let why = Msg::new("refusal.unreadable").with("why", Msg::new("why.object"));
        return Err(Refusal::new(RefusalCode::BadValue, why));
    };
    let read = read_keys(given, rules)?;
    let instant = |key: &str| {
        let value = read.get(key).cloned()?;
        serde_json::from_value::<Instant>(value).ok()
    };
    let name = read.get("procedure").and_then(Value::as_str);
    let procedure = rules.procedure(name.ok_or_else(|| Refusal::missing("procedure"))?);
    let no_facts = Map::new();
    let facts = read.get("facts").and_then(Value::as_object);
    let facts = Facts::read(facts.unwrap_or(&no_facts), procedure);
    let validity = read.get("validity").and_then(Value::as_str);
    let received = instant("received").unwrap_or(now);
    let requested = instant("requested_by");
    if requested.is_some_and(|asked| asked < received) {
        let what = Msg::new("before.received").with("at", received);
        return Err(Refusal::before("requested_by", what));
    }
    let said = |name: &&str| read.get(*name).and_then(Value::as_bool) == Some(true);
    Ok(Asked {
        procedure,
        facts: facts.map_err(|error| fact_refused(error, procedure))?,
        validity: validity.and_then(Validity::from_code),
        received,
        requested,
        circumstances: CIRCUMSTANCES.iter().copied().filter(said).collect(),
    })
}

fn read_keys(given: &Map<String, Value>, rules: &Rules) -> Result<Map<String, Value>, Refusal> {
    let mut read = Map::new();
    for (key, value) in given {
        let of_receive = Receive::FIELDS
            .iter()
            .find(|field| OF_RECEIVE.contains(&field.key) && field.key == key);
        let Some(field) = of_receive.or_else(|| {
            [&RECEIVED, &VALIDITY]
                .into_iter()
                .find(|field| field.key == key)
        }) else {
            return Err(Refusal::unknown_field(key));
        };
        if let Some(value) = read_value(field, value, rules)? {
            read.insert(key.clone(), value);
        }
    }
    Ok(read)
}
