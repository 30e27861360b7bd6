//! The timeline 时间线: a record's effective facts in the order in which they happened.
//!
//! The journal keeps what was *typed*, in the order of typing. Three actions are entries about entries: `strike` takes
//! one out, `correct` replaces its time, person or fields, `amend` corrects whichever entry carried a field. What is
//! left, sorted by the instant it happened (and by its place in the journal among those of one instant), is the
//! timeline; a register's fold makes the record of it. So the same facts give the same record, whatever the order in
//! which they were typed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::action::ActionSet;
use super::common::{CommonAction, Void};
use super::entry::Entry;
use crate::base::time::Instant;

/// An entry with its place in the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// Place in the journal, counted from 1.
    pub seq: i64,
    /// The entry as it was typed; timelines share it until one puts it right.
    pub entry: Arc<Entry>,
}

/// A fact: an entry as it stands after its corrections.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Place of the entry in the journal, counted from 1.
    pub seq: i64,
    /// The entry with every correction applied.
    pub entry: Arc<Entry>,
    /// The corrections, in the order of typing.
    pub corrections: Vec<Correction>,
}

impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        // Timelines of one record share their entries.
        let same = Arc::ptr_eq(&self.entry, &other.entry) || self.entry == other.entry;
        same && self.seq == other.seq && self.corrections == other.corrections
    }
}

/// What one correction put right.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// Place of the correcting entry.
    pub seq: i64,
    /// When it was made.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
    /// What stood before under the keys that it changed.
    pub before: Map<String, Value>,
}

/// A strike: which entry takes another out, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Strike {
    /// Place of the striking entry.
    pub seq: i64,
    /// When it was made.
    pub at: Instant,
    /// Why.
    pub reason: String,
}

/// A record's facts in the order in which they happened. The opening entry comes first, whatever its instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// The effective facts.
    pub facts: Vec<Fact>,
    /// Facts that were struck, in the order of typing.
    pub struck: Vec<Fact>,
    /// By which entry each struck entry is struck; corrections that were taken back stand here too.
    pub strikes: BTreeMap<i64, Strike>,
    /// Place of the opening entry.
    pub opening: i64,
    /// The results that an earlier version of the program kept when it closed the record, while nothing typed since
    /// has touched what they rest on.
    pub settled: Option<Value>,
}

/// Actions that speak of other entries and are no facts themselves.
pub const ABOUT_ENTRIES: &[&str] = &["correct", "strike", "amend"];

/// The key of [`Entry::found`] under which an amendment keeps which entry carries each field that it changes.
pub const TARGETS: &str = "targets";

/// Keys of a correction that are the entry's own, not its action's.
pub const ENVELOPE_KEYS: &[&str] = &["at", "received", "by", "role", "via", "note"];

impl Timeline {
    /// The timeline of a record's entries, given in the order of typing.
    pub fn of(entries: Vec<Logged>) -> Self {
        let strikes = strikes(&entries);
        let opening = entries.first().map_or(0, |first| first.seq);
        let settled = settled(&entries);
        let mut facts: Vec<Fact> = Vec::with_capacity(entries.len());
        for logged in entries {
            let standing = !strikes.contains_key(&logged.seq);
            match logged.entry.action.as_str() {
                "strike" => {}
                "correct" if standing => correct(&mut facts, &logged),
                "amend" if standing => amend(&mut facts, &logged, &strikes),
                "correct" | "amend" => {}
                _ => facts.push(Fact {
                    seq: logged.seq,
                    entry: logged.entry,
                    corrections: Vec::new(),
                }),
            }
        }
        let taken_out = |fact: &Fact| fact.seq != opening && strikes.contains_key(&fact.seq);
        let (struck, mut facts): (Vec<Fact>, Vec<Fact>) = facts.into_iter().partition(taken_out);
        facts.sort_by_key(|fact| place(fact, opening));
        Self {
            facts,
            struck,
            strikes,
            opening,
            settled,
        }
    }

    /// The timeline of a record's entries and one more, which would stand at `seq`.
    pub fn with(entries: &[Logged], seq: i64, entry: &Entry) -> Self {
        let mut entries = entries.to_vec();
        let entry = Arc::new(entry.clone());
        entries.push(Logged { seq, entry });
        Self::of(entries)
    }

    /// The opening fact.
    pub fn first(&self) -> Option<&Fact> {
        self.facts.first()
    }

