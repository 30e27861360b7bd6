//! A company's own procedure files: read, refused with their line, and taken up into a file when somebody says so.

use serde_json::json;

use super::common::{Site, slip};

#[test]
fn a_companys_procedure_file_replaces_the_built_in_one_and_a_wrong_one_is_refused_with_its_line() {
    let site = Site::new();
    let folder = site.folder().join("data/dutydesk/procedures");
    std::fs::create_dir_all(&folder).unwrap();
    let built_in = site.run(&["procedures", "site"]);
    assert_eq!(built_in.code, 0);
    std::fs::write(
        folder.join("site.toml"),
        built_in.out.replace("\"17:30\"", "\"18:00\""),
    )
    .unwrap();
    let args = [
        "rules",
        "workday",
        "--from",
        "2026-03-02T09:00",
        "--add",
        "1",
        "--format",
        "json",
    ];
    assert_eq!(site.run(&args).fine()["due"], "2026-03-03T18:00:00+08:00");
    std::fs::write(
        folder.join("site.toml"),
        built_in
            .out
            .replace("[settings]", "[settings]\nclosing = 1"),
    )
    .unwrap();
    let answer = site.run(&args);
    assert_eq!(
        answer.fine()["due"],
        "2026-03-03T17:30:00+08:00",
        "the built-in one keeps working"
    );
    assert!(
        answer.err.contains("site.toml") && answer.err.contains("closing"),
        "{}",
        answer.err
    );
    let line = built_in
        .out
        .lines()
        .position(|line| line == "[settings]")
        .unwrap()
        + 2;
    assert!(
        answer.err.contains(&format!("第 {line} 行")),
        "{}",
        answer.err
    );
}

#[test]
fn changed_procedures_are_told_shown_and_taken_up_when_somebody_says_so() {
    let site = Site::new();
    let no = site.add("work-order", &slip()).fine()["no"].clone();
    let folder = site.folder().join("data/dutydesk/procedures");
    std::fs::create_dir_all(&folder).unwrap();
    let text = site.run(&["procedures", "log"]).out;
    std::fs::write(
        folder.join("log.toml"),
        text.replace("version = \"", "version = \"x"),
    )
    .unwrap();
    let reminder = |args: &[&str]| site.run(args).err.contains("procedures --take-up");
    assert!(reminder(&["show", no.as_str().unwrap()]));
    let take = |more: &[&str]| {
        let args = [&["procedures", "--take-up", "--format", "json"], more].concat();
        let answer = site.run(&args);
        assert_eq!(answer.err, "", "nothing is told of what is being done");
        answer.fine()
    };
    // Nobody is there to be asked: the rules stay as they are.
    let unasked = take(&[]);
    assert_eq!(
        (&unasked["taken"], &unasked["files"]),
        (&json!(false), &json!(["log"]))
    );
    assert!(reminder(&["due"]));
    assert_eq!(take(&["--yes"])["taken"], true);
    assert!(!reminder(&["due"]));
    assert_eq!(take(&["--yes"])["files"], json!([]));
    assert_eq!(site.run(&["check"]).code, 0);
}

#[test]
fn a_file_is_told_in_the_words_of_its_own_procedures_wherever_it_is_opened() {
    let site = Site::new();
    let folder = site.folder().join("data/dutydesk/procedures");
    std::fs::create_dir_all(&folder).unwrap();
    let parking = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/registers/complaint/tests/parking.toml"
    );
    std::fs::copy(parking, folder.join("parking.toml")).unwrap();
    let complaint = json!({
        "procedure": "parking", "complainant": "余先生", "unit": "B1", "content": "粤B12345 堵在通道口",
        "channel": "phone", "facts": {"fire_lane": true},
    });
    let no = site.add("complaint", &complaint).fine()["no"].clone();
    let told = || site.run(&["show", no.as_str().unwrap()]).out;
    let here = told();
    assert!(here.contains("堵塞消防通道"), "{here}");
    // On another machine, which has no such file in its folder.
    std::fs::remove_file(folder.join("parking.toml")).unwrap();
    assert_eq!(told(), here);
    let due = site.run(&["due"]).out;
    assert!(!due.contains("duty.complaint"), "{due}");
}
