//! Columns of a line of text. A terminal and a Chinese printer do not agree on them: to the printer, whatever is not
//! ASCII is a double-byte character of two columns, box lines, ① and “ ” included.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// The lines of the boxes, and how wide characters are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Frame {
    /// `│ ─ ┌`, one column each: for a terminal, as in the preview.
    #[default]
    Box,
    /// `| - +`, everything else as wide as a Chinese printer prints it: for files and any printer.
    Ascii,
    /// `│ ─ ┌`, two columns each: for printers with Chinese characters of their own (GB 18030), such as ESC/P ones.
    Wide,
}

/// A line of so many columns.
#[derive(Clone, Copy, Debug)]
pub struct Ruler {
    /// The lines of boxes.
    pub frame: Frame,
    /// Columns of a line; a multiple of [`Ruler::unit`].
    pub width: usize,
}

impl Ruler {
    /// Lines of at most `width` columns.
    pub fn new(frame: Frame, width: usize) -> Self {
        let mut ruler = Self { frame, width };
        ruler.width -= width % ruler.unit();
        ruler
    }

    /// Columns that a line of a box takes.
    pub const fn unit(&self) -> usize {
        match self.frame {
            Frame::Box | Frame::Ascii => 1,
            Frame::Wide => 2,
        }
    }

    /// Blanks between a line of a box and the text.
    pub const fn gap(&self) -> usize {
        match self.frame {
            Frame::Box | Frame::Ascii => 1,
            Frame::Wide => 0,
        }
    }

    /// Columns that a text takes.
    pub fn columns(&self, text: &str) -> usize {
        text.chars().map(|c| self.column(c)).sum()
    }

    fn column(&self, c: char) -> usize {
        match (self.frame, c.width().unwrap_or(0)) {
            (_, 0) => 0,
            (Frame::Box, columns) => columns,
            _ if c.is_ascii() => 1,
            _ => 2,
        }
    }

    /// Text at the left of so many columns.
    pub fn left(&self, text: &str, columns: usize) -> String {
        format!("{text}{}", self.blank(text, columns))
    }

    /// Text at the right.
    pub fn right(&self, text: &str, columns: usize) -> String {
        format!("{}{text}", self.blank(text, columns))
    }

    /// Text in the middle.
    pub fn centre(&self, text: &str, columns: usize) -> String {
        let before = self.blank(text, columns).len() / 2;
        self.left(&format!("{}{text}", " ".repeat(before)), columns)
    }

    fn blank(&self, text: &str, columns: usize) -> String {
        " ".repeat(columns.saturating_sub(self.columns(text)))
    }

    /// One text at the left end of a line and one at the right; on two lines when they do not fit.
    pub fn ends(&self, left: &str, right: &str) -> Vec<String> {
        let used = self.columns(left) + self.columns(right);
        if used < self.width {
            return vec![format!("{left}{}{right}", " ".repeat(self.width - used))];
        }
        let mut lines = self.wrap(left, self.width);
        let right = self.wrap(right, self.width);
        lines.extend(right.iter().map(|line| self.right(line, self.width)));
        lines.retain(|line| !line.trim().is_empty());
        lines
    }

    /// The text in lines of at most `columns` (no fewer than 2). Latin words stay whole where they fit, Chinese breaks
    /// anywhere, but not within a choice, and no line begins with a closing mark. Blanks at a break are left out, nothing else is.
    pub fn wrap(&self, text: &str, columns: usize) -> Vec<String> {
        let columns = columns.max(2);
        let mut lines = Vec::new();
        for line in text.split('\n') {
            let mut filling = Filling::default();
            let mut words = line.split_word_bounds().peekable();
            while let Some(word) = words.next() {
                if !boxed(word) {
                    self.place(word, columns, &mut filling, &mut lines);
                    continue;
                }
                // A choice stays with its box.
                let mut choice = word.to_owned();
                while let Some(next) = words.next_if(|word| !word.trim().is_empty()) {
                    choice.push_str(next);
                }
                self.place(&choice, columns, &mut filling, &mut lines);
            }
            lines.push(filling.line.trim_end().to_owned());
        }
        lines
    }

    fn place(&self, word: &str, columns: usize, at: &mut Filling, lines: &mut Vec<String>) {
        let wide = self.columns(word);
        if at.used + wide <= columns {
            at.push(word, wide);
        } else if word.trim().is_empty() {
            // A blank at the end of a line is not carried over.
        } else if wide > columns {
            for part in word.graphemes(true) {
                let wide = self.columns(part);
                if at.used + wide > columns && at.used > 0 {
                    at.end(lines);
                }
                at.push(part, wide);
            }
        } else {
            // A closing mark takes the character before it along.
            let along = match closing(word) {
                true => at.last_character(|last| self.columns(last) + wide <= columns),
                false => None,
            };
            at.end(lines);
            if let Some(along) = along {
                let wide = self.columns(&along);
                at.push(&along, wide);
            }
            at.push(word, wide);
        }
    }
}

/// The line that is being filled.
#[derive(Default)]
struct Filling {
    line: String,
    used: usize,
}

impl Filling {
    fn push(&mut self, text: &str, columns: usize) {
        self.line.push_str(text);
        self.used += columns;
    }

    fn end(&mut self, lines: &mut Vec<String>) {
        lines.push(self.line.trim_end().to_owned());
        self.line.clear();
        self.used = 0;
    }

    /// Takes the last character off, when it fits the next line and is neither the only one nor a blank.
    fn last_character(&mut self, fits: impl Fn(&str) -> bool) -> Option<String> {
        let (at, last) = self.line.grapheme_indices(true).next_back()?;
        if at == 0 || last.trim().is_empty() || !fits(last) {
            return None;
        }
        let last = last.to_owned();
        self.line.truncate(at);
        Some(last)
    }
}

/// Whether it is the box of a choice, ticked or not.
fn boxed(word: &str) -> bool {
    word.chars().next().is_some_and(|c| "□√☐☑".contains(c))
}

fn closing(word: &str) -> bool {
    const MARKS: &str = "，。、；：）】》」』”’！？…％,.;:)]!?%";
    word.chars().next().is_some_and(|c| MARKS.contains(c))
}
