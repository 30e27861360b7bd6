//! The whole screen: tabs and clock, 期限条, list, what stands before it, the last word, the keys that matter.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::App;
use crate::base::i18n::Msg;
use crate::desk::backup::Place;
use crate::tui::keymap::{self, Binding, Cmd, Context, keys_at};
use crate::tui::layout::{LEAST, Layout};
use crate::tui::paint::{Bit, Bits, bit, bits_width, line, rule};
use crate::tui::room::Room;
use crate::tui::screen::{Cover, Scene, Screen};
use crate::tui::screens::progress::bar;
use crate::tui::text::width;
use crate::tui::theme::Tone;

impl App {
    /// Draws everything.
    pub fn draw(&self, room: &Room, frame: &mut Frame<'_>) {
        let area = frame.area();
        frame.buffer_mut().set_style(area, room.theme.ground());
        let cursor = self.paint(room, area, frame.buffer_mut());
        mark_second_halves(frame.buffer_mut());
        if let Some((x, y)) = cursor.filter(|(x, y)| area.contains(Position::new(*x, *y))) {
            frame.set_cursor_position(Position::new(x, y));
        }
    }

    /// Draws everything into a buffer; answers where the cursor stands.
    pub fn paint(&self, room: &Room, area: Rect, buf: &mut Buffer) -> Option<(u16, u16)> {
        // What the terminal says now counts, should its message not have come yet.
        let sized;
        let room = if (area.width, area.height) == room.size {
            room
        } else {
            sized = Room {
                size: (area.width, area.height),
                ..room.clone()
            };
            &sized
        };
        if area.width < LEAST.0 || area.height < LEAST.1 {
            let text = Msg::new("tui.too_small")
                .with("w", i64::from(LEAST.0))
                .with("h", i64::from(LEAST.1));
            for (row, text) in crate::tui::text::wrap(&room.say(&text), usize::from(area.width))
                .iter()
                .enumerate()
            {
                line(
                    room,
                    buf,
                    area,
                    u16::try_from(row).unwrap_or(u16::MAX),
                    &[bit(text.clone(), Tone::Strong)],
                );
            }
            return None;
        }
        let layout = self.layout(room);
        line(room, buf, layout.top, 0, &self.top(room));
        if let Some(leader) = layout.leader {
            line(room, buf, leader, 0, &self.leader(room));
        }
        line(room, buf, layout.strip, 0, &self.strip(room));
        let cursor = self.body(room, &layout, buf);
        self.status(room, &layout, cursor, buf);
        line(room, buf, layout.footer, 0, &self.footer(room));
        cursor
    }

    fn body(&self, room: &Room, layout: &Layout, buf: &mut Buffer) -> Option<(u16, u16)> {
        let copies = self.copies(room);
        let scene = |area: Rect, focused: bool| Scene {
            room,
            area,
            focused,
            job: self.job.as_ref(),
            copies: copies.as_ref(),
        };
        let front = self.in_front();
        let foot = self.stack.last();
        let foot = foot.filter(|screen| matches!(screen.cover(), Cover::Foot | Cover::Line));
        let beside = self.peek.as_ref().map(|card| card as &dyn Screen);
        self.heads(room, layout, front.or(beside), front.is_some(), buf);
        let mut cursor = None;
        if layout.right.is_some() || front.is_none() {
            let focused = front.is_none() && foot.is_none();
            cursor = self.left().draw(&scene(layout.left, focused), buf);
        }
        if let Some(right) = layout.right {
            let edge = |y: u16| Rect::new(right.x - 1, right.y + y, 1, 1);
            for y in 0..right.height {
                line(room, buf, edge(y), 0, &[bit("│", Tone::Rule)]);
            }
        }
        let place = layout.front();
        match (front, layout.right, beside) {
            (Some(front), ..) => cursor = front.draw(&scene(place, foot.is_none()), buf),
            (None, Some(right), Some(peek)) => {
                peek.draw(&scene(right, false), buf);
            }
            _ => {}
        }
        if let Some(foot) = foot {
            cursor = foot.draw(&scene(place, true), buf);
        }
        cursor
    }

    /// The screen in the place beside the list. What stands in the list's own place covers those that it came over.
    pub(super) fn in_front(&self) -> Option<&dyn Screen> {
        let over = self.left_at().map_or(0, |left| left + 1);
        let mut over = self.stack.iter().skip(over).rev();
        let front = over.find(|screen| matches!(screen.cover(), Cover::Front | Cover::Broad));
        front.map(Box::as_ref)
    }

