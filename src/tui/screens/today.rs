//! 今日: what is owed, soonest first, under the half-filled forms that wait to be finished.

use ratatui::buffer::Buffer;
use serde_json::Value;

use super::outlets;
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::desk::Error;
use crate::desk::view::{Draft, DueCounts, DueItem};
use crate::registers::{label, register, register_of};
use crate::rules::deadline::{Deadline, DeadlineState};
use crate::tui::hand::Writes;
use crate::tui::keymap::{Cmd, Context};
use crate::tui::layout::window;
use crate::tui::message::{Asker, Got, Part, Want};
use crate::tui::outbox::{Go, Outbox, Pick};
use crate::tui::paint::{Bits, Column, TableLine, bit, line, table};
use crate::tui::room::Room;
use crate::tui::screen::{Cover, Here, Press, Scene, Screen, Taken};
use crate::tui::text::{plain, width};
use crate::tui::theme::{Theme, Tone};
use crate::tui::when::{mark, near, short, short_no};

/// Ticks after which what is owed is counted anew though nobody wrote: duties become late by themselves.
const RECOUNT: u32 = 80;
/// Lines read at first; more when the cursor comes near the end.
const FIRST: usize = 200;

/// What is owed, for the list and for the 期限条.
#[derive(Clone, Debug, Default)]
pub struct Today {
    /// Soonest first.
    pub items: Vec<DueItem>,
    /// How much.
    pub counts: DueCounts,
    /// Half-filled forms, the latest first.
    pub drafts: Vec<Draft>,
    limit: usize,
    seq: u64,
    ticks: u32,
    cursor: usize,
    top: usize,
    /// Whether the desk has answered once.
    pub loaded: bool,
}

/// A line of 今日.
#[derive(Clone, Copy)]
enum Entry<'a> {
    /// A half-filled form.
    Draft(&'a Draft),
    /// A duty.
    Due(&'a DueItem),
}

impl Today {
    /// With the half-filled forms that were kept.
    pub fn new(drafts: Vec<Draft>) -> Self {
        Self {
            drafts,
            limit: FIRST,
            ..Self::default()
        }
    }

    /// Takes what is owed. The cursor stays on the duty it was on, or on its place when that
    /// is done.
    fn take(&mut self, items: &[DueItem], counts: DueCounts, now: Instant) {
        let was = self.due().map(|item| {
            (
                item.no.clone(),
                item.deadline.code.clone(),
                item.deadline.round,
            )
        });
        self.items = items.to_vec();
        // What is late stands before what is to be done at once, however old that is.
        self.items
            .sort_by_key(|item| item.deadline.state(now) != DeadlineState::Late);
        self.counts = counts;
        self.loaded = true;
        if let Some((no, code, round)) = was {
            let same = |item: &DueItem| {
                item.no == no && item.deadline.code == code && item.deadline.round == round
            };
            if let Some(at) = self.items.iter().position(same) {
                self.cursor = at + self.drafts.len();
            }
        }
        self.cursor = self.cursor.min(self.len().saturating_sub(1));
    }

    /// Whether time alone has made one of these duties late or owed, so that its place and the counts are others.
    fn turned(&self, was: Instant, now: Instant) -> bool {
        let state = |item: &DueItem, at| item.deadline.state(at);
        self.items
            .iter()
            .any(|item| state(item, was) != state(item, now))
    }

    fn len(&self) -> usize {
        self.drafts.len() + self.items.len()
    }

    /// The line under the cursor.
    fn line(&self) -> Option<Entry<'_>> {
        match self.drafts.get(self.cursor) {
            Some(draft) => Some(Entry::Draft(draft)),
            None => self
                .items
                .get(self.cursor - self.drafts.len())
                .map(Entry::Due),
        }
    }

    /// The duty under the cursor.
    fn due(&self) -> Option<&DueItem> {
        match self.line() {
            Some(Entry::Due(item)) => Some(item),
            _ => None,
        }
    }

    /// Keeps or drops a form in the list of half-filled ones.
    pub fn keep_draft(&mut self, draft: Option<Draft>, form: &str) {
        let had = self.drafts.len();
        self.drafts.retain(|other| other.form != form);
        self.drafts.splice(0..0, draft);
        let have = self.drafts.len();
        if self.cursor >= had.min(have) {
            self.cursor = (self.cursor + have).saturating_sub(had);
        }
    }

    /// Moves the cursor; answers whether the command was one of its own.
    fn command(&mut self, cmd: Cmd, rows: usize, out: &mut Outbox<'_>) -> bool {
        let last = self.len().saturating_sub(1);
        let page = rows.saturating_sub(1).max(1);
        let to = match cmd {
            Cmd::Up => self.cursor.saturating_sub(1),
            Cmd::Down => self.cursor + 1,
            Cmd::PageUp => self.cursor.saturating_sub(page),
            Cmd::PageDown => self.cursor + page,
            Cmd::First => 0,
            Cmd::Last => last,
            _ => return false,
        };
        self.cursor = to.min(last);
        self.top = window(self.top, self.cursor, rows);
        if self.cursor + rows >= self.items.len() && self.items.len() >= self.limit {
            self.limit *= 2;
            self.refresh(out);
        }
        true
    }

    fn open(&self, out: &mut Outbox<'_>) {
        match self.line() {
            Some(Entry::Draft(draft)) => out.go(Go::Draft(draft.clone())),
            Some(Entry::Due(DueItem { no, deadline, .. })) => {
                out.go(Go::Duty(no.clone(), deadline.code.clone(), deadline.round));
            }
            None => {}
        }
    }

    /// Ticks the duty under the cursor off.
    fn tick_off(&self, room: &Room, out: &mut Outbox<'_>) {
        let Some(item) = self.due() else { return };
        out.go(match &item.deadline.tick {
            Some(tick) => Go::Tick(item.no.clone(), tick.clone()),
            None => Go::Say(room.text("tui.no_tick"), Tone::Soon),
        });
    }

    fn explain(&self, room: &Room, out: &mut Outbox<'_>) {
        out.go(match self.due() {
            Some(DueItem { no, deadline, .. }) => {
                Go::ExplainDuty(no.clone(), deadline.code.clone(), deadline.round)
            }
            None => Go::Say(room.text("tui.nothing_owed"), Tone::Soon),
        });
    }

    /// The duty under the cursor, for the clipboard.
    pub fn copied(&self, room: &Room) -> Option<String> {
        let item = self.due()?;
        let duty = label::duty(&room.voice, item.register, &item.deadline.code);
        let (no, title) = (&item.no, plain(&item.title));
        let time = short(&item.deadline, room);
        Some(format!("{no}\t{duty}\t{title}\t{time}"))
    }

    fn widest_time(&self, room: &Room) -> usize {
        let near = self
            .items
            .iter()
            .take(60)
            .map(|item| width(&short(&item.deadline, room)));
        near.max().unwrap_or(8).clamp(8, 16)
    }
}

