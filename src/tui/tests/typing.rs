//! Wherever one types it is the same editor: with the same keys, and with the cursor where the next character comes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::json;

use super::Stage;
use crate::base::i18n::Lang;
use crate::tui::keymap::Context;
use crate::tui::message::Message;

/// What stands before the cursor in its row, or nothing when there is no cursor.
fn before_cursor(s: &Stage) -> Option<String> {
    let area = Rect::new(0, 0, s.room.size.0, s.room.size.1);
    let mut buf = Buffer::empty(area);
    let (x, y) = s.app.paint(&s.room, area, &mut buf)?;
    let row = (0..x).map(|x| buf[(x, y)].symbol());
    Some(row.collect())
}

#[track_caller]
fn stands_behind(s: &Stage, text: &str) {
    let before = before_cursor(s);
    let place = s.app.context();
    let there = before.as_ref().is_some_and(|row| row.ends_with(text));
    assert!(
        there,
        "{place:?}: {before:?} does not end with {text:?}\n{}",
        s.screen()
    );
}

/// The keys of a line, at a place where nothing is typed yet.
fn keys_of_a_line(s: &mut Stage) {
    let place = s.app.context();
    s.keys("'gate lamp'").sees("gate lamp");
    stands_behind(s, "gate lamp");
    s.keys("Home 'x'").sees("xgate lamp");
    stands_behind(s, "x");
    s.keys("Del").sees("xate lamp");
    s.keys("End").keys("C-w").sees_no("lamp");
    s.keys("'hall'").sees("xate hall");
    s.keys("C-a Right").keys("'y' Left").sees("xyate hall");
    stands_behind(s, "x");
    s.keys("C-k").sees_no("yate");
    stands_behind(s, "x");
    s.keys("C-u 'qq' Backspace 'z'").sees("qz").sees_no("xq");
    stands_behind(s, "qz");
    if place != Context::Form {
        s.keys("Home").keys("C-e").keys("'w'").sees("qzw");
        stands_behind(s, "qzw");
    }
    assert_eq!(s.app.context(), place);
}

fn stage() -> Stage {
    let mut s = Stage::new(Lang::Zh, (120, 40));
    for no in ["0012", "0014"] {
        let slip = json!({"paper_no": no, "content": "灯不亮", "place": "3栋", "team": "水电班"});
        s.record("2026-02-10T09:00:00", "work-order", None, slip);
    }
    s.look();
    s
}

#[test]
fn in_a_form_a_search_the_help_and_a_name() {
    for (open, place) in [
        ("3 F2 Down", Context::Form),
        ("F3", Context::Search),
        ("3 F1", Context::Help),
        ("F9 Down Enter", Context::Operator),
    ] {
        let mut s = stage();
        s.keys(open);
        assert_eq!(s.app.context(), place, "{open}");
        keys_of_a_line(&mut s);
    }
}

#[test]
fn in_the_path_of_an_import_and_in_what_no_column_tells() {
    let mut s = stage();
    s.keys("2 F7 2");
    assert_eq!(s.app.context(), Context::Import);
    keys_of_a_line(&mut s);
    // What no column tells is asked once.
    let file = s.desk.path().with_file_name("old.csv");
    std::fs::write(&file, "报修日期,报修内容\n2026-01-05 09:00,灯不亮\n").unwrap();
    s.keys("C-u");
    s.send(Message::Paste(file.display().to_string()));
    s.keys("Enter").sees("停电来源");
    keys_of_a_line(&mut s);
}

#[test]
fn arrows_turn_the_month_until_a_reason_is_typed() {
    let mut s = stage();
    s.keys("2 F7 1").sees("2026-02");
    stands_behind(&s, " ");
    s.keys("Left").sees("2026-01").keys("Right").sees("2026-02");
    keys_of_a_line(&mut s);
    s.sees("2026-02").keys("C-u Left").sees("2026-01");
    // Nothing is asked of a month without gaps, so nothing is typed there.
    s.keys("'abc'").sees_no("abc");
    assert!(before_cursor(&s).is_none());
}

#[test]
fn home_and_end_go_through_the_help_while_nothing_is_typed() {
    let mut s = stage();
    s.keys("F1").sees("随处");
    s.keys("End").sees_no("随处").keys("Home").sees("随处");
}
