//! SHA-256: the links of the journal's chain, and fingerprints of files.

use sha2::{Digest, Sha256};

/// A link of the chain, or the fingerprint of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What the first entry follows.
    pub const GENESIS: Self = Self([0; 32]);

    /// The fingerprint of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash of an entry's line, following `self`.
    pub fn next(self, line: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(self.0);
        hasher.update(line.as_bytes());
        Self(hasher.finalize().into())
    }

    /// Lower-case hexadecimal, 64 characters.
    pub fn hex(self) -> String {
        hex(&self.0)
    }
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// What nothing has gone before.
impl Default for Hash {
    fn default() -> Self {
        Self::GENESIS
    }
}

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.hex())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_changed_byte_changes_every_hash_after_it() {
        let lines = ["{\"a\":1}", "{\"a\":2}", "{\"a\":3}"];
        let chain = |lines: &[&str]| {
            lines
                .iter()
                .scan(Hash::GENESIS, |h, l| {
                    *h = h.next(l);
                    Some(*h)
                })
                .collect::<Vec<_>>()
        };
        let whole = chain(&lines);
        let broken = chain(&["{\"a\":1}", "{\"a\":9}", "{\"a\":3}"]);
        assert_eq!(whole[0], broken[0]);
        assert_ne!(whole[1], broken[1]);
        assert_ne!(whole[2], broken[2]);
    }

    #[test]
    fn fingerprints_are_written_in_lower_case() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Hash::of(b"").hex(), empty);
    }
}
