//! A list read page by page: it scrolls as one, and never holds more than a few pages of it.

use std::collections::VecDeque;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::columns;
use crate::desk::Error;
use crate::desk::view::{ListItem, ListQuery, Order, Page};
use crate::registers::register;
use crate::tui::job::Task;
use crate::tui::keymap::Cmd;
use crate::tui::layout::window;
use crate::tui::message::{Asker, Got, Part, Want};
use crate::tui::outbox::{Go, Outbox, Pick};
use crate::tui::paint::{TableLine, table};
use crate::tui::room::Room;
use crate::tui::screen::Taken;
use crate::tui::text::{plain, width};
use crate::tui::when::short_no;

/// Lines fetched at a time.
const PAGE: usize = 100;
/// Lines that can be marked: what one would paste, not what one would export.
pub const MOST_MARKED: usize = 500;
/// Pages held; the ones farthest from the cursor go.
const PAGES: usize = 5;

/// Which part of the list a page is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cut {
    First,
    Last,
    After(String),
    Before(String),
}

#[derive(Clone, Debug)]
struct Loaded {
    cut: Cut,
    page: Page,
}

#[derive(Clone, Debug)]
enum Purpose {
    /// Replaces everything.
    Fresh,
    /// Comes behind what is there.
    Append,
    /// Comes before what is there.
    Prepend,
}

#[derive(Clone, Debug)]
struct Waiting {
    seq: u64,
    cut: Cut,
    purpose: Purpose,
}

/// A list of records.
#[derive(Clone, Debug)]
pub struct List {
    /// What it shows.
    pub query: ListQuery,
    asker: Asker,
    pages: VecDeque<Loaded>,
    cursor: usize,
    top: usize,
    waiting: Option<Waiting>,
    /// Select this record when its page comes.
    seek: Option<String>,
    /// Not what the file says any more.
    stale: bool,
    /// Lines marked to be copied together, in the order in which they were marked.
    pub marked: Vec<ListItem>,
}

impl List {
    /// A list that has loaded nothing yet.
    pub fn new(query: ListQuery, asker: Asker) -> Self {
        Self {
            query,
            asker,
            pages: VecDeque::new(),
            cursor: 0,
            top: 0,
            waiting: None,
            seek: None,
            stale: true,
            marked: Vec::new(),
        }
    }

    fn items(&self) -> impl Iterator<Item = &ListItem> {
        self.pages
            .iter()
            .flat_map(|loaded| loaded.page.items.iter())
    }

    fn len(&self) -> usize {
        self.pages
            .iter()
            .map(|loaded| loaded.page.items.len())
            .sum()
    }

    /// Whether there is nothing, and nothing on the way.
    pub fn is_empty(&self) -> bool {
        self.len() == 0 && self.waiting.is_none()
    }

    /// Whether what is held, even nothing, is what the file said when it was asked last.
    pub fn is_current(&self) -> bool {
        !self.stale
    }

    /// The line under the cursor.
    pub fn selected(&self) -> Option<&ListItem> {
        self.items().nth(self.cursor)
    }

    /// The number of the record under the cursor.
    pub fn selected_no(&self) -> Option<&str> {
        self.selected().map(|item| item.record.head.no.as_str())
    }

    /// The way to the record under the cursor, and to what it owes next.
    pub fn way_in(&self) -> Option<Go> {
        let item = self.selected()?;
        let no = item.record.head.no.clone();
        Some(match &item.next {
            Some(owed) => Go::Duty(no, owed.deadline.code.clone(), owed.deadline.round),
            None => Go::Card(no),
        })
    }

    /// Whether this is the first page.
    pub fn complete(&self) -> bool {
        self.pages
            .front()
            .is_some_and(|p| p.page.previous.is_none())
            && self.pages.back().is_some_and(|p| p.page.next.is_none())
    }

    /// Lines held.
    pub fn held(&self) -> usize {
        self.len()
    }

    fn fetch(&mut self, cut: Cut, purpose: Purpose, out: &mut Outbox<'_>) {
        let mut query = ListQuery {
            limit: PAGE,
            ..self.query.clone()
        };
        match &cut {
            Cut::First => {}
            Cut::Last => query.before = Some(String::new()),
            Cut::After(cursor) => query.after = Some(cursor.clone()),
            Cut::Before(cursor) => query.before = Some(cursor.clone()),
        }
        let seq = out.ask(self.asker.part(Part::Shown), Want::Page(query));
        self.waiting = Some(Waiting { seq, cut, purpose });
    }

