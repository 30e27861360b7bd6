//! A small editor of one text: whole characters, wide ones included; several lines where the field allows them. Wherever
//! one types it is this one, with these keys.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Characters an editor takes; more than any field keeps, so that the field itself can say what is too long.
pub const MOST: usize = 8000;

/// A text and where the cursor stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Editor {
    text: String,
    /// Byte offset, always between two graphemes.
    at: usize,
    many_lines: bool,
}

/// What is to be drawn of an editor: its lines, and the cursor's column and row in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Lines, each within the columns asked for.
    pub lines: Vec<String>,
    /// Column of the cursor.
    pub column: usize,
    /// Row of the cursor.
    pub row: usize,
}

/// What a key did to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Nothing: it is none of the editor's keys, or there is no text to move in or to take from. Whoever holds the editor
    /// may mean something by it.
    Nothing,
    /// The cursor may have moved; the text is as it was.
    Moved,
    /// The text has changed.
    Changed,
}

impl Editor {
    /// An editor of one line.
    pub fn line(text: &str) -> Self {
        let mut editor = Self::default();
        editor.insert(text);
        editor
    }

    /// An editor that keeps line breaks.
    pub fn long(text: &str) -> Self {
        let mut editor = Self {
            many_lines: true,
            ..Self::default()
        };
        editor.insert(text);
        editor
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing but blanks was typed.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether the cursor stands behind the last character.
    pub fn at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// Inserts at the cursor. Control characters are left out, line breaks kept where the field has lines. Answers
    /// whether everything found room.
    pub fn insert(&mut self, text: &str) -> bool {
        let room = MOST.saturating_sub(self.text.chars().count());
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let wanted: String = text
            .chars()
            .filter_map(|c| match c {
                '\n' if self.many_lines => Some('\n'),
                '\n' | '\t' => Some(' '),
                c if c.is_control() => None,
                c => Some(c),
            })
            .collect();
        let taken: String = wanted.chars().take(room).collect();
        self.text.insert_str(self.at, &taken);
        self.at += taken.len();
        taken.len() == wanted.len()
    }

    /// Takes a key: characters, ← → Home End Ctrl-A Ctrl-E, by words with Ctrl or Alt; Backspace and Del, by words with
    /// Ctrl-W or Alt; Ctrl-U and Ctrl-K to the ends of the line.
    pub fn key(&mut self, event: KeyEvent) -> Edit {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        let before = self.text.len();
        match (event.code, ctrl, alt) {
            (KeyCode::Char(c), false, false) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
                return Edit::Changed;
            }
            _ if self.text.is_empty() => return Edit::Nothing,
            (KeyCode::Left, false, false) => drop(self.left()),
            (KeyCode::Right, false, false) => drop(self.right()),
            (KeyCode::Left, ..) | (KeyCode::Char('b'), false, true) => self.at = self.word_before(),
            (KeyCode::Right, ..) | (KeyCode::Char('f'), false, true) => self.at = self.word_after(),
            (KeyCode::Home, false, false) | (KeyCode::Char('a'), true, false) => self.home(),
            (KeyCode::End, false, false) | (KeyCode::Char('e'), true, false) => self.end(),
            (KeyCode::Backspace, false, false) | (KeyCode::Char('h'), true, false) => {
                self.backspace();
            }
            (KeyCode::Backspace, ..) | (KeyCode::Char('w'), true, false) => {
                self.take(self.word_before(), self.at);
            }
            (KeyCode::Delete, false, false) => drop(self.delete()),
            (KeyCode::Delete, ..) | (KeyCode::Char('d'), false, true) => {
                self.take(self.at, self.word_after());
            }
            (KeyCode::Char('u'), true, false) => self.take(self.line_start(), self.at),
            (KeyCode::Char('k'), true, false) => self.take(self.at, self.line_end()),
            _ => return Edit::Nothing,
        }
        match self.text.len() == before {
            true => Edit::Moved,
            false => Edit::Changed,
        }
    }

    /// Takes away what stands between two places; the cursor stands there.
    fn take(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.at = from;
    }

    /// Replaces everything; the cursor goes to the end.
    pub fn set(&mut self, text: &str) {
        self.text.clear();
        self.at = 0;
        self.insert(text);
    }

    fn before(&self) -> Option<usize> {
        self.text[..self.at]
            .grapheme_indices(true)
            .next_back()
            .map(|(at, _)| at)
    }

