//! The desk as a whole: what follows of itself, what is made anew, what is brought back.

mod acts;
mod bulk;
mod clock;
mod corrected;
mod filed;
mod follow;
mod handover;
mod house;
mod looks;
mod pages;
mod past;
mod renewed;
mod rules;
mod sampled;
mod sealed;
mod steady;
mod tampered;
mod undone;
mod words;

use std::path::Path;

use serde_json::Value;

use super::view::{Done, RecordView, Request, Target};
use super::{Desk, Error};
use crate::base::refusal::Refusal;
use crate::base::time::{Instant, Zone};
use crate::record::request::Operator;
use crate::rules::ruleset::Rules;
use crate::store::Mode;

fn at(text: &str) -> Instant {
    Zone::default().parse(text).unwrap()
}

/// What was said no to.
#[track_caller]
fn refusal<T>(answer: super::Result<T>) -> Refusal {
    match answer {
        Ok(_) => panic!("it was accepted"),
        Err(Error::Refused(refusal)) => *refusal,
        Err(error) => panic!("{error:?}"),
    }
}

/// A desk with a clock that goes on a minute with every act.
struct Stage {
    desk: Desk,
    now: Instant,
}

impl Stage {
    /// A desk that is in memory only.
    fn new() -> Self {
        Self::of(Path::new("not-there.db"), Mode::Look)
    }

    fn of(path: &Path, mode: Mode) -> Self {
        Self {
            desk: Desk::open(path, mode, Rules::built_in().unwrap()).unwrap(),
            now: at("2026-08-03T22:00"),
        }
    }

    fn who() -> Operator {
        Operator {
            name: "赵值班".into(),
            role: None,
        }
    }

    #[track_caller]
    fn ask(&mut self, target: Target, action: &str, data: Value) -> Done {
        self.now = self.now.plus_seconds(60);
        let request = Request {
            target,
            action: Some(action.into()),
            data: data.as_object().cloned().unwrap_or_default(),
        };
        let done = self.desk.act(&request, &Self::who(), self.now);
        done.unwrap_or_else(|error| panic!("{action}: {error:?}"))
    }

    /// A new record; its number.
    #[track_caller]
    fn open(&mut self, register: &str, action: &str, data: Value) -> String {
        let done = self.ask(Target::New(register.into()), action, data);
        done.view.record.head.no
    }

    /// An act on a record; what the desk answered, and the place of the entry.
    #[track_caller]
    fn act(&mut self, no: &str, action: &str, data: Value) -> (Done, i64) {
        let before = self.desk.entries().unwrap();
        let done = self.ask(Target::On(no.into()), action, data);
        (done, before + 1)
    }

    /// Asks for what is not accepted; the refusal.
    #[track_caller]
    fn refused(&mut self, target: Target, action: &str, data: Value) -> Refusal {
        self.now = self.now.plus_seconds(60);
        let request = Request {
            target,
            action: Some(action.into()),
            data: data.as_object().cloned().unwrap_or_default(),
        };
        refusal(self.desk.act(&request, &Self::who(), self.now))
    }

    fn view(&self, no: &str) -> RecordView {
        self.desk.view(no).unwrap().unwrap()
    }

    /// Nothing that the file derives differs from what its entries make.
    #[track_caller]
    fn proves(&self) {
        let audit = self.desk.audit(|_, _| {}).unwrap();
        assert_eq!(audit.findings, []);
    }
}