    /// The rule above the body with the titles of what stands below it.
    fn heads(
        &self,
        room: &Room,
        layout: &Layout,
        beside: Option<&dyn Screen>,
        covers: bool,
        buf: &mut Buffer,
    ) {
        let left = self.left().title(room);
        let right = beside.map(|screen| screen.title(room)).unwrap_or_default();
        match layout.right {
            Some(pane) => {
                let head = |x: u16, width: u16| Rect {
                    x,
                    width,
                    ..layout.head
                };
                rule(room, buf, head(0, layout.left.width + 1), &left);
                rule(room, buf, head(pane.x, pane.width), &right);
                line(room, buf, head(pane.x - 1, 1), 0, &[bit("┬", Tone::Rule)]);
            }
            None => rule(room, buf, layout.head, if covers { &right } else { &left }),
        }
    }

    fn copies(&self, room: &Room) -> Option<Bit> {
        let state = self.copies.as_ref()?;
        let fine = state.today && !matches!(state.place, Place::Present(Some(_)));
        let tone = if fine { Tone::Dim } else { Tone::Soon };
        Some(bit(state.line(&room.voice, room.now), tone))
    }

    /// The rule below the body, with the last word set into it; on 今日 with nothing to say, how the copies stand.
    fn status(&self, room: &Room, layout: &Layout, cursor: Option<(u16, u16)>, buf: &mut Buffer) {
        let quiet = self.tab == 0 && self.stack.is_empty();
        let hidden = self.context() != Context::Job;
        let words: Bits = match (&self.said, &self.job) {
            (Some((text, tone)), _) => vec![bit(text, *tone)],
            (None, Some(job)) if hidden => bar(job, room, 12),
            _ => self.copies(room).filter(|_| quiet).into_iter().collect(),
        };
        let hint = self.said.as_ref().and_then(|_| self.undo_hint(room));
        let hint_wide = hint.as_deref().map_or(0, |hint| width(hint) + 3);
        let wide = bits_width(&words) + hint_wide;
        // What is being typed stays in sight.
        let free = match cursor {
            Some((_, y)) => layout.status.y.saturating_sub(y),
            None => layout.left.height.saturating_sub(2),
        };
        self.status_line(&words, hint, room, (layout, free), buf);
        if let Some(right) = layout.right.filter(|right| usize::from(right.x) > wide + 4) {
            line(
                room,
                buf,
                Rect {
                    x: right.x - 1,
                    width: 1,
                    ..layout.status
                },
                0,
                &[bit("┴", Tone::Rule)],
            );
        }
    }

    /// The keys that do something here and now, the most important first; `?` stands at the end.
    fn footer(&self, room: &Room) -> Bits {
        let place = self.context();
        let columns = usize::from(room.size.0).saturating_sub(2);
        let rows: Vec<_> = keymap::footer(place)
            .into_iter()
            .filter(|b| self.can(b.cmd, room))
            .collect();
        let piece = |name: &str, key: String| {
            vec![
                bit(key, Tone::Key),
                bit(format!(" {}", room.text(&format!("key.{name}"))), Tone::Dim),
                bit("  ", Tone::Text),
            ]
        };
        // The way out and the help are always there; of the others, those at the end go when there is no room.
        let stays = |b: &&Binding| b.cmd == Cmd::Back || b.cmd == Cmd::Help;
        let pieces: Vec<(bool, Bits)> = rows
            .iter()
            .filter_map(|b| {
                let chord = keys_at(b, place).next()?;
                Some((stays(b), piece(b.name, chord.name(&room.voice))))
            })
            .collect();
        let kept = pieces.iter().filter(|(stays, _)| *stays);
        let mut left = columns.saturating_sub(kept.map(|(_, piece)| bits_width(piece)).sum());
        let mut full = false;
        let mut out = vec![bit(" ", Tone::Text)];
        for (stays, piece) in pieces {
            let wide = bits_width(&piece);
            full |= !stays && wide > left + 2;
            if stays || !full {
                left = left.saturating_sub(if stays { 0 } else { wide });
                out.extend(piece);
            }
        }
        out
    }
}

/// The drawing library leaves the cell behind a wide character alone when a narrow one takes its place, and some
/// terminals then keep the second half. An empty symbol there makes the next frame write that cell too.
fn mark_second_halves(buf: &mut Buffer) {
    let area = buf.area;
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right().saturating_sub(1) {
            let wide = width(buf[(x, y)].symbol()) == 2;
            if wide && buf[(x + 1, y)].symbol() == " " {
                buf[(x + 1, y)].set_symbol("");
            }
        }
    }
}
