//! Which hosts an edit costs an evaluation, on a project of five hosts, in each of
//! the ways in which a flake names the files of its hosts.

use std::fmt::Write as _;

use nix_parity_testkit::{CountingNix, Host, Platform, Project, offline_inputs};

use crate::check::Checker;

const HOSTS: [(Platform, &str); 5] = [
    (Platform::NixOs, "pc"),
    (Platform::NixOs, "server"),
    (Platform::Darwin, "air"),
    (Platform::Darwin, "mini"),
    (Platform::Home, "lars"),
];

const SHARED: &str = r#"{ lib, ... }:
{
  options.own = lib.mkOption { type = lib.types.str; };
  options.shared = lib.mkOption { type = lib.types.str; };
  config.shared = "value1";
}
"#;

const CASES: &str = "
cases:
  - name: values
    expect: { common: { own: value1, shared: value1 } }
";

/// An input that nobody looks at, so that there is something to lock.
const INPUT: &str = "{\n  inputs.unused = { url = \"path:/nowhere\"; flake = false; };";

const LOCK: &str = r#"{
  "nodes": {
    "root": { "inputs": { "unused": "unused" } },
    "unused": {
      "flake": false,
      "locked": {
        "narHash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "path": "/nowhere",
        "type": "path"
      },
      "original": { "path": "/nowhere", "type": "path" }
    }
  },
  "root": "root",
  "version": 7
}
"#;

/// How the flake says where the module of a host is.
#[derive(Clone, Copy)]
enum Layout {
    /// `nixos "pc" ./hosts/pc.nix`
    Files,
    /// `nixos "pc" ./hosts/pc`
    Folders,
    /// `mkHost nixos "pc"`, which makes the path of the name
    Function,
    /// `mapAttrs nixos { pc = ./hosts/pc.nix; }`
    Table,
}

impl Layout {
    fn file(self, host: &str) -> String {
        match self {
            Self::Folders => format!("hosts/{host}/default.nix"),
            Self::Files | Self::Function | Self::Table => format!("hosts/{host}.nix"),
        }
    }

    /// The outputs of the flake, where they are not what the testkit writes.
    fn outputs(self) -> Option<String> {
        let platforms = [
            (Platform::NixOs, "nixos"),
            (Platform::Darwin, "darwin"),
            (Platform::Home, "home"),
        ];
        let mut text = match self {
            Self::Files => return None,
            Self::Function => {
                "    let\n      mkHost = make: name: make name (import (./hosts + \"/${name}.nix\"));\n    in\n"
            }
            Self::Folders | Self::Table => "",
        }
        .to_owned();
        text.push_str("    {\n");
        for (platform, make) in platforms {
            let entries = HOSTS.iter().filter(|(of, _)| *of == platform);
            let entries: String = entries
                .map(|(_, host)| match self {
                    Self::Function => format!(" {host} = mkHost {make} \"{host}\";"),
                    Self::Folders => format!(" {host} = {make} \"{host}\" ./hosts/{host};"),
                    Self::Files | Self::Table => format!(" {host} = ./hosts/{host}.nix;"),
                })
                .collect();
            let mapped = match self {
                Self::Table => format!("builtins.mapAttrs {make} "),
                Self::Files | Self::Folders | Self::Function => String::new(),
            };
            writeln!(text, "      {make}Configurations = {mapped}{{{entries} }};").unwrap();
        }
        Some(text + "    };\n}\n")
    }
}

/// A project in this layout that has been run once.
struct Fixture {
    project: Project,
    checker: Checker,
    layout: Layout,
}

