//! How far a slow thing is, told to whoever waits; and whether they still want it.

/// How far a slow thing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// What is done: records, rows, entries.
    pub done: u64,
    /// Out of how many, when that is known.
    pub all: Option<u64>,
}
