//! The registers: what each keeps, what can be done to a record of it, and what that owes.
//!
//! Pure: no database, no terminal, no clock. A register is a [`Register`](register::Register): its actions with their
//! rows of the lifecycle table, `check` (may it happen?), `apply` (what a fact makes of the record), `breaches` and
//! `deadlines`.
//!
//! # How to change
//! - **A field**: one line in the register's `actions.rs` beside its action, and its word in `assets/locales`.
//! - **An action**: one variant with its lifecycle row in `actions.rs`, and its arm in the fold (`apply`).
//!   What one key may not write unread says so there: `.judges()` on a field, `.weighs()` on the row; money, `all` and the
//!   name of somebody else weigh by themselves.
//! - **A term**: one `[[duties]]` of the procedure in `assets/procedures`.
//! - **A register**: a folder here, one line in [`REGISTERS`], its words.

pub mod change;
mod check;
pub mod dynamic;
mod fold;
pub mod label;
mod owed;
pub mod register;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod weighs_tests;

pub mod application;
pub mod complaint;
pub mod log;
pub mod outage;
pub mod procedures;
pub mod words;
pub mod work_order;

pub use register::{
    Act, Context, DutyDigit, DutyPaper, Looks, Lookup, Neighbours, RecordOf, Register,
    RegisterSpec, Surroundings,
};

use dynamic::{AnyRegister, Dynamic};

/// The registers, in the order of their tabs.
pub static REGISTERS: &[&dyn AnyRegister] = &[
    &Dynamic::<outage::Outage>::NEW,
    &Dynamic::<work_order::WorkOrder>::NEW,
    &Dynamic::<complaint::Complaint>::NEW,
    &Dynamic::<application::Application>::NEW,
    &Dynamic::<log::Log>::NEW,
];

/// The register of a code (`work-order`).
pub fn register(code: &str) -> Option<&'static dyn AnyRegister> {
    REGISTERS
        .iter()
        .copied()
        .find(|register| register.spec().code == code)
}

/// The register that a number belongs to: `W-2026-00001`, `W-B-2026-00001`.
pub fn register_of(no: &str) -> Option<&'static dyn AnyRegister> {
    let (letter, _) = no.split_once('-')?;
    REGISTERS
        .iter()
        .copied()
        .find(|register| letter.len() == 1 && letter.starts_with(register.spec().letter))
}
