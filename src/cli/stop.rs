//! Ctrl-C during something slow: it is asked for, and carried out where nothing is left half.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether somebody has asked to stop. A second Ctrl-C ends the program at once, as ever.
#[derive(Debug, Default)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Listens for Ctrl-C and for being told to end, from now on.
    pub(super) fn listen() -> Self {
        let stop = Self::default();
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            // The default action for a second signal is registered first, so that it sees the flag as it was.
            let again =
                signal_hook::flag::register_conditional_default(signal, Arc::clone(&stop.0));
            // Where signals cannot be heard the work simply runs to its end.
            let _ = again.and_then(|_| signal_hook::flag::register(signal, Arc::clone(&stop.0)));
        }
        stop
    }

    /// Whether it was asked for.
    pub(super) fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
