//! The project that is edited: the files of `project/`, in which each module of
//! `routes/` takes something from a file in a way of its own, and hosts that use
//! some of these routes each.

use std::fmt::Write as _;
use std::os::unix::fs::symlink;

use camino::Utf8Path;
use nix_parity_testkit::{Project, offline_inputs_at};

use nix_parity_testkit::Rng;

use crate::disk::Disk;

/// Each with how many of a hundred routes it uses.
const HOSTS: [(&str, usize); 4] = [("pc", 60), ("server", 40), ("air", 50), ("lars", 50)];

/// The one host that is given the flake itself, and so the name of the whole tree.
const WHOLE: &str = "server";

/// Routes that can lead to any file, as far as the text of a module tells. One host
/// takes them, so that the others show what single files cost.
const BROAD: [&str; 4] = ["chosen-by-file", "dir-of", "pointer", "to-file"];

/// The hash of an empty file.
const NOTHING: &str = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

/// Cases besides those of the routes, which show what no option does.
const CASES: &str = r#"  - name: system
    hosts: ["nixos:*", "darwin:*"]
    eval: "{ config, ... }: config.system.build.toplevel.drvPath"
    is: never
  - name: home
    hosts: ["home:*"]
    eval: "{ config, ... }: config.home.activationPackage.drvPath"
    is: never
  - name: home of a system
    hosts: pc
    eval: "{ config, ... }: builtins.toJSON config.home-manager.users.lars.home.sessionVariables"
    is: never
  - name: all names
    eval: "{ config, ... }: builtins.toJSON (builtins.attrNames config.probe)"
    is: never
  - name: shared
    expect: { common: { probe.shared: never } }
  - name: holds
    expect: { common: { probe: { keys: [shared] } } }
  - name: throws as expected
    eval: "{ config, ... }: throw config.probe.shared"
    throws: { matches: "^value[0-9]*1 shared$" }
  - name: with a module more
    with: "{ lib, ... }: { probe.shared = lib.mkForce ''of the case''; }"
    eval: "{ config, ... }: builtins.toJSON config.probe"
    is: never
"#;

/// What the hosts of a project depend on at most.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Single files, folders, and inputs, one of which is replaced.
    Files,
    /// One host on every file of the tree, and on its revision. No input is
    /// replaced, since a flake has no revision then.
    Tree,
}

/// A project to edit.
pub(crate) struct Sample {
    pub(crate) project: Project,
    /// The repository that holds the offline base.
    pub(crate) base: Project,
    /// The repository of the input `pin`.
    pub(crate) pinned: Project,
    /// Revisions of it that the lock file can name.
    pub(crate) pins: [String; 2],
}

impl Sample {
    /// A project whose hosts use these routes and those.
    pub(crate) fn generate(rng: &mut Rng, reach: Reach, disk: &Disk) -> Self {
        let pinned = Project::new(&[("pinned.txt", "value1\n")]);
        let first = pinned.commit("first");
        pinned.write("pinned.txt", "value2\n");
        let second = pinned.commit("second");

        let project = disk.project(&[]);
        let files = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/soundness/project");
        project.copy_folder(&files, ".");
        let whole = reach == Reach::Tree;
        let given = if whole {
            "inherit inputs; inherit (inputs) self;"
        } else {
            ""
        };
        let flake = project.read("flake.nix");
        let flake = flake
            .replace("@pin@", pinned.root().as_str())
            .replace("@self@", given);
        project.write("flake.nix", &flake);
        for (link, target) in [
            ("links/file", "../data/linked.txt"),
            ("links/folder", "../linked-one"),
            // The folder is called `spelt`.
            ("links/spelt", "../Spelt"),
        ] {
            std::fs::create_dir_all(project.path("links")).expect("the folder can be made");
            symlink(target, project.path(link)).expect("a link can be made");
        }

        let base_project = Project::new(&[]);
        base_project.copy_offline_base();
        base_project.git_add_all();
        let base = offline_inputs_at(&base_project.path("offline"));
        let local = base.replacen('{', "{ extra: \"path:./extra\",", 1);
        let profile = if whole { "base" } else { "local" };
        let settings = project
            .read("parity.yaml")
            .replace("@base@", &base)
            .replace("@local@", &local)
            .replace("profile: local", &format!("profile: {profile}"));
        project.write("parity.yaml", &settings);

        let mut cases = String::new();
        let mut hosts = HOSTS.map(|(host, _)| (host, Vec::new()));
        let kinds: &[_] = if whole {
            &["file", "tree"]
        } else {
            &["file", "override"]
        };
        for kind in kinds {
            for route in routes(&project, kind) {
                let users = if *kind == "tree" || BROAD.contains(&route.as_str()) {
                    vec![WHOLE]
                } else {
                    users(rng)
                };
                case(&mut cases, &route, &users);
                for (_, used) in hosts.iter_mut().filter(|(host, _)| users.contains(host)) {
                    used.push(format!("{kind}/{route}"));
                }
            }
        }
        for (host, used) in &hosts {
            project.write(&format!("hosts/{host}.nix"), &host_module(host, used));
        }
        project.write(
            "cases/probes.yaml",
            &format!("suite: probes\ncases:\n{CASES}{cases}"),
        );

        let sample = Self {
            project,
            base: base_project,
            pinned,
            pins: [first, second],
        };
        sample.lock(0);
        sample
    }

