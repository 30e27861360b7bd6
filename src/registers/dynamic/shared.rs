//! What all registers share, checked once: amendments, links, prints.

use serde_json::{Map, Value};

use super::{Erased, typed};
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::action::ActionSet;
use crate::record::common::{AMENDABLE_TIMES, CommonAction, Print};
use crate::record::field::{Choice, Kind, Required};
use crate::record::head::{AnyRecord, Decision, Paper};
use crate::record::request::{RawAct, read_value};
use crate::registers::dynamic::AnyRegister;
use crate::registers::{Context, Register};

impl<R: Register> Erased<R> {
    pub(super) fn decide_common(
        &self,
        record: &AnyRecord,
        act: &RawAct,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let action = CommonAction::decode(act.spec.name, &act.data).map_err(|why| broken(&why))?;
        match action {
            CommonAction::Amend(amend) => self.decide_amend(record, &amend.changes, cx),
            CommonAction::Link(link) if link.to == record.head.no => {
                Err(Refusal::bad("to", Msg::new("why.link_to_itself")))
            }
            CommonAction::Link(link) if !cx.near.records.contains_key(&link.to) => {
                Err(Refusal::new(
                    RefusalCode::UnknownRecord,
                    Msg::new("refusal.unknown_record").with("no", link.to.as_str()),
                )
                .field("to"))
            }
            CommonAction::Link(link)
                if record
                    .head
                    .links
                    .iter()
                    .any(|l| l.to == link.to && l.kind == link.kind.code()) =>
            {
                Err(Refusal::new(
                    RefusalCode::Duplicate,
                    Msg::new("refusal.linked").with("no", link.to.as_str()),
                )
                .field("to"))
            }
            CommonAction::Link(_) | CommonAction::Void(_) | CommonAction::Remark(_) => {
                Ok(Decision::default())
            }
        }
    }

    fn decide_amend(
        &self,
        record: &AnyRecord,
        changes: &Map<String, Value>,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        if changes.is_empty() {
            return Err(Refusal::missing("changes"));
        }
        let record = typed::<R>(record).ok_or_else(|| broken("body"))?;
        let normal = self.changes(changes, cx)?;
        let mut body = serde_json::to_value(&record.body).map_err(|e| broken(&e.to_string()))?;
        merge(&mut body, &normal);
        serde_json::from_value::<R::Body>(body).map_err(|e| {
            Refusal::bad("changes", Msg::new("why.amend").with("why", e.to_string()))
        })?;
        let mut decision = R::amended(&record, &normal, cx)?;
        decision
            .found
            .insert("changes".into(), Value::Object(normal));
        Ok(decision)
    }

    /// The changes in stored form. A field that the form asks for always cannot be emptied.
    fn changes(
        &self,
        changes: &Map<String, Value>,
        cx: &Context<'_>,
    ) -> Result<Map<String, Value>, Refusal> {
        let mut normal = Map::new();
        for (key, value) in changes {
            let field = self
                .field(key)
                .or_else(|| AMENDABLE_TIMES.iter().find(|field| field.key == key));
            let Some(field) =
                field.filter(|field| !matches!(field.kind, Kind::Facts | Kind::Changes))
            else {
                return Err(Refusal::new(
                    RefusalCode::UnknownField,
                    Msg::new("refusal.unknown_field").with("field", key.as_str()),
                )
                .field(key));
            };
            let value = read_value(field, value, cx.rules)?;
            let first = R::Action::ALL
                .iter()
                .filter(|a| a.first)
                .find_map(|a| a.field(key));
            let needed = first.is_some_and(|f| matches!(f.required, Required::Yes))
                || AMENDABLE_TIMES.iter().any(|f| f.key == key);
            if value.is_none() && needed {
                return Err(Refusal::missing(field.key));
            }
            let time = value
                .clone()
                .and_then(|v| serde_json::from_value::<Instant>(v).ok());
            if let (Kind::Instant { plan: false }, Some(at)) = (field.kind, time)
                && at > cx.now
            {
                let message = Msg::new("refusal.future")
                    .with_key("field", format!("field.{key}"))
                    .with("at", at)
                    .with("now", cx.now);
                return Err(Refusal::new(RefusalCode::Future, message).field(key));
            }
            normal.insert(key.clone(), value.unwrap_or(Value::Null));
        }
        Ok(normal)
    }
}

pub(super) fn merge(body: &mut Value, changes: &Map<String, Value>) {
    if let Value::Object(map) = body {
        for (key, value) in changes
            .iter()
            .filter(|(key, _)| !AMENDABLE_TIMES.iter().any(|f| f.key == key.as_str()))
        {
            map.insert(key.clone(), value.clone());
        }
    }
}

/// A print of a version that an action has issued says what that version says; any other is a version of its own.
pub(super) fn printed(papers: &mut Vec<Paper>, print: Print, at: Instant) {
    let same = papers
        .iter_mut()
        .find(|p| p.name == print.document && p.version == print.version && p.of.is_none());
    match same {
        Some(paper) if print.of.is_none() || paper.said.is_empty() => {
            paper.check = print.check;
            paper.said = print.said;
            paper.of = print.of;
        }
        _ => papers.push(Paper {
            of: print.of,
            check: print.check,
            said: print.said,
            ..Paper::issued(&print.document, print.version, at)
        }),
    }
}

pub(super) fn broken(why: &str) -> Refusal {
    Refusal::new(
        RefusalCode::BadValue,
        Msg::new("refusal.unreadable").with("why", why),
    )
}
