//! The whole screen: tabs and clock, 期限条, list, what stands before it, the last word, the keys that matter.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{App, Layer};
use crate::base::i18n::Msg;
use crate::desk::backup::Place;
use crate::registers::register;
use crate::tui::keymap::{self, Binding, Cmd, keys_at};
use crate::tui::layout::{LEAST, Layout};
use crate::tui::paint::{Bit, Bits, bit, bits_width, fit, inset, line, rule};
use crate::tui::room::Room;
use crate::tui::screens::filter::Filter;
use crate::tui::screens::operator::Who;
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
        self.status(room, &layout, buf);
        line(room, buf, layout.footer, 0, &self.footer(room));
        cursor
    }

    fn body(&self, room: &Room, layout: &Layout, buf: &mut Buffer) -> Option<(u16, u16)> {
        let search = self
            .stack
            .iter()
            .rposition(|layer| matches!(layer, Layer::Search(_)));
        // Over the list at the left: only the search. Everything else stands in front.
        let front = (0..self.stack.len())
            .rev()
            .find(|at| !matches!(self.stack[*at], Layer::Search(_) | Layer::Menu(_)));
        let front = front.filter(|at| search.is_none_or(|search| search < *at));
        let menu = match self.stack.last() {
            Some(Layer::Menu(menu)) => Some(menu),
            _ => None,
        };
        self.heads(room, layout, search, front, buf);
        let mut cursor = None;
        let list_focused = front.is_none() && menu.is_none();
        if layout.right.is_some() || front.is_none() {
            cursor = self.draw_left(room, layout.left, search, list_focused, buf);
        }
        if let Some(right) = layout.right {
            for y in 0..right.height {
                line(
                    room,
                    buf,
                    Rect {
                        x: right.x - 1,
                        y: right.y + y,
                        width: 1,
                        height: 1,
                    },
                    0,
                    &[bit("│", Tone::Rule)],
                );
            }
        }
        let place = layout.front();
        match front {
            Some(at) => cursor = self.draw_layer(&self.stack[at], room, place, menu.is_none(), buf),
            None => {
                if let (Some(right), Some(peek)) = (layout.right, &self.peek) {
                    peek.draw(room, right, buf, false);
                }
            }
        }
        if let Some(menu) = menu {
            menu.draw(room, place, buf);
            cursor = None;
        }
        cursor
    }

    fn draw_left(
        &self,
        room: &Room,
        area: Rect,
        search: Option<usize>,
        focused: bool,
        buf: &mut Buffer,
    ) -> Option<(u16, u16)> {
        if let Some(Layer::Search(search)) = search.and_then(|at| self.stack.get(at)) {
            return search.draw(room, area, buf);
        }
        match self.list_ref() {
            Some(list) => {
                list.draw(room, area, buf, focused);
                if list.is_empty() {
                    let key = if self.narrowed() {
                        "tui.empty_filtered"
                    } else {
                        "tui.empty_list"
                    };
                    let inner = inset(area, 2, 1);
                    for (row, text) in
                        crate::tui::text::wrap(&room.text(key), usize::from(inner.width))
                            .iter()
                            .enumerate()
                    {
                        line(
                            room,
                            buf,
                            inner,
                            u16::try_from(row + 2).unwrap_or(u16::MAX),
                            &[bit(text.clone(), Tone::Dim)],
                        );
                    }
                }
            }
            None => self.today.draw(room, area, buf, focused),
        }
        None
    }

    fn draw_layer(
        &self,
        layer: &Layer,
        room: &Room,
        area: Rect,
        focused: bool,
        buf: &mut Buffer,
    ) -> Option<(u16, u16)> {
        match layer {
            Layer::Card(card) => {
                card.draw(room, area, buf, focused);
                None
            }
            Layer::Form(form) => form.draw(room, area, buf),
            Layer::Help(help) => help.draw(room, area, buf),
            Layer::Filter(filter) => {
                filter.draw(room, area, buf);
                None
            }
            Layer::Who(who) => {
                let cursor = who.draw(room, area, buf);
                self.draw_copies(room, area, buf);
                cursor
            }
            Layer::Explain(explain) => {
                explain.draw(room, area, buf);
                None
            }
            Layer::Paper(paper) => {
                paper.draw(room, area, buf);
                None
            }
            Layer::Job => {
                if let Some(job) = &self.job {
                    job.draw(room, area, buf);
                }
                None
            }
            Layer::Month(month) => month.draw(room, area, buf),
            Layer::Import(import) => import.draw(room, area, buf),
            Layer::Menu(_) | Layer::Search(_) => None,
        }
    }

    /// The rule above the body with the titles of what stands below it.
    fn heads(
        &self,
        room: &Room,
        layout: &Layout,
        search: Option<usize>,
        front: Option<usize>,
        buf: &mut Buffer,
    ) {
        let left = match search.and_then(|at| self.stack.get(at)) {
            Some(Layer::Search(search)) => search.title(room),
            _ => self.list_title(room),
        };
        let right = match front.map(|at| &self.stack[at]) {
            Some(layer) => Self::layer_title(layer, room),
            None => self
                .peek
                .as_ref()
                .map(|card| card.title(room))
                .unwrap_or_default(),
        };
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
            None => rule(
                room,
                buf,
                layout.head,
                if front.is_some() { &right } else { &left },
            ),
        }
    }

    fn list_title(&self, room: &Room) -> Bits {
        let Some(list) = self.list_ref() else {
            return self.today.title(room);
        };
        let code = list.query.register.clone().unwrap_or_default();
        let mut bits = vec![bit(room.text(&format!("register.{code}")), Tone::Strong)];
        if let Some(of) = register(&code).filter(|_| self.narrowed()) {
            let summary = Filter::new(of, &list.query, room).summary();
            bits.push(bit(
                format!("  {} {summary}", room.text("tui.filtered")),
                Tone::Soon,
            ));
        }
        let marked = list.marked.len();
        if marked > 0 {
            let message = Msg::new("outlet.marked").with("n", marked);
            bits.push(bit(format!("  ◆ {}", room.say(&message)), Tone::Key));
        }
        bits
    }

    fn layer_title(layer: &Layer, room: &Room) -> Bits {
        match layer {
            Layer::Card(card) => card.title(room),
            Layer::Form(form) => form.title(room),
            Layer::Help(_) => vec![bit(room.text("key.help"), Tone::Strong)],
            Layer::Filter(_) => vec![bit(room.text("key.filter"), Tone::Strong)],
            Layer::Who(_) => Who::title(room),
            Layer::Explain(explain) => explain.title(),
            Layer::Search(search) => search.title(room),
            Layer::Paper(paper) => paper.title(room),
            Layer::Job => vec![bit(room.text("context.job"), Tone::Strong)],
            Layer::Month(month) => month.title(room),
            Layer::Import(import) => import.title(room),
            Layer::Menu(_) => Vec::new(),
        }
    }

    /// How the copies of the file stand, in the last line of a pane.
    fn draw_copies(&self, room: &Room, area: Rect, buf: &mut Buffer) {
        let inner = inset(area, 1, 1);
        if let (Some(copies), Some(last)) = (self.copies(room), area.height.checked_sub(1)) {
            line(room, buf, inner, last, &[copies]);
        }
    }

    fn copies(&self, room: &Room) -> Option<Bit> {
        let state = self.copies.as_ref()?;
        let fine = state.today && !matches!(state.place, Place::Present(Some(_)));
        let tone = if fine { Tone::Dim } else { Tone::Soon };
        Some(bit(state.line(&room.voice, room.now), tone))
    }

    /// The last word; what was written is cut before the key that takes it back.
    fn last_word(&self, text: &str, tone: Tone, room: &Room) -> Bits {
        let mut bits = vec![bit(text, tone)];
        if let Some(hint) = self.undo_hint(room) {
            let hint = bit(format!(" · {hint}"), Tone::Dim);
            let columns = usize::from(room.size.0).saturating_sub(4 + width(&hint.0));
            bits = fit(&bits, columns);
            bits.push(hint);
        }
        bits
    }

    /// The rule below the body, with the last word set into it; on 今日 with nothing to say, how the copies stand.
    fn status(&self, room: &Room, layout: &Layout, buf: &mut Buffer) {
        let quiet = self.tab == 0 && self.stack.is_empty();
        let hidden = !matches!(self.stack.last(), Some(Layer::Job));
        let words: Bits = match (&self.said, &self.job) {
            (Some((text, tone)), _) => self.last_word(text, *tone, room),
            (None, Some(job)) if hidden => job.bits(room, 12),
            _ => self.copies(room).filter(|_| quiet).into_iter().collect(),
        };
        rule(room, buf, layout.status, &words);
        if let Some(right) = layout
            .right
            .filter(|right| usize::from(right.x) > bits_width(&words) + 4)
        {
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
            .filter(|b| self.can(b.cmd, place, room))
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
