//! What each column means: by a mapping file, or by its name and its values.

use std::collections::BTreeSet;

use super::map::MapFile;
use super::plan::{Form, Plan, To, refused};
use super::raw::Raw;
use super::sheet::Row;
use super::when::{moment, time};
use super::words::{Sure, Words};
use crate::base::i18n::Msg;
use crate::desk::Result;
use crate::registers::register_of;
use crate::tables::ColumnKind;
use crate::tables::flat::{ENTRIES, Flat};

/// Finds what each column means.
pub(super) struct Mapper<'a> {
    flat: &'a Flat,
    words: &'a Words,
    rows: &'a [&'a Row],
    taken: BTreeSet<String>,
}

impl<'a> Mapper<'a> {
    pub(super) fn new(flat: &'a Flat, words: &'a Words, rows: &'a [&'a Row]) -> Self {
        Self {
            flat,
            words,
            rows,
            taken: BTreeSet::new(),
        }
    }

    fn values(&self, index: usize) -> impl Iterator<Item = &Raw> {
        let cells = self.rows.iter().filter_map(move |(_, row)| row.get(index));
        cells.filter(|cell| !cell.is_empty())
    }

    fn is_instant(&self, key: &str) -> bool {
        let mut columns = self.flat.columns().iter();
        columns.any(|column| column.key == key && column.kind == ColumnKind::Instant)
    }

    /// Whether most values satisfy a test; a column without values satisfies none.
    fn mostly(&self, index: usize, test: impl Fn(&Raw) -> bool) -> bool {
        let (mut fine, mut all) = (0, 0);
        for cell in self.values(index) {
            all += 1;
            fine += usize::from(test(cell));
        }
        fine * 2 > all
    }

    fn times(&self, index: usize) -> bool {
        self.mostly(index, |cell| match cell {
            Raw::Time(_) => true,
            Raw::Text(text) => time(text).is_some(),
            _ => false,
        })
    }

    fn dates(&self, index: usize) -> bool {
        self.values(index).next().is_none()
            || self.mostly(index, |cell| match cell {
                Raw::Moment(_) | Raw::Number(_) => true,
                Raw::Text(text) => {
                    moment(text, Some(2024)).is_some()
                        || text.parse::<f64>().is_ok()
                        || crate::base::time::Zone::default().parse(text).is_some()
                }
                _ => false,
            })
    }

    /// Whether the column holds numbers that this program gives.
    fn own_numbers(&self, index: usize) -> bool {
        let letter = self.flat.register().spec().letter;
        self.mostly(index, |cell| {
            let no = cell.words();
            no.starts_with(letter)
                && register_of(&no).is_some()
                && crate::store::imports::is_number(&no)
        })
    }

    /// By a mapping file.
    pub(super) fn told(&mut self, plan: &mut Plan, map: &MapFile) -> Result<()> {
        for (label, key) in &map.columns {
            let known = |key: &str| self.flat.columns().iter().any(|column| column.key == key);
            let to = match key.as_str() {
                "" => To::Nothing,
                "note" => To::Note,
                key => match key.strip_suffix("+time") {
                    Some(key) if known(key) => To::TimeOf(key.to_owned()),
                    None if known(key) => To::Field(key.to_owned()),
                    _ => {
                        let message = Msg::new("import.unknown_key").with("key", key);
                        return Err(refused(message, label));
                    }
                },
            };
            let column = plan
                .columns
                .iter_mut()
                .find(|column| column.label == *label);
            let column = column.ok_or_else(|| {
                refused(
                    Msg::new("import.unknown_column").with("column", label.as_str()),
                    label,
                )
            })?;
            if let To::Field(key) = &to
                && !self.taken.insert(key.clone())
            {
                let message = Msg::new("import.twice").with("key", key.as_str());
                return Err(refused(message, label));
            }
            column.to = to;
            column.sure = Sure::Told;
        }
        let numbers = plan
            .columns
            .iter()
            .position(|c| c.to == To::Field("no".into()));
        if numbers.is_some_and(|index| self.own_numbers(index)) {
            plan.form = Form::Flat;
        }
        Ok(())
    }

    /// By the columns' names and values: the surest first.
    pub(super) fn guessed(&mut self, plan: &mut Plan) {
        let own = plan
            .columns
            .iter()
            .position(|column| self.words.own(&column.label) == Some("no"));
        if own.is_some_and(|index| self.own_numbers(index)) {
            plan.form = Form::Flat;
            for column in &mut plan.columns {
                if let Some(key) = self.words.own(&column.label)
                    && self.taken.insert(key.to_owned())
                {
                    column.to = match self.derived(key) && key != ENTRIES {
                        true => To::Nothing,
                        false => To::Field(key.to_owned()),
                    };
                }
            }
            return;
        }
        let mut guesses: Vec<(usize, String, Sure)> = Vec::new();
        for (index, column) in plan.columns.iter().enumerate() {
            if let Some((key, sure)) = self.words.guess(&column.label) {
                guesses.push((index, key.to_owned(), sure));
            }
        }
        guesses.sort_by_key(|(index, key, sure)| {
            // Of date and time of day in two columns the date comes first.
            (
                std::cmp::Reverse(*sure),
                self.is_instant(key) && self.times(*index),
                *index,
            )
        });
        for (index, key, sure) in guesses {
            let to = self.place(index, &key);
            if let Some(column) = plan.columns.get_mut(index) {
                column.to = to;
                column.sure = sure;
            }
        }
    }

    /// What the program reckons by itself.
    fn derived(&self, key: &str) -> bool {
        matches!(
            key,
            "state" | "class" | "entered" | "next" | "next_due" | ENTRIES
        ) && !self
            .flat
            .register()
            .actions()
            .iter()
            .any(|a| a.first && a.field(key).is_some())
    }

    fn place(&mut self, index: usize, key: &str) -> To {
        if key == "note" || key == "no" || self.derived(key) {
            return To::Note;
        }
        if self.is_instant(key) {
            if self.times(index) {
                return if self.taken.contains(key) {
                    To::TimeOf(key.to_owned())
                } else {
                    To::Note
                };
            }
            if !self.dates(index) {
                return To::Note;
            }
        }
        if self.taken.insert(key.to_owned()) {
            To::Field(key.to_owned())
        } else {
            To::Note
        }
    }
}
