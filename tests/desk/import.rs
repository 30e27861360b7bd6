//! Old registers as they come, and our own exports, into a file.

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

use super::common::{Answer, Site, slip};

fn import(site: &Site, file: &Path, register: &str, more: &[&str]) -> Answer {
    let args = ["import", file.to_str().unwrap(), "--as", register];
    site.run(&[&args[..], &["--format", "json"], more].concat())
}

fn write(site: &Site, name: &str, bytes: &[u8]) -> PathBuf {
    let path = site.folder().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

const SLIPS: &str = "阳光广场维修登记表,,,,,,,,\n\
部门：工程部,,,,,,,,\n\
序号,维修单号,报修日期,报修时间,楼栋房号,业主姓名,联系方式,报修内容,完成时间,处理结果,验收人,天气\n\
1,0001001,2025-3-2,9:10,3栋1203,李女士,13800000000,厨房水龙头漏水,2025年3月2日,已换阀芯,李女士,晴\n\
,,,,,,,,,,,\n\
2,0001002,2025/3/3,下午2点半,1栋0101,王先生,1.39E+10,客厅灯不亮,3月4日,,,\n\
3,0001003,2025.03.05,,2栋0502,陈太,0755-26000000,门锁坏,,,,阴\n";

#[test]
fn an_old_register_comes_in_with_its_own_dates_and_numbers() {
    let site = Site::new();
    let file = write(&site, "维修.csv", SLIPS.as_bytes());
    let asked = import(&site, &file, "work-order", &[]);
    assert_eq!(asked.refused(), ("missing_field".into(), "team".into()));
    assert!(
        asked.err.contains("--set team=") && asked.err.contains("--set year="),
        "{}",
        asked.err
    );
    assert!(
        !site.file().exists() || site.show("W-2026-00001").code == 1,
        "nothing was written"
    );
    let set = [
        "--set",
        "team=水工班",
        "--set",
        "year=2025",
        "--by",
        "陈文员",
    ];
    let answer = import(&site, &file, "work-order", &set);
    let json = answer.json();
    assert_eq!(answer.code, 1, "one row is refused: {}", answer.err);
    assert_eq!(
        (&json["rows"], &json["kept"], &json["refused"]),
        (&json!(3), &json!(2), &json!(1)),
        "{json}"
    );
    assert_eq!(json["reasons"][0]["line"], 6);
    let first = site.show("W-2026-00001").fine();
    assert_eq!(first["state"], "accepted");
    assert_eq!(first["received"], "2025-03-02T09:10:00+08:00");
    assert_eq!(first["fields"]["paper_no"], "0001001");
    assert_eq!(first["fields"]["phone"], "13800000000");
    let history = first["history"].as_array().unwrap();
    let actions: Vec<&str> = history
        .iter()
        .map(|e| e["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["issue", "finish", "accept"]);
    assert_eq!(history[0]["note"], "序号: 1\n天气: 晴");
    assert_eq!(history[0]["late_entry"], true);
    assert_eq!(history[0]["by"], "陈文员");
    assert_eq!(
        history[0]["source"]["file"].as_str().map(str::len),
        Some(16)
    );
    assert_eq!(
        history[1]["at"], "2025-03-02T09:10:00+08:00",
        "only its day is known"
    );
    let third = site.show("W-2026-00002").fine();
    assert_eq!(third["fields"]["phone"], "0755-26000000");
    assert_eq!(third["state"], "issued");
    // The second row has a date of completion but no result; corrected in the file of the refused it comes in.
    let refused = PathBuf::from(json["refused_file"].as_str().unwrap());
    assert_eq!(refused.file_name().unwrap(), "维修.refused.csv");
    let text = std::fs::read_to_string(&refused).unwrap();
    assert!(
        text.contains("客厅灯不亮") && text.contains("【未收原因】"),
        "{text}"
    );
    assert!(!text.contains("门锁坏"));
    std::fs::write(&refused, text.replace("3月4日,,", "3月4日,已换灯管,王先生")).unwrap();
    let answer = import(&site, &refused, "work-order", &set);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let second = site.show("W-2026-00003").fine();
    assert_eq!(second["fields"]["phone"], "13900000000");
    assert_eq!(second["received"], "2025-03-03T14:30:00+08:00");
    // The same file again adds nothing, also not the row that came in by the other file.
    let again = import(&site, &file, "work-order", &set).json();
    assert_eq!(
        (&again["kept"], &again["already"]),
        (&json!(0), &json!(2)),
        "{again}"
    );
    assert_eq!(site.run(&["check"]).code, 0);
    assert_eq!(site.run(&["check", "--rebuild"]).code, 0);
    let again = import(&site, &file, "work-order", &set).json();
    assert_eq!(again["kept"], 0, "a rebuild knows what was imported");
}

#[test]
fn encodings_separators_and_the_dry_runs_mapping() {
    let text = "报修日期;房号;内容;班组\n2025-3-2;3栋1203;水龙头漏水;水工班\n2025-3-3;1栋0101;灯不亮;电工班\n";
    let utf16: Vec<u8> = [0xfeff_u16]
        .into_iter()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let gbk = encoding_rs::GB18030.encode(text).0.into_owned();
    for bytes in [text.as_bytes().to_vec(), utf16, gbk] {
        let site = Site::new();
        let file = write(&site, "old.csv", &bytes);
        let json = import(&site, &file, "work-order", &[]).fine();
        assert_eq!(json["kept"], 2);
        assert_eq!(site.show("W-2026-00002").fine()["fields"]["team"], "电工班");
    }
    let site = Site::new();
    let file = write(&site, "old.csv", text.replace("班组", "谁修").as_bytes());
    let path = file.to_str().unwrap();
    let dry = site.run(&["import", path, "--as", "work-order", "--dry-run"]);
    assert_eq!(dry.code, 1, "something must be said: {}", dry.err);
    assert!(dry.out.contains("\"谁修\" = \"note\""), "{}", dry.out);
    let map = dry
        .out
        .replace("\"谁修\" = \"note\"", "\"谁修\" = \"team\"");
    let map = write(&site, "map.toml", map.as_bytes());
    let with_map = ["--map", map.to_str().unwrap()];
    let tried = import(
        &site,
        &file,
        "work-order",
        &[&with_map[..], &["--dry-run"]].concat(),
    );
    assert_eq!(tried.fine()["tried"]["kept"], 2);
    assert_eq!(site.show("W-2026-00001").code, 1, "a trial writes nothing");
    assert_eq!(
        import(&site, &file, "work-order", &with_map).fine()["kept"],
        2
    );
    let wrong = write(&site, "wrong.toml", b"[columns]\n\"nowhere\" = \"team\"\n");
    let answer = import(
        &site,
        &file,
        "work-order",
        &["--map", wrong.to_str().unwrap()],
    );
    assert_eq!(answer.refused().0, "bad_value");
}

/// A workbook as offices keep them: a merged title, a two-row header, real dates, phones as floats, a formula, an empty
/// line, fifty columns.
fn office_workbook(path: &Path) {
    let mut book = Workbook::new();
    let cover = book.add_worksheet();
    cover.set_name("封面").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("三月").unwrap();
    let bold = Format::new().set_bold();
    sheet
        .merge_range(0, 0, 0, 9, "阳光广场2025年3月维修登记", &bold)
        .unwrap();
    sheet.merge_range(1, 0, 2, 0, "序号", &bold).unwrap();
    sheet.merge_range(1, 1, 1, 5, "报修", &bold).unwrap();
    sheet.merge_range(1, 6, 1, 8, "完成", &bold).unwrap();
    for (column, label) in [
        (1, "日期"),
        (2, "房号"),
        (3, "姓名"),
        (4, "电话"),
        (5, "内容"),
        (6, "时间"),
        (7, "结果"),
        (8, "费用"),
    ] {
        sheet.write_string(2, column, label).unwrap();
    }
    sheet.write_string(2, 9, "班组").unwrap();
    for column in 10..50 {
        sheet
            .write_string(2, column, format!("栏{column}"))
            .unwrap();
    }
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    for row in 0..3_u32 {
        let line = if row == 2 { 6 } else { row + 3 };
        sheet.write_number(line, 0, row + 1).unwrap();
        let at = ExcelDateTime::from_ymd(2025, 3, 2)
            .unwrap()
            .and_hms(9, 10, 0)
            .unwrap();
        sheet
            .write_datetime_with_format(line, 1, &at, &date)
            .unwrap();
        sheet
            .write_string(line, 2, format!("{}栋1203", row + 1))
            .unwrap();
        sheet.write_string(line, 3, "李女士").unwrap();
        sheet
            .write_number(line, 4, 13_800_000_000.0 + f64::from(row))
            .unwrap();
        let content =
            rust_xlsxwriter::Formula::new("=\"水龙头\"&\"漏水\"").set_result("水龙头漏水");
        sheet.write_formula(line, 5, content).unwrap();
        // A serial number whose cell has lost its format.
        sheet.write_number(line, 6, 45_718.5).unwrap();
        sheet.write_string(line, 7, "已换").unwrap();
        sheet.write_number(line, 8, 12.5).unwrap();
        sheet.write_string(line, 9, "水工班").unwrap();
        sheet.write_string(line, 49, "末栏").unwrap();
    }
    book.save(path).unwrap();
}

#[test]
fn a_workbook_as_offices_keep_them() {
    let site = Site::new();
    let path = site.folder().join("三月.xlsx");
    office_workbook(&path);
    let json = import(&site, &path, "work-order", &[]).fine();
    assert_eq!(
        (&json["kept"], &json["rows"]),
        (&json!(3), &json!(3)),
        "{json}"
    );
    let first = site.show("W-2026-00001").fine();
    assert_eq!(first["received"], "2025-03-02T09:10:00+08:00");
    assert_eq!(first["fields"]["phone"], "13800000000");
    assert_eq!(first["fields"]["content"], "水龙头漏水");
    assert_eq!(first["history"][1]["at"], "2025-03-02T12:00:00+08:00");
    let note = first["history"][0]["note"].as_str().unwrap();
    assert!(
        note.contains("费用: 12.5") && note.contains("栏49: 末栏"),
        "{note}"
    );
    let missing = import(&site, &path, "work-order", &["--sheet", "四月"]);
    assert_eq!(missing.code, 3);
    assert!(
        missing.json()["refused"]["message"]
            .as_str()
            .unwrap()
            .contains("三月")
    );
}

#[test]
fn a_paper_number_that_is_there_is_known_or_refused() {
    let site = Site::new();
    let mut typed = slip();
    typed["paper_no"] = json!("0009");
    typed["at"] = json!("2026-03-02T09:10");
    let _ = site.add("work-order", &typed).fine();
    let csv = "单号,报修日期,房号,内容,班组,姓名,电话\n\
               0009,2026-03-02 09:10,3栋1203,厨房水龙头漏水,水工班,李女士,13800000000\n\
               0009,2026-03-02,3栋1203,厨房水龙头漏水,水工班,李女士,13800000000\n\
               0009,2026-03-01 09:10,3栋1203,厨房水龙头漏水,水工班,李女士,13800000000\n\
               0009,2026-03-02 09:10,3栋1203,别的事,水工班,李女士,13800000000\n";
    let file = write(&site, "a.csv", csv.as_bytes());
    let answer = import(&site, &file, "work-order", &[]);
    let json = answer.json();
    assert_eq!(
        (&json["already"], &json["refused"]),
        (&json!(2), &json!(2)),
        "{json}"
    );
    assert_eq!(json["known"][0]["no"], "W-2026-00001");
}

/// What two files say of a record, without what hashes and places in the chain say.
fn document(site: &Site, no: &str) -> Value {
    let mut document = site.show(no).fine();
    for entry in document["history"].as_array_mut().unwrap() {
        let entry = entry.as_object_mut().unwrap();
        entry.remove("hash");
        entry.remove("seq");
        // Places in the journal are others in another file.
        for place in ["cause", "struck_by", "corrected_by"] {
            entry.remove(place);
        }
        // What came from a file says so.
        entry.remove("source");
    }
    document
}

/// A building's year, whole registers.
fn year() -> Site {
    let site = Site::new();
    let answer = site.run(&["demo", "--records", "120", "--seed", "7", "--no-open"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    site
}

fn numbers(site: &Site, register: &str) -> Vec<String> {
    let list = site.run(&["list", register, "--limit", "10000", "--format", "json"]);
    let items = list.fine()["items"].as_array().unwrap().clone();
    items
        .iter()
        .map(|item| item["no"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn exported_registers_come_back_as_the_same_records() {
    let from = year();
    let registers = ["log", "work-order", "complaint", "outage", "application"];
    for format in ["xlsx", "jsonl"] {
        let mut to = Site::new();
        to.now.clone_from(&from.now);
        for register in registers {
            let file = to.folder().join(format!("{register}.{format}"));
            let out = file.to_str().unwrap();
            let exported = from.run(&["list", register, "--full", "--out", out]);
            assert_eq!(exported.code, 0, "{}", exported.err);
            let json = import(&to, &file, register, &[]);
            assert_eq!(
                json.code, 0,
                "{register} {format} {} {}",
                json.out, json.err
            );
            assert_eq!(numbers(&from, register), numbers(&to, register));
            // Into the file it came from it adds nothing.
            let same = import(&from, &file, register, &[]).fine();
            assert_eq!(same["kept"], 0);
            assert_eq!(same["already"], json.json()["kept"]);
        }
        for register in registers {
            for no in numbers(&from, register).into_iter().step_by(3) {
                assert_eq!(document(&from, &no), document(&to, &no), "{format}");
            }
        }
        assert_eq!(to.run(&["check"]).code, 0);
        // A new record goes on after the numbers that came in.
        let next = to.add("work-order", &slip()).fine()["no"].clone();
        assert!(!numbers(&from, "work-order").contains(&next.as_str().unwrap().to_owned()));
    }
}

#[test]
fn the_flat_table_comes_back_with_numbers_states_and_fields() {
    let from = Site::new();
    for index in 0..3 {
        let mut data = slip();
        data["content"] = json!(format!("=漏水 {index}\n第二行"));
        data["urgent"] = json!(index == 1);
        let _ = from.add("work-order", &data).fine();
    }
    let done = json!({"result": "已换", "at": "2026-03-02T10:00", "by": "张工"});
    let _ = from.act("W-2026-00002", "finish", &done).fine();
    let quote = json!({"amount_fen": 12_345, "items": [{"name": "阀芯", "qty": 1, "price_fen": 12_345}],
        "at": "2026-03-02T11:00"});
    let _ = from
        .act("W-2026-00003", "arrive", &json!({"at": "2026-03-02T10:30"}))
        .fine();
    let _ = from.act("W-2026-00003", "quote", &quote).fine();
    let to = Site::new();
    let file = to.folder().join("flat.csv");
    let out = [
        "list",
        "work-order",
        "--full",
        "--out",
        file.to_str().unwrap(),
    ];
    assert_eq!(from.run(&out).code, 0);
    let answer = import(&to, &file, "work-order", &[]);
    assert_eq!(answer.code, 0, "{} {}", answer.out, answer.err);
    for no in numbers(&from, "work-order") {
        let [mut a, mut b] = [document(&from, &no), document(&to, &no)];
        for document in [&mut a, &mut b] {
            for entry in document["history"].as_array_mut().unwrap() {
                entry.as_object_mut().unwrap().remove("role");
            }
        }
        assert_eq!(a, b);
    }
    let same = import(&from, &file, "work-order", &[]).fine();
    assert_eq!((&same["kept"], &same["already"]), (&json!(0), &json!(3)));
}

#[test]
fn files_that_are_no_tables_are_told() {
    let site = Site::new();
    let broken = write(&site, "broken.xlsx", b"PK\x03\x04 no workbook");
    assert_eq!(import(&site, &broken, "work-order", &[]).code, 3);
    let nowhere = site.folder().join("nowhere.csv");
    assert_eq!(import(&site, &nowhere, "work-order", &[]).code, 3);
    let words = write(&site, "words.csv", "甲,乙\n1,2\n".as_bytes());
    assert_eq!(import(&site, &words, "work-order", &[]).code, 1);
    assert_eq!(import(&site, &words, "parking", &[]).code, 1);
    assert_eq!(
        import(&site, &words, "work-order", &["--set", "team"]).code,
        2
    );
    assert_eq!(
        import(&site, &words, "work-order", &["--set", "colour=red"]).code,
        1
    );
}

/// Files of other programs, made once: `tests/import`.
#[test]
fn workbooks_of_older_and_other_programs() {
    for name in ["old.xls", "old.ods"] {
        let site = Site::new();
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/import")
            .join(name);
        let json = import(&site, &file, "work-order", &[]).fine();
        assert_eq!(json["kept"], 2, "{name} {json}");
        let first = site.show("W-2026-00001").fine();
        assert_eq!(first["received"], "2025-03-02T09:10:00+08:00");
        assert_eq!(first["fields"]["phone"], "13800000000");
        assert_eq!(first["fields"]["paper_no"], "0002001");
        let second = site.show("W-2026-00002").fine();
        assert_eq!(second["fields"]["team"], "电工班");
        assert!(
            second["received"]
                .as_str()
                .unwrap()
                .starts_with("2025-03-03T")
        );
    }
}

#[test]
fn a_flat_table_that_tells_less_than_happened_is_not_taken_for_all() {
    let from = Site::new();
    let _ = from.add("work-order", &slip()).fine();
    for hour in [10, 11] {
        let visit =
            json!({"admitted": false, "reason": "无人", "at": format!("2026-03-02T{hour}:00")});
        let _ = from.act("W-2026-00001", "arrive", &visit).fine();
    }
    let to = Site::new();
    let file = to.folder().join("flat.csv");
    let out = [
        "list",
        "work-order",
        "--full",
        "--out",
        file.to_str().unwrap(),
    ];
    assert_eq!(from.run(&out).code, 0);
    let json = import(&to, &file, "work-order", &[]).json();
    assert_eq!((&json["kept"], &json["refused"]), (&json!(0), &json!(1)));
    let why = json["reasons"][0]["reason"].as_str().unwrap();
    assert!(why.contains("jsonl"), "{why}");
}
