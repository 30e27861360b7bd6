//! Drawing that all screens share: lines of toned text, rules, tables.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::edit::Editor;
use super::room::Room;
use super::text::{cut, pad, pad_left, plain, width};
use super::theme::Tone;

/// A piece of text with its tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bit(pub String, pub Tone);

/// A line in pieces.
pub type Bits = Vec<Bit>;

/// A piece.
pub fn bit(text: impl Into<String>, tone: Tone) -> Bit {
    Bit(text.into(), tone)
}

/// Columns of a line.
pub fn bits_width(bits: &[Bit]) -> usize {
    bits.iter().map(|Bit(text, _)| width(text)).sum()
}

/// Draws a line at the top of `area`; nothing leaves it, nothing is cut unmarked, and no wide character is halved.
pub fn line(room: &Room, buf: &mut Buffer, area: Rect, row: u16, bits: &[Bit]) {
    if row >= area.height {
        return;
    }
    // What does not fit ends in `…`; blanks at the end are no loss.
    let columns = usize::from(area.width);
    let text: String = bits.iter().map(|Bit(text, _)| plain(text)).collect();
    let fitted;
    let bits = if width(text.trim_end()) > columns {
        fitted = fit(bits, columns);
        &fitted
    } else {
        bits
    };
    let spans: Vec<Span<'_>> = bits
        .iter()
        .map(|Bit(text, tone)| Span::styled(plain(text), room.style(*tone)))
        .collect();
    buf.set_line(area.x, area.y + row, &Line::from(spans), area.width);
}

/// Draws what is asked for, what has been typed, and what is said of it behind; answers where the cursor stands.
pub fn prompt(
    room: &Room,
    buf: &mut Buffer,
    area: Rect,
    asked: Bit,
    editor: &Editor,
    behind: &[Bit],
) -> (u16, u16) {
    let before = width(&asked.0);
    let kept = before + bits_width(behind);
    let shown = editor.shown(usize::from(area.width).saturating_sub(kept), 1);
    let typed = shown.lines.first().cloned().unwrap_or_default();
    let mut bits = vec![asked, bit(typed, Tone::Strong)];
    bits.extend_from_slice(behind);
    line(room, buf, area, 0, &bits);
    let x = area.x + u16::try_from(before + shown.column).unwrap_or(0);
    (x.min(area.right().saturating_sub(1)), area.y)
}

/// `area` without so many columns at its left and right.
pub fn inset(area: Rect, left: u16, right: u16) -> Rect {
    Rect {
        x: area.x + left,
        width: area.width.saturating_sub(left + right),
        ..area
    }
}

/// The lines of a long text that are seen when its line `top` is the first.
pub fn scrolled(room: &Room, buf: &mut Buffer, area: Rect, lines: &[Bits], top: usize) {
    let seen = lines.iter().skip(top).take(usize::from(area.height));
    for (row, bits) in (0..).zip(seen) {
        line(room, buf, area, row, bits);
    }
}

/// A selected line: its own colours would fight with the reversed ground, so it has only one style.
pub fn selected_line(
    room: &Room,
    buf: &mut Buffer,
    area: Rect,
    row: u16,
    bits: &[Bit],
    tone: Tone,
) {
    let text: String = bits.iter().map(|Bit(text, _)| text.as_str()).collect();
    line(
        room,
        buf,
        area,
        row,
        &[bit(pad(&text, usize::from(area.width)), tone)],
    );
}

/// A line of a table.
pub struct TableLine {
    /// Its values, one for each column.
    pub values: Vec<Bit>,
    /// Whether it is marked.
    pub marked: bool,
    /// Whether the cursor stands on it.
    pub chosen: bool,
}

/// Draws a table under its headings; a sign before a line tells that it is marked, or chosen while the keys go elsewhere.
pub fn table(
    room: &Room,
    buf: &mut Buffer,
    area: Rect,
    columns: &[Column],
    focused: bool,
    lines: impl Iterator<Item = TableLine>,
) {
    let wide = widths(columns, usize::from(area.width).saturating_sub(1));
    let title = |column: &Column| bit(column.title.clone(), Tone::Dim);
    let titles: Bits = columns.iter().map(title).collect();
    let inner = inset(area, 1, 0);
    line(room, buf, inner, 0, &cells(columns, &wide, &titles));
    for (row, of) in (1..area.height).zip(lines) {
        let sign = match (of.marked, of.chosen && !focused) {
            (true, _) => bit("◆", Tone::Key),
            (false, true) => bit("»", Tone::Text),
            (false, false) => bit(" ", Tone::Text),
        };
        let mut bits = vec![sign];
        bits.extend(cells(columns, &wide, &of.values));
        match (of.chosen, focused) {
            (true, true) => selected_line(room, buf, area, row, &bits, Tone::Selected),
            (true, false) => selected_line(room, buf, area, row, &bits, Tone::Strong),
            (false, _) => line(room, buf, area, row, &bits),
        }
    }
}

