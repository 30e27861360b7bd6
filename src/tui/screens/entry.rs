//! One entry of a record's history: what can be done to it, what was typed and what has become of it. Breaches too, whose
//! reason is an entry.

use std::sync::Arc;

use serde_json::Value;

use super::explain::Explain;
use super::history::telling;
use super::menu::{Choice, Menu};
use crate::base::i18n::Msg;
use crate::desk::view::{HistoryItem, RecordView, Target};
use crate::record::action::ActionSpec;
use crate::record::common::{Amend, Correct, ExplainBreach, Strike, Void};
use crate::record::entry::{Breach, Entry};
use crate::record::timeline::ABOUT_ENTRIES;
use crate::registers::label;
use crate::tui::outbox::{Pick, Start};
use crate::tui::room::Room;
use crate::tui::theme::Tone;
use crate::tui::when::{dated, near, short_no};

/// The field of an action that says which entry or breach it is about; it is chosen before the form opens.
pub fn about_key(action: &str) -> Option<&'static str> {
    match action {
        Correct::NAME | Strike::NAME => Some("entry"),
        ExplainBreach::NAME => Some("code"),
        _ => None,
    }
}

/// The entry at this place in the journal.
pub fn find(view: &RecordView, seq: i64) -> Option<&HistoryItem> {
    view.history.iter().find(|item| item.seq == seq)
}

/// Whether the record can still be put right: the same question as for an amendment.
fn changeable(view: &RecordView) -> bool {
    view.offers.iter().any(|spec| spec.name == Amend::NAME)
}

/// Whether the program itself made the entry.
fn own_doing(view: &RecordView, entry: &Entry) -> bool {
    view.register.action(&entry.action).is_none()
}

/// Whether the fields of an entry can be put right.
pub fn correctable(view: &RecordView, item: &HistoryItem) -> bool {
    changeable(view)
        && item.fate.struck_by.is_none()
        && !ABOUT_ENTRIES.contains(&item.entry.action.as_str())
        && !own_doing(view, &item.entry)
}

/// Facts that stand besides this one.
fn others(view: &RecordView, seq: i64) -> usize {
    let fact = |item: &&HistoryItem| {
        item.seq != seq
            && item.fate.struck_by.is_none()
            && !ABOUT_ENTRIES.contains(&item.entry.action.as_str())
    };
    view.history.iter().filter(fact).count()
}

/// Whether an entry can be taken out. The one that opened the record goes only with nothing left that rests on it; a
/// void record is brought back by taking out what voided it.
fn strikable(view: &RecordView, item: &HistoryItem) -> bool {
    let opening = view.history.iter().map(|item| item.seq).min() == Some(item.seq);
    let voids = matches!(item.entry.action.as_str(), Void::NAME | Strike::NAME);
    let open = changeable(view) || (voids && view.record.head.void_reason.is_some());
    open && item.fate.struck_by.is_none()
        && !own_doing(view, &item.entry)
        && !(opening && others(view, item.seq) > 0)
}

fn start(view: &RecordView, action: &'static ActionSpec, preset: Vec<(String, Value)>) -> Start {
    Start {
        target: Target::On(view.record.head.no.clone()),
        register: view.register,
        action,
        preset,
        asked: &[],
    }
}

/// What can be done to an entry.
pub fn menu(view: &Arc<RecordView>, seq: i64, room: &Room) -> Option<Menu> {
    let item = find(view, seq)?;
    let mut choices = Vec::new();
    let mut offer = |label: String, action: &str, preset: Vec<(&str, Value)>| {
        if let Some(action) = view.register.action(action) {
            let preset = preset
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value));
            let start = start(view, action, preset.collect());
            choices.push(Choice::new(label, Pick::Form(start)));
        }
    };
    let code = view.register.spec().code;
    if correctable(view, item) {
        let name = label::action(&room.voice, code, Correct::NAME);
        offer(name, Correct::NAME, vec![("entry", seq.into())]);
    }
    if strikable(view, item) {
        let name = match item.entry.action.as_str() {
            Strike::NAME => room.text("tui.take_back_strike"),
            Correct::NAME | Amend::NAME => room.text("tui.take_back_correction"),
            _ => label::action(&room.voice, code, Strike::NAME),
        };
        let reason = room.text("word.mistyped");
        let preset = vec![("entry", seq.into()), ("reason", reason.into())];
        offer(name, Strike::NAME, preset);
    } else if changeable(view) && item.fate.struck_by.is_none() && !own_doing(view, &item.entry) {
        // Only the entry that opened it is left: with the others standing, the whole record is meant.
        offer(room.text("tui.void_all"), Void::NAME, Vec::new());
    }
    let read = Pick::Read(Arc::clone(view), seq);
    choices.push(Choice::new(room.text("tui.read_entry"), read));
    Some(Menu::of(name(view, item, room), choices))
}

fn can_be_put_right(view: &RecordView, item: &HistoryItem) -> bool {
    correctable(view, item) || strikable(view, item)
}

/// Whether any entry can be put right or struck.
pub fn any(view: &RecordView) -> bool {
    view.history.iter().any(|item| can_be_put_right(view, item))
}

