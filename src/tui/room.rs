//! What every screen may look at: language, rules, the time, who acts, how large the terminal is.

use std::sync::Arc;

use super::theme::{Theme, Tone};
use crate::base::clause::Clause;
use crate::base::i18n::{Lang, Msg, Voice};
use crate::base::time::Instant;
use crate::documents::Documents;
use crate::record::request::Operator;
use crate::rules::ruleset::Rules;
use ratatui::style::Style;

/// The surroundings of all screens. Screens read it and never change it; the state as a whole does, by messages.
#[derive(Clone)]
pub struct Room {
    /// Language and zone.
    pub voice: Voice,
    /// Procedures, calendar, site.
    pub rules: Arc<Rules>,
    /// Now, as the last tick brought it.
    pub now: Instant,
    /// Who acts.
    pub operator: Option<Operator>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Whether the red line of a blackout stands on top.
    pub dark: bool,
    /// Styles.
    pub theme: Theme,
    /// The papers that can be printed.
    pub documents: Arc<Documents>,
}

impl Room {
    /// Takes the rules that are in force now, and what they call things.
    pub fn take_rules(&mut self, rules: Arc<Rules>) {
        self.voice.lexicon = rules.lexicon();
        self.rules = rules;
    }

    /// A word of the catalogue.
    pub fn text(&self, key: &str) -> String {
        self.voice.text(key)
    }

    /// A sentence of the catalogue.
    pub fn say(&self, msg: &Msg) -> String {
        self.voice.say(msg)
    }

    /// The style of a tone.
    pub fn style(&self, tone: Tone) -> Style {
        self.theme.style(tone)
    }

    /// The name of a paper.
    pub fn paper(&self, name: &str) -> String {
        match (self.documents.find(name), self.voice.lang) {
            (Some(layout), Lang::Zh) => layout.title.clone(),
            (Some(layout), Lang::En) => layout.title_en.clone(),
            (None, _) => self.text(&format!("paper.{name}")),
        }
    }

    /// A clause as the procedures number it; what they do not write down is called so.
    pub fn clause(&self, clause: &Clause) -> String {
        match clause.0.strip_prefix('S') {
            Some(number) => number.to_owned(),
            None if clause.0.starts_with("practice") => self.text("tui.practice"),
            None => clause.0.clone(),
        }
    }

    /// Whether list and card stand side by side.
    pub fn wide(&self) -> bool {
        self.size.0 >= 110
    }
}
