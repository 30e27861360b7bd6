#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]
//! DutyDesk 值班台: the duty desk of a property company, offline, one binary and one file.
//!
//! The rooms, each speaking only to those below it:
//!
//! ```text
//!  cli, tui            arguments and keys in, words out
//!  archive, import     the sealed month and its proof; old registers in, with a reason for every row refused
//!  demo, export, press a fresh file of samples; lists out; runs of papers out
//!  desk                the one door to a file: load, check, append, keep the rows; what follows, undo, copies, proof
//!  documents, tables   papers described, filled and drawn; lists as workbook, CSV, JSON; of the desk they know its answers
//!  store               one SQLite file: journal, rows, drafts; it never decides
//!  registers           what may be told of a record, what it makes of it, what is owed: pure
//!  record              what every record is made of: entries, the timeline of facts, actions and fields declared once
//!  rules               calendar, working time, procedures as data, classes, bills: pure
//!  base                instants, quantities, clauses, refusals, languages
//! ```
//!
//! The desk's answers (`desk::view`) are plain values; documents and tables read those and nothing else of the desk.
//! `base`, `rules`, `record` and `registers` know no database, no terminal and no clock: time comes in as an argument.

rust_i18n::i18n!("assets/locales", fallback = "zh-CN");

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod archive;
pub mod base;
pub mod cli;
pub mod demo;
pub mod desk;
pub mod documents;
pub mod export;
pub mod import;
pub mod press;
pub mod record;
pub mod registers;
pub mod rules;
pub mod store;
pub mod tables;
pub mod tui;
