//! Papers, books and runs, by the real binary.

use serde_json::json;

use super::common::{Answer, Site, slip};

fn filled() -> (Site, String) {
    let site = Site::new();
    let no = site.add("work-order", &slip()).fine()["no"]
        .as_str()
        .unwrap()
        .to_owned();
    (site, no)
}

fn print(site: &Site, args: &[&str]) -> Answer {
    site.run(&[&["print"], args, &["--format", "json"]].concat())
}

fn text(site: &Site, args: &[&str]) -> String {
    let answer = site.run(&[&["print"], args, &["--format", "text"]].concat());
    assert_eq!(answer.code, 0, "{}", answer.err);
    answer.out
}

fn read(site: &Site, name: &str) -> String {
    std::fs::read_to_string(site.folder().join(name)).unwrap()
}

#[test]
fn a_slip_is_issued_once_reprinted_and_outrun_by_a_changed_fact() {
    let (site, no) = filled();
    let first = text(&site, &[&no, "--document", "维修单"]);
    for copy in ["业主联", "服务中心联", "工程部联"] {
        assert!(first.contains(copy), "{first}");
    }
    assert!(first.contains("厨房水龙头漏水") && first.contains("李女士"));
    assert_eq!(
        text(&site, &[&no, "-d", "repair_slip"]),
        first,
        "a reprint is the same"
    );
    let entries = site.show(&no).fine()["history"].as_array().unwrap().len();
    assert_eq!(entries, 2, "only the first print left an entry");

    let paper = &site.show(&no).fine()["papers"][0];
    assert_eq!(
        (paper["version"].as_i64(), paper["outdated"].as_bool()),
        (Some(1), Some(false))
    );
    let amend = json!({"changes": {"place": "3栋1302"}, "reason": "房号写错"});
    let _ = site.act(&no, "amend", &amend).fine();
    let listed = print(&site, &["--list", &no]).fine();
    let slip = listed["papers"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["name"] == "repair_slip")
        .unwrap()
        .clone();
    assert_eq!(slip["standing"], "stale");
    assert_eq!(slip["changed"][0]["was"], "3栋1203");
    let second = print(&site, &[&no, "-d", "repair_slip", "--out", "slip.txt"]).fine();
    assert_eq!(second["printed"]["version"], 2);
    assert!(read(&site, "slip.txt").contains("3栋1302"));
}

