//! The edge to the terminal: raw mode and back, whatever happens; keys, signals and answers in; frames out.

use std::io::{self, Write, stdout};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant as Moment};

use base64::encode;
use crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste, Event, KeyEventKind};
use crossterm::execute;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect};

use super::app::App;
use super::hand::Millis;
use super::heartbeat::{Heartbeat, Silence, jumped, silence};
use super::jobs::Jobs;
use super::keeper::keep;
use super::message::{Ask, Effect, Message};
use super::room::Room;
use super::theme::{Look, Surroundings, Theme};
use super::worker::work;
use crate::base::i18n::{Msg, Voice};
use crate::base::time::Instant;
use crate::desk::{Desk, Error};
use crate::store::FileTrouble;

/// How often time goes on.
const TICK: Duration = Duration::from_millis(250);

/// The terminal in the state we need it, given back when this is dropped.
struct Screen(Terminal<CrosstermBackend<io::Stdout>>);

impl Screen {
    fn take() -> io::Result<Self> {
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
        Ok(Self(Terminal::new(CrosstermBackend::new(stdout()))?))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// The terminal as it was. Harmless when it is so already.
fn give_back() {
    let _ = execute!(
        stdout(),
        DisableBracketedPaste,
        LeaveAlternateScreen,
        crossterm::cursor::Show
    );
    let _ = disable_raw_mode();
    let _ = stdout().flush();
}

/// A panic first gives the terminal back, so that its message can be read and the shell is usable.
fn give_back_on_panic() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        give_back();
        before(info);
    }));
}

/// The time by the clock that nobody can set.
fn since(began: Moment) -> Millis {
    Millis(u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX))
}

/// Keys, pastes and sizes as messages, until the terminal is gone.
fn listen(to: &Sender<Message>, began: Moment) {
    loop {
        let message = match event::read() {
            Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => {
                Message::Key(key, since(began))
            }
            Ok(Event::Paste(text)) => Message::Paste(text),
            Ok(Event::Resize(columns, rows)) => Message::Resize(columns, rows),
            Ok(_) => continue,
            Err(_) => Message::Leave,
        };
        let last = matches!(message, Message::Leave);
        if to.send(message).is_err() || last {
            return;
        }
    }
}

