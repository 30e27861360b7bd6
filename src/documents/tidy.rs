//! A filled paper made safe to draw: nothing in it can steer a printer, and every row of a form or list has the cells
//! that its columns ask for. No text is ever dropped for that.

use super::sheet::{Block, Cell, Column, Sheet, Signature};

/// The paper with clean texts and whole rows; blocks without anything in them are left out.
pub fn tidy(sheet: &Sheet) -> Sheet {
    let mut out = sheet.clone();
    out.blocks = sheet.blocks.iter().filter_map(tidy_block).collect();
    each_text(&mut out, &mut |text| *text = legible(text));
    // The margins and the head have one line each.
    for text in [
        &mut out.company,
        &mut out.title,
        &mut out.number,
        &mut out.imprint.clauses,
        &mut out.imprint.issued,
        &mut out.imprint.check,
        &mut out.imprint.mark,
    ]
    .into_iter()
    .chain(&mut out.copies)
    {
        *text = text.replace('\n', " ").trim().to_owned();
    }
    out
}

/// Text without anything that has no shape of its own: control characters but line breaks, marks that turn the direction
/// of writing, variation selectors and joiners.
fn legible(text: &str) -> String {
    let spaced = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n")
        .replace('\t', " ");
    crate::base::i18n::clean(&spaced)
        .chars()
        .filter(|c| !shapeless(*c))
        .collect()
}

fn shapeless(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}'
        | '\u{206a}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

fn tidy_block(block: &Block) -> Option<Block> {
    match block {
        Block::Form { widths, rows } => tidy_form(widths, rows),
        Block::Grid { columns, rows } => tidy_grid(columns, rows),
        Block::Signatures { boxes } if boxes.is_empty() => None,
        other => Some(other.clone()),
    }
}

fn tidy_form(widths: &[u16], rows: &[Vec<Cell>]) -> Option<Block> {
    let rows: Vec<&Vec<Cell>> = rows.iter().filter(|row| !row.is_empty()).collect();
    let longest = rows.iter().map(|row| row.len()).max()?;
    let mut widths: Vec<u16> = widths.iter().map(|width| (*width).max(1)).collect();
    if widths.is_empty() {
        widths = vec![1; longest];
    }
    let count = widths.len();
    let rows = rows.into_iter().map(|row| whole_row(row, count)).collect();
    Some(Block::Form { widths, rows })
}

/// The row with spans that sum to `count`: the last cell takes what is left; cells beyond the last column join it.
fn whole_row(row: &[Cell], count: usize) -> Vec<Cell> {
    let mut out: Vec<Cell> = Vec::with_capacity(row.len());
    let mut left = count;
    for cell in row {
        match out.last_mut() {
            Some(last) if left == 0 => join(&mut last.text, &cell.text, "\n"),
            _ => {
                let span = usize::from(cell.span.max(1)).min(left);
                left -= span;
                out.push(Cell {
                    span: u16::try_from(span).unwrap_or(u16::MAX),
                    lines: cell.lines.clamp(1, 40),
                    ..cell.clone()
                });
            }
        }
    }
    if let Some(last) = out.last_mut() {
        last.span = last
            .span
            .saturating_add(u16::try_from(left).unwrap_or(u16::MAX));
    }
    out
}

fn tidy_grid(columns: &[Column], rows: &[Vec<String>]) -> Option<Block> {
    let longest = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut columns = columns.to_vec();
    if columns.is_empty() {
        columns = vec![Column::default(); longest];
    }
    for column in &mut columns {
        column.width = column.width.max(1);
    }
    let count = columns.len();
    if count == 0 {
        return None;
    }
    let rows = rows
        .iter()
        .map(|row| {
            let mut cells: Vec<String> = row.iter().take(count).cloned().collect();
            cells.resize(count, String::new());
            for beyond in row.iter().skip(count) {
                if let Some(last) = cells.last_mut() {
                    join(last, beyond, " ");
                }
            }
            cells
        })
        .collect();
    Some(Block::Grid { columns, rows })
}