    fn after(&self) -> Option<usize> {
        self.text[self.at..]
            .graphemes(true)
            .next()
            .map(|g| self.at + g.len())
    }

    /// Takes away the character before the cursor.
    pub fn backspace(&mut self) -> bool {
        let Some(start) = self.before() else {
            return false;
        };
        self.take(start, self.at);
        true
    }

    /// Takes away the character at the cursor.
    pub fn delete(&mut self) -> bool {
        let Some(end) = self.after() else {
            return false;
        };
        self.take(self.at, end);
        true
    }

    /// Where the word before the cursor begins.
    fn word_before(&self) -> usize {
        let head = self.text[..self.at].trim_end();
        let mut words = head.split_word_bound_indices();
        words.next_back().map_or(0, |(at, _)| at)
    }

    /// Where the word behind the cursor ends.
    fn word_after(&self) -> usize {
        let tail = &self.text[self.at..];
        let word = tail.trim_start();
        let blanks = tail.len() - word.len();
        let end = word.split_word_bounds().next().map_or(0, str::len);
        self.at + blanks + end
    }

    fn line_start(&self) -> usize {
        self.text[..self.at].rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self) -> usize {
        let end = self.text[self.at..].find('\n');
        end.map_or(self.text.len(), |at| self.at + at)
    }

    /// Takes away everything.
    pub fn clear(&mut self) {
        self.text.clear();
        self.at = 0;
    }

    /// One character to the left.
    pub fn left(&mut self) -> bool {
        self.before().is_some_and(|at| {
            self.at = at;
            true
        })
    }

    /// One character to the right.
    pub fn right(&mut self) -> bool {
        self.after().is_some_and(|at| {
            self.at = at;
            true
        })
    }

    /// To the beginning of the line.
    pub fn home(&mut self) {
        self.at = self.line_start();
    }

    /// To the end of the line.
    pub fn end(&mut self) {
        self.at = self.line_end();
    }

    /// One written line up; `false` when there is none.
    pub fn up(&mut self) -> bool {
        let start = self.line_start();
        if start == 0 {
            return false;
        }
        let column = self.text[start..self.at].width();
        self.at = start - 1;
        self.home();
        self.go_to_column(column);
        true
    }

    /// One written line down; `false` when there is none.
    pub fn down(&mut self) -> bool {
        let (start, end) = (self.line_start(), self.line_end());
        if end == self.text.len() {
            return false;
        }
        let column = self.text[start..self.at].width();
        self.at = end + 1;
        self.go_to_column(column);
        true
    }

    fn go_to_column(&mut self, column: usize) {
        let mut used = 0;
        while let Some(next) = self.after() {
            let grapheme = &self.text[self.at..next];
            if grapheme == "\n" || used >= column {
                break;
            }
            used += grapheme.width();
            self.at = next;
        }
    }

    /// What fits into `columns` and at most `rows`, with the cursor in sight.
    pub fn shown(&self, columns: usize, rows: usize) -> Shown {
        let columns = columns.max(4);
        if !self.many_lines {
            return self.scrolled(columns);
        }
        let mut lines = vec![String::new()];
        let (mut column, mut row, mut used) = (0, 0, 0);
        for (at, grapheme) in self.text.grapheme_indices(true) {
            if at == self.at {
                (column, row) = (used, lines.len() - 1);
            }
            if grapheme == "\n" || used + grapheme.width() > columns {
                lines.push(String::new());
                used = 0;
            }
            if grapheme != "\n" {
                used += grapheme.width();
                if let Some(last) = lines.last_mut() {
                    last.push_str(grapheme);
                }
            }
        }
        if self.at_end() {
            (column, row) = (used, lines.len() - 1);
        }
        let top = row.saturating_sub(rows.saturating_sub(1));
        let lines = lines.into_iter().skip(top).take(rows.max(1)).collect();
        Shown {
            lines,
            column: column.min(columns - 1),
            row: row - top,
        }
    }

