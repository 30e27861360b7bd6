//! The screens that stand over the tab, and what all of them are given.

use std::ops::{Deref, DerefMut};

use super::App;
use crate::desk::Error;
use crate::desk::view::RecordView;
use crate::tui::hand::Sight;
use crate::tui::keymap::Context;
use crate::tui::message::Got;
use crate::tui::outbox::Outbox;
use crate::tui::room::Room;
use crate::tui::screen::{About, Cover, Here, Screen, Taken};
use crate::tui::screens::register::Register;

/// The screens over the tab, the one in front last; it counts how often one came up or went.
#[derive(Default)]
pub(in crate::tui) struct Stack {
    screens: Vec<Box<dyn Screen>>,
    changes: u32,
    /// The same of what asks at the foot before it writes.
    asked: u32,
}

impl Stack {
    fn count(&mut self, cover: Cover) {
        let counter = match cover {
            Cover::Line => &mut self.asked,
            _ => &mut self.changes,
        };
        *counter = counter.wrapping_add(1);
    }

    /// A screen comes up.
    pub(super) fn push(&mut self, screen: Box<dyn Screen>) {
        self.count(screen.cover());
        self.screens.push(screen);
    }

    /// The screen in front goes.
    pub(super) fn pop(&mut self) -> Option<Box<dyn Screen>> {
        let screen = self.screens.pop()?;
        self.count(screen.cover());
        Some(screen)
    }

    /// The screen at this place goes.
    pub(super) fn remove(&mut self, at: usize) -> Box<dyn Screen> {
        let screen = self.screens.remove(at);
        self.count(screen.cover());
        screen
    }

    /// Those go that are not wanted any more.
    pub(super) fn retain(&mut self, wanted: impl Fn(&dyn Screen) -> bool) {
        let had = self.screens.len();
        self.screens.retain(|screen| wanted(screen.as_ref()));
        if self.screens.len() < had {
            self.count(Cover::Front);
        }
    }
}

impl Deref for Stack {
    type Target = [Box<dyn Screen>];
    fn deref(&self) -> &Self::Target {
        &self.screens
    }
}

impl DerefMut for Stack {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.screens
    }
}

impl App {
    /// What is under the hand.
    pub(super) fn sight(&self) -> Sight {
        Sight {
            screens: self.stack.changes,
            tab: self.tab,
            asked: self.stack.asked,
            line: self.front().line(),
        }
    }

    /// The list of the tab, unless it is 今日.
    pub(super) fn list(&mut self) -> Option<&mut Register> {
        let at = self.tab.checked_sub(1)?;
        self.lists.get_mut(at)
    }

    /// The tab.
    fn tab(&self) -> &dyn Screen {
        let list = self.tab.checked_sub(1).and_then(|at| self.lists.get(at));
        list.map_or(&self.today, |list| list)
    }

    /// The screen in front.
    pub(super) fn front(&self) -> &dyn Screen {
        self.stack.last().map_or(self.tab(), Box::as_ref)
    }

    pub(super) fn front_mut(&mut self) -> &mut dyn Screen {
        let tab: &mut dyn Screen = match self.tab.checked_sub(1) {
            Some(at) if at < self.lists.len() => &mut self.lists[at],
            _ => &mut self.today,
        };
        self.stack.last_mut().map_or(tab, |screen| screen.as_mut())
    }

    /// Which of the screens over the tab stands in the list's place.
    pub(super) fn left_at(&self) -> Option<usize> {
        self.stack
            .iter()
            .rposition(|screen| matches!(screen.cover(), Cover::Left | Cover::Whole))
    }

    /// The screen at the left: what is in the list's place, or the tab.
    pub(super) fn left(&self) -> &dyn Screen {
        let over = self.left_at().and_then(|at| self.stack.get(at));
        over.map_or(self.tab(), Box::as_ref)
    }

    /// Where keys are looked up.
    pub fn context(&self) -> Context {
        self.front().context()
    }

    /// Where a screen that covers this is.
    fn here<'a>(&self, cover: Cover, room: &'a Room) -> Here<'a> {
        let layout = self.layout(room);
        let area = match cover {
            Cover::Left | Cover::Whole => layout.left,
            Cover::Front | Cover::Broad | Cover::Foot | Cover::Line => layout.front(),
        };
        Here { room, area }
    }

    /// Gives something to the screen in front; answers whether it was for it.
    pub(super) fn give_front(
        &mut self,
        room: &Room,
        out: &mut Outbox<'_>,
        give: impl FnOnce(&mut dyn Screen, &Here<'_>, &mut Outbox<'_>) -> Taken,
    ) -> bool {
        let here = self.here(self.front().cover(), room);
        let at = self.stack.len().checked_sub(1);
        let taken = give(self.front_mut(), &here, out);
        self.settle(at, taken)
    }

    /// Gives something to one screen after the other, the front one first, until one says that it was for it.
    pub(super) fn give(
        &mut self,
        room: &Room,
        out: &mut Outbox<'_>,
        mut give: impl FnMut(&mut dyn Screen, &Here<'_>, &mut Outbox<'_>) -> Taken,
    ) -> bool {
        for at in (0..self.stack.len()).rev() {
            let here = self.here(self.stack[at].cover(), room);
            let taken = give(self.stack[at].as_mut(), &here, out);
            if self.settle(Some(at), taken) {
                return true;
            }
        }
        let (left, beside) = (self.here(Cover::Left, room), self.here(Cover::Front, room));
        let mut taken = give(&mut self.today, &left, out);
        let mut lists = self.lists.iter_mut();
        while let (Taken::No, Some(list)) = (&taken, lists.next()) {
            taken = give(list, &left, out);
        }
        if let (Taken::No, Some(peek)) = (&taken, &mut self.peek) {
            taken = give(peek, &beside, out);
        }
        self.settle(None, taken)
    }

    /// Brings what came of a question to the screen that asked; answers whether one was there.
    pub(super) fn deliver(
        &mut self,
        seq: u64,
        got: Result<&Got, &Error>,
        room: &Room,
        out: &mut Outbox<'_>,
    ) -> bool {
        self.give(room, out, |screen, here, out| {
            screen.answer(seq, got, here, out)
        })
    }

    /// What a screen answered: the one at this place of the stack, or none of those.
    fn settle(&mut self, at: Option<usize>, taken: Taken) -> bool {
        match taken {
            Taken::No => return false,
            Taken::Yes => {}
            Taken::Closes => {
                if let Some(at) = at {
                    self.stack.remove(at);
                }
            }
            Taken::Opens(screen) => self.stack.push(screen),
        }
        true
    }

    /// Every screen, in front or not.
    pub(super) fn each(&mut self, mut act: impl FnMut(&mut dyn Screen)) {
        self.stack
            .iter_mut()
            .for_each(|screen| act(screen.as_mut()));
        act(&mut self.today);
        self.lists.iter_mut().for_each(|list| act(list));
        self.peek.iter_mut().for_each(|peek| act(peek));
    }

    /// The records that screens show, the front one first.
    pub(super) fn records(&self) -> impl Iterator<Item = &RecordView> {
        let over = self.stack.iter().rev().filter_map(|screen| screen.about());
        let peek = self.peek.iter().filter_map(|peek| peek.about());
        over.chain(peek).filter_map(|about: About<'_>| about.view)
    }
}