    /// Marks the line under the cursor, or takes its mark off, and goes on to the next; `false` when no more can be
    /// marked.
    pub fn mark(&mut self, rows: usize, out: &mut Outbox<'_>) -> bool {
        let Some(item) = self.selected().cloned() else {
            return true;
        };
        match self.marked.iter().position(|marked| marked.id == item.id) {
            Some(at) => drop(self.marked.remove(at)),
            None if self.marked.len() >= MOST_MARKED => return false,
            None => self.marked.push(item),
        }
        self.command(Cmd::Down, rows, out);
        true
    }

    /// Takes every mark off; whether there were any.
    pub fn unmark(&mut self) -> bool {
        !std::mem::take(&mut self.marked).is_empty()
    }

    /// Shows something else, from the beginning.
    pub fn ask(&mut self, query: ListQuery, out: &mut Outbox<'_>) {
        self.marked.clear();
        self.query = query;
        self.cursor = 0;
        self.top = 0;
        self.stale = false;
        self.fetch(Cut::First, Purpose::Fresh, out);
    }

    /// Reads again what is in sight, keeping the selection.
    pub fn reload(&mut self, out: &mut Outbox<'_>) {
        self.stale = false;
        self.seek = self
            .seek
            .take()
            .or_else(|| self.selected().map(|item| item.record.head.no.clone()));
        let cut = self
            .page_of_cursor()
            .map_or(Cut::First, |at| self.pages[at].cut.clone());
        self.fetch(cut, Purpose::Fresh, out);
    }

    /// Reads from the beginning and selects a record there (one that was just made stands first).
    pub fn reload_at(&mut self, no: &str, out: &mut Outbox<'_>) {
        self.stale = false;
        self.seek = Some(no.to_owned());
        self.fetch(Cut::First, Purpose::Fresh, out);
    }

    /// Something was written; read again when it is looked at.
    pub fn spoil(&mut self) {
        self.stale = true;
    }

    /// Reads if what is held is no longer what the file says.
    pub fn refresh(&mut self, out: &mut Outbox<'_>) {
        if self.stale {
            self.reload(out);
        }
    }

    fn page_of_cursor(&self) -> Option<usize> {
        let mut end = 0;
        self.pages.iter().position(|loaded| {
            end += loaded.page.items.len();
            self.cursor < end
        })
    }

    /// Takes a page if it is the one waited for.
    pub fn answer(&mut self, seq: u64, page: &Page, rows: usize, out: &mut Outbox<'_>) -> bool {
        let Some(waiting) = self.waiting.take_if(|waiting| waiting.seq == seq) else {
            return false;
        };
        let loaded = Loaded {
            cut: waiting.cut.clone(),
            page: page.clone(),
        };
        for marked in &mut self.marked {
            if let Some(item) = page.items.iter().find(|item| item.id == marked.id) {
                marked.clone_from(item);
            }
        }
        let added = page.items.len();
        match waiting.purpose {
            Purpose::Fresh => self.replace(loaded, waiting.cut == Cut::Last),
            Purpose::Append => {
                self.pages.push_back(loaded);
                while self.pages.len() > PAGES {
                    let gone = self.pages.pop_front().map_or(0, |p| p.page.items.len());
                    self.cursor = self.cursor.saturating_sub(gone);
                    self.top = self.top.saturating_sub(gone);
                }
            }
            Purpose::Prepend => {
                self.pages.push_front(loaded);
                self.cursor += added;
                self.top += added;
                while self.pages.len() > PAGES {
                    self.pages.pop_back();
                }
            }
        }
        self.settle(rows);
        self.read_ahead(rows, out);
        true
    }

    /// Takes what came of a question, if it is the one waited for. What was not answered is asked again when the list is
    /// looked at.
    pub fn take(
        &mut self,
        seq: u64,
        got: Result<&Got, &Error>,
        rows: usize,
        out: &mut Outbox<'_>,
    ) -> Taken {
        match got {
            Ok(Got::Page(page)) if self.answer(seq, page, rows, out) => return Taken::Yes,
            Ok(Got::Overtaken) | Err(_) => {
                let lost = self.waiting.take_if(|waiting| waiting.seq == seq);
                self.stale |= lost.is_some();
            }
            Ok(_) => {}
        }
        Taken::No
    }

    fn replace(&mut self, loaded: Loaded, last: bool) {
        let before = self
            .cursor
            .saturating_sub(self.page_of_cursor().map_or(0, |at| {
                self.pages.iter().take(at).map(|p| p.page.items.len()).sum()
            }));
        let above = self.cursor.saturating_sub(self.top);
        // Who looks at the very top wants to see what comes in there.
        let at_top = self.top == 0 && loaded.cut == Cut::First;
        self.pages.clear();
        self.pages.push_back(loaded);
        let sought = self.seek.take();
        let found = sought.and_then(|no| self.items().position(|item| item.record.head.no == no));
        self.cursor = match (found, last) {
            (Some(at), _) => at,
            (None, true) => self.len().saturating_sub(1),
            (None, false) => before,
        };
        self.top = if at_top {
            0
        } else {
            self.cursor.saturating_sub(above)
        };
    }

