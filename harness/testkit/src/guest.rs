//! A guest that boots without NixOS: see `ci/guest`, which makes it.

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use crate::need::{Need, guest};
use crate::process::{quote, real_driver, write_executable};

/// A guest, and a driver for it: a stand-in, unless a real one is named.
#[derive(Debug)]
pub struct Guest {
    folder: Utf8PathBuf,
    // Removes the folder at the end.
    _temporary: TempDir,
}

impl Guest {
    /// A guest with the stand-in for a driver.
    #[track_caller]
    #[expect(clippy::new_without_default, reason = "it starts programs")]
    pub fn new() -> Self {
        Self::of(&["machine"])
    }

    /// The same for several machines, which are on one network.
    #[track_caller]
    pub fn of(names: &[&str]) -> Self {
        let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("guest");
        let driver = source.join("stand-in-driver");
        Self::with_driver(names, |starts, vlans| {
            let (starts, driver) = (quote(&starts.join(" ")), quote(driver.as_str()));
            format!("startScripts={starts} vlans={vlans} exec {driver}")
        })
    }

    /// The same guest with a real driver, which `NIX_PARITY_TEST_DRIVER` names.
    #[track_caller]
    pub fn with_real_driver(names: &[&str]) -> Self {
        Need::RealDriver.require();
        let driver = real_driver().expect("it was just there");
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
    #[track_caller]
    fn with_driver(names: &[&str], call: impl Fn(&[String], &str) -> String) -> Self {
        Need::Guest.require();
        if names.len() > 1 {
            Need::Network.require();
        }
        let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("guest");
        let vlans = if names.len() > 1 { "1" } else { "" };
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let folder = Utf8PathBuf::from_path_buf(temporary.path().to_owned()).expect("UTF-8");
        std::fs::create_dir(folder.join("out")).expect("a folder can be made");
        // Links of its own, by which the processes of this guest can be known.
        for file in ["vmlinux", "initrd.cpio"] {
            std::os::unix::fs::symlink(guest(file), folder.join(file)).expect("a link");
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
        Self {
            folder,
            _temporary: temporary,
        }
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
