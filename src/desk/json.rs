//! The JSON of the command line: records, deadlines, history, refusals, as the contract fixes them.

use serde_json::{Map, Value, json};

use super::Error;
use super::view::{Done, DueItem, HistoryItem, ListItem, Page, RecordView};
use crate::base::i18n::{Msg, Voice};
use crate::base::refusal::Refusal;
use crate::base::time::{Instant, Zone};
use crate::record::entry::Breach;
use crate::record::field::Kind;
use crate::registers::dynamic::AnyRegister;
use crate::rules::deadline::Deadline;

/// How JSON speaks: the language of texts, the zone of instants, and now.
#[derive(Clone, Copy, Debug)]
pub struct Json {
    /// Language and zone.
    pub voice: Voice,
    /// States are as of this instant.
    pub now: Instant,
}

impl Json {
    fn at(&self, at: Instant) -> Value {
        Value::String(self.voice.zone.rfc3339(at))
    }

    fn maybe(&self, at: Option<Instant>) -> Value {
        at.map_or(Value::Null, |at| self.at(at))
    }

    /// A deadline with its state as of now.
    pub fn deadline(&self, d: &Deadline) -> Value {
        let mut out = json!({
            "code": d.code,
            "kind": d.kind.code(),
            "state": d.state(self.now).code(),
            "from": self.at(d.from),
            "due": self.maybe(d.due),
            "rule_due": self.maybe(d.rule_due),
            "promised": self.maybe(d.promised),
            "done": self.maybe(d.done()),
            "provisional": d.provisional,
            "round": d.round,
            "clause": d.clause.0,
            "who": d.who,
            "impossible": d.impossible,
            "parts": d.parts.iter().map(|p| json!({"name": self.voice.say(&p.name), "done": self.maybe(p.done)})).collect::<Vec<_>>(),
            "trace": d.trace.iter().map(|line| self.voice.say(line)).collect::<Vec<_>>(),
        });
        if let (Some(why), Some(map)) = (d.why(), out.as_object_mut()) {
            map.insert("why".to_owned(), self.voice.say(why).into());
        }
        out
    }

    /// Deadlines in the order given.
    pub fn deadlines(&self, deadlines: &[Deadline]) -> Value {
        deadlines
            .iter()
            .map(|deadline| self.deadline(deadline))
            .collect()
    }

    fn breach(&self, breach: &Breach) -> Value {
        json!({"code": breach.code, "clause": breach.clause.0, "at": self.at(breach.at), "reason": breach.reason})
    }

    fn history(&self, register: &dyn AnyRegister, item: &HistoryItem) -> Value {
        let entry = item.stands();
        let mut out = json!({
            "seq": item.seq,
            "action": entry.action,
            "at": self.at(entry.at),
            "received": self.at(entry.received),
            "entered": self.at(entry.entered),
            "by": entry.by,
            "role": entry.role,
            "via": entry.via,
            "note": entry.note,
            "late_entry": entry.late_entry,
            "data": fields(register, &entry.data, self.voice.zone),
            "found": found(&entry.found, self.voice.zone),
            "hash": item.hash.hex(),
        });
        if let Some(map) = out.as_object_mut() {
            self.fate(register, item, map);
        }
        // Only what was imported has an origin.
        if let (Some(source), Some(map)) = (&entry.source, out.as_object_mut()) {
            let mut origin = json!({"file": source.file, "row": source.row, "imported": self.maybe(source.imported)});
            drop_nulls(&mut origin, &["imported"]);
            map.insert("source".into(), origin);
        }
        out
    }

    /// What has become of an entry: who struck or corrected it, what brought it about, what stood there first.
    fn fate(&self, register: &dyn AnyRegister, item: &HistoryItem, out: &mut Map<String, Value>) {
        let marks = [
            ("struck_by", item.fate.struck_by),
            ("corrected_by", item.fate.corrected_by),
            ("cause", item.entry.cause),
        ];
        for (key, seq) in marks {
            out.extend(seq.map(|seq| (key.to_owned(), Value::from(seq))));
        }
        if item.fate.stands.is_some() {
            let first = &item.entry;
            let was = json!({
                "at": self.at(first.at),
                "received": self.at(first.received),
                "by": first.by,
                "role": first.role,
                "via": first.via,
                "note": first.note,
                "data": fields(register, &first.data, self.voice.zone),
            });
            out.insert("was".to_owned(), was);
        }
    }