    /// One line, moved sideways so that the cursor and a column behind it are in sight.
    fn scrolled(&self, columns: usize) -> Shown {
        let mut start = 0;
        while self.text[start..self.at].width() + 1 > columns {
            start += self.text[start..]
                .graphemes(true)
                .next()
                .map_or(1, str::len);
        }
        let mut line = String::new();
        let mut used = 0;
        for grapheme in self.text[start..].graphemes(true) {
            if used + grapheme.width() > columns {
                break;
            }
            used += grapheme.width();
            line.push_str(grapheme);
        }
        Shown {
            lines: vec![line],
            column: self.text[start..self.at].width(),
            row: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_and_deletes_whole_characters() {
        let mut e = Editor::line("5栋👨‍👩‍👧");
        assert!(e.backspace());
        assert_eq!(e.text(), "5栋");
        e.left();
        e.insert("号");
        assert_eq!(e.text(), "5号栋");
        e.delete();
        assert_eq!(e.text(), "5号");
    }

    fn pressed(editor: &mut Editor, code: KeyCode, modifiers: KeyModifiers) -> Edit {
        editor.key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn its_keys_are_those_of_every_line_one_types() {
        let (none, ctrl) = (KeyModifiers::NONE, KeyModifiers::CONTROL);
        let mut e = Editor::line("");
        for code in [KeyCode::Home, KeyCode::Left, KeyCode::Backspace] {
            let told = pressed(&mut e, code, none);
            assert_eq!(told, Edit::Nothing, "there is nothing to move in");
        }
        e.insert("3栋 hall lamp");
        let steps: &[(KeyCode, KeyModifiers, Edit, &str, usize)] = &[
            (KeyCode::Left, ctrl, Edit::Moved, "3栋 hall lamp", 10),
            (
                KeyCode::Char('b'),
                KeyModifiers::ALT,
                Edit::Moved,
                "3栋 hall lamp",
                5,
            ),
            (KeyCode::Right, ctrl, Edit::Moved, "3栋 hall lamp", 9),
            (KeyCode::Char('w'), ctrl, Edit::Changed, "3栋  lamp", 5),
            (KeyCode::Char('a'), ctrl, Edit::Moved, "3栋  lamp", 0),
            (KeyCode::Delete, none, Edit::Changed, "栋  lamp", 0),
            (KeyCode::Char('e'), ctrl, Edit::Moved, "栋  lamp", 9),
            (KeyCode::Home, none, Edit::Moved, "栋  lamp", 0),
            (KeyCode::Right, none, Edit::Moved, "栋  lamp", 3),
            (KeyCode::Char('k'), ctrl, Edit::Changed, "栋", 3),
            (KeyCode::Char('x'), none, Edit::Changed, "栋x", 4),
            (KeyCode::Char('q'), ctrl, Edit::Nothing, "栋x", 4),
            (KeyCode::Char('u'), ctrl, Edit::Changed, "", 0),
        ];
        for (code, modifiers, did, text, at) in steps {
            let told = pressed(&mut e, *code, *modifiers);
            assert_eq!((told, e.text(), e.at), (*did, *text, *at), "{code:?}");
        }
    }

    #[test]
    fn the_ends_are_those_of_the_line() {
        let mut e = Editor::long("一\n二三\n四");
        e.up();
        assert!(!e.at_end());
        pressed(&mut e, KeyCode::Char('u'), KeyModifiers::CONTROL);
        assert_eq!(e.text(), "一\n三\n四");
        pressed(&mut e, KeyCode::Char('k'), KeyModifiers::CONTROL);
        assert_eq!(e.text(), "一\n\n四");
        assert_eq!(
            pressed(&mut e, KeyCode::End, KeyModifiers::NONE),
            Edit::Moved
        );
        assert!(e.down());
    }

    #[test]
    fn the_cursor_of_a_long_line_stays_in_sight() {
        let e = Editor::line("阳光广场一期地下停车场入口");
        let shown = e.shown(10, 1);
        assert_eq!(shown.lines, ["车场入口"]);
        assert_eq!(shown.column, 8);
    }

    #[test]
    fn a_paste_keeps_its_line_breaks_where_the_field_has_lines() {
        assert_eq!(Editor::long("一\r\n二\u{1b}[0m").text(), "一\n二[0m");
        assert_eq!(Editor::line("一\r\n二").text(), "一 二");
        let mut e = Editor::long("一二\n三四五");
        assert!(e.up());
        assert!(!e.up());
        e.insert("x");
        assert_eq!(e.text(), "一二x\n三四五");
    }

    #[test]
    fn more_than_it_takes_is_told() {
        let mut e = Editor::long("");
        assert!(!e.insert(&"水".repeat(MOST + 1)));
        assert_eq!(e.text().chars().count(), MOST);
    }
}
