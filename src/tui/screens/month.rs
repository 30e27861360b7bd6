//! The month's end 月末: what is missing or open in a month, and its archive; sealed only when it was asked for twice.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::archive::{Kind, Options};
use crate::base::i18n::Msg;
use crate::base::time::Month;
use crate::record::field::Choice;
use crate::tui::edit::{Edit, Editor};
use crate::tui::hand::Writes;
use crate::tui::job::{Checked, Ended, Task};
use crate::tui::keymap::{Cmd, Context};
use crate::tui::outbox::{Go, Outbox};
use crate::tui::paint::{Bits, bit, inset, line, prompt};
use crate::tui::room::Room;
use crate::tui::screen::{Cover, Here, Press, Scene, Screen, Taken};
use crate::tui::text::wrap;
use crate::tui::theme::Tone;

/// Lines kept free below the findings: the reason, and what comes next.
const BELOW: u16 = 4;

/// The screen of a month's end.
#[derive(Clone, Debug)]
pub struct MonthEnd {
    month: Month,
    checked: Option<Checked>,
    reason: Editor,
    top: usize,
    /// Enter was pressed once.
    armed: bool,
}

impl MonthEnd {
    /// Of the month before this one, which is the one that is to be sealed.
    pub fn new(room: &Room, out: &mut Outbox<'_>) -> Self {
        let today = room.voice.zone.date(room.now);
        let before = Month::of(today).first_day().pred_opt().unwrap_or(today);
        let screen = Self {
            month: Month::of(before),
            checked: None,
            reason: Editor::line(""),
            top: 0,
            armed: false,
        };
        screen.check(out);
        screen
    }

    fn check(&self, out: &mut Outbox<'_>) {
        out.go(Go::Begin(Box::new(Task::Check(self.month))));
    }

    fn turn(&mut self, by: i32, out: &mut Outbox<'_>) {
        let month = match by > 0 {
            true => self.month.next(),
            false => Month::of(self.month.first_day().pred_opt().unwrap_or_default()),
        };
        *self = Self {
            month,
            checked: None,
            ..self.clone()
        };
        self.armed = false;
        self.check(out);
    }

    fn over(&self, room: &Room) -> bool {
        room.now >= self.month.end(room.voice.zone)
    }

    /// Whether it asks for the reason of what is missing or open.
    fn asks_reason(&self, room: &Room) -> bool {
        let asked = |checked: &Checked| checked.seal.is_none() && checked.gaps.to_explain() > 0;
        self.over(room) && self.checked.as_ref().is_some_and(asked)
    }

    /// Moves, turns to another month, or seals; answers whether the command was one of its own.
    fn command(&mut self, cmd: Cmd, room: &Room, area: Rect, out: &mut Outbox<'_>) -> bool {
        let columns = usize::from(area.width).saturating_sub(2);
        let rows = usize::from(area.height.saturating_sub(BELOW)).max(1);
        let most = self.lines(room, columns).len().saturating_sub(rows);
        match cmd {
            Cmd::Left => self.turn(-1, out),
            Cmd::Right => self.turn(1, out),
            Cmd::Up => self.top = self.top.saturating_sub(1),
            Cmd::Down => self.top = (self.top + 1).min(most),
            Cmd::PageUp => self.top = self.top.saturating_sub(rows),
            Cmd::PageDown => self.top = (self.top + rows).min(most),
            Cmd::First => self.top = 0,
            Cmd::Last => self.top = most,
            Cmd::Open => self.seal(room, out),
            _ => return false,
        }
        true
    }

    fn seal(&mut self, room: &Room, out: &mut Outbox<'_>) {
        let Some(checked) = &self.checked else {
            return self.check(out);
        };
        let reason = self.reason.text().trim().to_owned();
        let over = self.over(room);
        if over && checked.seal.is_none() {
            let open = checked.gaps.to_explain();
            if open > 0 && reason.is_empty() {
                let message = Msg::new("month.needs_reason").with("n", open as i64);
                return out.go(Go::Say(room.say(&message), Tone::Soon));
            }
            if !self.armed {
                self.armed = true;
                return;
            }
        }
        self.armed = false;
        out.go(Go::Begin(Box::new(Task::Archive(Options {
            month: self.month,
            // The folder comes from the settings.
            out: std::path::PathBuf::new(),
            kind: if over { Kind::Sealed } else { Kind::Interim },
            reason: (!reason.is_empty()).then_some(reason),
            papers: None,
        }))));
    }