    /// A record as `add`, `act` and `show` answer it.
    pub fn view(&self, view: &RecordView, warnings: &[Msg]) -> Value {
        let head = &view.record.head;
        let body = view.record.body.as_object().cloned().unwrap_or_default();
        let mut out = json!({
            "no": head.no,
            "register": view.register.spec().code,
            "state": head.state,
            "class": head.class,
            "title": view.title,
            "opened": self.at(head.opened),
            "received": self.at(head.received),
            "entered": self.at(head.entered),
            "closed": self.maybe(head.closed),
            "void_reason": head.void_reason,
            "procedure": head.settled.as_ref().map(|settled| settled.procedure.clone()),
            "fields": fields(view.register, &body, self.voice.zone),
            "deadlines": self.deadlines(&view.deadlines),
            "breaches": head.breaches.iter().map(|breach| self.breach(breach)).collect::<Vec<_>>(),
            "papers": head.papers.iter().map(|p| json!({"name": p.name, "version": p.version, "issued": self.at(p.issued), "outdated": p.outdated})).collect::<Vec<_>>(),
            "links": head.links.iter().map(|link| json!({"kind": link.kind, "to": link.to})).collect::<Vec<_>>(),
            "linked_from": view.linked_from.iter().map(|link| json!({"kind": link.kind, "from": link.to})).collect::<Vec<_>>(),
            "remarks": head.remarks.iter().map(|r| json!({"at": self.at(r.at), "by": r.by, "text": r.text})).collect::<Vec<_>>(),
            "actions": view.offers.iter().map(|spec| spec.name).collect::<Vec<_>>(),
            "history": view.history.iter().map(|item| self.history(view.register, item)).collect::<Vec<_>>(),
            "warnings": warnings.iter().map(|warning| self.voice.say(warning)).collect::<Vec<_>>(),
        });
        drop_nulls(&mut out, &["class", "closed", "void_reason", "procedure"]);
        out
    }

    /// What an action led to.
    pub fn done(&self, done: &Done) -> Value {
        let mut out = self.view(&done.view, &done.warnings);
        if let (false, Value::Object(map)) = (done.spawned.is_empty(), &mut out) {
            map.insert("spawned".into(), done.spawned.clone().into());
        }
        out
    }

    /// One line of a list.
    pub fn item(&self, item: &ListItem) -> Value {
        let head = &item.record.head;
        let mut out = json!({
            "no": head.no,
            "register": item.register,
            "state": head.state,
            "class": head.class,
            "title": item.title,
            "received": self.at(head.received),
            "next": item.next.as_ref().map(|next| json!({"code": next.code, "due": self.maybe(next.due)})),
            "late": item.late(self.now),
        });
        drop_nulls(&mut out, &["class"]);
        out
    }

    /// A page of a list.
    pub fn page(&self, page: &Page) -> Value {
        json!({"items": page.items.iter().map(|item| self.item(item)).collect::<Vec<_>>(), "next": page.next, "previous": page.previous})
    }

    /// What is owed.
    pub fn due(&self, items: &[DueItem]) -> Value {
        let items: Vec<Value> = items
            .iter()
            .map(|item| {
                let mut out = Map::from_iter([
                    ("no".to_owned(), Value::from(item.no.as_str())),
                    ("register".to_owned(), Value::from(item.register)),
                    ("title".to_owned(), Value::from(item.title.as_str())),
                ]);
                if let Value::Object(deadline) = self.deadline(&item.deadline) {
                    out.extend(deadline);
                }
                Value::Object(out)
            })
            .collect();
        json!({"now": self.at(self.now), "items": items})
    }

    fn refusal(&self, refusal: &Refusal) -> Value {
        let mut out = json!({
            "code": refusal.code.code(),
            "field": refusal.field,
            "clause": refusal.clause.as_ref().map(|clause| clause.0.clone()),
            "message": self.voice.say(&refusal.message),
        });
        drop_nulls(&mut out, &["field", "clause"]);
        out
    }

    /// A refusal, or a file that cannot be used.
    pub fn error(&self, error: &Error) -> Value {
        match error {
            Error::Refused(refusal) => json!({"refused": self.refusal(refusal)}),
            Error::File(_) => {
                json!({"refused": {"code": "file", "message": error.message(&self.voice)}})
            }
        }
    }
}

fn drop_nulls(value: &mut Value, keys: &[&str]) {
    if let Value::Object(map) = value {
        map.retain(|key, value| !(value.is_null() && keys.contains(&key.as_str())));
    }
}

/// Fields with instants in the site's zone; texts as they are, even when they look like instants.
pub fn fields(register: &dyn AnyRegister, map: &Map<String, Value>, zone: Zone) -> Value {
    let text = |key: &str| {
        register
            .field(key)
            .is_some_and(|field| matches!(field.kind, Kind::Text | Kind::Long))
    };
    let out = map.iter().map(|(key, value)| {
        (
            key.clone(),
            if text(key) {
                value.clone()
            } else {
                localise(value, zone)
            },
        )
    });
    Value::Object(out.collect())
}

/// What the rules found, without what only the program reads.
fn found(map: &Map<String, Value>, zone: Zone) -> Value {
    let inner = ["settled", crate::record::timeline::TARGETS];
    let shown = map.iter().filter(|(key, _)| !inner.contains(&key.as_str()));
    Value::Object(
        shown
            .map(|(key, value)| (key.clone(), localise(value, zone)))
            .collect(),
    )
}

fn localise(value: &Value, zone: Zone) -> Value {
    match value {
        Value::String(text) => match Instant::stored(text) {
            Some(at) => Value::String(zone.rfc3339(at)),
            None => value.clone(),
        },
        Value::Array(list) => list.iter().map(|item| localise(item, zone)).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, item)| (key.clone(), localise(item, zone)))
                .collect(),
        ),
        other => other.clone(),
    }
}
