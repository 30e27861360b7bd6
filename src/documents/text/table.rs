//! Boxes of text: rows of cells between lines. Rows of different blocks stand in one box, each with its own columns.

use super::columns::{Frame, Ruler};
use crate::documents::sheet::{Block, Cell, Column, Signature};
use crate::documents::words::Words;

/// A row: its cells from left to right, from edge to edge.
pub struct Row {
    cells: Vec<Filled>,
}

/// A cell whose text has been broken into lines.
struct Filled {
    /// Columns from the left edge of the box to the line at the cell's right.
    end: usize,
    /// Exactly as wide as the cell, without its lines.
    lines: Vec<String>,
}

/// Lines of a signature box: its label, room for the pen, the date.
const SIGNATURE_LINES: usize = 4;
/// Fewest columns that a signature box takes.
const SIGNATURE_COLUMNS: usize = 22;

/// The rows of a boxed block; `None` for running text.
pub fn rows(block: &Block, ruler: &Ruler, words: &Words) -> Option<Vec<Row>> {
    match block {
        Block::Form { widths, rows } => {
            let wanted = label_columns(rows, widths.len(), ruler);
            let ends = ends(widths, &wanted, ruler);
            Some(rows.iter().map(|row| form_row(row, &ends, ruler)).collect())
        }
        Block::Grid { columns, rows } => Some(grid(columns, rows, ruler)),
        Block::Signatures { boxes } => {
            let across = (ruler.width / SIGNATURE_COLUMNS).clamp(1, boxes.len().max(1));
            Some(
                boxes
                    .chunks(across)
                    .map(|boxes| signatures(boxes, ruler, words))
                    .collect(),
            )
        }
        Block::Heading { .. } | Block::Text { .. } => None,
    }
}

fn form_row(row: &[Cell], ends: &[usize], ruler: &Ruler) -> Row {
    let mut at = Walk::new(ruler);
    let mut column = 0;
    for cell in row {
        column += usize::from(cell.span).max(1);
        let end = ends[column.min(ends.len()).max(1) - 1];
        let align = if cell.label {
            Align::Centre
        } else {
            Align::Left
        };
        at.cell(end, &cell.text, align, usize::from(cell.lines));
    }
    at.row()
}

fn grid(columns: &[Column], rows: &[Vec<String>], ruler: &Ruler) -> Vec<Row> {
    let widths: Vec<u16> = columns.iter().map(|column| column.width).collect();
    let labels = columns.iter().map(|column| one_line(&column.label, ruler));
    let ends = ends(&widths, &labels.collect::<Vec<_>>(), ruler);
    let mut head = Walk::new(ruler);
    for (column, end) in columns.iter().zip(&ends) {
        head.cell(*end, &column.label, Align::Centre, 1);
    }
    let body = rows.iter().map(|row| {
        let mut at = Walk::new(ruler);
        for ((text, column), end) in row.iter().zip(columns).zip(&ends) {
            let align = if column.right {
                Align::Right
            } else {
                Align::Left
            };
            at.cell(*end, text, align, 1);
        }
        at.row()
    });
    std::iter::once(head.row()).chain(body).collect()
}

fn signatures(boxes: &[Signature], ruler: &Ruler, words: &Words) -> Row {
    let ends = ends(&vec![1; boxes.len()], &[], ruler);
    let mut at = Walk::new(ruler);
    for (signature, end) in boxes.iter().zip(ends) {
        let columns = at.inner(end);
        let label = format!("{}{}", signature.label, words.colon);
        let date = match signature.date.as_str() {
            "" => &words.date_blank,
            date => date,
        };
        let mut lines = aligned(&label, columns, Align::Left, ruler);
        lines.extend(aligned(&signature.name, columns, Align::Centre, ruler));
        let date = aligned(date, columns, Align::Right, ruler);
        while lines.len() + date.len() < SIGNATURE_LINES {
            lines.push(" ".repeat(columns));
        }
        lines.extend(date);
        at.fill(end, lines);
    }
    at.row()
}

#[derive(Clone, Copy)]
enum Align {
    Left,
    Centre,
    Right,
}

fn aligned(text: &str, columns: usize, align: Align, ruler: &Ruler) -> Vec<String> {
    let put = |line: &String| match align {
        Align::Left => ruler.left(line, columns),
        Align::Centre => ruler.centre(line, columns),
        Align::Right => ruler.right(line, columns),
    };
    ruler.wrap(text, columns).iter().map(put).collect()
}

/// Goes along a row from cell to cell.
struct Walk<'r> {
    ruler: &'r Ruler,
    start: usize,
    cells: Vec<Filled>,
}

impl<'r> Walk<'r> {
    fn new(ruler: &'r Ruler) -> Self {
        Self {
            ruler,
            start: 0,
            cells: Vec::new(),
        }
    }

    /// Columns for the text of a cell that reaches to `end`.
    fn inner(&self, end: usize) -> usize {
        let used = self.start + self.ruler.unit() + 2 * self.ruler.gap();
        end.saturating_sub(used).max(2)
    }

    fn cell(&mut self, end: usize, text: &str, align: Align, least: usize) {
        let columns = self.inner(end);
        let mut lines = aligned(text, columns, align, self.ruler);
        while lines.len() < least {
            lines.push(" ".repeat(columns));
        }
        self.fill(end, lines);
    }

    fn fill(&mut self, end: usize, lines: Vec<String>) {
        let gap = " ".repeat(self.ruler.gap());
        let lines = lines
            .iter()
            .map(|line| format!("{gap}{line}{gap}"))
            .collect();
        self.cells.push(Filled { end, lines });
        self.start = end;
    }