#[cfg(unix)]
fn heed_signals(to: Sender<Message>) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT])?;
    thread::spawn(move || {
        for (count, _) in signals.forever().enumerate() {
            // A second signal does not wait for anybody.
            if count > 0 || to.send(Message::Leave).is_err() {
                give_back();
                std::process::exit(130);
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn heed_signals(_to: Sender<Message>) -> io::Result<()> {
    Ok(())
}

/// Why the screens had to end.
enum Ended {
    /// The terminal cannot be used.
    Terminal(io::Error),
    /// The desk's thread is gone.
    Lost,
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        Ended::Terminal(error)
    }
}

impl From<Ended> for Error {
    fn from(ended: Ended) -> Self {
        let reason = match ended {
            Ended::Terminal(error) => Msg::new("tui.no_terminal").with("why", error.to_string()),
            Ended::Lost => Msg::new("tui.lost"),
        };
        Error::File(FileTrouble {
            path: "dutydesk".into(),
            reason,
        })
    }
}

/// What the desk's thread knows once the file is open.
struct Opened {
    /// The file.
    path: PathBuf,
    /// Whether copies of it are kept; not of one that is only shown.
    keeps: bool,
    room: Room,
    app: App,
}

/// What is known of the outside before the file is open.
pub struct Outside {
    /// Language and zone.
    pub voice: Voice,
    /// What the screens are to look like, if somebody has chosen.
    pub look: Option<Look>,
    /// This machine's heartbeat for the file.
    pub heart: Heartbeat,
}

/// Opens the desk in its own thread and runs the screens until the person leaves.
///
/// # Errors
/// What opening gave, or that the terminal cannot be used.
pub fn run(
    open: impl FnOnce() -> Result<Desk, Error> + Send + 'static,
    outside: Outside,
    clock: impl Fn() -> Instant + Clone + Send + 'static,
) -> Result<(), Error> {
    let (to, messages) = mpsc::channel();
    let (asks, questions) = mpsc::channel();
    let size = crossterm::terminal::size().map_err(Ended::from)?;
    let Outside { voice, look, heart } = outside;
    let theme = Theme::new(look, &Surroundings::of_process());
    let begin = Begin {
        voice,
        theme,
        silence: silence(heart.last(), clock()),
        now: clock(),
        size,
    };
    let opened = start(open, begin, questions, to.clone())?;
    give_back_on_panic();
    let mut screen = Screen::take().map_err(Ended::from)?;
    heed_signals(to.clone()).map_err(Ended::from)?;
    let keeping = keep_copies(&opened, clock.clone(), to.clone());
    let beating = beside(opened.keeps, {
        let clock = clock.clone();
        move |until| heart.run(&clock, until)
    });
    let mut jobs = Jobs {
        path: opened.path.clone(),
        rules: (*opened.room.rules).clone(),
        documents: Arc::clone(&opened.room.documents),
        voice,
        to: to.clone(),
        running: None,
    };
    let began = Moment::now();
    thread::spawn(move || listen(&to, began));
    let edge = Edge {
        asks,
        messages,
        began,
    };
    let ran = turn(&mut screen, opened, &edge, clock, &mut jobs);
    drop(screen);
    jobs.end();
    keeping.end();
    beating.end();
    Ok(ran?)
}

/// A thread that works beside the screens until they end.
struct Beside {
    until: Sender<()>,
    ended: Receiver<()>,
}

impl Beside {
    /// Ends it; a copy that is half made is given up, and a second is enough for that.
    fn end(self) {
        drop(self.until);
        let _ = self.ended.recv_timeout(Duration::from_secs(1));
    }
}

fn keep_copies(
    opened: &Opened,
    clock: impl Fn() -> Instant + Send + 'static,
    to: Sender<Message>,
) -> Beside {
    let (path, rules) = (opened.path.clone(), (*opened.room.rules).clone());
    beside(opened.keeps, move |until| {
        keep(&path, rules, &clock, &to, until);
    })
}

/// Begins `work` in a thread of its own if it is wanted; it ends when its receiver has no other end any more.
fn beside(wanted: bool, work: impl FnOnce(&Receiver<()>) + Send + 'static) -> Beside {
    let (until, told) = mpsc::channel();
    let (done, ended) = mpsc::channel();
    thread::spawn(move || {
        if wanted {
            work(&told);
        }
        drop(done);
    });
    Beside { until, ended }
}

/// What the first screen begins with.
struct Begin {
    voice: Voice,
    theme: Theme,
    silence: Option<Silence>,
    now: Instant,
    size: (u16, u16),
}

/// Opens the file and leaves the thread at work.
fn start(
    open: impl FnOnce() -> Result<Desk, Error> + Send + 'static,
    begin: Begin,
    questions: Receiver<Ask>,
    to: Sender<Message>,
) -> Result<Opened, Error> {
    let (ready, opened) = mpsc::channel();
    let Begin {
        voice,
        theme,
        silence,
        now,
        size,
    } = begin;
    thread::spawn(move || {
        let begun = open().and_then(|desk| {
            let drafts = desk.drafts()?;
            let dark = desk.dark(now)?;
            let room = Room {
                voice: Voice {
                    lexicon: desk.rules().lexicon(),
                    ..voice
                },
                rules: desk.rules(),
                documents: desk.documents(),
                now,
                operator: desk.operator()?,
                size,
                dark: !dark.is_empty(),
                theme,
            };
            let (path, keeps) = (desk.path().to_owned(), !desk.only_shown());
            let mut app = App::new(&room, drafts);
            app.tell_waiting(&desk.offered(), &room);
            app.wake(silence.filter(|_| keeps), dark);
            Ok((
                desk,
                Opened {
                    path,
                    keeps,
                    app,
                    room,
                },
            ))
        });
        match begun {
            Ok((desk, opened)) => {
                let _ = ready.send(Ok(opened));
                let lost = Lost(to.clone());
                work(desk, &questions, &to);
                drop(lost);
            }
            Err(error) => {
                let _ = ready.send(Err(error));
            }
        }
    });
    opened.recv().map_err(|_| Ended::Lost)?
}

/// Says that the desk's thread has ended, however it ended.
struct Lost(Sender<Message>);

impl Drop for Lost {
    fn drop(&mut self) {
        let _ = self.0.send(Message::Lost);
    }
}

/// What the loop asks, hears, and counts its milliseconds from.
struct Edge {
    asks: Sender<Ask>,
    messages: Receiver<Message>,
    began: Moment,
}

/// The loop: message, update, effects, draw.
fn turn(
    screen: &mut Screen,
    opened: Opened,
    edge: &Edge,
    clock: impl Fn() -> Instant,
    jobs: &mut Jobs,
) -> Result<(), Ended> {
    let Opened {
        mut room,
        mut app,
        keeps,
        ..
    } = opened;
    let Edge {
        asks,
        messages,
        began,
    } = edge;
    let mut effects = app.begin(&room);
    // What the clock on the wall showed, and when that was by the clock that nobody can set.
    let (mut shown, mut ticked) = (clock(), Moment::now());
    loop {
        for effect in effects.drain(..) {
            match effect {
                // A thread that is gone has said so; that message is on its way.
                Effect::Ask(ask) => drop(asks.send(ask)),
                Effect::Copy(text) => copy(&text)?,
                Effect::Begin(task, who) => jobs.begin(*task, who, room.now),
                Effect::Stop => jobs.stop(),
                Effect::Redraw => redraw(screen)?,
                Effect::Quit => {
                    farewell(asks, messages, app.keeping(&room));
                    return Ok(());
                }
            }
        }
        screen.0.draw(|frame| app.draw(&room, frame))?;
        let wait = TICK.saturating_sub(ticked.elapsed());
        let first = match messages.recv_timeout(wait) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        for message in first.into_iter().chain(messages.try_iter()) {
            if matches!(message, Message::Lost) {
                return Err(Ended::Lost);
            }
            effects.extend(app.update(&mut room, message, since(*began)));
        }
        let passed = ticked.elapsed();
        if passed >= TICK {
            ticked = Moment::now();
            let before = std::mem::replace(&mut shown, clock());
            effects.extend(app.update(&mut room, Message::Tick(shown), since(*began)));
            let passed = i64::try_from(passed.as_secs()).unwrap_or(i64::MAX);
            if keeps && jumped(shown.seconds_since(before), passed) {
                effects.extend(app.update(
                    &mut room,
                    Message::Jumped(before, shown),
                    since(*began),
                ));
            }
        }
    }
}

/// Empties the screen and draws all of it again. [`ratatui::Terminal::clear`] would ask the terminal where its cursor is,
/// and the thread that reads the keys would take the answer.
fn redraw(screen: &mut Screen) -> io::Result<()> {
    let size = screen.0.size()?;
    screen.0.resize(Rect::from((Position::ORIGIN, size)))
}

/// Waits until what is still to be kept has been kept, a second at most.
fn farewell(asks: &Sender<Ask>, messages: &Receiver<Message>, keeping: Vec<Ask>) {
    let mut open: Vec<u64> = keeping.iter().map(|ask| ask.seq).collect();
    for ask in keeping {
        let _ = asks.send(ask);
    }
    let until = Moment::now() + Duration::from_secs(1);
    while !open.is_empty() {
        match messages.recv_timeout(until.saturating_duration_since(Moment::now())) {
            Ok(Message::Answer(answer)) => open.retain(|seq| *seq != answer.seq),
            Ok(Message::Lost) | Err(_) => break,
            Ok(_) => {}
        }
    }
}

/// Into the terminal's clipboard (OSC 52); terminals that do not know it ignore it.
fn copy(text: &str) -> io::Result<()> {
    let mut out = stdout();
    write!(out, "\x1b]52;c;{}\x07", encode(text.as_bytes()))?;
    out.flush()
}

/// Base 64, which the clipboard sequence wants.
mod base64 {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    pub fn encode(bytes: &[u8]) -> String {
        let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
        for chunk in bytes.chunks(3) {
            let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
            let word = byte(0) << 16 | byte(1) << 8 | byte(2);
            for i in 0..4_usize {
                let letter = LETTERS[(word >> (18 - 6 * i) & 63) as usize];
                out.push(if i <= chunk.len() {
                    char::from(letter)
                } else {
                    '='
                });
            }
        }
        out
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn encodes_as_the_standard_says() {
            for (plain, coded) in [
                ("", ""),
                ("f", "Zg=="),
                ("fo", "Zm8="),
                ("foo", "Zm9v"),
                ("停", "5YGc"),
            ] {
                assert_eq!(super::encode(plain.as_bytes()), coded);
            }
        }
    }
}
