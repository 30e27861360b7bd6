//! Entry keys: by what entries are looked up besides their record.

use rusqlite::params;
use serde_json::Value;

use super::journal::{Row, row};
use super::{Store, Stored, Writer, explain};
use crate::base::time::Instant;
use crate::record::entry::{Entry, appended};

/// A key of an entry: kind, key, place of the entry in the journal.
pub type EntryKey = (&'static str, String, i64);

/// The entry was brought about by the one whose place is the key.
const CAUSE: &str = "cause";
/// The entry gives a record the paper number that is the key.
const PAPER: &str = "paper";
/// The entry may move the record whose number is the key to another time of receipt, or came after the month it speaks
/// of was sealed.
const MOVED: &str = "moved";

/// The entry was appended when the clock had gone back; the key is when the one before it was, so that the stretches of
/// the journal in which the clock only went on are known.
const CLOCK: &str = "clock";

/// Seconds that the clock may seem to go back between two entries: two processes write in turns.
pub const JITTER: i64 = 60;

/// Watches the clock from entry to entry, in the order of the journal.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClockWatch {
    before: Option<Instant>,
}

impl ClockWatch {
    /// The key of the next entry, when the clock had gone back.
    pub fn next(&mut self, seq: i64, line: &str) -> Option<EntryKey> {
        let now = appended(line);
        let before = std::mem::replace(&mut self.before, now);
        before.zip(now).and_then(|(before, now)| {
            let back = now.plus_seconds(JITTER) < before;
            back.then(|| (CLOCK, in_order(before), seq))
        })
    }
}

/// An instant as a text that sorts as it does.
fn in_order(at: Instant) -> String {
    format!("{:020}", at.unix().max(0))
}

/// The keys of an entry.
pub fn keys_of(seq: i64, entry: &Entry) -> Vec<EntryKey> {
    let mut keys: Vec<EntryKey> = Vec::new();
    if let Some(cause) = entry.cause {
        keys.push((CAUSE, cause.to_string(), seq));
    }
    let changes = [&entry.data, &entry.found].map(|part| part.get("changes"));
    let changed = changes.into_iter().flatten();
    let given = changed
        .clone()
        .filter_map(|changes| changes.get("paper_no"));
    for paper in given
        .chain(entry.data.get("paper_no"))
        .filter_map(Value::as_str)
    {
        let key = (PAPER, paper.to_owned(), seq);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let late = entry.found.contains_key("closed_month");
    if late || entry.action == "strike" || changed.count() > 0 {
        keys.push((MOVED, entry.no.clone(), seq));
    }
    keys
}

impl Writer<'_> {
    /// Keeps the keys of an entry.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be written.
    pub fn put_keys(&self, keys: &[EntryKey]) -> Stored<()> {
        let put = "INSERT OR IGNORE INTO entry_key (kind, key, seq) VALUES (?, ?, ?)";
        let mut each = keys.iter();
        let put = each.try_for_each(|(kind, key, seq)| {
            let mut statement = self.tx.prepare_cached(put)?;
            statement.execute(params![kind, key, seq]).map(|_| ())
        });
        put.map_err(|e: rusqlite::Error| self.explain(&e))
    }

    /// The entries that an entry brought about by itself, oldest first.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn caused_by(&self, seq: i64) -> Stored<Vec<Row>> {
        let read = || {
            let mut statement = self.tx.prepare_cached(
                "SELECT journal.seq, no, line, hash FROM entry_key JOIN journal ON journal.seq = entry_key.seq
                 WHERE kind = ? AND key = ? ORDER BY entry_key.seq",
            )?;
            statement
                .query_map(params![CAUSE, seq.to_string()], row)?
                .collect::<rusqlite::Result<Vec<Row>>>()
        };
        read().map_err(|e: rusqlite::Error| self.explain(&e))
    }
}

/// As [`Store::clock_stretch`].
pub(super) fn clock_stretch(
    conn: &rusqlite::Connection,
    at: Instant,
    (passed, upto): (i64, i64),
) -> rusqlite::Result<(i64, i64)> {
    // The last of a stretch may stand a moment before another of it.
    let moment = in_order(at.plus_seconds(-JITTER));
    let end = "SELECT min(seq) FROM entry_key WHERE kind = ? AND key >= ? AND seq > ? + 1";
    let mut end = conn.prepare_cached(end)?;
    let end: Option<i64> = end.query_row(params![CLOCK, moment, passed], |row| row.get(0))?;
    let last = end.map_or(upto, |end| (end - 1).min(upto));
    let begin = "SELECT max(seq) FROM entry_key WHERE kind = ? AND seq <= ?";
    let mut begin = conn.prepare_cached(begin)?;
    let first: Option<i64> = begin.query_row(params![CLOCK, last], |row| row.get(0))?;
    Ok((first.unwrap_or(1), last))
}

