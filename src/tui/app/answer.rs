//! What the desk answered, brought to whoever asked. An answer that nobody waits for any more is dropped.

use super::go::LOG;
use super::{App, Awaited, Kept};
use crate::base::i18n::Msg;
use crate::base::refusal::RefusalCode;
use crate::desk::Error;
use crate::desk::view::{Done, RecordView, Target};
use crate::record::request::Operator;
use crate::registers::log::HandOver;
use crate::tui::form::Form;
use crate::tui::message::{Answer, Got, Slot, Want};
use crate::tui::outbox::{Go, Outbox, Saved, Start};
use crate::tui::room::Room;
use crate::tui::screens::confirm::Confirm;
use crate::tui::screens::menu::Menu;
use crate::tui::screens::outlets;
use crate::tui::theme::Tone;

/// Who sits at the desk from now on, if a shift was handed over to somebody.
fn taken_over(done: &Done, start: &Start, room: &Room) -> Option<Operator> {
    let record = &done.view.record;
    let handed_over = start.action.name == HandOver::NAME && done.view.register.spec().code == LOG;
    let name = record.body.get("in").filter(|_| handed_over)?.as_str()?;
    Some(Operator {
        name: name.to_owned(),
        // The next one has the same seat.
        role: room.operator.as_ref().and_then(|known| known.role.clone()),
    })
}

impl App {
    pub(super) fn answered(&mut self, answer: Answer, room: &Room, out: &mut Outbox<'_>) {
        let Answer { seq, got } = answer;
        let at = self.awaited.iter().position(|(asked, _)| *asked == seq);
        let awaited = at.map(|at| self.awaited.swap_remove(at).1);
        self.writing.retain(|asked| *asked != seq);
        let wrote = matches!(
            got,
            Ok(Got::Done(_) | Got::Undone(_) | Got::Noted | Got::Draft | Got::Operator)
        );
        if (self.kept == Kept::Writing || wrote) && self.writing.is_empty() {
            self.kept = Kept::Saved;
        }
        match (got, awaited) {
            (Err(error), awaited) => self.failed(seq, &error, awaited, room, out),
            (Ok(Got::Done(done)), Some(Awaited::Tick(start))) => {
                self.ticked(&done, &start, room, out)
            }
            (Ok(Got::Done(done)), Some(Awaited::Blackout(_))) => self.blacked_out(&done, room, out),
            (Ok(Got::Undone(undone)), _) => self.undone(&undone, room, out),
            (Ok(Got::Dark(dark)), Some(Awaited::Blackout(since))) => {
                self.ask_which(&dark, since, room);
            }
            (Ok(Got::Noted), _) => self.reload(out),
            (Ok(Got::View(view)), Some(awaited)) => {
                if let Some(view) = view {
                    self.read(&view, awaited, room, out);
                }
            }
            (Ok(Got::Papers(no, papers)), _) => {
                let menu = outlets::of_record(&no, &papers, room);
                self.stack.push(Box::new(menu));
            }
            (Ok(got @ Got::Drawn(..)), Some(Awaited::Paper)) => self.drawn(seq, got, room, out),
            (Ok(Got::Printed(sought, printed, filed)), _) => {
                self.printed(sought, &printed, &filed, room, out);
            }
            (Ok(got), _) => {
                if let Got::Owed(owed) = &got {
                    self.clock_behind = owed.clock_behind;
                    self.dark.clone_from(&owed.dark);
                }
                self.deliver(seq, Ok(&got), room, out);
            }
        }
    }

    /// A record that had to be read first is there.
    fn read(&mut self, view: &RecordView, awaited: Awaited, room: &Room, out: &mut Outbox<'_>) {
        match awaited {
            Awaited::Menu => self.stack.push(Box::new(Menu::actions(view, room))),
            Awaited::Form(start) => self.open_form(start, Some(view), room, out),
            Awaited::Asked(start, data) => {
                let asked = Confirm::new(start, data, view, room);
                self.stack.push(Box::new(asked));
            }
            Awaited::Duty(code, round) => self.explain_duty(view, &code, round, room),
            _ => {}
        }
    }

    /// A form was saved: its draft goes too, and a fresh one follows when that was asked for.
    pub(super) fn saved(&mut self, saved: Saved, room: &Room, out: &mut Outbox<'_>) {
        let Saved {
            done,
            start,
            draft,
            next,
        } = saved;
        out.ask(Slot::Must, Want::DeleteDraft(draft.clone()));
        self.today.keep_draft(None, &draft);
        let action = start.action.name;
        let new = matches!(start.target, Target::New(_));
        let no = done.view.record.head.no.clone();
        let text = match start.asked.is_empty() {
            true => self.written(&done, action, new, room),
            false => {
                let told = Msg::new("tui.filled_in").with("no", no.as_str());
                self.told_of(&told, &done, room)
            }
        };
        self.say_written(&text, &done, room);
        self.spread(&done, room, out);
        let code = done.view.register.spec().code;
        if let Some(list) = self
            .lists
            .iter_mut()
            .find(|list| new && list.code() == code)
        {
            list.look_at(&no, out);
        }
        if let Some(operator) = taken_over(&done, &start, room) {
            out.go(Go::Operator(operator));
        }
        match next {
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
        self.each(|screen| screen.became(&done.view, room));
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
        if self.deliver(seq, Err(error), room, out) {
            return;
        }
        match (error, awaited) {
            (Error::Refused(refusal), Some(Awaited::Tick(start))) => {
                self.say(text, Tone::Late);
                // The form can put right what the one key could not.
                if refusal.code != RefusalCode::NotNow && refusal.field.is_some() {
                    out.go(Go::Form(start));
                }
            }
            (Error::Refused(refusal), Some(Awaited::Undo))
                if refusal.code == RefusalCode::NotNow =>
            {
                self.say(room.say(&refusal.message), Tone::Soon);
            }
            (Error::Refused(_), None) => {}
            _ => self.say(text, Tone::Late),
        }
    }
}
