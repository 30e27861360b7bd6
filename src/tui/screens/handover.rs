//! Hand-over of a shift 交接班: what the next shift has to know, ticked item by item by the one who takes over. Then a form
//! asks who that is; the paper of the shift shows the same list.

use ratatui::buffer::Buffer;
use serde_json::{Value, json};

use crate::base::i18n::{Lang, Msg, Voice};
use crate::desk::Error;
use crate::desk::handover::Item;
use crate::desk::view::Target;
use crate::tui::keymap::{Cmd, Context};
use crate::tui::message::{Asker, Got, Part, Want};
use crate::tui::outbox::{Go, Outbox, Start};
use crate::tui::paint::{Bits, bit, inset, line, selected_line};
use crate::tui::room::Room;
use crate::tui::screen::{Here, Press, Scene, Screen, Taken};
use crate::tui::text::wrap;
use crate::tui::theme::Tone;

/// What a form of the hand-over asks for; what was read out is known.
const ASKED: &[&str] = &["in", "remarks", "supervisor", "allowed_because"];

/// The screen of a hand-over.
pub struct HandOver {
    /// The form that follows.
    start: Start,
    asker: Asker,
    asked: u64,
    /// What is handed over, and whether it was read; none while the desk has not told of it.
    items: Option<Vec<(Item, bool)>>,
    cursor: usize,
}

impl HandOver {
    /// Of the shift that the form `start` hands over.
    pub fn new(start: Start, out: &mut Outbox<'_>) -> Self {
        let mut screen = Self {
            start,
            asker: out.asker(),
            asked: 0,
            items: None,
            cursor: 0,
        };
        screen.ask(out);
        screen
    }

    fn shift(&self) -> &str {
        match &self.start.target {
            Target::On(no) | Target::New(no) => no,
        }
    }

    fn ask(&mut self, out: &mut Outbox<'_>) {
        let want = Want::Handover(self.shift().to_owned());
        self.asked = out.ask(self.asker.part(Part::Shown), want);
    }

    fn all(&self) -> &[(Item, bool)] {
        self.items.as_deref().unwrap_or_default()
    }

    fn unread(&self) -> usize {
        self.all().iter().filter(|(_, read)| !read).count()
    }

    /// Takes in what is handed over; what was read stays read as long as it says the same.
    fn take(&mut self, items: &[Item]) {
        let known = self.items.take().unwrap_or_default();
        let read = |item: &Item| known.iter().any(|(old, read)| *read && old == item);
        let items = items.iter().map(|item| (item.clone(), read(item)));
        self.items = Some(items.collect());
        self.cursor = self.cursor.min(self.all().len().saturating_sub(1));
    }

    /// The item under the cursor is read; the cursor goes to the next that is not. With none left the form comes.
    fn read_on(&mut self, room: &Room, out: &mut Outbox<'_>) {
        if self.unread() == 0 {
            return self.go_on(room, out);
        }
        let at = self.cursor;
        let Some(items) = &mut self.items else { return };
        if let Some((_, read)) = items.get_mut(at) {
            *read = true;
        }
        let after = items.iter().skip(at).position(|(_, read)| !read);
        let next = after.map(|n| at + n);
        let next = next.or_else(|| items.iter().position(|(_, read)| !read));
        self.cursor = next.unwrap_or(at);
    }

    fn toggle(&mut self) {
        let at = self.cursor;
        if let Some((_, read)) = self.items.iter_mut().flatten().nth(at) {
            *read = !*read;
        }
    }

    /// To the form, with what was read out.
    fn go_on(&self, room: &Room, out: &mut Outbox<'_>) {
        let Some(items) = &self.items else { return };
        // The log is a Chinese document whatever language its reader speaks.
        let voice = Voice {
            lang: Lang::Zh,
            ..room.voice
        };
        let handed: Vec<Value> = items
            .iter()
            .map(|(item, read)| {
                let mut handed = json!({"what": item.said(&voice), "read": read});
                if let (Some(map), Some(no)) = (handed.as_object_mut(), item.no()) {
                    map.insert("no".into(), no.into());
                }
                handed
            })
            .collect();
        let mut start = self.start.clone();
        start.asked = ASKED;
        let out_goes = room.operator.iter().map(|known| known.name.as_str());
        let out_goes = out_goes.map(|name| ("out".to_owned(), Value::from(name)));
        start.preset.extend(out_goes);
        start.preset.extend([
            ("items_read".to_owned(), Value::from(self.unread() == 0)),
            ("handed".to_owned(), Value::from(handed)),
        ]);
        out.go(Go::Form(start));
    }

