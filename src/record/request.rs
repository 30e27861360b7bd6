//! From what a person or a script gave to a normalised act: unknown keys refused by name, times read in the site's
//! zone, choices by code or label, decimals exact. Pure; the only door through which data reaches a register.

mod values;

use serde_json::{Map, Value};

use crate::base::i18n::Msg;
use crate::base::read::{date, decimal, yes_no};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::action::ActionSpec;
use crate::record::entry::Entry;
use crate::record::field::{Choice, Field, Kind, Required};
use crate::rules::ruleset::Rules;
use values::{choice, default_of, integer, is_all, month, printed};

/// Characters a short text holds.
pub const SHORT_TEXT: usize = 200;
/// Characters a long text holds.
pub const LONG_TEXT: usize = 4000;
/// Items a list holds.
const LIST_ITEMS: usize = 2000;

/// What every action carries besides its own fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// When it happened.
    pub at: Instant,
    /// When we learned of it.
    pub received: Instant,
    /// When it is typed: now.
    pub entered: Instant,
    /// Who did it.
    pub by: String,
    /// In which role.
    pub role: Option<String>,
    /// 书面、电话、当面.
    pub via: Option<String>,
    /// A remark.
    pub note: Option<String>,
}

impl Envelope {
    /// The envelope of an entry.
    pub fn of(entry: &Entry) -> Self {
        Self {
            at: entry.at,
            received: entry.received,
            entered: entry.entered,
            by: entry.by.clone(),
            role: entry.role.clone(),
            via: entry.via.clone(),
            note: entry.note.clone(),
        }
    }
}

/// The person at the desk, who acts unless the request names somebody else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operator {
    /// Name.
    pub name: String,
    /// Role code.
    pub role: Option<String>,
}

/// An act whose data fits its action's description.
#[derive(Clone, Debug)]
pub struct RawAct {
    /// The action.
    pub spec: &'static ActionSpec,
    /// Times and persons.
    pub envelope: Envelope,
    /// The action's own fields.
    pub data: Map<String, Value>,
}

crate::choices! {
    /// The channel an act came by.
    pub enum Via in "via" {
        /// 书面
        Written = "written",
        /// 电话
        Phone = "phone",
        /// 当面
        InPerson = "in_person",
    }
}

/// The envelope's fields, for forms and the JSON schema.
pub const ENVELOPE: &[Field] = &[
    Field::instant("at"),
    Field::instant("received"),
    Field::person("by"),
    Field::role("role"),
    Field::choice("via", &Via::SET),
    Field::long("note"),
];

/// Reads the object of `action` against its description.
///
/// # Errors
/// `unknown_field`, `missing_field`, `bad_value` or `future`, each naming the field.
pub fn read(
    spec: &'static ActionSpec,
    given: &Map<String, Value>,
    rules: &Rules,
    who: &Operator,
    now: Instant,
) -> Result<RawAct, Refusal> {
    for key in given.keys() {
        if key != "action"
            && spec.field(key).is_none()
            && !ENVELOPE.iter().any(|field| field.key == key)
        {
            return Err(Refusal::unknown_field(key));
        }
    }
    let reader = Reader { rules };
    let data = reader.fields(spec.fields, given, "", |key| fallback(key, who))?;
    let envelope = reader.envelope(given, who, now)?;
    reader.not_ahead(spec.fields, &data, now)?;
    Ok(RawAct {
        spec,
        envelope,
        data,
    })
}

/// Reads one value by its field's description, as an amendment does.
///
/// # Errors
/// `bad_value` naming the field.
pub fn read_value(field: &Field, value: &Value, rules: &Rules) -> Result<Option<Value>, Refusal> {
    Reader { rules }.value(field, value, field.key)
}

/// A declared field that is also part of the envelope is the operator's unless given.
fn fallback(key: &str, who: &Operator) -> Option<Value> {
    match key {
        "by" if !who.name.is_empty() => Some(Value::String(who.name.clone())),
        "role" => who.role.clone().map(Value::String),
        _ => None,
    }
}

struct Reader<'a> {
    rules: &'a Rules,
}

