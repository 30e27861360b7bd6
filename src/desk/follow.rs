//! What follows of itself from an entry: the log's line, the slip, the link. It names the entry that brought it about;
//! when that one is struck or put right, it goes with it, or is named when something has happened to it since.

use serde_json::{Map, Value};

use super::Result;
use super::act::{Accepted, How, Moment, Proposed, accept};
use super::lookup::logged;
use super::view::{Request, Target};
use crate::base::i18n::Msg;
use crate::record::common::{Amend, Correct, Strike};
use crate::record::decision::{Trigger, TriggerTarget};
use crate::record::entry::Entry;
use crate::record::timeline::{Fact, Logged, Timeline, target};
use crate::registers::change::touched;
use crate::store::Writer;

/// Carries out what follows from the entry at `seq`, and adds it to what was accepted.
pub(super) fn follow(
    writer: &Writer<'_>,
    proposed: &Proposed,
    seq: i64,
    moment: &Moment<'_>,
    how: &How<'_>,
    accepted: &mut Accepted,
) -> Result<()> {
    let deeper = How {
        depth: how.depth + 1,
        rows: true,
        cause: Some(seq),
        from: super::act::Provenance::default(),
    };
    let chain = Chain {
        writer,
        moment,
        how: &deeper,
    };
    match proposed.entry.action.as_str() {
        Strike::NAME => {
            let struck = target(&proposed.entry).unwrap_or_default();
            let reason = reason(&proposed.entry);
            chain.strike_all(struck, &reason, accepted)
        }
        Correct::NAME | Amend::NAME => {
            let triggers = &proposed.decision.triggers;
            for of in touched(&proposed.entry) {
                let old = proposed.before.fact(of);
                let new = proposed.after.fact(of);
                if let (Some(old), Some(new)) = (old, new) {
                    let reason = reason(&proposed.entry);
                    chain.put_right(of, (old, new), triggers, &reason, accepted)?;
                }
            }
            Ok(())
        }
        _ => {
            for trigger in &proposed.decision.triggers {
                chain.bring_about(trigger, &proposed.entry, accepted)?;
            }
            Ok(())
        }
    }
}

fn reason(entry: &Entry) -> String {
    let reason = entry.data.get("reason").and_then(Value::as_str);
    reason.unwrap_or_default().to_owned()
}

/// What follows from one entry is written through this.
struct Chain<'a> {
    writer: &'a Writer<'a>,
    moment: &'a Moment<'a>,
    how: &'a How<'a>,
}

