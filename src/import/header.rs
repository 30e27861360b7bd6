//! Finding the header among titles, merged cells and two-row headings, in the first rows of a sheet.

use std::collections::BTreeSet;

use super::raw::Raw;
use super::sheet::Row;
use super::words::{Sure, Words};

/// Rows looked at for a header.
pub const LOOK: usize = 30;

/// The header of a table.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Header {
    /// Its lines in the file, one or two.
    pub lines: Vec<u64>,
    /// What the columns are called; no two alike.
    pub labels: Vec<String>,
}

/// Of the names a column may have, the one that is understood best, and as what.
fn best<'n, 'w>(names: &'n [String], words: &'w Words) -> Option<(&'n String, &'w str, Sure)> {
    let guesses = names.iter().filter_map(|name| {
        let (key, sure) = words.guess(name)?;
        Some((name, key, sure))
    });
    guesses.rev().max_by_key(|(_, _, sure)| *sure)
}

/// How well labels fit: fields recognised surely, fields recognised at all.
fn score(labels: &[Vec<String>], words: &Words) -> (usize, usize) {
    let mut sure = BTreeSet::new();
    let mut all = BTreeSet::new();
    for (_, key, how) in labels.iter().filter_map(|names| best(names, words)) {
        all.insert(key);
        if how > Sure::Perhaps {
            sure.insert(key);
        }
    }
    (sure.len() * 2 + all.len(), all.len())
}

fn text(raw: Option<&Raw>) -> &str {
    match raw {
        Some(Raw::Text(text)) => text,
        _ => "",
    }
}

/// Whether a row could be part of a header: words, no numbers or dates.
fn wordy(row: &[Raw]) -> bool {
    row.iter()
        .all(|cell| matches!(cell, Raw::Empty | Raw::Text(_)))
}

/// The names of each column in one row, the likeliest first.
fn single(row: &[Raw]) -> Vec<Vec<String>> {
    row.iter()
        .map(|cell| vec![text(Some(cell)).to_owned()])
        .collect()
}

/// The names of each column in two rows: a group above (merged over several columns) and a name below.
fn double(top: &[Raw], bottom: &[Raw]) -> Vec<Vec<String>> {
    let width = top.len().max(bottom.len());
    let mut group = "";
    (0..width)
        .map(|column| {
            let above = text(top.get(column));
            let below = text(bottom.get(column));
            if !above.is_empty() {
                group = above;
            }
            match (above.is_empty(), below.is_empty()) {
                (_, false) => {
                    let owner = if above.is_empty() { group } else { above };
                    vec![format!("{owner}{below}"), below.to_owned()]
                }
                (false, true) => vec![above.to_owned()],
                (true, true) => vec![String::new()],
            }
        })
        .collect()
}

/// The header of the table that begins in these rows; `None` when nothing in them names a field.
pub fn find(rows: &[Row], words: &Words) -> Option<Header> {
    let mut found: Option<((usize, usize), Header)> = None;
    let mut offer = |lines: Vec<u64>, names: Vec<Vec<String>>| {
        let (points, fields) = score(&names, words);
        let better = found.as_ref().is_none_or(|((most, _), header)| {
            // What one row says as well as two is said by one.
            points > *most || points == *most && lines.len() < header.lines.len()
        });
        if fields > 0 && better {
            let labels = labels(&names, words);
            found = Some(((points, fields), Header { lines, labels }));
        }
    };
    for (index, (line, row)) in rows.iter().take(LOOK).enumerate() {
        if !wordy(row) {
            continue;
        }
        offer(vec![*line], single(row));
        if let Some((next, below)) = rows.get(index + 1)
            && wordy(below)
            && *next == line + 1
            && row.iter().any(|cell| !cell.is_empty())
            && row.iter().filter(|cell| !cell.is_empty()).count() > 1
        {
            offer(vec![*line, *next], double(row, below));
        }
    }
    found.map(|(_, header)| header)
}

