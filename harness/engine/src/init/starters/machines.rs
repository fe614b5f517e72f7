//! What each machine is: its name, its time and language, and what its data are made with.

use nix_parity_core::host::Platform;

use super::{Expected, Ground, SYSTEMS, equal, segments};
use crate::init::draft::Suite;

pub(super) fn suite(ground: &Ground<'_>) -> Suite {
    let mut names = Expected::default();
    names.add_set(
        ground,
        &SYSTEMS,
        &[
            "networking.hostName",
            "networking.computerName",
            "networking.localHostName",
            "networking.domain",
        ],
    );
    let names = names.draft(
        "every machine has its own name",
        "A machine that comes up under another name is another one to its network, its backups and whoever logs in.",
    );
    let mut versions = Expected::default();
    versions.add_set(ground, &SYSTEMS, &["system.stateVersion"]);
    versions.add_set(ground, &[Platform::Home], &["home.stateVersion"]);
    for (n, _, facts) in ground.facts() {
        for user in &facts.homes {
            let mut path = segments("home-manager.users");
            path.extend([user.clone(), "home".to_owned(), "stateVersion".to_owned()]);
            if let Some(value) = facts.at(&path)
                && ground.is_open(n, &path, value)
            {
                versions.add(n, path, equal(value));
            }
        }
    }
    let versions = versions.draft(
        "state versions stay as they are",
        "A state version says how the data on a disk were laid out. An update does not raise it; who does so by mistake may not find the data again.",
    );
    let mut places = Expected::default();
    places.add_set(
        ground,
        &SYSTEMS,
        &["time.timeZone", "i18n.defaultLocale", "console.keyMap"],
    );
    let places = places.draft(
        "time zone, language and keyboard",
        "Set in one place and easily overridden in another: noticed only after the switch.",
    );
    Suite {
        name: "machines",
        about: "What each machine is.",
        cases: [names, versions, places].into_iter().flatten().collect(),
    }
}
