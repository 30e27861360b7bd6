//! Texts that a spreadsheet would misread: formulas, and numbers that are none.

/// Whether a spreadsheet would run the text as a formula.
fn formula(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    text.starts_with(['=', '+', '@', '\t', '\r'])
        || (text.starts_with('-') && text.len() > 1 && text.parse::<f64>().is_err())
}

/// The text, with an apostrophe before it when a spreadsheet would take it for a formula.
pub fn guarded(text: &str) -> String {
    if formula(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// What [`guarded`] or [`kept_as_text`] was given.
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if formula(rest) => rest,
        _ => text.strip_prefix('\t').unwrap_or(text),
    }
}

/// The text with a tab before it when a spreadsheet would turn it into a number or a date and lose digits: leading
/// zeros, eleven digits and more, `3-12`, `3/4`, `1E5`, `3月2日`. The tab is not seen in the cell.
pub fn kept_as_text(text: &str) -> String {
    let guarded = guarded(text);
    if guarded == text && changed_by_spreadsheets(text) {
        format!("\t{text}")
    } else {
        guarded
    }
}

fn changed_by_spreadsheets(text: &str) -> bool {
    let shaped = |c: char| {
        c.is_ascii_digit()
            || matches!(
                c,
                '-' | '/' | '.' | ':' | ',' | 'e' | 'E' | '+' | '%' | ' ' | '年' | '月' | '日'
            )
    };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = digits && text.len() <= 10 && (text.len() == 1 || !text.starts_with('0'));
    text.starts_with(|c: char| c.is_ascii_digit() || c == '.') && text.chars().all(shaped) && !plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guard_is_put_where_a_spreadsheet_would_misread_and_taken_off_again() {
        for (text, want) in [
            ("=1+1", "'=1+1"),
            ("+8613900000000", "'+8613900000000"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2+3", "'-2+3"),
            ("'=1", "''=1"),
            ("-5", "-5"),
            ("013800000000", "\t013800000000"),
            ("13900000000", "\t13900000000"),
            ("3-12", "\t3-12"),
            ("3/4", "\t3/4"),
            ("1E5", "\t1E5"),
            ("3月2日", "\t3月2日"),
            ("3栋1203", "3栋1203"),
            ("1203", "1203"),
            ("0", "0"),
            ("水龙头", "水龙头"),
            ("'99", "'99"),
            ("", ""),
        ] {
            assert_eq!(kept_as_text(text), want);
            assert_eq!(unguarded(&kept_as_text(text)), text);
            assert_eq!(unguarded(&guarded(text)), text);
        }
    }
}
