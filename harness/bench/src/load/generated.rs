//! Five hosts over the offline base, each with the same load, and suites of cases
//! for all of them.

use nix_parity_testkit::{Host, Platform, Project, offline_inputs};

use super::{Edited, Load, cases};

/// The hosts.
pub(crate) const HOSTS: usize = 5;

/// The services of each host; with them a host takes some seconds, as a real one
/// does.
pub(super) const SERVICES: usize = 2000;

/// The cases of a suite; each is for all hosts.
const CASES: usize = 40;

/// The cases of the suite that is run again with nothing changed.
const MANY: usize = 200;

/// How a case of the failing suite fails, in the words of fleet.nix.
const BROKEN: [&str; 4] = ["type", "attribute", "recursion", "abort"];

const PLATFORMS: [(Platform, &str); HOSTS] = [
    (Platform::NixOs, "pc"),
    (Platform::NixOs, "server"),
    (Platform::Darwin, "air"),
    (Platform::Darwin, "mini"),
    (Platform::Home, "lars"),
];

/// The flake with the hosts. Its tree is clean: Nix then knows it by its revision and
/// copies it once.
pub(crate) fn fleet() -> Project {
    let project = uncommitted();
    project.commit("the fleet");
    project
}

/// The hosts with three suites: one passes, of one a tenth fails, one has more cases.
pub(crate) fn load() -> Result<Load, String> {
    let project = uncommitted();
    let passing = cases::passing(CASES);
    let mut failing: Vec<_> = BROKEN.iter().map(|kind| cases::broken(kind)).collect();
    failing.extend_from_slice(&passing[BROKEN.len()..]);
    for (name, checks) in [
        ("passing", &passing),
        ("failing", &failing),
        ("many", &cases::passing(MANY)),
    ] {
        project.write(&format!("{name}/parity.yaml"), &settings("./.."));
        project.write(
            &format!("{name}/cases/fleet.yaml"),
            &cases::suite("fleet", checks, None),
        );
    }
    project.commit("the fleet and its suites");
    let copy = Project::clone_of(project.root());
    let edited = Edited::new("pc", &copy.path("hosts/pc.nix"), &copy.path("passing"))?;
    let path = |name| project.path(name);
    let (passing, failing, many) = (path("passing"), path("failing"), path("many"));
    let failures = (failing.as_path(), HOSTS * BROKEN.len());
    let projects = vec![project, copy];
    let suites = (passing.as_path(), failures, many.as_path());
    Load::new("generated hosts", projects, suites, edited)
}

/// Which part of the cases is made to fail: every tenth.
pub(crate) const FAILING: usize = 10;

/// The cases of a file.
const IN_FILE: usize = 100;

/// A project of its own with this many cases for the hosts of a fleet, selected by
/// pattern: what each case holds besides its check counts too. A hundred are in a file,
/// and every tenth expects the port of a service.
pub(crate) fn with_cases(fleet: &Project, cases: usize) -> Project {
    let all = r#"["nixos:*", "darwin:*", lars]"#;
    let project = Project::new(&[("parity.yaml", &settings(fleet.root().as_str()))]);
    for (n, checks) in cases::passing(cases).chunks(IN_FILE).enumerate() {
        project.write(
            &format!("cases/part-{n}.yaml"),
            &cases::suite(&format!("part-{n}"), checks, Some(all)),
        );
    }
    project.git_add_all();
    project
}

/// Lets the cases about ports expect another one, which is every tenth.
pub(crate) fn fail_some(project: &Project) {
    let mut n = 0;
    while project.path(&format!("cases/part-{n}.yaml")).exists() {
        let file = format!("cases/part-{n}.yaml");
        let text = project.read(&file).replace(".port: 9443 ", ".port: 1 ");
        project.write(&file, &text);
        n += 1;
    }
}

fn uncommitted() -> Project {
    let module = format!("import ../fleet.nix {SERVICES}\n");
    let hosts: Vec<Host> = PLATFORMS
        .iter()
        .map(|(platform, name)| Host::new(*platform, name).with_module(&module))
        .collect();
    let project = Project::with_inputs(&hosts);
    project.write("fleet.nix", include_str!("fleet.nix"));
    project
}

fn settings(flake: &str) -> String {
    let inputs = offline_inputs();
    format!(
        "flake: {flake}
profile: offline
profiles: {{ offline: {{ override_inputs: {inputs} }} }}
hosts:
  nixos: {{ pc: x86_64-linux, server: x86_64-linux }}
  darwin: {{ air: aarch64-darwin, mini: aarch64-darwin }}
  home: {{ lars: x86_64-linux }}
"
    )
}
