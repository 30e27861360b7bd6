//! Filling: a description and the facts become a sheet, and the facts that were said are remembered.

use std::collections::BTreeMap;

use serde_json::Value;

use super::facts::{Facts, clause};
use super::layout::{BlockSpec, CellSpec, Layout, SignatureSpec};
use super::phrase::{Phrase, Slot};
use super::sheet::{Block, Cell, Column, Imprint, Sheet, Signature};

/// What was said on a paper: slot → words, without what was left blank.
pub type Said = BTreeMap<String, String>;

/// A filled paper.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filled {
    /// The paper, not issued.
    pub sheet: Sheet,
    /// What it says.
    pub said: Said,
}

/// Fills `layout` from the facts; `item`: the entry of the record's list that the paper is about.
pub fn fill(layout: &Layout, facts: &Facts<'_>, item: Option<&Value>) -> Filled {
    let mut filling = Filling {
        facts,
        items: item.into_iter().collect(),
        said: Said::new(),
        quiet: false,
        row: 0,
    };
    let number = match (&layout.use_.item_key, item) {
        (Some(key), Some(item)) => item.get(key).and_then(Value::as_str).map(str::to_owned),
        _ => None,
    };
    let number = number.unwrap_or_else(|| filling.slot_named("no"));
    let blocks = layout
        .block
        .iter()
        .filter_map(|spec| filling.block(spec))
        .collect();
    let clauses: Vec<_> = layout.clauses.iter().map(|id| clause(&id.0)).collect();
    Filled {
        sheet: Sheet {
            name: layout.name.clone(),
            company: facts.company(),
            title: layout.title.clone(),
            number,
            imprint: Imprint {
                clauses: clauses.join("、"),
                ..Imprint::default()
            },
            page: layout.page,
            copies: layout.copies.clone(),
            blocks,
        },
        said: filling.said,
    }
}

struct Filling<'f> {
    facts: &'f Facts<'f>,
    items: Vec<&'f Value>,
    said: Said,
    /// Inside a list: the list as a whole is remembered, not its lines.
    quiet: bool,
    /// The line of a list, from 1: `{row}`.
    row: usize,
}

impl<'f> Filling<'f> {
    fn slot_named(&mut self, name: &str) -> String {
        Slot::read(name).map_or_else(|_| String::new(), |slot| self.word(&slot))
    }

    fn word(&mut self, slot: &Slot) -> String {
        if self.quiet && slot.path == ["row"] {
            return self.row.to_string();
        }
        let word = match self.items.last() {
            Some(line) if self.quiet => self.facts.line_word(slot, line),
            _ => self.facts.word(slot, &self.items),
        };
        let word = crate::base::i18n::clean(&word);
        let known = !word.is_empty() && slot.path.first().is_some_and(|room| room != "site");
        if known && !self.quiet {
            self.said.insert(slot.name(), word.clone());
        }
        word
    }

    fn words(&mut self, phrase: &Phrase) -> String {
        phrase.words(&mut |slot| self.word(slot))
    }

    fn block(&mut self, spec: &BlockSpec) -> Option<Block> {
        if let Some(when) = &spec.when
            && self.words(&when.0).is_empty()
        {
            return None;
        }
        if let Some(unless) = &spec.unless
            && !self.words(&unless.0).is_empty()
        {
            return None;
        }
        if let Some(heading) = &spec.heading {
            let text = self.words(&heading.0);
            return Some(Block::Heading { text });
        }
        if let Some(text) = &spec.text {
            return Some(Block::Text {
                text: self.words(&text.0),
                indent: spec.style.indent,
                right: spec.style.right,
                large: spec.style.large,
            });
        }
        if let Some(rows) = &spec.form {
            let columns = u16::try_from(spec.widths.len()).unwrap_or(u16::MAX);
            return Some(Block::Form {
                widths: spec.widths.clone(),
                rows: rows.iter().map(|row| self.form_row(row, columns)).collect(),
            });
        }
        if let Some(boxes) = &spec.signatures {
            let boxes = boxes.iter().map(|spec| self.signature(spec)).collect();
            return Some(Block::Signatures { boxes });
        }
        Some(self.grid(spec))
    }

    fn form_row(&mut self, row: &[CellSpec], columns: u16) -> Vec<Cell> {
        let mut cells: Vec<Cell> = row
            .iter()
            .enumerate()
            .map(|(place, spec)| self.cell(spec, place % 2 == 0 && row.len() > 1))
            .collect();
        let used: u16 = cells.iter().map(|cell| cell.span).sum();
        if let Some(last) = cells.last_mut() {
            last.span += columns.saturating_sub(used);
        }
        cells
    }

    fn cell(&mut self, spec: &CellSpec, label: bool) -> Cell {
        match spec {
            CellSpec::Plain(text) => Cell {
                text: self.words(&text.0),
                span: 1,
                label,
                lines: 1,
            },
            CellSpec::Full {
                text,
                span,
                lines,
                label: own,
            } => Cell {
                text: self.words(&text.0),
                span: span.unwrap_or(1),
                label: own.unwrap_or(label),
                lines: lines.unwrap_or(1),
            },
        }
    }

    fn signature(&mut self, spec: &SignatureSpec) -> Signature {
        Signature {
            label: spec.label.clone(),
            name: self.words(&spec.name.0),
            date: self.words(&spec.date.0),
        }
    }

    fn grid(&mut self, spec: &BlockSpec) -> Block {
        let columns = spec.grid.as_deref().unwrap_or_default();
        let slots = spec
            .each
            .as_ref()
            .map(|each| each.0.slots())
            .unwrap_or_default();
        let list = slots.first().map(|slot| {
            self.word(slot);
            self.facts.list(&slot.path, &self.items)
        });
        let was = std::mem::replace(&mut self.quiet, true);
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (index, item) in list.into_iter().flatten().enumerate() {
            self.items.push(item);
            self.row = index + 1;
            rows.push(
                columns
                    .iter()
                    .map(|column| self.words(&column.text.0))
                    .collect(),
            );
            self.items.pop();
        }
        self.quiet = was;
        while rows.len() < spec.min_rows {
            rows.push(vec![String::new(); columns.len()]);
        }
        Block::Grid {
            columns: columns
                .iter()
                .map(|column| Column {
                    label: column.label.clone(),
                    width: column.width,
                    right: column.right,
                })
                .collect(),
            rows,
        }
    }
}
