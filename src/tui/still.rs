//! The desk's first screen without a terminal, for measuring what drawing a frame costs.

use std::collections::VecDeque;

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::app::App;
use super::hand::Millis;
use super::message::{Answer, Effect, Message};
use super::room::Room;
use super::theme::Theme;
use super::worker::answer;
use crate::base::i18n::Voice;
use crate::base::time::Instant;
use crate::desk::{Desk, Result};

/// A desk that has answered everything its first screen asks for.
pub struct Still {
    app: App,
    room: Room,
    terminal: Terminal<TestBackend>,
}

impl Still {
    /// The first screen on a file, at `size` columns and rows.
    ///
    /// # Errors
    /// [`crate::desk::Error::File`] when the file cannot be read.
    pub fn of(desk: &mut Desk, voice: Voice, now: Instant, size: (u16, u16)) -> Result<Self> {
        let operator = desk.operator()?;
        let mut room = Room {
            voice: Voice {
                lexicon: desk.rules().lexicon(),
                ..voice
            },
            rules: desk.rules(),
            documents: desk.documents(),
            now,
            operator,
            size,
            dark: false,
            theme: Theme::default(),
        };
        let mut app = App::new(&room, desk.drafts()?);
        let mut open: VecDeque<Effect> = app.begin(&room).into();
        while let Some(effect) = open.pop_front() {
            if let Effect::Ask(ask) = effect {
                let got = answer(desk, &ask);
                open.extend(app.update(
                    &mut room,
                    Message::Answer(Answer { seq: ask.seq, got }),
                    Millis::default(),
                ));
            }
        }
        let Ok(terminal) = Terminal::new(TestBackend::new(size.0, size.1));
        Ok(Self {
            app,
            room,
            terminal,
        })
    }

    /// Draws one frame from nothing, as after a resize.
    pub fn draw(&mut self) {
        let Ok(()) = self.terminal.clear();
        let Ok(_) = self.terminal.draw(|frame| self.app.draw(&self.room, frame));
    }
}
