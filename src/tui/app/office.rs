//! The clerk's screens: the month's end and the import, and the long work behind them.

use super::App;
use crate::archive::{Kind, Sealed};
use crate::base::i18n::Msg;
use crate::import::Way;
use crate::tui::job::{Ended, Running, Task};
use crate::tui::message::Effect;
use crate::tui::outbox::{Go, Outbox};
use crate::tui::room::Room;
use crate::tui::screens::import::Import;
use crate::tui::screens::month::MonthEnd;
use crate::tui::screens::progress::Progressing;
use crate::tui::theme::Tone;

impl App {
    /// Opens the month's end.
    pub(super) fn month_end(&mut self, room: &Room, out: &mut Outbox<'_>) {
        if self.job.is_some() {
            return self.say(room.text("outlet.one_at_a_time"), Tone::Soon);
        }
        let screen = MonthEnd::new(room, out);
        self.stack.push(Box::new(screen));
    }

    /// Opens the import.
    pub(super) fn import(&mut self) {
        let here = self.here_register().map(|register| register.spec().code);
        self.stack.push(Box::new(Import::new(here)));
    }

    /// Begins long work; what writes asks for a name first.
    pub(super) fn begin_job(&mut self, task: Task, room: &Room, out: &mut Outbox<'_>) {
        if self.job.is_some() {
            return self.say(room.text("outlet.one_at_a_time"), Tone::Soon);
        }
        let task = if task.writes() {
            match self.named(Go::Begin(Box::new(task)), room, out) {
                Some(Go::Begin(task)) => task,
                _ => return,
            }
        } else {
            Box::new(task)
        };
        self.job = Some(Running::new(task.title()));
        self.stack.push(Box::new(Progressing::default()));
        out.effects.push(Effect::Begin(task, room.operator.clone()));
    }

    /// Says what was done, and brings it to the screen that asked.
    pub(super) fn office_ended(&mut self, ended: &Ended, room: &Room, out: &mut Outbox<'_>) {
        match ended {
            Ended::Archived(sealed) => {
                self.say(archived(sealed, room), Tone::Good);
                self.reload(out);
            }
            Ended::Imported(outcome, Way::Keep) if outcome.kept > 0 => self.reload(out),
            _ => {}
        }
        self.give(room, out, |screen, here, out| {
            screen.ended(ended, here, out)
        });
    }
}

fn archived(sealed: &Sealed, room: &Room) -> String {
    let key = match sealed.kind {
        _ if sealed.already => "archive.already",
        Kind::Interim => "archive.done_interim",
        _ => "archive.done",
    };
    let message = Msg::new(key)
        .with("month", sealed.month.to_string())
        .with("folder", sealed.folder.display().to_string())
        .with("records", i64::try_from(sealed.records).unwrap_or(i64::MAX))
        .with("entries", i64::try_from(sealed.entries).unwrap_or(i64::MAX))
        .with("manifest", sealed.manifest.get(..12).unwrap_or_default());
    room.say(&message)
}
