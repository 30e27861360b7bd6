//! Import of an old register 导入: the file, what its columns become, what is still to be said, a trial, and the import.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::base::i18n::Msg;
use crate::import::map::MapFile;
use crate::import::{ColumnPlan, Form, Kind, Options, Outcome, Plan, Sure, To, Way};
use crate::registers::REGISTERS;
use crate::tables::flat::Flat;
use crate::tui::edit::{Edit, Editor};
use crate::tui::hand::Writes;
use crate::tui::job::{Ended, Planned, Task};
use crate::tui::keymap::{Cmd, Context};
use crate::tui::layout::window;
use crate::tui::outbox::{Go, Outbox};
use crate::tui::paint::{Bit, Bits, bit, inset, line, prompt, selected_line};
use crate::tui::room::Room;
use crate::tui::screen::{Cover, Here, Leaving, Press, Scene, Screen, Taken};
use crate::tui::text::{pad, plain, wrap};
use crate::tui::theme::Tone;

/// Columns for the file's own names, and for what they become.
const NAME: usize = 16;
const TARGET: usize = 22;

/// The screen of an import.
#[derive(Clone)]
pub struct Import {
    path: Editor,
    register: usize,
    plan: Option<Box<Plan>>,
    /// What was typed for what no column tells, in the order of the questions.
    answers: Vec<(String, String, Editor)>,
    cursor: usize,
    /// The columns or answers are not what the plan was made from.
    changed: bool,
    outcome: Option<(Box<Outcome>, Way)>,
    /// A trial follows the plan that was asked for.
    trying: bool,
}

impl Import {
    /// Nothing chosen yet; into the register of the tab if there is one.
    pub fn new(here: Option<&str>) -> Self {
        let at = REGISTERS
            .iter()
            .position(|register| here == Some(register.spec().code));
        Self {
            path: Editor::line(""),
            register: at.unwrap_or(1).min(REGISTERS.len().saturating_sub(1)),
            plan: None,
            answers: Vec::new(),
            cursor: 0,
            changed: false,
            outcome: None,
            trying: false,
        }
    }

