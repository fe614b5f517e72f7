//! What is measured: five hosts over the offline base, each with the same load,
//! suites of cases for all of them, and for each host the Nix expression that
//! evaluates what the cases of the first suite look at.

use std::fmt::Write as _;

use camino::Utf8PathBuf;
use nix_parity_testkit::{CountingNix, Host, Platform, Project};
use tempfile::TempDir;

/// The hosts.
pub(crate) const HOSTS: usize = 5;
/// The cases of a suite; each is for all hosts.
const CASES: usize = 40;
/// The tests of a suite.
pub(crate) const TESTS: usize = HOSTS * CASES;
/// The cases of the suite that is run again with nothing changed.
const MANY: usize = 200;
/// The tests of that suite.
pub(crate) const MANY_TESTS: usize = HOSTS * MANY;
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
    /// The project with [`MANY_TESTS`] that all pass.
    pub(crate) many: Utf8PathBuf,
    /// What the last run of `many` left in its cache.
    pub(crate) kept: TempDir,
    /// The Nix that `many` is run with, which tells whether it was started.
    pub(crate) counting: CountingNix,
    /// For each host the attribute and the function that evaluates all that the
    /// passing suite looks at.
    pub(crate) expressions: Vec<(String, String)>,
    /// How many hosts are evaluated at once, on either side.
    pub(crate) jobs: usize,
    project: Project,
}

impl Workload {
    /// Writes it to a temporary folder.
    pub(crate) fn generate() -> Result<Self, String> {
        let hosts: Vec<Host> = PLATFORMS
            .iter()
            .map(|(platform, name)| {
                Host::new(*platform, name).with_module(&format!("import ../fleet.nix {SERVICES}\n"))
            })
            .collect();
        let project = Project::with_hosts(&hosts);
        project.write("fleet.nix", include_str!("fleet.nix"));
        let probes = probes(CASES);
        let broken: Vec<Probe> = BROKEN.iter().map(|kind| Probe::broken(kind)).collect();
        let failing: Vec<&Probe> = broken.iter().chain(&probes[BROKEN.len()..]).collect();
        let many = self::probes(MANY);
        for (name, probes) in [
            ("passing", probes.iter().collect()),
            ("failing", failing),
            ("many", many.iter().collect()),
        ] {
            project.write(&format!("{name}/parity.yaml"), &settings("./.."));
            project.write(&format!("{name}/cases/fleet.yaml"), &suite(&probes, None));
        }
        // A clean tree: Nix then knows it by its revision and copies it once.
        project.commit("the load");
        Ok(Self {
            flake: format!("git+file://{}", project.root()),
            passing: project.path("passing"),
            failing: project.path("failing"),
            many: project.path("many"),
            kept: tempfile::tempdir().map_err(|e| e.to_string())?,
            counting: CountingNix::new(),
            expressions: PLATFORMS
                .iter()
                .map(|(platform, name)| (attribute(*platform, name), expression(&probes)))
                .collect(),
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            project,
        })
    }

    /// A project of its own with this many cases for the same hosts, selected by
    /// pattern: what each case holds besides its check counts too.
    pub(crate) fn with_cases(&self, cases: usize) -> Project {
        let probes = probes(cases);
        let probes: Vec<&Probe> = probes.iter().collect();
        let all = r#"["nixos:*", "darwin:*", lars]"#;
        Project::new(&[
            ("parity.yaml", &settings(self.project.root().as_str())),
            ("cases/fleet.yaml", &suite(&probes, Some(all))),
        ])
    }
}

fn settings(flake: &str) -> String {
    format!(
        "flake: {flake}
hosts:
  nixos: {{ pc: x86_64-linux, server: x86_64-linux }}
  darwin: {{ air: aarch64-darwin, mini: aarch64-darwin }}
  home: {{ lars: x86_64-linux }}
"
    )
}

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

    fn throws(service: &str, by: usize) -> Self {
        let expression = format!(
            r#"{{ config, ... }}: if config.fleet.services.{service}.port == 9443 then throw "{service} is taken by {by}" else null"#
        );
        Self {
            check: format!(
                "eval: '{expression}'\n    throws: {{ message: {service} is taken by {by} }}"
            ),
            nix: format!("(builtins.tryEval (({expression}) h))"),
        }
    }

    fn broken(kind: &str) -> Self {
        Self::option(&format!("fleet.broken.{kind}"), "1")
    }
}

/// What a suite of passing cases looks at: mostly single options, as suites do, and
/// now and then all of a host.
fn probes(cases: usize) -> Vec<Probe> {
    (0..cases)
        .map(|n| {
            // Spread over the services; when all have been looked at, on to what the
            // next concern says of them.
            let service = format!("service-{}", n * 367 % SERVICES);
            let concern = n / SERVICES;
            let of = |option: &str| format!("fleet.services.{service}.{option}");
            match n % 10 {
                0 => Probe::option(&of("port"), "9443"),
                1 => Probe::option(&of("limits"), "{ memory: 512, tasks: 400, nice: 0 }"),
                2 => Probe::option(&of("groups"), "{ set_equals: [monitoring, services] }"),
                3 => Probe::option(&of("environment"), "{ keys: { length: 12 } }"),
                4 => Probe::option(
                    &of("after"),
                    &format!("{{ contains: concern-{concern}.target }}"),
                ),
                5 => Probe::option(
                    &of(&format!("environment.CONCERN_{concern}")),
                    &concern.to_string(),
                ),
                6 => {
                    let (section, key) = (concern % 4, concern);
                    Probe::option(
                        &of(&format!("settings.section-{section}.key-{key}")),
                        &service,
                    )
                }
                7 => Probe::option(
                    &of("preStart"),
                    &format!("{{ matches: \"(?m)^prepare .* {concern}$\" }}"),
                ),
                8 => Probe::throws(&service, concern),
                _ if n == 9 => Probe::eval(
                    "{ config, ... }: (config.system.build.toplevel or config.home.activationPackage).drvPath",
                    "{ matches: \"[.]drv$\" }",
                ),
                _ if n < SERVICES => Probe::eval(
                    "{ config, ... }: builtins.length (builtins.filter (s: s != \"\") (builtins.attrValues config.fleet.text))",
                    "1000",
                ),
                _ => Probe::eval(
                    &format!("{{ config, ... }}: builtins.length config.{}", of("after")),
                    "12",
                ),
            }
        })
        .collect()
}

/// A case file. With a `selection` each case says for itself which hosts it is for.
fn suite(probes: &[&Probe], selection: Option<&str>) -> String {
    let mut text = "suite: fleet\ncases:\n".to_owned();
    for (n, probe) in probes.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(text, "  - name: case {n:02}\n    {}\n", probe.check);
        if let Some(hosts) = selection {
            let _ = writeln!(text, "    hosts: {hosts}");
        }
    }
    text
}

/// A function of a host that evaluates the same, for `nix eval --apply`.
fn expression(probes: &[Probe]) -> String {
    let parts: Vec<String> = probes.iter().map(|p| format!("({})", p.nix)).collect();
    format!("h: [ {} ]", parts.join("\n"))
}
