//! Forms and ticks: what is written, by whom, and what is said of it afterwards.

use serde_json::{Map, Value};

use super::go::LOG;
use super::{App, Awaited};
use crate::base::i18n::Msg;
use crate::desk::view::{RecordView, Request, Target};
use crate::record::action::ActionSpec;
use crate::record::field::Required;
use crate::registers::{label, register, register_of};
use crate::rules::deadline::Tick;
use crate::tui::form::{Form, own_words, stands};
use crate::tui::keymap::Context;
use crate::tui::message::{Slot, Want};
use crate::tui::outbox::{Go, Outbox, Pick, Start};
use crate::tui::room::Room;
use crate::tui::screens::confirm::Confirm;
use crate::tui::screens::entry::{self, about_key};
use crate::tui::screens::handover::HandOver;
use crate::tui::screens::menu::{Choice, Menu};
use crate::tui::screens::operator::Who;
use crate::tui::screens::switching::Switching;
use crate::tui::theme::Tone;
use crate::tui::when::short;

impl App {
    /// Nobody writes without a name: asks for it first and goes on afterwards.
    pub(super) fn named(&mut self, then: Go, room: &Room, out: &mut Outbox<'_>) -> Option<Go> {
        if room.operator.is_some() {
            return Some(then);
        }
        self.stack
            .retain(|screen| screen.context() != Context::Operator);
        self.stack.push(Box::new(Who::new(Some(then), out)));
        None
    }

    pub(super) fn form(&mut self, start: Start, room: &Room, out: &mut Outbox<'_>) {
        let Some(Go::Form(start)) = self.named(Go::Form(start), room, out) else {
            return;
        };
        let view = self.view_of(&start);
        if let (Target::On(no), None) = (&start.target, &view) {
            let no = no.clone();
            return self.await_record(&no, Awaited::Form(start), out);
        }
        self.open_form(start, view.as_deref(), room, out);
    }

    /// Which entry or breach an act is about is chosen before its form opens.
    fn which(&mut self, start: Start, view: Option<&RecordView>, room: &Room) -> Option<Start> {
        let key = about_key(start.action.name);
        let Some((key, view)) = key.zip(view) else {
            return Some(start);
        };
        if start.preset.iter().any(|(known, _)| known == key) {
            if stands(&start, view) {
                return Some(start);
            }
            self.say(room.text("tui.entry_gone"), Tone::Soon);
            return None;
        }
        // An entry is always chosen on its line; a breach may not have been.
        let choices = entry::breaches(view, room);
        match choices.as_slice() {
            [] => self.say(room.text("tui.nothing_to_choose"), Tone::Soon),
            [(_, start)] => return Some(start.clone()),
            _ => {
                let of = |(name, start): (String, Start)| Choice::new(name, Pick::Form(start));
                let choices = choices.into_iter().map(of).collect();
                let title =
                    label::action(&room.voice, view.register.spec().code, start.action.name);
                self.stack.push(Box::new(Menu::of(title, choices)));
            }
        }
        None
    }

    /// Opens a form, with its draft; a form that is open already comes to the front.
    pub(super) fn open_form(
        &mut self,
        start: Start,
        view: Option<&RecordView>,
        room: &Room,
        out: &mut Outbox<'_>,
    ) {
        while self.stack.last().is_some_and(|screen| screen.leads_on()) {
            self.stack.pop();
        }
        let Some(start) = self.which(start, view, room) else {
            return;
        };
        let plain = Form::new(start.clone(), view, None, room);
        let name = plain.name();
        let mut names = self.stack.iter().map(|screen| screen.draft_name());
        if let Some(at) = names.position(|open| open.as_ref() == Some(&name)) {
            let open = self.stack.remove(at);
            self.stack.push(open);
            return;
        }
        let draft = self.today.drafts.iter().find(|draft| draft.form == name);
        if let Some(screen) = Switching::of(&start, view) {
            return self.stack.push(Box::new(screen));
        }
        // What a form is to carry is gathered first, and anew: a draft keeps only what was typed.
        let known = |key: &str| start.preset.iter().any(|(known, _)| known == key);
        let mut gathered = start.action.fields.iter().filter(|field| field.gathered);
        if gathered.any(|field| !known(field.key)) {
            let screen = HandOver::new(start, out);
            return self.stack.push(Box::new(screen));
        }
        let form = match draft {
            Some(draft) => Form::new(start, view, Some(draft), room),
            None => plain,
        };
        self.push_form(form, room, out);
    }

    pub(super) fn push_form(&mut self, mut form: Form, room: &Room, out: &mut Outbox<'_>) {
        let asker = out.asker();
        form.put_up(asker, room, out);
        self.stack.push(Box::new(form));
    }

    /// The form of what ticks a duty off, with what is known of it.
    pub(super) fn fill(&mut self, no: &str, tick: &Tick, room: &Room, out: &mut Outbox<'_>) {
        if let Some(start) = begun(no, tick) {
            self.form(start, room, out);
        }
    }