    fn code(&self) -> &'static str {
        REGISTERS
            .get(self.register)
            .map_or("", |register| register.spec().code)
    }

    /// Columns whose meaning can be changed.
    fn columns(&self) -> &[ColumnPlan] {
        match &self.plan {
            Some(plan) if matches!(plan.form, Form::Foreign | Form::Flat) => &plan.columns,
            _ => &[],
        }
    }

    /// Rows that the cursor stands on.
    fn rows(&self) -> usize {
        match &self.plan {
            None => 2,
            Some(_) => self.columns().len() + self.answers.len(),
        }
    }

    /// What characters go into.
    fn editor(&mut self) -> Option<&mut Editor> {
        if self.plan.is_none() {
            return (self.cursor == 0).then_some(&mut self.path);
        }
        let at = self.cursor.checked_sub(self.columns().len())?;
        self.answers.get_mut(at).map(|(_, _, editor)| editor)
    }

    /// Takes a key of what is typed where the cursor stands; answers whether it was one.
    fn typed(&mut self, key: KeyEvent) -> bool {
        let planned = self.plan.is_some();
        let edit = self.editor().map_or(Edit::Nothing, |e| e.key(key));
        self.changed |= planned && edit == Edit::Changed;
        edit != Edit::Nothing
    }

    /// One step back within it; `false` when there is none.
    fn back(&mut self) -> bool {
        let had = self.plan.take().is_some();
        (self.outcome, self.cursor, self.changed) = (None, 0, false);
        self.answers.clear();
        had
    }

    /// Takes the plan; a trial follows when it was meant and nothing is left to be said.
    fn take_plan(&mut self, plan: Plan, room: &Room, out: &mut Outbox<'_>) {
        let before = std::mem::take(&mut self.answers);
        let said = |key: &str| before.iter().find(|(known, ..)| known == key);
        let asked = plan.asks.iter().map(|ask| {
            let editor = said(&ask.key).map_or_else(|| Editor::line(""), |(.., e)| e.clone());
            (ask.key.clone(), ask.label.clone(), editor)
        });
        let kept = before
            .iter()
            .filter(|(key, ..)| plan.set.contains_key(key))
            .cloned();
        self.answers = kept.chain(asked).collect();
        let first_ask = plan.asks.first().map(|ask| ask.key.clone());
        self.plan = Some(Box::new(plan));
        (self.changed, self.outcome) = (false, None);
        self.cursor = self.cursor.min(self.rows().saturating_sub(1));
        match first_ask {
            Some(key) => {
                let at = self.answers.iter().position(|(known, ..)| *known == key);
                self.cursor = self.columns().len() + at.unwrap_or(0);
                out.go(Go::Say(room.text("office.say_once"), Tone::Soon));
            }
            None if self.trying => self.begin(Way::Try, out),
            None => {}
        }
        self.trying = false;
    }

    fn begin(&self, way: Way, out: &mut Outbox<'_>) {
        if let Some(plan) = &self.plan {
            let plan = Planned(plan.clone());
            out.go(Go::Begin(Box::new(Task::Import { plan, way })));
        }
    }

    fn ask_plan(&self, map: Option<MapFile>, room: &Room, out: &mut Outbox<'_>) {
        let set = self
            .answers
            .iter()
            .filter(|(_, _, editor)| !editor.is_blank());
        let set = set.map(|(key, _, editor)| (key.clone(), editor.text().trim().to_owned()));
        let options = Options {
            map,
            set: set.collect(),
            voice: room.voice,
            ..Options::default()
        };
        out.go(Go::Begin(Box::new(Task::Plan {
            path: PathBuf::from(self.path.text().trim()),
            register: self.code().to_owned(),
            options,
        })));
    }

    /// The columns as they were corrected, as a mapping file says it.
    fn map(&self) -> Option<MapFile> {
        let plan = self.plan.as_ref()?;
        let columns = self.columns().iter().map(|column| {
            let to = match &column.to {
                To::Field(key) => key.clone(),
                To::TimeOf(key) => format!("{key}+time"),
                To::Note => "note".to_owned(),
                To::Nothing => String::new(),
            };
            (column.label.clone(), to)
        });
        let columns: BTreeMap<String, String> = columns.collect();
        (!columns.is_empty()).then(|| MapFile {
            register: Some(self.code().to_owned()),
            sheet: match &plan.kind {
                Kind::Book(sheet) => Some(sheet.clone()),
                Kind::Text | Kind::Lines => None,
            },
            header: plan.header.clone(),
            columns,
            set: BTreeMap::new(),
        })
    }

    /// Moves, changes, goes on.
    fn command(&mut self, cmd: Cmd, room: &Room, out: &mut Outbox<'_>) -> Taken {
        let last = self.rows().saturating_sub(1);
        match cmd {
            Cmd::Up => self.cursor = self.cursor.saturating_sub(1),
            Cmd::Down => self.cursor = (self.cursor + 1).min(last),
            Cmd::PageUp | Cmd::First => self.cursor = 0,
            Cmd::PageDown | Cmd::Last => self.cursor = last,
            Cmd::Left => self.change(-1, room),
            Cmd::Right => self.change(1, room),
            Cmd::Open => return self.go_on(room, out),
            _ => return Taken::No,
        }
        Taken::Yes
    }

    fn go_on(&mut self, room: &Room, out: &mut Outbox<'_>) -> Taken {
        match (&self.plan, &self.outcome) {
            (None, _) if self.path.is_blank() => {
                out.go(Go::Say(room.text("office.no_path"), Tone::Soon));
            }
            (None, _) => self.ask_plan(None, room, out),
            (Some(_), _) if self.changed => {
                self.trying = true;
                self.ask_plan(self.map(), room, out);
            }
            (Some(plan), _) if !plan.asks.is_empty() => {
                out.go(Go::Say(room.text("office.say_once"), Tone::Soon));
            }
            (Some(_), None) => self.begin(Way::Try, out),
            (Some(_), Some((_, Way::Try))) => self.begin(Way::Keep, out),
            (Some(_), Some((_, Way::Keep))) => return Taken::Closes,
        }
        Taken::Yes
    }

    /// Another register, or another meaning of the column under the cursor.
    fn change(&mut self, by: isize, room: &Room) {
        let turn = |at: usize, count: usize| {
            let count = isize::try_from(count).unwrap_or(1).max(1);
            let at = isize::try_from(at).unwrap_or(0);
            usize::try_from((at + by).rem_euclid(count)).unwrap_or(0)
        };
        let Some(plan) = &mut self.plan else {
            if self.cursor == 1 {
                self.register = turn(self.register, REGISTERS.len());
            }
            return;
        };
        let flat = Flat::of(plan.register, &room.voice);
        let fields = flat
            .columns()
            .iter()
            .map(|column| To::Field(column.key.clone()));
        let targets: Vec<To> = [To::Note, To::Nothing].into_iter().chain(fields).collect();
        let Some(column) = plan.columns.get(self.cursor) else {
            return;
        };
        let at = targets.iter().position(|to| *to == column.to).unwrap_or(0);
        let to = targets
            .get(turn(at, targets.len()))
            .cloned()
            .unwrap_or(To::Note);
        // A field is filled from one column only.
        for column in &mut plan.columns {
            if matches!(to, To::Field(_)) && column.to == to {
                column.to = To::Note;
            }
        }
        if let Some(column) = plan.columns.get_mut(self.cursor) {
            (column.to, column.sure) = (to, Sure::Told);
        }
        (self.changed, self.outcome) = (true, None);
    }

    /// What a column becomes, in words.
    fn becomes(&self, column: &ColumnPlan, flat: &Flat, room: &Room) -> (String, Tone) {
        let label = |key: &str| {
            let found = flat.columns().iter().find(|column| column.key == key);
            found.map_or_else(|| key.to_owned(), |column| column.label.clone())
        };
        match (&column.to, column.sure) {
            (To::Note, _) => (room.text("import.to_note"), Tone::Dim),
            (To::Nothing, _) => (room.text("import.to_nothing"), Tone::Dim),
            (To::TimeOf(key), _) => {
                let message = Msg::new("import.to_time").with("field", label(key));
                (room.say(&message), Tone::Text)
            }
            (To::Field(key), Sure::Perhaps) => (
                format!("{}{}", label(key), room.text("import.perhaps")),
                Tone::Soon,
            ),
            (To::Field(key), _) => (label(key), Tone::Strong),
        }
    }

    fn plan_rows(&self, plan: &Plan, room: &Room) -> Vec<Row<'_>> {
        let flat = Flat::of(plan.register, &room.voice);
        let columns = self.columns().iter().map(|column| {
            let (to, tone) = self.becomes(column, &flat, room);
            let sample = column.sample.first().map_or("", String::as_str);
            vec![
                bit(pad(&plain(&column.label), NAME), Tone::Text),
                bit(" → ", Tone::Dim),
                bit(pad(&to, TARGET), tone),
                bit(format!(" {}", plain(sample)), Tone::Dim),
            ]
        });
        let columns = columns.map(Row::Chosen);
        let answers = self.answers.iter().map(|(_, label, editor)| {
            let asked = format!("{} = ", pad(&plain(label), NAME));
            Row::Typed(bit(asked, Tone::Soon), editor)
        });
        columns.chain(answers).collect()
    }

    /// How the file is read, how a trial or an import went, and what Enter does next.
    fn told(&self, room: &Room, columns: usize) -> Vec<Bits> {
        let plan = self.plan.as_ref();
        let form = match plan.map(|plan| &plan.form) {
            Some(Form::History(sheet)) => {
                Some(Msg::new("import.plan_history").with("sheet", sheet.as_str()))
            }
            Some(Form::Documents) => Some(Msg::new("import.plan_documents")),
            Some(Form::Flat) => Some(Msg::new("import.plan_flat")),
            _ => None,
        };
        let form = form.map(|message| (room.say(&message), Tone::Text));
        let mut told: Vec<(String, Tone)> = form.into_iter().collect();
        let next = match &self.outcome {
            None if plan.is_none() => "office.enter_plan",
            None => "office.enter_try",
            Some((outcome, way)) => {
                told.extend(went(outcome, *way, room));
                match way {
                    Way::Try => "office.enter_keep",
                    Way::Keep => "office.enter_done",
                }
            }
        };
        told.push((room.text(next), Tone::Strong));
        let lines = |(text, tone): (String, Tone)| {
            let wrapped = wrap(&text, columns).into_iter();
            wrapped.map(move |text| vec![bit(text, tone)])
        };
        told.into_iter().flat_map(lines).collect()
    }

    fn first_rows(&self, room: &Room) -> Vec<Row<'_>> {
        let label = |key: &str| bit(format!("{}  ", pad(&room.text(key), 8)), Tone::Dim);
        let register = room.text(&format!("register.{}", self.code()));
        vec![
            Row::Typed(label("office.file"), &self.path),
            Row::Chosen(vec![
                label("office.register"),
                bit(format!("← {register} →"), Tone::Strong),
            ]),
        ]
    }
}

