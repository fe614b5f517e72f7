//! What a project has besides its cases: a workflow, what git ignores, and the crate that
//! makes the cases tests of cargo.

use nix_parity_core::yaml::text;

use super::found::FoundHost;
use super::write::NewFile;
use crate::project::Project;

/// Where the workflow is written.
const WORKFLOW: &str = ".github/workflows/nix-parity.yml";

/// What stands for the place that nix-parity comes from, where nobody said it.
pub const UNKNOWN_SOURCE: &str = "github:OWNER/nix-parity";

/// What the files depend on.
pub(super) struct Extras<'a> {
    pub(super) hosts: &'a [FoundHost],
    pub(super) wanted: &'a Wanted,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Where nix-parity comes from: a flake reference, for what builds it.
    pub source: Option<String>,
    /// Whether the cases are to be tests of cargo too.
    pub suite: bool,
}

pub(super) fn files(extras: &Extras<'_>) -> Vec<NewFile> {
    let mut files = vec![workflow(extras)];
    if extras.wanted.suite {
        files.extend(suite(extras.wanted));
    }
    files
}

/// The lines that git should ignore and does not, as its files at the top say.
pub(super) fn ignored(project: &Project) -> Option<String> {
    let there = std::fs::read_to_string(project.root.join(".gitignore")).unwrap_or_default();
    let has = |line: &str| {
        let bare = |text: &str| text.trim().trim_matches('/').to_owned();
        there.lines().any(|other| bare(other) == bare(line))
    };
    let lines = ["*.snap.new", "/.nix-parity/"];
    let mut lines: Vec<_> = lines.into_iter().filter(|line| !has(line)).collect();
    lines.push("");
    let lines = lines.join("\n");
    (!lines.is_empty()).then(|| {
        format!(
            "# Snapshots that wait for `nix-parity review`, and what runs leave behind.\n{lines}"
        )
    })
}

fn workflow(extras: &Extras<'_>) -> NewFile {
    let source = extras.wanted.source.as_deref().unwrap_or(UNKNOWN_SOURCE);
    let hosts = count(extras.hosts.len(), "host");
    let jobs = match source.strip_prefix("github:") {
        Some(name) => reused(name),
        None => plain(source),
    };
    let text = format!(
        "\
# Evaluates {hosts} and runs the cases, on every push and pull request. Macs are evaluated
# on Linux too: only what is built or booted needs a machine of its kind.
name: nix-parity
on:
  push:
    branches: [main, master]
  pull_request:
permissions:
  contents: read
jobs:
{jobs}"
    );
    NewFile {
        path: WORKFLOW.to_owned(),
        what: "runs the cases on every push and pull request".to_owned(),
        text,
    }
}

/// The jobs that nix-parity's own workflow has: it divides the tests over runners.
fn reused(name: &str) -> String {
    let mut parts = name.splitn(3, '/');
    let (owner, repository) = (parts.next().unwrap_or_default(), parts.next());
    let revision = parts.next().unwrap_or("main");
    let repository = repository.unwrap_or("nix-parity");
    let uses = format!("{owner}/{repository}/.github/workflows/parity.yml@{revision}");
    format!("  parity:\n    uses: {}\n", text(&uses))
}

/// One job, where only Nix knows how to get nix-parity.
fn plain(source: &str) -> String {
    let run = text(&format!("nix run {} -- run", shell(source)));
    format!(
        "\
  cases:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: cachix/install-nix-action@v31
      - run: {run}
"
    )
}

/// `1 host`, `2 hosts`.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// A word for a shell.
fn shell(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+=%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

fn suite(wanted: &Wanted) -> Vec<NewFile> {
    let source = wanted
        .source
        .as_deref()
        .unwrap_or("https://OWNER/nix-parity");
    let dependency = match source.strip_prefix("path:") {
        Some(path) => format!("{{ path = {} }}", toml(&format!("{path}/harness/suite"))),
        None => format!("{{ git = {} }}", toml(&git_url(source))),
    };
    let cargo = format!(
        "\
# The cases of this flake as tests of `cargo nextest run` and `cargo test`.
[package]
name = \"parity\"
version = \"0.1.0\"
edition = \"2024\"
publish = false

[[test]]
name = \"cases\"
path = \"cases.rs\"
harness = false

[dev-dependencies]
nix-parity-suite = {dependency}

# A workspace of its own, whatever is around it.
[workspace]
"
    );
    let file = |path: &str, what: &str, text: String| NewFile {
        path: format!("parity/{path}"),
        what: what.to_owned(),
        text,
    };
    vec![
        file("Cargo.toml", "the cases as a crate", cargo),
        file("cases.rs", "the entry of its tests", CASES.to_owned()),
        file(
            ".config/nextest.toml",
            "how nextest runs them: limits, and a profile for CI",
            NEXTEST.to_owned(),
        ),
    ]
}

/// The URL of a flake reference, as cargo has it.
fn git_url(source: &str) -> String {
    let source = source.strip_prefix("git+").unwrap_or(source);
    for (forge, host) in [
        ("github:", "https://github.com/"),
        ("gitlab:", "https://gitlab.com/"),
    ] {
        if let Some(rest) = source.strip_prefix(forge) {
            let name: Vec<_> = rest.split('/').take(2).collect();
            return format!("{host}{}", name.join("/"));
        }
    }
    source.to_owned()
}

/// A string of TOML, whose escapes are those of JSON.
fn toml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

const CASES: &str = "\
//! The entry that `cargo nextest run` and `cargo test` start.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    // The flake that this folder is part of, unless NIX_PARITY_DIR names another project.
    nix_parity_suite::main(&Path::new(env!(\"CARGO_MANIFEST_DIR\")).join(\"..\"))
}
";

const NEXTEST: &str = "\
# A case is its host's whole evaluation where it comes first, and otherwise waits for the
# process that is at it. nix-parity has limits of its own (`timeout` of parity.yaml and of
# the case) and says more about one that is passed: ours comes first.
[profile.default]
slow-timeout = { period = \"2m\", terminate-after = 6, grace-period = \"20s\" }
failure-output = \"immediate-final\"
# Evaluation is deterministic: a test that passes the second time has found a fault.
retries = 0

[profile.ci]
fail-fast = false
failure-output = \"immediate\"

[profile.ci.junit]
path = \"junit.xml\"
";
