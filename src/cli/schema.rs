//! `dutydesk schema`: every action as JSON Schema, from the same descriptions that validate and draw the forms.

use serde_json::{Map, Value, json};

use super::{Ran, Session, out};
use crate::record::action::{ActionSet, ActionSpec};
use crate::record::common::CommonAction;
use crate::record::field::{Field, Kind, Required};
use crate::record::request::{ENVELOPE, LONG_TEXT, SHORT_TEXT};
use crate::registers::{REGISTERS, label, register};

/// 动作的 JSON Schema · every action's keys, from the descriptions that forms are drawn from
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this register
    register: Option<String>,
}

pub(super) fn run(session: &Session, args: &Args) -> Ran {
    if let Some(code) = args
        .register
        .as_deref()
        .filter(|code| register(code).is_none())
    {
        return Err(super::Trouble::Usage(session.voice().say(
            &crate::base::i18n::Msg::new("cli.no_register").with("register", code),
        )));
    }
    let mut registers = Map::new();
    for register in REGISTERS.iter().filter(|r| {
        args.register
            .as_deref()
            .is_none_or(|code| r.spec().code == code)
    }) {
        let actions = register
            .actions()
            .iter()
            .chain(CommonAction::ALL)
            .filter(|spec| !register.reserved(spec.name))
            .map(|spec| {
                (
                    spec.name.to_owned(),
                    action(session, register.spec().code, spec),
                )
            });
        registers.insert(
            register.spec().code.to_owned(),
            json!({"letter": register.spec().letter.to_string(), "states": register.states().codes, "actions": Map::from_iter(actions)}),
        );
    }
    let document =
        json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "registers": registers});
    out(&serde_json::to_string_pretty(&document).unwrap_or_default());
    Ok(0)
}

fn action(session: &Session, register: &str, spec: &ActionSpec) -> Value {
    let own = spec.fields.iter();
    let envelope = ENVELOPE
        .iter()
        .filter(|field| spec.field(field.key).is_none());
    let properties = own
        .chain(envelope)
        .map(|field| (field.key.to_owned(), property(session, register, field)));
    let required = spec
        .fields
        .iter()
        .filter(|field| matches!(field.required, Required::Yes))
        .map(|field| field.key);
    let mut schema = json!({
        "type": "object",
        "title": label::action(&session.voice(), register, spec.name),
        "opens_a_record": spec.first,
        "properties": Map::from_iter(properties),
        "required": required.collect::<Vec<_>>(),
        "additionalProperties": false,
    });
    let conditions: Vec<Value> = spec.fields.iter().filter_map(condition).collect();
    if let (false, Value::Object(map)) = (conditions.is_empty(), &mut schema) {
        map.insert("allOf".into(), conditions.into());
    }
    schema
}

fn condition(field: &Field) -> Option<Value> {
    let Required::When(key, value) = field.required else {
        return None;
    };
    let wanted = match value {
        "true" => json!(true),
        "false" => json!(false),
        text => json!(text),
    };
    Some(json!({"if": {"properties": {key: {"const": wanted}}}, "then": {"required": [field.key]}}))
}

fn property(session: &Session, register: &str, field: &Field) -> Value {
    let mut schema = kind(session, register, field.kind);
    if let Value::Object(map) = &mut schema {
        map.insert(
            "title".into(),
            label::field(&session.voice(), register, field.key).into(),
        );
        if let Some(default) = field.default {
            map.insert("default".into(), default.into());
        }
        if !field.unit.is_empty() {
            map.insert("unit".into(), field.unit.into());
        }
        if field.personal {
            map.insert("personal".into(), true.into());
        }
    }
    schema
}

fn kind(session: &Session, register: &str, kind: Kind) -> Value {
    let rules = &session.rules;
    match kind {
        Kind::Text | Kind::RecordNo => json!({"type": "string", "maxLength": SHORT_TEXT}),
        Kind::Long => json!({"type": "string", "maxLength": LONG_TEXT}),
        Kind::Instant { plan } => {
            json!({"type": "string", "format": "date-time", "may_lie_ahead": plan})
        }
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::Month => json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}),
        Kind::Bool => json!({"type": "boolean"}),
        Kind::Integer { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Kind::Fen => json!({"type": "integer", "minimum": 0, "unit": "fen"}),
        Kind::Decimal { places } => {
            json!({"type": ["string", "number"], "pattern": format!("^[0-9]+(\\.[0-9]{{1,{places}}})?$")})
        }
        Kind::Choice(set) => json!({"enum": set.codes}),
        Kind::Role => {
            json!({"enum": rules.roles().iter().map(|role| role.code.clone()).collect::<Vec<_>>()})
        }
        Kind::Class => json!({"enum": rules.class_codes()}),
        Kind::Procedure => json!({"enum": rules.complaint_procedures()}),
        Kind::Texts => {
            json!({"type": "array", "items": {"type": "string", "maxLength": SHORT_TEXT}})
        }
        Kind::TextsOrAll => {
            json!({"anyOf": [{"const": "all"}, {"type": "array", "items": {"type": "string"}}]})
        }
        Kind::Items(fields) => {
            let properties = fields
                .iter()
                .map(|field| (field.key.to_owned(), property(session, register, field)));
            let required: Vec<&str> = fields
                .iter()
                .filter(|f| matches!(f.required, Required::Yes))
                .map(|f| f.key)
                .collect();
            let item = json!({"type": "object", "properties": Map::from_iter(properties), "required": required, "additionalProperties": false});
            json!({"type": "array", "items": item})
        }
        Kind::Facts => {
            json!({"type": "object", "additionalProperties": {"type": ["boolean", "integer"]}})
        }
        Kind::Changes => json!({"type": "object"}),
    }
}
