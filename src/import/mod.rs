//! Import 导入: old registers, and our own exports, into the file.
//!
//! `sheet`, `text`, `raw` read foreign files · `when`, `value` read their values · `header`, `words` understand their
//! columns, `mapper` each of them · [`plan()`] says beforehand what will become of each column and what must be asked · `row` makes steps of a
//! row, `item` knows what is there already · [`run()`] takes the steps through the desk's own checks · `own` brings our exports back · `refused` writes what
//! was not accepted · `map` is the plan as a file a person can edit.
//!
//! ```text
//! file ─ rows ─ plan ─▶ shown, corrected, asked ─▶ run ─ steps ─▶ desk (every normal check) ─▶ kept
//!                                                      └────────────────────────────▶ FILE.refused with the reason
//! ```

mod header;
mod item;
mod known;
pub mod map;
mod mapper;
mod note;
mod own;
mod plan;
mod raw;
mod refused;
mod row;
mod run;
mod sheet;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod when;
mod words;

pub use plan::{Ask, ColumnPlan, Form, Options, Plan, To, plan};
pub use raw::Raw;
pub use run::{Already, Outcome, Way, run};
pub use sheet::{Kind, sheets};
pub use words::Sure;
