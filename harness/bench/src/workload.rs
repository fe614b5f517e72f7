//! What is measured: five hosts over the offline base, each with the same load,
//! two suites of forty cases for all of them, and for each host the Nix expression
//! that evaluates what the cases look at.

use std::fmt::Write as _;

use camino::Utf8PathBuf;
use nix_parity_testkit::{Host, Platform, Project};

/// The hosts.
pub(crate) const HOSTS: usize = 5;
/// The cases of a suite; each is for all hosts.
const CASES: usize = 40;
/// The tests of a suite.
pub(crate) const TESTS: usize = HOSTS * CASES;
/// How many cases of the failing suite fail on every host.
const BROKEN: [&str; 4] = ["type", "attribute", "recursion", "abort"];
/// The tests of the failing suite that fail.
pub(crate) const FAILING: usize = HOSTS * BROKEN.len();

/// The services of each host; with them a host takes about as long as a small
/// real one.
const SERVICES: usize = 1000;

const PLATFORMS: [(Platform, &str); HOSTS] = [
    (Platform::NixOs, "pc"),
    (Platform::NixOs, "server"),
    (Platform::Darwin, "air"),
    (Platform::Darwin, "mini"),
    (Platform::Home, "lars"),
];

/// The generated project.
pub(crate) struct Workload {
    /// The flake, as Nix is given it.
    pub(crate) flake: String,
    /// The project whose tests all pass.
    pub(crate) passing: Utf8PathBuf,
    /// The project of which [`FAILING`] fail.
    pub(crate) failing: Utf8PathBuf,
    /// For each host the attribute and the function that evaluates all that the
    /// passing suite looks at.
    pub(crate) expressions: Vec<(String, String)>,
    /// How many hosts are evaluated at once, on either side.
    pub(crate) jobs: usize,
    // Removes the files at the end.
    _project: Project,
}

impl Workload {
    /// Writes it to a temporary folder.
    pub(crate) fn generate() -> Self {
        let hosts: Vec<Host> = PLATFORMS
            .iter()
            .map(|(platform, name)| {
                Host::new(*platform, name).with_module(&format!("import ../fleet.nix {SERVICES}\n"))
            })
            .collect();
        let project = Project::with_hosts(&hosts);
        project.write("fleet.nix", include_str!("fleet.nix"));
        let probes = probes();
        let broken: Vec<Probe> = BROKEN.iter().map(|kind| Probe::broken(kind)).collect();
        let failing: Vec<&Probe> = broken.iter().chain(&probes[BROKEN.len()..]).collect();
        for (name, probes) in [("passing", probes.iter().collect()), ("failing", failing)] {
            project.write(&format!("{name}/parity.yaml"), SETTINGS);
            project.write(&format!("{name}/cases/fleet.yaml"), &suite(&probes));
        }
        // A clean tree: Nix then knows it by its revision and copies it once.
        project.commit("the load");
        Self {
            flake: format!("git+file://{}", project.root()),
            passing: project.path("passing"),
            failing: project.path("failing"),
            expressions: PLATFORMS
                .iter()
                .map(|(platform, name)| (attribute(*platform, name), expression(&probes)))
                .collect(),
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            _project: project,
        }
    }
}

const SETTINGS: &str = "flake: ./..
hosts:
  nixos: { pc: x86_64-linux, server: x86_64-linux }
  darwin: { air: aarch64-darwin, mini: aarch64-darwin }
  home: { lars: x86_64-linux }
";

fn attribute(platform: Platform, name: &str) -> String {
    let output = match platform {
        Platform::NixOs => "nixosConfigurations",
        Platform::Darwin => "darwinConfigurations",
        Platform::Home => "homeConfigurations",
    };
    format!("{output}.{name}")
}

/// One thing to look at: as the check of a case, and as a Nix expression of `h`.
struct Probe {
    check: String,
    nix: String,
}

impl Probe {
    fn option(path: &str, value: &str) -> Self {
        Self {
            check: format!("expect: {{ common: {{ {path}: {value} }} }}"),
            nix: format!("h.config.{path}"),
        }
    }

    fn eval(expression: &str, is: &str) -> Self {
        Self {
            check: format!("eval: '{expression}'\n    is: {is}"),
            nix: format!("({expression}) h"),
        }
    }

    fn throws(service: &str) -> Self {
        let expression = format!(
            r#"{{ config, ... }}: if config.fleet.services.{service}.port == 9443 then throw "{service} is taken" else null"#
        );
        Self {
            check: format!("eval: '{expression}'\n    throws: {{ message: {service} is taken }}"),
            nix: format!("(builtins.tryEval (({expression}) h))"),
        }
    }

    fn broken(kind: &str) -> Self {
        Self::option(&format!("fleet.broken.{kind}"), "1")
    }
}

/// What the passing suite looks at: mostly single options, as suites do, and now
/// and then all of a host.
fn probes() -> Vec<Probe> {
    (0..CASES)
        .map(|n| {
            // Spread over the services.
            let service = format!("service-{}", n * 367 % SERVICES);
            let of = |option: &str| format!("fleet.services.{service}.{option}");
            match n % 10 {
                0 | 5 => Probe::option(&of("port"), "9443"),
                1 => Probe::option(&of("limits"), "{ memory: 512, tasks: 400, nice: 0 }"),
                2 => Probe::option(&of("groups"), "{ set_equals: [monitoring, services] }"),
                3 => Probe::option(&of("environment"), "{ keys: { length: 12 } }"),
                4 => Probe::option(&of("after"), "{ contains: concern-11.target }"),
                6 => Probe::option(&of("settings.section-1"), "{ keys: [key-1, key-5, key-9] }"),
                7 => Probe::option(&of("preStart"), "{ matches: \"(?m)^prepare .* 11$\" }"),
                8 => Probe::throws(&service),
                _ if n == 9 => Probe::eval(
                    "{ config, ... }: (config.system.build.toplevel or config.home.activationPackage).drvPath",
                    "{ matches: \"[.]drv$\" }",
                ),
                _ => Probe::eval(
                    "{ config, ... }: builtins.length (builtins.filter (s: s != \"\") (builtins.attrValues config.fleet.text))",
                    "1000",
                ),
            }
        })
        .collect()
}

fn suite(probes: &[&Probe]) -> String {
    let mut text = "suite: fleet\ncases:\n".to_owned();
    for (n, probe) in probes.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(text, "  - name: case {n:02}\n    {}\n", probe.check);
    }
    text
}

/// A function of a host that evaluates the same, for `nix eval --apply`.
fn expression(probes: &[Probe]) -> String {
    let parts: Vec<String> = probes.iter().map(|p| format!("({})", p.nix)).collect();
    format!("h: [ {} ]", parts.join("\n"))
}
