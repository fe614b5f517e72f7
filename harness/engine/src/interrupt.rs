//! Ctrl-C: the first one ends the run in order, a second one ends the process.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nix_parity_core::exit::Exit;
use signal_hook::SigId;
use signal_hook::consts::{SIGINT, SIGTERM};

/// A flag that is set when the user interrupts.
pub fn flag() -> Arc<AtomicBool> {
    Interrupt::new().flag
}

/// Such a flag, until signals are for somebody else.
pub struct Interrupt {
    /// Set when the user interrupts.
    pub flag: Arc<AtomicBool>,
    handlers: Vec<SigId>,
}

impl Interrupt {
    /// Begins to take signals.
    #[expect(clippy::new_without_default, reason = "it changes what signals do")]
    pub fn new() -> Self {
        let flag = Arc::new(AtomicBool::new(false));
        let mut handlers = Vec::new();
        for signal in [SIGINT, SIGTERM] {
            // Registered in this order: the first signal finds the flag unset. Where
            // a handler cannot be set, the signal keeps ending the process.
            let code = i32::from(Exit::Interrupted.code());
            let given = || Arc::clone(&flag);
            let end = signal_hook::flag::register_conditional_shutdown(signal, code, given());
            let set = signal_hook::flag::register(signal, given());
            handlers.extend(end.into_iter().chain(set));
        }
        Self { flag, handlers }
    }

    /// Leaves signals to whoever takes them next. Until somebody does they have no effect.
    pub fn release(self) {
        for handler in self.handlers {
            signal_hook::low_level::unregister(handler);
        }
    }
}
