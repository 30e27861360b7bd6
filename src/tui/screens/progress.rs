//! How far something long is 进度, with the key that stops it. The work itself belongs to the application: it goes on when
//! this screen has gone.

use ratatui::buffer::Buffer;

use crate::base::i18n::Msg;
use crate::base::progress::Progress;
use crate::tui::job::Running;
use crate::tui::keymap::Context;
use crate::tui::outbox::{Go, Outbox};
use crate::tui::paint::{Bits, bit, inset, line};
use crate::tui::room::Room;
use crate::tui::screen::{Here, Leaving, Press, Scene, Screen, Taken};
use crate::tui::text::wrap;
use crate::tui::theme::Tone;

/// The long work in front.
#[derive(Clone, Debug, Default)]
pub struct Progressing {
    /// Whether it was asked to stop; it says itself when it has.
    stopping: bool,
}

impl Screen for Progressing {
    fn context(&self) -> Context {
        Context::Job
    }

    fn title(&self, room: &Room) -> Bits {
        vec![bit(room.text("context.job"), Tone::Strong)]
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let room = scene.room;
        let work = scene.job?;
        let inner = inset(scene.area, 2, 2);
        let title = bit(room.say(&work.title), Tone::Strong);
        line(room, buf, inner, 1, &[title]);
        let untitled = Running {
            title: Msg::new("outlet.bar"),
            ..work.clone()
        };
        let columns = usize::from(inner.width).saturating_sub(24).clamp(4, 40);
        line(room, buf, inner, 3, &bar(&untitled, room, columns));
        let told = wrap(&room.text("outlet.running"), usize::from(inner.width));
        for (row, text) in told.into_iter().enumerate() {
            let row = u16::try_from(row + 5).unwrap_or(u16::MAX);
            line(room, buf, inner, row, &[bit(text, Tone::Dim)]);
        }
        None
    }

    fn key(&mut self, _press: &Press, _here: &Here<'_>, _out: &mut Outbox<'_>) -> Taken {
        Taken::No
    }

    /// The first step back stops the work; on the way to another tab it goes on behind.
    fn leave(&mut self, leaving: Leaving, _room: &Room, out: &mut Outbox<'_>) -> bool {
        if leaving == Leaving::Away || self.stopping {
            return true;
        }
        self.stopping = true;
        out.go(Go::Stop);
        false
    }
}

/// `导出维修 ▓▓▓░░ 1200/5000`, its bar this wide.
pub fn bar(work: &Running, room: &Room, columns: usize) -> Bits {
    let Progress { done, all } = work.progress;
    let mut bits = vec![bit(format!("{} ", room.say(&work.title)), Tone::Strong)];
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
    if work.stopping {
        bits.push(bit(
            format!("  {}", room.text("outlet.stopping")),
            Tone::Soon,
        ));
    }
    bits
}
