//! A guest that boots without NixOS: see `ci/guest`, which makes it.

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use crate::process::{find, quote, write_executable};

/// A guest, and a driver for it: a stand-in, unless a real one is named.
#[derive(Debug)]
pub struct Guest {
    folder: Utf8PathBuf,
    // Removes the folder at the end.
    _temporary: TempDir,
}

impl Guest {
    /// A guest with the stand-in for a driver, or why there is none on this machine.
    ///
    /// # Errors
    /// It has not been made, or QEMU or Python is not there.
    #[track_caller]
    pub fn new() -> Result<Self, String> {
        let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("guest");
        let driver = source.join("stand-in-driver");
        if find("python3").is_none() {
            return Err("python3 is not there".to_owned());
        }
        Self::with_driver(|start| {
            let (start, driver) = (quote(start.as_str()), quote(driver.as_str()));
            format!("startScripts={start} exec {driver}")
        })
    }

    /// The same guest with a real driver, which `NIX_PARITY_TEST_DRIVER` names.
    ///
    /// # Errors
    /// None is named, or the guest is not there.
    #[track_caller]
    #[expect(
        clippy::disallowed_methods,
        reason = "a real driver is on no machine by itself; who has one names it"
    )]
    pub fn with_real_driver() -> Result<Self, String> {
        let driver = std::env::var("NIX_PARITY_TEST_DRIVER")
            .map_err(|_| "NIX_PARITY_TEST_DRIVER names no real nixos-test-driver".to_owned())?;
        Self::with_driver(|start| {
            // The driver runs the text with `sh -c`, and ends that process: one shell
            // more in between, and QEMU would live on.
            let (driver, start) = (quote(&driver), quote(&format!("exec {start}")));
            format!("vlans= globalTimeout=3600 exec {driver} --start-scripts {start}")
        })
    }

    /// With what calls the driver, given the script that starts the machine.
    fn with_driver(call: impl Fn(&Utf8Path) -> String) -> Result<Self, String> {
        let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("guest");
        let guest = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/guest");
        for file in ["vmlinux", "initrd.cpio"] {
            if !guest.join(file).is_file() {
                return Err("ci/guest has not made the guest".to_owned());
            }
        }
        if find("qemu-system-x86_64").is_none() {
            return Err("qemu-system-x86_64 is not there".to_owned());
        }
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let folder = Utf8PathBuf::from_path_buf(temporary.path().to_owned()).expect("UTF-8");
        std::fs::create_dir(folder.join("out")).expect("a folder can be made");
        // Links of its own, by which the processes of this guest can be known.
        for file in ["vmlinux", "initrd.cpio"] {
            std::os::unix::fs::symlink(guest.join(file), folder.join(file)).expect("a link");
        }
        // Drivers part start scripts at blanks, which the path of the sources may have.
        let start = folder.join("run-machine-vm");
        std::os::unix::fs::symlink(source.join("run-machine-vm"), &start).expect("a link");
        let call = call(&start);
        // As the package of a driver does: what it needs to know is in its environment.
        let text = format!(
            "#!/bin/sh\nexport VMLINUX={} INITRD={} testScript=\"${{testScript:-{}}}\"\n{call} \"$@\"\n",
            quote(folder.join("vmlinux").as_str()),
            quote(folder.join("initrd.cpio").as_str()),
            folder.join("test-script"),
        );
        write_executable(&folder.join("nixos-test-driver"), &text);
        Ok(Self {
            folder,
            _temporary: temporary,
        })
    }

    /// The driver, which runs this text.
    #[track_caller]
    pub fn driver(&self, test_script: &str) -> Utf8PathBuf {
        std::fs::write(self.folder.join("test-script"), test_script).expect("it can be written");
        self.folder.join("nixos-test-driver")
    }

    /// What the arguments of all its processes hold.
    pub fn mark(&self) -> &str {
        self.folder.as_str()
    }

    /// A folder for what it leaves behind.
    pub fn artefacts(&self) -> Utf8PathBuf {
        self.folder.join("out")
    }
}
