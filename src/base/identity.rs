//! Identity 同一: when two numbers, places or names typed differently mean the same one.
//!
//! Paper numbers, units, places, telephone numbers, meters, cars and devices are compared by their key; what was typed
//! is kept as typed, without invisible characters.

/// The key by which identifiers are compared: width, case, blanks, the form of hyphens and invisible characters do not
/// count. Leading zeros do.
///
/// ```
/// use dutydesk::base::identity::key;
/// assert_eq!(key("３－1203"), key("3-1203"));
/// assert_eq!(key("０００１"), "0001");
/// assert_eq!(key(" b 座\u{200b}"), key("Ｂ座"));
/// assert_ne!(key("0001"), key("1"));
/// ```
pub fn key(text: &str) -> String {
    counting(text).collect()
}

/// Whether both mean the same one.
pub fn same(one: &str, other: &str) -> bool {
    one == other || counting(one).eq(counting(other))
}

/// What of a text counts.
fn counting(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|c| !invisible(*c) && !c.is_whitespace())
        .map(narrow)
        .flat_map(char::to_lowercase)
}

/// The text without characters that nobody sees: they would make two of one.
pub fn visible(text: &str) -> String {
    text.chars().filter(|c| !invisible(*c)).collect()
}

/// The text without invisible characters, in one width: words are searched for by it.
pub fn narrowed(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !invisible(*c)).map(narrow)
}

/// Marks without a width of their own: joiners, byte order mark, direction marks, soft hyphen.
const fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// Full-width letters, digits and signs as ASCII; every form of hyphen, dash and minus as `-`.
fn narrow(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{ff0d}'
        | '\u{2500}' => '-',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xff01 + 0x21).unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_is_the_same() {
        for (one, other, alike) in [
            ("3-1203", "３－１２０３", true),
            ("3–1203", "3—1203", true),
            ("2号梯", "２号梯", true),
            ("138 0000 0000", "13800000000", true),
            ("1QF", "1qf", true),
            ("5栋0802\u{feff}", "5栋0802", true),
            ("0001", "001", false),
            ("3-1203", "31203", false),
        ] {
            assert_eq!(same(one, other), alike, "{one} {other}");
        }
    }

    #[test]
    fn what_nobody_sees_is_left_out() {
        assert_eq!(visible("5\u{200b}栋\u{202e}甲"), "5栋甲");
    }
}
