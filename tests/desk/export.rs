//! Lists and whole registers as files.

use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::{Value, json};

use super::common::{Site, slip};

/// Three slips, the second one finished.
fn site() -> Site {
    let site = Site::new();
    for (index, phone) in ["13800000000", "013900000001", "13700000002"]
        .iter()
        .enumerate()
    {
        let mut data = slip();
        data["phone"] = json!(phone);
        data["content"] = json!(format!("=水龙头漏水 {index}"));
        let _ = site.add("work-order", &data).fine();
    }
    let done = json!({"result": "已换阀芯", "at": "2026-03-02T10:00", "by": "张工"});
    let _ = site.act("W-2026-00002", "finish", &done).fine();
    site
}

fn sheet(path: &std::path::Path, name: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let range = book.worksheet_range(name).unwrap();
    let text = |data: &Data| data.to_string();
    range
        .rows()
        .map(|row| row.iter().map(text).collect())
        .collect()
}

#[test]
fn a_list_goes_out_as_on_screen_whatever_its_page() {
    let site = site();
    let out = |name: &str, more: &[&str]| {
        let path = site.folder().join(name);
        let args = ["list", "work-order", "--out", path.to_str().unwrap()];
        let answer = site.run(&[&args[..], more].concat());
        assert_eq!(answer.code, 0, "{}", answer.err);
        path
    };
    let csv = std::fs::read_to_string(out("a.csv", &["--columns", "no,phone,content"])).unwrap();
    assert_eq!(
        csv,
        "\u{feff}编号,电话,内容\r\n\
         W-2026-00003,\t13700000002,'=水龙头漏水 2\r\n\
         W-2026-00002,\t013900000001,'=水龙头漏水 1\r\n\
         W-2026-00001,\t13800000000,'=水龙头漏水 0\r\n"
    );
    let masked = [
        "--columns",
        "reporter,phone",
        "--mask",
        "--where",
        "state=done",
    ];
    let csv = std::fs::read_to_string(out("b.csv", &masked)).unwrap();
    assert_eq!(csv, "\u{feff}报修人,电话\r\n李**,013*****0001\r\n");
    let json: Value = serde_json::from_str(
        &std::fs::read_to_string(out("c.json", &["--where", "state=done"])).unwrap(),
    )
    .unwrap();
    assert_eq!(json[0]["no"], "W-2026-00002");
    assert_eq!(json[0]["state"], "done");
    assert_eq!(json.as_array().unwrap().len(), 1);
    let rows = sheet(&out("d.xlsx", &["--open", "--by-due"]), "维修");
    assert_eq!(rows[0][0], "编号");
    assert_eq!(rows.len(), 4);
}

#[test]
fn a_whole_register_goes_out_with_its_history() {
    let site = site();
    let path = site.folder().join("all.xlsx");
    let args = ["list", "work-order", "--full", "--format", "json", "--out"];
    let answer = site
        .run(&[&args[..], &[path.to_str().unwrap()]].concat())
        .fine();
    assert_eq!(answer["records"], 3);
    let rows = sheet(&path, "维修");
    let place = rows[0]
        .iter()
        .position(|label| label == "修复·处理结果" || label == "修复·结果")
        .unwrap_or_else(|| panic!("{:?}", rows[0]));
    assert_eq!(rows[2][place], "已换阀芯");
    let history = sheet(&path, "经过");
    assert_eq!(history.len(), 1 + 4);
    // What is there is not overwritten unasked.
    let again = site.run(&[&args[..], &[path.to_str().unwrap()]].concat());
    assert_eq!(again.code, 3);
    let replace = [&args[..], &[path.to_str().unwrap(), "--replace"]].concat();
    assert_eq!(site.run(&replace).code, 0);
    let lines = site.folder().join("all.jsonl");
    let full = [
        "list",
        "work-order",
        "--full",
        "--out",
        lines.to_str().unwrap(),
    ];
    assert_eq!(site.run(&full).code, 0);
    let text = std::fs::read_to_string(lines).unwrap();
    let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(first, site.show("W-2026-00001").fine(), "oldest first");
}

#[test]
fn wrong_usage_is_told() {
    let site = site();
    for args in [
        &["list", "work-order", "--format", "xlsx"][..],
        &["due", "--format", "xlsx"],
        &["list", "work-order", "--out", "x.doc"],
        &[
            "list",
            "work-order",
            "--out",
            "x.csv",
            "--columns",
            "colour",
        ],
        &["list", "work-order", "--columns", "no"],
    ] {
        assert_eq!(site.run(args).code, 2, "{args:?}");
    }
    let nowhere = site.run(&["list", "work-order", "--out", "no/such/folder/x.csv"]);
    assert_eq!(nowhere.code, 3, "{}", nowhere.err);
}
