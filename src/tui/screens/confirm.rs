//! One line at the foot: what a single key is about to write that serves many, is money, names a person or judges. Enter
//! writes it, Esc leaves it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::{Map, Value};

use crate::base::i18n::Msg;
use crate::desk::view::RecordView;
use crate::record::field::{Field, Kind};
use crate::registers::label;
use crate::rules::deadline::Tick;
use crate::tui::hand::Writes;
use crate::tui::keymap::{Cmd, Context};
use crate::tui::outbox::{Go, Outbox, Start};
use crate::tui::paint::{Bits, bit, selected_line};
use crate::tui::room::Room;
use crate::tui::screen::{Cover, Here, Press, Scene, Screen, Taken};
use crate::tui::text::wrap;
use crate::tui::theme::Tone;
use crate::tui::when::short_no;

/// The line.
pub struct Confirm {
    text: String,
    start: Start,
    data: Map<String, Value>,
}

impl Confirm {
    /// What is asked before this act on a record is written with this data.
    pub fn new(start: Start, data: Map<String, Value>, view: &RecordView, room: &Room) -> Self {
        let told = Msg::new("tui.confirm")
            .with("no", short_no(&view.record.head.no, room))
            .with(
                "action",
                label::action(&room.voice, view.register.spec().code, start.action.name),
            )
            .with("title", view.title.as_str());
        let parts = said(&start, &data, view, room);
        let mut text = room.say(&told);
        parts
            .iter()
            .for_each(|part| text.push_str(&format!(" · {part}")));
        Self { text, start, data }
    }
}

/// The fields of the act in words, and the persons that it does not name: who signed is never left unsaid.
fn said(start: &Start, data: &Map<String, Value>, view: &RecordView, room: &Room) -> Vec<String> {
    let code = view.register.spec().code;
    let name = |field: &Field| label::field(&room.voice, code, field.key);
    let fields = start.action.fields.iter();
    let mut parts: Vec<String> = fields
        .filter_map(|field| {
            let value = data
                .get(field.key)
                .cloned()
                .or_else(|| field.default.filter(|_| field.judges).map(Value::from));
            let words = match (&value, field.kind) {
                (Some(Value::String(all)), Kind::TextsOrAll) if all == "all" => {
                    everybody(start, view, room)
                }
                (Some(value), _) => label::print(&room.voice, &room.rules, code, field, value),
                (None, _) if field.names_person() => room.text("tui.unsaid"),
                (None, _) => return None,
            };
            Some(format!("{} {words}", name(field)))
        })
        .collect();
    let by = data.get("by").and_then(Value::as_str);
    parts.extend(by.map(|by| format!("{} {by}", room.text("field.by"))));
    parts
}

/// How many are served by what goes to all of them.
fn everybody(start: &Start, view: &RecordView, room: &Room) -> String {
    let known: Vec<_> = start.preset.iter().filter(|(_, v)| v != "all").collect();
    let serves_one = |tick: &&Tick| {
        tick.action == start.action.name
            && tick.preset != start.preset
            && known.iter().all(|known| tick.preset.contains(known))
    };
    let parts = view.deadlines.iter().flat_map(|duty| duty.parts.iter());
    let open = parts.filter(|part| part.done.is_none());
    let one_by_one = open
        .filter_map(|part| part.tick.as_ref())
        .filter(serves_one);
    match one_by_one.count() {
        0 => room.text("tui.confirm_all"),
        n => room.say(&Msg::new("tui.confirm_all_n").with("n", n)),
    }
}

impl Screen for Confirm {
    fn context(&self) -> Context {
        Context::Confirm
    }

    fn title(&self, _room: &Room) -> Bits {
        vec![bit(self.text.clone(), Tone::Strong)]
    }

    fn cover(&self) -> Cover {
        Cover::Line
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let area = scene.area;
        let lines = wrap(&self.text, usize::from(area.width.saturating_sub(4)));
        let height = u16::try_from(lines.len())
            .unwrap_or(u16::MAX)
            .min(area.height);
        let foot = Rect {
            y: area.bottom() - height,
            height,
            ..area
        };
        for (row, text) in (0..).zip(lines) {
            let sign = if row == 0 { " ? " } else { "   " };
            let bits = [bit(format!("{sign}{text}"), Tone::Selected)];
            selected_line(scene.room, buf, foot, row, &bits, Tone::Selected);
        }
        None
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        match press.cmd {
            Some(Cmd::Open) => {
                out.go(Go::Write(self.start.clone(), self.data.clone()));
                Taken::Closes
            }
            // A digit would lead to another tab, or seem to tick another duty off.
            None | Some(Cmd::Tab) => {
                out.go(Go::Say(here.room.text("tui.confirm_first"), Tone::Soon));
                Taken::Yes
            }
            Some(_) => Taken::No,
        }
    }

    fn writes(&self, press: &Press) -> Writes {
        match press.cmd {
            Some(Cmd::Open) => Writes::Shown,
            _ => Writes::Nothing,
        }
    }

    fn leads_on(&self) -> bool {
        true
    }
}
