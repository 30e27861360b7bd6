//! What goes between the screens and the rest: messages in, effects out. Screens never touch the desk; they ask.

use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::hand::Millis;
use super::job::{Ended, Task};
use crate::base::i18n::Msg;
use crate::base::progress::Progress;
use crate::base::time::Instant;
use crate::desk::Error;
use crate::desk::backup::State;
use crate::desk::dark::Gone;
use crate::desk::handover::Item;
use crate::desk::papers::{PaperOffer, Printed};
use crate::desk::undo::Undone;
use crate::desk::view::{
    Done, Draft, DueCounts, DueItem, ListQuery, Page, Preview, RecordView, Request,
};
use crate::press::{Print, filing::Filed};
use crate::record::request::Operator;
use crate::registers::outage::Dark;
use crate::rules::ruleset::Rules;

/// Something that happened.
pub enum Message {
    /// A key, and when it was pressed: what waits in the queue was pressed before what is seen now.
    Key(KeyEvent, Millis),
    /// A bracketed paste.
    Paste(String),
    /// The terminal's size changed.
    Resize(u16, u16),
    /// Time went on.
    Tick(Instant),
    /// The clock moved from the one instant to the other otherwise than time itself: set by somebody, or the machine slept.
    Jumped(Instant, Instant),
    /// The desk answered a question.
    Answer(Answer),
    /// Another process wrote to the file; the rules in force now, which it may have changed.
    Changed(Arc<Rules>),
    /// How the copies of the file stand (none for a file that has none), or why they could not be made.
    Copies(Result<Option<State>, Error>),
    /// How far the long work is.
    Progress(Progress),
    /// The long work has ended.
    Ended(Result<Ended, Error>),
    /// The terminal or the system wants us to go.
    Leave,
    /// The desk's thread is gone.
    Lost,
}

/// Which paper of which record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// The record's number.
    pub no: String,
    /// The paper's name.
    pub document: String,
    /// Which of several, such as a bill's number; the last when not told.
    pub item: Option<String>,
}

/// Which screen asks: each that is put up has a number of its own, so that no two wait for one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asker {
    /// A tab, counted from 0.
    Tab(usize),
    /// The card beside the list.
    Beside,
    /// A screen over the tab, by its number.
    Over(u64),
}

impl Asker {
    /// A part of this screen.
    pub const fn part(self, part: Part) -> Slot {
        Slot::Screen(self, part)
    }
}

/// Which part of a screen asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Its lines, or the record it shows.
    Shown,
    /// What a form would lead to.
    Preview,
    /// The completion of a field.
    Words,
    /// A paper that is shown beside it; which of several.
    Paper(usize),
}

/// What a question is for. One of a screen replaces an older one of the same part that has not been answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// What a screen shows.
    Screen(Asker, Part),
    /// Something that must not be left out: writing, and what writing needs.
    Must,
}

/// A question to the desk.
#[derive(Clone, Debug)]
pub enum Want {
    /// What is owed, at most so much, with the counts, and what is dark.
    Owed(usize),
    /// Power has gone.
    Blackout(Gone, Operator),
    /// What the shift of this number hands over.
    Handover(String),
    /// Note in the log what the machine has noticed about itself.
    Note(Msg, Operator),
    /// A page.
    Page(ListQuery),
    /// A record.
    View(String),
    /// Do it.
    Act(Request, Operator),
    /// Take back what this person typed last, within a minute.
    Undo(Operator),
    /// What it would lead to.
    Preview(Request, Operator),
    /// Words of a list that begin so.
    Suggest(&'static str, String),
    /// Keep a half-filled form.
    SaveDraft(Draft),
    /// Throw a half-filled form away.
    DeleteDraft(String),
    /// The half-filled forms.
    Drafts,
    /// Everybody who has acted here.
    Operators,
    /// Remember who acts.
    SetOperator(Operator),
    /// The papers of a record.
    Papers(String),
    /// A paper as it would be printed.
    Draw(Sought),
    /// Print a paper into its folder.
    Print(Sought, Print, Operator),
}

impl Want {
    /// Whether it writes what somebody has typed, so that the file is not up to date before it is answered.
    pub const fn writes(&self) -> bool {
        matches!(
            self,
            Want::Act(..)
                | Want::Blackout(..)
                | Want::Note(..)
                | Want::Undo(_)
                | Want::Print(..)
                | Want::SaveDraft(_)
        )
    }
}

/// A question with its place and number.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Counts up; an answer whose number nobody waits for any more is dropped.
    pub seq: u64,
    /// Who asks.
    pub slot: Slot,
    /// When.
    pub now: Instant,
    /// What.
    pub want: Want,
}

/// How things stand: what 今日 and the lines on top of every screen tell.
pub struct Owed {
    /// What is owed, soonest first.
    pub items: Vec<DueItem>,
    /// How much.
    pub counts: DueCounts,
    /// When the last entry was typed, if the clock is behind it.
    pub clock_behind: Option<Instant>,
    /// What is dark, the darkest first.
    pub dark: Vec<Dark>,
}

/// What the desk answered.
pub enum Got {
    /// How things stand.
    Owed(Box<Owed>),
    /// Power is out already: these.
    Dark(Vec<Dark>),
    /// A page.
    Page(Page),
    /// A record, or that there is none.
    View(Option<Box<RecordView>>),
    /// It was done.
    Done(Box<Done>),
    /// What a shift hands over.
    Handover(Vec<Item>),
    /// It was noted in the log.
    Noted,
    /// It was taken back.
    Undone(Box<Undone>),
    /// What it would lead to.
    Preview(Box<Preview>),
    /// Words.
    Words(Vec<String>),
    /// A draft was kept or thrown away.
    Draft,
    /// The half-filled forms.
    Drafts(Vec<Draft>),
    /// Who has acted here.
    Operators(Vec<Operator>),
    /// The operator is remembered.
    Operator,
    /// The papers of the record of this number.
    Papers(String, Vec<PaperOffer>),
    /// A paper as it would be printed.
    Drawn(Sought, Box<Printed>),
    /// A paper was printed; how it stands now, and where it lies.
    Printed(Sought, Box<Printed>, Filed),
    /// Nothing: a newer question of the same part of the same screen is answered instead.
    Overtaken,
}

/// The answer to the question of this number.
pub struct Answer {
    /// The question's number.
    pub seq: u64,
    /// What came of it.
    pub got: Result<Got, Error>,
}

/// What the screens want to happen outside of them.
#[derive(Debug)]
pub enum Effect {
    /// Ask the desk.
    Ask(Ask),
    /// Put this into the terminal's clipboard.
    Copy(String),
    /// Begin something long.
    Begin(Box<Task>, Option<Operator>),
    /// Stop the long work.
    Stop,
    /// Draw everything anew.
    Redraw,
    /// End.
    Quit,
}
