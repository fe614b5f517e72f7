//! Whether this machine can run others of its kind at full speed.

use std::path::Path;
use std::time::{Duration, Instant};

use super::limits::EMULATION;
use super::process::{Ending, Session};
use crate::nix::Program;

/// What runs a machine's processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accelerator {
    /// This machine's own, through KVM.
    Kvm,
    /// QEMU's emulation, TCG.
    Emulation,
}

/// How long the probe may take: a fraction of a second on an idle machine.
const PROBE: Duration = Duration::from_secs(20);

impl Accelerator {
    /// Asks QEMU whether it can use KVM with all of the processor: `-cpu qemu64` works
    /// on machines where a real guest does not, and `accel=kvm:tcg` does not fall back.
    pub fn probe(qemu: &Path) -> Self {
        // Each architecture's QEMU has machines of its own.
        let machine = match std::env::consts::ARCH {
            "x86_64" => "q35",
            _ => "virt",
        };
        let program = Program::new(qemu)
            .args(["-machine", &format!("{machine},accel=kvm"), "-cpu", "max"])
            .args(["-nodefaults", "-display", "none", "-S", "-m", "64"])
            .args(["-monitor", "stdio"]);
        let Ok(mut session) = Session::start(&program, Some("quit\n")) else {
            return Self::Emulation;
        };
        let until = Instant::now() + PROBE;
        match session.wait(until) {
            Some(Ending::Code(0)) => Self::Kvm,
            _ => Self::Emulation,
        }
    }

    /// How many times longer things may take.
    pub const fn slowdown(self) -> u32 {
        match self {
            Self::Kvm => 1,
            Self::Emulation => EMULATION,
        }
    }

    /// `QEMU_OPTS` for start scripts of NixOS: `-accel tcg` would come beside the
    /// accelerator that they name.
    pub const fn qemu_options(self) -> Option<&'static str> {
        match self {
            Self::Kvm => None,
            Self::Emulation => Some("-machine accel=tcg"),
        }
    }

    /// What a report says of it.
    pub const fn note(self) -> Option<&'static str> {
        match self {
            Self::Kvm => None,
            Self::Emulation => {
                Some("without KVM: the processor was emulated, and time limits were longer")
            }
        }
    }
}