/// Every entry that can be put right or struck, the last one typed first.
pub fn list(view: &Arc<RecordView>, room: &Room) -> Option<Menu> {
    let items = view.history.iter();
    let mut items: Vec<&HistoryItem> = items.filter(|item| can_be_put_right(view, item)).collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.seq));
    let choice = |item: &&HistoryItem| {
        let pick = Pick::Entry(Arc::clone(view), item.seq);
        Choice::new(name(view, item, room), pick)
    };
    let choices: Vec<Choice> = items.iter().map(choice).collect();
    (!choices.is_empty()).then(|| Menu::of(room.text("tui.which_entry"), choices))
}

/// `到场 09:12 王技工`.
pub fn name(view: &RecordView, item: &HistoryItem, room: &Room) -> String {
    let entry = item.stands();
    let action = telling(room, |teller| teller.action(view, item));
    format!("{action} {} {}", near(entry.at, room), entry.by)
}

/// `停电审批 1.3.1 09:30`.
pub fn breach_name(view: &RecordView, breach: &Breach, room: &Room) -> String {
    let duty = label::duty(&room.voice, view.register.spec().code, &breach.code);
    let clause = room.clause(&breach.clause);
    format!("{duty} {clause} {}", near(breach.at, room))
}

/// The form that asks for the reason of a breach. Where the same gate was open more than once, each has its own reason.
pub fn explaining(view: &RecordView, breach: &Breach) -> Option<Start> {
    let action = view
        .offers
        .iter()
        .find(|spec| spec.name == ExplainBreach::NAME)?;
    let mut preset = vec![("code".to_owned(), Value::from(breach.code.as_str()))];
    let same = view.record.head.breaches.iter();
    if same.filter(|other| other.code == breach.code).count() > 1 {
        let at = serde_json::to_value(breach.at).unwrap_or_default();
        preset.push(("at".to_owned(), at));
    }
    Some(start(view, action, preset))
}

/// The breaches that wait for their reason, each with the form that asks for it.
pub fn breaches(view: &RecordView, room: &Room) -> Vec<(String, Start)> {
    let silent = view.record.head.breaches.iter();
    silent
        .filter(|breach| breach.reason.is_empty())
        .filter_map(|breach| Some((breach_name(view, breach, room), explaining(view, breach)?)))
        .collect()
}

/// What was typed, by whom and when, and what has become of it.
pub fn explain(view: &RecordView, seq: i64, room: &Room) -> Option<Explain> {
    let item = find(view, seq)?;
    let entry = &item.entry;
    let told = telling(room, |teller| teller.entry(view, item));
    let mut said = vec![(name(view, item, room), Tone::Strong)];
    let mut tell = |text: String| said.push((text, Tone::Text));
    let pair = |(name, value): (String, String)| format!("{name}  {value}");
    envelope(entry, room)
        .into_iter()
        .map(pair)
        .for_each(&mut tell);
    if ABOUT_ENTRIES.contains(&entry.action.as_str()) {
        told.said.into_iter().for_each(&mut tell);
    } else {
        let fields = telling(room, |teller| teller.fields(view.register, entry));
        fields.into_iter().map(pair).for_each(&mut tell);
        let note = entry.note.iter();
        let note = note.map(|note| format!("{}  {note}", room.text("field.note")));
        note.for_each(&mut tell);
    }
    tell(String::new());
    let corrections = telling(room, |teller| teller.corrections(view, seq)).into_iter();
    said.extend(
        corrections
            .chain(told.struck)
            .map(|text| (text, Tone::Soon)),
    );
    said.extend(origin(item, room).into_iter().map(|text| (text, Tone::Dim)));
    let no = short_no(&view.record.head.no, room);
    let title = format!("{no} {}", room.text("tui.read_entry"));
    Some(Explain::told(title, said))
}

/// When it happened, was learned of and typed; by whom, and how it came.
fn envelope(entry: &Entry, room: &Room) -> Vec<(String, String)> {
    let mut pairs = vec![("field.at", dated(entry.at, room))];
    if entry.received != entry.at {
        pairs.push(("field.received", dated(entry.received, room)));
    }
    pairs.push(("field.entered", dated(entry.entered, room)));
    let role = entry.role.as_deref();
    let role = role.map(|role| label::role(&room.voice, &room.rules, role));
    let by = match role {
        Some(role) => format!("{} · {role}", entry.by),
        None => entry.by.clone(),
    };
    pairs.push(("field.by", by));
    let via = entry.via.as_ref();
    pairs.extend(via.map(|via| ("field.via", room.text(&format!("via.{via}")))));
    let named = |(key, value): (&str, String)| (room.text(key), value);
    pairs.into_iter().map(named).collect()
}

/// What brought an entry about, and where it stands in the file.
fn origin(item: &HistoryItem, room: &Room) -> Vec<String> {
    let cause = item.entry.cause;
    let cause = cause.map(|seq| room.say(&Msg::new("tui.entry_follows").with("seq", seq)));
    let imported = item.entry.source.as_ref();
    let imported = imported.map(|_| room.text("card.imported"));
    let hash = item.hash.hex();
    let place = Msg::new("tui.entry_place")
        .with("seq", item.seq)
        .with("hash", hash.get(..12).unwrap_or(&hash));
    let place = room.say(&place);
    cause.into_iter().chain(imported).chain([place]).collect()
}
