//! All keys, from the table that dispatches them; typing narrows the list.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::edit::{Edit, Editor};
use crate::tui::keymap::{Cmd, Context, KEYMAP, keys_at};
use crate::tui::layout::window;
use crate::tui::outbox::Outbox;
use crate::tui::paint::{Bits, bit, inset, prompt, scrolled};
use crate::tui::room::Room;
use crate::tui::screen::{Here, Press, Scene, Screen, Taken};
use crate::tui::text::{pad, wrap};
use crate::tui::theme::Tone;

/// Columns for the keys.
const KEYS: usize = 19;

/// The help.
#[derive(Clone, Debug)]
pub struct Help {
    typed: Editor,
    /// Where it was asked from; that group stands first.
    from: Context,
    top: usize,
}

impl Help {
    /// Asked from this place.
    pub fn new(from: Context) -> Self {
        Self {
            typed: Editor::line(""),
            from,
            top: 0,
        }
    }

    fn lines(&self, room: &Room, columns: usize) -> Vec<Bits> {
        let wanted = self.typed.text().trim().to_lowercase();
        let mut out = Vec::new();
        let rest = Context::ALL.iter().filter(|place| **place != self.from);
        for place in std::iter::once(&self.from).chain(rest) {
            let rows: Vec<(String, String)> = KEYMAP
                .iter()
                .filter(|b| b.places.contains(place))
                .map(|b| {
                    let keys: Vec<String> = keys_at(b, *place)
                        .map(|chord| chord.name(&room.voice))
                        .collect();
                    (keys.join(" "), room.text(&format!("keydoc.{}", b.name)))
                })
                .filter(|(keys, doc)| {
                    !keys.is_empty()
                        && (wanted.is_empty()
                            || keys.to_lowercase().contains(&wanted)
                            || doc.to_lowercase().contains(&wanted))
                })
                .collect();
            if rows.is_empty() {
                continue;
            }
            if !out.is_empty() {
                out.push(vec![]);
            }
            out.push(vec![bit(room.text(place.label()), Tone::Strong)]);
            for (keys, doc) in rows {
                for (index, text) in wrap(&doc, columns.saturating_sub(KEYS + 3))
                    .into_iter()
                    .enumerate()
                {
                    let keys = if index == 0 {
                        pad(&keys, KEYS)
                    } else {
                        " ".repeat(KEYS)
                    };
                    out.push(vec![
                        bit(format!("  {keys} "), Tone::Key),
                        bit(text, Tone::Text),
                    ]);
                }
            }
        }
        if out.is_empty() {
            out.push(vec![bit(room.text("tui.no_key"), Tone::Dim)]);
        }
        out
    }

    /// Scrolls; answers whether the command was one of its own.
    fn scroll(&mut self, cmd: Cmd, room: &Room, area: Rect) -> bool {
        let rows = usize::from(area.height.saturating_sub(1));
        let most = self
            .lines(room, usize::from(area.width).saturating_sub(2))
            .len()
            .saturating_sub(rows);
        self.top = match cmd {
            Cmd::Up => self.top.saturating_sub(1),
            Cmd::Down => self.top + 1,
            Cmd::PageUp => self.top.saturating_sub(rows),
            Cmd::PageDown => self.top + rows,
            Cmd::First => 0,
            Cmd::Last => most,
            _ => return false,
        }
        .min(most);
        true
    }
}

impl Screen for Help {
    fn context(&self) -> Context {
        Context::Help
    }

    fn title(&self, room: &Room) -> Bits {
        vec![bit(room.text("key.help"), Tone::Strong)]
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let (room, area) = (scene.room, scene.area);
        let inner = inset(area, 1, 1);
        let asked = bit(format!("{} ", room.text("tui.narrow")), Tone::Dim);
        let cursor = prompt(room, buf, inner, asked, &self.typed, &[]);
        let below = Rect {
            y: area.y + 1,
            height: area.height.saturating_sub(1),
            ..inner
        };
        let lines = self.lines(room, usize::from(inner.width));
        let top = window(self.top, self.top, usize::from(below.height)).min(lines.len());
        scrolled(room, buf, below, &lines, top);
        Some(cursor)
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, _out: &mut Outbox<'_>) -> Taken {
        match (self.typed.key(press.event), press.cmd) {
            (Edit::Changed, _) => self.top = 0,
            (Edit::Moved, _) => {}
            (Edit::Nothing, Some(Cmd::Open)) => return Taken::Closes,
            (Edit::Nothing, Some(cmd)) if self.scroll(cmd, here.room, here.area) => {}
            (Edit::Nothing, _) => return Taken::No,
        }
        Taken::Yes
    }

    fn paste(&mut self, text: &str, _here: &Here<'_>, _out: &mut Outbox<'_>) {
        self.typed.insert(text);
        self.top = 0;
    }

    fn leads_on(&self) -> bool {
        true
    }
}
