//! Numbers by the order of typing: readings (`replaces: n`) and bills (`P-…-01`) keep the number they were given when
//! they were typed, whatever is typed, corrected or struck afterwards.

use std::collections::BTreeMap;

use super::{Bill, Disconnect, Energise, Read, SwapMeter};
use crate::base::time::Instant;
use crate::record::timeline::{Fact, Timeline};

/// The numbers of a record's facts, by their places in the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    readings: BTreeMap<i64, (std::ops::Range<i64>, Instant)>,
    bills: BTreeMap<i64, (i64, Instant)>,
}

/// How many readings an action takes.
fn takes(action: &str) -> i64 {
    match action {
        Energise::NAME | Read::NAME | Disconnect::NAME => 1,
        SwapMeter::NAME => 2,
        _ => 0,
    }
}

impl Numbers {
    /// Of all facts, struck ones included.
    pub(super) fn of(timeline: &Timeline) -> Self {
        let mut facts: Vec<&Fact> = timeline.facts.iter().chain(&timeline.struck).collect();
        facts.sort_by_key(|fact| fact.seq);
        let mut numbers = Self::default();
        let (mut readings, mut bills) = (0, 0);
        for Fact { seq, entry, .. } in facts {
            let first = readings + 1;
            readings += takes(&entry.action);
            if readings >= first {
                let taken = (first..readings + 1, entry.at);
                numbers.readings.insert(*seq, taken);
            }
            if entry.action == Bill::NAME {
                bills += 1;
                numbers.bills.insert(*seq, (bills, entry.at));
            }
        }
        numbers
    }

    /// The number of the first reading that the fact at this place takes.
    pub(super) fn reading(&self, seq: i64) -> i64 {
        self.readings.get(&seq).map_or(0, |(n, _)| n.start)
    }

    /// The number of the bill that the fact at this place is.
    pub(super) fn bill(&self, seq: i64) -> i64 {
        self.bills.get(&seq).map_or(0, |(n, _)| *n)
    }

    /// How many bills were typed, the one that is being written included.
    pub(super) fn last_bill(&self) -> i64 {
        self.bills.values().map(|(n, _)| *n).max().unwrap_or(1)
    }

    /// When the reading of this number was taken.
    pub(super) fn taken_at(&self, n: i64) -> Option<Instant> {
        let taken = self.readings.values().find(|(own, _)| own.contains(&n));
        taken.map(|(_, at)| *at)
    }

    /// When the bill whose number ends so was written.
    pub(super) fn billed_at(&self, no: &str) -> Option<Instant> {
        let n: i64 = no.rsplit('-').next()?.parse().ok()?;
        let bill = self.bills.values().find(|(number, _)| *number == n);
        bill.map(|(_, at)| *at)
    }
}
