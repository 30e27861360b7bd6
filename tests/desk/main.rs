//! Tests that drive the real binary: command line, acceptance cases, crashes, two processes on one file, the terminal.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used
)]

mod acceptance;
mod archive;
mod backup;
mod bad_input;
mod catalogue;
mod command_line;
mod common;
mod crash;
mod export;
mod file;
mod import;
mod past_entries;
mod print;
mod procedures;
mod readme;
mod sample;
mod terminal;
