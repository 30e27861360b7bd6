//! How a form looks: labels at the left, what is typed beside them, what is wrong beneath; at the right what it would
//! lead to.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::choices::{fact_lines, pick_lines};
use super::input::{Input, dense};
use super::row::{Place, Row};
use super::{Form, Stop};
use crate::base::i18n::Msg;
use crate::desk::view::Target;
use crate::record::field::{Kind, Required};
use crate::registers::label;
use crate::tui::layout::window;
use crate::tui::paint::{Bits, bit, bits_width, inset, line, scrolled};
use crate::tui::room::Room;
use crate::tui::text::{cut, pad, width, wrap};
use crate::tui::theme::Tone;
use crate::tui::typed;
use crate::tui::when::{dated, near, short_no};

/// Columns that the preview takes beside the fields, at least.
const PREVIEW: u16 = 28;
/// Rows that a long text takes where the cursor is.
const LONG_ROWS: usize = 4;

/// The lines of a form, and where the cursor is in them.
#[derive(Default)]
struct Page {
    lines: Vec<Bits>,
    /// First and last line of the field with the cursor.
    focus: (usize, usize),
    cursor: Option<(usize, usize)>,
}

impl Form {
    /// `新维修单 · 登记派单 (草稿已存 09:24)`.
    pub(super) fn heading(&self, room: &Room) -> Bits {
        let code = self.start.register.spec().code;
        let action = label::action(&room.voice, code, self.start.action.name);
        let subject = match &self.start.target {
            Target::New(_) => room.say(
                &Msg::new("tui.new_of").with("register", room.text(&format!("register.{code}"))),
            ),
            Target::On(no) => short_no(no, room),
        };
        let mut bits = vec![
            bit(format!("{subject} · "), Tone::Text),
            bit(action, Tone::Strong),
        ];
        bits.extend(
            self.about
                .iter()
                .map(|about| bit(format!("  {about}"), Tone::Text)),
        );
        let note = match (self.saving, self.restored, self.kept) {
            (Some(_), _, _) => room.text("tui.saving"),
            (None, true, Some(at)) => {
                room.say(&Msg::new("tui.draft_restored").with("at", near(at, room)))
            }
            (None, false, Some(at)) => {
                room.say(&Msg::new("tui.draft_kept").with("at", near(at, room)))
            }
            _ => String::new(),
        };
        if !note.is_empty() {
            bits.push(bit(format!("  {note}"), Tone::Dim));
        }
        bits
    }

    /// Draws it; answers where the cursor stands.
    pub(super) fn draw_in(&self, room: &Room, area: Rect, buf: &mut Buffer) -> Option<(u16, u16)> {
        let (fields, side) = split(area);
        let page = self.page(room, usize::from(fields.width));
        let rows = usize::from(fields.height);
        // The whole field with the cursor is in sight, its first line before all.
        let top = window(window(0, page.focus.1, rows), page.focus.0, rows);
        scrolled(room, buf, fields, &page.lines, top);
        if page.lines.len() > top + rows {
            let mark = Rect {
                x: fields.x + fields.width.saturating_sub(1),
                y: fields.y + fields.height - 1,
                width: 1,
                height: 1,
            };
            line(room, buf, mark, 0, &[bit("↓", Tone::Dim)]);
        }
        self.draw_preview(room, side, buf);
        page.cursor.and_then(|(column, row)| {
            let row = row.checked_sub(top).filter(|row| *row < rows)?;
            let (x, y) = (u16::try_from(column).ok()?, u16::try_from(row).ok()?);
            Some((
                fields.x + x.min(fields.width.saturating_sub(1)),
                fields.y + y,
            ))
        })
    }

    fn page(&self, room: &Room, columns: usize) -> Page {
        let shown = self.rows.iter().filter(|row| !row.place.hidden());
        let widest = shown.map(|row| width(&self.label(row, room))).max();
        let label_width = widest
            .unwrap_or(8)
            .clamp(4, if dense(room) { 14 } else { 18 })
            + 2;
        let mut page = Page::default();
        for (at, stop) in self.stops().into_iter().enumerate() {
            let focused = at == self.focus;
            let first = page.lines.len();
            match stop {
                Stop::Row(row) => {
                    self.row_lines(row, focused, label_width, columns, room, &mut page)
                }
                Stop::More => page.lines.push(self.more_line(room, focused)),
            }
            if focused {
                page.focus = (first, page.lines.len().saturating_sub(1));
            }
        }
        page
    }

    fn more_line(&self, room: &Room, focused: bool) -> Bits {
        let arrow = if self.more { "-" } else { "+" };
        let folded = self.rows.iter().filter(|row| row.place == Place::Folded);
        let names: Vec<String> = folded.map(|row| self.label(row, room)).collect();
        let tone = if focused { Tone::Selected } else { Tone::Dim };
        let mut bits = vec![bit(format!("{arrow} {}", room.text("tui.more")), tone)];
        if !self.more {
            bits.push(bit(
                format!("  {}", names.join(&room.text("punct.list"))),
                Tone::Dim,
            ));
        }
        bits
    }

