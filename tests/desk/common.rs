//! A hermetic place for the binary: its own folders, no environment, a fixed clock.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The moment that tests happen at, unless they say otherwise: Monday 2 March 2026, 18:00.
pub const NOW: &str = "2026-03-02T18:00:00+08:00";

/// A folder of its own with a file in it.
pub struct Site {
    folder: tempfile::TempDir,
    /// What `--now` is.
    pub now: String,
}

/// What a run answered.
#[must_use]
pub struct Answer {
    /// Exit code; -1 when a signal ended it.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Answer {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Standard output as the one JSON document that it is.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|e| panic!("not one JSON document ({e}): {} {}", self.out, self.err))
    }

    /// The JSON, after the run succeeded.
    pub fn fine(&self) -> Value {
        assert_eq!(self.code, 0, "{} {}", self.out, self.err);
        self.json()
    }

    /// (code, field) of the refusal, after the run was refused.
    pub fn refused(&self) -> (String, String) {
        assert_eq!(self.code, 1, "{} {}", self.out, self.err);
        let refusal = &self.json()["refused"];
        let text = |key: &str| refusal[key].as_str().unwrap_or_default().to_owned();
        assert!(
            !text("message").is_empty(),
            "a refusal gives its reason: {refusal}"
        );
        (text("code"), text("field"))
    }
}

impl Site {
    /// A fresh folder.
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            now: NOW.to_owned(),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file.
    pub fn file(&self) -> PathBuf {
        self.folder().join("desk.db")
    }

    /// The binary with nothing of the machine's environment, on this site's file and clock.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dutydesk"));
        command
            .env_clear()
            .env("HOME", self.folder())
            .env("XDG_DATA_HOME", self.folder().join("data"))
            .env("TZ", "Pacific/Apia")
            .current_dir(self.folder())
            .arg("--file")
            .arg(self.file())
            .args(["--now", &self.now])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the binary with this on standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Answer {
        let mut child = self.command(args).spawn().unwrap();
        // A run that is refused before it reads its input closes the pipe; that is no failure of the test.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Answer::of(&child.wait_with_output().unwrap())
    }

    /// Runs the binary.
    pub fn run(&self, args: &[&str]) -> Answer {
        self.run_with(args, "")
    }

    /// `add REGISTER` with this object.
    pub fn add(&self, register: &str, data: &Value) -> Answer {
        self.run_with(
            &["add", register, "--json", "-", "--format", "json"],
            &data.to_string(),
        )
    }

    /// `act NO ACTION` with this object.
    pub fn act(&self, no: &str, action: &str, data: &Value) -> Answer {
        self.run_with(
            &["act", no, action, "--json", "-", "--format", "json"],
            &data.to_string(),
        )
    }

    /// `show NO`.
    pub fn show(&self, no: &str) -> Answer {
        self.run(&["show", no, "--format", "json"])
    }
}

/// A repair slip as a clerk types it.
pub fn slip() -> Value {
    serde_json::json!({
        "content": "厨房水龙头漏水", "place": "3栋1203", "team": "水工班", "reporter": "李女士",
        "phone": "13800000000", "at": "2026-03-02T09:10", "by": "陈文员",
    })
}
