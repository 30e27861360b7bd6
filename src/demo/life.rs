//! The life of one record as steps: what happened, when, who typed it and how much later.

use serde_json::{Map, Value};

use super::dice::Dice;
use super::people::Staff;
use crate::base::time::Instant;
use crate::desk::bulk::Step;

/// A record's steps, first to last.
pub struct Life {
    /// The register's code.
    pub register: &'static str,
    /// The name that other lives use for its number: `{name}` in their data.
    pub name: Option<String>,
    /// Whether its data speaks of another life's number.
    pub refers: bool,
    /// What is done, in the order in which it was typed.
    pub steps: Vec<Step>,
}

/// A life being told. `at` is the time of the latest event, never later than `until`.
pub(super) struct Story {
    life: Life,
    at: Instant,
    entered: Instant,
    until: Instant,
}

impl Story {
    /// A story of a record that begins at `at`, told up to `until`.
    pub(super) fn new(register: &'static str, at: Instant, until: Instant) -> Self {
        Self {
            life: Life {
                register,
                name: None,
                refers: false,
                steps: Vec::new(),
            },
            at,
            entered: at,
            until,
        }
    }

    /// The name under which other lives may speak of it.
    pub(super) fn named(&mut self, name: impl Into<String>) {
        self.life.name = Some(name.into());
    }

    /// The time of the latest event.
    pub(super) const fn at(&self) -> Instant {
        self.at
    }

    /// Lets `minutes` pass.
    pub(super) fn wait(&mut self, minutes: i64) -> &mut Self {
        self.at = self.at.plus_minutes(minutes).min(self.until);
        self
    }

    /// Goes on at `at`, unless that lies before the latest event.
    pub(super) fn at_time(&mut self, at: Instant) -> &mut Self {
        self.at = at.max(self.at).min(self.until);
        self
    }

    /// Something was done and typed a few minutes later; one in fourteen only hours later (补记).
    pub(super) fn tell(
        &mut self,
        dice: &mut Dice,
        who: Staff,
        action: &'static str,
        data: Value,
    ) -> &mut Self {
        let delay = match dice.range(1, 14) {
            1 => dice.range(60, 400),
            2..=4 => 0,
            _ => dice.range(1, 9),
        };
        self.tell_after(delay, who, action, data)
    }

    /// Something was done and typed `delay` minutes later.
    pub(super) fn tell_after(
        &mut self,
        delay: i64,
        who: Staff,
        action: &'static str,
        data: Value,
    ) -> &mut Self {
        let mut data = match data {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        self.entered = self
            .at
            .plus_minutes(delay)
            .min(self.until)
            .max(self.entered);
        if self.entered != self.at {
            data.insert("at".into(), instant(self.at));
        }
        self.life.refers |= data
            .values()
            .any(|value| value.as_str().is_some_and(|text| text.starts_with('{')));
        self.life.steps.push(Step {
            action,
            data,
            who: who.into(),
            now: self.entered,
        });
        self
    }

    /// Whether something was done already.
    pub(super) fn told(&self, action: &str) -> bool {
        self.life.steps.iter().any(|step| step.action == action)
    }

    /// The steps told.
    pub(super) fn end(self) -> Life {
        self.life
    }
}

/// An instant as a field's value.
pub(super) fn instant(at: Instant) -> Value {
    Value::String(format!("{at:?}"))
}
