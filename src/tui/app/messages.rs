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
use crate::tui::text::{width, wrap};
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

    /// The rule below the body with the last word set into it. A word that does not fit takes rows of the body until
    /// the next key: why something was refused is never cut.
    pub(super) fn status_line(
        &self,
        words: &Bits,
        hint: Option<String>,
        room: &Room,
        layout: &Layout,
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
        let mut lines = wrap(&text, columns);
        // The key that takes it back is not torn from its word.
        if let Some(hint) = hint.map(|hint| hint.0) {
            match lines.last_mut() {
                Some(last) if width(last) + width(&hint) <= columns => last.push_str(&hint),
                _ => lines.push(hint),
            }
        }
        let room_for = layout.left.height.saturating_sub(2).clamp(1, ROWS);
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(room_for);
        let place = Rect {
            y: (layout.status.y + 1).saturating_sub(rows),
            height: rows,
            ..layout.status
        };
        Clear.render(place, buf);
        buf.set_style(place, room.theme.ground());
        let shown = lines.into_iter().take(usize::from(rows)).enumerate();
        for (row, text) in shown {
            let row = u16::try_from(row).unwrap_or(u16::MAX);
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
