//! What leaves the desk: the clipboard, papers, files; and the long work that makes them.

use super::{App, Awaited, Kept, Layer};
use crate::base::i18n::Msg;
use crate::desk::Error;
use crate::desk::papers::Printed;
use crate::documents::words::missing_glyphs_message;
use crate::press::{Print, filing::Filed};
use crate::registers::register;
use crate::tables::{Format, list, tsv};
use crate::tui::job::{Ended, Task};
use crate::tui::message::{Effect, Slot, Want};
use crate::tui::outbox::{Go, Outbox};
use crate::tui::room::Room;
use crate::tui::screens::list::{List, MOST_MARKED};
use crate::tui::screens::menu::Pick;
use crate::tui::screens::outlets;
use crate::tui::screens::paper::{Paper, Sought};
use crate::tui::screens::{columns, entry};
use crate::tui::text::plain;
use crate::tui::theme::Tone;
use crate::tui::when::short;

impl App {
    /// The list in front: that of a search, or of the tab.
    fn front_list(&self) -> Option<&List> {
        match self.stack.last() {
            Some(Layer::Search(search)) => Some(&search.list),
            _ => self.list_ref(),
        }
    }

    /// What can leave the desk from here.
    pub(super) fn outlets(&mut self, room: &Room, out: &mut Outbox<'_>) {
        if let Some(Layer::Card(card)) = self.stack.last() {
            let no = card.no.clone();
            return self.ask_papers(no, out);
        }
        let (marked, exports) = self.front_list().map_or((0, false), |list| {
            (
                list.marked.len(),
                list.query.register.is_some() && !list.is_empty(),
            )
        });
        let no = self.selected_no();
        let menu = outlets::of_list(no.as_deref(), marked, exports, room);
        self.stack.push(Layer::Menu(menu));
    }

    fn ask_papers(&mut self, no: String, out: &mut Outbox<'_>) {
        let seq = out.ask(Slot::Must, Want::Papers(no));
        self.awaited.push((seq, Awaited::Papers));
    }

    /// Carries a choice out.
    pub(super) fn outlet(&mut self, pick: Pick, room: &Room, out: &mut Outbox<'_>) {
        if matches!(self.stack.last(), Some(Layer::Menu(_))) {
            self.stack.pop();
        }
        match pick {
            Pick::Form(start) => out.go(Go::Form(start)),
            Pick::Copy => self.copy(room, out),
            Pick::CopyMarked => self.copy_marked(room, out),
            Pick::Papers(no) => self.ask_papers(no, out),
            Pick::Paper(sought) => self.ask_paper(sought, out),
            Pick::Export(format) => self.export(format, room, out),
            Pick::Record(no) => out.go(Go::Card(no)),
            Pick::Blackout(gone) => self.blackout(gone, room, out),
            Pick::Note(noted) => self.note(noted, room, out),
            Pick::Month => self.month_end(room, out),
            Pick::Import => self.import(),
            Pick::Explain(explain) => self.stack.push(Layer::Explain(*explain)),
            Pick::Entries(view) => {
                let menu = entry::list(&view, room);
                self.stack.extend(menu.map(Layer::Menu));
            }
            Pick::Entry(view, seq) => {
                let menu = entry::menu(&view, seq, room);
                self.stack.extend(menu.map(Layer::Menu));
            }
        }
    }

    fn copy(&mut self, room: &Room, out: &mut Outbox<'_>) {
        let text = match (self.stack.last(), self.front_list()) {
            (Some(Layer::Card(card)), _) => Some(crate::base::i18n::clean(&card.copied(room))),
            (_, Some(list)) => list.selected().and_then(|item| {
                let register = register(item.register)?;
                let cells = columns::cells(register, room, item)
                    .into_iter()
                    .map(|cell| plain(&cell.0));
                Some(cells.skip(1).collect::<Vec<_>>().join("\t"))
            }),
            (_, None) => self.today.due_selected().map(|item| {
                let duty =
                    crate::registers::label::duty(&room.voice, item.register, &item.deadline.code);
                format!(
                    "{}\t{duty}\t{}\t{}",
                    item.no,
                    plain(&item.title),
                    short(&item.deadline, room)
                )
            }),
        };
        if let Some(text) = text {
            out.effects.push(Effect::Copy(text));
            self.say(room.text("tui.copied"), Tone::Dim);
        }
    }

    fn copy_marked(&mut self, room: &Room, out: &mut Outbox<'_>) {
        let Some(list) = self.list_ref() else { return };
        let Some(register) = list.query.register.as_deref().and_then(register) else {
            return;
        };
        let columns = list::columns(register, &[], &room.voice);
        let rows: Vec<_> = list
            .marked
            .iter()
            .map(|item| list::row(register, &columns, item, &room.rules, &room.voice, room.now))
            .collect();
        let message = Msg::new("outlet.copied_rows").with("n", rows.len());
        out.effects
            .push(Effect::Copy(tsv(&room.voice, &columns, &rows)));
        self.say(room.say(&message), Tone::Dim);
    }

    /// Marks the line under the cursor, or not, and goes on to the next.
    pub(super) fn mark(&mut self, room: &Room, out: &mut Outbox<'_>) {
        let rows = Self::list_rows(room);
        if let Some(list) = self.list()
            && !list.mark(rows, out)
        {
            let message = Msg::new("outlet.too_many").with("n", MOST_MARKED);
            self.say(room.say(&message), Tone::Soon);
        }
    }

    pub(super) fn ask_paper(&mut self, sought: Sought, out: &mut Outbox<'_>) {
        let seq = out.ask(Slot::Must, Want::Draw(sought));
        self.awaited.push((seq, Awaited::Paper));
    }

    /// Shows a paper; one that is in front already is renewed.
    pub(super) fn drawn(&mut self, sought: Sought, printed: Box<Printed>) {
        match self.stack.last_mut() {
            Some(Layer::Paper(paper)) if paper.sought == sought => paper.renew(printed),
            _ => self.stack.push(Layer::Paper(Paper::new(sought, printed))),
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
        self.kept = Kept::Writing;
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

    fn export(&mut self, format: Format, room: &Room, out: &mut Outbox<'_>) {
        let Some(list) = self.front_list() else {
            return;
        };
        let query = list.query.clone();
        self.begin_job(Task::Export { query, format }, room, out);
    }

    /// Asks the long work to stop; it says itself when it has.
    pub(super) fn stop_job(&mut self, out: &mut Outbox<'_>) {
        if let Some(job) = self.job.as_mut().filter(|job| !job.stopping) {
            job.stopping = true;
            out.effects.push(Effect::Stop);
            self.stack.push(Layer::Job);
        }
    }

    pub(super) fn job_ended(
        &mut self,
        ended: Result<Ended, Error>,
        room: &Room,
        out: &mut Outbox<'_>,
    ) {
        self.job = None;
        self.stack.retain(|layer| !matches!(layer, Layer::Job));
        let (text, tone) = match ended {
            Ok(Ended::Exported { path, records }) => {
                let message = Msg::new("outlet.exported")
                    .with("n", i64::try_from(records).unwrap_or(i64::MAX))
                    .with("path", path.display().to_string());
                (room.say(&message), Tone::Good)
            }
            Ok(Ended::Stopped) => (room.text("outlet.stopped"), Tone::Soon),
            Ok(other) => return self.office_ended(other, room, out),
            Err(error) => (format!("‼ {}", error.message(&room.voice)), Tone::Late),
        };
        self.say(text, tone);
    }
}
