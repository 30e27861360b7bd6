//! The three formats side by side, and what a register looks like flat.

use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::{Value, json};

use super::flat::Flat;
use super::*;
use crate::base::i18n::{Lang, Voice};
use crate::record::action::ActionSpec;
use crate::registers::{REGISTERS, register};

fn voice() -> Voice {
    Voice::default()
}

fn column(key: &str, kind: ColumnKind) -> Column {
    Column {
        key: key.into(),
        label: key.to_uppercase(),
        kind,
        width: 10,
        personal: false,
    }
}

/// One column of each kind and a row of awkward values.
fn awkward() -> (Vec<Column>, Vec<Cell>) {
    let columns = vec![
        column("phone", ColumnKind::Text),
        column("formula", ColumnKind::Text),
        column("n", ColumnKind::Integer),
        column("kwh", ColumnKind::Decimal(2)),
        column("price", ColumnKind::Fen),
        column("at", ColumnKind::Instant),
        column("day", ColumnKind::Date),
        column("flag", ColumnKind::Bool),
        column("via", ColumnKind::Text),
        column("areas", ColumnKind::Json),
        column("none", ColumnKind::Text),
    ];
    let cells = vec![
        Cell::text("013800000000"),
        Cell::text("=cmd|' /C calc'!A0"),
        Cell::Integer(42),
        Cell::Decimal("1234.50".into()),
        Cell::Fen(12_345),
        Cell::At(voice().zone.parse("2026-03-02T14:30").unwrap()),
        Cell::Day("2026-03-02".parse().unwrap()),
        Cell::Flag(true),
        Cell::Coded {
            code: "phone".into(),
            words: "电话".into(),
        },
        Cell::Json {
            value: json!(["1栋", "2栋"]),
            words: Some("1栋、2栋".into()),
        },
        Cell::Empty,
    ];
    (columns, cells)
}

fn written(format: Format, name: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let (columns, cells) = awkward();
    let tables = vec![
        Table {
            name: "维修".into(),
            columns,
        },
        Table {
            name: "经过".into(),
            columns: vec![column("no", ColumnKind::Text)],
        },
    ];
    let style = Style {
        voice: voice(),
        made: voice().zone.parse("2026-03-31T00:00").unwrap(),
    };
    let mut out = create(format, &path, tables, style).unwrap();
    // Rows of two tables come as the records come.
    out.row(0, &cells).unwrap();
    out.row(1, &[Cell::text("W-2026-00001")]).unwrap();
    out.row(0, &cells).unwrap();
    assert!(!path.exists(), "nothing stands there before it is whole");
    out.finish().unwrap();
    (folder, path)
}

#[test]
fn csv_opens_right_in_a_spreadsheet() {
    let (folder, path) = written(Format::Csv, "out.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let line = "\t013800000000,'=cmd|' /C calc'!A0,42,1234.50,123.45,2026-03-02 14:30,2026-03-02,是,电话,1栋、2栋,\r\n";
    let header = "\u{feff}PHONE,FORMULA,N,KWH,PRICE,AT,DAY,FLAG,VIA,AREAS,NONE\r\n";
    assert_eq!(text, format!("{header}{line}{line}"));
    let second = std::fs::read_to_string(folder.path().join("out.经过.csv")).unwrap();
    assert_eq!(second, "\u{feff}NO\r\nW-2026-00001\r\n");
}

#[test]
fn json_is_typed_by_line_and_as_one_document() {
    let (_folder, path) = written(Format::JsonLines, "out.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let want = json!({"phone": "013800000000", "formula": "=cmd|' /C calc'!A0", "n": 42, "kwh": "1234.50",
        "price": 12_345, "at": "2026-03-02T14:30:00+08:00", "day": "2026-03-02", "flag": true, "via": "phone",
        "areas": ["1栋", "2栋"]});
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines, [want.clone(), want.clone()]);
    let (_folder, path) = written(Format::Json, "out.json");
    let whole: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(whole, json!([want, want]));
}

