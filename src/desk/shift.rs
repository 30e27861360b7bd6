//! What stood around a shift, as the file stood after an entry: the lines noted in it, and what it handed over.

use std::ops::ControlFlow;

use serde_json::{Value, json};

use super::Result;
use super::around::{instant, line};
use super::past::{Past, PastRecord};
use super::view::RecordView;
use crate::registers::record::AnyRecord;
use crate::registers::register;
use crate::time::Instant;

/// Lines on the paper of one shift; one that has more is no shift.
const MOST: usize = 200;

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
        let record = &view.record;
        let shift = view.register.spec().code == "log" && record.body.get("band").is_some();
        let (Some(end), Some(log)) = (
            instant(record, "handed_over_at").filter(|_| shift),
            register("log"),
        ) else {
            return Ok(Value::Null);
        };
        let from = record.head.received;
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
