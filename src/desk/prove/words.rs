//! The search index: as many words of each record as there should be, and each at its place.

use super::records::Sums;
use crate::base::i18n::Msg;
use crate::store::{Store, Stored};

/// What the search index holds: words of each record, and a sum over all of them.
pub(super) struct Words {
    sizes: Vec<(i64, u64)>,
    content: u64,
}

impl Words {
    /// What it holds now.
    pub(super) fn of(store: &Store) -> Stored<Self> {
        let mut words = Self {
            sizes: Vec::new(),
            content: 0,
        };
        store.each_indexed(|id, size| words.sizes.push((id, size)))?;
        store.each_word(|word, record, place| {
            words.content = words.content.wrapping_add(mark(word, record, place));
        })?;
        Ok(words)
    }
}

/// The words that the index should hold of some records.
#[derive(Default)]
pub(super) struct Expected {
    sizes: Vec<(i64, u64)>,
    content: u64,
}

impl Expected {
    pub(super) fn add(&mut self, other: Self) {
        self.sizes.extend(other.sizes);
        self.content = self.content.wrapping_add(other.content);
    }

    /// Takes in the words of a record, as pairs of characters.
    pub(super) fn take(&mut self, store: &Store, id: i64, grams: &str) -> Stored<()> {
        let (mut size, mut content) = (0, self.content);
        let mut indexed = |word: &str, place: i64| {
            size += 1;
            content = content.wrapping_add(mark(word, id, place));
        };
        if grams.chars().all(indexed_as_is) {
            let all = grams.split(' ').filter(|word| !word.is_empty());
            all.zip(0..).for_each(|(word, place)| indexed(word, place));
        } else {
            store.words_as_indexed(grams, indexed)?;
        }
        self.content = content;
        self.sizes.push((id, size));
        Ok(())
    }
}

/// Holds what the index holds against what it should.
pub(super) fn hold(stands: Option<Words>, sums: &mut Sums) {
    let expected = &mut sums.words;
    expected.sizes.sort_unstable();
    let same = stands.is_some_and(|s| s.sizes == expected.sizes && s.content == expected.content);
    if !same {
        let found = Msg::new("audit.table").with("table", "search");
        sums.findings.push(found);
    }
}

/// Whether the index keeps a character as it is: it folds letters of other scripts in its own way.
const fn indexed_as_is(c: char) -> bool {
    matches!(c, ' ' | '0'..='9' | 'a'..='z' | '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ff10}'..='\u{ff19}' | '\u{ff41}'..='\u{ff5a}' | '\u{20000}'..='\u{323af}')
}

/// A number for a word of the search index; the index orders its words by bytes, so a sum is compared. It finds what
/// differs by accident or by somebody's hand; nobody's signature rests on it.
fn mark(word: &str, record: i64, place: i64) -> u64 {
    let mut sum = mixed(record as u64, place as u64);
    let mut chunks = word.as_bytes().chunks_exact(8);
    for chunk in chunks.by_ref() {
        let mut eight = [0; 8];
        eight.copy_from_slice(chunk);
        sum = mixed(sum, u64::from_le_bytes(eight));
    }
    let rest = chunks.remainder();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mixed(sum ^ word.len() as u64, u64::from_le_bytes(last))
}

/// Two numbers as one in which every bit of both counts: the halves of their product with odd constants, folded.
const fn mixed(one: u64, other: u64) -> u64 {
    let one = one ^ 0x9e37_79b9_7f4a_7c15;
    let product = (one as u128).wrapping_mul((other ^ 0xd1b5_4a32_d192_ed03) as u128);
    (product as u64 ^ (product >> 64) as u64).rotate_left(23) ^ one
}
