//! Copying, printing, exporting by one key.

use serde_json::json;

use super::Stage;
use crate::base::i18n::Lang;
use crate::base::progress::Progress;
use crate::tui::message::Message;

fn slips(lang: Lang, size: (u16, u16)) -> Stage {
    let mut s = Stage::new(lang, size);
    for (no, content, place) in [
        ("0012", "厨房水龙头漏水", "3栋1203"),
        ("0013", "走廊灯不亮", "A座15层"),
        ("0014", "=HYPERLINK(1)", "5栋0802"),
    ] {
        let slip = json!({"paper_no": no, "content": content, "place": place, "team": "水电班"});
        s.record("2026-03-02T09:00:00", "work-order", None, slip);
    }
    s.look();
    s
}

/// The files of a folder beside the desk's file.
fn files(s: &Stage, folder: &str) -> Vec<String> {
    let folder = s.desk.path().with_file_name(folder);
    let read = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = read
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_paper_is_looked_at_printed_and_printed_anew_when_facts_have_changed() {
    let mut s = slips(Lang::Zh, (120, 40));
    s.keys("3 End Enter F7").sees("未签发");
    s.keys("2")
        .sees("打印即签发第 1 版")
        .sees("3栋1203")
        .sees("草稿");
    assert!(files(&s, "papers").is_empty(), "looking issues nothing");
    s.keys("t").sees("已签发第 1 版").sees("W-2026-00001");
    let first = files(&s, "papers");
    assert_eq!(first.len(), 1);
    assert!(first[0].ends_with("-v1.txt"), "{first:?}");
    s.sees("再打印是同一版").keys("t").sees("✓ 已打印");
    assert_eq!(files(&s, "papers"), first, "the same version again");
    let change = json!({"changes": {"place": "4栋0101"}, "reason": "抄错"});
    s.record("2026-03-02T09:30:00", "W-2026-00001", Some("amend"), change);
    s.keys("Esc").look().sees("已过时").sees("签发第 2 版");
    // Down to the paper: it stands behind the duties.
    for _ in 0..12 {
        if s.screen().contains("第 1 版（") {
            break;
        }
        s.keys("Down Enter");
        if !s.screen().contains("第 1 版（") {
            s.keys("Esc").sees("已过时");
        }
    }
    s.sees("3栋1203 → 4栋0101").keys("t").sees("已签发第 2 版");
    assert_eq!(files(&s, "papers").len(), 2);
    let papers = s
        .desk
        .view("W-2026-00001")
        .unwrap()
        .unwrap()
        .record
        .head
        .papers;
    assert_eq!(papers.last().unwrap().version, 2);
}

#[test]
fn enter_prints_as_the_settings_say() {
    let mut s = slips(Lang::Zh, (80, 24));
    s.keys("3 Enter F7 2 Enter").sees("已签发第 1 版");
    let ending = if cfg!(feature = "pdf") {
        ".pdf"
    } else {
        ".txt"
    };
    assert!(files(&s, "papers")[0].ends_with(ending));
}

#[test]
fn nobody_issues_a_paper_without_a_name() {
    let mut s = slips(Lang::Zh, (80, 24));
    s.room.operator = None;
    s.keys("3 Enter F7 2 t")
        .sees("谁在当值")
        .keys("1")
        .sees("已签发第 1 版");
}

#[test]
fn a_paper_that_cannot_be_written_is_issued_and_says_so() {
    let mut s = slips(Lang::Zh, (120, 40));
    std::fs::write(s.desk.path().with_file_name("papers"), "in the way").unwrap();
    s.keys("3 Enter F7 2 t")
        .sees("已签发并记入")
        .sees_no("未存盘");
    std::fs::remove_file(s.desk.path().with_file_name("papers")).unwrap();
    s.keys("t").sees("✓ 已打印");
    assert!(files(&s, "papers")[0].ends_with("-v1.txt"));
}

#[test]
fn marked_lines_are_copied_together_as_a_table() {
    let mut s = slips(Lang::Zh, (80, 24));
    s.keys("3 Space Space").sees("选中 2 行").sees("◆");
    s.keys("F7 1").sees("已复制 2 行");
    let lines: Vec<&str> = s.copied[0].lines().collect();
    assert_eq!(lines.len(), 3, "{:?}", s.copied);
    assert!(
        lines[0].contains('\t') && lines[1].contains("W-2026-00003"),
        "{lines:?}"
    );
    assert!(
        !s.copied[0].contains("\t=HYPERLINK"),
        "no formula: {lines:?}"
    );
    s.keys("Esc").sees_no("选中 2 行").sees("W-00003");
    s.keys("Home Space Up Space").sees_no("选中");
}

#[test]
fn the_list_goes_out_as_it_stands() {
    let mut s = slips(Lang::Zh, (80, 24));
    s.keys("3 F7").sees("CSV").keys("4").sees("已导出 3 条");
    let names = files(&s, "exports");
    assert_eq!(names, ["维修-20260302-0942.csv"]);
    s.keys("F7 4").sees("已导出 3 条");
    assert_eq!(files(&s, "exports").len(), 2, "nothing is overwritten");
    s.keys("F4 Down Right Right").sees("筛选").keys("Esc F7 3");
    assert!(!s.screen().contains("已导出 3 条"), "{}", s.screen());
}

#[test]
fn long_work_is_watched_left_and_stopped() {
    let mut s = slips(Lang::Zh, (80, 24));
    s.holds = true;
    s.keys("3 F7 4").sees("导出维修").sees("Esc 取消");
    let half = Progress {
        done: 500,
        all: Some(1000),
    };
    s.send(Message::Progress(half));
    s.sees("500/1000");
    s.keys("1")
        .sees("500/1000")
        .keys("3 F7 4")
        .sees("前一件还没办完");
    s.keys("Home").sees("500/1000");
    // Seen again and stopped.
    s.keys("F8").sees("停电范围").keys("Esc Esc");
    let ended = crate::tui::job::Ended::Stopped;
    s.send(Message::Ended(Ok(ended)));
    s.sees("没有留下半份").sees_no("500/1000");
    s.keys("3 F7 4 Esc").sees("正在取消");
    assert!(s.stopped);
}

#[test]
fn stopped_long_work_leaves_no_file() {
    let mut s = slips(Lang::Zh, (80, 24));
    for n in 0..210 {
        let slip = json!({"content": format!("灯 {n}"), "place": "A座", "team": "水电班"});
        s.record("2026-03-02T09:00:00", "work-order", None, slip);
    }
    s.stops = true;
    s.look().keys("3 F7 3").sees("没有留下半份");
    assert!(
        files(&s, "exports").is_empty(),
        "{:?}",
        files(&s, "exports")
    );
}

#[test]
fn the_screens_of_printing_and_exporting() {
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for size in [(80, 24), (120, 40)] {
            let mut s = slips(lang, size);
            let seen = |part: &str| format!("{part}_{name}_{}", size.0);
            s.keys("3 Space F7");
            insta::assert_snapshot!(seen("outlet_list"), s.screen());
            s.keys("Esc Esc Enter F7");
            insta::assert_snapshot!(seen("outlet_card"), s.screen());
            s.keys("2");
            insta::assert_snapshot!(seen("outlet_paper"), s.screen());
            s.keys("t Esc Esc");
            s.holds = true;
            s.keys("F7 3");
            let half = Progress {
                done: 12_000,
                all: Some(100_000),
            };
            s.send(Message::Progress(half));
            insta::assert_snapshot!(seen("outlet_job"), s.screen());
        }
    }
}