    fn row(self) -> Row {
        Row { cells: self.cells }
    }
}

/// Where the line at the right of each column stands, counted in columns of text from the line at the left edge.
/// `wanted`: columns that the longest label of each takes, given where there is room.
fn ends(widths: &[u16], wanted: &[usize], ruler: &Ruler) -> Vec<usize> {
    let unit = ruler.unit();
    let least = 2 + 2 * ruler.gap() + unit;
    let all = widths
        .iter()
        .map(|width| usize::from(*width))
        .sum::<usize>();
    let whole = ruler.width - unit;
    let even = |columns: usize| columns.next_multiple_of(unit).max(least);
    let wanted: Vec<usize> = (0..widths.len())
        .map(|n| {
            even(
                wanted
                    .get(n)
                    .map_or(0, |label| label + 2 * ruler.gap() + unit),
            )
        })
        .collect();
    let share = |width: &u16| whole * usize::from(*width) / all.max(1);
    let mut columns: Vec<usize> = widths
        .iter()
        .zip(&wanted)
        .map(|(width, wanted)| (share(width) / unit * unit).max(*wanted))
        .collect();
    // What rounding left over goes to the widest column; what labels took too much comes from the widest that has it.
    let sum: usize = columns.iter().sum();
    if sum < whole
        && let Some(widest) = columns.iter_mut().max()
    {
        *widest += whole - sum;
    }
    let mut over = sum.saturating_sub(whole);
    while over > 0 {
        let can = |n: &usize, floor: usize| columns[*n] >= floor + unit;
        let widest = |floor: &dyn Fn(usize) -> usize| {
            let able = (0..columns.len()).filter(|n| can(n, floor(*n)));
            able.max_by_key(|n| columns[*n])
        };
        let Some(n) = widest(&|n| wanted[n]).or_else(|| widest(&|_| least)) else {
            break;
        };
        columns[n] -= unit;
        over = over.saturating_sub(unit);
    }
    let step = |at: &mut usize, column: usize| {
        *at += column;
        Some(*at)
    };
    columns.into_iter().scan(0, step).collect()
}

/// Columns of the longest label in each column of a form, when it is not too long for one line.
fn label_columns(rows: &[Vec<Cell>], count: usize, ruler: &Ruler) -> Vec<usize> {
    let mut wanted = vec![0; count];
    for row in rows {
        let mut at = 0;
        for cell in row {
            let span = usize::from(cell.span).max(1);
            if cell.label
                && span == 1
                && let Some(wanted) = wanted.get_mut(at)
            {
                *wanted = one_line(&cell.text, ruler).max(*wanted);
            }
            at += span;
        }
    }
    wanted
}

/// Columns of a label that shall not break; a longer one may.
fn one_line(label: &str, ruler: &Ruler) -> usize {
    let longest = label.split('\n').map(|line| ruler.columns(line)).max();
    longest.unwrap_or(0).min(ruler.width / 8)
}

/// The box around the rows.
pub fn draw(rows: &[Row], ruler: &Ruler) -> Vec<String> {
    let mut out = Vec::new();
    let mut above: Option<&Row> = None;
    for row in rows {
        out.push(rule(above, Some(row), ruler));
        let height = row
            .cells
            .iter()
            .map(|cell| cell.lines.len())
            .max()
            .unwrap_or(0);
        out.extend((0..height).map(|n| text_line(row, n, height, ruler)));
        above = Some(row);
    }
    if above.is_some() {
        out.push(rule(above, None, ruler));
    }
    out
}

fn text_line(row: &Row, n: usize, height: usize, ruler: &Ruler) -> String {
    let post = if ruler.frame == Frame::Ascii {
        "|"
    } else {
        "│"
    };
    let mut out = String::from(post);
    for cell in &row.cells {
        // A single line stands in the middle of a high row, as labels do; longer texts begin at the top.
        let before = if cell.lines.len() == 1 {
            (height - 1) / 2
        } else {
            0
        };
        let line = n.checked_sub(before).and_then(|n| cell.lines.get(n));
        match (line, cell.lines.first()) {
            (Some(line), _) => out.push_str(line),
            (None, Some(first)) => out.push_str(&" ".repeat(ruler.columns(first))),
            (None, None) => {}
        }
        out.push_str(post);
    }
    out
}

/// The line between two rows, with a crossing wherever a cell of either ends.
fn rule(above: Option<&Row>, below: Option<&Row>, ruler: &Ruler) -> String {
    let posts = |row: Option<&Row>| -> Vec<usize> {
        let ends = row
            .into_iter()
            .flat_map(|row| row.cells.iter().map(|cell| cell.end));
        std::iter::once(0)
            .filter(|_| row.is_some())
            .chain(ends)
            .collect()
    };
    let (up, down) = (posts(above), posts(below));
    let last = up.iter().chain(&down).max().copied().unwrap_or(0);
    let mut out = String::new();
    for at in (0..=last).step_by(ruler.unit()) {
        let (up, down) = (up.contains(&at), down.contains(&at));
        out.push(crossing(up, down, at == 0, at == last, ruler.frame));
    }
    out
}

fn crossing(up: bool, down: bool, first: bool, last: bool, frame: Frame) -> char {
    if frame == Frame::Ascii {
        return if up || down { '+' } else { '-' };
    }
    match (up, down, first, last) {
        (false, true, true, _) => '┌',
        (true, false, true, _) => '└',
        (_, _, true, _) => '├',
        (false, true, _, true) => '┐',
        (true, false, _, true) => '┘',
        (_, _, _, true) => '┤',
        (true, true, ..) => '┼',
        (true, false, ..) => '┴',
        (false, true, ..) => '┬',
        (false, false, ..) => '─',
    }
}
