//! What will become of a file's columns, before anything is written.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::header::{self, Header, LOOK};
use super::map::MapFile;
use super::mapper::Mapper;
use super::own;
use super::raw::Raw;
use super::sheet::{self, Kind, Row};
use super::when::lacks_year;
use super::words::{Sure, Words};
use crate::base::i18n::{Msg, Voice};
use crate::base::refusal::{Refusal, RefusalCode};
use crate::desk::{Error, Result};
use crate::record::action::ActionSpec;
use crate::record::field::Required;
use crate::registers::dynamic::AnyRegister;
use crate::registers::register;
use crate::tables::ColumnKind;
use crate::tables::flat::{Flat, OCCURRED, Source, openings};

/// Rows read for a plan.
const SAMPLE: usize = 200;
/// Examples kept of each column.
const EXAMPLES: usize = 3;
/// The key under which a year is set for dates that are written without one.
pub const YEAR: &str = "year";

/// What was said about an import.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The sheet of a workbook; else the first with rows.
    pub sheet: Option<String>,
    /// What the columns mean, from a mapping file.
    pub map: Option<MapFile>,
    /// Values for what has no column or is left empty, by flat key.
    pub set: Vec<(String, String)>,
    /// Who did what, where no column tells.
    pub by: Option<String>,
    /// Language of labels.
    pub voice: Voice,
}

/// What a column becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// The column of this key of the flat table.
    Field(String),
    /// The time of day that belongs to that column's date.
    TimeOf(String),
    /// Kept in the note, as `name: value`.
    Note,
    /// Left out: empty, told to be, or reckoned anew from the rest.
    Nothing,
}

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnPlan {
    /// What it is called.
    pub label: String,
    /// What it becomes.
    pub to: To,
    /// How sure that is.
    pub sure: Sure,
    /// A few of its values.
    pub sample: Vec<String>,
}

/// Something that no column tells and that must be said once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The flat key, as `--set` takes it.
    pub key: String,
    /// What it is called.
    pub label: String,
}

/// What sort of table it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// An old register of somebody's.
    Foreign,
    /// Our own flat table.
    Flat,
    /// Our own workbook with the history in this sheet.
    History(String),
    /// One document of ours a line.
    Documents,
}

/// A plan of an import.
#[derive(Clone)]
pub struct Plan {
    /// The file.
    pub path: PathBuf,
    /// The register it goes into.
    pub register: &'static dyn AnyRegister,
    /// The file's kind and sheet.
    pub kind: Kind,
    /// What sort of table.
    pub form: Form,
    /// Lines of the header.
    pub header: Vec<u64>,
    /// Its columns.
    pub columns: Vec<ColumnPlan>,
    /// Values that were said.
    pub set: BTreeMap<String, String>,
    /// Who did what, where no column tells.
    pub by: Option<String>,
    /// What must still be said.
    pub asks: Vec<Ask>,
    /// Language of labels.
    pub voice: Voice,
}

pub(super) fn refused(message: Msg, field: &str) -> Error {
    Refusal::new(RefusalCode::BadValue, message)
        .field(field)
        .into()
}

/// Reads the beginning of a file and says what would become of it.
///
/// # Errors
/// [`Error::File`] when it cannot be read, [`Error::Refused`] for an unknown register, when no header is found or a
/// mapping names a column that is not there.
pub fn plan(path: &Path, code: &str, options: &Options) -> Result<Plan> {
    let register = register(code).ok_or_else(|| crate::desk::unknown_register(code))?;
    let named = options
        .sheet
        .as_deref()
        .or_else(|| options.map.as_ref()?.sheet.as_deref());
    let kind = sheet::kind(path, named)?;
    let mut plan = Plan {
        path: path.to_owned(),
        register,
        kind,
        form: Form::Foreign,
        header: Vec::new(),
        columns: Vec::new(),
        set: BTreeMap::new(),
        by: options.by.clone(),
        asks: Vec::new(),
        voice: options.voice,
    };
    if plan.kind == Kind::Lines {
        plan.form = Form::Documents;
        return Ok(plan);
    }
    if named.is_none()
        && options.map.is_none()
        && let Some(history) = own::history_sheet(path)?
    {
        plan.form = Form::History(history);
        return Ok(plan);
    }
    let flat = Flat::of(register, &options.voice);
    let sets = options.map.iter().flat_map(|map| map.set.clone());
    for (key, value) in sets.chain(options.set.iter().cloned()) {
        let known = key == YEAR || flat.columns().iter().any(|column| column.key == key);
        if !known {
            return Err(refused(
                Msg::new("import.unknown_key").with("key", key.as_str()),
                &key,
            ));
        }
        plan.set.insert(key, value);
    }
    let rows = first_rows(path, &plan.kind)?;
    let words = Words::of(register);
    let header = match options.map.as_ref().map(|map| map.header.as_slice()) {
        Some(lines @ [_, ..]) => header::at(&rows, lines, &words),
        _ => header::find(&rows, &words),
    };
    let header = header.ok_or_else(|| refused(Msg::new("import.no_header"), "columns"))?;
    let last = header.lines.last().copied().unwrap_or(0);
    let body: Vec<&Row> = rows.iter().filter(|(line, _)| *line > last).collect();
    plan.columns = columns(&header, &body);
    plan.header = header.lines;
    let mut mapper = Mapper::new(&flat, &words, &body);
    match &options.map {
        Some(map) => mapper.told(&mut plan, map)?,
        None => mapper.guessed(&mut plan),
    }
    plan.asks = asks(&plan, &flat, &body);
    Ok(plan)
}