    /// Has the lock file name a revision of the pinned input.
    pub(crate) fn lock(&self, pin: usize) {
        let url = format!("file://{}", self.pinned.root());
        let revision = self.pins.get(pin).expect("one of the revisions");
        let lock = serde_json::json!({
            "nodes": {
                "pin": {
                    "flake": false,
                    "locked": { "type": "git", "url": url, "rev": revision },
                    "original": { "type": "git", "url": url },
                },
                // Looked at by nobody unless it is replaced.
                "extra": {
                    "flake": false,
                    "locked": { "type": "path", "path": "/nowhere", "narHash": NOTHING },
                    "original": { "type": "path", "path": "/nowhere" },
                },
                "root": { "inputs": { "extra": "extra", "pin": "pin" } },
            },
            "root": "root",
            "version": 7,
        });
        self.project.write("flake.lock", &format!("{lock:#}\n"));
    }
}

/// The names of the routes in a folder of `routes/`, in order.
fn routes(project: &Project, kind: &str) -> Vec<String> {
    let folder = project.path("routes").join(kind);
    let mut names: Vec<_> = folder
        .read_dir_utf8()
        .expect("the routes are there")
        .map(|entry| {
            entry
                .expect("they can be listed")
                .path()
                .file_stem()
                .map(str::to_owned)
        })
        .map(|name| name.expect("a route is a file"))
        .collect();
    names.sort();
    names
}

/// Some hosts, at least one.
fn users(rng: &mut Rng) -> Vec<&'static str> {
    let users: Vec<_> = HOSTS
        .iter()
        .filter(|(_, often)| rng.percent(*often))
        .map(|(host, _)| *host)
        .collect();
    if users.is_empty() {
        vec![rng.one(&HOSTS).0]
    } else {
        users
    }
}

/// A case that shows what came over a route: it is never what the case asks for.
fn case(cases: &mut String, route: &str, hosts: &[&str]) {
    let hosts = hosts.join(", ");
    write!(
        cases,
        "  - name: {route}\n    hosts: [{hosts}]\n    expect: {{ common: {{ probe.{route}: never }} }}\n"
    )
    .expect("a text takes any text");
}

fn host_module(host: &str, routes: &[String]) -> String {
    let mut text = "# value1\n{\n  imports = [\n".to_owned();
    for route in routes {
        writeln!(text, "    ../routes/{route}.nix").expect("a text takes any text");
    }
    text.push_str("  ];\n  probe.own = \"value1\";\n");
    if host == "pc" {
        text.push_str("  users.users.lars = { isNormalUser = true; home = \"/home/lars\"; };\n");
        text.push_str("  home-manager.users.lars = ../home/lars.nix;\n");
    }
    text + "}\n"
}
