//! Whether this machine can run others of its kind at full speed.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::limits::EMULATION;
use super::process::{Ending, Session};
use crate::environment;
use crate::nix::Program;

/// What runs a machine's processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accelerator {
    /// This machine's own, through KVM.
    Kvm,
    /// QEMU's emulation, TCG.
    Emulation,
}

/// What KVM is reached by.
pub const DEVICE: &str = "/dev/kvm";

/// How long the probe may take. It is a fraction of a second, emulated as well; where
/// machines within machines are badly supported, a quarter of a minute.
const PROBE: Duration = Duration::from_secs(5);

/// What a guest writes to the port of QEMU's `isa-debug-exit`, and the exit code that
/// QEMU makes of it.
const WORD: u8 = 0x10;
const ENDED: i32 = (WORD as i32) << 1 | 1;

impl Accelerator {
    /// KVM, where this machine's QEMU can use it; where there is no QEMU to ask, where its
    /// device may be opened, since a driver brings a QEMU of its own. Looked at once.
    pub fn of_this_machine() -> Self {
        static FOUND: OnceLock<Accelerator> = OnceLock::new();
        *FOUND.get_or_init(|| {
            let name = format!("qemu-system-{}", std::env::consts::ARCH);
            let mut folders = environment::search_path().into_iter();
            match folders.find_map(|folder| Some(folder.join(&name)).filter(|p| p.is_file())) {
                Some(qemu) => Self::probe(&qemu),
                None if open_device().is_ok() => Self::Kvm,
                None => Self::Emulation,
            }
        })
    }

    /// Boots a disk under KVM that ends its machine at once, with all of the processor:
    /// `-cpu qemu64` works on machines where a real guest does not, and `accel=kvm:tcg`
    /// does not fall back. What takes too long is slower than emulation.
    ///
    /// On other processors than x86-64, whose machines have no such exit, it is only asked
    /// whether a machine can be made.
    pub fn probe(qemu: &Path) -> Self {
        let program = |machine: &str| {
            Program::new(qemu)
                .args(["-machine", &format!("{machine},accel=kvm"), "-cpu", "max"])
                .args(["-display", "none", "-net", "none", "-m", "64"])
        };
        let (ending, wanted) = if std::env::consts::ARCH == "x86_64" {
            let Ok(disk) = disk() else {
                return Self::Emulation;
            };
            let drive = format!("format=raw,snapshot=on,file={}", escaped(disk.path()));
            let booting = program("pc")
                .args(["-device", "isa-debug-exit,iobase=0xf4,iosize=1"])
                .args(["-drive", &drive]);
            (ending(&booting, None), ENDED)
        } else {
            let made = program("virt").args(["-nodefaults", "-S", "-monitor", "stdio"]);
            (ending(&made, Some("quit\n")), 0)
        };
        if ending == Some(Ending::Code(wanted)) {
            Self::Kvm
        } else {
            Self::Emulation
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

/// Opens KVM's device, as QEMU does.
///
/// # Errors
/// There is none, or it may not be opened.
pub fn open_device() -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open(DEVICE)
}

/// How QEMU ends, if it does in time.
fn ending(qemu: &Program, input: Option<&str>) -> Option<Ending> {
    let mut session = Session::start(qemu, input).ok()?;
    session.wait(Instant::now() + PROBE)
}

/// A disk of one sector, which writes to the port that ends the machine.
fn disk() -> io::Result<tempfile::NamedTempFile> {
    // mov al, WORD; out 0xf4, al; and hlt, should that be no end.
    let mut sector = vec![0xb0, WORD, 0xe6, 0xf4, 0xf4];
    sector.resize(510, 0);
    sector.extend([0x55, 0xaa]);
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(&sector)?;
    Ok(file)
}

/// A path within a list of QEMU's, where a comma ends an entry.
fn escaped(path: &Path) -> String {
    path.display().to_string().replace(',', ",,")
}
