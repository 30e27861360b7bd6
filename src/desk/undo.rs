//! Undo 撤回: one's own last entry within a minute, struck with the reason 误录.

use serde_json::{Map, Value};

use super::act::{How, Moment, accept};
use super::view::{Done, Request, Target};
use super::{Desk, Result, unreadable};
use crate::base::i18n::Msg;
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::common::Strike;
use crate::record::entry::Entry;
use crate::record::request::Operator;
use crate::record::timeline::Timeline;

/// How long an entry can be taken back, in seconds.
pub const WINDOW: i64 = 60;

/// Entries looked at, from the last one backwards.
const REACH: i64 = 64;

/// What was taken back.
#[derive(Clone)]
pub struct Undone {
    /// The entry.
    pub entry: Entry,
    /// The record afterwards.
    pub done: Done,
}

impl Desk {
    /// The operator's own last entry of the last minute that still stands: its place and itself.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read.
    pub fn last_own(&self, who: &Operator, now: Instant) -> Result<Option<(i64, Entry)>> {
        let head = self.store.chain_head()?.seq;
        let mut next = head;
        for _ in 0..REACH {
            let seq = next;
            let Some(row) = self.store.entry_at(seq)? else {
                return Ok(None);
            };
            let entry = Entry::read(&row.line).map_err(|why| unreadable(seq, &why))?;
            if now.seconds_since(entry.entered) > WINDOW {
                return Ok(None);
            }
            // However much one act brought about, behind its last entry stands the act itself.
            next = entry.cause.filter(|cause| *cause < seq).unwrap_or(seq - 1);
            // It names somebody as the one who did it, and may well have been typed by this person: rather nothing is
            // taken back than the wrong thing.
            let named = entry.data.get("by").and_then(Value::as_str);
            let here = entry.desk == self.rules.site().word("desk");
            if here && entry.cause.is_none() && named.is_some_and(|by| by != who.name) {
                return Ok(None);
            }
            let own = entry.cause.is_none() && entry.source.is_none() && entry.by == who.name;
            let about = matches!(entry.action.as_str(), "print" | "take_up" | "seal");
            if !own || about || entry.action == Strike::NAME {
                continue;
            }
            let timeline = Timeline::of(super::lookup::logged(&entry.no, &self.store)?);
            if !timeline.strikes.contains_key(&seq) {
                return Ok(Some((seq, entry)));
            }
        }
        Ok(None)
    }

    /// Takes back the operator's own last entry of the last minute, with everything it brought about.
    ///
    /// # Errors
    /// `not_now` when there is none; what striking gives; [`super::Error::File`] when the file cannot be written.
    pub fn undo(&mut self, who: &Operator, now: Instant) -> Result<Undone> {
        let nothing = || Refusal::new(RefusalCode::NotNow, Msg::new("refusal.nothing_to_undo"));
        let (seq, entry) = self.last_own(who, now)?.ok_or_else(nothing)?;
        let reason = self.offered_word("word.mistyped");
        let data = Map::from_iter([
            ("entry".to_owned(), Value::from(seq)),
            ("reason".to_owned(), Value::from(reason)),
        ]);
        let request = Request {
            target: Target::On(entry.no.clone()),
            action: Some(Strike::NAME.to_owned()),
            data,
        };
        let accepted = self.write(now, |writer, rules| {
            let moment = Moment { who, now, rules };
            accept(writer, &request, &moment, &How::ASKED)
        })?;
        let view = self.view(&entry.no)?.ok_or_else(nothing)?;
        Ok(Undone {
            entry,
            done: Done {
                view,
                warnings: accepted.warnings,
                spawned: accepted.spawned,
            },
        })
    }

    /// A word of the catalogue in the language of the books.
    fn offered_word(&self, key: &str) -> String {
        let voice = crate::base::i18n::Voice {
            zone: self.rules.zone(),
            ..Default::default()
        };
        voice.text(key)
    }
}
