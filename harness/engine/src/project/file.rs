//! `parity.yaml`: the settings of a project. All are optional.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::duration;
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::location::Located;
use nix_parity_core::nearest::nearest;
use nix_parity_core::redact::Redaction;
use nix_parity_core::schema;
use nix_parity_core::size;
use nix_parity_core::yaml::{self, Key, Kind, Mapping, Node, Reader};
use nix_parity_drv::Noise;
use serde_json::{Value, json};

use crate::nix::{InputOverride, Place};
use crate::noise::NoiseRule;
use crate::project::runners::{self, Runners};

/// The file's name in the project's folder.
pub const SETTINGS_FILE: &str = "parity.yaml";

/// The settings of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectFile {
    /// The flake reference of the flake under test; relative paths are relative to the project.
    pub flake: String,
    /// The folder with the case files, relative to the project.
    pub cases: String,
    /// The profile to use where the command line names none.
    pub profile: Option<String>,
    /// The profiles.
    pub profiles: BTreeMap<String, Profile>,
    /// The hosts under test. Where absent, those that the flake offers.
    pub hosts: Option<Vec<Host>>,
    /// Values that are never shown or kept.
    pub redact: Redaction,
    /// How many workers run at once; by the machine where absent.
    pub jobs: Option<usize>,
    /// How much memory a worker may hold, in bytes.
    pub memory: Option<u64>,
    /// How long one case's queries may take where the case does not say.
    pub timeout: Duration,
    /// How long all cases of one host may take.
    pub host_timeout: Option<Duration>,
    /// How long a run may take.
    pub run_timeout: Option<Duration>,
    /// What comparisons and snapshots of derivations leave out, besides the platforms'
    /// labels.
    pub noise: Arc<[NoiseRule]>,
    /// Where builds are made.
    pub place: Place,
    /// The ledger, relative to the project; that of its usual name, if there is one,
    /// where absent.
    pub ledger: Option<String>,
    /// The folders and files whose options cases should look at, from the flake's
    /// folder; all of it where empty.
    pub coverage: Vec<String>,
    /// How the tests are divided over the machines of a CI system.
    pub runners: Runners,
}

/// A way to evaluate the flake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Inputs that are replaced.
    pub override_inputs: Vec<InputOverride>,
    /// Those of them that are replaced by stubs.
    pub stubs: Vec<String>,
}

impl Default for ProjectFile {
    fn default() -> Self {
        Self {
            flake: ".".to_owned(),
            cases: "cases".to_owned(),
            profile: None,
            profiles: BTreeMap::new(),
            hosts: None,
            redact: Redaction::default(),
            jobs: None,
            memory: None,
            host_timeout: None,
            run_timeout: None,
            place: Place::default(),
            noise: Arc::new([]),
            ledger: None,
            coverage: Vec::new(),
            runners: Runners::default(),
            timeout: Duration::from_secs(600),
        }
    }
}

const ROOT: &[Key] = &[
    Key {
        name: "flake",
        doc: "The flake under test; `.` where absent. Relative paths are relative to this file.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "cases",
        doc: "The folder with the case files; `cases` where absent.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "profile",
        doc: "The profile to use where the command line names none.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "profiles",
        doc: "Ways to evaluate the flake, by name.",
        schema: || json!({"type": "object", "additionalProperties": schema::object(PROFILE, &[])}),
    },
    Key {
        name: "hosts",
        doc: "The hosts under test by platform: a list of names, or a mapping of names to doubles such as `x86_64-linux`. Where absent, Nix is asked which hosts the flake offers.",
        schema: || schema::object(HOSTS, &[]),
    },
    Key {
        name: "redact",
        doc: "Option paths whose values, and all below, are never shown or kept: names with `*` for any part of one and `**` for any of them, such as `**.password*`.",
        schema: || json!({"anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string", "minLength": 1}}]}),
    },
    Key {
        name: "evaluation",
        doc: "What bounds evaluation.",
        schema: || schema::object(EVALUATION, &[]),
    },
    Key {
        name: "build",
        doc: "Where `build` cases build, as Nix's options of these names say.",
        schema: || schema::object(BUILD, &[]),
    },
    Key {
        name: "noise",
        doc: "What comparisons and snapshots of derivations leave out, besides the labels of a platform's toplevel.",
        schema: || json!({"type": "array", "items": schema::object(NOISE, &["derivation", "env"])}),
    },
    Key {
        name: "ledger",
        doc: "The file that says what was promised; `ledger.yaml` where absent, if there is one.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "coverage",
        doc: "The folders and files of the flake whose options `nix-parity coverage` looks for cases of; all of it where absent.",
        schema: || json!({"anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string", "minLength": 1}}]}),
    },
    Key {
        name: "matrix",
        doc: "The machines of a CI system that `nix-parity matrix` divides the tests over.",
        schema: runners::schema,
    },
];

const BUILD: &[Key] = &[
    Key {
        name: "builders",
        doc: "The machines that build: as `builders` of nix.conf, such as `@/etc/nix/machines`.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "store",
        doc: "The store to build in, such as `ssh-ng://big`.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "eval_store",
        doc: "The store that derivations are copied from; that of this machine where absent.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "jobs",
        doc: "How many builds run at once on this machine: `max-jobs` of nix.conf.",
        schema: || json!({"type": "integer", "minimum": 0}),
    },
];

