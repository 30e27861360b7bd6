//! Which records belong to a month's archive. Every record goes into exactly one:
//!
//! - that of the month in which it was received, if it was known when that month was sealed;
//! - else (补录) that of the month in which it was entered;
//! - else, when that was sealed without it too, the next one.
//!
//! A time of receipt that was amended later counts as it stood when each month was sealed.

use std::ops::ControlFlow;

use crate::base::i18n::Lexicon;
use crate::base::time::{Instant, Month, Zone};
use crate::desk::Result;
use crate::desk::past::{Past, PastRecord};
use crate::desk::seal::Seal;
use crate::desk::view::HistoryItem;
use crate::record::timeline::{Logged, Timeline};
use crate::registers::dynamic::AnyRegister;

/// What an archive speaks of.
pub struct Scope {
    /// The month.
    pub month: Month,
    /// The site's zone.
    pub zone: Zone,
    /// What the procedures call things.
    pub lexicon: Lexicon,
    /// Months sealed before, in the order in which they were.
    pub earlier: Vec<Seal>,
    /// States are as of this instant.
    pub at: Instant,
}

impl Scope {
    /// The last entry of the archive before; 0 when this is the first.
    pub fn after(&self) -> i64 {
        self.earlier.last().map_or(0, |seal| seal.upto)
    }

    /// Whether the archive of `month`, sealed after the first `sealed` seals, takes a record received and entered then.
    fn takes(&self, month: Month, sealed: usize, received: Month, entered: Month) -> bool {
        let known = |month: Month| self.earlier.iter().take(sealed).any(|s| s.month == month);
        received == month || (known(received) && (entered == month || known(entered)))
    }

    /// Whether this archive holds the record with this history.
    pub fn holds(&self, history: &[HistoryItem]) -> bool {
        let Some(first) = history.first() else {
            return false;
        };
        let entered = self.zone.month(first.entry.entered);
        let received = |upto: i64| self.zone.month(received_as_of(history, upto));
        let earlier = self.earlier.iter().enumerate();
        for (sealed, seal) in earlier.filter(|(_, seal)| seal.upto >= first.seq) {
            if self.takes(seal.month, sealed, received(seal.upto), entered) {
                return false;
            }
        }
        self.takes(self.month, self.earlier.len(), received(i64::MAX), entered)
    }

    /// The month a record belongs to by its receipt, when it comes too late for that month's archive 补录月份.
    pub fn late(&self, past: &PastRecord) -> Option<Month> {
        let received = self.zone.month(past.record.head.received);
        (received != self.month).then_some(received)
    }
}

/// When the record was received, as its entries up to `upto` have it.
fn received_as_of(history: &[HistoryItem], upto: i64) -> Instant {
    let known = history.iter().filter(|item| item.seq <= upto);
    let logged = known.map(|item| Logged {
        seq: item.seq,
        entry: std::sync::Arc::clone(&item.entry),
    });
    let timeline = Timeline::of(logged.collect());
    let stood = timeline.first().map(|fact| fact.entry.received);
    stood
        .or(history.first().map(|item| item.entry.received))
        .unwrap_or_default()
}

