//! `dutydesk rules class`: facts in, class and deadlines out, no file touched. The same rules as the register's.

use serde_json::{Map, Value};

use super::Receive;
use super::decide::fact_refused;
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::field::Field;
use crate::record::request::read_value;
use crate::rules::complaint_class::{Facts, Proposal, Validity, deadline, owed, propose};
use crate::rules::deadline::Deadline;
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

/// Answers one question. `received` is `now` unless given.
///
/// # Errors
/// `unknown_field` naming the key or the fact, `missing_field` procedure, `bad_value`.
pub fn rules_class(value: &Value, rules: &Rules, now: Instant) -> Result<Classified, Refusal> {
    let Value::Object(given) = value else {
        return Err(Refusal::new(
            RefusalCode::BadValue,
            Msg::new("refusal.unreadable").with("why", Msg::new("why.object")),
        ));
    };
    let read = read_keys(given, rules)?;
    let flag = |key: &str| read.get(key).and_then(Value::as_bool).unwrap_or_default();
    let instant = |key: &str| {
        read.get(key)
            .cloned()
            .and_then(|v| serde_json::from_value::<Instant>(v).ok())
    };
    let procedure = rules.procedure(
        read.get("procedure")
            .and_then(Value::as_str)
            .ok_or_else(|| Refusal::missing("procedure"))?,
    );
    let no_facts = Map::new();
    let facts = Facts::read(
        read.get("facts")
            .and_then(Value::as_object)
            .unwrap_or(&no_facts),
        procedure,
    )
    .map_err(fact_refused)?;
    let validity = read
        .get("validity")
        .cloned()
        .and_then(|v| serde_json::from_value::<Validity>(v).ok());
    let received = instant("received").unwrap_or(now);
    let requested = instant("requested_by");
    if requested.is_some_and(|asked| asked < received) {
        return Err(Refusal::before(
            "requested_by",
            Msg::new("before.received").with("at", received),
        ));
    }
    let proposal = propose(procedure, &facts, validity);
    let holds = |name: &str| match name {
        "unconfirmed" => !proposal.confirmed,
        "needs_other_department" | "written" => flag(name),
        fact => facts.holds(fact),
    };
    let mut deadlines: Vec<Deadline> = Vec::new();
    for duty in procedure
        .duties
        .iter()
        .filter(|duty| duty.after.is_none() && owed(duty, &proposal.class, holds))
    {
        if !deadlines
            .iter()
            .any(|known| known.code == *duty.code.get_ref())
        {
            deadlines.push(deadline(rules, duty, received, requested));
        }
    }
    Ok(Classified {
        proposal,
        deadlines,
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
            let shown: String = key.chars().take(60).filter(|c| !c.is_control()).collect();
            return Err(Refusal::new(
                RefusalCode::UnknownField,
                Msg::new("refusal.unknown_field").with("field", shown),
            )
            .field(key));
        };
        if let Some(value) = read_value(field, value, rules)? {
            read.insert(key.clone(), value);
        }
    }
    Ok(read)
}
