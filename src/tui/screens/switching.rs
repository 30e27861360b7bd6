//! Switching 唱票: an operation ticket is worked off one step a screen, the device large. A step is read back, then done,
//! by two different keys; what is passed over asks for its reason (S1.3.4).

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::{Map, Value, json};

use crate::base::i18n::Msg;
use crate::desk::view::RecordView;
use crate::registers::outage::{self, FillTicket, StepLine, Ticket};
use crate::tui::hand::Writes;
use crate::tui::keymap::{Cmd, Context};
use crate::tui::outbox::{Go, Outbox, Start};
use crate::tui::paint::{Bits, bit, inset, line, selected_line};
use crate::tui::room::Room;
use crate::tui::screen::{About, Cover, Here, Leaving, Press, Scene, Screen, Taken};
use crate::tui::text::wrap;
use crate::tui::theme::Tone;
use crate::tui::when::near;

/// The screen of a ticket.
pub struct Switching {
    /// The act that records a step.
    start: Start,
    view: Box<RecordView>,
    ticket: Ticket,
}

impl Switching {
    /// For the act that records a step of a record's running ticket; none when it is another act, or none runs.
    pub fn of(start: &Start, view: Option<&RecordView>) -> Option<Self> {
        let known = start.preset.iter().any(|(key, _)| key == "n");
        let steps =
            start.register.spec().code == outage::REGISTER && outage::records_step(start.action);
        let view = view.filter(|_| steps && !known)?;
        let ticket = outage::last_ticket(&view.record)?;
        ticket.turn()?;
        Some(Self {
            start: start.clone(),
            view: Box::new(view.clone()),
            ticket,
        })
    }

    fn no(&self) -> &str {
        &self.view.record.head.no
    }

    /// The step whose turn it is, with its number.
    fn step(&self) -> Option<(usize, &StepLine)> {
        let turn = self.ticket.turn()?;
        Some((turn, self.ticket.steps.get(turn - 1)?))
    }

    /// Records something of the step whose turn it is.
    fn record(&self, said: &str, out: &mut Outbox<'_>) {
        if let Some((turn, _)) = self.step() {
            let data = [("n", json!(turn)), (said, json!(true))];
            let data = data.map(|(key, value)| (key.to_owned(), value));
            out.go(Go::Write(self.start.clone(), Map::from_iter(data)));
        }
    }

    /// The form that asks why the step is passed over.
    fn skip(&self, out: &mut Outbox<'_>) {
        let Some((turn, _)) = self.step() else { return };
        let preset = [("n", json!(turn)), ("skipped", json!(true))];
        let preset = preset.map(|(key, value)| (key.to_owned(), value));
        out.go(Go::Form(Start {
            preset: preset.into(),
            asked: &["reason"],
            ..self.start.clone()
        }));
    }

    /// The form of the ticket that puts back what this one took off; every step of it is to be checked.
    fn reverse(&self, room: &Room, out: &mut Outbox<'_>) {
        let Some(action) = self.start.register.action(FillTicket::NAME) else {
            return;
        };
        let drafted = self.ticket.reversed(&room.text("switching.to_be_checked"));
        let drafted = match serde_json::to_value(drafted) {
            Ok(Value::Object(drafted)) => drafted,
            _ => return,
        };
        out.go(Go::Form(Start {
            action,
            preset: drafted.into_iter().filter(|(_, v)| !v.is_null()).collect(),
            ..self.start.clone()
        }));
    }

    fn say(&self, key: &str, room: &Room, out: &mut Outbox<'_>) {
        out.go(Go::Say(room.text(key), Tone::Soon));
    }

    fn people(&self, room: &Room) -> Bits {
        let mut told = Msg::new("switching.operator").with("name", self.ticket.operator.as_str());
        let mut bits = vec![bit(room.say(&told), Tone::Dim)];
        if let Some(guardian) = &self.ticket.guardian {
            told = Msg::new("switching.guardian").with("name", guardian.as_str());
            bits.push(bit(format!("   {}", room.say(&told)), Tone::Dim));
        }
        if self.ticket.signed_at.is_none() {
            bits.push(bit(
                format!("   ‼ {}", room.text("switching.unsigned")),
                Tone::Late,
            ));
        }
        bits
    }

    /// What has been done of a step, and what is next.
    fn marks(&self, step: &StepLine, room: &Room) -> Bits {
        let read = match step.read_back_at {
            Some(at) => bit(
                format!("✓ {} {}", room.text("switching.read_back"), near(at, room)),
                Tone::Good,
            ),
            None => bit(
                format!("○ 1 {}", room.text("switching.read_back")),
                Tone::Strong,
            ),
        };
        let done = match step.read_back_at {
            Some(_) => bit(format!("○ 2 {}", room.text("switching.done")), Tone::Strong),
            None => bit(format!("· 2 {}", room.text("switching.done")), Tone::Dim),
        };
        vec![read, bit("     ", Tone::Text), done]
    }

