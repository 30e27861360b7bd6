//! What a form would lead to, beside it while it is being filled: class with reasons, duties with their times, what
//! the owner is told, what stands in the way.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Form;
use crate::base::i18n::Msg;
use crate::base::refusal::Refusal;
use crate::desk::view::Preview;
use crate::registers::label;
use crate::rules::deadline::DutyKind;
use crate::tui::paint::{Bits, bit, inset, line};
use crate::tui::room::Room;
use crate::tui::screens::explain::reasons;
use crate::tui::text::{cut, pad_left, width, wrap};
use crate::tui::theme::{Theme, Tone};
use crate::tui::when::{dated, long, mark, short_no};

/// Duties whose time the owner is told.
const TOLD: [&str; 5] = ["resolve", "answer", "arrival", "next_visit", "hand_over"];

impl Form {
    pub(super) fn draw_preview(&self, room: &Room, area: Rect, buf: &mut Buffer) {
        if area.height == 0 {
            return;
        }
        for row in 0..area.height {
            line(room, buf, area, row, &[bit("┆", Tone::Rule)]);
        }
        let inner = inset(area, 2, 1);
        let lines = self.preview_lines(room, usize::from(inner.width));
        for (row, bits) in lines.iter().take(usize::from(inner.height)).enumerate() {
            line(
                room,
                buf,
                inner,
                u16::try_from(row).unwrap_or(u16::MAX),
                bits,
            );
        }
    }

    fn preview_lines(&self, room: &Room, columns: usize) -> Vec<Bits> {
        let mut out = Said {
            columns,
            lines: Vec::new(),
        };
        // A refusal that names a field stands beside it already.
        let unplaced = |refusal: &&Refusal| self.row_of(refusal).is_none();
        if let Some(refusal) = self.refusal.as_ref().filter(unplaced) {
            let clause = refusal
                .clause
                .as_ref()
                .map(|c| format!(" ({})", room.clause(c)))
                .unwrap_or_default();
            out.say(
                &format!("‼ {}{clause}", room.say(&refusal.message)),
                Tone::Late,
            );
            out.gap();
        }
        let missing = self.missing(room);
        if let Some(preview) = &self.preview {
            self.refusal_lines(preview, room, &mut out);
            class_lines(preview, room, &mut out);
            self.breach_lines(preview, room, &mut out);
            self.duty_lines(preview, room, &mut out);
            for warning in &preview.warnings {
                out.say(&format!("! {}", room.say(warning)), Tone::Soon);
            }
            same_place(preview, room, &mut out);
        }
        if !missing.is_empty() {
            out.gap();
            let names = missing.join(&room.text("punct.list"));
            out.say(
                &room.say(&Msg::new("tui.still_needed").with("fields", names)),
                Tone::Dim,
            );
        }
        out.lines
    }

    fn missing(&self, room: &Room) -> Vec<String> {
        let empty = |at: &usize| self.needed(*at) && self.rows[*at].is_blank();
        let rows = (0..self.rows.len()).filter(empty);
        rows.map(|at| self.label(&self.rows[at], room)).collect()
    }

    /// What stands in the way, unless it is only that something is still empty, or it stands beside its field.
    fn refusal_lines(&self, preview: &Preview, room: &Room, out: &mut Said) {
        let Some(refusal) = &preview.refusal else {
            return;
        };
        if self.refusal.is_some() || self.only_empty(refusal) {
            return;
        }
        if self.row_of(refusal).is_none() {
            out.say(&format!("! {}", room.say(&refusal.message)), Tone::Soon);
            out.gap();
        }
    }

    /// Gates that the act would find open, and those that it would show to have been satisfied.
    fn breach_lines(&self, preview: &Preview, room: &Room, out: &mut Said) {
        let register = self.start.register.spec().code;
        let name = |code: &str| label::duty(&room.voice, register, code);
        let before = out.lines.len();
        for breach in &preview.breaches {
            let known = (breach.code.clone(), breach.at);
            if !self.breached.contains(&known) {
                let clause = room.clause(&breach.clause);
                let told = Msg::new("tui.will_breach")
                    .with("what", format!("{} {clause}", name(&breach.code)));
                out.say(&room.say(&told), Tone::Late);
            }
        }
        // What was not reckoned tells nothing of what would go.
        let reckoned = preview
            .refusal
            .as_ref()
            .is_none_or(|refusal| self.only_empty(refusal));
        for (code, at) in self
            .breached
            .iter()
            .filter(|_| reckoned && !preview.deadlines.is_empty())
        {
            let stays = preview
                .breaches
                .iter()
                .any(|b| b.code == *code && b.at == *at);
            let moved = preview.breaches.iter().any(|b| b.code == *code);
            if !stays && !moved {
                let told = Msg::new("tui.breach_goes").with("what", name(code));
                out.say(&room.say(&told), Tone::Good);
            }
        }
        if out.lines.len() > before {
            out.gap();
        }
    }