impl Screen for Today {
    fn context(&self) -> Context {
        Context::Today
    }

    /// `□ 草稿 1 · 应办 14 · 逾期 3 · 立即 2 · 今天 5`.
    fn title(&self, room: &Room) -> Bits {
        let count = |key: &str, n: u64| {
            room.say(&Msg::new(key).with("n", i64::try_from(n).unwrap_or(i64::MAX)))
        };
        // The half-filled forms are lines of this list too.
        let mut bits = match self.drafts.len() {
            0 => Vec::new(),
            n => vec![
                bit(count("tui.draft_count", n as u64), Tone::Soon),
                bit(" · ", Tone::Dim),
            ],
        };
        bits.push(bit(count("tui.owed_count", self.counts.all), Tone::Strong));
        for (key, n, tone) in [
            ("tui.late_count", self.counts.late, Tone::Late),
            ("tui.at_once_count", self.counts.at_once, Tone::AtOnce),
            ("tui.today_count", self.counts.today, Tone::Text),
        ] {
            if n > 0 {
                bits.extend([bit(" · ", Tone::Dim), bit(count(key, n), tone)]);
            }
        }
        bits
    }

    fn cover(&self) -> Cover {
        Cover::Left
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let (room, area) = (scene.room, scene.area);
        let columns = columns(room, self.widest_time(room));
        let rows = usize::from(area.height.saturating_sub(1));
        let top = window(self.top, self.cursor, rows);
        let drafts = self.drafts.iter().map(Entry::Draft);
        let entries = drafts.chain(self.items.iter().map(Entry::Due));
        let lines = entries.enumerate().skip(top).map(|(at, entry)| TableLine {
            values: values(entry, room),
            marked: false,
            chosen: at == self.cursor,
        });
        table(room, buf, area, &columns, scene.focused, lines);
        if self.loaded && self.len() == 0 && !room.dark {
            for (row, key) in [(2, "due.nothing"), (3, "tui.nothing_hint")] {
                let told = bit(format!("  {}", room.text(key)), Tone::Dim);
                line(room, buf, area, row, &[told]);
            }
        }
        None
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        let room = here.room;
        match press.cmd {
            Some(Cmd::Open) => self.open(out),
            Some(Cmd::NextPane) if room.wide() => self.open(out),
            Some(Cmd::NextPane) => out.go(Go::NextTab),
            Some(Cmd::Tick) => self.tick_off(room, out),
            Some(Cmd::Why) => self.explain(room, out),
            Some(Cmd::Outlet) => {
                let menu = outlets::of_lines(self.selected(), 0, false, room);
                return Taken::Opens(Box::new(menu));
            }
            Some(cmd) if self.command(cmd, here.rows(), out) => {}
            _ => return Taken::No,
        }
        Taken::Yes
    }

    fn cannot(&self, cmd: Cmd) -> Option<Msg> {
        let nothing = self.selected().is_none() && self.drafts.is_empty();
        let ticks = self.due().is_some_and(|due| due.deadline.tick.is_some());
        let why = match cmd {
            Cmd::Tick if !ticks => "tui.no_tick",
            Cmd::Open | Cmd::Why | Cmd::Actions if nothing => "tui.nothing_selected",
            // Here is where the way out leads.
            Cmd::Back => "tui.out_already",
            _ => return None,
        };
        Some(Msg::new(why))
    }