#[test]
fn a_check_code_tells_whether_the_paper_in_the_hand_still_holds() {
    let (site, no) = filled();
    let code = print(&site, &[&no, "-d", "repair_slip", "-o", "a.txt"]).fine()["printed"]["check"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(read(&site, "a.txt").contains(&code));
    let typed = code.to_lowercase().replace('-', "");
    assert_eq!(print(&site, &[&no, "--check", &typed]).fine()["good"], true);
    let _ = site
        .act(
            &no,
            "amend",
            &json!({"changes": {"phone": "13700000000"}, "reason": "号码有误"}),
        )
        .fine();
    let stale = print(&site, &[&no, "--check", &code]);
    assert_eq!(
        (stale.code, stale.json()["good"].as_bool()),
        (1, Some(false))
    );
    let (code, field) = print(&site, &[&no, "--check", "0000-0000"]).refused();
    assert_eq!((code.as_str(), field.as_str()), ("bad_value", "check"));
}

#[test]
fn what_cannot_be_printed_is_refused_and_leaves_nothing() {
    let (site, no) = filled();
    for (args, code) in [
        (
            vec![no.as_str(), "-d", "no_such_paper", "-o", "a.txt"],
            "bad_value",
        ),
        (
            vec![no.as_str(), "-d", "complaint_form", "-o", "a.txt"],
            "bad_value",
        ),
        (
            vec!["W-2026-99999", "-d", "repair_slip", "-o", "a.txt"],
            "unknown_record",
        ),
    ] {
        assert_eq!(print(&site, &args).refused().0, code, "{args:?}");
    }
    let nowhere = print(&site, &[&no, "-d", "repair_slip", "-o", "/dev/null/a.txt"]);
    assert_eq!(nowhere.code, 3, "{}", nowhere.err);
    assert_eq!(
        site.show(&no).fine()["history"].as_array().unwrap().len(),
        1
    );
    assert!(!site.folder().join("a.txt").exists());
}

#[test]
fn a_draft_issues_nothing() {
    let (site, no) = filled();
    let drawn = print(&site, &[&no, "-d", "repair_slip", "--draft", "-o", "a.txt"]).fine();
    assert_eq!(
        (
            drawn["printed"]["mark"].as_str(),
            drawn["printed"]["check"].as_str()
        ),
        (Some("草稿"), Some(""))
    );
    assert_eq!(
        site.show(&no).fine()["history"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn a_signed_day_of_the_log_names_the_head_of_the_chain() {
    let mut site = Site::new();
    let line = |text: &str| json!({"text": text, "at": "2026-03-02T08:00"});
    let _ = site.add("log", &line("巡查正常")).fine();
    let last = site.add("log", &line("水泵房正常")).fine();
    let head = last["history"][0]["hash"].as_str().unwrap().to_owned();
    site.now = "2026-03-03T09:00:00+08:00".into();
    let _ = site
        .add("log", &json!({"text": "次日", "at": "2026-03-03T08:00"}))
        .fine();
    let _ = print(
        &site,
        &["-d", "duty_log", "--day", "2026-03-02", "-o", "day.txt"],
    )
    .fine();
    let page = read(&site, "day.txt");
    let flat: String = page.chars().filter(|c| c.is_ascii_hexdigit()).collect();
    assert!(flat.contains(&head), "{page}");
    assert!(
        page.contains("巡查正常") && page.contains("水泵房正常") && !page.contains("次日"),
        "{page}"
    );
}

#[test]
fn books_hold_their_month_and_a_run_prints_every_record_of_it() {
    let (site, no) = filled();
    let book = print(
        &site,
        &[
            "-d",
            "work_order_book",
            "--month",
            "2026-03",
            "-o",
            "book.txt",
            "--width",
            "136",
        ],
    )
    .fine();
    assert_eq!(book["printed"]["count"], 1);
    assert!(read(&site, "book.txt").contains("水工班"));
    let empty = print(
        &site,
        &[
            "-d",
            "work_order_book",
            "--month",
            "2026-02",
            "-o",
            "feb.txt",
        ],
    )
    .fine();
    assert_eq!(empty["printed"]["count"], 0);
    let run = print(
        &site,
        &["-d", "repair_slip", "--month", "2026-03", "-o", "run.txt"],
    )
    .fine();
    assert_eq!(run["printed"]["count"], 1);
    assert_eq!(site.show(&no).fine()["papers"][0]["version"], 1);
    for args in [
        vec!["-d", "work_order_book", "-o", "x.txt"],
        vec!["-d", "duty_log", "--day", "3月2日", "-o", "x.txt"],
        vec!["-d", "repair_slip", "-o", "x.txt"],
        vec!["-o", "x.txt"],
    ] {
        assert_eq!(print(&site, &args).code, 2, "{args:?}");
    }
}

#[test]
fn a_company_puts_its_own_paper_in_place_of_a_built_in_one() {
    let (site, no) = filled();
    let built_in = site.run(&["print", "--template", "repair_slip"]).out;
    let folder = site.folder().join("data/dutydesk/documents");
    std::fs::create_dir_all(&folder).unwrap();
    let own = built_in.replacen("title = \"", "title = \"阳光", 1);
    std::fs::write(folder.join("repair_slip.toml"), &own).unwrap();
    assert!(text(&site, &[&no, "-d", "repair_slip"]).contains("阳光"));
    std::fs::write(folder.join("repair_slip.toml"), "title = 3").unwrap();
    let answer = site.run(&["print", &no, "-d", "repair_slip", "--format", "text"]);
    assert_eq!(answer.code, 0);
    assert!(answer.err.contains("repair_slip.toml"), "{}", answer.err);
}

#[test]
fn a_printer_gets_its_own_characters() {
    let (site, no) = filled();
    let _ = print(&site, &[&no, "-d", "repair_slip", "-o", "slip.prn"]).fine();
    let bytes = std::fs::read(site.folder().join("slip.prn")).unwrap();
    assert!(bytes.starts_with(b"\x1b@"), "{:?}", &bytes[..8]);
    // 漏水 in GB 18030.
    assert!(
        bytes
            .windows(4)
            .any(|four| four == [0xc2, 0xa9, 0xcb, 0xae])
    );
}

/// Papers as PDF, where this build has the typesetter.
#[cfg(feature = "pdf")]
#[test]
fn a_pdf_is_one_file_with_its_fonts_and_the_same_bytes_again() {
    let (site, no) = filled();
    let pdf = |name: &str| {
        let _ = print(&site, &[&no, "-d", "repair_slip", "-o", name]).fine();
        std::fs::read(site.folder().join(name)).unwrap()
    };
    let first = pdf("a.pdf");
    assert!(first.starts_with(b"%PDF-1."));
    assert!(
        first.windows(10).any(|w| w == b"/FontFile3")
            || first.windows(10).any(|w| w == b"/FontFile2")
    );
    assert_eq!(pdf("b.pdf"), first);
    assert!(!site.folder().join("a.pdf.part").exists());
}
