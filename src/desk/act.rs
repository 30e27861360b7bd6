//! Acting: the only place where the journal grows.

use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::lookup::{Source, answer, logged};
use super::view::{Done, Request, Target};
use super::{Desk, Error, Result, closed, follow, register_codes, rows, unfolded};
use crate::base::i18n::{Arg, Msg};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::action::ActionSpec;
use crate::record::decision::Decision;
use crate::record::entry::{ENTRY_VERSION, Entry, Origin};
use crate::record::request::{Operator, RawAct};
use crate::record::timeline::{Logged, TARGETS, Timeline};
use crate::registers::change::{Reading, read_act, targets};
use crate::registers::dynamic::{Acted, AnyRegister, Begun, CheckContext, Checked, Face};
use crate::registers::{Lookup, Neighbours, Surroundings, register, register_of};
use crate::rules::in_force::InForce;
use crate::store::Writer;

/// How deep an action may bring further actions about by itself.
pub(super) const DEPTH: usize = 4;

/// What a request is about: a register, one of its actions, and the entries of the record at hand (none: a new one).
pub(super) struct Resolved {
    pub(super) register: &'static dyn AnyRegister,
    pub(super) spec: &'static ActionSpec,
    pub(super) entries: Vec<Logged>,
}

/// Finds register, record and action of a request. What only the program does is no action that can be asked for.
pub(super) fn resolve(request: &Request, source: &impl Source) -> Result<Resolved> {
    let resolved = resolve_any(request, source)?;
    match resolved.register.reserved(resolved.spec.name) {
        true => Err(unknown_action(resolved.register, resolved.spec.name).into()),
        false => Ok(resolved),
    }
}

/// As [`resolve`], for what follows of itself and what is brought back: those may be the program's own.
pub(super) fn resolve_any(request: &Request, source: &impl Source) -> Result<Resolved> {
    let (register, entries) = match &request.target {
        Target::New(code) => {
            let register = register(code).ok_or_else(|| unknown_register(code))?;
            (register, Vec::new())
        }
        Target::On(no) => {
            let register = register_of(no).ok_or_else(|| unknown_record(no))?;
            let entries = logged(no, source)?;
            if entries.is_empty() {
                return Err(unknown_record(no).into());
            }
            (register, entries)
        }
    };
    let name = match (
        &request.action,
        request.data.get("action").and_then(Value::as_str),
    ) {
        (Some(name), _) => name.as_str(),
        (None, Some(name)) => name,
        (None, None) => register.spec().opens_with,
    };
    let spec = register
        .action(name)
        .filter(|spec| !entries.is_empty() || spec.first)
        .ok_or_else(|| unknown_action(register, name))?;
    Ok(Resolved {
        register,
        spec,
        entries,
    })
}

pub(super) fn unknown_action(register: &dyn AnyRegister, name: &str) -> Refusal {
    let message = Msg::new("refusal.unknown_action")
        .with_key("register", format!("register.{}", register.spec().code))
        .with("action", shown(name));
    Refusal::new(RefusalCode::UnknownAction, message).field("action")
}

pub(super) fn unknown_record(no: &str) -> Refusal {
    let message = Msg::new("refusal.unknown_record").with("no", shown(no));
    Refusal::new(RefusalCode::UnknownRecord, message)
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

pub(crate) fn unknown_register(code: &str) -> Refusal {
    let known = register_codes().into_iter().map(Arg::from).collect();
    let message = Msg::new("refusal.unknown_register")
        .with("register", shown(code))
        .with("known", Arg::List(known));
    Refusal::new(RefusalCode::BadValue, message).field("register")
}

/// What an entry that is brought in from elsewhere keeps of what it was there. Nothing, for one that is typed here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Provenance<'a> {
    /// The number the record had.
    pub(super) no: Option<&'a str>,
    /// File and row.
    pub(super) source: Option<&'a Origin>,
    /// The entry as it stood in the file it was exported from.
    pub(super) before: Option<&'a Entry>,
}

