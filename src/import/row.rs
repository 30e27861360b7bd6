//! From a row to the steps of a record's life: the action that opens it, and every later one that the row dates.

use chrono::NaiveDateTime;
use serde_json::{Map, Value};

use super::note::pack;
use super::plan::{Form, Plan, To};
use super::raw::Raw;
use super::value::{Reading, Written};
use crate::base::i18n::{Lang, Msg, lookup, own_keys};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::base::time::Instant;
use crate::desk::bulk::Step;
use crate::record::action::ActionSpec;
use crate::record::field::{Field, Kind};
use crate::record::request::{LONG_TEXT, Operator};
use crate::rules::ruleset::Rules;
use crate::tables::flat::{ENTRIES, Flat, OCCURRED, Source, openings, steps};

/// Where a value comes from: a column, the column of its time of day, what was said for all rows.
struct Input {
    key: String,
    source: Source,
    column: Option<usize>,
    time: Option<usize>,
    said: Option<Raw>,
}

/// Makes steps of rows.
pub(super) struct Rows<'a> {
    pub(super) plan: &'a Plan,
    pub(super) rules: &'a Rules,
    pub(super) reading: Reading<'a>,
    who: Operator,
    now: Instant,
    inputs: Vec<Input>,
    opening: Option<&'static ActionSpec>,
}

/// What a row tells of one action.
#[derive(Default)]
struct Told {
    data: Map<String, Value>,
    at: Option<Written>,
    received: Option<Written>,
    by: Option<String>,
    /// What it told, as `name: value`, for the note of a step that cannot be dated.
    lines: Vec<String>,
}

/// What a row tells of everything.
#[derive(Default)]
struct Gathered {
    no: Option<String>,
    occurred: Option<Written>,
    entries: Option<usize>,
    first: Told,
    /// Of every later action, in the order of [`steps`].
    told: Vec<Told>,
    notes: Vec<String>,
}

/// A row, understood.
pub(super) struct Built {
    /// The number it had, when it is one of ours.
    pub(super) no: Option<String>,
    /// Number of the paper slip.
    pub(super) paper: Option<String>,
    /// What was done.
    pub(super) steps: Vec<Step>,
}

fn bad(key: &str, why: Msg) -> Refusal {
    let plain = key.rsplit('.').next().unwrap_or(key);
    let mut refusal = Refusal::bad(plain, why);
    refusal.field = Some(key.to_owned());
    refusal
}

impl<'a> Rows<'a> {
    pub(super) fn new(plan: &'a Plan, rules: &'a Rules, who: &Operator, now: Instant) -> Self {
        let flat = Flat::of(plan.register, &plan.voice);
        let inputs = flat.columns().iter().zip(flat.sources());
        let inputs = inputs.filter_map(|(column, source)| {
            let time = To::TimeOf(column.key.clone());
            let input = Input {
                source: *source,
                column: plan.column_of(&column.key),
                time: plan.columns.iter().position(|c| c.to == time),
                said: plan.set.get(&column.key).map(|text| Raw::text(text)),
                key: column.key.clone(),
            };
            (input.column.is_some() || input.said.is_some()).then_some(input)
        });
        let year = plan.set.get(super::plan::YEAR);
        Self {
            plan,
            rules,
            reading: Reading {
                zone: rules.zone(),
                rules,
                year: year.and_then(|year| year.trim().parse().ok()),
            },
            who: match &plan.by {
                Some(name) => Operator {
                    name: name.clone(),
                    role: None,
                },
                None => who.clone(),
            },
            now,
            inputs: inputs.collect(),
            opening: plan.opening(),
        }
    }

