//! Keys, and the places where they are pressed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::base::i18n::Voice;

/// Where a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// What is owed.
    Today,
    /// A register's list.
    List,
    /// A card.
    Card,
    /// The sheet of a running outage.
    Sheet,
    /// The actions of a record.
    Menu,
    /// What a single key is about to write.
    Confirm,
    /// A form.
    Form,
    /// The help.
    Help,
    /// The search.
    Search,
    /// The filter.
    Filter,
    /// Choosing who acts.
    Operator,
    /// Why a time or a class is what it is.
    Explain,
    /// A paper before it is printed.
    Paper,
    /// Something long that is running.
    Job,
    /// A switching ticket that is worked off.
    Switching,
    /// What a shift hands over.
    Handover,
    /// The month's end.
    Month,
    /// The import of an old register.
    Import,
    /// Everywhere, unless the place itself means something else by the key.
    Everywhere,
}

impl Context {
    /// Every place, in the order of the help.
    pub const ALL: &'static [Context] = &[
        Context::Everywhere,
        Context::Today,
        Context::List,
        Context::Card,
        Context::Sheet,
        Context::Confirm,
        Context::Form,
        Context::Menu,
        Context::Search,
        Context::Filter,
        Context::Operator,
        Context::Explain,
        Context::Paper,
        Context::Job,
        Context::Switching,
        Context::Handover,
        Context::Month,
        Context::Import,
        Context::Help,
    ];

    /// Whether characters are typed here; then no bare character is a command.
    pub const fn types(self) -> bool {
        matches!(
            self,
            Context::Form
                | Context::Search
                | Context::Help
                | Context::Operator
                | Context::Month
                | Context::Import
        )
    }

    /// The catalogue key of its name.
    pub const fn label(self) -> &'static str {
        match self {
            Context::Today => "context.today",
            Context::List => "context.list",
            Context::Card => "context.card",
            Context::Sheet => "context.sheet",
            Context::Menu => "context.menu",
            Context::Confirm => "context.confirm",
            Context::Form => "context.form",
            Context::Help => "context.help",
            Context::Search => "context.search",
            Context::Filter => "context.filter",
            Context::Operator => "context.operator",
            Context::Explain => "context.explain",
            Context::Paper => "context.paper",
            Context::Job => "context.job",
            Context::Switching => "context.switching",
            Context::Handover => "context.handover",
            Context::Month => "context.month",
            Context::Import => "context.import",
            Context::Everywhere => "context.everywhere",
        }
    }
}

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chord {
    /// A function key.
    F(u8),
    /// A bare character.
    Ch(char),
    /// With Control.
    Ctrl(char),
    /// With Alt.
    Alt(KeyCode),
    /// A named key.
    K(KeyCode),
    /// Control and a named key (terminals that can tell it apart).
    CtrlK(KeyCode),
    /// Any of the digits.
    Digit,
}

impl Chord {
    /// Whether the event is this key.
    pub fn matches(self, event: KeyEvent) -> bool {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        match self {
            Chord::F(n) => event.code == KeyCode::F(n),
            Chord::Ch(c) => !ctrl && !alt && event.code == KeyCode::Char(c),
            Chord::Ctrl(c) => ctrl && !alt && event.code == KeyCode::Char(c),
            Chord::Alt(code) => alt && event.code == code,
            Chord::K(code) => !ctrl && !alt && event.code == code,
            Chord::CtrlK(code) => ctrl && event.code == code,
            Chord::Digit => !ctrl && !alt && matches!(event.code, KeyCode::Char('0'..='9')),
        }
    }

    /// The key's name on the screen.
    pub fn name(self, voice: &Voice) -> String {
        let named = |code: KeyCode| match code {
            KeyCode::Enter => "Enter".to_owned(),
            KeyCode::Esc => "Esc".to_owned(),
            KeyCode::Tab => "Tab".to_owned(),
            KeyCode::BackTab => "Shift-Tab".to_owned(),
            KeyCode::Up => "↑".to_owned(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::Left => "←".to_owned(),
            KeyCode::Right => "→".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::PageDown => "PgDn".to_owned(),
            KeyCode::Home => "Home".to_owned(),
            KeyCode::End => "End".to_owned(),
            KeyCode::Delete => "Del".to_owned(),
            KeyCode::Char(' ') => voice.text("keyname.space"),
            other => other.to_string(),
        };
        match self {
            Chord::F(n) => format!("F{n}"),
            Chord::Ch(' ') => voice.text("keyname.space"),
            Chord::Ch(c) => c.to_string(),
            Chord::Ctrl(c) => format!("Ctrl-{}", c.to_ascii_uppercase()),
            Chord::Alt(code) => format!("Alt-{}", named(code)),
            Chord::K(code) => named(code),
            Chord::CtrlK(code) => format!("Ctrl-{}", named(code)),
            Chord::Digit => "1–9".to_owned(),
        }
    }
}