/// Who acts, when, by which rules.
#[derive(Clone, Copy)]
pub(super) struct Moment<'a> {
    pub(super) who: &'a Operator,
    pub(super) now: Instant,
    pub(super) rules: &'a InForce,
}

/// How an act is carried out.
#[derive(Clone, Copy, Debug)]
pub(super) struct How<'a> {
    /// How many acts it follows from.
    pub(super) depth: usize,
    /// Whether the rows are written now, or by a caller that has more to do to the same record.
    pub(super) rows: bool,
    /// The entry that brings it about.
    pub(super) cause: Option<i64>,
    /// Where it comes from.
    pub(super) from: Provenance<'a>,
}

impl How<'_> {
    /// As somebody at the desk asks for it.
    pub(super) const ASKED: Self = Self {
        depth: 0,
        rows: true,
        cause: None,
        from: Provenance {
            no: None,
            source: None,
            before: None,
        },
    };
}

/// What an accepted act would make: the entry, and the record with it.
pub(super) struct Proposed {
    pub(super) entry: Entry,
    pub(super) decision: Decision,
    pub(super) before: Timeline,
    pub(super) after: Timeline,
    pub(super) near: Neighbours,
    /// What other records saw before; none of a new record.
    pub(super) face: Option<Face>,
    pub(super) begun: Begun,
}

/// Checks an act: the entry it would be, and the timelines without and with it. Nothing is written.
pub(super) fn propose(
    resolved: &Resolved,
    act: RawAct,
    no: &str,
    seq: i64,
    moment: &Moment<'_>,
    how: &How<'_>,
    source: &impl Source,
) -> Result<Proposed> {
    let register = resolved.register;
    let before = Timeline::of(resolved.entries.clone());
    let mut entry = entry_of(&act, register.spec().code, no, moment, how);
    let kept = targets(register, &entry, &before);
    entry.found.extend(kept.clone());
    let with = |entry: &Entry| Timeline::with(&resolved.entries, seq, entry);
    let after = with(&entry);
    let mut asked = register
        .surroundings(&after, moment.rules)
        .map_err(unfolded)?;
    // One that comes back must still be the only one of its kind.
    let opening = after.first().filter(|_| after.comes_back_from(&before));
    for fact in after.changed_since(&before).chain(opening) {
        asked.extend(register.questions(fact));
    }
    let absent = asked.clone();
    let mut near = answer(asked, register, no, source)?;
    if how.from.no.is_some() {
        stand_in(absent, &entry, &mut near);
    }
    let cx = CheckContext {
        now: moment.now,
        rules: moment.rules,
        near: &near,
    };
    let Checked {
        mut decision,
        face,
        begun,
    } = register.check(&before, &after, &cx)?;
    // What is imported says by its origin why it comes so late.
    let asked = how.depth == 0 && how.from.source.is_none();
    let instants = closed::Instants::of(&entry, &before, &after);
    closed::check(
        &act,
        &instants,
        moment.rules.newest(),
        asked,
        source,
        &mut decision,
    )?;
    let mut after = after;
    if let Some(kept) = how.from.before.filter(|kept| !kept.found.is_empty()) {
        let mark = decision.found.remove(closed::CLOSED_MONTH);
        decision.found.clone_from(&kept.found);
        // They named entries by their places in the other file.
        decision.found.shift_remove(TARGETS);
        let mark = mark.map(|month| (closed::CLOSED_MONTH.to_owned(), month));
        decision.found.extend(mark);
    }
    decision.found.extend(kept);
    if !decision.found.is_empty() {
        entry.found.clone_from(&decision.found);
        after = with(&entry);
    }
    Ok(Proposed {
        entry,
        decision,
        before,
        after,
        near,
        face,
        begun,
    })
}

