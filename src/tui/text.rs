//! Text by display width: cut and padded without ever halving a wide character, and safe to put on a screen.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

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

/// The text in lines of at most `columns`. Latin words stay whole where they fit; Chinese breaks anywhere, but no line
/// begins with a closing mark.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut out = Vec::new();
    for line in lines(text).split('\n') {
        wrap_line(line, columns, &mut out);
    }
    out
}

fn wrap_line(line: &str, columns: usize, out: &mut Vec<String>) {
    let mut current = String::new();
    let mut used = 0;
    for word in line.split_word_bounds() {
        let wide = word.width();
        if used + wide <= columns
            || (closing(word) && used > 0 && used + wide <= columns + 2 && wide == 1)
        {
            current.push_str(word);
            used += wide;
            continue;
        }
        if wide > columns {
            for grapheme in word.graphemes(true) {
                if used + grapheme.width() > columns {
                    out.push(std::mem::take(&mut current));
                    used = 0;
                }
                current.push_str(grapheme);
                used += grapheme.width();
            }
            continue;
        }
        // A closing mark takes the character before it along.
        let moved = if closing(word) { current.pop() } else { None };
        out.push(std::mem::take(&mut current).trim_end().to_owned());
        current.extend(moved);
        current.push_str(if current.is_empty() {
            word.trim_start()
        } else {
            word
        });
        used = current.width();
    }
    out.push(current.trim_end().to_owned());
}

fn closing(word: &str) -> bool {
    matches!(
        word.chars().next(),
        Some(
            '，' | '。'
                | '、'
                | '；'
                | '：'
                | '）'
                | '”'
                | '！'
                | '？'
                | ','
                | '.'
                | ')'
                | ';'
                | ':'
        )
    )
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

    proptest! {
        #[test]
        fn cut_and_pad_keep_the_columns(text in "[a-z厨房é👨‍👩‍👧\\n\\t\\x1b ]{0,40}", columns in 0_usize..30) {
            prop_assert!(width(&cut(&text, columns)) <= columns);
            prop_assert_eq!(width(&pad(&text, columns)), columns);
            prop_assert!(!cut(&text, columns).chars().any(char::is_control));
        }

        #[test]
        fn wrapping_loses_no_letter_and_keeps_the_columns(text in "[a-z厨房漏水，。 ]{0,60}", columns in 4_usize..30) {
            let wrapped = wrap(&text, columns);
            prop_assert!(wrapped.iter().all(|line| width(line) <= columns + 2), "{:?}", wrapped);
            let letters = |s: &str| s.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&wrapped.concat()), letters(&text));
        }
    }
}
