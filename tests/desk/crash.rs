//! Killed at any moment: what was acknowledged is there, the rest is not, and the file proves.

use std::io::{BufRead, BufReader, Write};
use std::time::Duration;

use super::common::{Site, slip};

#[test]
fn a_kill_loses_nothing_acknowledged() {
    let site = Site::new();
    let mut acknowledged = 0;
    for round in 0_u64..6 {
        let mut child = site
            .command(&["add", "work-order", "--json", "-", "--format", "json"])
            .spawn()
            .unwrap();
        let lines: String = (0..400).map(|_| format!("{}\n", slip())).collect();
        let mut stdin = child.stdin.take().unwrap();
        let writer = std::thread::spawn(move || {
            let _ = stdin.write_all(lines.as_bytes());
        });
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        // Reads some acknowledgements, then pulls the plug.
        let mut line = String::new();
        for _ in 0..=(round * 7) {
            line.clear();
            if reader.read_line(&mut line).unwrap() == 0 {
                break;
            }
            let answer: serde_json::Value = serde_json::from_str(&line).unwrap();
            acknowledged = acknowledged.max(number(answer["no"].as_str().unwrap()));
        }
        std::thread::sleep(Duration::from_millis(round));
        child.kill().unwrap();
        let _ = child.wait();
        for line in reader.lines().map_while(Result::ok) {
            // Answered before the kill arrived.
            if let Ok(answer) = serde_json::from_str::<serde_json::Value>(&line) {
                acknowledged = acknowledged.max(number(answer["no"].as_str().unwrap()));
            }
        }
        writer.join().unwrap();
        let checked = site.run(&["check", "--format", "json"]).fine();
        assert_eq!(checked["ok"], true, "{checked}");
        assert!(
            checked["records"].as_u64().unwrap() >= acknowledged,
            "{checked} {acknowledged}"
        );
        let last = format!("W-2026-{acknowledged:05}");
        assert_eq!(site.show(&last).fine()["no"], last.as_str());
    }
    assert!(acknowledged > 20);
}

fn number(no: &str) -> u64 {
    no.rsplit('-').next().unwrap().parse().unwrap()
}
