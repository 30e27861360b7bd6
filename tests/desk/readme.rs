//! The README says what is so.

use dutydesk::base::i18n::{Lang, Voice};
use dutydesk::tui::keymap;

const README: &str = include_str!("../../README.md");

#[test]
fn the_key_tables_are_those_that_dispatch() {
    for lang in Lang::ALL {
        let table = keymap::readme(&Voice {
            lang,
            ..Voice::default()
        });
        let missing: Vec<&str> = table
            .lines()
            .filter(|line| !README.contains(line.trim()))
            .collect();
        assert!(missing.is_empty(), "put into README.md:\n{table}");
    }
}

#[test]
fn every_command_is_named_and_every_picture_is_there() {
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_dutydesk"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1);
    let commands: Vec<&str> = commands
        .take_while(|line| !line.is_empty())
        // A wrapped description stands further in.
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() > 8, "{help}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        assert!(README.contains(&format!("dutydesk {command}")), "{command}");
    }
    for picture in README
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|path| path.ends_with(".png"))
    {
        let path = format!("{}/{picture}", env!("CARGO_MANIFEST_DIR"));
        assert!(
            std::fs::metadata(&path).is_ok_and(|file| file.len() > 10_000),
            "{path}"
        );
    }
}
