//! The rows of a form, from the description of its action.

use serde_json::Value;

use super::input::Input;
use super::{Place, Row};
use crate::desk::view::RecordView;
use crate::record::common::AMENDABLE_TIMES;
use crate::record::field::{Field, Kind, Required};
use crate::record::request::ENVELOPE;
use crate::tui::outbox::Start;
use crate::tui::room::Room;
use crate::tui::typed;

/// Common actions whose time is hardly ever another than now.
const TIMELESS: [&str; 4] = ["amend", "void", "link", "remark"];

/// Envelope fields that the desk knows without asking.
const KNOWN: [&str; 2] = ["by", "role"];

fn row(field: &Field, place: Place, input: Input) -> Row {
    Row {
        field: *field,
        place,
        input,
        old: None,
        problem: None,
        touched: false,
    }
}

/// The rows of a form: the time first, then the action's own fields, then what is folded away.
pub fn rows(start: &Start, view: Option<&RecordView>, room: &Room) -> Vec<Row> {
    let procedure = view
        .and_then(|view| view.record.body.get("procedure"))
        .and_then(Value::as_str);
    let action = start.action;
    let mut rows = Vec::new();
    let timeless = TIMELESS.contains(&action.name);
    let (mut front, mut back) = (Vec::new(), Vec::new());
    for field in action.fields {
        if matches!(field.kind, Kind::Changes) {
            front.extend(changes(start, view, room, procedure));
        } else if field.folded {
            back.push(row(field, Place::Folded, Input::of(field, room, procedure)));
        } else {
            front.push(row(field, Place::Own, Input::of(field, room, procedure)));
        }
    }
    for field in ENVELOPE {
        let own = action.field(field.key).is_some() || KNOWN.contains(&field.key);
        if own || (field.key == "received" && !action.first) {
            continue;
        }
        let mut made = row(field, Place::Folded, Input::of(field, room, procedure));
        if field.key == "at" && !timeless && (!action.first || action.name == "occur") {
            made.place = Place::Time;
            rows.push(made);
        } else {
            back.push(made);
        }
    }
    rows.extend(front);
    rows.extend(back);
    prefill(&mut rows, start, room);
    rows
}

/// What is known beforehand: the operator where the action asks for one of his kind, then what was given.
fn prefill(rows: &mut [Row], start: &Start, room: &Room) {
    let mut fill = |key: &str, value: &Value| {
        if let Some(row) = rows.iter_mut().find(|row| row.field.key == key) {
            row.input.set(value, &row.field, room);
        }
    };
    if let Some(operator) = &room.operator {
        for (key, value) in own_words(
            start.action.fields,
            &operator.name,
            operator.role.as_deref(),
        ) {
            fill(key, &Value::from(value));
        }
    }
    if start.action.name == "occur" {
        fill(
            "at",
            &Value::from(typed::instant_text(room.now, room.voice.zone)),
        );
    }
    for (key, value) in &start.preset {
        fill(key, value);
    }
}

/// The fields of an action that the person acting would fill with himself.
pub fn own_words<'a>(
    fields: &'static [Field],
    name: &'a str,
    role: Option<&'a str>,
) -> Vec<(&'static str, &'a str)> {
    let asks_role = fields.iter().any(|field| field.key == "role");
    let engineer = matches!(
        role,
        Some("supervisor" | "system_engineer" | "chief_engineer")
    );
    let mut words = Vec::new();
    for field in fields {
        let his = match field.key {
            "by" => true,
            "technician" => role == Some("technician"),
            "clerk" => role == Some("clerk"),
            "engineer" => engineer,
            // Where a role is asked for too, the name is that of somebody who decides.
            "name" => !asks_role,
            "our_name" => true,
            _ => false,
        };
        if his && !matches!(field.required, Required::No) && matches!(field.kind, Kind::Text) {
            words.push((field.key, name));
        }
        if let ("role", Kind::Role, Some(role)) = (field.key, field.kind, role) {
            words.push((field.key, role));
        }
    }
    words
}

/// One row for each thing that an amendment may change, holding what the record has.
fn changes(
    start: &Start,
    view: Option<&RecordView>,
    room: &Room,
    procedure: Option<&str>,
) -> Vec<Row> {
    let Some(view) = view else { return Vec::new() };
    let body = view.record.body.as_object();
    let first: Vec<&str> = view
        .history
        .first()
        .and_then(|item| view.register.action(&item.entry.action))
        .map(|spec| spec.fields.iter().map(|field| field.key).collect())
        .unwrap_or_default();
    let amendable = |field: &&'static Field| {
        let held =
            body.is_some_and(|body| body.get(field.key).is_some_and(|value| !value.is_null()));
        !matches!(field.kind, Kind::Facts | Kind::Changes) && (held || first.contains(&field.key))
    };
    let head = &view.record.head;
    let times = AMENDABLE_TIMES.iter().map(|field| {
        let at = if field.key == "at" {
            head.opened
        } else {
            head.received
        };
        (field, serde_json::to_value(at).unwrap_or_default())
    });
    let own = start
        .register
        .fields()
        .into_iter()
        .filter(amendable)
        .map(|field| {
            (
                field,
                body.and_then(|body| body.get(field.key))
                    .cloned()
                    .unwrap_or_default(),
            )
        });
    own.chain(times)
        .map(|(field, old)| {
            let mut input = Input::of(field, room, procedure);
            input.set(&old, field, room);
            let mut row = row(field, Place::Change, input);
            row.old = Some(row.input.raw());
            row
        })
        .collect()
}
