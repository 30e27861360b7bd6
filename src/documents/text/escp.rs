//! What a dot-matrix printer of the ESC/P kind with Chinese characters of its own (Epson LQ and those like it) is sent.

use encoding_rs::GB18030;

/// Sets the printer back to how it was switched on.
const RESET: &[u8] = &[0x1b, b'@'];
/// Line spacing of 1/6 inch, 10 characters an inch.
const SPACING: &[u8] = &[0x1b, b'2', 0x1b, b'P'];
/// Chinese characters on (FS &) and off (FS .).
const CHINESE_ON: &[u8] = &[0x1c, b'&'];
const CHINESE_OFF: &[u8] = &[0x1c, b'.'];

/// The text in GB 18030 with the printer's commands around it; every print ends by taking a new sheet of paper. Control
/// characters other than line breaks and form feeds are left out: no text can command the printer.
pub fn escp(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 16);
    for command in [RESET, CHINESE_ON, SPACING] {
        out.extend_from_slice(command);
    }
    let safe: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\u{c}'))
        .map(super::common)
        .collect();
    for line in safe.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\r\n"),
            None => (line, ""),
        };
        // GB 18030 has a code for every character.
        out.extend_from_slice(&GB18030.encode(line).0);
        out.extend_from_slice(end.as_bytes());
    }
    out.push(0x0c);
    out.extend_from_slice(CHINESE_OFF);
    out.extend_from_slice(RESET);
    out
}
