//! How far something long is, with the key that stops it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::base::i18n::Msg;
use crate::base::progress::Progress;
use crate::tui::paint::{Bits, bit, inset, line};
use crate::tui::room::Room;
use crate::tui::text::wrap;
use crate::tui::theme::Tone;

/// Something long that is running.
#[derive(Clone, Debug)]
pub struct Running {
    /// What it is called.
    pub title: Msg,
    /// How far it is.
    pub progress: Progress,
    /// Whether it was asked to stop.
    pub stopping: bool,
}

impl Running {
    /// It has just begun.
    pub fn new(title: Msg) -> Self {
        Self {
            title,
            progress: Progress::default(),
            stopping: false,
        }
    }

    /// `导出维修 ▓▓▓░░ 1200/5000`, its bar this wide.
    pub fn bits(&self, room: &Room, columns: usize) -> Bits {
        let Progress { done, all } = self.progress;
        let mut bits = vec![bit(format!("{} ", room.say(&self.title)), Tone::Strong)];
        let count = match all.filter(|all| *all > 0) {
            Some(all) => {
                let full = usize::try_from(done.min(all) * columns as u64 / all).unwrap_or(0);
                bits.push(bit("█".repeat(full), Tone::Good));
                bits.push(bit("░".repeat(columns - full), Tone::Rule));
                format!(" {done}/{all}")
            }
            None => format!("{done}"),
        };
        bits.push(bit(count, Tone::Text));
        if self.stopping {
            bits.push(bit(
                format!("  {}", room.text("outlet.stopping")),
                Tone::Soon,
            ));
        }
        bits
    }

    /// Draws it in front.
    pub fn draw(&self, room: &Room, area: Rect, buf: &mut Buffer) {
        let inner = inset(area, 2, 2);
        line(
            room,
            buf,
            inner,
            1,
            &[bit(room.say(&self.title), Tone::Strong)],
        );
        let bar = Self {
            title: Msg::new("outlet.bar"),
            ..self.clone()
        };
        let columns = usize::from(inner.width).saturating_sub(24).clamp(4, 40);
        line(room, buf, inner, 3, &bar.bits(room, columns));
        for (row, text) in wrap(&room.text("outlet.running"), usize::from(inner.width))
            .into_iter()
            .enumerate()
        {
            let row = u16::try_from(row + 5).unwrap_or(u16::MAX);
            line(room, buf, inner, row, &[bit(text, Tone::Dim)]);
        }
    }
}