    /// The fact at this place in the journal, unless it is struck.
    pub fn fact(&self, seq: i64) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.seq == seq)
    }

    /// The strike that voids the whole record: that of its opening entry.
    pub fn voided(&self) -> Option<&Strike> {
        self.strikes.get(&self.opening)
    }

    /// The facts that are not in an earlier timeline of the same record, or not as they are here.
    pub fn changed_since<'a>(&'a self, earlier: &'a Self) -> impl Iterator<Item = &'a Fact> {
        let same = self.differs_from(earlier);
        let changed = move |fact: &&Fact| earlier.fact(fact.seq) != Some(*fact);
        self.facts[same..].iter().filter(changed)
    }

    /// Whether the record is void: by a strike of its opening entry, or by a void.
    pub fn is_void(&self) -> bool {
        let void = |fact: &Fact| fact.entry.action == Void::NAME;
        self.voided().is_some() || self.facts.iter().any(void)
    }

    /// Whether the record was void and comes back.
    pub fn comes_back_from(&self, before: &Self) -> bool {
        before.is_void() && !self.is_void()
    }

    /// The index of the first fact in which the two timelines differ.
    pub fn differs_from(&self, other: &Self) -> usize {
        let same = self.facts.iter().zip(&other.facts);
        same.take_while(|(one, other)| one == other).count()
    }
}

/// Where a fact stands: the opening first, then by instant, then by place in the journal.
fn place(fact: &Fact, opening: i64) -> (bool, Instant, i64) {
    (fact.seq != opening, fact.entry.at, fact.seq)
}

/// Which entries are struck, by which entry. A strike can itself be struck, by a later one only, so the last one typed
/// is looked at first.
fn strikes(entries: &[Logged]) -> BTreeMap<i64, Strike> {
    let mut strikes = BTreeMap::new();
    for Logged { seq, entry } in entries.iter().rev() {
        if entry.action != "strike" || strikes.contains_key(seq) {
            continue;
        }
        if let Some(target) = target(entry).filter(|target| target < seq) {
            let strike = Strike {
                seq: *seq,
                at: entry.at,
                reason: text(entry, "reason"),
            };
            strikes.insert(target, strike);
        }
    }
    strikes
}

/// What an earlier version kept at closing, unless an entry typed later puts something right or happened before it.
fn settled(entries: &[Logged]) -> Option<Value> {
    let index = entries
        .iter()
        .rposition(|logged| logged.entry.found.contains_key("settled"))?;
    let closing = &entries[index].entry;
    let untouched = entries[index + 1..].iter().all(|Logged { entry, .. }| {
        !ABOUT_ENTRIES.contains(&entry.action.as_str()) && entry.at >= closing.at
    });
    closing.found.get("settled").filter(|_| untouched).cloned()
}

/// The entry that a correction or strike speaks of.
pub fn target(entry: &Entry) -> Option<i64> {
    entry.data.get("entry").and_then(Value::as_i64)
}

