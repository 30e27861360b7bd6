//! Choices to tick 勾选框: every possible value with a box, the one that holds ticked.

use serde_json::Value;

use super::facts::Facts;
use crate::base::i18n::lookup;
use crate::record::field::{Choice, ChoiceSet, Field, Kind};
use crate::registers::dynamic::AnyRegister;
use crate::registers::outage::TicketStamp;

/// Choices that no field offers because the program makes them.
const MADE: [(&str, ChoiceSet); 1] = [("stamp", TicketStamp::SET)];

/// The boxes of the fact `key`.
pub(super) fn words(facts: &Facts<'_>, key: &str, value: Option<&Value>) -> String {
    let boxes = choices(facts, key, value)
        .into_iter()
        .map(|(on, word)| format!("{}{word}", if on { '☑' } else { '☐' }));
    boxes.collect::<Vec<_>>().join(" ")
}

fn choices(facts: &Facts<'_>, key: &str, value: Option<&Value>) -> Vec<(bool, String)> {
    let voice = &facts.voice;
    let code = value.and_then(Value::as_str);
    let of_set = |set: &ChoiceSet| {
        let codes = set.codes.iter();
        codes
            .map(|each| (code == Some(each), voice.text(&set.label_key(each))))
            .collect()
    };
    if key == "class" {
        let classes = procedure(facts).map(crate::rules::procedure::Procedure::class_codes);
        return classes
            .into_iter()
            .flatten()
            .map(|class| (code == Some(class), voice.text(&format!("class.{class}"))))
            .collect();
    }
    if let Some((_, set)) = MADE.iter().find(|(made, _)| *made == key) {
        return of_set(set);
    }
    match field(facts.register, key).map(|field| field.kind) {
        Some(Kind::Choice(set)) => of_set(set),
        Some(Kind::Facts) => {
            let holds = |fact: &str| {
                let value = value.and_then(|facts| facts.get(fact));
                value.is_some_and(|value| !matches!(value, Value::Bool(false) | Value::Null))
            };
            let known = procedure(facts).map(|procedure| &procedure.facts);
            known
                .into_iter()
                .flatten()
                .map(|fact| {
                    let key = fact.key.get_ref();
                    (holds(key), voice.text(&format!("fact.{key}")))
                })
                .collect()
        }
        _ => {
            let word = |flag: &str| {
                let own = lookup(voice.lang, &format!("value.{key}.{flag}"));
                own.map_or_else(|| voice.text(&format!("word.{flag}")), Into::into)
            };
            let on = |wanted: bool| value.and_then(Value::as_bool) == Some(wanted);
            vec![(on(true), word("yes")), (on(false), word("no"))]
        }
    }
}

/// The procedure that a complaint is under.
fn procedure<'f>(facts: &'f Facts<'_>) -> Option<&'f crate::rules::procedure::Procedure> {
    let code = facts.find(&["procedure".to_owned()], &[])?.as_str()?;
    Some(facts.rules.procedure(code))
}

/// The description of a field, of an item of a list too.
fn field(register: &dyn AnyRegister, key: &str) -> Option<&'static Field> {
    register.field(key).or_else(|| {
        register
            .fields()
            .into_iter()
            .find_map(|field| match field.kind {
                Kind::Items(fields) => fields.iter().find(|inner| inner.key == key),
                _ => None,
            })
    })
}
