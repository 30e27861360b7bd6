//! A card and a sheet as they are drawn, and as they are copied.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::card::Card;
use super::card_lines::CardLine;
use super::card_moves::Panes;
use super::sheet;
use crate::tui::paint::{Bits, bit, bits_width, inset, line, selected_line};
use crate::tui::room::Room;
use crate::tui::screen::{Scene, Screen};
use crate::tui::theme::Tone;

/// Columns of the text that goes to the clipboard.
const COPIED: usize = 100;

impl Card {
    pub(super) fn draw_lines(&self, scene: &Scene<'_>, panes: &Panes, buf: &mut Buffer) {
        let (room, main) = (scene.room, panes.main);
        let lines = self.lines(room, panes);
        let rows = usize::from(main.height);
        let chosen = self.chosen_at().filter(|_| scene.focused);
        let top = self.top.min(lines.len().saturating_sub(1));
        let mut place = lines.iter().take(top).flat_map(CardLine::spots).count();
        let mut put = |cell: &CardLine, at: u16, area: Rect, buf: &mut Buffer| {
            let here = cell.spot.is_some();
            match here && Some(place) == chosen {
                true => selected_line(room, buf, area, at, &cell.bits, Tone::Selected),
                false => line(room, buf, area, at, &cell.bits),
            }
            place += usize::from(here);
        };
        for (at, card_line) in (0..main.height).zip(lines.iter().skip(top)) {
            let Some(beside) = &card_line.beside else {
                put(card_line, at, main, buf);
                continue;
            };
            let left = u16::try_from(bits_width(&card_line.bits)).unwrap_or(main.width);
            let left = left.min(main.width);
            put(
                card_line,
                at,
                Rect {
                    width: left,
                    ..main
                },
                buf,
            );
            put(beside, at, inset(main, left, 0), buf);
        }
        if lines.len() > top + rows {
            let below = Rect::new(main.right(), main.bottom().saturating_sub(1), 1, 1);
            line(room, buf, below, 0, &[bit("↓", Tone::Dim)]);
        }
    }

    /// Text for the clipboard.
    pub(super) fn copied(&self, room: &Room) -> String {
        let text = |bits: &Bits| bits.iter().map(|b| b.0.as_str()).collect::<String>();
        let mut out = vec![text(&self.title(room))];
        if let Some(view) = self.view.as_ref().filter(|_| self.is_sheet()) {
            out.extend(sheet::head(view, room, COPIED).iter().map(&text));
        }
        let wide = u16::try_from(COPIED).unwrap_or(u16::MAX);
        let mut panes = self.panes(room, Rect::new(0, 0, wide, 24));
        panes.aside = None;
        for line in self.lines(room, &panes) {
            let beside = line.beside.iter().map(|beside| text(&beside.bits));
            let row = std::iter::once(text(&line.bits)).chain(beside);
            out.push(row.collect::<String>().trim_end().to_owned());
        }
        out.join("\n")
    }
}