    fn settle(&mut self, rows: usize) {
        self.cursor = self.cursor.min(self.len().saturating_sub(1));
        self.top = window(self.top, self.cursor, rows).min(self.len().saturating_sub(1));
    }

    /// Fetches the neighbouring page before the cursor gets there.
    fn read_ahead(&mut self, rows: usize, out: &mut Outbox<'_>) {
        if self.waiting.is_some() {
            return;
        }
        let near = rows * 3;
        let next = self.pages.back().and_then(|p| p.page.next.clone());
        let previous = self.pages.front().and_then(|p| p.page.previous.clone());
        if let (Some(next), true) = (next, self.cursor + near >= self.len()) {
            self.fetch(Cut::After(next), Purpose::Append, out);
        } else if let (Some(previous), true) = (previous, self.cursor < near) {
            self.fetch(Cut::Before(previous), Purpose::Prepend, out);
        }
    }

    /// Moves the cursor; answers whether the key was one of its own.
    pub fn command(&mut self, cmd: Cmd, rows: usize, out: &mut Outbox<'_>) -> bool {
        let page = rows.saturating_sub(1).max(1);
        let last = self.len().saturating_sub(1);
        let to = match cmd {
            Cmd::Up => self.cursor.saturating_sub(1),
            Cmd::Down => self.cursor + 1,
            Cmd::PageUp => self.cursor.saturating_sub(page),
            Cmd::PageDown => self.cursor + page,
            Cmd::First => {
                if self
                    .pages
                    .front()
                    .is_some_and(|p| p.page.previous.is_some())
                {
                    let marked = std::mem::take(&mut self.marked);
                    self.ask(self.query.clone(), out);
                    self.marked = marked;
                }
                0
            }
            Cmd::Last => {
                if self.pages.back().is_some_and(|p| p.page.next.is_some()) {
                    self.seek = None;
                    self.fetch(Cut::Last, Purpose::Fresh, out);
                }
                last
            }
            _ => return false,
        };
        self.cursor = to.min(last);
        self.settle(rows);
        self.read_ahead(rows, out);
        true
    }

    /// What leaves the desk from a list: its line to the clipboard, itself into a file.
    pub fn pick(&self, pick: &Pick, room: &Room, out: &mut Outbox<'_>) -> Taken {
        match pick {
            Pick::Copy => {
                if let Some(text) = self.copied(room) {
                    out.copy(text, room);
                }
            }
            Pick::Export(format) => out.go(Go::Begin(Box::new(Task::Export {
                query: self.query.clone(),
                format: *format,
            }))),
            _ => return Taken::No,
        }
        Taken::Yes
    }

    /// The line under the cursor, for the clipboard.
    fn copied(&self, room: &Room) -> Option<String> {
        let item = self.selected()?;
        let cells = columns::cells(register(item.register)?, room, item);
        let cells = cells.into_iter().map(|cell| plain(&cell.0)).skip(1);
        Some(cells.collect::<Vec<_>>().join("\t"))
    }

    /// Draws the list under its headings.
    pub fn draw(&self, room: &Room, area: Rect, buf: &mut Buffer, focused: bool) {
        let of = self.query.register.as_deref().and_then(register);
        let mut columns = of.map_or_else(
            || columns::everywhere(room),
            |register| columns::of(register, room),
        );
        let rows = usize::from(area.height.saturating_sub(1));
        let top = window(self.top, self.cursor, rows);
        // A number of another year is longer.
        let numbers = self
            .items()
            .skip(top)
            .take(rows)
            .map(|item| width(&short_no(&item.record.head.no, room)));
        if let Some(no) = columns.get_mut(1) {
            no.least = numbers.max().unwrap_or(0).max(no.least);
        }
        let lines = self.items().enumerate().skip(top);
        let lines = lines.map(|(at, item)| TableLine {
            values: match of {
                Some(register) => columns::cells(register, room, item),
                None => columns::found(item, room),
            },
            marked: self.marked.iter().any(|marked| marked.id == item.id),
            chosen: at == self.cursor,
        });
        table(room, buf, area, &columns, focused, lines);
    }
}

/// Whether a query narrows the list.
pub fn narrowed(query: &ListQuery) -> bool {
    !query.states.is_empty()
        || query.open.is_some()
        || query.class.is_some()
        || query.due.is_some()
        || query.order == Order::Due
}