    fn writes(&self, press: &Press) -> Writes {
        match press.cmd {
            Some(Cmd::Tick) => Writes::Shown,
            _ => Writes::Nothing,
        }
    }

    fn line(&self) -> Option<String> {
        let DueItem { no, deadline, .. } = self.due()?;
        let Deadline {
            code, round, tick, ..
        } = deadline;
        Some(format!("{no}/{code}/{round}/{tick:?}"))
    }

    fn pick(&mut self, pick: &Pick, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        if !matches!(pick, Pick::Copy) {
            return Taken::No;
        }
        if let Some(text) = self.copied(here.room) {
            out.copy(text, here.room);
        }
        Taken::Yes
    }

    fn answer(
        &mut self,
        seq: u64,
        got: Result<&Got, &Error>,
        here: &Here<'_>,
        _out: &mut Outbox<'_>,
    ) -> Taken {
        match got {
            Ok(Got::Owed(owed)) if seq == self.seq => {
                self.take(&owed.items, owed.counts, here.room.now);
            }
            Ok(Got::Drafts(drafts)) => self.drafts.clone_from(drafts),
            _ => return Taken::No,
        }
        Taken::Yes
    }

    fn refresh(&mut self, out: &mut Outbox<'_>) {
        self.seq = out.ask(Asker::Tab(0).part(Part::Shown), Want::Owed(self.limit));
    }

    fn tick(&mut self, was: Instant, room: &Room, out: &mut Outbox<'_>) {
        self.ticks = self.ticks.wrapping_add(1);
        let day = |at| room.voice.zone.date(at);
        let recount = self.ticks.is_multiple_of(RECOUNT) || day(was) != day(room.now);
        if recount || self.turned(was, room.now) {
            self.refresh(out);
        }
    }

    fn selected(&self) -> Option<&str> {
        self.due().map(|item| item.no.as_str())
    }
}

fn columns(room: &Room, time: usize) -> Vec<Column> {
    let column = |key: &str, least: usize, grows: bool| Column {
        title: if key.is_empty() {
            String::new()
        } else {
            room.text(key)
        },
        least,
        grows,
        right: false,
        must: false,
    };
    vec![
        column("", 1, false),
        column("card.deadlines", time, false),
        column("tui.duty", 20, true),
        column("tui.object", 10, true),
        column("tui.clause", 12, false),
    ]
}

fn values(entry: Entry<'_>, room: &Room) -> Bits {
    match entry {
        Entry::Draft(draft) => vec![
            bit("□", Tone::Soon),
            bit(near(draft.saved, room), Tone::Dim),
            bit(form_name(&draft.form, room), Tone::Text),
            bit(beginning(draft), Tone::Dim),
            bit(draft.by.clone(), Tone::Dim),
        ],
        Entry::Due(item) => {
            let mark = mark(&item.deadline, room);
            let tone = Theme::mark(mark);
            let duty = label::duty(&room.voice, item.register, &item.deadline.code);
            vec![
                bit(mark.symbol(), tone),
                bit(short(&item.deadline, room), tone),
                bit(format!("{} {duty}", short_no(&item.no, room)), Tone::Text),
                bit(item.title.clone(), Tone::Text),
                bit(room.clause(&item.deadline.clause), Tone::Dim),
            ]
        }
    }
}

/// `新维修单`, `W-00227 修复`: what a form is for, from its name in the drafts.
pub fn form_name(form: &str, room: &Room) -> String {
    let voice = &room.voice;
    match form.split('/').collect::<Vec<_>>().as_slice() {
        ["new", code, action] if register(code).is_some() => {
            let register = voice.text(&format!("register.{code}"));
            let action = label::action(voice, code, action);
            voice.say(
                &Msg::new("tui.draft_new")
                    .with("register", register)
                    .with("action", action),
            )
        }
        ["on", no, action, ..] => {
            let code = register_of(no).map_or("", |register| register.spec().code);
            let action = label::action(voice, code, action);
            voice.say(
                &Msg::new("tui.draft_on")
                    .with("no", short_no(no, room))
                    .with("action", action),
            )
        }
        _ => form.to_owned(),
    }
}

/// What was typed first, to know the form again.
fn beginning(draft: &Draft) -> String {
    let texts = draft
        .values
        .iter()
        .filter(|(key, _)| {
            !matches!(
                key.as_str(),
                "at" | "received" | "by" | "role" | "entry" | "code"
            )
        })
        // What a correction found there was not typed.
        .filter(|(key, _)| !key.contains('.'));
    let texts: Vec<&str> = texts
        .filter_map(|(_, value)| value.as_str())
        .filter(|text| !text.trim().is_empty())
        .collect();
    match texts.iter().max_by_key(|text| text.chars().count()) {
        Some(longest) => (*longest).to_owned(),
        None if draft.values.keys().any(|key| key.contains('.')) => String::new(),
        None => draft
            .values
            .values()
            .find_map(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
    }
}
