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
        Self::of(&["machine"])
    }

    /// The same for several machines, which are on one network.
    ///
    /// # Errors
    /// As [`Guest::new`], or there is nothing that could connect them.
    #[track_caller]
    pub fn of(names: &[&str]) -> Result<Self, String> {
        let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("guest");
        let driver = source.join("stand-in-driver");
        if find("python3").is_none() {
            return Err("python3 is not there".to_owned());
        }
        Self::with_driver(names, |starts, vlans| {
            let (starts, driver) = (quote(&starts.join(" ")), quote(driver.as_str()));
            format!("startScripts={starts} vlans={vlans} exec {driver}")
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
    pub fn with_real_driver(names: &[&str]) -> Result<Self, String> {
        let driver = std::env::var("NIX_PARITY_TEST_DRIVER")
            .map_err(|_| "NIX_PARITY_TEST_DRIVER names no real nixos-test-driver".to_owned())?;
        Self::with_driver(names, |starts, vlans| {
            // The driver runs the text with `sh -c`, and ends that process: one shell
            // more in between, and QEMU would live on.
            let starts = starts.iter().map(|start| quote(&format!("exec {start}")));
            let (driver, starts) = (quote(&driver), starts.collect::<Vec<_>>().join(" "));
            format!("vlans={vlans} globalTimeout=3600 exec {driver} --start-scripts {starts}")
        })
    }

    /// With what calls the driver, given the scripts that start the machines, and the
    /// number of their network.
    fn with_driver(
        names: &[&str],
        call: impl Fn(&[String], &str) -> String,
    ) -> Result<Self, String> {
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
        let vlans = if names.len() > 1 { "1" } else { "" };
        if !vlans.is_empty() && find("vde_switch").is_none() {
            return Err("vde_switch is not there".to_owned());
        }
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let folder = Utf8PathBuf::from_path_buf(temporary.path().to_owned()).expect("UTF-8");
        std::fs::create_dir(folder.join("out")).expect("a folder can be made");
        // Links of its own, by which the processes of this guest can be known.
        for file in ["vmlinux", "initrd.cpio"] {
            std::os::unix::fs::symlink(guest.join(file), folder.join(file)).expect("a link");
        }
        // Drivers part start scripts at blanks, which the path of the sources may have.
        let start = |name: &&str| {
            let start = folder.join(format!("run-{name}-vm"));
            std::os::unix::fs::symlink(source.join("run-machine-vm"), &start).expect("a link");
            start.into_string()
        };
        let starts: Vec<_> = names.iter().map(start).collect();
        let call = call(&starts, vlans);
        // As the package of a driver does: what it needs to know is in its environment.
        let text = format!(
            "#!/bin/sh\nexport VMLINUX={} INITRD={} MACHINES={} testScript=\"${{testScript:-{}}}\"\n{call} \"$@\"\n",
            quote(folder.join("vmlinux").as_str()),
            quote(folder.join("initrd.cpio").as_str()),
            quote(
                if vlans.is_empty() {
                    String::new()
                } else {
                    names.join(" ")
                }
                .as_str()
            ),
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