fn first_rows(path: &Path, kind: &Kind) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    sheet::each(path, kind, &mut |row| {
        rows.push(row);
        if rows.len() >= LOOK + SAMPLE {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(rows)
}

/// The columns with examples; one that has no name but values gets its letter.
fn columns(header: &Header, rows: &[&Row]) -> Vec<ColumnPlan> {
    let width = rows.iter().map(|(_, row)| row.len()).max().unwrap_or(0);
    (0..width.max(header.labels.len()))
        .map(|index| {
            let label = header.labels.get(index);
            let values = rows.iter().filter_map(|(_, row)| row.get(index));
            let filled = values.filter(|cell| !cell.is_empty());
            ColumnPlan {
                label: label.cloned().unwrap_or_else(|| header::letters(index)),
                to: To::Note,
                sure: Sure::Yes,
                sample: filled.take(EXAMPLES).map(Raw::words).collect(),
            }
        })
        .collect()
}

impl Plan {
    /// Which column gives this key.
    pub fn column_of(&self, key: &str) -> Option<usize> {
        let wanted = To::Field(key.to_owned());
        self.columns.iter().position(|column| column.to == wanted)
    }

    /// Whether a column or a value that was said gives this key.
    pub fn gives(&self, key: &str) -> bool {
        self.set.contains_key(key) || self.column_of(key).is_some()
    }

    /// The action that opens the records, where no column says it: the one whose fields the columns tell best.
    pub fn opening(&self) -> Option<&'static ActionSpec> {
        let specs = openings(self.register);
        let named = self.set.get("action");
        let fits = |spec: &ActionSpec| -> i64 {
            let told = spec.fields.iter().map(|field| match field.required {
                _ if self.gives(field.key) => 1,
                Required::Yes if field.default.is_none() => -1,
                _ => 0,
            });
            told.sum()
        };
        let said = named.and_then(|name| specs.iter().find(|spec| spec.name == name.as_str()));
        let likely = specs
            .iter()
            .max_by_key(|spec| (fits(spec), spec.name == self.register.spec().opens_with));
        said.or(likely).copied()
    }
}

/// What must be said once, because no column tells it.
fn asks(plan: &Plan, flat: &Flat, rows: &[&Row]) -> Vec<Ask> {
    if plan.form != Form::Foreign {
        return Vec::new();
    }
    let label = |key: &str| {
        let mut columns = flat.columns().iter();
        let known = columns.find(|column| column.key == key);
        known.map_or_else(
            || plan.voice.text("import.year"),
            |column| column.label.clone(),
        )
    };
    let mut keys: Vec<String> = Vec::new();
    if !plan.gives("received") && !plan.gives(OCCURRED) {
        keys.push("received".into());
    }
    let opening = plan.opening();
    for source in flat.sources() {
        let (key, field) = match source {
            Source::First(field) if opening.is_some_and(|o| o.field(field.key).is_some()) => {
                (field.key.to_owned(), field)
            }
            Source::Step(spec, field) if plan.gives(&format!("{}.at", spec.name)) => {
                (format!("{}.{}", spec.name, field.key), field)
            }
            _ => continue,
        };
        let needed = matches!(field.required, Required::Yes) && field.default.is_none();
        if needed && !plan.gives(&key) && !(field.key == "by" && plan.by.is_some()) {
            keys.push(key);
        }
    }
    let instants =
        plan.columns
            .iter()
            .enumerate()
            .filter(|(_, column)| match &column.to {
                To::Field(key) => flat.columns().iter().any(|c| {
                    c.key == *key && matches!(c.kind, ColumnKind::Instant | ColumnKind::Date)
                }),
                _ => false,
            });
    let yearless = |index: usize| {
        let mut cells = rows.iter().filter_map(|(_, row)| row.get(index));
        cells.any(|cell| matches!(cell, Raw::Text(text) if lacks_year(text)))
    };
    if !plan.set.contains_key(YEAR) && instants.map(|(index, _)| index).any(yearless) {
        keys.push(YEAR.into());
    }
    keys.into_iter()
        .map(|key| Ask {
            label: label(&key),
            key,
        })
        .collect()
}
