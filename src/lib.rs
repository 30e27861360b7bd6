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
//! The rooms, and the one way that arrows run:
//!
//! ```text
//!  cli, tui ─┬─▶ archive, import, export, press ──▶ desk ──▶ store
//!            └──────────────────────────────────────▲ │  └▶ documents ─┐
//!                                                     ▼                ▼
//!                        tables ◀── archive, import   registers ──▶ rules, journal, i18n, time, quantity
//!
//!  cli, tui   arguments and keys in, words out      desk       the one door: load, check, append, project
//!  archive    the sealed month, and its proof       documents  papers: described, filled, issued, drawn; pure
//!  import     old registers in                      store      one SQLite file; never decides
//!  export     lists out        press  papers out    registers  what is kept, what may be done, what is owed
//!  tables     workbook, CSV, JSON                   rules      calendar, terms, classes, bills: pure
//! ```
//!
//! The desk's answers (`desk::view`) are plain values; documents and tables read those and nothing else of the desk.
//! `rules` and `registers` know no database, no terminal and no clock: time comes in as an argument.

rust_i18n::i18n!("assets/locales", fallback = "zh-CN");

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
