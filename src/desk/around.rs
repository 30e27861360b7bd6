//! What stands around a record and belongs on its paper: the lines of a shift, and what it hands over.

use serde_json::{Value, json};

use super::view::RecordView;
use super::{Desk, Result};
use crate::registers::record::AnyRecord;
use crate::store::query::{Cut, PageQuery};
use crate::time::Instant;

/// Lines on the paper of one shift; one that has more is no shift.
const MOST: usize = 200;

impl Desk {
    /// `{around.…}` of a record; null when nothing stands around it.
    pub(crate) fn around(&self, view: &RecordView) -> Result<Value> {
        let record = &view.record;
        let shift = view.register.spec().code == "log" && record.body.get("band").is_some();
        let Some(end) = instant(record, "handed_over_at").filter(|_| shift) else {
            return Ok(Value::Null);
        };
        Ok(json!({
            "entries": self.lines(record.head.received, end)?,
            "carried": self.carried(end)?,
        }))
    }

    /// What was noted in the log from `from` to `end`.
    fn lines(&self, from: Instant, end: Instant) -> Result<Vec<Value>> {
        let place = (from.unix(), String::new());
        let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
        let found = self.store.received("log", &place, end.unix() + 1, limit)?;
        let mut lines = Vec::new();
        for (_, no) in found {
            let noted = self.store.record(&no)?.filter(|record| {
                record.head.void_reason.is_none() && record.body.get("text").is_some()
            });
            lines.extend(noted.as_ref().map(line));
        }
        Ok(lines)
    }

    /// What was carried over at `end`, oldest first: still carried, or dealt with later.
    fn carried(&self, end: Instant) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        for state in ["carried", "cleared"] {
            let rows = self.store.page(&PageQuery {
                register: Some("log"),
                search: None,
                states: &[state.to_owned()],
                open: None,
                class: None,
                late_at: None,
                due_by: None,
                owing: false,
                fields: &[],
                by_due: false,
                cut: Cut::First,
                limit: MOST,
            })?;
            found.extend(rows.into_iter().map(|row| row.record));
        }
        found.retain(|record| {
            let cleared = instant(record, "cleared_at");
            record.head.received <= end && cleared.is_none_or(|at| at > end)
        });
        found.sort_by_key(|record| record.head.received);
        Ok(found.iter().map(line).collect())
    }
}

fn instant(record: &AnyRecord, key: &str) -> Option<Instant> {
    Instant::stored(record.body.get(key)?.as_str()?)
}

/// A line of the log, as papers read it.
fn line(record: &AnyRecord) -> Value {
    let mut line = record.body.clone();
    if let Value::Object(line) = &mut line {
        line.insert("no".into(), json!(record.head.no));
        line.insert("opened".into(), json!(record.head.opened));
        line.insert("by".into(), json!(record.head.by));
    }
    line
}
