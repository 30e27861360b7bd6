//! A paper before it is printed: how it stands, what has changed since the last print, and the paper itself as text.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::base::i18n::Msg;
use crate::desk::Error;
use crate::desk::papers::Printed;
use crate::documents::facts::voice;
use crate::documents::issue::Standing;
use crate::press::{Print, filing::preview};
use crate::tui::hand::Writes;
use crate::tui::keymap::{Cmd, Context};
use crate::tui::message::{Got, Sought};
use crate::tui::outbox::{Go, Outbox};
use crate::tui::paint::{Bits, bit, inset, line, scrolled};
use crate::tui::room::Room;
use crate::tui::screen::{Cover, Here, Press, Scene, Screen, Taken};
use crate::tui::text::{pad, width, wrap};
use crate::tui::theme::Tone;
use crate::tui::when::{near, short_no};

/// A paper in front.
#[derive(Clone)]
pub struct Paper {
    sought: Sought,
    printed: Box<Printed>,
    top: usize,
}

impl Paper {
    /// As the desk drew it.
    pub fn new(sought: Sought, printed: Box<Printed>) -> Self {
        Self {
            sought,
            printed,
            top: 0,
        }
    }

    /// How it stands and what a print does.
    fn standing(&self, room: &Room) -> Vec<(String, Tone)> {
        let told = match &self.printed.standing {
            Standing::New => (room.text("outlet.print_new"), Tone::Text),
            Standing::Draft(action) => {
                let action = crate::registers::register_of(&self.sought.no).map_or_else(
                    || action.clone(),
                    |register| {
                        crate::registers::label::action(&room.voice, register.spec().code, action)
                    },
                );
                let message = Msg::new("outlet.print_draft").with("action", action);
                (room.say(&message), Tone::Soon)
            }
            Standing::Void => (room.text("outlet.print_void"), Tone::Late),
            Standing::Issued(paper) => {
                let message = Msg::new("outlet.print_again")
                    .with("version", i64::from(paper.version))
                    .with("at", near(paper.issued, room));
                (room.say(&message), Tone::Good)
            }
            Standing::Stale(paper, changed) => {
                let message = Msg::new("outlet.print_stale")
                    .with("version", i64::from(paper.version))
                    .with("at", near(paper.issued, room))
                    .with("next", i64::from(paper.version) + 1);
                let mut told = vec![(room.say(&message), Tone::Soon)];
                told.extend(changed.iter().map(|changed| {
                    let message = Msg::new("outlet.changed")
                        .with("label", changed.label.as_str())
                        .with("was", changed.was.as_str())
                        .with("now", changed.now.as_str());
                    (room.say(&message), Tone::Soon)
                }));
                return told;
            }
        };
        vec![told]
    }

    fn lines(&self, room: &Room, columns: usize) -> Vec<Bits> {
        let standing = self.standing(room).into_iter().flat_map(|(text, tone)| {
            wrap(&text, columns)
                .into_iter()
                .map(move |text| vec![bit(text, tone)])
        });
        let copies = self.printed.sheet.copies.join("、");
        let copies = (!copies.is_empty()).then(|| {
            let message = Msg::new("outlet.copies").with("copies", copies);
            vec![bit(room.say(&message), Tone::Dim)]
        });
        let drawn = preview(&self.printed, &voice(&room.rules), columns);
        let indent = columns.saturating_sub(drawn.iter().map(|l| width(l)).max().unwrap_or(0)) / 2;
        let drawn = drawn
            .into_iter()
            .map(|text| vec![bit(format!("{}{text}", pad("", indent)), Tone::Text)]);
        standing
            .chain(copies)
            .chain(std::iter::once(vec![]))
            .chain(drawn)
            .collect()
    }

    /// Scrolls or prints; answers whether the command was one of its own.
    fn command(&mut self, cmd: Cmd, room: &Room, area: Rect, out: &mut Outbox<'_>) -> bool {
        let rows = usize::from(area.height);
        let most = self
            .lines(room, usize::from(area.width).saturating_sub(2))
            .len()
            .saturating_sub(rows);
        let page = rows.saturating_sub(1).max(1);
        let top = match cmd {
            Cmd::Up => self.top.saturating_sub(1),
            Cmd::Down => self.top + 1,
            Cmd::PageUp => self.top.saturating_sub(page),
            Cmd::PageDown => self.top + page,
            Cmd::First => 0,
            Cmd::Last => most,
            Cmd::Open => {
                out.go(Go::Print(self.sought.clone(), Print::set(&room.rules)));
                return true;
            }
            Cmd::PrintText => {
                out.go(Go::Print(self.sought.clone(), Print::TEXT));
                return true;
            }
            _ => return false,
        };
        self.top = top.min(most);
        true
    }
}

impl Screen for Paper {
    fn context(&self) -> Context {
        Context::Paper
    }

    fn title(&self, room: &Room) -> Bits {
        vec![
            bit(self.printed.sheet.title.clone(), Tone::Strong),
            bit(format!("  {}", short_no(&self.sought.no, room)), Tone::Text),
        ]
    }

    fn cover(&self) -> Cover {
        Cover::Broad
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let (room, area) = (scene.room, scene.area);
        let inner = inset(area, 1, 1);
        let lines = self.lines(room, usize::from(inner.width));
        let rows = usize::from(area.height);
        let top = self.top.min(lines.len().saturating_sub(1));
        scrolled(room, buf, inner, &lines, top);
        if lines.len() > top + rows {
            let corner = Rect {
                x: area.x + area.width.saturating_sub(1),
                y: area.y + area.height.saturating_sub(1),
                width: 1,
                height: 1,
            };
            line(room, buf, corner, 0, &[bit("↓", Tone::Dim)]);
        }
        None
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        match press.cmd {
            Some(cmd) if self.command(cmd, here.room, here.area, out) => Taken::Yes,
            _ => Taken::No,
        }
    }

    fn writes(&self, press: &Press) -> Writes {
        match press.cmd {
            Some(Cmd::Open | Cmd::PrintText) => Writes::Shown,
            _ => Writes::Nothing,
        }
    }

    /// The same paper as it stands now.
    fn answer(
        &mut self,
        _seq: u64,
        got: Result<&Got, &Error>,
        _here: &Here<'_>,
        _out: &mut Outbox<'_>,
    ) -> Taken {
        match got {
            Ok(Got::Drawn(sought, printed)) if *sought == self.sought => {
                self.printed.clone_from(printed);
                Taken::Yes
            }
            _ => Taken::No,
        }
    }
}
