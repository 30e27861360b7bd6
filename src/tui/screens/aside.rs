//! What stands beside the sheet of a running outage where there is room for it: whom to call, what to say and to send as
//! it will be printed, what happened.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::history;
use crate::desk::Error;
use crate::desk::papers::Printed;
use crate::desk::told::Told;
use crate::desk::view::RecordView;
use crate::documents::facts::voice;
use crate::press::filing::preview;
use crate::registers::DutyPaper;
use crate::tui::message::{Asker, Got, Part, Sought, Want};
use crate::tui::outbox::Outbox;
use crate::tui::paint::{Bits, bit, line};
use crate::tui::room::Room;
use crate::tui::text::wrap;
use crate::tui::theme::Tone;

/// Rows that are left for what happened, whatever there is to say.
const HISTORY: usize = 8;

/// A paper, or why there is none yet.
#[derive(Clone)]
struct Paper {
    of: &'static DutyPaper,
    seq: u64,
    drawn: Option<Result<Box<Printed>, String>>,
}

/// The papers whose words are said or sent.
#[derive(Clone, Default)]
pub struct Aside(Vec<Paper>);

impl Aside {
    /// Asks for the papers of a record as it stands now.
    pub fn ask(&mut self, view: &RecordView, asker: Asker, out: &mut Outbox<'_>) {
        let known = std::mem::take(&mut self.0);
        let papers = view.register.spec().spoken.iter().enumerate();
        self.0 = papers
            .map(|(at, of)| {
                let sought = Sought {
                    no: view.record.head.no.clone(),
                    document: of.paper.to_owned(),
                    item: None,
                };
                let seq = out.ask(asker.part(Part::Paper(at)), Want::Draw(sought));
                // What stood there stays until the answer comes.
                let drawn = known.get(at).and_then(|known| known.drawn.clone());
                Paper { of, seq, drawn }
            })
            .collect();
    }

    /// Takes an answer, if it is to one of its questions.
    pub fn take(&mut self, seq: u64, got: Result<&Got, &Error>, room: &Room) -> bool {
        let Some(paper) = self.0.iter_mut().find(|paper| paper.seq == seq) else {
            return false;
        };
        match got {
            Ok(Got::Drawn(_, printed)) => paper.drawn = Some(Ok(printed.clone())),
            Ok(_) => {}
            Err(error) => paper.drawn = Some(Err(error.message(&room.voice))),
        }
        true
    }

    /// Draws it; the paper for the duty under the cursor comes first.
    pub fn draw(
        &self,
        view: &RecordView,
        told: &[Told],
        duty: Option<&str>,
        (room, area): (&Room, Rect),
        buf: &mut Buffer,
    ) {
        let columns = usize::from(area.width);
        let rows = usize::from(area.height);
        let mut out = calls(view, room, columns);
        let most = rows.saturating_sub(HISTORY);
        let wanted = |paper: &&Paper| duty.is_some_and(|duty| paper.of.duties.contains(&duty));
        let first = self.0.iter().filter(wanted);
        for paper in first.chain(self.0.iter().filter(|paper| !wanted(paper))) {
            let left = most.saturating_sub(out.len());
            let said = paper.lines(room, columns);
            if left < 4 {
                break;
            }
            let more = said.len() > left;
            out.extend(said.into_iter().take(if more { left - 1 } else { left }));
            if more {
                out.push(vec![bit(room.text("sheet.more_f7"), Tone::Dim)]);
            }
        }
        out.push(vec![bit(room.text("card.history"), Tone::Strong)]);
        let happened = history::lines(view, told, room, columns);
        let left = rows.saturating_sub(out.len());
        let skipped = happened.len().saturating_sub(left);
        out.extend(happened.into_iter().skip(skipped).map(|line| line.bits));
        for (row, bits) in (0..area.height).zip(&out) {
            line(room, buf, area, row, bits);
        }
    }
}

impl Paper {
    fn lines(&self, room: &Room, columns: usize) -> Vec<Bits> {
        let mut out = vec![vec![bit(room.paper(self.of.paper), Tone::Strong)]];
        match &self.drawn {
            Some(Ok(printed)) => {
                let drawn = preview(printed, &voice(&room.rules), columns);
                let drawn = drawn.into_iter().filter(|text| !text.trim().is_empty());
                out.extend(drawn.map(|text| vec![bit(text, Tone::Text)]));
            }
            Some(Err(why)) => {
                let why = wrap(why, columns).into_iter();
                out.extend(why.map(|text| vec![bit(text, Tone::Dim)]));
            }
            None => {}
        }
        out.push(Vec::new());
        out
    }
}

/// Whom to call.
fn calls(view: &RecordView, room: &Room, columns: usize) -> Vec<Bits> {
    let rules = room.rules.procedure(view.register.spec().code);
    let phones = rules.word("phones");
    if phones.is_empty() {
        return Vec::new();
    }
    let text = format!("{} {phones}", room.text("sheet.phones"));
    let told = wrap(&text, columns).into_iter();
    let mut out: Vec<Bits> = told.map(|text| vec![bit(text, Tone::Text)]).collect();
    out.push(Vec::new());
    out
}
