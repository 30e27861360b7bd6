//! What stands around a shift and belongs on its paper: the lines noted in it, and what it hands over.

use std::ops::ControlFlow;

use serde_json::{Value, json};

use super::past::{Past, PastRecord};
use super::view::RecordView;
use super::{Desk, Result};
use crate::base::time::Instant;
use crate::record::head::AnyRecord;
use crate::registers::register;

/// Lines on the paper of one shift; one that has more is no shift.
const MOST: usize = 200;

impl Desk {
    /// `{around.…}` of a record; null when nothing stands around it.
    pub(crate) fn around(&self, view: &RecordView) -> Result<Value> {
        let Some(end) = handed_over(view) else {
            return Ok(Value::Null);
        };
        let past = self.past(None)?;
        let carried = past.carried(end)?;
        past.around(view, &carried)
    }
}

/// When the shift that a record tells of was handed over.
fn handed_over(view: &RecordView) -> Option<Instant> {
    let shift = view.register.spec().code == "log" && view.record.body.get("band").is_some();
    instant(&view.record, "handed_over_at").filter(|_| shift)
}

fn instant(record: &AnyRecord, key: &str) -> Option<Instant> {
    Instant::stored(record.body.get(key)?.as_str()?)
}

/// A line of the log, as papers read it.
fn line(record: &AnyRecord) -> Value {
    let mut line = (*record.body).clone();
    if let Value::Object(line) = &mut line {
        line.insert("no".into(), json!(record.head.no));
        line.insert("opened".into(), json!(record.head.opened));
        line.insert("by".into(), json!(record.head.by));
    }
    line
}

impl Past<'_> {
    /// The carried items 移交事项 of the log that were open at some time since `begin`, oldest first.
    ///
    /// # Errors
    /// [`super::Error::File`] when the file cannot be read.
    pub fn carried(&self, begin: Instant) -> Result<Vec<AnyRecord>> {
        let mut numbers = Vec::new();
        self.open_numbers("log", |no| {
            numbers.push(no.to_owned());
            Ok(())
        })?;
        let (before, _) = self.chain_before(begin)?;
        self.stretch(before, |row| {
            if row.line.contains("\"action\":\"clear\"") && row.no.starts_with('L') {
                numbers.push(row.no);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        numbers.sort();
        numbers.dedup();
        let mut carried = Vec::new();
        for no in numbers {
            let item = self.record(&no)?.map(|found| found.record);
            carried.extend(item.filter(|r| r.body.get("kind").is_some_and(|kind| kind == "carry")));
        }
        carried.sort_by_key(|record| record.head.received);
        Ok(carried)
    }

    /// `{around.…}` of a record; null when nothing stands around it.
    pub(super) fn around(&self, view: &RecordView, carried: &[AnyRecord]) -> Result<Value> {
        let (Some(end), Some(log)) = (handed_over(view), register("log")) else {
            return Ok(Value::Null);
        };
        let from = view.record.head.received;
        let noted = |past: &PastRecord| {
            let (head, body) = (&past.record.head, &past.record.body);
            let within = head.received >= from && head.received <= end;
            within && head.void_reason.is_none() && body.get("text").is_some()
        };
        let mut lines = Vec::new();
        self.in_order(log, (from, end.plus_seconds(1)), &noted, &mut |past| {
            lines.push(line(&past.record));
            Ok(match lines.len() < MOST {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            })
        })
        .map(|_| ())?;
        let handed_on = carried.iter().filter(|item| {
            let voided = item.head.void_reason.is_some();
            let cleared = instant(item, "cleared_at");
            !voided && item.head.received <= end && cleared.is_none_or(|at| at > end)
        });
        Ok(json!({
            "entries": lines,
            "carried": handed_on.map(line).collect::<Vec<_>>(),
        }))
    }
}