/// A rule across `area`'s first row with words set into it.
pub fn rule(room: &Room, buf: &mut Buffer, area: Rect, words: &[Bit]) {
    let columns = usize::from(area.width);
    let mut bits = Vec::new();
    if !words.is_empty() && columns >= 6 {
        bits.push(bit("─ ", Tone::Rule));
        bits.extend(fit(words, columns - 4));
        bits.push(bit(" ", Tone::Text));
    }
    let used = bits_width(&bits);
    bits.push(bit("─".repeat(columns.saturating_sub(used)), Tone::Rule));
    line(room, buf, area, 0, &bits);
}

/// The pieces that fit into `columns`; when they do not all, the last one ends in `…`.
pub fn fit(bits: &[Bit], columns: usize) -> Bits {
    if bits_width(bits) <= columns {
        return bits.to_vec();
    }
    let mut left = columns;
    let mut out = Vec::new();
    for Bit(text, tone) in bits {
        let wide = width(text);
        if wide >= left {
            let piece = cut(&format!("{text}…"), left);
            if !piece.is_empty() {
                out.push(Bit(piece, *tone));
            }
            break;
        }
        left -= wide;
        out.push(Bit(text.clone(), *tone));
    }
    out
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Columns it needs at least.
    pub least: usize,
    /// Whether it takes what is left over.
    pub grows: bool,
    /// Numbers stand at the right.
    pub right: bool,
    /// Never left out, wherever it stands.
    pub must: bool,
}

/// How wide each column becomes: those at the end go first when there is no room, but for those that must stay; what
/// is left over goes to those that grow. Zero: not shown.
pub fn widths(columns: &[Column], total: usize) -> Vec<usize> {
    let mut out = vec![0; columns.len()];
    let mut left = total + 1;
    let musts = columns.iter().enumerate().filter(|(_, column)| column.must);
    let others = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !column.must);
    for (index, column) in musts.chain(others) {
        if column.least + 1 > left {
            break;
        }
        left -= column.least + 1;
        out[index] = column.least;
    }
    let growing: Vec<usize> = (0..columns.len())
        .filter(|i| columns[*i].grows && out[*i] > 0)
        .collect();
    if let Some(last) = growing.last() {
        let each = left / growing.len();
        for index in &growing {
            out[*index] += each;
        }
        out[*last] += left - each * growing.len();
    }
    out
}

/// A row of a table.
pub fn cells(columns: &[Column], widths: &[usize], values: &[Bit]) -> Bits {
    let mut out = Vec::new();
    for ((column, columns), Bit(text, tone)) in columns.iter().zip(widths).zip(values) {
        if *columns == 0 {
            continue;
        }
        if !out.is_empty() {
            out.push(bit(" ", Tone::Text));
        }
        let shown = if column.right {
            pad_left(text, *columns)
        } else {
            pad(text, *columns)
        };
        out.push(bit(shown, *tone));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(least: usize, grows: bool) -> Column {
        Column {
            title: String::new(),
            least,
            grows,
            right: false,
            must: false,
        }
    }

    #[test]
    fn what_does_not_fit_is_marked_wherever_a_piece_ends() {
        let bits = ["ab", "cd", "ef"].map(|text| bit(text, Tone::Text));
        let shown = |columns| fit(&bits, columns).into_iter().map(|Bit(text, _)| text);
        let shown = |columns| shown(columns).collect::<String>();
        assert_eq!(
            [6, 5, 4, 3, 1, 0].map(shown),
            ["abcdef", "abcd…", "abc…", "ab…", "…", ""]
        );
    }

    #[test]
    fn the_last_columns_go_first_and_the_rest_is_shared() {
        let columns = [column(10, false), column(10, true), column(8, false)];
        assert_eq!(widths(&columns, 40), [10, 20, 8]);
        assert_eq!(widths(&columns, 25), [10, 14, 0]);
        assert_eq!(widths(&columns, 9), [0, 0, 0]);
        let last = [
            column(10, false),
            column(10, false),
            Column {
                must: true,
                ..column(8, false)
            },
        ];
        assert_eq!(widths(&last, 20), [10, 0, 8]);
    }
}
