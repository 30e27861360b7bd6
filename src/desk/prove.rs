//! Proving the derived tables: every row of every table against the rows that the entries make now, by the same
//! function that writes them. Two threads share the records.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;

use super::Result;
use super::audit::{Audit, Watch};
use super::lookup::evaluate;
use crate::base::i18n::Msg;
use crate::base::progress::Progress;
use crate::record::action::ActionSpec;
use crate::record::entry::Entry;
use crate::record::timeline::{Logged, Timeline};
use crate::registers::register_of;
use crate::rules::in_force::InForce;
use crate::store::imports::{number_parts, yearly_numbers};
use crate::store::journal::Row;
use crate::store::proof::Series;
use crate::store::rows::Rows;
use crate::store::{Store, Stored};

/// Numbers given and rows imported, as entries tell of them.
#[derive(Default)]
pub(super) struct Given {
    /// Highest number of each series.
    series: BTreeMap<(String, String, i32), i64>,
    imported: BTreeMap<String, String>,
}

/// What the entries of some records make, as far as it is held against whole tables.
#[derive(Default)]
struct Sums {
    /// Records whose rows agree.
    records: u64,
    /// Rows of the tables of records, duties, links and places.
    rows: [i64; 4],
    counters: BTreeMap<(String, String), i64>,
    given: Given,
    /// Words that the search index should hold of each record.
    words: BTreeMap<i64, u64>,
    /// A sum over all those words, each with its record and its place in it.
    content: u64,
    findings: Vec<Msg>,
}

/// Every derived row against the entries; [`ControlFlow::Break`] when it was stopped.
pub(super) fn rows(
    store: &Store,
    rules: &InForce,
    audit: &mut Audit,
    watch: Watch<'_>,
) -> Result<ControlFlow<()>> {
    let all = readable(store.records())?.unwrap_or(0);
    let middle = readable(store.middle_number())?.flatten();
    let helper = middle.as_deref().and_then(|_| store.again());
    let (mut sums, stopped) = match (helper, middle.as_deref()) {
        (Some(helper), Some(middle)) => shared(store, helper, rules, middle, all, watch)?,
        _ => half(store, rules, ("", None), all, watch)?,
    };
    if stopped {
        return Ok(ControlFlow::Break(()));
    }
    whole_tables(store, &mut sums)?;
    audit.records = sums.records;
    sums.findings
        .into_iter()
        .for_each(|found| audit.find(found));
    Ok(ControlFlow::Continue(()))
}

/// Both halves at once, each on a connection of its own and with a view of its own. One after the other when the two
/// do not see the same entries.
fn shared(
    store: &Store,
    helper: Store,
    rules: &InForce,
    middle: &str,
    all: u64,
    watch: Watch<'_>,
) -> Result<(Sums, bool)> {
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    let go_on = &AtomicBool::new(true);
    let head = store.chain_head()?;
    std::thread::scope(|scope| {
        let second = scope.spawn(move || {
            let mut quiet = |_: Progress| match go_on.load(Relaxed) {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            };
            helper.steady(|| match helper.chain_head()? == head {
                true => half(&helper, rules, (middle, None), all, &mut quiet).map(Some),
                false => Ok(None),
            })
        });
        // The second half keeps step with the first.
        let mut told = |p: Progress| {
            watch(Progress {
                done: p.done.saturating_mul(2).min(all),
                all: p.all,
            })
        };
        let first = half(store, rules, ("", Some(middle)), all, &mut told);
        if !matches!(first, Ok((_, false))) {
            go_on.store(false, Relaxed);
        }
        let (mut sums, stopped) = first?;
        match second.join() {
            Ok(second) => {
                let (other, other_stopped) = match second? {
                    Some(second) => second,
                    None => half(store, rules, (middle, None), all, watch)?,
                };
                sums.add(other);
                Ok((sums, stopped || other_stopped))
            }
            Err(_) => Err(super::damaged(0, Msg::new("audit.thread"))),
        }
    })
}

