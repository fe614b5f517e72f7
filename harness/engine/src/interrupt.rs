//! Ctrl-C, SIGTERM and SIGHUP: the first one ends the run in order; a second Ctrl-C or
//! SIGTERM ends the process.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nix_parity_core::exit::Exit;
use signal_hook::SigId;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

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
        // A terminal that is closed sends it, often twice: the shell does, and then the
        // kernel. The second one must not cut short what the first one began.
        if !is_ignored(SIGHUP) {
            handlers.extend(signal_hook::flag::register(SIGHUP, Arc::clone(&flag)));
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

/// Whether this program was started with a signal ignored, as `nohup` does.
#[expect(
    unsafe_code,
    reason = "no crate offers a safe way to read what a signal does"
)]
pub(crate) fn is_ignored(signal: i32) -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: without a new action the call changes nothing, and it fills in the old
    // one wherever it returns 0.
    unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) == 0
            && action.assume_init().sa_sigaction == libc::SIG_IGN
    }
}