    fn duty_lines(&self, preview: &Preview, room: &Room, out: &mut Said) {
        let code = self.start.register.spec().code;
        let open: Vec<_> = preview
            .deadlines
            .iter()
            .filter(|d| d.pending() && !d.silent)
            .collect();
        if open.is_empty() {
            return;
        }
        out.say(&room.text("card.deadlines"), Tone::Dim);
        for deadline in &open {
            let mark = mark(deadline, room);
            let name = label::duty(&room.voice, code, &deadline.code);
            let time = match deadline.kind {
                DutyKind::AtOnce => room.text("tui.at_once"),
                _ => long(deadline, room),
            };
            out.pair(
                &format!("{} {name}", mark.symbol()),
                &time,
                Theme::mark(mark),
            );
        }
        let told = TOLD
            .iter()
            .find_map(|code| open.iter().find(|d| d.code == *code && d.due.is_some()));
        if let Some(due) = told.and_then(|d| d.due) {
            out.gap();
            out.say(
                &room.say(&Msg::new("tui.tell_owner").with("due", dated(due, room))),
                Tone::Text,
            );
        }
        let persons: Vec<String> = open
            .iter()
            .flat_map(|d| d.parts.iter())
            .filter(|p| p.done.is_none())
            .map(|p| room.say(&p.name))
            .collect();
        if (1..=12).contains(&persons.len()) && open.len() < 4 {
            let names = persons.join(&room.text("punct.list"));
            out.say(
                &room.say(&Msg::new("tui.parts_are").with("parts", names)),
                Tone::Dim,
            );
        }
        out.gap();
    }
}

/// Lines with their wrapping width.
struct Said {
    columns: usize,
    lines: Vec<Bits>,
}

impl Said {
    fn say(&mut self, text: &str, tone: Tone) {
        self.lines.extend(
            wrap(text, self.columns)
                .into_iter()
                .map(|text| vec![bit(text, tone)]),
        );
    }

    /// Two texts on a line, the second at the right; on two lines when they do not fit.
    fn pair(&mut self, left: &str, right: &str, tone: Tone) {
        let free = self.columns.saturating_sub(width(left) + width(right));
        if free > 0 {
            self.lines.push(vec![
                bit(left, tone),
                bit(" ".repeat(free), Tone::Text),
                bit(right, tone),
            ]);
        } else {
            self.lines.push(vec![bit(cut(left, self.columns), tone)]);
            self.lines
                .push(vec![bit(pad_left(right, self.columns), tone)]);
        }
    }

    fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(Vec::new());
        }
    }
}

fn class_lines(preview: &Preview, room: &Room, out: &mut Said) {
    let Some(class) = &preview.class else { return };
    let confirmed = preview
        .found
        .get("confirmed")
        .and_then(serde_json::Value::as_bool)
        != Some(false);
    let class = room.text(&format!("class.{class}"));
    let key = if confirmed {
        "tui.class_is"
    } else {
        "tui.class_proposed"
    };
    out.say(&room.say(&Msg::new(key).with("class", class)), Tone::Strong);
    let why = reasons(preview.found.get("reasons"), room);
    for (text, _) in why.iter().filter(|(text, _)| !text.starts_with('“')) {
        out.say(
            &room.say(&Msg::new("tui.because").with("why", text.as_str())),
            Tone::Text,
        );
    }
    out.gap();
}

fn same_place(preview: &Preview, room: &Room, out: &mut Said) {
    if preview.same_place.is_empty() {
        return;
    }
    out.gap();
    out.say(
        &room.say(&Msg::new("tui.same_place").with("n", preview.same_place.len())),
        Tone::Dim,
    );
    for (no, title) in preview.same_place.iter().take(3) {
        out.say(&format!("{} {title}", short_no(no, room)), Tone::Text);
    }
}