/// The records of one stretch of numbers.
fn half(
    store: &Store,
    rules: &InForce,
    span: (&str, Option<&str>),
    all: u64,
    watch: Watch<'_>,
) -> Result<(Sums, bool)> {
    let mut sums = Sums::default();
    let mut stopped = false;
    let mut done = 0_u64;
    let mut failed = None;
    store.each_record(span, |no, entries| {
        done += 1;
        if let Err(error) = sums.record(store, rules, no, entries) {
            failed = Some(error);
            return false;
        }
        if done.is_multiple_of(512) {
            let told = Progress {
                done,
                all: Some(all),
            };
            stopped = watch(told).is_break();
        }
        !stopped
    })?;
    match failed {
        Some(error) => Err(error),
        None => Ok((sums, stopped)),
    }
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.records += other.records;
        for (sum, more) in self.rows.iter_mut().zip(other.rows) {
            *sum += more;
        }
        for (key, n) in other.counters {
            *self.counters.entry(key).or_default() += n;
        }
        self.given.add(other.given);
        self.words.extend(other.words);
        self.content = self.content.wrapping_add(other.content);
        self.findings.extend(other.findings);
    }

    /// Holds the rows of one record against its entries.
    fn record(&mut self, store: &Store, rules: &InForce, no: &str, rows: Vec<Row>) -> Result<()> {
        self.given.number(no);
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            match Entry::read(&row.line) {
                Ok(entry) => entries.push(Logged {
                    seq: row.seq,
                    entry,
                }),
                // The chain's proof tells of it.
                Err(_) => return Ok(()),
            }
        }
        self.given.by(no, &entries);
        let Some(register) = register_of(no) else {
            return Ok(());
        };
        let again = |logged: &Logged| {
            let spec: Option<&ActionSpec> = register.action(&logged.entry.action);
            spec.is_some_and(|spec| spec.first)
        };
        if entries.iter().skip(1).any(again) {
            self.findings
                .push(Msg::new("audit.opened_twice").with("no", no));
        }
        let timeline = Timeline::of(entries);
        let evaluated = match evaluate(register, &timeline, rules, store) {
            Ok(evaluated) => evaluated,
            Err(error) => {
                let why = super::audit::reason(&error);
                let found = Msg::new("audit.replay").with("no", no).with("why", why);
                self.findings.push(found);
                return Ok(());
            }
        };
        let made = Rows::of(&evaluated, register.spec().code).map_err(|e| {
            super::damaged(0, Msg::new("entry.unreadable").with("why", e.to_string()))
        })?;
        self.rows[0] += 1;
        self.rows[1] += made.duties.len() as i64;
        self.rows[2] += made.links.len() as i64;
        self.rows[3] += made.places.len() as i64;
        let state = (made.record.register.clone(), made.record.state.clone());
        *self.counters.entry(state).or_default() += 1;
        self.compare(store, no, made)
    }

    fn compare(&mut self, store: &Store, no: &str, made: Rows) -> Result<()> {
        let id = made.record.id;
        let (mut words, mut content) = (0, self.content);
        let mut indexed = |word: &str, place: i64| {
            words += 1;
            content = content.wrapping_add(mark(word, id, place));
        };
        if made.grams.chars().all(indexed_as_is) {
            let all = made.grams.split_ascii_whitespace();
            all.zip(0..).for_each(|(word, place)| indexed(word, place));
        } else {
            store.words_as_indexed(&made.grams, indexed)?;
        }
        self.content = content;
        self.words.insert(id, words);
        let differs = |what: &str| Msg::new("audit.differs").with("no", no).with("what", what);
        let stands = match readable(store.standing(no))? {
            Some(Some(stands)) => stands,
            Some(None) => {
                self.findings.push(Msg::new("audit.missing").with("no", no));
                return Ok(());
            }
            None => {
                self.findings.push(differs("row"));
                return Ok(());
            }
        };
        let expected = Rows {
            grams: String::new(),
            ..made
        };
        if expected == stands.rows {
            self.records += 1;
        } else {
            self.findings
                .push(differs(differing(&expected, &stands.rows)));
        }
        Ok(())
    }
}

impl Given {
    fn add(&mut self, other: Self) {
        for (key, last) in other.series {
            let known = self.series.entry(key).or_default();
            *known = last.max(*known);
        }
        self.imported.extend(other.imported);
    }

    /// Takes in the number of a record of which nothing more may be known.
    pub(super) fn number(&mut self, no: &str) {
        let parts = register_of(no).zip(number_parts(no));
        if let Some((register, (desk, year, last))) = parts {
            let key = (register.spec().code.to_owned(), desk.to_owned(), year);
            let known = self.series.entry(key).or_default();
            *known = last.max(*known);
        }
    }

