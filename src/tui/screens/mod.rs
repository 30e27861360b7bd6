//! The screens. Each owns its state, answers keys by asking and going (never by doing), and draws itself from what it
//! has.

pub mod card;
pub mod card_lines;
pub mod columns;
pub mod entry;
pub mod explain;
pub mod filter;
pub mod help;
mod history;
pub mod import;
pub mod list;
pub mod menu;
pub mod month;
pub mod operator;
pub mod outlets;
pub mod paper;
pub mod progress;
pub mod search;
pub mod sheet;
pub mod today;
