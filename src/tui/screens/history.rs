//! The history 经过 of a card in lines: what happened, in the order in which it happened; what was put right, what was
//! struck.

use super::card_lines::{CardLine, Spot, plain};
use crate::desk::told::{Teller, Told};
use crate::desk::view::{HistoryItem, RecordView};
use crate::tui::paint::{Bits, bit};
use crate::tui::room::Room;
use crate::tui::text::{pad, wrap};
use crate::tui::theme::Tone;
use crate::tui::when::{dated, near};

/// Columns for the time.
const TIME: usize = 12;

/// Runs `work` with what puts entries into words here.
pub(super) fn telling<T>(room: &Room, work: impl FnOnce(&Teller<'_>) -> T) -> T {
    work(&Teller {
        voice: &room.voice,
        rules: &room.rules,
        at: &|at| dated(at, room),
        paper: &|name| room.paper(name),
    })
}

/// The lines; the first of each entry can be chosen.
pub(super) fn lines(
    view: &RecordView,
    told: &[Told],
    room: &Room,
    columns: usize,
) -> Vec<CardLine> {
    let mut out = Vec::new();
    for (item, told) in view.history.iter().zip(told) {
        let spot = Some(Spot::Entry(item.seq));
        out.push(CardLine::new(head(item, told, room), spot));
        let said = told.said.iter().map(|text| match told.struck {
            Some(_) => (text, Tone::Struck),
            None => (text, Tone::Dim),
        });
        let below = told.was.iter().map(|text| (text, Tone::Dim));
        let struck = told.struck.iter().map(|text| (text, Tone::Soon));
        for (text, tone) in said.chain(below).chain(struck) {
            let shown = wrap(text, columns.saturating_sub(TIME));
            out.extend(
                shown
                    .into_iter()
                    .map(|text| plain(vec![bit(" ".repeat(TIME), Tone::Text), bit(text, tone)])),
            );
        }
    }
    out
}

/// `09:02       到场  王技工 (补记) (已更正) (误录作废)  #5`.
fn head(item: &HistoryItem, told: &Told, room: &Room) -> Bits {
    let entry = item.stands();
    let stands = |tone: Tone| match told.struck {
        Some(_) => Tone::Struck,
        None => tone,
    };
    let mut bits = vec![
        bit(pad(&near(entry.at, room), TIME), Tone::Dim),
        bit(told.action.clone(), stands(Tone::Text)),
        bit("  ", Tone::Text),
        bit(entry.by.clone(), stands(Tone::Dim)),
    ];
    // Struck too in words: not every terminal strikes text out.
    let marks = told.marks.iter();
    bits.extend(marks.map(|mark| bit(format!(" ({mark})"), Tone::Soon)));
    bits.push(bit(format!("  #{}", item.seq), Tone::Dim));
    bits
}
