//! A masked copy, and a sealed month to be looked at.

use std::path::Path;

use serde_json::json;

use super::super::common::slip;
use super::kit::{archive, bytes, march, out, sealed};

#[test]
fn a_masked_copy_holds_no_name_and_no_telephone_number() {
    let site = march();
    assert_eq!(
        archive(&site, "2026-03", &["--mask", "--reason", "x"]).code,
        0
    );
    let masked = out(&site).join("2026-03-masked");
    let mut all = Vec::new();
    for (name, bytes) in bytes(&masked) {
        all.extend(unpacked(&name, bytes));
    }
    let text = String::from_utf8_lossy(&all);
    for word in [
        "13800000000",
        "13912345678",
        "李女士",
        "王先生",
        "钱师傅",
        "孙工",
        "陈文员",
    ] {
        assert!(!text.contains(word), "{word}");
    }
    assert!(text.contains("李**") && text.contains("138****0000") && text.contains("更换阀芯"));
    assert!(!masked.join("journal").exists() && !masked.join("gaps.json").exists());
    assert_eq!(site.run(&["archive", "verify", "out"]).code, 0);
    assert_eq!(site.run(&["archive", "open", "out/2026-03-masked"]).code, 1);
    // Of a month that is not sealed there is none.
    let fresh = march();
    let whole =
        std::fs::read_to_string(out(&site).join("2026-03/registers/work-order.jsonl")).unwrap();
    assert!(whole.contains("13800000000"));
    assert!(!fresh.folder().join("out").exists());
}

/// What a reader of the file sees: the cells of a workbook, the bytes of all else.
fn unpacked(name: &str, bytes: Vec<u8>) -> Vec<u8> {
    use calamine::{Data, Reader};
    if !name.ends_with(".xlsx") {
        return bytes;
    }
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let mut words = String::new();
    for sheet in book.sheet_names() {
        for row in book.worksheet_range(&sheet).unwrap().rows() {
            row.iter()
                .filter(|cell| **cell != Data::Empty)
                .for_each(|cell| words.push_str(&format!("{cell} ")));
        }
    }
    words.into_bytes()
}

#[test]
fn a_sealed_month_is_opened_to_be_looked_at_only() {
    let mut site = march();
    let before = site.show("W-2026-00001").fine();
    sealed(&site, "2026-03");
    site.now = "2026-06-01T09:00:00+08:00".into();
    let _ = site
        .act("W-2026-00001", "remark", &json!({"text": "以后的"}))
        .fine();
    let opened = site
        .run(&["archive", "open", "out/2026-03", "--format", "json"])
        .fine();
    assert_eq!(opened["records"], 4);
    let file = opened["file"].as_str().unwrap();
    site.now = opened["at"].as_str().unwrap().to_owned();
    let shown = site
        .run(&["--file", file, "show", "W-2026-00001", "--format", "json"])
        .fine();
    for key in ["state", "fields", "history", "deadlines", "closed"] {
        assert_eq!(shown[key], before[key], "{key}");
    }
    let add = [
        "--file",
        file,
        "add",
        "work-order",
        "--json",
        "-",
        "--format",
        "json",
    ];
    let refused = site.run_with(&add, &slip().to_string());
    assert_eq!(refused.refused().0, "not_now");
    assert!(refused.err.contains("只能查看"), "{}", refused.err);
    std::fs::remove_dir_all(Path::new(file).parent().unwrap()).unwrap();
    // A damaged one is not opened.
    std::fs::write(out(&site).join("2026-03/gaps.csv"), "x").unwrap();
    assert_eq!(
        site.run(&["archive", "open", "out/2026-03", "--format", "json"])
            .refused()
            .1,
        "path"
    );
}