    /// The cell of an input, and whether the row itself filled it.
    fn cell<'r>(&'r self, input: &'r Input, cells: &'r [Raw]) -> (&'r Raw, bool) {
        let own = input.column.and_then(|index| cells.get(index));
        match (own.filter(|raw| !raw.is_empty()), &input.said) {
            (Some(raw), _) => (raw, true),
            (None, Some(said)) => (said, false),
            (None, None) => (&Raw::Empty, false),
        }
    }

    fn written(&self, input: &Input, raw: &Raw, cells: &[Raw]) -> Result<Written, Refusal> {
        let written = self
            .reading
            .instant(raw)
            .map_err(|why| bad(&input.key, why))?;
        let cell = input.time.and_then(|index| cells.get(index));
        match cell.filter(|cell| !cell.is_empty()) {
            None => Ok(written),
            Some(cell) => match self.reading.time(cell) {
                Some(time) => Ok(written.at_time(time)),
                None => {
                    let why = Msg::new("import.why_time").with("value", cell.words());
                    Err(bad(&input.key, why))
                }
            },
        }
    }

    fn value(
        &self,
        input: &Input,
        field: &Field,
        raw: &Raw,
        cells: &[Raw],
    ) -> Result<Option<Value>, Refusal> {
        if matches!(field.kind, Kind::Instant { .. }) && !raw.is_empty() {
            let written = self.written(input, raw, cells)?;
            return Ok(Some(self.reading.stored(written)));
        }
        self.reading
            .value(field, raw)
            .map_err(|why| bad(&input.key, why))
    }

    /// The steps of a row.
    ///
    /// # Errors
    /// A refusal that names the column.
    pub(super) fn build(&self, cells: &[Raw]) -> Result<Built, Refusal> {
        let opening = self.opening_of(cells)?;
        let later = steps(self.plan.register);
        let mut row = Gathered {
            told: later.iter().map(|_| Told::default()).collect(),
            ..Gathered::default()
        };
        for input in &self.inputs {
            let (raw, own) = self.cell(input, cells);
            if !raw.is_empty() {
                self.gather(&mut row, input, (raw, own), cells, (opening, &later))?;
            }
        }
        let Gathered {
            no,
            mut first,
            occurred,
            entries,
            mut notes,
            told,
        } = row;
        first.at = occurred.or(first.received);
        notes.extend(self.unmapped(cells));
        let dated = self.dated(&first, &later, told, &mut notes);
        let paper = first.data.get("paper_no").and_then(Value::as_str);
        let paper = paper.map(str::to_owned);
        let steps = self.steps(opening, first, dated, notes);
        // Of steps that were taken several times the flat table tells the last: the rest must not be lost unseen.
        match entries.filter(|entries| self.keeps_numbers() && *entries != steps.len()) {
            None => Ok(Built { no, paper, steps }),
            Some(entries) => {
                let message = Msg::new("import.more_history")
                    .with("entries", entries)
                    .with("steps", steps.len());
                let refusal = Refusal::new(RefusalCode::BadValue, message);
                Err(refusal.field(ENTRIES))
            }
        }
    }

    /// Puts a filled cell where it belongs.
    fn gather(
        &self,
        row: &mut Gathered,
        input: &Input,
        (raw, own): (&Raw, bool),
        cells: &[Raw],
        (opening, later): (&ActionSpec, &[&ActionSpec]),
    ) -> Result<(), Refusal> {
        match input.source {
            Source::Head("no") => row.no = Some(raw.words()),
            Source::Head("received") => row.first.received = Some(self.written(input, raw, cells)?),
            Source::Head(OCCURRED) => row.occurred = Some(self.written(input, raw, cells)?),
            Source::First(field) if opening.field(field.key).is_none() => {
                if own {
                    row.notes.push(self.line(input, raw));
                }
            }
            Source::Envelope(field) if field.key == "note" => row.notes.insert(0, raw.words()),
            Source::First(field) | Source::Envelope(field) => {
                let field = opening.field(field.key).unwrap_or(field);
                if let Some(value) = self.value(input, field, raw, cells)? {
                    row.first.data.insert(field.key.to_owned(), value);
                }
            }
            Source::StepAt(spec)
            | Source::StepReceived(spec)
            | Source::StepBy(spec)
            | Source::Step(spec, _) => {
                let place = later.iter().position(|known| known.name == spec.name);
                if let Some(told) = place.and_then(|place| row.told.get_mut(place)) {
                    self.tell(told, input, raw, own, cells)?;
                }
            }
            Source::Entries => row.entries = raw.words().parse::<usize>().ok(),
            Source::Head(_) | Source::Opening | Source::Next | Source::NextDue => {}
        }
        Ok(())
    }

    fn opening_of(&self, cells: &[Raw]) -> Result<&'static ActionSpec, Refusal> {
        let specs = openings(self.plan.register);
        let code = self.plan.register.spec().code;
        let input = self
            .inputs
            .iter()
            .find(|input| matches!(input.source, Source::Opening));
        let words = input.map(|input| self.cell(input, cells).0.words());
        let named = words.filter(|words| !words.is_empty());
        let found = match &named {
            Some(words) => specs
                .into_iter()
                .find(|spec| is_action(code, spec.name, words)),
            None => self.opening,
        };
        found.ok_or_else(|| {
            let message = Msg::new("refusal.unknown_action")
                .with_key("register", format!("register.{code}"))
                .with("action", named.unwrap_or_default());
            Refusal::new(RefusalCode::UnknownAction, message).field("action")
        })
    }

    fn tell(
        &self,
        told: &mut Told,
        input: &Input,
        raw: &Raw,
        own: bool,
        cells: &[Raw],
    ) -> Result<(), Refusal> {
        match input.source {
            Source::StepAt(_) => told.at = Some(self.written(input, raw, cells)?),
            Source::StepReceived(_) => told.received = Some(self.written(input, raw, cells)?),
            Source::StepBy(_) => told.by = Some(raw.words()),
            Source::Step(_, field) => {
                if let Some(value) = self.value(input, field, raw, cells)? {
                    told.data.insert(field.key.to_owned(), value);
                }
            }
            _ => {}
        }
        if own {
            told.lines.push(self.line(input, raw));
        }
        Ok(())
    }

    /// `name: value`, as a note keeps it.
    fn line(&self, input: &Input, raw: &Raw) -> String {
        let label = input
            .column
            .and_then(|index| self.plan.columns.get(index))
            .map_or(input.key.as_str(), |column| column.label.as_str());
        format!("{label}: {}", raw.words())
    }

    fn unmapped(&self, cells: &[Raw]) -> Vec<String> {
        let columns = self.plan.columns.iter().zip(cells);
        columns
            .filter(|(column, cell)| column.to == To::Note && !cell.is_empty())
            .map(|(column, cell)| format!("{}: {}", column.label, cell.words()))
            .collect()
    }

    /// The steps that the row dates, with their times. One without a time of its own happened with the dated step that
    /// it follows; one that follows none is kept in the note.
    fn dated(
        &self,
        first: &Told,
        later: &[&'static ActionSpec],
        told: Vec<Told>,
        notes: &mut Vec<String>,
    ) -> Vec<(&'static ActionSpec, NaiveDateTime, Told)> {
        let mut before = first.at.map(|at| at.local);
        let mut follows = None;
        let mut dated = Vec::new();
        for (spec, told) in later.iter().zip(told) {
            if told.lines.is_empty() {
                continue;
            }
            let at = match told.at {
                // Only the day is known: not earlier than what is known to have come before it that day.
                Some(at) if !at.timed => match before {
                    Some(before) if before.date() == at.local.date() => before.max(at.local),
                    _ => at.local,
                },
                Some(at) => at.local,
                None => match follows {
                    Some(at) => at,
                    None => {
                        notes.extend(told.lines);
                        continue;
                    }
                },
            };
            if told.at.is_some() {
                follows = Some(at);
            }
            before = Some(at);
            dated.push((*spec, at, told));
        }
        dated.sort_by_key(|(_, at, _)| *at);
        dated
    }

    fn steps(
        &self,
        opening: &'static ActionSpec,
        mut first: Told,
        dated: Vec<(&'static ActionSpec, NaiveDateTime, Told)>,
        notes: Vec<String>,
    ) -> Vec<Step> {
        let mut notes = pack(notes, LONG_TEXT).into_iter();
        let stamp = |told: &mut Told, key: &str, at: Option<Written>| {
            if let Some(at) = at {
                let at = self.reading.stored(at);
                told.data.insert(key.to_owned(), at);
            }
        };
        let (at, received) = (first.at, first.received);
        stamp(&mut first, "at", at);
        stamp(&mut first, "received", received);
        if let Some(note) = notes.next() {
            first.data.insert("note".into(), note.into());
        }
        let step = |action: &'static str, data: Map<String, Value>| Step {
            action,
            data,
            who: self.who.clone(),
            now: self.now,
        };
        let when = first.data.get("at").cloned();
        let mut all = vec![step(opening.name, first.data)];
        for rest in notes {
            let mut data = Map::from_iter([("text".to_owned(), Value::from(rest))]);
            if let Some(at) = &when {
                data.insert("at".into(), at.clone());
            }
            all.push(step("remark", data));
        }
        for (spec, local, mut told) in dated {
            let at = Written { local, timed: true };
            let received = told.received;
            stamp(&mut told, "at", Some(at));
            stamp(&mut told, "received", received);
            if let Some(by) = told.by.take() {
                told.data.insert("by".into(), by.into());
            }
            all.push(step(spec.name, told.data));
        }
        all
    }

    /// Whether the plan's table is one of ours, whose numbers are kept.
    pub(super) fn keeps_numbers(&self) -> bool {
        self.plan.form == Form::Flat
    }
}

/// Whether words name an action, by its name or its label in either language.
pub(super) fn is_action(register: &str, name: &str, words: &str) -> bool {
    let keys = own_keys("action", register, name);
    name == words
        || Lang::ALL.iter().any(|lang| {
            let label = keys.iter().find_map(|key| lookup(*lang, key));
            label.is_some_and(|label| label == words)
        })
}