fn entry_of(act: &RawAct, register: &str, no: &str, moment: &Moment<'_>, how: &How<'_>) -> Entry {
    let envelope = act.envelope.clone();
    let site = moment.rules.newest().site();
    let late_after = site.int("late_entry_minutes").saturating_mul(60);
    let mut entry = Entry {
        version: ENTRY_VERSION,
        no: no.to_owned(),
        register: register.to_owned(),
        action: act.spec.name.to_owned(),
        at: envelope.at,
        received: envelope.received,
        entered: envelope.entered,
        by: envelope.by,
        role: envelope.role,
        via: envelope.via,
        note: envelope.note,
        desk: site.word("desk").to_owned(),
        late_entry: envelope.entered.seconds_since(envelope.at) > late_after,
        data: act.data.clone(),
        found: Map::new(),
        cause: how.cause,
        source: how.from.source.cloned(),
    };
    if let Some(before) = how.from.before {
        entry.desk.clone_from(&before.desk);
        entry.late_entry = before.late_entry;
    }
    entry
}

/// Puts something in the place of the records that an act speaks of and that are not there yet: they may come with
/// another file, or further on in the same one.
fn stand_in(asked: Vec<Lookup>, entry: &Entry, near: &mut Neighbours) {
    use crate::record::head::{AnyRecord, Head};
    for lookup in asked {
        if let Lookup::Record(no) = lookup
            && !near.records.contains_key(&no)
        {
            let times = [entry.at, entry.received, entry.entered];
            let absent = AnyRecord {
                head: Head::begun(&no, String::new(), times, &entry.by),
                body: Value::Null.into(),
            };
            near.records.insert(no, absent);
        }
    }
}

/// One accepted action with everything it brings about.
pub(super) struct Accepted {
    pub(super) no: String,
    pub(super) warnings: Vec<Msg>,
    pub(super) spawned: Vec<String>,
    /// What the action made of the record, unless something followed from it.
    pub(super) made: Option<Made>,
}

/// A record as an act leaves it.
pub(super) struct Made {
    pub(super) register: &'static dyn AnyRegister,
    pub(super) acted: Acted,
}

/// Checks, appends and writes the rows of a request within a transaction.
pub(super) fn accept(
    writer: &Writer<'_>,
    request: &Request,
    moment: &Moment<'_>,
    how: &How<'_>,
) -> Result<Accepted> {
    let mut resolved = match how.cause {
        Some(_) => resolve_any(request, writer)?,
        None => resolve(request, writer)?,
    };
    carry_out(writer, &mut resolved, &request.data, moment, how)
}

/// Checks and appends an act on a record that is at hand; its entries then hold the new one too.
pub(super) fn carry_out(
    writer: &Writer<'_>,
    resolved: &mut Resolved,
    data: &Map<String, Value>,
    moment: &Moment<'_>,
    how: &How<'_>,
) -> Result<Accepted> {
    let stands = Timeline::of(resolved.entries.clone());
    let reading = Reading {
        rules: moment.rules.newest(),
        who: moment.who,
        now: moment.now,
    };
    let (register, spec) = (resolved.register, resolved.spec);
    let act = read_act(register, spec, data, &stands, &resolved.entries, &reading)?;
    append(writer, resolved, act, moment, how)
}

