//! Tests of the screens: what is there, which keys are pressed, what is seen. The desk behind them is a real one on a
//! file of its own; questions are answered at once, so nothing waits and no clock runs.

mod blackout;
mod breach;
mod copies;
mod flows;
mod hand;
mod handover;
mod lists;
mod messages;
mod office;
mod outlet;
mod seen;
mod sheet;
mod silence;
mod stack;
mod switching;
mod timeline;
mod typing;

use std::collections::VecDeque;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::Value;

use super::app::App;
use super::hand::Millis;
use super::heartbeat::Silence;
use super::message::{Answer, Ask, Effect, Got, Message};
use super::room::Room;
use super::theme::Theme;
use super::worker::{answer, current, overtaken};
use crate::base::i18n::{Lang, Voice};
use crate::base::time::Instant;
use crate::desk::Desk;
use crate::desk::view::{Request, Target};
use crate::record::request::Operator;
use crate::rules::ruleset::Rules;
use crate::store::Mode;

/// A desk with its screens, driven by keys.
pub struct Stage {
    pub room: Room,
    pub app: App,
    pub desk: Desk,
    pub copied: Vec<String>,
    pub over: bool,
    /// Long work that was begun.
    pub began: Vec<super::job::Task>,
    /// Long work is stopped at its first step.
    pub stops: bool,
    /// Long work has not ended yet.
    pub holds: bool,
    /// Long work was asked to stop.
    pub stopped: bool,
    /// Questions that wait for their answers, on a desk that is slow.
    waiting: Option<Vec<Ask>>,
    /// What the clock that nobody can set shows.
    clock: u64,
    folder: tempfile::TempDir,
}

/// Milliseconds between two keys of somebody who looks at the screen.
const CALM: u64 = 600;

/// Monday morning, when the sketches were drawn.
pub const NOW: &str = "2026-03-02T09:42:10";

impl Stage {
    /// An empty desk at which 赵值班 sits.
    pub fn new(lang: Lang, size: (u16, u16)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(
            &folder.path().join("desk.db"),
            Mode::Create,
            Rules::built_in().unwrap(),
        )
        .unwrap();
        desk.set_operator(&Operator {
            name: "赵值班".into(),
            role: Some("duty_engineer".into()),
        })
        .unwrap();
        Self::sit(desk, folder, lang, size, None)
    }

    /// An empty desk at which nobody has said yet who sits there.
    pub fn unnamed(lang: Lang, size: (u16, u16)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.db");
        let desk = Desk::open(&path, Mode::Create, Rules::built_in().unwrap()).unwrap();
        Self::sit(desk, folder, lang, size, None)
    }

    fn sit(
        desk: Desk,
        folder: tempfile::TempDir,
        lang: Lang,
        size: (u16, u16),
        silence: Option<Silence>,
    ) -> Self {
        let voice = Voice {
            lang,
            zone: desk.rules().zone(),
            lexicon: desk.rules().lexicon(),
        };
        let room = Room {
            voice,
            rules: desk.rules(),
            documents: desk.documents(),
            now: voice.zone.parse(NOW).unwrap(),
            operator: desk.operator().unwrap(),
            size,
            dark: false,
            theme: Theme::default(),
        };
        let mut app = App::new(&room, desk.drafts().unwrap());
        app.tell_waiting(&desk.offered(), &room);
        app.wake(silence, desk.dark(room.now).unwrap());
        let mut stage = Self {
            room,
            app,
            desk,
            copied: Vec::new(),
            over: false,
            began: Vec::new(),
            stops: false,
            holds: false,
            stopped: false,
            waiting: None,
            clock: 0,
            folder,
        };
        let effects = stage.app.begin(&stage.room);
        stage.carry_out(effects);
        stage
    }

    /// The program dies and is started again on the same file.
    pub fn again(self) -> Self {
        self.again_with(Rules::built_in().unwrap())
    }

    /// The same; what the machine's last beat told.
    pub fn again_after(self, silence: Option<Silence>) -> Self {
        self.restart(Rules::built_in().unwrap(), silence)
    }

    /// The same, with other files in the procedures folder.
    pub fn again_with(self, rules: Rules) -> Self {
        self.restart(rules, None)
    }

