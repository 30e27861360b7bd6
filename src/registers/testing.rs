//! The one harness of the register tests: given what was typed, when an act is asked for, then a record or a refusal.
//! Everything is pure: no database, no clock.

use serde_json::Value;

use super::change::{Reading, read_act, targets};
use super::dynamic::{AnyRegister, CheckContext, Evaluated};
use super::{Neighbours, Surroundings, register};
use crate::base::refusal::Refusal;
use crate::base::time::{Instant, Zone};
use crate::record::decision::Decision;
use crate::record::entry::{ENTRY_VERSION, Entry};
use crate::record::head::AnyRecord;
use crate::record::request::Operator;
use crate::record::timeline::{Logged, Timeline};
use crate::rules::deadline::Deadline;
use crate::rules::in_force::InForce;
use crate::rules::procedure::BUILT_IN;
use crate::rules::ruleset::Rules;

/// A local time in the site's zone: `2026-08-10 09:00`, or `08-10 09:00` in 2026.
pub fn at(text: &str) -> Instant {
    let text = if text.starts_with("20") {
        text.to_owned()
    } else {
        format!("2026-{text}")
    };
    let parsed = Zone::default().parse(&text);
    parsed.unwrap_or_else(|| panic!("{text} is no time"))
}

/// One record, by what was typed of it.
pub struct Ledger {
    pub register: &'static dyn AnyRegister,
    pub rules: InForce,
    pub entries: Vec<Logged>,
    pub near: Neighbours,
    pub now: Instant,
    pub who: Operator,
    pub last: Decision,
}

impl Ledger {
    /// An empty record of a register, by the built-in rules.
    pub fn new(code: &str) -> Self {
        Self {
            register: register(code).unwrap_or_else(|| panic!("no register {code}")),
            rules: InForce::always(Rules::built_in().unwrap()),
            entries: Vec::new(),
            near: Neighbours::default(),
            now: at("2026-12-31 12:00"),
            who: Operator {
                name: "赵值班".into(),
                role: Some("duty_engineer".into()),
            },
            last: Decision::default(),
        }
    }

    /// With a line of a procedure file replaced.
    pub fn with(mut self, file: &str, old: &str, new: &str) -> Self {
        let text = BUILT_IN.iter().find(|(name, _)| *name == file).unwrap().1;
        assert!(text.contains(old), "{old} is not in {file}.toml");
        let rules = self.rules.newest().clone();
        let rules = rules.with_file(file, &text.replace(old, new)).unwrap();
        self.rules = InForce::always(rules);
        self
    }

    fn no(&self) -> String {
        format!("{}-2026-00001", self.register.spec().letter)
    }

    /// Asks for an act, with the keys of the action and of the envelope (`at`, `by`, …).
    ///
    /// # Errors
    /// The refusal; nothing is typed then.
    pub fn act(&mut self, action: &str, data: &Value) -> Result<(), Refusal> {
        let spec = self.register.action(action);
        let spec = spec.unwrap_or_else(|| panic!("no action {action}"));
        let data = data.as_object().cloned().unwrap_or_default();
        let before = Timeline::of(self.entries.clone());
        let reading = Reading {
            rules: self.rules.newest(),
            who: &self.who,
            now: self.now,
        };
        let act = read_act(self.register, spec, &data, &before, &self.entries, &reading)?;
        let envelope = act.envelope;
        let mut entry = Entry {
            version: ENTRY_VERSION,
            no: self.no(),
            register: self.register.spec().code.into(),
            action: spec.name.into(),
            at: envelope.at,
            received: envelope.received,
            entered: envelope.entered,
            by: envelope.by,
            role: envelope.role,
            via: envelope.via,
            note: envelope.note,
            desk: String::new(),
            late_entry: false,
            data: act.data,
            found: serde_json::Map::new(),
            cause: None,
            source: None,
        };
        let kept = targets(self.register, &entry, &before);
        entry.found.extend(kept.clone());
        let seq = self.entries.len() as i64 + 1;
        let after = Timeline::with(&self.entries, seq, &entry);
        let cx = CheckContext {
            now: self.now,
            rules: &self.rules,
            near: &self.near,
        };
        let decision = self.register.check(&before, &after, &cx)?.decision;
        entry.found.extend(decision.found.clone());
        if let Some(key) = decision.numbered {
            entry
                .found
                .insert(key.to_owned(), format!("2026{seq:04}").into());
        }
        let entry = std::sync::Arc::new(entry);
        self.entries.push(Logged { seq, entry });
        self.last = decision;
        Ok(())
    }

    /// Everything derived of the record.
    pub fn evaluated(&self) -> Evaluated {
        let around = Surroundings {
            rules: &self.rules,
            near: &self.near,
        };
        let timeline = Timeline::of(self.entries.clone());
        self.register.evaluate(&timeline, &around).unwrap()
    }

    /// The record.
    pub fn record(&self) -> AnyRecord {
        self.evaluated().record().unwrap()
    }

    /// Its duties.
    pub fn deadlines(&self) -> Vec<Deadline> {
        self.evaluated().deadlines
    }

    /// The duty of this code and round.
    pub fn duty(&self, code: &str, round: u32) -> Option<Deadline> {
        let mut duties = self.deadlines().into_iter();
        duties.find(|duty| duty.code == code && duty.round == round)
    }

    /// Codes of its breaches.
    pub fn breaches(&self) -> Vec<String> {
        let breaches = self.record().head.breaches.into_iter();
        breaches.map(|breach| breach.code).collect()
    }
}