impl Store {
    /// Numbers of the records whose time of receipt an entry changed, or that were opened after the month they belong
    /// to was sealed.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn moved(&self) -> Stored<Vec<String>> {
        self.strings("SELECT DISTINCT key FROM entry_key WHERE kind = ?", [MOVED])
    }

    /// Numbers of the records that an entry ever gave this paper number.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn ever_on_paper(&self, paper: &str) -> Stored<Vec<String>> {
        let sql = "SELECT DISTINCT no FROM entry_key JOIN journal ON journal.seq = entry_key.seq
                   WHERE kind = ? AND key = ?";
        self.strings(sql, [PAPER, paper])
    }

    /// The first stretch of the entries after `passed` up to `upto` in which the clock only went on and may have shown
    /// this instant or a later one: its first and last place. The last stretch when it cannot have.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn clock_stretch(&self, at: Instant, span: (i64, i64)) -> Stored<(i64, i64)> {
        clock_stretch(&self.conn, at, span).map_err(|e| explain(&self.path, &e))
    }

    /// Every key as it stands: (kind, key, place), in order.
    ///
    /// # Errors
    /// [`super::FileTrouble`] when the file cannot be read.
    pub fn all_keys(&self) -> Stored<Vec<(String, String, i64)>> {
        let read = || {
            let mut statement = self
                .conn
                .prepare_cached("SELECT kind, key, seq FROM entry_key ORDER BY kind, key, seq")?;
            statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect::<rusqlite::Result<_>>()
        };
        read().map_err(|e: rusqlite::Error| explain(&self.path, &e))
    }

    fn strings(&self, sql: &str, asked: impl rusqlite::Params) -> Stored<Vec<String>> {
        let read = || {
            let mut statement = self.conn.prepare_cached(sql)?;
            statement
                .query_map(asked, |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()
        };
        read().map_err(|e: rusqlite::Error| explain(&self.path, &e))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::base::time::Instant;

    fn entry(action: &str, data: Value) -> Entry {
        let at = Instant::from_unix(0);
        Entry::plain("W-2026-00001", "work-order", action, at, &data)
    }

    #[test]
    fn a_clock_that_goes_back_is_seen_and_a_moment_is_not() {
        let line = |unix: i64| {
            let mut entry = entry("issue", json!({}));
            entry.entered = Instant::from_unix(unix);
            entry.line().unwrap()
        };
        let mut clock = ClockWatch::default();
        let times = [1000, 5000, 4950, 5100, 2000, 3000];
        let keys = (1..)
            .zip(times)
            .filter_map(|(seq, at)| clock.next(seq, &line(at)));
        let back = (CLOCK, "00000000000000005100".to_owned(), 5);
        assert_eq!(keys.collect::<Vec<_>>(), [back]);
        assert_eq!(clock.next(7, "{"), None);
        assert_eq!(clock.next(8, &line(0)), None);
    }

    #[test]
    fn an_entry_is_found_by_its_cause_its_paper_number_and_what_it_moves() {
        let plain = entry("issue", json!({"paper_no": "0042"}));
        assert_eq!(keys_of(1, &plain), [(PAPER, "0042".to_owned(), 1)]);
        let mut caused = entry("issue", json!({"content": "漏水"}));
        caused.cause = Some(7);
        assert_eq!(keys_of(8, &caused), [(CAUSE, "7".to_owned(), 8)]);
        let moved = |seq| (MOVED, "W-2026-00001".to_owned(), seq);
        let changes = json!({"entry": 1, "changes": {"paper_no": "0043"}, "reason": "误录"});
        let paper = (PAPER, "0043".to_owned(), 9);
        assert_eq!(keys_of(9, &entry("correct", changes)), [paper, moved(9)]);
        let strike = entry("strike", json!({"entry": 9, "reason": "误录"}));
        assert_eq!(keys_of(10, &strike), [moved(10)]);
        let mut late = entry("remark", json!({"text": "changes: {}"}));
        assert!(keys_of(11, &late).is_empty());
        late.found.insert("closed_month".into(), "2026-01".into());
        assert_eq!(keys_of(11, &late), [moved(11)]);
    }
}
