//! Acting: the only place where the journal grows.

use serde_json::{Map, Value};

use super::restore::stand_in;
use super::view::{Done, Request, Target};
use super::{Desk, Error, Result, closed, projected, register_codes};
use crate::base::i18n::{Arg, Msg};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::record::action::ActionSpec;
use crate::record::entry::{ENTRY_VERSION, Entry, Origin};
use crate::record::head::{AnyRecord, Decision, Spawn, SpawnTarget};
use crate::record::request::{Operator, RawAct, read};
use crate::registers::dynamic::AnyRegister;
use crate::registers::{Context, Lookup, Near, register, register_of};
use crate::rules::ruleset::Rules;
use crate::store::{Stored, Writer};

/// How deep an action may bring further actions about by itself.
pub(super) const SPAWN_DEPTH: usize = 4;

/// Where lookups are answered from: a transaction, or the file as it is.
pub(super) trait Source {
    fn record(&self, no: &str) -> Stored<Option<AnyRecord>>;
    fn paper_no(&self, register: &str, paper: &str) -> Stored<Option<String>>;
    fn same_place(&self, register: &str, place: &str, since: Instant) -> Stored<Vec<AnyRecord>>;
    fn sealed(&self, month: &str) -> Stored<bool>;
}

macro_rules! source {
    ($type:ty) => {
        impl Source for $type {
            fn record(&self, no: &str) -> Stored<Option<AnyRecord>> {
                self.record(no)
            }
            fn paper_no(&self, register: &str, paper: &str) -> Stored<Option<String>> {
                self.paper_no(register, paper)
            }
            fn same_place(
                &self,
                register: &str,
                place: &str,
                since: Instant,
            ) -> Stored<Vec<AnyRecord>> {
                self.same_place(register, place, since)
            }
            fn sealed(&self, month: &str) -> Stored<bool> {
                self.sealed(month)
            }
        }
    };
}
source!(Writer<'_>);
source!(crate::store::Store);

/// What a request is about, resolved.
pub(super) struct Resolved {
    pub(super) register: &'static dyn AnyRegister,
    pub(super) record: Option<AnyRecord>,
    pub(super) spec: &'static ActionSpec,
}

/// Finds register, record and action of a request.
pub(super) fn resolve(request: &Request, source: &impl Source) -> Result<Resolved> {
    let (register, record) = match &request.target {
        Target::New(code) => (register(code).ok_or_else(|| unknown_register(code))?, None),
        Target::On(no) => {
            let unknown = || {
                Refusal::new(
                    RefusalCode::UnknownRecord,
                    Msg::new("refusal.unknown_record").with("no", shown(no)),
                )
            };
            let register = register_of(no).ok_or_else(unknown)?;
            (register, Some(source.record(no)?.ok_or_else(unknown)?))
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
        .filter(|spec| (record.is_some() || spec.first) && !register.reserved(spec.name))
        .ok_or_else(|| {
            let message = Msg::new("refusal.unknown_action")
                .with_key("register", format!("register.{}", register.spec().code))
                .with("action", shown(name));
            Refusal::new(RefusalCode::UnknownAction, message).field("action")
        })?;
    Ok(Resolved {
        register,
        record,
        spec,
    })
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

/// Answers what a decision needs to know of other records.
pub(super) fn look(
    resolved: &Resolved,
    act: &RawAct,
    rules: &Rules,
    source: &impl Source,
) -> Result<Near> {
    let mut near = Near::default();
    let code = resolved.register.spec().code;
    for lookup in resolved
        .register
        .lookups(resolved.record.as_ref(), act, rules)
    {
        match lookup {
            Lookup::PaperNo(paper) => near.paper_no = source.paper_no(code, &paper)?,
            Lookup::Record(no) => {
                if let Some(record) = source.record(&no)? {
                    near.records.insert(no, record);
                }
            }
            Lookup::SamePlace { place, since } => {
                near.same_place = source.same_place(code, &place, since)?
            }
        }
    }
    Ok(near)
}

/// What an entry that is brought in from elsewhere keeps of what it was there. Nothing, for one that is typed here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Provenance<'a> {
    /// The number the record had.
    pub(super) no: Option<&'a str>,
    /// File and row.
    pub(super) source: Option<&'a Origin>,
    /// The entry as it stood in the file it was exported from: what the rules of that day found stays.
    pub(super) before: Option<&'a Entry>,
}

/// The entry of an accepted act, and the record it makes.
pub(super) fn enter(
    resolved: &Resolved,
    act: RawAct,
    decision: &Decision,
    no: &str,
    rules: &Rules,
    from: Provenance<'_>,
) -> std::result::Result<(Entry, AnyRecord), Refusal> {
    let code = resolved.register.spec().code;
    let envelope = act.envelope;
    let late_after = rules.site().int("late_entry_minutes").saturating_mul(60);
    let mut entry = Entry {
        version: ENTRY_VERSION,
        no: no.to_owned(),
        register: code.to_owned(),
        action: act.spec.name.to_owned(),
        at: envelope.at,
        received: envelope.received,
        entered: envelope.entered,
        by: envelope.by,
        role: envelope.role,
        via: envelope.via,
        note: envelope.note,
        desk: rules.site().word("desk").to_owned(),
        late_entry: envelope.entered.seconds_since(envelope.at) > late_after,
        data: act.data,
        found: decision.found.clone(),
        breaches: decision.breaches.clone(),
        source: from.source.cloned(),
    };
    if let Some(before) = from.before {
        entry.desk.clone_from(&before.desk);
        entry.late_entry = before.late_entry;
        if !before.found.is_empty() {
            entry.found.clone_from(&before.found);
            let mark = decision.found.get(closed::CLOSED_MONTH);
            entry
                .found
                .extend(mark.map(|month| (closed::CLOSED_MONTH.to_owned(), month.clone())));
        }
        if !before.breaches.is_empty() {
            entry.breaches.clone_from(&before.breaches);
        }
    }
    let unreadable = |why: String| {
        Refusal::new(
            RefusalCode::BadValue,
            Msg::new("refusal.unreadable").with("why", why),
        )
    };
    let before = resolved.record.as_ref();
    let mut record = resolved
        .register
        .apply(before.cloned(), &entry)
        .map_err(unreadable)?;
    let ended = resolved.register.ended(&record);
    let was = before.is_some_and(|record| resolved.register.ended(record));
    let settled = entry.found.contains_key("settled");
    if ended && !settled && (!was || entry.action == "amend") {
        let settled = resolved.register.settle(&record, rules);
        entry.found.insert(
            "settled".into(),
            serde_json::to_value(settled).map_err(|e| unreadable(e.to_string()))?,
        );
        record = resolved
            .register
            .apply(before.cloned(), &entry)
            .map_err(unreadable)?;
    }
    Ok((entry, record))
}

/// One accepted action with everything it brings about.
pub(super) struct Accepted {
    pub(super) no: String,
    pub(super) warnings: Vec<Msg>,
    pub(super) spawned: Vec<String>,
}

/// Checks, appends and projects a request within a transaction.
pub(super) fn accept(
    writer: &Writer<'_>,
    request: &Request,
    moment: &Moment<'_>,
    depth: usize,
) -> Result<Accepted> {
    let resolved = resolve(request, writer)?;
    let how = How {
        depth,
        ..How::ASKED
    };
    let (accepted, _) = advance(writer, &resolved, &request.data, moment, how)?;
    Ok(accepted)
}

/// Who acts, when, by which rules.
#[derive(Clone, Copy)]
pub(super) struct Moment<'a> {
    pub(super) who: &'a Operator,
    pub(super) now: Instant,
    pub(super) rules: &'a Rules,
}

/// How an act is carried out.
#[derive(Clone, Copy, Debug)]
pub(super) struct How<'a> {
    /// How many acts it follows from.
    pub(super) depth: usize,
    /// Whether the register's rows are written now, or by a caller that has more to do to the same record.
    pub(super) project: bool,
    /// Where it comes from.
    pub(super) from: Provenance<'a>,
}

impl How<'_> {
    /// As somebody at the desk asks for it.
    pub(super) const ASKED: Self = Self {
        depth: 0,
        project: true,
        from: Provenance {
            no: None,
            source: None,
            before: None,
        },
    };
}