const NOISE: &[Key] = &[
    Key {
        name: "derivation",
        doc: "A glob of names of derivations, such as `etc-os-release`.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "env",
        doc: "A glob of the variables of their environment whose change says nothing, such as `text`.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
];

const PROFILE: &[Key] = &[
    Key {
        name: "override_inputs",
        doc: "Flake inputs and the flake references that replace them, as `--override-input` does.",
        schema: || json!({"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}),
    },
    Key {
        name: "stubs",
        doc: "Those of these inputs that stand in for what cannot be fetched: a case that needs what such a stub does not have is skipped.",
        schema: || json!({"anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string", "minLength": 1}}]}),
    },
];

const HOSTS: &[Key] = &[
    Key {
        name: "darwin",
        doc: "Hosts of `darwinConfigurations`.",
        schema: host_names,
    },
    Key {
        name: "nixos",
        doc: "Hosts of `nixosConfigurations`.",
        schema: host_names,
    },
    Key {
        name: "home",
        doc: "Hosts of `homeConfigurations`.",
        schema: host_names,
    },
];

const EVALUATION: &[Key] = &[
    Key {
        name: "jobs",
        doc: "How many hosts are evaluated at once; `auto` goes by the machine.",
        schema: || json!({"anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 1}]}),
    },
    Key {
        name: "timeout",
        doc: "How long one case's queries may take where the case does not say, such as `10m`.",
        schema: time,
    },
    Key {
        name: "host_timeout",
        doc: "How long all cases of one host may take together, loading the flake included; no limit where absent.",
        schema: time,
    },
    Key {
        name: "run_timeout",
        doc: "How long a run may take, loading the flake included; no limit where absent.",
        schema: time,
    },
    Key {
        name: "memory",
        doc: "How much memory the Nix process of one host may hold, such as `6GiB`; no limit where absent. A process that holds more is ended, and what it was asked is asked once more in a fresh one.",
        schema: || json!({"type": "string", "pattern": "^[0-9]+ *([KMGT]iB|[kMGT]B)$"}),
    },
];

fn time() -> Value {
    json!({"type": "string", "pattern": "^[0-9]+ *(ms|s|m|min|h)$"})
}

fn host_names() -> Value {
    json!({"anyOf": [
        {"type": "array", "items": {"type": "string", "minLength": 1}},
        {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}
    ]})
}

/// The JSON Schema of `parity.yaml`.
pub fn project_schema() -> Value {
    let mut schema = schema::object(ROOT, &[]);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("nix-parity project file");
    schema
}

impl ProjectFile {
    /// Reads the file in a folder; the defaults where there is none.
    pub(super) fn load(root: &Path) -> Result<Self, Vec<Diagnostic>> {
        let path = root.join(SETTINGS_FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(vec![super::unreadable(&path, &error)]),
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

#[cfg(test)]
mod tests {
    use super::ProjectFile;
    use nix_parity_core::host::Platform;

    #[test]
    fn a_full_file_and_an_empty_one() {
        let file = ProjectFile::parse(
            "flake: ./nix\nprofile: offline\nprofiles:\n  offline: { override_inputs: { nixpkgs: 'path:./n' } }\n  upstream: {}\nhosts: { darwin: { mac: aarch64-darwin }, nixos: [pc] }\nevaluation: { jobs: 3, timeout: 2m, host_timeout: 1h, memory: 6GiB }\nbuild: { builders: '@/etc/nix/machines', store: ssh-ng://big, jobs: 0 }\n",
        )
        .unwrap();
        assert_eq!(file.profiles["offline"].override_inputs[0].input, "nixpkgs");
        let hosts = file.hosts.unwrap();
        assert_eq!(hosts[0].system.as_deref(), Some("aarch64-darwin"));
        assert_eq!(
            (hosts[1].platform, hosts[1].name.as_str()),
            (Platform::Nixos, "pc")
        );
        assert_eq!((file.jobs, file.timeout.as_secs()), (Some(3), 120));
        assert_eq!(file.memory, Some(6 << 30));
        assert_eq!(file.host_timeout.map(|t| t.as_secs()), Some(3600));
        assert_eq!(file.place.builders.as_deref(), Some("@/etc/nix/machines"));
        assert_eq!(file.place.store.as_deref(), Some("ssh-ng://big"));
        assert_eq!((file.place.eval_store, file.place.jobs), (None, Some(0)));
        assert_eq!(ProjectFile::parse("").unwrap(), ProjectFile::default());
    }

    #[test]
    fn mistakes_are_placed() {
        for (text, message) in [
            ("profil: x", "unknown key `profil` in the project file"),
            ("profile: x", "unknown profile `x`"),
            ("hosts: {}", "`hosts` names none"),
            (
                "evaluation: { jobs: 0 }",
                "`jobs` is a number from 1, or `auto`",
            ),
            (
                "profiles: { ci: { stubs: [a] } }",
                "`override_inputs` does not replace `a`",
            ),
            ("build: { jobs: some }", "`jobs` is a number from 0"),
            ("build: { stroe: x }", "unknown key `stroe` in `build`"),
            ("flake: [", "unclosed bracket '['"),
            (
                "noise: [{ derivation: x }]",
                "a rule of `noise` needs `env`",
            ),
            (
                "noise: [{ derivation: '[', env: text }]",
                "`[` is not a glob",
            ),
        ] {
            let error = ProjectFile::parse(text).unwrap_err().remove(0);
            assert!(error.message.starts_with(message), "{text}: {error:?}");
            assert!(error.location.is_some());
        }
    }
}
