//! Style by meaning. Colour only ever repeats what a symbol or a word says already, so a screen without colour loses
//! nothing.

use ratatui::style::{Color, Modifier, Style};

use super::when::Mark;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary.
    Text,
    /// What is asked for, titles.
    Strong,
    /// Known already, in the background.
    Dim,
    /// Rules between panes.
    Rule,
    /// Past due, refused.
    Late,
    /// Due soon, a warning.
    Soon,
    /// At once.
    AtOnce,
    /// Done, saved.
    Good,
    /// Struck: no longer so, and left visible.
    Struck,
    /// A key that can be pressed.
    Key,
    /// Where the cursor is.
    Selected,
    /// A block of the large clock while power is out.
    BlockLate,
    /// A block of the large clock when power is back.
    BlockGood,
}

/// Whether colours are used (`NO_COLOR` turns them off).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Colours on.
    pub colour: bool,
}

impl Default for Theme {
    fn default() -> Self {
        Self { colour: true }
    }
}

impl Theme {
    /// The style of a tone.
    pub fn style(self, tone: Tone) -> Style {
        let style = Style::new();
        let fg = |style: Style, colour: Color| if self.colour { style.fg(colour) } else { style };
        match tone {
            Tone::Text => style,
            Tone::Strong => style.add_modifier(Modifier::BOLD),
            Tone::Dim if self.colour => style.fg(Color::Indexed(245)),
            Tone::Dim => style.add_modifier(Modifier::DIM),
            Tone::Rule => fg(style, Color::Indexed(240)),
            Tone::Late => fg(style, Color::Red).add_modifier(Modifier::BOLD),
            Tone::Soon => fg(style, Color::Yellow),
            Tone::AtOnce => fg(style, Color::Cyan),
            Tone::Good => fg(style, Color::Green),
            Tone::Struck => self.style(Tone::Dim).add_modifier(Modifier::CROSSED_OUT),
            Tone::Key => style.add_modifier(Modifier::BOLD),
            Tone::Selected => style.add_modifier(Modifier::REVERSED),
            Tone::BlockLate => fg(style, Color::Red).add_modifier(Modifier::REVERSED),
            Tone::BlockGood => fg(style, Color::Green).add_modifier(Modifier::REVERSED),
        }
    }

    /// The tone of a deadline.
    pub fn mark(mark: Mark) -> Tone {
        match mark {
            Mark::Late => Tone::Late,
            Mark::Soon => Tone::Soon,
            Mark::AtOnce => Tone::AtOnce,
            Mark::AtOnceLong => Tone::Soon,
            Mark::Later => Tone::Text,
            Mark::Waiting => Tone::Dim,
            Mark::Done => Tone::Good,
            Mark::DoneLate => Tone::Late,
            Mark::Na => Tone::Dim,
        }
    }
}
