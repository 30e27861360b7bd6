//! What the desk answered, brought to whoever asked. An answer that nobody waits for any more is dropped.

use super::{App, Awaited, Kept, Layer};
use crate::base::i18n::Msg;
use crate::base::refusal::RefusalCode;
use crate::desk::Error;
use crate::desk::view::Done;
use crate::tui::form::Form;
use crate::tui::message::{Answer, Got};
use crate::tui::outbox::{Go, Outbox, Start};
use crate::tui::room::Room;
use crate::tui::screens::list::List;
use crate::tui::screens::menu::Menu;
use crate::tui::screens::outlets;
use crate::tui::theme::Tone;

impl App {
    pub(super) fn answered(&mut self, answer: Answer, room: &Room, out: &mut Outbox<'_>) {
        let at = self.awaited.iter().position(|(seq, _)| *seq == answer.seq);
        let awaited = at.map(|at| self.awaited.swap_remove(at).1);
        let ticking = self.awaited.iter().any(|(_, a)| {
            matches!(
                a,
                Awaited::Tick(_)
                    | Awaited::Kept
                    | Awaited::Printed
                    | Awaited::Undo
                    | Awaited::Blackout(_)
            )
        });
        let saving = self
            .forms()
            .any(|form| form.saving.is_some_and(|seq| seq != answer.seq));
        let wrote = matches!(
            answer.got,
            Ok(Got::Done(_) | Got::Undone(_) | Got::Noted | Got::Draft | Got::Operator)
        );
        if (self.kept == Kept::Writing || wrote) && !ticking && !saving {
            self.kept = Kept::Saved;
        }
        match (answer.got, awaited) {
            (Err(error), awaited) => self.failed(answer.seq, &error, awaited, room, out),
            (Ok(Got::Done(done)), Some(Awaited::Tick(start))) => {
                self.ticked(&done, &start, room, out)
            }
            (Ok(Got::Undone(undone)), _) => self.undone(&undone, room, out),
            (Ok(Got::Dark(dark)), Some(Awaited::Blackout(since))) => {
                self.ask_which(&dark, since, room);
            }
            (Ok(Got::Noted), _) => self.reload(out),
            (Ok(Got::Done(done)), Some(Awaited::Blackout(_))) => self.blacked_out(&done, room, out),
            (Ok(Got::Done(done)), _) => self.saved(answer.seq, &done, room, out),
            (Ok(Got::View(view)), Some(awaited)) => {
                if let Some(view) = view {
                    match awaited {
                        Awaited::Menu => self.stack.push(Layer::Menu(Menu::actions(&view, room))),
                        Awaited::Form(start) => self.open_form(start, Some(&view), room, out),
                        Awaited::Duty(code, round) => self.explain_duty(&view, &code, round, room),
                        _ => {}
                    }
                }
            }
            (Ok(Got::Papers(no, papers)), _) => {
                let menu = outlets::of_record(&no, &papers, room);
                self.stack.push(Layer::Menu(menu));
            }
            (Ok(Got::Drawn(sought, printed)), _) => self.drawn(sought, printed),
            (Ok(Got::Printed(sought, printed, filed)), _) => {
                self.printed(sought, &printed, &filed, room, out);
            }
            (Ok(got), _) => self.bring(answer.seq, &got, room, out),
        }
    }

    fn bring(&mut self, seq: u64, got: &Got, room: &Room, out: &mut Outbox<'_>) {
        let rows = Self::list_rows(room);
        match got {
            Got::Owed(owed) => {
                self.clock_behind = owed.clock_behind;
                self.dark.clone_from(&owed.dark);
                self.today.answer(seq, &owed.items, owed.counts, room.now);
            }
            Got::Page(page) => {
                let search = self.stack.iter_mut().rev().filter_map(|layer| match layer {
                    Layer::Search(search) => Some(&mut search.list),
                    _ => None,
                });
                let _ = self
                    .lists
                    .iter_mut()
                    .chain(search)
                    .any(|list: &mut List| list.answer(seq, page, rows, out));
            }
            Got::View(view) => {
                let taken = self
                    .cards()
                    .any(|card| card.answer(seq, view.as_deref(), room));
                if let Some(view) = view.as_deref().filter(|_| !taken) {
                    let _ = self.forms().any(|form| form.renewed(seq, view, room));
                }
            }
            Got::Preview(preview) => {
                let _ = self.forms().any(|form| form.previewed(seq, preview));
            }
            Got::Words(words) => {
                let _ = self.forms().any(|form| form.suggested(seq, words));
            }
            Got::Operators(known) => {
                for layer in &mut self.stack {
                    if let Layer::Who(who) = layer {
                        who.answer(seq, known);
                    }
                }
            }
            Got::Drafts(drafts) => self.today.drafts.clone_from(drafts),
            Got::Done(_) | Got::Undone(_) | Got::Noted | Got::Draft | Got::Operator => {}
            Got::Papers(..) | Got::Drawn(..) | Got::Printed(..) | Got::Dark(_) => {}
        }
    }

