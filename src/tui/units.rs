//! What is read as one and therefore never parted by the end of a line: a date with its time, a number with its unit,
//! a mark with the word it belongs to.

use unicode_segmentation::UnicodeSegmentation;

/// Chinese units of more than one character; of any other the first character stays with its number.
const UNITS: [&str; 8] = [
    "个工作日",
    "工作日",
    "个自然日",
    "个小时",
    "小时",
    "分钟",
    "个月",
    "号楼",
];
/// Units that may stand behind a blank.
const APART: [&str; 14] = [
    "条", "件", "张", "份", "元", "人", "天", "日", "次", "项", "户", "页", "行", "秒",
];
/// Days before a time.
const DAYS: [&str; 12] = [
    "Mon",
    "Tue",
    "Wed",
    "Thu",
    "Fri",
    "Sat",
    "Sun",
    "today",
    "tomorrow",
    "yesterday",
    "tmrw",
    "yest",
];

/// The line in pieces, each a list of words that belong together.
pub fn units(line: &str) -> Vec<Vec<&str>> {
    let words = words(line);
    let joined = joined(&words);
    let mut out: Vec<Vec<&str>> = Vec::new();
    let mut open = false;
    for (word, joined) in words.into_iter().zip(joined) {
        match out.last_mut().filter(|_| open) {
            Some(unit) => unit.push(word),
            None => out.push(vec![word]),
        }
        open = joined;
    }
    out
}

/// Words, blanks and signs; what has a digit reaches as far as it is written without a gap: `3-2`, `09:12`, `-10`,
/// `35.50`, `W-2026-00001`.
fn words(line: &str) -> Vec<&str> {
    let solid = |c: char| c.is_ascii_alphanumeric() || "-+:./,~#%".contains(c);
    let mut out = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let run = &rest[..rest.find(|c| !solid(c)).unwrap_or(rest.len())];
        let number = run.trim_end_matches([',', '.', ':']);
        let word = match is_number(number) {
            true => number,
            false => rest.split_word_bounds().next().unwrap_or(rest),
        };
        out.push(word);
        rest = &rest[word.len()..];
    }
    out
}

fn is_number(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit())
}

fn is_blank(word: &str) -> bool {
    word.trim().is_empty()
}

/// `9:10`, `03:19:52`.
fn is_time(word: &str) -> bool {
    let parts: Vec<&str> = word.split(':').collect();
    parts.len() > 1
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// `3-2`, `2026-03-02`.
fn is_date(word: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    word.contains('-') && word.split('-').all(digits)
}

fn closes(word: &str) -> bool {
    "，。、；：）”！？》」,.);:!?".contains(word.chars().next().unwrap_or(' '))
}

fn opens(word: &str) -> bool {
    matches!(word, "（" | "“" | "《" | "「" | "(" | "#" | "‼")
}

/// For each word whether the next one belongs to it.
fn joined(words: &[&str]) -> Vec<bool> {
    let mut out = vec![false; words.len()];
    let word = |at: usize| words.get(at).copied().unwrap_or_default();
    for at in 0..words.len() {
        out[at] |= opens(word(at)) || (closes(word(at + 1)) && !is_blank(word(at)));
        if let Some(last) = day_ends(words, at).filter(|last| is_blank(word(*last + 1))) {
            let timed = is_time(word(last + 2));
            let reaches = if timed { last + 2 } else { last };
            out[at..reaches].fill(true);
        }
        if is_number(word(at)) {
            let reaches = at + with_unit(words, at);
            out[at..reaches].fill(true);
        }
        let ordinal = if is_blank(word(at + 1)) { 2 } else { 1 };
        if word(at) == "第" && is_number(word(at + ordinal)) {
            out[at..at + ordinal].fill(true);
        }
    }
    out
}

/// The last word of the day that begins here: `03-05`, `03-05 周四`, `周四`, `明天`, `Thu`.
fn day_ends(words: &[&str], at: usize) -> Option<usize> {
    let word = |at: usize| words.get(at).copied().unwrap_or_default();
    let named = |at: usize| {
        let pair = format!("{}{}", word(at), word(at + 1));
        let chinese = word(at) == "周" || ["今天", "明天", "昨天", "后天"].contains(&pair.as_str());
        match chinese {
            true => Some(at + 1),
            false => DAYS.contains(&word(at)).then_some(at),
        }
    };
    match is_date(word(at)) {
        true if is_blank(word(at + 1)) => Some(named(at + 2).unwrap_or(at)),
        true => Some(at),
        false => named(at),
    }
}

/// How many words behind a number are its unit.
fn with_unit(words: &[&str], at: usize) -> usize {
    let behind = |skip: usize| words.get(at + 1 + skip..).unwrap_or_default();
    let spelled = |unit: &str, skip: usize| {
        let mut rest = unit;
        let taken = behind(skip).iter().take_while(|word| {
            let left = rest.strip_prefix(**word);
            rest = left.unwrap_or(rest);
            left.is_some_and(|_| !word.is_empty())
        });
        let count = taken.count();
        rest.is_empty().then_some(skip + count)
    };
    let apart = behind(0).first().is_some_and(|word| is_blank(word));
    let first = behind(usize::from(apart))
        .first()
        .copied()
        .unwrap_or_default();
    let latin = first.chars().all(|c| c.is_ascii_alphabetic()) && !first.is_empty();
    let counts = words[at]
        .trim_start_matches(['-', '+'])
        .bytes()
        .all(|b| b.is_ascii_digit());
    let long = UNITS
        .iter()
        .find_map(|unit| spelled(unit, usize::from(apart)));
    match (long, apart) {
        (Some(count), _) => count,
        (None, true) if latin && counts => 2,
        (None, true) => APART.iter().find_map(|unit| spelled(unit, 1)).unwrap_or(0),
        (None, false) => usize::from(
            first
                .chars()
                .next()
                .is_some_and(|c| !c.is_ascii() && c.is_alphanumeric()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_as_one_is_one_piece() {
        for (line, pieces) in [
            ("3-2 9:10", "3-2 9:10"),
            ("昨2210 · 3-2 9:10", "昨|2210| |·| |3-2 9:10"),
            ("03-05 周四 17:30", "03-05 周四 17:30"),
            ("明天 09:42:10 前", "明天 09:42:10| |前"),
            ("Thu 17:30", "Thu 17:30"),
            (
                "1030 today · -10 minutes ago",
                "1030 today| |·| |-10 minutes| |ago",
            ),
            ("共 35.50 元，2个工作日", "共| |35.50 元，|2个工作日"),
            ("2个工作日内", "2个工作日|内"),
            ("更正第 3 条“到场”", "更|正|第 3 条|“到|场”"),
            ("120户 W-2026-00001", "120户| |W-2026-00001"),
            ("5% (09:12).", "5%| |(09:12)."),
            ("pump room", "pump| |room"),
            ("09:12 老李", "09:12| |老|李"),
            ("", ""),
        ] {
            let shown: Vec<String> = units(line).iter().map(|unit| unit.concat()).collect();
            assert_eq!(shown.join("|"), pieces, "{line}");
        }
    }
}
