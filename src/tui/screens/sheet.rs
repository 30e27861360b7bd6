//! The sheet of a running outage. In sight always: since when it is dark, where, the promised time, the generator. Below
//! stand the duties in bands: people; now, in the order of the digits that tick them off; afterwards, with their totals;
//! what is done in one line. Which duty is which is told by its description.

use super::card_lines::{CardLine, Spot, duty_name, heading, plain};
use super::columns::instant;
use super::entry::breach_name;
use super::history;
use super::large::large;
use crate::base::i18n::{Arg, Msg};
use crate::base::time::Instant;
use crate::desk::told::Told;
use crate::desk::view::RecordView;
use crate::registers::label;
use crate::registers::outage::dark;
use crate::registers::register::DutyDigit;
use crate::rules::deadline::{Deadline, DeadlineState, DutyKind, Outcome, Part};
use crate::tui::dark::expected;
use crate::tui::paint::{Bit, Bits, bit, bits_width, fit};
use crate::tui::room::Room;
use crate::tui::text::{cut, pad, width, wrap};
use crate::tui::theme::{Theme, Tone};
use crate::tui::when::{Mark, clock_span, long, mark, near, short, stopwatch};

/// Rows of the terminal from which the clock is drawn large.
const TALL: u16 = 34;
/// Columns it then takes.
const WIDE: usize = 50;
/// Columns from which duties stand two in a row.
const PAIRS: usize = 70;
/// Columns of a band's name.
const NAME: usize = 5;

/// How much of it is shown.
#[derive(Clone, Copy)]
pub struct Shape {
    /// Columns it has.
    pub columns: usize,
    /// What is done is listed, not only counted.
    pub unfolded: bool,
    /// The history follows; where there is room it stands beside.
    pub history: bool,
}

/// Where a duty stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Band {
    People,
    Now,
    Afterwards,
    Done,
}

/// Whether a record has a sheet: an outage that is not over.
pub fn applies(view: &RecordView) -> bool {
    view.register.spec().code == "outage"
        && view.record.head.closed.is_none()
        && at(view, "out_at").is_some()
}

fn at(view: &RecordView, key: &str) -> Option<Instant> {
    view.record.body.get(key).and_then(instant)
}

/// What stays in sight: the clock, and what is dark.
pub fn head(view: &RecordView, room: &Room, columns: usize) -> Vec<Bits> {
    let mut out: Vec<Bits> = clock(view, room, columns);
    let name = |key: &str| label::field(&room.voice, view.register.spec().code, key);
    let value =
        |key: &str| label::value(&room.voice, &room.rules, view.register, &view.record, key);
    let told = |key: &str| Some(value(key)).filter(|value| !value.is_empty());
    let named = |key: &str| told(key).map(|value| (format!("{} ", name(key)), value));
    let source = named("source");
    let (place, rest) = match dark(&view.record) {
        Some(dark) => {
            let partial = !value("areas_out").is_empty();
            let key = if partial { "areas_out" } else { "areas" };
            let place = (format!("{} ", name(key)), dark.place(&room.voice));
            (
                Some(place),
                vec![expected(&dark, room), dark.generator.said(&room.voice)],
            )
        }
        None => (named("areas"), Vec::new()),
    };
    let pieces = |known: Option<(String, String)>| {
        let (name, value) = known.unwrap_or_default();
        vec![bit(name, Tone::Dim), bit(format!("{value}   "), Tone::Text)]
    };
    let (mut place, mut state) = (pieces(place), pieces(source));
    state.extend(
        rest.into_iter()
            .map(|word| bit(format!("{word}   "), Tone::Soon)),
    );
    match bits_width(&place) + bits_width(&state) <= columns + 3 {
        true => {
            place.extend(state);
            out.push(place);
        }
        false => out.extend([fit(&place, columns), fit(&state, columns)]),
    }
    out
}

/// The lines below; `told` is the history in words.
pub fn lines(view: &RecordView, told: &[Told], room: &Room, shape: Shape) -> Vec<CardLine> {
    let columns = shape.columns;
    let mut out = breaches(view, room, columns);
    let of = |band: Band| {
        let all = view.deadlines.iter().enumerate();
        let mut here: Vec<(usize, &Deadline)> = all
            .filter(|(_, duty)| shown(duty) && band_of(view, duty) == band)
            .collect();
        here.sort_by_key(|(index, duty)| place(view, *index, duty, room));
        here
    };
    for (index, duty) in of(Band::People) {
        out.extend(people(view, index, duty, room, columns));
    }
    let now = of(Band::Now).into_iter().map(|(index, duty)| {
        let wide = half(columns);
        CardLine::new(cell(view, index, duty, room, wide), Some(Spot::Duty(index)))
    });
    out.extend(named(room, "sheet.now", paired(now.collect(), columns)));
    let later = of(Band::Afterwards).into_iter().map(|(index, duty)| {
        let wide = columns.saturating_sub(NAME);
        CardLine::new(cell(view, index, duty, room, wide), Some(Spot::Duty(index)))
    });
    out.extend(named(room, "sheet.afterwards", later.collect()));
    out.extend(done(view, &of(Band::Done), room, shape));
    if shape.history {
        out.extend(heading(room, "card.history"));
        out.extend(history::lines(view, told, room, columns));
    }
    out
}

