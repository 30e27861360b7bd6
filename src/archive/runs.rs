//! Numbers on paper: which of a pad were used, which are missing. Slips come in pads numbered through; a slip that
//! nobody can show is what an inspector asks for first.

use std::collections::BTreeMap;

/// The widest hole inside one pad. A jump wider than this begins another pad.
pub const PAD: u64 = 100;

/// A number on paper, taken apart: `WX0017` is the pad `WX`, number 17, written with four digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperNo<'a> {
    /// What stands before the digits at the end.
    pub prefix: &'a str,
    /// The number.
    pub n: u64,
    /// With how many digits it is written.
    pub width: usize,
}

impl<'a> PaperNo<'a> {
    /// Takes a number apart; `None` when it does not end in digits, or in more than any pad has.
    pub fn read(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let prefix = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = text.get(prefix.len()..)?;
        let n = digits.parse().ok().filter(|_| digits.len() <= 15)?;
        Some(Self {
            prefix,
            n,
            width: digits.len(),
        })
    }
}

/// Writes a number of a pad as the others of it are written.
pub fn write(prefix: &str, n: u64, width: usize) -> String {
    format!("{prefix}{n:0width$}")
}

/// A set of numbers as the stretches it consists of: small as long as numbers follow one another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runs(BTreeMap<u64, u64>);

impl Runs {
    /// Puts a number in; `false` when it is there already.
    pub fn put(&mut self, n: u64) -> bool {
        let before = self
            .0
            .range(..=n)
            .next_back()
            .map(|(from, to)| (*from, *to));
        if before.is_some_and(|(_, to)| n <= to) {
            return false;
        }
        let after = n.checked_add(1).and_then(|next| self.0.remove(&next));
        let to = after.unwrap_or(n);
        match before.filter(|(_, last)| *last + 1 == n) {
            Some((from, _)) => self.0.insert(from, to),
            None => self.0.insert(n, to),
        };
        true
    }

    /// The stretches, lowest first.
    pub fn stretches(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.0.iter().map(|(from, to)| (*from, *to))
    }

    /// How many numbers.
    pub fn len(&self) -> u64 {
        self.stretches().map(|(from, to)| to - from + 1).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The holes between stretches that are not wider than a pad.
    pub fn holes(&self) -> Vec<(u64, u64)> {
        let pairs = self.stretches().zip(self.stretches().skip(1));
        pairs
            .map(|((_, end), (next, _))| (end + 1, next - 1))
            .filter(|(from, to)| to - from + 1 < PAD)
            .collect()
    }

    /// Where pads begin: the lowest number, and every one after a jump wider than a pad.
    pub fn beginnings(&self) -> Vec<u64> {
        let first = self.stretches().next().map(|(from, _)| from);
        let pairs = self.stretches().zip(self.stretches().skip(1));
        let jumps = pairs
            .filter(|((_, end), (next, _))| next - end > PAD)
            .map(|(_, (next, _))| next);
        first.into_iter().chain(jumps).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_apart_and_put_together() {
        for (text, want) in [
            ("WX0017", Some(("WX", 17, 4))),
            ("0017", Some(("", 17, 4))),
            ("2026-3-018", Some(("2026-3-", 18, 3))),
            ("维字第12", Some(("维字第", 12, 2))),
            ("无号", None),
            ("", None),
            ("WX1234567890123456", None),
        ] {
            let read = PaperNo::read(text);
            assert_eq!(
                read.as_ref().map(|p| (p.prefix, p.n, p.width)),
                want,
                "{text}"
            );
            if let Some(p) = read {
                assert_eq!(write(p.prefix, p.n, p.width), text);
            }
        }
    }

    #[test]
    fn holes_are_found_whatever_the_order_of_typing() {
        for (numbers, holes) in [
            (vec![1, 2, 3], vec![]),
            (vec![3, 1, 2], vec![]),
            (vec![1, 2, 4, 7], vec![(3, 3), (5, 6)]),
            (vec![7, 4, 2, 1], vec![(3, 3), (5, 6)]),
            (vec![1, 101], vec![(2, 100)]),
            (vec![1, 102], vec![]),
            (vec![1, 1102, 1104], vec![(1103, 1103)]),
        ] {
            let mut runs = Runs::default();
            for n in &numbers {
                assert!(runs.put(*n));
            }
            assert!(!runs.put(numbers[0]), "twice");
            assert_eq!(runs.len(), numbers.len() as u64);
            assert_eq!(runs.holes(), holes, "{numbers:?}");
        }
    }

    #[test]
    fn a_pad_begins_after_a_wide_jump() {
        let mut runs = Runs::default();
        [5, 6, 50, 500, 501].into_iter().for_each(|n| {
            runs.put(n);
        });
        assert_eq!(runs.beginnings(), [5, 500]);
        assert!(Runs::default().beginnings().is_empty() && Runs::default().is_empty());
    }
}
