//! What is said: never cut, and to be read again.

use serde_json::json;

use super::Stage;
use crate::base::i18n::{Lang, Msg};
use crate::base::time::Instant;
use crate::desk::Error;
use crate::store::FileTrouble;
use crate::tui::message::Message;

/// A message of the edge that is longer than a line of 80 columns.
fn long(s: &mut Stage) -> String {
    let (before, after) = (Instant::default(), s.room.now);
    s.send(Message::Jumped(before, after));
    "电脑时钟由".to_owned()
}

#[test]
fn a_reason_that_is_longer_than_the_line_unfolds_and_goes_with_the_next_key() {
    let mut s = Stage::new(Lang::Zh, (60, 24));
    let begins = long(&mut s);
    let rows: Vec<String> = s.screen().lines().map(str::to_owned).collect();
    let at = rows.iter().position(|row| row.contains(&begins)).unwrap();
    // It begins above its usual line, and its end is there.
    assert!(at < 22, "{at}");
    let told: String = rows[at..23].concat();
    assert!(
        told.replace([' ', '─', '\n'], "")
            .contains("已记入日志，请核对"),
        "{told}"
    );
    s.keys("Home").sees_no(&begins);
}

#[test]
fn how_it_is_taken_back_stands_behind_a_long_word_too() {
    let mut s = Stage::new(Lang::Zh, (40, 24));
    s.keys("F6 '电房巡查正常' C-s");
    let screen = s.screen().replace([' ', '─', '\n'], "");
    assert!(screen.contains("F11"), "{screen}");
    assert!(screen.contains("✓"), "{screen}");
}

#[test]
fn earlier_words_can_be_read_again_the_latest_first() {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    s.keys("C-r").sees("还没有说过什么").keys("Esc");
    let begins = long(&mut s);
    s.record(
        "2026-03-02T09:00:00",
        "log",
        Some("entry"),
        json!({"text": "x", "kind": "carry"}),
    );
    s.look();
    s.keys("Home x").rest().sees("已处理");
    s.keys("C-r");
    let screen = s.screen();
    let (first, second) = (screen.find("已处理"), screen.find(&begins));
    assert!(first.unwrap() < second.unwrap(), "{screen}");
    s.keys("Esc m").sees("刚才说过的话");
}

#[test]
fn a_long_word_never_covers_what_one_types() {
    let mut s = Stage::new(Lang::Zh, (40, 12));
    s.keys("4 F2");
    let mut lowest = 0;
    for _ in 0..14 {
        s.keys("Tab");
        let bare = s.screen();
        // The line that unfolds the rest is no field.
        let Some((_, y)) = s.cursor() else { continue };
        lowest = lowest.max(y);
        s.send(Message::Copies(Err(Error::File(FileTrouble {
            path: "很长的文件夹名字".repeat(12).into(),
            reason: Msg::new("file.other").with("why", "磁盘已满"),
        }))));
        s.sees("‼ 文件 很长的");
        let row = |screen: &str| screen.lines().nth(usize::from(y)).unwrap().to_owned();
        assert_eq!(row(&s.screen()), row(&bare), "{}", s.screen());
    }
    // The word would take six rows, those from the fifth on.
    assert!(lowest >= 5, "{lowest}");
}