fn shown(deadline: &Deadline) -> bool {
    deadline.outcome != Outcome::Void && !deadline.silent
}

fn key_of(view: &RecordView, code: &str) -> Option<&'static DutyDigit> {
    view.register
        .spec()
        .digits
        .iter()
        .find(|key| key.duty == code)
}

fn band_of(view: &RecordView, duty: &Deadline) -> Band {
    match (key_of(view, &duty.code), duty.kind) {
        _ if !duty.pending() => Band::Done,
        (Some(key), _) if key.people => Band::People,
        (Some(_), _) | (None, DutyKind::AtOnce) => Band::Now,
        (None, _) => Band::Afterwards,
    }
}

/// The order within a band: by its digit, then what is late, then by its time. What is done last stands first.
fn place(
    view: &RecordView,
    index: usize,
    duty: &Deadline,
    room: &Room,
) -> (usize, bool, i64, usize) {
    if let Some(done) = duty.done() {
        return (
            0,
            false,
            done.seconds_since(room.now).saturating_neg(),
            index,
        );
    }
    let digit = key_of(view, &duty.code).map_or(usize::MAX, |key| key.digit);
    let late = duty.state(room.now) == DeadlineState::Late;
    let due = duty.due.map_or(i64::MAX, |due| due.seconds_since(room.now));
    (digit, !late, due, index)
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
    let key = key_of(view, &view.deadlines.get(index)?.code)?;
    (line_of(view, key.duty) == Some(index)).then_some(key.digit)
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
    lines
        .map(|(bits, spot)| CardLine::new(bits, spot))
        .collect()
}

/// `停电 22:10:07   已历 00:03:41`, large where there is room for it.
fn clock(view: &RecordView, room: &Room, columns: usize) -> Vec<Bits> {
    let Some(out_at) = at(view, "out_at") else {
        return Vec::new();
    };
    let restored = at(view, "restored_at");
    let elapsed = stopwatch(restored.unwrap_or(room.now).seconds_since(out_at));
    let (word, tone, block) = match restored {
        Some(_) => ("tui.was_out", Tone::Good, Tone::BlockGood),
        None => ("tui.out_for", Tone::Late, Tone::BlockLate),
    };
    let since = format!("{} {}", room.text("field.out_at"), near(out_at, room));
    let mut told = vec![
        bit(since, Tone::Text),
        bit("   ", Tone::Text),
        bit(format!("{} {elapsed}", room.text(word)), tone),
    ];
    if let Some(restored) = restored {
        let text = format!(
            "   {} {}",
            room.text("field.restored_at"),
            near(restored, room)
        );
        told.push(bit(text, Tone::Text));
    }
    if room.size.1 < TALL || columns < WIDE {
        return vec![told];
    }
    let mut lines = vec![vec![]];
    lines.extend(large(&elapsed, block).into_iter().map(|line| line.bits));
    lines.extend([vec![], told]);
    lines
}

/// Columns of one of two duties in a row, or of the only one.
fn half(columns: usize) -> usize {
    let free = columns.saturating_sub(NAME);
    if columns < PAIRS { free } else { free / 2 }
}

/// Lines two in a row, where there is room for two.
fn paired(lines: Vec<CardLine>, columns: usize) -> Vec<CardLine> {
    if columns < PAIRS {
        return lines;
    }
    let mut out = Vec::new();
    let mut lines = lines.into_iter();
    while let Some(left) = lines.next() {
        let beside = lines.next().map(Box::new);
        out.push(CardLine { beside, ..left });
    }
    out
}

/// The lines of a band, its name before the first.
fn named(room: &Room, key: &str, lines: Vec<CardLine>) -> Vec<CardLine> {
    let names = std::iter::once(room.text(key)).chain(std::iter::repeat(String::new()));
    let lines = lines.into_iter().zip(names);
    let before = |(line, name): (CardLine, String)| {
        let mut bits = vec![bit(pad(&name, NAME), Tone::Strong)];
        bits.extend(line.bits);
        CardLine { bits, ..line }
    };
    lines.map(before).collect()
}