/// Hands every record of a register that belongs to the archive to `each`, in the order of receipt.
///
/// # Errors
/// What `each` gives; [`crate::desk::Error::File`] when the file cannot be read.
pub fn each(
    past: &Past<'_>,
    scope: &Scope,
    register: &dyn AnyRegister,
    mut each: impl FnMut(PastRecord) -> Result<()>,
) -> Result<()> {
    let month = (scope.month.begin(scope.zone), scope.month.end(scope.zone));
    let wanted = |found: &PastRecord| scope.holds(&found.history);
    let mut go_on = |found| each(found).map(ControlFlow::Continue);
    past.in_order(register, month, &wanted, &mut go_on)
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::hash::Hash;
    use crate::desk::view::Fate;
    use crate::record::entry::{ENTRY_VERSION, Entry};
    use serde_json::json;

    fn t(text: &str) -> Instant {
        Zone::default().parse(text).unwrap()
    }

    fn item(seq: i64, received: &str, entered: &str) -> HistoryItem {
        let entry = Entry {
            version: ENTRY_VERSION,
            no: "W-2026-00001".into(),
            register: "work-order".into(),
            action: "issue".into(),
            at: t(received),
            received: t(received),
            entered: t(entered),
            by: String::new(),
            role: None,
            via: None,
            note: None,
            desk: String::new(),
            late_entry: false,
            data: serde_json::Map::new(),
            found: serde_json::Map::new(),
            cause: None,
            source: None,
        };
        HistoryItem {
            seq,
            entry: entry.into(),
            hash: Hash::GENESIS,
            fate: Fate::default(),
        }
    }

    fn amended(seq: i64, received: &str, at: &str) -> HistoryItem {
        let mut item = item(seq, at, at);
        let changes = json!({"received": serde_json::to_value(t(received)).unwrap()});
        let entry = std::sync::Arc::make_mut(&mut item.entry);
        entry.action = "amend".into();
        entry.data.insert("changes".into(), changes);
        item
    }

    fn seal(month: &str, upto: i64) -> Seal {
        Seal {
            no: String::new(),
            month: Month::parse(month).unwrap(),
            upto,
            head: String::new(),
            manifest: String::new(),
            at: Instant::default(),
            by: String::new(),
            reason: None,
            papers: None,
        }
    }

    /// Which of the archives, sealed in this order, hold the record.
    fn holders(seals: &[(&str, i64)], history: &[HistoryItem]) -> Vec<String> {
        let seals: Vec<Seal> = seals
            .iter()
            .map(|(month, upto)| seal(month, *upto))
            .collect();
        let holding = seals.iter().enumerate().filter(|(n, seal)| {
            let scope = Scope {
                month: seal.month,
                zone: Zone::default(),
                lexicon: Lexicon::default(),
                earlier: seals[..*n].to_vec(),
                at: Instant::default(),
            };
            let known: Vec<HistoryItem> = history
                .iter()
                .filter(|item| item.seq <= seal.upto)
                .cloned()
                .collect();
            scope.holds(&known)
        });
        holding.map(|(_, seal)| seal.month.to_string()).collect()
    }

    #[test]
    fn every_record_goes_into_exactly_one_archive() {
        let in_order = [
            ("2026-01", 10),
            ("2026-02", 20),
            ("2026-03", 30),
            ("2026-04", 40),
        ];
        let by = |history: &[HistoryItem]| holders(&in_order, history);
        // In time; entered after the month, before the seal; too late; much too late.
        assert_eq!(
            by(&[item(3, "2026-01-05 09:00", "2026-01-05 09:00")]),
            ["2026-01"]
        );
        assert_eq!(
            by(&[item(9, "2026-01-31 23:59", "2026-02-01 08:00")]),
            ["2026-01"]
        );
        assert_eq!(
            by(&[item(11, "2026-01-31 23:59", "2026-02-02 08:00")]),
            ["2026-02"]
        );
        assert_eq!(
            by(&[item(21, "2026-01-05 09:00", "2026-03-02 08:00")]),
            ["2026-03"]
        );
        // Entered in a month that was sealed without it too.
        assert_eq!(
            by(&[item(21, "2026-01-05 09:00", "2026-02-28 23:59")]),
            ["2026-03"]
        );
        // Of the next month, entered before this one was sealed.
        assert_eq!(
            by(&[item(9, "2026-02-01 07:00", "2026-02-01 08:00")]),
            ["2026-02"]
        );
        // Still unknown.
        assert_eq!(
            by(&[item(41, "2026-04-05 09:00", "2026-04-05 09:00")]),
            [""; 0]
        );
    }

    #[test]
    fn an_amended_receipt_neither_doubles_nor_loses_a_record() {
        let seals = [("2026-01", 10), ("2026-02", 20), ("2026-03", 30)];
        let first = item(5, "2026-01-20 09:00", "2026-01-20 09:00");
        // Booked in January, then said to be of February.
        let later = amended(15, "2026-02-03 09:00", "2026-02-10 09:00");
        assert_eq!(holders(&seals, &[first.clone(), later]), ["2026-01"]);
        // Moved before January was sealed.
        let sooner = amended(6, "2026-02-03 09:00", "2026-01-25 09:00");
        assert_eq!(holders(&seals, &[first, sooner]), ["2026-02"]);
        // Known as of February when January was sealed, then found to be of January.
        let first = item(9, "2026-02-01 09:00", "2026-02-01 09:00");
        let back = amended(12, "2026-01-31 09:00", "2026-02-04 09:00");
        assert_eq!(holders(&seals, &[first, back]), ["2026-02"]);
    }

    #[test]
    fn months_sealed_out_of_order_lose_nothing() {
        let seals = [("2026-03", 10), ("2026-01", 20), ("2026-04", 30)];
        assert_eq!(
            holders(&seals, &[item(2, "2026-01-05 09:00", "2026-01-05 09:00")]),
            ["2026-01"]
        );
        assert_eq!(
            holders(&seals, &[item(12, "2026-03-05 09:00", "2026-04-02 09:00")]),
            ["2026-04"]
        );
        assert_eq!(
            holders(&seals, &[item(2, "2026-02-05 09:00", "2026-02-05 09:00")]),
            [""; 0]
        );
    }
}
