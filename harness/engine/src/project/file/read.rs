//! Reading `parity.yaml` from its tree.

use std::io;
use std::path::Path;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::duration;
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::location::Located;
use nix_parity_core::nearest::nearest;
use nix_parity_core::size;
use nix_parity_core::yaml::{self, Kind, Mapping, Node, Reader};
use nix_parity_drv::Noise;

use super::super::{runners, unreadable};
use super::keys::{BUILD, EVALUATION, HOSTS, NOISE, PROFILE, ROOT};
use super::settings::{Profile, ProjectFile, SETTINGS_FILE};
use crate::nix::{InputOverride, Place};
use crate::noise::NoiseRule;

impl ProjectFile {
    /// Reads the file in a folder; the defaults where there is none.
    pub(in super::super) fn load(root: &Path) -> Result<Self, Vec<Diagnostic>> {
        let path = root.join(SETTINGS_FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(vec![unreadable(&path, &error)]),
        }
    }

    /// Reads the text of a project file.
    pub(crate) fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        yaml::document(SETTINGS_FILE, text, read)
    }
}

fn read(reader: &Reader<'_>, node: &Node) -> Option<ProjectFile> {
    let mut file = ProjectFile::default();
    if matches!(node.kind, Kind::Null) {
        return Some(file);
    }
    let mapping = reader.mapping(node, "the project file", ROOT)?;
    let text = |mapping: Mapping<'_>, key: &str| {
        mapping
            .get(key)
            .and_then(|n| reader.string(n, &format!("`{key}`")))
            .map(|text| text.value)
    };
    file.flake = text(mapping, "flake").unwrap_or(file.flake);
    file.cases = text(mapping, "cases").unwrap_or(file.cases);
    file.ledger = text(mapping, "ledger");
    if let Some(node) = mapping.get("coverage") {
        let roots = reader.strings(node, "`coverage`").into_iter();
        file.coverage = roots.map(|root| root.value).collect();
    }
    if let Some(node) = mapping.get("profiles") {
        for entry in reader.free_mapping(node, "`profiles`")?.entries() {
            let profile = read_profile(reader, entry.value)?;
            file.profiles.insert(entry.name.to_owned(), profile);
        }
    }
    if let Some(node) = mapping.get("profile") {
        let name = reader.string(node, "`profile`")?.value;
        if !file.profiles.contains_key(&name) {
            let mut diagnostic = reader.error(node, format!("unknown profile `{name}`"));
            if let Some(near) = nearest(&name, file.profiles.keys().map(String::as_str)) {
                diagnostic = diagnostic.label(format!("did you mean `{near}`?"));
            }
            let known: Vec<_> = file.profiles.keys().cloned().collect();
            reader.report(diagnostic.note(format!("`profiles` has {}", known.join(", "))));
        }
        file.profile = Some(name);
    }
    file.hosts = mapping
        .get("hosts")
        .and_then(|node| read_hosts(reader, node));
    if let Some(node) = mapping.get("redact") {
        for pattern in reader.strings(node, "`redact`") {
            if let Err(message) = file.redact.hide(&pattern.value) {
                reader.report(reader.error_at(pattern.location, message));
            }
        }
    }
    if let Some(node) = mapping.get("evaluation") {
        let evaluation = reader.mapping(node, "`evaluation`", EVALUATION)?;
        if let Some(node) = evaluation.get("jobs") {
            match &node.kind {
                Kind::Int(n) if *n > 0 => file.jobs = usize::try_from(*n).ok(),
                Kind::String(word) if word == "auto" => {}
                _ => reader.report(reader.error(node, "`jobs` is a number from 1, or `auto`")),
            }
        }
        let time = |key| {
            let node = evaluation.get(key)?;
            let text = reader.string(node, &format!("`{key}`"))?;
            read_with(reader, &text, duration::parse)
        };
        file.timeout = time("timeout").unwrap_or(file.timeout);
        file.host_timeout = time("host_timeout");
        file.run_timeout = time("run_timeout");
        if let Some(text) = evaluation
            .get("memory")
            .and_then(|n| reader.string(n, "`memory`"))
        {
            file.memory = read_with(reader, &text, size::parse);
        }
    }
    if let Some(node) = mapping.get("build") {
        file.place = read_place(reader, node)?;
    }
    if let Some(node) = mapping.get("matrix") {
        file.runners = runners::read(reader, node)?;
    }
    let noise = mapping
        .get("noise")
        .and_then(|node| reader.sequence(node, "`noise`"))
        .unwrap_or_default();
    let noise = noise.iter().filter_map(|node| read_noise(reader, node));
    file.noise = noise.collect();
    Some(file)
}

