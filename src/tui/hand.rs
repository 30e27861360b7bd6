//! The hand at the keys. A tired hand presses a key longer than it means to, or once more after the screen has become
//! another one; what would write is then not heard, and that is said.

use crossterm::event::{KeyEvent, KeyEventKind};

/// How long, in milliseconds, nothing is written after something has changed under the hand.
const DEAF: u64 = 500;
/// The same key again within so many milliseconds is one that was held down.
const REPEATS: u64 = 400;

/// Milliseconds of a clock that nobody can set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(pub u64);

impl Millis {
    /// How long ago `before` was.
    pub const fn since(self, before: Self) -> u64 {
        self.0.saturating_sub(before.0)
    }
}

/// What a key would write, and whether it must have been seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    /// Nothing: it is always heard.
    Nothing,
    /// What the screen shows, or the line under the cursor.
    Shown,
    /// What the key means on this screen, whatever stands under the cursor: a digit of the sheet.
    Named,
    /// What the hand itself has typed here.
    Typed,
}

/// Why a key was not heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unheard {
    /// It was held down.
    Repeats,
    /// Something has just changed under the hand.
    Changed,
}

impl Unheard {
    /// What is said of it.
    pub const fn key(self) -> &'static str {
        match self {
            Unheard::Repeats => "tui.unheard_repeats",
            Unheard::Changed => "tui.unheard_changed",
        }
    }
}

/// What is under the hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Counts the screens that came up or went.
    pub screens: u32,
    /// Which tab it is.
    pub tab: usize,
    /// Counts the lines at the foot that did: what asks before it writes.
    pub asked: u32,
    /// The line under the cursor.
    pub line: Option<String>,
}

/// The hand.
#[derive(Clone, Debug, Default)]
pub struct Hand {
    last: Option<(KeyEvent, Millis)>,
    repeats: bool,
    screen_changed: Option<Millis>,
    line_changed: Option<Millis>,
}

impl Hand {
    /// A key goes down.
    pub fn press(&mut self, event: KeyEvent, at: Millis) {
        let same = |last: KeyEvent| (last.code, last.modifiers) == (event.code, event.modifiers);
        let held = |(last, then): (KeyEvent, Millis)| same(last) && at.since(then) < REPEATS;
        self.repeats = event.kind == KeyEventKind::Repeat || self.last.is_some_and(held);
        self.last = Some((event, at));
    }

    /// When the key that is down was pressed.
    pub fn pressed(&self) -> Millis {
        self.last.map_or_else(Millis::default, |(_, at)| at)
    }

    /// Whether the key that is down is one that was held down.
    pub const fn repeats(&self) -> bool {
        self.repeats
    }

    /// Why the key that is down is not heard, if it is not.
    pub fn unheard(&self, writes: Writes, at: Millis) -> Option<Unheard> {
        let just = |changed: Option<Millis>| changed.is_some_and(|then| at.since(then) < DEAF);
        let changed = match writes {
            Writes::Nothing => return None,
            Writes::Shown => just(self.screen_changed) || just(self.line_changed),
            Writes::Named => just(self.screen_changed),
            Writes::Typed => false,
        };
        match (self.repeats, changed) {
            (true, _) => Some(Unheard::Repeats),
            (false, true) => Some(Unheard::Changed),
            (false, false) => None,
        }
    }

    /// What is under the hand has become something else; `own`: by its own key, which moves the cursor where it wants.
    pub fn saw(&mut self, before: &Sight, after: &Sight, own: bool, at: Millis) {
        if (before.screens, before.tab) != (after.screens, after.tab) {
            self.screen_changed = Some(at);
        }
        if before.asked != after.asked || (!own && before.line != after.line) {
            self.line_changed = Some(at);
        }
    }
}