    /// Ticks a duty off: at once when everything that is asked for is known, else through the form. What serves many, is
    /// money, names a person or judges is shown in one line first.
    pub(super) fn tick_off(&mut self, no: &str, tick: &Tick, room: &Room, out: &mut Outbox<'_>) {
        let Some(Go::Tick(..)) = self.named(Go::Tick(no.to_owned(), tick.clone()), room, out)
        else {
            return;
        };
        let Some((start, operator)) = begun(no, tick).zip(room.operator.clone()) else {
            return;
        };
        let mut data: Map<String, Value> = tick.preset.iter().cloned().collect();
        let role = operator.role.as_deref();
        let own = own_words(start.action.fields, &operator.name, role);
        // The name of who is there is the operator's own; a person named by his trade is put before the eye first.
        for (key, value) in own
            .into_iter()
            .filter(|(key, _)| matches!(*key, "by" | "role" | "name"))
        {
            data.entry(key).or_insert_with(|| Value::from(value));
        }
        let new = matches!(start.target, Target::New(_));
        if new || !complete(start.action, &data) {
            return self.form(start, room, out);
        }
        let name = start.action.name;
        match start.register.weighs(name, &data, &operator.name) {
            true => self.ask_before(no, start, data, room, out),
            false => self.write(start, data, room, out),
        }
    }

    /// What is about to be written is shown in one line, which takes Enter.
    fn ask_before(
        &mut self,
        no: &str,
        start: Start,
        data: Map<String, Value>,
        room: &Room,
        out: &mut Outbox<'_>,
    ) {
        match self.known(no) {
            Some(view) => {
                let asked = Confirm::new(start, data, &view, room);
                self.stack.push(Box::new(asked));
            }
            None => self.await_record(no, Awaited::Asked(start, data), out),
        }
    }

    /// Writes what one key stands for.
    pub(super) fn write(
        &mut self,
        start: Start,
        data: Map<String, Value>,
        room: &Room,
        out: &mut Outbox<'_>,
    ) {
        let Some(operator) = room.operator.clone() else {
            return;
        };
        let request = Request {
            target: start.target.clone(),
            action: Some(start.action.name.to_owned()),
            data,
        };
        let seq = out.ask(Slot::Must, Want::Act(request, operator));
        self.awaited.push((seq, Awaited::Tick(start)));
    }

    /// What was written, in one line: number, action, what is owed now.
    pub(super) fn written(
        &self,
        done: &crate::desk::view::Done,
        action: &str,
        new: bool,
        room: &Room,
    ) -> String {
        let view = &done.view;
        let code = view.register.spec().code;
        let label = crate::registers::label::action(&room.voice, code, action);
        let key = if new {
            "tui.written_new"
        } else {
            "tui.written"
        };
        let told = Msg::new(key)
            .with("no", view.record.head.no.as_str())
            .with("action", label);
        self.told_of(&told, done, room)
    }

    /// A sentence about what was written, with what is owed now and what followed.
    pub(super) fn told_of(
        &self,
        told: &Msg,
        done: &crate::desk::view::Done,
        room: &Room,
    ) -> String {
        let view = &done.view;
        let code = view.register.spec().code;
        let mut text = room.say(told);
        let open = view.deadlines.iter().filter(|d| d.pending() && !d.silent);
        // What has a time comes first: that is what was promised.
        let owed = open
            .filter(|d| d.state(room.now) != crate::rules::deadline::DeadlineState::Na)
            .min_by_key(|d| (d.due.is_none(), d.due, d.order()));
        if let Some(next) = owed {
            let duty = crate::registers::label::duty(&room.voice, code, &next.code);
            text.push_str(&format!(" · {duty} {}", short(next, room)));
        }
        // Every step of an outage is written into the log; that needs no telling.
        let told =
            |no: &&String| register_of(no).is_some_and(|register| register.spec().code != LOG);
        let spawned: Vec<&str> = done
            .spawned
            .iter()
            .filter(told)
            .map(String::as_str)
            .collect();
        if !spawned.is_empty() {
            text.push_str(&format!(" · + {}", spawned.join(" ")));
        }
        for warning in &done.warnings {
            text.push_str(&format!(" · ! {}", room.say(warning)));
        }
        text
    }
}

/// What ticks a duty of a record off, with what of it is known beforehand: an act on the record, or a record of another
/// register that it opens.
fn begun(no: &str, tick: &Tick) -> Option<Start> {
    let (target, register) = match &tick.register {
        Some(code) => (Target::New(code.clone()), register(code)?),
        None => (Target::On(no.to_owned()), register_of(no)?),
    };
    Some(Start {
        target,
        register,
        action: register.action(&tick.action)?,
        preset: tick.preset.clone(),
        asked: &[],
    })
}

/// Whether everything that an action asks for is known.
fn complete(action: &ActionSpec, data: &Map<String, Value>) -> bool {
    action.fields.iter().all(|field| match field.required {
        Required::No => true,
        Required::Yes => data.contains_key(field.key) || field.default.is_some(),
        Required::When(key, wanted) => {
            let holds = data
                .get(key)
                .is_some_and(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned) == wanted);
            !holds || data.contains_key(field.key)
        }
    })
}
