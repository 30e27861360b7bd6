//! A long list in several papers, so that setting it needs no more memory than a short one.

use super::sheet::{Block, Sheet};

/// Rows that are set at a time: about 100 pages, 300 MB of memory, under two seconds.
pub const MOST_ROWS: usize = 3_000;

/// The paper in parts of at most `rows` rows of lists (no fewer than 1), numbered `（2/4）` behind its own number. What
/// stands before a list is on the part where the list begins, what stands after it on the part where it ends; the head
/// of the list is on every part. A paper that is short enough stays as it is.
pub fn parts(sheet: Sheet, rows: usize) -> Vec<Sheet> {
    let rows = rows.max(1);
    let mut shares: Vec<Vec<Block>> = vec![Vec::new()];
    let mut room = rows;
    let blank = Sheet {
        blocks: Vec::new(),
        ..sheet.clone()
    };
    for block in sheet.blocks {
        let Block::Grid {
            columns,
            rows: left,
        } = block
        else {
            push(&mut shares, block);
            continue;
        };
        let mut left = left.into_iter().peekable();
        loop {
            if room == 0 && left.peek().is_some() {
                shares.push(Vec::new());
                room = rows;
            }
            let taken: Vec<Vec<String>> = left.by_ref().take(room).collect();
            room -= taken.len();
            let columns = columns.clone();
            push(
                &mut shares,
                Block::Grid {
                    columns,
                    rows: taken,
                },
            );
            if left.peek().is_none() {
                break;
            }
        }
    }
    let count = shares.len();
    let part = |(n, blocks)| Sheet {
        number: match count {
            1 => blank.number.clone(),
            _ => format!("{}（{}/{count}）", blank.number, n + 1),
        },
        blocks,
        ..blank.clone()
    };
    shares.into_iter().enumerate().map(part).collect()
}

fn push(shares: &mut [Vec<Block>], block: Block) {
    if let Some(last) = shares.last_mut() {
        last.push(block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::samples::{list, slip};

    fn rows_of(sheet: &Sheet) -> Vec<String> {
        let rows = sheet.blocks.iter().filter_map(|block| match block {
            Block::Grid { columns, rows } if columns.len() == 5 => Some(rows),
            _ => None,
        });
        rows.flatten().map(|row| row[0].clone()).collect()
    }

    #[test]
    fn a_long_list_becomes_several_papers_and_loses_no_row() {
        let whole = list(10);
        let cut = parts(whole.clone(), 4);
        let numbers: Vec<&str> = cut.iter().map(|part| part.number.as_str()).collect();
        assert_eq!(
            numbers,
            ["2026-03（1/3）", "2026-03（2/3）", "2026-03（3/3）"]
        );
        assert_eq!(
            cut.iter().flat_map(rows_of).collect::<Vec<_>>(),
            rows_of(&whole)
        );
        let has = |part: &Sheet, wanted: fn(&Block) -> bool| part.blocks.iter().any(wanted);
        let signed = |block: &Block| matches!(block, Block::Signatures { .. });
        let heading = |block: &Block| matches!(block, Block::Heading { .. });
        assert_eq!(
            cut.iter().map(|part| has(part, signed)).collect::<Vec<_>>(),
            [false, false, true]
        );
        assert_eq!(
            cut.iter()
                .map(|part| has(part, heading))
                .collect::<Vec<_>>(),
            [true, false, false]
        );
    }

    #[test]
    fn a_list_that_begins_where_a_part_is_full_begins_on_the_next() {
        let mut two = list(4);
        two.blocks.extend(list(2).blocks);
        let cut = parts(two, 4);
        assert_eq!(
            cut.iter()
                .map(|part| rows_of(part).len())
                .collect::<Vec<_>>(),
            [4, 2]
        );
        let empty = |block: &Block| matches!(block, Block::Grid { rows, .. } if rows.is_empty());
        assert!(!cut.iter().any(|part| part.blocks.iter().any(empty)));
        assert_eq!(parts(list(0), 4).len(), 1, "an empty list keeps its head");
    }

    #[test]
    fn a_short_paper_stays_as_it_is() {
        assert_eq!(parts(slip(), 4), [slip()]);
        assert_eq!(parts(list(4), 4), [list(4)]);
        assert_eq!(parts(list(3), 0).len(), 3);
    }
}