    pub(super) fn forms(&mut self) -> impl Iterator<Item = &mut Form> {
        self.stack.iter_mut().filter_map(|layer| match layer {
            Layer::Form(form) => Some(form.as_mut()),
            _ => None,
        })
    }

    /// A form was saved: it goes, its draft too, and a fresh one follows when that was asked for.
    fn saved(&mut self, seq: u64, done: &Done, room: &Room, out: &mut Outbox<'_>) {
        let at = self
            .stack
            .iter()
            .position(|layer| matches!(layer, Layer::Form(form) if form.saving == Some(seq)));
        let Some(Layer::Form(form)) = at.map(|at| self.stack.remove(at)) else {
            return;
        };
        let name = form.name();
        out.ask(
            crate::tui::message::Slot::Must,
            crate::tui::message::Want::DeleteDraft(name.clone()),
        );
        self.today.keep_draft(None, &name);
        let action = form.start().action.name;
        let text = match form.start().asked.is_empty() {
            true => self.written(done, action, form.is_new(), room),
            false => {
                let no = done.view.record.head.no.as_str();
                self.told_of(&Msg::new("tui.filled_in").with("no", no), done, room)
            }
        };
        self.say_written(&text, done, room);
        self.spread(done, room, out);
        let no = done.view.record.head.no.clone();
        if form.is_new() {
            let code = done.view.register.spec().code;
            let list = self
                .lists
                .iter_mut()
                .find(|list| list.query.register.as_deref() == Some(code));
            if let Some(list) = list {
                list.reload_at(&no, out);
            }
        }
        match form.following(room) {
            Some(start) => {
                let next = Form::new(start, None, None, room);
                self.push_form(next, room, out);
            }
            // What runs is shown: the sheet is what the next minutes are about.
            None if action == "occur" => out.go(Go::Card(no)),
            None => {}
        }
    }

    fn ticked(&mut self, done: &Done, start: &Start, room: &Room, out: &mut Outbox<'_>) {
        let text = self.written(done, start.action.name, false, room);
        self.say_written(&text, done, room);
        self.spread(done, room, out);
    }

    /// Everything that shows the record shows what it has become.
    pub(super) fn spread(&mut self, done: &Done, room: &Room, out: &mut Outbox<'_>) {
        self.kept = Kept::Saved;
        self.cards().for_each(|card| card.take(&done.view, room));
        self.reload(out);
    }

    fn failed(
        &mut self,
        seq: u64,
        error: &Error,
        awaited: Option<Awaited>,
        room: &Room,
        out: &mut Outbox<'_>,
    ) {
        let text = format!("‼ {}", error.message(&room.voice));
        // A paper that cannot be drawn or written says nothing of the file itself.
        let outside = matches!(awaited, Some(Awaited::Paper | Awaited::Printed));
        if matches!(error, Error::File(_)) && !outside {
            self.kept = Kept::Trouble;
        }
        let form = self.forms().find(|form| form.saving == Some(seq));
        match (error, form, awaited) {
            (Error::Refused(refusal), Some(form), _) => {
                form.refused(refusal, room);
                form.ask_preview(room, out);
            }
            (Error::File(_), Some(form), _) => {
                form.saving = None;
                self.say(text, Tone::Late);
            }
            (Error::Refused(refusal), None, Some(Awaited::Tick(start))) => {
                self.say(text, Tone::Late);
                // The form can put right what the one key could not.
                if refusal.code != RefusalCode::NotNow && refusal.field.is_some() {
                    out.go(Go::Form(start));
                }
            }
            (Error::Refused(refusal), None, Some(Awaited::Undo))
                if refusal.code == RefusalCode::NotNow =>
            {
                self.say(room.say(&refusal.message), Tone::Soon);
            }
            (Error::Refused(_), None, None) => {}
            _ => self.say(text, Tone::Late),
        }
    }
}
