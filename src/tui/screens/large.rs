//! Large digits, for a clock that is read from the door.

use super::card_lines::{CardLine, plain};
use crate::tui::paint::bit;
use crate::tui::theme::Tone;

/// Digits five rows high, drawn by the ground of blank cells: no letter of a font can be too wide or missing.
pub fn large(text: &str, tone: Tone) -> Vec<CardLine> {
    let row = |row: usize| {
        let mut bits = vec![bit(" ", Tone::Text)];
        for c in text.chars() {
            for pixel in shape(c)[row].chars() {
                bits.push(bit("  ", if pixel == '#' { tone } else { Tone::Text }));
            }
            bits.push(bit(" ", Tone::Text));
        }
        plain(bits)
    };
    (0..5).map(row).collect()
}

const fn shape(c: char) -> [&'static str; 5] {
    match c {
        '0' => ["###", "# #", "# #", "# #", "###"],
        '1' => [" # ", "## ", " # ", " # ", "###"],
        '2' => ["###", "  #", "###", "#  ", "###"],
        '3' => ["###", "  #", "###", "  #", "###"],
        '4' => ["# #", "# #", "###", "  #", "  #"],
        '5' => ["###", "#  ", "###", "  #", "###"],
        '6' => ["###", "#  ", "###", "# #", "###"],
        '7' => ["###", "  #", "  #", "  #", "  #"],
        '8' => ["###", "# #", "###", "# #", "###"],
        '9' => ["###", "# #", "###", "  #", "###"],
        _ => [" ", "#", " ", "#", " "],
    }
}
