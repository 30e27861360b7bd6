//! The sheet of a running outage: the time since power went, and the duties in the order of the procedure, each with
//! a digit that ticks it off.

use super::card_lines::{CardLine, Spot, duty_name, heading, plain};
use super::columns::instant;
use super::entry::breach_name;
use super::history;
use crate::base::i18n::Msg;
use crate::base::time::Instant;
use crate::desk::told::Told;
use crate::desk::view::RecordView;
use crate::registers::label;
use crate::rules::deadline::{Deadline, Outcome};
use crate::tui::paint::{Bits, bit, bits_width};
use crate::tui::room::Room;
use crate::tui::text::{cut, pad, width, wrap};
use crate::tui::theme::{Theme, Tone};
use crate::tui::when::{Mark, long, mark, near, stopwatch};

/// Rows of the terminal from which the clock is drawn large.
const TALL: u16 = 34;
/// Columns it then takes.
const WIDE: usize = 50;

/// Whether a record has a sheet: an outage that is not over.
pub fn applies(view: &RecordView) -> bool {
    view.register.spec().code == "outage"
        && view.record.head.closed.is_none()
        && at(view, "out_at").is_some()
}

fn at(view: &RecordView, key: &str) -> Option<Instant> {
    view.record.body.get(key).and_then(instant)
}

/// The lines of the sheet; `told` is the history in words.
pub fn lines(view: &RecordView, told: &[Told], room: &Room, columns: usize) -> Vec<CardLine> {
    let mut out = clock(view, room, columns);
    out.push(plain(place(view, room)));
    out.extend(breaches(view, room, columns));
    out.push(plain(vec![]));
    let names: Vec<String> = view
        .deadlines
        .iter()
        .map(|d| duty_name(view, d, room))
        .collect();
    let name_width = names
        .iter()
        .map(|name| width(name))
        .max()
        .unwrap_or(8)
        .clamp(8, (columns / 2).max(24));
    for (index, deadline) in view.deadlines.iter().enumerate().filter(|(_, d)| shown(d)) {
        let digit = digit_of(view, index);
        let bits = duty(deadline, &names[index], digit, name_width, columns, room);
        out.push(CardLine {
            bits,
            spot: Some(Spot::Duty(index)),
        });
        out.extend(parts(deadline, index, room, columns));
    }
    out.extend(heading(room, "card.history"));
    out.extend(history::lines(view, told, room, columns));
    out
}

fn shown(deadline: &Deadline) -> bool {
    deadline.outcome != Outcome::Void && !deadline.silent
}

/// Which line a duty's digit stands at: of several of one code the first that is owed, else the first.
pub fn line_of(view: &RecordView, code: &str) -> Option<usize> {
    let first = |wanted: &dyn Fn(&Deadline) -> bool| {
        let mut all = view.deadlines.iter();
        all.position(|d| d.code == code && shown(d) && wanted(d))
    };
    first(&Deadline::pending).or_else(|| first(&|_| true))
}

/// The digit of the line at `index`.
fn digit_of(view: &RecordView, index: usize) -> Option<usize> {
    let mut digits = view.register.spec().digits.iter();
    let here = digits.find(|key| line_of(view, key.duty) == Some(index));
    here.map(|key| key.digit)
}

/// How many breaches there are, the first one without a reason, and the key that leads to them. Those that wait for their reason
/// can be chosen: the line stands above the first duty.
fn breaches(view: &RecordView, room: &Room, columns: usize) -> Vec<CardLine> {
    let all = &view.record.head.breaches;
    let silent = all.iter().filter(|breach| breach.reason.is_empty()).count();
    let first = all.iter().position(|breach| breach.reason.is_empty());
    let (sign, key, hint, tone) = match first {
        Some(_) => (
            "‼",
            "tui.sheet_breaches_open",
            "tui.sheet_breaches_key",
            Tone::Late,
        ),
        None => (
            "×",
            "tui.sheet_breaches",
            "tui.sheet_breaches_card",
            Tone::Soon,
        ),
    };
    let Some(breach) = all.get(first.unwrap_or(0)) else {
        return Vec::new();
    };
    let told = Msg::new(key)
        .with("n", all.len())
        .with("open", silent)
        .with("first", breach_name(view, breach, room));
    let text = format!("{sign} {} {}", room.say(&told), breach.reason);
    let mut lines: Vec<Bits> = wrap(&text, columns)
        .into_iter()
        .map(|text| vec![bit(text, tone)])
        .collect();
    let hint = bit(format!("  {}", room.text(hint)), Tone::Dim);
    match lines.last_mut() {
        Some(last) if bits_width(last) + width(&hint.0) <= columns => last.push(hint),
        _ => lines.push(vec![hint]),
    }
    let spot = first.map(Spot::Breach);
    let spots = std::iter::once(spot).chain(std::iter::repeat(None));
    let lines = lines.into_iter().zip(spots);
    lines.map(|(bits, spot)| CardLine { bits, spot }).collect()
}

