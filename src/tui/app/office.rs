//! The clerk's screens: the month's end and the import, and the long work behind them.

use super::{App, Layer};
use crate::archive::Kind;
use crate::base::i18n::Msg;
use crate::tui::job::{Ended, Task};
use crate::tui::message::Effect;
use crate::tui::outbox::{Go, Outbox};
use crate::tui::room::Room;
use crate::tui::screens::import::Import;
use crate::tui::screens::month::MonthEnd;
use crate::tui::screens::progress::Running;
use crate::tui::theme::Tone;

impl App {
    /// Opens the month's end.
    pub(super) fn month_end(&mut self, room: &Room, out: &mut Outbox<'_>) {
        if self.job.is_some() {
            return self.say(room.text("outlet.one_at_a_time"), Tone::Soon);
        }
        let screen = MonthEnd::new(room, out);
        self.stack.push(Layer::Month(Box::new(screen)));
    }

    /// Opens the import.
    pub(super) fn import(&mut self) {
        let here = self.here().map(|register| register.spec().code);
        self.stack.push(Layer::Import(Box::new(Import::new(here))));
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
        self.stack.push(Layer::Job);
        out.effects.push(Effect::Begin(task, room.operator.clone()));
    }

    /// Brings what was found or done to the screen that asked.
    pub(super) fn office_ended(&mut self, ended: Ended, room: &Room, out: &mut Outbox<'_>) {
        match ended {
            Ended::Checked(checked) => {
                let months = self.stack.iter_mut().filter_map(|layer| match layer {
                    Layer::Month(month) => Some(month),
                    _ => None,
                });
                months
                    .last()
                    .into_iter()
                    .for_each(|month| month.take((*checked).clone()));
            }
            Ended::Archived(sealed) => {
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
                self.say(room.say(&message), Tone::Good);
                self.reload(out);
                if self
                    .stack
                    .iter()
                    .any(|layer| matches!(layer, Layer::Month(_)))
                {
                    out.go(Go::Begin(Box::new(Task::Check(sealed.month))));
                }
            }
            Ended::Planned(planned) => {
                if let Some(import) = self.import_layer() {
                    import.take_plan(*planned.0, room, out);
                }
            }
            Ended::Imported(outcome, way) => {
                if outcome.kept > 0 && way == crate::import::Way::Keep {
                    self.reload(out);
                }
                if let Some(import) = self.import_layer() {
                    import.take_outcome(*outcome, way);
                }
            }
            Ended::Exported { .. } | Ended::Stopped => {}
        }
    }

    fn import_layer(&mut self) -> Option<&mut Import> {
        self.stack.iter_mut().rev().find_map(|layer| match layer {
            Layer::Import(import) => Some(import.as_mut()),
            _ => None,
        })
    }
}
