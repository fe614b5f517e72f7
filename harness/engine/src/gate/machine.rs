//! Which host of a flake this machine is: by its platform, its name and its user, as
//! `darwin-rebuild`, `nixos-rebuild` and `home-manager` choose.

use std::fs;
use std::path::Path;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::host::{Host, Platform};

use crate::environment;
use crate::nix::Program;
use crate::plan::labels;

/// A machine, as far as hosts are named after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// What configures it as a whole; `home` where nothing does.
    pub platform: Platform,
    /// What it is called.
    pub name: String,
    /// Who asks.
    pub user: Option<String>,
}

impl Machine {
    /// The one that this runs on.
    pub fn this() -> Self {
        let platform = if cfg!(target_os = "macos") {
            Platform::Darwin
        } else if is_nixos(Path::new("/")) {
            Platform::Nixos
        } else {
            Platform::Home
        };
        let of_kernel = || {
            let name = rustix::system::uname();
            name.nodename().to_string_lossy().into_owned()
        };
        let name = (platform == Platform::Darwin).then(local_host_name);
        Self {
            platform,
            name: name.flatten().unwrap_or_else(of_kernel),
            user: environment::user(),
        }
    }

    /// The host that it is, of those of a flake.
    pub fn host<'h>(&self, hosts: &'h [Host]) -> Option<&'h Host> {
        self.names(hosts).into_iter().find_map(|(platform, name)| {
            let is = |host: &&Host| host.platform == platform && host.name == name;
            hosts.iter().find(is)
        })
    }

    /// Whether a host can be this machine: it is the one that is named after it, or
    /// none is, and this machine could be of its kind.
    pub fn is(&self, host: &Host, hosts: &[Host]) -> bool {
        match self.host(hosts) {
            Some(own) => own == host,
            None => host.platform == self.platform,
        }
    }

    /// What the host of this machine can be called, what says most first.
    fn names(&self, hosts: &[Host]) -> Vec<(Platform, String)> {
        let short = self.name.split('.').next().unwrap_or_default();
        let mut names = Vec::new();
        let has = |platform| hosts.iter().any(|host| host.platform == platform);
        if self.platform != Platform::Home {
            names.extend([&self.name, short].map(|name| (self.platform, name.to_owned())));
        }
        // A machine that something else configures can have a home that is one of these.
        if self.platform == Platform::Home || !has(self.platform) {
            let homes = self.user.iter().flat_map(|user| {
                [
                    format!("{user}@{}", self.name),
                    format!("{user}@{short}"),
                    user.clone(),
                ]
            });
            names.extend(homes.map(|name| (Platform::Home, name)));
        }
        names
    }

    /// That no host of a flake is this machine.
    pub fn unknown(&self, hosts: &[Host]) -> Diagnostic {
        let mut names: Vec<_> = self
            .names(hosts)
            .into_iter()
            .map(|(platform, name)| format!("{platform}:{name}"))
            .collect();
        names.dedup();
        let message = format!("no host of the flake is this machine, `{}`", self.name);
        let diagnostic = Diagnostic::new(message);
        let diagnostic = match names.as_slice() {
            [] => diagnostic
                .note("the host of a home is found by the user's name, and USER is not set"),
            names => diagnostic.note(format!("it would be {}", names.join(" or "))),
        };
        diagnostic.note(format!(
            "the flake has {}; choose one with --host",
            labels(hosts).join(", ")
        ))
    }
}

fn is_nixos(root: &Path) -> bool {
    let says = |text: String| {
        text.lines()
            .any(|line| matches!(line.trim(), "ID=nixos" | "ID=\"nixos\""))
    };
    root.join("etc/NIXOS").exists()
        || fs::read_to_string(root.join("etc/os-release")).is_ok_and(says)
}

/// What macOS calls the machine on its network, which `darwin-rebuild` goes by.
fn local_host_name() -> Option<String> {
    let program = Program::new("/usr/sbin/scutil").args(["--get", "LocalHostName"]);
    let output = program.output().ok()?;
    let name = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use nix_parity_core::host::{Host, Platform};

    use super::{Machine, is_nixos};

    fn machine(platform: Platform, name: &str, user: Option<&str>) -> Machine {
        Machine {
            platform,
            name: name.to_owned(),
            user: user.map(str::to_owned),
        }
    }

    fn hosts() -> Vec<Host> {
        [
            (Platform::Darwin, "air"),
            (Platform::Nixos, "pc"),
            (Platform::Nixos, "air"),
            (Platform::Home, "lars@pc"),
            (Platform::Home, "lars"),
        ]
        .map(|(platform, name)| Host::new(platform, name))
        .into()
    }

    #[test]
    fn a_machine_is_the_host_that_is_named_after_it() {
        let hosts = hosts();
        for (machine, expected) in [
            (machine(Platform::Darwin, "air", None), Some("darwin:air")),
            (machine(Platform::Nixos, "air", None), Some("nixos:air")),
            (
                machine(Platform::Nixos, "pc.example.org", None),
                Some("nixos:pc"),
            ),
            (machine(Platform::Nixos, "other", Some("lars")), None),
            (
                machine(Platform::Home, "pc.lan", Some("lars")),
                Some("home:lars@pc"),
            ),
            (
                machine(Platform::Home, "tower", Some("lars")),
                Some("home:lars"),
            ),
            (machine(Platform::Home, "pc", None), None),
        ] {
            let found = machine.host(&hosts).map(Host::key);
            assert_eq!(found.as_deref(), expected, "{machine:?}");
        }
        let homes = &hosts[3..];
        let mac = machine(Platform::Darwin, "air", Some("lars"));
        assert_eq!(mac.host(homes).unwrap().key(), "home:lars");
    }

    #[test]
    fn a_host_that_is_called_otherwise_can_be_this_machine_where_no_other_is() {
        let hosts = hosts();
        let pc = &hosts[1];
        assert!(machine(Platform::Nixos, "tower", None).is(pc, &hosts));
        assert!(!machine(Platform::Nixos, "air", None).is(pc, &hosts));
        assert!(!machine(Platform::Home, "pc", None).is(pc, &hosts));
    }

    #[test]
    fn nixos_is_told_by_its_files() {
        let root = tempfile::tempdir().unwrap();
        let etc = root.path().join("etc");
        std::fs::create_dir(&etc).unwrap();
        assert!(!is_nixos(root.path()));
        std::fs::write(etc.join("os-release"), "NAME=x\nID=nixos\n").unwrap();
        assert!(is_nixos(root.path()));
        std::fs::write(etc.join("os-release"), "ID_LIKE=nixos\n").unwrap();
        assert!(!is_nixos(root.path()));
        std::fs::write(etc.join("NIXOS"), "").unwrap();
        assert!(is_nixos(root.path()));
    }
}
