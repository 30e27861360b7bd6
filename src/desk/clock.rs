//! The machine's clock. One that has gone back makes everything look less late than it is, so it is told, and noted in
//! the log beside the first thing that is written by it.

use serde_json::{Map, Value};

use super::act::{How, Moment, accept};
use super::view::{Done, Request, Target};
use super::{Desk, Result};
use crate::base::i18n::{Lang, Msg, Voice};
use crate::base::time::Instant;
use crate::record::entry::appended;
use crate::record::request::Operator;
use crate::store::keys::JITTER;

impl Desk {
    /// When the last entry was appended, if the clock shows an earlier time now.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read.
    pub fn clock_went_back(&self, now: Instant) -> Result<Option<Instant>> {
        let last = self.store.last_line()?;
        let last = last.and_then(|line| appended(&line));
        Ok(last.filter(|last| now.plus_seconds(JITTER) < *last))
    }

    /// As [`Desk::act`], by a clock that may have gone back since the last entry: that is told, and noted in the log
    /// beside the act. From there on the clock's time counts, so it is noted once.
    ///
    /// # Errors
    /// What [`Desk::act`] gives.
    pub fn act_by_clock(
        &mut self,
        request: &Request,
        who: &Operator,
        now: Instant,
    ) -> Result<Done> {
        let went_back = self.clock_went_back(now)?;
        let mut done = self.act(request, who, now)?;
        if let Some(before) = went_back {
            let noted = Msg::new("clock.noted")
                .with("before", before)
                .with("now", now);
            done.spawned.push(self.note_machine(&noted, who, now)?);
            let told = Msg::new("clock.went_back").with("before", before);
            done.warnings.push(told);
        }
        Ok(done)
    }

    /// Notes in the log what this machine has noticed about itself: its clock, its own loss of power. Answers the number
    /// of the log's line.
    ///
    /// # Errors
    /// What [`Desk::act`] gives.
    pub fn note_machine(&mut self, noted: &Msg, who: &Operator, now: Instant) -> Result<String> {
        // The log is a Chinese document whatever language its typist reads.
        let voice = Voice {
            lang: Lang::Zh,
            zone: self.rules.zone(),
            ..Voice::default()
        };
        let data = [
            ("text", Value::from(voice.say(noted))),
            ("kind", Value::from("note")),
        ];
        let data = data.map(|(key, value)| (key.to_owned(), value));
        let request = Request {
            target: Target::New("log".to_owned()),
            action: Some("entry".to_owned()),
            data: Map::from_iter(data),
        };
        let accepted = self.write(now, |writer, rules| {
            let moment = Moment { who, now, rules };
            accept(writer, &request, &moment, &How::ASKED)
        })?;
        Ok(accepted.no)
    }
}
