//! The month's archive: the same bytes for ever, every changed byte found, closed months read-only.

mod closed;
mod copies;
mod gaps;
mod killed;
mod kit;
mod papers;
mod proof;
mod sealed;
