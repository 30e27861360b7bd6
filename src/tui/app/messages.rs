//! What the screens have said: the last word stands below the body, whole even when it is long; earlier ones can be read
//! again.

use std::collections::VecDeque;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use super::App;
use crate::base::time::Instant;
use crate::tui::layout::Layout;
use crate::tui::paint::{Bits, bit, bits_width, line, rule};
use crate::tui::room::Room;
use crate::tui::screens::explain::Explain;
use crate::tui::text::{cut, width, wrap};
use crate::tui::theme::Tone;
use crate::tui::when::near;

/// Messages that are kept.
const MOST: usize = 200;

/// Rows that one message may take.
const ROWS: u16 = 6;

/// What was said.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    /// With the time at which it was said, the oldest first.
    kept: VecDeque<(Instant, String, Tone)>,
    /// Since the last message from outside, whose time they have.
    new: Vec<(String, Tone)>,
}

impl Messages {
    /// Something is said now.
    pub fn add(&mut self, text: &str, tone: Tone) {
        self.new.push((text.to_owned(), tone));
    }

    /// What is new was said at `now`.
    pub fn at(&mut self, now: Instant) {
        for (text, tone) in self.new.drain(..) {
            if self.kept.len() == MOST {
                self.kept.pop_front();
            }
            self.kept.push_back((now, text, tone));
        }
    }
}

impl App {
    /// Everything that was said, the latest first.
    pub(super) fn show_messages(&mut self, room: &Room) {
        let kept = self.messages.kept.iter().rev();
        let told = |(at, text, tone): &(Instant, String, Tone)| {
            (format!("{}  {text}", near(*at, room)), *tone)
        };
        let mut said: Vec<(String, Tone)> = kept.map(told).collect();
        if said.is_empty() {
            said.push((room.text("tui.no_messages"), Tone::Dim));
        }
        let title = room.text("tui.messages");
        self.stack.push(Box::new(Explain::text(title, said)));
    }

    /// The rule below the body with the last word set into it. A word that does not fit takes up to `free` rows of the
    /// body until the next key: why something was refused is not cut, and never covers what one types.
    pub(super) fn status_line(
        &self,
        words: &Bits,
        hint: Option<String>,
        room: &Room,
        (layout, free): (&Layout, u16),
        buf: &mut Buffer,
    ) {
        let columns = usize::from(layout.status.width).saturating_sub(4);
        let hint = hint.map(|hint| bit(format!(" · {hint}"), Tone::Dim));
        let with_hint: Bits = words.iter().cloned().chain(hint.clone()).collect();
        if bits_width(&with_hint) <= columns {
            return rule(room, buf, layout.status, &with_hint);
        }
        let tone = words.first().map_or(Tone::Text, |word| word.1);
        let text: String = words.iter().map(|word| word.0.as_str()).collect();
        let hint = hint.map(|hint| hint.0).unwrap_or_default();
        let lines = unfolded(&text, &hint, columns, usize::from(free.clamp(1, ROWS)));
        let rows = u16::try_from(lines.len()).unwrap_or(ROWS);
        let place = Rect {
            y: (layout.status.y + 1).saturating_sub(rows),
            height: rows,
            ..layout.status
        };
        Clear.render(place, buf);
        buf.set_style(place, room.theme.ground());
        for (row, text) in (0..).zip(lines) {
            let mut told = vec![bit(text, tone)];
            match row {
                0 => rule(room, buf, Rect { height: 1, ..place }, &told),
                _ => {
                    told.insert(0, bit("  ", Tone::Text));
                    line(room, buf, place, row, &told);
                }
            }
        }
    }
}

/// A word on at most so many rows, the key that takes it back behind it. The key is not torn from its word, and stays when
/// the word itself has to be cut.
fn unfolded(text: &str, hint: &str, columns: usize, rows: usize) -> Vec<String> {
    let mut lines = wrap(text, columns);
    let fits = |line: &String| width(line) + width(hint) <= columns;
    let whole = lines.len() < rows || (lines.len() == rows && lines.last().is_some_and(fits));
    if !whole {
        let rest = lines.split_off(rows - 1);
        lines.push(cut(&rest.concat(), columns.saturating_sub(width(hint))));
    }
    match lines.last_mut() {
        Some(last) if fits(last) => last.push_str(hint),
        _ => lines.push(hint.to_owned()),
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_takes_as_many_rows_as_it_may_and_the_key_stays() {
        let text = "一二三四五六七八九十";
        for (columns, rows, told) in [
            (30, 6, &["一二三四五六七八九十 F11"][..]),
            (20, 6, &["一二三四五六七八九十", " F11"]),
            (12, 6, &["一二三四五六", "七八九十 F11"]),
            (12, 2, &["一二三四五六", "七八九十 F11"]),
            (8, 2, &["一二三四", "五… F11"]),
            (20, 1, &["一二三四五六七… F11"]),
        ] {
            assert_eq!(
                unfolded(text, " F11", columns, rows),
                told,
                "{columns} {rows}"
            );
        }
    }
}