/// Checks and appends an act on a record that is at hand.
pub(super) fn advance(
    writer: &Writer<'_>,
    resolved: &Resolved,
    data: &Map<String, Value>,
    moment: &Moment<'_>,
    how: How<'_>,
) -> Result<(Accepted, AnyRecord)> {
    let Moment { who, now, rules } = *moment;
    let act = read(resolved.spec, data, rules, who, now)?;
    let mut near = look(resolved, &act, rules, writer)?;
    if how.from.no.is_some() {
        stand_in(resolved, &act, rules, &mut near);
    }
    let before = resolved.record.as_ref();
    let cx = Context {
        now,
        rules,
        near: &near,
    };
    let mut decision = resolved.register.decide(before, &act, &cx)?;
    // What is imported says by its origin why it comes so late.
    let asked = how.depth == 0 && how.from.source.is_none();
    closed::check(&act, before, rules, asked, writer, &mut decision)?;
    let spec = resolved.register.spec();
    let no = number(writer, resolved, moment, how.from)?;
    let (entry, record) = enter(resolved, act, &decision, &no, rules, how.from)?;
    writer.append(&entry)?;
    writer.learn(resolved.spec.fields, &entry.data, now)?;
    if how.project
        && let Some(projected) = projected(&record, spec.code, rules)
    {
        writer.project(&projected)?;
    }
    let mut accepted = Accepted {
        no,
        warnings: decision.warnings,
        spawned: Vec::new(),
    };
    for spawn in decision.spawns.iter().filter(|_| how.depth < SPAWN_DEPTH) {
        let further = follow(writer, spawn, &entry, moment, how.depth)?;
        accepted.spawned.push(further.no);
        accepted.spawned.extend(further.spawned);
    }
    Ok((accepted, record))
}

