//! The one table of keys. Dispatch, the footer, the help and the README's key table all read it, so none can say what
//! another does not do. F-keys and digits work under a Chinese input method; letters are extra.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

pub use super::chord::{Chord, Context};
use crate::base::i18n::Voice;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Cmd {
    Help,
    Quit,
    New,
    Search,
    Filter,
    Actions,
    LogEntry,
    Outlet,
    PrintText,
    Outage,
    Operator,
    Tab,
    Back,
    Redraw,
    /// What was said before.
    Messages,
    /// A step of a ticket was read back.
    ReadBack,
    /// A step of a ticket is done.
    StepDone,
    /// A step of a ticket is passed over.
    StepSkip,
    Open,
    Tick,
    Why,
    NextPane,
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
    Unfilter,
    Save,
    SaveNext,
    NextField,
    PreviousField,
    NewLine,
    Discard,
    Complete,
    More,
    Nth,
    Restore,
    RestorePart,
    WholeCard,
    Mark,
    Left,
    Right,
    Everywhere,
    Undo,
}

/// One line of the table.
#[derive(Debug)]
pub struct Binding {
    /// What it asks for.
    pub cmd: Cmd,
    /// Label `key.<name>` and sentence `keydoc.<name>` in the catalogue.
    pub name: &'static str,
    /// The keys, the one to be shown first.
    pub keys: &'static [Chord],
    /// Where.
    pub places: &'static [Context],
    /// Place in the footer, 1 first; 0: only in the help.
    pub foot: u8,
}

use Chord::{Alt, Ch, Ctrl, CtrlK, Digit, F, K};
use Context::{
    Card, Confirm, Everywhere, Explain, Filter, Form, Handover, Help, Import, Job, List, Menu,
    Month, Operator, Paper, Search, Sheet, Switching, Today,
};

const fn bind(
    cmd: Cmd,
    name: &'static str,
    keys: &'static [Chord],
    places: &'static [Context],
    foot: u8,
) -> Binding {
    Binding {
        cmd,
        name,
        keys,
        places,
        foot,
    }
}

const ENTER: Chord = K(KeyCode::Enter);
const LISTS: &[Context] = &[
    Today, List, Search, Card, Sheet, Menu, Filter, Operator, Explain, Paper, Handover, Month,
    Import, Help,
];

