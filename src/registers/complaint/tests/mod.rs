//! 投诉 as tables: given these entries, when this is done, then entry or refusal, and these deadlines.

mod classes;
mod gates;
mod question;
mod rounds;

use serde_json::{Value, json};

use super::Complaint;
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::record::entry::{ENTRY_VERSION, Entry};
use crate::record::head::AnyRecord;
use crate::record::request::{Operator, read};
use crate::registers::dynamic::{AnyRegister, Erased};
use crate::registers::{Context, Lookup, Near};
use crate::rules::deadline::Deadline;
use crate::rules::ruleset::Rules;

static REGISTER: Erased<Complaint> = Erased::NEW;

/// A desk of one complaint: no database, the clock given.
pub(super) struct Desk {
    pub rules: Rules,
    pub now: Instant,
    pub record: Option<AnyRecord>,
    pub near: Vec<AnyRecord>,
    pub last: Option<Entry>,
    number: u32,
}

pub(super) fn desk(now: &str) -> Desk {
    let rules = Rules::built_in().unwrap();
    let now = rules.zone().parse(now).unwrap();
    Desk {
        rules,
        now,
        record: None,
        near: Vec::new(),
        last: None,
        number: 0,
    }
}

impl Desk {
    pub fn at(&self, text: &str) -> Instant {
        self.rules.zone().parse(text).unwrap()
    }

    /// Does it, or says why not; `found` and the breaches are in `last`.
    pub fn act(&mut self, action: &str, data: Value) -> Result<(), Refusal> {
        let spec = REGISTER.action(action).unwrap();
        let raw = read(
            spec,
            data.as_object().unwrap(),
            &self.rules,
            &Operator::default(),
            self.now,
        )?;
        let record = if spec.first {
            None
        } else {
            self.record.clone()
        };
        let mut near = Near::default();
        for lookup in REGISTER.lookups(record.as_ref(), &raw, &self.rules) {
            let Lookup::SamePlace { place, since } = lookup else {
                continue;
            };
            let same = |r: &&AnyRecord| {
                r.body
                    .get("unit")
                    .or_else(|| r.body.get("place"))
                    .and_then(serde_json::Value::as_str)
                    == Some(place.as_str())
                    && r.head.received >= since
            };
            near.same_place = self.near.iter().filter(same).cloned().collect();
        }
        let decision = REGISTER.decide(
            record.as_ref(),
            &raw,
            &Context {
                now: self.now,
                rules: &self.rules,
                near: &near,
            },
        )?;
        if spec.first {
            self.number += 1;
        }
        let no = record.as_ref().map_or_else(
            || format!("C-2026-{:05}", self.number),
            |r| r.head.no.clone(),
        );
        let mut entry = Entry {
            version: ENTRY_VERSION,
            no,
            register: "complaint".into(),
            action: action.into(),
            at: raw.envelope.at,
            received: raw.envelope.received,
            entered: raw.envelope.entered,
            by: raw.envelope.by.clone(),
            role: raw.envelope.role.clone(),
            via: raw.envelope.via.clone(),
            note: raw.envelope.note.clone(),
            desk: String::new(),
            late_entry: false,
            data: raw.data.clone(),
            found: decision.found,
            breaches: decision.breaches,
            source: None,
        };
        let mut after = REGISTER.apply(record.clone(), &entry).unwrap();
        if REGISTER.ended(&after) && record.as_ref().is_none_or(|r| !REGISTER.ended(r)) {
            entry.found.insert(
                "settled".into(),
                serde_json::to_value(REGISTER.settle(&after, &self.rules)).unwrap(),
            );
            after = REGISTER.apply(record, &entry).unwrap();
        }
        // What is stored is read back: nothing may be lost on the way.
        self.record = Some(serde_json::from_value(serde_json::to_value(after).unwrap()).unwrap());
        self.last = Some(entry);
        Ok(())
    }

    /// Must succeed.
    #[track_caller]
    pub fn then(&mut self, action: &str, data: Value) -> &mut Self {
        if let Err(refusal) = self.act(action, data.clone()) {
            panic!("{action} {data}: {refusal:?}");
        }
        self
    }

    /// Must be refused: code, field, clause.
    #[track_caller]
    pub fn refused(
        &mut self,
        action: &str,
        data: Value,
        code: &str,
        field: Option<&str>,
        clause: Option<&str>,
    ) {
        let before = self.record.clone();
        let refusal = self.act(action, data.clone()).expect_err("must be refused");
        let got = (
            refusal.code.code(),
            refusal.field.as_deref(),
            refusal.clause.as_ref().map(|c| c.0.as_str()),
        );
        assert_eq!(got, (code, field, clause), "{action} {data}");
        assert_eq!(self.record, before);
    }

    pub fn record(&self) -> &AnyRecord {
        self.record.as_ref().unwrap()
    }

    pub fn state(&self) -> &str {
        &self.record().head.state
    }

    pub fn class(&self) -> &str {
        self.record().head.class.as_deref().unwrap()
    }

    pub fn deadlines(&self) -> Vec<Deadline> {
        REGISTER.deadlines(self.record(), &self.rules)
    }

    /// `resolve/2 late 2026-05-18T17:30`: code, round when not the first, state as of now, due when it has one.
    pub fn duty(&self, code: &str, round: u32) -> String {
        let all = self.deadlines();
        let Some(d) = all.iter().find(|d| d.code == code && d.round == round) else {
            return "none".into();
        };
        let due = d
            .due
            .map(|due| self.rules.zone().rfc3339(due))
            .unwrap_or_default();
        let due = due.strip_suffix("+08:00").unwrap_or_default();
        format!(
            "{} {}",
            d.state(self.now).code(),
            due.strip_suffix(":00").unwrap_or(due)
        )
        .trim()
        .to_owned()
    }

    /// Codes of what is owed now and shown, in order.
    pub fn owed(&self) -> Vec<String> {
        self.deadlines()
            .into_iter()
            .filter(|d| d.pending() && !d.silent)
            .map(|d| d.code)
            .collect()
    }

    /// The first actions offered.
    pub fn next(&self, n: usize) -> Vec<&'static str> {
        REGISTER
            .offers(self.record())
            .into_iter()
            .take(n)
            .map(|spec| spec.name)
            .collect()
    }

    /// Presses the one key on every duty that needs nothing more than what is known.
    pub fn tick_all(&mut self, at: &str) {
        let told: Vec<_> = self
            .deadlines()
            .into_iter()
            .filter(|d| d.pending() && !d.silent)
            .filter_map(|d| d.tick)
            .collect();
        for tick in told
            .into_iter()
            .filter(|tick| matches!(tick.action.as_str(), "notify" | "apologise"))
        {
            let mut data: serde_json::Map<String, Value> = tick.preset.into_iter().collect();
            data.insert("at".into(), json!(at));
            self.then(&tick.action, Value::Object(data));
        }
    }
}

/// A complaint of 5栋0802, received 2026-05-08 12:00 (Friday; 05-09 is a make-up working Saturday).
pub(super) fn received(facts: Value) -> Value {
    json!({
        "procedure": "property", "complainant": "周先生", "phone": "13900000000", "unit": "5栋0802",
        "content": "楼上装修噪音", "at": "2026-05-08T12:00", "by": "前台小何", "facts": facts,
    })
}

/// The same with more keys.
pub(super) fn with(mut data: Value, more: Value) -> Value {
    for (key, value) in more.as_object().unwrap() {
        data[key] = value.clone();
    }
    data
}