impl Fixture {
    fn new(layout: Layout) -> Self {
        let hosts = HOSTS.map(|(platform, name)| Host::new(platform, name));
        let project = Project::with_inputs(&hosts);
        let flake = project.read("flake.nix").replacen('{', INPUT, 1);
        let (before, _) = flake.split_once("    in\n    {\n").unwrap();
        let flake = match layout.outputs() {
            Some(outputs) => format!("{before}    in\n{outputs}"),
            None => flake,
        };
        project.write("flake.nix", &flake);
        for (_, host) in HOSTS {
            std::fs::remove_file(project.path(&format!("hosts/{host}.nix"))).unwrap();
            let up = "../".repeat(layout.file(host).matches('/').count());
            let module = format!("{{\n  imports = [ {up}shared.nix ];\n  own = \"value1\";\n}}\n");
            project.write(&layout.file(host), &module);
        }
        for (file, text) in [
            ("shared.nix", SHARED),
            ("cases/a.yaml", CASES),
            ("flake.lock", LOCK),
            ("README.md", "# A project\n"),
            ("parity.yaml", &settings()),
        ] {
            project.write(file, text);
        }
        project.git_add_all();
        let fixture = Self {
            project,
            checker: Checker::new(),
            layout,
        };
        assert_eq!(fixture.evaluated(&[]).len(), HOSTS.len());
        fixture
    }

    /// Writes other text into a file.
    fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.project.read(file);
        let changed = text.replace(from, to);
        assert_ne!(text, changed, "an edit of {file}");
        self.project.write(file, &changed);
    }

    /// Runs, and says which hosts were evaluated for it. What is found must be what
    /// is so.
    fn evaluated(&self, arguments: &[&str]) -> Vec<String> {
        let found = self.checker.cached(&self.project, arguments);
        let reference = self.checker.cached(&self.project, &["--no-cache"]);
        assert_eq!(found.differences(&reference), Vec::<String>::new());
        assert_eq!(found.errors(), Vec::<&serde_json::Value>::new());
        let again = found.cached.into_iter().filter(|(_, cached)| !cached);
        again.map(|(host, _)| host).collect()
    }
}

fn settings() -> String {
    let inputs = offline_inputs();
    format!(
        "hosts: {{ nixos: [pc, server], darwin: [air, mini], home: [lars] }}
profile: offline
profiles: {{ offline: {{ override_inputs: {inputs} }} }}
"
    )
}

fn all() -> Vec<&'static str> {
    let mut all = HOSTS.map(|(_, host)| host).to_vec();
    all.sort_unstable();
    all
}

#[test]
fn nothing_changed_and_no_nix_is_started() {
    let fixture = Fixture::new(Layout::Files);
    let nix = CountingNix::new();
    let nix_path = nix.path();
    let arguments = ["--nix", nix_path.as_str()];
    // Another program may answer otherwise: the first run with this one evaluates.
    assert_eq!(fixture.evaluated(&arguments), all());
    let before = nix.calls().count();
    assert_ne!(before, 0);
    assert_eq!(fixture.evaluated(&arguments), Vec::<String>::new());
    assert_eq!(nix.calls().count(), before, "{}", nix.calls());
}

#[test]
fn a_shared_file_costs_all() {
    for layout in [
        Layout::Files,
        Layout::Folders,
        Layout::Function,
        Layout::Table,
    ] {
        let fixture = Fixture::new(layout);
        fixture.edit("shared.nix", "value1", "value2");
        assert_eq!(fixture.evaluated(&[]), all());
    }
}

#[test]
fn another_lock_costs_all() {
    let fixture = Fixture::new(Layout::Files);
    fixture.edit("flake.lock", "sha256-4", "sha256-5");
    assert_eq!(fixture.evaluated(&[]), all());
}

#[test]
fn a_comment_in_the_readme_costs_none() {
    let fixture = Fixture::new(Layout::Files);
    fixture.edit("README.md", "project", "small project");
    assert_eq!(fixture.evaluated(&[]), Vec::<String>::new());
}

/// An edit of each host's own file, one after the other.
#[track_caller]
fn assert_own_file_costs_one(layout: Layout) {
    let fixture = Fixture::new(layout);
    for (_, host) in HOSTS {
        fixture.edit(&fixture.layout.file(host), "value1", "value2");
        assert_eq!(fixture.evaluated(&[]), [host]);
    }
}

#[test]
fn an_own_file_costs_its_host_alone() {
    assert_own_file_costs_one(Layout::Files);
}

#[test]
fn a_file_in_an_own_folder_costs_its_host_alone() {
    assert_own_file_costs_one(Layout::Folders);
}

#[test]
fn an_own_file_found_by_name_costs_its_host_alone() {
    assert_own_file_costs_one(Layout::Function);
}

#[test]
fn an_own_file_in_a_table_costs_its_host_alone() {
    assert_own_file_costs_one(Layout::Table);
}