/// Appends an act that has been read.
pub(super) fn append(
    writer: &Writer<'_>,
    resolved: &mut Resolved,
    act: RawAct,
    moment: &Moment<'_>,
    how: &How<'_>,
) -> Result<Accepted> {
    let register = resolved.register;
    let no = number(writer, resolved, moment, how.from)?;
    let seq = writer.chain_head()?.seq + 1;
    let mut proposed = propose(resolved, act, &no, seq, moment, how, writer)?;
    if let Some(key) = proposed.decision.numbered
        && !proposed.entry.found.contains_key(key)
    {
        let given = writer.next_in_year(key, year(moment))?;
        proposed.entry.found.insert(key.to_owned(), given.into());
        proposed.after = Timeline::with(&resolved.entries, seq, &proposed.entry);
    }
    if how.from.before.is_some() {
        writer.take_yearly_numbers(&proposed.entry)?;
    }
    writer.append(&proposed.entry)?;
    writer.learn(
        resolved.spec.fields,
        &proposed.entry.data,
        proposed.entry.entered,
    )?;
    resolved.entries.push(Logged {
        seq,
        entry: Arc::new(proposed.entry.clone()),
    });
    let mut made = None;
    if how.rows {
        let acted = acted(register, &proposed, moment)?;
        rows::put(writer, register, &acted.evaluated, rows::Stands::Sound)?;
        let faces = rows::Faces {
            before: proposed.face.take(),
            after: acted.face.clone(),
        };
        let rules = moment.rules;
        rows::show(writer, register, &no, faces, rules, rows::Stands::Sound)?;
        made = Some(acted);
    }
    let mut accepted = Accepted {
        no,
        warnings: std::mem::take(&mut proposed.decision.warnings),
        spawned: Vec::new(),
        made: None,
    };
    if how.depth < DEPTH {
        follow::follow(writer, &proposed, seq, moment, how, &mut accepted)?;
    }
    if let Some(acted) = made.filter(|_| how.depth == 0)
        && alone(writer, register, &accepted.no, seq)?
    {
        accepted.made = Some(Made { register, acted });
    }
    Ok(accepted)
}

/// Whether what followed from the entry at `seq` left its record alone: nothing was appended to it, nor to another of its
/// register, which might see it and be seen.
fn alone(writer: &Writer<'_>, register: &dyn AnyRegister, no: &str, seq: i64) -> Result<bool> {
    let own = register.spec().code;
    let mut alone = true;
    writer.since(seq, |row| -> Result<ControlFlow<()>> {
        let of = register_of(&row.no).map(|register| register.spec().code);
        alone = row.no != no && !(register.looks_around() && of == Some(own));
        Ok(match alone {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        })
    })?;
    Ok(alone)
}

/// What the proposed entry makes of the record.
pub(super) fn acted(
    register: &dyn AnyRegister,
    proposed: &Proposed,
    moment: &Moment<'_>,
) -> Result<Acted> {
    let around = Surroundings {
        rules: moment.rules,
        near: &proposed.near,
    };
    register
        .acted(&proposed.after, &around, &proposed.begun)
        .map_err(unfolded)
}

/// The record's number: its own, the one it had elsewhere, or the next of the series.
fn number(
    writer: &Writer<'_>,
    resolved: &Resolved,
    moment: &Moment<'_>,
    from: Provenance<'_>,
) -> Result<String> {
    let spec = resolved.register.spec();
    match (resolved.entries.first(), from.no) {
        (Some(first), _) => Ok(first.entry.no.clone()),
        (None, Some(no)) if writer.take_number(spec.code, no)? => Ok(no.to_owned()),
        (None, Some(no)) => {
            let message = Msg::new("import.number_taken").with("no", shown(no));
            Err(Refusal::new(RefusalCode::Duplicate, message)
                .field("no")
                .into())
        }
        (None, None) => Ok(writer.next_number(
            spec.code,
            spec.letter,
            moment.rules.newest().site().word("desk"),
            year(moment),
        )?),
    }
}

fn year(moment: &Moment<'_>) -> i32 {
    chrono::Datelike::year(&moment.rules.newest().zone().date(moment.now))
}

impl Desk {
    /// Does what is asked for: checks it, appends it to the journal and writes the rows, in one durable transaction.
    ///
    /// # Errors
    /// [`Error::Refused`] naming field and clause, with nothing written; [`Error::File`] when the file cannot be written.
    pub fn act(&mut self, request: &Request, who: &Operator, now: Instant) -> Result<Done> {
        let accepted = self.write(now, |writer, rules| {
            let moment = Moment { who, now, rules };
            accept(writer, request, &moment, &How::ASKED)
        })?;
        let view = match accepted.made {
            Some(made) => self.view_made(made)?,
            None => {
                let view = self.view(&accepted.no)?;
                view.ok_or_else(|| Error::from(unknown_record(&accepted.no)))?
            }
        };
        Ok(Done {
            view,
            warnings: accepted.warnings,
            spawned: accepted.spawned,
        })
    }
}