    /// The lines, and which of them are the item under the cursor's.
    fn lines(&self, room: &Room, columns: usize) -> (Vec<Bits>, std::ops::Range<usize>) {
        let mut lines: Vec<Bits> = Vec::new();
        let mut under = 0..0;
        for (at, (item, read)) in self.all().iter().enumerate() {
            let (sign, tone) = match read {
                true => ("✓", Tone::Good),
                false => ("○", Tone::Strong),
            };
            let text = if *read { Tone::Dim } else { Tone::Text };
            let from = lines.len();
            let said = wrap(&item.said(&room.voice), columns.saturating_sub(3));
            for (row, told) in said.into_iter().enumerate() {
                let sign = if row == 0 { sign } else { " " };
                lines.push(vec![bit(format!(" {sign} "), tone), bit(told, text)]);
            }
            if at == self.cursor {
                under = from..lines.len();
            }
        }
        (lines, under)
    }

    /// What comes next, below the list.
    fn next(&self, room: &Room) -> (String, Tone) {
        let Some(items) = &self.items else {
            return (room.text("handover.waiting"), Tone::Dim);
        };
        match (items.len(), self.unread()) {
            (0, _) => (room.text("handover.nothing"), Tone::Good),
            (_, 0) => (room.text("handover.all_read"), Tone::Good),
            (n, unread) => {
                let told = Msg::new("handover.unread").with("n", unread);
                (room.say(&told.with("of", n)), Tone::Strong)
            }
        }
    }
}

impl Screen for HandOver {
    fn context(&self) -> Context {
        Context::Handover
    }

    fn title(&self, room: &Room) -> Bits {
        let language = match room.voice.lang {
            Lang::Zh => " ",
            Lang::En => "  ",
        };
        vec![
            bit(room.text("handover.title"), Tone::Strong),
            bit(format!("{language}{}", self.shift()), Tone::Text),
        ]
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let room = scene.room;
        let inner = inset(scene.area, 1, 1);
        let rows = usize::from(inner.height.saturating_sub(2)).max(1);
        let (lines, under) = self.lines(room, usize::from(inner.width));
        let top = under.end.saturating_sub(rows);
        for (row, bits) in lines.iter().enumerate().skip(top).take(rows) {
            let at = u16::try_from(row - top).unwrap_or(u16::MAX);
            match under.contains(&row) {
                true => selected_line(room, buf, inner, at, bits, Tone::Selected),
                false => line(room, buf, inner, at, bits),
            }
        }
        let (next, tone) = self.next(room);
        line(
            room,
            buf,
            inner,
            inner.height.saturating_sub(1),
            &[bit(next, tone)],
        );
        None
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        let last = self.all().len().saturating_sub(1);
        match press.cmd {
            Some(Cmd::Open) => self.read_on(here.room, out),
            Some(Cmd::Mark) => self.toggle(),
            Some(Cmd::Save) => self.go_on(here.room, out),
            Some(Cmd::NextPane) => {
                if let Some(no) = self.all().get(self.cursor).and_then(|(item, _)| item.no()) {
                    out.go(Go::Card(no.to_owned()));
                }
            }
            Some(Cmd::Up) => self.cursor = self.cursor.saturating_sub(1),
            Some(Cmd::Down) => self.cursor = (self.cursor + 1).min(last),
            Some(Cmd::First | Cmd::PageUp) => self.cursor = 0,
            Some(Cmd::Last | Cmd::PageDown) => self.cursor = last,
            _ => return Taken::No,
        }
        Taken::Yes
    }

    fn cannot(&self, cmd: Cmd) -> Option<Msg> {
        let item = self.all().get(self.cursor);
        match cmd {
            Cmd::Save if self.items.is_none() => Some(Msg::new("handover.waiting")),
            Cmd::NextPane if item.and_then(|(item, _)| item.no()).is_none() => {
                Some(Msg::new("handover.no_record"))
            }
            Cmd::Mark if item.is_none() => Some(Msg::new("handover.nothing")),
            _ => None,
        }
    }

    fn answer(
        &mut self,
        seq: u64,
        got: Result<&Got, &Error>,
        _here: &Here<'_>,
        out: &mut Outbox<'_>,
    ) -> Taken {
        if seq != self.asked {
            return Taken::No;
        }
        match got {
            Ok(Got::Handover(items)) => self.take(items),
            Ok(Got::Overtaken) => self.ask(out),
            _ => return Taken::No,
        }
        Taken::Yes
    }

    fn refresh(&mut self, out: &mut Outbox<'_>) {
        self.ask(out);
    }

    fn leads_on(&self) -> bool {
        true
    }
}
