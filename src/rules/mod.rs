//! The procedures as pure functions: no database, no terminal, no clock. Time comes in as an argument.

mod ask;
pub mod bill_json;
pub mod billing;
pub mod calendar;
pub mod complaint_class;
pub mod deadline;
pub mod in_force;
pub mod procedure;
pub mod ruleset;
pub mod sample;
pub mod worktime;
pub mod worktime_json;
