//! Every built-in paper: what it speaks of exists, and what it says.

use std::collections::BTreeSet;

use serde_json::Value;

use super::lives::{documents, lived};
use crate::desk::Desk;
use crate::documents::facts::Facts;
use crate::documents::layout::{BlockSpec, CellSpec, Layout, Made};
use crate::documents::phrase::{Form, Phrase, Slot};
use crate::documents::sheet::{Block, Sheet};
use crate::documents::{BUILT_IN, Documents};

/// Slots of a paper for the blanks that only a pen fills, or that a life of its own would have to bring.
const NEVER_FILLED: [(&str, &str); 0] = [];

/// Papers of records; books have their own tests.
fn papers(documents: &Documents) -> impl Iterator<Item = &Layout> {
    documents
        .all()
        .iter()
        .filter(|paper| paper.made == Made::Record)
}

#[test]
fn every_built_in_paper_can_be_read_and_names_its_clauses() {
    for (name, text) in BUILT_IN {
        let layout = Layout::read(name, text).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert!(
            !layout.clauses.is_empty() || layout.made == Made::Book,
            "{name} names no clause"
        );
    }
    assert_eq!(Documents::default().all().len(), BUILT_IN.len());
}

#[test]
fn every_clause_of_a_paper_is_one_of_the_procedures() {
    let procedures = [
        include_str!("../../../assets/procedures/outage.toml"),
        include_str!("../../../assets/procedures/application.toml"),
        include_str!("../../../assets/procedures/work-order.toml"),
        include_str!("../../../assets/procedures/property.toml"),
        include_str!("../../../assets/procedures/product.toml"),
        include_str!("../../../assets/procedures/log.toml"),
    ];
    // Clauses that bear on a paper without making a duty.
    const WITHOUT_A_DUTY: [&str; 10] = [
        "S1.4.1", "S2.1", "S2.6", "S2.10", "S4", "S5.4.3.1", "S5.4.3.4", "S6.3.5", "S7.4.6",
        "S7.4.7",
    ];
    const ARTICLES: [&str; 2] = ["S7.4.8.4", "S9"];
    for paper in papers(&documents()) {
        for clause in &paper.clauses {
            let quoted = format!("\"{}\"", clause.0);
            let known = procedures
                .iter()
                .any(|procedure| procedure.contains(&quoted));
            let listed = WITHOUT_A_DUTY.contains(&clause.0.as_str())
                || ARTICLES.contains(&clause.0.as_str());
            assert!(known || listed, "{}: {}", paper.name, clause.0);
        }
    }
}

/// Every phrase of a block outside lists.
fn phrases(block: &BlockSpec) -> Vec<&Phrase> {
    let texts = [
        &block.heading,
        &block.text,
        &block.each,
        &block.when,
        &block.unless,
    ];
    let mut found: Vec<&Phrase> = texts.into_iter().flatten().map(|text| &text.0).collect();
    for cell in block.form.iter().flatten().flatten() {
        let (CellSpec::Plain(text) | CellSpec::Full { text, .. }) = cell;
        found.push(&text.0);
    }
    for signature in block.signatures.iter().flatten() {
        found.extend([&signature.name.0, &signature.date.0]);
    }
    found
}

fn slots(phrases: Vec<&Phrase>) -> Vec<&Slot> {
    phrases.into_iter().flat_map(Phrase::slots).collect()
}

fn columns(block: &BlockSpec) -> Vec<&Phrase> {
    block
        .grid
        .iter()
        .flatten()
        .map(|column| &column.text.0)
        .collect()
}

/// Adds the slots of a paper that a record fills; `items`: what the paper is about.
fn fill(filled: &mut BTreeSet<String>, paper: &Layout, facts: &Facts<'_>, items: &[&Value]) {
    // Boxes to tick say something even of what is not known.
    let says = |slot: &Slot, word: String| {
        !word.is_empty() && (slot.form != Form::Boxes || word.contains('☑'))
    };
    for block in &paper.block {
        filled.extend(
            slots(phrases(block))
                .into_iter()
                .filter(|slot| says(slot, facts.word(slot, items)))
                .map(Slot::name),
        );
        let each = block.each.iter().flat_map(|each| each.0.slots()).next();
        for line in each
            .map(|each| facts.list(&each.path, items))
            .unwrap_or_default()
        {
            let of_line = slots(columns(block)).into_iter();
            filled.extend(
                of_line
                    .filter(|slot| slot.path == ["row"] || says(slot, facts.line_word(slot, line)))
                    .map(Slot::name),
            );
        }
    }
}