    /// Takes in what the entries of a record tell.
    pub(super) fn by(&mut self, no: &str, entries: &[Logged]) {
        let Some(first) = entries.first() else { return };
        let mut given = |series: &str, desk: &str, year: i32, last: i64| {
            let key = (series.to_owned(), desk.to_owned(), year);
            let known = self.series.entry(key).or_default();
            *known = last.max(*known);
        };
        if let Some((desk, year, last)) = number_parts(no) {
            given(&first.entry.register, desk, year, last);
        }
        for Logged { entry, .. } in entries {
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
    pub(super) fn all_series(&self) -> Vec<Series> {
        let series = self.series.iter();
        series
            .map(|((register, desk, year), last)| (register.clone(), desk.clone(), *year, *last))
            .collect()
    }

    /// The imported rows, in order.
    pub(super) fn all_imported(&self) -> Vec<(String, String)> {
        let rows = self.imported.iter();
        rows.map(|(row, no)| (row.clone(), no.clone())).collect()
    }
}

/// Whether the index keeps a character as it is: it folds letters of other scripts in its own way.
const fn indexed_as_is(c: char) -> bool {
    matches!(c, ' ' | '0'..='9' | 'a'..='z' | '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ff10}'..='\u{ff19}' | '\u{ff41}'..='\u{ff5a}' | '\u{20000}'..='\u{323af}')
}

/// A number for a word of the search index; the index orders its words by bytes, so a sum is compared.
fn mark(word: &str, record: i64, place: i64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (word, record, place).hash(&mut hasher);
    hasher.finish()
}

/// Which part of a record's rows differs, for the person who has to look.
fn differing(expected: &Rows, stands: &Rows) -> &'static str {
    let (made, kept) = (&expected.record, &stands.record);
    let parts: [(&'static str, bool); 12] = [
        ("body", made.body != kept.body),
        ("title", made.title != kept.title),
        ("state", made.state != kept.state || made.open != kept.open),
        ("class", made.class != kept.class),
        ("received", made.received != kept.received),
        (
            "place",
            made.place != kept.place || expected.places != stands.places,
        ),
        ("paper_no", made.paper_key != kept.paper_key),
        ("void_reason", made.void_reason != kept.void_reason),
        (
            "due",
            made.due != kept.due || made.late_from != kept.late_from,
        ),
        (
            "duty",
            made.duty != kept.duty || expected.duties != stands.duties,
        ),
        ("link", expected.links != stands.links),
        (
            "register",
            made.register != kept.register || made.id != kept.id,
        ),
    ];
    parts
        .into_iter()
        .find(|(_, differs)| *differs)
        .map_or("row", |(name, _)| name)
}

/// What stands in a table; nothing where a damaged value is none that the table can hold. Whatever is wrong with the
/// file itself stays an error.
fn readable<T>(read: Stored<T>) -> Result<Option<T>> {
    match read {
        Ok(stands) => Ok(Some(stands)),
        Err(trouble) if trouble.reason.key == "file.other" => Ok(None),
        Err(trouble) => Err(trouble.into()),
    }
}

/// Holds what all records make together against the whole tables.
fn whole_tables(store: &Store, sums: &mut Sums) -> Result<()> {
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
    let table = |name: &str| Msg::new("audit.table").with("table", name);
    let counters: Vec<(String, String, i64)> = std::mem::take(&mut sums.counters)
        .into_iter()
        .map(|((register, state), n)| (register, state, n))
        .collect();
    if readable(store.counters())? != Some(counters) {
        sums.findings.push(table("tally"));
    }
    if readable(store.all_series())? != Some(sums.given.all_series()) {
        sums.findings.push(table("series"));
    }
    if readable(store.all_imported())? != Some(sums.given.all_imported()) {
        sums.findings.push(table("imported"));
    }
    search(store, sums)
}

/// The search index: as many words of each record as there should be, and each at its place.
fn search(store: &Store, sums: &mut Sums) -> Result<()> {
    let mut differs = false;
    let mut expected = sums.words.iter();
    let read = store.each_indexed(|id, words| {
        differs |= expected.next() != Some((&id, &words));
    });
    let sizes = readable(read)?.is_some();
    differs |= expected.next().is_some();
    let mut content = 0_u64;
    let read = store.each_word(|word, record, place| {
        content = content.wrapping_add(mark(word, record, place));
    });
    let words = readable(read)?.is_some();
    if !sizes || !words || differs || content != sums.content {
        sums.findings
            .push(Msg::new("audit.table").with("table", "search"));
    }
    Ok(())
}