/// The record's number: its own, the one it had elsewhere, or the next of the series.
pub(super) fn number(
    writer: &Writer<'_>,
    resolved: &Resolved,
    moment: &Moment<'_>,
    from: Provenance<'_>,
) -> Result<String> {
    let spec = resolved.register.spec();
    match (&resolved.record, from.no) {
        (Some(record), _) => Ok(record.head.no.clone()),
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
            moment.rules.site().word("desk"),
            year(moment.now, moment.rules),
        )?),
    }
}

fn year(now: Instant, rules: &Rules) -> i32 {
    chrono::Datelike::year(&rules.zone().date(now))
}

/// Carries out what follows of itself from an entry, and links the two where the spawn says so.
fn follow(
    writer: &Writer<'_>,
    spawn: &Spawn,
    entry: &Entry,
    moment: &Moment<'_>,
    depth: usize,
) -> Result<Accepted> {
    let parent = entry.no.as_str();
    let mut data = match fill(&spawn.data, parent) {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    // What follows of itself happened with it, by the same person.
    let inherited = [
        ("at", serde_json::to_value(entry.at).unwrap_or_default()),
        ("by", Value::from(entry.by.as_str())),
        ("role", Value::from(entry.role.clone())),
    ];
    for (key, value) in inherited {
        data.entry(key).or_insert(value);
    }
    let target = match &spawn.target {
        SpawnTarget::New(register) => Target::New((*register).to_owned()),
        SpawnTarget::On(no) => Target::On(no.clone()),
    };
    let request = Request {
        target,
        action: Some(spawn.action.to_owned()),
        data,
    };
    let done = accept(writer, &request, moment, depth + 1)?;
    if let Some((on_new, on_old)) = spawn.link {
        for (from, kind, to) in [
            (done.no.as_str(), on_new, parent),
            (parent, on_old, done.no.as_str()),
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
            accept(writer, &link, moment, SPAWN_DEPTH)?;
        }
    }
    Ok(done)
}

/// `{no}` in a spawn's data stands for the number of the record it follows from.
pub(super) fn fill(value: &Value, no: &str) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace("{no}", no)),
        Value::Array(list) => Value::Array(list.iter().map(|item| fill(item, no)).collect()),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, item)| (key.clone(), fill(item, no)))
                .collect(),
        ),
        other => other.clone(),
    }
}

impl Desk {
    /// Does what is asked for: checks it, appends it to the journal and projects it, in one durable transaction.
    ///
    /// # Errors
    /// [`Error::Refused`] naming field and clause, with nothing written; [`Error::File`] when the file cannot be written.
    pub fn act(&mut self, request: &Request, who: &Operator, now: Instant) -> Result<Done> {
        self.writable()?;
        let rules = self.rules();
        let accepted = self.store.write(|writer| {
            accept(
                writer,
                request,
                &Moment {
                    who,
                    now,
                    rules: &rules,
                },
                0,
            )
        })?;
        let view = self.view(&accepted.no)?.ok_or_else(|| {
            Error::from(Refusal::new(
                RefusalCode::UnknownRecord,
                Msg::new("refusal.unknown_record").with("no", accepted.no.as_str()),
            ))
        })?;
        Ok(Done {
            view,
            warnings: accepted.warnings,
            spawned: accepted.spawned,
        })
    }
}
