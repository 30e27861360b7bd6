//! Papers as plain text: for the dot-matrix printer 针式打印机 of the engine room, for files, and for the preview.

mod columns;
mod escp;
mod table;
#[cfg(test)]
mod tests;

pub use columns::Frame;
pub use escp::escp;

use columns::Ruler;
use table::Row;

use super::sheet::{Block, Sheet};
use super::tidy::{each_text, tidy};
use super::words::Words;

/// Between one print and the next: the printer takes a new sheet of paper.
pub const FORM_FEED: char = '\u{c}';

/// Fewest columns that a paper is drawn in.
pub const FEWEST_COLUMNS: usize = 24;

/// How papers are drawn as text.
#[derive(Clone, Debug)]
pub struct Plain {
    /// The words of head, foot and signature boxes.
    pub words: Words,
    /// Columns of a line: 80 on A4 upright at 10 characters an inch, 136 on wide paper. At least [`FEWEST_COLUMNS`].
    pub width: usize,
    /// The lines of the boxes, and with them how wide characters are.
    pub frame: Frame,
}

/// The sign of GB 2312 that comes nearest to one which many fonts and Chinese printers do not have.
const fn common(c: char) -> char {
    match c {
        '☐' => '□',
        '☑' | '✓' | '✔' => '√',
        '☒' | '✗' | '✘' => '×',
        c => c,
    }
}

/// Papers as text, print after print with a [`FORM_FEED`] between; every copy is a print. No line is wider than asked,
/// but for lists with more columns than characters.
pub fn text(sheets: &[Sheet], plain: &Plain) -> String {
    let mut prints = Vec::new();
    for sheet in sheets {
        let mut sheet = tidy(sheet);
        each_text(&mut sheet, &mut |text| {
            *text = text.chars().map(common).collect()
        });
        if sheet.copies.is_empty() {
            prints.push(print(&sheet, "", plain));
        }
        for copy in &sheet.copies {
            prints.push(print(&sheet, copy, plain));
        }
    }
    prints.join(&FORM_FEED.to_string())
}

fn print(sheet: &Sheet, copy: &str, plain: &Plain) -> String {
    let ruler = Ruler::new(plain.frame, plain.width.max(FEWEST_COLUMNS));
    let mut lines = head(sheet, copy, &ruler, &plain.words);
    // Boxes that follow one another share a line and stand as one box.
    let mut rows: Vec<Row> = Vec::new();
    for block in &sheet.blocks {
        match table::rows(block, &ruler, &plain.words) {
            Some(more) => rows.extend(more),
            None => {
                lines.extend(table::draw(&std::mem::take(&mut rows), &ruler));
                lines.extend(running(block, &ruler));
            }
        }
    }
    if rows.is_empty() {
        lines.push(String::new());
    }
    lines.extend(table::draw(&rows, &ruler));
    lines.extend(foot(sheet, &ruler, &plain.words));
    let mut out = String::new();
    for line in lines {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn head(sheet: &Sheet, copy: &str, ruler: &Ruler, words: &Words) -> Vec<String> {
    let mut lines = Vec::new();
    for text in [&sheet.company, &sheet.title] {
        if !text.is_empty() {
            lines.extend(
                ruler
                    .wrap(text, ruler.width)
                    .iter()
                    .map(|l| ruler.centre(l, ruler.width)),
            );
        }
    }
    let mark = match sheet.imprint.mark.as_str() {
        "" => String::new(),
        mark => format!("【{mark}】"),
    };
    let number = match sheet.number.as_str() {
        "" => String::new(),
        number => format!("{}{}{number}", words.number, words.colon),
    };
    let left = format!("{mark}{copy}");
    if !left.is_empty() || !number.is_empty() {
        lines.extend(ruler.ends(&left, &number));
    }
    lines
}

/// A heading or paragraphs; nothing for boxes.
fn running(block: &Block, ruler: &Ruler) -> Vec<String> {
    match block {
        Block::Heading { text } => {
            let mut lines = vec![String::new()];
            lines.extend(ruler.wrap(text, ruler.width));
            lines
        }
        Block::Text {
            text,
            indent,
            right,
            ..
        } => {
            let mut lines = vec![String::new()];
            for paragraph in text.split('\n') {
                lines.extend(self::paragraph(paragraph, *indent, *right, ruler));
            }
            lines
        }
        _ => Vec::new(),
    }
}

fn paragraph(text: &str, indent: bool, right: bool, ruler: &Ruler) -> Vec<String> {
    if right {
        let lines = ruler.wrap(text, ruler.width);
        return lines
            .iter()
            .map(|line| ruler.right(line, ruler.width))
            .collect();
    }
    // Two Chinese characters, as letters are indented.
    let opening = if indent && !text.is_empty() {
        "    "
    } else {
        ""
    };
    ruler.wrap(&format!("{opening}{text}"), ruler.width)
}

fn foot(sheet: &Sheet, ruler: &Ruler, words: &Words) -> Vec<String> {
    let imprint = &sheet.imprint;
    let version = imprint
        .version
        .map(|n| words.version.replace("%{n}", &n.to_string()));
    let with = |word: &str, fact: &str| match fact {
        "" => String::new(),
        fact => format!("{word} {fact}"),
    };
    let facts = [
        imprint.clauses.clone(),
        version.unwrap_or_default(),
        with(&words.issued, &imprint.issued),
        with(&words.check, &imprint.check),
    ];
    let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    match facts.is_empty() {
        true => Vec::new(),
        false => ruler.wrap(&facts.join("  "), ruler.width),
    }
}
