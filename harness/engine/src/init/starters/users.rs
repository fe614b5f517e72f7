//! Who has an account, where their homes are, and who may become root.

use nix_parity_core::host::Platform;
use nix_parity_core::value::Value;
use nix_parity_core::yaml::Yaml;

use super::{Expected, Ground, SYSTEMS, equal_set, plain, segments};
use crate::init::draft::{Draft, Suite};
use crate::init::found::Person;

pub(super) fn suite(ground: &Ground<'_>) -> Suite {
    Suite {
        name: "users",
        about: "Who has an account, and what they may.",
        cases: [people(ground), root(ground)]
            .into_iter()
            .flatten()
            .collect(),
    }
}

fn people(ground: &Ground<'_>) -> Option<Draft> {
    let mut expected = Expected::default();
    for (n, found, facts) in ground.facts() {
        for person in &facts.people {
            let is_person = match found.host.platform {
                Platform::Nixos => person.settings.get("isNormalUser") == Some(&Value::Bool(true)),
                _ => person.own,
            };
            if is_person {
                add_person(&mut expected, ground, n, person);
            }
        }
    }
    let homes = ["home.username", "home.homeDirectory"];
    expected.add_set(ground, &[Platform::Home], &homes);
    expected.draft(
        "people have their homes and their shells",
        "A home that moves leaves its files behind, a login shell that is not there locks out, and a key that is added lets in.",
    )
}

fn add_person(expected: &mut Expected, ground: &Ground<'_>, host: usize, person: &Person) {
    for (below, value) in &person.settings {
        let mut path = segments("users.users");
        path.push(person.name.clone());
        path.extend(segments(below));
        let is_empty = matches!(value, Value::List(items) if items.is_empty());
        if is_empty || !ground.is_open(host, &path, value) {
            continue;
        }
        // A shell is a package: another version of it is the same shell.
        let value = match value {
            Value::Package(shell) => {
                let pname = Yaml::map([("pname", Yaml::from(shell.pname.as_str()))]);
                Some(Yaml::map([("includes", pname)]))
            }
            value => equal_set(value),
        };
        expected.add(host, path, value);
    }
}

fn root(ground: &Ground<'_>) -> Option<Draft> {
    let mut expected = Expected::default();
    let members = segments("users.groups.wheel.members");
    for (n, _, facts) in ground.facts() {
        if let Some(value @ Value::List(_)) = facts.at(&members)
            && ground.is_open(n, &members, value)
        {
            let set = plain(value).map(|list| Yaml::map([("set_equals", list)]));
            expected.add(n, members.clone(), set);
        }
    }
    let settings = [
        "security.sudo.wheelNeedsPassword",
        "security.sudo.execWheelOnly",
        "security.pam.services.sudo_local.touchIdAuth",
        "nix.settings.trusted-users",
        "system.primaryUser",
    ];
    expected.add_set(ground, &SYSTEMS, &settings);
    expected.draft(
        "nobody else may become root",
        "One line in any module adds somebody to `wheel`, or lets them do without a password. Whoever Nix trusts can become root too.",
    )
}
