//! How the cursor moves on a card and on a sheet, and which part of the screen each piece of them has.

use ratatui::layout::Rect;

use super::card::Card;
use super::card_lines::{CardLine, Spot};
use super::sheet;
use crate::rules::deadline::Deadline;
use crate::tui::keymap::Cmd;
use crate::tui::layout::{Layout, window};
use crate::tui::paint::inset;
use crate::tui::room::Room;

/// Columns from which there is room for a second column beside the sheet.
const TWO: u16 = 100;

/// The parts of a card.
pub(super) struct Panes {
    /// What stays in sight of a sheet.
    pub(super) head: Rect,
    /// What scrolls.
    pub(super) main: Rect,
    /// What stands beside a sheet where there is room for it.
    pub(super) aside: Option<Rect>,
}

/// The rows of the lines that stand for something, one for each thing that can be chosen.
pub(super) fn rows_of(lines: &[CardLine]) -> Vec<usize> {
    let lines = lines.iter().enumerate();
    lines
        .flat_map(|(row, line)| line.spots().map(move |_| row))
        .collect()
}

impl Card {
    /// The parts of the screen that it has.
    /// Whether something stands beside the sheet: where it is drawn it is asked for.
    pub(super) fn has_aside(&self, columns: u16) -> bool {
        self.is_sheet() && columns >= TWO
    }

    pub(super) fn panes(&self, room: &Room, area: Rect) -> Panes {
        let sheet = self.view.as_ref().filter(|_| self.is_sheet());
        let two = sheet.is_some() && self.has_aside(area.width);
        let left = match two {
            true => area.width * 54 / 100,
            false => area.width,
        };
        let inner = inset(
            Rect {
                width: left,
                ..area
            },
            1,
            1,
        );
        let rows = sheet.map_or(0, |view| {
            sheet::head(view, room, usize::from(inner.width)).len()
        });
        // On the smallest of terminals what scrolls matters more.
        let rows = u16::try_from(rows).unwrap_or(0).min(area.height / 2);
        let aside = Rect {
            x: area.x + left,
            width: area.width - left,
            ..area
        };
        Panes {
            head: Rect {
                height: rows,
                ..inner
            },
            main: Rect {
                y: inner.y + rows,
                height: inner.height - rows,
                ..inner
            },
            aside: two.then(|| inset(aside, 1, 1)),
        }
    }

    /// The cursor goes to this duty.
    pub fn aim(&mut self, code: String, round: u32, room: &Room) {
        self.aim = Some((code, round));
        self.take_aim(room);
    }

    pub(super) fn take_aim(&mut self, room: &Room) {
        let Some(view) = &self.view else { return };
        let Some((code, round)) = self.aim.take() else {
            return;
        };
        let mut duties = view.deadlines.iter();
        let duty = duties.position(|duty| duty.code == code && duty.round == round);
        let Some(spot) = duty.map(Spot::Duty) else {
            return;
        };
        let Some(at) = self.spots.iter().position(|known| *known == spot) else {
            return;
        };
        self.choose(at);
        let panes = self.panes(room, Layout::of(room, false).front());
        let row = rows_of(&self.lines(room, &panes)).get(at).copied();
        let rows = usize::from(panes.main.height);
        self.top = row.map_or(0, |row| window(0, row, rows));
    }

    /// The place of what is chosen among what can be: it stays chosen when other lines come and go; when it has gone,
    /// what stands in its place is. On the sheet that is the first open duty, as long as nothing else is.
    pub(super) fn chosen_at(&self) -> Option<usize> {
        let Some((at, chosen)) = &self.chosen else {
            let view = self.view.as_ref().filter(|_| self.is_sheet())?;
            let duty = |spot: &Spot| match spot {
                Spot::Duty(at) => view.deadlines.get(*at),
                _ => None,
            };
            let mut spots = self.spots.iter();
            let open = spots.position(|spot| duty(spot).is_some_and(Deadline::pending));
            return open.or_else(|| self.spots.iter().position(|spot| duty(spot).is_some()));
        };
        let same = self.spots.iter().position(|spot| spot == chosen);
        Some(same.unwrap_or((*at).min(self.spots.len().saturating_sub(1))))
    }

    pub(super) fn choose(&mut self, at: usize) {
        self.chosen = self.spots.get(at).map(|spot| (at, spot.clone()));
    }

    /// Turns the pages; what is chosen is always in sight.
    pub(super) fn turn(&mut self, cmd: Cmd, room: &Room, area: Rect) {
        let panes = self.panes(room, area);
        let rows = usize::from(panes.main.height);
        let page = rows.saturating_sub(1);
        let lines = self.lines(room, &panes);
        let most = lines.len().saturating_sub(rows);
        self.top = match cmd {
            Cmd::PageUp => self.top.saturating_sub(page),
            Cmd::PageDown => (self.top + page).min(most),
            Cmd::Last => most,
            _ => 0,
        };
        let in_sight = self.top..self.top + rows;
        let spots = rows_of(&lines).into_iter().enumerate();
        let mut seen = spots.filter(|(_, row)| in_sight.contains(row));
        let at = match cmd {
            Cmd::First if !self.is_sheet() => None,
            Cmd::PageUp if self.top == 0 => None,
            Cmd::Last => seen.next_back(),
            _ => seen.next(),
        };
        match at.map(|(at, _)| at) {
            Some(at) => self.choose(at),
            None => self.chosen = None,
        }
    }

    pub(super) fn step(&mut self, by: isize, room: &Room, area: Rect) {
        let panes = self.panes(room, area);
        let rows = usize::from(panes.main.height);
        let lines = self.lines(room, &panes);
        let most = lines.len().saturating_sub(rows);
        let spots = rows_of(&lines);
        let next = match (self.chosen_at(), by > 0) {
            (None, true) => spots.iter().position(|row| *row >= self.top),
            (None, false) => None,
            (Some(at), true) => Some(at + 1),
            (Some(at), false) => at.checked_sub(1),
        };
        match next.and_then(|at| spots.get(at).map(|row| (at, *row))) {
            // The next thing to choose is in reach: go there; else only scroll.
            Some((at, row)) if by < 0 || row < self.top + rows + 3 => {
                self.choose(at);
                self.top = window(self.top, row, rows);
            }
            Some(_) => self.top = (self.top + 1).min(most),
            None if by > 0 => self.top = (self.top + 1).min(most),
            None => {
                self.top = self.top.saturating_sub(1);
                if self.top == 0 && !self.is_sheet() {
                    self.chosen = None;
                }
            }
        }
    }
}
