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

/// What a screen looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Light letters on the dark ground of the terminal.
    #[default]
    Dark,
    /// Dark letters on the light ground of the terminal.
    Light,
    /// White and bright letters on a ground painted black.
    Contrast,
    /// No colours at all.
    Plain,
}

/// How many colours the terminal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// The sixteen whose shades are the terminal's own.
    Sixteen,
    /// Also the 240 whose shades are the same everywhere.
    #[default]
    Many,
}

/// What the surroundings tell of the terminal; the values of the environment variables.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// `NO_COLOR`.
    pub no_color: Option<String>,
    /// `TERM`.
    pub term: Option<String>,
    /// `COLORTERM`.
    pub colorterm: Option<String>,
    /// `COLORFGBG`: `15;0` for light letters on dark ground.
    pub colorfgbg: Option<String>,
    /// `WT_SESSION`.
    pub windows_terminal: bool,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Self {
        let var = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            no_color: var("NO_COLOR"),
            term: var("TERM"),
            colorterm: var("COLORTERM"),
            colorfgbg: var("COLORFGBG"),
            windows_terminal: var("WT_SESSION").is_some(),
        }
    }

    fn depth(&self) -> Depth {
        let term = self.term.as_deref().unwrap_or_default();
        let many = self.colorterm.is_some() || self.windows_terminal;
        match many || term.contains("256color") || term.contains("direct") {
            true => Depth::Many,
            false => Depth::Sixteen,
        }
    }

    fn look(&self) -> Look {
        let term = self.term.as_deref().unwrap_or_default();
        if self.no_color.is_some() || matches!(term, "dumb" | "vt100" | "vt220") {
            return Look::Plain;
        }
        let ground = self.colorfgbg.as_deref().and_then(|v| v.rsplit(';').next());
        match ground.and_then(|colour| colour.parse::<u8>().ok()) {
            Some(7 | 9..=15) => Look::Light,
            _ => Look::Dark,
        }
    }
}

/// The colours of the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    look: Look,
    depth: Depth,
}

/// Colours by what they mean: late, soon, at once, good, known already, rules.
struct Palette {
    late: Color,
    soon: Color,
    at_once: Color,
    good: Color,
    dim: Color,
    rule: Color,
}

/// Shades that every terminal of 256 colours has, readable on every dark ground.
const DARK: Palette = Palette {
    late: Color::Indexed(210),
    soon: Color::Indexed(221),
    at_once: Color::Indexed(80),
    good: Color::Indexed(114),
    dim: Color::Indexed(248),
    rule: Color::Indexed(247),
};

/// The same for light grounds.
const LIGHT: Palette = Palette {
    late: Color::Indexed(124),
    soon: Color::Indexed(94),
    at_once: Color::Indexed(24),
    good: Color::Indexed(22),
    dim: Color::Indexed(240),
    rule: Color::Indexed(241),
};

/// The bright eight of old consoles, whose plain red cannot be read on black; what is known already is not coloured.
const DARK_16: Palette = Palette {
    late: Color::LightRed,
    soon: Color::LightYellow,
    at_once: Color::LightCyan,
    good: Color::LightGreen,
    dim: Color::Reset,
    rule: Color::Reset,
};

/// Those of the sixteen that can be read on white everywhere; good news has its symbol only.
const LIGHT_16: Palette = Palette {
    late: Color::Red,
    soon: Color::Magenta,
    at_once: Color::Blue,
    good: Color::Reset,
    dim: Color::Reset,
    rule: Color::Reset,
};

/// On a ground that is painted black, whatever the terminal's is.
const CONTRAST: Palette = Palette {
    late: Color::Indexed(217),
    soon: Color::Indexed(227),
    at_once: Color::Indexed(123),
    good: Color::Indexed(120),
    dim: Color::Indexed(252),
    rule: Color::Indexed(252),
};

impl Theme {
    /// As somebody chose, or as the surroundings suggest.
    pub fn new(chosen: Option<Look>, around: &Surroundings) -> Self {
        Self {
            look: chosen.unwrap_or_else(|| around.look()),
            depth: around.depth(),
        }
    }

    const fn palette(self) -> Option<&'static Palette> {
        match (self.look, self.depth) {
            (Look::Plain, _) => None,
            (Look::Dark, Depth::Many) => Some(&DARK),
            (Look::Light, Depth::Many) => Some(&LIGHT),
            (Look::Contrast, Depth::Many) => Some(&CONTRAST),
            (Look::Dark | Look::Contrast, Depth::Sixteen) => Some(&DARK_16),
            (Look::Light, Depth::Sixteen) => Some(&LIGHT_16),
        }
    }

    /// What lies under everything: the terminal's own ground, except where contrast was asked for.
    pub const fn ground(self) -> Style {
        match (self.look, self.depth) {
            (Look::Contrast, Depth::Many) => {
                Style::new().fg(Color::Indexed(231)).bg(Color::Indexed(16))
            }
            (Look::Contrast, Depth::Sixteen) => Style::new().fg(Color::White).bg(Color::Black),
            _ => Style::new(),
        }
    }

    /// The style of a tone.
    pub fn style(self, tone: Tone) -> Style {
        let style = Style::new();
        let fg = |colour: fn(&Palette) -> Color| match self.palette().map(colour) {
            Some(Color::Reset) | None => style,
            Some(colour) => style.fg(colour),
        };
        match tone {
            Tone::Text => style,
            Tone::Strong => style.add_modifier(Modifier::BOLD),
            Tone::Dim => fg(|palette| palette.dim),
            Tone::Rule => fg(|palette| palette.rule),
            Tone::Late => fg(|palette| palette.late).add_modifier(Modifier::BOLD),
            Tone::Soon => fg(|palette| palette.soon),
            Tone::AtOnce => fg(|palette| palette.at_once),
            Tone::Good => fg(|palette| palette.good),
            Tone::Struck => self.style(Tone::Dim).add_modifier(Modifier::CROSSED_OUT),
            Tone::Key => style.add_modifier(Modifier::BOLD),
            Tone::Selected => style.add_modifier(Modifier::REVERSED),
            Tone::BlockLate => fg(|palette| palette.late).add_modifier(Modifier::REVERSED),
            Tone::BlockGood => fg(|palette| palette.good).add_modifier(Modifier::REVERSED),
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

#[cfg(test)]
mod tests;