/// `停电 22:10:07   已历 00:03:41`, large where there is room for it.
fn clock(view: &RecordView, room: &Room, columns: usize) -> Vec<CardLine> {
    let Some(out_at) = at(view, "out_at") else {
        return Vec::new();
    };
    let restored = at(view, "restored_at");
    let elapsed = stopwatch(restored.unwrap_or(room.now).seconds_since(out_at));
    let tone = if restored.is_some() {
        Tone::Good
    } else {
        Tone::Late
    };
    let word = room.text(if restored.is_some() {
        "tui.was_out"
    } else {
        "tui.out_for"
    });
    let since = format!("{} {}", room.text("field.out_at"), near(out_at, room));
    let told = plain(vec![
        bit(since, Tone::Text),
        bit("   ", Tone::Text),
        bit(format!("{word} {elapsed}"), tone),
    ]);
    if room.size.1 < TALL || columns < WIDE {
        return vec![told];
    }
    let mut lines = vec![plain(vec![])];
    lines.extend(large(
        &elapsed,
        if restored.is_some() {
            Tone::BlockGood
        } else {
            Tone::BlockLate
        },
    ));
    lines.extend([plain(vec![]), told]);
    lines
}

fn place(view: &RecordView, room: &Room) -> Bits {
    let words = ["areas", "source"].map(|key| {
        let value = label::value(&room.voice, &room.rules, view.register, &view.record, key);
        (label::field(&room.voice, "outage", key), value)
    });
    let mut bits = Vec::new();
    for (name, value) in words.into_iter().filter(|(_, value)| !value.is_empty()) {
        bits.extend([
            bit(format!("{name} "), Tone::Dim),
            bit(format!("{value}   "), Tone::Text),
        ]);
    }
    if let Some(expected) =
        at(view, "expected_restore").filter(|_| at(view, "restored_at").is_none())
    {
        let text = format!(
            "{} {}",
            label::field(&room.voice, "outage", "expected_restore"),
            near(expected, room)
        );
        bits.push(bit(text, Tone::Soon));
    }
    bits
}

fn duty(
    deadline: &Deadline,
    name: &str,
    digit: Option<usize>,
    name_width: usize,
    columns: usize,
    room: &Room,
) -> Bits {
    let mark = mark(deadline, room);
    let tone = Theme::mark(mark);
    let digit = digit.map_or_else(String::new, |digit| digit.to_string());
    let settled = matches!(mark, Mark::Done | Mark::DoneLate | Mark::Na);
    let mut bits = vec![
        bit(
            format!("{digit:>2} "),
            if settled || deadline.tick.is_none() {
                Tone::Dim
            } else {
                Tone::Key
            },
        ),
        bit(format!("{} ", mark.symbol()), tone),
        bit(
            pad(name, name_width),
            if settled { Tone::Dim } else { Tone::Text },
        ),
        bit(
            cut(
                &format!(" {}", long(deadline, room)),
                columns.saturating_sub(name_width + 5),
            ),
            if settled { Tone::Dim } else { tone },
        ),
    ];
    if !settled && deadline.tick.is_none() {
        bits.push(bit(format!("  {}", room.text("tui.follows")), Tone::Dim));
    }
    bits
}

/// The pieces of a duty on as few lines as they need; the open ones can be chosen one by one.
fn parts(deadline: &Deadline, index: usize, room: &Room, columns: usize) -> Vec<CardLine> {
    if !deadline.pending() || deadline.parts.len() < 2 {
        return Vec::new();
    }
    let done = deadline
        .parts
        .iter()
        .filter(|part| part.done.is_some())
        .count();
    let mut out = Vec::new();
    if done > 0 || deadline.parts.len() > 8 {
        let text = Msg::new("tui.parts_done")
            .with("done", done)
            .with("all", deadline.parts.len());
        out.push(plain(vec![bit(
            format!("       {}", room.say(&text)),
            Tone::Dim,
        )]));
    }
    let open = deadline
        .parts
        .iter()
        .enumerate()
        .filter(|(_, part)| part.done.is_none());
    for (at, part) in open.take(8) {
        let name = pad(&room.say(&part.name), columns.saturating_sub(9).min(30));
        out.push(CardLine {
            bits: vec![bit("       ○ ", Tone::AtOnce), bit(name, Tone::Text)],
            spot: Some(Spot::Part(index, at)),
        });
    }
    out
}

/// Digits five rows high, drawn by the ground of blank cells: no letter of a font can be too wide or missing.
fn large(text: &str, tone: Tone) -> Vec<CardLine> {
    let row = |row: usize| {
        let mut bits = vec![bit(" ", Tone::Text)];
        for c in text.chars() {
            for pixel in shape(c)[row].chars() {
                bits.push(bit("  ", if pixel == '#' { tone } else { Tone::Text }));
            }
            bits.push(bit(" ", Tone::Text));
        }
        plain(bits)
    };
    (0..5).map(row).collect()
}

const fn shape(c: char) -> [&'static str; 5] {
    match c {
        '0' => ["###", "# #", "# #", "# #", "###"],
        '1' => [" # ", "## ", " # ", " # ", "###"],
        '2' => ["###", "  #", "###", "#  ", "###"],
        '3' => ["###", "  #", "###", "  #", "###"],
        '4' => ["# #", "# #", "###", "  #", "  #"],
        '5' => ["###", "#  ", "###", "  #", "###"],
        '6' => ["###", "#  ", "###", "# #", "###"],
        '7' => ["###", "  #", "  #", "  #", "  #"],
        '8' => ["###", "# #", "###", "# #", "###"],
        '9' => ["###", "# #", "###", "  #", "###"],
        _ => [" ", "#", " ", "#", " "],
    }
}
