//! A card in lines: what it is, what is owed, what happened.

use serde_json::Value;

use super::history;
use crate::base::i18n::Msg;
use crate::desk::told::Told;
use crate::desk::view::RecordView;
use crate::documents::issue::latest;
use crate::registers::{label, register_of};
use crate::rules::deadline::{Deadline, Outcome};
use crate::tui::paint::{Bits, bit};
use crate::tui::room::Room;
use crate::tui::text::{pad, width, wrap};
use crate::tui::theme::{Theme, Tone};
use crate::tui::when::{Mark, dated, long, mark, near, short_no};

/// Parts of a duty listed one a line; more are counted.
const PARTS: usize = 8;

/// What a line stands for when it can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The duty of this index.
    Duty(usize),
    /// A part of a duty.
    Part(usize, usize),
    /// Another record.
    Link(String),
    /// A paper of the record: its name, and which of several it is about.
    Paper(String, Option<String>),
    /// The breach of this index, which has no reason yet.
    Breach(usize),
    /// The entry of the history at this place in the journal.
    Entry(i64),
}

/// A line of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardLine {
    /// What is drawn.
    pub bits: Bits,
    /// What it stands for.
    pub spot: Option<Spot>,
    /// What stands in the right half of the row.
    pub beside: Option<Box<CardLine>>,
}

impl CardLine {
    /// A line of its own.
    pub fn new(bits: Bits, spot: Option<Spot>) -> Self {
        Self {
            bits,
            spot,
            beside: None,
        }
    }

    /// What can be chosen in this row, from the left.
    pub fn spots(&self) -> impl Iterator<Item = &Spot> {
        let beside = self.beside.iter().filter_map(|beside| beside.spot.as_ref());
        self.spot.iter().chain(beside)
    }
}

pub(super) fn plain(bits: Bits) -> CardLine {
    CardLine::new(bits, None)
}

pub(super) fn heading(room: &Room, key: &str) -> [CardLine; 2] {
    [plain(vec![]), plain(vec![bit(room.text(key), Tone::Dim)])]
}

/// `W-2026-00227 维修 · 重要 · 已派单`.
pub fn title(view: &RecordView, room: &Room) -> Bits {
    let head = &view.record.head;
    let code = view.register.spec().code;
    let mut bits = vec![
        bit(head.no.clone(), Tone::Strong),
        bit(
            format!(" {}", room.text(&format!("register.{code}"))),
            Tone::Text,
        ),
    ];
    if let Some(class) = &head.class {
        bits.push(bit(
            format!(" · {}", room.text(&format!("class.{class}"))),
            Tone::Strong,
        ));
    }
    bits.push(bit(
        format!(" · {}", label::state(&room.voice, code, &head.state)),
        Tone::Text,
    ));
    bits
}

/// Every line of a card; `told` is its history in words.
pub fn lines(view: &RecordView, told: &[Told], room: &Room, columns: usize) -> Vec<CardLine> {
    let mut out = Vec::new();
    facts(view, room, columns, &mut out);
    duties(view, room, columns, &mut out);
    breaches(view, room, columns, &mut out);
    papers_and_links(view, room, &mut out);
    out.extend(heading(room, "card.history"));
    out.extend(history::lines(view, told, room, columns));
    out
}

fn facts(view: &RecordView, room: &Room, columns: usize, out: &mut Vec<CardLine>) {
    let head = &view.record.head;
    out.extend(
        wrap(&view.title, columns)
            .into_iter()
            .map(|text| plain(vec![bit(text, Tone::Strong)])),
    );
    let received = format!(
        "{} {}",
        room.text("field.received"),
        dated(head.received, room)
    );
    let mut bits = vec![bit(received, Tone::Dim)];
    if let Some(via) = view
        .history
        .first()
        .and_then(|item| item.entry.via.as_ref())
    {
        bits.push(bit(
            format!(" ({})", room.text(&format!("via.{via}"))),
            Tone::Dim,
        ));
    }
    out.push(plain(bits));
    if let Some(reason) = &head.void_reason {
        let text = format!(
            "{}: {reason}",
            label::action(&room.voice, view.register.spec().code, "void")
        );
        out.extend(
            wrap(&text, columns)
                .into_iter()
                .map(|text| plain(vec![bit(text, Tone::Late)])),
        );
    }
    let body = body(view, room);
    let label_width = body
        .iter()
        .map(|(name, _)| width(name))
        .max()
        .unwrap_or(0)
        .clamp(4, 14);
    for (name, value) in body {
        let value_lines = wrap(&value, columns.saturating_sub(label_width + 1));
        for (index, text) in value_lines.into_iter().enumerate() {
            let name = if index == 0 { name.as_str() } else { "" };
            out.push(plain(vec![
                bit(pad(name, label_width), Tone::Dim),
                bit(format!(" {text}"), Tone::Text),
            ]));
        }
    }
}