#[test]
fn another_library_reads_real_types_from_the_workbook() {
    let (_folder, path) = written(Format::Xlsx, "out.xlsx");
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    assert_eq!(book.sheet_names(), ["维修", "经过"]);
    let range = book.worksheet_range("维修").unwrap();
    let row: Vec<Data> = range.rows().nth(2).unwrap().to_vec();
    assert_eq!(row[0], Data::String("013800000000".into()));
    assert_eq!(
        row[1],
        Data::String("=cmd|' /C calc'!A0".into()),
        "a text, no formula"
    );
    assert_eq!(row[2], Data::Float(42.0));
    assert_eq!(row[3], Data::Float(1234.5));
    assert_eq!(row[4], Data::Float(123.45));
    let date = |data: &Data| match data {
        Data::DateTime(at) => at.to_ymd_hms_milli(),
        other => panic!("no date: {other:?}"),
    };
    assert_eq!(date(&row[5]), (2026, 3, 2, 14, 30, 0, 0));
    assert_eq!(date(&row[6]), (2026, 3, 2, 0, 0, 0, 0));
    assert_eq!(row[7], Data::String("是".into()));
    assert_eq!(range.height(), 3);
}

#[test]
fn the_same_rows_give_the_same_bytes_and_a_dropped_file_leaves_nothing() {
    for (format, name) in [(Format::Xlsx, "a.xlsx"), (Format::Csv, "a.csv")] {
        let [a, b] = [written(format, name), written(format, name)];
        assert_eq!(std::fs::read(&a.1).unwrap(), std::fs::read(&b.1).unwrap());
        let (columns, cells) = awkward();
        let style = Style {
            voice: voice(),
            made: crate::base::time::Instant::default(),
        };
        let table = Table {
            name: "x".into(),
            columns,
        };
        let before = std::fs::read_dir(a.0.path()).unwrap().count();
        let mut out = create(format, &a.0.path().join("b.xlsx"), vec![table], style).unwrap();
        out.row(0, &cells).unwrap();
        drop(out);
        assert_eq!(std::fs::read_dir(a.0.path()).unwrap().count(), before);
    }
}

#[test]
fn every_field_of_every_register_has_its_column_with_a_name_in_both_languages() {
    for lang in Lang::ALL {
        let voice = Voice { lang, ..voice() };
        for register in REGISTERS {
            let flat = Flat::of(*register, &voice);
            let mut labels: Vec<&str> = flat.columns().iter().map(|c| c.label.as_str()).collect();
            let raw: Vec<&&str> = labels
                .iter()
                .filter(|label| label.contains("field.") || label.contains("table."))
                .collect();
            assert!(raw.is_empty(), "{raw:?}");
            let mut keys: Vec<&str> = flat.columns().iter().map(|c| c.key.as_str()).collect();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), labels.len(), "no key twice");
            let by_hand = |action: &&ActionSpec| !register.reserved(action.name);
            for action in register.actions().iter().filter(by_hand) {
                for field in action.fields {
                    let key = if action.first {
                        field.key.to_owned()
                    } else {
                        format!("{}.{}", action.name, field.key)
                    };
                    assert!(keys.contains(&key.as_str()), "{key}");
                }
            }
            labels.sort_unstable();
            let twice: Vec<_> = labels
                .windows(2)
                .filter(|pair| pair[0] == pair[1])
                .collect();
            assert!(
                twice.is_empty(),
                "{} {twice:?} {:?}",
                register.spec().code,
                flat.columns()
            );
        }
    }
}

#[test]
fn a_few_rows_for_the_clipboard() {
    let (columns, cells) = awkward();
    let text = tsv(&voice(), &columns[..3], &[cells[..3].to_vec()]);
    assert_eq!(
        text,
        "PHONE\tFORMULA\tN\n013800000000\t'=cmd|' /C calc'!A0\t42"
    );
}

#[test]
fn history_longer_than_a_cell_goes_on_in_further_lines() {
    let mut entry: crate::record::entry::Entry = serde_json::from_value(json!({"version": 1, "no": "L-2026-00001",
        "register": "log", "action": "entry", "at": "2026-03-02T01:00:00Z", "received": "2026-03-02T01:00:00Z",
        "entered": "2026-03-02T01:00:00Z", "by": "王工", "data": {"text": "x"}}))
    .unwrap();
    let rules = crate::rules::ruleset::Rules::built_in().unwrap();
    assert_eq!(history::rows(&voice(), &rules, &entry).len(), 1);
    entry.data.insert("text".into(), "长".repeat(70_000).into());
    let rows = history::rows(&voice(), &rules, &entry);
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.len() == history::KEYS.len()));
    let data: String = rows.iter().map(|row| row[11].words(&voice())).collect();
    assert_eq!(data, Value::Object(entry.data).to_string());
    assert!(register("log").is_some());
}