/// The table.
pub const KEYMAP: &[Binding] = &[
    bind(Cmd::Open, "handle", &[ENTER], &[Today], 1),
    bind(Cmd::Open, "open", &[ENTER], &[List, Search], 1),
    bind(Cmd::Open, "act", &[ENTER], &[Card], 1),
    bind(Cmd::Open, "fill", &[ENTER], &[Sheet], 2),
    bind(Cmd::Open, "confirm", &[ENTER], &[Confirm], 1),
    bind(Cmd::Back, "not_now", &[K(KeyCode::Esc)], &[Confirm], 2),
    bind(Cmd::Open, "choose", &[ENTER], &[Menu, Operator], 1),
    bind(Cmd::Open, "close", &[ENTER], &[Explain, Help, Filter], 2),
    bind(Cmd::Open, "print", &[ENTER, Ch('p')], &[Paper], 1),
    bind(Cmd::PrintText, "print_text", &[Ch('t')], &[Paper], 2),
    bind(Cmd::Back, "stop", &[K(KeyCode::Esc)], &[Job], 1),
    bind(Cmd::Open, "seal_month", &[ENTER], &[Month], 1),
    bind(Cmd::Open, "go_on", &[ENTER], &[Import], 1),
    bind(Cmd::ReadBack, "read_back", &[Ch('1')], &[Switching], 1),
    bind(Cmd::StepDone, "step_done", &[Ch('2')], &[Switching], 2),
    bind(Cmd::StepSkip, "step_skip", &[Ch('3')], &[Switching], 3),
    bind(Cmd::New, "draft_reverse", &[F(2)], &[Switching], 4),
    bind(Cmd::Open, "read_next", &[ENTER], &[Handover], 1),
    bind(Cmd::Mark, "read_or_not", &[Ch(' ')], &[Handover], 2),
    bind(
        Cmd::NextPane,
        "open_item",
        &[K(KeyCode::Tab)],
        &[Handover],
        3,
    ),
    bind(Cmd::Save, "hand_over", &[F(12), Ctrl('s')], &[Handover], 4),
    bind(
        Cmd::Left,
        "previous_choice",
        &[K(KeyCode::Left)],
        &[Month, Import],
        0,
    ),
    bind(
        Cmd::Right,
        "next_choice",
        &[K(KeyCode::Right)],
        &[Month, Import],
        0,
    ),
    bind(Cmd::Mark, "mark", &[Ch(' ')], &[List], 7),
    bind(Cmd::Open, "next_field", &[ENTER], &[Form], 3),
    bind(
        Cmd::Tick,
        "tick",
        &[F(12), Ch('x')],
        &[Today, Card, Sheet],
        2,
    ),
    bind(Cmd::Restore, "restore", &[Ch('0'), Ch('r')], &[Sheet], 2),
    bind(Cmd::Nth, "nth_duty", &[Digit], &[Sheet], 1),
    bind(Cmd::Nth, "nth_action", &[Digit], &[Menu], 1),
    bind(Cmd::RestorePart, "restore_part", &[Ch('p')], &[Sheet], 3),
    bind(Cmd::LogEntry, "log_here", &[Ch('l')], &[Sheet], 3),
    bind(
        Cmd::WholeCard,
        "whole_card",
        &[Ch('c'), K(KeyCode::Tab)],
        &[Sheet],
        3,
    ),
    bind(Cmd::More, "unfold", &[F(4)], &[Sheet], 4),
    bind(Cmd::WholeCard, "sheet", &[Ch('c')], &[Card], 7),
    bind(
        Cmd::Save,
        "save",
        &[Ctrl('s'), CtrlK(KeyCode::Enter)],
        &[Form],
        1,
    ),
    bind(Cmd::SaveNext, "save_next", &[F(12), Ctrl('n')], &[Form], 2),
    bind(Cmd::NextField, "next_any", &[K(KeyCode::Tab)], &[Form], 0),
    bind(
        Cmd::PreviousField,
        "previous_field",
        &[K(KeyCode::BackTab)],
        &[Form],
        0,
    ),
    bind(Cmd::Up, "field_up", &[K(KeyCode::Up)], &[Form], 0),
    bind(Cmd::Down, "field_down", &[K(KeyCode::Down)], &[Form], 0),
    bind(
        Cmd::NewLine,
        "new_line",
        &[Alt(KeyCode::Enter), Ctrl('j')],
        &[Form],
        5,
    ),
    bind(Cmd::Complete, "complete", &[K(KeyCode::Right)], &[Form], 0),
    bind(Cmd::More, "more", &[F(4)], &[Form], 6),
    bind(Cmd::Why, "why_form", &[Ctrl('e')], &[Form], 7),
    bind(Cmd::Discard, "discard", &[Ctrl('d')], &[Form], 8),
    bind(Cmd::Back, "leave_form", &[K(KeyCode::Esc)], &[Form], 4),
    bind(Cmd::Why, "why", &[Ch('w')], &[Today, List, Card, Sheet], 5),
    bind(Cmd::New, "new", &[F(2), Ch('n')], &[Today, List, Card], 3),
    bind(
        Cmd::Actions,
        "actions",
        &[F(5)],
        &[Today, List, Card, Sheet, Search],
        4,
    ),
    bind(
        Cmd::Everywhere,
        "search_scope",
        &[K(KeyCode::Tab)],
        &[Search],
        2,
    ),
    bind(
        Cmd::NextPane,
        "pane",
        &[K(KeyCode::Tab), K(KeyCode::BackTab)],
        &[Today, List, Card],
        0,
    ),
    bind(
        Cmd::Unfilter,
        "unfilter",
        &[K(KeyCode::Delete), K(KeyCode::Backspace)],
        &[List, Filter],
        6,
    ),
    bind(
        Cmd::Left,
        "change_left",
        &[K(KeyCode::Left), Ch('h')],
        &[Filter],
        0,
    ),
    bind(
        Cmd::Right,
        "change_right",
        &[K(KeyCode::Right), Ch('l'), Ch(' ')],
        &[Filter],
        1,
    ),
    bind(Cmd::Up, "up", &[K(KeyCode::Up), Ch('k')], LISTS, 0),
    bind(Cmd::Down, "down", &[K(KeyCode::Down), Ch('j')], LISTS, 0),
    bind(
        Cmd::PageUp,
        "page_up",
        &[K(KeyCode::PageUp), Ctrl('u')],
        LISTS,
        0,
    ),
    bind(
        Cmd::PageDown,
        "page_down",
        &[K(KeyCode::PageDown), Ctrl('f')],
        LISTS,
        0,
    ),
    bind(Cmd::First, "first", &[K(KeyCode::Home), Ch('g')], LISTS, 0),
    bind(Cmd::Last, "last", &[K(KeyCode::End), Ch('G')], LISTS, 0),
    bind(
        Cmd::Search,
        "search",
        &[F(3), Ch('/'), Ch('、')],
        &[Everywhere],
        4,
    ),
    bind(Cmd::Filter, "filter", &[F(4)], &[List], 4),
    bind(Cmd::LogEntry, "log", &[F(6)], &[Everywhere], 8),
    bind(
        Cmd::Outlet,
        "outlet",
        &[F(7)],
        &[Today, List, Card, Sheet, Search],
        7,
    ),
    bind(Cmd::Outage, "outage", &[F(8)], &[Everywhere], 6),
    bind(Cmd::Operator, "operator", &[F(9)], &[Everywhere], 9),
    bind(Cmd::Undo, "undo", &[F(11), Ch('u')], &[Everywhere], 5),
    bind(
        Cmd::Messages,
        "messages",
        &[Ctrl('r'), Ch('m')],
        &[Everywhere],
        0,
    ),
    bind(Cmd::Tab, "tabs", &[Digit], &[Everywhere], 0),
    bind(
        Cmd::Back,
        "back",
        &[K(KeyCode::Esc), Ch('q')],
        &[Everywhere],
        7,
    ),
    bind(Cmd::Help, "help", &[F(1), Ch('?')], &[Everywhere], 10),
    bind(Cmd::Redraw, "redraw", &[Ctrl('l')], &[Everywhere], 0),
    bind(
        Cmd::Quit,
        "quit",
        &[F(10), Ctrl('q'), Ctrl('c')],
        &[Everywhere],
        0,
    ),
];

