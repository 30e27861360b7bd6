//! What entries tell of besides their records: numbers given, rows imported, keys.

use std::collections::BTreeMap;

use crate::record::timeline::Logged;
use crate::registers::register_of;
use crate::store::imports::{number_parts, yearly_numbers};
use crate::store::keys::{EntryKey, keys_of};
use crate::store::proof::Series;

/// Numbers given, rows imported and keys of entries.
#[derive(Default)]
pub(in crate::desk) struct Given {
    /// Highest number of each series.
    series: BTreeMap<(String, String, i32), i64>,
    imported: BTreeMap<String, String>,
    keys: Vec<EntryKey>,
}

impl Given {
    pub(super) fn add(&mut self, other: Self) {
        for (key, last) in other.series {
            let known = self.series.entry(key).or_default();
            *known = last.max(*known);
        }
        self.imported.extend(other.imported);
        self.keys.extend(other.keys);
    }

    /// Takes in the number of a record of which nothing more may be known.
    pub(in crate::desk) fn number(&mut self, no: &str) {
        let parts = register_of(no).zip(number_parts(no));
        if let Some((register, (desk, year, last))) = parts {
            let key = (register.spec().code.to_owned(), desk.to_owned(), year);
            let known = self.series.entry(key).or_default();
            *known = last.max(*known);
        }
    }

    /// Takes in what the entries of a record tell.
    pub(in crate::desk) fn by(&mut self, no: &str, entries: &[Logged]) {
        let Some(first) = entries.first() else { return };
        let mut given = |series: &str, desk: &str, year: i32, last: i64| {
            let key = (series.to_owned(), desk.to_owned(), year);
            let known = self.series.entry(key).or_default();
            *known = last.max(*known);
        };
        if let Some((desk, year, last)) = number_parts(no) {
            given(&first.entry.register, desk, year, last);
        }
        for Logged { seq, entry } in entries {
            self.keys.extend(keys_of(*seq, entry));
            for (series, year, last) in yearly_numbers(entry) {
                given(series, "", year, last);
            }
            if let Some(source) = &entry.source {
                self.imported
                    .entry(source.row.clone())
                    .or_insert_with(|| no.to_owned());
            }
        }
    }

    /// The number series, in order.
    pub(in crate::desk) fn all_series(&self) -> Vec<Series> {
        let series = self.series.iter();
        series
            .map(|((register, desk, year), last)| (register.clone(), desk.clone(), *year, *last))
            .collect()
    }

    /// Takes in further keys.
    pub(in crate::desk) fn keyed(&mut self, keys: Vec<EntryKey>) {
        self.keys.extend(keys);
    }

    /// The keys of entries, in order.
    pub(in crate::desk) fn all_keys(&self) -> Vec<EntryKey> {
        let mut keys = self.keys.clone();
        keys.sort_unstable();
        keys
    }

    /// The imported rows, in order.
    pub(in crate::desk) fn all_imported(&self) -> Vec<(String, String)> {
        let rows = self.imported.iter();
        rows.map(|(row, no)| (row.clone(), no.clone())).collect()
    }
}
