//! Snapshots of drawings, and what every drawing keeps to.

use proptest::prelude::*;

use super::*;
use crate::base::i18n::Voice;
use crate::documents::samples::{list, notice, paragraph, slip};
use crate::documents::sheet::{Cell, Column, Page};

fn plain(width: usize, frame: Frame) -> Plain {
    Plain {
        words: Words::of(&Voice::default()),
        width,
        frame,
    }
}

#[test]
fn a_slip_for_the_printer() {
    let mut slip = slip();
    slip.copies.truncate(2);
    insta::assert_snapshot!(text(&[slip], &plain(80, Frame::Ascii)).replace(FORM_FEED, "<FF>\n"));
}

#[test]
fn a_slip_for_a_printer_with_chinese_lines() {
    let mut slip = slip();
    slip.copies.truncate(1);
    insta::assert_snapshot!(text(&[slip], &plain(80, Frame::Wide)));
}

#[test]
fn a_notice_on_the_screen() {
    insta::assert_snapshot!(text(&[notice()], &plain(60, Frame::Box)));
}

#[test]
fn a_list_on_wide_paper() {
    insta::assert_snapshot!(text(&[list(4)], &plain(136, Frame::Box)));
}

#[test]
fn every_line_of_a_box_is_as_wide_as_the_paper() {
    for frame in [Frame::Box, Frame::Ascii, Frame::Wide] {
        for width in [40, 80, 81, 136] {
            let ruler = columns::Ruler::new(frame, width);
            for sheet in [slip(), list(5)] {
                let drawn = text(&[sheet], &plain(width, frame));
                let lines = drawn.split(['\n', FORM_FEED]);
                for line in lines.filter(|l| l.starts_with(['|', '│', '+', '├', '┌', '└']))
                {
                    assert_eq!(
                        ruler.columns(line),
                        ruler.width,
                        "{frame:?} {width}: {line}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_print_never_commands_the_printer() {
    let mut sheet = slip();
    sheet.title = "维修\u{1b}@单\u{1c}.\u{c}".into();
    sheet.blocks.push(paragraph("a\u{1b}\u{7}b\u{9b}c\u{c}d"));
    let drawn = text(&[sheet], &plain(80, Frame::Ascii));
    assert!(
        !drawn
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != FORM_FEED)
    );
    assert_eq!(drawn.matches(FORM_FEED).count(), 2, "three copies");
    let bytes = escp(&format!("{drawn}\u{1b}\u{0}镕㐂😀"));
    assert_eq!(bytes.iter().filter(|b| **b == 0x1b).count(), 4);
    assert_eq!(bytes.iter().filter(|b| **b == 0x0c).count(), 3);
    assert!(bytes.starts_with(b"\x1b@\x1c&") && bytes.ends_with(b"\x0c\x1c.\x1b@"));
    let ticks = escp("☐☑✗");
    let (boxes, _, _) = encoding_rs::GB18030.decode(&ticks);
    assert!(boxes.contains("□√×"));
    let (back, _, wrong) = encoding_rs::GB18030.decode(&bytes);
    assert!(!wrong && back.contains("镕㐂😀") && back.contains("\r\n"));
}

#[test]
fn what_is_on_the_paper_is_in_the_text() {
    let drawn = text(&[slip()], &plain(80, Frame::Ascii));
    for part in [
        "维修单",
        "W-2026-00123",
        "王镕堃",
        "业主联",
        "工程部联",
        "客户签字：",
        "李强",
        "2026-03-02 15:40",
        "篇5 4.4.1",
        "第1版",
        "7K3M-Q9TD",
    ] {
        assert!(drawn.contains(part), "{part}");
    }
    assert!(text(&[notice()], &plain(80, Frame::Box)).contains("【草稿】"));
    assert_eq!(text(&[], &plain(80, Frame::Box)), "");
    let empty = text(&[Sheet::default()], &plain(0, Frame::Box));
    assert_eq!(empty.trim(), "");
}

fn any_block() -> impl Strategy<Value = Block> {
    let words = "[a-z0-9 ，。（）镕①“”─é\u{301}\u{1b}\n\t]{0,40}";
    let cell =
        (words, 0..5_u16, any::<bool>(), 0..4_u16).prop_map(|(text, span, label, lines)| Cell {
            text,
            span,
            label,
            lines,
        });
    let column = (words, 0..9_u16, any::<bool>()).prop_map(|(label, width, right)| Column {
        label,
        width,
        right,
    });
    prop_oneof![
        (words, any::<bool>(), any::<bool>()).prop_map(|(text, indent, right)| Block::Text {
            text,
            indent,
            right,
            large: false
        }),
        (
            prop::collection::vec(0..9_u16, 0..6),
            prop::collection::vec(prop::collection::vec(cell, 0..6), 0..4)
        )
            .prop_map(|(widths, rows)| Block::Form { widths, rows }),
        (
            prop::collection::vec(column, 0..5),
            prop::collection::vec(prop::collection::vec(words, 0..6), 0..4)
        )
            .prop_map(|(columns, rows)| Block::Grid { columns, rows }),
    ]
}

proptest! {
    #[test]
    fn whatever_is_on_it_a_paper_is_drawn_within_its_width(blocks in prop::collection::vec(any_block(), 0..4), width in 0_usize..100) {
        for frame in [Frame::Box, Frame::Ascii, Frame::Wide] {
            let sheet = Sheet { blocks: blocks.clone(), page: Page::default(), ..Sheet::default() };
            let drawn = text(&[sheet], &plain(width.max(48), frame));
            let ruler = columns::Ruler::new(frame, width.max(48));
            for line in drawn.lines() {
                prop_assert!(ruler.columns(line) <= ruler.width, "{:?} {}", frame, line);
            }
        }
    }

    #[test]
    fn breaking_lines_loses_no_letter(text in "[a-z厨房漏水，。 ”é]{0,80}", columns in 2_usize..30) {
        for frame in [Frame::Box, Frame::Ascii] {
            let ruler = columns::Ruler::new(frame, 80);
            let lines = ruler.wrap(&text, columns);
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
            for line in lines {
                prop_assert!(ruler.columns(&line) <= columns);
            }
        }
    }
}

#[test]
fn a_choice_stays_with_its_box() {
    let ruler = Ruler::new(Frame::Box, 12);
    let lines = ruler.wrap("□电话 √前台 □停电", 12);
    assert_eq!(lines, ["□电话 √前台", "□停电"]);
    assert_eq!(
        ruler.wrap("□很长的一个选择项", 12).len(),
        2,
        "one that is too long breaks"
    );
}
