//! The desk on the screen.
//!
//! ```text
//!  run      the edge: terminal taken and given back, keys, signals, frames
//!  job      what takes long, by a thread of its own
//!  keeper   the thread that keeps the copies of the file
//!  heartbeat  the thread that tells the next run when this one was last alive
//!  worker   the thread that owns the desk; answers questions, tells of other people's changes
//!  message  what goes between: messages in, effects out
//!  screen   the face of a screen
//!  app      the state: a stack of screens; update(message) → effects, draw
//!  screens  今日, lists, cards, the sheet of an outage, search, filter, menu, help, explanations, who acts
//!  form     forms made from the description of an action
//!  keymap   the one table of keys
//!  theme, paint, text, units, edit, typed, when, layout, room     drawing and reading by width, meaning, time
//! ```
//!
//! Only `run`, `worker`, `keeper` and `heartbeat` may touch the outside. Screens ask through an [`outbox`] and never call one another; the
//! time is what the last tick brought.

pub mod app;
pub mod chord;
pub mod dark;
pub mod edit;
pub mod form;
pub mod hand;
pub mod heartbeat;
pub mod job;
mod jobs;
mod keeper;
pub mod keymap;
pub mod layout;
pub mod message;
pub mod outbox;
pub mod paint;
pub mod room;
mod run;
pub mod screen;
pub mod screens;
pub mod still;
#[cfg(test)]
mod tests;
pub mod text;
pub mod theme;
pub mod typed;
mod units;
pub mod when;
mod worker;

pub use run::{Outside, run};
