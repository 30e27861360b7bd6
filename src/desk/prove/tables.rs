//! Whole tables: what all records make together against what stands.

use super::readable;
use super::records::Sums;
use crate::base::i18n::Msg;
use crate::desk::Result;
use crate::store::Store;

/// Holds what all records make together against the whole tables.
pub(super) fn hold(store: &Store, sums: &mut Sums) -> Result<()> {
    let sizes = store.table_sizes()?;
    for (index, table) in ["record", "duty", "link", "place"].into_iter().enumerate() {
        if sizes[index] != sums.rows[index] {
            let found = Msg::new("audit.rows")
                .with("table", table)
                .with("stored", sizes[index])
                .with("made", sums.rows[index]);
            sums.findings.push(found);
        }
    }
    let mut counters: Vec<(String, String, i64)> = std::mem::take(&mut sums.counters)
        .into_iter()
        .map(|(register, state, n)| (register.to_owned(), state, n))
        .collect();
    counters.sort_unstable();
    let keys = sums.given.all_keys().into_iter();
    let keys: Vec<(String, String, i64)> = keys
        .map(|(kind, key, seq)| (kind.to_owned(), key, seq))
        .collect();
    let same = [
        ("tally", readable(store.counters())? == Some(counters)),
        (
            "series",
            readable(store.all_series())? == Some(sums.given.all_series()),
        ),
        (
            "imported",
            readable(store.all_imported())? == Some(sums.given.all_imported()),
        ),
        ("entry_key", readable(store.all_keys())? == Some(keys)),
    ];
    for (table, _) in same.into_iter().filter(|(_, same)| !same) {
        let found = Msg::new("audit.table").with("table", table);
        sums.findings.push(found);
    }
    Ok(())
}