fn text(entry: &Entry, key: &str) -> String {
    let text = entry.data.get(key).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn correct(facts: &mut [Fact], logged: &Logged) {
    let Some(Value::Object(changes)) = logged.entry.data.get("changes") else {
        return;
    };
    let fact = target(&logged.entry).and_then(|seq| facts.iter_mut().find(|fact| fact.seq == seq));
    if let Some(fact) = fact {
        put_right(fact, changes, logged);
    }
}

fn amend(facts: &mut [Fact], logged: &Logged, strikes: &BTreeMap<i64, Strike>) {
    let Some(Value::Object(changes)) = logged.entry.data.get("changes") else {
        return;
    };
    let targets = logged.entry.found.get(TARGETS);
    let mut of_fact: BTreeMap<usize, Map<String, Value>> = BTreeMap::new();
    for (key, value) in changes {
        let named = targets.and_then(|targets| targets.get(key)?.as_i64());
        let index = match named {
            Some(seq) => facts.iter().position(|fact| fact.seq == seq),
            None => carrier(facts, key, strikes),
        };
        if let Some(index) = index {
            let changes = of_fact.entry(index).or_default();
            changes.insert(key.clone(), value.clone());
        }
    }
    for (index, changes) in of_fact {
        put_right(&mut facts[index], &changes, logged);
    }
}

/// Which of the facts typed so far carries a field, for an amendment of the first version, which does not say so: the
/// opening one when it names the field, else the last of the register's own to happen that does. Times belong to the
/// opening entry.
fn carrier(facts: &[Fact], key: &str, strikes: &BTreeMap<i64, Strike>) -> Option<usize> {
    // A link has a kind and a remark a text, but they are not the record's.
    let common = |name: &str| CommonAction::ALL.iter().any(|spec| spec.name == name);
    let named = |fact: &&(usize, &Fact)| {
        let entry = &fact.1.entry;
        entry.data.contains_key(key) && !common(&entry.action)
    };
    let standing: Vec<(usize, &Fact)> = facts
        .iter()
        .enumerate()
        .filter(|(index, fact)| *index == 0 || !strikes.contains_key(&fact.seq))
        .collect();
    if let Some(first) = standing.first().filter(named) {
        return Some(first.0);
    }
    let last = standing
        .iter()
        .filter(named)
        .filter(|_| !ENVELOPE_KEYS.contains(&key))
        .max_by_key(|(_, fact)| (fact.entry.at, fact.seq));
    last.or_else(|| standing.first()).map(|(index, _)| *index)
}

fn put_right(fact: &mut Fact, changes: &Map<String, Value>, logged: &Logged) {
    let mut before = Map::new();
    let entry = Arc::make_mut(&mut fact.entry);
    for (key, value) in changes {
        before.insert(key.clone(), replace(entry, key, value));
    }
    fact.corrections.push(Correction {
        seq: logged.seq,
        at: logged.entry.at,
        by: logged.entry.by.clone(),
        reason: text(&logged.entry, "reason"),
        before,
    });
}

/// Puts a value in the place of what the entry says under `key`; answers what stood there.
pub fn replace(entry: &mut Entry, key: &str, value: &Value) -> Value {
    let instant = |value: &Value| value.as_str().and_then(Instant::stored);
    let words = |value: &Value| value.as_str().map(str::to_owned);
    let stored = |at: Instant| serde_json::to_value(at).unwrap_or_default();
    match key {
        "at" => {
            let at = instant(value).unwrap_or(entry.at);
            stored(std::mem::replace(&mut entry.at, at))
        }
        "received" => {
            let received = instant(value).unwrap_or(entry.received);
            stored(std::mem::replace(&mut entry.received, received))
        }
        "by" => {
            // An action that asks who did it keeps the name among its own fields too.
            if let Some(own) = entry.data.get_mut("by") {
                own.clone_from(value);
            }
            let by = words(value).unwrap_or_default();
            Value::from(std::mem::replace(&mut entry.by, by))
        }
        "role" if !entry.data.contains_key("role") => {
            Value::from(std::mem::replace(&mut entry.role, words(value)))
        }
        "via" => Value::from(std::mem::replace(&mut entry.via, words(value))),
        "note" => {
            // An action that asks for a note keeps it among its own fields too.
            if let Some(own) = entry.data.get_mut("note") {
                own.clone_from(value);
            }
            Value::from(std::mem::replace(&mut entry.note, words(value)))
        }
        key if value.is_null() => entry.data.shift_remove(key).unwrap_or_default(),
        key => entry
            .data
            .insert(key.to_owned(), value.clone())
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn logged(seq: i64, action: &str, minute: i64, data: Value) -> Logged {
        let at = Instant::from_unix(minute * 60);
        let mut entry = Entry::plain("W-2026-00001", "work-order", action, at, &data);
        entry.entered = Instant::from_unix(1_000_000 + seq);
        let entry = Arc::new(entry);
        Logged { seq, entry }
    }

    fn told(timeline: &Timeline) -> Vec<(i64, i64, Value)> {
        let fact = |fact: &Fact| {
            let data = Value::Object(fact.entry.data.clone());
            (fact.seq, fact.entry.at.unix() / 60, data)
        };
        timeline.facts.iter().map(fact).collect()
    }

    #[test]
    fn a_late_fact_takes_its_place_and_the_opening_stays_first() {
        let timeline = Timeline::of(vec![
            logged(1, "issue", 50, json!({})),
            logged(2, "finish", 90, json!({"result": "好"})),
            logged(3, "arrive", 60, json!({})),
            logged(4, "remark", 10, json!({"text": "先打电话"})),
        ]);
        let order: Vec<i64> = timeline.facts.iter().map(|fact| fact.seq).collect();
        assert_eq!(order, [1, 4, 3, 2]);
    }

    #[test]
    fn a_correction_replaces_time_and_fields_and_can_itself_be_struck() {
        let mut entries = vec![
            logged(1, "issue", 50, json!({})),
            logged(2, "finish", 90, json!({"result": "好", "measures": "换垫"})),
            logged(
                3,
                "correct",
                100,
                json!({"entry": 2, "changes": {"at": "1970-01-01T01:20:00Z", "measures": null}, "reason": "看错钟"}),
            ),
        ];
        let timeline = Timeline::of(entries.clone());
        assert_eq!(told(&timeline)[1], (2, 80, json!({"result": "好"})));
        let correction = &timeline.facts[1].corrections[0];
        assert_eq!(correction.before["at"], "1970-01-01T01:30:00Z");
        assert_eq!(correction.before["measures"], "换垫");
        entries.push(logged(
            4,
            "strike",
            110,
            json!({"entry": 3, "reason": "没错"}),
        ));
        let timeline = Timeline::of(entries);
        assert_eq!(told(&timeline)[1].1, 90);
        assert!(timeline.facts[1].corrections.is_empty());
    }

    #[test]
    fn a_note_that_is_the_actions_own_is_corrected_where_it_stands() {
        let mut inspect = logged(2, "inspect", 60, json!({"note": "渗水"}));
        Arc::make_mut(&mut inspect.entry).note = Some("渗水".into());
        let changes = json!({"entry": 2, "changes": {"note": "轴封漏水"}, "reason": "看错"});
        let timeline = Timeline::of(vec![
            logged(1, "issue", 50, json!({})),
            inspect,
            logged(3, "correct", 70, changes),
        ]);
        let fact = &timeline.facts[1];
        assert_eq!(told(&timeline)[1].2, json!({"note": "轴封漏水"}));
        assert_eq!(fact.corrections[0].before["note"], "渗水");
        assert_eq!(fact.entry.note.as_deref(), Some("轴封漏水"));
    }

    #[test]
    fn an_amendment_corrects_the_entry_that_carried_the_field() {
        let timeline = Timeline::of(vec![
            logged(1, "issue", 50, json!({"team": "水工班"})),
            logged(2, "sign_for", 55, json!({"technician": "甲"})),
            logged(3, "arrive", 60, json!({"technician": "乙"})),
            logged(
                4,
                "amend",
                70,
                json!({"changes": {"technician": "丙", "phone": "139", "received": "1970-01-01T00:40:00Z"}, "reason": "x"}),
            ),
        ]);
        let facts = told(&timeline);
        assert_eq!(facts[0].2, json!({"team": "水工班", "phone": "139"}));
        assert_eq!(timeline.facts[0].entry.received.unix(), 40 * 60);
        assert_eq!(facts[1].2, json!({"technician": "甲"}));
        assert_eq!(facts[2].2, json!({"technician": "丙"}));
    }

    #[test]
    fn a_struck_opening_voids_the_record_and_still_opens_it() {
        let timeline = Timeline::of(vec![
            logged(1, "issue", 50, json!({})),
            logged(2, "strike", 51, json!({"entry": 1, "reason": "误按"})),
        ]);
        assert_eq!(timeline.facts.len(), 1);
        assert_eq!(timeline.voided().map(|s| s.reason.as_str()), Some("误按"));
    }

    proptest! {
        /// The facts are the same whatever the order in which they were typed; places in the journal apart.
        #[test]
        fn the_order_of_typing_means_nothing(
            minutes in proptest::collection::btree_set(51_i64..500, 1..12),
            keys in proptest::collection::vec(any::<u64>(), 12),
            struck in any::<proptest::sample::Index>(),
        ) {
            let minutes: Vec<i64> = minutes.into_iter().collect();
            let mut shuffled: Vec<(u64, i64)> = minutes.iter().zip(&keys).map(|(m, k)| (*k, *m)).collect();
            shuffled.sort_unstable();
            let gone = minutes[struck.index(minutes.len())];
            let typed = |order: &[i64]| {
                let mut entries = vec![logged(1, "issue", 50, json!({}))];
                for minute in order {
                    let seq = entries.len() as i64 + 1;
                    entries.push(logged(seq, "step", *minute, json!({"n": minute})));
                }
                let target = entries.iter().find(|e| e.entry.at.unix() == gone * 60).map(|e| e.seq);
                let seq = entries.len() as i64 + 1;
                entries.push(logged(seq, "strike", 600, json!({"entry": target, "reason": "x"})));
                let facts = told(&Timeline::of(entries));
                facts.into_iter().map(|(_, minute, data)| (minute, data)).collect::<Vec<_>>()
            };
            let late: Vec<i64> = shuffled.into_iter().map(|(_, minute)| minute).collect();
            prop_assert_eq!(typed(&minutes), typed(&late));
        }
    }
}
