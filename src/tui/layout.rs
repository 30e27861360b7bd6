//! Where things stand on the screen.

use ratatui::layout::Rect;

use super::room::Room;

/// Below this nothing is drawn but a request for a larger window.
pub const LEAST: (u16, u16) = (40, 10);

/// The parts of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Tabs, operator, clock.
    pub top: Rect,
    /// The red line, while power is out.
    pub leader: Option<Rect>,
    /// 期限条.
    pub strip: Rect,
    /// The rule above the body, with titles.
    pub head: Rect,
    /// The left pane, or the only one.
    pub left: Rect,
    /// The right pane where there is one.
    pub right: Option<Rect>,
    /// The rule below the body, with the last message.
    pub status: Rect,
    /// The keys that matter here.
    pub footer: Rect,
}

impl Layout {
    /// The parts for this room; a form or a paper wants more of the width than a card.
    pub fn of(room: &Room, broad: bool) -> Self {
        let (w, h) = room.size;
        let row = |y: u16| Rect::new(0, y, w, 1);
        let lead = u16::from(room.dark);
        let body = Rect::new(0, 3 + lead, w, h.saturating_sub(5 + lead));
        let (left, right) = if room.wide() {
            let list = if broad { w * 3 / 10 } else { w * 54 / 100 };
            let rest = w.saturating_sub(list + 1);
            (
                Rect {
                    width: list,
                    ..body
                },
                Some(Rect {
                    x: list + 1,
                    width: rest,
                    ..body
                }),
            )
        } else {
            (body, None)
        };
        Self {
            top: row(0),
            leader: room.dark.then(|| row(1)),
            strip: row(1 + lead),
            head: row(2 + lead),
            left,
            right,
            status: row(h.saturating_sub(2)),
            footer: row(h.saturating_sub(1)),
        }
    }

    /// The left pane takes the whole width.
    pub fn spread(self) -> Self {
        let left = self.right.map_or(self.left, |right| self.left.union(right));
        Self {
            left,
            right: None,
            ..self
        }
    }

    /// Where a layer over the list is drawn: beside it, or in its place.
    pub fn front(&self) -> Rect {
        self.right.unwrap_or(self.left)
    }
}

/// Rows of the body.
pub fn rows(room: &Room) -> usize {
    usize::from(room.size.1.saturating_sub(5 + u16::from(room.dark)))
}

/// The first row to be shown so that `cursor` is in sight, as near to `top` as can be.
pub fn window(top: usize, cursor: usize, rows: usize) -> usize {
    if rows == 0 {
        return cursor;
    }
    top.min(cursor).max((cursor + 1).saturating_sub(rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_in_sight_and_the_window_still_when_it_can() {
        assert_eq!(window(0, 3, 5), 0);
        assert_eq!(window(0, 5, 5), 1);
        assert_eq!(window(4, 2, 5), 2);
        assert_eq!(window(4, 6, 5), 4);
    }
}
