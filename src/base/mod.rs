//! Values that everybody speaks of: time, quantities, clauses, sentences, refusals. Nothing here knows a record.

pub mod clause;
pub mod hash;
pub mod i18n;
pub mod identity;
pub mod lazy;
pub mod progress;
pub mod quantity;
pub mod read;
pub mod refusal;
pub mod time;
pub mod week;
