//! The clerk's screens: the month's end and the import of an old register.

use serde_json::json;

use super::Stage;
use crate::base::i18n::Lang;

/// A month with two slips and the one between them missing.
fn february(lang: Lang, size: (u16, u16)) -> Stage {
    let mut s = Stage::new(lang, size);
    for (no, place) in [("0012", "3栋1203"), ("0014", "A座15层")] {
        let slip = json!({"paper_no": no, "content": "灯不亮", "place": place, "team": "水电班"});
        s.record("2026-02-10T09:00:00", "work-order", None, slip);
    }
    s.look();
    s
}

fn archived(s: &Stage) -> Vec<String> {
    let folder = s.desk.path().with_file_name("archives");
    let read = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = read
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Opens a screen by its place in the menu behind F7.
fn open<'s>(s: &'s mut Stage, name: &str) -> &'s mut Stage {
    s.keys("F7");
    let screen = s.screen();
    let row = screen.lines().find_map(|line| {
        // `4 导入…`: a line of the menu, not whatever else names it.
        let (digit, called) = line.rsplit('│').next()?.trim().split_once(' ')?;
        (digit.len() == 1 && called.trim_start().starts_with(name)).then_some(digit)
    });
    let digit = row.unwrap_or_else(|| panic!("no {name}:\n{screen}"));
    s.keys(digit)
}

#[test]
fn a_month_is_sealed_with_its_reason_when_asked_twice() {
    let mut s = february(Lang::Zh, (120, 40));
    open(&mut s, "月末")
        .sees("2026-02")
        .sees("纸单缺号")
        .sees("纸单 0013");
    s.keys("Enter").sees("要说明原因");
    s.keys("'0013 撕毁' Enter").sees("再按一次 Enter");
    assert!(archived(&s).is_empty(), "once is not enough");
    s.keys("Enter").sees("已封存").sees("0013 撕毁");
    assert_eq!(archived(&s), ["2026-02"]);
    assert_eq!(s.desk.seals().unwrap()[0].by, "赵值班");
    s.keys("Esc").sees("今日");
}

#[test]
fn a_month_that_is_not_over_is_only_looked_at() {
    let mut s = february(Lang::Zh, (80, 24));
    open(&mut s, "月末")
        .keys("Right")
        .sees("2026-03")
        .sees("还没有结束");
    s.keys("Enter").sees("临时一份");
    assert_eq!(archived(&s).len(), 1);
    assert!(s.desk.seals().unwrap().is_empty());
    s.keys("Left Left").sees("2026-01").sees("没有缺漏");
}

#[test]
fn an_old_register_is_understood_corrected_tried_and_imported() {
    let mut s = Stage::new(Lang::Zh, (120, 40));
    let file = s.desk.path().with_file_name("旧.csv");
    let rows = "报修日期,报修地点,报修内容,班组,备用\n\
        2026-01-05 09:00,3栋1203,厨房漏水,水电班,甲\n\
        2026-01-06 10:00,A座15层,灯不亮,水电班,乙\n\
        哪天,B座,门锁坏,综合班,丙\n";
    std::fs::write(&file, rows).unwrap();
    s.keys("3");
    open(&mut s, "导入").keys("Enter").sees("先填文件的路径");
    s.send(crate::tui::message::Message::Paste(
        file.display().to_string(),
    ));
    s.keys("Enter")
        .sees("报修地点")
        .sees("→ 地点")
        .sees("记入备注");
    assert_eq!(s.desk.tally().unwrap().len(), 0);
    s.keys("End Right").sees("不要");
    s.keys("Enter").sees("可导入 2 条").sees("退回 1 条");
    assert_eq!(s.desk.tally().unwrap().len(), 0, "a trial writes nothing");
    s.keys("Enter").sees("导入 2 条").sees("退回的在");
    let records: u64 = s.desk.tally().unwrap().iter().map(|(_, _, n)| n).sum();
    assert_eq!(records, 2);
    s.keys("Enter").sees("3栋1203");
    open(&mut s, "导入");
    s.send(crate::tui::message::Message::Paste(
        file.display().to_string(),
    ));
    s.keys("Enter Enter").sees("已经有 2 条");
}

#[test]
fn a_file_that_is_not_there_is_said_and_the_path_can_be_put_right() {
    let mut s = Stage::new(Lang::Zh, (80, 24));
    open(&mut s, "导入")
        .keys("'/nowhere.csv' Enter")
        .sees("‼")
        .sees("/nowhere.csv");
    s.keys("Esc").sees("今日");
}

#[test]
fn the_screens_of_the_office() {
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for size in [(80, 24), (120, 40)] {
            let mut s = february(lang, size);
            let seen = |part: &str| format!("{part}_{name}_{}", size.0);
            let (month, import) = match lang {
                Lang::Zh => ("月末", "导入"),
                Lang::En => ("Month end", "Import"),
            };
            open(&mut s, month);
            insta::assert_snapshot!(seen("month_end"), s.screen());
            s.keys("Esc");
            let file = s.desk.path().with_file_name("old.csv");
            let rows = "报修日期,报修地点,报修内容,班组,旧编号\n\
                2026-01-05 09:00,3栋1203,厨房漏水,水电班,17\n";
            std::fs::write(&file, rows).unwrap();
            s.keys("3");
            open(&mut s, import);
            s.send(crate::tui::message::Message::Paste(
                file.display().to_string(),
            ));
            s.keys("Enter");
            insta::assert_snapshot!(seen("import_plan"), s.screen());
        }
    }
}
