//! 投诉 as tables: given what was typed, when an act is asked for, then a record or a refusal, and these deadlines.

mod classes;
mod gates;
mod order;
mod parking;
mod question;
mod repeats;
mod rounds;

use serde_json::{Value, json};

use crate::base::identity;
use crate::base::refusal::Refusal;
use crate::base::time::Instant;
use crate::record::head::AnyRecord;
use crate::record::request::Operator;
use crate::registers::testing::Ledger;
use crate::rules::deadline::Deadline;
use crate::rules::ruleset::Rules;

/// A desk of one complaint, with others near it: no database, the clock given.
pub(super) struct Desk {
    pub ledger: Ledger,
    pub now: Instant,
    pub near: Vec<AnyRecord>,
}

pub(super) fn desk(now: &str) -> Desk {
    let mut ledger = Ledger::new("complaint");
    let now = ledger.rules.newest().zone().parse(now).unwrap();
    ledger.now = now;
    ledger.who = Operator::default();
    Desk {
        ledger,
        now,
        near: Vec::new(),
    }
}

impl Desk {
    pub fn rules(&self) -> &Rules {
        self.ledger.rules.newest()
    }

    pub fn at(&self, text: &str) -> Instant {
        self.rules().zone().parse(text).unwrap()
    }

    /// Does it, or says why not. A complaint received takes the place of the one before.
    pub fn act(&mut self, action: &str, data: Value) -> Result<(), Refusal> {
        self.ledger.now = self.now;
        if action == "receive" {
            self.ledger.entries.clear();
            let place = data["unit"].as_str().unwrap_or_default();
            let same = |record: &&AnyRecord| {
                record.body["unit"]
                    .as_str()
                    .is_some_and(|unit| identity::same(unit, place))
            };
            self.ledger.near.same_places = self.near.iter().filter(same).cloned().collect();
        }
        self.ledger.act(action, &data)
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
        let before = self.ledger.entries.clone();
        let refusal = self.act(action, data.clone()).expect_err("must be refused");
        if action == "receive" {
            self.ledger.entries = before.clone();
        }
        let got = (
            refusal.code.code(),
            refusal.field.as_deref(),
            refusal.clause.as_ref().map(|c| c.0.as_str()),
        );
        assert_eq!(got, (code, field, clause), "{action} {data}");
        assert_eq!(self.ledger.entries, before);
    }

    pub fn record(&self) -> AnyRecord {
        self.ledger.record()
    }

    pub fn body(&self, key: &str) -> Value {
        self.record().body[key].clone()
    }

    pub fn state(&self) -> String {
        self.record().head.state
    }

    pub fn class(&self) -> String {
        self.record().head.class.unwrap_or_default()
    }

    pub fn deadlines(&self) -> Vec<Deadline> {
        self.ledger.deadlines()
    }

    /// What is told of the act last taken.
    pub fn told(&self) -> Vec<String> {
        let warnings = self.ledger.last.warnings.iter();
        warnings.map(|warning| warning.key.clone()).collect()
    }

    /// The place in the journal of the last entry.
    pub fn last(&self) -> i64 {
        self.ledger.entries.last().unwrap().seq
    }

    /// `resolve/2 late 2026-05-18T17:30`: code, round when not the first, state as of now, due when it has one.
    pub fn duty(&self, code: &str, round: u32) -> String {
        let all = self.deadlines();
        let Some(d) = all.iter().find(|d| d.code == code && d.round == round) else {
            return "none".into();
        };
        let due = d
            .due
            .map(|due| self.rules().zone().rfc3339(due))
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
        let offers = self
            .ledger
            .register
            .card(&self.record(), &self.ledger.rules)
            .offers;
        offers.into_iter().take(n).map(|spec| spec.name).collect()
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
