//! Sealing: the same bytes for ever, and nothing overwritten.

use serde_json::json;

use super::kit::{archive, bytes, hex, march, named, out, sealed};

#[test]
fn the_same_month_gives_the_same_bytes_whatever_came_later() {
    let mut site = march();
    let folder = sealed(&site, "2026-03");
    let first = bytes(&folder);
    assert!(first.len() > 15, "{:?}", first.keys());
    let again = archive(&site, "2026-03", &[]).fine();
    assert_eq!(again["already"], true);

    // Another moment, another language, new entries on its records and beside them.
    site.now = "2026-05-20T20:00:00+08:00".into();
    let _ = site
        .act("W-2026-00002", "sign_for", &json!({"technician": "钱师傅"}))
        .fine();
    let amend = json!({"changes": {"received": "2026-05-02T09:00", "paper_no": "WX0009"}, "reason": "写错"});
    let _ = site.act("W-2026-00002", "amend", &amend).fine();
    let _ = site
        .act("W-2026-00001", "void", &json!({"reason": "重单"}))
        .fine();
    let _ = site
        .act("L-2026-00001", "remark", &json!({"text": "已阅"}))
        .fine();
    let _ = site
        .add(
            "work-order",
            &json!({"content": "x", "place": "1栋", "team": "水工班"}),
        )
        .fine();
    std::fs::remove_dir_all(&folder).unwrap();
    let rewritten = archive(&site, "2026-03", &["--lang", "en"]).fine();
    assert_eq!(rewritten["already"], false);
    let second = bytes(&folder);
    let differs: Vec<&String> = first
        .keys()
        .filter(|name| first.get(*name) != second.get(*name))
        .collect();
    assert!(differs.is_empty(), "{differs:?}");
    assert_eq!(first.len(), second.len());
}

#[test]
fn the_manifest_is_what_sha256sum_reads_and_names_the_month_before() {
    let mut site = march();
    let march = sealed(&site, "2026-03");
    let text = std::fs::read_to_string(march.join("MANIFEST.sha256")).unwrap();
    let files = text.lines().filter(|line| !line.starts_with('#'));
    let mut names = Vec::new();
    for line in files {
        let (hash, name) = line.split_once("  ").unwrap();
        assert_eq!(
            hex(&std::fs::read(march.join(name)).unwrap()),
            hash,
            "{name}"
        );
        names.push(name.to_owned());
    }
    assert!(names.is_sorted());
    assert_eq!(
        names.len() + 1,
        bytes(&march).len(),
        "the manifest names all but itself"
    );
    assert!(text.contains("# previous none\n"));
    let checked = std::process::Command::new("sha256sum")
        .args(["-c", "--quiet", "MANIFEST.sha256"])
        .current_dir(&march)
        .output();
    if let Ok(checked) = checked {
        assert!(checked.status.success(), "{checked:?}");
    }
    site.now = "2026-05-02T09:00:00+08:00".into();
    let april = sealed(&site, "2026-04");
    let previous = format!("# previous 2026-03 {}\n", hex(text.as_bytes()));
    let april = std::fs::read_to_string(april.join("MANIFEST.sha256")).unwrap();
    assert!(april.contains(&previous), "{april}");
}

#[test]
fn an_unfinished_month_is_only_looked_at() {
    let mut site = march();
    site.now = "2026-03-31T23:59:59+08:00".into();
    assert_eq!(
        archive(&site, "2026-03", &["--reason", "x"]).refused(),
        ("not_now".into(), "month".into())
    );
    for _ in 0..2 {
        let looked = archive(&site, "2026-03", &["--interim"]).fine();
        assert_eq!(
            (&looked["kind"], &looked["records"]),
            (&json!("interim"), &json!(4))
        );
    }
    let readme = std::fs::read_to_string(out(&site).join("2026-03-interim/README.txt")).unwrap();
    assert!(readme.contains("未封存") && readme.contains("NOT SEALED"));
    assert!(!out(&site).join("2026-03").exists());
    let _ = site.add("work-order", &named("WX0003")).fine();
    assert_eq!(archive(&site, "2026-13", &[]).code, 2);
    assert_eq!(site.run(&["archive", "2026-03"]).code, 2, "no --out");
}

#[test]
fn another_folder_is_never_overwritten() {
    let site = march();
    std::fs::create_dir_all(out(&site).join("2026-03")).unwrap();
    std::fs::write(out(&site).join("2026-03/letter.txt"), "kept").unwrap();
    assert_eq!(
        archive(&site, "2026-03", &["--reason", "x"]).refused(),
        ("duplicate".into(), "out".into())
    );
    assert_eq!(
        bytes(&out(&site)).keys().collect::<Vec<_>>(),
        ["2026-03/letter.txt"]
    );
}