fn records(
    desk: &Desk,
    numbers: impl Iterator<Item = String>,
    mut each: impl FnMut(&str, &Facts<'_>),
) {
    for no in numbers {
        let view = desk.view(&no).unwrap().unwrap();
        let rules = desk.rules();
        let facts = Facts::of(&view, &rules).around(desk.around(&view).unwrap());
        each(&no, &facts);
    }
}

#[test]
fn every_slot_of_every_paper_is_filled_by_some_life() {
    let (desk, numbers) = lived();
    let documents = documents();
    let mut empty = Vec::new();
    for paper in papers(&documents) {
        let mut filled = BTreeSet::new();
        records(&desk, numbers.values().cloned(), |_, facts| {
            if facts.register.spec().code != paper.register {
                return;
            }
            match &paper.use_.item {
                Some(list) => {
                    for item in facts.list(std::slice::from_ref(list), &[]) {
                        fill(&mut filled, paper, facts, &[item]);
                    }
                }
                None => fill(&mut filled, paper, facts, &[]),
            }
        });
        let named = paper
            .block
            .iter()
            .flat_map(|block| slots([phrases(block), columns(block)].concat()));
        let missing: BTreeSet<String> = named
            .map(Slot::name)
            .filter(|name| !filled.contains(name))
            .filter(|name| !NEVER_FILLED.contains(&(paper.name.as_str(), name)))
            .collect();
        empty.extend(
            missing
                .into_iter()
                .map(|name| format!("{}: {name}", paper.name)),
        );
    }
    assert!(empty.is_empty(), "{}", empty.join("\n"));
}

#[test]
fn every_fact_that_a_paper_says_has_a_name() {
    let (desk, numbers) = lived();
    let documents = documents();
    let mut nameless = BTreeSet::new();
    records(&desk, numbers.values().cloned(), |_, facts| {
        let papers =
            papers(&documents).filter(|paper| paper.register == facts.register.spec().code);
        for paper in papers {
            for slot in slots(paper.block.iter().flat_map(phrases).collect()) {
                let label = facts.label(slot);
                if slot.path[0] != "site"
                    && (label.is_empty() || label.contains(|c: char| c.is_ascii_lowercase()))
                {
                    nameless.insert(format!("{}: {} is called {label}", paper.name, slot.name()));
                }
            }
        }
    });
    let nameless: Vec<String> = nameless.into_iter().collect();
    assert!(nameless.is_empty(), "{}", nameless.join("\n"));
}

/// A paper as text: what stands on it, without its look.
pub(super) fn text_of(sheet: &Sheet) -> String {
    let lying = if sheet.page.landscape { " 横" } else { "" };
    let mut out = format!(
        "{} {} {:?}{lying}\n",
        sheet.title, sheet.number, sheet.page.size
    );
    out += &format!(
        "{} {} {}\n",
        sheet.imprint.clauses, sheet.imprint.issued, sheet.imprint.mark
    );
    for block in &sheet.blocks {
        match block {
            Block::Heading { text } => out += &format!("## {text}\n"),
            Block::Text { text, .. } => out += &format!("{text}\n"),
            Block::Form { rows, .. } => {
                for row in rows {
                    let cells: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
                    out += &format!("| {} |\n", cells.join(" | "));
                }
            }
            Block::Grid { columns, rows } => {
                let head: Vec<&str> = columns.iter().map(|column| column.label.as_str()).collect();
                out += &format!("= {} =\n", head.join(" = "));
                for row in rows {
                    out += &format!("- {} -\n", row.join(" - "));
                }
            }
            Block::Signatures { boxes } => {
                for each in boxes {
                    out += &format!("[{}: {} {}]\n", each.label, each.name, each.date);
                }
            }
        }
    }
    out.lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

/// Each paper from the life that says most on it; the number of an item where it is not the last.
const RICHEST: [(&str, &str, Option<&str>); 24] = [
    ("outage_notice", "planned", None),
    ("outage_bulletin", "planned", None),
    ("outage_bulletin", "still out", None),
    ("outage_bulletin", "accident", None),
    ("broadcast_script", "planned", None),
    ("broadcast_script", "accident", None),
    ("outage_plan", "planned", None),
    ("operation_ticket", "planned", None),
    ("restoration_checklist", "planned", None),
    ("explanation_letter", "accident", None),
    ("special_report", "accident", None),
    ("repair_slip", "slip", None),
    ("electricity_application", "metered", None),
    ("meter_start_slip", "metered", None),
    ("meter_stop_slip", "metered", None),
    ("meter_stop_slip", "metered", Some("LS00123")),
    ("electricity_bill", "metered", None),
    ("electricity_bill", "estimated", None),
    ("complaint_form", "major", None),
    ("reply_letter", "major", None),
    ("grievance_form", "product", None),
    ("penalty_notice", "product", None),
    ("maker_letter", "product", None),
    ("shift_handover", "shift", None),
];

#[test]
fn what_each_paper_says() {
    let (desk, numbers) = lived();
    for paper in papers(&documents()) {
        assert!(
            RICHEST.iter().any(|(name, ..)| *name == paper.name),
            "{} is not looked at",
            paper.name
        );
    }
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        for (name, life, item) in RICHEST {
            let printed = desk.draw(&numbers[life], name, item);
            let printed = printed.unwrap_or_else(|e| panic!("{name} of {life}: {e:?}"));
            let file = [Some(name), Some(life), item].into_iter().flatten();
            insta::assert_snapshot!(file.collect::<Vec<_>>().join("-"), text_of(&printed.sheet));
        }
    });
}