/// The header that stands in these lines.
pub fn at(rows: &[Row], lines: &[u64], words: &Words) -> Option<Header> {
    let row = |line: &u64| rows.iter().find(|(at, _)| at == line).map(|(_, row)| row);
    let names = match lines {
        [one] => single(row(one)?),
        [top, bottom] => double(row(top)?, row(bottom)?),
        _ => return None,
    };
    Some(Header {
        lines: lines.to_vec(),
        labels: labels(&names, words),
    })
}

/// One name a column: of a two-row heading the form that is understood, else both rows; a column without a name is
/// called by its letter; what is called alike is counted.
fn labels(names: &[Vec<String>], words: &Words) -> Vec<String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    (0..)
        .zip(names)
        .map(|(index, names)| {
            let known = best(names, words).map(|(name, _, _)| name);
            let name = known.or_else(|| names.first()).cloned().unwrap_or_default();
            let name = if name.trim().is_empty() {
                letters(index)
            } else {
                name.split_whitespace().collect::<Vec<_>>().join(" ")
            };
            let label = if taken.contains(&name) {
                (2_usize..)
                    .map(|n| format!("{name} ({n})"))
                    .find(|name| !taken.contains(name))
                    .unwrap_or_else(|| name.clone())
            } else {
                name
            };
            taken.insert(label.clone());
            label
        })
        .collect()
}

/// What a spreadsheet calls its column: A … Z, AA ….
pub fn letters(index: usize) -> String {
    let mut out = String::new();
    let mut rest = index;
    loop {
        let letter = u8::try_from(rest % 26).unwrap_or(0);
        out.insert(0, char::from(b'A' + letter));
        if rest < 26 {
            return out;
        }
        rest = rest / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registers::register;

    fn rows(lines: &[&[&str]]) -> Vec<Row> {
        (1..)
            .zip(lines)
            .map(|(line, cells)| (line, cells.iter().map(|cell| Raw::text(cell)).collect()))
            .collect()
    }

    fn found(lines: &[&[&str]]) -> Header {
        find(&rows(lines), &Words::of(register("work-order").unwrap())).unwrap_or_default()
    }

    #[test]
    fn titles_above_the_header_are_passed_over() {
        let header = found(&[
            &["阳光广场维修登记表"],
            &["部门：工程部", "", "2026年3月"],
            &[
                "序号",
                "报修日期",
                "房号",
                "报修人",
                "电话",
                "报修内容",
                "班组",
            ],
            &[
                "1",
                "2026-3-2",
                "3栋1203",
                "李女士",
                "13800000000",
                "水龙头漏水",
                "水工班",
            ],
        ]);
        assert_eq!(header.lines, [3]);
        assert_eq!(header.labels[1], "报修日期");
    }

    #[test]
    fn a_two_row_header_gives_each_column_its_name() {
        let header = found(&[
            &["维修登记表"],
            &["序号", "报修情况", "", "", "", "完成", ""],
            &["", "日期", "房号", "电话", "内容", "时间", "结果"],
            &[
                "1",
                "2026-3-2",
                "3栋1203",
                "13800000000",
                "水龙头漏水",
                "2026-3-3",
                "已换",
            ],
        ]);
        assert_eq!(header.lines, [2, 3]);
        let words = Words::of(register("work-order").unwrap());
        let keys: Vec<Option<&str>> = header
            .labels
            .iter()
            .map(|label| words.guess(label).map(|(key, _)| key))
            .collect();
        assert_eq!(
            keys,
            [
                None,
                Some("received"),
                Some("place"),
                Some("phone"),
                Some("content"),
                Some("finish.at"),
                Some("finish.result")
            ]
        );
    }

    #[test]
    fn columns_without_a_name_and_with_the_same_one_are_told_apart() {
        let header = found(&[&["房号", "", "内容", "签名", "签名"]]);
        assert_eq!(header.labels, ["房号", "B", "内容", "签名", "签名 (2)"]);
        assert_eq!([letters(25), letters(26), letters(701)], ["Z", "AA", "ZZ"]);
        assert_eq!(found(&[&["甲", "乙"]]), Header::default());
    }
}
