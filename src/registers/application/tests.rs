//! Given entries, when an action at t, then a refusal or the state, the bills, and the sheet (篇1 四, S1.4).

use serde_json::{Map, Value, json};

use super::Application;
use crate::base::refusal::Refusal;
use crate::base::time::{Instant, Zone};
use crate::record::entry::{ENTRY_VERSION, Entry};
use crate::record::head::{AnyRecord, Decision};
use crate::record::request::{Operator, read};
use crate::registers::dynamic::{AnyRegister, Erased};
use crate::registers::{Context, Near};
use crate::rules::deadline::Deadline;
use crate::rules::procedure::BUILT_IN;
use crate::rules::ruleset::Rules;

mod billing;
mod life;
mod settling;
mod sheet;

static REGISTER: Erased<Application> = Erased::NEW;
const BILL_1: &str = "P-2026-00001-01";
const BILL_2: &str = "P-2026-00001-02";

/// A local time: `07-01 08:00` in 2026.
fn t(text: &str) -> Instant {
    Zone::default()
        .parse(&format!("2026-{text}"))
        .unwrap_or_else(|| panic!("{text} is no time"))
}

/// One application under test.
struct Supply {
    rules: Rules,
    record: Option<AnyRecord>,
    last: Decision,
}

impl Supply {
    fn new() -> Self {
        Self {
            rules: Rules::built_in().unwrap(),
            record: None,
            last: Decision::default(),
        }
    }

    /// With a setting of the procedure replaced.
    fn with(mut self, old: &str, new: &str) -> Self {
        let (_, text) = BUILT_IN
            .iter()
            .find(|(name, _)| *name == "application")
            .unwrap();
        assert!(text.contains(old), "{old} is not in application.toml");
        self.rules = self
            .rules
            .with_file("application", &text.replace(old, new))
            .unwrap();
        self
    }

    /// What the desk would do with the action, happening and typed at `at`.
    fn act(&mut self, at: &str, action: &str, data: Value) -> Result<(), Refusal> {
        let spec = REGISTER.action(action).unwrap();
        let who = Operator {
            name: "陈文员".into(),
            role: Some("clerk".into()),
        };
        let given = data.as_object().cloned().unwrap_or_default();
        // Everything is typed in the autumn, with the instant at which it happened.
        let mut given = given;
        given.entry("at").or_insert_with(|| json!(t(at)));
        let now = t("12-31 12:00");
        let act = read(spec, &given, &self.rules, &who, now)?;
        let near = Near::default();
        let cx = Context {
            now,
            rules: &self.rules,
            near: &near,
        };
        self.last = REGISTER.decide(self.record.as_ref(), &act, &cx)?;
        let entry = Entry {
            version: ENTRY_VERSION,
            no: "P-2026-00001".into(),
            register: "application".into(),
            action: action.into(),
            at: act.envelope.at,
            received: act.envelope.received,
            entered: now,
            by: act.envelope.by,
            role: act.envelope.role,
            via: act.envelope.via,
            note: act.envelope.note,
            desk: String::new(),
            late_entry: false,
            data: act.data,
            found: self.last.found.clone(),
            breaches: self.last.breaches.clone(),
            source: None,
        };
        // What is kept is what the journal gives back.
        let line = serde_json::to_string(&entry).unwrap();
        let entry: Entry = serde_json::from_str(&line).unwrap();
        self.record = Some(REGISTER.apply(self.record.take(), &entry).unwrap());
        Ok(())
    }

    #[track_caller]
    fn ok(&mut self, at: &str, action: &str, data: Value) -> &mut Self {
        self.act(at, action, data)
            .unwrap_or_else(|refusal| panic!("{action} refused: {refusal:?}"));
        self
    }

    /// Refused with `code field clause`; the record stays as it was.
    #[track_caller]
    fn no(&mut self, at: &str, action: &str, data: Value, expected: &str) -> &mut Self {
        let before = self.record.clone();
        let refusal = self.act(at, action, data).expect_err(action);
        let said = format!(
            "{} {} {}",
            refusal.code.code(),
            refusal.field.as_deref().unwrap_or("-"),
            refusal.clause.map_or("-".into(), |clause| clause.0),
        );
        assert_eq!(said, expected, "{action}");
        assert_eq!(self.record, before);
        self
    }

    fn record(&self) -> &AnyRecord {
        self.record.as_ref().unwrap()
    }

    #[track_caller]
    fn state(&mut self, state: &str) -> &mut Self {
        assert_eq!(self.record().head.state, state);
        self
    }