/// What the record keeps, as (label, value); what the title says already is left out.
fn body(view: &RecordView, room: &Room) -> Vec<(String, String)> {
    let said = |value: &String| value.chars().count() > 1 && view.title.contains(value.as_str());
    let all = label::body(&room.voice, &room.rules, view.register, &view.record);
    all.into_iter()
        .filter(|(_, value)| !said(value) && !value.is_empty())
        .collect()
}

fn duties(view: &RecordView, room: &Room, columns: usize, out: &mut Vec<CardLine>) {
    let shown: Vec<(usize, &Deadline)> = view
        .deadlines
        .iter()
        .enumerate()
        .filter(|(_, d)| d.outcome != Outcome::Void)
        .collect();
    if shown.is_empty() {
        return;
    }
    out.extend(heading(room, "card.deadlines"));
    let name_width = shown
        .iter()
        .map(|(_, d)| width(&duty_name(view, d, room)))
        .max()
        .unwrap_or(8)
        .clamp(8, (columns * 2 / 5).max(22));
    for (index, deadline) in shown {
        let bits = duty_bits(view, deadline, room, name_width, columns);
        out.push(CardLine::new(bits, Some(Spot::Duty(index))));
        parts(deadline, index, room, out);
    }
}

/// A duty's label, with its round when there was more than one.
pub fn duty_name(view: &RecordView, deadline: &Deadline, room: &Room) -> String {
    let name = label::duty(&room.voice, view.register.spec().code, &deadline.code);
    match deadline.round {
        0 | 1 => name,
        round => room.say(
            &Msg::new("tui.round")
                .with("name", name)
                .with("n", i64::from(round)),
        ),
    }
}

fn duty_bits(
    view: &RecordView,
    deadline: &Deadline,
    room: &Room,
    name_width: usize,
    columns: usize,
) -> Bits {
    let mark = mark(deadline, room);
    let tone = Theme::mark(mark);
    let name_tone = if matches!(mark, Mark::Done | Mark::Na) {
        Tone::Dim
    } else {
        Tone::Text
    };
    let clause = room.clause(&deadline.clause);
    let time_width = columns.saturating_sub(name_width + width(&clause) + 5);
    vec![
        bit(format!("{} ", mark.symbol()), tone),
        bit(pad(&duty_name(view, deadline, room), name_width), name_tone),
        bit(format!(" {}", pad(&long(deadline, room), time_width)), tone),
        bit(format!(" {clause}"), Tone::Dim),
    ]
}

fn parts(deadline: &Deadline, index: usize, room: &Room, out: &mut Vec<CardLine>) {
    if !deadline.pending() || deadline.parts.is_empty() {
        return;
    }
    let done: Vec<String> = deadline
        .parts
        .iter()
        .filter_map(|part| {
            part.done
                .map(|at| format!("{} {}", room.say(&part.name), near(at, room)))
        })
        .collect();
    if !done.is_empty() {
        out.push(plain(vec![
            bit("    ✓ ", Tone::Good),
            bit(done.join(&room.text("punct.list")), Tone::Dim),
        ]));
    }
    let open: Vec<(usize, String)> = deadline
        .parts
        .iter()
        .enumerate()
        .filter(|(_, part)| part.done.is_none())
        .map(|(at, part)| (at, room.say(&part.name)))
        .collect();
    for (at, name) in open.iter().take(PARTS) {
        let bits = vec![bit("    ○ ", Tone::AtOnce), bit(name.clone(), Tone::Text)];
        out.push(CardLine::new(bits, Some(Spot::Part(index, *at))));
    }
    if open.len() > PARTS {
        let rest = room.say(&Msg::new("tui.more_parts").with("n", open.len() - PARTS));
        out.push(plain(vec![bit(format!("      {rest}"), Tone::Dim)]));
    }
}

