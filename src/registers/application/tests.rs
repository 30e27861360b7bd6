//! Given entries, when an action at t, then a refusal or the state, the bills, and the sheet (篇1 四, S1.4).

use serde_json::{Map, Value, json};

use crate::base::refusal::Refusal;
use crate::base::time::Zone;
use crate::record::head::AnyRecord;
use crate::record::request::Operator;
use crate::registers::testing::{Ledger, at as t};
use crate::rules::deadline::Deadline;
use crate::rules::ruleset::Rules;

mod billing;
mod estimates;
mod life;
mod order;
mod settling;
mod sheet;

const BILL_1: &str = "P-2026-00001-01";
const BILL_2: &str = "P-2026-00001-02";

/// One application under test.
struct Supply(Ledger);

impl Supply {
    fn new() -> Self {
        let mut ledger = Ledger::new("application");
        ledger.who = Operator {
            name: "陈文员".into(),
            role: Some("clerk".into()),
        };
        Self(ledger)
    }

    /// With a setting of the procedure replaced.
    fn with(self, old: &str, new: &str) -> Self {
        Self(self.0.with("application", old, new))
    }

    /// What the desk would do with the action, happening at `at`; everything is typed in the winter.
    fn act(&mut self, at: &str, action: &str, data: Value) -> Result<(), Refusal> {
        let mut data = data;
        if data.get("at").is_none() {
            data["at"] = json!(t(at));
        }
        self.0.act(action, &data)
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
        let before = self.0.entries.len();
        let refusal = self.act(at, action, data).expect_err(action);
        let said = format!(
            "{} {} {}",
            refusal.code.code(),
            refusal.field.as_deref().unwrap_or("-"),
            refusal.clause.map_or("-".into(), |clause| clause.0),
        );
        assert_eq!(said, expected, "{action}: {:?}", refusal.message);
        assert_eq!(self.0.entries.len(), before);
        self
    }

    fn record(&self) -> AnyRecord {
        self.0.record()
    }

    fn body(&self) -> Value {
        (*self.record().body).clone()
    }

    /// The breaches as `code reason`.
    #[track_caller]
    fn breaches(&mut self, expected: &[&str]) -> &mut Self {
        let breaches = self.record().head.breaches;
        let told = |breach: &crate::record::entry::Breach| {
            format!("{} {}", breach.code, breach.reason)
                .trim_end()
                .to_owned()
        };
        assert_eq!(breaches.iter().map(told).collect::<Vec<_>>(), expected);
        self
    }

    /// The readings that stand, as `n reading closes`.
    #[track_caller]
    fn readings(&mut self, expected: &[&str]) -> &mut Self {
        let body = self.body();
        let standing = body["readings"].as_array().into_iter().flatten();
        let standing = standing.filter(|taken| taken["replaced_by"].is_null());
        let told = |taken: &Value| {
            let text = |key: &str| taken[key].as_str().unwrap_or("-").to_owned();
            format!("{} {} {}", taken["n"], text("reading"), text("closes"))
        };
        assert_eq!(standing.map(told).collect::<Vec<_>>(), expected);
        self
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
            .0
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
        let bills: Vec<String> = self.body()["bills"]
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
        self.0.deadlines()
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
    json!({"name": "王主管", "role": "supervisor", "price": "0.85", "meter_place": "A座配电间"})
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
