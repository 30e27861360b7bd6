//! The screens. Each owns its state, answers keys by asking and wishing (never by doing), and draws itself from what it
//! has. All that the application knows of one is its face, [`Screen`](super::screen::Screen).
//!
//! # How to add a screen
//!
//! 1. **Its file here.** A type with its state, and `impl Screen` for it. Four methods are its own in any case: the
//!    context, the title, `draw` and `key`. Of the others it writes those that it has a use for:
//!    - it shows something of the file: it asks in `new` by `out.ask(asker.part(…), Want::…)`, with an asker of its own from
//!      `out.asker()`, keeps the number, takes the answer in `answer` when the number is that one, and asks again in
//!      `refresh`. Every question comes back: answered, failed, or overtaken by a newer one of the same part;
//!    - one types in it: an [`Editor`](super::edit::Editor) that `key` asks first, `paste`, and `draw` answers where the
//!      cursor stands, as [`prompt`](super::paint::prompt) tells it;
//!    - it has keys that are of no use at times: `cannot` says why, and the footer leaves them out;
//!    - it may be left only in steps, or keeps something: `leave`;
//!    - it begins long work by `Go::Begin` and takes what came of it in `ended`;
//!    - a key of it writes: `writes`, so that a hand which has not seen the screen yet, or holds the key down, is not
//!      heard;
//!    - it wants more of the width, or a part of what is in front only: `cover`.
//! 2. **Its place in the table of keys.** A word in [`Context`](super::keymap::Context) (in `ALL`, in `label`, in `types` if
//!    one types there), and its rows in the [`KEYMAP`](super::keymap::KEYMAP). Footer and help follow by themselves; tests
//!    say which lines the README lacks, and that the walk through every footer has not been there.
//! 3. **Its words** in `assets/locales/tui.toml`: `context.<name>`, and `key.<name>` and `keydoc.<name>` of each new row.
//!
//! It comes up where somebody opens it: another screen answers a key by `Taken::Opens(Box::new(…))`, a menu has a choice
//! for it, or a key that means it everywhere is heard in `app/go.rs`. Nothing else in the application names it.
//!
//! Besides the screens there are here the parts that some of them are made of: lists and their columns, the lines of a
//! card, a sheet and a history, the menus of an entry and of what leaves the desk.

mod aside;
pub mod card;
mod card_drawn;
pub mod card_lines;
mod card_moves;
pub mod columns;
pub mod confirm;
pub mod entry;
pub mod explain;
pub mod filter;
pub mod handover;
pub mod help;
mod history;
pub mod import;
mod large;
pub mod list;
pub mod menu;
pub mod month;
pub mod operator;
pub mod outlets;
pub mod paper;
pub mod progress;
pub mod register;
pub mod search;
pub mod sheet;
pub mod switching;
pub mod today;
