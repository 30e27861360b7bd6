//! The rows of a form, from the description of its action.

use serde_json::Value;

use super::correct;
use super::input::Input;
use super::row::{Place, Row};
use crate::desk::view::RecordView;
use crate::record::common::{Correct, Strike};
use crate::record::field::{Field, Kind, Required};
use crate::record::request::ENVELOPE;
use crate::tui::outbox::Start;
use crate::tui::room::Room;
use crate::tui::screens::entry::about_key;
use crate::tui::typed;

/// Common actions whose time is hardly ever another than now.
const TIMELESS: [&str; 5] = ["amend", "void", "link", "remark", "explain_breach"];

/// Envelope fields that the desk knows without asking.
const KNOWN: [&str; 2] = ["by", "role"];

/// The rows of a form: the time first, then the action's own fields, then what is folded away.
pub fn rows(start: &Start, view: Option<&RecordView>, room: &Room) -> Vec<Row> {
    let procedure = view
        .and_then(|view| view.record.body.get("procedure"))
        .and_then(Value::as_str);
    let action = start.action;
    let mut rows = Vec::new();
    // Where only some fields are asked for, what is known beforehand is not gone through.
    let known = |key: &str| start.preset.iter().any(|(known, _)| known == key);
    let timeless = TIMELESS.contains(&action.name);
    let (mut front, mut back) = (Vec::new(), Vec::new());
    for field in action.fields {
        if matches!(field.kind, Kind::Changes) {
            front.extend(match action.name {
                Correct::NAME => correct::rows(start, view, room, procedure),
                _ => changes(start, view, room, procedure),
            });
        } else if about_key(action.name) == Some(field.key) {
            front.push(Row::new(
                field,
                Place::About,
                Input::of(field, room, procedure),
            ));
        } else if field.gathered {
            front.push(Row::new(field, Place::Given, Input::Given(Value::Null)));
        } else if matches!(field.kind, Kind::Facts) {
            front.push(facts(field, view, room, procedure));
        } else if field.folded || (!start.asked.is_empty() && known(field.key)) {
            back.push(Row::new(
                field,
                Place::Folded,
                Input::of(field, room, procedure),
            ));
        } else {
            front.push(Row::new(
                field,
                Place::Own,
                Input::of(field, room, procedure),
            ));
        }
    }
    let about_an_entry = matches!(action.name, Correct::NAME | Strike::NAME);
    let put_right: Vec<&str> = front
        .iter()
        .filter(|row: &&Row| row.place == Place::Change)
        .map(|row| row.field.key)
        .collect();
    for field in ENVELOPE.iter().filter(|_| !about_an_entry) {
        let own = action.field(field.key).is_some() || KNOWN.contains(&field.key);
        // A time that is put right is not that of putting it right.
        let twice = put_right.contains(&field.key);
        if own || twice || (field.key == "received" && !action.first) {
            continue;
        }
        let mut made = Row::new(field, Place::Folded, Input::of(field, room, procedure));
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

/// Facts as the record knows them by now; what is said of them is what changes.
fn facts(field: &Field, view: Option<&RecordView>, room: &Room, procedure: Option<&str>) -> Row {
    let row = Row::new(field, Place::Own, Input::of(field, room, procedure));
    match view.and_then(|view| view.record.body.get(field.key)) {
        Some(known) => row.holding(known, room),
        None => row,
    }
}

/// What is known beforehand: the operator where the action asks for one of his kind, then what was given.
fn prefill(rows: &mut [Row], start: &Start, room: &Room) {
    let mut fill = |key: &str, value: &Value| {
        let asked = |row: &&mut Row| row.field.key == key && row.place != Place::Change;
        if let Some(row) = rows.iter_mut().find(asked) {
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

/// Times that an amendment may change: those of the opening entry.
const TIMES: &[Field] = &[Field::instant("at"), Field::instant("received")];

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
    let times = TIMES.iter().map(|field| {
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
            let input = Input::of(field, room, procedure);
            Row::new(field, Place::Change, input).holding(&old, room)
        })
        .collect()
}