/// How a trial or an import went.
fn went(outcome: &Outcome, way: Way, room: &Room) -> Vec<(String, Tone)> {
    let key = match way {
        Way::Try => "office.tried",
        Way::Keep => "office.imported",
    };
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let message = Msg::new(key)
        .with("kept", count(outcome.kept))
        .with("already", count(outcome.already))
        .with("refused", count(outcome.refused));
    let clean = outcome.refused == 0 && outcome.broken.is_none();
    let tone = if clean { Tone::Good } else { Tone::Soon };
    let mut told = vec![(room.say(&message), tone)];
    if outcome.cancelled {
        told.push((room.text("office.cancelled"), Tone::Soon));
    }
    if let Some(error) = &outcome.broken {
        told.push((error.message(&room.voice), Tone::Late));
    }
    if let Some(file) = &outcome.refused_file {
        let message = Msg::new("office.refused_file").with("path", file.display().to_string());
        told.push((room.say(&message), Tone::Strong));
    }
    told.extend(outcome.reasons.iter().map(|(row, why)| {
        let message = Msg::new("cli.batch")
            .with("line", count(*row))
            .with("why", why.as_str());
        (room.say(&message), Tone::Dim)
    }));
    told
}

/// A row that the cursor can stand on.
enum Row<'a> {
    /// Something is chosen.
    Chosen(Bits),
    /// Something is typed, after what is asked.
    Typed(Bit, &'a Editor),
}

