//! How choices and facts look: all of them where the cursor is, else what was chosen.

use super::input::{Fact, fact_label};
use crate::tui::paint::{Bits, bit, bits_width};
use crate::tui::room::Room;
use crate::tui::text::{cut, width, wrap};
use crate::tui::theme::Tone;

/// All choices where the cursor is; else the chosen one.
pub(super) fn pick_lines(
    options: &[(String, String)],
    at: Option<usize>,
    focused: bool,
    columns: usize,
) -> (Vec<Bits>, Option<(usize, usize)>) {
    if !focused {
        let label = at
            .and_then(|at| options.get(at))
            .map_or("", |(_, label)| label.as_str());
        return (vec![vec![bit(label, Tone::Text)]], None);
    }
    let mut lines: Vec<Bits> = vec![Vec::new()];
    let mut cursor = (0, 0);
    for (index, (_, label)) in options.iter().enumerate() {
        let digit = if index < 9 {
            (index + 1).to_string()
        } else {
            String::new()
        };
        let chosen = at == Some(index);
        let text = if chosen {
            format!("[{digit}{label}]")
        } else {
            format!(" {digit}{label} ")
        };
        let used = lines.last().map_or(0, |line| bits_width(line));
        if used > 0 && used + width(&text) > columns {
            lines.push(Vec::new());
        }
        let row = lines.len() - 1;
        if let Some(last) = lines.last_mut() {
            if chosen {
                cursor = (bits_width(last) + 1, row);
            }
            last.push(bit(text, if chosen { Tone::Strong } else { Tone::Text }));
        }
    }
    (lines, Some(cursor))
}

/// All facts where the cursor is; else those that hold.
pub(super) fn fact_lines(
    facts: &[Fact],
    at: usize,
    focused: bool,
    columns: usize,
    room: &Room,
) -> (Vec<Bits>, Option<(usize, usize)>) {
    let holds = |fact: &Fact| fact.holds || fact.count.is_some_and(|n| n > 0);
    if !focused {
        let names: Vec<String> = facts
            .iter()
            .filter(|fact| holds(fact))
            .map(|fact| fact_label(fact, room))
            .collect();
        let text = if names.is_empty() {
            room.text("tui.no_fact")
        } else {
            names.join(&room.text("punct.list"))
        };
        let tone = if names.is_empty() {
            Tone::Dim
        } else {
            Tone::Text
        };
        return (
            wrap(&text, columns)
                .into_iter()
                .map(|text| vec![bit(text, tone)])
                .collect(),
            None,
        );
    }
    let text = |fact: &Fact| match fact.count {
        Some(n) => format!("[{n}]{}", fact_label(fact, room)),
        None => format!(
            "[{}]{}",
            if fact.holds { "x" } else { " " },
            fact_label(fact, room)
        ),
    };
    let mut lines: Vec<Bits> = vec![Vec::new()];
    let mut cursor = (0, 0);
    for (index, fact) in facts.iter().enumerate() {
        let text = format!("{} ", text(fact));
        let used = lines.last().map_or(0, |line| bits_width(line));
        if used > 0 && used + width(&text) > columns {
            lines.push(Vec::new());
        }
        let row = lines.len() - 1;
        if let Some(last) = lines.last_mut() {
            if index == at {
                cursor = (bits_width(last) + 1, row);
            }
            let tone = match (index == at, holds(fact)) {
                (true, _) => Tone::Selected,
                (false, true) => Tone::Strong,
                (false, false) => Tone::Text,
            };
            last.push(bit(cut(&text, columns), tone));
        }
    }
    (lines, Some(cursor))
}