    fn row_lines(
        &self,
        at: usize,
        focused: bool,
        label_width: usize,
        columns: usize,
        room: &Room,
        page: &mut Page,
    ) {
        let row = &self.rows[at];
        let needed = self.needed(at);
        let star = if needed { "＊" } else { "  " };
        let name = pad(&self.label(row, room), label_width - 2);
        let tone = match (focused, needed) {
            (true, _) => Tone::Selected,
            (false, true) => Tone::Strong,
            (false, false) => Tone::Dim,
        };
        let room_for_value = columns.saturating_sub(label_width + 2).max(8);
        let (values, cursor) = self.value_lines(row, focused, room_for_value, room);
        let first = page.lines.len();
        for (index, value) in values.into_iter().enumerate() {
            let mut bits = if index == 0 {
                vec![
                    bit(star, Tone::Strong),
                    bit(name.clone(), tone),
                    bit(" ", Tone::Text),
                ]
            } else {
                vec![bit(" ".repeat(label_width + 1), Tone::Text)]
            };
            bits.extend(value);
            page.lines.push(bits);
        }
        if let Some((column, line)) = cursor.filter(|_| focused) {
            page.cursor = Some((label_width + 1 + column, first + line));
        }
        for (text, tone) in self.notes(row, focused, room) {
            for text in wrap(&text, room_for_value) {
                page.lines.push(vec![
                    bit(" ".repeat(label_width + 1), Tone::Text),
                    bit(text, tone),
                ]);
            }
        }
    }

    /// What a row is called. The reason of a correction stands beside one that the entry may have.
    pub(super) fn label(&self, row: &Row, room: &Room) -> String {
        let corrects = self.rows.iter().any(|row| row.place == Place::Change);
        if corrects && row.place == Place::Own && row.field.key == "reason" {
            return room.text("tui.why_changed");
        }
        label::field(&room.voice, self.start.register.spec().code, row.field.key)
    }

    /// What stands beneath a field: what is wrong with it, else, where the cursor is, how it is typed.
    fn notes(&self, row: &Row, focused: bool, room: &Room) -> Vec<(String, Tone)> {
        let mut notes = Vec::new();
        if let Some(problem) = &row.problem {
            notes.push((format!("‼ {problem}"), Tone::Late));
        } else if let Some((text, tone)) = self.refusal_of(row, room) {
            notes.push((text, tone));
        }
        if row.changed() {
            let key = if row.moved {
                "tui.changed_meanwhile"
            } else {
                "told.was"
            };
            let tone = if row.moved { Tone::Soon } else { Tone::Dim };
            let old = match &row.old {
                Some(serde_json::Value::String(text)) if text.is_empty() => room.text("told.empty"),
                Some(serde_json::Value::String(text)) => match &row.input {
                    Input::Pick(options, _) => options
                        .iter()
                        .find(|(code, _)| code == text)
                        .map_or(text.clone(), |(_, l)| l.clone()),
                    _ => text.clone(),
                },
                Some(serde_json::Value::Bool(flag)) => {
                    room.text(if *flag { "word.yes" } else { "word.no" })
                }
                Some(facts @ serde_json::Value::Object(_)) => {
                    let code = self.start.register.spec().code;
                    let names = label::print(&room.voice, &room.rules, code, &row.field, facts);
                    match names.is_empty() {
                        true => room.text("tui.no_fact"),
                        false => names,
                    }
                }
                _ => room.text("told.empty"),
            };
            notes.push((room.say(&Msg::new(key).with("what", cut(&old, 40))), tone));
        }
        if focused && row.problem.is_none() {
            notes.extend(self.hint(row, room).map(|text| (text, Tone::Dim)));
        }
        notes
    }

    /// What the rules say against this field as it stands.
    fn refusal_of(&self, row: &Row, room: &Room) -> Option<(String, Tone)> {
        let refusal = self.preview.as_ref()?.refusal.as_ref()?;
        let at = self.row_of(refusal)?;
        let of_row = self.rows[at].id() == row.id() && !self.only_empty(refusal);
        of_row.then(|| (format!("! {}", room.say(&refusal.message)), Tone::Soon))
    }

    fn hint(&self, row: &Row, room: &Room) -> Option<String> {
        let key = match row.field.kind {
            Kind::Instant { plan: true } => "tui.hint_plan",
            Kind::Instant { plan: false } => "tui.hint_instant",
            Kind::Date => "tui.hint_date",
            Kind::Month => "tui.hint_month",
            Kind::Fen => "tui.hint_fen",
            Kind::Texts => "tui.hint_texts",
            Kind::TextsOrAll => "tui.hint_texts_or_all",
            Kind::Bool => "tui.hint_flag",
            Kind::Facts => "tui.hint_facts",
            Kind::Items(fields) => {
                let code = self.start.register.spec().code;
                let names: Vec<String> = fields
                    .iter()
                    .map(|f| label::field(&room.voice, code, f.key))
                    .collect();
                return Some(room.say(&Msg::new("tui.hint_items").with("fields", names.join(" "))));
            }
            _ => return None,
        };
        Some(room.text(key))
    }

