//! The two lines that every screen has on top: tabs, clock, operator, file; and what is owed.

use chrono::Datelike;
use crossterm::event::{KeyCode, KeyEvent};

use super::{App, Kept};
use crate::base::i18n::Msg;
use crate::base::time::weekday_key;
use crate::registers::{REGISTERS, label};
use crate::tui::keymap::{Cmd, binding};
use crate::tui::paint::{Bits, bit, bits_width, fit};
use crate::tui::room::Room;
use crate::tui::screens::operator::named;
use crate::tui::theme::{Theme, Tone};
use crate::tui::when::{mark, short, short_no};

impl App {
    /// Tabs at the left; operator, time and file at the right, as much of it as fits.
    pub(super) fn top(&self, room: &Room) -> Bits {
        let columns = usize::from(room.size.0);
        let mut tabs = Vec::new();
        // A digit that means something else here is not shown for a tab.
        let one = KeyEvent::from(KeyCode::Char('1'));
        let digits = binding(self.context(), one).is_some_and(|b| b.cmd == Cmd::Tab);
        let names = std::iter::once(room.text("tui.today")).chain(
            REGISTERS
                .iter()
                .map(|register| room.text(&format!("register.{}", register.spec().code))),
        );
        for (at, name) in names.enumerate() {
            let tone = if at == self.tab {
                Tone::Selected
            } else {
                Tone::Text
            };
            let digit = match digits {
                true => (at + 1).to_string(),
                false => " ".to_owned(),
            };
            tabs.push(bit(format!(" {digit}{name} "), tone));
        }
        let brand = bit(format!(" {} ", room.text("tui.name")), Tone::Strong);
        for (with_brand, right) in self.right_words(room) {
            let mut left = if with_brand {
                vec![brand.clone()]
            } else {
                Vec::new()
            };
            left.extend(tabs.iter().cloned());
            let free = columns.saturating_sub(bits_width(&left));
            let wide = bits_width(&right);
            if wide + 1 < free {
                left.push(bit(" ".repeat(free - wide - 1), Tone::Text));
                left.extend(right);
                return left;
            }
        }
        fit(&tabs, columns)
    }

    /// Ever shorter words for the right end.
    fn right_words(&self, room: &Room) -> Vec<(bool, Bits)> {
        let local = room.voice.zone.local(room.now);
        let clock = local.format("%H:%M:%S").to_string();
        let weekday = room.text(weekday_key(local.weekday()));
        let date = format!("{} {weekday} {clock}", local.date());
        let site = room.rules.site();
        let site_name = site.word("site_name").to_owned();
        let (who, name) = match &room.operator {
            Some(operator) => (named(operator, room), operator.name.clone()),
            None => (room.text("tui.nobody"), room.text("tui.nobody")),
        };
        let (dot, word, tone) = match self.kept {
            Kept::Saved => ("●", "tui.saved", Tone::Good),
            Kept::Writing => ("◌", "tui.saving", Tone::Soon),
            Kept::Trouble => ("‼", "tui.not_saved", Tone::Late),
        };
        let state = |long: bool| {
            bit(
                if long {
                    format!(" {dot} {}", room.text(word))
                } else {
                    format!(" {dot}")
                },
                tone,
            )
        };
        let say = |parts: &[&str]| bit(parts.join(" · "), Tone::Dim);
        let short_clock = local.format("%H:%M").to_string();
        vec![
            (true, vec![say(&[&site_name, &who, &date]), state(true)]),
            (true, vec![say(&[&who, &date]), state(true)]),
            (false, vec![say(&[&who, &date]), state(true)]),
            (
                false,
                vec![say(&[&who, &format!("{weekday} {clock}")]), state(true)],
            ),
            (
                false,
                vec![say(&[&name, &format!("{weekday} {clock}")]), state(true)],
            ),
            (
                false,
                vec![say(&[&name, &clock]), state(self.kept == Kept::Trouble)],
            ),
            (false, vec![say(&[&clock]), state(false)]),
            (false, vec![say(&[&short_clock])]),
        ]
    }

    /// 期限条: as many duties as fit, soonest first, none cut in the middle.
    pub(super) fn strip(&self, room: &Room) -> Bits {
        let columns = usize::from(room.size.0).saturating_sub(1);
        let mut out = vec![bit(" ", Tone::Text)];
        if let Some(last) = self.clock_behind {
            let told = Msg::new("clock.behind").with("before", last);
            let told = format!("‼ {}   ", room.voice.say(&told));
            out.extend(fit(&[bit(told, Tone::Late)], columns.saturating_sub(1)));
        }
        for item in &self.today.items {
            let mark = mark(&item.deadline, room);
            let duty = label::duty(&room.voice, item.register, &item.deadline.code);
            let text = format!("{} {duty} ", short_no(&item.no, room));
            let piece = vec![
                bit(format!("{} ", mark.symbol()), Theme::mark(mark)),
                bit(text, Tone::Text),
                bit(short(&item.deadline, room), Theme::mark(mark)),
                bit("   ", Tone::Text),
            ];
            if bits_width(&out) + bits_width(&piece) > columns + 3 {
                if out.len() == 1 {
                    out.extend(fit(&piece, columns.saturating_sub(1)));
                }
                break;
            }
            out.extend(piece);
        }
        if self.today.items.is_empty() && self.today.loaded && !room.dark {
            out.push(bit(format!("✓ {}", room.text("due.nothing")), Tone::Good));
        }
        out
    }
}
