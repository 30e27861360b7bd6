//! What an unfinished form would lead to: the same path as acting, without writing.

use serde_json::{Map, Value};

use super::act::{Provenance, enter, look, resolve};
use super::view::{Preview, Request};
use super::{Desk, Error, Result, closed};
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::record::action::ActionSpec;
use crate::record::field::{Field, Kind, Required};
use crate::record::request::{ENVELOPE, Operator, read};
use crate::registers::Context;

/// Stands in for a text that has not been typed yet.
const UNTYPED: &str = "…";

impl Desk {
    /// What the request would make: class, duties, warnings, and what still stands in its way. What is missing or not
    /// yet right is told and left out; nothing is written.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read, [`super::Error::Refused`] when record or action do not exist.
    pub fn dry_run(&self, request: &Request, who: &Operator, now: Instant) -> Result<Preview> {
        let resolved = resolve(request, &self.store)?;
        let rules = self.rules();
        let mut preview = Preview {
            refusal: read(resolved.spec, &request.data, &rules, who, now).err(),
            ..Preview::default()
        };
        let Some(act) = self.lenient(resolved.spec, request.data.clone(), who, now) else {
            return Ok(preview);
        };
        let near = look(&resolved, &act, &rules, &self.store)?;
        preview.same_place = near
            .same_place
            .iter()
            .rev()
            .map(|r| (r.head.no.clone(), resolved.register.title(r)))
            .collect();
        let mut decision = match resolved.register.decide(
            resolved.record.as_ref(),
            &act,
            &Context {
                now,
                rules: &rules,
                near: &near,
            },
        ) {
            Ok(decision) => decision,
            Err(refusal) => {
                preview.refusal.get_or_insert(refusal);
                return Ok(preview);
            }
        };
        let before = resolved.record.as_ref();
        if let Err(Error::Refused(refusal)) =
            closed::check(&act, before, &rules, true, &self.store, &mut decision)
        {
            preview.refusal.get_or_insert(*refusal);
        }
        let no = resolved
            .record
            .as_ref()
            .map_or_else(|| "…".to_owned(), |record| record.head.no.clone());
        match enter(
            &resolved,
            act,
            &decision,
            &no,
            &rules,
            Provenance::default(),
        ) {
            Ok((_, record)) => {
                preview.class = record.head.class.clone();
                preview.deadlines = resolved.register.deadlines(&record, &rules);
            }
            Err(refusal) => {
                preview.refusal.get_or_insert(refusal);
            }
        }
        preview.warnings = decision.warnings;
        preview.found = decision.found;
        Ok(preview)
    }

    /// Reads what can be read: a value that is not right yet is left out, a text that is missing stands as an ellipsis.
    fn lenient(
        &self,
        spec: &'static ActionSpec,
        mut data: Map<String, Value>,
        who: &Operator,
        now: Instant,
    ) -> Option<crate::record::request::RawAct> {
        let rules = self.rules();
        data.retain(|key, _| {
            key == "action"
                || spec.field(key).is_some()
                || ENVELOPE.iter().any(|field| field.key == key)
        });
        for _ in 0..spec.fields.len() + ENVELOPE.len() + 1 {
            match read(spec, &data, &rules, who, now) {
                Ok(act) => return Some(act),
                Err(refusal) => {
                    let key = wrong_key(&refusal)?;
                    data.remove(&key);
                    if let Some(stand_in) = spec.field(&key).and_then(|field| stand_in(field, now))
                    {
                        data.insert(key, stand_in);
                    }
                }
            }
        }
        None
    }
}

/// The top key of a refusal's field: `items[0].name` → `items`.
fn wrong_key(refusal: &Refusal) -> Option<String> {
    let field = refusal.field.as_deref()?;
    Some(field.split(['[', '.']).next().unwrap_or(field).to_owned())
}

/// A value that a required field can stand with while it is empty.
fn stand_in(field: &Field, now: Instant) -> Option<Value> {
    if matches!(field.required, Required::No) {
        return None;
    }
    Some(match field.kind {
        Kind::Text | Kind::Long => Value::from(UNTYPED),
        Kind::Texts | Kind::TextsOrAll => Value::from(vec![UNTYPED]),
        Kind::Bool => Value::Bool(false),
        Kind::Fen => Value::from(0),
        Kind::Integer { min, .. } => Value::from(min),
        Kind::Decimal { .. } => Value::from("0"),
        Kind::Choice(set) => Value::from(*set.codes.first()?),
        Kind::Instant { .. } => serde_json::to_value(now).ok()?,
        _ => return None,
    })
}
