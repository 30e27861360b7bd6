//! 停电: the one key that records it, and the red line that stands on every screen while it is dark.

use serde_json::Value;

use super::{App, Awaited};
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::desk::dark::{Gone, NOT_NAMED};
use crate::desk::view::{Done, Target};
use crate::record::common::Correct;
use crate::record::request::Operator;
use crate::registers::outage::{ASKED_AFTERWARDS, Dark};
use crate::tui::dark::{elapsed, expected, held_in};
use crate::tui::hand::Unheard;
use crate::tui::keymap::{Cmd, first_key};
use crate::tui::message::{Slot, Want};
use crate::tui::outbox::{Go, Outbox, Pick, Start};
use crate::tui::paint::{Bits, bit, bits_width};
use crate::tui::room::Room;
use crate::tui::screen::Screen;
use crate::tui::screens::card::Card;
use crate::tui::screens::menu::{Choice, Menu};
use crate::tui::theme::Tone;
use crate::tui::when::short_no;

/// Milliseconds during which the key is not heard again: held down, it records one blackout, not ten.
const DEAF: u64 = 1000;

/// Who acts; while nobody has said, the person is still to be named. A blackout does not wait for that.
pub(super) fn actor(room: &Room) -> Operator {
    room.operator.clone().unwrap_or_else(|| Operator {
        name: NOT_NAMED.to_owned(),
        role: None,
    })
}

impl App {
    /// F8, from anywhere: power has gone. It is recorded at once.
    pub(super) fn blackout(&mut self, gone: Gone, room: &Room, out: &mut Outbox<'_>) {
        let pressed = self.hand.pressed();
        let just = self.blacked_out.map(|heard| pressed.since(heard));
        let deaf = self.hand.repeats() || just.is_some_and(|just| just < DEAF);
        let busy = self
            .awaited
            .iter()
            .any(|(_, awaited)| matches!(awaited, Awaited::Blackout(_)));
        if busy || (deaf && !gone.another) {
            return self.say_unheard(Unheard::Repeats, room);
        }
        self.blacked_out = Some(pressed);
        let seq = out.ask(Slot::Must, Want::Blackout(gone, actor(room)));
        self.awaited.push((seq, Awaited::Blackout(gone.since)));
    }

    /// Power is out already: one of these, or another place?
    pub(super) fn ask_which(&mut self, dark: &[Dark], since: Option<Instant>, room: &Room) {
        let open = |dark: &Dark| {
            let what = format!(
                "{}  {}  {}",
                short_no(&dark.no, room),
                dark.place(&room.voice),
                elapsed(dark.since, room)
            );
            let label = room.say(&Msg::new("tui.dark_this").with("what", what));
            Choice::new(label, Pick::Record(dark.no.clone()))
        };
        let mut choices: Vec<Choice> = dark.iter().map(open).collect();
        let another = Gone {
            another: true,
            since,
        };
        let label = room.text("tui.dark_other");
        choices.push(Choice::new(label, Pick::Blackout(another)));
        let title = room.text("tui.dark_already");
        self.stack.push(Box::new(Menu::of(title, choices)));
    }

    /// It was recorded: the sheet comes up, and over it the few things that are asked for.
    pub(super) fn blacked_out(&mut self, done: &Done, room: &Room, out: &mut Outbox<'_>) {
        let text = self.written(done, crate::registers::outage::LOST, true, room);
        self.say_written(&text, done, room);
        self.spread(done, room, out);
        let view = &done.view;
        let no = &view.record.head.no;
        let asker = out.asker();
        let mut card = Card::open(no, asker, out);
        card.became(view, room);
        self.stack.push(Box::new(card));
        let opening = view.history.iter().map(|item| item.seq).min();
        let action = view.register.action(Correct::NAME);
        if let Some((opening, action)) = opening.zip(action) {
            let reason = room.text("tui.filled_in_afterwards");
            out.go(Go::Form(Start {
                target: Target::On(no.clone()),
                register: view.register,
                action,
                preset: vec![
                    ("entry".to_owned(), Value::from(opening)),
                    ("reason".to_owned(), Value::from(reason)),
                ],
                asked: ASKED_AFTERWARDS,
            }));
        }
    }

    /// The red line: place, how long, who is held and for how long, when power is expected, the generator. What does
    /// not fit is left out from its end, never cut in the middle.
    pub(super) fn leader(&self, room: &Room) -> Bits {
        let Some(dark) = self.dark.first() else {
            return Vec::new();
        };
        let columns = usize::from(room.size.0).saturating_sub(1);
        let mut first = vec![bit(
            format!(
                " ■ {} {} {}",
                room.text("tui.dark"),
                dark.place(&room.voice),
                elapsed(dark.since, room)
            ),
            Tone::Late,
        )];
        first.extend(
            dark.held
                .iter()
                .map(|held| bit(held_in(held, room), Tone::BlockLate)),
        );
        let more = self.dark.len() - 1;
        let others = (more > 0).then(|| {
            let told = Msg::new("tui.dark_more").with("n", more);
            bit(format!(" · {}", room.say(&told)), Tone::Late)
        });
        let rest = [
            others,
            Some(bit(format!(" · {}", expected(dark, room)), Tone::Late)),
            Some(bit(
                format!(" · {}", dark.generator.said(&room.voice)),
                Tone::Late,
            )),
            first_key(Cmd::Outage, &room.voice)
                .map(|key| bit(format!("   {key} {}", room.text("key.open")), Tone::Key)),
        ];
        let mut line = crate::tui::paint::fit(&first, columns);
        for piece in rest.into_iter().flatten() {
            let wide = bits_width(std::slice::from_ref(&piece));
            if bits_width(&line) + wide > columns {
                break;
            }
            line.push(piece);
        }
        line
    }
}
