//! Cases about several hosts together, and about none: `parity`, `package_parity`,
//! `reuse`, `tree`.

use insta::assert_snapshot;
use nix_parity_testkit::{CountingNix, Host, Platform, Ran};

use crate::support::{Fixture, golden};

const SHARED: &str = "{ lib, ... }:

# What both machines have.
{
  environment.variables.EDITOR = \"vim\";
  environment.shellAliases = { g = \"git\"; };
}
";

/// A Mac and a PC that import a shared module, with these modules of their own.
fn fixture(air: &str, pc: &str, files: &[(&str, &str)]) -> Fixture {
    let module = |own: &str| format!("{{ imports = [ ../modules/shared.nix ];\n  {own} }}\n");
    let hosts = [
        Host::new(Platform::Darwin, "air").with_module(&module(air)),
        Host::new(Platform::NixOs, "pc").with_module(&module(pc)),
    ];
    let files = [&[("modules/shared.nix", SHARED)], files].concat();
    Fixture::with_hosts(&hosts, &files)
}

/// What is said below the lines of the hosts, which come as those are done.
#[track_caller]
fn failed(ran: &Ran) -> String {
    assert_eq!(ran.code(), Some(1), "{}{}", ran.stdout, ran.stderr);
    let (_, failures) = ran.stdout.split_once("\n\n").unwrap();
    golden(failures)
}

const PARITY: &str = "cases:
  - name: same
    parity: { paths: [environment.variables, environment.shellAliases] }
";

#[test]
fn hosts_with_the_same_values_pass_and_cost_no_nix_again() {
    let fixture = fixture(
        "",
        "environment.shellAliases = { };",
        &[("cases/a.yaml", PARITY)],
    );
    // What the two systems set by themselves is compared like everything else.
    let only = PARITY.replace(
        "[environment.variables, environment.shellAliases]",
        "[environment.variables.EDITOR, environment.shellAliases.g]",
    );
    fixture.project.write("cases/a.yaml", &only);
    let nix = CountingNix::new();
    let run = || {
        let ran = fixture.run(&["--nix", nix.path().as_str(), "run"]);
        assert_eq!(ran.code(), Some(0), "{}", ran.stdout);
        assert!(
            ran.stdout.contains("1 test on 2 hosts: 1 passed"),
            "{}",
            ran.stdout
        );
        nix.calls().to_string()
    };
    let first = run();
    assert_eq!(run(), first, "it is known");
}

#[test]
fn a_disparity_names_hosts_values_and_who_set_them() {
    let fixture = fixture(
        "environment.variables.EDITOR = \"nano\";",
        "environment.shellAliases.\"..\" = \"cd ..\";",
        &[("cases/a.yaml", "cases:
  - name: same
    parity: { paths: [environment.shellAliases.\"..\", environment.shellAliases.g, environment.variables.PAGER] }
  - name: nobody has it
    parity: { paths: [environment.variable.EDITOR], across: [nixos, darwin] }
  - name: on one platform
    parity: { paths: networking.hostName, across: nixos }
    hosts: [pc, air]
")],
    );
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(2));
    assert!(
        ran.stderr
            .contains("`on one platform` compares pc with nothing"),
        "{}",
        ran.stderr
    );
    let cases = fixture.project.read("cases/a.yaml");
    let cases = cases.split("  - name: on one").next().unwrap();
    fixture.project.write("cases/a.yaml", cases);
    // The same variable twice is a conflict of the Mac, told as an error of it.
    let both = "cases: [{ name: broken, parity: { paths: [environment.variables.EDITOR] } }]\n";
    fixture.project.write("cases/b.yaml", both);
    fixture.project.git_add_all();
    assert_snapshot!("disparities", failed(&fixture.run(&["run", "a::"])));
    let ran = fixture.run(&["run", "b::"]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("environment.variables.EDITOR on air could not be evaluated"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_variant_and_an_expected_failure_are_those_of_all_hosts() {
    let fixture = fixture(
        "environment.shellAliases.x = \"1\";",
        "environment.shellAliases.x = \"2\";",
        &[(
            "cases/a.yaml",
            "cases:
  - name: variant
    with: '{ lib, ... }: { environment.shellAliases.x = lib.mkForce \"3\"; }'
    parity: { paths: [environment.shellAliases.x] }
  - name: not yet
    expected_failure: { until: both agree }
    parity: { paths: [environment.shellAliases.x] }
",
        )],
    );
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("fails as expected until both agree"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_joint_test_is_chosen_with_all_of_its_hosts() {
    let cases = "suite: s
cases:
  - { name: same, parity: { paths: [environment.shellAliases.g] }, tags: [quick] }
  - { name: files, tree: { present: flake.nix } }
  - { name: one, hosts: [pc], eval: 'true', is: true }
";
    let fixture = fixture("", "", &[("cases/a.yaml", cases)]);
    let listed = |arguments: &[&str]| fixture.run(&[&["list"], arguments].concat()).stdout;
    assert_eq!(
        listed(&[]),
        "s::same::darwin+nixos\ns::files::project\ns::one::pc\n"
    );
    assert_eq!(listed(&["--host", "pc"]), "s::one::pc\n");
    assert_eq!(
        listed(&["--host", "pc", "--host", "air"]),
        "s::same::darwin+nixos\ns::one::pc\n"
    );
    assert_eq!(listed(&["--platform", "nixos"]), "s::one::pc\n");
    assert_eq!(listed(&["--tag", "quick"]), "s::same::darwin+nixos\n");
    assert_eq!(
        listed(&["--exact", "s::files::project"]),
        "s::files::project\n"
    );
    // A host that only a joint test looks at is evaluated for it.
    let ran = fixture.run(&["run", "same"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stdout);

    fixture.project.commit("first");
    assert_eq!(fixture.run(&["run"]).code(), Some(0));
    let affected = || listed(&["--affected", "--since", "HEAD"]);
    assert_eq!(affected(), "s::files::project\n");
    let own = fixture.project.read("hosts/pc.nix");
    fixture
        .project
        .write("hosts/pc.nix", &format!("{own}\n# more\n"));
    assert_eq!(
        affected(),
        "s::same::darwin+nixos\ns::files::project\ns::one::pc\n"
    );
}

const MAP: &str = "- { name: ripgrep, brew: ripgrep, nixpkgs: ripgrep }
- { name: Firefox, cask: firefox, nixpkgs: firefox }
- { name: jq, nixpkgs: jq }
- { name: Raycast, cask: raycast, only: darwin, reason: a launcher of macOS }
";
const PROGRAMS: &str = "cases: [{ name: programs, package_parity: { mapping: map.yaml } }]\n";

#[test]
fn programs_are_the_same_whatever_installs_them() {
    let files = [("cases/a.yaml", PROGRAMS), ("map.yaml", MAP)];
    let air = |brews: &str| {
        format!(
            "homebrew = {{ enable = true; casks = [ \"firefox\" \"raycast\" ]; brews = [ {brews} ]; }};"
        )
    };
    let pc = "environment.systemPackages = with (import ../offline/nixpkgs { system = \"x86_64-linux\"; }); [ ripgrep firefox ];";
    let same = fixture(&air("\"some/tap/ripgrep\""), pc, &files);
    let ran = same.run(&["run"]);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);

    let other = fixture(&air("\"wget\""), pc, &files);
    assert_snapshot!("programs", failed(&other.run(&["run"])));
    // What a program is called is a part of the case.
    other.project.write(
        "map.yaml",
        &format!("{MAP}- {{ name: wget, brew: wget, only: darwin, reason: x }}\n"),
    );
    let ran = other.run(&["run"]);
    assert!(!ran.stdout.contains("formula wget"), "{}", ran.stdout);
    assert_eq!(ran.code(), Some(1));
}

#[test]
fn a_package_map_that_is_wrong_is_shown_where_it_is() {
    let fixture = Fixture::without_nix(&[("cases/a.yaml", PROGRAMS)]);
    let said = || {
        let ran = fixture.run(&["run"]);
        assert_eq!(ran.code(), Some(2), "{}", ran.stdout);
        ran.stderr
    };
    assert!(said().contains("there is no file `map.yaml`"));
    fixture
        .project
        .write("map.yaml", "- { name: a, nixpkg: a }\n");
    let stderr = said();
    assert!(stderr.contains("unknown key `nixpkg`"), "{stderr}");
    assert!(stderr.contains("map.yaml:1:14"), "{stderr}");
    fixture.project.write("map.yaml", "\u{0}");
    said();
}

const REUSE: &str = "cases: [{ name: shared, reuse: { roots: [modules, hosts], at_least: 50%, files_at_least: 30% } }]\n";

#[test]
fn reuse_counts_what_survives_on_both_platforms() {
    let own = "networking.hostName = \"x\";";
    let fixture = fixture(own, own, &[("cases/a.yaml", REUSE)]);
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    // Five lines of the shared module, two of each host; who runs this test alone sees
    // which.
    let only = "  only darwin: hosts/air.nix, 2 lines\n  only nixos: hosts/pc.nix, 2 lines\n";
    assert!(ran.stdout.contains(only), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("55.5% of lines (5 of 9) and 33.3% of files (1 of 3) are shared"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_definition_that_does_not_survive_is_no_use() {
    let fixture = fixture(
        "environment.shellAliases.g = \"hub\";",
        "",
        &[("cases/a.yaml", REUSE)],
    );
    // Overridden and switched off on the PC, the shared module has no part in it.
    fixture.project.write(
        "hosts/pc.nix",
        "{ lib, ... }: { imports = [ ../modules/shared.nix ];
  environment.variables = lib.mkForce { }; environment.shellAliases = lib.mkForce { }; }\n",
    );
    fixture.project.write(
        "hosts/air.nix",
        "{ imports = [ ../modules/shared.nix ]; networking.hostName = \"air\"; }\n",
    );
    assert_snapshot!("reuse", failed(&fixture.run(&["run"])));
}

#[test]
fn the_tree_is_looked_at_without_nix() {
    let cases = "cases:
  - name: layout
    tree: { present: [flake.nix, cases/, .gitignore], absent: ['*.nix.backup*', secrets/] }
  - name: wrong
    tree: { present: [flake.nxi], absent: [a.yaml] }
";
    let fixture = Fixture::without_nix(&[("cases/a.yaml", cases), (".gitignore", "ignored\n")]);
    fixture.project.write("ignored/secrets/x", "");
    let nix = CountingNix::new();
    let run = || fixture.run(&["--nix", nix.path().as_str(), "run"]);
    assert_snapshot!("tree", failed(&run()));
    fixture.project.write("a/x.nix.backup2", "");
    let ran = run();
    assert!(ran.stdout.contains("a/x.nix.backup2"), "{}", ran.stdout);
    assert_eq!(nix.calls().to_string(), "");
}