    fn draw_step(&self, turn: usize, step: &StepLine, room: &Room, buf: &mut Buffer, area: Rect) {
        let of = Msg::new("switching.step").with("n", turn);
        let of = room.say(&of.with("of", self.ticket.steps.len()));
        line(room, buf, area, 1, &[bit(of, Tone::Strong)]);
        // The device stands alone and large: it is what the hand is put to.
        let device = step.step.device.as_deref().unwrap_or_default();
        for (row, text) in (3..).zip(["", device, ""]) {
            if !device.is_empty() {
                selected_line(
                    room,
                    buf,
                    area,
                    row,
                    &[bit(format!("  {text}"), Tone::Selected)],
                    Tone::Selected,
                );
            }
        }
        let columns = usize::from(area.width);
        let mut row = 7;
        for text in wrap(&step.step.operation, columns) {
            line(room, buf, area, row, &[bit(text, Tone::Strong)]);
            row += 1;
        }
        line(room, buf, area, row + 1, &self.marks(step, room));
        if let Some(next) = self.ticket.steps.get(turn) {
            let device = next.step.device.as_deref().unwrap_or_default();
            let told = Msg::new("switching.next")
                .with("what", format!("{device} {}", next.step.operation));
            line(room, buf, area, row + 3, &[bit(room.say(&told), Tone::Dim)]);
        }
    }
}

impl Screen for Switching {
    fn context(&self) -> Context {
        Context::Switching
    }

    fn title(&self, room: &Room) -> Bits {
        let told = Msg::new("switching.title").with("no", self.ticket.no.as_str());
        vec![
            bit(room.say(&told), Tone::Strong),
            bit(format!("  {}", self.ticket.task), Tone::Text),
        ]
    }

    fn cover(&self) -> Cover {
        Cover::Broad
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let (room, area) = (scene.room, inset(scene.area, 2, 2));
        line(room, buf, area, 0, &self.people(room));
        match self.step() {
            Some((turn, step)) => self.draw_step(turn, step, room, buf, area),
            None => {
                let done = bit(format!("✓ {}", room.text("switching.executed")), Tone::Good);
                line(room, buf, area, 2, &[done]);
                line(
                    room,
                    buf,
                    area,
                    4,
                    &[bit(room.text("switching.then"), Tone::Text)],
                );
            }
        }
        None
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        match press.cmd {
            // A digit that stands beside nothing here would lead to another tab.
            Some(Cmd::Tab) => self.say("switching.digits", here.room, out),
            Some(Cmd::New) if self.step().is_some() => {
                self.say("switching.not_over", here.room, out);
            }
            Some(cmd) if self.cannot(cmd).is_some() => return Taken::No,
            Some(Cmd::ReadBack) => self.record("read_back", out),
            Some(Cmd::StepDone) => self.record("done", out),
            Some(Cmd::StepSkip) => self.skip(out),
            Some(Cmd::New) => self.reverse(here.room, out),
            _ => return Taken::No,
        }
        Taken::Yes
    }

    fn writes(&self, press: &Press) -> Writes {
        match press.cmd {
            Some(Cmd::ReadBack | Cmd::StepDone) => Writes::Shown,
            _ => Writes::Nothing,
        }
    }

    /// The step that a key would record.
    fn line(&self) -> Option<String> {
        let (turn, _) = self.step()?;
        Some(turn.to_string())
    }

    fn cannot(&self, cmd: Cmd) -> Option<Msg> {
        let read = self.step().map(|(_, step)| step.read_back_at.is_some());
        let why = match (cmd, read) {
            (Cmd::ReadBack | Cmd::StepDone | Cmd::StepSkip, None) => "switching.executed",
            (Cmd::ReadBack, Some(true)) => "switching.read_already",
            (Cmd::StepDone, Some(false)) => "switching.read_first",
            (Cmd::New, Some(_)) => "switching.not_over",
            _ => return None,
        };
        Some(Msg::new(why))
    }

    fn became(&mut self, view: &RecordView, _room: &Room) {
        if view.record.head.no == self.no() {
            if let Some(ticket) = outage::last_ticket(&view.record) {
                self.ticket = ticket;
            }
            *self.view = view.clone();
        }
    }

    /// Stopping midway is said: the ticket stands where it is.
    fn leave(&mut self, _leaving: Leaving, room: &Room, out: &mut Outbox<'_>) -> bool {
        if let Some((turn, _)) = self.step() {
            let told = Msg::new("switching.stopped").with("no", self.ticket.no.as_str());
            let told = told.with("n", turn).with("of", self.ticket.steps.len());
            out.go(Go::Say(room.say(&told), Tone::Soon));
        }
        true
    }

    fn about(&self) -> Option<About<'_>> {
        Some(About {
            no: self.no(),
            view: Some(&self.view),
        })
    }
}
