//! CSV and TSV in the encodings they come in: UTF-8 with or without a byte order mark, GB18030, UTF-16; the separator
//! is guessed. Decoded and read as a stream.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes looked at to guess encoding and separator.
const SAMPLE: usize = 256 * 1024;

/// What a text file is written in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shape {
    pub(super) encoding: &'static Encoding,
    pub(super) separator: u8,
}

/// Guesses encoding and separator from the beginning of a file.
pub(super) fn shape(path: &Path) -> io::Result<Shape> {
    let mut sample = Vec::new();
    File::open(path)?
        .take(SAMPLE as u64)
        .read_to_end(&mut sample)?;
    let encoding = encoding(&sample, sample.len() == SAMPLE);
    let (text, _, _) = encoding.decode(&sample);
    Ok(Shape {
        encoding,
        separator: separator(&text),
    })
}

/// The encoding of these bytes. `cut`: whether more follow, so that the last character may be broken.
fn encoding(bytes: &[u8], cut: bool) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    // Text in Chinese or English has a zero in every other byte for its digits and separators only in UTF-16.
    let zeros = |odd: usize| {
        bytes
            .iter()
            .skip(odd)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let quarter = bytes.len() / 16;
    if quarter > 0 && zeros(1) > quarter {
        return UTF_16LE;
    }
    if quarter > 0 && zeros(0) > quarter {
        return UTF_16BE;
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => UTF_8,
        Err(e) if cut && e.error_len().is_none() => UTF_8,
        Err(_) => GB18030,
    }
}

/// The separator that cuts the lines into the same number of pieces most often.
fn separator(text: &str) -> u8 {
    let counts = |separator: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(text.as_bytes());
        let widths: Vec<usize> = reader
            .records()
            .take(50)
            .map_while(Result::ok)
            .map(|record| record.len())
            .filter(|width| *width > 1)
            .collect();
        widths
            .iter()
            .map(|width| {
                (
                    widths.iter().filter(|other| *other == width).count(),
                    *width,
                )
            })
            .max()
            .unwrap_or((0, 0))
    };
    let best = [b',', b'\t', b';', b'|']
        .into_iter()
        .rev()
        .max_by_key(|separator| counts(*separator));
    best.filter(|separator| counts(*separator).1 > 1)
        .unwrap_or(b',')
}

/// A file as UTF-8, decoded as it is read.
pub(super) struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    bytes: Vec<u8>,
    read: usize,
    ended: bool,
    text: Vec<u8>,
    given: usize,
    /// A carriage return stood at the end of what was decoded last.
    held: bool,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            bytes: vec![0; 16 * 1024],
            read: 0,
            ended: false,
            text: Vec::new(),
            given: 0,
            held: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() && !self.ended {
            let got = self
                .inner
                .read(self.bytes.get_mut(self.read..).unwrap_or_default())?;
            let last = got == 0;
            let upto = self.read + got;
            let input = self.bytes.get(..upto).unwrap_or_default();
            let room = self
                .decoder
                .max_utf8_buffer_length(input.len())
                .unwrap_or(64 * 1024);
            self.text.resize(room, 0);
            let (result, used, written, _) =
                self.decoder.decode_to_utf8(input, &mut self.text, last);
            self.text.truncate(written);
            self.bytes.copy_within(used..upto, 0);
            self.read = upto - used;
            self.ended = last && result == CoderResult::InputEmpty;
            self.one_line_end();
        }
        Ok(())
    }

    /// Lines end with a line feed alone, so that they are counted right; so do those within a cell.
    fn one_line_end(&mut self) {
        if self.held && (self.ended || !self.text.is_empty()) {
            self.text.insert(0, b'\r');
            self.held = false;
        }
        if self.text.last() == Some(&b'\r') && !self.ended {
            self.text.pop();
            self.held = true;
        }
        let text = std::mem::take(&mut self.text);
        let mut bytes = text.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            if !(byte == b'\r' && bytes.peek() == Some(&b'\n')) {
                self.text.push(byte);
            }
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.refill()?;
        }
        let waiting = self.text.get(self.given..).unwrap_or_default();
        let count = waiting.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), waiting.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_one_wherever_the_stream_is_cut() {
        for (text, want) in [
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\rb\r", "a\rb\r"),
            ("\r\n\r\n", "\n\n"),
        ] {
            for size in 1..4 {
                let mut out = String::new();
                let chunks = text.as_bytes().chunks(size).map(<[u8]>::to_vec);
                let mut decoded = Decoded::new(Chunks(chunks.collect()), UTF_8);
                decoded.read_to_string(&mut out).unwrap();
                assert_eq!(out, want, "{size}");
            }
        }
    }

    /// Bytes that come in these pieces.
    struct Chunks(std::collections::VecDeque<Vec<u8>>);
    impl Read for Chunks {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let chunk = self.0.pop_front().unwrap_or_default();
            buffer[..chunk.len()].copy_from_slice(&chunk);
            Ok(chunk.len())
        }
    }

    #[test]
    fn encodings_and_separators_are_guessed() {
        let text = "报修日期;房号;内容\n2026-03-02;3栋1203;水龙头漏水\n2026-03-03;1栋0101;灯不亮\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let cases: [(Vec<u8>, &Encoding); 6] = [
            (text.as_bytes().to_vec(), UTF_8),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), UTF_8),
            (GB18030.encode(text).0.into_owned(), GB18030),
            ([b"\xff\xfe", &utf16[..]].concat(), UTF_16LE),
            (utf16, UTF_16LE),
            (big, UTF_16BE),
        ];
        for (bytes, want) in cases {
            let guessed = encoding(&bytes, false);
            assert_eq!(guessed, want);
            // One byte at a time: characters are broken everywhere.
            let chunks = bytes.iter().map(|byte| vec![*byte]).collect();
            let mut out = String::new();
            Decoded::new(Chunks(chunks), guessed)
                .read_to_string(&mut out)
                .unwrap();
            assert_eq!(out, text);
        }
        for (text, want) in [
            ("a,b,c\n1,2,3\n", b','),
            ("a\tb\tc\n1\t2\t3\n", b'\t'),
            ("a;b\n1,5;2,5\n3,5;4,5\n", b';'),
            ("维修登记表\na,b,c\n1,2,3\n", b','),
            ("only\none\n", b','),
        ] {
            assert_eq!(separator(text), want, "{text}");
        }
    }
}