impl Chain<'_> {
    fn accept(&self, request: &Request, accepted: &mut Accepted) -> Result<String> {
        let done = accept(self.writer, request, self.moment, self.how)?;
        accepted.spawned.extend(done.spawned);
        Ok(done.no)
    }

    /// Does a triggered action and links the two records where it says so.
    fn bring_about(&self, trigger: &Trigger, cause: &Entry, accepted: &mut Accepted) -> Result<()> {
        let target = match &trigger.target {
            TriggerTarget::New(register) => Target::New((*register).to_owned()),
            TriggerTarget::On(no) => Target::On(no.clone()),
        };
        let request = Request {
            target,
            action: Some(trigger.action.to_owned()),
            data: said(trigger, cause),
        };
        let place = accepted.spawned.len();
        let no = self.accept(&request, accepted)?;
        accepted.spawned.insert(place, no.clone());
        let Some((on_new, on_old)) = trigger.link else {
            return Ok(());
        };
        for (from, kind, to) in [
            (no.as_str(), on_new, cause.no.as_str()),
            (cause.no.as_str(), on_old, no.as_str()),
        ] {
            let data = Map::from_iter([
                ("kind".to_owned(), Value::from(kind)),
                ("to".to_owned(), Value::from(to)),
            ]);
            let link = Request {
                target: Target::On(from.to_owned()),
                action: Some("link".into()),
                data,
            };
            self.accept(&link, accepted)?;
        }
        Ok(())
    }

    /// Strikes everything that an entry brought about; what has gone on since is named.
    fn strike_all(&self, cause: i64, reason: &str, accepted: &mut Accepted) -> Result<()> {
        let mut caused = self.writer.caused_by(cause)?;
        // What came last goes first: a link before the record that it links.
        caused.reverse();
        for row in caused {
            let timeline = Timeline::of(logged(&row.no, self.writer)?);
            if timeline.fact(row.seq).is_none() {
                continue;
            }
            let since = timeline
                .facts
                .iter()
                .any(|fact| fact.seq != row.seq && fact.entry.cause != Some(cause));
            if row.seq == timeline.opening && since {
                let named = Msg::new("warning.goes_on").with("no", row.no.as_str());
                accepted.warnings.push(named);
                continue;
            }
            let data = Map::from_iter([
                ("entry".to_owned(), Value::from(row.seq)),
                ("reason".to_owned(), Value::from(reason)),
            ]);
            self.about(&row.no, Strike::NAME, data, accepted)?;
        }
        Ok(())
    }

    fn about(
        &self,
        no: &str,
        action: &str,
        data: Map<String, Value>,
        accepted: &mut Accepted,
    ) -> Result<()> {
        let request = Request {
            target: Target::On(no.to_owned()),
            action: Some(action.to_owned()),
            data,
        };
        let changed = self.accept(&request, accepted)?;
        if !accepted.spawned.contains(&changed) {
            accepted.spawned.push(changed);
        }
        Ok(())
    }

    /// Puts right what an entry brought about, now that the entry says something else.
    fn put_right(
        &self,
        cause: i64,
        (old, new): (&Fact, &Fact),
        triggers: &[Trigger],
        reason: &str,
        accepted: &mut Accepted,
    ) -> Result<()> {
        let mut left: Vec<Logged> = Vec::new();
        for row in self.writer.caused_by(cause)? {
            let timeline = Timeline::of(logged(&row.no, self.writer)?);
            if let Some(fact) = timeline.fact(row.seq).filter(|f| f.entry.action != "link") {
                let entry = fact.entry.clone();
                left.push(Logged {
                    seq: row.seq,
                    entry,
                });
            }
        }
        for trigger in triggers {
            let same = |logged: &Logged| {
                logged.entry.action == trigger.action
                    && match &trigger.target {
                        TriggerTarget::New(register) => logged.entry.register == *register,
                        TriggerTarget::On(no) => logged.entry.no == *no,
                    }
            };
            match left.iter().position(same) {
                Some(index) => {
                    let caused = left.remove(index);
                    let data = said(trigger, &new.entry);
                    let changes = differences(&caused.entry, &data, old, new);
                    if !changes.is_empty() {
                        let data = Map::from_iter([
                            ("entry".to_owned(), Value::from(caused.seq)),
                            ("changes".to_owned(), Value::Object(changes)),
                            ("reason".to_owned(), Value::from(reason)),
                        ]);
                        self.about(&caused.entry.no, Correct::NAME, data, accepted)?;
                    }
                }
                None => self.bring_about(trigger, &new.entry, accepted)?,
            }
        }
        for gone in left {
            let data = Map::from_iter([
                ("entry".to_owned(), Value::from(gone.seq)),
                ("reason".to_owned(), Value::from(reason)),
            ]);
            let timeline = Timeline::of(logged(&gone.entry.no, self.writer)?);
            if timeline.opening == gone.seq && timeline.facts.len() > 1 {
                let named = Msg::new("warning.goes_on").with("no", gone.entry.no.as_str());
                accepted.warnings.push(named);
            } else {
                self.about(&gone.entry.no, Strike::NAME, data, accepted)?;
            }
        }
        Ok(())
    }
}

/// What a triggered action says: its own fields, at the time and by the person of its cause.
fn said(trigger: &Trigger, cause: &Entry) -> Map<String, Value> {
    let mut data = trigger.data.clone();
    let inherited = [
        ("at", serde_json::to_value(cause.at).unwrap_or_default()),
        ("by", Value::from(cause.by.as_str())),
        ("role", Value::from(cause.role.clone())),
    ];
    for (key, value) in inherited {
        data.entry(key).or_insert(value);
    }
    data
}

/// What of a triggered entry is no longer what its cause says. What somebody has put right in it himself stays.
fn differences(
    entry: &Entry,
    data: &Map<String, Value>,
    old: &Fact,
    new: &Fact,
) -> Map<String, Value> {
    let mut changes = Map::new();
    for (key, value) in data {
        let differs = match key.as_str() {
            "at" => entry.at == old.entry.at && old.entry.at != new.entry.at,
            "by" => entry.by == old.entry.by && old.entry.by != new.entry.by,
            "role" => false,
            key => entry.data.get(key).unwrap_or(&Value::Null) != value,
        };
        if differs {
            changes.insert(key.clone(), value.clone());
        }
    }
    changes
}
