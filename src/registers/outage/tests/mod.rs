//! Given what was typed, when an action at t, then the record or a refusal, and the sheet. Times are local, no database,
//! no clock.

mod accident;
mod again;
mod catalogue;
mod closing;
mod cut;
mod dark;
mod gates;
mod late;
mod life;
mod notice;
mod papers;
mod profile;
mod revision;
mod shuffle;
mod ticket;

use serde_json::{Map, Value, json};

use crate::base::refusal::Refusal;
use crate::base::time::{Instant, Zone};
use crate::record::head::AnyRecord;
use crate::registers::testing::{Ledger, at as t};
use crate::rules::deadline::{Deadline, Outcome};

/// One record under test.
struct Sheet {
    ledger: Ledger,
}

impl Sheet {
    fn new() -> Self {
        Self {
            ledger: Ledger::new("outage"),
        }
    }

    /// With a setting of the outage procedure or the site replaced.
    fn with(self, file: &str, old: &str, new: &str) -> Self {
        Self {
            ledger: self.ledger.with(file, old, new),
        }
    }

    fn profile(self, profile: &str) -> Self {
        let new = format!("profile = \"{profile}\"");
        self.with("site", "profile = \"combined\"", &new)
    }

    /// What the desk would do with the action, happening at `at`.
    fn act(&mut self, at: &str, action: &str, data: Value) -> Result<(), Refusal> {
        let mut data = data.as_object().cloned().unwrap_or_default();
        data.entry("at").or_insert_with(|| json!(t(at)));
        self.ledger.act(action, &Value::Object(data))
    }

    /// Puts entry `seq` right.
    #[track_caller]
    fn correct(&mut self, seq: i64, changes: Value) -> &mut Self {
        let data = json!({ "entry": seq, "changes": changes, "reason": "看错" });
        self.ok("12-01 09:00", "correct", data)
    }

    /// Takes entry `seq` out.
    #[track_caller]
    fn strike(&mut self, seq: i64) -> &mut Self {
        self.ok(
            "12-01 09:00",
            "strike",
            json!({ "entry": seq, "reason": "误录" }),
        )
    }

    /// The action, which must be accepted.
    #[track_caller]
    fn ok(&mut self, at: &str, action: &str, data: Value) -> &mut Self {
        if let Err(refusal) = self.act(at, action, data) {
            panic!("{action} at {at} refused: {refusal:?}");
        }
        self
    }

    /// The action, which must be refused: `code field clause`, `-` for none. Nothing changes.
    #[track_caller]
    fn no(&mut self, at: &str, action: &str, data: Value, wanted: &str) -> &mut Self {
        let before = self.ledger.entries.clone();
        let refusal = self
            .act(at, action, data)
            .expect_err(&format!("{action} at {at} was accepted"));
        let dash = || "-".to_owned();
        let clause = refusal.clause.map_or_else(dash, |clause| clause.0);
        let got = format!(
            "{} {} {clause}",
            refusal.code.code(),
            refusal.field.unwrap_or_else(dash)
        );
        assert_eq!(got, wanted, "{action} at {at}");
        assert_eq!(self.ledger.entries, before, "a refusal changed the record");
        self
    }

    fn record(&self) -> AnyRecord {
        self.ledger.record()
    }

    /// A field of the body.
    fn field(&self, key: &str) -> Value {
        self.record().body.get(key).cloned().unwrap_or_default()
    }

    /// Whether its life goes on.
    fn open(&self) -> bool {
        self.ledger.evaluated().open
    }

    /// Place in the journal of the last entry.
    fn last(&self) -> i64 {
        self.ledger.entries.len() as i64
    }

    #[track_caller]
    fn state(&mut self, wanted: &str) -> &mut Self {
        assert_eq!(self.record().head.state, wanted);
        self
    }

    fn deadlines(&self) -> Vec<Deadline> {
        self.ledger.deadlines()
    }

    /// The duty of the current round: the first of this code on the sheet.
    #[track_caller]
    fn deadline(&self, code: &str) -> Deadline {
        let all = self.deadlines();
        let codes: Vec<_> = all.iter().map(|d| d.code.clone()).collect();
        all.into_iter()
            .find(|d| d.code == code)
            .unwrap_or_else(|| panic!("{code} is not among {codes:?}"))
    }

    /// `state due` of a duty at `now`; `-` when it has no due instant.
    #[track_caller]
    fn duty(&mut self, code: &str, now: &str, wanted: &str) -> &mut Self {
        let duty = self.deadline(code);
        let due = duty.due.map_or_else(|| "-".to_owned(), shown);
        assert_eq!(
            format!("{} {due}", duty.state(t(now)).code()),
            wanted,
            "{code} at {now}"
        );
        self
    }

    /// What is on the sheet, without superseded rounds.
    fn codes(&self) -> Vec<String> {
        let live = self
            .deadlines()
            .into_iter()
            .filter(|d| d.outcome != Outcome::Void);
        let mut codes: Vec<String> = live.map(|d| d.code).collect();
        codes.dedup();
        codes
    }

