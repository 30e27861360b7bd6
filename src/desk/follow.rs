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
use crate::record::timeline::{ABOUT_ENTRIES, Fact, Logged, Timeline, target};
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
            chain.strike_all(&proposed.before, struck, &reason, accepted)
        }
        Correct::NAME | Amend::NAME => {
            let triggers = &proposed.decision.triggers;
            for of in touched(&proposed.entry) {
                let old = proposed.before.fact(of);
                let new = proposed.after.fact(of);
                if let (Some(old), Some(new)) = (old, new) {
                    let reason = reason(&proposed.entry);
                    let causes = causes(&proposed.before, of);
                    chain.put_right(&causes, (old, new), triggers, &reason, accepted)?;
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

    /// Strikes everything that an entry brought about; what has gone on since is named. With a fact goes what its
    /// corrections brought about too; what a correction or a strike had changed elsewhere is as it was before it.
    fn strike_all(
        &self,
        before: &Timeline,
        struck: i64,
        reason: &str,
        accepted: &mut Accepted,
    ) -> Result<()> {
        let causes = causes(before, struck);
        let mut gone = self.caused(&causes)?;
        if before.fact(struck).is_some() {
            gone.retain(is_fact);
        }
        self.take_back(gone, &causes, reason, accepted)
    }

    /// What these entries brought about, as it stands, in the order of typing; what is struck is left out.
    fn caused(&self, causes: &[i64]) -> Result<Vec<Logged>> {
        let mut caused: Vec<Logged> = Vec::new();
        for cause in causes {
            for row in self.writer.caused_by(*cause)? {
                let entries = logged(&row.no, self.writer)?;
                let mut typed = entries.iter().filter(|logged| logged.seq == row.seq);
                let typed = typed.next().cloned();
                let timeline = Timeline::of(entries);
                if timeline.strikes.contains_key(&row.seq) {
                    continue;
                }
                let fact = timeline.fact(row.seq).map(|fact| Logged {
                    seq: fact.seq,
                    entry: std::sync::Arc::clone(&fact.entry),
                });
                caused.extend(fact.or(typed));
            }
        }
        caused.sort_by_key(|logged| logged.seq);
        Ok(caused)
    }

    /// Strikes what `causes` brought about. What came last goes first: a link before the record that it links. A record
    /// that has gone on since is named and stays.
    fn take_back(
        &self,
        gone: Vec<Logged>,
        causes: &[i64],
        reason: &str,
        accepted: &mut Accepted,
    ) -> Result<()> {
        for Logged { seq, entry } in gone.into_iter().rev() {
            let timeline = Timeline::of(logged(&entry.no, self.writer)?);
            let ours = |fact: &Fact| fact.entry.cause.is_some_and(|by| causes.contains(&by));
            let mut others = timeline.facts.iter().filter(|fact| fact.seq != seq);
            if seq == timeline.opening && others.any(|fact| !ours(fact)) {
                let named = Msg::new("warning.goes_on").with("no", entry.no.as_str());
                accepted.warnings.push(named);
                continue;
            }
            let data = Map::from_iter([
                ("entry".to_owned(), Value::from(seq)),
                ("reason".to_owned(), Value::from(reason)),
            ]);
            self.about(&entry.no, Strike::NAME, data, accepted)?;
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

    /// Puts right what a fact brought about, itself or by its corrections so far, now that it says something else.
    fn put_right(
        &self,
        causes: &[i64],
        (old, new): (&Fact, &Fact),
        triggers: &[Trigger],
        reason: &str,
        accepted: &mut Accepted,
    ) -> Result<()> {
        let mut left = self.caused(causes)?;
        left.retain(is_fact);
        // Links go with the record that they link; only those that were asked for themselves stand alone.
        let mut kept: Vec<String> = Vec::new();
        for trigger in triggers {
            let Some(index) = left.iter().position(|logged| made_by(trigger, logged)) else {
                self.bring_about(trigger, &new.entry, accepted)?;
                continue;
            };
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
            if trigger.link.is_some() {
                kept.push(caused.entry.no.clone());
            }
        }
        left.retain(|logged| !links_one_of(&logged.entry, &kept));
        self.take_back(left, causes, reason, accepted)
    }
}

/// A fact with those of its corrections that put right nothing else: what any of them brought about belongs to it.
fn causes(timeline: &Timeline, of: i64) -> Vec<i64> {
    let alone = |seq: &i64| {
        let facts = timeline.facts.iter().chain(&timeline.struck);
        let corrected = |fact: &&Fact| fact.corrections.iter().any(|made| made.seq == *seq);
        facts.filter(corrected).count() == 1
    };
    let corrections = timeline.fact(of).into_iter().flat_map(|f| &f.corrections);
    let corrections = corrections.map(|made| made.seq).filter(alone);
    std::iter::once(of).chain(corrections).collect()
}

fn is_fact(logged: &Logged) -> bool {
    !ABOUT_ENTRIES.contains(&logged.entry.action.as_str())
}

/// Whether an entry is what this trigger made.
fn made_by(trigger: &Trigger, logged: &Logged) -> bool {
    logged.entry.action == trigger.action
        && match &trigger.target {
            TriggerTarget::New(register) => logged.entry.register == *register,
            TriggerTarget::On(no) => logged.entry.no == *no,
        }
}

/// Whether an entry is a link from or to one of these records.
fn links_one_of(entry: &Entry, numbers: &[String]) -> bool {
    let to = entry.data.get("to").and_then(Value::as_str);
    let ends = [Some(entry.no.as_str()), to];
    let linked = |no: &String| ends.contains(&Some(no.as_str()));
    entry.action == "link" && numbers.iter().any(linked)
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
