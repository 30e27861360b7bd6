//! What leaves the desk: the clipboard, papers, files; and the long work that makes them.

use super::{App, Awaited};
use crate::base::i18n::Msg;
use crate::desk::Error;
use crate::desk::papers::Printed;
use crate::documents::words::missing_glyphs_message;
use crate::press::{Print, filing::Filed};
use crate::tui::job::Ended;
use crate::tui::keymap::Context;
use crate::tui::message::{Effect, Got, Slot, Sought, Want};
use crate::tui::outbox::{Go, Outbox, Pick};
use crate::tui::room::Room;
use crate::tui::screen::Screen;
use crate::tui::screens::entry;
use crate::tui::screens::paper::Paper;
use crate::tui::theme::Tone;

impl App {
    fn ask_papers(&mut self, no: String, out: &mut Outbox<'_>) {
        let seq = out.ask(Slot::Must, Want::Papers(no));
        self.awaited.push((seq, Awaited::Papers));
    }

    /// Carries a choice out, unless the screen in front does: it is the one that the menu stood over.
    pub(super) fn outlet(&mut self, pick: Pick, room: &Room, out: &mut Outbox<'_>) {
        if self.give_front(room, out, |screen, here, out| screen.pick(&pick, here, out)) {
            return;
        }
        match pick {
            Pick::Form(start) => out.go(Go::Form(start)),
            Pick::Papers(no) => self.ask_papers(no, out),
            Pick::Paper(sought) => self.ask_paper(sought, out),
            Pick::Record(no) => out.go(Go::Card(no)),
            Pick::Blackout(gone) => self.blackout(gone, room, out),
            Pick::Note(noted) => self.note(noted, room, out),
            Pick::Month => self.month_end(room, out),
            Pick::Import => self.import(),
            Pick::Entries(view) => self.open(entry::list(&view, room)),
            Pick::Entry(view, seq) => self.open(entry::menu(&view, seq, room)),
            Pick::Read(view, seq) => self.open(entry::explain(&view, seq, room)),
            Pick::Copy | Pick::CopyMarked | Pick::Export(_) => {}
        }
    }

    fn open<S: Screen + 'static>(&mut self, screen: Option<S>) {
        if let Some(screen) = screen {
            self.stack.push(Box::new(screen));
        }
    }

    pub(super) fn ask_paper(&mut self, sought: Sought, out: &mut Outbox<'_>) {
        let seq = out.ask(Slot::Must, Want::Draw(sought));
        self.awaited.push((seq, Awaited::Paper));
    }

    /// Shows a paper; one that is in front already is renewed.
    pub(super) fn drawn(&mut self, seq: u64, got: Got, room: &Room, out: &mut Outbox<'_>) {
        let renewed = self.give_front(room, out, |screen, here, out| {
            screen.answer(seq, Ok(&got), here, out)
        });
        if let (false, Got::Drawn(sought, printed)) = (renewed, got) {
            self.stack.push(Box::new(Paper::new(sought, printed)));
        }
    }

    /// Prints a paper; nobody issues one without a name.
    pub(super) fn print(
        &mut self,
        sought: Sought,
        print: Print,
        room: &Room,
        out: &mut Outbox<'_>,
    ) {
        let Some(Go::Print(sought, print)) = self.named(Go::Print(sought, print), room, out) else {
            return;
        };
        let Some(operator) = room.operator.clone() else {
            return;
        };
        let seq = out.ask(Slot::Must, Want::Print(sought, print, operator));
        self.awaited.push((seq, Awaited::Printed));
    }

    pub(super) fn printed(
        &mut self,
        sought: Sought,
        printed: &Printed,
        filed: &Filed,
        room: &Room,
        out: &mut Outbox<'_>,
    ) {
        let path = filed.path.display().to_string();
        let mut text = match (printed.issued, printed.sheet.imprint.version) {
            (true, Some(version)) => room.say(
                &Msg::new("outlet.printed")
                    .with("version", i64::from(version))
                    .with("path", path),
            ),
            _ => room.say(&Msg::new("outlet.reprinted").with("path", path)),
        };
        let tone = if filed.missing.is_empty() {
            Tone::Good
        } else {
            let warning = room.say(&missing_glyphs_message(&filed.missing));
            text.push_str(&format!(" · ! {warning}"));
            Tone::Soon
        };
        self.say(text, tone);
        if printed.issued {
            self.reload(out);
        }
        self.ask_paper(sought, out);
    }

    /// Asks the long work to stop; it says itself when it has.
    pub(super) fn stop_job(&mut self, out: &mut Outbox<'_>) {
        if let Some(job) = self.job.as_mut().filter(|job| !job.stopping) {
            job.stopping = true;
            out.effects.push(Effect::Stop);
        }
    }

    pub(super) fn job_ended(
        &mut self,
        ended: Result<Ended, Error>,
        room: &Room,
        out: &mut Outbox<'_>,
    ) {
        self.job = None;
        self.stack.retain(|screen| screen.context() != Context::Job);
        let (text, tone) = match ended {
            Ok(Ended::Exported { path, records }) => {
                let message = Msg::new("outlet.exported")
                    .with("n", i64::try_from(records).unwrap_or(i64::MAX))
                    .with("path", path.display().to_string());
                (room.say(&message), Tone::Good)
            }
            Ok(Ended::Stopped) => (room.text("outlet.stopped"), Tone::Soon),
            Ok(other) => return self.office_ended(&other, room, out),
            Err(error) => (format!("‼ {}", error.message(&room.voice)), Tone::Late),
        };
        self.say(text, tone);
    }
}
