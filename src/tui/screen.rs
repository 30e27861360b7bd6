//! The face of a screen: all that the application knows of one. The application holds screens as boxes with this face;
//! it gives them keys, answers and time, and what they want done they put into the [`Outbox`] or say by [`Taken`].

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::hand::Writes;
use super::job::{Ended, Running};
use super::keymap::{Cmd, Context};
use super::message::Got;
use super::outbox::{Outbox, Pick};
use super::paint::{Bit, Bits};
use super::room::Room;
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::desk::Error;
use crate::desk::view::{Draft, RecordView};

/// A key that was pressed, and what the table of keys says of it.
#[derive(Clone, Copy, Debug)]
pub struct Press {
    /// The key itself: what one types.
    pub event: KeyEvent,
    /// What it asks for at this screen's place.
    pub cmd: Option<Cmd>,
    /// The digit, if it is one.
    pub digit: Option<usize>,
}

/// Where a screen is while it works.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    /// The surroundings.
    pub room: &'a Room,
    /// The part of the terminal that it is drawn on.
    pub area: Rect,
}

impl Here<'_> {
    /// Rows of a list under its headings.
    pub fn rows(&self) -> usize {
        usize::from(self.area.height).saturating_sub(1)
    }
}

/// Where a screen is while it is drawn, and what goes on behind it.
pub struct Scene<'a> {
    /// The surroundings.
    pub room: &'a Room,
    /// The part of the terminal that it is drawn on.
    pub area: Rect,
    /// Whether the keys go to it.
    pub focused: bool,
    /// The long work that is running.
    pub job: Option<&'a Running>,
    /// How the copies of the file stand, in one line.
    pub copies: Option<&'a Bit>,
}

/// Which part of the terminal a screen takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// The list's place at the left.
    Left,
    /// The place beside the list, or the list's own where there is room for one only.
    Front,
    /// The same, with more of the width.
    Broad,
    /// The lower part of what is in front, which stays in sight above it.
    Foot,
    /// The list's place, and the whole width as long as nothing stands beside it.
    Whole,
    /// A line at the foot of what is in front, which asks before something is written.
    Line,
}

/// What a screen did with what it was given.
pub enum Taken {
    /// Nothing: of a key, the meaning that it has everywhere applies.
    No,
    /// It was for this screen.
    Yes,
    /// It was for this screen, which is done and goes.
    Closes,
    /// It was for this screen, and another one comes up over it.
    Opens(Box<dyn Screen>),
}

/// How a screen is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// One step back; a screen may go a step back within itself instead.
    Back,
    /// To another tab; nothing can hold that up.
    Away,
}

/// The record that a screen shows.
pub struct About<'a> {
    /// Its number.
    pub no: &'a str,
    /// The record, when the desk has told of it.
    pub view: Option<&'a RecordView>,
}

/// A screen.
pub trait Screen: Send {
    /// Where its keys are looked up.
    fn context(&self) -> Context;

    /// Its title, for the rule above it.
    fn title(&self, room: &Room) -> Bits;

    /// Draws it; answers where the cursor stands, if one types.
    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)>;

    /// Takes a key.
    fn key(&mut self, press: &Press, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken;

    /// Which part of the terminal it takes.
    fn cover(&self) -> Cover {
        Cover::Front
    }

    /// Takes a pasted text.
    fn paste(&mut self, _text: &str, _here: &Here<'_>, _out: &mut Outbox<'_>) {}

    /// Why a key is of no use here and now; none: it is of use, and the footer may offer it.
    fn cannot(&self, _cmd: Cmd) -> Option<Msg> {
        None
    }

    /// What a key would write here and now.
    fn writes(&self, _press: &Press) -> Writes {
        Writes::Nothing
    }

    /// What stands under the cursor and could be written by one key, so that it is noticed when it becomes another one.
    fn line(&self) -> Option<String> {
        None
    }

    /// Carries out what was chosen in a menu over it.
    fn pick(&mut self, _pick: &Pick, _here: &Here<'_>, _out: &mut Outbox<'_>) -> Taken {
        Taken::No
    }

    /// What came of the question of this number, which may be another screen's: an answer, a trouble, or that a newer
    /// question of its own has overtaken it. Every question comes back in one of these ways.
    fn answer(
        &mut self,
        _seq: u64,
        _got: Result<&Got, &Error>,
        _here: &Here<'_>,
        _out: &mut Outbox<'_>,
    ) -> Taken {
        Taken::No
    }

    /// What came of long work, which may be another screen's.
    fn ended(&mut self, _ended: &Ended, _here: &Here<'_>, _out: &mut Outbox<'_>) -> Taken {
        Taken::No
    }

    /// Something was written, here or by another process: asks anew what it shows.
    fn refresh(&mut self, _out: &mut Outbox<'_>) {}

    /// Other rules are in force, which may call things otherwise; the records that are known here may be needed for it.
    fn renamed(&mut self, _known: &[RecordView], _room: &Room, _out: &mut Outbox<'_>) {}

    /// A record has become this.
    fn became(&mut self, _view: &RecordView, _room: &Room) {}

    /// Time has gone on since `was`.
    fn tick(&mut self, _was: Instant, _room: &Room, _out: &mut Outbox<'_>) {}

    /// Is left; answers whether it goes.
    fn leave(&mut self, _leaving: Leaving, _room: &Room, _out: &mut Outbox<'_>) -> bool {
        true
    }

    /// The record that it shows.
    fn about(&self) -> Option<About<'_>> {
        None
    }

    /// The number of the record under its cursor; asked of the screens at the left.
    fn selected(&self) -> Option<&str> {
        None
    }

    /// The name among the drafts of what is typed here.
    fn draft_name(&self) -> Option<String> {
        None
    }

    /// What would be lost if the program ended now.
    fn unsaved(&self, _room: &Room) -> Option<Draft> {
        None
    }

    /// Whether it only leads to something: it goes when a form comes up.
    fn leads_on(&self) -> bool {
        false
    }
}
