//! The papers and books of a month.

use std::path::Path;

use serde_json::json;

use super::super::common::Site;
use super::kit::{archive, bytes, found, march, out, sealed};

#[test]
fn issued_papers_and_books_stand_in_the_archive() {
    use dutydesk::base::time::Zone;
    use dutydesk::desk::Desk;
    use dutydesk::record::request::Operator;
    use dutydesk::rules::ruleset::Rules;
    use dutydesk::store::Mode;

    let mut site = march();
    let print = |no: &str, at: &str| {
        let mut desk =
            Desk::open(&site.file(), Mode::Existing, Rules::built_in().unwrap()).unwrap();
        let who = Operator {
            name: "陈文员".into(),
            role: None,
        };
        let at = Zone::default().parse(at).unwrap();
        assert!(
            desk.print(no, "repair_slip", None, &who, at)
                .unwrap()
                .issued
        );
    };
    print("W-2026-00001", "2026-03-05T09:00");
    print("W-2026-00002", "2026-03-05T09:01");
    // What the second one says is not so any more.
    let amend = json!({"changes": {"place": "5栋502"}, "reason": "写错"});
    let _ = site.act("W-2026-00002", "amend", &amend).fine();
    let issued = ["--reason", "试用", "--papers", "issued"];
    let _ = archive(&site, "2026-03", &issued).fine();
    let folder = out(&site).join("2026-03");
    let index = std::fs::read_to_string(folder.join("papers/index.csv")).unwrap();
    let lines: Vec<&str> = index.lines().skip(1).collect();
    assert_eq!(lines.len(), 2, "{index}");
    assert!(
        lines[0].starts_with("W-2026-00001") && lines[0].ends_with(",papers/repair_slip-001"),
        "{index}"
    );
    assert!(
        lines[1].starts_with("W-2026-00002") && lines[1].ends_with(",是,"),
        "{index}"
    );
    let first = bytes(&folder);
    assert!(
        first
            .keys()
            .any(|name| name.starts_with("papers/repair_slip-001.")),
        "{:?}",
        first.keys()
    );
    assert_eq!(found(&folder), []);
    // Written again after a third slip was printed: the seal says which papers went in.
    site.now = "2026-05-02T09:00:00+08:00".into();
    let _ = site
        .act(
            "W-2026-00001",
            "amend",
            &json!({"changes": {"place": "6栋"}, "reason": "x"}),
        )
        .fine();
    std::fs::remove_dir_all(&folder).unwrap();
    let _ = archive(&site, "2026-03", &["--papers", "none"]).fine();
    assert!(first == bytes(&folder));
}

/// `print` of a slip, as the clerk does it.
fn print_slip(site: &Site, no: &str) {
    let args = [
        "print",
        no,
        "-d",
        "repair_slip",
        "-o",
        "slip.txt",
        "--format",
        "json",
    ];
    let _ = site.run(&args).fine();
}

fn index(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("papers/index.csv")).unwrap()
}

#[test]
fn a_paper_issued_from_an_earlier_record_stands_in_the_month_of_its_issue() {
    let mut site = march();
    let _ = archive(
        &site,
        "2026-03",
        &["--reason", "试用", "--papers", "issued"],
    )
    .fine();
    site.now = "2026-04-10T09:00:00+08:00".into();
    print_slip(&site, "W-2026-00002");
    site.now = "2026-05-02T09:00:00+08:00".into();
    let april = sealed(&site, "2026-04");
    assert!(index(&april).contains("W-2026-00002"), "{}", index(&april));
    assert!(!index(&out(&site).join("2026-03")).contains("W-2026-00002"));
    assert_eq!(found(&april), []);
}

#[test]
fn an_ordinary_month_has_all_its_papers_and_its_log_day_by_day() {
    let site = march();
    let folder = sealed(&site, "2026-03");
    let all = index(&folder);
    for no in ["W-2026-00001", "W-2026-00002", "C-2026-00001"] {
        assert!(all.contains(no), "{no}: {all}");
    }
    let names = bytes(&folder);
    let has = |stem: &str| names.keys().any(|name| name.starts_with(stem));
    assert!(has("book/duty_log-001.") && has("book/work_order_register-001."));
    let site = march();
    let _ = archive(
        &site,
        "2026-03",
        &["--reason", "试用", "--papers", "issued"],
    )
    .fine();
    assert_eq!(index(&out(&site).join("2026-03")).lines().count(), 1);
}
