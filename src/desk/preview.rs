//! What an unfinished form would lead to: the same path as acting, without writing.

use serde_json::{Map, Value};

use super::act::{How, Moment, acted, propose, resolve};
use super::view::{Preview, Request};
use super::{Desk, Error, Result, unfolded};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::action::ActionSpec;
use crate::record::field::{Field, Kind, Required};
use crate::record::request::{ENVELOPE, Operator, RawAct};
use crate::record::timeline::Timeline;
use crate::registers::change::{Reading, read_act};

/// Stands in for a text that has not been typed yet.
const UNTYPED: &str = "…";

impl Desk {
    /// What the request would make: class, duties, warnings, and what still stands in its way. What is missing or not
    /// yet right is told and left out; nothing is written.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read, [`super::Error::Refused`] when record or action do not exist.
    pub fn dry_run(&self, request: &Request, who: &Operator, now: Instant) -> Result<Preview> {
        let resolved = resolve(request, &self.store).map_err(|e| self.named(e))?;
        let stands = Timeline::of(resolved.entries.clone());
        let reading = Reading {
            rules: &self.rules,
            who,
            now,
        };
        let read = |data: &Map<String, Value>| {
            let (register, spec) = (resolved.register, resolved.spec);
            read_act(register, spec, data, &stands, &resolved.entries, &reading)
        };
        let mut preview = Preview {
            refusal: read(&request.data).err(),
            ..Preview::default()
        };
        let Some(act) = lenient(resolved.spec, request.data.clone(), now, &read) else {
            return Ok(preview);
        };
        let no = resolved
            .entries
            .first()
            .map_or_else(|| "…".to_owned(), |first| first.entry.no.clone());
        let moment = Moment {
            who,
            now,
            rules: &self.in_force,
        };
        let propose = |act| {
            propose(
                &resolved,
                act,
                &no,
                i64::MAX,
                &moment,
                &How::ASKED,
                &self.store,
            )
        };
        let proposed = match propose(act.clone()) {
            Err(Error::Refused(refusal)) => {
                // What a clause asks for besides is stood in for, so that what the act leads to can be told.
                let act = with_stand_in(act, &refusal);
                preview.refusal.get_or_insert(*refusal);
                act.map(propose)
            }
            answer => Some(answer),
        };
        let proposed = match proposed {
            Some(Ok(proposed)) => proposed,
            Some(Err(Error::Refused(_))) | None => return Ok(preview),
            Some(Err(other)) => return Err(self.named(other)),
        };
        preview.same_place = proposed
            .near
            .same_places
            .iter()
            .rev()
            .map(|r| (r.head.no.clone(), resolved.register.title(r)))
            .collect();
        let made = acted(resolved.register, &proposed, &moment).map_err(|e| self.named(e))?;
        let evaluated = made.evaluated;
        let record = evaluated.record().map_err(|e| self.named(unfolded(e)))?;
        preview.found = found(&record);
        preview.class = record.head.class;
        preview.deadlines = evaluated.deadlines;
        preview.breaches = evaluated.head.breaches;
        preview.warnings = proposed.decision.warnings;
        Ok(preview)
    }
}

/// What the rules make of the facts, as the panel beside a form tells it.
fn found(record: &crate::record::head::AnyRecord) -> Map<String, Value> {
    let proposal = record.body.get("proposal");
    let reasons = proposal.and_then(|proposal| proposal.get("reasons"));
    let mut found = Map::new();
    let confirmed = record.body.get("confirmed");
    for (key, value) in [
        ("proposal", proposal),
        ("reasons", reasons),
        ("confirmed", confirmed),
    ] {
        found.extend(value.map(|value| (key.to_owned(), value.clone())));
    }
    found
}

/// Reads what was typed into an act.
type Reader<'a> = dyn Fn(&Map<String, Value>) -> std::result::Result<RawAct, Refusal> + 'a;

/// Reads what can be read: a value that is not right yet is left out, a text that is missing stands as an ellipsis.
fn lenient(
    spec: &'static ActionSpec,
    mut data: Map<String, Value>,
    now: Instant,
    read: &Reader<'_>,
) -> Option<RawAct> {
    data.retain(|key, _| {
        key == "action"
            || spec.field(key).is_some()
            || ENVELOPE.iter().any(|field| field.key == key)
    });
    for _ in 0..spec.fields.len() + ENVELOPE.len() + 1 {
        match read(&data) {
            Ok(act) => return Some(act),
            Err(refusal) => {
                let key = wrong_key(&refusal)?;
                data.remove(&key)
                    .or_else(|| spec.field(&key).map(|_| Value::Null))?;
                if let Some(stand_in) = spec.field(&key).and_then(|field| stand_in(field, now)) {
                    data.insert(key, stand_in);
                }
            }
        }
    }
    None
}

/// The top key of a refusal's field: `items[0].name` → `items`.
fn wrong_key(refusal: &Refusal) -> Option<String> {
    let field = refusal.field.as_deref()?;
    Some(field.split(['[', '.']).next().unwrap_or(field).to_owned())
}

/// The act with something in the place of the words that a clause asks for.
fn with_stand_in(mut act: RawAct, refusal: &Refusal) -> Option<RawAct> {
    let key = wrong_key(refusal).filter(|_| refusal.code == RefusalCode::MissingField)?;
    let field = act.spec.field(&key)?;
    let words = matches!(field.kind, Kind::Text | Kind::Long);
    let empty = words && !act.data.contains_key(&key);
    empty.then(|| {
        act.data.insert(key, Value::from(UNTYPED));
        act
    })
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