    /// The report.
    fn lines(&self, room: &Room, columns: usize) -> Vec<Bits> {
        let Some(checked) = &self.checked else {
            return vec![vec![bit(room.text("month.unchecked"), Tone::Dim)]];
        };
        let mut out = Vec::new();
        if let Some(seal) = &checked.seal {
            let message = Msg::new("month.sealed")
                .with("at", seal.at)
                .with("by", seal.by.as_str());
            out.push(vec![bit(room.say(&message), Tone::Good)]);
            if let Some(reason) = &seal.reason {
                let message = Msg::new("month.sealed_reason").with("reason", reason.as_str());
                out.push(vec![bit(room.say(&message), Tone::Text)]);
            }
        } else if !self.over(room) {
            out.push(vec![bit(room.text("month.running"), Tone::Soon)]);
        }
        let mut any = false;
        for (code, n) in checked.gaps.counts() {
            any = true;
            let must = code.must_be_explained();
            let (sign, tone) = if must {
                ("‼", Tone::Late)
            } else {
                ("·", Tone::Text)
            };
            let label = room.text(&format!("archive.gap.{}", code.code()));
            out.push(vec![bit(format!("{sign} {label}  {n}"), tone)]);
        }
        if !any {
            out.push(vec![bit(room.text("archive.no_gaps"), Tone::Good)]);
        }
        out.push(vec![]);
        for finding in checked.gaps.findings() {
            let tone = match finding.code.must_be_explained() {
                true => Tone::Late,
                false => Tone::Dim,
            };
            let told = wrap(&room.say(&finding.text), columns);
            out.extend(told.into_iter().map(|text| vec![bit(text, tone)]));
        }
        out
    }
}

impl Screen for MonthEnd {
    fn context(&self) -> Context {
        Context::Month
    }

    fn title(&self, room: &Room) -> Bits {
        vec![
            bit(room.text("month.title"), Tone::Strong),
            bit(format!("  ← {} →", self.month), Tone::Text),
        ]
    }

    fn cover(&self) -> Cover {
        Cover::Broad
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let room = scene.room;
        let inner = inset(scene.area, 1, 1);
        let rows = usize::from(inner.height.saturating_sub(BELOW));
        let lines = self.lines(room, usize::from(inner.width));
        for (row, bits) in lines.iter().skip(self.top).take(rows).enumerate() {
            line(
                room,
                buf,
                inner,
                u16::try_from(row).unwrap_or(u16::MAX),
                bits,
            );
        }
        let checked = self.checked.as_ref()?;
        let below = Rect {
            y: inner.y + inner.height.saturating_sub(BELOW - 1),
            height: BELOW - 1,
            ..inner
        };
        let next = match (&checked.seal, self.over(room), self.armed) {
            (Some(_), ..) => ("month.again", Tone::Dim),
            (None, false, _) => ("month.interim", Tone::Dim),
            (None, true, true) => ("month.armed", Tone::Late),
            (None, true, false) => ("month.seal", Tone::Strong),
        };
        line(room, buf, below, 1, &[bit(room.text(next.0), next.1)]);
        let asked = bit(format!("{} ", room.text("month.reason")), Tone::Strong);
        self.asks_reason(room)
            .then(|| prompt(room, buf, below, asked, &self.reason, &[]))
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        let edit = match self.asks_reason(here.room) {
            true => self.reason.key(press.event),
            false => Edit::Nothing,
        };
        match (edit, press.cmd) {
            (Edit::Moved | Edit::Changed, _) => self.armed = false,
            (Edit::Nothing, Some(cmd)) if self.command(cmd, here.room, here.area, out) => {}
            (Edit::Nothing, _) => return Taken::No,
        }
        Taken::Yes
    }

    fn writes(&self, press: &Press) -> Writes {
        match press.cmd {
            Some(Cmd::Open) => Writes::Shown,
            _ => Writes::Nothing,
        }
    }

    fn paste(&mut self, text: &str, here: &Here<'_>, _out: &mut Outbox<'_>) {
        if self.asks_reason(here.room) {
            self.reason.insert(text);
        }
    }

    /// Takes the report if it is of the month that is shown; what was sealed is looked at again.
    fn ended(&mut self, ended: &Ended, _here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        match ended {
            Ended::Checked(checked) => {
                if checked.month == self.month {
                    self.checked = Some(checked.as_ref().clone());
                    (self.armed, self.top) = (false, 0);
                }
            }
            Ended::Archived(sealed) => out.go(Go::Begin(Box::new(Task::Check(sealed.month)))),
            _ => return Taken::No,
        }
        Taken::Yes
    }
}
