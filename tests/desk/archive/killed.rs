//! Killed while a month is sealed: never half an archive, and the next run completes it.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use dutydesk::archive::verify;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::super::common::Site;

const ARCHIVE: [&str; 7] = [
    "archive",
    "2026-02",
    "--out",
    "out",
    "--reason",
    "试用",
    "--format=json",
];

#[test]
fn killed_at_any_moment_there_is_a_whole_archive_or_none() {
    let mut site = Site::new();
    site.now = "2026-03-02T18:00:00+08:00".into();
    assert_eq!(site.run(&["demo", "--records", "150", "--no-open"]).code, 0);
    let fresh = site.folder().join("fresh.db");
    assert_eq!(site.run(&["backup", fresh.to_str().unwrap()]).code, 0);
    let folder = site.folder().join("out/2026-02");
    let begun = Instant::now();
    assert_eq!(site.run(&ARCHIVE).code, 0);
    let whole = u64::try_from(begun.elapsed().as_millis()).unwrap();
    let mut dice = ChaCha8Rng::seed_from_u64(20);
    let (mut none, mut stood) = (0, 0);
    for round in 0..20 {
        let _ = std::fs::remove_dir_all(site.folder().join("out"));
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", site.file().display()));
        }
        std::fs::copy(&fresh, site.file()).unwrap();
        let mut child = site.command(&ARCHIVE).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(dice.random_range(0..whole * 1_100)));
        let _ = child.kill();
        child.wait().unwrap();
        if folder.exists() {
            stood += 1;
            sound(&folder);
        } else {
            none += 1;
        }
        let again = site.run(&ARCHIVE);
        assert_eq!(again.code, 0, "round {round}: {} {}", again.out, again.err);
        sound(&folder);
        let seals: i64 = rusqlite::Connection::open(site.file())
            .unwrap()
            .query_row(
                "SELECT count(*) FROM record WHERE state = 'sealed'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(seals, 1, "sealed once");
        let left: Vec<_> = std::fs::read_dir(site.folder().join("out"))
            .unwrap()
            .collect();
        assert_eq!(left.len(), 1, "nothing half is left");
    }
    assert!(none > 0, "some were killed in time: {none} {stood}");
}

fn sound(folder: &std::path::Path) {
    let proof = verify::folder(folder, &mut |_| ControlFlow::Continue(())).unwrap();
    assert!(proof.sound(), "{:?}", proof.findings);
}

#[test]
fn interrupted_it_stops_and_leaves_nothing() {
    let mut site = Site::new();
    site.now = "2026-03-02T18:00:00+08:00".into();
    assert_eq!(
        site.run(&["demo", "--records", "1200", "--no-open"]).code,
        0
    );
    let child = site.command(&ARCHIVE).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(60));
    let pid = child.id().to_string();
    let _ = std::process::Command::new("kill")
        .args(["-INT", &pid])
        .status();
    let output = child.wait_with_output().unwrap();
    let out = site.folder().join("out");
    let left = std::fs::read_dir(&out).map(|dir| dir.count()).unwrap_or(0);
    match output.status.code() {
        // It was quicker than the key.
        Some(0) => assert_eq!(left, 1),
        Some(1) => assert_eq!(left, 0),
        // Before anybody listened.
        other => assert!(
            other.is_none() && !out.join("2026-02").exists(),
            "{other:?}"
        ),
    }
}