/// A key event as the table names it: full-width characters of an input method as narrow ones, and no Shift on a
/// character that carries it already.
pub fn normal(event: KeyEvent, place: Context) -> KeyEvent {
    let code = match event.code {
        KeyCode::Char(c @ '\u{ff01}'..='\u{ff5e}') if !place.types() => {
            KeyCode::Char(char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c))
        }
        KeyCode::Char(c) if event.modifiers.contains(KeyModifiers::CONTROL) => {
            KeyCode::Char(c.to_ascii_lowercase())
        }
        code => code,
    };
    KeyEvent::new(code, event.modifiers - KeyModifiers::SHIFT)
}

fn bare(chord: Chord) -> bool {
    matches!(chord, Ch(_) | Digit)
}

/// The binding of a key at a place: the place's own first, then the one that holds everywhere.
pub fn binding(place: Context, event: KeyEvent) -> Option<&'static Binding> {
    let event = normal(event, place);
    let find = |wanted: Context| {
        KEYMAP.iter().find(|binding| {
            binding.places.contains(&wanted)
                && binding
                    .keys
                    .iter()
                    .any(|chord| chord.matches(event) && !(place.types() && bare(*chord)))
        })
    };
    find(place).or_else(|| find(Context::Everywhere))
}

/// The keys of a binding that work at a place, the one to be shown first.
pub fn keys_at(binding: &Binding, place: Context) -> impl Iterator<Item = Chord> + '_ {
    binding
        .keys
        .iter()
        .copied()
        .filter(move |chord| !(place.types() && bare(*chord)))
}

/// The digit that was pressed.
pub fn digit(event: KeyEvent, place: Context) -> Option<usize> {
    match normal(event, place).code {
        KeyCode::Char(c) => c.to_digit(10).and_then(|n| usize::try_from(n).ok()),
        _ => None,
    }
}

