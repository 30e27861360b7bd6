//! Text by display width: cut and padded without ever halving a wide character, and safe to put on a screen.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::units::units;

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// One line of safe text: line breaks and tabs become blanks, other control characters and the marks that turn the
/// direction of writing are left out.
pub fn plain(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c })
        .collect();
    crate::base::i18n::clean(&spaced)
}

/// Safe text that keeps its line breaks.
pub fn lines(text: &str) -> String {
    crate::base::i18n::clean(&text.replace('\t', " "))
}

/// The longest beginning that fits into `columns`, whole characters only.
fn fitting(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > columns {
            return &text[..at];
        }
    }
    text
}

/// `text` within `columns`; when it does not fit it ends in `…`.
pub fn cut(text: &str, columns: usize) -> String {
    let text = plain(text);
    if text.width() <= columns {
        return text;
    }
    match columns {
        0 => String::new(),
        _ => format!("{}…", fitting(&text, columns - 1).trim_end()),
    }
}

/// Exactly `columns` wide, text at the left.
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = cut(text, columns);
    let used = out.width();
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    out
}

/// Exactly `columns` wide, text at the right, for numbers.
pub fn pad_left(text: &str, columns: usize) -> String {
    let out = cut(text, columns);
    let used = out.width();
    " ".repeat(columns.saturating_sub(used)) + &out
}

/// The text in lines of at most `columns`. Latin words stay whole where they fit, and so does what is read as one, such
/// as a date with its time; Chinese breaks anywhere else, but no line begins with a closing mark.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut filling = Filling {
        columns: columns.max(2),
        ..Filling::default()
    };
    for line in lines(text).split('\n') {
        for unit in units(line) {
            filling.unit(&unit);
        }
        filling.turn();
    }
    filling.full
}

/// Lines that are being filled.
#[derive(Default)]
struct Filling {
    columns: usize,
    line: String,
    used: usize,
    /// Whether the line goes on with what did not fit into the one before.
    goes_on: bool,
    full: Vec<String>,
}

impl Filling {
    /// What belongs together onto this line or the next; only what no line can hold is taken apart.
    fn unit(&mut self, words: &[&str]) {
        let wide: usize = words.iter().map(|word| word.width()).sum();
        let one = words.len() == 1;
        if self.used + wide <= self.columns {
            words.iter().for_each(|word| self.put(word));
        } else if wide <= self.columns {
            self.carry();
            words.iter().for_each(|word| self.put(word));
        } else if one {
            words[0].graphemes(true).for_each(|part| {
                if self.used + part.width() > self.columns {
                    self.carry();
                }
                self.put(part);
            });
        } else {
            words.iter().for_each(|word| self.unit(&[word]));
        }
    }

    fn put(&mut self, text: &str) {
        // Blanks at a break are left out.
        if self.goes_on && self.line.is_empty() && text.trim().is_empty() {
            return;
        }
        self.line.push_str(text);
        self.used += text.width();
    }

    fn carry(&mut self) {
        self.turn();
        self.goes_on = true;
    }

    fn turn(&mut self) {
        self.full
            .push(std::mem::take(&mut self.line).trim_end().to_owned());
        (self.used, self.goes_on) = (0, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_wide_character_is_never_halved() {
        assert_eq!(cut("厨房漏水", 8), "厨房漏水");
        assert_eq!(cut("厨房漏水", 7), "厨房漏…");
        assert_eq!(cut("厨房漏水", 6), "厨房…");
        assert_eq!(pad("厨房漏水", 6), "厨房… ");
        assert_eq!(pad_left("35.50", 8), "   35.50");
        assert_eq!(cut("a\u{1b}[31m\u{202e}b\nc", 20), "a[31mb c");
    }

    #[test]
    fn lines_break_between_words_and_not_before_a_closing_mark() {
        assert_eq!(wrap("pump room checked", 9), ["pump room", "checked"]);
        assert_eq!(
            wrap("已到现场，正在处理。", 8),
            ["已到现", "场，正在", "处理。"]
        );
        assert_eq!(wrap("第一行\n第二行", 20), ["第一行", "第二行"]);
    }

    #[test]
    fn no_line_ends_within_a_time_a_number_or_a_mark_of_its_own() {
        let all: [(&str, usize, &[&str]); 7] = [
            (
                "1030 today · -10 minutes ago · 3-2 9:10",
                34,
                &["1030 today · -10 minutes ago ·", "3-2 9:10"],
            ),
            (
                "1030 今天 · 昨2210 · 3-2 9:10",
                21,
                &["1030 今天 · 昨2210 ·", "3-2 9:10"],
            ),
            (
                "误录作废：钱文员 09:31，记到别的单上了",
                22,
                &["误录作废：钱文员", "09:31，记到别的单上了"],
            ),
            (
                "答复 2个工作日 03-04 周三 17:30",
                26,
                &["答复 2个工作日", "03-04 周三 17:30"],
            ),
            (
                "发生时间 09:12 → 09:05 · 技工",
                20,
                &["发生时间 09:12 →", "09:05 · 技工"],
            ),
            ("  缩进的一行", 20, &["  缩进的一行"]),
            ("2026-03-02 09:12", 6, &["2026-0", "3-02", "09:12"]),
        ];
        for (text, columns, lines) in all {
            assert_eq!(wrap(text, columns), lines);
        }
    }

    proptest! {
        #[test]
        fn cut_and_pad_keep_the_columns(text in "[a-z厨房é👨‍👩‍👧\\n\\t\\x1b ]{0,40}", columns in 0_usize..30) {
            prop_assert!(width(&cut(&text, columns)) <= columns);
            prop_assert_eq!(width(&pad(&text, columns)), columns);
            prop_assert!(!cut(&text, columns).chars().any(char::is_control));
        }

        #[test]
        fn wrapping_loses_no_letter_and_keeps_the_columns(text in "[a-z厨房漏水，。 0-9:周四-]{0,60}", columns in 4_usize..30) {
            let wrapped = wrap(&text, columns);
            prop_assert!(wrapped.iter().all(|line| width(line) <= columns), "{:?}", wrapped);
            let letters = |s: &str| s.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&wrapped.concat()), letters(&text));
        }
    }
}