/// Each breach with its reason; one that has none yet can be chosen, to give it.
fn breaches(view: &RecordView, room: &Room, columns: usize, out: &mut Vec<CardLine>) {
    let head = &view.record.head;
    if head.breaches.is_empty() {
        return;
    }
    out.extend(heading(room, "card.breach"));
    for (index, breach) in head.breaches.iter().enumerate() {
        let name = label::duty(&room.voice, view.register.spec().code, &breach.code);
        let clause = room.clause(&breach.clause);
        let silent = breach.reason.is_empty();
        let (sign, reason) = match silent {
            true => ("‼", room.text("told.unexplained")),
            false => ("×", breach.reason.clone()),
        };
        let text = format!("{sign} {name} {clause} {} {reason}", near(breach.at, room));
        let lines = wrap(&text, columns);
        out.extend(lines.into_iter().enumerate().map(|(line, text)| {
            let spot = (silent && line == 0).then_some(Spot::Breach(index));
            CardLine::new(vec![bit(text, Tone::Late)], spot)
        }));
    }
}

fn papers_and_links(view: &RecordView, room: &Room, out: &mut Vec<CardLine>) {
    let head = &view.record.head;
    if !head.papers.is_empty() {
        out.extend(heading(room, "tui.papers"));
    }
    for paper in &head.papers {
        let last = latest(&view.record, &paper.name, paper.of.as_ref());
        let last = last.is_some_and(|last| last.version == paper.version);
        let mut bits = vec![bit(
            format!(
                "{} v{} {}",
                room.paper(&paper.name),
                paper.version,
                near(paper.issued, room)
            ),
            Tone::Text,
        )];
        if paper.outdated {
            let next = Msg::new("outlet.issue_next").with("next", i64::from(paper.version) + 1);
            let told = match last {
                true => room.say(&next),
                false => room.text("tui.outdated"),
            };
            bits.push(bit(format!(" ! {told}"), Tone::Soon));
        }
        let spot = last.then(|| {
            let item = paper.of.as_ref().map(|of| of.value.clone());
            Spot::Paper(paper.name.clone(), item)
        });
        out.push(CardLine::new(bits, spot));
    }
    let named = named(view);
    if !(head.links.is_empty() && view.linked_from.is_empty() && named.is_empty()) {
        out.extend(heading(room, "tui.links"));
    }
    let mut link = |arrow: &str, kind: &str, no: &str| {
        let kind = room.text(&kind_label(kind));
        let bits = vec![
            bit(format!("{arrow} {kind} "), Tone::Dim),
            bit(short_no(no, room), Tone::Strong),
        ];
        out.push(CardLine::new(bits, Some(Spot::Link(no.to_owned()))));
    };
    head.links.iter().for_each(|l| link("→", &l.kind, &l.to));
    named.iter().for_each(|no| link("→", "refers", no));
    let known = |l: &&crate::record::head::Link| !head.links.iter().any(|own| own.to == l.to);
    view.linked_from
        .iter()
        .filter(known)
        .for_each(|l| link("←", &l.kind, &l.to));
}

fn kind_label(kind: &str) -> String {
    if kind == "refers" {
        "tui.refers".to_owned()
    } else {
        format!("link.{kind}")
    }
}

/// Records that a field names without a link.
fn named(view: &RecordView) -> Vec<String> {
    let linked = |no: &str| view.record.head.links.iter().any(|link| link.to == no);
    let body = view
        .record
        .body
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::values);
    let texts = body.flat_map(|value| match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>(),
        value => value.as_str().into_iter().collect(),
    });
    let mut named: Vec<String> = texts
        .filter(|text| is_number(text) && !linked(text))
        .map(str::to_owned)
        .collect();
    named.dedup();
    named
}

/// `W-2026-00001`, `W-B-2026-00001`.
fn is_number(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits =
        |part: &&str, least: usize| part.len() >= least && part.bytes().all(|b| b.is_ascii_digit());
    register_of(text).is_some()
        && (3..=4).contains(&parts.len())
        && parts
            .iter()
            .rev()
            .take(2)
            .zip([5, 4])
            .all(|(part, least)| digits(part, least))
}
