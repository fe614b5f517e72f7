//! The text of a new `parity.yaml`.

use std::collections::BTreeMap;
use std::path::Path;

use nix_parity_core::host::Platform;
use nix_parity_core::yaml::Yaml;

use super::draft::comment;
use super::found::FoundHost;
use super::secrets;
use super::stubs::Stub;
use crate::nix::InputOverride;
use crate::project::{Profile, Project, SETTINGS_FILE};

/// The profile that evaluates with stubs.
pub(super) const CI: &str = "ci";

/// The text of the project file for these hosts. `stubs` are folders of stubs by the
/// inputs that they replace.
pub(super) fn text(hosts: &[FoundHost], stubs: &BTreeMap<String, String>) -> String {
    let mut out = comment(
        "The settings of nix-parity. All of them are optional: `nix-parity schema project` says which there are.",
        0,
    );
    out.push_str(&Yaml::from(".").member("flake", 0));
    if !stubs.is_empty() {
        out.push_str(&comment(
            "Profile `ci` replaces inputs that need credentials by stubs, so that everything else is evaluated anywhere. `--profile full` takes all inputs as they are.",
            0,
        ));
        out.push_str(&Yaml::from(CI).member("profile", 0));
        let profiles = [(CI, replaced(stubs)), ("full", Yaml::Map(Vec::new()))];
        out.push_str(&Yaml::map(profiles).member("profiles", 0));
    }
    out.push_str(&comment(
        "Named here, so that listing the tests starts no Nix. A host of the flake that is not here is not tested.",
        0,
    ));
    out.push_str(&named(hosts).member("hosts", 0));
    out.push_str(&comment(
        "Values at these paths never reach a report, a snapshot or the cache.",
        0,
    ));
    out.push_str(&Yaml::texts(secrets::RULES).member("redact", 0));
    out
}

/// Hosts by platform, with their doubles where those are known of all.
pub(super) fn named(hosts: &[FoundHost]) -> Yaml {
    let mut platforms = Vec::new();
    for platform in Platform::ALL {
        let own = hosts.iter().filter(|found| found.host.platform == platform);
        let own: Vec<_> = own.map(|found| &found.host).collect();
        if own.is_empty() {
            continue;
        }
        let with_systems: Option<Vec<_>> = own
            .iter()
            .map(|host| Some((host.name.clone(), Yaml::from(host.system.as_deref()?))))
            .collect();
        let names = || Yaml::texts(own.iter().map(|host| host.name.clone()));
        platforms.push((platform.name(), with_systems.map_or_else(names, Yaml::Map)));
    }
    Yaml::map(platforms)
}

/// Has a project without a file of its own hide what the one that is written will.
pub fn hide_secrets(project: &mut Project) {
    if !project.root.join(SETTINGS_FILE).exists() {
        project.file.redact = secrets::rules();
    }
}

/// Has a project evaluate with stubs, which lie below a folder for now.
pub fn use_stubs(project: &mut Project, stubs: &[Stub], folder: &Path) {
    if stubs.is_empty() {
        return;
    }
    let profile = project.file.profile.take();
    let profile = profile.unwrap_or_else(|| CI.to_owned());
    let settings = project.file.profiles.entry(profile.clone());
    let settings: &mut Profile = settings.or_default();
    for stub in stubs {
        settings.override_inputs.retain(|o| o.input != stub.input);
        settings.override_inputs.push(InputOverride {
            input: stub.input.clone(),
            reference: format!("path:{}", folder.join(&stub.folder).display()),
        });
        if !settings.stubs.contains(&stub.input) {
            settings.stubs.push(stub.input.clone());
        }
    }
    project.file.profile = Some(profile);
}

/// What a project file that is there lacks for these stubs.
pub(super) fn profile(project: &Project, stubs: &BTreeMap<String, String>) -> String {
    if stubs.is_empty() {
        return String::new();
    }
    let name = project.file.profile.as_deref().unwrap_or(CI);
    Yaml::map([(name, replaced(stubs))]).member("profiles", 0)
}

fn replaced(stubs: &BTreeMap<String, String>) -> Yaml {
    let replaced = stubs.iter().map(|(input, folder)| {
        let reference = format!("path:./{folder}");
        (input.clone(), Yaml::from(reference))
    });
    Yaml::map([
        ("override_inputs", Yaml::map(replaced)),
        ("stubs", Yaml::texts(stubs.keys().cloned())),
    ])
}
