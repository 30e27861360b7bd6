//! Why a time, a class or a refusal is what it is: the days counted, the clause's words, where it is set.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::base::clause::Clause;
use crate::base::i18n::{Lang, Msg};
use crate::base::refusal::Refusal;
use crate::desk::view::RecordView;
use crate::registers::dynamic::AnyRegister;
use crate::registers::label;
use crate::rules::deadline::Deadline;
use crate::rules::procedure::Procedure;
use crate::tui::keymap::{Cmd, Context};
use crate::tui::outbox::Outbox;
use crate::tui::paint::{Bits, bit, inset, scrolled};
use crate::tui::room::Room;
use crate::tui::screen::{Here, Press, Scene, Screen, Taken};
use crate::tui::text::wrap;
use crate::tui::theme::{Theme, Tone};
use crate::tui::when::{mark, short, short_no};

/// An explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explain {
    title: String,
    /// Paragraphs with their tone; wrapped when drawn.
    said: Vec<(String, Tone)>,
    top: usize,
}

impl Explain {
    /// Of paragraphs that are there already.
    pub const fn text(title: String, said: Vec<(String, Tone)>) -> Self {
        Self {
            title,
            said,
            top: 0,
        }
    }

    /// Of a duty's time.
    pub fn duty(register: &dyn AnyRegister, no: &str, deadline: &Deadline, room: &Room) -> Self {
        let voice = &room.voice;
        let name = label::duty(voice, register.spec().code, &deadline.code);
        let mark = mark(deadline, room);
        let mut said = vec![(
            format!("{} {}", mark.symbol(), short(deadline, room)),
            Theme::mark(mark),
        )];
        if let Some(due) = deadline.due {
            said.push((
                format!("{} {}", voice.text("due.due"), voice.at(due)),
                Tone::Strong,
            ));
        }
        if let (Some(promised), Some(rule)) = (deadline.promised, deadline.rule_due) {
            let text = Msg::new("tui.promise_and_rule")
                .with("promised", promised)
                .with("rule", rule);
            said.push((voice.say(&text), Tone::Text));
        }
        if deadline.provisional {
            said.push((voice.text("tui.provisional_why"), Tone::Soon));
        }
        if deadline.impossible {
            said.push((voice.text("tui.impossible"), Tone::Soon));
        }
        if !deadline.who.is_empty() {
            let who = label::role(voice, &room.rules, &deadline.who);
            said.push((
                voice.say(&Msg::new("tui.who_owes").with("who", who)),
                Tone::Text,
            ));
        }
        said.push((String::new(), Tone::Text));
        said.extend(
            deadline
                .trace
                .iter()
                .map(|line| (voice.say(line), Tone::Text)),
        );
        clause(&deadline.clause, room, &mut said);
        let set_in = room.rules.procedures().find(|p| {
            p.duties
                .iter()
                .any(|duty| *duty.code.get_ref() == deadline.code && duty.clause == deadline.clause)
        });
        set(set_in, room, &mut said);
        Self {
            title: format!("{} {name}", short_no(no, room)),
            said,
            top: 0,
        }
    }

    /// Of a record's class, from what the rules make of its facts.
    pub fn class(view: &RecordView, room: &Room) -> Option<Self> {
        let class = view.record.head.class.as_ref()?;
        let proposal = view.record.body.get("proposal");
        let found = proposal.and_then(|proposal| proposal.get("reasons"));
        let mut said = vec![
            (room.text(&format!("class.{class}")), Tone::Strong),
            (String::new(), Tone::Text),
        ];
        said.extend(reasons(found, room));
        let name = view
            .record
            .body
            .get("procedure")
            .and_then(serde_json::Value::as_str);
        set(name.map(|name| room.rules.procedure(name)), room, &mut said);
        Some(Self {
            title: format!(
                "{} {}",
                short_no(&view.record.head.no, room),
                room.text("field.class")
            ),
            said,
            top: 0,
        })
    }

    /// Of a refusal.
    pub fn refusal(refusal: &Refusal, room: &Room) -> Self {
        let mut said = vec![(room.say(&refusal.message), Tone::Late)];
        if let Some(id) = &refusal.clause {
            clause(id, room, &mut said);
        }
        Self {
            title: room.text("tui.refused"),
            said,
            top: 0,
        }
    }