/// The key that is shown for a command.
pub fn first_key(cmd: Cmd, voice: &Voice) -> Option<String> {
    let binding = KEYMAP.iter().find(|binding| binding.cmd == cmd)?;
    Some(binding.keys.first()?.name(voice))
}

/// What the footer may offer at a place, most important first.
pub fn footer(place: Context) -> Vec<&'static Binding> {
    let mut rows: Vec<&Binding> = KEYMAP
        .iter()
        .filter(|b| {
            b.foot > 0
                && (b.places.contains(&place)
                    || (!place.types() && b.places.contains(&Context::Everywhere)))
        })
        .collect();
    // What is meant here hides what the same key means everywhere.
    rows.retain(|b| b.places.contains(&place) || !hidden(b, place));
    rows.sort_by_key(|b| b.foot);
    if place.types() {
        rows.extend(
            KEYMAP
                .iter()
                .filter(|b| b.name == "help" || (b.name == "back" && place != Context::Form)),
        );
    }
    rows
}

fn hidden(binding: &Binding, place: Context) -> bool {
    let Some(first) = binding.keys.first() else {
        return true;
    };
    KEYMAP
        .iter()
        .any(|b| b.places.contains(&place) && b.keys.contains(first))
}

/// The table as the README shows it.
pub fn readme(voice: &Voice) -> String {
    let mut out = format!(
        "| {} | {} |\n|---|---|\n",
        voice.text("key.table_key"),
        voice.text("key.table_does")
    );
    for place in Context::ALL {
        for binding in KEYMAP.iter().filter(|b| b.places.first() == Some(place)) {
            let keys: Vec<String> = keys_at(binding, *place)
                .map(|chord| format!("`{}`", chord.name(voice)))
                .collect();
            out.push_str(&format!(
                "| {} | {} |\n",
                keys.join(" "),
                voice.text(&format!("keydoc.{}", binding.name))
            ));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::i18n::{Lang, lookup};

    #[test]
    fn a_key_means_one_thing_at_a_place() {
        for place in Context::ALL {
            let mut seen: Vec<(Chord, &str)> = Vec::new();
            for b in KEYMAP.iter().filter(|b| b.places.contains(place)) {
                for chord in keys_at(b, *place) {
                    if let Some((_, other)) = seen.iter().find(|(c, _)| *c == chord) {
                        panic!("{place:?}: {chord:?} is both {other} and {}", b.name);
                    }
                    seen.push((chord, b.name));
                }
            }
        }
    }

    #[test]
    fn every_binding_is_named_and_explained_in_both_languages() {
        for lang in Lang::ALL {
            for b in KEYMAP {
                for key in [format!("key.{}", b.name), format!("keydoc.{}", b.name)] {
                    assert!(lookup(lang, &key).is_some(), "{lang:?} {key}");
                }
            }
            for place in Context::ALL {
                assert!(
                    lookup(lang, place.label()).is_some(),
                    "{lang:?} {}",
                    place.label()
                );
            }
        }
    }

    #[test]
    fn typing_places_take_characters_and_other_places_take_full_width_ones() {
        let key = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
        assert!(binding(Context::Form, key('n')).is_none());
        assert!(binding(Context::Search, key('/')).is_none());
        assert_eq!(
            binding(Context::List, key('？')).map(|b| b.cmd),
            Some(Cmd::Help)
        );
        assert_eq!(
            binding(Context::Today, key('３')).map(|b| b.cmd),
            Some(Cmd::Tab)
        );
        assert_eq!(
            binding(Context::Sheet, key('3')).map(|b| b.cmd),
            Some(Cmd::Nth)
        );
    }

    #[test]
    fn every_place_can_be_left_and_asked_for_help() {
        for place in Context::ALL {
            let esc = binding(*place, KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
            assert_eq!(esc.map(|b| b.cmd), Some(Cmd::Back), "{place:?}");
            let f1 = binding(*place, KeyEvent::new(KeyCode::F(1), KeyModifiers::NONE));
            assert_eq!(f1.map(|b| b.cmd), Some(Cmd::Help), "{place:?}");
        }
    }
}