/// `5 ○ 备用发电机 0:03:41`: digit, how it stands, what, how much of it, and its time at the right.
fn cell(view: &RecordView, index: usize, duty: &Deadline, room: &Room, wide: usize) -> Bits {
    let mark = mark(duty, room);
    let tone = Theme::mark(mark);
    let digit = digit_of(view, index).map_or_else(String::new, |digit| digit.to_string());
    let time = match mark {
        Mark::AtOnce | Mark::AtOnceLong => clock_span(room.now.seconds_since(duty.from)),
        _ => short(duty, room),
    };
    let total = total(duty).map_or_else(String::new, |(done, all)| format!(" {done}/{all}"));
    let follows = duty.tick.is_none().then(|| room.text("tui.follows"));
    let follows = follows.map_or_else(String::new, |word| format!(" {word}"));
    let kept = 4 + width(&total) + 1 + width(&time) + 2;
    let name = duty_name(view, duty, room) + &follows;
    let name = cut(&name, wide.saturating_sub(kept));
    let gap = wide.saturating_sub(kept + width(&name)) + 1;
    vec![
        bit(format!("{digit:>1} "), Tone::Key),
        bit(format!("{} ", mark.symbol()), tone),
        bit(name, Tone::Text),
        bit(total, Tone::Strong),
        bit(" ".repeat(gap), Tone::Text),
        bit(format!("{time}  "), tone),
    ]
}

/// How much is done of what consists of several things.
fn total(duty: &Deadline) -> Option<(usize, usize)> {
    let done = duty.parts.iter().filter(|part| part.done.is_some());
    (duty.parts.len() > 1).then(|| (done.count(), duty.parts.len()))
}

/// Who may be held: the duty, and each of its parts with its answer; how long somebody is held runs.
fn people(
    view: &RecordView,
    index: usize,
    duty: &Deadline,
    room: &Room,
    columns: usize,
) -> Vec<CardLine> {
    let wide = columns.saturating_sub(NAME);
    let whole = CardLine::new(cell(view, index, duty, room, wide), Some(Spot::Duty(index)));
    let mut lines = vec![whole];
    if duty.parts.len() > 1 {
        let parts = duty.parts.iter().enumerate().map(|(at, part)| {
            let spot = part.done.is_none().then_some(Spot::Part(index, at));
            CardLine::new(answer(part, room, half(columns)), spot)
        });
        lines.extend(paired(parts.collect(), columns));
    }
    named(room, "sheet.people", lines)
}

/// `  ✓ 1号梯 09:44`; somebody held since: `  ■ 2号梯 困 3 人 00:04:12`.
fn answer(part: &Part, room: &Room, wide: usize) -> Bits {
    let held = part.name.args.iter().find_map(|(name, arg)| match arg {
        Arg::At(since) if name == "since" => Some(*since),
        _ => None,
    });
    let (sign, tone, time): (&str, Tone, String) = match (part.done, held) {
        (Some(at), _) => ("✓", Tone::Good, near(at, room)),
        (None, Some(since)) => ("■", Tone::Late, stopwatch(room.now.seconds_since(since))),
        (None, None) => ("○", Tone::AtOnce, String::new()),
    };
    let name = cut(&room.say(&part.name), wide.saturating_sub(width(&time) + 7));
    let text =
        |text: String| -> Bit { bit(text, if part.done.is_some() { Tone::Dim } else { tone }) };
    let used = 4 + width(&name) + 1 + width(&time);
    vec![
        bit(format!("  {sign} "), tone),
        text(format!("{name} {time}")),
        bit(" ".repeat(wide.saturating_sub(used)), Tone::Text),
    ]
}

/// What is done: how much, and as many as fit, the last one first; or all of it, one a line.
fn done(
    view: &RecordView,
    settled: &[(usize, &Deadline)],
    room: &Room,
    shape: Shape,
) -> Vec<CardLine> {
    if settled.is_empty() {
        return Vec::new();
    }
    let word = |index: usize, duty: &Deadline| {
        let digit = digit_of(view, index).map_or_else(String::new, |digit| format!("{digit} "));
        format!(
            "{digit}{} {}",
            mark(duty, room).symbol(),
            duty_name(view, duty, room)
        )
    };
    let count = room.say(&Msg::new("sheet.done").with("n", settled.len()));
    if !shape.unfolded {
        let key = bit(format!("  {}", room.text("sheet.unfold")), Tone::Key);
        let words = settled.iter().map(|(index, duty)| word(*index, duty));
        let words: Vec<String> = std::iter::once(count).chain(words).collect();
        let told = vec![bit(words.join("  "), Tone::Dim)];
        let mut bits = fit(&told, shape.columns.saturating_sub(width(&key.0)));
        bits.push(key);
        return vec![plain(bits)];
    }
    let mut lines = vec![plain(vec![bit(count, Tone::Strong)])];
    lines.extend(settled.iter().map(|(index, duty)| {
        let text = format!("     {}  {}", word(*index, duty), long(duty, room));
        let bits = vec![bit(cut(&text, shape.columns), Tone::Dim)];
        CardLine::new(bits, Some(Spot::Duty(*index)))
    }));
    lines
}
