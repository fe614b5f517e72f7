//! How machines are reached from outside: the ssh daemon and the firewall.

use super::{Expected, Ground, SYSTEMS};
use crate::init::draft::Suite;

pub(super) fn suite(ground: &Ground<'_>) -> Suite {
    let mut ssh = Expected::default();
    let daemon = [
        "services.openssh.enable",
        "services.openssh.ports",
        "services.openssh.openFirewall",
    ];
    ssh.add_set(ground, &SYSTEMS, &daemon);
    ssh.add_own_below(ground, "services.openssh.settings");
    let ssh = ssh.draft(
        "who may log in over SSH, and how",
        "What the configuration sets of sshd, as it is now. What it does not set is the default of its platform and not looked at.",
    );
    let mut firewall = Expected::default();
    firewall.add_own_below(ground, "networking.firewall");
    firewall.add_own_below(ground, "networking.applicationFirewall");
    let firewall = firewall.draft(
        "the firewall is as open as it was",
        "A service that opens a port of its own accord shows here.",
    );
    Suite {
        name: "access",
        about: "How machines are reached from outside.",
        cases: [ssh, firewall].into_iter().flatten().collect(),
    }
}
