//! Words into overlapping pairs of characters, so that any word of two characters or more is found wherever it stands.

use crate::base::identity;

/// The pairs of some texts, separated by blanks: `漏水` of `厨房漏水` → `厨房 房漏 漏水 水`. The last character of each run
/// stands alone too, so that a search for one character can look at the beginnings of pairs.
pub fn grams<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for text in texts {
        pairs(text, &mut out);
    }
    out
}

fn pairs(text: &str, out: &mut String) {
    out.reserve(text.len() * 3);
    let mut before = None;
    let mut take = |c: Option<char>| {
        if let Some(first) = before {
            out.push(first);
            out.extend(c);
            out.push(' ');
        }
        before = c;
    };
    for c in identity::narrowed(text) {
        match c {
            'a'..='z' | '0'..='9' | '\u{4e00}'..='\u{9fff}' => take(Some(c)),
            c if c.is_alphanumeric() => {
                let lower = c.to_lowercase().filter(|c| c.is_alphanumeric());
                lower.for_each(|c| take(Some(c)));
            }
            _ => take(None),
        }
    }
    take(None);
}

/// The FTS5 expression for what a person typed; `None` when there is nothing to search for. Blanks separate words
/// that must all occur.
pub fn expression(typed: &str) -> Option<String> {
    let words: Vec<String> = runs(typed)
        .iter()
        .map(|run| match run.as_slice() {
            [one] => format!("\"{one}\" *"),
            run => {
                let pairs: Vec<String> = run.windows(2).map(|pair| pair.iter().collect()).collect();
                format!("\"{}\"", pairs.join(" "))
            }
        })
        .collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

/// Runs of letters and digits, lower-cased and in one width: whoever types `３栋` means `3栋`.
fn runs(text: &str) -> Vec<Vec<char>> {
    let text: String = identity::narrowed(text).collect();
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|run| !run.is_empty())
        .map(|run| {
            run.chars()
                .flat_map(char::to_lowercase)
                .filter(|c| c.is_alphanumeric())
                .collect::<Vec<char>>()
        })
        .filter(|run| !run.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_overlap_and_the_last_character_stands_alone() {
        assert_eq!(grams(["厨房漏水"]), "厨房 房漏 漏水 水 ");
        assert_eq!(grams(["W-2026"]), "w 20 02 26 6 ");
        assert_eq!(grams(["\u{1b}[31m 甲"]), "31 1m m 甲 ");
    }

    #[test]
    fn a_search_asks_for_every_word() {
        assert_eq!(expression("漏水").as_deref(), Some("\"漏水\""));
        assert_eq!(
            expression("水龙头 3栋").as_deref(),
            Some("\"水龙 龙头\" AND \"3栋\"")
        );
        assert_eq!(expression("水").as_deref(), Some("\"水\" *"));
        assert_eq!(expression(" \"' -"), None);
    }
}