    /// Of what a form would lead to.
    pub fn preview(
        preview: &crate::desk::view::Preview,
        register: &dyn AnyRegister,
        room: &Room,
    ) -> Self {
        let voice = &room.voice;
        let mut said = Vec::new();
        if let Some(refusal) = &preview.refusal {
            said.extend(Self::refusal(refusal, room).said);
            said.push((String::new(), Tone::Text));
        }
        if let Some(class) = &preview.class {
            said.push((room.text(&format!("class.{class}")), Tone::Strong));
            said.extend(reasons(preview.found.get("reasons"), room));
            said.push((String::new(), Tone::Text));
        }
        for deadline in preview.deadlines.iter().filter(|d| d.pending()) {
            let name = label::duty(voice, register.spec().code, &deadline.code);
            said.push((format!("{name}  {}", short(deadline, room)), Tone::Strong));
            said.extend(
                deadline
                    .trace
                    .iter()
                    .map(|line| (voice.say(line), Tone::Text)),
            );
            clause(&deadline.clause, room, &mut said);
            said.push((String::new(), Tone::Text));
        }
        Self {
            title: voice.text("tui.why"),
            said,
            top: 0,
        }
    }

    /// Of these paragraphs.
    pub(super) fn told(title: String, said: Vec<(String, Tone)>) -> Self {
        Self {
            title,
            said,
            top: 0,
        }
    }

    fn lines(&self, columns: usize) -> Vec<Bits> {
        self.said
            .iter()
            .flat_map(|(text, tone)| {
                wrap(text, columns)
                    .into_iter()
                    .map(|text| vec![bit(text, *tone)])
            })
            .collect()
    }

    /// Scrolls; answers whether the command was one of its own.
    fn scroll(&mut self, cmd: Cmd, area: Rect) -> bool {
        let rows = usize::from(area.height);
        let most = self
            .lines(usize::from(area.width).saturating_sub(2))
            .len()
            .saturating_sub(rows);
        self.top = match cmd {
            Cmd::Up => self.top.saturating_sub(1),
            Cmd::Down => self.top + 1,
            Cmd::PageUp => self.top.saturating_sub(rows.saturating_sub(1)),
            Cmd::PageDown => self.top + rows.saturating_sub(1),
            Cmd::First => 0,
            Cmd::Last => most,
            _ => return false,
        }
        .min(most);
        true
    }
}

impl Screen for Explain {
    fn context(&self) -> Context {
        Context::Explain
    }

    fn title(&self, _room: &Room) -> Bits {
        vec![bit(self.title.clone(), Tone::Strong)]
    }

    fn draw(&self, scene: &Scene<'_>, buf: &mut Buffer) -> Option<(u16, u16)> {
        let inner = inset(scene.area, 1, 1);
        let lines = self.lines(usize::from(inner.width));
        scrolled(scene.room, buf, inner, &lines, self.top);
        None
    }

    fn key(&mut self, press: &Press, here: &Here<'_>, _out: &mut Outbox<'_>) -> Taken {
        match press.cmd {
            Some(Cmd::Open) => Taken::Closes,
            Some(cmd) if self.scroll(cmd, here.area) => Taken::Yes,
            _ => Taken::No,
        }
    }

    fn leads_on(&self) -> bool {
        true
    }
}

/// The clause and its words.
fn clause(id: &Clause, room: &Room, said: &mut Vec<(String, Tone)>) {
    if id.0.is_empty() {
        return;
    }
    said.push((String::new(), Tone::Text));
    said.push((
        room.say(&Msg::new("tui.clause_is").with("clause", room.clause(id))),
        Tone::Dim,
    ));
    if let Some(text) = room.rules.clause_text(id) {
        said.push((format!("“{text}”"), Tone::Text));
    }
}

/// Which file sets it.
fn set(procedure: Option<&Procedure>, room: &Room, said: &mut Vec<(String, Tone)>) {
    if let Some(p) = procedure {
        let title = if room.voice.lang == Lang::Zh {
            &p.title
        } else {
            &p.title_en
        };
        let text = Msg::new("tui.set_in")
            .with("title", title.as_str())
            .with("file", p.name.as_str())
            .with("version", p.version.as_str());
        said.push((String::new(), Tone::Text));
        said.push((room.say(&text), Tone::Dim));
    }
}

/// The facts that decided a class, with their clauses.
pub fn reasons(found: Option<&serde_json::Value>, room: &Room) -> Vec<(String, Tone)> {
    let list = found
        .and_then(serde_json::Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut said = Vec::new();
    for reason in list {
        let id = reason
            .get("clause")
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        let fact = reason.get("fact").and_then(serde_json::Value::as_str);
        let fact = fact.map_or_else(
            || room.text("tui.otherwise"),
            |fact| room.text(&format!("fact.{fact}")),
        );
        said.push((format!("{} {fact}", id.trim_start_matches('S')), Tone::Text));
        if let Some(text) = room.rules.clause_text(&Clause::from(id)) {
            said.push((format!("“{text}”"), Tone::Dim));
        }
    }
    said
}
