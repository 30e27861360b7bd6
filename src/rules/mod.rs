//! The procedures as pure functions: no database, no terminal, no clock. Time comes in as an argument.

pub mod bill_json;
pub mod billing;
pub mod calendar;
pub mod complaint_class;
pub mod deadline;
pub mod procedure;
pub mod ruleset;
pub mod worktime;
