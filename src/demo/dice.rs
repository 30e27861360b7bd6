//! Chance that comes out the same for the same seed.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The demo's source of chance.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A whole number from `low` up to and including `high`.
    pub(super) fn range(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// True in `percent` of a hundred cases.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.range(1, 100) <= percent
    }

    /// One of `list`; the list's kind of nothing when it is empty.
    pub(super) fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let last = list.len().saturating_sub(1) as i64;
        let index = self.range(0, last) as usize;
        list.get(index).copied().unwrap_or_default()
    }

    /// The index of a weight, as often as it weighs.
    pub(super) fn weighted(&mut self, weights: &[i64]) -> usize {
        let total: i64 = weights.iter().sum();
        let mut left = self.range(1, total.max(1));
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left <= 0 {
                return index;
            }
        }
        0
    }
}