fn join(text: &mut String, more: &str, between: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push_str(between);
    }
    text.push_str(more);
}

/// Every text of a paper, once each.
pub fn each_text(sheet: &mut Sheet, change: &mut dyn FnMut(&mut String)) {
    let imprint = &mut sheet.imprint;
    for text in [
        &mut sheet.company,
        &mut sheet.title,
        &mut sheet.number,
        &mut imprint.clauses,
        &mut imprint.issued,
        &mut imprint.check,
        &mut imprint.mark,
    ] {
        change(text);
    }
    sheet.copies.iter_mut().for_each(&mut *change);
    for block in &mut sheet.blocks {
        match block {
            Block::Heading { text } | Block::Text { text, .. } => change(text),
            Block::Form { rows, .. } => {
                let cells = rows.iter_mut().flatten();
                cells.for_each(|cell| change(&mut cell.text));
            }
            Block::Grid { columns, rows } => {
                columns.iter_mut().for_each(|c| change(&mut c.label));
                rows.iter_mut().flatten().for_each(&mut *change);
            }
            Block::Signatures { boxes } => {
                for Signature { label, name, date } in boxes {
                    [label, name, date].into_iter().for_each(&mut *change);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str, span: u16) -> Cell {
        Cell {
            text: text.into(),
            span,
            ..Cell::default()
        }
    }

    fn form(widths: Vec<u16>, rows: Vec<Vec<Cell>>) -> Vec<Vec<(String, u16)>> {
        let sheet = Sheet {
            blocks: vec![Block::Form { widths, rows }],
            ..Sheet::default()
        };
        match tidy(&sheet).blocks.pop() {
            Some(Block::Form { rows, .. }) => rows
                .into_iter()
                .map(|row| row.into_iter().map(|c| (c.text, c.span)).collect())
                .collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn the_spans_of_a_row_sum_to_the_columns_and_no_text_is_lost() {
        let rows = vec![
            vec![cell("甲", 1)],
            vec![cell("甲", 0), cell("乙", 9), cell("丙", 1)],
        ];
        assert_eq!(
            form(vec![1, 0, 2], rows),
            [
                vec![("甲".to_owned(), 3)],
                vec![("甲".to_owned(), 1), ("乙\n丙".to_owned(), 2)]
            ]
        );
        assert_eq!(
            form(vec![], vec![vec![cell("甲", 1), cell("乙", 1)]])[0].len(),
            2
        );
        assert!(form(vec![1], vec![vec![]]).is_empty());
    }

    #[test]
    fn a_list_has_a_cell_for_every_column() {
        let grid = |columns: usize, rows: Vec<Vec<&str>>| {
            let rows = rows
                .into_iter()
                .map(|row| row.into_iter().map(str::to_owned).collect())
                .collect();
            let columns = vec![Column::default(); columns];
            tidy(&Sheet {
                blocks: vec![Block::Grid { columns, rows }],
                ..Sheet::default()
            })
            .blocks
            .pop()
        };
        let Some(Block::Grid { rows, .. }) = grid(2, vec![vec!["一"], vec!["一", "二", "三"]])
        else {
            panic!("a list");
        };
        assert_eq!(rows, [["一", ""], ["一", "二 三"]]);
        assert_eq!(grid(0, vec![]), None);
    }

    #[test]
    fn what_has_no_shape_is_left_out_and_line_breaks_stay() {
        let sheet = Sheet {
            company: "甲\n公司\u{1b}[31m".into(),
            blocks: vec![Block::Text {
                text: "a\r\nb\rc\td\u{200b}\u{fe0f}\u{202e}\u{0}e\u{c}".into(),
                indent: false,
                right: false,
                large: false,
            }],
            ..Sheet::default()
        };
        let tidied = tidy(&sheet);
        assert_eq!(tidied.company, "甲 公司[31m");
        let [Block::Text { text, .. }] = tidied.blocks.as_slice() else {
            panic!("a text");
        };
        assert_eq!(text, "a\nb\nc de");
    }
}