    fn restart(self, rules: Rules, silence: Option<Silence>) -> Self {
        let path = self.desk.path().to_owned();
        let (lang, size) = (self.room.voice.lang, self.room.size);
        drop(self.desk);
        let desk = Desk::open(&path, Mode::Create, rules).unwrap();
        Self::sit(desk, self.folder, lang, size, silence)
    }

    /// Another program at the same file.
    pub fn other(&self) -> Desk {
        Desk::open(self.desk.path(), Mode::Create, Rules::built_in().unwrap()).unwrap()
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut open: VecDeque<Effect> = effects.into();
        while let Some(effect) = open.pop_front() {
            match effect {
                Effect::Ask(ask) if self.waiting.is_some() => self
                    .waiting
                    .iter_mut()
                    .for_each(|waiting| waiting.push(ask.clone())),
                Effect::Ask(ask) => {
                    let got = answer(&mut self.desk, &ask);
                    let message = Message::Answer(Answer { seq: ask.seq, got });
                    open.extend(self.update(message));
                }
                Effect::Copy(text) => self.copied.push(text),
                Effect::Quit => {
                    for ask in self.app.keeping(&self.room) {
                        answer(&mut self.desk, &ask).unwrap();
                    }
                    self.over = true;
                }
                Effect::Begin(task, who) => {
                    let (voice, now) = (self.room.voice, self.room.now);
                    let stop = self.stops;
                    let mut watch = |_| match stop {
                        true => std::ops::ControlFlow::Break(()),
                        false => std::ops::ControlFlow::Continue(()),
                    };
                    let ended = super::job::run(
                        &mut self.desk,
                        &task,
                        &who.unwrap_or_default(),
                        voice,
                        now,
                        &mut watch,
                    );
                    self.began.push(*task);
                    if !self.holds {
                        let message = Message::Ended(ended);
                        open.extend(self.update(message));
                    }
                }
                Effect::Stop => self.stopped = true,
                Effect::Redraw => {}
            }
        }
    }

    /// From here on nothing is answered until [`Stage::answers`].
    pub fn slow(&mut self) -> &mut Self {
        self.waiting = Some(Vec::new());
        self
    }

    /// The desk works off what waits, as its thread does.
    pub fn answers(&mut self) -> &mut Self {
        let waiting = self.waiting.take().unwrap_or_default();
        for seq in overtaken(&waiting) {
            let got = Ok(Got::Overtaken);
            self.send(Message::Answer(Answer { seq, got }));
        }
        let left = current(waiting).into_iter().map(Effect::Ask);
        self.carry_out(left.collect());
        self
    }

    fn update(&mut self, message: Message) -> Vec<Effect> {
        let at = Millis(self.clock);
        self.app.update(&mut self.room, message, at)
    }

    pub fn send(&mut self, message: Message) {
        let effects = self.update(message);
        self.carry_out(effects);
    }

