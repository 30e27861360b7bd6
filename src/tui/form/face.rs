//! The form as a screen.

use ratatui::buffer::Buffer;

use super::{Form, QUIET_TICKS};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::desk::Error;
use crate::desk::view::{Done, Draft, RecordView, Target};
use crate::tui::hand::Writes;
use crate::tui::keymap::{Cmd, Context};
use crate::tui::message::Got;
use crate::tui::outbox::{Go, Outbox, Saved};
use crate::tui::paint::Bits;
use crate::tui::room::Room;
use crate::tui::screen::{Cover, Here, Leaving, Press, Scene, Screen, Taken};
use crate::tui::theme::Tone;

impl Form {
    /// What came of the save that was on its way.
    fn acted(&mut self, got: Result<&Done, &Error>, room: &Room, out: &mut Outbox<'_>) -> Taken {
        self.saving = None;
        match got {
            Ok(done) => {
                out.go(Go::Saved(Box::new(Saved {
                    done: done.clone(),
                    start: self.start.clone(),
                    draft: self.name(),
                    next: self.following(room),
                })));
                Taken::Closes
            }
            Err(Error::Refused(refusal)) => {
                self.refused(refusal, room);
                self.ask_preview(room, out);
                Taken::Yes
            }
            // Nothing is wrong with the form: what is, is told of the file.
            Err(Error::File(_)) => Taken::No,
        }
    }
}

impl Screen for Form {
    fn context(&self) -> Context {
        Context::Form
    }

    fn title(&self, room: &Room) -> Bits {
        self.heading(room)
    }

    fn cover(&self) -> Cover {
        Cover::Broad
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        self.draw_in(scene.room, scene.area, buf)
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        self.pressed(press, here.room, out)
    }

    fn paste(&mut self, text: &str, here: &Here<'_>, out: &mut Outbox<'_>) {
        self.pasted(text, here.room, out);
    }

    fn writes(&self, press: &Press) -> Writes {
        self.would_write(press)
    }

    fn cannot(&self, cmd: Cmd) -> Option<Msg> {
        let useless = match cmd {
            Cmd::SaveNext => !self.is_new(),
            Cmd::More => !self.has_more(),
            Cmd::NewLine => !self.in_long_text(),
            _ => false,
        };
        useless.then(|| Msg::new("tui.not_in_this_form"))
    }

    fn answer(
        &mut self,
        seq: u64,
        got: Result<&Got, &Error>,
        here: &Here<'_>,
        out: &mut Outbox<'_>,
    ) -> Taken {
        let room = here.room;
        if self.saving == Some(seq) {
            return match got {
                Ok(Got::Done(done)) => self.acted(Ok(done), room, out),
                Err(error) => self.acted(Err(error), room, out),
                Ok(_) => Taken::No,
            };
        }
        let taken = match got {
            Ok(Got::View(Some(view))) => self.renewed(seq, view, room),
            Ok(Got::Preview(preview)) => self.previewed(seq, preview),
            Ok(Got::Words(words)) => self.suggested(seq, words),
            _ => false,
        };
        if taken { Taken::Yes } else { Taken::No }
    }

    fn refresh(&mut self, out: &mut Outbox<'_>) {
        self.ask_basis(out);
    }

    fn renamed(&mut self, known: &[RecordView], room: &Room, out: &mut Outbox<'_>) {
        let view = known.iter().find(|view| match &self.start.target {
            Target::On(no) => view.record.head.no == *no,
            Target::New(_) => false,
        });
        self.called_anew(view, room, out);
    }

    /// What was typed is kept when the keys have been still for a moment.
    fn tick(&mut self, _was: Instant, room: &Room, out: &mut Outbox<'_>) {
        let Some(still) = self.quiet.as_mut() else {
            return;
        };
        *still += 1;
        if *still > QUIET_TICKS {
            self.keep(room, out);
        }
    }

    /// What was typed stays as a draft.
    fn leave(&mut self, _leaving: Leaving, room: &Room, out: &mut Outbox<'_>) -> bool {
        if self.keep(room, out) {
            out.go(Go::Say(room.text("tui.kept_as_draft"), Tone::Dim));
        }
        true
    }

    fn draft_name(&self) -> Option<String> {
        Some(self.name())
    }

    /// What is being saved is not lost.
    fn unsaved(&self, room: &Room) -> Option<Draft> {
        self.draft(room).filter(|_| self.saving.is_none())
    }
}