    /// The keys of what was told with the last act.
    #[track_caller]
    fn told(&mut self, keys: &[&str]) -> &mut Self {
        let said: Vec<&str> = self
            .last
            .warnings
            .iter()
            .map(|msg| msg.key.as_str())
            .collect();
        assert_eq!(said, keys);
        self
    }

    /// The bills as `period kwh fen state`, with `!` behind one whose readings changed.
    #[track_caller]
    fn bills(&mut self, expected: &[&str]) -> &mut Self {
        let bills: Vec<String> = self.record().body["bills"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|bill| {
                let text = |key: &str| bill[key].as_str().unwrap().to_owned();
                let flag = if bill["flagged"] == true { "!" } else { "" };
                format!(
                    "{} {} {} {}{flag}",
                    text("period"),
                    text("kwh"),
                    bill["total_fen"],
                    text("state")
                )
            })
            .collect();
        assert_eq!(bills, expected);
        self
    }

    fn deadlines(&self) -> Vec<Deadline> {
        REGISTER.deadlines(self.record(), &self.rules)
    }

    /// The duties of one code at `now`: `round state due`.
    #[track_caller]
    fn duty(&mut self, code: &str, now: &str, expected: &[&str]) -> &mut Self {
        let zone = Zone::default();
        let found: Vec<String> = self
            .deadlines()
            .iter()
            .filter(|d| d.code == code)
            .map(|d| {
                let due = d
                    .due
                    .map_or("-".into(), |due| zone.rfc3339(due)[5..19].replace('T', " "));
                format!("{} {} {due}", d.round, d.state(t(now)).code())
            })
            .collect();
        assert_eq!(found, expected, "{code}");
        self
    }

    /// Presses the key of the first duty of this code that is owed: its tick with nothing added.
    #[track_caller]
    fn tick(&mut self, at: &str, code: &str, more: Value) -> &mut Self {
        let tick = self
            .deadlines()
            .into_iter()
            .find(|d| d.code == code && d.pending())
            .and_then(|d| d.tick)
            .unwrap_or_else(|| panic!("{code} is not owed"));
        let mut data: Map<String, Value> = tick.preset.into_iter().collect();
        data.extend(more.as_object().cloned().unwrap_or_default());
        self.ok(at, &tick.action, Value::Object(data))
    }
}

fn form(changes: Value) -> Value {
    let mut form = json!({
        "applicant": "宏达装饰有限公司", "place": "A座15层", "load_kw": "12", "voltage_v": 380, "phases": 3,
        "use_from": "2026-07-01T08:00", "use_to": "2026-08-31T18:00", "contact": "吴经理 13700000000",
        "basis": "metered",
    });
    for (key, value) in changes.as_object().into_iter().flatten() {
        form[key] = value.clone();
    }
    form
}

fn applied() -> Supply {
    let mut supply = Supply::new();
    supply.ok("06-25 10:00", "apply", form(json!({})));
    supply
}

fn approval() -> Value {
    json!({"name": "王主管", "role": "supervisor", "price": "0.85"})
}

fn approved() -> Supply {
    let mut supply = applied();
    supply.ok("06-26 09:00", "approve", approval());
    supply
}

fn meter(reading: &str) -> Value {
    json!({"meter_no": "M-88", "digits": 5, "reading": reading, "our_name": "张工", "user_name": "吴经理"})
}

/// Supplied from 07-01 08:00 with this first reading.
fn supplied(reading: &str) -> Supply {
    let mut supply = approved();
    supply
        .ok(
            "06-30 15:00",
            "inspect",
            json!({"passed": true, "name": "张工"}),
        )
        .ok("07-01 08:00", "energise", meter(reading));
    supply
}

fn reads(reading: &str) -> Value {
    json!({"reading": reading, "name": "张工"})
}

fn month(period: &str) -> Value {
    json!({"period": period})
}

fn removal(reading: &str) -> Value {
    json!({"reading": reading, "our_name": "张工", "user_name": "吴经理"})
}

/// An estimate of 3.5 kW, 8 hours a day, 07-25 to 08-05, asked for in `Supply`.
fn estimated(mut supply: Supply) -> Supply {
    supply
        .ok(
            "07-10 10:00",
            "apply",
            form(json!({
                "basis": "estimated", "load_kw": "3.5", "hours_per_day": "8",
                "use_from": "2026-07-25T08:00", "use_to": "2026-08-05T18:00",
            })),
        )
        .ok("07-11 09:00", "approve", approval());
    supply
}
