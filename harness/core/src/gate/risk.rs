//! How much a switch can break, by what it does.
//!
//! | what it does | to | level |
//! |---|---|---|
//! | start, reload, change without restarting | anything | low |
//! | install, untap, leave installed | Homebrew | low |
//! | restart | a unit or agent of a user | low |
//! | restart | a unit or daemon of the system | medium |
//! | stop for good | any unit, daemon or agent | medium |
//! | uninstall | a formula, a cask | medium |
//! | uninstall | what else Homebrew removes: an app, an extension, a package | high |
//! | uninstall with all its data (`zap`) | a cask | high |
//! | restart or stop | a file system, or what one reaches the machine by | high |
//! | anything that is not known | | unknown, above all others |

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Action, Thing};

/// A level of risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Nothing that runs is lost.
    Low,
    /// Something that runs is interrupted, or goes.
    Medium,
    /// Data may be lost, or the machine may be out of reach.
    High,
    /// Nobody can say.
    Unknown,
}

/// What one reaches a machine by, as units and jobs are called, without their suffix.
/// A `*` at the end stands for any rest.
const VITAL: [&str; 22] = [
    "sshd",
    "sshd@*",
    "ssh",
    "dbus",
    "dbus-broker",
    "display-manager",
    "systemd-logind",
    "systemd-networkd",
    "systemd-resolved",
    "NetworkManager",
    "network-*",
    "dhcpcd",
    "wpa_supplicant*",
    "iwd",
    "firewall",
    "nftables",
    "tailscaled",
    "wg-quick-*",
    "wireguard-*",
    "openvpn-*",
    "com.openssh.sshd",
    "com.tailscale.tailscaled",
];

impl Risk {
    /// Every level that a limit can be, in their order.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// How it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Unknown => "unknown",
        }
    }

    /// That of doing something to something of this name.
    pub(super) fn of(action: Action, thing: Thing, name: &str) -> Self {
        let of_user = matches!(thing, Thing::UserUnit | Thing::Agent);
        match action {
            Action::Start
            | Action::Reload
            | Action::Change
            | Action::Install
            | Action::Untap
            | Action::Leave => Self::Low,
            Action::Restart | Action::Stop if !of_user && is_vital(name) => Self::High,
            Action::Restart if of_user => Self::Low,
            // Homebrew may not be able to install these again: an app needs the account
            // that bought it, an extension or a package its publisher.
            Action::Uninstall if !matches!(thing, Thing::Formula | Thing::Cask) => Self::High,
            Action::Restart | Action::Stop | Action::Uninstall => Self::Medium,
            Action::Zap => Self::High,
        }
    }
}

fn is_vital(name: &str) -> bool {
    let (stem, suffix) = name.rsplit_once('.').unwrap_or((name, ""));
    let is = |name: &str, pattern: &str| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    };
    let named = VITAL.iter().any(|v| is(stem, v) || is(name, v));
    suffix == "mount" || named && suffix != "timer" && suffix != "path"
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The text names no level.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown level `{0}`, expected low, medium or high")]
pub struct UnknownRisk(pub String);

impl FromStr for Risk {
    type Err = UnknownRisk;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|risk| risk.name() == text)
            .ok_or_else(|| UnknownRisk(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Risk::{self, High, Low, Medium};
    use crate::gate::{Action, Thing};

    #[test]
    fn the_table_holds() {
        for (action, thing, name, expected) in [
            (Action::Start, Thing::Unit, "sshd.service", Low),
            (Action::Reload, Thing::Unit, "-.mount", Low),
            (Action::Restart, Thing::Unit, "nginx.service", Medium),
            (Action::Restart, Thing::Unit, "sshd.service", High),
            (
                Action::Restart,
                Thing::Unit,
                "network-addresses-eth0.service",
                High,
            ),
            (Action::Stop, Thing::Unit, "firewall.service", High),
            (Action::Restart, Thing::Unit, "data.mount", High),
            (Action::Restart, Thing::Unit, "firewall.timer", Medium),
            (Action::Restart, Thing::UserUnit, "sync.service", Low),
            (Action::Stop, Thing::UserUnit, "sync.service", Medium),
            (Action::Restart, Thing::Daemon, "com.openssh.sshd", High),
            (Action::Restart, Thing::Daemon, "org.nixos.sync", Medium),
            (Action::Restart, Thing::Agent, "org.nixos.sync", Low),
            (Action::Uninstall, Thing::Cask, "alfred", Medium),
            (Action::Zap, Thing::Cask, "alfred", High),
            (Action::Uninstall, Thing::App, "Xcode", High),
            (Action::Uninstall, Thing::NpmPackage, "eslint", High),
            (Action::Leave, Thing::App, "Xcode", Low),
        ] {
            assert_eq!(Risk::of(action, thing, name), expected, "{action:?} {name}");
        }
    }

    #[test]
    fn levels_are_read_as_written() {
        for risk in Risk::ALL {
            assert_eq!(risk.name().parse(), Ok(risk));
        }
        assert!("High".parse::<Risk>().is_err());
        // No limit allows what is not known.
        assert!("unknown".parse::<Risk>().is_err());
        assert!(Low < Medium && Medium < High && High < Risk::Unknown);
    }
}
