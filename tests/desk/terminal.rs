//! The desk in a pseudo-terminal: keys in, screen out, as a person at the control-room terminal meets it.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use serde_json::json;

use super::common::{Site, slip};

/// How long a screen may take to show what it must; far more than it needs.
const PATIENCE: Duration = Duration::from_secs(20);

struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    screen: Arc<Mutex<vt100::Parser>>,
}

impl Terminal {
    fn open(site: &Site, cols: u16, rows: u16, args: &[&str]) -> Self {
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_dutydesk"));
        command.env_clear();
        command.env("HOME", site.folder());
        command.env("XDG_DATA_HOME", site.folder().join("data"));
        command.env("TERM", "xterm-256color");
        command.cwd(site.folder());
        command.args(["--file", site.file().to_str().unwrap(), "--now", &site.now]);
        command.args(args);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(cells(rows), cells(cols), 0)));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let seen = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut bytes) {
                seen.lock().unwrap().process(&bytes[..n]);
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self {
            master: pair.master,
            child,
            keys,
            screen,
        }
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Waits until the screen shows `what`.
    fn wait(&self, what: &str) {
        self.until(what, |text| text.contains(what));
    }

    /// Waits until the screen does not show `what` any more.
    fn gone(&self, what: &str) {
        self.until(what, |text| !text.contains(what));
    }

    fn until(&self, what: &str, holds: impl Fn(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if holds(&self.text()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the screen never came to {what:?}:\n{}", self.text());
    }

    fn keys(&mut self, bytes: &str) {
        self.keys.write_all(bytes.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        std::thread::sleep(Duration::from_millis(60));
    }

    /// Takes the time to look: what writes is not heard for half a second after a screen came up.
    fn look(&self) {
        std::thread::sleep(Duration::from_millis(700));
    }

    /// Says who is on duty; asked once for a fresh file.
    fn sign_in(&mut self) {
        self.wait("谁在当值");
        self.keys("赵值班");
        self.wait("赵值班");
        self.keys("\r5");
        self.keys("\r");
        self.gone("谁在当值");
    }

    fn quit(mut self) -> u32 {
        self.keys("\x11");
        self.ended()
    }

    /// The machine loses its power: nothing is told to the program. (`Child::kill` asks it to leave first.)
    fn power_cut(mut self) {
        let pid = self.child.process_id().unwrap().to_string();
        let killed = std::process::Command::new("kill")
            .args(["-9", &pid])
            .status();
        assert!(killed.unwrap().success());
        let _ = self.child.wait();
    }

    fn ended(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the desk did not end:\n{}", self.text());
    }
}

fn cells(n: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(n).unwrap()
}

const F2: &str = "\x1bOQ";
const F7: &str = "\x1b[18~";
const F8: &str = "\x1b[19~";
const CTRL_S: &str = "\x13";

#[test]
fn a_blackout_is_recorded_and_ticked_off_by_keys_alone() {
    for (cols, rows) in [(80, 24), (120, 40)] {
        let site = Site::new();
        let mut desk = Terminal::open(&site, cols, rows, &[]);
        desk.sign_in();
        desk.keys(F8);
        desk.wait("停电范围");
        desk.keys("B座");
        desk.wait("B座");
        desk.keys(CTRL_S);
        desk.wait("O-2026-00001");
        desk.wait("备用发电机");
        desk.look();
        desk.keys("1");
        desk.wait("✓ 报告总经理");
        desk.keys("r");
        desk.wait("现在 (18:00)");
        desk.keys(CTRL_S);
        desk.wait("已恢复");
        assert_eq!(desk.quit(), 0);
        let record = site.show("O-2026-00001").fine();
        assert_eq!(
            (&record["state"], &record["fields"]["areas"]),
            (&json!("restored"), &json!(["B座"]))
        );
        let actions: Vec<&str> = record["history"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["action"].as_str().unwrap())
            .collect();
        assert_eq!(actions, ["occur", "correct", "report", "restore"]);
        assert_eq!(record["history"][2]["by"], "赵值班");
        let log = site.run(&["list", "log", "--format", "json"]).fine();
        assert_eq!(
            log["items"].as_array().unwrap().len(),
            3,
            "each step is in the duty log"
        );
    }
}

#[test]
fn the_open_desk_makes_the_copy_of_the_day_by_itself() {
    let site = Site::new();
    let _ = site.add("work-order", &slip()).fine();
    let mut desk = Terminal::open(&site, 80, 24, &[]);
    desk.sign_in();
    desk.wait("备份 今天 18:00");
    assert_eq!(desk.quit(), 0);
    let copy = site.folder().join("backups/desk-2026-03-02.db");
    let copy = copy.to_str().unwrap();
    let proof = site.run(&["--file", copy, "check", "--format", "json"]);
    assert_eq!(proof.fine()["records"], 1);
}

#[test]
fn a_slip_is_printed_and_the_list_exported_by_keys_alone() {
    let site = Site::new();
    let _ = site.add("work-order", &slip()).fine();
    let mut desk = Terminal::open(&site, 120, 40, &[]);
    desk.sign_in();
    desk.keys("3");
    desk.wait("W-00001");
    desk.keys("\r");
    desk.keys(F7);
    desk.wait("未签发");
    desk.keys("2");
    desk.wait("打印即签发第 1 版");
    desk.wait("厨房水龙头漏水");
    desk.look();
    desk.keys("t");
    desk.wait("已签发第 1 版");
    desk.keys("\x1b");
    desk.gone("再打印是同一版");
    desk.keys("3");
    desk.keys(F7);
    desk.wait("导出这个列表");
    desk.keys("4");
    desk.wait("已导出 1 条");
    assert_eq!(desk.quit(), 0);
    let only = |folder: &str| {
        let folder = std::fs::read_dir(site.folder().join(folder)).unwrap();
        let files: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        std::fs::read_to_string(&files[0]).unwrap()
    };
    assert!(only("papers").contains("厨房水龙头漏水"));
    assert!(only("exports").contains("W-2026-00001"));
    let papers = site.show("W-2026-00001").fine()["papers"].clone();
    assert_eq!(
        (&papers[0]["version"], &papers[0]["outdated"]),
        (&json!(1), &json!(false))
    );
}

#[test]
fn the_key_for_a_blackout_alone_survives_a_kill() {
    let site = Site::new();
    // Nobody is signed in, nothing is typed.
    let mut desk = Terminal::open(&site, 80, 24, &[]);
    desk.wait("谁在当值");
    desk.keys(F8);
    desk.wait("■ 停电");
    desk.power_cut();
    let record = site.show("O-2026-00001").fine();
    assert_eq!(record["state"], json!("out"));
    assert_eq!(record["history"][0]["by"], json!("未定"));
    let desk = Terminal::open(&site, 80, 24, &[]);
    desk.wait("■ 停电 范围未填");
    assert_eq!(desk.quit(), 0);
}

#[test]
fn a_machine_that_stopped_without_warning_asks_whether_it_was_a_blackout() {
    let mut site = Site::new();
    let desk = Terminal::open(&site, 80, 24, &[]);
    desk.wait("谁在当值");
    assert_eq!(desk.quit(), 0);
    site.now = "2026-03-02T21:00:00".into();
    let desk = Terminal::open(&site, 80, 24, &[]);
    desk.wait("谁在当值");
    assert!(!desk.text().contains("无心跳"), "it had ended properly");
    desk.power_cut();
    site.now = "2026-03-02T21:22:00".into();
    let mut desk = Terminal::open(&site, 80, 24, &[]);
    desk.wait("本机 21:00 后无心跳，21:22 重启，是否登记停电？");
    desk.keys("1");
    desk.wait("■ 停电 范围未填 00:22:00");
    assert_eq!(desk.quit(), 0);
    let opened = site.show("O-2026-00001").fine()["history"][0]["at"].clone();
    assert!(opened.to_string().contains("21:00:00"), "{opened}");
}

#[test]
fn a_half_typed_slip_survives_esc_and_a_kill() {
    let site = Site::new();
    let mut desk = Terminal::open(&site, 80, 24, &[]);
    desk.sign_in();
    desk.keys("3");
    desk.keys(F2);
    desk.wait("登记派单");
    desk.keys("0012345\r");
    desk.keys("厨房漏水");
    desk.wait("草稿已存");
    desk.keys("\x1b");
    std::thread::sleep(Duration::from_millis(200));
    desk.keys(F2);
    desk.wait("厨房漏水");
    // The cursor stands where something is still missing: the place.
    desk.keys("3栋1203");
    desk.wait("3栋1203");
    std::thread::sleep(Duration::from_millis(1200));
    desk.power_cut();
    let mut desk = Terminal::open(&site, 120, 40, &[]);
    desk.wait("今日");
    desk.keys("3");
    desk.keys(F2);
    desk.wait("3栋1203");
    desk.keys("\r\r水工班");
    desk.wait("水工班");
    desk.keys(CTRL_S);
    desk.wait("W-2026-00001");
    assert_eq!(desk.quit(), 0);
    let fields = site.show("W-2026-00001").fine()["fields"].clone();
    assert_eq!(
        (&fields["paper_no"], &fields["content"]),
        (&json!("0012345"), &json!("厨房漏水"))
    );
}

#[test]
fn what_another_process_adds_is_shown_by_itself() {
    let site = Site::new();
    let mut desk = Terminal::open(&site, 120, 40, &[]);
    desk.sign_in();
    desk.keys("3");
    desk.wait("F2");
    let before = Instant::now();
    let _ = site.add("work-order", &slip()).fine();
    desk.wait("W-00001");
    assert!(before.elapsed() < PATIENCE);
    desk.wait("厨房水龙头漏水");
    assert_eq!(desk.quit(), 0);
}

#[test]
fn a_paste_keeps_its_lines_and_cannot_press_keys() {
    let site = Site::new();
    let mut desk = Terminal::open(&site, 120, 40, &[]);
    desk.sign_in();
    desk.keys("3");
    desk.keys(F2);
    desk.wait("登记派单");
    desk.keys("\r");
    desk.keys("\x1b[200~第一行\n第二行 q \x13\x1b[201~");
    desk.wait("第二行");
    desk.keys("\r3栋1203\r\r\r水工班\r");
    desk.wait("水工班");
    desk.keys(CTRL_S);
    desk.wait("W-2026-00001");
    assert_eq!(desk.quit(), 0);
    let content = site.show("W-2026-00001").fine()["fields"]["content"].clone();
    let content = content.as_str().unwrap();
    assert!(content.starts_with("第一行\n第二行 q"), "{content:?}");
}

#[test]
fn what_another_program_wrote_over_the_screen_goes_with_one_key() {
    let site = Site::new();
    let mut desk = Terminal::open(&site, 80, 24, &[]);
    desk.sign_in();
    let spoil = |desk: &Terminal| {
        let stray = b"\x1b[5;1Hstray words of a wall message";
        desk.screen.lock().unwrap().process(stray);
        desk.wait("stray words");
    };
    // On the list, with a form open, with a list of keys open.
    for (before, stands) in [("", "今日"), ("\x1bOQ", "新建"), ("\r", "Esc")] {
        desk.keys(before);
        desk.wait(stands);
        spoil(&desk);
        desk.keys("\x0c");
        desk.gone("stray words");
        desk.wait(stands);
    }
    desk.keys("\x0c\x0c\x0c");
    desk.wait("今日");
    assert_eq!(desk.quit(), 0);
}

#[test]
fn any_size_is_drawn_and_a_signal_gives_the_terminal_back() {
    let site = Site::new();
    let mut desk = Terminal::open(&site, 80, 24, &[]);
    desk.sign_in();
    for (cols, rows) in [(120, 40), (20, 5), (1, 1), (200, 60), (80, 24)] {
        desk.master
            .resize(PtySize {
                rows,
                cols,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
        desk.screen
            .lock()
            .unwrap()
            .screen_mut()
            .set_size(cells(rows), cells(cols));
        std::thread::sleep(Duration::from_millis(120));
    }
    desk.wait("今日");
    assert!(desk.screen.lock().unwrap().screen().alternate_screen());
    let pid = desk.child.process_id().unwrap().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-TERM", &pid])
        .status()
        .unwrap();
    assert!(killed.success());
    desk.ended();
    std::thread::sleep(Duration::from_millis(100));
    assert!(
        !desk.screen.lock().unwrap().screen().alternate_screen(),
        "the terminal is given back"
    );
    assert!(!desk.screen.lock().unwrap().screen().hide_cursor());
}

#[test]
fn the_desk_speaks_english_when_asked() {
    let site = Site::new();
    let _ = site.add("work-order", &slip()).fine();
    let mut desk = Terminal::open(&site, 120, 40, &["--lang", "en"]);
    desk.wait("Today");
    desk.keys("Wang\r5");
    desk.keys("\r");
    desk.keys("3");
    desk.wait("issued");
    assert!(
        !desk.text().contains("field.") && !desk.text().contains("state."),
        "{}",
        desk.text()
    );
    assert_eq!(desk.quit(), 0);
}