    /// Presses keys by name, one after the other with time to look; what stands in quotes is typed.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        self.hurried(CALM, keys)
    }

    /// The same, so many milliseconds from one key to the next.
    pub fn hurried(&mut self, apart: u64, keys: &str) -> &mut Self {
        for (index, part) in keys.split('\'').enumerate() {
            let pressed: Vec<KeyEvent> = match index % 2 {
                1 => part
                    .chars()
                    .map(|c| KeyEvent::from(KeyCode::Char(c)))
                    .collect(),
                _ => part.split_whitespace().map(key).collect(),
            };
            for event in pressed {
                self.clock += apart;
                self.press(event);
            }
        }
        self
    }

    /// A key goes down now.
    pub fn press(&mut self, event: KeyEvent) -> &mut Self {
        let at = Millis(self.clock);
        self.send(Message::Key(event, at));
        self
    }

    /// The hand rests for a second; nothing else happens.
    pub fn rest(&mut self) -> &mut Self {
        self.clock += 1000;
        self
    }

    /// Half a second passes.
    pub fn pause(&mut self) -> &mut Self {
        let now = self.room.now;
        (0..3).for_each(|_| self.send(Message::Tick(now)));
        self
    }

    /// Records something as another person would.
    pub fn record(&mut self, at: &str, target: &str, action: Option<&str>, data: Value) -> String {
        record(&mut self.desk, at, target, action, data)
    }

    /// Reads the file anew, as after another program's write.
    pub fn look(&mut self) -> &mut Self {
        self.desk.changed().unwrap();
        self.send(Message::Changed(self.desk.rules()));
        self
    }

    /// The screen's text.
    pub fn screen(&self) -> String {
        let (columns, rows) = self.room.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal
            .draw(|frame| self.app.draw(&self.room, frame))
            .unwrap();
        text(terminal.backend().buffer())
    }

    /// Where one types: column and row.
    pub fn cursor(&self) -> Option<(u16, u16)> {
        let (columns, rows) = self.room.size;
        let area = ratatui::layout::Rect::new(0, 0, columns, rows);
        let mut buffer = ratatui::buffer::Buffer::empty(area);
        self.app.paint(&self.room, area, &mut buffer)
    }

    /// The screen must show this.
    #[track_caller]
    pub fn sees(&mut self, wanted: &str) -> &mut Self {
        let screen = self.screen();
        assert!(
            screen.contains(wanted),
            "no {wanted:?} on the screen:\n{screen}"
        );
        self
    }

    /// The screen must not show this.
    #[track_caller]
    pub fn sees_no(&mut self, unwanted: &str) -> &mut Self {
        let screen = self.screen();
        assert!(
            !screen.contains(unwanted),
            "{unwanted:?} on the screen:\n{screen}"
        );
        self
    }
}

/// Records something at a desk.
pub fn record(
    desk: &mut Desk,
    at: &str,
    target: &str,
    action: Option<&str>,
    data: Value,
) -> String {
    let now: Instant = desk.rules().zone().parse(at).unwrap();
    let target = if target.contains("-2026-") {
        Target::On(target.into())
    } else {
        Target::New(target.into())
    };
    let Value::Object(data) = data else {
        panic!("an object")
    };
    let who = Operator {
        name: "钱文员".into(),
        role: Some("clerk".into()),
    };
    let done = desk.act(
        &Request {
            target,
            action: action.map(str::to_owned),
            data,
        },
        &who,
        now,
    );
    match done {
        Ok(done) => done.view.record.head.no,
        Err(error) => panic!("{}", error.message(&Voice::default())),
    }
}

fn key(name: &str) -> KeyEvent {
    let named = |code| KeyEvent::from(code);
    match name {
        "Enter" => named(KeyCode::Enter),
        "Esc" => named(KeyCode::Esc),
        "Tab" => named(KeyCode::Tab),
        "BackTab" => KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT),
        "Up" => named(KeyCode::Up),
        "Down" => named(KeyCode::Down),
        "Left" => named(KeyCode::Left),
        "Right" => named(KeyCode::Right),
        "PgUp" => named(KeyCode::PageUp),
        "PgDn" => named(KeyCode::PageDown),
        "Home" => named(KeyCode::Home),
        "End" => named(KeyCode::End),
        "Del" => named(KeyCode::Delete),
        "Backspace" => named(KeyCode::Backspace),
        "Space" => named(KeyCode::Char(' ')),
        "Alt-Enter" => KeyEvent::new(KeyCode::Enter, KeyModifiers::ALT),
        name if name.starts_with("C-") => KeyEvent::new(
            KeyCode::Char(name.chars().nth(2).unwrap()),
            KeyModifiers::CONTROL,
        ),
        name if name.starts_with('F') && name.len() > 1 => {
            named(KeyCode::F(name[1..].parse().unwrap()))
        }
        name => named(KeyCode::Char(name.chars().next().unwrap())),
    }
}

/// A buffer as text; the cell behind a wide character is part of it.
pub fn text(buffer: &ratatui::buffer::Buffer) -> String {
    let area = buffer.area;
    let mut out = String::new();
    for y in 0..area.height {
        let (mut row, mut skip) = (String::new(), 0);
        for x in 0..area.width {
            let symbol = buffer[(x, y)].symbol();
            if skip > 0 {
                skip -= 1;
                continue;
            }
            skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
            row.push_str(symbol);
        }
        out.push_str(row.trim_end());
        out.push('\n');
    }
    out
}
