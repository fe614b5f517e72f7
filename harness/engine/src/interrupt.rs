//! Ctrl-C: the first one ends the run in order, a second one ends the process.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nix_parity_core::exit::Exit;
use signal_hook::consts::{SIGINT, SIGTERM};

/// A flag that is set when the user interrupts.
pub fn flag() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // Registered in this order: the first signal finds the flag unset. Where
        // a handler cannot be set, the signal keeps ending the process.
        let code = i32::from(Exit::Interrupted.code());
        let _ = signal_hook::flag::register_conditional_shutdown(signal, code, Arc::clone(&flag));
        let _ = signal_hook::flag::register(signal, Arc::clone(&flag));
    }
    flag
}