impl Reader<'_> {
    fn envelope(
        &self,
        given: &Map<String, Value>,
        who: &Operator,
        now: Instant,
    ) -> Result<Envelope, Refusal> {
        let mut values = Map::new();
        for field in ENVELOPE {
            if let Some(value) = given
                .get(field.key)
                .map(|value| self.value(field, value, field.key))
                .transpose()?
                .flatten()
            {
                values.insert(field.key.to_owned(), value);
            }
        }
        let instant = |key: &str| {
            values
                .get(key)
                .cloned()
                .and_then(|v| serde_json::from_value::<Instant>(v).ok())
        };
        let text = |key: &str| values.get(key).and_then(Value::as_str).map(str::to_owned);
        let at = instant("at").unwrap_or(now);
        let received = instant("received").unwrap_or(at);
        for (key, value) in [("at", at), ("received", received)] {
            if value > now {
                return Err(future(key, value, now));
            }
        }
        let by = text("by").unwrap_or_else(|| who.name.clone());
        let role = text("role").or_else(|| {
            if text("by").is_none() {
                who.role.clone()
            } else {
                None
            }
        });
        Ok(Envelope {
            at,
            received,
            entered: now,
            by,
            role,
            via: text("via"),
            note: text("note"),
        })
    }

    fn not_ahead(
        &self,
        fields: &[Field],
        data: &Map<String, Value>,
        now: Instant,
    ) -> Result<(), Refusal> {
        for field in fields
            .iter()
            .filter(|field| matches!(field.kind, Kind::Instant { plan: false }))
        {
            let value = data
                .get(field.key)
                .cloned()
                .and_then(|v| serde_json::from_value::<Instant>(v).ok());
            if let Some(at) = value.filter(|at| *at > now) {
                return Err(future(field.key, at, now));
            }
        }
        Ok(())
    }

    fn fields(
        &self,
        fields: &'static [Field],
        given: &Map<String, Value>,
        path: &str,
        fallback: impl Fn(&str) -> Option<Value>,
    ) -> Result<Map<String, Value>, Refusal> {
        let mut out = Map::new();
        for field in fields {
            let name = format!("{path}{}", field.key);
            let value = match given.get(field.key) {
                Some(value) => self.value(field, value, &name)?,
                None => None,
            };
            let value = value
                .or_else(|| fallback(field.key))
                .or_else(|| default_of(field));
            if let Some(value) = value {
                out.insert(field.key.to_owned(), value);
            }
        }
        for field in fields {
            let needed = match field.required {
                Required::No => false,
                Required::Yes => true,
                Required::When(key, wanted) => {
                    out.get(key).is_some_and(|value| printed(value) == wanted)
                }
            };
            if needed && !out.contains_key(field.key) {
                let mut refusal = Refusal::missing(field.key);
                refusal.field = Some(format!("{path}{}", field.key));
                return Err(match field.clause {
                    "" => refusal,
                    clause => refusal.clause(clause),
                });
            }
        }
        Ok(out)
    }

    /// A value in its stored form; `None` when it is empty.
    fn value(&self, field: &Field, value: &Value, name: &str) -> Result<Option<Value>, Refusal> {
        if value.is_null() {
            return Ok(None);
        }
        let bad = |why: Msg| {
            let mut refusal = Refusal::bad(field.key, why);
            refusal.field = Some(name.to_owned());
            refusal
        };
        if let Some(text) = value.as_str()
            && text.trim().is_empty()
        {
            return Ok(None);
        }
        let stored = match field.kind {
            Kind::Text => self.text(value, SHORT_TEXT).map_err(bad)?,
            Kind::Long => self.text(value, LONG_TEXT).map_err(bad)?,
            Kind::RecordNo => {
                Value::String(self.plain(value, SHORT_TEXT).map_err(bad)?.to_uppercase())
            }
            Kind::Instant { .. } => self.instant(value).map_err(bad)?,
            Kind::Date => {
                let day = date(value, self.rules.zone()).map_err(bad)?;
                Value::String(day.to_string())
            }
            Kind::Month => month(value).map_err(bad)?,
            Kind::Bool => yes_no(value)
                .map(Value::Bool)
                .ok_or_else(|| bad(Msg::new("why.flag")))?,
            Kind::Integer { min, max } => integer(value, min, max).map_err(bad)?,
            Kind::Fen => {
                integer(value, 0, 100_000_000_000_000).map_err(|_| bad(Msg::new("why.fen")))?
            }
            Kind::Decimal { places } => {
                let number = decimal(value, places).map_err(bad)?;
                Value::String(number.to_string())
            }
            Kind::Choice(set) => Value::String(choice(set, value).map_err(bad)?.to_owned()),
            Kind::Role => Value::String(self.role(value).map_err(bad)?),
            Kind::Class => Value::String(self.class(value).map_err(bad)?),
            Kind::Procedure => Value::String(self.procedure(value).map_err(bad)?),
            Kind::Texts => self.texts(value).map_err(bad)?,
            Kind::TextsOrAll if is_all(value) => Value::String("all".into()),
            Kind::TextsOrAll => self.texts(value).map_err(bad)?,
            Kind::Items(fields) => return self.items(fields, value, name).map(Some),
            Kind::Facts | Kind::Changes => match value {
                Value::Object(map) if map.len() <= LIST_ITEMS => value.clone(),
                _ => return Err(bad(Msg::new("why.object"))),
            },
        };
        Ok(Some(stored).filter(|stored| stored.as_array().is_none_or(|list| !list.is_empty())))
    }

    fn plain<'v>(&self, value: &'v Value, limit: usize) -> Result<&'v str, Msg> {
        let text = value.as_str().ok_or_else(|| Msg::new("why.text"))?.trim();
        match text.chars().count() {
            n if n > limit => Err(Msg::new("why.too_long").with("n", n).with("limit", limit)),
            _ => Ok(text),
        }
    }

    fn text(&self, value: &Value, limit: usize) -> Result<Value, Msg> {
        self.plain(value, limit)
            .map(|text| Value::String(text.to_owned()))
    }

    fn texts(&self, value: &Value) -> Result<Value, Msg> {
        let list = match value {
            Value::Array(list) => list.clone(),
            // One text stands for several, as a person types them.
            Value::String(text) => text
                .split(['、', ',', '，', ';', '；', '\n'])
                .flat_map(str::split_whitespace)
                .map(|part| Value::String(part.to_owned()))
                .collect(),
            _ => return Err(Msg::new("why.list")),
        };
        if list.len() > LIST_ITEMS {
            return Err(Msg::new("why.too_many")
                .with("n", list.len())
                .with("limit", LIST_ITEMS));
        }
        let mut out: Vec<Value> = Vec::with_capacity(list.len());
        for item in &list {
            let text = self.text(item, SHORT_TEXT)?;
            if text != "" && !out.contains(&text) {
                out.push(text);
            }
        }
        Ok(Value::Array(out))
    }

    fn items(&self, fields: &'static [Field], value: &Value, name: &str) -> Result<Value, Refusal> {
        let whole = |why: Msg| {
            let mut refusal = Refusal::bad(name, why);
            refusal.field = Some(name.to_owned());
            refusal
        };
        let Value::Array(list) = value else {
            return Err(whole(Msg::new("why.list")));
        };
        if list.len() > LIST_ITEMS {
            return Err(whole(
                Msg::new("why.too_many")
                    .with("n", list.len())
                    .with("limit", LIST_ITEMS),
            ));
        }
        let mut out = Vec::with_capacity(list.len());
        for (index, item) in list.iter().enumerate() {
            // A bare text stands for an item whose first field it is.
            let object = match (item, fields.first()) {
                (Value::Object(map), _) => map.clone(),
                (Value::String(_), Some(first)) => {
                    Map::from_iter([(first.key.to_owned(), item.clone())])
                }
                _ => return Err(whole(Msg::new("why.object"))),
            };
            if let Some(key) = object
                .keys()
                .find(|key| !fields.iter().any(|field| field.key == key.as_str()))
            {
                return Err(Refusal::unknown_field(&format!("{name}[{index}].{key}")));
            }
            out.push(Value::Object(self.fields(
                fields,
                &object,
                &format!("{name}[{index}]."),
                |_| None,
            )?));
        }
        Ok(Value::Array(out))
    }

    fn instant(&self, value: &Value) -> Result<Value, Msg> {
        let text = value.as_str().ok_or_else(|| Msg::new("why.instant"))?;
        let at = self
            .rules
            .zone()
            .parse(text)
            .ok_or_else(|| Msg::new("why.instant"))?;
        serde_json::to_value(at).map_err(|_| Msg::new("why.instant"))
    }

    fn role(&self, value: &Value) -> Result<String, Msg> {
        let text = self.plain(value, SHORT_TEXT)?;
        let role = self.rules.roles().iter().find(|role| {
            role.code == text || role.name == text || role.name_en.eq_ignore_ascii_case(text)
        });
        role.map(|role| role.code.clone()).ok_or_else(|| {
            let known = self
                .rules
                .roles()
                .iter()
                .map(|role| crate::base::i18n::Arg::Text(role.code.clone()))
                .collect();
            Msg::new("why.choice").with("known", crate::base::i18n::Arg::List(known))
        })
    }

    fn class(&self, value: &Value) -> Result<String, Msg> {
        let text = self.plain(value, SHORT_TEXT)?;
        let known = self.rules.class_codes();
        known
            .iter()
            .find(|code| code.as_str() == text || self.rules.class_means(code, text))
            .cloned()
            .ok_or_else(|| {
                Msg::new("why.choice").with(
                    "known",
                    crate::base::i18n::Arg::List(known.iter().map(|c| c.as_str().into()).collect()),
                )
            })
    }

    fn procedure(&self, value: &Value) -> Result<String, Msg> {
        let text = self.plain(value, SHORT_TEXT)?;
        let known = self.rules.complaint_procedures();
        known
            .iter()
            .find(|code| **code == text || self.rules.procedure(code).names().means(text))
            .map(|code| (*code).to_owned())
            .ok_or_else(|| {
                Msg::new("why.choice").with(
                    "known",
                    crate::base::i18n::Arg::List(known.iter().map(|c| (*c).into()).collect()),
                )
            })
    }
}

fn future(field: &str, at: Instant, now: Instant) -> Refusal {
    Refusal::new(
        RefusalCode::Future,
        Msg::new("refusal.future")
            .with_key("field", format!("field.{field}"))
            .with("at", at)
            .with("now", now),
    )
    .field(field)
}