    /// Presses the key of a duty: its tick with what is preset, and what the operator adds.
    #[track_caller]
    fn tick(&mut self, at: &str, code: &str, added: Value) -> &mut Self {
        let tick = self
            .deadline(code)
            .tick
            .unwrap_or_else(|| panic!("{code} has no tick"));
        let mut data: Map<String, Value> = tick.preset.into_iter().collect();
        data.extend(added.as_object().cloned().unwrap_or_default());
        self.ok(at, &tick.action, Value::Object(data))
    }

    /// `code clause` of each breach, by its instant.
    fn breaches(&self) -> Vec<String> {
        let breaches = self.record().head.breaches.into_iter();
        breaches
            .map(|b| format!("{} {}", b.code, b.clause.0))
            .collect()
    }

    /// The reason of the only breach.
    #[track_caller]
    fn reason(&self) -> String {
        let breaches = self.record().head.breaches;
        assert_eq!(breaches.len(), 1);
        breaches[0].reason.clone()
    }

    /// The trace of a duty, in words.
    fn trace(&self, code: &str) -> Vec<String> {
        let voice = crate::base::i18n::Voice {
            lang: crate::base::i18n::Lang::Zh,
            ..Default::default()
        };
        let duty = self.deadline(code);
        duty.trace.iter().map(|line| voice.say(line)).collect()
    }

    fn warnings(&self) -> Vec<&str> {
        let warnings = self.ledger.last.warnings.iter();
        warnings.map(|msg| msg.key.as_str()).collect()
    }
}

fn shown(at: Instant) -> String {
    let local = Zone::default().local(at);
    use chrono::Timelike;
    let form = if local.second() == 0 {
        "%m-%d %H:%M"
    } else {
        "%m-%d %H:%M:%S"
    };
    local.format(form).to_string()
}

/// A cut planned by the house for 08-10 09:00, two users.
fn plan(source: &str) -> Value {
    json!({ "source": source, "form": "outage", "reason": "配电柜检修", "plan_start": t("08-10 09:00"),
            "plan_end": t("08-10 12:00"), "areas": ["A座"], "users": ["1201", "1202"] })
}

fn planned(source: &str) -> Sheet {
    let mut sheet = Sheet::new();
    sheet.ok("08-06 10:00", "plan", plan(source));
    sheet
}

/// Planned, approved and its notice issued on 08-06.
fn noticed(source: &str) -> Sheet {
    let mut sheet = planned(source);
    sheet.ok(
        "08-06 11:00",
        "report",
        json!({ "to": "gm", "via": "written" }),
    );
    sheet.ok("08-06 14:00", "approve", gm("notice"));
    sheet.ok("08-06 15:00", "issue_notice", json!({}));
    sheet
}

fn gm(gate: &str) -> Value {
    json!({ "gate": gate, "decision": "yes", "name": "孙总", "role": "gm" })
}

fn ticket() -> Value {
    json!({ "task": "A座停电", "operator": "赵值班", "guardian": "李监护",
            "steps": [{ "operation": "断开进线开关", "device": "101" }, "验电"] })
}

/// Everything that is owed before the cut, done in time.
fn ready() -> Sheet {
    let mut sheet = noticed("building");
    sheet.ok(
        "08-06 16:00",
        "deliver",
        json!({ "paper": "notice", "users": "all" }),
    );
    sheet.ok("08-06 16:10", "announce", json!({}));
    sheet.ok(
        "08-06 16:20",
        "staff",
        json!({ "names": ["赵值班", "李监护"] }),
    );
    sheet.ok("08-06 16:30", "ticket", ticket());
    sheet.ok(
        "08-06 16:40",
        "sign_ticket",
        json!({ "name": "王主管", "role": "supervisor" }),
    );
    sheet
}

/// Power out at 08-03 22:10, told at once, cause unknown.
fn out() -> Sheet {
    let mut sheet = Sheet::new();
    sheet.ok(
        "08-03 22:10",
        "occur",
        json!({ "informant": "护卫员刘", "areas": ["B座"], "users": ["0901", "0902"] }),
    );
    sheet
}

/// The same, judged at 22:30.
fn judged(source: &str) -> Sheet {
    let mut sheet = out();
    sheet.ok(
        "08-03 22:30",
        "classify",
        json!({ "source": source, "cause": "母线槽短路" }),
    );
    sheet
}

/// The same, back at 08-04 01:25.
fn back(source: &str) -> Sheet {
    let mut sheet = judged(source);
    sheet.ok("08-04 01:25", "restore", json!({}));
    sheet
}

const ROOMS: [&str; 5] = ["电房", "空调机房", "水泵房", "电梯机房", "消防中心"];

fn inspect_all(sheet: &mut Sheet, at: &str) {
    for place in ROOMS {
        sheet.ok(at, "inspect", json!({ "place": place, "normal": true }));
    }
}