impl Row<'_> {
    /// Draws it; answers where one types, if one does. Where one could, `_` stands for the cursor.
    fn draw(&self, room: &Room, area: Rect, chosen: bool, buf: &mut Buffer) -> Option<(u16, u16)> {
        match self {
            Row::Typed(asked, editor) if chosen => {
                let asked = bit(asked.0.clone(), Tone::Strong);
                Some(prompt(room, buf, area, asked, editor, &[]))
            }
            Row::Typed(asked, editor) => {
                let sign = bit("_", Tone::Dim);
                prompt(room, buf, area, asked.clone(), editor, &[sign]);
                None
            }
            Row::Chosen(bits) if chosen => {
                selected_line(room, buf, area, 0, bits, Tone::Selected);
                None
            }
            Row::Chosen(bits) => {
                line(room, buf, area, 0, bits);
                None
            }
        }
    }
}

impl Screen for Import {
    fn context(&self) -> Context {
        Context::Import
    }

    fn title(&self, room: &Room) -> Bits {
        let register = room.text(&format!("register.{}", self.code()));
        vec![
            bit(room.text("office.import"), Tone::Strong),
            bit(format!("  {register}"), Tone::Text),
        ]
    }

    fn cover(&self) -> Cover {
        Cover::Broad
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let room = scene.room;
        let inner = inset(scene.area, 1, 1);
        let columns = usize::from(inner.width);
        let mut told = self.told(room, columns);
        let rows = match &self.plan {
            Some(plan) => self.plan_rows(plan, room),
            None => self.first_rows(room),
        };
        // What comes next is always seen; the table gives way, down to a few lines.
        let height = usize::from(inner.height);
        told.truncate(height.saturating_sub(4).max(1));
        let room_for = height.saturating_sub(told.len() + 1).max(1);
        let top = window(0, self.cursor, room_for);
        let mut cursor = None;
        for (at, row) in rows.iter().enumerate().skip(top).take(room_for) {
            let y = u16::try_from(at - top).unwrap_or(u16::MAX);
            let place = Rect::new(inner.x, inner.y.saturating_add(y), inner.width, 1);
            cursor = cursor.or(row.draw(room, place, at == self.cursor, buf));
        }
        let below = rows.len().min(room_for) + 1;
        for (row, bits) in told.iter().enumerate() {
            line(
                room,
                buf,
                inner,
                u16::try_from(below + row).unwrap_or(u16::MAX),
                bits,
            );
        }
        cursor
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        match press.cmd {
            _ if self.typed(press.event) => Taken::Yes,
            Some(cmd) => self.command(cmd, here.room, out),
            None => Taken::No,
        }
    }

    /// A path dropped on the terminal comes as a paste.
    /// The last Enter writes what was tried before.
    fn writes(&self, press: &Press) -> Writes {
        match (press.cmd, &self.outcome) {
            (Some(Cmd::Open), Some((_, Way::Try))) => Writes::Shown,
            _ => Writes::Nothing,
        }
    }

    fn paste(&mut self, text: &str, _here: &Here<'_>, _out: &mut Outbox<'_>) {
        let planned = self.plan.is_some();
        if let Some(editor) = self.editor() {
            editor.insert(text.trim().trim_matches(['\'', '"']));
            self.changed |= planned;
        }
    }

    fn ended(&mut self, ended: &Ended, here: &Here<'_>, out: &mut Outbox<'_>) -> Taken {
        match ended {
            Ended::Planned(plan) => self.take_plan(plan.0.as_ref().clone(), here.room, out),
            Ended::Imported(outcome, way) => self.outcome = Some((outcome.clone(), *way)),
            _ => return Taken::No,
        }
        Taken::Yes
    }

    fn leave(&mut self, leaving: Leaving, _room: &Room, _out: &mut Outbox<'_>) -> bool {
        leaving == Leaving::Away || !self.back()
    }
}
