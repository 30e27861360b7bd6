//! Every tone can be read: its contrast is reckoned on the grounds and with the shades of nine terminals.

use ratatui::style::{Color, Modifier};

use super::{Depth, Look, Surroundings, Theme, Tone};

type Rgb = (u8, u8, u8);

/// A terminal: what it is, its theme, its ground, its ordinary letters, and the shades of its sixteen colours.
struct Terminal {
    name: &'static str,
    look: Look,
    depth: Depth,
    ground: Rgb,
    letters: Rgb,
    sixteen: [Rgb; 16],
}

const VGA: [Rgb; 16] = [
    (0, 0, 0),
    (170, 0, 0),
    (0, 170, 0),
    (170, 85, 0),
    (0, 0, 170),
    (170, 0, 170),
    (0, 170, 170),
    (170, 170, 170),
    (85, 85, 85),
    (255, 85, 85),
    (85, 255, 85),
    (255, 255, 85),
    (85, 85, 255),
    (255, 85, 255),
    (85, 255, 255),
    (255, 255, 255),
];
const OLD_WINDOWS: [Rgb; 16] = [
    (0, 0, 0),
    (128, 0, 0),
    (0, 128, 0),
    (128, 128, 0),
    (0, 0, 128),
    (128, 0, 128),
    (0, 128, 128),
    (192, 192, 192),
    (128, 128, 128),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (0, 0, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];
const CAMPBELL: [Rgb; 16] = [
    (12, 12, 12),
    (197, 15, 31),
    (19, 161, 14),
    (193, 156, 0),
    (0, 55, 218),
    (136, 23, 152),
    (58, 150, 221),
    (204, 204, 204),
    (118, 118, 118),
    (231, 72, 86),
    (22, 198, 12),
    (249, 241, 165),
    (59, 120, 255),
    (180, 0, 158),
    (97, 214, 214),
    (242, 242, 242),
];

const fn terminal(
    name: &'static str,
    look: Look,
    depth: Depth,
    (ground, letters): (Rgb, Rgb),
    sixteen: [Rgb; 16],
) -> Terminal {
    Terminal {
        name,
        look,
        depth,
        ground,
        letters,
        sixteen,
    }
}

/// The nine.
fn terminals() -> [Terminal; 9] {
    use Depth::{Many, Sixteen};
    use Look::{Dark, Light};
    let black = ((0, 0, 0), (170, 170, 170));
    let white = ((255, 255, 255), (0, 0, 0));
    [
        terminal("Linux console", Dark, Sixteen, black, VGA),
        terminal(
            "old Windows console",
            Dark,
            Sixteen,
            ((0, 0, 0), (192, 192, 192)),
            OLD_WINDOWS,
        ),
        terminal(
            "Windows Terminal",
            Dark,
            Many,
            ((12, 12, 12), (204, 204, 204)),
            CAMPBELL,
        ),
        terminal("xterm on black", Dark, Many, black, VGA),
        terminal(
            "solarized dark",
            Dark,
            Many,
            ((0, 43, 54), (131, 148, 150)),
            VGA,
        ),
        terminal("one dark", Dark, Many, ((40, 44, 52), (171, 178, 191)), VGA),
        terminal(
            "old Windows console, white",
            Light,
            Sixteen,
            white,
            OLD_WINDOWS,
        ),
        terminal("xterm on white", Light, Many, white, VGA),
        terminal(
            "solarized light",
            Light,
            Many,
            ((253, 246, 227), (88, 110, 117)),
            VGA,
        ),
    ]
}

const TONES: [Tone; 13] = [
    Tone::Text,
    Tone::Strong,
    Tone::Dim,
    Tone::Rule,
    Tone::Late,
    Tone::Soon,
    Tone::AtOnce,
    Tone::Good,
    Tone::Struck,
    Tone::Key,
    Tone::Selected,
    Tone::BlockLate,
    Tone::BlockGood,
];

/// A shade of a terminal's colour. From 16 on they are the same everywhere: a cube of six steps, then greys.
fn shade(colour: Color, sixteen: &[Rgb; 16]) -> Option<Rgb> {
    let index = match colour {
        Color::Reset => return None,
        Color::Indexed(index) => usize::from(index),
        named => {
            let names = [
                Color::Black,
                Color::Red,
                Color::Green,
                Color::Yellow,
                Color::Blue,
                Color::Magenta,
                Color::Cyan,
                Color::Gray,
                Color::DarkGray,
                Color::LightRed,
                Color::LightGreen,
                Color::LightYellow,
                Color::LightBlue,
                Color::LightMagenta,
                Color::LightCyan,
                Color::White,
            ];
            names.iter().position(|name| *name == named).unwrap()
        }
    };
    Some(match index {
        0..16 => sixteen[index],
        16..232 => {
            let step = |n: usize| [0, 95, 135, 175, 215, 255][n % 6];
            let at = index - 16;
            (step(at / 36), step(at / 6), step(at))
        }
        _ => {
            let grey = u8::try_from(8 + 10 * (index - 232)).unwrap();
            (grey, grey, grey)
        }
    })
}

/// Relative luminance and contrast as the web's accessibility guidelines reckon them (WCAG 2.2).
fn luminance((r, g, b): Rgb) -> f64 {
    let part = |value: u8| {
        let value = f64::from(value) / 255.0;
        match value <= 0.04045 {
            true => value / 12.92,
            false => ((value + 0.055) / 1.055).powf(2.4),
        }
    };
    0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The contrast of a tone on a terminal, and how it is drawn there.
fn reads(theme: Theme, tone: Tone, on: &Terminal) -> f64 {
    let (ground, style) = (theme.ground(), theme.style(tone));
    let letters = style.fg.or(ground.fg);
    let letters = letters.and_then(|colour| shade(colour, &on.sixteen));
    let under = style.bg.or(ground.bg);
    let under = under.and_then(|colour| shade(colour, &on.sixteen));
    contrast(letters.unwrap_or(on.letters), under.unwrap_or(on.ground))
}

#[test]
fn every_tone_is_readable_on_nine_terminals() {
    for on in terminals() {
        let theme = Theme {
            look: on.look,
            depth: on.depth,
        };
        for tone in TONES {
            let reads = reads(theme, tone, &on);
            // Ordinary letters are the terminal's own choice; solarized keeps them just below.
            let least = match theme.style(tone).fg {
                Some(_) => 4.5,
                None => contrast(on.letters, on.ground),
            };
            assert!(reads >= least, "{tone:?} on {}: {reads:.2}", on.name);
        }
    }
}

#[test]
fn high_contrast_is_high_on_every_ground() {
    for on in terminals() {
        let theme = Theme {
            look: Look::Contrast,
            depth: on.depth,
        };
        // Sixteen colours are only as bright as the console has them.
        let least = match on.depth {
            Depth::Many => 7.0,
            Depth::Sixteen => 5.0,
        };
        for tone in TONES {
            let reads = reads(theme, tone, &on);
            assert!(reads >= least, "{tone:?} on {}: {reads:.2}", on.name);
        }
    }
}

#[test]
fn the_old_red_would_not_have_been() {
    let [.., old, _, _, _, _, _, _, _] = terminals();
    assert!(contrast(OLD_WINDOWS[1], old.ground) < 2.0);
}

#[test]
fn a_plain_screen_has_no_colour_and_still_tells_tones_apart_where_a_cursor_or_a_clock_is() {
    let theme = Theme {
        look: Look::Plain,
        depth: Depth::Many,
    };
    for tone in TONES {
        let style = theme.style(tone);
        assert_eq!((style.fg, style.bg), (None, None), "{tone:?}");
    }
    assert!(
        theme
            .style(Tone::Selected)
            .add_modifier
            .contains(Modifier::REVERSED)
    );
    assert!(
        theme
            .style(Tone::Late)
            .add_modifier
            .contains(Modifier::BOLD)
    );
}

#[test]
fn the_surroundings_suggest_a_theme_and_a_choice_counts_more() {
    let around = |name: &str, value: &str| {
        let mut around = Surroundings {
            term: Some("xterm-256color".into()),
            ..Surroundings::default()
        };
        let value = Some(value.to_owned());
        match name {
            "TERM" => around.term = value,
            "NO_COLOR" => around.no_color = value,
            "COLORTERM" => around.colorterm = value,
            _ => around.colorfgbg = value,
        }
        around
    };
    for (name, value, look, depth) in [
        ("TERM", "xterm-256color", Look::Dark, Depth::Many),
        ("TERM", "linux", Look::Dark, Depth::Sixteen),
        ("TERM", "dumb", Look::Plain, Depth::Sixteen),
        ("COLORFGBG", "15;0", Look::Dark, Depth::Many),
        ("COLORFGBG", "0;15", Look::Light, Depth::Many),
        ("COLORFGBG", "0;default;7", Look::Light, Depth::Many),
        ("COLORFGBG", "12;8", Look::Dark, Depth::Many),
        ("COLORFGBG", "odd", Look::Dark, Depth::Many),
        ("NO_COLOR", "1", Look::Plain, Depth::Many),
    ] {
        let around = around(name, value);
        assert_eq!(
            Theme::new(None, &around),
            Theme { look, depth },
            "{name}={value}"
        );
        let chosen = Theme::new(Some(Look::Light), &around);
        assert_eq!(chosen.look, Look::Light, "{name}={value}");
    }
}