fn read_with<T>(
    reader: &Reader<'_>,
    text: &Located<String>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Option<T> {
    parse(&text.value)
        .map_err(|message| reader.report(reader.error_at(text.location.clone(), message)))
        .ok()
}

fn read_profile(reader: &Reader<'_>, node: &Node) -> Option<Profile> {
    let mapping = reader.mapping(node, "a profile", PROFILE)?;
    let mut profile = Profile::default();
    if let Some(node) = mapping.get("override_inputs") {
        for entry in reader.free_mapping(node, "`override_inputs`")?.entries() {
            let location = reader.location(entry.key);
            profile
                .override_locations
                .insert(entry.name.to_owned(), location);
            profile.override_inputs.push(InputOverride {
                input: entry.name.to_owned(),
                reference: reader.string(entry.value, "a flake reference")?.value,
            });
        }
    }
    if let Some(node) = mapping.get("stubs") {
        for stub in reader.strings(node, "`stubs`") {
            let mut replaced = profile.override_inputs.iter();
            if replaced.all(|replaced| replaced.input != stub.value) {
                let message = format!("`override_inputs` does not replace `{}`", stub.value);
                let error = reader.error_at(stub.location, message);
                reader.report(error.note("a stub is what an input is replaced by"));
                continue;
            }
            profile.stubs.push(stub.value);
        }
    }
    Some(profile)
}

fn read_place(reader: &Reader<'_>, node: &Node) -> Option<Place> {
    let mapping = reader.mapping(node, "`build`", BUILD)?;
    let text = |key: &str| {
        let node = mapping.get(key)?;
        Some(reader.string(node, &format!("`{key}`"))?.value)
    };
    let jobs = mapping.get("jobs").and_then(|node| {
        let jobs = match node.kind {
            Kind::Int(n) => u32::try_from(n).ok(),
            _ => None,
        };
        if jobs.is_none() {
            reader.report(reader.error(node, "`jobs` is a number from 0"));
        }
        jobs
    });
    Some(Place {
        builders: text("builders"),
        store: text("store"),
        eval_store: text("eval_store"),
        jobs,
    })
}

fn read_noise(reader: &Reader<'_>, node: &Node) -> Option<NoiseRule> {
    let rule = reader.mapping(node, "a rule of `noise`", NOISE)?;
    let mut globs = Vec::new();
    for key in ["derivation", "env"] {
        let Some(node) = rule.get(key) else {
            reader.report(reader.error(node, format!("a rule of `noise` needs `{key}`")));
            return None;
        };
        let text = reader.string(node, &format!("`{key}`"))?;
        globs.push(read_with(reader, &text, |glob| {
            let checked = Noise::default().ignore(glob, "*");
            checked.map(|()| glob.to_owned()).map_err(|e| e.to_string())
        })?);
    }
    let [derivation, env] = <[String; 2]>::try_from(globs).ok()?;
    Some(NoiseRule { derivation, env })
}

fn read_hosts(reader: &Reader<'_>, node: &Node) -> Option<Vec<Host>> {
    let mapping = reader.mapping(node, "`hosts`", HOSTS)?;
    let mut hosts = Vec::new();
    for entry in mapping.entries() {
        let Ok(platform) = entry.name.parse::<Platform>() else {
            continue;
        };
        if let Kind::Mapping(_) = entry.value.kind {
            for host in reader.free_mapping(entry.value, "hosts")?.entries() {
                hosts.push(Host {
                    system: Some(reader.string(host.value, "a host's double")?.value),
                    ..Host::new(platform, host.name)
                });
            }
        } else {
            for name in reader.sequence(entry.value, "hosts of a platform")? {
                hosts.push(Host::new(
                    platform,
                    reader.name(name, "a host's name")?.value,
                ));
            }
        }
    }
    if hosts.is_empty() {
        reader.report(
            reader
                .error(node, "`hosts` names none")
                .note("leave it out to ask Nix for the flake's hosts"),
        );
    }
    Some(hosts)
}
