//! What the drawing must keep to, whatever is on the paper.

use super::engine::pages;
use super::*;
use crate::base::i18n::{Lang, Voice};
use crate::documents::samples::{list, notice, paragraph, slip};
use crate::documents::sheet::{Cell, Column, Imprint, Page, Signature, Size};

fn look() -> Look {
    Look::new(Words::of(&Voice::default()))
}

fn holds(bytes: &[u8], what: &str) -> bool {
    bytes
        .windows(what.len())
        .any(|part| part == what.as_bytes())
}

fn text_of(sheet: &Sheet) -> String {
    let text = pages(std::slice::from_ref(sheet), &look())
        .unwrap()
        .concat();
    text.replace(['|', '\u{200b}'], "")
}

fn letter(text: &str) -> Sheet {
    Sheet {
        title: "函".into(),
        blocks: vec![paragraph(text)],
        ..Sheet::default()
    }
}

#[test]
fn every_copy_is_a_page_with_its_name_and_counts_for_itself() {
    let set = pages(&[slip(), notice()], &look()).unwrap();
    assert_eq!(set.len(), 4);
    for (page, name) in set.iter().zip(["业主联", "服务中心联", "工程部联"]) {
        let page = page.replace('|', "");
        assert!(page.contains(name), "{page}");
        for part in [
            "维修单",
            "编号：W-2026-00123",
            "王镕堃",
            "客户签字：",
            "李强",
            "第1版",
            "校验码 7K3M-Q9TD",
            "第 1 页 共 1 页",
            "☐ 满意",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
    }
    assert!(set[3].contains("草稿"));
    assert!(!set[0].contains("草稿"));
}

#[test]
fn a_long_list_repeats_its_head_and_counts_its_pages() {
    let set = pages(&[list(60), list(3)], &look()).unwrap();
    assert!(set.len() > 3, "{}", set.len());
    let of_list = set.len() - 1;
    for (n, page) in set.iter().take(of_list).enumerate() {
        let page = page.replace('|', "");
        assert!(page.contains("费用（元）"), "{page}");
        assert!(
            page.contains(&format!("第 {} 页 共 {of_list} 页", n + 1)),
            "{page}"
        );
    }
    assert!(set[of_list].replace('|', "").contains("第 1 页 共 1 页"));
    let all = set.concat();
    assert!((1..=60).all(|n| all.contains(&format!("W-2026-{n:05}"))));
}

#[test]
fn a_paper_that_runs_over_its_page_by_a_little_is_set_closer() {
    let mut sheet = slip();
    sheet.copies.clear();
    let Some(Block::Form { rows, .. }) = sheet.blocks.first_mut() else {
        panic!("a form");
    };
    let row = rows[0].clone();
    rows.extend(vec![row.clone(); 4]);
    let set = |sheet: &Sheet| pages(std::slice::from_ref(sheet), &look()).unwrap().len();
    assert_eq!(set(&sheet), 1);
    let Some(Block::Form { rows, .. }) = sheet.blocks.first_mut() else {
        panic!("a form");
    };
    rows.extend(vec![row; 12]);
    assert_eq!(set(&sheet), 2, "what is really longer takes another page");
}

#[test]
fn the_same_papers_give_the_same_bytes_and_a_dated_one_is_pdf_a() {
    let made = pdf(&[slip()], &look()).unwrap();
    assert!(made.starts_with(b"%PDF-1."));
    assert_eq!(made, pdf(&[slip()], &look()).unwrap());
    assert!(holds(&made, "pdfaid:part"), "says that it is PDF/A");
    assert!(holds(&made, "2026-03-02"), "dated by its issue");
    let mut chinese = slip();
    chinese.imprint.issued = "2026年3月2日".into();
    assert!(holds(&pdf(&[chinese], &look()).unwrap(), "2026-03-02"));
    let draft = pdf(&[notice()], &look()).unwrap();
    assert!(!holds(&draft, "pdfaid:part"));
    let mut look = look();
    look.dated = LocalDate::from_ymd_opt(2026, 3, 9);
    assert!(holds(&pdf(&[notice()], &look).unwrap(), "pdfaid:part"));
}

#[test]
fn what_a_person_typed_is_never_taken_for_code() {
    for text in [
        "#let x = 1",
        "*重* _斜_ $x^2$",
        "\\ \"] #panic(\"x\")",
        "= 标题",
        "- 一\n+ 二\n/ 三: 四",
        "@ref <last> `raw` ~ -- ---",
        "http://example.com/a?b=c // d /* e */",
        "%{n} \\u{4e2d} {{ }} [[ ]]",
        "'单' \"双\" ...",
    ] {
        let drawn = text_of(&letter(text));
        let wanted: String = text.split(['\n', ' ']).collect();
        assert!(drawn.replace(' ', "").contains(&wanted), "{text}: {drawn}");
    }
    // In every other place too.
    let evil = "#panic()";
    let sheet = Sheet {
        company: evil.into(),
        title: evil.into(),
        number: evil.into(),
        imprint: Imprint {
            clauses: evil.into(),
            version: Some(2),
            issued: evil.into(),
            check: evil.into(),
            mark: evil.into(),
        },
        copies: vec![evil.into()],
        blocks: vec![
            Block::Heading { text: evil.into() },
            Block::Form {
                widths: vec![1],
                rows: vec![vec![Cell {
                    text: evil.into(),
                    ..Cell::default()
                }]],
            },
            Block::Grid {
                columns: vec![Column {
                    label: evil.into(),
                    width: 1,
                    right: true,
                }],
                rows: vec![vec![evil.into()]],
            },
            Block::Signatures {
                boxes: vec![Signature {
                    label: evil.into(),
                    name: evil.into(),
                    date: evil.into(),
                }],
            },
        ],
        ..Sheet::default()
    };
    let drawn = text_of(&sheet);
    assert_eq!(drawn.matches(evil).count(), 16, "{drawn}");
}

#[test]
fn long_odd_and_empty_papers_are_drawn() {
    let long = "长文".repeat(2000);
    let set = pages(&[letter(&long)], &look()).unwrap();
    assert!(set.len() >= 2);
    assert_eq!(
        set.concat().matches('长').count(),
        2000,
        "no character is lost at a page's end"
    );
    let hash = "0123456789abcdef".repeat(40);
    assert!(text_of(&letter(&hash)).contains(&hash));
    let high = Sheet {
        blocks: vec![Block::Form {
            widths: vec![1, 4],
            rows: vec![vec![
                Cell {
                    text: "情况".into(),
                    span: 1,
                    label: true,
                    lines: 1,
                },
                Cell {
                    text: long.clone(),
                    span: 1,
                    ..Cell::default()
                },
            ]],
        }],
        ..Sheet::default()
    };
    assert!(
        pages(&[high], &look()).unwrap().len() >= 2,
        "a cell breaks over pages"
    );
    let hollow = Sheet {
        blocks: vec![
            Block::Form {
                widths: vec![],
                rows: vec![],
            },
            Block::Grid {
                columns: vec![],
                rows: vec![],
            },
            Block::Signatures { boxes: vec![] },
            Block::Heading {
                text: String::new(),
            },
            paragraph(""),
        ],
        ..Sheet::default()
    };
    assert_eq!(pages(&[hollow], &look()).unwrap().len(), 1);
    assert_eq!(pages(&[Sheet::default()], &look()).unwrap().len(), 1);
    assert!(pdf(&[], &look()).unwrap().starts_with(b"%PDF"));
    for size in [Size::A4, Size::A5] {
        for landscape in [false, true] {
            let mut sheet = slip();
            sheet.page = Page { size, landscape };
            assert_eq!(
                pages(&[sheet], &look()).unwrap().len(),
                3,
                "{size:?} {landscape}"
            );
        }
    }
}

#[test]
fn names_are_in_the_fonts_and_what_is_not_is_told() {
    let look = look();
    // 〇 to 龥 and the rest of GBK: every two bytes that are a character.
    let lacking: Vec<char> = (0x81..=0xfe_u8)
        .flat_map(|high| (0x40..=0xfe_u8).map(move |low| [high, low]))
        .filter_map(|pair| {
            let (text, _, wrong) = encoding_rs::GBK.decode(&pair);
            let c = text.chars().next().filter(|_| !wrong)?;
            (text.chars().count() == 1 && !('\u{e000}'..='\u{f8ff}').contains(&c)).then_some(c)
        })
        .filter(|c| !look.fonts.has(*c))
        .collect();
    assert_eq!(lacking, Vec::<char>::new());
    let rare = letter("朱镕基 李喆 王堃 㐂 䶮 𬭎 鿏 ①⑳ ✓✗√×□☐☑℃㎡№‼○●≒");
    assert_eq!(missing_glyphs(&rare, &look), Vec::<char>::new());
    let lost = letter("王\u{2a700}发😀\u{2a700}");
    assert_eq!(missing_glyphs(&lost, &look), ['\u{2a700}', '😀']);
    assert!(text_of(&lost).contains("王〓发〓〓"));
    assert!(
        pdf(&[lost], &look).is_ok(),
        "PDF/A allows no missing glyph: 〓 stands for it"
    );
}

#[test]
fn a_company_template_takes_the_place_and_its_mistakes_are_told_by_line() {
    let mut look = look();
    look.template =
        "#let data = json(\"papers.json\")\n#for s in data.sheets [公司：#s.title]".into();
    assert_eq!(
        pages(&[slip()], &look).unwrap()[0].replace('|', ""),
        "公司：维修单"
    );
    look.template = "一\n#nothing()\n".into();
    assert!(matches!(
        pdf(&[slip()], &look),
        Err(PdfError::Template { line: 2, .. })
    ));
    look.template = "#read(\"/etc/passwd\")".into();
    assert!(pdf(&[slip()], &look).is_err(), "it sees no other file");
    let bad = look
        .with_fonts(vec![("公司.ttf".into(), vec![0; 64])])
        .unwrap_err();
    assert_eq!(bad, PdfError::Font("公司.ttf".into()));
    let voice = Voice {
        lang: Lang::En,
        ..Voice::default()
    };
    assert!(voice.say(&bad.message()).contains("公司.ttf"));
}

#[test]
fn long_books_are_set_in_runs() {
    let sheets = vec![slip(); 150];
    let runs = chunks(&sheets);
    assert_eq!(
        runs.iter().map(|run| run.len()).collect::<Vec<_>>(),
        [66, 66, 18]
    );
    assert!(matches!(pdf(&sheets, &look()), Err(PdfError::TooLong(450))));
    assert!(chunks(&[]).is_empty());
    let long = [list(20_000), slip()];
    assert_eq!(chunks(&long).len(), 2);
}
