//! What every record is made of, whatever its register: fields, actions, entries, the timeline they form, the head.
//!
//! Pure: no database, no terminal, no clock. `request` is the only door through which data reaches a register;
//! `timeline` turns the entries of a record into its effective facts in the order in which they happened.

pub mod action;
pub mod common;
pub mod decision;
pub mod entry;
pub mod field;
pub mod head;
pub mod request;
pub mod timeline;
mod upcast;