    /// The value's lines, and the cursor in them.
    fn value_lines(
        &self,
        row: &Row,
        focused: bool,
        columns: usize,
        room: &Room,
    ) -> (Vec<Bits>, Option<(usize, usize)>) {
        match &row.input {
            Input::Text(editor) if focused => {
                let many = matches!(row.field.kind, Kind::Long | Kind::Items(_));
                let meant = self.meant(row, room);
                let short = columns.saturating_sub(if many {
                    0
                } else {
                    bits_width(&meant).min(columns / 2)
                });
                let shown = editor.shown(short, if many { LONG_ROWS } else { 1 });
                let last = shown.lines.len().saturating_sub(1);
                let tone = if self.fresh {
                    Tone::Selected
                } else {
                    Tone::Strong
                };
                let mut lines: Vec<Bits> = shown
                    .lines
                    .into_iter()
                    .map(|text| vec![bit(text, tone)])
                    .collect();
                if let Some(end) = lines.get_mut(last) {
                    end.extend(self.ghost.iter().map(|ghost| bit(ghost.clone(), Tone::Dim)));
                    end.extend(meant);
                }
                (lines, Some((shown.column, shown.row)))
            }
            Input::Text(editor) => {
                let mut lines: Vec<String> = wrap(editor.text(), columns);
                let more = lines.len() > 2;
                lines.truncate(2);
                if let Some(last) = lines.last_mut().filter(|_| more) {
                    *last = format!(
                        "{}…",
                        cut(last, columns.saturating_sub(2)).trim_end_matches('…')
                    );
                }
                let mut lines: Vec<Bits> = lines
                    .into_iter()
                    .map(|text| vec![bit(text, Tone::Text)])
                    .collect();
                if let Some(first) = lines.first_mut() {
                    first.extend(self.meant(row, room));
                }
                (lines, None)
            }
            Input::Flag(flag) => {
                let (mark, word) = match flag {
                    Some(true) => ("[x]", room.text("word.yes")),
                    Some(false) => ("[ ]", room.text("word.no")),
                    None if matches!(row.field.required, Required::No) => ("[ ]", String::new()),
                    None => ("[ ]", room.text("tui.unsaid")),
                };
                let tone = if flag.is_some() {
                    Tone::Text
                } else {
                    Tone::Dim
                };
                (
                    vec![vec![bit(format!("{mark} {word}"), tone)]],
                    Some((1, 0)),
                )
            }
            Input::Pick(options, at) => pick_lines(options, *at, focused, columns),
            Input::Facts(facts, at) => fact_lines(facts, *at, focused, columns, room),
            Input::Given(_) => (Vec::new(), None),
        }
    }

    /// What was typed stands for: a time, a number with its unit; a blank time means now.
    fn meant(&self, row: &Row, room: &Room) -> Bits {
        let Input::Text(editor) = &row.input else {
            return Vec::new();
        };
        let zone = room.voice.zone;
        let text = match row.field.kind {
            Kind::Instant { plan: false }
                if editor.is_blank() && matches!(row.field.key, "at" | "received") =>
            {
                return vec![bit(
                    room.say(&Msg::new("tui.now_is").with("at", near(room.now, room))),
                    Tone::Dim,
                )];
            }
            Kind::Instant { plan } => {
                let at = row.on_its_day(room);
                at.or_else(|| typed::instant(editor.text(), room.now, zone, plan))
                    .map(|at| dated(at, room))
            }
            Kind::Date => typed::date(editor.text(), room.now, zone).map(|day| room.voice.day(day)),
            Kind::Month => typed::month(editor.text(), room.now, zone),
            Kind::Fen => typed::fen(editor.text())
                .map(|fen| room.say(&Msg::new("word.yuan").with("yuan", typed::yuan(fen)))),
            _ if !row.field.unit.is_empty() && !editor.is_blank() => {
                return vec![bit(format!(" {}", row.field.unit), Tone::Dim)];
            }
            _ => None,
        };
        text.filter(|_| !editor.is_blank())
            .map(|text| vec![bit(format!("  = {text}"), Tone::Good)])
            .unwrap_or_default()
    }
}

/// The fields and, where there is room, the preview: beside them, else below.
fn split(area: Rect) -> (Rect, Rect) {
    let inner = inset(area, 1, 0);
    if inner.width >= PREVIEW * 5 / 2 {
        let side = (inner.width * 2 / 5).max(PREVIEW);
        let fields = Rect {
            width: inner.width - side,
            ..inner
        };
        return (
            fields,
            Rect {
                x: inner.x + fields.width,
                width: side,
                ..inner
            },
        );
    }
    let below = inner.height / 3;
    let fields = Rect {
        height: inner.height - below,
        ..inner
    };
    (
        fields,
        Rect {
            y: inner.y + fields.height,
            height: below,
            ..inner
        },
    )
}
