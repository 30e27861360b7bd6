//! The columns of a register's table, from its description.

use serde_json::Value;

use crate::base::time::Instant;
use crate::desk::view::ListItem;
use crate::record::field::Kind;
use crate::registers::dynamic::AnyRegister;
use crate::registers::label;
use crate::tui::paint::{Bit, Column, bit};
use crate::tui::room::Room;
use crate::tui::text::width;
use crate::tui::theme::{Theme, Tone};
use crate::tui::when::{mark, near, short, short_no};

/// The columns of a register's list; the symbol of the next duty stands first.
pub fn of(register: &dyn AnyRegister, room: &Room) -> Vec<Column> {
    let spec = register.spec();
    let mut columns = vec![Column {
        title: String::new(),
        least: 1,
        grows: false,
        right: false,
        must: true,
    }];
    columns.extend(spec.columns.iter().map(|key| Column {
        title: label::field(&room.voice, spec.code, key),
        least: least(register, key, room),
        grows: grows(register, key),
        right: right(register, key),
        must: matches!(*key, "no" | "next"),
    }));
    columns
}

fn kind(register: &dyn AnyRegister, key: &str) -> Option<Kind> {
    register.field(key).map(|field| field.kind)
}

fn least(register: &dyn AnyRegister, key: &str, room: &Room) -> usize {
    let widest =
        |words: &mut dyn Iterator<Item = String>| words.map(|word| width(&word)).max().unwrap_or(8);
    let code = register.spec().code;
    match (key, kind(register, key)) {
        ("no", _) => 8,
        ("state", _) => widest(
            &mut register
                .states()
                .codes
                .iter()
                .map(|state| label::state(&room.voice, code, state)),
        )
        .min(14),
        ("class", _) => {
            let classes = room.rules.class_codes();
            widest(
                &mut classes
                    .iter()
                    .map(|class| room.text(&format!("class.{class}"))),
            )
            .min(6)
        }
        ("next", _) => 11,
        ("title", _) => 12,
        ("received", _) | (_, Some(Kind::Instant { .. })) => 11,
        (_, Some(Kind::Long)) => 12,
        (_, Some(Kind::Choice(_))) => 8,
        (_, Some(_)) => register
            .field(key)
            .map_or(10, |field| usize::from(field.width)),
        (key, None) if key.ends_with("_at") => 11,
        (_, None) => 8,
    }
}

fn grows(register: &dyn AnyRegister, key: &str) -> bool {
    matches!(key, "next" | "title")
        || matches!(
            kind(register, key),
            Some(Kind::Long | Kind::Texts | Kind::TextsOrAll)
        )
}

fn right(register: &dyn AnyRegister, key: &str) -> bool {
    matches!(
        kind(register, key),
        Some(Kind::Integer { .. } | Kind::Fen | Kind::Decimal { .. })
    )
}

/// The cells of one line.
pub fn cells(register: &dyn AnyRegister, room: &Room, item: &ListItem) -> Vec<Bit> {
    let (symbol, tone) = match &item.next {
        Some(next) => {
            let mark = mark(&next.deadline, room);
            (mark.symbol(), Theme::mark(mark))
        }
        None => (" ", Tone::Dim),
    };
    let mut cells = vec![bit(symbol, tone)];
    cells.extend(
        register
            .spec()
            .columns
            .iter()
            .map(|key| cell(register, room, item, key, tone)),
    );
    cells
}

fn cell(register: &dyn AnyRegister, room: &Room, item: &ListItem, key: &str, tone: Tone) -> Bit {
    let record = &item.record;
    let code = register.spec().code;
    match key {
        "no" => bit(short_no(&record.head.no, room), Tone::Strong),
        "received" => bit(near(record.head.received, room), Tone::Dim),
        "next" => match &item.next {
            Some(next) => {
                let name = label::duty(&room.voice, code, &next.code);
                bit(format!("{} {name}", short(&next.deadline, room)), tone)
            }
            None => bit("", Tone::Dim),
        },
        key => {
            if let Some(at) = record.body.get(key).and_then(instant) {
                return bit(near(at, room), Tone::Text);
            }
            bit(
                label::value(&room.voice, &room.rules, register, record, key),
                Tone::Text,
            )
        }
    }
}

/// The columns of a search in all registers.
pub fn everywhere(room: &Room) -> Vec<Column> {
    let column = |title: &str, least: usize, grows: bool| Column {
        title: if title.is_empty() {
            String::new()
        } else {
            room.text(title)
        },
        least: least.max(if title.is_empty() {
            1
        } else {
            width(&room.text(title))
        }),
        grows,
        right: false,
        must: false,
    };
    vec![
        column("", 1, false),
        column("field.no", 10, false),
        column("tui.object", 16, true),
        column("field.state", 8, false),
        column("field.next", 12, false),
    ]
}

/// The cells of a line found in one of them.
pub fn found(item: &ListItem, room: &Room) -> Vec<Bit> {
    let (symbol, tone, time) = match &item.next {
        Some(next) => {
            let mark = mark(&next.deadline, room);
            (
                mark.symbol(),
                Theme::mark(mark),
                short(&next.deadline, room),
            )
        }
        None => (" ", Tone::Dim, String::new()),
    };
    let state = label::state(&room.voice, item.register, &item.record.head.state);
    vec![
        bit(symbol, tone),
        bit(short_no(&item.record.head.no, room), Tone::Strong),
        bit(item.title.clone(), Tone::Text),
        bit(state, Tone::Text),
        bit(time, tone),
    ]
}

/// An instant as records store it.
pub fn instant(value: &Value) -> Option<Instant> {
    value.as_str().and_then(Instant::stored)
}
